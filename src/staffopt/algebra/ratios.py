"""The values that the greatest of several ratios can have, where activities are on lattices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from staffopt.algebra.program import FloatArray, GoalVector, Ratio
from staffopt.quantity import ceil_to_step


def on_lattices(goal: GoalVector) -> bool:
    """Say whether a goal is a ratio whose activities all lie on lattices."""
    return goal.ratio is not None and all(step is not None for _, step in goal.ratio.lattices)


def next_below(ratio: Ratio, figure: Fraction) -> Fraction:
    """Return the greatest ratio below a figure that any row can have."""
    return max(
        weight / (base + ((weight / figure - base) // step + 1) * step)
        for weight, (base, step) in zip(ratio.weights, ratio.lattices, strict=True)
        if step
    )


def greatest_within(ratio: Ratio, figure: Fraction) -> Fraction:
    """Return the greatest ratio that any row can have up to a figure."""
    return max(
        weight / (base + ceil_to_step(weight / figure - base, step))
        for weight, (base, step) in zip(ratio.weights, ratio.lattices, strict=True)
        if step
    )


def next_above(ratio: Ratio, figure: Fraction) -> Fraction:
    """Return the least ratio above a figure that any row can have."""
    most = (
        (weight, base + (ceil((weight / figure - base) / step) - 1) * step)
        for weight, (base, step) in zip(ratio.weights, ratio.lattices, strict=True)
        if step
    )
    return min(weight / activity for weight, activity in most if activity > 0)


def rows_of(ratio: Ratio) -> slice:
    """Return the rows that hold a ratio's activities."""
    return slice(ratio.start, ratio.start + len(ratio.weights))


def greatest(ratio: Ratio, activity: FloatArray) -> Fraction | None:
    """Return the greatest weight ÷ activity at a point; None where an activity is nothing.

    Args:
        ratio: the ratio.
        activity: what every row of the program comes to at the point, one entry a row.
    """
    activities = _activities(ratio, activity[rows_of(ratio)])
    if not activities or any(activity <= 0 for activity in activities):
        return None
    return max(w / activity for w, activity in zip(ratio.weights, activities, strict=True))


def _activities(ratio: Ratio, terms: FloatArray) -> Sequence[Fraction]:
    """Add to each row's terms its constant, and put the sum back on its lattice."""
    whole = [Fraction(float(x) + float(c)) for x, c in zip(terms, ratio.constants, strict=True)]
    return [
        found if not step else base + round((found - base) / step) * step
        for found, (base, step) in zip(whole, ratio.lattices, strict=True)
    ]
