"""Flows of people as the solver is told of them: the decisions, and what they cost.

A kind of flow is declared by a function registered with :func:`declares`; the rest is done here for
any kind, from what :data:`staffopt.rulebook.FLOWS` says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.data import Data
from staffopt.instance.funds import FundKind
from staffopt.question import NOT_NAMED
from staffopt.rulebook import (
    FLOWS,
    JOIN,
    RELEASE,
    FillPosts,
    FlowKind,
    MayLeave,
    Passage,
    Way,
)
from staffopt.staff_costs import known

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Declared:
    """Where a kind of flow may be decided.

    Attributes:
        mask: over team, role and period, and where it leads elsewhere to_team, to_role or both.
        quantum: the step it counts in, FTE; 0 is continuous.
    """

    mask: Mask
    quantum: Expression | int


Declarer = Callable[[Data], Declared | None]
DECLARERS: dict[str, Declarer] = {}
"""Kind of flow → where it may be decided; None where no rule asks for it."""


def declares(kind: str) -> Callable[[Declarer], Declarer]:
    """Register the function that says where a kind of flow may be decided."""

    def register(function: Declarer) -> Declarer:
        DECLARERS[kind] = function
        return function

    return register


@declares(JOIN)
def join(d: Data) -> Declared | None:
    """Whoever is recruited starts in a month of intake, once the lead time has passed."""
    months = {period.label: period.start for period in d.question.instance.calendar.cut()}
    first = d.question.instance.calendar.start
    roles = d.question.instance.roles

    def can_start(role: str, period: str) -> bool:
        turnover, month = roles[role].turnover, months[period]
        if turnover is None:
            return False
        return month - first >= turnover.lead_time and turnover.starts_in(month.month)

    return Declared(d.carried & d.mask((d.role, d.period), can_start), d.step)


@declares(RELEASE)
def release(d: Data) -> Declared | None:
    """Whom a rule lets leave may be let go: those who cover others' posts, or anybody."""
    leave = d.mask((d.team, d.role), lambda *_: False)
    for rule in d.question.rules:
        if isinstance(rule, FillPosts) and rule.may_leave is not MayLeave.NOBODY:
            own = d.scope(rule.scope) & d.kind(rule.staff)
            leave |= own & d.covering if rule.may_leave is MayLeave.COVER else own
    places = leave & d.carried
    every_period = d.mask((d.period,), lambda _: True)
    return Declared(places & every_period, d.step) if places.values.any() else None


@dataclass(frozen=True, slots=True)
class Flow:
    """The decisions of one kind of flow.

    Attributes:
        kind: the kind.
        moved: FTE that leave a stock (or join) in a month, over the axes it was declared over.
        where: the cells of these that may be decided.
        stepped: whether all of these count in steps.
    """

    kind: FlowKind
    moved: Expression
    where: Mask
    stepped: bool

    def taken(self, d: Data) -> Expression:
        """FTE taken out of each stock, over (team, role, period)."""
        return d.table((d.team, d.role, d.period), lambda *_: 0) + self.moved.sum_but(
            "team", "role", "period"
        )

    def arriving(self, d: Data) -> Expression:
        """FTE that arrive in each stock, over (team, role, period)."""
        places = _places(self.moved)
        passages = _passages(self.kind, places, d)
        kept = self.moved * d.table(places, lambda *at: d.number(1 - passages[at].loss))
        total = d.table((d.team, d.role, d.period), lambda *_: 0)
        for months in sorted({passage.months for passage in passages.values()}):
            underway = d.mask(places, lambda *at, m=months: passages[at].months == m)
            total += _elsewhere(_later(kept.where(underway), months, d), d)
        return total

    def cost(self, d: Data) -> Expression:
        """One-off money over (fund, period), in the month in which people leave or join."""
        places = _places(self.moved)
        passages, asked = _passages(self.kind, places, d), d.question

        def charged(fund: str, *at: str) -> Decimal | int:
            role = _way(places, at).arrival[1]
            pays = (asked.fund_of_added(role, FundKind.ONE_OFF) or NOT_NAMED) == fund
            return known(passages[at].cost) if pays else 0

        return (self.moved * d.table((d.fund, *places), charged)).sum_but("fund", "period")


