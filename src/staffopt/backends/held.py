"""What a backend or a session holds between calls, and what differs from one call to the next."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from staffopt.algebra.program import BOUNDS, BoolArray, FloatArray, Matrix
from staffopt.algebra.solution import Changes
from staffopt.backends.guard import check_matrix, check_vector
from staffopt.errors import BackendError

STRUCTURE = {"indptr": np.int64, "indices": np.int32, "data": np.float64, "integer": np.bool_}
FUZZ = 1e-9
"""How far outside a whole number a bound may lie through rounding and still mean it."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A matrix with the cost and bounds that now apply, all copied from the caller.

    Arrays are never written to: a change puts a new array in the old one's place, so that two
    states differ exactly where their arrays are not the same object.

    Attributes:
        matrix: float64 throughout.
        cost: objective vector, one entry a column.
        start: the hint of the last call, or None.
    """

    matrix: Matrix
    cost: FloatArray
    start: FloatArray | None = None


def hold(held: Held | None, matrix: Matrix | None, changes: Changes) -> Held:
    """Apply a call to what is held; a new matrix starts with zero cost.

    A linear program that differs from the one held in bounds alone takes its structure over, so
    that :func:`difference` sends bounds and the solver goes on from its basis. An integer program
    is taken anew: a warm start gains nothing there, and an answer from what an earlier question
    left behind could be another one than an answer from nothing.

    Raises:
        BackendError: nothing is held, or a number is refused; the message names its place.
    """
    if matrix is not None:
        base = _copy(matrix)
        if held is not None and _only_rebound(held.matrix, base):
            base = replace(base, **{name: getattr(held.matrix, name) for name in STRUCTURE})
        cost = np.zeros(base.columns)
    elif held is not None:
        base, cost = held.matrix, held.cost
    else:
        raise BackendError("a first solve needs a matrix: none is held yet")
    if changes.cost is not None:
        cost = check_vector("cost", changes.cost, base.columns, infinite=0)
    start = None
    if changes.start is not None:
        start = check_vector("start", changes.start, base.columns, infinite=0)
    return Held(_rebound(base, changes), cost, start)


def _only_rebound(old: Matrix, new: Matrix) -> bool:
    """Say whether two linear programs differ in bounds alone."""
    return (
        not new.integer.any()
        and old.rows == new.rows  # a last row without terms shows in no other array
        and all(np.array_equal(getattr(old, name), getattr(new, name)) for name in STRUCTURE)
    )


def difference(old: Held | None, new: Held) -> Changes | None:
    """Say what turns ``old`` into ``new``, or None where the whole matrix is needed."""
    if old is None or old.matrix.data is not new.matrix.data:
        return None
    changed: dict[str, Any] = {
        name: getattr(new.matrix, name)
        for name in BOUNDS
        if getattr(new.matrix, name) is not getattr(old.matrix, name)
    }
    if new.cost is not old.cost:
        changed["cost"] = new.cost
    return Changes(start=new.start, **changed)


def rays(held: Held) -> Held:
    """Give the program of directions, each entry at most 1 in size, that no bound ever stops.

    Its data being rational, the program held is unbounded where it is feasible and some direction
    has a negative cost (whole columns included: Meyer 1974).
    """
    m = held.matrix
    directions = Matrix(
        m.indptr,
        m.indices,
        m.data,
        row_lower=np.where(np.isfinite(m.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(m.row_upper), 0.0, np.inf),
        col_lower=np.where(np.isfinite(m.col_lower), 0.0, -1.0),
        col_upper=np.where(np.isfinite(m.col_upper), 0.0, 1.0),
        integer=np.zeros_like(m.integer),
    )
    return Held(directions, held.cost)


def _copy(matrix: Matrix) -> Matrix:
    """Copy a matrix as plain machine numbers; an exact program's fractions become floats."""
    arrays: dict[str, Any] = {
        field.name: np.array(getattr(matrix, field.name), dtype=STRUCTURE.get(field.name, float))
        for field in fields(Matrix)
    }
    check_matrix(Matrix(**arrays))
    for name, sign in (("col_lower", -1), ("col_upper", 1)):
        arrays[name] = _inward(arrays[name], arrays["integer"], sign)
    return Matrix(**arrays)


def _rebound(matrix: Matrix, changes: Changes) -> Matrix:
    sizes = {"row": matrix.rows, "col": matrix.columns}
    arrays: dict[str, Any] = {field.name: getattr(matrix, field.name) for field in fields(Matrix)}
    for name in BOUNDS:
        given = getattr(changes, name)
        if given is not None:
            sign = -1 if name.endswith("lower") else 1
            vector = check_vector(name, given, sizes[name[:3]], infinite=sign)
            whole = matrix.integer if name.startswith("col") else None
            arrays[name] = _inward(vector, whole, sign)
    return Matrix(**arrays)


def _inward(bound: FloatArray, whole: BoolArray | None, sign: int) -> FloatArray:
    """Round the bounds of whole columns inwards.

    HiGHS 1.13.1 gives a whole column with a fractional bound the relaxation's objective and bound:
    -x with x whole and at most -3.5 is "optimal" at 3.5, though the point that it holds costs 4.
    """
    if whole is None:
        return bound
    rounded = np.floor(bound + FUZZ) if sign > 0 else np.ceil(bound - FUZZ)
    return np.where(whole, rounded + 0.0, bound)  # + 0.0 turns -0.0 into 0.0
