"""Numbers that solvers are known to go wrong on, found before anything is solved.

Solvers count in floats, within tolerances, and CP-SAT in integers that it loses beyond 2³¹. What is
found here is no fault of a question: it says where an answer deserves a second look, and which row
or column to mend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from staffopt.algebra.program import BoolArray, FloatArray, GoalVector, Matrix, Program
from staffopt.quantity import common_measure

MOST_ROW_SUM = 1 << 31
"""CP-SAT 9.15 is wrong where the terms of a row pass this (google/or-tools 5293)."""

MOST_BIG_M = 1e6
"""A 0-1 column may be a millionth off a whole number, and then moves so much by a whole unit."""

MOST_RANGE = 1e9
"""Beyond it, what a tolerance forgives in large coefficients is as large as a small one's term."""

SIMPLEST = 10**6
"""A float is taken for the fraction with a denominator up to this; others are left as they are."""


@dataclass(frozen=True, slots=True)
class Hazard:
    """Numbers that deserve a second look.

    Attributes:
        code: ``row-sum``, ``big-m``, ``range`` or ``gap``.
        words: what it is, with its figures.
        row, column: labels of where it is; None where it is of none.
        size: the figure that is too large.
    """

    code: str
    words: str
    size: float
    row: str | None = None
    column: str | None = None


def lint(program: Program, gap: Fraction = Fraction(0)) -> list[Hazard]:
    """Look for numbers that solvers are known to go wrong on.

    Args:
        program: the program.
        gap: the relative gap at which a solver may stop.
    """
    matrix = program.matrix.floating()
    return [
        *_row_sums(program, matrix),
        *float_hazards(program),
        *(hazard for goal in program.goals for hazard in _gap(goal, matrix, gap)),
    ]


def float_hazards(program: Program) -> list[Hazard]:
    """Look for numbers that any solver may go wrong on, which counts in floats and tolerances."""
    matrix = program.matrix.floating()
    return [*_big_ms(program, matrix), *_ranges(program, matrix)]


def _row_sums(program: Program, matrix: Matrix) -> Iterator[Hazard]:
    """Rows whose terms may pass what CP-SAT counts right; it takes whole columns only."""
    if not matrix.integer.all():
        return
    size, open_ended = _sizes(matrix)
    sums = matrix.row_sums(np.abs(matrix.data) * size[matrix.entry_columns])
    sums = np.where(_bounded(matrix), sums, 0.0)  # nothing is asked of a row without bounds
    grown = sums * _multipliers(matrix)
    least = matrix.row_sums(open_ended[matrix.entry_columns].astype(np.float64)) > 0
    for row, more in _worst(program, np.where(grown >= MOST_ROW_SUM, grown, 0.0)):
        label = program.row_label(row)
        words = (
            f"the terms of {label}{more} may come to {'at least ' if least[row] else ''}"
            f"{grown[row]:,.0f} in whole numbers, and CP-SAT is right below {MOST_ROW_SUM:,} only"
        )
        yield Hazard("row-sum", words, float(grown[row]), row=label)


def _big_ms(program: Program, matrix: Matrix) -> Iterator[Hazard]:
    """Rows that a 0-1 column turns off by a coefficient far beyond the others."""
    binary = matrix.integer & (matrix.col_lower == 0) & (matrix.col_upper == 1)
    if not binary.any():
        return
    size = np.abs(matrix.data)
    least = np.full(matrix.rows, np.inf)
    np.minimum.at(least, matrix.indices, size)
    ratio = np.where(binary[matrix.entry_columns], size / least[matrix.indices], 0.0)
    most = np.zeros(matrix.rows)
    np.maximum.at(most, matrix.indices, ratio)
    for row, more in _worst(program, np.where(most > MOST_BIG_M, most, 0.0)):
        entry = int(np.argmax(np.where(matrix.indices == row, ratio, -1.0)))
        label = program.row_label(row)
        column = program.column_label(int(matrix.entry_columns[entry]))
        words = (
            f"in {label}{more} the 0-1 unknown {column} weighs {ratio[entry]:,.0f} times as much "
            "as the smallest: a millionth of it moves the row by a whole unit"
        )
        yield Hazard("big-m", words, float(ratio[entry]), row=label, column=column)


