"""Linear expressions over labelled axes, and the rows that comparing two of them makes.

An expression over axes of shape s stands for one linear form a cell: a dense constant of shape s
and a list of terms (cell, column, coefficient). A missing axis broadcasts. Figures are float64, or,
where the program is built exactly, whole numbers that count parts of one denominator; the same code
does both (:mod:`staffopt.algebra.wholes`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lcm, prod
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.axes import Axes, Axis, Mask, position, shape, spread_array, union
from staffopt.algebra.program import (
    BoolArray,
    IntArray,
    NumberArray,
    ParameterKind,
    Sources,
    Strict,
)
from staffopt.algebra.wholes import (
    ROOM,
    Number,
    counted,
    fractions,
    largest,
    lowest_terms,
    reciprocals,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One linear form a cell of its axes.

    Attributes:
        axes: the axes.
        parts: constants, an array of the axes' shape: floats, or whole numbers of 1 ÷ ``over``.
        cell: flat cell number of each term.
        column: column of each term.
        weights: coefficient of each term: floats, or whole numbers of 1 ÷ ``over``.
        over: the denominator; 1 in floats.
        peak: no whole number here is larger; 0 in floats, which have no end.
    """

    axes: Axes
    parts: NumberArray
    cell: IntArray
    column: IntArray
    weights: NumberArray
    over: int = 1
    peak: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _array(self.parts))

    @classmethod
    def data(cls, axes: Axes, values: object, *, exact: bool) -> Expression:
        """Make an expression of known figures, without terms.

        Raises:
            TypeError: for a float in exact arithmetic; it has lost the digits that were written.
        """
        if exact:
            array, over = counted(values)
        else:
            array, over = np.array(values, dtype=object).astype(np.float64), 1
        none = np.zeros(0, dtype=np.int32)
        weights = np.zeros(0, dtype=array.dtype)
        peak = largest(array) if exact else 0
        return cls(axes, array.reshape(shape(axes)), none, none, weights, over, peak)

    @property
    def constant(self) -> NumberArray:
        """The constants, of the axes' shape: floats, or Fractions in an array of objects."""
        return fractions(self.parts, self.over) if self.exact else self.parts

    @property
    def coefficient(self) -> NumberArray:
        """The coefficient of each term: floats, or Fractions in an array of objects."""
        return fractions(self.weights, self.over) if self.exact else self.weights

    @property
    def exact(self) -> bool:
        """Whether figures are exact."""
        return self.parts.dtype != np.float64

    @property
    def is_data(self) -> bool:
        """Whether it has no terms."""
        return len(self.cell) == 0

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0 in every cell, and has no terms."""
        return self.is_data and not self.parts.any()

    def spread(self, axes: Axes) -> Expression:
        """Broadcast to axes that hold all of its own."""
        if axes is self.axes or axes == self.axes:
            return self
        parts = spread_array(self.parts, self.axes, axes)
        if self.is_data:
            return replace(self, axes=axes, parts=parts)
        strides = dict(zip((a.name for a in axes), _strides(axes), strict=True))
        digits = np.unravel_index(self.cell, shape(self.axes)) if self.axes else ()
        base = np.zeros(len(self.cell), dtype=np.int64)
        for axis, digit in zip(self.axes, digits, strict=True):
            base += digit * strides[axis.name]
        offsets = _offsets([a for a in axes if a not in self.axes], strides)
        repeat = len(offsets)
        return replace(
            self,
            axes=axes,
            parts=parts,
            cell=(base[:, None] + offsets[None, :]).ravel().astype(np.int32),
            column=np.repeat(self.column, repeat),
            weights=np.repeat(self.weights, repeat),
        )

    def where(self, mask: Mask) -> Expression:
        """Keep the cells of a mask; every other cell becomes 0."""
        axes = union(self.axes, mask.axes)
        wide, kept = self.spread(axes), mask.spread(axes)
        parts = np.where(kept, wide.parts, 0)
        if wide.is_data:
            return replace(wide, parts=parts)
        terms = kept.ravel()[wide.cell]
        return replace(
            wide,
            parts=parts,
            cell=wide.cell[terms],
            column=wide.column[terms],
            weights=wide.weights[terms],
        )

    def sum(self, *names: str) -> Expression:
        """Add up over the named axes.

        Raises:
            KeyError: if it has no such axis.
        """
        places = tuple(position(self.axes, name) for name in names)
        kept = tuple(axis for axis in self.axes if axis.name not in names)
        count = prod(len(self.axes[place]) for place in places)
        own = self.with_room_for(count)
        parts = np.asarray(own.parts.sum(axis=places))
        peak = own.peak * count
        if own.is_data:
            return replace(own, axes=kept, parts=parts, peak=peak)
        strides = dict(zip((a.name for a in kept), _strides(kept), strict=True))
        digits = np.unravel_index(own.cell, shape(own.axes)) if own.axes else ()
        cell = np.zeros(len(own.cell), dtype=np.int32)
        for axis, digit in zip(own.axes, digits, strict=True):
            if axis.name in strides:
                cell += (digit * strides[axis.name]).astype(np.int32)
        return replace(own, axes=kept, parts=parts, cell=cell, peak=peak)

    def sum_but(self, *kept: str) -> Expression:
        """Add up over every axis but those named."""
        return self.sum(*(axis.name for axis in self.axes if axis.name not in kept))

    def with_room_for(self, count: int) -> Expression:
        """Make sure that so many of its figures can be added up."""
        return _with_room(lambda one: one.peak * count, self)[0]

    def at(self, name: str, label: str) -> Expression:
        """Take one label of an axis, which is then gone."""
        axis = self.axes[position(self.axes, name)]
        return self.where(Mask.of(axis, [label])).sum(name)

    def renamed(self, name: str, axis: Axis) -> Expression:
        """Take the labels of one axis for those of another, one by one.

        Raises:
            KeyError: if it has no such axis.
            ValueError: if the other has not as many labels.
        """
        place = position(self.axes, name)
        if len(axis) != len(self.axes[place]):
            raise ValueError(f"axis {axis.name!r} has not as many labels as axis {name!r}")
        return replace(self, axes=(*self.axes[:place], axis, *self.axes[place + 1 :]))

    def previous(self, name: str, first: Expression) -> Expression:
        """Shift along an axis by one: each cell gets the one before, the first gets ``first``."""
        place = position(self.axes, name)
        axis = self.axes[place]
        stride = _strides(self.axes)[place]
        moved = np.roll(self.parts, 1, axis=place)
        digit = np.unravel_index(self.cell, shape(self.axes))[place]
        keep = digit < len(axis) - 1
        later = Mask.of(axis, axis.labels[1:])
        shifted = replace(
            self,
            parts=np.where(later.spread(self.axes), moved, 0),
            cell=self.cell[keep] + np.int32(stride),
            column=self.column[keep],
            weights=self.weights[keep],
        )
        return shifted + first.where(Mask.of(axis, axis.labels[:1]))

    def __add__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        axes = union(self.axes, right.axes)
        a, b = _alike(self.spread(axes), right.spread(axes))
        peak = a.peak + b.peak
        if b.is_data:
            return replace(a, parts=a.parts + b.parts, peak=peak)
        return Expression(
            axes,
            a.parts + b.parts,
            np.concatenate([a.cell, b.cell]),
            np.concatenate([a.column, b.column]),
            np.concatenate([a.weights, b.weights]),
            a.over,
            peak,
        )

    def __neg__(self) -> Expression:
        return replace(self, parts=-self.parts, weights=-self.weights)

    def __sub__(self, other: Expression | Number) -> Expression:
        return self + -self._lift(other)

    def __mul__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        if not right.is_data:
            if not self.is_data:
                raise TypeError("a product of two unknowns is not linear")
            return right * self
        axes = union(self.axes, right.axes)
        own, factor = _with_room(lambda one, two: one.peak * two.peak, self, right)
        wide, parts = own.spread(axes), factor.spread(axes).parts
        over, peak = own.over * factor.over, own.peak * factor.peak
        product = wide.parts * parts
        if wide.is_data:
            return replace(wide, parts=product, over=over, peak=peak)
        weights = wide.weights * parts.ravel()[wide.cell]
        keep = weights != 0
        return Expression(
            axes, product, wide.cell[keep], wide.column[keep], weights[keep], over, peak
        )

    __rmul__ = __mul__
    __radd__ = __add__

    def __rsub__(self, other: Expression | Number) -> Expression:
        return self._lift(other) - self

    def __truediv__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        if not right.is_data:
            raise TypeError("a quotient by an unknown is not linear")
        if not self.exact:
            return self * replace(right, parts=1.0 / right.parts)
        parts, over = reciprocals(right.parts, right.over)
        return self * replace(right, parts=parts, over=over, peak=largest(parts))

    def __ge__(self, other: Expression | Number) -> Rows:
        return between(self - self._lift(other), lower=0)

    def __le__(self, other: Expression | Number) -> Rows:
        return between(self - self._lift(other), upper=0)

    def equals(self, other: Expression | Number) -> Rows:
        """Make the rows that hold both sides equal."""
        return between(self - self._lift(other), lower=0, upper=0)

    def _lift(self, other: Expression | Number) -> Expression:
        return (
            other if isinstance(other, Expression) else Expression.data((), other, exact=self.exact)
        )

    def in_parts(self, factor: int) -> Expression:
        """Count in parts that are so many times smaller."""
        if factor == 1:
            return self
        if not self.peak:  # nothing but 0, which 64 bits hold whatever the factor is
            return replace(self, over=self.over * factor)
        return replace(
            self,
            parts=self.parts * factor,
            weights=self.weights * factor,
            over=self.over * factor,
            peak=self.peak * factor,
        )

    def in_lowest_terms(self) -> Expression:
        """Divide all figures and the denominator by what divides them all."""
        parts, weights, over = lowest_terms(self.parts, self.weights, self.over)
        peak = max(largest(parts), largest(weights))
        return replace(self, parts=parts, weights=weights, over=over, peak=peak)

    def without_end(self) -> Expression:
        """Count in Python's own whole numbers, which have no end."""
        return replace(self, parts=self.parts.astype(object), weights=self.weights.astype(object))


