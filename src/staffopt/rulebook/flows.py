"""Kinds of flow: how people who are decided on pass from one stock to another.

A stock are the people in post of a role in a team. What is here is data: the recursion of
:mod:`staffopt.rules.stocks` and the one of :mod:`staffopt.verifier.stocks`, which share nothing,
both read any kind of flow from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.instance.careers import RoleChange
from staffopt.quantity import Absent

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance

JOIN, RELEASE = "join", "release"
REDUNDANCY, REDEPLOY, SHORT_TIME = "redundancy", "redeploy", "short_time"
NOTHING = Absent.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Way:
    """From which stock a flow leads, and into which.

    Attributes:
        team, role: the stock that people leave; of those who come from outside, the one they join.
        to_team, to_role: the stock where they arrive, where it is another.
    """

    team: str
    role: str
    to_team: str | None = None
    to_role: str | None = None

    @property
    def arrival(self) -> tuple[str, str]:
        """The team and role where people arrive."""
        return self.to_team or self.team, self.to_role or self.role


@dataclass(frozen=True, slots=True)
class Passage:
    """What passing from one stock to another takes.

    Attributes:
        months: from leaving the one to arriving in the other.
        loss: share of those who leave the one and never arrive.
        cost: pounds per FTE that leaves (or joins), once, in that month.
    """

    months: int = 0
    loss: Fraction = Fraction(0)
    cost: Decimal | Absent = Absent.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class FlowKind:
    """A kind of flow.

    Attributes:
        name: its name in plans, and of the block of its decisions.
        words: what people do, with a number before it: ``3 FTE join``.
        order: what a council does: ``recruit``.
        leaves: whether they leave a stock.
        arrives: whether they arrive in one.
        as_new: whether who arrives begins anew: its first month, its ramp, its first-year rate.
        passage: what it takes on a way.
    """

    name: str
    words: str
    order: str
    leaves: bool
    arrives: bool
    as_new: bool
    passage: Callable[[Instance, Way], Passage]


def _joining(council: Instance, way: Way) -> Passage:
    record = council.roles[way.role]
    loss = Fraction(record.career.drop_out) if record.career else Fraction(0)
    return Passage(loss=loss, cost=record.turnover.recruitment if record.turnover else NOTHING)


def _free(_council: Instance, _way: Way) -> Passage:
    return Passage()


def _by(change: RoleChange) -> Callable[[Instance, Way], Passage]:
    """Make the function that says what a way into another role takes, of those of one kind."""

    def passage(council: Instance, way: Way) -> Passage:
        career = council.roles[way.role].career
        into = career.into.get(way.to_role or way.role) if career else None
        if into is None or into.by is not change:
            return Passage()
        return Passage(into.months, Fraction(into.loss), into.cost)

    return passage


def _redundancy(council: Instance, way: Way) -> Passage:
    career = council.roles[way.role].career
    return Passage(cost=NOTHING if career is None else career.redundancy or NOTHING)


def _redeployment(council: Instance, way: Way) -> Passage:
    career = council.roles[way.role].career
    return Passage(cost=NOTHING if career is None else career.redeployment or NOTHING)


def _short_time(council: Instance, way: Way) -> Passage:
    career = council.roles[way.role].career
    return Passage(cost=career.short_time.cost if career and career.short_time else NOTHING)


def _change(change: RoleChange, words: str, order: str) -> FlowKind:
    return FlowKind(
        change.value,
        words,
        order,
        leaves=True,
        arrives=True,
        as_new=change is RoleChange.APPRENTICE,
        passage=_by(change),
    )


_KINDS = (
    FlowKind(JOIN, "join", "recruit", leaves=False, arrives=True, as_new=True, passage=_joining),
    FlowKind(
        RELEASE, "are let go", "let go", leaves=True, arrives=False, as_new=False, passage=_free
    ),
    _change(RoleChange.RETRAIN, "retrain", "retrain"),
    _change(RoleChange.APPRENTICE, "begin an apprenticeship", "apprentice"),
    _change(RoleChange.DOWNGRADE, "are downgraded", "downgrade"),
    _change(RoleChange.CONVERT, "become permanent", "make permanent"),
    FlowKind(
        REDUNDANCY,
        "are made redundant",
        "make redundant",
        leaves=True,
        arrives=False,
        as_new=False,
        passage=_redundancy,
    ),
    FlowKind(
        REDEPLOY,
        "move to another team",
        "move",
        leaves=True,
        arrives=True,
        as_new=False,
        passage=_redeployment,
    ),
    # They neither leave nor arrive: a month of theirs is decided, and what it costs.
    FlowKind(
        SHORT_TIME,
        "work short time",
        "put on short time",
        leaves=False,
        arrives=False,
        as_new=False,
        passage=_short_time,
    ),
)

FLOWS: dict[str, FlowKind] = {kind.name: kind for kind in _KINDS}
"""Every kind of flow, by its name in plans."""
