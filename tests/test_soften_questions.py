"""Softened rules asked for in words, answered, and told to people."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.plan import FULL_YEAR, MoneyKind, Plan
from staffopt.reporting.text import render
from staffopt.rulebook import KeepAverageCaseload

SOFT = {
    "standards.keep_average_caseload.rounding": "none",
    "standards.keep_average_caseload.soften.price": 100_000,
}


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny"), option="social-workers", overrides=SOFT, isolation="inline")


def test_a_plan_weighs_keeping_a_rule_against_missing_it(plan):
    # 1.3 posts are missing: one costs 40,000 and leaves 0.3 short, 30,000; two cost 80,000.
    assert plan.goals[0].value == 70_000
    assert plan.change["north", "social_worker"] == 1
    assert plan.money["growth", FULL_YEAR].printed == 40_000


def test_such_a_plan_verifies_from_its_file_alone(plan, tmp_path):
    assert so.verify(Plan.load(plan.save(tmp_path / "plan.json"))).ok


def test_a_penalty_that_was_written_down_lower_is_found_out(plan):
    lines = [
        line.model_copy(update={"amount": None}) if line.kind is MoneyKind.PENALTY else line
        for line in plan.figures.money
    ]
    figures = plan.figures.model_copy(update={"money": tuple(lines)})
    broken = so.verify(plan.model_copy(update={"figures": figures})).broken
    assert {finding.rule for finding in broken} == {"stored figures"}


def test_the_report_says_what_is_missed_and_keeps_it_apart_from_money(plan):
    text = " ".join(render(plan).split())
    assert "! Softened: both: average 20.67 (186 cases, 9 FTE), target 20 (reported)" in text
    assert "missed by 0.3 FTE, at £100,000 a year for each" in text
    assert "Not money, and in no sum above: missing keep_average_caseload weighs £30,000" in text
    assert "or missed at £100,000 a year for each unit short" in text


@pytest.mark.parametrize(
    ("goals", "told"),
    [
        ([{"minimise": "change_from_today"}], "no goal counts the cost of all months"),
        ([{"minimise": "cost", "year": "2026/27"}], "no goal counts the cost of all months"),
    ],
)
def test_a_price_that_no_goal_weighs_is_refused(goals, told):
    changes = {**SOFT, "model.goals": goals}
    with pytest.raises(so.InputError, match=told):
        so.solve(so.load("tiny"), option="social-workers", overrides=changes, isolation="inline")


def test_a_rule_set_by_law_is_neither_softened_nor_offered_as_a_repair():
    lawful = {"standards.keep_average_caseload.statutory": "true"}
    with pytest.raises(so.InputError, match="set by law"):
        so.solve(so.load("tiny"), option="social-workers", overrides={**SOFT, **lawful})
    short = {**lawful, "standards.limit_recruitment.limit": 1}
    with pytest.raises(so.Infeasible) as raised:
        so.solve(so.load("tiny"), option="social-workers", overrides=short, isolation="inline")
    assert [clash.rule for clash in raised.value.conflict] == ["limit_recruitment"]


def test_an_unsoftened_question_is_written_as_it_was_before():
    with so.Desk(so.load("tiny"), so.models(), so.Request()) as desk:
        assert all("soften" not in rule for rule in desk.question.to_json()["rules"])


def test_a_softened_question_is_read_back_as_it_was_written(plan):
    assert plan.question.rule(KeepAverageCaseload).soften.price == 100_000
    assert type(plan.question).from_json(plan.inputs) == plan.question
    assert Fraction(plan.figures.totals[-1].amount.raw) == 30_000