@dataclass(frozen=True, slots=True)
class Flows:
    """Every flow that may be decided; none where nobody is carried forward."""

    all: tuple[Flow, ...] = ()

    def of(self, kind: str) -> Flow | None:
        """Return the decisions of a kind, or None where none may be made."""
        return next((flow for flow in self.all if flow.kind.name == kind), None)

    def may_take(self, d: Data) -> Mask:
        """The stocks that somebody may be taken out of, over (team, role)."""
        leaving = [flow.where for flow in self.all if flow.kind.leaves]
        labels = [[mask.labels(axis, mask.axes) for axis in ("team", "role")] for mask in leaving]
        places = {place for pair in labels for place in zip(*pair, strict=True)}
        return d.mask((d.team, d.role), lambda *place: place in places)

    def taken(self, d: Data) -> Expression:
        """FTE that any flow takes out of each stock, over (team, role, period)."""
        return _added_up(d, [flow.taken(d) for flow in self.all if flow.kind.leaves])

    def arriving(self, d: Data, *, as_new: bool) -> Expression:
        """FTE that arrive anew, or as those who know the work, over (team, role, period)."""
        own = [f for f in self.all if f.kind.arrives and f.kind.as_new is as_new]
        decided = _added_up(d, [flow.arriving(d) for flow in own])
        return decided + d.starting if as_new else decided

    def joined(self, d: Data) -> Expression:
        """FTE that come from outside, over (team, role, period), who drop out at once too.

        Those recruited before the first month join in theirs.
        """
        return self._recruited(d) + d.starting

    def _recruited(self, d: Data) -> Expression:
        own = [f for f in self.all if f.kind.arrives and not f.kind.leaves]
        return _added_up(d, [flow.moved.sum_but("team", "role", "period") for flow in own])

    def net(self, d: Data) -> Expression:
        """FTE decided to arrive in each stock or join it less those taken out of it.

        Over (team, role, period). Joiners who drop out at once leave by themselves: they have
        joined all the same.
        """
        own = [f for f in self.all if f.kind.arrives and f.kind.leaves]
        moved = _added_up(d, [flow.arriving(d) for flow in own])
        return moved + self._recruited(d) - self.taken(d)

    def cost(self, d: Data) -> Expression:
        """One-off money over (fund, period)."""
        total = d.table((d.fund, d.period), lambda *_: 0)
        for flow in self.all:
            total += flow.cost(d)
        return total


def declare_flows(builder: Builder, d: Data) -> Flows:
    """Declare the decisions of every kind of flow where people are carried forward."""
    return Flows(tuple(_declared(builder, d)) if d.carried.values.any() else ())


def _declared(builder: Builder, d: Data) -> Iterator[Flow]:
    for name, declarer in DECLARERS.items():
        declared = declarer(d)
        if declared is not None:
            kind = Kind("FTE", decision=True)
            moved = builder.variable(name, declared.mask, kind, quantum=declared.quantum)
            yield Flow(FLOWS[name], moved, declared.mask, _stepped(declared, d))


def _stepped(declared: Declared, d: Data) -> bool:
    """Say whether every cell that may be decided counts in steps."""
    steps = d.table((), lambda: 0) + declared.quantum
    own = steps.spread(declared.mask.axes).parts[declared.mask.values]
    return bool((own != 0).all())


def _added_up(d: Data, forms: Sequence[Expression]) -> Expression:
    return sum(forms, start=d.table((d.team, d.role, d.period), lambda *_: 0))


def _places(form: Expression) -> tuple[Axis, ...]:
    """The axes that say from where to where people go."""
    return tuple(axis for axis in form.axes if axis.name != "period")


def _way(places: Sequence[Axis], at: Sequence[str]) -> Way:
    return Way(**{axis.name: label for axis, label in zip(places, at, strict=True)})


def _passages(kind: FlowKind, places: Sequence[Axis], d: Data) -> dict[tuple[str, ...], Passage]:
    """Say what every way takes."""
    council, cells = d.question.instance, product(*(axis.labels for axis in places))
    return {at: kind.passage(council, _way(places, at)) for at in cells}


def _later(form: Expression, months: int, d: Data) -> Expression:
    """Shift by some months: who arrives after the last is not there yet."""
    for _ in range(months):
        form = form.previous("period", first=d.table((), lambda: 0))
    return form


def _elsewhere(form: Expression, d: Data) -> Expression:
    """Turn what leaves into what arrives: over (team, role, period) of the other stock."""
    names = {axis.name for axis in form.axes}
    for own, other in (("team", "to_team"), ("role", "to_role")):
        if other in names:
            axis = d.team if own == "team" else d.role
            form = form.sum(own).renamed(other, axis)
    return form
