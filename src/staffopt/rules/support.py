"""What the solver is told of support officers and of those who lead them."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.expression import Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.rulebook import KeepSupportRatio, LimitSpanOfControl, Measure
from staffopt.rules.heads import counting
from staffopt.rules.pooling import pooled, subjects
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


@compiles(KeepSupportRatio, reads=())
def keep_support_ratio(rule: KeepSupportRatio, v: Variables, d: Data) -> Iterator[Rows]:
    """Support is at least the supported ÷ ratio, in every team or area, or over the scope."""
    there = v.counted(rule.counted).where(d.scope(rule.scope))
    support, supported = (
        pooled(there.where(d.kind(kind)).sum("role"), rule.each, d)
        for kind in (rule.support, rule.supported)
    )
    rows = (support >= supported / rule.ratio).where(subjects(rule.each, rule.scope, d))
    yield rows.tagged(parameter=rule.path("ratio"), kind=ParameterKind.COEFFICIENT)


@compiles(LimitSpanOfControl, reads=())
def limit_span_of_control(rule: LimitSpanOfControl, v: Variables, d: Data) -> Iterator[Rows]:
    """Staff are at most span × managers, in every team or area, or over the scope."""
    leading, led = d.kind(rule.managers), d.kind(rule.staff)
    looked_at = leading if rule.tag is None else leading & d.tagged(rule.tag)
    everybody, defining = counting(rule, looked_at | led, v, d)
    yield from defining
    managers = pooled(everybody(rule.tag).where(leading).sum("role"), rule.each, d)
    staff = pooled(everybody(None).where(led & d.scope(rule.scope)).sum("role"), rule.each, d)
    rows = (staff <= managers * rule.span).where(subjects(rule.each, rule.scope, d))
    unit = "heads" if rule.measure is Measure.HEADS else "FTE"
    yield rows.tagged(parameter=rule.path("span"), kind=ParameterKind.COEFFICIENT, unit=unit)
