"""What the program calls a shortfall is what the verifier calls one, for every rule there is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from compiled import ask, session
from staffopt.algebra.program import NONE
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.instance.staff import RoleKind
from staffopt.plan import (
    CasesDecision,
    Decisions,
    Finding,
    PlaceDecision,
    PostDecision,
    Verdict,
)
from staffopt.rulebook import RULES, HoldEveryCase, PlaceEveryone, Rule, Soften, find_rule
from staffopt.verifier import check_decisions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staffopt.question import Question

FIRST, SECOND = "2024/25", "2025/26"
YEARLY = {"start": "2024-10", "end": "2026-03", "periods": "financial_years"}
FUND = {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 5000}}

# north: 100 cases, 4 workers, 1 officer; south: 60 cases, 4 workers; the office has 1 lead.
MISSED: dict[str, list[dict[str, Any]]] = {
    "keep_existing_posts": [{}, {"scope": "north"}],
    "limit_recruitment": [{"limit": "0.25"}, {"limit": "0.5", "staff": "support"}],
    "keep_support_ratio": [{"ratio": 4}, {"ratio": "4.5", "each": "scope"}],
    "limit_span_of_control": [
        {"span": "0.5", "managers": "support_lead", "staff": "support"},
        {"span": 3, "managers": "support", "each": "team"},
        {"span": 1, "managers": "support_lead", "staff": "support", "measure": "heads"},
        {"span": "1.5", "managers": "support", "each": "team", "measure": "heads"},
    ],
    "keep_average_caseload": [
        {"target": "17.5"},
        {"target": 17, "each": "team"},
        {"target": 17, "each": "team", "rounding": "posts_up"},
        {"target": 16, "rounding": "posts_nearest"},
    ],
    "stay_within_budget": [{}],
    "limit_share": [
        {"kind": "support", "of": ["case_holder", "support"], "most": "0.2", "counted": "posts"},
        {"kind": "support", "of": ["case_holder", "support"], "least": "0.3"},
        {"tag": "asye", "of": ["support", "support_lead"], "most": "0.5", "each": "scope"},
    ],
    "keep_minimum_staffing": [
        {"least": "5.5"},
        {"least": 4, "staff": "support", "measure": "heads", "each": "scope"},
        {"supervised": "asye", "per": 4},
        {"supervised": "asye", "per": 3, "measure": "heads"},
    ],
    "limit_team_size": [
        {"most": "4.5"},
        {"most": 1, "staff": ["support"], "measure": "heads"},
    ],
    "honour_preferences": [{"least": "0.75"}],
    "share_refusals": [{"tag": "new"}],
    "hold_every_case": [{}, {"unallocated": 7}, {"scope": "north"}],
    "respect_caseload_cap": [{"cap": 15}, {"full_load": 20, "share": "0.8"}],
}
"""Rule → parameters under which the decisions below miss it, here and there."""

DECISIONS: Mapping[tuple[str, str, str], str] = {
    ("north", "worker", FIRST): "1",
    ("north", "worker", SECOND): "2",
    ("south", "worker", SECOND): "-1",
    ("north", "officer", FIRST): "0.5",
    ("south", "officer", SECOND): "1.5",
}
HELD: Mapping[tuple[str, str, str], str] = {
    ("north", "worker", FIRST): "90",
    ("north", "worker", SECOND): "95",
    ("south", "worker", FIRST): "60",
    ("south", "worker", SECOND): "60",
}
"""What the decisions split where a rule does: 10 and 5 of the north's 100 are left to nobody."""
CLERKS: dict[str, Any] = {
    "roles": {"clerk": {"kind": "administration"}},
    "teams": {"north": {"posts": {"clerk": 2}}, "south": {"posts": {"clerk": 2}}},
    "people": {
        "c1": {"role": "clerk", "tags": ["new"], "team": "north", "first": "south"},
        "c2": {"role": "clerk", "tags": ["new"], "team": "south", "first": "north"},
        "c3": {"role": "clerk", "team": "north", "first": "north"},
        "c4": {"role": "clerk", "team": "south", "first": "south"},
    },
}
PLACES: Mapping[tuple[str, str], int] = {
    ("c1", "north"): 1,
    ("c2", "south"): 1,
    ("c3", "north"): 1,
    ("c4", "south"): 1,
}
"""Nobody moves: both of the new clerks, and none of the others, are refused what they asked for."""
CASES = [(name, parameters) for name, listed in MISSED.items() for parameters in listed]
Short = dict[tuple[str | None, str | None, str], tuple[Fraction, str]]
"""(team, role, period or year) → by how much a rule is missed there, and the unit."""


def question(name: str, parameters: dict[str, Any], **soften: Any) -> Question:
    """Ask the tiny council, year by year, with the one rule softened."""
    rule = find_rule(name).model_validate({"label": name, **parameters, **soften})
    split = HoldEveryCase.model_validate({"label": "split", "unallocated": "unlimited"})
    also: list[Rule] = [split] if name == "respect_caseload_cap" else []
    tables: dict[str, Any] = {"roles": {"officer": {"tags": ["asye"]}}}
    if name in ("honour_preferences", "share_refusals"):
        also.append(PlaceEveryone(label="place"))
        tables = CLERKS
    kinds = tuple(kind for kind in RoleKind if kind is not RoleKind.ADMINISTRATION)
    return ask(rule, *also, calendar=YEARLY, funds=FUND, may_change=kinds, **tables)


