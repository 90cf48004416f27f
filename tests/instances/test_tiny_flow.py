"""The invented council of instances/tiny-flow.md; every figure is worked out there by hand."""

from __future__ import annotations

import pytest

import staffopt as so
from staffopt.verifier import derive


def solved(**changes):
    return so.solve(so.load("tiny-flow"), isolation="inline", **changes)


@pytest.fixture(scope="module")
def plan():
    return solved()


def month_by_month(plan, team, part):
    return [getattr(f, part) for f in plan.figures.case_flow if f.team == team]


def test_two_posts_are_enough_and_stand_from_april(plan):
    assert [goal.value for goal in plan.goals[:2]] == [90_000, 550]
    april = {(d.team, d.role): d.change for d in plan.decisions.posts if d.period == "2026-04"}
    assert april == {("duty", "social_worker"): 1, ("long_term", "social_worker"): 1}


def test_cases_come_and_go_as_worked_out_by_hand(plan):
    assert month_by_month(plan, "duty", "open") == [40] * 4
    assert month_by_month(plan, "duty", "closed") == [60] * 4
    assert month_by_month(plan, "long_term", "come") == [12] * 4
    assert month_by_month(plan, "long_term", "closed") == [9] * 4
    assert month_by_month(plan, "long_term", "open") == [93, 96, 99, 102]


def test_one_post_is_not_enough():
    with pytest.raises(so.Infeasible):
        solved(overrides={"pins.change.social_worker": 1})


def test_without_more_people_the_backlog_grows_by_ten_a_month():
    rules = {"standards.keep_average_caseload": "off", "pins.change.social_worker": 0}
    plan = solved(overrides=rules)
    assert month_by_month(plan, "duty", "open") == [50, 60, 70, 80]
    assert month_by_month(plan, "long_term", "open")[0] == 91
    assert derive(plan.question, plan.decisions) == plan.figures
