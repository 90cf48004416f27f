"""Assembling what a builder collected into one :class:`Program`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from staffopt.algebra.axes import Axes
from staffopt.algebra.expression import Expression, Rows, zeros
from staffopt.algebra.program import (
    NONE,
    Block,
    ColumnTags,
    FloatArray,
    Follow,
    GoalVector,
    IntArray,
    Matrix,
    NumberArray,
    Program,
    Ratio,
    RowTags,
)
from staffopt.quantity import common_measure


@dataclass(frozen=True, slots=True)
class Kind:
    """What a block of variables is.

    Attributes:
        unit: unit of the quantity.
        decision: True for a decision, False for what is derived from decisions.
        choice: the axis along which at most one cell is 1, if any.
        shortfall: True for what a row is missed by.
    """

    unit: str
    decision: bool = False
    choice: str | None = None
    shortfall: bool = False


@dataclass(slots=True)
class ColumnPart:
    """One block of columns as it was declared."""

    block: Block
    axes: Axes
    rule: str
    kind: Kind
    quantum: NumberArray
    lower: NumberArray
    upper: NumberArray
    choice: IntArray


@dataclass(slots=True)
class RowPart:
    """One block of rows as it was declared."""

    block: Block
    rows: Rows
    rule: str
    statutory: bool
    cells: IntArray


@dataclass(frozen=True, slots=True)
class GoalPart:
    """One goal as it was declared."""

    name: str
    form: Expression
    unit: str
    row: int
    ratio: Ratio | None = None
    within: float = 0.0


@dataclass(slots=True)
class _Codes:
    """Numbers names, and labels axis by axis, in the order in which they are met."""

    names: dict[str, int] = field(default_factory=dict)
    axes: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """Return a name's code."""
        return self.names.setdefault(name, len(self.names))

    def spread(self, names: Sequence[str], sizes: Sequence[int]) -> IntArray:
        """Return the codes of names, each repeated as often as its block is long."""
        return np.repeat(np.array([self.of(name) for name in names], dtype=np.int32), sizes)

    def keys(self, blocks: Sequence[Block]) -> dict[str, IntArray]:
        """Give every column or row its label codes, axis by axis, over all blocks."""
        total = blocks[-1].stop if blocks else 0
        keys: dict[str, IntArray] = {}
        for block in blocks:
            for place, (axis, labels) in enumerate(zip(block.axes, block.labels, strict=True)):
                known = self.axes.setdefault(axis, {})
                local = np.array([known.setdefault(x, len(known)) for x in labels], dtype=np.int32)
                if axis not in keys:
                    keys[axis] = np.full(total, NONE, dtype=np.int32)
                keys[axis][block.start : block.stop] = local[block.cells[:, place]]
        return keys


def assemble(
    columns: Sequence[ColumnPart],
    rows: Sequence[RowPart],
    goals: Sequence[GoalPart],
    *,
    exact: bool,
    block_axis: str,
    notes: Sequence[str],
) -> Program:
    """Assemble a program.

    Args:
        columns: blocks of columns, in order.
        rows: blocks of rows, in order.
        goals: goals, in order.
        exact: whether coefficients are Fractions.
        block_axis: the axis by which columns and rows fall into blocks.
        notes: what was noted while declaring.
    """
    codes = _Codes()
    matrix = _matrix(columns, rows, exact=exact)
    column_tags = _column_tags(columns, codes, block_axis)
    quanta = _row_quanta(matrix) if exact else np.zeros(matrix.rows)
    row_tags = _row_tags(rows, codes, block_axis, quanta)
    return Program(
        matrix=matrix,
        goals=tuple(_vector(goal, matrix, exact=exact) for goal in goals),
        column_tags=column_tags,
        row_tags=row_tags,
        column_blocks=tuple(part.block for part in columns),
        row_blocks=tuple(part.block for part in rows),
        names=tuple(codes.names),
        axes={axis: tuple(labels) for axis, labels in codes.axes.items()},
        exact=exact,
        notes=tuple(notes),
        follows=tuple(_follow(part) for part in rows if part.rows.following),
    )


def _follow(part: RowPart) -> Follow:
    following = part.rows.following
    assert following is not None
    return Follow(
        rule=part.rule,
        block=part.block,
        rest=following.rest.ravel()[part.cells],
        factors=following.factors,
        lower=following.lower,
        upper=following.upper,
        liftable=following.liftable,
    )


def _matrix(columns: Sequence[ColumnPart], rows: Sequence[RowPart], *, exact: bool) -> Matrix:
    row, column, value, lower, upper = [], [], [], [], []
    for part in rows:
        number = np.full(part.rows.exists.size, NONE, dtype=np.int64)
        number[part.cells] = np.arange(part.block.start, part.block.stop)
        terms = part.rows.terms
        at = number[terms.cell]
        kept = at != NONE
        row.append(at[kept])
        column.append(terms.column[kept])
        value.append(terms.coefficient[kept])
        lower.append(part.rows.lower.ravel()[part.cells])
        upper.append(part.rows.upper.ravel()[part.cells])
    dtype = object if exact else np.float64
    width = columns[-1].block.stop if columns else 0
    merged = _merge(_join(row, np.int64), _join(column, np.int32), _join(value, dtype), width)
    return Matrix(
        *merged,
        row_lower=_join(lower, dtype),
        row_upper=_join(upper, dtype),
        col_lower=_join([part.lower for part in columns], dtype),
        col_upper=_join([part.upper for part in columns], dtype),
        integer=_join([part.quantum != 0 for part in columns], np.bool_),
    )


