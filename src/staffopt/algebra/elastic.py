"""What would have to give: rows get a slack at a price, and the least slack is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffopt.algebra.program import BoolArray, FloatArray, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Elastic:
    """A matrix in which some rows may give.

    Attributes:
        matrix: the given one with two columns more a row that may give.
        cost: the price of every column: only slack costs, relative to the row's own bound.
        rows: the rows that may give; row i has slack columns ``first + 2 i`` (its lower bound
            gives) and ``first + 2 i + 1`` (its upper bound gives).
        first: the first slack column.
    """

    matrix: Matrix
    cost: FloatArray
    rows: np.ndarray
    first: int

    def given(self, values: FloatArray, tolerance: float = 1e-6) -> list[tuple[int, float]]:
        """Return (row, by how much its bound gave; negative if the upper one) where any did."""
        low, high = values[self.first :: 2], values[self.first + 1 :: 2]
        gave = low - high
        return [(int(self.rows[i]), float(gave[i])) for i in np.flatnonzero(abs(gave) > tolerance)]


def elastic(matrix: Matrix, may_give: BoolArray, *, relative: bool = True) -> Elastic:
    """Let rows give.

    Args:
        matrix: the matrix.
        may_give: one entry a row.
        relative: whether slack is priced relative to the row's own bound, or each unit alike.
    """
    bounded = np.isfinite(matrix.row_lower) | np.isfinite(matrix.row_upper)
    rows = np.flatnonzero(may_give & bounded)
    extra = 2 * len(rows)
    lower = np.where(np.isfinite(matrix.row_lower), abs(matrix.row_lower), 0)
    upper = np.where(np.isfinite(matrix.row_upper), abs(matrix.row_upper), 0)
    size = np.maximum(np.maximum(lower, upper)[rows], 1.0) if relative else np.ones(len(rows))
    wide = Matrix(
        indptr=np.concatenate([matrix.indptr, matrix.indptr[-1] + 1 + np.arange(extra)]),
        indices=np.concatenate([matrix.indices, np.repeat(rows, 2).astype(np.int32)]),
        data=np.concatenate([matrix.data, np.tile([1.0, -1.0], len(rows))]),
        row_lower=matrix.row_lower,
        row_upper=matrix.row_upper,
        col_lower=np.concatenate([matrix.col_lower, np.zeros(extra)]),
        col_upper=np.concatenate([matrix.col_upper, np.full(extra, np.inf)]),
        integer=np.concatenate([matrix.integer, np.zeros(extra, dtype=bool)]),
    )
    cost = np.concatenate([np.zeros(matrix.columns), np.repeat(1.0 / size, 2)])
    return Elastic(wide, cost, rows, matrix.columns)
