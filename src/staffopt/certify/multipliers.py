"""From a relaxation's floating multipliers to short exact ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import inf, lcm

import numpy as np

from staffopt.certify.relaxation import FloatArray
from staffopt.certify.system import Box, Number, System

Multipliers = dict[int, int]
"""Row → by what it is multiplied; none is 0."""

SCALES = (1, 12, 720, 10**5, 10**9)
"""By what multipliers are scaled before they are rounded: the shortest that does is kept."""

DENOMINATORS = (10**3, 10**6, 10**9)
"""To what fractions multipliers are rounded where no scale did: columns without a bound need them
to cancel to nothing."""

NOISE = 1e-9
"""Multipliers so small, relative to the largest, are left out."""


def closing(system: System, hint: FloatArray, box: Box, *, cut: bool) -> Multipliers | None:
    """Find multipliers that show a box to have no point, or None.

    Args:
        system: the system.
        hint: a multiplier a row.
        box: the box.
        cut: whether the cut's own multiplier is 1 rather than nothing.
    """
    candidates = rounded(system, hint, cut=cut)
    return next((y for y in candidates if system.surplus(y, box) > 0), None)


def least_cost(system: System, hint: FloatArray, box: Box) -> tuple[Number, Multipliers]:
    """Find a bound of the cut's activity in a box that multipliers prove, with these.

    The longest scale comes first, which is the closest: the first that proves anything is taken.
    """
    assert system.cut is not None
    roof = system.rows[system.cut].upper
    for y in rounded(system, hint, cut=True, scales=SCALES[::-1]):
        surplus = system.surplus(y, box)
        if surplus > -inf:
            return roof + Fraction(surplus) / y[system.cut], y
    return -inf, {}


def rounded(
    system: System, hint: FloatArray, *, cut: bool, scales: Sequence[int] = SCALES
) -> Iterator[Multipliers]:
    """Round multipliers in several ways: by scales, then to fractions, the shortest first."""
    largest = float(np.abs(hint).max(initial=1.0 if cut else 0.0))
    if largest == 0 or not np.isfinite(largest):
        return
    unit = 1.0 if cut else 1 / largest
    kept = {
        int(row): float(hint[row]) * unit
        for row in np.flatnonzero(np.abs(hint) > NOISE * largest)
        if row != system.cut and _has_side(system, int(row), upper=hint[row] > 0)
    }

    def scaled(size: int, whole: Callable[[float], int]) -> Multipliers:
        own = {system.cut: size} if cut and system.cut is not None else {}
        return own | {row: times for row, y in kept.items() if (times := whole(y))}

    for scale in scales:
        yield scaled(scale, lambda y, by=scale: round(y * by))  # type: ignore[misc]
    for most in DENOMINATORS:
        parts = {y: Fraction(y).limit_denominator(most) for y in kept.values()}
        size = lcm(*(part.denominator for part in parts.values()))
        yield scaled(size, lambda y, of=parts, by=size: int(of[y] * by))  # type: ignore[misc]


def _has_side(system: System, row: int, *, upper: bool) -> bool:
    return (system.rows[row].upper if upper else system.rows[row].lower) not in (-inf, inf)
