"""A linear program's best value along one figure: convex, in pieces, each proven from below.

The best value of a linear program is a convex, piecewise linear function of any bound. It is met
through its supporting lines, which come from the solver's duals: each is proven in exact arithmetic
to lie below the function everywhere (:mod:`staffopt.algebra.duality`), and meets it where it was
taken. Two lines cross above the function only where it has another piece between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.duality import Duality, rounded
from staffopt.algebra.extension import relaxed, with_column
from staffopt.algebra.program import FloatArray, GoalVector, Matrix, NumberArray
from staffopt.algebra.solution import Changes

if TYPE_CHECKING:
    from staffopt.algebra.solution import Solution

CLOSE = Fraction(1, 10**8)
"""How near a value lies to a line, relative to the larger value, to lie on it."""

DIGITS = (10, 10**3, 10**5, 10**7, 10**9)
"""Denominators up to which values are told, relative to their size: the first that does."""

ALIKE = Fraction(1, 10**12)
"""How near two values lie, relative to their size, that floats do not tell apart."""

MOST_PIECES = 60
"""So many solves at most go into the end of one piece."""

ZERO = Fraction(0)

Solve = Callable[[Matrix, Changes], "Solution | None"]
"""A solver that comes to its end, or raises; None where there is no point."""


class NoDuals(Exception):
    """The backend offers none."""


class NoPoint(Exception):
    """There is none where there should be one: solves contradict each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """The best value at one figure, and a line below it everywhere that meets it there.

    Attributes:
        at: how far the figure is from where it stands.
        value: the best value there.
        slope: by how much the line rises with each unit more.
        checked: whether the line is proven to lie below everywhere.
    """

    at: Fraction
    value: Fraction
    slope: Fraction
    checked: bool

    def over(self, at: Fraction) -> Fraction:
        """Return the line's height at a figure."""
        return self.value + self.slope * (at - self.at)

    def goes_through(self, other: Line) -> bool:
        """Say whether the best value at another figure lies on the line, which is never above."""
        size = max(abs(self.value), abs(other.value))
        return other.value - self.over(other.at) <= CLOSE * size


