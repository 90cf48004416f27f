"""The program: one definition of what a solver is given.

    minimise    goals[g] · x + offset[g]        for one goal g at a time
    subject to  row_lower ≤ A x ≤ row_upper
                col_lower ≤   x ≤ col_upper
                x[j] whole where integer[j]

A is stored by columns (CSC): the entries of column j are ``data[indptr[j]:indptr[j+1]]`` in rows
``indices[indptr[j]:indptr[j+1]]``, rows ascending, no entry twice, no stored zero. Every sense is
minimise. An infinite bound is ``±inf``. A column counts in steps of its quantum: the quantity that
people read is ``quantum · x`` where the quantum is not 0, else ``x`` itself.

``x`` is float64 everywhere but in an exact program, in which data, bounds and goals are object
arrays of :class:`fractions.Fraction` (infinite bounds stay floats); both come from the same rules.

Columns and rows come in named blocks over labelled axes; labels are made only when asked for.
Each carries, as arrays, what explanation, decomposition and certificates need: see
:class:`ColumnTags` and :class:`RowTags`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]
NumberArray = npt.NDArray[Any]
"""float64, or objects that are Fractions in an exact program."""

BOUNDS = ("row_lower", "row_upper", "col_lower", "col_upper")
"""The bounds of a :class:`Matrix`, by name."""

NONE = -1
"""Stands in a code array for: this column or row has no such label."""


class ParameterKind(IntEnum):
    """How a row depends on the parameter that it comes from."""

    NONE = 0
    RIGHT_HAND_SIDE = 1
    COEFFICIENT = 2


class Strict(IntEnum):
    """Which side of a row stands for a strict edge that was closed by a quantum or a margin."""

    NEITHER = 0
    LOWER = 1
    UPPER = 2


@dataclass(frozen=True, slots=True)
class Block:
    """A run of columns or rows that one name covers, cell by cell of its axes.

    Attributes:
        name: what the block stands for, such as ``post`` or a rule's label.
        start: index of its first column or row.
        stop: index after its last.
        axes: names of its axes.
        labels: the labels of each axis.
        cells: shape (stop - start, number of axes); the label codes of each column or row.
    """

    name: str
    start: int
    stop: int
    axes: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    cells: IntArray

    def label(self, index: int) -> str:
        """Write the name of one column or row, such as ``post[assessment,swso,2018/19]``."""
        codes = self.cells[index - self.start]
        inside = ",".join(names[code] for names, code in zip(self.labels, codes, strict=True))
        return f"{self.name}[{inside}]" if inside else self.name


@dataclass(frozen=True, slots=True)
class ColumnTags:
    """What each column stands for; every array has one entry a column.

    Attributes:
        rule: code in ``names`` of the rule that made it; the core's own are ``decisions``.
        keys: axis → code in ``Program.axes[axis]``, NONE where it has no such label.
        block: code of the team it belongs to; NONE where it couples teams.
        unit: code in ``names``.
        quantum: the step it counts in; 0 where it is continuous.
        decision: True for decisions, False for what is derived from them.
        choice: exclusive-choice group (of which at most one is 1); NONE outside any.
        shortfall: True for what a row is missed by; its first entry is in that row.
    """

    rule: IntArray
    keys: dict[str, IntArray]
    block: IntArray
    unit: IntArray
    quantum: FloatArray
    decision: BoolArray
    choice: IntArray
    shortfall: BoolArray


@dataclass(frozen=True, slots=True)
class RowTags:
    """What each row stands for; every array has one entry a row.

    Attributes:
        rule: code in ``names`` of the rule's label.
        keys: axis → code in ``Program.axes[axis]``, NONE where it has no such label.
        block: code of the team it belongs to; NONE where it couples teams.
        unit: code in ``names``.
        quantum: the least difference its activity can have; 0 off a lattice.
        strict: a :class:`Strict`.
        parameter: code in ``names`` of the path of the parameter it comes from, or NONE.
        factor: d(bound)/d(parameter) for a right-hand side; 0 elsewhere.
        parameter_kind: a :class:`ParameterKind`.
        statutory: True where the rule is set by law.
    """

    rule: IntArray
    keys: dict[str, IntArray]
    block: IntArray
    unit: IntArray
    quantum: FloatArray
    strict: IntArray
    parameter: IntArray
    factor: FloatArray
    parameter_kind: IntArray
    statutory: BoolArray


@dataclass(frozen=True, slots=True)
class Source:
    """What a bound comes from.

    Attributes:
        paths: the paths of its figures.
        value: works it out from the figures, in the order of their paths.
    """

    paths: tuple[str, ...]
    value: Callable[[Sequence[Fraction]], Fraction]


Sources = Callable[[Mapping[str, str]], Source]
"""From a row's labels (axis → label) to what its bounds come from."""


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    """A block of rows whose bounds are worked out from figures, made a number, plus ``rest``.

    The figures stand under the paths that ``sources`` names. The rule that wrote the rows promises
    that these figures enter whatever it wrote nowhere else: that is what lets a change of one be
    applied to the bounds alone (:mod:`staffopt.algebra.patch`).

    Attributes:
        rule: label of the rule.
        block: the rows.
        rest: one entry a row: what the bound is where the figures come to nothing.
        sources: what a row's bound comes from, by the row's labels.
        lower, upper: the sides that follow; the other is infinite.
        liftable: whether a row stays, without a bound, where one of its figures is absent.
    """

    rule: str
    block: Block
    rest: NumberArray
    sources: Sources
    lower: bool
    upper: bool
    liftable: bool


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """What a goal means that minimises the greatest of weight ÷ activity over some rows.

    The goal's vector pushes up one unknown below every activity ÷ weight. Holding later goals to
    the value κ is exact and linear: each row's activity is at least weight ÷ κ, rounded up to the
    row's quantum where it has one.

    Attributes:
        weights: weight of each row, exact.
        lattices: (base, step) of each row's whole activity, which is base plus a multiple of step;
            step None where it may be anything.
        unit: unit of the ratio.
        constants: what each activity has besides its row's terms; exact in an exact program.
        start: the first of the rows, which are unbounded until the goal is cut.
    """

    weights: tuple[Fraction, ...]
    lattices: tuple[tuple[Fraction, Fraction | None], ...]
    unit: str
    constants: tuple[Any, ...] = ()
    start: int = NONE


