"""Time that support officers give back to the social workers they serve."""

from __future__ import annotations

from fractions import Fraction

from staffopt.instance.staff import RoleKind
from staffopt.plan import TODAY
from staffopt.rulebook import ReleaseTime
from staffopt.verifier.staffing import ZERO, Staffing, once, total


def served(rule: ReleaseTime, staffing: Staffing, team: str, period: str) -> Fraction:
    """Return V, the FTE of social workers served in a team: the least of three bounds.

    An officer serves no more workers than there are, than the ratio allows, or than the officer's
    own week has hours for.
    """
    each = Fraction(rule.ratio), Fraction(rule.contract_hours) / Fraction(rule.hours)
    return _served(staffing, (rule.support, rule.supported), each, team, period)


@once
def _served(
    staffing: Staffing,
    staff: tuple[RoleKind, RoleKind],
    each: tuple[Fraction, Fraction],
    team: str,
    period: str,
) -> Fraction:
    support = staffing.releasing(team, staff[0], period)
    supported = staffing.fte([team], staff[1], period)
    if not support:
        return min(supported, ZERO)
    return min(supported, *(workers * support for workers in each))


def served_today(rule: ReleaseTime, staffing: Staffing, team: str) -> Fraction:
    """Return the FTE of social workers whose time is released already, as given or by the posts."""
    if team in rule.served_today:
        return Fraction(rule.served_today[team])
    return served(rule, staffing, team, TODAY)


def released_by(rule: ReleaseTime, staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the FTE that one rule adds to a team: only workers *newly* served add capacity."""
    newly = served(rule, staffing, team, period) - served_today(rule, staffing, team)
    if not newly:
        return ZERO
    return Fraction(rule.hours) / Fraction(rule.contract_hours) * newly


@once
def released(staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the FTE released in a team by every rule whose scope it lies in."""
    question = staffing.question
    rules = (
        rule
        for rule in question.rules
        if isinstance(rule, ReleaseTime) and team in question.teams_in(rule.scope)
    )
    return total(released_by(rule, staffing, team, period) for rule in rules)