@dataclass(frozen=True, slots=True, eq=False)
class Following:
    """Which figures rows' bounds follow; see :class:`staffopt.algebra.program.Follow`.

    Attributes:
        sources: what a row's bound comes from, by the row's labels.
        rest: array of the rows' shape: the bounds where the figures come to nothing.
        lower, upper: the sides that follow.
        liftable: whether rows stay, without bounds, where a figure is absent.
    """

    sources: Sources
    rest: NumberArray
    lower: bool
    upper: bool
    liftable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows over labelled axes, one a cell of ``exists``: lower ≤ terms ≤ upper.

    Attributes:
        terms: the left side; its constant is already in the bounds.
        lower, upper: bounds, arrays of the axes' shape.
        exists: the cells that have a row.
        unit: unit of the activity.
        parameter: path of the parameter they come from, or one for each cell.
        kind: how they depend on it.
        factor: d(bound)/d(parameter) for a right-hand side.
        strict: the side that stands for a strict edge closed by a quantum or margin.
        suffix: told apart from the rule's other rows by this word.
        defines: whether they say what an unknown is, so that none of them can ever give.
        following: which figures the bounds follow; None where that is not known.
    """

    terms: Expression
    lower: NumberArray
    upper: NumberArray
    exists: BoolArray
    unit: str = "FTE"
    parameter: str | Mapping[tuple[str, ...], str] | None = None
    kind: ParameterKind = ParameterKind.NONE
    factor: float = 0.0
    strict: Strict = Strict.NEITHER
    suffix: str = ""
    defines: bool = False
    following: Following | None = None

    def __post_init__(self) -> None:
        for name in ("lower", "upper"):
            object.__setattr__(self, name, _bounds(getattr(self, name)))

    def where(self, mask: Mask) -> Rows:
        """Keep the rows of a mask, whose axes must be among their own."""
        return replace(self, exists=self.exists & mask.spread(self.terms.axes))

    def lifted(self, mask: Mask) -> Rows:
        """Take the bounds off the rows of a mask; the rows stay, so that one can be set later."""
        free = mask.spread(self.terms.axes)
        return replace(
            self,
            lower=np.where(free, -np.inf, self.lower),
            upper=np.where(free, np.inf, self.upper),
            following=self.following and replace(self.following, liftable=True),
        )

    def follow(self, left: Expression, sources: Sources) -> Rows:
        """Promise that the right side comes from figures, and that nothing else holds any of them.

        Args:
            left: the side that the figures are not on; what it has besides terms is the ``rest``.
            sources: what a row's right side comes from, by the row's labels.
        """
        return replace(
            self,
            following=Following(
                sources,
                rest=_array(-left.spread(self.terms.axes).constant),
                lower=bool((self.lower != -np.inf).any()),
                upper=bool((self.upper != np.inf).any()),
            ),
        )

    def missed_by(self, part: Expression) -> Rows:
        """Add what the rows are missed by to their terms.

        Only a row with a bound has such an unknown, so that a bound can no longer come or go.
        """
        fixed = self.following and replace(self.following, liftable=False)
        return replace(self, terms=self.terms + part, following=fixed)

    def places(self, *without: str) -> Mask:
        """The cells that have a row; with axes left out, have one anywhere along these."""
        axes = self.terms.axes
        gone = tuple(position(axes, name) for name in without)
        kept = tuple(axis for axis in axes if axis.name not in without)
        return Mask(kept, np.asarray(self.exists.any(axis=gone)) if gone else self.exists)

    def tagged(self, **tags: Any) -> Rows:
        """Say what the rows stand for; see the attributes."""
        return replace(self, **tags)


def between(form: Expression, lower: Number | None = None, upper: Number | None = None) -> Rows:
    """Make rows that hold a form between two figures, either of which may be absent."""
    return Rows(
        replace(form, parts=np.zeros(shape(form.axes), dtype=form.parts.dtype)),
        _edge(form, lower, -np.inf),
        _edge(form, upper, np.inf),
        np.ones(shape(form.axes), dtype=bool),
    )


def _edge(form: Expression, edge: Number | None, absent: float) -> NumberArray:
    """Take a form's constants off a figure."""
    if edge is None:
        return np.full(shape(form.axes), absent, dtype=object if form.exact else float)
    if not form.exact:
        return _array(float(edge) - form.parts)
    if not edge:
        return fractions(-form.parts, form.over)
    return (edge - Expression.data(form.axes, form.constant, exact=True)).constant


