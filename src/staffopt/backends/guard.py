"""What no solver should be asked, and what no solver should be believed.

Upstream behaviour that this stands for: NaN coefficients are "optimal" to some solvers, numbers
of 1e20 and more are read as infinite, coefficients under 1e-9 are dropped without a word (HiGHS
options ``infinite_bound``, ``infinite_cost``, ``small_matrix_value``, ``large_matrix_value``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.program import FloatArray, Matrix, Program
from staffopt.algebra.solution import Options, Solution, Why
from staffopt.errors import BackendError, Fault, InputError

if TYPE_CHECKING:
    from staffopt.backends.held import Held

INFINITE = 1e20
"""Solvers read a bound or cost of this size as infinite, so a finite one is refused."""

COEFFICIENTS = (1e-9, 1e15)
"""The least and greatest size of a coefficient that every solver keeps as it is."""

SLACK = 1e-6
"""A point may miss a row or bound by this share of the row's terms; gross lies exceed it."""

WHOLE = 1e-5
"""How far from whole an integer column may be; the default of the solvers is 1e-6."""

EMPTY_HANDED = (Why.INFEASIBLE, Why.UNBOUNDED, Why.INFEASIBLE_OR_UNBOUNDED, Why.FAILED)
"""Ends at which no number may be read."""

LARGEST_INDEX = 2**31 - 1


def check_vector(name: str, given: Any, size: int, *, infinite: int) -> FloatArray:
    """Copy a vector as float64, refusing what no solver should see.

    Args:
        name: what it is, for the message.
        given: numbers, one an entry.
        size: how many there must be.
        infinite: the sign of infinity that has a meaning here; 0 for none.

    Raises:
        BackendError: a wrong length, NaN, an infinity without meaning, or a finite number that
            solvers read as infinite.
    """
    vector: FloatArray = np.array(given, dtype=np.float64)
    if vector.shape != (size,):
        raise BackendError(f"{name} has shape {vector.shape}, expected ({size},)")
    lawful = np.isfinite(vector)
    lawful &= np.abs(vector, where=lawful, out=np.zeros_like(vector)) < INFINITE
    if infinite:
        lawful |= vector == infinite * math.inf
    if not lawful.all():
        place = int(np.argmin(lawful))
        raise BackendError(f"{name}[{place}] is {vector[place]}, which no solver may be given")
    return vector


def check_matrix(matrix: Matrix) -> None:
    """Refuse a matrix that is not as :mod:`staffopt.algebra.program` defines it.

    Raises:
        BackendError: the first fault found, with its place.
    """
    rows, columns = matrix.rows, matrix.columns
    check_vector("row_lower", matrix.row_lower, rows, infinite=-1)
    check_vector("row_upper", matrix.row_upper, rows, infinite=1)
    check_vector("col_lower", matrix.col_lower, columns, infinite=-1)
    check_vector("col_upper", matrix.col_upper, columns, infinite=1)
    if matrix.integer.shape != (columns,):
        raise BackendError(f"integer has shape {matrix.integer.shape}, expected ({columns},)")
    _check_structure(matrix)
    _check_coefficients(matrix)


def _check_structure(matrix: Matrix) -> None:
    starts, indices = matrix.indptr, matrix.indices
    if starts.shape != (matrix.columns + 1,) or indices.shape != matrix.data.shape:
        raise BackendError("indptr, indices and data do not fit each other or the columns")
    if starts[0] != 0 or starts[-1] != matrix.entries or np.any(np.diff(starts) < 0):
        raise BackendError("indptr does not rise from 0 to the number of entries")
    if matrix.entries > LARGEST_INDEX:
        raise BackendError(f"{matrix.entries} entries are more than a solver can index")
    outside = (indices < 0) | (indices >= matrix.rows)
    if outside.any():
        place = int(np.argmax(outside))
        raise BackendError(f"indices[{place}] is {indices[place]}: there are {matrix.rows} rows")
    columns = matrix.entry_columns
    falls = (np.diff(indices) <= 0) & (np.diff(columns) == 0)
    if falls.any():
        column = int(columns[int(np.argmax(falls))])
        raise BackendError(f"column {column} has rows out of order or twice")


def _check_coefficients(matrix: Matrix) -> None:
    place = out_of_reach(matrix)
    if place is not None:
        row, column = int(matrix.indices[place]), int(matrix.entry_columns[place])
        raise BackendError(
            f"the coefficient of column {column} in row {row} is {matrix.data[place]}; {_KEPT} only"
        )


_KEPT = f"solvers keep sizes from {COEFFICIENTS[0]:g} to {COEFFICIENTS[1]:g}"


def out_of_reach(matrix: Matrix) -> int | None:
    """Return the first entry of a size that solvers do not keep, or None where there is none."""
    least, greatest = COEFFICIENTS
    size = np.abs(matrix.data)
    lawful = (size >= least) & (size < greatest)  # False for NaN
    return None if lawful.all() else int(np.argmin(lawful))


