"""Leaving out one vector of whole numbers: what is asked to find another plan that does as well.

A vector v is left out exactly where some column must differ from it by 1 or more::

    Σ (x[j] - lower[j]) over columns at their lower bound
    + Σ (upper[j] - x[j]) over columns at their upper bound
    + Σ (above[j] + below[j]) over the others  ≥  1
    x[j] ≥ lower[j] + (v[j] + 1 - lower[j]) · above[j]
    x[j] ≤ upper[j] - (upper[j] - v[j] + 1) · below[j]

with binaries above and below. A bound that a column does not have is taken from the rows, which
hold every goal. Where they give none either, that side is asked for by a solve of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffopt.algebra.extension import joined
from staffopt.algebra.program import FloatArray, IntArray, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Exclusion:
    """A matrix without one vector.

    Attributes:
        matrix: the given one with a row that asks for another vector, and with the binaries and
            rows that it needs; its first columns are the given ones.
        aside: (column, side) of what it does not allow although it might: the column above (+1)
            or below (-1) its value, for want of a bound.
    """

    matrix: Matrix
    aside: tuple[tuple[int, int], ...]


def excluding(matrix: Matrix, columns: IntArray, values: FloatArray) -> Exclusion:
    """Leave one vector out.

    Args:
        matrix: the matrix, as float64, with its goals held.
        columns: the whole columns that must not all stay as they are.
        values: the point, one entry a column; whole in those columns.
    """
    lower, upper = implied_bounds(matrix)
    at = values[columns]
    lowest, highest = at <= lower[columns], at >= upper[columns]
    inside = ~lowest & ~highest
    above = columns[inside & np.isfinite(lower[columns])]
    below = columns[inside & np.isfinite(upper[columns])]
    aside = [(int(j), 1) for j in columns[inside & ~np.isfinite(lower[columns])]]
    aside += [(int(j), -1) for j in columns[inside & ~np.isfinite(upper[columns])]]
    # A column that cannot move is at both its bounds, and asks for nothing.
    up, down = columns[lowest & ~highest], columns[highest & ~lowest]
    extra = _Extra(matrix)
    extra.sides(above, lower[above], values[above] + 1 - lower[above])
    extra.sides(below, upper[below], -(upper[below] - values[below] + 1))
    extra.moves(up, down, 1 + lower[up].sum() - upper[down].sum())
    return Exclusion(extra.joined(), tuple(aside))


def implied_bounds(matrix: Matrix) -> tuple[FloatArray, FloatArray]:
    """Tighten the columns' bounds by what each row, alone, allows; whole columns to whole numbers.

    Returns:
        lower and upper bounds, one entry a column; no feasible point lies outside them.
    """
    least, most = _terms(matrix)
    rows, columns = matrix.indices, matrix.entry_columns
    upper, lower = matrix.col_upper.copy(), matrix.col_lower.copy()
    room_above = matrix.row_upper[rows] - _others(matrix, least)
    room_below = matrix.row_lower[rows] - _others(matrix, most)
    rises = matrix.data > 0
    np.minimum.at(upper, columns, np.where(rises, room_above, room_below) / matrix.data)
    np.maximum.at(lower, columns, np.where(rises, room_below, room_above) / matrix.data)
    whole = matrix.integer
    # Outwards by a millionth first: a bound that rounding puts just below 3 is 3.
    upper[whole], lower[whole] = np.floor(upper[whole] + 1e-6), np.ceil(lower[whole] - 1e-6)
    return lower, upper


def _terms(matrix: Matrix) -> tuple[FloatArray, FloatArray]:
    """Return the least and greatest size of every term that the columns' bounds allow."""
    columns = matrix.entry_columns
    one, two = matrix.data * matrix.col_lower[columns], matrix.data * matrix.col_upper[columns]
    return np.minimum(one, two), np.maximum(one, two)


def _others(matrix: Matrix, terms: FloatArray) -> FloatArray:
    """Return, for every entry, the sum of the other terms of its row."""
    endless = ~np.isfinite(terms)
    size = np.where(endless, 0.0, terms)
    total, count = matrix.row_sums(size), matrix.row_sums(endless.astype(np.float64))
    rest = total[matrix.indices] - size
    left = count[matrix.indices] - endless
    sign = np.zeros(matrix.rows)
    sign[matrix.indices[endless]] = terms[endless]  # all of one row have one sign
    return np.where(left > 0, sign[matrix.indices], rest)


class _Extra:
    """Columns and rows to be put behind a matrix."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._rows: list[IntArray] = []
        self._columns: list[IntArray] = []
        self._data: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._binaries = 0

    def _add(self, rows: object, columns: IntArray, data: FloatArray) -> None:
        self._rows.append(np.broadcast_to(np.asarray(rows, np.int32), columns.shape))
        self._columns.append(columns)
        self._data.append(data)

    def sides(self, columns: IntArray, bounds: FloatArray, move: FloatArray) -> None:
        """Give each column a binary that moves its bound by so much: a lower one, up if above 0."""
        count = len(columns)
        rows = self._matrix.rows + sum(map(len, self._lower)) + np.arange(count, dtype=np.int32)
        binaries = self._matrix.columns + self._binaries + np.arange(count, dtype=np.int32)
        self._binaries += count
        self._add(rows, columns, np.ones(count))
        self._add(rows, binaries, -move)
        rising = move > 0
        self._lower.append(np.where(rising, bounds, -np.inf))
        self._upper.append(np.where(rising, np.inf, bounds))

    def moves(self, up: IntArray, down: IntArray, least: float) -> None:
        """Ask for one move at least: of a column off its bound, or by a binary."""
        row = self._matrix.rows + sum(map(len, self._lower))
        binaries = self._matrix.columns + np.arange(self._binaries, dtype=np.int32)
        for columns, sign in ((up, 1.0), (down, -1.0), (binaries, 1.0)):
            self._add(row, columns, np.full(len(columns), sign))
        self._lower.append(np.array([least]))
        self._upper.append(np.array([np.inf]))

    def joined(self) -> Matrix:
        """Join the matrix and what was put behind it."""
        more = self._binaries
        return joined(
            self._matrix,
            columns=(np.zeros(more), np.ones(more)),
            integer=np.ones(more, dtype=np.bool_),
            rows=(np.concatenate(self._lower), np.concatenate(self._upper)),
            entries=(
                np.concatenate(self._rows),
                np.concatenate(self._columns),
                np.concatenate(self._data),
            ),
        )
