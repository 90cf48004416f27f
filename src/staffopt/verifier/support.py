"""Whether rules of support hold: officers beside social workers, leads above officers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import Finding
from staffopt.rulebook import Each, KeepSupportRatio, LimitSpanOfControl
from staffopt.verifier.registry import checks, judge, of_fte, places
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import number, plain


@checks(KeepSupportRatio)
def keep_support_ratio(rule: KeepSupportRatio, staffing: Staffing) -> Iterator[Finding]:
    """Check that there is one support officer for so many supported; none are needed for none."""
    teams = staffing.question.teams_in(rule.scope)
    stepped = staffing.stepped(rule.support, rule.supported)
    for where in places(staffing, rule.scope, rule.each, teams):
        support = staffing.fte(where.teams, rule.support, where.period)
        supported = staffing.fte(where.teams, rule.supported, where.period)
        if not supported:
            continue
        need = supported / Fraction(rule.ratio)
        words = (
            f"{number(support)} FTE {plain(rule.support)} for {number(supported)} FTE "
            f"{plain(rule.supported)}, {number(need)} needed at 1 : {number(Fraction(rule.ratio))}"
        )
        shortfall = need - support
        yield of_fte(rule, judge(shortfall, stepped=stepped), words, where, shortfall)


@checks(LimitSpanOfControl)
def limit_span_of_control(rule: LimitSpanOfControl, staffing: Staffing) -> Iterator[Finding]:
    """Check that leads are enough for the staff; a pooled scope counts leads wherever they are."""
    question = staffing.question
    teams = question.teams_in(rule.scope)
    stepped = staffing.stepped(rule.managers, rule.staff)
    for where in places(staffing, rule.scope, rule.each, teams):
        led = staffing.fte(where.teams, rule.staff, where.period)
        anywhere = tuple(question.instance.teams)
        lead_teams = anywhere if rule.each is Each.SCOPE else where.teams
        leads = staffing.fte(lead_teams, rule.managers, where.period)
        if not led:
            continue
        need = led / Fraction(rule.span)
        words = (
            f"{number(leads)} FTE {plain(rule.managers)} for {number(led)} FTE "
            f"{plain(rule.staff)}, {number(need)} needed at 1 : {number(Fraction(rule.span))}"
        )
        over = led - Fraction(rule.span) * leads
        yield of_fte(rule, judge(over, stepped=stepped), words, where, over)
