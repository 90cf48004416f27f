"""The plan of tiny-turnover.yaml, against the hand arithmetic of tiny-turnover.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so

F = Fraction
MONTHS = [f"2026-{month:02}" for month in range(7, 13)]


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny-turnover"))


def stocks(plan, role, field="in_post"):
    return [getattr(f, field) for f in plan.figures.flows if f.role == role]


def test_two_newly_qualified_join_in_september_and_a_social_worker_in_october(plan):
    joined = [(f.kind, f.role, f.period, f.fte) for f in plan.decisions.flows]
    assert sorted(joined) == [
        ("join", "newly_qualified", "2026-09", 2),
        ("join", "social_worker", "2026-10", 1),
    ]
    assert plan.provenance.unique is True


def test_it_costs_what_recruiting_costs_and_what_is_missing_weighs(plan):
    assert plan.goals[0].value == F("6000.944")
    spent = plan.money["recruitment", "2026/27"]
    assert spent.raw == 4000
    assert so.verify(plan).ok


def test_people_follow_from_month_to_month_as_by_hand(plan):
    assert stocks(plan, "social_worker") == list(
        map(F, ("7.2", "6.48", "7.832", "8.0488", "7.24392", "6.519528"))
    )
    assert stocks(plan, "newly_qualified") == [2] * 6
    assert stocks(plan, "social_worker", "leavers")[3] == F("0.7832")
    assert stocks(plan, "social_worker", "progressed_in") == [0, 0, 2, 0, 0, 0]
    assert stocks(plan, "newly_qualified", "progressed_out") == [0, 0, 2, 0, 0, 0]
    assert stocks(plan, "social_worker", "able")[3] == F("7.5488")


def test_caseloads_count_joiners_and_the_newly_qualified_in_part(plan):
    counted = {
        f.period: f.fte
        for f in plan.figures.caseloads
        if f.denominator == "adjusted" and f.period != "today"
    }
    by_hand = ("8.2", "7.48", "8.832", "8.5488", "8.24392", "7.519528")
    assert [counted[month] for month in MONTHS] == list(map(F, by_hand))


def test_a_shorter_lead_time_lets_somebody_start_in_august():
    council = so.load("tiny-turnover").where({"roles.social_worker.turnover.lead_time": 1})
    plan = so.solve(council)
    assert plan.goals[0].value == F("5308.744")


def test_a_smaller_budget_recruits_the_newly_qualified_alone():
    council = so.load("tiny-turnover").where({"funds.recruitment.ceiling": 3999})
    # three thousand pays for one of each, at 6,513.104, or for two, at 6,933.104
    assert so.solve(council).goals[0].value == F("6513.104")