def decided(*, placed: bool) -> Decisions:
    posts = tuple(
        PostDecision(team=t, role=r, period=p, change=Fraction(c))
        for (t, r, p), c in DECISIONS.items()
    )
    cases = tuple(
        CasesDecision(team=t, role=r, period=p, cases=Fraction(c)) for (t, r, p), c in HELD.items()
    )
    places = tuple(PlaceDecision(person=p, team=t) for p, t in PLACES) if placed else ()
    return Decisions(posts=posts, cases=cases, places=places)


def found_in(asked: Question) -> tuple[Finding, ...]:
    return check_decisions(asked, decided(placed=bool(asked.instance.people)))


def told_by_the_verifier(asked: Question) -> Short:
    return {
        (found.team, found.role, str(found.period)): (found.by or Fraction(0), str(found.unit))
        for found in found_in(asked)
        if found.rule == asked.rules[0].label and found.verdict is Verdict.SOFTENED
    }


def told_by_the_program(asked: Question) -> Short:
    """Fix the decisions, and let the solver make the shortfalls as small as the rows allow."""
    program = build(asked)
    matrix, tags = program.matrix.floating(), program.column_tags
    lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
    decided = {"change": DECISIONS, "cases_held": HELD, "placed": PLACES}
    for block in (block for block in program.column_blocks if block.name in decided):
        for column in range(block.start, block.stop):
            labels = zip(block.labels, block.cells[column - block.start], strict=True)
            cell = tuple(names[code] for names, code in labels)
            figure = Fraction(decided[block.name].get(cell, 0))
            lower[column] = upper[column] = float(figure / Fraction(str(tags.quantum[column])))
    cost = tags.shortfall.astype(float)
    solution = session().solve(
        replace(matrix, col_lower=lower, col_upper=upper), Changes(cost=cost)
    )
    assert solution.why is Why.OPTIMAL
    assert solution.values is not None
    return {
        tuple(label(program, axis, column) for axis in ("team", "role", "period")): (  # type: ignore[misc]
            Fraction(solution.values[column]).limit_denominator(10**6),
            program.names[tags.unit[column]],
        )
        for column in np.flatnonzero(tags.shortfall & (solution.values > 1e-9))
    }


def label(program: Any, axis: str, column: int) -> str | None:
    """Name a column's place on an axis; a financial year stands where a period does."""
    if axis == "period" and "year" in program.column_tags.keys:
        axis = "year" if program.column_tags.keys["year"][column] != NONE else axis
    codes = program.column_tags.keys.get(axis)
    return None if codes is None or codes[column] == NONE else program.axes[axis][codes[column]]


def test_every_rule_says_why_it_cannot_be_softened_or_is_measured_here():
    """A new rule gets a ``firm`` reason, or parameters in MISSED."""
    assert {name for name, rule in RULES.items() if not rule.firm} == set(MISSED)


@pytest.mark.parametrize(("name", "parameters"), CASES, ids=str)
def test_program_and_verifier_measure_the_same_shortfall_in_the_same_unit(name, parameters):
    asked = question(name, parameters, soften={"price": 1000})
    told = told_by_the_verifier(asked)
    assert told  # a rule that nothing misses would be measured by nobody
    assert told_by_the_program(asked) == told


@pytest.mark.parametrize(("name", "parameters"), CASES, ids=str)
def test_the_same_decisions_break_the_rule_where_it_is_not_softened(name, parameters):
    asked = question(name, parameters)
    broken = {
        (found.team, found.role, str(found.period)): (found.by, found.unit)
        for found in found_in(asked)
        if found.rule == name and found.verdict is Verdict.BROKEN
    }
    assert broken == told_by_the_verifier(question(name, parameters, soften={"price": 1}))


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.firm))
def test_a_firm_rule_refuses_a_price_with_its_reason(name):
    rule = find_rule(name)
    with pytest.raises(ValueError, match="cannot be softened: it ") as raised:
        rule.model_validate({**_needed(name), "soften": {"price": 1000}})
    assert rule.firm in str(raised.value)


def _needed(name: str) -> dict[str, Any]:
    needed = {
        "release_time": {"hours": 6, "contract_hours": 36, "ratio": 4},
        "require": {"role": "worker", "fte": 1},
        "require_managed_team": {"managed_team": "relief", "number": 1},
    }
    return needed.get(name, {})


@pytest.mark.parametrize("name", MISSED)
def test_a_rule_set_by_law_refuses_a_price(name):
    with pytest.raises(ValueError, match="set by law"):
        find_rule(name).model_validate(
            {**MISSED[name][0], "statutory": "true", "soften": {"price": 1000}}
        )


def test_a_target_of_printed_averages_has_no_shortfall_to_price():
    with pytest.raises(ValueError, match="strict edge"):
        find_rule("keep_average_caseload").model_validate(
            {"target": 18, "rounding": "printed(0)", "soften": {"price": 1000}}
        )


@pytest.mark.parametrize("price", [0, -5, "unlimited"])
def test_a_price_is_above_nothing(price):
    with pytest.raises(ValueError, match="price"):
        Soften.model_validate({"price": price})
