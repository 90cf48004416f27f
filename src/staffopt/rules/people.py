"""What the solver is told of who fills the posts, in which mix, and how many at the least."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.rulebook import (
    FillPosts,
    KeepMinimumStaffing,
    LimitShare,
    MayLeave,
    Measure,
)
from staffopt.rules.filling import occupied
from staffopt.rules.heads import counting
from staffopt.rules.pooling import pooled, subjects
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
        stay &= d.in_term
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
    staff, scope = v.counted(rule.counted), d.scope(rule.scope)
    of_kind = None if rule.kind is None else d.kind(rule.kind)
    part = v.carrying(rule.tag or "", rule.counted) if of_kind is None else staff.where(of_kind)
    some, all_of_them = (
        pooled(form.where(whole & scope).sum("role"), rule.each, d) for form in (part, staff)
    )
    where = subjects(rule.each, rule.scope, d)
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
    own, scope = d.kind(rule.staff), d.scope(rule.scope)
    unit = "heads" if rule.measure is Measure.HEADS else "FTE"
    looked_at = own if rule.tag is None else own & d.tagged(rule.tag)
    looked_at = looked_at if rule.supervised is None else looked_at | d.tagged(rule.supervised)
    everybody, rows = counting(rule, looked_at & scope, v, d)
    yield from rows

    def summed(tag: str | None, mask: Mask) -> Expression:
        form = everybody(tag).where(mask & scope)
        return pooled(form.sum("role"), rule.each, d)

    there = summed(rule.tag, own)
    where = subjects(rule.each, rule.scope, d)
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
    if rule.supervised is not None and rule.per is not None:
        others = summed(rule.supervised, d.mask((d.role,), lambda _: True))
        rows_of = (there >= others * rule.per).where(where)
        yield rows_of.tagged(
            parameter=rule.path("per"), kind=ParameterKind.COEFFICIENT, suffix="per", unit=unit
        )
