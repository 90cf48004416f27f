"""What the solver is told of support officers and of those who lead them."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.expression import Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.rulebook import Counted, Each, KeepSupportRatio, LimitSpanOfControl, Measure
from staffopt.rules.heads import whole_heads
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


@compiles(KeepSupportRatio, reads=())
def keep_support_ratio(rule: KeepSupportRatio, v: Variables, d: Data) -> Iterator[Rows]:
    """Support is at least the supported ÷ ratio, in every team or over the scope."""
    scope = d.scope(rule.scope)
    support = v.post.where(d.kind(rule.support) & scope).sum("role")
    supported = v.post.where(d.kind(rule.supported) & scope).sum("role")
    if rule.each is Each.SCOPE:
        rows = support.sum("team") >= supported.sum("team") / rule.ratio
    else:
        rows = (support >= supported / rule.ratio).where(scope)
    yield rows.tagged(parameter=rule.path("ratio"), kind=ParameterKind.COEFFICIENT)


@compiles(LimitSpanOfControl, reads=())
def limit_span_of_control(rule: LimitSpanOfControl, v: Variables, d: Data) -> Iterator[Rows]:
    """Staff are at most span × managers, in every team or over the scope."""
    scope, there, unit = d.scope(rule.scope), v.post, "FTE"
    if rule.measure is Measure.HEADS:
        looked_at = d.kind(rule.managers) | d.kind(rule.staff)
        there, defining = whole_heads(v, d, looked_at, Counted.POSTS, rule.label)
        yield from defining
        unit = "heads"
    managers = there.where(d.kind(rule.managers)).sum("role")
    staff = there.where(d.kind(rule.staff) & scope).sum("role")
    if rule.each is Each.SCOPE:
        rows = staff.sum("team") <= managers.sum("team") * rule.span
    else:
        rows = (staff <= managers * rule.span).where(scope)
    yield rows.tagged(parameter=rule.path("span"), kind=ParameterKind.COEFFICIENT, unit=unit)
