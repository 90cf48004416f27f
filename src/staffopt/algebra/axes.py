"""Labelled axes, and masks over them. Axes of one name must have the same labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.program import BoolArray, IntArray

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Axis:
    """A named axis with its labels, such as ``team`` with the ids of the teams."""

    name: str
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def code(self, label: str) -> int:
        """Return the position of a label.

        Raises:
            KeyError: if the axis has no such label.
        """
        if label not in self.labels:
            raise KeyError(f"axis {self.name} has no label {label!r}")
        return self.labels.index(label)


Axes = tuple[Axis, ...]


class AxisMismatch(ValueError):
    """Two things over an axis of one name have different labels. Never joined silently."""

    def __init__(self, left: Axis, right: Axis) -> None:
        super().__init__(
            f"axis {left.name!r} has labels {list(left.labels)} on one side "
            f"and {list(right.labels)} on the other"
        )


def union(left: Axes, right: Axes) -> Axes:
    """Unite two tuples of axes, the left one's order first.

    Raises:
        AxisMismatch: if an axis of one name has different labels.
    """
    if left is right:
        return left
    own = {axis.name: axis for axis in left}
    for axis in right:
        if own.setdefault(axis.name, axis) != axis:
            raise AxisMismatch(own[axis.name], axis)
    return tuple(own.values())


def shape(axes: Axes) -> tuple[int, ...]:
    """Return the number of labels of each axis."""
    return tuple([len(axis.labels) for axis in axes])


def position(axes: Axes, name: str) -> int:
    """Return the position of a named axis.

    Raises:
        KeyError: if there is none.
    """
    for index, axis in enumerate(axes):
        if axis.name == name:
            return index
    raise KeyError(f"no axis {name!r} among {[axis.name for axis in axes]}")


def spread_array(values: np.ndarray, axes: Axes, target: Axes) -> np.ndarray:
    """Broadcast an array over ``axes`` to ``target``, which holds them all, in its order.

    Returns:
        A view of shape ``shape(target)``.
    """
    if axes == target:
        return values
    if not axes:
        return np.broadcast_to(values, shape(target))
    places = [position(target, axis.name) for axis in axes]
    moved = values.transpose(sorted(range(len(axes)), key=places.__getitem__))
    index = tuple([slice(None) if i in places else np.newaxis for i in range(len(target))])
    return np.broadcast_to(moved[index], shape(target))


def codes_of(cells: np.ndarray, axes: Axes) -> IntArray:
    """Turn flat cell numbers into label codes, one row a cell, one column an axis."""
    if not axes:
        return np.zeros((len(cells), 0), dtype=np.int32)
    return np.stack(np.unravel_index(cells, shape(axes)), axis=1).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Which cells of some axes are meant."""

    axes: Axes
    values: BoolArray

    @classmethod
    def of(cls, axis: Axis, labels: Iterable[str]) -> Mask:
        """Make the mask of some labels of one axis; labels that it lacks are passed over."""
        chosen = set(labels)
        return cls((axis,), np.array([label in chosen for label in axis.labels], dtype=bool))

    def __and__(self, other: Mask) -> Mask:
        axes = union(self.axes, other.axes)
        return Mask(axes, self.spread(axes) & other.spread(axes))

    def __or__(self, other: Mask) -> Mask:
        axes = union(self.axes, other.axes)
        return Mask(axes, self.spread(axes) | other.spread(axes))

    def __invert__(self) -> Mask:
        return Mask(self.axes, ~self.values)

    def spread(self, axes: Axes) -> BoolArray:
        """Broadcast to more axes."""
        return spread_array(self.values, self.axes, axes)

    def labels(self, axis: str, axes: Axes) -> list[str]:
        """Return an axis's label for every cell of more axes that is meant, cell by cell."""
        codes = codes_of(np.flatnonzero(self.spread(axes)), axes)
        names = axes[position(axes, axis)].labels
        return [names[code] for code in codes[:, position(axes, axis)]]
