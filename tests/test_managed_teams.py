"""Managed teams: every choice there is, by this file's arithmetic, the program and the verifier.

The council plans October 2026 to September 2027, month by month, and nothing is decided but the
managed team. One costs £60,000 for 3 months and £1,500 of travel; each month more costs £18,000 and
£400 of travel, up to 3, and must be agreed 2 months before the term ends. Two can be there at once.
They start in August 2026 (before the plan begins), October, November or February.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement
from operator import eq, ge, le
from typing import Any

import numpy as np
import pytest

import staffopt as so
from staffopt.algebra.builder import Builder
from staffopt.answer import answer
from staffopt.backends.solvers import Solvers
from staffopt.build import build
from staffopt.data import Data
from staffopt.instance.calendar import Month, Periods
from staffopt.instance.schema import Instance
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, ManagedTeamDecision, Verdict
from staffopt.question import Question
from staffopt.reporting.text import render
from staffopt.rulebook import BuyManagedTeam, RequireManagedTeam, Rule, Sense, StayWithinBudget
from staffopt.rules.variables import Variables
from staffopt.verifier import check_decisions, derive, goal_value
from staffopt.verifier.staffing import Staffing

STARTS = ("2026-08", "2026-10", "2026-11", "2027-02")
TERM, MOST, NOTICE, AT_ONCE = 3, 3, 2, 2
CEILING = {"2026/27": 190_000, "2027/28": 36_800}
TREE: dict[str, Any] = {
    "schema_version": 1,
    "instance": "relief",
    "title": "Relief",
    "calendar": {"start": "2026-10", "end": "2027-09", "periods": "months"},
    "roles": {"worker": {"kind": "case_holder", "cost": 40000}},
    "teams": {
        "north": {"name": "North", "cases": 100, "posts": {"worker": 4}},
        "south": {"name": "South", "cases": 60, "posts": {"worker": 3}},
    },
    "managed_teams": {
        "relief": {
            "name": "Relief team",
            "composition": {"manager": 1, "social worker": 6},
            "starts": list(STARTS),
            "months": TERM,
            "price": 60000,
            "travel": 1500,
            "extension": {"months": MOST, "price": 18000, "travel": 400, "notice": NOTICE},
            "at_once": AT_ONCE,
            "capacity": 80,
            "serves": {"north": "0.75", "south": "0.25"},
            "fund": "reserves",
        }
    },
    "funds": {
        "reserves": {"name": "Reserves", "recurrent": "false", "ceiling": CEILING},
    },
}
GOALS = tuple(
    Goal.model_validate(goal)
    for goal in (
        {"minimise": "full_year_cost"},
        {"minimise": "cost", "year": "2026/27"},
        {"minimise": "cost"},
        {"minimise": "change_from_today"},
    )
)


@dataclass(frozen=True, order=True)
class Bought:
    """One team: its first month, counted from August 2026, and its months of extension."""

    start: str
    extension: int

    @property
    def months(self) -> list[int]:
        year, month = map(int, self.start.split("-"))
        first = year * 12 + month
        return list(range(first, first + TERM + self.extension))


CHOICES = [Bought(start, extension) for start in STARTS for extension in range(MOST + 1)]
PLANNED = range(2026 * 12 + 10, 2027 * 12 + 10)
PLANS = [plan for count in range(3) for plan in combinations_with_replacement(CHOICES, count)]


def question(*rules_added: Rule, required: bool = False, **relief: Any) -> Question:
    managed = {"relief": {**TREE["managed_teams"]["relief"], **relief}}
    rules = (
        BuyManagedTeam.model_validate({"label": "buy", "required": str(required).lower()}),
        StayWithinBudget(label="budget"),
        *rules_added,
    )
    return Question(
        instance=Instance.model_validate({**TREE, "managed_teams": managed}),
        model="test",
        title="Test",
        may_change=(),
        rules=rules,
        goals=GOALS,
    )


def decisions(plan: tuple[Bought, ...]) -> Decisions:
    return Decisions(
        managed_teams=tuple(
            ManagedTeamDecision(
                managed_team="relief",
                start=Month.parse(one.start),
                extension=one.extension,
                teams=teams,
            )
            for one, teams in sorted(Counter(plan).items())
        )
    )


def money(plan: tuple[Bought, ...], months: range) -> Fraction:
    """£61,500 ÷ 3 = £20,500 in each month of the term, £18,400 in each later one."""
    total = Fraction(0)
    for one in plan:
        for place, month in enumerate(one.months):
            if month in months:
                total += 20_500 if place < TERM else 18_400
    return total


def values(plan: tuple[Bought, ...]) -> tuple[Fraction, ...]:
    first_year = range(2026 * 12 + 10, 2027 * 12 + 4)
    return (
        money(plan, range(100_000)),  # the whole price, whenever it falls due
        money(plan, first_year),
        money(plan, PLANNED),
        Fraction(len(plan)),
    )


def allowed(plan: tuple[Bought, ...]) -> bool:
    first_year, second_year = (
        range(2026 * 12 + 10, 2027 * 12 + 4),
        range(2027 * 12 + 4, 2027 * 12 + 10),
    )
    at_work = Counter(month for one in plan for month in one.months if month in PLANNED)
    # A term from August ends in October; two months before is August, when nobody planned yet.
    agreed = all(one.extension == 0 or one.start != "2026-08" for one in plan)
    return (
        agreed
        and max(at_work.values(), default=0) <= AT_ONCE
        and money(plan, first_year) <= CEILING["2026/27"]
        and money(plan, second_year) <= CEILING["2027/28"]
    )


@pytest.fixture(scope="module")
def asked() -> Question:
    return question()


def test_the_choices_tried_are_lawful_and_unlawful_for_each_reason():
    lawful = sum(map(allowed, PLANS))
    assert 30 < lawful < len(PLANS) - 30


def test_the_verifier_allows_what_arithmetic_allows_and_no_more(asked):
    for plan in PLANS:
        found = check_decisions(asked, decisions(plan))
        broken = [finding.words for finding in found if finding.verdict is Verdict.BROKEN]
        assert (broken == []) == allowed(plan), (plan, broken)


def test_the_verifier_counts_the_money_that_arithmetic_counts(asked):
    for plan in PLANS:
        figures = derive(asked, decisions(plan))
        assert tuple(goal_value(asked, figures, g) for g in GOALS) == values(plan), plan


def test_the_program_allows_and_counts_the_same(asked):
    program = build(asked, exact=True)
    matrix = program.matrix.floating()
    (block,) = (block for block in program.column_blocks if block.name == "started")
    labels = [program.column_label(i) for i in range(block.start, block.stop)]
    for plan in PLANS:
        point = np.zeros(matrix.columns)
        wanted = Counter(f"started[relief,{one.start},{one.extension}]" for one in plan)
        for name, teams in wanted.items():
            if name in labels:
                point[block.start + labels.index(name)] = teams
        activity = matrix.activity(point)
        held = (
            set(wanted) <= set(labels)
            and (point <= matrix.col_upper).all()
            and (activity >= matrix.row_lower - 1e-6).all()
            and (activity <= matrix.row_upper + 1e-6).all()
        )
        assert held == allowed(plan), plan
        if set(wanted) <= set(labels):
            counted = tuple(Fraction(g.vector @ point) + g.offset for g in program.goals)
            assert counted == values(plan), plan


def test_a_required_team_is_bought_at_least_cost(asked):
    plan = solved(question(required=True))
    best = min(values(one) for one in PLANS if one and allowed(one))
    assert tuple(goal.value for goal in plan.goals) == best


def counted(what: str, plan: tuple[Bought, ...]) -> int:
    return len(plan) if what == "teams bought or extended" else sum(one.extension for one in plan)


HOLDS = {"at least": ge, "at most": le, "exactly": eq}
FACTS = [
    ("teams bought or extended", "at least", 2),
    ("teams bought or extended", "at most", 0),
    ("teams bought or extended", "exactly", 1),
    ("months of extension", "at least", 2),
    ("months of extension", "exactly", 4),
    ("months of extension", "at least", 7),
]


@pytest.mark.parametrize(("what", "sense", "number"), FACTS)
def test_what_is_asked_for_of_a_team_is_had_at_least_cost_or_not_at_all(what, sense, number):
    rule = RequireManagedTeam(
        label="asked", managed_team="relief", what=what, sense=Sense(sense), number=number
    )
    asked = question(rule)
    lawful = []
    for plan in filter(allowed, PLANS):
        holds = HOLDS[sense](counted(what, plan), number)
        lawful += [values(plan)] if holds else []
        found = check_decisions(asked, decisions(plan))
        assert all(f.verdict is not Verdict.BROKEN for f in found) == holds, plan
    if lawful:
        assert tuple(goal.value for goal in solved(asked).goals) == min(lawful)
        return
    with pytest.raises(so.Infeasible):
        solved(asked)


def solved(asked: Question) -> so.Plan:
    return answer(asked, so.Request(isolation="inline", cross_check=False), Solvers("inline"), 0.0)


def test_capacity_is_what_teams_hold_that_are_there_all_through_a_period():
    two = (Bought("2026-10", 1), Bought("2026-11", 0))
    asked = question()
    staffing = Staffing.of(asked, decisions(two))
    # October: one team; November to January: both. North gets 0.75 × 80 of each.
    north = {p: staffing.capacity("north", p) for p in staffing.labels}
    assert [north[f"{y}-{m:02d}"] for y, m in ((2026, 10), (2026, 11), (2027, 1), (2027, 2))] == [
        60,
        120,
        120,
        0,
    ]
    assert staffing.capacity("south", "2026-11") == 40
    year = replace(
        asked,
        instance=asked.instance.model_copy(
            update={"calendar": asked.instance.calendar.model_copy(update={"periods": Periods.ONE})}
        ),
    )
    whole = Staffing.of(year, decisions(two))
    assert whole.capacity("north", whole.labels[0]) == 0  # nobody is there all the year


def test_the_program_holds_the_same_capacity():
    asked = question()
    variables = Variables(Builder(exact=True, block_axis="team"), Data(asked, exact=True))
    form = variables.capacity
    assert form is not None
    columns = dict(zip(form.column, form.coefficient, strict=True))
    # Each column holds 60 cases of North's or 20 of South's in each month that it is there.
    assert set(form.coefficient) == {Fraction(60), Fraction(20)}
    # August: October alone; October and November 3 to 6 months; February 3 to 6: in each of two.
    there = 1 + (3 + 4 + 5 + 6) * 3
    assert len(form.coefficient) == 2 * there
    assert len(columns) == 1 + 3 * 4


@pytest.mark.parametrize("part", ["price", "extension.price"])
def test_a_team_without_a_price_is_refused_and_is_not_free(part):
    figures = {"price": "unknown"}
    if part == "extension.price":
        figures = {"extension": {"months": 2}}
    with pytest.raises(so.InputError, match="is not known") as raised:
        build(question(**figures))
    assert [fault.place.path for fault in raised.value.faults] == [f"managed_teams.relief.{part}"]


def test_unknown_travel_stays_a_line_without_a_figure():
    asked = question(travel="unknown")
    figures = derive(asked, decisions((Bought("2026-10", 0),)))
    lines = {(line.line, line.year): line.amount for line in figures.money}
    assert lines["travel in the term from 2026-10", "2026/27"] is None
    totals = {(t.of, t.name, t.year): t.amount for t in figures.totals}
    amount = totals["managed team", "relief", "2026/27"]
    assert (amount.raw, amount.at_least) == (60_000, True)


def test_nothing_is_bought_after_the_funds_last_month():
    asked = question()
    fund = asked.instance.funds["reserves"].model_copy(update={"ends": Month.parse("2026-12")})
    ended = replace(asked, instance=asked.instance.model_copy(update={"funds": {"reserves": fund}}))
    for one in CHOICES:
        late = max(one.months) > 2026 * 12 + 12
        found = check_decisions(ended, decisions((one,)))
        broken = any(f.verdict is Verdict.BROKEN for f in found if "last month" in f.words)
        assert broken == late, one
    program = build(ended, exact=True)
    matrix = program.matrix.floating()
    names = [program.column_label(i) for i in range(matrix.columns)]
    row = next(i for i in range(matrix.rows) if "after the fund ends" in program.row_label(i))
    coefficients = {names[c] for c in np.flatnonzero(_row(matrix, row))}
    lawful = [one for one in CHOICES if allowed_term(one)]
    assert coefficients == {
        f"started[relief,{one.start},{one.extension}]"
        for one in lawful
        if max(one.months) > 2026 * 12 + 12
    }


def allowed_term(one: Bought) -> bool:
    return one.extension == 0 or one.start != "2026-08"


def _row(matrix: Any, row: int) -> np.ndarray:
    unit = np.zeros(matrix.columns)
    for column in range(matrix.columns):
        for entry in range(matrix.indptr[column], matrix.indptr[column + 1]):
            if matrix.indices[entry] == row:
                unit[column] = matrix.data[entry]
    return unit


def test_a_team_that_no_rule_offers_is_not_bought():
    asked = replace(question(), rules=(StayWithinBudget(label="budget"),))
    found = check_decisions(asked, decisions((Bought("2026-10", 0),)))
    assert [f.words for f in found if f.verdict is Verdict.BROKEN] == [
        "Relief team is bought, but no rule offers it"
    ]
    program = build(asked)
    assert not any(b.stop > b.start for b in program.column_blocks if b.name == "started")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Bought("2026-12", 0), "Relief team, from Dec 2026: no team can start in this month"),
        (Bought("2026-10", 4), "Relief team, from Oct 2026: extended by 4 months, 3 at most"),
        (
            Bought("2026-08", 1),
            "Relief team, from Aug 2026: the extension had to be agreed by Aug 2026",
        ),
    ],
)
def test_what_cannot_be_bought_is_told(asked, one, told):
    found = check_decisions(asked, decisions((one,)))
    assert told in [f.words for f in found if f.verdict is Verdict.BROKEN]


def test_a_required_team_that_is_missing_is_told():
    found = check_decisions(question(required=True), Decisions())
    (finding,) = (f for f in found if f.verdict is Verdict.BROKEN)
    assert finding.words.endswith("though one is required")
    assert (finding.by, finding.unit) == (1, "teams")


def test_a_decision_on_an_unknown_team_or_made_twice_is_told(asked):
    one = decisions((Bought("2026-10", 0),)).managed_teams[0]
    twice = Decisions(managed_teams=(one, one))
    ghost = Decisions(managed_teams=(one.model_copy(update={"managed_team": "ghost"}),))
    for wrong, told in ((twice, "is decided 2 times"), (ghost, "ghost")):
        (finding,) = check_decisions(asked, wrong)
        assert told in finding.words


def test_the_plan_says_what_is_bought_and_by_when_its_extension_must_be_agreed(asked):
    plan = solved(question(required=True, starts=["2026-10"]))
    text = " ".join(render(plan).split())
    assert "FUND the relief team from Oct 2026 to Dec 2026." in text
    assert "£61,500 for the whole term of Relief team." in text
    bought = decisions((Bought("2026-10", 2),))
    longer = plan.model_copy(update={"decisions": bought, "figures": derive(asked, bought)})
    told = " ".join(render(longer).split())
    # December less two months
    assert "to Feb 2027, two months of it an extension (agree by Oct 2026)" in told


def test_a_plan_with_a_managed_team_verifies_from_its_file_alone(tmp_path):
    plan = solved(question(required=True))
    assert so.verify(so.Plan.load(plan.save(tmp_path / "plan.json"))).ok
    figure = plan.figures.managed_teams[0].model_copy(update={"teams": 2})
    lying = plan.figures.model_copy(update={"managed_teams": (figure,)})
    assert not so.verify(plan.model_copy(update={"figures": lying})).ok


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"serves": {"north": "0.75"}}, "add up to 0.75"),
        ({"price": -1}, "price is below zero"),
        ({"starts": ["2026-10", "2026-10"]}, "stands twice"),
        ({"starts": []}, "no team can start"),
        ({"extension": {"months": 2, "price": -1}}, "price is below zero"),
    ],
)
def test_what_a_file_cannot_state_is_refused(changes, told):
    with pytest.raises(ValueError, match=told):
        question(**changes)


def test_why_there_is_no_plan_names_the_team():
    tight = question(required=True, starts=["2027-03"])
    with pytest.raises(so.Infeasible) as raised:
        solved(replace_ceiling(tight, 1000))
    assert "Reserves" in str(raised.value)


def replace_ceiling(asked: Question, ceiling: int) -> Question:
    fund = TREE["funds"]["reserves"] | {"ceiling": ceiling}
    tree = asked.instance.model_dump(mode="json", exclude_unset=True) | {
        "funds": {"reserves": fund}
    }
    return replace(asked, instance=Instance.model_validate(tree))


def test_without_managed_teams_a_question_has_no_column_of_them():
    with so.Desk(so.load("tiny"), so.models(), so.Request()) as desk:
        program = build(desk.question)
    assert not any(b.stop > b.start for b in program.column_blocks if b.name == "started")
