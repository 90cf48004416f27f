"""Whether cases come and go as they can: none below zero, and none closed by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import Finding
from staffopt.rulebook import Each, FlowCases
from staffopt.verifier.case_flow import closed_in, flowing, months_of
from staffopt.verifier.caseloads import denominator, teams_with_cases
from staffopt.verifier.registry import TOLERANCE, Where, checks, label_of, of_cases, places
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number


@checks(FlowCases)
def flow_cases(rule: FlowCases, staffing: Staffing) -> Iterator[Finding]:
    """Check what is closed in each month against what is ready and who is there.

    Raises:
        InputError: if cases in the scope are not known, or cannot flow.
    """
    teams_with_cases(staffing.question, rule.scope, label_of(rule))
    for where in places(staffing, rule.scope, Each.TEAM, flowing(staffing.question)):
        team, period = where.teams[0], where.period
        yield from _ready(rule, staffing, where)
        closed = closed_in(staffing, team, period)
        able = _able(rule, staffing, team, period)
        words = f"{number(closed)} cases closed"
        if able is None:
            yield of_cases(rule, where, words, ZERO, stepped=False)
        else:
            yield of_cases(
                rule, where, f"{words}, {number(able)} at most", closed - able, stepped=False
            )


def _able(rule: FlowCases, staffing: Staffing, team: str, period: str) -> Fraction | None:
    """Return the weighted cases that those there can close; None where it takes nobody's time."""
    flow = staffing.question.instance.teams[team].flow
    own = None if flow is None else flow.closures_per_fte
    each = rule.closures_per_fte if own is None else own
    if each is None:
        return None
    fte = denominator(staffing, [team], period, rule.basis, rule.denominator)
    return Fraction(each) * fte + staffing.closes(team, period)


def _ready(rule: FlowCases, staffing: Staffing, where: Where) -> Iterator[Finding]:
    """Find more closed than are ready, and fewer open than none."""
    flow = staffing.question.instance.teams[where.teams[0]].flow
    own = None if flow is None else flow.closure_rate
    rate = rule.closure_rate if own is None else own
    for kind, month in months_of(staffing, where.teams[0], where.period):
        of = f" ({kind})" if kind else ""
        if month.open < -TOLERANCE:
            yield of_cases(
                rule, where, f"{number(month.open)} cases open{of}", -month.open, stepped=False
            )
        if rate is not None:
            ready = Fraction(rate) * month.before
            if month.closed - ready > TOLERANCE:
                words = f"{number(month.closed)} cases closed{of}, {number(ready)} ready"
                yield of_cases(rule, where, words, month.closed - ready, stepped=False)
