"""Whether one matrix lets in every point of another, shown row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from staffopt.algebra.program import BoolArray, FloatArray, Matrix

A_TRACE = 1e-9
"""What floats leave of a difference, relative to what was taken from what."""

NEAR = 1e-6
"""What a solver's point may miss a row by, as solvers themselves have it."""


def lets_in(loose: Matrix, tight: Matrix) -> bool:
    """Say whether each row of one matrix is seen to hold wherever it holds in the other.

    A row whose coefficients differ holds if the difference comes to no more than its bound gives,
    whatever the columns are within their own bounds. Where that cannot be seen the answer is no.

    Args:
        loose: as float64; the columns and rows stand for the same as the other's.
        tight: as float64.
    """
    if (loose.rows, loose.columns) != (tight.rows, tight.columns):
        return False
    inside = (loose.col_lower <= tight.col_lower) & (tight.col_upper <= loose.col_upper)
    if not (inside & (tight.integer | ~loose.integer)).all():
        return False
    least, most = _differences(loose, tight)
    above = _within(most, tight.row_upper, loose.row_upper)
    below = _within(-least, -tight.row_lower, -loose.row_lower)
    return bool((above & below).all())


def _differences(loose: Matrix, tight: Matrix) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most by which each row's sum can differ, looser less tighter."""
    keys = np.concatenate([_keys(loose), _keys(tight)])
    places, inverse = np.unique(keys, return_inverse=True)
    by = np.zeros(len(places))
    np.add.at(by, inverse, np.concatenate([loose.data, -tight.data]))
    size = np.zeros(len(places))
    np.maximum.at(size, inverse, np.abs(np.concatenate([loose.data, tight.data])))
    told = np.abs(by) > A_TRACE * size
    columns, rows = np.divmod(places[told], tight.rows)
    low, high = by[told] * tight.col_lower[columns], by[told] * tight.col_upper[columns]
    least, most = np.zeros(tight.rows), np.zeros(tight.rows)
    np.add.at(least, rows, np.minimum(low, high))
    np.add.at(most, rows, np.maximum(low, high))
    return least, most


def _keys(matrix: Matrix) -> npt.NDArray[np.int64]:
    return matrix.entry_columns * matrix.rows + matrix.indices


def _within(most: FloatArray, tight: FloatArray, loose: FloatArray) -> BoolArray:
    """Say of each row whether its upper bound gives as much as its sum can grow."""
    free = np.isposinf(loose)
    room = np.where(free, 0.0, loose) - np.where(np.isposinf(tight), 0.0, tight)
    size = np.where(free, 0.0, np.abs(loose))
    kept = np.isfinite(tight) & (most <= room + A_TRACE * np.maximum(1.0, size))
    return free | kept


def differs_by(matrix: Matrix, moved: Matrix, by: FloatArray) -> bool:
    """Say whether two matrices differ in the bounds of rows alone, and there by so much.

    Args:
        matrix: as float64.
        moved: as float64.
        by: one entry a row: what its bounds are greater by in ``moved``.
    """
    if (matrix.rows, matrix.columns, matrix.entries) != (moved.rows, moved.columns, moved.entries):
        return False
    same = ("indptr", "indices", "data", "col_lower", "col_upper", "integer")
    pairs = [(getattr(matrix, name), getattr(moved, name)) for name in same]
    pairs += [(matrix.row_lower + by, moved.row_lower), (matrix.row_upper + by, moved.row_upper)]
    return all(np.allclose(one, other, rtol=A_TRACE, atol=A_TRACE) for one, other in pairs)


def missed_by(matrix: Matrix, point: FloatArray) -> FloatArray:
    """Return what a point misses each row by, beyond what solvers let pass; 0 or less for nothing.

    Args:
        matrix: as float64.
        point: one entry a column.
    """
    activity = matrix.activity(point)
    return np.maximum(matrix.row_lower - activity, activity - matrix.row_upper) - NEAR
