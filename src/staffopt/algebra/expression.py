"""Linear expressions over labelled axes, and the rows that comparing two of them makes.

An expression over axes of shape s stands for one linear form a cell: a dense constant of shape s
and a list of terms (cell, column, coefficient). A missing axis broadcasts. The coefficients are
float64, or Fractions in object arrays where the program is built exactly; the same code does both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.axes import Axes, Axis, Mask, position, shape, spread_array, union
from staffopt.algebra.program import (
    BoolArray,
    Factors,
    IntArray,
    NumberArray,
    ParameterKind,
    Strict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Number = int | float | Decimal | Fraction


def as_number(value: Number, *, exact: bool) -> Any:
    """Turn a figure into the arithmetic in use: a Fraction where exact, else a float.

    Raises:
        TypeError: for a float in exact arithmetic; it has lost the digits that were written.
    """
    if not exact:
        return float(value)
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float in an exact program")
    return Fraction(value)


def numbers(values: object, *, exact: bool) -> NumberArray:
    """Turn nested figures into an array of the arithmetic in use."""
    array = np.array(values, dtype=object)
    if exact:
        return (
            np.vectorize(lambda v: as_number(v, exact=True), otypes=[object])(array)
            if array.size
            else array
        )
    return array.astype(np.float64)


def zeros(axes: Axes, *, exact: bool) -> NumberArray:
    """Make an array of zeros over axes."""
    return np.full(shape(axes), Fraction(0) if exact else 0.0, dtype=object if exact else float)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One linear form a cell of its axes.

    Attributes:
        axes: the axes.
        constant: array of their shape.
        cell: flat cell number of each term.
        column: column of each term.
        coefficient: coefficient of each term.
    """

    axes: Axes
    constant: NumberArray
    cell: IntArray
    column: IntArray
    coefficient: NumberArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "constant", _array(self.constant))

    @classmethod
    def data(cls, axes: Axes, values: object, *, exact: bool) -> Expression:
        """Make an expression of known figures, without terms."""
        array = numbers(values, exact=exact).reshape(shape(axes))
        none = np.zeros(0, dtype=np.int32)
        return cls(axes, array, none, none, np.zeros(0, dtype=array.dtype))

    @property
    def exact(self) -> bool:
        """Whether coefficients are Fractions."""
        return self.constant.dtype == object

    @property
    def is_data(self) -> bool:
        """Whether it has no terms."""
        return len(self.cell) == 0

    def spread(self, axes: Axes) -> Expression:
        """Broadcast to axes that hold all of its own."""
        if axes == self.axes:
            return self
        constant = spread_array(self.constant, self.axes, axes)
        if self.is_data:
            return replace(self, axes=axes, constant=constant)
        strides = dict(zip((a.name for a in axes), _strides(axes), strict=True))
        digits = np.unravel_index(self.cell, shape(self.axes)) if self.axes else ()
        base = np.zeros(len(self.cell), dtype=np.int64)
        for axis, digit in zip(self.axes, digits, strict=True):
            base += digit * strides[axis.name]
        offsets = _offsets([a for a in axes if a not in self.axes], strides)
        repeat = len(offsets)
        return Expression(
            axes,
            constant,
            (base[:, None] + offsets[None, :]).ravel().astype(np.int32),
            np.repeat(self.column, repeat),
            np.repeat(self.coefficient, repeat),
        )

    def where(self, mask: Mask) -> Expression:
        """Keep the cells of a mask; every other cell becomes 0."""
        axes = union(self.axes, mask.axes)
        wide, kept = self.spread(axes), mask.spread(axes)
        terms = kept.ravel()[wide.cell]
        zero = zeros((), exact=self.exact)[()]
        return Expression(
            axes,
            np.where(kept, wide.constant, zero),
            wide.cell[terms],
            wide.column[terms],
            wide.coefficient[terms],
        )

    def sum(self, *names: str) -> Expression:
        """Add up over the named axes.

        Raises:
            KeyError: if it has no such axis.
        """
        places = [position(self.axes, name) for name in names]
        kept = tuple(axis for axis in self.axes if axis.name not in names)
        strides = dict(zip((a.name for a in kept), _strides(kept), strict=True))
        digits = np.unravel_index(self.cell, shape(self.axes)) if self.axes else ()
        cell = np.zeros(len(self.cell), dtype=np.int32)
        for axis, digit in zip(self.axes, digits, strict=True):
            if axis.name in strides:
                cell += (digit * strides[axis.name]).astype(np.int32)
        constant = np.asarray(self.constant.sum(axis=tuple(places)))
        if self.exact and constant.dtype != object:
            constant = constant.astype(object)
        return replace(self, axes=kept, constant=constant, cell=cell)

    def at(self, name: str, label: str) -> Expression:
        """Take one label of an axis, which is then gone."""
        axis = self.axes[position(self.axes, name)]
        return self.where(Mask.of(axis, [label])).sum(name)

    def previous(self, name: str, first: Expression) -> Expression:
        """Shift along an axis by one: each cell gets the one before, the first gets ``first``."""
        place = position(self.axes, name)
        axis = self.axes[place]
        stride = _strides(self.axes)[place]
        moved = np.roll(self.constant, 1, axis=place)
        digit = np.unravel_index(self.cell, shape(self.axes))[place]
        keep = digit < len(axis) - 1
        later = Mask.of(axis, axis.labels[1:])
        shifted = Expression(
            self.axes,
            np.where(later.spread(self.axes), moved, zeros((), exact=self.exact)[()]),
            self.cell[keep] + np.int32(stride),
            self.column[keep],
            self.coefficient[keep],
        )
        return shifted + first.where(Mask.of(axis, axis.labels[:1]))

    def __add__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        axes = union(self.axes, right.axes)
        a, b = self.spread(axes), right.spread(axes)
        return Expression(
            axes,
            a.constant + b.constant,
            np.concatenate([a.cell, b.cell]),
            np.concatenate([a.column, b.column]),
            np.concatenate([a.coefficient, b.coefficient]),
        )

    def __neg__(self) -> Expression:
        return replace(self, constant=-self.constant, coefficient=-self.coefficient)

    def __sub__(self, other: Expression | Number) -> Expression:
        return self + -self._lift(other)

    def __mul__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        if not right.is_data:
            if not self.is_data:
                raise TypeError("a product of two unknowns is not linear")
            return right * self
        axes = union(self.axes, right.axes)
        wide, factor = self.spread(axes), right.spread(axes).constant
        coefficient = wide.coefficient * factor.ravel()[wide.cell]
        keep = coefficient != 0
        return Expression(
            axes,
            wide.constant * factor,
            wide.cell[keep],
            wide.column[keep],
            coefficient[keep],
        )

    __rmul__ = __mul__
    __radd__ = __add__

    def __rsub__(self, other: Expression | Number) -> Expression:
        return self._lift(other) - self

    def __truediv__(self, other: Expression | Number) -> Expression:
        right = self._lift(other)
        if not right.is_data:
            raise TypeError("a quotient by an unknown is not linear")
        one = Fraction(1) if self.exact else 1.0
        return self * replace(right, constant=one / right.constant)

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


