"""Bounds that rows imply for columns, round by round, each with the row that it comes from.

Rounds are gone through in floats, which is quick. Whatever is concluded from a bound is worked out
again in fractions, along the rows it came from (:meth:`Bounds.exact`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, IntArray, Matrix

ROUNDS = 12
"""So often all rows are gone through."""

SLIGHT = 1e-6
"""What floats may be off by, relative to the size of what is added up; less is no gain."""

LOWER, UPPER = 0, 1
"""The sides of a bound."""

Bound = Fraction | float
"""A fraction; a float only where it is infinite."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A bound in fractions, and the rows that show it."""

    value: Bound
    rows: frozenset[int]


class Bounds:
    """What columns may be, as rows tighten it.

    Args:
        matrix: the numbers, exact or not.
    """

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.floating = matrix.floating()
        self.columns = matrix.entry_columns.astype(np.int32)
        self.low, self.high = self.floating.col_lower.copy(), self.floating.col_upper.copy()
        self._sources: list[tuple[IntArray, IntArray]] = []
        self._shown: dict[tuple[int, int, int], Shown] = {}
        self._by_row = np.argsort(matrix.indices, kind="stable").astype(np.int32)
        self._starts = np.searchsorted(matrix.indices[self._by_row], np.arange(matrix.rows + 1))

    @property
    def rounds(self) -> int:
        """How many rounds tightened something."""
        return len(self._sources)

    def entries(self, row: int) -> IntArray:
        """List the entries of a row."""
        return self._by_row[self._starts[row] : self._starts[row + 1]]

    def sums(self) -> tuple[Sums, Sums]:
        """Add up, row by row, the least and the most that a row can come to."""
        data, low, high = self.floating.data, self.low[self.columns], self.high[self.columns]
        least = np.where(data > 0, data * low, data * high)
        most = np.where(data > 0, data * high, data * low)
        return Sums.of(self.floating, least, -inf), Sums.of(self.floating, most, inf)

    def tighten(self) -> bool:
        """Go through all rows once; say whether any bound was tightened."""
        least, most = self.sums()
        data, rows = self.floating.data, self.floating.indices
        with np.errstate(invalid="ignore", over="ignore"):
            below = (self.floating.row_upper[rows] - least.others(rows)) / data
            above = (self.floating.row_lower[rows] - most.others(rows)) / data
        ends = np.where(data > 0, below, above), np.where(data > 0, above, below)
        whole = self.floating.integer
        high, up = self._nearest(ends[0])
        low, down = self._nearest(-ends[1])
        high = np.where(whole, np.floor(high + SLIGHT), high)
        low = np.where(whole, np.ceil(-low - SLIGHT), -low)
        with np.errstate(invalid="ignore"):  # a bound at infinity is no gain
            fewer = high < self.high - SLIGHT * np.maximum(1, np.abs(high))
            more = low > self.low + SLIGHT * np.maximum(1, np.abs(low))
        self.high, self.low = np.where(fewer, high, self.high), np.where(more, low, self.low)
        self._sources.append((np.where(more, down, -1), np.where(fewer, up, -1)))
        return bool(fewer.any() or more.any())

    def _nearest(self, ends: FloatArray) -> tuple[FloatArray, IntArray]:
        """Return each column's least end, and the row that it comes from."""
        ends = np.where(np.isnan(ends), np.inf, ends)
        order = np.lexsort((ends, self.columns))
        columns, first = np.unique(self.columns[order], return_index=True)
        value = np.full(self.matrix.columns, np.inf)
        row = np.full(self.matrix.columns, -1, dtype=np.int32)
        value[columns], row[columns] = ends[order[first]], self.matrix.indices[order[first]]
        return value, row

    def exact(self, column: int, side: int, after: int) -> Shown:
        """Work a bound out in fractions, as it stood after some rounds."""
        for number in range(after, 0, -1):
            row = int(self._sources[number - 1][side][column])
            if row >= 0:
                known = column, side, number
                if known not in self._shown:
                    self._shown[known] = self._implied(row, column, side, number)
                return self._shown[known]
        bounds = self.matrix.col_lower if side == LOWER else self.matrix.col_upper
        return Shown(_fraction(bounds[column]), frozenset())

    def _implied(self, row: int, column: int, side: int, number: int) -> Shown:
        """Work out in fractions what a row implies for a column in some round."""
        entries = self.entries(row)
        own = next(entry for entry in entries if self.columns[entry] == column)
        factor = Fraction(self.matrix.data[own])
        from_upper = (factor > 0) is (side == UPPER)
        terms = {
            int(self.columns[entry]): Fraction(self.matrix.data[entry])
            for entry in entries
            if entry != own
        }
        least = self.least(terms if from_upper else negated(terms), number - 1)
        others = least.value if from_upper else -least.value
        bound = (self.matrix.row_upper if from_upper else self.matrix.row_lower)[row]
        value: Bound = (Fraction(bound) - others) / factor
        if self.floating.integer[column] and isinstance(value, Fraction):
            value = Fraction(floor(value) if side == UPPER else ceil(value))
        return Shown(value, least.rows | {row})

    def least(self, terms: dict[int, Fraction], after: int) -> Shown:
        """Work out in fractions the least that a sum of terms can come to."""
        value: Bound = Fraction(0)
        rows: set[int] = set()
        for column, factor in terms.items():
            if factor:
                end = self.exact(column, LOWER if factor > 0 else UPPER, after)
                value, rows = value + factor * end.value, rows | end.rows
        return Shown(value, frozenset(rows))


@dataclass(frozen=True, slots=True)
class Sums:
    """What rows add up to, where some terms have no end.

    Attributes:
        terms: each entry's term.
        finite: by row, the sum of the finite terms.
        size: by row, the sum of their sizes.
        endless: by row, how many have no end.
        end: what those are: inf or -inf.
    """

    terms: FloatArray
    finite: FloatArray
    size: FloatArray
    endless: FloatArray
    end: float

    @classmethod
    def of(cls, matrix: Matrix, terms: FloatArray, end: float) -> Sums:
        """Add terms up, row by row."""
        finite = np.where(np.isinf(terms), 0.0, terms)
        endless = matrix.row_sums(np.isinf(terms).astype(np.float64))
        return cls(terms, matrix.row_sums(finite), matrix.row_sums(np.abs(finite)), endless, end)

    @property
    def total(self) -> FloatArray:
        """Each row's sum."""
        return np.where(self.endless > 0, self.end, self.finite)

    def others(self, rows: IntArray) -> FloatArray:
        """Return of each entry the sum of the other terms in its row."""
        endless = np.isinf(self.terms)
        finite = self.finite[rows] - np.where(endless, 0.0, self.terms)
        return np.where(self.endless[rows] > endless, self.end, finite)


def negated(terms: dict[int, Fraction]) -> dict[int, Fraction]:
    """Turn the sign of every term."""
    return {column: -factor for column, factor in terms.items()}


def _fraction(bound: Any) -> Bound:
    """Return a bound as a fraction, where it is finite."""
    return float(bound) if abs(bound) == inf else Fraction(bound)
