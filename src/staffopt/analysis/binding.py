"""What binds a plan: the rule instances without which it would be better, and their margins.

Each is left out, and what it asks for is moved by a step, and the question solved again. Rules are
left out many at a time where none of them has an effect (:mod:`staffopt.analysis.alone`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.alone import alone
from staffopt.analysis.feasibility import Endless
from staffopt.analysis.parameters import step_of
from staffopt.analysis.standing import A_TRACE, told
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.analysis.instances import RuleInstance
    from staffopt.analysis.standing import Standing

MOST_STEPS = 1 << 24
"""So many steps are looked through at most for how far one changes as much as the first."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What one step less, or more, of what a rule instance asks for changes in the goal told.

    Attributes:
        step: the step, in ``unit``: that of what is decided, not of a figure (FTE, not cases each).
        unit: its unit.
        saves: by how much the goal is better with one step less asked; 0 where it is not.
        holds: up to so many units less, every step saves as much.
        costs: by how much it is worse with one step more asked; None where there is no plan then.
        holds_more: up to so many units more, every step costs as much; 0 where there is no plan.
    """

    step: Fraction
    unit: str
    saves: Fraction
    holds: Fraction
    costs: Fraction | None
    holds_more: Fraction

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "step": exact_text(self.step),
            "unit": self.unit,
            "saves": exact_text(self.saves),
            "holds": exact_text(self.holds),
            "costs": None if self.costs is None else exact_text(self.costs),
            "holds_more": exact_text(self.holds_more),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A rule instance without which the goal told would be better.

    Attributes:
        instance: the rule instance.
        costs: by how much it would be better; None where nothing would stop it then.
        margin: what one step less or more of it changes; None where that is not told.
    """

    instance: RuleInstance
    costs: Fraction | None
    margin: Margin | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        costs = None if self.costs is None else exact_text(self.costs)
        margin = None if self.margin is None else self.margin.to_json()
        return {**self.instance.to_json(), "costs": costs, "margin": margin}


def binding(standing: Standing, instances: Sequence[RuleInstance]) -> list[Binding]:
    """List the rule instances that bind in the first goal in which any does, the dearest first.

    Where none binds in any goal, all are looked at. What is not known in time is left out; the
    feasibility then says that it was stopped.
    """
    while standing.look_at_next():
        among = (_binding(standing, one) for one in _that_bind(standing, instances))
        found = [one for one in among if one is not None]
        if found or standing.told + 1 == len(standing.program.goals):
            return sorted(found, key=lambda one: (one.costs is not None, -(one.costs or 0)))
    return []


def _that_bind(standing: Standing, instances: Sequence[RuleInstance]) -> Iterator[RuleInstance]:
    """Yield the instances that bind in the goal looked at last.

    Those with room left at its best are left out all at once first: mostly none binds, and where
    posts come in whole steps some may all the same.
    """
    room = standing.room()
    slack = [one for one in instances if room[one.rows].min() > A_TRACE]
    inside = set(map(id, slack))
    tight = [one for one in instances if id(one) not in inside]

    def binds(some: Sequence[RuleInstance]) -> bool:
        try:
            return standing.is_better_without(np.concatenate([one.rows for one in some]))
        except Endless:
            return True

    yield from alone(slack, binds, first=len(slack))
    yield from alone(tight, binds)


def _binding(standing: Standing, one: RuleInstance) -> Binding | None:
    """Say what a rule instance that binds costs; None where it was stopped before it was known."""
    try:
        value = standing.without(one.rows)
    except Endless:
        return Binding(one, None)
    return None if value is None else Binding(one, told(standing.best - value))


def with_margin(standing: Standing, one: Binding) -> Binding:
    """Say of a rule instance that binds what one step less or more of it changes."""
    return replace(one, margin=_margin(standing, one.instance))


def _margin(standing: Standing, one: RuleInstance) -> Margin | None:
    """Solve again with one step less, and more, of what a rule instance asks for."""
    program, matrix = standing.program, standing.program.matrix
    if (matrix.row_lower[one.rows] == matrix.row_upper[one.rows]).all():
        return None  # neither more nor less is asked for, but another figure
    unit = program.names[program.row_tags.unit[one.rows[0]]]
    step = step_of(program, one.rows, unit)

    def eased(steps: int) -> Fraction | None:
        return standing.eased(one.rows, float(steps * step))

    try:
        less, more = eased(1), eased(-1)
        if less is None:
            return None
        fewer, further = evenly(eased, standing.best, less - standing.best), 0
        if more is not None:
            further = evenly(lambda count: eased(-count), standing.best, more - standing.best)
    except Endless:  # it goes on without end
        return None
    if standing.feasibility.stopped:
        return None  # it may hold further than was looked at
    return Margin(
        step=step,
        unit=unit,
        saves=told(standing.best - less),
        holds=fewer * step,
        costs=None if more is None else told(more - standing.best),
        holds_more=further * step,
    )


def evenly(value: Callable[[int], Fraction | None], best: Fraction, by: Fraction) -> int:
    """Return how many steps change a goal by as much each; searched for by halving."""

    def is_so(count: int) -> bool:
        there = value(count)
        return there is not None and abs(there - best - count * by) <= count * A_TRACE

    near, far = 1, 2
    while far <= MOST_STEPS and is_so(far):
        near, far = far, 2 * far
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (middle, far) if is_so(middle) else (near, middle)
    return near
