"""What the solver is told of how cases come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import Periods
from staffopt.instance.case_flow import CaseFlow, CaseMove
from staffopt.quantity import common_measure
from staffopt.rulebook import FlowCases
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables

CASES_CLOSED = "cases_closed"
"""The block of decisions on how many cases are closed."""

UNTYPED = "no type"
"""The label of cases that have no types, on the axis of case types; no type can be called so."""


@dataclass(frozen=True, slots=True)
class FlowingCases:
    """How cases come and go.

    Attributes:
        rule: the rule that says so.
        teams: the teams whose cases flow, in order of id.
        by_type: weighted open cases at the end of a month, over (team, case_type, period).
        cases: the same of all types, over (team, period).
        whole: the measure of which every figure of the flow is a multiple, weighted cases; None
            where shares leave parts of a case.
        ever: weighted cases that there are in all, today's and whatever arrives.
    """

    rule: FlowCases
    teams: tuple[str, ...]
    by_type: Expression
    cases: Expression
    whole: Fraction | None
    ever: Fraction


@compiles(FlowCases)
def flow_cases(rule: FlowCases, v: Variables, d: Data) -> Iterator[Rows]:
    """Open cases are those before, and what arrives, less what is closed and what moves on."""
    f = _Figures(rule, d, tuple(d.teams_with_cases(rule)))
    refuse(rule, v, d, f.teams)
    cells = f.places & v.every_period
    opened = v.derived("cases_open", cells, Kind("cases"), rule.label)
    closed = v.decision(
        CASES_CLOSED,
        cells,
        Kind("cases", decision=True),
        rule.label,
        quantum=d.table((), lambda: rule.quantum),
    )
    before = opened.previous("period", first=f.today)
    stays = before + f.arriving - closed + _moved(f, before, closed)
    yield opened.equals(stays).where(f.places).tagged(unit="cases", suffix="balance", defines=True)
    yield (
        (closed <= before * f.rate)
        .where(f.places & f.rated)
        .tagged(unit="cases", suffix="ready to be closed", defines=True)
    )
    there = v.fte(rule.basis, rule.label, rule.denominator) * f.per_fte
    if v.closing is not None:
        there += v.closing
    yield (
        ((closed * f.weight).sum("case_type") <= there)
        .where(f.limited)
        .tagged(unit="cases", suffix="by those there", defines=True)
    )
    weighted = opened * f.weight
    v.case_flow = FlowingCases(rule, f.teams, weighted, weighted.sum("case_type"), f.whole, f.ever)


def _moved(f: _Figures, before: Expression, closed: Expression) -> Expression:
    """What moves, taken off where it leaves and added where it arrives; what is closed has left."""
    change = f.nothing
    for move in f.moves:
        team, kind = move.leaves
        here, there = f.at(*move.leaves), f.at(*move.reaches)
        if move.cases is not None:
            change += (there - here) * Fraction(move.cases)
        elif move.of_open is not None:
            leaving = before.at("team", team).at("case_type", kind or UNTYPED)
            change += (there - here) * leaving * Fraction(move.of_open)
        elif move.of_closed is not None:
            leaving = closed.at("team", team).at("case_type", kind or UNTYPED)
            change += there * leaving * Fraction(move.of_closed)
    return change


@dataclass(frozen=True)
class _Figures:
    """The figures of the flow, over the axes that they have."""

    rule: FlowCases
    d: Data
    teams: tuple[str, ...]

    @cached_property
    def case_type(self) -> Axis:
        """Case types in order of id, and last those without one."""
        return Axis("case_type", (*sorted(self.d.question.instance.case_types), UNTYPED))

    @cached_property
    def moves(self) -> tuple[CaseMove, ...]:
        """The moves that leave a team whose cases flow."""
        moves = self.d.question.instance.case_moves
        return tuple(move for move in moves if move.team in self.teams)

    @cached_property
    def places(self) -> Mask:
        """Where cases may be, over (team, case_type)."""
        there = {(t, kind) for t in self.teams for kind in self.d.question.cases_today(t)}
        there |= {(t, kind) for t in self.teams for kind in self._flow(t).types}
        there |= {place for move in self.moves for place in (move.leaves, move.reaches)}
        return self.d.mask(
            (self.d.team, self.case_type), lambda t, k: (t, "" if k == UNTYPED else k) in there
        )

    @cached_property
    def today(self) -> Expression:
        """Open cases of today, over (team, case_type)."""
        there = self._by_type(lambda t, kind: Fraction(self.d.question.cases_today(t).get(kind, 0)))
        return there.where(self.places)

    @cached_property
    def arriving(self) -> Expression:
        """Cases that arrive, over (team, case_type, period)."""
        calendar = self.d.question.instance.calendar
        months = {period.label: period.start for period in calendar.cut()}

        def arrive(team: str, kind: str, period: str) -> Fraction | float:
            flow = self._flow(team)
            found = flow.arrivals if kind == UNTYPED else flow.types.get(kind)
            given = found.in_month(calendar.start, months[period]) if found else Fraction(0)
            return self.d.number(given)

        axes = (self.d.team, self.case_type, self.d.period)
        return self.d.table(axes, arrive).where(self.places)

    @cached_property
    def weight(self) -> Expression:
        """Weighted cases in one case, over (case_type)."""
        weigh = self.d.question.weight
        return self.d.table(
            (self.case_type,), lambda k: self.d.number(weigh("" if k == UNTYPED else k))
        )

    @cached_property
    def rate(self) -> Expression:
        """Share of open cases that is ready to be closed, over (team)."""
        return self._of_team(self._rate)

    @cached_property
    def rated(self) -> Mask:
        """The teams in which not every open case is ready."""
        return Mask.of(self.d.team, [t for t in self.teams if self._rate(t) is not None])

    @cached_property
    def per_fte(self) -> Expression:
        """Weighted cases that one FTE closes at most, over (team)."""
        return self._of_team(self._per_fte)

    @cached_property
    def limited(self) -> Mask:
        """The teams in which closing takes somebody's time."""
        return Mask.of(self.d.team, [t for t in self.teams if self._per_fte(t) is not None])

    @cached_property
    def nothing(self) -> Expression:
        """No cases, over (team, case_type)."""
        return self._by_type(lambda *_: Fraction(0))

    def at(self, team: str, kind: str) -> Expression:
        """1 in one place, over (team, case_type)."""
        return self._by_type(lambda t, k: Fraction((t, k) == (team, kind)))

    @cached_property
    def whole(self) -> Fraction | None:
        """The measure of which all that flows is a multiple; None where a share leaves parts."""
        if any(move.cases is None for move in self.moves):
            return None
        counts = [*self.today.constant.flat, *self.arriving.constant.flat]
        moved = [move.cases for move in self.moves if move.cases is not None]
        terms = [Fraction(n) for n in (*counts, *moved, self.rule.quantum)]
        weights = [self.d.question.weight(k) for k in self.d.question.instance.case_types]
        return common_measure(terms) * common_measure([Fraction(1), *weights])

    @cached_property
    def ever(self) -> Fraction:
        """All cases of today and all that arrive, each as heavy as the heaviest type."""
        counts = (*self.today.constant.flat, *self.arriving.constant.flat)
        return sum(map(Fraction, counts), Fraction(0)) * Fraction(max(self.weight.constant.flat))

    def _by_type(self, figure: Callable[[str, str], Fraction]) -> Expression:
        return self.d.table(
            (self.d.team, self.case_type),
            lambda t, k: self.d.number(figure(t, "" if k == UNTYPED else k)),
        )

    def _of_team(self, figure: Callable[[str], Decimal | None]) -> Expression:
        return self.d.table((self.d.team,), lambda t: figure(t) or 0)

    def _flow(self, team: str) -> CaseFlow:
        return self.d.question.instance.teams[team].flow or CaseFlow()

    def _rate(self, team: str) -> Decimal | None:
        own = self._flow(team).closure_rate
        return self.rule.closure_rate if own is None else own

    def _per_fte(self, team: str) -> Decimal | None:
        own = self._flow(team).closures_per_fte
        return self.rule.closures_per_fte if own is None else own


