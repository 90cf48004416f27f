"""Rows that say the same of the same columns, put together: a solver is spared finding them.

A rule that holds in every period writes a row a period. Where what it counts is the same in all of
them, as people who keep their places are, the rows differ in their bounds at the most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from staffopt.algebra.program import FloatArray, IntArray, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A matrix in which no two rows have the same coefficients.

    Attributes:
        matrix: the matrix, with the rows' bounds as they were when it was made.
        group: for each row of the given matrix, the row that stands for it.
    """

    matrix: Matrix
    group: IntArray

    def bounds(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the bounds of its rows, given those of the rows that they stand for."""
        least = np.full(self.matrix.rows, -np.inf)
        most = np.full(self.matrix.rows, np.inf)
        np.maximum.at(least, self.group, lower)
        np.minimum.at(most, self.group, upper)
        return least, most


def gathered(matrix: Matrix) -> Gathered:
    """Let one row stand for all that have its coefficients.

    Rows are sorted by two sums of their coefficients with random weights, and those alike are
    compared entry by entry.

    Args:
        matrix: the matrix, as float64.
    """
    first = _alike(matrix)
    kept = np.flatnonzero(first == np.arange(matrix.rows))
    entries = np.isin(matrix.indices, kept)
    number = np.zeros(matrix.rows, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    counts = np.bincount(matrix.entry_columns[entries], minlength=matrix.columns)
    slim = replace(
        matrix,
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=number[matrix.indices[entries]],
        data=matrix.data[entries],
        row_lower=matrix.row_lower[kept],
        row_upper=matrix.row_upper[kept],
    )
    found = Gathered(slim, number[first])
    lower, upper = found.bounds(matrix.row_lower, matrix.row_upper)
    return Gathered(replace(slim, row_lower=lower, row_upper=upper), found.group)


def _alike(matrix: Matrix) -> IntArray:
    """Return, for every row, the first row with its coefficients."""
    weights = np.random.default_rng(0).random((2, matrix.columns))
    columns = matrix.entry_columns
    sums = [matrix.row_sums(matrix.data * weight[columns]) for weight in weights]
    length = np.bincount(matrix.indices, minlength=matrix.rows)
    _, index, inverse = np.unique(
        np.stack([*sums, length]), axis=1, return_index=True, return_inverse=True
    )
    first = index[inverse.ravel()]
    order = np.lexsort((columns, matrix.indices))
    begin = np.concatenate([[0], np.cumsum(length)])
    repeated = np.flatnonzero(first != np.arange(matrix.rows))
    sizes = length[repeated]
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    one = order[np.repeat(begin[repeated], sizes) + steps]
    two = order[np.repeat(begin[first[repeated]], sizes) + steps]
    same = (columns[one] == columns[two]) & (matrix.data[one] == matrix.data[two])
    differing = np.repeat(repeated, sizes)[~same]
    first[differing] = differing  # sums that are alike by chance
    return first.astype(np.int32)
