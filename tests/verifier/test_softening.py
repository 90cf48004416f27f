"""A rule missed at a price: its verdict, its amount, and what it weighs, apart from money."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.model.schema import Goal
from staffopt.plan import FULL_YEAR, MoneyKind, Verdict
from staffopt.rulebook import KeepAverageCaseload, LimitRecruitment, StayWithinBudget
from staffopt.verifier import derive, goal_value

YEARLY = {"start": "2024-10", "end": "2026-03", "periods": "financial_years"}
HALF = {"start": "2024-10", "end": "2026-03"}
FUND = {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 40_000}}


def target(**parameters):
    given = {"label": "target", "target": 20, "scope": "north", "soften": {"price": 30_000}}
    return KeepAverageCaseload.model_validate(given | parameters)


def test_what_is_missed_is_softened_with_its_amount_and_price(tiny, found):
    # north: 100 ÷ 20 = 5 FTE are needed, 4 are there
    (finding,) = found(tiny(target()), {})
    assert (finding.verdict, finding.by, finding.unit) == (Verdict.SOFTENED, 1, "FTE")
    assert finding.price == 30_000
    assert finding.words.endswith("missed by 1 FTE, at £30,000 a year for each")


def test_what_is_kept_is_met_and_has_no_price(tiny, found):
    (finding,) = found(tiny(target()), {("north", "worker"): "1"})
    assert (finding.verdict, finding.by, finding.price) == (Verdict.MET, None, None)


def test_a_target_rounded_below_its_need_is_missed_by_policy_and_not_by_price(tiny, found):
    # 100 ÷ 23 − 4 = 0.35, to the nearest post 0
    rule = target(target=23, rounding="posts_nearest")
    (finding,) = found(tiny(rule), {})
    assert (finding.verdict, finding.price) == (Verdict.MISSED_BY_POLICY, None)


def penalties(question, decisions):
    lines = derive(question, decisions).money
    return {n.year: n.amount.raw for n in lines if n.kind is MoneyKind.PENALTY}


def test_a_penalty_is_price_times_shortfall_times_months(tiny, decide):
    question = tiny(target(), calendar=HALF)
    # October 2024 to March 2025 are 6 of 12 months
    expected = {"2024/25": 15_000, "2025/26": 30_000, FULL_YEAR: 30_000}
    assert penalties(question, decide(question, {})) == expected


def test_of_several_periods_the_full_year_counts_the_worst(tiny, decide):
    question = tiny(target(target="12.5"), calendar=YEARLY)
    # 100 ÷ 12.5 = 8: short by 4, then with two more by 2
    decisions = decide(question, {("north", "worker", "2025/26"): "2"})
    expected = {"2024/25": 4 * 15_000, "2025/26": 2 * 30_000, FULL_YEAR: 4 * 30_000}
    assert penalties(question, decisions) == expected


def test_each_team_has_a_line_of_its_own(tiny, decide):
    question = tiny(target(each="team", scope=("north", "south"), target="12.5"))
    lines = derive(question, decide(question, {})).money
    # north: 8 − 4; south: 60 ÷ 12.5 = 4.8 − 4
    rates = {n.team: n.amount.raw for n in lines if n.rule == "target" and n.year == FULL_YEAR}
    assert rates == {"north": 4 * 30_000, "south": Fraction("0.8") * 30_000}


def test_penalties_are_in_the_goals_of_cost_and_in_no_other_sum(tiny, decide):
    question = tiny(target(), calendar=HALF, funds=FUND)
    decisions = decide(question, {("south", "worker"): "1"})
    figures = derive(question, decisions)
    # one worker of £40,000 and £1,000 set-up, and £30,000 a year for the one that North lacks
    totals = {(t.of, t.name, t.year): t.amount.raw for t in figures.totals}
    assert totals["new money", "all", FULL_YEAR] == 40_000
    assert totals["fund", "pot", FULL_YEAR] == 40_000
    assert totals["penalty", "target", FULL_YEAR] == 30_000
    assert ("fund", "not named", FULL_YEAR) not in totals

    def value(**goal):
        return goal_value(question, figures, Goal.model_validate(goal))

    assert value(minimise="full_year_cost") == 70_000
    assert value(minimise="cost", year="2024/25") == 20_000 + 1_000 + 15_000
    assert value(minimise="cost") == 21_000 + 40_000 + 45_000


def test_an_overspent_ceiling_counts_each_pound_of_its_year(tiny, found, decide):
    budget = StayWithinBudget.model_validate({"label": "budget", "soften": {"price": "1.5"}})
    question = tiny(budget, funds=FUND)
    # two workers: £80,000 and £2,000 in 2024/25, £80,000 in 2025/26, against £40,000
    changes = {("north", "worker"): "2"}
    verdicts = [(f.verdict, f.by, f.unit) for f in found(question, changes)]
    assert verdicts == [
        (Verdict.SOFTENED, 42_000, "pounds"),
        (Verdict.SOFTENED, 40_000, "pounds"),
    ]
    expected = {"2024/25": 63_000, "2025/26": 60_000, FULL_YEAR: 123_000}
    assert penalties(question, decide(question, changes)) == expected


@pytest.mark.parametrize("calendar", [HALF, YEARLY], ids=["one period", "financial years"])
def test_what_is_of_a_year_counts_whole_whatever_the_periods_are_called(tiny, decide, calendar):
    # 2 workers for £40,000 a year over £30,000: £40,000 and £2,000 of set-up in half of 2024/25,
    # £80,000 in 2025/26. A worker too many is recruited in 2024/25, at £500.
    fund = {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 30_000}}
    budget = StayWithinBudget.model_validate({"label": "budget", "soften": {"price": 2}})
    supply = {"label": "supply", "limit": 1, "per": "year", "soften": {"price": 500}}
    both = ((budget, 2 * 12_000, 2 * 50_000), (LimitRecruitment.model_validate(supply), 500, 0))
    for rule, first, second in both:
        question = tiny(rule, calendar=calendar, funds=fund)
        labels = [period.label for period in question.instance.calendar.cut()]
        decisions = decide(question, {("north", "worker", label): "2" for label in labels})
        found = penalties(question, decisions)
        assert found.get("2024/25", 0) == first
        assert found.get("2025/26", 0) == second
        assert found[FULL_YEAR] == first + second


def test_money_after_a_funds_end_is_broken_all_the_same(tiny, found):
    budget = StayWithinBudget.model_validate({"label": "budget", "soften": {"price": 1}})
    question = tiny(budget, funds={"pot": {**FUND["pot"], "ends": "2025-03"}})
    verdicts = [f.verdict for f in found(question, {("north", "worker"): "1"})]
    assert verdicts[-1] is Verdict.BROKEN


@pytest.mark.parametrize("limit", ["unlimited", 5])
def test_a_rule_that_holds_weighs_nothing(tiny, decide, limit):
    rule = LimitRecruitment.model_validate(
        {"label": "limit", "limit": limit, "soften": {"price": 1_000}}
    )
    question = tiny(rule)
    assert penalties(question, decide(question, {("north", "worker"): "1"})) == {}
