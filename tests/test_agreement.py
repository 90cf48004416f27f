"""Councils on which what the solver was told and what the verifier checks once differed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.request import Request

HALF_AND_WHOLE_YEAR = {"start": "2026-10", "end": "2028-03"}
COST = {"minimise": "full_year_cost"}


def answer(
    rules: dict[str, Any], goals: list[dict[str, Any]], *, may: str = "case_holder", **council: Any
) -> so.Plan:
    """Ask a council a question of its own: ``worker`` is a case holder at £40,000, step 1."""
    worker = {"kind": "case_holder", "step": 1, "cost": 40_000}
    tree: dict[str, Any] = {
        "schema_version": 1,
        "instance": "own",
        "title": "Own",
        "calendar": HALF_AND_WHOLE_YEAR,
        "roles": {"worker": {**worker, **council.pop("worker", {})}, **council.pop("roles", {})},
        "teams": {"a": {"name": "A", "cases": 60, "posts": {"worker": 3}}},
        **council,
    }
    head = {"schema_version": 1, "model": "own", "title": "Own"}
    model = {**head, "may_change": [may], "rules": rules, "goals": goals}
    request = Request(model="own", isolation="inline")
    instance = Instance.model_validate(tree)
    return Desk(instance, {"own": Model.model_validate(model)}, request).solve()


def test_a_model_without_goals_gets_a_plan():
    plan = answer({"keep_average_caseload": {"target": 15}}, [])

    assert plan.change["a", "worker"] == 1  # 60 ÷ 15 = 4, from 3


def test_a_model_without_goals_that_cannot_be_met_is_infeasible():
    rules = {"keep_average_caseload": {"target": 15}, "limit_recruitment": {"limit": 0}}

    with pytest.raises(so.Infeasible):
        answer(rules, [])


def test_a_model_without_goals_that_may_change_nothing_gets_today():
    plan = answer({}, [], may="manager")

    assert plan.change["a", "worker"] == 0


def test_posts_kept_in_one_team_may_still_be_cut_in_another():
    rules = {"keep_existing_posts": {"scope": "a"}, "keep_average_caseload": {"target": 20}}
    two = {
        "a": {"name": "A", "cases": 60, "posts": {"worker": 2}},
        "b": {"name": "B", "cases": 40, "posts": {"worker": 6}},
    }

    plan = answer(rules, [COST, {"minimise": "change_from_today"}], teams=two)

    # 100 ÷ 20 = 5 of today's 8: three go from B, since A keeps its two.
    assert (plan.change["a", "worker"], plan.change["b", "worker"]) == (0, -3)
    assert [goal.value for goal in plan.goals] == [-120_000, 3]


def test_recruitment_counts_what_is_added_less_what_is_cut():
    rules = {
        "keep_average_caseload": {"target": 20, "each": "team"},
        "limit_recruitment": {"limit": 0},
    }
    two = {
        "a": {"name": "A", "cases": 60, "posts": {"worker": 2}},
        "b": {"name": "B", "cases": 40, "posts": {"worker": 6}},
    }

    plan = answer(rules, [{"minimise": "change_from_today"}], teams=two)

    # A needs 60 ÷ 20 = 3. Nobody can be recruited, so one moves there from B.
    assert (plan.change["a", "worker"], plan.change["b", "worker"]) == (1, -1)
