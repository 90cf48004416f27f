"""Which column to split."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor, inf

import numpy as np

from staffopt.certify.relaxation import FloatArray, IndexArray
from staffopt.certify.system import Box, System

WHOLE = 1e-6
"""How near a whole number a relaxation's value counts as one."""

LEAST = 1e-6
"""What a split counts for at least, so that one side without gain does not hide the other's."""


@dataclass(frozen=True, slots=True)
class Step:
    """One side of a split: the column, whether upwards, and how far its value is pushed."""

    column: int
    up: bool
    distance: float


@dataclass(slots=True)
class Gains:
    """What splits did to the bound, per unit pushed; a guide to where the next should be."""

    total: dict[tuple[int, bool], float] = field(default_factory=dict)
    count: dict[tuple[int, bool], int] = field(default_factory=dict)

    def note(self, step: Step, gain: float) -> None:
        """Take in what a step did to the bound."""
        key = step.column, step.up
        self.total[key] = self.total.get(key, 0.0) + max(gain, 0.0) / step.distance
        self.count[key] = self.count.get(key, 0) + 1

    def choose(self, whole: IndexArray, values: FloatArray) -> int | None:
        """Choose the column whose split promises most on both sides; None if all are whole.

        Args:
            whole: the columns that have to be whole.
            values: the relaxation's point.
        """
        down = values[whole] - np.floor(values[whole])
        broken = np.flatnonzero((down > WHOLE) & (down < 1 - WHOLE))
        scores = [self._promise(int(whole[i]), float(down[i])) for i in broken]
        return int(whole[broken[int(np.argmax(scores))]]) if scores else None

    def _promise(self, column: int, down: float) -> float:
        lower = down * self._mean(column, up=False)
        upper = (1 - down) * self._mean(column, up=True)
        return max(lower, LEAST) * max(upper, LEAST)

    def _mean(self, column: int, *, up: bool) -> float:
        key = column, up
        if key in self.count:
            return self.total[key] / self.count[key]
        return sum(self.total.values()) / sum(self.count.values()) if self.count else 1.0


def any_split(system: System, box: Box) -> tuple[int, int] | None:
    """Find a whole column that is not settled yet, and the middle of its range."""
    for column, whole in enumerate(system.whole):
        low, high = box.get(column) or (system.lower[column], system.upper[column])
        if whole and low < high and -inf not in (low, -high):
            return column, floor((low + high) / 2)
    return None
