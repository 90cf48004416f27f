"""A matrix with more columns and rows than it was built with, for questions about its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from staffopt.algebra.program import Matrix

Column = tuple[float, float, bool]
"""Lower bound, upper bound, and whether it is whole."""

Row = tuple[float, float]
"""Lower and upper bound."""

Entry = tuple[int, int, float]
"""Row, column and coefficient; the row is one of those added."""


def extended(
    matrix: Matrix, columns: Sequence[Column], rows: Sequence[Row], entries: Sequence[Entry]
) -> Matrix:
    """Add columns after the last and rows below the last; entries are in rows that are added."""
    count = matrix.columns + len(columns)
    added_rows, added_columns, added = (
        [entry[0] for entry in entries],
        [entry[1] for entry in entries],
        [entry[2] for entry in entries],
    )
    row: npt.NDArray[np.int64] = np.concatenate([matrix.indices, np.array(added_rows, np.int64)])
    column = np.concatenate([matrix.entry_columns, np.array(added_columns, np.int64)])
    data = np.concatenate([matrix.data, np.array(added, np.float64)])
    order = np.lexsort((row, column))
    ends = np.cumsum(np.bincount(column, minlength=count))
    return Matrix(
        indptr=np.concatenate([[0], ends]).astype(np.int64),
        indices=row[order].astype(np.int32),
        data=data[order],
        row_lower=np.append(matrix.row_lower, [low for low, _ in rows]),
        row_upper=np.append(matrix.row_upper, [high for _, high in rows]),
        col_lower=np.append(matrix.col_lower, [low for low, _, _ in columns]),
        col_upper=np.append(matrix.col_upper, [high for _, high, _ in columns]),
        integer=np.append(matrix.integer, np.array([whole for *_, whole in columns], np.bool_)),
    )