def _vector(goal: GoalPart, matrix: Matrix, *, exact: bool) -> GoalVector:
    form = goal.form
    vector = zeros((), exact=exact)[()] * np.ones(matrix.columns, dtype=int)
    np.add.at(vector, form.column, form.coefficient)
    return GoalVector(
        name=goal.name,
        vector=vector,
        offset=form.constant[()],
        quantum=_quantum(vector, matrix) if exact and goal.ratio is None else None,
        unit=goal.unit,
        row=goal.row,
        ratio=goal.ratio,
        within=goal.within,
    )


def _quantum(vector: NumberArray, matrix: Matrix) -> Fraction | None:
    """Return the least difference of a goal, or None if a continuous column bears on it."""
    used = vector != 0
    return None if np.any(used & ~matrix.integer) else common_measure(vector[used])


def _column_tags(parts: Sequence[ColumnPart], codes: _Codes, block_axis: str) -> ColumnTags:
    sizes = [part.block.stop - part.block.start for part in parts]
    keys = codes.keys([part.block for part in parts])
    return ColumnTags(
        rule=codes.spread([part.rule for part in parts], sizes),
        keys=keys,
        block=keys.get(block_axis, np.full(sum(sizes), NONE, dtype=np.int32)),
        unit=codes.spread([part.kind.unit for part in parts], sizes),
        quantum=_join([part.quantum.astype(np.float64) for part in parts], np.float64),
        decision=_repeat([part.kind.decision for part in parts], sizes, np.bool_),
        choice=_join([part.choice for part in parts], np.int32),
        shortfall=_repeat([part.kind.shortfall for part in parts], sizes, np.bool_),
    )


def _row_tags(
    parts: Sequence[RowPart], codes: _Codes, block_axis: str, quanta: FloatArray
) -> RowTags:
    sizes = [part.block.stop - part.block.start for part in parts]
    keys = codes.keys([part.block for part in parts])
    return RowTags(
        rule=codes.spread([part.rule for part in parts], sizes),
        keys=keys,
        block=keys.get(block_axis, np.full(sum(sizes), NONE, dtype=np.int32)),
        unit=codes.spread([part.rows.unit for part in parts], sizes),
        quantum=quanta,
        strict=_repeat([part.rows.strict for part in parts], sizes, np.int32),
        parameter=_join([_parameters(part, codes) for part in parts], np.int32),
        factor=_repeat([part.rows.factor for part in parts], sizes, np.float64),
        parameter_kind=_repeat([part.rows.kind for part in parts], sizes, np.int32),
        statutory=_repeat([part.statutory for part in parts], sizes, np.bool_),
    )


def _parameters(part: RowPart, codes: _Codes) -> IntArray:
    named, size = part.rows.parameter, part.block.stop - part.block.start
    if named is None:
        return np.full(size, NONE, dtype=np.int32)
    if isinstance(named, str):
        return np.full(size, codes.of(named), dtype=np.int32)
    labels = part.block.labels
    paths = [
        named.get(tuple(names[c] for names, c in zip(labels, cell, strict=True)))
        for cell in part.block.cells
    ]
    return np.array([NONE if path is None else codes.of(path) for path in paths], dtype=np.int32)


def _repeat(values: Sequence[Any], sizes: Sequence[int], dtype: Any) -> Any:
    return np.repeat(np.array(values, dtype=dtype), sizes)


def _row_quanta(matrix: Matrix) -> FloatArray:
    """Return the least difference each row's activity can have; 0 where it has none."""
    terms: list[list[Fraction]] = [[] for _ in range(matrix.rows)]
    loose = np.zeros(matrix.rows, dtype=bool)
    for column in range(matrix.columns):
        for entry in range(matrix.indptr[column], matrix.indptr[column + 1]):
            row = matrix.indices[entry]
            loose[row] |= not matrix.integer[column]
            terms[row].append(matrix.data[entry])
    return np.array(
        [0.0 if off else float(common_measure(t)) for t, off in zip(terms, loose, strict=True)]
    )


def _join(parts: Sequence[Any], dtype: Any) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)


def _merge(row: Any, column: Any, value: NumberArray, columns: int) -> tuple[Any, Any, Any]:
    """Turn triplets into CSC arrays: duplicates added up, zeros dropped, rows ascending."""
    order = np.lexsort((row, column))
    row, column, value = row[order], column[order], value[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    starts = np.flatnonzero(first)
    summed = np.add.reduceat(value, starts) if len(starts) else value
    row, column = row[starts], column[starts]
    kept = summed != 0
    counts = np.bincount(column[kept], minlength=columns)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return indptr, row[kept].astype(np.int32), summed[kept]
