"""What happens when managed teams leave: the cases that they held, and who holds them then."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import ExitFigure
from staffopt.verifier.caseloads import Carried, carried_by_others, cases_of
from staffopt.verifier.cases import held_by_roles, split_teams, unallocated
from staffopt.verifier.staffing import ZERO, Hire, Staffing


def exit_figures(staffing: Staffing) -> tuple[ExitFigure, ...]:
    """Say of every managed team that holds cases what becomes of them when it leaves."""
    return tuple(figure for hire in staffing.hired for figure in _exits(staffing, hire))


def _exits(staffing: Staffing, hire: Hire) -> Iterator[ExitFigure]:
    """Yield what each team that it serves gets back; nothing where it never holds a period's."""
    record = staffing.question.instance.managed_teams[hire.managed_team]
    periods = [label for label in staffing.labels if staffing.at_work(hire, label)]
    if not periods:
        return
    last = periods[-1]
    later = staffing.labels[staffing.labels.index(last) + 1 :]
    for team in record.serves:
        cases = _held(staffing, hire, team, last)
        if not cases:
            continue
        before = carried_by_others(staffing, [team], last)
        after = (
            carried_by_others(staffing, [team], later[0])
            if later
            else Carried(before.cases + cases, before.fte, before.denominator)
        )
        yield ExitFigure(
            managed_team=hire.managed_team,
            start=hire.start,
            extension=hire.extension,
            team=team,
            end=hire.end(record),
            period=later[0] if later else None,
            cases=cases,
            before=_each(before),
            after=_each(after),
        )


def _held(staffing: Staffing, hire: Hire, team: str, period: str) -> Fraction:
    """Return the cases that managed teams bought alike hold: their part of what all of them do."""
    own = staffing.hired[hire] * staffing.holds(hire, team)
    if not own:
        return ZERO
    capacity, cases = staffing.capacity(team, period), cases_of(staffing, [team], period)
    held = min(capacity, cases)
    if team in split_teams(staffing):
        held = cases - held_by_roles(staffing, team, period) - unallocated(staffing, team, period)
    return held * own / capacity


def _each(carried: Carried) -> Fraction | None:
    return carried.cases / carried.fte if carried.fte else None
