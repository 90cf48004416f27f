"""The plan of tiny-careers.yaml, against the hand arithmetic of tiny-careers.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.desk import Desk
from staffopt.library import models
from staffopt.request import Request

F = Fraction
TWICE = ("train_by_experienced", "carry_staff_forward", "change_roles")


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny-careers"))


def test_a_social_worker_moves_one_is_made_permanent_and_an_agency_worker_goes(plan):
    flows = sorted(
        (f.kind, f.team, f.role, f.to_team or f.to_role, f.period) for f in plan.decisions.flows
    )
    assert flows == [
        ("convert", "north", "agency_worker", "social_worker", "2026-04"),
        ("redeploy", "south", "social_worker", "north", "2026-04"),
        ("release", "south", "agency_worker", None, "2026-04"),
    ]
    assert all(f.fte == 1 for f in plan.decisions.flows)
    assert plan.provenance.unique is True


def test_it_saves_what_two_premiums_cost_less_a_move_and_a_fee(plan):
    assert plan.goals[0].value == -8500
    assert plan.money["change", "2026/27"].raw == 3500
    assert so.verify(plan).ok


def test_both_teams_have_as_many_as_they_need(plan):
    counted = {
        (f.of, f.period): f.fte for f in plan.figures.caseloads if f.denominator == "adjusted"
    }
    assert counted["north", "2026-06"] == F("6.25")
    assert counted["south", "2026-06"] == 3


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"roles.agency_worker.career.into.social_worker.cost": 6001}, -5500),
        ({"standards.redeploy_staff": {"limit": 0}}, -3000),
    ],
)
def test_other_figures_come_to_what_they_do_by_hand(changes, cost):
    assert so.solve(so.load("tiny-careers").where(changes)).goals[0].value == cost


def test_a_rule_said_twice_changes_nothing():
    council, own = so.load("tiny-careers"), models()
    named = own["workforce-plan"]
    again = {f"{label}-again": {"rule": label, "scope": "all"} for label in TWICE}
    twice = named.model_copy(update={"rules": {**named.rules, **again}})
    with Desk(council, {**own, "workforce-plan": twice}, Request(isolation="inline")) as desk:
        assert desk.solve().goals[0].value == -8500
