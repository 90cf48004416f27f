"""Time of people in post that training others and short time take."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.rulebook import SHORT_TIME, TrainByExperienced

if TYPE_CHECKING:
    from staffopt.verifier.staffing import Staffing


def time_taken(staffing: Staffing, team: str, role: str, period: str) -> Fraction:
    """Return the FTE of a role in a team that do not do their own work in a period."""
    return _short_time(staffing, team, role, period) + _training(staffing, team, role, period)


def _short_time(staffing: Staffing, team: str, role: str, period: str) -> Fraction:
    career = staffing.question.instance.roles[role].career
    if career is None or career.short_time is None:
        return Fraction(0)
    on_it = [
        flow.fte
        for flow in staffing.flows
        if (flow.kind, flow.team, flow.role, flow.period) == (SHORT_TIME, team, role, period)
    ]
    return Fraction(career.short_time.idle) * sum(on_it, Fraction(0))


def _training(staffing: Staffing, team: str, role: str, period: str) -> Fraction:
    taken = Fraction(0)
    for rule in staffing.question.rules:
        if not isinstance(rule, TrainByExperienced):
            continue
        if team not in staffing.question.teams_in(rule.scope):
            continue
        for trainee in staffing.roles[rule.staff]:
            career = staffing.question.instance.roles[trainee].career
            training = career.trained_by if career else None
            if training is not None and training.role == role and staffing.carries(team, trainee):
                taken += Fraction(training.takes) * staffing.in_post(team, trainee, period)
    return taken
