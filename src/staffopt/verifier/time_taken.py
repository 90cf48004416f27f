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
    question, taken = staffing.question, Fraction(0)
    kinds = {
        rule.staff
        for rule in question.rules
        if isinstance(rule, TrainByExperienced) and team in question.teams_in(rule.scope)
    }
    for trainee, record in question.instance.roles.items():
        training = record.career.trained_by if record.career else None
        if training is None or training.role != role or record.kind not in kinds:
            continue
        if staffing.carries(team, trainee):
            taken += Fraction(training.takes) * staffing.in_post(team, trainee, period)
    return taken