def needs_data(who: str, what: str) -> Fault:
    """Make the fault of what needs cases that are data, in teams whose cases flow."""
    return Fault(
        "cases-flow",
        f"{who} needs cases that are data, and in its scope they flow: with FTE that can change, a "
        "quotient of the two is not linear",
        f"Use no {what}, a scope without these teams, or cases_over_time in place of flow_cases.",
    )


def refuse(rule: FlowCases, v: Variables, d: Data, teams: tuple[str, ...]) -> None:
    """Refuse what cannot flow.

    Raises:
        InputError: if another rule says how cases flow, periods are not months, a team's cases run
            by data as well, or cases move to or from a team whose cases do not flow.
    """
    council, label = d.question.instance, rule.label
    place = Place(path=f"standards.{label}")
    faults = []
    if v.case_flow is not None:
        what = f"{label} says how cases flow, and {v.case_flow.rule.label} does already"
        faults.append(Fault("flows-twice", what, "Give one rule the scope of both.", place))
    if council.calendar.periods is not Periods.MONTHS:
        what = f"{label} follows cases from month to month, and the periods are no months"
        mend = "Write `periods: months` in the calendar."
        faults.append(Fault("periods-not-months", what, mend, Place(path="calendar.periods")))
    for team in teams:
        if d.question.course(team) is not None:
            what = f"the cases of {team} flow ({label}), and data say how they run"
            mend = "Take cases_over_time out, or the team out of the rule's scope."
            faults.append(
                Fault("flow-and-series", what, mend, Place(path=f"teams.{team}.cases_over_time"))
            )
    for i, move in enumerate(council.case_moves):
        ends = {move.team, move.reaches[0]}
        if ends & {*teams} and ends - {*teams}:
            other = ", ".join(sorted(ends - {*teams}))
            what = f"cases move between a team whose cases flow and {other}, whose cases do not"
            mend = f"Give {label} the scope of both teams, or take the move out."
            faults.append(Fault("move-out-of-scope", what, mend, Place(path=f"case_moves.{i}")))
    if faults:
        raise InputError(faults)
