"""The least change of several bounds together, in one solve: who gives how much is decided there.

A figure that is a bound gives in its rows, in its own steps, as whole numbers of a solve.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.extension import with_column, with_empty_rows
from staffopt.analysis.parameters import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from staffopt.algebra.program import FloatArray, IntArray, Matrix, Program
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Within:
    """What a least change is to stay within.

    Attributes:
        figures: so many figures change at most.
        weight: the whole weighs so much at most, so that no figure changes by more than weighs it.
    """

    figures: int
    weight: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A least change of several bounds.

    Attributes:
        steps: path → steps, of what changes.
        point: a point that there is then, one entry for each of the program's own columns.
    """

    steps: dict[str, int]
    point: FloatArray


def least_steps(
    program: Program,
    matrix: Matrix,
    figures: Sequence[Parameter],
    weights: Mapping[str, Fraction],
    feasibility: Feasibility,
    within: Within | None = None,
) -> Shared | None:
    """Find the change of several bounds that weighs least and lets there be a point.

    Args:
        program: the program.
        matrix: its numbers as float64, some rows perhaps lifted.
        figures: the figures that may change; each is a bound.
        weights: path → what a change of the figure by one of its unit weighs.
        feasibility: the solver to ask.
        within: how many figures may change, if they are limited.

    Returns:
        what changes; None where no change does, or it was not proven in time.
    """
    if within is not None:  # one step of the others would weigh too much already
        figures = [f for f in figures if weights[f.path] * f.step <= within.weight]
    own = matrix
    columns: list[tuple[int, str, int]] = []
    cost = [np.zeros(matrix.columns)]
    if within is not None:
        matrix = with_empty_rows(matrix, [0.0] * len(figures) + [float(within.figures)])
    for number, figure in enumerate(figures):
        step, weight = float(figure.step), weights[figure.path]
        counted = None if within is None else own.rows + number
        for sign in ways_of(own, rows_of(program, figure.path)):
            columns.append((matrix.columns, figure.path, sign))
            matrix = _with_steps(matrix, program, figure, sign, counted)
            cost.append(np.array([float(weight) * step]))
        if counted is not None and within is not None:
            most = floor(within.weight / (weight * figure.step))
            matrix = _with_switch(matrix, counted, matrix.rows - 1, most)
            cost.append(np.zeros(1))
    weighed = np.concatenate(cost)
    # Solvers stop at a gap of some millionth: the least weight is to be far above it.
    point = feasibility.least(matrix, weighed / weighed[weighed > 0].min(initial=np.inf))
    if point is None:
        return None
    steps: dict[str, int] = {}
    for column, path, sign in columns:
        steps[path] = steps.get(path, 0) + sign * round(float(point[column]))
    return Shared({path: count for path, count in steps.items() if count}, point[: own.columns])


def ways_of(matrix: Matrix, rows: IntArray) -> list[int]:
    """Say which way a figure may go so that its rows give: up where they have a most, and down."""
    upper = np.isfinite(matrix.row_upper[rows].astype(float)).any()
    lower = np.isfinite(matrix.row_lower[rows].astype(float)).any()
    return [1] * bool(upper) + [-1] * bool(lower)


def _with_steps(
    matrix: Matrix, program: Program, figure: Parameter, sign: int, counted: int | None
) -> Matrix:
    """Add a column of the steps that a figure goes one way; it never goes below 0."""
    rows = rows_of(program, figure.path)
    data = -sign * program.row_tags.factor[rows] * float(figure.step)
    if counted is not None:
        rows, data = np.append(rows, counted).astype(np.int32), np.append(data, 1.0)
    most = np.inf if sign > 0 or figure.value < 0 else ceil(figure.value / figure.step)
    return with_column(matrix, rows, data, bounds=(0.0, float(most)), whole=True)


def _with_switch(matrix: Matrix, counted: int, together: int, most: int) -> Matrix:
    """Add a column that is 1 where a figure changes, of which the sum is limited.

    A figure of which not even one step is light enough has no term where its steps are counted:
    it stays as it is, and a program keeps no coefficient of 0.
    """
    terms = [(counted, -float(most))] if most else []
    rows, data = zip(*terms, (together, 1.0), strict=True)
    return with_column(
        matrix, np.array(rows, np.int32), np.array(data), bounds=(0.0, 1.0), whole=True
    )
