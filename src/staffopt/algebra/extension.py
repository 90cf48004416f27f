"""A matrix with more columns and rows than it was built with, or nothing whole: for questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from staffopt.algebra.program import IntArray, Matrix, NumberArray

Column = tuple[float, float, bool]
"""Lower bound, upper bound, and whether it is whole."""

Row = tuple[float, float]
"""Lower and upper bound."""

Entry = tuple[int, int, float]
"""Row, column and coefficient."""


def extended(
    matrix: Matrix, columns: Sequence[Column], rows: Sequence[Row], entries: Sequence[Entry]
) -> Matrix:
    """Add columns after the last, rows below the last, and entries in what is added.

    Args:
        matrix: the matrix, as float64.
        columns: the columns to add.
        rows: the rows to add.
        entries: the entries to add, none where there is one.
    """
    row, column, data = (np.array([entry[i] for entry in entries]) for i in range(3))
    return joined(
        matrix,
        columns=_bounds(columns),
        integer=np.array([whole for *_, whole in columns], np.bool_),
        rows=_bounds(rows),
        entries=(row.astype(np.int64), column.astype(np.int64), data.astype(np.float64)),
    )


def _bounds(of: Sequence[Column] | Sequence[Row]) -> tuple[NumberArray, NumberArray]:
    return np.array([one[0] for one in of], float), np.array([one[1] for one in of], float)


def joined(
    matrix: Matrix,
    *,
    columns: tuple[NumberArray, NumberArray],
    integer: npt.NDArray[np.bool_],
    rows: tuple[NumberArray, NumberArray],
    entries: tuple[npt.NDArray[np.integer], npt.NDArray[np.integer], NumberArray],
) -> Matrix:
    """Add columns and rows, given by arrays of lower and upper bounds, and their entries.

    Args:
        matrix: the matrix, as float64.
        columns: bounds of the columns to add.
        integer: which of them are whole.
        rows: bounds of the rows to add.
        entries: row, column and coefficient of each entry to add, none where there is one.
    """
    all_rows = np.concatenate([matrix.indices, entries[0]])
    all_columns = np.concatenate([matrix.entry_columns, entries[1]])
    order = np.lexsort((all_rows, all_columns))
    counts = np.bincount(all_columns, minlength=matrix.columns + len(integer))
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=all_rows[order].astype(np.int32),
        data=np.concatenate([matrix.data, entries[2]])[order],
        row_lower=np.concatenate([matrix.row_lower, rows[0]]),
        row_upper=np.concatenate([matrix.row_upper, rows[1]]),
        col_lower=np.concatenate([matrix.col_lower, columns[0]]),
        col_upper=np.concatenate([matrix.col_upper, columns[1]]),
        integer=np.concatenate([matrix.integer, integer]),
    )


def with_column(
    matrix: Matrix,
    rows: IntArray,
    data: NumberArray,
    *,
    bounds: tuple[object, object] = (0.0, np.inf),
    whole: bool = False,
) -> Matrix:
    """Add a column at the end, in rows that there are: nothing has to be sorted.

    Args:
        matrix: the matrix, as float64 or in fractions.
        rows: the column's rows, ascending.
        data: its coefficient in each.
        bounds: its lower and upper bound; from 0 up if left out.
        whole: whether it is whole.
    """
    lower, upper = bounds
    return replace(
        matrix,
        indptr=np.append(matrix.indptr, matrix.entries + len(rows)),
        indices=np.append(matrix.indices, rows).astype(np.int32),
        data=_among(matrix.data, data),
        col_lower=_among(matrix.col_lower, [lower]),
        col_upper=_among(matrix.col_upper, [upper]),
        integer=np.append(matrix.integer, whole),
    )


def with_empty_rows(matrix: Matrix, most: Sequence[float]) -> Matrix:
    """Add rows without terms at the end, each of so much at most."""
    return replace(
        matrix,
        row_lower=np.append(matrix.row_lower, np.full(len(most), -np.inf)),
        row_upper=np.append(matrix.row_upper, most),
    )


def relaxed(matrix: Matrix) -> Matrix:
    """Return a matrix in which nothing has to be whole."""
    return replace(matrix, integer=np.zeros(matrix.columns, dtype=np.bool_))


def without_rows(matrix: Matrix, rows: IntArray) -> Matrix:
    """Return a matrix without the bounds of some rows."""
    lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    lower[rows], upper[rows] = -np.inf, np.inf
    return replace(matrix, row_lower=lower, row_upper=upper)


def _among(numbers: NumberArray, more: object) -> NumberArray:
    """Put numbers behind others, as numbers of the same kind."""
    return np.append(numbers, np.array(more, dtype=object).astype(numbers.dtype))
