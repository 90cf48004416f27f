"""What the solver is told of who fills the posts, in which mix, and how many at the least."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.rulebook import (
    Each,
    FillPosts,
    KeepMinimumStaffing,
    LimitShare,
    MayLeave,
    Measure,
)
from staffopt.rules.filling import occupied
from staffopt.rules.heads import whole_heads
from staffopt.rules.registry import compiles, figure_itself
from staffopt.rules.variables import Variables


@compiles(FillPosts, reads=())
def fill_posts(rule: FillPosts, v: Variables, d: Data) -> Iterator[Rows]:
    """People and their cover are no more than the posts, and who may not leave stays."""
    there, scope = occupied(v, d), d.scope(rule.scope)
    yield (
        (there <= v.post + rule.surplus)
        .where(scope & d.kind(rule.staff) & d.fill_places)
        .tagged(
            parameter=rule.path("surplus"),
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            suffix="within posts",
        )
    )
    if rule.filled:
        own = d.kind(rule.staff)
        posts = v.post.where(own).sum("role")
        yield (
            (there.where(own).sum("role") >= posts * rule.filled)
            .where(scope)
            .tagged(parameter=rule.path("filled"), kind=ParameterKind.COEFFICIENT, suffix="filled")
        )
    if rule.may_leave is not MayLeave.ANYBODY:
        stay = d.filled & ~d.carried & scope & d.kind(rule.staff)
        if rule.may_leave is MayLeave.COVER:
            stay &= ~d.covering
        before = v.in_post.previous("period", first=d.people)
        # What is added is counted as such because of these rows, so they never give.
        yield (v.in_post >= before).where(stay).tagged(suffix="stay", defines=True)


@compiles(LimitShare, reads=())
def limit_share(rule: LimitShare, v: Variables, d: Data) -> Iterator[Rows]:
    """The part is at most, and at least, a share of the whole."""
    kinds = [d.kind(kind) for kind in rule.of]
    whole = kinds[0]
    for kind in kinds[1:]:
        whole |= kind
    part = whole & (d.tagged(rule.tag or "") if rule.kind is None else d.kind(rule.kind))
    staff = v.counted(rule.counted).where(d.scope(rule.scope))
    some, all_of_them = (_summed(staff.where(mask), rule.each) for mask in (part, whole))
    where = _where(rule.each, rule.scope, d)
    if rule.most is not None:
        rows = (some <= all_of_them * rule.most).where(where)
        yield rows.tagged(
            parameter=rule.path("most"), kind=ParameterKind.COEFFICIENT, suffix="most"
        )
    if rule.least is not None:
        rows = (some >= all_of_them * rule.least).where(where)
        yield rows.tagged(
            parameter=rule.path("least"), kind=ParameterKind.COEFFICIENT, suffix="least"
        )


@compiles(KeepMinimumStaffing, reads=())
def keep_minimum_staffing(rule: KeepMinimumStaffing, v: Variables, d: Data) -> Iterator[Rows]:
    """Staff of a kind or with a skill are at least so many, and so many to each supervised."""
    own = d.kind(rule.staff)
    own = own if rule.tag is None else own & d.tagged(rule.tag)
    scope, unit = d.scope(rule.scope), "FTE"
    supervised = None if rule.supervised is None else d.tagged(rule.supervised)
    staff = v.counted(rule.counted)
    if rule.measure is Measure.HEADS:
        looked_at = own if supervised is None else own | supervised
        staff, rows = whole_heads(v, d, looked_at & scope, rule.counted, rule.label)
        yield from rows
        unit = "heads"
    there = _summed(staff.where(own & scope), rule.each)
    where = _where(rule.each, rule.scope, d)
    if rule.least is not None:
        yield (
            (there >= rule.least)
            .follow(there, figure_itself(rule.path("least")))
            .where(where)
            .tagged(
                parameter=rule.path("least"),
                kind=ParameterKind.RIGHT_HAND_SIDE,
                factor=1.0,
                suffix="least",
                unit=unit,
            )
        )
    if supervised is not None and rule.per is not None:
        others = _summed(staff.where(supervised & scope), rule.each)
        rows_of = (there >= others * rule.per).where(where)
        yield rows_of.tagged(
            parameter=rule.path("per"), kind=ParameterKind.COEFFICIENT, suffix="per", unit=unit
        )


def _summed(form: Expression, each: Each) -> Expression:
    """Add up over roles, and over teams where the scope is pooled."""
    return form.sum("team", "role") if each is Each.SCOPE else form.sum("role")


def _where(each: Each, scope: str | tuple[str, ...], d: Data) -> Mask:
    """The teams of a scope; nothing to choose where they are pooled."""
    return d.mask((), lambda: True) if each is Each.SCOPE else d.scope(scope)