@dataclass(frozen=True, slots=True, eq=False)
class Following:
    """Which figures rows' bounds follow; see :class:`staffopt.algebra.program.Follow`.

    Attributes:
        factors: path → factor, of a row's labels.
        rest: array of the rows' shape: the bounds where the figures come to nothing.
        lower, upper: the sides that follow.
        liftable: whether rows stay, without bounds, where a figure is absent.
    """

    factors: Factors
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
            object.__setattr__(self, name, _array(getattr(self, name)))

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

    def follow(self, left: Expression, factors: Factors) -> Rows:
        """Promise that the right side is Σ factor · figure, and that nothing else holds a figure.

        Args:
            left: the side that the figures are not on; what it has besides terms is the ``rest``.
            factors: path → factor, of a row's labels.
        """
        return replace(
            self,
            following=Following(
                factors,
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
    exact = form.exact
    low: Any = -np.inf if lower is None else as_number(lower, exact=exact)
    high: Any = np.inf if upper is None else as_number(upper, exact=exact)
    dtype = object if exact else float
    full = np.full(shape(form.axes), low, dtype=dtype), np.full(shape(form.axes), high, dtype=dtype)
    terms = replace(form, constant=zeros(form.axes, exact=exact))
    return Rows(
        terms,
        full[0] - form.constant if lower is not None else full[0],
        full[1] - form.constant if upper is not None else full[1],
        np.ones(shape(form.axes), dtype=bool),
    )


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
        least = replace(
            least.spread(axes),
            constant=np.minimum(least.spread(axes).constant, other.spread(axes).constant),
        )
    return least


def _array(value: Any) -> NumberArray:
    """Undo what numpy does to arrays without axes: arithmetic turns them into bare scalars."""
    if isinstance(value, np.ndarray):
        return value
    return np.array(value, dtype=float if isinstance(value, float | np.floating) else object)


def _strides(axes: Axes) -> list[int]:
    sizes = shape(axes)
    return [int(np.prod(sizes[i + 1 :], dtype=np.int64)) for i in range(len(sizes))]


def _offsets(axes: list[Axis], strides: dict[str, int]) -> np.ndarray:
    offsets = np.zeros(1, dtype=np.int64)
    for axis in axes:
        steps = np.arange(len(axis), dtype=np.int64) * strides[axis.name]
        offsets = (offsets[:, None] + steps[None, :]).ravel()
    return offsets
