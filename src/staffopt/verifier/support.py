"""Whether rules of support hold: officers beside social workers, leads above officers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import Finding
from staffopt.rulebook import Each, KeepSupportRatio, LimitSpanOfControl, Measure
from staffopt.verifier.registry import checks, judge, of_fte, of_staff, places
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
    heads = rule.measure is Measure.HEADS
    unit = "heads" if heads else "FTE"
    stepped = heads or staffing.stepped(rule.managers, rule.staff)
    count = staffing.heads if heads else staffing.fte
    for where in places(staffing, rule.scope, rule.each, teams):
        led = count(where.teams, rule.staff, where.period)
        anywhere = tuple(question.instance.teams)
        lead_teams = anywhere if rule.each is Each.SCOPE else where.teams
        leads = count(lead_teams, rule.managers, where.period)
        if not led:
            continue
        need = led / Fraction(rule.span)
        words = (
            f"{number(leads)} {unit} {plain(rule.managers)} for {number(led)} {unit} "
            f"{plain(rule.staff)}, {number(need)} needed at 1 : {number(Fraction(rule.span))}"
        )
        over = led - Fraction(rule.span) * leads
        yield of_staff(rule, judge(over, stepped=stepped), words, where, over, unit=unit)
