"""What the solver is told of who holds which cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.question import ALL
from staffopt.rulebook import Denominator, HoldEveryCase, RespectCaseloadCap, Rule
from staffopt.rules.case_flow import FlowingCases
from staffopt.rules.registry import Figures, compiles, figure_itself
from staffopt.rules.variables import Variables

CASES_HELD = "cases_held"
"""The block of decisions on who holds how many cases."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds how many cases.

    Attributes:
        rule: the rule that splits them.
        teams: the teams whose cases are split, in order of id.
        places: where somebody may hold cases, over (team, role).
        cases: weighted cases held, over (team, role, period).
        unallocated: weighted cases that nobody holds, over (team, period).
    """

    rule: HoldEveryCase
    teams: tuple[str, ...]
    places: Mask
    cases: Expression
    unallocated: Expression


@compiles(HoldEveryCase, reads=(Figures.CASES,))
def hold_every_case(rule: HoldEveryCase, v: Variables, d: Data) -> Iterator[Rows]:
    """What roles hold, what managed teams hold and what nobody holds are all the cases."""
    teams = d.teams_with_cases(rule)
    _refuse(rule, v, d, teams)
    inside = Mask.of(d.team, teams)
    places = inside & d.mask((d.team, d.role), lambda t, r: _may_hold(d, t, r))
    cases = v.decision(
        CASES_HELD,
        places & d.mask((d.period,), lambda _: True),
        Kind("weighted cases", decision=True),
        rule.label,
        quantum=d.table((), lambda: rule.quantum),
    )
    left = (v.cases - cases.sum("role")).where(inside)
    limit = None if not isinstance(rule.unallocated, Decimal) else rule.unallocated
    nobody = left if v.capacity is None else _beyond_capacity(rule, left, inside, v, d)
    yield (left >= 0).where(inside).tagged(unit="cases", suffix="at most all", defines=True)
    if limit is not None:
        yield (
            (nobody <= limit)
            .follow(nobody, figure_itself(rule.path("unallocated")))
            .where(inside)
            .tagged(
                unit="cases",
                suffix="unallocated",
                parameter=rule.path("unallocated"),
                kind=ParameterKind.RIGHT_HAND_SIDE,
                factor=1.0,
            )
        )
    there = v.able * d.counted(Denominator.CASE_HOLDERS)
    yield (
        (cases <= there * rule.most)
        .where(places)
        .tagged(unit="cases", suffix="by people in post", defines=True)
    )
    yield from _types(cases, teams, v, d)
    v.held = Held(rule, teams, places, cases, nobody)


def _beyond_capacity(
    rule: HoldEveryCase, left: Expression, inside: Mask, v: Variables, d: Data
) -> Expression:
    """Declare what is left beyond the capacity of managed teams, never below nothing."""
    assert v.capacity is not None
    mask = inside & d.mask((d.period,), lambda _: True)
    nobody = v.derived("unallocated", mask, Kind("weighted cases"), rule.label)
    v.constrain((nobody >= left - v.capacity).where(inside), rule.label)
    return nobody


def _may_hold(d: Data, team: str, role: str) -> bool:
    """Say whether a role may hold cases in a team, and can have anybody there."""
    asked = d.question
    there = (
        asked.instance.teams[team].posts.get(role, 0)
        or d.people_today(team, role)
        or d.people_move(team, role)
    )
    return bool(asked.holds(role) and there)


def _types(cases: Expression, teams: tuple[str, ...], v: Variables, d: Data) -> Iterator[Rows]:
    """Roles that hold some types only hold no more than there are of them, alone or together."""
    limited = {
        frozenset(types)
        for r in d.role.labels
        if (types := d.question.holds(r)) and ALL not in types
    }
    unions = {
        frozenset().union(*some)
        for size in range(1, len(limited) + 1)
        for some in combinations(sorted(limited, key=sorted), size)
    }
    for union in sorted(unions, key=sorted):
        roles = [r for r in d.role.labels if (own := d.question.holds(r)) and union >= {*own}]
        there = _open_cases(union, teams, v, d)
        held = cases.where(Mask.of(d.role, roles)).sum("role")
        yield (
            (held <= there)
            .where(Mask.of(d.team, teams))
            .tagged(unit="cases", suffix=f"of {', '.join(sorted(union))}", defines=True)
        )


def _open_cases(types: frozenset[str], teams: tuple[str, ...], v: Variables, d: Data) -> Expression:
    """Weighted open cases of some types over (team), and (period) where they vary."""
    given = {
        (t, *when): d.number(
            sum((n for k, n in _by_type(d, t, *when).items() if k in types), Fraction(0))
        )
        for t in teams
        for when in d.times
        if not v.cases_flow((t,))
    }
    there = d.table((d.team, *d.moments), lambda *cell: given.get(cell, 0))
    if v.case_flow is None:
        return there
    (axis,) = (axis for axis in v.case_flow.by_type.axes if axis.name == "case_type")
    return there + v.case_flow.by_type.where(Mask.of(axis, types)).sum("case_type")


def _by_type(d: Data, team: str, period: str | None = None) -> dict[str, Fraction]:
    """Return a team's weighted cases of each type in a period, or of today."""
    if period is not None:
        return d.question.cases_by_type_in(team, period)
    return {k: Fraction(n) for k, n in d.question.cases_by_type(team).items()}