class Along:
    """The best value of a linear program along one figure.

    The figure is one more column of the program, which says how far it is from where it stands.

    Args:
        matrix: the program, in fractions or floats.
        cost: what is minimised, one entry a column, in the same numbers.
        slopes: row → by how much its bounds move with a unit of the figure.
        span: from where to where the figure may move.
        solve: a solver; the matrix that it is given is always the same.
    """

    def __init__(
        self,
        matrix: Matrix,
        cost: NumberArray,
        slopes: Mapping[int, Fraction],
        span: tuple[Fraction, Fraction],
        solve: Solve,
    ) -> None:
        self.span = span
        self._matrix = _behind(matrix, slopes, span)
        self._cost = np.append(cost, 0).astype(np.float64)
        sizes = np.abs(self._cost[self._cost != 0])
        self._unit = Fraction(float(sizes.min(initial=np.inf))) if len(sizes) else ZERO
        self._slopes = slopes
        self._duality = Duality(self._matrix, np.append(cost, 0))
        self._solve = solve
        self._known: dict[Fraction, Line | None] = {}
        self._ends: dict[int, Line] = {}

    def line(self, at: Fraction) -> Line:
        """Return the line where the figure is moved so far.

        Raises:
            NoDuals: the backend offers none.
            NoPoint: there is none.
        """
        found = self._line(at)
        if found is None:
            raise NoPoint
        return found

    def _line(self, at: Fraction) -> Line | None:
        if at not in self._known:
            self._known[at] = self._solved(at)
        return self._known[at]

    def end(self, sign: int) -> Line:
        """Return the line at the farthest figure on a side at which there is a point.

        Raises:
            NoDuals: the backend offers none.
            NoPoint: there is none at all.
        """
        if sign not in self._ends:
            self._ends[sign] = self._end(sign)
        return self._ends[sign]

    def _end(self, sign: int) -> Line:
        cost = np.zeros(self._matrix.columns)
        cost[-1] = -sign
        solution = self._solve(self._matrix.floating(), Changes(cost))
        if solution is None or solution.values is None:
            raise NoPoint
        far = Fraction(float(solution.values[-1]))
        # A fraction that floats do not tell from it may lie just beyond.
        near = far - sign * CLOSE * max(Fraction(1), abs(far))
        lines = (self._line(at) for at in (short(far), far, near))
        found = next((line for line in lines if line is not None), None)
        if found is None:
            raise NoPoint
        return found

    def first_piece(self, here: Line, end: Line) -> Line:
        """Find the line of the piece that begins at a figure and goes towards another."""
        for _ in range(MOST_PIECES):
            if end.goes_through(here):
                return end
            if here.goes_through(end) or here.slope == end.slope:
                return here
            end = self._crossing(here, end)
        return here

    def last_on(self, line: Line, end: Line) -> Line:
        """Find the farthest figure, towards another, at which the value is still on a line."""
        for _ in range(MOST_PIECES):
            if line.goes_through(end) or line.slope == end.slope:
                return end
            end = self._crossing(line, end)
        return end

    def _crossing(self, one: Line, other: Line) -> Line:
        """Return the line where two lines cross."""
        at = (one.over(ZERO) - other.over(ZERO)) / (other.slope - one.slope)
        return self.line(short(at))

    def _solved(self, at: Fraction) -> Line | None:
        lower, upper = (bounds.copy() for bounds in self._bounds())
        lower[-1] = upper[-1] = float(at)
        changes = Changes(self._cost, col_lower=lower, col_upper=upper)
        solution = self._solve(self._matrix.floating(), changes)
        if solution is None:
            return None
        if solution.duals is None:
            raise NoDuals
        assert solution.objective is not None
        value = Fraction(solution.objective)
        multipliers: Mapping[int, Fraction] = {}
        for multipliers in rounded(solution.duals):
            floor = self._duality.floor(multipliers, {self._matrix.columns - 1: at})
            if floor is not None and abs(value - floor) <= CLOSE * max(abs(value), self._unit):
                told = short(floor) if abs(floor) > CLOSE * self._unit else ZERO
                return Line(at, told, self._slope(multipliers), checked=True)
        return Line(at, short(value), self._slope(multipliers), checked=False)

    def _bounds(self) -> tuple[FloatArray, FloatArray]:
        matrix = self._matrix.floating()
        return matrix.col_lower, matrix.col_upper

    def _slope(self, multipliers: Mapping[int, Fraction]) -> Fraction:
        return sum((y * self._slopes.get(row, ZERO) for row, y in multipliers.items()), ZERO)


def fixed_at(matrix: Matrix, values: FloatArray) -> Matrix:
    """Fix whatever is whole at a point, and let nothing else be whole."""
    lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
    for column in np.flatnonzero(matrix.integer):
        at = round(values[column])
        lower[column] = upper[column] = Fraction(at) if lower.dtype == object else at
    return relaxed(replace(matrix, col_lower=lower, col_upper=upper))


def value_of(goal: GoalVector, minimised: Fraction) -> Fraction:
    """Return a goal's value for what a solver minimises of it: of a ratio, minus its reciprocal."""
    if goal.ratio is not None:
        return -1 / minimised if minimised else minimised
    return minimised + Fraction(goal.offset)


def short(value: Fraction | float) -> Fraction:
    """Return the shortest fraction that floats do not tell from a value."""
    exact = Fraction(value)
    size = min(Fraction(1), abs(exact)) or Fraction(1)
    for digits in DIGITS:
        near = exact.limit_denominator(int(digits / size))
        if abs(near - exact) <= ALIKE * abs(exact):
            return near
    return exact


def _behind(
    matrix: Matrix, slopes: Mapping[int, Fraction], span: tuple[Fraction, Fraction]
) -> Matrix:
    """Put a column behind a matrix that moves the bounds of rows, within a span."""
    rows = sorted(slopes)
    data = np.array([-slopes[row] for row in rows], dtype=object)
    return with_column(matrix, np.array(rows, dtype=np.int32), data, bounds=span)
