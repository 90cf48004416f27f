"""What a question's goals come to where rows or figures are others, by solving again.

Goals are taken in their order, those before held at their best: what is told of one is told of
plans that are the best in all before it. Nothing is read from duals, which a program in whole steps
does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.holding import floors, held_at
from staffopt.algebra.ratios import greatest, next_above, next_below, on_lattices, rows_of
from staffopt.analysis.feasibility import Endless

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, GoalVector, IntArray, Matrix, Program
    from staffopt.analysis.feasibility import Feasibility

A_TRACE = Fraction(1, 10**5)
"""What a solver may be off by in a goal, in its unit."""

MOST_DIGITS = 10**6
"""Values are told to so many parts of their unit: what lies below is a solver's tolerance."""

SLIGHT, EPSILON = 1e-6, 1e-9
"""What a solver lets a row be off by, and what floats are off by relative to its size."""

Rows = tuple["FloatArray", "FloatArray"]
"""Lower and upper bounds, one entry a row."""

Point = tuple[Fraction, "FloatArray"]
"""What a goal comes to, and the point that shows it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a goal comes to with other figures.

    Attributes:
        number: the goal: the first that is another, else the one told.
        value: what it comes to; None where there is no plan, or none is proven in time.
        other: whether it is another.
    """

    number: int
    value: Fraction | None
    other: bool


