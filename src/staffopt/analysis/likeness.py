"""In what two programs of one question with another figure differ: points, bounds, goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from staffopt.algebra.program import BoolArray, GoalVector, Program


def _bounded(program: Program) -> BoolArray:
    """Mark the rows that have a bound."""
    matrix = program.matrix.floating()
    return np.isfinite(matrix.row_lower) | np.isfinite(matrix.row_upper)


def _coefficients(program: Program) -> tuple[npt.NDArray[Any], ...]:
    """Return what the rows with a bound and the columns are, without the rows' bounds."""
    matrix = program.matrix.floating()
    kept = _bounded(program)[matrix.indices]
    return (
        matrix.indices[kept],
        matrix.entry_columns[kept],
        matrix.data[kept],
        matrix.col_lower,
        matrix.col_upper,
        matrix.integer,
    )


def _alike(one: Program, other: Program) -> bool:
    """Say whether two programs differ in bounds of rows and in goals at most."""
    return np.array_equal(_bounded(one), _bounded(other)) and all(
        np.array_equal(mine, its)
        for mine, its in zip(_coefficients(one), _coefficients(other), strict=True)
    )


def same_points(one: Program, other: Program) -> bool:
    """Say whether two programs have the same points."""
    mine, its = one.matrix.floating(), other.matrix.floating()
    return (
        _alike(one, other)
        and np.array_equal(mine.row_lower, its.row_lower)
        and np.array_equal(mine.row_upper, its.row_upper)
    )


def nested(one: Program, other: Program) -> Literal["more", "fewer"] | None:
    """Say whether the other has all the points of the one (``more``), or only such (``fewer``)."""
    if not _alike(one, other):
        return None
    mine, its = one.matrix.floating(), other.matrix.floating()
    if (its.row_lower <= mine.row_lower).all() and (its.row_upper >= mine.row_upper).all():
        return "more"
    if (its.row_lower >= mine.row_lower).all() and (its.row_upper <= mine.row_upper).all():
        return "fewer"
    return None


def same_goal(one: GoalVector, other: GoalVector) -> bool:
    """Say whether two goals are the same sum, or the greatest of the same ratios."""
    return (
        np.array_equal(one.vector, other.vector)
        and one.offset == other.offset
        and _weights(one) == _weights(other)
    )


def _weights(goal: GoalVector) -> Any:
    ratio = goal.ratio
    return ratio and (ratio.weights, ratio.lattices, tuple(ratio.constants))


def same(one: Program, other: Program) -> bool:
    """Say whether two programs ask the same."""
    return same_points(one, other) and all(
        same_goal(mine, its) for mine, its in zip(one.goals, other.goals, strict=True)
    )
