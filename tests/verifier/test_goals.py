"""What goals come to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.rulebook import ReleaseTime
from staffopt.verifier import check_decisions, derive, goal_value


def goal(minimise, **fields):
    return Goal.model_validate({"minimise": minimise, **fields})


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        # posts 580,521 and the project team's annual rate 326,656; no set-up, no posts of today
        (goal("full_year_cost"), 907_177),
        (goal("cost", year="2018/19"), Fraction("486588.5")),
        (goal("cost", year="2020/21"), 743_849),
        # 486,588.50 + 907,177 + 743,849
        (goal("cost"), Fraction("2137614.5")),
        # base: 22.5 posts of today, 612,134 a year; contingency: 580,521 × 6/12 + 24,200
        (goal("spend", fund="base", year="2019/20"), 612_134),
        (goal("spend", fund="contingency", year="2018/19"), Fraction("314460.5")),
        (goal("spend", year="2020/21"), 580_521 + 163_328 + 612_134),
        # 2,137,614.50 of new money and 2.5 years of today's posts
        (goal("spend"), Fraction("2137614.5") + 612_134 * Fraction(5, 2)),
        (goal("penalty"), 0),
        # 9 + 1 + 10.5 + 1 FTE and one package
        (goal("change_from_today"), Fraction("22.5")),
        (goal("worst_caseload"), Fraction("25.75")),
        (goal("worst_caseload", scope="dcpt"), Fraction(2054, 94)),
        # Children's Disability: 389 / (16 + 6.5/37 x 4)
        (goal("worst_caseload", basis="effective"), 389 / (16 + Fraction("6.5") / 37 * 4)),
    ],
)
def test_nottinghamshires_allocation_comes_to_this(recommended, wanted, value):
    question, decisions = recommended
    assert goal_value(question, decisions, wanted) == value
    assert goal_value(question, derive(question, decisions), wanted) == value


def test_a_cut_is_a_change_and_every_period_counts(tiny, decide):
    question = tiny(calendar={"periods": "financial_years"})
    changes = {("north", "worker", "2024/25"): "-1", ("south", "worker", "2025/26"): "2"}
    assert goal_value(question, decide(question, changes), goal("change_from_today")) == 3


def test_the_worst_caseload_is_of_the_plan_and_not_of_today(tiny, decide):
    question = tiny()
    decisions = decide(question, {("north", "worker"): "1"})
    assert goal_value(question, decisions, goal("worst_caseload")) == 20  # 100 / 5


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (goal("spend", year="2030/31"), "no financial year is called '2030/31'"),
        (goal("spend", fund="gift"), "no fund is called 'gift'"),
        (goal("cost", year="2030/31"), "no financial year is called '2030/31'"),
        (goal("worst_caseload", basis="effective"), "no rule releases time"),
        (goal("worst_caseload", scope="nowhere"), "no scope is called 'nowhere'"),
    ],
)
def test_a_goal_that_cannot_be_worked_out_is_refused(tiny, decide, wanted, words):
    question = tiny()
    with pytest.raises(InputError, match=words):
        goal_value(question, decide(question, {}), wanted)


@pytest.mark.parametrize(
    ("limit", "verdict"), [("907177", "met"), ("907176.99", "broken"), ("0", "broken")]
)
def test_a_goal_with_a_limit_is_held_against_it_to_the_penny(recommended, limit, verdict):
    question, decisions = recommended
    limited = replace(question, goals=(goal("full_year_cost", at_most=limit),))
    [found] = [f for f in check_decisions(limited, decisions) if f.rule == "full_year_cost"]
    assert found.verdict == verdict
    assert found.by == (None if verdict == "met" else 907_177 - Fraction(limit))


def test_cases_that_nobody_holds_are_above_any_limit(tiny, decide):
    question = tiny(teams={"north": {"posts": {}}})
    limited = replace(question, goals=(goal("worst_caseload", at_most=1000),))
    [found] = [f for f in check_decisions(limited, decide(limited, {})) if "caseload" in f.rule]
    assert found.verdict == "broken"


def test_cases_without_case_holders_have_no_worst_caseload(tiny, decide):
    question = tiny(teams={"north": {"posts": {}}})
    with pytest.raises(InputError, match="north has cases and no case holders"):
        goal_value(question, decide(question, {}), goal("worst_caseload"))


def test_a_team_without_cases_needs_no_case_holders(tiny, decide):
    question = tiny(
        ReleaseTime(hours=1, contract_hours=40, ratio=1),
        teams={"north": {"cases": 0, "posts": {}}},
    )
    decisions = decide(question, {})
    assert goal_value(question, decisions, goal("worst_caseload")) == 15
    assert goal_value(question, decisions, goal("worst_caseload", basis="effective")) == 15
