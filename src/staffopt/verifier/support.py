"""Whether rules of support hold: officers beside social workers, leads above officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from staffopt.plan import Finding
from staffopt.rulebook import Each, KeepSupportRatio, LimitSpanOfControl, Measure
from staffopt.verifier.people import count_carrying, count_staff
from staffopt.verifier.registry import Where, by_area, checks, judge, of_amount, of_fte, places
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import number, plain


@checks(KeepSupportRatio)
def keep_support_ratio(rule: KeepSupportRatio, staffing: Staffing) -> Iterator[Finding]:
    """Check that there is one support officer for so many supported; none are needed for none."""
    teams = staffing.question.teams_in(rule.scope)
    stepped = staffing.stepped(rule.support, rule.supported)
    for where in places(staffing, rule.scope, rule.each, teams):
        support, supported = (
            count_staff(staffing, where, staffing.roles[kind], rule.counted)
            for kind in (rule.support, rule.supported)
        )
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
    """Check that leads are enough for the staff.

    The scope is of staff: a pooled one counts leads wherever they are, an area all of its own.
    """
    teams = staffing.question.teams_in(rule.scope)
    heads = rule.measure is Measure.HEADS
    unit = "heads" if heads else "FTE"
    stepped = heads or staffing.stepped(rule.managers, rule.staff)
    for where in places(staffing, rule.scope, rule.each, teams):
        led = count_staff(staffing, where, staffing.roles[rule.staff], rule.counted, rule.measure)
        leads = _leads(rule, staffing, replace(where, teams=_leading(rule.each, staffing, where)))
        if not led:
            continue
        need = led / Fraction(rule.span)
        words = (
            f"{number(leads)} {unit} {plain(rule.tag or rule.managers)} for {number(led)} {unit} "
            f"{plain(rule.staff)}, {number(need)} needed at 1 : {number(Fraction(rule.span))}"
        )
        over = led - Fraction(rule.span) * leads
        yield of_amount(rule, judge(over, stepped=stepped), words, where, over, unit=unit)


def _leading(each: Each, staffing: Staffing, where: Where) -> tuple[str, ...]:
    """Name the teams whose leads count in a place."""
    everywhere = tuple(staffing.question.instance.teams)
    if each is Each.AREA:
        return by_area(staffing.question, everywhere)[where.area or ""]
    return everywhere if each is Each.SCOPE else where.teams


def _leads(rule: LimitSpanOfControl, staffing: Staffing, where: Where) -> Fraction:
    """Count who leads: everybody of the kind, or those of it who carry the tag."""
    own = staffing.roles[rule.managers]
    if rule.tag is None:
        return count_staff(staffing, where, own, rule.counted, rule.measure)
    return count_carrying(staffing, where, own, rule.tag, (rule.counted, rule.measure))
