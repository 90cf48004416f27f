"""What a plan depends on: the rules that bind it, and the next step of every figure.

Both are told in the first goal, by solving again: without a rule instance, and with another figure.
Nothing is read from duals, which a program in whole steps does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.feasibility import Endless
from staffopt.analysis.parameters import Parameter, parameter_of, step_of
from staffopt.build import build
from staffopt.errors import InputError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, Program
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.instances import RuleInstance
    from staffopt.desk import Desk
    from staffopt.plan import Plan

MOST_INSTANCES = 400
"""Up to so many rule instances are left out one by one: each is one more solve."""

FAR = 1_000
"""How many times its value a figure is tried at; what changes nothing there never does."""

MOST_MARGINS = 12
"""Of so many rule instances that bind, the dearest, it is told what one step of each changes."""

MOST_STEPS = 1 << 24
"""So many steps are looked through at most for how far one changes as much as the first."""

A_TRACE = Fraction(1, 10**5)
"""What a solver may be off by in the first goal, in its unit."""

MOST_DIGITS = 10**6
"""Values are told to so many parts of their unit: what lies below is a solver's tolerance."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What one step less, or more, of what a rule instance asks for changes in the first goal.

    Attributes:
        step: the step, in ``unit``: that of what is decided, not of a figure (FTE, not cases each).
        unit: its unit.
        saves: by how much the first goal is better with one step less asked; 0 where it is not.
        holds: up to so many units less, every step saves as much.
        costs: by how much it is worse with one step more asked; None where there is no plan then.
    """

    step: Fraction
    unit: str
    saves: Fraction
    holds: Fraction
    costs: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "step": exact_text(self.step),
            "unit": self.unit,
            "saves": exact_text(self.saves),
            "holds": exact_text(self.holds),
            "costs": None if self.costs is None else exact_text(self.costs),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A rule instance without which the first goal would be better.

    Attributes:
        instance: the rule instance.
        costs: by how much the first goal would be better; None where nothing would stop it then.
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


@dataclass(frozen=True, slots=True)
class NextStep:
    """The nearest value of a figure, on one side, at which the first goal is another.

    Attributes:
        path: where the figure stands.
        value: what it is.
        at: the nearest value that changes something: up to there nothing does.
        unit: its unit.
        goal: what the first goal comes to there; None where there is no plan.
        step: what the figure is changed in.
        until: where the first step changes the goal already, the value up to which every step
            changes it by as much; else the last value that changes nothing.
    """

    path: str
    value: Fraction
    at: Fraction
    unit: str
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
            "goal": None if self.goal is None else exact_text(self.goal),
            "step": exact_text(self.step),
            "until": exact_text(self.until),
        }


@dataclass(slots=True)
class Standing:
    """A plan and what it depends on.

    Attributes:
        desk: asks the question with other figures.
        program: the question's program.
        instances: its rule instances.
        feasibility: the solver to ask.
        plan: the plan.
        not_told: why nothing is told, where that is so.
        best: what the first goal comes to.
    """

    desk: Desk
    program: Program
    instances: Sequence[RuleInstance]
    feasibility: Feasibility
    plan: Plan
    not_told: str = ""
    best: Fraction = field(default=Fraction(0), init=False)

    def binding(self) -> list[Binding]:
        """List the rule instances that bind, the dearest first."""
        if not self._can_tell():
            return []
        found = []
        for one in self.instances:
            try:
                value = self._with_rows(one, np.inf)
            except Endless:  # without the rule it goes on without end
                found.append(Binding(one, None))
                continue
            if value is not None and self.best - value > A_TRACE:
                found.append(Binding(one, self.best - value))
        return sorted(found, key=lambda one: (one.costs is not None, -(one.costs or 0)))

    def with_margins(self, binding: Sequence[Binding]) -> list[Binding]:
        """Say of the dearest that bind what one step less or more of each changes."""
        few = [replace(one, margin=self._margin(one.instance)) for one in binding[:MOST_MARGINS]]
        return [*few, *binding[MOST_MARGINS:]]

    def _margin(self, one: RuleInstance) -> Margin | None:
        """Solve again with one step less, and more, of what a rule instance asks for."""
        unit = self.program.names[self.program.row_tags.unit[one.rows[0]]]
        step = step_of(self.program, one.rows, unit)

        def eased(steps: int) -> Fraction | None:
            return self._with_rows(one, float(steps * step))

        try:
            less, more = eased(1), eased(-1)
            if less is None or self.feasibility.stopped:
                return None
            steps = self._same(eased, less - self.best)
        except Endless:  # it goes on without end
            return None
        costs = None if more is None else more - self.best
        return Margin(step, unit, self.best - less, steps * step, costs)

    def _with_rows(self, one: RuleInstance, eased: float) -> Fraction | None:
        """Minimise the first goal with the rows of a rule instance eased; below 0: tightened."""
        matrix = self.program.matrix.floating()
        lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
        lower[one.rows], upper[one.rows] = lower[one.rows] - eased, upper[one.rows] + eased
        return self._value(self.program, (lower, upper))

    def _same(self, value: Callable[[int], Fraction | None], by: Fraction) -> int:
        """Return how many steps change the first goal by as much each; searched for by halving."""

        def is_same(count: int) -> bool:
            there = value(count)
            return there is not None and abs(there - self.best - count * by) <= count * A_TRACE

        near, far = 1, 2
        while far <= MOST_STEPS and is_same(far):
            near, far = far, 2 * far
        while far - near > 1:
            middle = (near + far) // 2
            near, far = (middle, far) if is_same(middle) else (near, middle)
        return near

    def next_steps(self) -> list[NextStep]:
        """List the nearest value on either side of every figure that changes the first goal."""
        if self.not_told:
            return []
        paths = {
            one.parameter: None
            for one in self.instances
            if one.parameter is not None and one.value is not None and not one.statutory
        }
        figures = [parameter_of(self.desk.question, self.program, path) for path in paths]
        return [
            step
            for figure in figures
            if figure is not None
            for way in (-1, 1)
            for step in self._step(figure, way)
        ]

    def _can_tell(self) -> bool:
        if not self.program.goals or self.program.goals[0].ratio is not None:
            self.not_told = "the first goal is no sum, so nothing has a price in it"
        elif self.plan.provenance.stopped != "proven":
            self.not_told = "the plan is not proven to be the best"
        elif len(self.instances) > MOST_INSTANCES:
            self.not_told = "there are too many rules to leave out one by one"
        elif (best := self._value(self.program)) is None:
            self.not_told = "the time was up"
        else:
            # Not the plan's own: decisions on no step were rounded there, which is no rule's doing.
            self.best = best
        return not self.not_told

    def _value(
        self, program: Program, rows: tuple[FloatArray, FloatArray] | None = None
    ) -> Fraction | None:
        """Minimise the first goal; None where there is no plan, or none in time."""
        goal = program.goals[0]
        vector = goal.floats
        point = self.feasibility.least(program.matrix.floating(), vector, rows)
        if point is None:
            return None
        return _told(Fraction(float(vector @ point)) + Fraction(goal.offset))

    def _at(self, figure: Parameter, steps: int) -> tuple[bool, Fraction | None]:
        """Say whether a figure so many steps away changes the first goal, and what it is there."""
        question = self.desk.overriding({figure.path: figure.moved(steps)}).question
        value = self._value(build(question, exact=self.program.exact))
        return value is None or abs(value - self.best) > A_TRACE, value

    def _there(self, figure: Parameter, steps: int) -> Fraction | None:
        """Return what the first goal comes to with a figure so many steps away, if to anything."""
        try:
            return self._at(figure, steps)[1]
        except (Endless, InputError):
            return None  # no such figure may stand there, or the goal has no end

    def _step(self, figure: Parameter, way: int) -> Iterator[NextStep]:
        """Search for the nearest value on one side; what changes nothing far off never does."""
        far = self._far(figure, way)
        if not far or self.feasibility.stopped:
            return
        try:
            changes, goal = self._at(figure, way * far)
            near = 0
            while changes and far - near > 1:
                middle = min((near + far) // 2, max(1, 2 * near))
                there, value = self._at(figure, way * middle)
                if there:
                    far, goal = middle, value
                else:
                    near = middle
        except (Endless, InputError):
            return  # no such figure may stand there, or the goal has no end
        if changes and not near and goal is not None:
            near = self._same(lambda count: self._there(figure, way * count), goal - self.best)
        if changes and not self.feasibility.stopped:
            at, until = (Fraction(figure.moved(way * count)) for count in (far, near))
            yield NextStep(figure.path, figure.value, at, figure.unit, goal, figure.step, until)

    def _far(self, figure: Parameter, way: int) -> int:
        """Return how many steps away a figure is tried first: many times it, or next to nothing."""
        if way > 0:
            return int(max(figure.value, Fraction(1)) * FAR / figure.step)
        least = 0 if figure.bound else 1
        return max(0, int(figure.value / figure.step) - least)


def _told(value: Fraction) -> Fraction:
    """Round a goal's value to what a solver can tell."""
    return Fraction(round(value * MOST_DIGITS), MOST_DIGITS)
