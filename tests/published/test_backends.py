"""Three code bases, HiGHS, CBC and SCIP, owe the same goal values."""

from __future__ import annotations

import pytest

import staffopt as so
from shipped import plan_of
from staffopt.plan import Grade


@pytest.mark.parametrize(("asked", "solver"), [("cbc", "cbc"), ("scip", "scip"), ("auto", "scip")])
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
def test_another_solver_alone_comes_to_the_goal_values_of_highs(instance, option, asked, solver):
    second = so.solve(so.load(instance), option=option, backend=asked, cross_check=False)
    assert second.provenance.backend.startswith(solver)
    first = plan_of(instance, option)
    assert [goal.value for goal in second.goals] == [goal.value for goal in first.goals]


def test_through_pulp_the_answer_is_the_same():
    # HiGHS through PuLP, checked by another code base.
    asking = {"option": "recommended", "certify": False, "cross_check": True}
    plan = so.solve(so.load("nottinghamshire-2018"), backend="pulp:highs", **asking)
    assert plan.grade is Grade.CROSS_CHECKED
    assert plan.provenance.backend.startswith("pulp:highs")
    assert plan.provenance.cross_check.startswith("cbc")
    first = plan_of("nottinghamshire-2018", "recommended")
    assert [goal.value for goal in plan.goals] == [goal.value for goal in first.goals]


def test_cpsat_answers_where_all_is_whole_and_says_why_not_elsewhere():
    tiny = so.load("tiny")
    plan = so.solve(tiny, option="do-nothing", backend="cpsat")
    assert plan.provenance.backend.startswith("cpsat")
    with pytest.raises(so.BackendError, match="whole columns only"):
        so.solve(tiny, option="best-mix", backend="cpsat")
