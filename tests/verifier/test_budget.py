"""Ceilings, in money that is not rounded, and the ends of funds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.plan import Verdict
from staffopt.rulebook import StayWithinBudget

RULE = StayWithinBudget(label="budget")


def fund(**fields):
    return {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, **fields}}


@pytest.mark.parametrize(
    ("ceiling", "over"),
    [
        # one worker: £40,000 a year and £1,000 set-up in 2024/25
        ("41000", {}),
        ("40999.99", {"2024/25": Fraction("0.01")}),
        ("40000", {"2024/25": 1000}),
        ({"2024/25": "41000", "2025/26": "39999.50"}, {"2025/26": Fraction("0.5")}),
        ({"2025/26": "40000"}, {}),
        ("unlimited", {}),
        ("none printed", {}),
    ],
)
def test_a_fund_and_year_stay_within_the_ceiling_to_the_penny(tiny, found, ceiling, over):
    question = tiny(RULE, funds=fund(ceiling=ceiling))
    findings = found(question, {("north", "worker"): "1"})
    assert {f.period: f.by for f in findings if f.verdict is Verdict.BROKEN} == over
    assert [f.period for f in findings] == ["2024/25", "2025/26"]


def test_posts_of_today_use_up_a_ceiling_too(tiny, found):
    pays = {"posts_today": ["worker"], "added_posts": ["all"]}
    question = tiny(RULE, funds=fund(ceiling=350_000, pays_for=pays))
    # 8 workers of today cost £320,000; one more makes £361,000 with its set-up, then £360,000
    findings = found(question, {("north", "worker"): "1"})
    assert [f.by for f in findings] == [11_000, 10_000]
    assert findings[0].words == "Pot: £361,000 in 2024/25, ceiling £350,000"


def test_without_a_printed_ceiling_affordability_is_not_tested(tiny, found):
    findings = found(tiny(RULE, funds=fund()), {("north", "worker"): "1"})
    assert {f.verdict for f in findings} == {Verdict.MET}
    assert "no ceiling is printed: affordability was not tested" in findings[0].words


def test_an_unknown_cost_is_not_passed_off_as_affordable(tiny, found):
    question = tiny(RULE, funds=fund(ceiling=1), roles={"worker": {"cost": "unknown"}})
    findings = found(question, {("north", "worker"): "1"})
    assert findings[0].verdict is Verdict.BROKEN  # the £1,000 of set-up is known
    assert findings[1].verdict is Verdict.MET
    assert "at least £0 in 2025/26" in findings[1].words
    assert "not fully tested" in findings[1].words


@pytest.mark.parametrize(
    ("ends", "by"),
    [
        ("2026-03", None),  # with the calendar
        ("2026-02", Fraction(40_000, 12)),  # one month of one worker is left
        ("2024-09", 60_000),  # 18 months
    ],
)
def test_nothing_is_spent_after_a_fund_has_ended(tiny, found, ends, by):
    question = tiny(RULE, funds=fund(ends=ends))
    last = found(question, {("north", "worker"): "1"})[-1]
    assert last.by == by
    assert last.verdict is (Verdict.MET if by is None else Verdict.BROKEN)


@pytest.mark.parametrize(
    ("ends", "verdict"), [("2026-02", Verdict.BROKEN), ("2026-03", Verdict.MET)]
)
@pytest.mark.parametrize("pays", [{"added_posts": ["all"]}, {"posts_today": ["worker"]}])
def test_an_unknown_cost_after_a_funds_end_is_spending_all_the_same(
    tiny, found, ends, verdict, pays
):
    roles = {"worker": {"cost": "unknown"}}
    question = tiny(RULE, funds=fund(ends=ends, pays_for=pays), roles=roles)
    assert found(question, {("north", "worker"): "1"})[-1].verdict is verdict
