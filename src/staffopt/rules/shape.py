"""What the solver is told of the shape of the workforce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Source
from staffopt.data import Data
from staffopt.errors import UnknownName
from staffopt.quantity import Absent
from staffopt.rulebook import KeepExistingPosts, LimitRecruitment, Per, Pin, Require, Sense
from staffopt.rules.places import pinned_preferences
from staffopt.rules.registry import Figures, compiles, figure_at_path, figure_itself
from staffopt.rules.variables import Variables

Fixed = dict[tuple[str, ...], Decimal | int]
"""Labels → the figure that is decided."""


@compiles(KeepExistingPosts, reads=())
def keep_existing_posts(rule: KeepExistingPosts, v: Variables, d: Data) -> Iterator[Rows]:
    """Posts of each period are at least those of the one before; of the first, today's.

    Fixed-term posts that end are not cut.
    """
    before = v.post.previous("period", first=d.today)
    yield (v.post >= before).where(d.can_change & d.in_term & d.scope(rule.scope))


@compiles(LimitRecruitment, reads=())
def limit_recruitment(rule: LimitRecruitment, v: Variables, d: Data) -> Iterator[Rows]:
    """FTE added (hired, where posts are filled apart) stays within what can be recruited."""
    who = ~d.covering if rule.tag is None else d.tagged(rule.tag)
    own = d.kind(rule.staff) & who & d.scope(rule.scope)
    added = _recruited(rule, own, v, d).sum("team", "role")
    if not isinstance(rule.limit, Absent):
        yield (
            (added <= rule.limit)
            .follow(added, figure_itself(rule.path("limit")))
            .tagged(parameter=rule.path("limit"), kind=ParameterKind.RIGHT_HAND_SIDE, factor=1.0)
        )


def _recruited(rule: LimitRecruitment, own: Mask, v: Variables, d: Data) -> Expression:
    """What is limited, over (team, role) and period or year."""
    net = v.hired.where(own & ~d.carried)
    joined = v.flows.joined(d).where(own)
    if rule.per is Per.PLAN:
        # Of those who join some leave again: it is all who have joined so far that are limited.
        return net + _so_far(joined, d) if d.carried.values.any() else net
    start = {period.label: period.start.month for period in d.question.instance.calendar.cut()}
    season = {month.number for month in rule.months} or {*start.values()}
    counts = d.mask((d.period,), lambda p: start[p] in season) & d.in_term
    each = (net - net.previous("period", first=d.table((), lambda: 0)) + joined).where(counts)
    return each if rule.per is Per.PERIOD else (each * d.starts).sum("period")


def _so_far(form: Expression, d: Data) -> Expression:
    """Add up over the periods until each."""
    before, number = Axis("until", d.period.labels), d.period.labels.index
    until = d.table((before, d.period), lambda one, two: int(number(one) <= number(two)))
    return (form.renamed("period", before) * until).sum("until")


@compiles(Require, reads=())
def require(rule: Require, v: Variables, d: Data) -> Iterator[Rows]:
    """Posts of a role, those added, or people in post lie on the asked side of a figure.

    Raises:
        UnknownName: if it names a role or a period that there is not.
    """
    if rule.role not in d.role.labels:
        raise UnknownName("role", rule.role, d.role.labels)
    if rule.period is not None and rule.period not in d.period.labels:
        raise UnknownName("period", rule.period, d.period.labels)
    own = d.mask((d.role,), lambda r: r == rule.role) & d.scope(rule.scope)
    forms = {"posts": v.post, "posts added": v.change, "in post": v.in_post}
    fte = forms[rule.what].where(own).sum("team", "role")
    there = d.in_term.spread((d.role, d.period))[d.role.code(rule.role)]
    lasts = dict(zip(d.period.labels, there, strict=True))
    asked = d.mask((d.period,), lambda p: rule.period == p or (rule.period is None and lasts[p]))
    yield (
        on_side(fte, rule.sense, rule.fte)
        .follow(fte, figure_itself(rule.path("fte")))
        .where(asked)
        .tagged(parameter=rule.path("fte"), kind=ParameterKind.RIGHT_HAND_SIDE, factor=1.0)
    )


def on_side(form: Expression, sense: Sense, figure: Decimal | int) -> Rows:
    """Hold a form at a figure, or on one side of it."""
    return {
        Sense.AT_LEAST: form >= figure,
        Sense.AT_MOST: form <= figure,
        Sense.EXACTLY: form.equals(figure),
    }[sense]


@compiles(Pin, reads=(Figures.PINS,))
def pin(rule: Pin, v: Variables, d: Data) -> Iterator[Rows]:
    """Posts, people, changes and packages equal what the user has decided.

    Where anything is pinned, everything that may be has its row, so that it can be later.
    """
    pins = rule.pins
    posts: Fixed = {(t, r): fte for t, roles in pins.posts.items() for r, fte in roles.items()}
    people: Fixed = {(t, r): fte for t, roles in pins.people.items() for r, fte in roles.items()}
    asked = d.question
    tables = [
        (v.post, d.can_change, posts, "posts"),
        (v.change.sum("team"), d.mask((d.role,), asked.changes), _by_tuple(pins.change), "change"),
        (v.taken, d.mask((d.package,), lambda _: True), _by_tuple(pins.packages), "packages"),
    ]
    if people or v.filling is not None:
        moving = d.mask((d.team, d.role), d.people_move) & ~d.carried
        tables.append((v.in_post, moving, people, "people"))
    for form, may, fixed, table in tables:
        for rows in _held(form, may, fixed, table, d):
            yield rows.tagged(
                parameter=f"pins.{table}",
                kind=ParameterKind.RIGHT_HAND_SIDE,
                factor=1.0,
                suffix=table,
                unit="packages" if table == "packages" else "FTE",
            )
    if pins.first_preferences or v.placing is not None:
        yield pinned_preferences(rule, v, d)


def _by_tuple(pinned: Mapping[str, Decimal | bool]) -> Fixed:
    return {(name,): int(v) if isinstance(v, bool) else v for name, v in pinned.items()}


def _held(
    form: Expression,
    may: Mask,
    fixed: Fixed,
    table: str,
    d: Data,
) -> Iterator[Rows]:
    """Hold a form to the figures that are fixed, and give other cells that may be a free row."""
    names = [axis.name for axis in may.axes]

    def pinned(at: Mapping[str, str]) -> Source:
        return figure_at_path(".".join(["pins", table, *(at[name] for name in names)]))

    figures = d.table(may.axes, lambda *labels: fixed.get(labels, 0))
    held = d.mask(may.axes, lambda *labels: labels in fixed)
    rows = form.equals(figures).follow(form, pinned)
    if "role" in names and d.role_ends:
        rows = rows.where(d.in_term)
    yield rows.where(may).lifted(~held)
    # What cannot change is pinned to what it is, or there is no plan.
    yield rows.where(held & ~may)
