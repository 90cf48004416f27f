"""What the solver is told of people who follow from month to month."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.expression import Rows
from staffopt.data import Data
from staffopt.rulebook import CarryStaffForward
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


@compiles(CarryStaffForward, reads=())
def carry_staff_forward(rule: CarryStaffForward, v: Variables, d: Data) -> Iterator[Rows]:
    """Nobody is let go or moved who is not there; all else are the linear forms of the stocks."""
    assert v.stocks is not None
    own = v.flows.may_take(d) & d.carried & d.scope(rule.scope) & d.kind(rule.staff)
    there = v.flows.taken(d) <= v.stocks.free
    yield there.where(own).tagged(suffix="who is there", defines=True)
