"""What a plan depends on: the rules that bind it, and the next step of every figure.

Both are told in the first goal, by solving again: without a rule instance, and with another figure.
Nothing is read from duals, which a program in whole steps does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.parameters import Parameter, parameter_of
from staffopt.build import build
from staffopt.errors import BackendError, InputError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import Program
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.instances import RuleInstance
    from staffopt.desk import Desk
    from staffopt.plan import Plan

MOST_INSTANCES = 400
"""Up to so many rule instances are left out one by one: each is one more solve."""

FAR = 1_000
"""How many times its value a figure is tried at; what changes nothing there never does."""

MOST_DIGITS = 10**6
"""Values are told to so many parts of their unit: what lies below is a solver's tolerance."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A rule instance without which the first goal would be better.

    Attributes:
        instance: the rule instance.
        costs: by how much the first goal would be better; None where nothing would stop it then.
    """

    instance: RuleInstance
    costs: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        costs = None if self.costs is None else exact_text(self.costs)
        return {**self.instance.to_json(), "costs": costs}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The nearest value of a figure, on one side, at which the first goal is another.

    Attributes:
        path: where the figure stands.
        value: what it is.
        at: the nearest value that changes something: up to there nothing does.
        unit: its unit.
        goal: what the first goal comes to there; None where there is no plan.
    """

    path: str
    value: Fraction
    at: Fraction
    unit: str
    goal: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.path,
            "value": exact_text(self.value),
            "at": exact_text(self.at),
            "unit": self.unit,
            "goal": None if self.goal is None else exact_text(self.goal),
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
    """

    desk: Desk
    program: Program
    instances: Sequence[RuleInstance]
    feasibility: Feasibility
    plan: Plan
    not_told: str = ""

    def binding(self) -> list[Binding]:
        """List the rule instances that bind, the dearest first."""
        if not self._can_tell():
            return []
        found = []
        best = self._best
        for one in self.instances:
            matrix = self.program.matrix.floating()
            lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
            lower[one.rows], upper[one.rows] = -np.inf, np.inf
            without = replace(matrix, row_lower=lower, row_upper=upper)
            program = replace(self.program, matrix=without)
            try:
                value = self._value(program)
            except BackendError:  # without the rule it goes on without end
                found.append(Binding(one, None))
                continue
            if value is not None and value < best:
                found.append(Binding(one, best - value))
        return sorted(found, key=lambda one: (one.costs is not None, -(one.costs or 0)))

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
        return not self.not_told

    @property
    def _best(self) -> Fraction:
        return _told(self.plan.goals[0].value)

    def _value(self, program: Program) -> Fraction | None:
        """Minimise the first goal; None where there is no plan, or none in time."""
        goal = program.goals[0]
        vector = goal.floats
        point = self.feasibility.least(program.matrix.floating(), vector)
        if point is None:
            return None
        return _told(Fraction(float(vector @ point)) + Fraction(goal.offset))

    def _at(self, figure: Parameter, steps: int) -> tuple[bool, Fraction | None]:
        """Say whether a figure so many steps away changes the first goal, and what it is there."""
        question = self.desk.overriding({figure.path: figure.moved(steps)}).question
        value = self._value(build(question, exact=self.program.exact))
        return value != self._best, value

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
        except (BackendError, InputError):
            return  # no such figure may stand there, or the goal has no end
        if changes and not self.feasibility.stopped:
            at = figure.value + way * far * figure.step
            yield NextStep(figure.path, figure.value, at, figure.unit, goal)

    def _far(self, figure: Parameter, way: int) -> int:
        """Return how many steps away a figure is tried first: many times it, or next to nothing."""
        if way > 0:
            return int(max(figure.value, Fraction(1)) * FAR / figure.step)
        least = 0 if figure.bound else 1
        return max(0, int(figure.value / figure.step) - least)


def _told(value: Fraction) -> Fraction:
    """Round a goal's value to what a solver can tell."""
    return Fraction(round(value * MOST_DIGITS), MOST_DIGITS)
