"""Assembling what a builder collected into one :class:`Program`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from staffopt.algebra.axes import Axes
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import (
    NONE,
    Block,
    BoolArray,
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
from staffopt.algebra.wholes import fraction, fractions


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
    quantum: FloatArray
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
    entries = _entries(rows, columns[-1].block.stop if columns else 0)
    matrix = _matrix(columns, rows, entries, exact=exact)
    column_tags = _column_tags(columns, codes, block_axis)
    quanta = entries.quanta(matrix.integer) if exact else np.zeros(matrix.rows)
    row_tags = _row_tags(rows, codes, block_axis, quanta)
    return Program(
        matrix=matrix,
        goals=tuple(_vector(goal, matrix.integer, exact=exact) for goal in goals),
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
        sources=following.sources,
        lower=following.lower,
        upper=following.upper,
        liftable=following.liftable,
    )


def _matrix(
    columns: Sequence[ColumnPart], rows: Sequence[RowPart], entries: _Entries, *, exact: bool
) -> Matrix:
    dtype = object if exact else np.float64
    return Matrix(
        indptr=entries.indptr,
        indices=entries.indices,
        data=entries.figures(exact=exact),
        row_lower=_join([part.rows.lower.ravel()[part.cells] for part in rows], dtype),
        row_upper=_join([part.rows.upper.ravel()[part.cells] for part in rows], dtype),
        col_lower=_join([part.lower for part in columns], dtype),
        col_upper=_join([part.upper for part in columns], dtype),
        integer=_join([part.quantum != 0 for part in columns], np.bool_),
    )


@dataclass(frozen=True, slots=True)
class _Entries:
    """Coefficients by columns, rows ascending: floats, or whole numbers of parts.

    Attributes:
        indptr, indices: as in :class:`Matrix`.
        parts: the figures.
        over: the denominator of each row's figures.
    """

    indptr: Any
    indices: IntArray
    parts: NumberArray
    over: Any

    def figures(self, *, exact: bool) -> NumberArray:
        """Return the coefficients in the arithmetic in use."""
        if not exact:
            return self.parts
        made = np.empty(len(self.parts), dtype=object)
        pairs = zip(self.parts.tolist(), self.over[self.indices].tolist(), strict=True)
        made[:] = [fraction(part, over) for part, over in pairs]
        return made

    def quanta(self, integer: BoolArray) -> FloatArray:
        """Return the least difference each row's activity can have; 0 where it has none."""
        rows, quanta = len(self.over), np.zeros(len(self.over))
        order = np.argsort(self.indices, kind="stable")
        counts = np.bincount(self.indices, minlength=rows)
        used = np.flatnonzero(counts)
        if len(used):
            starts = (np.cumsum(counts) - counts)[used]
            measures = np.gcd.reduceat(self.parts[order], starts).tolist()
            overs = self.over[used].tolist()
            quanta[used] = [float(fraction(m, o)) for m, o in zip(measures, overs, strict=True)]
        column = np.repeat(np.arange(len(integer)), np.diff(self.indptr))
        quanta[self.indices[~integer[column]]] = 0.0
        return quanta


def _entries(rows: Sequence[RowPart], columns: int) -> _Entries:
    row, column, parts = [], [], []
    over = np.ones(rows[-1].block.stop if rows else 0, dtype=object)
    for part in rows:
        number = np.full(part.rows.exists.size, NONE, dtype=np.int64)
        number[part.cells] = np.arange(part.block.start, part.block.stop)
        terms = part.rows.terms.with_room_for(len(part.rows.terms.cell))
        at = number[terms.cell]
        kept = at != NONE
        row.append(at[kept])
        column.append(terms.column[kept])
        parts.append(terms.weights[kept])
        over[part.block.start : part.block.stop] = terms.over
    merged = _merge(_join(row), _join(column), _join(parts), columns)
    return _Entries(*merged, over)


def _vector(goal: GoalPart, integer: BoolArray, *, exact: bool) -> GoalVector:
    form = goal.form.with_room_for(len(goal.form.cell))
    vector = np.zeros(len(integer), dtype=form.weights.dtype)
    np.add.at(vector, form.column, form.weights)
    return GoalVector(
        name=goal.name,
        vector=fractions(vector, form.over) if exact else vector,
        offset=form.constant[()],
        quantum=_quantum(vector, form.over, integer) if exact and goal.ratio is None else None,
        unit=goal.unit,
        row=goal.row,
        ratio=goal.ratio,
        within=goal.within,
    )


def _quantum(vector: NumberArray, over: int, integer: BoolArray) -> Fraction | None:
    """Return the least difference of a goal, or None if a continuous column bears on it."""
    used = vector != 0
    loose = bool(np.any(used & ~integer))
    return None if loose else Fraction(int(np.gcd.reduce(vector[used], initial=0)), over)


def _column_tags(parts: Sequence[ColumnPart], codes: _Codes, block_axis: str) -> ColumnTags:
    sizes = [part.block.stop - part.block.start for part in parts]
    keys = codes.keys([part.block for part in parts])
    return ColumnTags(
        rule=codes.spread([part.rule for part in parts], sizes),
        keys=keys,
        block=keys.get(block_axis, np.full(sum(sizes), NONE, dtype=np.int32)),
        unit=codes.spread([part.kind.unit for part in parts], sizes),
        quantum=_join([part.quantum for part in parts], np.float64),
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


def _join(parts: Sequence[Any], dtype: Any = None) -> Any:
    if not parts:
        return np.zeros(0, dtype=dtype or np.int64)
    joined = np.concatenate(parts)
    return joined if dtype is None else joined.astype(dtype)


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
