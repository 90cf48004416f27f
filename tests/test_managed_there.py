"""A managed team that is there already: every choice there is, by arithmetic, program and verifier.

One started in August 2026 for three months, £60,000 and £1,500 of travel: it leaves after October
unless it is extended, by three or six months at £51,000 and £900 for each three, agreed by
September. A second one may start in October or in January. Two can be there at once. The term is
paid by the base budget, extensions by reserves. September 2026 to June 2027 are planned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from staffopt.build import build
from staffopt.instance.calendar import Month
from staffopt.instance.schema import Instance
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, ManagedTeamDecision, MoneyKind, Verdict
from staffopt.question import Question
from staffopt.rulebook import BuyManagedTeam, HoldEveryCase, RespectCaseloadCap, StayWithinBudget
from staffopt.verifier import cautions, check_decisions, derive, goal_value
from staffopt.verifier.staffing import Staffing

TERM = 3
RELIEF: dict[str, Any] = {
    "name": "Relief team",
    "there_since": "2026-08",
    "starts": ["2026-10", "2027-01"],
    "months": TERM,
    "price": 60000,
    "travel": 1500,
    "fund": "base",
    "at_once": 2,
    "capacity": 80,
    "serves": {"north": "0.75", "south": "0.25"},
    "extension": {
        "months": 6,
        "step": 3,
        "price": 51000,
        "travel": 900,
        "per": "step",
        "notice": 1,
        "fund": "reserves",
    },
}
TREE: dict[str, Any] = {
    "schema_version": 1,
    "instance": "relief",
    "title": "Relief",
    "calendar": {"start": "2026-09", "end": "2027-06", "periods": "months"},
    "roles": {
        "worker": {"kind": "case_holder", "cost": 40000},
        "asye": {"kind": "case_holder", "cost": 36000, "cap": 15},
    },
    "teams": {
        "north": {"name": "North", "cases": 150, "posts": {"worker": 4, "asye": 2}},
        "south": {"name": "South", "cases": 60, "posts": {"worker": 3}},
    },
    "managed_teams": {"relief": RELIEF},
    "funds": {
        "base": {"name": "Base", "recurrent": "true"},
        "reserves": {
            "name": "Reserves",
            "recurrent": "false",
            "ceiling": {"2026/27": 100_000, "2027/28": 40_000},
        },
    },
}
GOALS = tuple(
    Goal.model_validate(goal)
    for goal in (
        {"minimise": "full_year_cost"},
        {"minimise": "cost", "year": "2026/27"},
        {"minimise": "spend"},
        {"minimise": "change_from_today"},
    )
)
SEPTEMBER = 2026 * 12 + 9
PLANNED = range(SEPTEMBER, SEPTEMBER + 10)
FIRST_YEAR = range(SEPTEMBER, SEPTEMBER + 7)


@dataclass(frozen=True, order=True)
class Hired:
    """One team: its first month, and by how many months it is extended."""

    start: str
    extension: int

    @property
    def there(self) -> bool:
        return self.start == "2026-08"

    @property
    def months(self) -> list[int]:
        year, month = map(int, self.start.split("-"))
        return list(range(year * 12 + month, year * 12 + month + TERM + self.extension))


EXTENSIONS = (0, 1, 3, 6, 9)
SECOND = [None, *(Hired(s, e) for s in ("2026-10", "2027-01") for e in EXTENSIONS)]
PLANS = [
    (Hired("2026-08", e), *([other] if other else [])) for e, other in product(EXTENSIONS, SECOND)
]


def question(*rules: Any, base: int = 105_000, **relief: Any) -> Question:
    asked = (BuyManagedTeam(label="buy"), StayWithinBudget(label="budget"), *rules)
    funds = {**TREE["funds"], "base": {**TREE["funds"]["base"], "ceiling": {"2026/27": base}}}
    tree = {**TREE, "funds": funds, "managed_teams": {"relief": {**RELIEF, **relief}}}
    return Question(Instance.model_validate(tree), "test", "Test", (), asked, GOALS)


def decisions(plan: tuple[Hired, ...]) -> Decisions:
    return Decisions(
        managed_teams=tuple(
            ManagedTeamDecision(
                managed_team="relief", start=Month.parse(one.start), extension=one.extension
            )
            for one in plan
        )
    )


def terms(plan: tuple[Hired, ...], months: range, *, there: bool) -> Fraction:
    """£61,500 ÷ 3 in each month of a term, of the team that is there or of those bought."""
    counted = [m for one in plan if one.there is there for m in one.months[:TERM] if m in months]
    return Fraction(20_500 * len(counted))


def extensions(plan: tuple[Hired, ...], months: range) -> Fraction:
    """£51,900 ÷ 3 in each month of an extension."""
    return Fraction(17_300 * sum(m in months for one in plan for m in one.months[TERM:]))


def values(plan: tuple[Hired, ...]) -> tuple[Fraction, ...]:
    """What is there already is paid for: it is no new money, and no change."""
    every = range(100_000)
    new = terms(plan, FIRST_YEAR, there=False) + extensions(plan, FIRST_YEAR)
    spent = terms(plan, PLANNED, there=True) + terms(plan, PLANNED, there=False)
    return (
        terms(plan, every, there=False) + extensions(plan, every),
        new,
        spent + extensions(plan, PLANNED),
        Fraction(sum(1 for one in plan if one.extension or not one.there)),
    )


def allowed(plan: tuple[Hired, ...]) -> bool:
    second_year = range(FIRST_YEAR.stop, PLANNED.stop)
    at_work = Counter(month for one in plan for month in one.months if month in PLANNED)
    base = terms(plan, FIRST_YEAR, there=True) + terms(plan, FIRST_YEAR, there=False)
    return (
        all(one.extension in (0, 3, 6) for one in plan)
        and max(at_work.values(), default=0) <= 2
        and base <= 105_000
        and extensions(plan, FIRST_YEAR) <= 100_000
        and extensions(plan, second_year) <= 40_000
    )


def test_the_choices_tried_are_lawful_and_unlawful_for_each_reason():
    assert 3 < sum(map(allowed, PLANS)) < len(PLANS) - 10
    # September and October of the term are planned: £41,000 of the base budget are spoken for
    assert terms(PLANS[0], PLANNED, there=True) == 41_000


def test_the_verifier_allows_and_counts_what_arithmetic_does():
    asked = question()
    for plan in PLANS:
        found = check_decisions(asked, decisions(plan))
        broken = [finding.words for finding in found if finding.verdict is Verdict.BROKEN]
        assert (broken == []) == allowed(plan), (plan, broken)
        figures = derive(asked, decisions(plan))
        assert tuple(goal_value(asked, figures, goal) for goal in GOALS) == values(plan), plan


def test_the_program_allows_and_counts_the_same():
    program = build(question(), exact=True)
    matrix = program.matrix.floating()
    (block,) = (block for block in program.column_blocks if block.name == "started")
    labels = [program.column_label(i) for i in range(block.start, block.stop)]
    for plan in PLANS:
        point = np.zeros(matrix.columns)
        wanted = [f"started[relief,{one.start},{one.extension}]" for one in plan]
        for name in set(wanted) & set(labels):
            point[block.start + labels.index(name)] += 1
        activity = matrix.activity(point)
        held = (
            set(wanted) <= set(labels)
            and (activity >= matrix.row_lower - 1e-6).all()
            and (activity <= matrix.row_upper + 1e-6).all()
        )
        assert held == allowed(plan), plan
        if set(wanted) <= set(labels):
            counted = tuple(Fraction(g.vector @ point) + g.offset for g in program.goals)
            assert counted == values(plan), plan


def test_the_team_that_is_there_cannot_be_sent_away_nor_doubled():
    asked = question()
    twice = decisions((Hired("2026-08", 0), Hired("2026-08", 3)))
    words = [f.words for f in check_decisions(asked, twice) if f.verdict is Verdict.BROKEN]
    assert "Relief team: one is there already, and 2 are decided on" in words
    # what is not decided on stays for its term
    (nothing,) = derive(asked, Decisions()).managed_teams
    assert (nothing.start, nothing.extension, nothing.teams) == (Month.parse("2026-08"), 0, 1)
    assert nothing.there


def test_what_no_rule_offers_stays_for_its_term_and_is_not_extended():
    asked = replace(question(), rules=(StayWithinBudget(label="budget"),))
    assert all(f.verdict is Verdict.MET for f in check_decisions(asked, Decisions()))
    longer = check_decisions(asked, decisions((Hired("2026-08", 3),)))
    assert [f.words for f in longer if f.verdict is Verdict.BROKEN] == [
        "Relief team is extended, but no rule offers it"
    ]
    program = build(asked, exact=True)
    (block,) = (block for block in program.column_blocks if block.name == "started")
    assert [program.column_label(i) for i in range(block.start, block.stop)] == [
        "started[relief,2026-08,0]"
    ]
    assert program.matrix.col_lower[block.start] == 1


def test_money_for_the_term_that_is_running_is_today_s():
    figures = derive(question(), decisions((Hired("2026-08", 3),)))
    kinds = {(n.kind, n.fund, n.year): n.amount for n in figures.money if n.managed_team}
    # £41,000 of price and travel for two months; £51,900 for November to January
    today = [n.amount.raw for n in figures.money if n.kind is MoneyKind.TODAY]
    assert sum(today) == 41_000
    assert (MoneyKind.TODAY, "base", "2026/27") in kinds
    new = {(t.name, t.year): t.amount.raw for t in figures.totals if t.of == "fund"}
    assert new["reserves", "2026/27"] == 51_900


def test_capacity_counts_today_and_while_it_is_at_work():
    staffing = Staffing.of(question(), decisions((Hired("2026-08", 3),)))
    north = [staffing.capacity("north", p) for p in ("today", "2026-09", "2027-01", "2027-02")]
    assert north == [60, 60, 60, 0]


SPLIT = (HoldEveryCase(label="hold"), RespectCaseloadCap(label="cap"))


def test_its_cases_go_back_to_those_without_a_cap():
    asked = question(*SPLIT)
    # North has 150: ASYEs hold 2 × 15, the team 60, four workers 60; South 60: 20 and 40.
    held = [
        {"team": t, "role": r, "period": p.label, "cases": cases}
        for p in asked.instance.calendar.cut()
        for t, r, cases in (
            ("north", "asye", 30),
            ("north", "worker", 60 if p.label <= "2026-10" else 120),
            ("south", "worker", 40 if p.label <= "2026-10" else 60),
        )
    ]
    split = Decisions.model_validate({"cases": held})
    figures = derive(asked, split)
    north, south = figures.exits
    assert (north.team, north.cases, north.period) == ("north", 60, "2026-11")
    assert (north.before, north.after) == (15, 30)
    assert (south.team, south.cases) == ("south", 20)
    assert (south.before, south.after) == (Fraction(40, 3), 20)
    assert all(f.verdict is Verdict.MET for f in check_decisions(asked, split))


def test_where_no_month_after_it_is_planned_all_else_stays():
    # Extended by six months it stays to April 2027, and a team from January with six to September.
    figures = derive(question(), decisions((Hired("2026-08", 6), Hired("2027-01", 6))))
    by_end = {(str(f.end), f.team): f for f in figures.exits}
    last = by_end["2027-09", "north"]
    # nobody splits the cases: 150 less 60 held and 2 × 15 are 60 for four, and 120 without it
    assert (last.period, last.cases, last.before, last.after) == (None, 60, 15, 30)
    both = by_end["2027-04", "north"]
    # two teams could hold 120 and leave 0 to the four; one of them leaves 60
    assert (both.cases, both.before, both.after) == (60, 0, 15)


def test_a_term_above_what_was_approved_is_told():
    asked = question(approved=60000)
    (told,) = (c for c in cautions(asked, derive(asked, Decisions())) if c.code == "term-overspent")
    assert told.amount == 1500
    assert "£61,500, £1,500 more than the £60,000 approved" in told.words
    assert told.words.endswith("£0 for the team and £1,500 of travel.")
    asked = question(approved=61500)
    assert "term-overspent" not in {c.code for c in cautions(asked, derive(asked, Decisions()))}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"starts": [], "there_since": None}, "no team can start"),
        ({"starts": ["2026-08"]}, "would start then too"),
        ({"extension": {"months": 4, "step": 3, "price": 1}}, "not in steps of 3"),
    ],
)
def test_what_contradicts_itself_is_refused(changes, why):
    with pytest.raises(ValidationError, match=why):
        question(**changes)
