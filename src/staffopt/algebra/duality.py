"""What multipliers of rows prove of a linear program, in exact arithmetic.

For any multipliers y, every point x of the program has

    c · x = y · A x + (c − y A) · x ≥ Σ y × the row's side that its sign asks for
                                      + Σ (c − y A) × the column's bound that its sign asks for,

whoever the multipliers come from. A solver's are floats: they are rounded to short fractions, and
what that leaves of columns that have no bound is taken up by a bound that the rows imply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isfinite

import numpy as np

from staffopt.algebra.exclusion import implied_bounds
from staffopt.algebra.program import FloatArray, Matrix, NumberArray

NOISE = 1e-11
"""Multipliers so small, relative to the largest, are left out."""

SIZES = (10**3, 10**6, 10**9)
"""Denominators up to which multipliers are rounded, relative to their size; then not at all."""

OUTWARDS = 1e-6
"""By how much an implied bound is moved outwards, relative to its size: more than floats lose."""

Multipliers = Mapping[int, Fraction]
"""Row → by what it is multiplied; none is 0."""


class Duality:
    """A linear program, on which multipliers are tried.

    Args:
        matrix: the program, in fractions or floats; what has to be whole is not looked at.
        cost: one entry a column, in the same numbers.
    """

    def __init__(self, matrix: Matrix, cost: NumberArray) -> None:
        self._matrix, self._cost = matrix, cost
        self._order = np.argsort(matrix.indices, kind="stable")
        self._starts = np.searchsorted(matrix.indices[self._order], np.arange(matrix.rows + 1))
        self._columns = matrix.entry_columns
        self._lower, self._upper = implied_bounds(matrix.floating())

    def floor(
        self, multipliers: Multipliers, fixed: Mapping[int, Fraction] | None = None
    ) -> Fraction | None:
        """Return what no point costs less than, as multipliers prove it; None if they do not.

        Args:
            multipliers: of rows.
            fixed: column → its value, within its bounds: of such points alone.
        """
        matrix, found, known = self._matrix, Fraction(0), fixed or {}
        left = {int(j): Fraction(self._cost[j]) for j in np.flatnonzero(self._cost)}
        for row, times in multipliers.items():
            side = (matrix.row_lower if times > 0 else matrix.row_upper)[row]
            if not isfinite(side):
                return None
            found += times * Fraction(side)
            for entry in self._order[self._starts[row] : self._starts[row + 1]]:
                column = int(self._columns[entry])
                left[column] = left.get(column, Fraction(0)) - times * Fraction(matrix.data[entry])
        for column, rest in left.items():
            if rest:
                bound = known[column] if column in known else self._bound(column, lower=rest > 0)
                if bound is None:
                    return None
                found += rest * bound
        return found

    def _bound(self, column: int, *, lower: bool) -> Fraction | None:
        """Return a column's own bound on a side, or the one that rows imply, moved outwards."""
        matrix = self._matrix
        own = (matrix.col_lower if lower else matrix.col_upper)[column]
        if isfinite(own):
            return Fraction(own)
        implied = float((self._lower if lower else self._upper)[column])
        if not isfinite(implied):
            return None
        room = OUTWARDS * max(1.0, abs(implied))
        return Fraction(implied - room if lower else implied + room)


def rounded(duals: FloatArray) -> Iterator[dict[int, Fraction]]:
    """Round a solver's multipliers in several ways, the shortest first."""
    largest = float(np.abs(duals).max(initial=0.0))
    kept = [(int(row), float(duals[row])) for row in np.flatnonzero(abs(duals) > NOISE * largest)]
    for size in SIZES:
        yield {
            row: short
            for row, y in kept
            if (short := Fraction(y).limit_denominator(int(size / min(1.0, abs(y)))))
        }
    yield {row: Fraction(y) for row, y in kept}
