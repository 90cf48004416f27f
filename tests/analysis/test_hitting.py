"""Least hitting sets against trying every set, with conflicts learnt one by one."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from staffopt.analysis import hitting
from staffopt.analysis.hitting import HittingSets


def found(conflicts, known=1):
    """Name all least sets, learning of a conflict once a set misses it."""
    sets, told = HittingSets(list(conflicts[:known])), []
    while (tried := sets.next()) is not None:
        missed = next((one for one in conflicts if not tried & one), None)
        if missed is None:
            told.append(tried)
            sets.helping.append(tried)
        else:
            sets.conflicts.append(missed)
    return told, sets


def by_hand(conflicts):
    """Name all least sets by trying every one, the smallest first."""
    names, least = sorted(frozenset().union(*conflicts)), []
    for size in range(len(names) + 1):
        for chosen in map(frozenset, combinations(names, size)):
            if all(chosen & one for one in conflicts) and not any(one <= chosen for one in least):
                least.append(chosen)
    return least


def drawn(seed):
    dice = Random(seed)
    names = "abcdefghijkl"[: dice.randint(3, 12)]
    sizes = (dice.randint(1, min(5, len(names))) for _ in range(dice.randint(1, 7)))
    return [frozenset(dice.sample(names, size)) for size in sizes]


@pytest.mark.parametrize("seed", range(25))
def test_every_least_set_is_found_and_none_twice_the_smallest_first(seed):
    conflicts = drawn(seed)
    told, sets = found(conflicts)
    assert sorted(map(sorted, told)) == sorted(map(sorted, by_hand(conflicts)))
    assert [len(one) for one in told] == sorted(len(one) for one in told)
    assert not sets.gave_up


def test_a_set_of_more_than_eight_figures_is_found():
    # Eleven conflicts that share nothing take eleven figures.
    told, _ = found([frozenset({name}) for name in "abcdefghijk"], known=0)
    assert told == [frozenset("abcdefghijk")]


def test_a_conflict_that_nothing_can_mend_leaves_no_set():
    assert found([frozenset("ab"), frozenset()], known=2)[0] == []


def test_a_search_that_is_given_up_says_so(monkeypatch):
    monkeypatch.setattr(hitting, "MOST_GROWN", 3)
    assert found([frozenset("abcd"), frozenset("efgh")], known=2)[1].gave_up