@dataclass(slots=True)
class Standing:
    """A program's goals at their best.

    Attributes:
        program: the program.
        reached: what each of its goals comes to, as the plan has it.
        slack: how far each goal may be worse for those after it, in its unit.
        feasibility: the solver to ask.
        bests: what the goals looked at so far come to, as the solver has it: decisions on no step
            are rounded in a plan, which is no rule's doing.
        point: a point that is the best in all of those.
    """

    program: Program
    reached: Sequence[Fraction]
    slack: Sequence[float]
    feasibility: Feasibility
    bests: list[Fraction] = field(default_factory=list, init=False)
    point: FloatArray = field(init=False)

    @property
    def told(self) -> int:
        """The number of the goal that was looked at last."""
        return len(self.bests) - 1

    @property
    def best(self) -> Fraction:
        """What the goal that was looked at last comes to."""
        return self.bests[self.told]

    def look_at_next(self) -> bool:
        """Bring the next goal to its best; False where that is not proven in time."""
        number = len(self.bests)
        found = self._least(self.program, number, self._held(self.program, number))
        if found is None:
            return False
        value, self.point = found
        self.bests.append(value)
        return True

    def room(self) -> FloatArray:
        """Return how far every row is from its nearer bound at the best of the goal told."""
        matrix = self.program.matrix.floating()
        activity = matrix.activity(self.point)
        return np.minimum(activity - matrix.row_lower, matrix.row_upper - activity)

    def without(self, rows: IntArray) -> Fraction | None:
        """Return what the goal told comes to without some rows; None where it is not known.

        Raises:
            Endless: it goes on without end.
        """
        return self.eased(rows, np.inf)

    def eased(self, rows: IntArray, by: float) -> Fraction | None:
        """Return what the goal told comes to with some rows eased; below 0: tightened.

        Returns:
            the goal's value; None where there is no plan, or none is proven in time.

        Raises:
            Endless: it goes on without end.
        """
        return self._value(self.program, self.told, self._eased(rows, by, self.told))

    def is_better_without(self, rows: IntArray) -> bool:
        """Say whether the goal told is better without some rows; not where that is not known.

        Raises:
            Endless: it goes on without end.
        """
        return self._gains(rows, self.told)

    def is_better_anywhere_without(self, rows: IntArray) -> bool:
        """Say whether any goal up to the one told is better without some rows.

        Raises:
            Endless: one goes on without end.
        """
        return any(self._gains(rows, number) for number in range(len(self.bests)))

    def reached_in(self, program: Program) -> Reached:
        """Return the first goal that comes to something else in a program of other figures.

        Raises:
            Endless: it goes on without end.
        """
        for number, best in enumerate(self.bests):
            value = self._value(program, number, self._held(program, number))
            if value is None or abs(value - best) > A_TRACE:
                return Reached(number, value, other=True)
        return Reached(self.told, self.best, other=False)

    def has_its_numbers(self, program: Program) -> bool:
        """Say whether another program is this one but for the bounds of its rows."""
        return program.matrix.data is self.program.matrix.data

    def holds_in(self, program: Program) -> bool:
        """Say whether the point is one of a program that differs in bounds of rows alone.

        Where these only leave less room, it is the best there too.
        """
        matrix = program.matrix.floating()
        activity = matrix.activity(self.point)
        slight = SLIGHT + EPSILON * np.abs(activity)
        over = activity > matrix.row_upper + slight
        return not bool((over | (activity < matrix.row_lower - slight)).any())

    def _gains(self, rows: IntArray, number: int) -> bool:
        goal, bounds = self.program.goals[number], self._eased(rows, np.inf, number)
        if goal.ratio is not None and _is_searched(goal):
            smaller = next_below(goal.ratio, self.bests[number])
            return self._within(self.program, number, bounds, smaller) is not None
        value = self._value(self.program, number, bounds)
        return value is not None and self.bests[number] - value > A_TRACE

    def _held(self, program: Program, number: int) -> Rows:
        """Return the bounds of a program's rows with the goals before one held at their best."""
        if not number:
            matrix = program.matrix.floating()
        else:
            before = replace(program, goals=program.goals[:number])
            matrix = held_at(before, self.bests[:number], self.slack[:number])
        return matrix.row_lower, matrix.row_upper

    def _eased(self, rows: IntArray, by: float, number: int) -> Rows:
        lower, upper = (bounds.copy() for bounds in self._held(self.program, number))
        lower[rows], upper[rows] = lower[rows] - by, upper[rows] + by
        return lower, upper

    def _value(self, program: Program, number: int, bounds: Rows) -> Fraction | None:
        found = self._least(program, number, bounds)
        return None if found is None else found[0]

    def _numbers(self, program: Program) -> Matrix:
        """Return what a solver is given, the same where it has it already but for rows' bounds."""
        return (self.program if self.has_its_numbers(program) else program).matrix.floating()

    def _least(self, program: Program, number: int, bounds: Rows) -> Point | None:
        goal = program.goals[number]
        search = self._least_ratio if _is_searched(goal) else self._least_sum
        return search(program, number, bounds)

    def _least_sum(self, program: Program, number: int, bounds: Rows) -> Point | None:
        """Minimise the sum that a goal is, or that stands for its greatest ratio.

        Raises:
            Endless: it goes on without end; or a team has nobody in any plan.
        """
        goal = program.goals[number]
        point = self.feasibility.least(self._numbers(program), goal.floats, bounds)
        if point is None:
            return None
        if goal.ratio is None:
            return Fraction(float(goal.floats @ point)) + Fraction(goal.offset), point
        value = greatest(goal.ratio, program.matrix.floating().activity(point))
        if value is None and goal.ratio.weights:
            raise Endless(f"{goal.name} has no end: a team has nobody")
        return value or Fraction(0), point

    def _least_ratio(self, program: Program, number: int, bounds: Rows) -> Point | None:
        """Search for the least greatest ratio, from what it is in the plan, by halving.

        Each solve asks for any point with no ratio above a figure: that is sharp where the sum that
        stands for the goal is not (:mod:`staffopt.algebra.lexicographic`).
        """
        ratio, least = program.goals[number].ratio, Fraction(0)
        assert ratio is not None
        best = self._within(program, number, bounds, self.reached[number] or Fraction(1))
        if best is None and not self.feasibility.stopped:
            best = self._least_sum(program, number, bounds)
        if best is None:
            return None
        at = smaller = next_below(ratio, best[0])  # mostly there is nothing better
        while smaller >= least and not self.feasibility.stopped:
            found = self._within(program, number, bounds, at)
            if found is None:
                least = next_above(ratio, at)
            else:
                best, smaller = found, next_below(ratio, found[0])
            at = (least + smaller) / 2
        return None if self.feasibility.stopped else best

    def _within(self, program: Program, number: int, bounds: Rows, most: Fraction) -> Point | None:
        """Look for any point with no ratio above a figure, and return its greatest with it."""
        ratio, matrix = program.goals[number].ratio, self._numbers(program)
        assert ratio is not None
        lower, rows = bounds[0].copy(), rows_of(ratio)
        lower[rows] = np.maximum(lower[rows], floors(ratio, most))
        point = self.feasibility.least(matrix, np.zeros(matrix.columns), (lower, bounds[1]))
        if point is None:
            return None
        found = greatest(ratio, matrix.activity(point))
        return None if found is None or found > most else (found, point)


def _is_searched(goal: GoalVector) -> bool:
    """Say whether a goal is a greatest ratio that has to be searched for."""
    return goal.ratio is not None and bool(goal.ratio.weights) and on_lattices(goal)


def told(value: Fraction) -> Fraction:
    """Round a goal's value, or what it changes by, to what a solver can tell."""
    return Fraction(round(value * MOST_DIGITS), MOST_DIGITS)