def refuse_out_of_reach(program: Program) -> None:
    """Refuse a program with a figure of a size that solvers do not keep, by the names of its place.

    Raises:
        InputError: if there is one.
    """
    matrix = program.matrix.floating()
    place = out_of_reach(matrix)
    if place is not None:
        row, column = int(matrix.indices[place]), int(matrix.entry_columns[place])
        what = f"{matrix.data[place]:g} stands before {program.column_label(column)} in "
        what += f"{program.row_label(row)}, and {_KEPT}"
        raise InputError([Fault("out-of-reach", what, "Correct the figures that it comes from.")])


def check_options(options: Options) -> None:
    """Refuse options without a meaning.

    Raises:
        BackendError: names the option and its value.
    """
    limit = options.time_limit
    lawful = {
        "time_limit": limit is None or (limit >= 0 and math.isfinite(limit)),
        "gap": options.gap >= 0 and math.isfinite(options.gap),
        "threads": options.threads >= 1,
        "seed": 0 <= options.seed <= LARGEST_INDEX,
    }
    for name, well in lawful.items():
        if not well:
            raise BackendError(f"the option {name} is {getattr(options, name)!r}")


def settle(held: Held) -> Solution | None:
    """Answer what needs no solver: crossed bounds, and no coefficient in a row with a bound."""
    matrix = held.matrix
    crossed = np.any(matrix.row_lower > matrix.row_upper)
    if crossed or np.any(matrix.col_lower > matrix.col_upper):
        return Solution(Why.INFEASIBLE)
    bounded = np.isfinite(matrix.row_lower) | np.isfinite(matrix.row_upper)
    if bounded[matrix.indices].any():
        return None
    # The activity of every row that has a bound is 0.
    if np.any(matrix.row_lower > 0) or np.any(matrix.row_upper < 0):
        return Solution(Why.INFEASIBLE)
    lower, upper = matrix.col_lower, matrix.col_upper
    nearest_zero = np.clip(0.0, lower, upper)
    values = np.where(held.cost > 0, lower, np.where(held.cost < 0, upper, nearest_zero))
    if not np.isfinite(values).all():
        return Solution(Why.UNBOUNDED)
    objective = float(held.cost @ values)
    return Solution(Why.OPTIMAL, values, objective, objective)


def may_be_unbounded(held: Held) -> bool:
    """Whether some column can improve the objective without end, were there no rows."""
    falling = (held.cost < 0) & np.isposinf(held.matrix.col_upper)
    rising = (held.cost > 0) & np.isneginf(held.matrix.col_lower)
    return bool(np.any(falling | rising))


def audit(solution: Solution, held: Held, gap: float) -> str:
    """Say what cannot be true of a solution, or give an empty text.

    A feasible point that is not the best passes: only a proved bound can catch that.
    """
    if solution.why in EMPTY_HANDED:
        empty = solution.values is None and solution.objective is None
        return "" if empty else f"{solution.why}, yet it holds a point"
    if solution.values is None:
        held_alone = solution.why is Why.OPTIMAL or solution.objective is not None
        return f"{solution.why}, yet it holds no point" if held_alone else ""
    fault = point_fault(solution.values, held)
    if fault:
        return fault
    if solution.objective is None:
        return "a point without its objective"
    return _objective_fault(solution, solution.values, solution.objective, held, gap)


def point_fault(values: FloatArray, held: Held) -> str:
    """Say which row, bound or integrality a claimed point breaks, or give an empty text."""
    matrix = held.matrix
    if values.shape != (matrix.columns,):
        return f"{values.size} values for {matrix.columns} columns"
    if not np.isfinite(values).all():
        return f"the value of column {int(np.argmin(np.isfinite(values)))} is not a number"
    over = np.maximum(matrix.col_lower - values, values - matrix.col_upper)
    fault = _worst("bound of column", over, np.maximum(1.0, np.abs(values)))
    if fault:
        return fault
    terms = matrix.data * values[matrix.entry_columns]
    activity = matrix.row_sums(terms)
    scale = np.maximum(1.0, matrix.row_sums(np.abs(terms)))
    over = np.maximum(matrix.row_lower - activity, activity - matrix.row_upper)
    fault = _worst("row", over, scale)
    if fault:
        return fault
    off = np.where(matrix.integer, np.abs(values - np.round(values)), 0.0)
    return _worst("wholeness of column", off, np.full(len(off), WHOLE / SLACK))


def _worst(what: str, over: FloatArray, scale: FloatArray) -> str:
    if not over.size:
        return ""
    place = int(np.argmax(over / scale))
    if over[place] <= SLACK * scale[place]:
        return ""
    return f"the point breaks the {what} {place} by {over[place]:g}"


def _objective_fault(
    solution: Solution, values: FloatArray, objective: float, held: Held, gap: float
) -> str:
    terms = held.cost * values
    slack = SLACK * max(1.0, float(np.abs(terms).sum()))
    if not abs(objective - float(terms.sum())) <= slack:
        return f"the objective is said to be {objective:g}, the point's is {terms.sum():g}"
    bound = solution.bound
    if bound is None:
        return ""
    if not bound <= objective + slack:
        return f"the bound {bound:g} is above the objective {objective:g}"
    if solution.why is Why.OPTIMAL and gap == 0 and bound < objective - slack:
        return f"optimal is said, yet the bound {bound:g} is below the objective {objective:g}"
    return ""
