"""Holding goals at values, for those that follow; and the point nearest to another that does so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from staffopt.algebra.extension import joined
from staffopt.algebra.program import FloatArray, GoalVector, IntArray, Matrix, Program, Ratio
from staffopt.algebra.ratios import rows_of
from staffopt.quantity import ceil_to_step

RATIO_TOLERANCE = 1e-9


def floors(ratio: Ratio, most: Fraction) -> FloatArray:
    """Return the floor under each activity of a ratio, so that none exceeds a figure."""
    found = np.zeros(len(ratio.weights))
    for i, weight in enumerate(ratio.weights):
        base, step = ratio.lattices[i]
        need = weight / most
        if step is None:
            floor = float(need) - RATIO_TOLERANCE
        else:
            floor = float(base + ceil_to_step(need - base, step))
        found[i] = floor - float(ratio.constants[i])
    return found


def room(goal: GoalVector, slack: float) -> float:
    """Return how far a sum may lie above its value and count as held: no other lies between."""
    half = goal.within if goal.quantum is None else float(goal.quantum) / 2
    return max(half, slack + half)


def held_at(program: Program, values: Sequence[Fraction], slack: Sequence[float]) -> Matrix:
    """Return a program's matrix, as float64, with every goal held at a value.

    Args:
        program: the program.
        values: of each goal, offset included.
        slack: how far each may be worse, in its unit.
    """
    matrix = program.matrix.floating()
    lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    for goal, value, more in zip(program.goals, values, slack, strict=True):
        if goal.ratio is None:
            upper[goal.row] = float(value - Fraction(goal.offset)) + room(goal, more)
        elif value:
            lower[rows_of(goal.ratio)] = floors(goal.ratio, value + Fraction(more))
    return replace(matrix, row_lower=lower, row_upper=upper)


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """A matrix that counts how much of a point's columns stays.

    Attributes:
        matrix: the given one, with a column for what stays of each column that may also grow.
        cost: what to minimise so that as much as can be stays.
        rows: rows of the given one.
        columns: columns of the given one.
    """

    matrix: Matrix
    cost: FloatArray
    rows: int
    columns: int

    def bounds(self, given: Matrix) -> tuple[FloatArray, FloatArray]:
        """Return the rows' bounds where the given matrix has others by now."""
        more = self.matrix.rows - self.rows
        lower = np.concatenate([given.row_lower, np.zeros(more)])
        return lower, np.concatenate([given.row_upper, np.full(more, np.inf)])


def nearness(matrix: Matrix, columns: IntArray, values: FloatArray) -> Nearness:
    """Count what stays of some columns at the values that they have: min(x, v) of each.

    Where x cannot be above v it is x itself; elsewhere an unknown k with k ≤ x and k ≤ v.

    Args:
        matrix: the matrix, as float64.
        columns: the columns that are looked at.
        values: their values, none below 0.
    """
    there = values > 0
    whole = there & (values >= matrix.col_upper[columns])
    apart, most = columns[there & ~whole], values[there & ~whole]
    extra = np.arange(len(apart), dtype=np.int32)
    cost = np.zeros(matrix.columns + len(extra))
    cost[columns[whole]] = -1
    cost[matrix.columns :] = -1
    kept = np.zeros(len(extra))
    more = joined(
        matrix,
        columns=(kept, most),
        integer=np.zeros(len(extra), dtype=np.bool_),
        rows=(kept, np.full(len(extra), np.inf)),
        entries=(
            matrix.rows + np.concatenate([extra, extra]),
            np.concatenate([apart, matrix.columns + extra]),
            np.concatenate([np.ones(len(extra)), -np.ones(len(extra))]),
        ),
    )
    return Nearness(more, cost, matrix.rows, matrix.columns)
