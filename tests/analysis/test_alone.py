"""Effects of many tested at once, against testing each alone."""

from __future__ import annotations

import random
from itertools import product

import pytest

from staffopt.analysis.alone import alone


@pytest.mark.parametrize(("seed", "first"), [*product(range(30), (1, 4, 20))])
def test_what_has_an_effect_alone_is_found_whatever_has_one_together(seed, first):
    # Of 20 some have an effect alone; others have one only where two are together, which is lost
    # to nobody and found in nobody.
    drawn = random.Random(seed)
    items = list(range(20))
    singles = set(drawn.sample(items, drawn.choice([0, 1, 3, 20])))
    pair = set(drawn.sample(items, 2))

    def has_an_effect(some):
        return bool(singles & set(some)) or pair <= set(some)

    assert list(alone(items, has_an_effect, first=first)) == sorted(singles)


def test_where_none_has_an_effect_one_test_tells_of_all():
    asked = []

    def has_an_effect(some):
        asked.append(len(some))
        return False

    assert list(alone(range(1000), has_an_effect, first=1000)) == []
    assert asked == [1000]


def test_nobody_is_asked_where_there_is_nobody():
    assert list(alone([], lambda _: True, first=0)) == []
