"""Writes a purely integral program in integers, exactly, or says why it cannot.

CP-SAT counts in 64-bit integers and goes wrong long before they are full: 9.15 called 15 of 400
staffing programs with money in pence optimal at a wrong point, once the terms of a row passed
2³¹ (google/or-tools 5293); in pounds, none. So every row is kept below that, or nothing is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, isinf, lcm

import numpy as np

from staffopt.algebra.lint import MOST_ROW_SUM
from staffopt.algebra.program import FloatArray
from staffopt.backends.held import FUZZ, Held
from staffopt.backends.reach import IntegerRow, bounded
from staffopt.errors import BackendError

LARGEST = MOST_ROW_SUM
"""The terms of a row, of the objective, and every column stay below this size."""

SIMPLEST = 10**6
"""A coefficient is taken for the fraction with a denominator up to this that reads back as it."""


@dataclass(frozen=True, slots=True)
class WholeRow:
    """One row: lower ≤ sum of coefficient · column ≤ upper, all integers."""

    columns: list[int]
    coefficients: list[int]
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class WholeProgram:
    """A program in integers.

    Attributes:
        lower, upper: bounds of the columns, one entry a column.
        rows: the rows that have a bound.
        cost: cost of each column, in units of ``unit``.
        unit: what one unit of the objective is worth.
    """

    lower: list[int]
    upper: list[int]
    rows: list[WholeRow]
    cost: list[int]
    unit: Fraction

    @property
    def possible(self) -> bool:
        """Whether each row, taken alone, can hold."""
        return all(row.lower <= row.upper for row in self.rows)


def whole_program(held: Held) -> WholeProgram:
    """Write a program in integers.

    Columns without a bound get the one that follows from the rows; or from the cost, where no
    better plan lies beyond it. One optimum at least remains.

    Raises:
        BackendError: a column is not whole or has no end, a coefficient is no simple fraction, or
            a row's terms may pass :data:`LARGEST`; with the column or row, and how large.
    """
    matrix = held.matrix
    if not matrix.integer.all():
        column = int(np.argmin(matrix.integer))
        raise BackendError(f"CP-SAT takes whole columns only, and column {column} is not")
    rows = _rows(held)
    cost, unit = _scaled(held.cost, "the objective")
    lower, upper = bounded(rows, cost, _ends(matrix.col_lower), _ends(matrix.col_upper))
    size = [max(abs(low), abs(high)) for low, high in zip(lower, upper, strict=True)]
    for column, most in enumerate(size):
        _check_size(f"column {column}", most)
    _check_size("the objective", sum(abs(c) * s for c, s in zip(cost, size, strict=True)))
    return WholeProgram(lower, upper, [_closed(row, size) for row in rows], cost, unit)


def _rows(held: Held) -> list[IntegerRow]:
    """Scale every row that has a bound; its bounds are rounded inwards, which loses no point."""
    matrix = held.matrix
    order = np.argsort(matrix.indices, kind="stable")
    columns = matrix.entry_columns[order]
    starts = np.searchsorted(matrix.indices[order], np.arange(matrix.rows + 1)).tolist()
    rows = []
    sides = zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    for number, (lower, upper) in enumerate(sides):
        if isinf(lower) and isinf(upper):
            continue
        place = slice(starts[number], starts[number + 1])
        numbers, unit = _scaled(matrix.data[order[place]], f"row {number}")
        row = IntegerRow(number, columns[place].tolist(), numbers, None, None)
        row.lower = None if isinf(lower) else ceil(_in_units(lower, unit, -1))
        row.upper = None if isinf(upper) else floor(_in_units(upper, unit, +1))
        rows.append(row)
    return rows


def _scaled(numbers: FloatArray, what: str) -> tuple[list[int], Fraction]:
    """Give numbers as integers times a unit.

    Raises:
        BackendError: a number is no simple fraction.
    """
    exact = [_simplest(number, what) for number in numbers.tolist()]
    denominator = lcm(*(number.denominator for number in exact))
    integers = [int(number * denominator) for number in exact]
    common = gcd(*integers) or 1
    return [integer // common for integer in integers], Fraction(common, denominator)


def _simplest(number: float, what: str) -> Fraction:
    simple = Fraction(number).limit_denominator(SIMPLEST)
    if float(simple) != number:
        raise BackendError(
            f"CP-SAT counts in integers, and {number!r} in {what} is no fraction with a "
            f"denominator up to {SIMPLEST:,}"
        )
    return simple


def _in_units(bound: float, unit: Fraction, sign: int) -> Fraction:
    """Count a bound in a row's unit, moved outwards by what rounding may have moved it in."""
    exact = Fraction(bound) / unit
    return exact + sign * (Fraction(FUZZ) + abs(exact) / 2**50)


def _ends(bounds: FloatArray) -> list[int | None]:
    return [None if isinf(bound) else int(bound) for bound in bounds.tolist()]


def _closed(row: IntegerRow, size: list[int]) -> WholeRow:
    """Give a row both its sides: what it cannot pass stands for the side that is missing."""
    most = sum(abs(a) * size[c] for c, a in zip(row.columns, row.coefficients, strict=True))
    _check_size(f"row {row.number}", most)
    lower = -most if row.lower is None else min(max(row.lower, -most), most + 1)
    upper = most if row.upper is None else max(min(row.upper, most), -most - 1)
    return WholeRow(row.columns, row.coefficients, lower, upper)


def _check_size(what: str, size: int) -> None:
    if size >= LARGEST:
        raise BackendError(
            f"{what} may come to {size:,} in whole units, and CP-SAT is trusted below 2^31 = "
            f"{LARGEST:,} only (google/or-tools 5293). Use another solver, such as highs."
        )