@dataclass(frozen=True, eq=False)
class GoalVector:
    """One goal: ``vector · x + offset``, always minimised.

    Attributes:
        name: the goal's name.
        vector: one entry a column.
        offset: what does not depend on the columns.
        quantum: the least difference two points can have; None off a lattice or where unknown.
        unit: unit of the value.
        row: the row that holds vector · x, unbounded until the goal is cut at its value.
        ratio: what the goal means if it is the greatest of several ratios.
        within: how closely later goals hold it where it has no quantum, in its unit.
    """

    name: str
    vector: NumberArray
    offset: Any
    quantum: Fraction | None
    unit: str
    row: int
    ratio: Ratio | None = None
    within: float = 0.0

    @cached_property
    def floats(self) -> FloatArray:
        """The vector as float64, for a solver; nobody writes to it."""
        return _fixed(self.vector)


@dataclass(frozen=True, eq=False)
class Matrix:
    """The numbers alone, as a backend gets them (see the module's docstring)."""

    indptr: npt.NDArray[np.int64]
    indices: IntArray
    data: NumberArray
    row_lower: NumberArray
    row_upper: NumberArray
    col_lower: NumberArray
    col_upper: NumberArray
    integer: BoolArray

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.col_lower)

    @property
    def entries(self) -> int:
        """Number of stored coefficients."""
        return len(self.data)

    @property
    def entry_columns(self) -> npt.NDArray[np.int64]:
        """The column of every stored coefficient."""
        return np.repeat(np.arange(self.columns), np.diff(self.indptr))

    def row_sums(self, weights: FloatArray) -> FloatArray:
        """Add up, row by row, one weight for every stored coefficient."""
        return np.bincount(self.indices, weights, self.rows).astype(np.float64)

    def activity(self, values: FloatArray) -> FloatArray:
        """Compute A x, one entry a row, for a point of one entry a column."""
        return self.row_sums(self.data * values[self.entry_columns])

    def floating(self) -> Matrix:
        """Return the same numbers as float64, for a solver; nobody writes to them."""
        return self._floats

    @cached_property
    def _floats(self) -> Matrix:
        bounds = {name: _fixed(getattr(self, name)) for name in BOUNDS}
        return Matrix(self.indptr, self.indices, _fixed(self.data), integer=self.integer, **bounds)

    def with_rows(self, lower: NumberArray, upper: NumberArray) -> Matrix:
        """Return the matrix with other bounds of its rows, and what is known of the rest."""
        changed = replace(self, row_lower=lower, row_upper=upper)
        known = replace(self._floats, row_lower=_fixed(lower), row_upper=_fixed(upper))
        changed.__dict__["_floats"] = known
        return changed


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Program:
    """A matrix with its goals and with what every column and row stands for."""

    matrix: Matrix
    goals: tuple[GoalVector, ...]
    column_tags: ColumnTags
    row_tags: RowTags
    column_blocks: tuple[Block, ...]
    row_blocks: tuple[Block, ...]
    names: tuple[str, ...]
    axes: dict[str, tuple[str, ...]]
    exact: bool = False
    notes: tuple[str, ...] = field(default=())
    follows: tuple[Follow, ...] = field(default=())

    def columns_named(self, name: str) -> Block:
        """Return the block of columns of a name.

        Raises:
            StopIteration: there is none.
        """
        return next(block for block in self.column_blocks if block.name == name)

    def column_label(self, index: int) -> str:
        """Write a column's name."""
        return _label(self.column_blocks, index)

    def row_label(self, index: int) -> str:
        """Write a row's name."""
        return _label(self.row_blocks, index)


def _fixed(numbers: NumberArray) -> FloatArray:
    """Return numbers as float64 that cannot be written to, since several hold them."""
    floats = numbers.astype(np.float64)
    floats.flags.writeable = False
    return floats


def _label(blocks: tuple[Block, ...], index: int) -> str:
    for block in blocks:
        if block.start <= index < block.stop:
            return block.label(index)
    raise IndexError(index)
