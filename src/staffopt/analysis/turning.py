"""Where along one figure an answer stops being best: exact on lines, bracketed elsewhere.

A plan's cost is linear in one price, and the least cost over plans that a price does not touch is
concave in it. So a plan that is best at two values of a price is best at all between, and the value
at which it stops is found by Newton's method: the better plan found far off crosses it nearer by,
until none is better. Elsewhere the figure's range is probed and halved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from staffopt.analysis.inputs import Input
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.plan import Plan

PROBES = 4
"""So many values are tried on either side of a figure of which nothing is known beforehand."""


class How(StrEnum):
    """How surely the value is known at which an answer stops being best."""

    EXACT = "exact"
    MONOTONE = "monotone"
    BRACKETED = "bracketed"


@dataclass(frozen=True, slots=True)
class Beaten:
    """Why an answer is not the best one at some value of a figure.

    Attributes:
        why: ``rules``: it misses a rule; ``better``: another is better.
        words: the rule it misses, or which other is better.
        plan: the better plan, where plans are compared.
        line: gives how much worse it is than the other at any value of the figure, where that is
            a straight line; None where it is not known to be.
    """

    why: str
    words: str = ""
    plan: Plan | None = None
    line: Callable[[Fraction], Fraction] | None = None


Standing = Callable[[Fraction], Beaten | None]
"""Says why an answer is not the best at a value of a figure; None where it is."""


@dataclass(frozen=True, slots=True)
class Side:
    """How far a figure may move to one side before an answer stops being best.

    Attributes:
        end: how far was looked.
        best_at: the last value at which the answer is shown to be the best.
        not_at: the nearest value at which it was shown not to be; None where it is up to the end.
        at: where exactly it stops being best; None where only the two values around it are known.
        beaten: why it is not the best beyond; None where it is up to the end.
    """

    end: Fraction
    best_at: Fraction
    not_at: Fraction | None = None
    at: Fraction | None = None
    beaten: Beaten | None = None

    @property
    def switches(self) -> bool:
        """Whether the answer stops being best on this side."""
        return self.beaten is not None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        beaten = self.beaten
        return {
            "end": exact_text(self.end),
            "best_at": exact_text(self.best_at),
            "not_at": None if self.not_at is None else exact_text(self.not_at),
            "at": None if self.at is None else exact_text(self.at),
            "why": None if beaten is None else beaten.why,
            "words": None if beaten is None else beaten.words,
            "plan": None if beaten is None or beaten.plan is None else beaten.plan.id,
        }


def crossing(one: Input, end: Fraction, standing: Standing) -> Side | None:
    """Find where an answer stops being best along a price, from far off inwards.

    Args:
        one: the figure.
        end: how far to look.
        standing: says why the answer is not the best at a value.

    Returns:
        the side; None where a better answer's line is not known.
    """
    at, step = end, _sign(one, end) * one.step
    exact: Fraction | None = None
    found: Beaten | None = None
    while (beaten := standing(at)) is not None:
        if beaten.line is None:
            return None
        found = beaten
        here, there = beaten.line(one.value), beaten.line(at)
        if here >= 0:  # as good today, and better with the first step
            return Side(end, one.value, one.value + step, one.value, found)
        exact = one.value + (at - one.value) * -here / (there - here)
        nearer = _towards(one, exact)
        at = nearer if nearer != at else at - step
    return Side(end, at, None if found is None else at + step, exact, found)


def halved(one: Input, end: Fraction, standing: Standing, probes: int) -> Side:
    """Look for where an answer stops being best, between values that are tried.

    Args:
        one: the figure.
        end: how far to look.
        standing: says why the answer is not the best at a value.
        probes: how many values are tried, the end the last; 1 where what is lost stays lost.
    """
    steps, sign = int(abs(end - one.value) / one.step), _sign(one, end)
    near, seen = 0, {}

    def beaten_at(count: int) -> Beaten | None:
        seen[count] = standing(one.value + sign * count * one.step)
        return seen[count]

    tried = sorted({ceil(Fraction(steps * number, probes)) for number in range(1, probes + 1)})
    far = next((count for count in tried if count and beaten_at(count) is not None), None)
    if far is None:
        return Side(end, end)
    near = max((count for count in seen if count < far), default=0)
    while far - near > 1:
        middle = (near + far) // 2
        if beaten_at(middle) is None:
            near = middle
        else:
            far = middle
    values = [one.value + sign * count * one.step for count in (near, far)]
    return Side(end, values[0], values[1], None, seen[far])


def _sign(one: Input, end: Fraction) -> int:
    return 1 if end > one.value else -1


def _towards(one: Input, at: Fraction) -> Fraction:
    """Round a value to a whole step, towards what the figure is."""
    steps = int((at - one.value) / one.step)
    return one.value + steps * one.step


def on_a_line(points: Mapping[Fraction, Fraction | None]) -> bool:
    """Say whether values at three points lie on one straight line."""
    (a, va), (b, vb), (c, vc) = sorted(points.items())
    if va is None or vb is None or vc is None:
        return False
    return (vb - va) * (c - b) == (vc - vb) * (b - a)
