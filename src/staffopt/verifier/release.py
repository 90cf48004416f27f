"""Time that support officers give back to the social workers they serve."""

from __future__ import annotations

from fractions import Fraction

from staffopt.plan import TODAY
from staffopt.rulebook import ReleaseTime
from staffopt.verifier.staffing import ZERO, Staffing, once, total


def served(rule: ReleaseTime, staffing: Staffing, team: str, period: str) -> Fraction:
    """Return V, the FTE of social workers served in a team: the least of three bounds.

    An officer serves no more workers than there are, than the ratio allows, or than the officer's
    own week has hours for.
    """
    return _served(staffing, rule, team, period)


@once
def _served(staffing: Staffing, rule: ReleaseTime, team: str, period: str) -> Fraction:
    support = staffing.releasing(team, rule.support, period)
    supported = staffing.fte([team], rule.supported, period)
    if not support:
        return min(supported, ZERO)
    by_hours = Fraction(rule.contract_hours) / Fraction(rule.hours) * support
    return min(supported, Fraction(rule.ratio) * support, by_hours)


def released_by(rule: ReleaseTime, staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the FTE that one rule adds to a team: only workers *newly* served add capacity."""
    newly = served(rule, staffing, team, period) - served(rule, staffing, team, TODAY)
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
