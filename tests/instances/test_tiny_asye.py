"""The plans of tiny-asye.yaml, against the hand arithmetic of tiny-asye.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.plan import Grade


def averages(plan, basis, denominator):
    return {
        figure.of: figure.average
        for figure in plan.figures.caseloads
        if (figure.basis, str(figure.denominator)) == (basis, denominator)
        and figure.period == plan.last_period
    }


@pytest.fixture(scope="module")
def protected():
    return so.solve(so.load("tiny-asye"))


def test_one_newly_qualified_worker_is_enough_and_the_only_such_plan(protected):
    added = {place: fte for place, fte in protected.change.items() if fte}
    assert added == {("north", "newly_qualified"): 1}
    assert [goal.value for goal in protected.goals] == [36000, Fraction("2.5"), 1]
    assert protected.grade is Grade.CERTIFIED
    assert so.verify(protected).ok


def test_what_the_others_carry_is_shown_beside_the_teams_average(protected):
    assert {(f.team, f.role): f.cases for f in protected.figures.cases} == {
        ("north", "social_worker"): 75,
        ("north", "newly_qualified"): 45,
        ("south", "social_worker"): 57,
        ("south", "newly_qualified"): 15,
    }
    assert averages(protected, "others", "case_holders") == {
        "north": Fraction(75, 4),
        "south": 19,
    }
    assert averages(protected, "reported", "posts") == {"north": Fraction(120, 7), "south": 18}


def test_without_the_cap_nobody_need_be_added():
    # 6 · 20 = 120 in North: everybody at 20
    council = so.load("tiny-asye").where({"roles.newly_qualified.cap": 20})
    assert so.solve(council).goals[0].value == 0


def test_a_child_more_than_can_be_held_takes_another_worker():
    # North with 126 children: 125 can be held with one newly qualified worker more
    council = so.load("tiny-asye").where({"teams.north.cases": 126})
    assert so.solve(council).goals[0].value == 45000
    some = council.where({"standards.hold_every_case": {"unallocated": 1}})
    assert so.solve(some).goals[0].value == 36000


def test_an_adjusted_average_asks_for_more_than_one_per_post():
    plan = so.solve(so.load("tiny-asye"), option="adjusted")
    assert plan.goals[0].value == 36000
    assert averages(plan, "reported", "adjusted") == {
        "north": Fraction("19.2"),
        "south": Fraction("19.2"),
    }
    by_posts = {"standards.keep_average_caseload.denominator": "posts"}
    assert so.solve(so.load("tiny-asye"), option="adjusted", overrides=by_posts).goals[0].value == 0
