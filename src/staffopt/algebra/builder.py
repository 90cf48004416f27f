"""From variables, rows and goals to one :class:`Program`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.axes import Axes, Mask, codes_of, shape
from staffopt.algebra.expression import Expression, Rows, between, zeros
from staffopt.algebra.program import (
    NONE,
    Block,
    ColumnTags,
    FloatArray,
    GoalVector,
    IntArray,
    Matrix,
    NumberArray,
    Program,
    Ratio,
    RowTags,
)
from staffopt.quantity import common_measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DECISIONS = "decisions"
"""The rule that decisions belong to: the core itself."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a block of variables is.

    Attributes:
        unit: unit of the quantity.
        decision: True for a decision, False for what is derived from decisions.
        choice: the axis along which at most one cell is 1, if any.
    """

    unit: str
    decision: bool = False
    choice: str | None = None


@dataclass(slots=True)
class _Columns:
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
class _Rows:
    """One block of rows as it was declared."""

    block: Block
    rows: Rows
    rule: str
    statutory: bool
    cells: IntArray


@dataclass(frozen=True, slots=True)
class _Goal:
    """One goal as it was declared."""

    name: str
    form: Expression
    unit: str
    row: int
    ratio: Ratio | None = None
    within: float = 0.0


@dataclass(slots=True)
class Builder:
    """Collects variables, rows and goals, and assembles them once.

    Attributes:
        exact: whether coefficients are Fractions.
        block_axis: the axis by which columns and rows fall into blocks (teams).
    """

    exact: bool
    block_axis: str
    notes: list[str] = field(default_factory=list)
    _columns: list[_Columns] = field(default_factory=list)
    _rows: list[_Rows] = field(default_factory=list)
    _goals: list[_Goal] = field(default_factory=list)
    _names: dict[str, int] = field(default_factory=dict)
    _choices: int = 0

    def data(self, axes: Axes, values: object) -> Expression:
        """Make known figures over axes, in the arithmetic in use."""
        return Expression.data(axes, values, exact=self.exact)

    def variable(
        self,
        name: str,
        mask: Mask,
        kind: Kind,
        *,
        rule: str = DECISIONS,
        quantum: Expression | int = 0,
        lower: Expression | float = 0,
        upper: Expression | float = np.inf,
    ) -> Expression:
        """Declare a variable for every cell of a mask.

        Args:
            name: name of the block.
            mask: the cells that have a column; it gives the axes.
            kind: what the variables are.
            rule: label of the rule that declares them.
            quantum: the step they count in; 0 is continuous.
            lower: least quantity, in the quantity's own unit.
            upper: greatest quantity.

        Returns:
            The quantity (not the count of steps) over the mask's axes.
        """
        axes, kept = mask.axes, np.flatnonzero(mask.values.ravel())
        start = self._columns[-1].block.stop if self._columns else 0
        codes = codes_of(kept, axes)
        block = Block(
            name,
            start,
            start + len(kept),
            tuple(a.name for a in axes),
            tuple(a.labels for a in axes),
            codes,
        )
        step = self._over(quantum, axes)[kept]
        low, high = self._over(lower, axes)[kept], self._over(upper, axes)[kept]
        self._columns.append(
            _Columns(
                block,
                axes,
                rule,
                kind,
                step,
                _in_steps(low, step, ceil),
                _in_steps(high, step, floor),
                self._choose(kind, axes, codes),
            )
        )
        worth = step.copy()
        worth[step == 0] = Fraction(1) if self.exact else 1.0
        return Expression(
            axes,
            zeros(axes, exact=self.exact),
            kept.astype(np.int32),
            np.arange(block.start, block.stop, dtype=np.int32),
            worth,
        )

    def _over(self, value: Expression | float, axes: Axes) -> NumberArray:
        """Spread a figure over all cells of axes; an infinite one stays a float."""
        if isinstance(value, Expression):
            return np.asarray(value.spread(axes).constant).ravel()
        dtype = object if self.exact else float
        filled = value if np.isinf(value) or not self.exact else Fraction(value)
        return np.full(int(np.prod(shape(axes), dtype=np.int64)), filled, dtype=dtype)

    def _choose(self, kind: Kind, axes: Axes, codes: IntArray) -> IntArray:
        if kind.choice is None:
            return np.full(len(codes), NONE, dtype=np.int32)
        others = [i for i, axis in enumerate(axes) if axis.name != kind.choice]
        _, group = np.unique(codes[:, others], axis=0, return_inverse=True)
        group = group.ravel() + self._choices
        self._choices = int(group.max(initial=self._choices - 1)) + 1
        return group.astype(np.int32)

    def add(self, rows: Rows, rule: str, *, statutory: bool = False) -> int:
        """Add rows under a rule's label.

        Returns:
            How many rows came of it.
        """
        axes, cells = rows.terms.axes, np.flatnonzero(rows.exists.ravel())
        start = self._rows[-1].block.stop if self._rows else 0
        name = f"{rule} {rows.suffix}".strip()
        block = Block(
            name,
            start,
            start + len(cells),
            tuple(a.name for a in axes),
            tuple(a.labels for a in axes),
            codes_of(cells, axes),
        )
        self._rows.append(_Rows(block, rows, rule, statutory, cells.astype(np.int32)))
        return len(cells)

    def goal(self, name: str, form: Expression, unit: str, *, within: float) -> None:
        """Add a goal: the form, without axes, is minimised; later goals may be held to its row.

        Args:
            name: the goal's name.
            form: what is minimised.
            unit: its unit.
            within: how closely later goals hold it where it has no quantum.
        """
        row = self._add_free(between(form).tagged(unit=unit), name)
        self._goals.append(_Goal(name, form, unit, row, within=within))

    def ratio_goal(
        self, name: str, least: Expression, activities: Expression, mask: Mask, ratio: Ratio
    ) -> None:
        """Add a goal that minimises the greatest of weights ÷ activities.

        Args:
            name: the goal's name.
            least: the unknown that is pushed up, without axes (its negative is minimised).
            activities: what the weights are divided by.
            mask: the cells that count; they get a row each, unbounded until the goal is cut.
            ratio: weights and lattices, one a cell of the mask; the rest is filled in here.
        """
        row = self._add_free(between(-least), name)
        floors = between(activities).where(mask).tagged(suffix="floor")
        start = self._add_free(floors, name)
        constants = tuple(float(c) for c in activities.constant[floors.exists])
        placed = replace(ratio, start=start, constants=constants)
        self._goals.append(_Goal(name, -least, ratio.unit, row, ratio=placed))

    def _add_free(self, rows: Rows, name: str) -> int:
        start = self._rows[-1].block.stop if self._rows else 0
        self.add(rows, name)
        return start

    def finish(self) -> Program:
        """Assemble everything that was declared."""
        columns = self._columns[-1].block.stop if self._columns else 0
        column_tags, axes = self._column_tags(columns)
        matrix = self._matrix(columns)
        row_tags = self._row_tags(axes, _row_quanta(matrix) if self.exact else None)
        goals = tuple(self._vector(goal, columns) for goal in self._goals)
        return Program(
            matrix=matrix,
            goals=goals,
            column_tags=column_tags,
            row_tags=row_tags,
            column_blocks=tuple(c.block for c in self._columns),
            row_blocks=tuple(r.block for r in self._rows),
            names=tuple(self._names),
            axes={axis: tuple(labels) for axis, labels in axes.items()},
            exact=self.exact,
            notes=tuple(self.notes),
        )

    def _matrix(self, columns: int) -> Matrix:
        row, column, value, lower, upper = [], [], [], [], []
        for part in self._rows:
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
        dtype = object if self.exact else np.float64
        merged = _merge(_join(row, np.int64), _join(column, np.int32), _join(value, dtype), columns)
        return Matrix(
            *merged,
            row_lower=_join(lower, dtype),
            row_upper=_join(upper, dtype),
            col_lower=_join([c.lower for c in self._columns], dtype),
            col_upper=_join([c.upper for c in self._columns], dtype),
            integer=_join([c.quantum != 0 for c in self._columns], np.bool_),
        )

    def _vector(self, goal: _Goal, columns: int) -> GoalVector:
        form = goal.form
        vector = zeros((), exact=self.exact)[()] * np.ones(columns, dtype=int)
        np.add.at(vector, form.column, form.coefficient)
        return GoalVector(
            name=goal.name,
            vector=vector,
            offset=form.constant[()],
            quantum=self._quantum(vector) if self.exact and goal.ratio is None else None,
            unit=goal.unit,
            row=goal.row,
            ratio=goal.ratio,
            within=goal.within,
        )

    def _quantum(self, vector: NumberArray) -> Fraction | None:
        """Return the least difference of a goal, or None if a continuous column bears on it."""
        integer = _join([c.quantum != 0 for c in self._columns], np.bool_)
        used = vector != 0
        return None if np.any(used & ~integer) else common_measure(vector[used])

    def _column_tags(self, columns: int) -> tuple[ColumnTags, dict[str, dict[str, int]]]:
        axes: dict[str, dict[str, int]] = {}
        parts = self._columns
        blocks = [part.block for part in parts]
        keys = self._keys(blocks, axes)
        repeat = [part.block.stop - part.block.start for part in parts]
        return ColumnTags(
            rule=self._codes([p.rule for p in parts], repeat),
            keys=keys,
            block=keys.get(self.block_axis, np.full(columns, NONE, dtype=np.int32)),
            unit=self._codes([p.kind.unit for p in parts], repeat),
            quantum=_join([p.quantum.astype(np.float64) for p in parts], np.float64),
            decision=np.repeat(np.array([p.kind.decision for p in parts], dtype=bool), repeat),
            choice=_join([p.choice for p in parts], np.int32),
        ), axes

    def _row_tags(self, axes: dict[str, dict[str, int]], quanta: FloatArray | None) -> RowTags:
        parts = self._rows
        blocks = [part.block for part in parts]
        keys = self._keys(blocks, axes)
        repeat = [part.block.stop - part.block.start for part in parts]
        total = sum(repeat)
        return RowTags(
            rule=self._codes([p.rule for p in parts], repeat),
            keys=keys,
            block=keys.get(self.block_axis, np.full(total, NONE, dtype=np.int32)),
            unit=self._codes([p.rows.unit for p in parts], repeat),
            quantum=np.zeros(total) if quanta is None else quanta,
            strict=np.repeat(np.array([p.rows.strict for p in parts], dtype=np.int32), repeat),
            parameter=_join([self._parameters(p) for p in parts], np.int32),
            factor=np.repeat(np.array([p.rows.factor for p in parts], dtype=float), repeat),
            parameter_kind=np.repeat(
                np.array([p.rows.kind for p in parts], dtype=np.int32), repeat
            ),
            statutory=np.repeat(np.array([p.statutory for p in parts], dtype=bool), repeat),
        )

    def _parameters(self, part: _Rows) -> IntArray:
        named, size = part.rows.parameter, part.block.stop - part.block.start
        if named is None:
            return np.full(size, NONE, dtype=np.int32)
        if isinstance(named, str):
            path = named if named.startswith("pins.") else f"standards.{part.rule}.{named}"
            return np.full(size, self._code(path), dtype=np.int32)
        labels = part.block.labels
        paths = [
            named.get(tuple(names[c] for names, c in zip(labels, codes, strict=True)))
            for codes in part.block.cells
        ]
        return np.array([NONE if p is None else self._code(p) for p in paths], dtype=np.int32)

    def _keys(
        self, blocks: Sequence[Block], axes: dict[str, dict[str, int]]
    ) -> dict[str, IntArray]:
        """Give every column or row its label codes, axis by axis, over all blocks."""
        total = blocks[-1].stop if blocks else 0
        keys: dict[str, IntArray] = {}
        for block in blocks:
            for place, (axis, labels) in enumerate(zip(block.axes, block.labels, strict=True)):
                known = axes.setdefault(axis, {})
                for label in labels:
                    known.setdefault(label, len(known))
                local = np.array([known[label] for label in labels], dtype=np.int32)
                if axis not in keys:
                    keys[axis] = np.full(total, NONE, dtype=np.int32)
                keys[axis][block.start : block.stop] = local[block.cells[:, place]]
        return keys

    def _codes(self, names: Sequence[str], repeat: Sequence[int]) -> IntArray:
        return np.repeat(np.array([self._code(n) for n in names], dtype=np.int32), repeat)

    def _code(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))


def _in_steps(bound: NumberArray, step: NumberArray, towards: Callable[[Any], int]) -> NumberArray:
    """Turn bounds of quantities into bounds of counts of steps."""
    counts = bound.copy()
    for i in np.flatnonzero(step != 0):
        if not np.isinf(float(bound[i])):
            count = bound[i] / step[i]
            # 0.3 ÷ 0.1 is 2.9999999999999996 in floats, and would lose a whole step.
            counts[i] = towards(count if isinstance(count, Fraction) else round(count, 9))
    return counts


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
