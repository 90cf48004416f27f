"""The values that the greatest of several ratios can have, where activities are on lattices."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from staffopt.algebra.program import GoalVector, Ratio
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
