"""Exact figures in words that a manager reads."""

from __future__ import annotations

from fractions import Fraction

from staffopt.instance.schema import RoleKind
from staffopt.quantity import decimal_text, round_half_up

_DECIMALS = (2, 4, 8)


def number(value: Fraction) -> str:
    """Write a figure to two decimals, or to more where two would show 0 for what is not 0."""
    for decimals in _DECIMALS:
        rounded = round_half_up(value, decimals)
        if rounded or not value:
            return decimal_text(rounded)
    return "less than 0.00000001"


def pounds(value: Fraction) -> str:
    """Write an amount in whole pounds, or with its pence where it has any."""
    decimals = 0 if value.denominator == 1 else 2
    sign = "-" if value < 0 else ""
    return f"{sign}£{round_half_up(abs(value), decimals):,f}"


def plain(kind: RoleKind | str) -> str:
    """Write a kind of role in words."""
    return str(kind).replace("_", " ")