def minimum(*figures: Expression) -> Expression:
    """Return the cell-wise least of known figures.

    Raises:
        TypeError: if one of them has unknowns.
    """
    least, *others = figures
    for other in others:
        if not (least.is_data and other.is_data):
            raise TypeError("the minimum of unknowns is not linear")
        axes = union(least.axes, other.axes)
        one, two = _alike(least.spread(axes), other.spread(axes))
        least = replace(one, parts=np.minimum(one.parts, two.parts), peak=max(one.peak, two.peak))
    return least


def _array(value: Any) -> NumberArray:
    """Undo what numpy does to arrays without axes: arithmetic turns them into bare scalars."""
    if isinstance(value, np.ndarray):
        return value
    return np.asarray(value)


def _bounds(value: Any) -> NumberArray:
    """Undo the same to bounds, whose scalars may be Fractions."""
    if isinstance(value, np.ndarray):
        return value
    return np.array(value, dtype=float if isinstance(value, float | np.floating) else object)


def _alike(one: Expression, two: Expression) -> tuple[Expression, Expression]:
    """Count two expressions in the same parts, with room to add them."""

    def size(a: Expression, b: Expression) -> int:
        shared = lcm(a.over, b.over)
        return a.peak * (shared // a.over) + b.peak * (shared // b.over)

    if one.over == two.over and one.peak + two.peak <= ROOM:
        return one, two
    a, b = _with_room(size, one, two)
    shared = lcm(a.over, b.over)
    return a.in_parts(shared // a.over), b.in_parts(shared // b.over)


def _with_room(size: Callable[..., int], *forms: Expression) -> tuple[Expression, ...]:
    """Make sure that what comes next fits: its size, given the forms, is within 64 bits.

    Lowest terms mostly do; where they do not, Python's own whole numbers take over.
    """
    if size(*forms) <= ROOM:
        return forms
    forms = tuple(form.in_lowest_terms() for form in forms)
    return forms if size(*forms) <= ROOM else tuple(form.without_end() for form in forms)


def _strides(axes: Axes) -> list[int]:
    strides, stride = [], 1
    for axis in reversed(axes):
        strides.append(stride)
        stride *= len(axis.labels)
    return strides[::-1]


def _offsets(axes: list[Axis], strides: dict[str, int]) -> np.ndarray:
    offsets = np.zeros(1, dtype=np.int64)
    for axis in axes:
        steps = np.arange(len(axis), dtype=np.int64) * strides[axis.name]
        offsets = (offsets[:, None] + steps[None, :]).ravel()
    return offsets