def _ranges(program: Program, matrix: Matrix) -> Iterator[Hazard]:
    """Coefficients of rows, and of each goal, that lie too far apart for one tolerance."""
    size = np.abs(matrix.data)
    if len(size) and (ratio := size.max() / size.min()) > MOST_RANGE:
        ends = [int(size.argmax()), int(size.argmin())]
        rows = [program.row_label(int(matrix.indices[entry])) for entry in ends]
        words = (
            f"coefficients run from {size.min():g} in {rows[1]} to {size.max():g} in {rows[0]}: "
            "further apart than tolerances can tell"
        )
        yield Hazard("range", words, float(ratio), row=rows[0])
    for goal in program.goals:
        costs = np.abs(goal.floats)
        costs = costs[costs > 0]
        if len(costs) and (ratio := costs.max() / costs.min()) > MOST_RANGE:
            words = (
                f"coefficients of the goal {goal.name} run from {costs.min():g} to "
                f"{costs.max():g}: further apart than tolerances can tell"
            )
            yield Hazard("range", words, float(ratio))


def _gap(goal: GoalVector, matrix: Matrix, gap: Fraction) -> Iterator[Hazard]:
    """A gap that is worth more than what is lost in rounding, or than two plans can differ by."""
    finest = float(goal.quantum) if goal.quantum else 2 * goal.within
    if not gap or not finest:
        return
    size, open_ended = _sizes(matrix)
    costs = np.abs(goal.floats)
    endless = open_ended[costs > 0].any()
    most = np.inf if endless else float(costs @ size) + abs(float(goal.offset))
    worth = float(gap) * most
    if worth <= finest:
        return
    least = finest / float(gap)
    words = (
        f"a gap of {float(gap):g} of the goal {goal.name} is worth more than {finest:g} "
        f"{goal.unit} once it passes {least:,.0f}: a better plan may be left"
    )
    yield Hazard("gap", words, worth)


def _bounded(matrix: Matrix) -> BoolArray:
    return np.isfinite(matrix.row_lower) | np.isfinite(matrix.row_upper)


def _sizes(matrix: Matrix) -> tuple[FloatArray, BoolArray]:
    """Return the greatest size of each column as far as it has an end, and whether it lacks one."""
    lower, upper = _reach(matrix)
    sizes = np.maximum(
        np.where(np.isfinite(lower), abs(lower), 0), np.where(np.isfinite(upper), abs(upper), 0)
    )
    return sizes, ~(np.isfinite(lower) & np.isfinite(upper))


def _reach(matrix: Matrix) -> tuple[FloatArray, FloatArray]:
    """Return the columns' bounds, with what a first look at each row adds to them.

    In a row Σ a x ≤ b the term of one column is at most b less the least that the others come to.
    """
    column, row, a = matrix.entry_columns, matrix.indices, matrix.data
    lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
    for sign, bound in ((1.0, matrix.row_upper), (-1.0, -matrix.row_lower)):
        signed = sign * a
        least = np.where(signed > 0, signed * lower[column], signed * upper[column])
        endless = ~np.isfinite(least)
        total = matrix.row_sums(np.where(endless, 0.0, least))
        others_end = matrix.row_sums(endless.astype(np.float64))[row] - endless == 0
        term = bound[row] - total[row] + np.where(endless, 0.0, least)
        known = others_end & np.isfinite(term)
        end = np.where(known, term / signed, np.inf * np.sign(signed))
        up = signed > 0
        np.minimum.at(upper, column[up], end[up])
        np.maximum.at(lower, column[~up], end[~up])
    return lower, upper


def _multipliers(matrix: Matrix) -> FloatArray:
    """Return by what each row is multiplied to have the least whole coefficients."""
    terms: list[list[Fraction]] = [[] for _ in range(matrix.rows)]
    for row, value in zip(matrix.indices.tolist(), matrix.data.tolist(), strict=True):
        terms[row].append(Fraction(value).limit_denominator(SIMPLEST))
    return np.array([float(1 / common_measure(row)) if row else 1.0 for row in terms])


def _worst(program: Program, sizes: FloatArray) -> Iterator[tuple[int, str]]:
    """Yield the worst row of every block that has one, with words for how many more it has."""
    for block in program.row_blocks:
        own = sizes[block.start : block.stop]
        count = int(np.count_nonzero(own))
        if count:
            more = f" (the worst of {count} rows)" if count > 1 else ""
            yield block.start + int(own.argmax()), more
