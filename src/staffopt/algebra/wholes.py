"""Exact figures as whole numbers that count parts of one denominator.

Sums and products of whole numbers are done for a whole array at once, in 64 bits. A Fraction of
Python's is an object with a greatest common divisor at every sum; a program has thousands of them.
Whoever adds or multiplies first makes sure of room (:data:`ROOM`); where there is none, arrays of
Python's own whole numbers, which have no end, take over by the same code.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

import numpy as np

from staffopt.algebra.program import NumberArray

Number = int | float | Decimal | Fraction

ROOM = 2**62
"""No whole number in 64 bits goes beyond this."""


def counted(values: object) -> tuple[NumberArray, int]:
    """Turn nested figures into whole numbers of parts, and the denominator.

    Raises:
        TypeError: for a float; it has lost the digits that were written.
    """
    array = np.array(values, dtype=object)
    pairs = [_ratio(value) for value in array.ravel().tolist()]
    over = lcm(*{bottom for _, bottom in pairs})
    return _array([top * (over // bottom) for top, bottom in pairs], array.shape), over


def _array(parts: list[int], shape: tuple[int, ...]) -> NumberArray:
    fits = not parts or (min(parts) >= -ROOM and max(parts) <= ROOM)
    return np.array(parts, dtype=np.int64 if fits else object).reshape(shape)


def _ratio(value: Number) -> tuple[int, int]:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float in an exact program")
    return value.as_integer_ratio()


def fractions(parts: NumberArray, over: int) -> NumberArray:
    """Turn whole numbers of parts into Fractions, in an array of objects of the same shape."""
    made = np.empty(parts.size, dtype=object)
    made[:] = [fraction(part, over) for part in parts.ravel().tolist()]
    return made.reshape(parts.shape)


@lru_cache(maxsize=10_000)
def fraction(part: int, over: int) -> Fraction:
    """Make a Fraction; figures are few and stand in many places."""
    return Fraction(part, over)


def largest(parts: NumberArray) -> int:
    """Return the greatest size of any; 0 of none."""
    return max(int(parts.max()), -int(parts.min())) if parts.size else 0


def lowest_terms(
    parts: NumberArray, weights: NumberArray, over: int
) -> tuple[NumberArray, NumberArray, int]:
    """Divide whole numbers and their denominator by what divides them all."""
    shared = gcd(over, *(int(np.gcd.reduce(a.ravel())) for a in (parts, weights) if a.size))
    if shared == 1:
        return parts, weights, over
    return _divided(parts, shared), _divided(weights, shared), over // shared


def _divided(parts: NumberArray, by: int) -> NumberArray:
    """Divide what is divisible; of 64 bits, only 0 is by more than they hold."""
    return parts if by > ROOM and parts.dtype != object else parts // by


def reciprocals(parts: NumberArray, over: int) -> tuple[NumberArray, int]:
    """Turn figures into what 1 is when divided by them.

    Raises:
        ZeroDivisionError: if one of them is 0.
    """
    flat = parts.ravel().tolist()
    if 0 in flat:
        raise ZeroDivisionError("a quotient by nothing")
    shared = lcm(*flat)
    turned = [over * (shared // part) for part in flat]
    return _array(turned, parts.shape), shared
