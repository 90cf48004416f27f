"""Whole heads that set-up is paid for, once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil

from staffopt.instance.staff import SetUpHeads
from staffopt.plan import HeadsFigure
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.verifier.staffing import ZERO, Staffing, once


@once
def heads_figures(staffing: Staffing) -> tuple[HeadsFigure, ...]:
    """Count heads by role (and by team where they are not pooled) and period.

    FTE is the most that has been added by the end of the period, since a head is paid for once
    and its equipment is kept, less what heads of before have room for; heads are that FTE rounded
    up. Cuts of one team do not pay for another team's additions.
    """
    return tuple(
        figure
        for role, record in staffing.question.instance.roles.items()
        if record.set_up is not Absent.NOT_APPLICABLE
        for figure in _of_role(staffing, role, record.set_up_heads)
    )


def _of_role(staffing: Staffing, role: str, pooling: SetUpHeads) -> Iterator[HeadsFigure]:
    teams = tuple(staffing.question.instance.teams)
    if pooling is SetUpHeads.POOLED:
        yield from _so_far(staffing, role, teams, None)
    else:
        for team in teams:
            yield from _so_far(staffing, role, (team,), team)


def _so_far(
    staffing: Staffing, role: str, teams: tuple[str, ...], team: str | None
) -> Iterator[HeadsFigure]:
    most, room = ZERO, spare_heads(staffing.question, role, teams)
    for label in staffing.labels:
        changes = (staffing.change(name, role, label) for name in teams)
        most = max(most, sum((c for c in changes if c > 0), ZERO) - room)
        if most:
            yield HeadsFigure(role=role, team=team, period=label, fte=most, heads=ceil(most))


def spare_heads(question: Question, role: str, teams: Iterable[str]) -> Fraction:
    """Return the FTE that heads of before have room for in some teams."""
    records = question.instance.teams
    return sum((Fraction(records[team].spare_heads.get(role, 0)) for team in teams), ZERO)


@once
def heads_there(staffing: Staffing) -> tuple[HeadsFigure, ...]:
    """Count the heads that are added in each period and cost something beside pay, as above.

    FTE is what is added in the period itself: who has gone costs nothing more. The rest of a head
    that is there already costs nothing more either.
    """
    teams = tuple(staffing.question.instance.teams)
    return tuple(
        figure
        for role, record in staffing.question.instance.roles.items()
        if record.non_staffing is not Absent.NOT_APPLICABLE
        for group, team in (
            [(teams, None)]
            if record.set_up_heads is SetUpHeads.POOLED
            else [((team,), team) for team in teams]
        )
        for figure in _now(staffing, role, group, team)
    )


def _now(
    staffing: Staffing, role: str, teams: tuple[str, ...], team: str | None
) -> Iterator[HeadsFigure]:
    room = spare_heads(staffing.question, role, teams) % 1
    for label in staffing.labels:
        changes = (staffing.change(name, role, label) for name in teams)
        fte = sum((change for change in changes if change > 0), ZERO) - room
        if fte > 0:
            yield HeadsFigure(role=role, team=team, period=label, fte=fte, heads=ceil(fte))
