"""The next step of every figure: the nearest value, on either side, that changes a plan's goals.

Found by solving again with other figures, and searched for by halving. Where the best point known
still holds with a figure that only leaves less room, nothing has changed, and no solver is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.alone import alone
from staffopt.analysis.binding import evenly
from staffopt.analysis.feasibility import Endless
from staffopt.analysis.parameters import Parameter, parameter_of, rows_of
from staffopt.analysis.standing import told
from staffopt.errors import InputError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import Program
    from staffopt.analysis.instances import RuleInstance
    from staffopt.analysis.standing import Reached, Standing
    from staffopt.desk import Desk

FAR = 1_000
"""How many times its value a figure is tried at; what changes nothing there never does."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The nearest value of a figure, on one side, at which a goal is another.

    Attributes:
        path: where the figure stands.
        value: what it is.
        at: the nearest value that changes something: up to there nothing does.
        unit: its unit.
        number: which goal changes first, from 0.
        goal: what that goal comes to there; None where there is no plan.
        step: what the figure is changed in.
        until: where the first step changes the goal already, the value up to which every step
            changes it by as much; else the last value that changes nothing.
    """

    path: str
    value: Fraction
    at: Fraction
    unit: str
    number: int
    goal: Fraction | None
    step: Fraction
    until: Fraction

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.path,
            "value": exact_text(self.value),
            "at": exact_text(self.at),
            "unit": self.unit,
            "number": self.number,
            "goal": None if self.goal is None else exact_text(self.goal),
            "step": exact_text(self.step),
            "until": exact_text(self.until),
        }


def figures_of(desk: Desk, program: Program, instances: Sequence[RuleInstance]) -> list[Parameter]:
    """List the figures of rule instances that may be moved: none that is set by law."""
    paths = {
        one.parameter: None
        for one in instances
        if one.parameter is not None and one.value is not None and not one.statutory
    }
    found = (parameter_of(desk.question, program, path) for path in paths)
    return [figure for figure in found if figure is not None]


@dataclass(slots=True)
class Stepping:
    """Looks for the next steps of figures.

    Attributes:
        desk: asks the question with other figures.
        standing: the question's program and its goals at their best, up to the one told.
    """

    desk: Desk
    standing: Standing

    def steps(self, figures: Sequence[Parameter]) -> Iterator[NextStep]:
        """Yield the next step of each figure on either side, where there is one.

        Bounds come first: their programs are one program with other bounds of its rows.
        """
        bounds = [figure for figure in figures if figure.bound]
        giving = {figure.path for figure in alone(bounds, self._gives)}
        for figure in sorted(figures, key=lambda one: not one.bound):
            for way in (-1, 1):
                step = self._step(figure, way, gives=figure.path in giving)
                if step is not None and not self.standing.feasibility.stopped:
                    yield step

    def _gives(self, figures: Sequence[Parameter]) -> bool:
        """Say whether any goal is better with all rows of some figures away.

        What is no better then is no better with any more room that such a figure leaves.
        """
        rows = np.concatenate([rows_of(self.standing.program, one.path) for one in figures])
        try:
            return self.standing.is_better_anywhere_without(rows)
        except Endless:
            return True

    def _step(self, figure: Parameter, way: int, *, gives: bool) -> NextStep | None:
        """Search for the nearest value on one side; what changes nothing far off never does."""
        far = _far(figure, way)
        if not far or self.standing.feasibility.stopped:
            return None
        try:
            less = self._leaves_less(figure, way)
            if less is False and not gives:
                return None
            near = self._kept(figure, way, far) if less else 0
            return self._nearest(figure, way, near, far) if near < far else None
        except (Endless, InputError):
            return None  # no such figure may stand there, or the goal has no end

    def _nearest(self, figure: Parameter, way: int, near: int, far: int) -> NextStep | None:
        """Search between a number of steps that changes nothing and one that may."""

        def reached(count: int) -> Reached:
            return self.standing.reached_in(self._program(figure, way * count))

        found = reached(near + 1) if near else None
        if found is not None and found.other:
            far = near + 1
        else:
            found = reached(far)
        first, beyond = near, 1
        while found.other and far - near > 1:
            middle = min((near + far) // 2, first + beyond)
            there = reached(middle)
            near, far, found = (near, middle, there) if there.other else (middle, far, found)
            beyond *= 2
        if not found.other:
            return None
        if not near and found.value is not None:
            near = self._evenly(figure, way, found)
        at, until = (Fraction(figure.moved(way * count)) for count in (far, near))
        return NextStep(
            path=figure.path,
            value=figure.value,
            at=at,
            unit=figure.unit,
            number=found.number,
            goal=None if found.value is None else told(found.value),
            step=figure.step,
            until=until,
        )

    def _evenly(self, figure: Parameter, way: int, first: Reached) -> int:
        """Return how many steps change the goal by as much as the first does."""
        best = self.standing.bests[first.number]

        def there(count: int) -> Fraction | None:
            try:
                reached = self.standing.reached_in(self._program(figure, way * count))
            except (Endless, InputError):
                return None  # no such figure may stand there, or the goal has no end
            return reached.value if reached.number == first.number else None

        return 1 if first.value is None else evenly(there, best, first.value - best)

    def _program(self, figure: Parameter, steps: int) -> Program:
        """Compile the question with a figure so many steps away.

        Raises:
            InputError: no such figure may stand there.
        """
        return self.desk.overriding({figure.path: figure.moved(steps)}).program()

    def _leaves_less(self, figure: Parameter, way: int) -> bool | None:
        """Say whether a step leaves less room, or no less; None where more than bounds change."""
        mine, its = self.standing.program, self._program(figure, way)
        if not figure.bound or not self.standing.has_its_numbers(its):
            return None
        here, there = mine.matrix.floating(), its.matrix.floating()
        wider = (there.row_lower < here.row_lower) | (there.row_upper > here.row_upper)
        return not bool(wider.any())

    def _kept(self, figure: Parameter, way: int, far: int) -> int:
        """Return how many steps the best point holds for, of a figure that only leaves less."""
        near, beyond = 0, far + 1
        while beyond - near > 1:
            middle = min((near + beyond) // 2, max(1, 2 * near))
            holds = self.standing.holds_in(self._program(figure, way * middle))
            near, beyond = (middle, beyond) if holds else (near, middle)
        return near


def _far(figure: Parameter, way: int) -> int:
    """Return how many steps away a figure is tried first: many times it, or next to nothing."""
    if way > 0:
        return int(max(figure.value, Fraction(1)) * FAR / figure.step)
    least = 0 if figure.bound else 1
    return max(0, int(figure.value / figure.step) - least)
