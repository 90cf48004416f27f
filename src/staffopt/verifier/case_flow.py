"""Cases that come and go: what is open after each month, by plain recursion in fractions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import Periods
from staffopt.instance.case_flow import CaseMove
from staffopt.plan import CaseFlowFigure
from staffopt.question import Question
from staffopt.rulebook import FlowCases
from staffopt.verifier.registry import label_of
from staffopt.verifier.staffing import ZERO, Staffing, once

Kind = tuple[str, str]
"""A team and a case type; no name where cases have no types."""


@dataclass(frozen=True, slots=True)
class Month:
    """What happens to the cases of one type in a team in one month, in cases.

    Attributes:
        before: open when the month begins.
        arriving: arriving from outside.
        closed: closed by the team or a managed team.
        gone: going on to another team or type, those that are closed left out.
        come: coming from another team or type.
    """

    before: Fraction
    arriving: Fraction
    closed: Fraction
    gone: Fraction
    come: Fraction

    @property
    def open(self) -> Fraction:
        """Open when the month ends."""
        return self.before + self.arriving - self.closed - self.gone + self.come


def flowing(question: Question) -> tuple[str, ...]:
    """Name the teams whose cases flow, in order of id; none where no rule says so.

    Raises:
        InputError: if the cases of any are not known, periods are not months, or a team's cases run
            by data as well.
    """
    rule = question.rule(FlowCases)
    if rule is None:
        return ()
    teams = tuple(t for t in question.teams_in(rule.scope) if question.holds_cases(t))
    label = label_of(rule)
    if question.instance.calendar.periods is not Periods.MONTHS:
        what = f"{label} follows cases from month to month, and the periods are no months"
        mend, place = "Write `periods: months` in the calendar.", Place(path="calendar.periods")
        raise InputError([Fault("periods-not-months", what, mend, place)])
    both = [team for team in teams if question.course(team) is not None]
    if both:
        what = f"the cases of {', '.join(both)} flow ({label}), and data say how they run"
        raise InputError([Fault("flow-and-series", what, "Take cases_over_time out.")])
    return teams


def kinds_of(question: Question, team: str) -> tuple[str, ...]:
    """Name the case types that a team may have, where its cases flow."""
    record, moves = question.instance.teams[team], question.instance.case_moves
    today = list(record.cases) if isinstance(record.cases, Mapping) else [""]
    arriving = list(record.flow.types) if record.flow else []
    reached = [end[1] for move in moves for end in (move.leaves, move.reaches) if end[0] == team]
    return tuple(dict.fromkeys([*today, *arriving, *reached]))


@once
def course_of_cases(staffing: Staffing) -> Mapping[tuple[str, str, str], Month]:
    """Follow cases from today on: (team, case type, period) → what happens in that month."""
    question = staffing.question
    places = [(t, kind) for t in flowing(question) for kind in kinds_of(question, t)]
    moves = [move for move in question.instance.case_moves if move.leaves in places]
    there = {(t, kind): Fraction(question.cases_today(t).get(kind, 0)) for t, kind in places}
    found: dict[tuple[str, str, str], Month] = {}
    for period in staffing.labels:
        closed = {place: staffing.closed.get((*place, period), ZERO) for place in places}
        moved = [(move, _moving(move, there, closed)) for move in moves]
        for place in places:
            found[(*place, period)] = Month(
                before=there[place],
                arriving=_arriving(staffing, *place, period),
                closed=closed[place],
                gone=sum((n for m, n in moved if m.leaves == place and m.of_closed is None), ZERO),
                come=sum((n for m, n in moved if m.reaches == place), ZERO),
            )
        there = {place: found[(*place, period)].open for place in places}
    return found


def _moving(
    move: CaseMove, there: Mapping[Kind, Fraction], closed: Mapping[Kind, Fraction]
) -> Fraction:
    """Return how many cases a move takes in a month."""
    if move.of_open is not None:
        return Fraction(move.of_open) * there[move.leaves]
    if move.of_closed is not None:
        return Fraction(move.of_closed) * closed[move.leaves]
    return Fraction(move.cases or 0)


def _arriving(staffing: Staffing, team: str, kind: str, period: str) -> Fraction:
    flow = staffing.question.instance.teams[team].flow
    if flow is None:
        return ZERO
    arrivals = flow.types.get(kind) if kind else flow.arrivals
    month, first = staffing.by_label[period].start, staffing.question.instance.calendar.start
    return ZERO if arrivals is None else arrivals.in_month(first, month)


def open_by_type(staffing: Staffing, team: str, period: str) -> dict[str, Fraction]:
    """Return the weighted cases of each type that are open at the end of a month."""
    question, course = staffing.question, course_of_cases(staffing)
    return {
        kind: question.weight(kind) * course[team, kind, period].open
        for kind in kinds_of(question, team)
    }


def case_flow_figures(staffing: Staffing) -> tuple[CaseFlowFigure, ...]:
    """Say what happens to cases in every team, of every type, month by month."""
    return tuple(
        CaseFlowFigure(
            team=team,
            case_type=kind or None,
            period=period,
            before=month.before,
            arriving=month.arriving,
            closed=month.closed,
            gone=month.gone,
            come=month.come,
            open=month.open,
        )
        for (team, kind, period), month in course_of_cases(staffing).items()
    )


def in_parts(staffing: Staffing, teams: Iterable[str]) -> bool:
    """Say whether cases of some teams flow, so that what is open may be no whole number."""
    return not {*teams}.isdisjoint(flowing(staffing.question))


def closed_in(staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the weighted cases that are closed in a team in a month."""
    question, course = staffing.question, course_of_cases(staffing)
    kinds = kinds_of(question, team)
    return sum((question.weight(k) * course[team, k, period].closed for k in kinds), ZERO)


def months_of(staffing: Staffing, team: str, period: str) -> Iterator[tuple[str, Month]]:
    """Yield each case type of a team with what happens to it in a month."""
    course = course_of_cases(staffing)
    for kind in kinds_of(staffing.question, team):
        yield kind, course[team, kind, period]