def _refuse(rule: HoldEveryCase, v: Variables, d: Data, teams: tuple[str, ...]) -> None:
    """Refuse what cannot be split.

    Raises:
        InputError: if another rule splits cases already, cases are no multiple of the quantum, or a
            role holds some types only and a team's cases are not given by type.
    """
    faults = []
    place = Place(path=f"standards.{rule.label}")
    if v.held is not None:
        what = f"{rule.label} splits cases that {v.held.rule.label} splits already"
        faults.append(Fault("split-twice", what, "Give one rule the scope of both.", place))
    limited = any(d.question.holds(r) and ALL not in d.question.holds(r) for r in d.role.labels)
    for team in teams:
        figures = [] if v.cases_flow((team,)) else [d.cases_at(team, *when) for when in d.times]
        off = next((cases for cases in figures if cases % Fraction(rule.quantum)), None)
        if off is not None:
            what = f"{rule.label} splits cases in multiples of {rule.quantum:f}; {team} has others"
            mend = f"Give a quantum that divides {float(off):g} cases, such as 0.5."
            faults.append(Fault("cases-off-quantum", what, mend, place))
        untyped = any(figures) or v.cases_flow((team,))
        if limited and not d.question.cases_by_type(team) and untyped:
            what = f"a role holds some case types only, and the cases of {team} have no types"
            mend = f"Give the cases of {team} by type, or write `holds: [all]`."
            faults.append(
                Fault("cases-without-types", what, mend, Place(path=f"teams.{team}.cases"))
            )
    if v.case_flow is not None and v.cases_flow(teams) and _leaves_parts(rule, v.case_flow):
        what = f"{rule.label} leaves at most {rule.unallocated} cases to nobody, and cases that "
        what += f"flow are no multiples of {rule.quantum:f}"
        mend = f"Let {rule.quantum:f} or more be unallocated, or let whole cases flow."
        faults.append(Fault("cases-off-quantum", what, mend, place))
    if faults:
        raise InputError(faults)


def _leaves_parts(rule: HoldEveryCase, flow: FlowingCases) -> bool:
    """Say whether parts of a case would have to be held, which are less than the quantum."""
    limit, quantum = rule.unallocated, Fraction(rule.quantum)
    enough = not isinstance(limit, Decimal) or Fraction(limit) >= quantum
    return not enough and (flow.whole is None or flow.whole % quantum != 0)


@compiles(RespectCaseloadCap, reads=())
def respect_caseload_cap(rule: RespectCaseloadCap, v: Variables, d: Data) -> Iterator[Rows]:
    """A capped role holds no more than its cap for each FTE in post."""
    held = cases_held(rule, v)
    caps = {r: cap for r in d.question.roles_of(rule.kind) if (cap := _cap(rule, r, d)) is not None}
    capped = held.places & d.scope(rule.scope) & Mask.of(d.role, caps)
    most = d.table((d.role,), lambda r: d.number(caps.get(r, Fraction(0))))
    there = v.able * d.counted(Denominator.CASE_HOLDERS)
    yield (
        (held.cases <= there * most)
        .where(capped)
        .tagged(unit="cases", parameter=rule.path("cap"), kind=ParameterKind.COEFFICIENT)
    )


def cases_held(rule: Rule, v: Variables) -> Held:
    """Return who holds cases.

    Raises:
        InputError: if no rule splits them.
    """
    if v.held is None:
        raise InputError([no_split(rule.label)])
    return v.held


def no_split(name: str) -> Fault:
    """Make the fault of what asks who holds cases where no rule splits them."""
    return Fault(
        "no-split",
        f"{name} asks who holds cases, and no rule of the model splits them",
        f"Add the rule {HoldEveryCase.name}.",
        Place(path=f"standards.{name}"),
    )


def _cap(rule: RespectCaseloadCap, role: str, d: Data) -> Fraction | None:
    """Return a role's cap, or None where it has none."""
    record = d.question.instance.roles[role]
    if rule.tag is not None and rule.tag not in record.tags:
        return None
    if rule.cap is not None:
        return Fraction(rule.cap)
    if rule.full_load is not None:
        share = record.counts_as if rule.share is None else rule.share
        return Fraction(rule.full_load) * Fraction(share)
    return Fraction(record.cap) if isinstance(record.cap, Decimal) else None
