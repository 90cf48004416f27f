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

from staffopt.quantity import Absent

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance

JOIN, RELEASE = "join", "release"


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
    turnover = council.roles[way.role].turnover
    return Passage() if turnover is None else Passage(cost=turnover.recruitment)


def _free(_council: Instance, _way: Way) -> Passage:
    return Passage()


FLOWS: dict[str, FlowKind] = {
    JOIN: FlowKind(
        JOIN, "join", "recruit", leaves=False, arrives=True, as_new=True, passage=_joining
    ),
    RELEASE: FlowKind(
        RELEASE, "are let go", "let go", leaves=True, arrives=False, as_new=False, passage=_free
    ),
}
"""Every kind of flow, by its name in plans."""
