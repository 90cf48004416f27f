"""Two code bases, HiGHS and CBC, owe the same goal values."""

from __future__ import annotations

import pytest

import staffopt as so
from shipped import plan_of


@pytest.mark.parametrize(
    ("instance", "option"),
    [
        ("nottinghamshire-2018", "recommended"),
        ("nottinghamshire-2018", "more-social-workers"),
        ("nottinghamshire-2018", "best-mix"),
        ("barnsley-2017", "2-to-18"),
        ("tiny", "best-mix"),
    ],
)
def test_cbc_alone_comes_to_the_goal_values_of_highs(instance, option):
    second = so.solve(so.load(instance), option=option, backend="cbc", cross_check=False)
    first = plan_of(instance, option)
    assert [goal.value for goal in second.goals] == [goal.value for goal in first.goals]
