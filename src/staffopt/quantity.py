"""Exact figures: strict reading, absence with a reason, and the one way of rounding.

Decimals stand at the edges, fractions in verification; a float is met only inside a solver.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_MONEY = re.compile(r"[+-]?£?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?£\d+(\.\d+)?", re.ASCII)
_EXACT = re.compile(r"-?\d{1,80}(\.\d{1,2000})?|-?\d{1,2000}/[1-9]\d{0,2000}", re.ASCII)
"""What follows from shares that compound for years has many decimals, and is read back exactly."""
MOST_DIGITS = 18
"""No figure of a council needs more digits; more is a slip or an attack."""
_TOO_LARGE = 10 ** (2 * MOST_DIGITS)


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit a figure is given in, as an annotation: ``Annotated[Decimal, Unit("FTE")]``."""

    name: str


class Absent(StrEnum):
    """A figure that is not there, and why. Never 0, never None, never infinity."""

    NOT_PRINTED = "not printed"
    NOT_APPLICABLE = "not applicable"
    UNLIMITED = "unlimited"


_ABSENT_WORDS = {
    "not printed": Absent.NOT_PRINTED,
    "none printed": Absent.NOT_PRINTED,
    "unknown": Absent.NOT_PRINTED,
    "not stated": Absent.NOT_PRINTED,
    "none": Absent.NOT_APPLICABLE,
    "not applicable": Absent.NOT_APPLICABLE,
    "unlimited": Absent.UNLIMITED,
}


def parse_decimal(value: object) -> Decimal:
    """Read one finite decimal, strictly.

    Accepts ``12``, ``-0.5``, ``1e3``, and where they are plain ``£1,234.50`` and ``1,234``.
    Refuses what another program would read differently: ``1_000``, ``1.234,5``, ``nan``, ``inf``,
    ``12 FTE``, a float (which has lost the digits that were written), a boolean.

    Raises:
        ValueError: with what to write instead.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"{value!r} is not a figure; write a plain number such as 12.5")
    if isinstance(value, int) and abs(value) >= _TOO_LARGE:  # Python writes no number of any length
        raise ValueError(f"the figure has more than {MOST_DIGITS} digits")
    text = str(value).strip()
    if _MONEY.fullmatch(text):
        text = text.replace("£", "").replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain number; write digits, with a point for decimals")
    number = Decimal(text)
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(f"{text!r} has more than {MOST_DIGITS} digits")
    return number


def parse_absent(value: object) -> Absent:
    """Read one of the words for a figure that is not there.

    Raises:
        ValueError: naming the words there are.
    """
    if isinstance(value, str) and value.strip().lower() in _ABSENT_WORDS:
        return _ABSENT_WORDS[value.strip().lower()]
    raise ValueError(f"{value!r} is neither a figure nor one of: {', '.join(_ABSENT_WORDS)}")


def _parse_figure(value: object) -> Decimal | Absent:
    """Read a figure or the reason why there is none."""
    if isinstance(value, str) and value.strip().lower() in _ABSENT_WORDS:
        return parse_absent(value)
    try:
        return parse_decimal(value)
    except ValueError as error:
        if isinstance(value, str) and re.search(r"[A-Za-z]", value):
            raise ValueError(f"{error} (or a reason: {', '.join(_ABSENT_WORDS)})") from None
        raise


def decimal_text(value: Decimal) -> str:
    """Write a decimal plainly: no exponent, no trailing zeros after the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_exact(value: object) -> Fraction:
    """Read an exact number: a decimal, or a reduced fraction such as ``1027/47``.

    Raises:
        ValueError: if it is neither.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str) and _EXACT.fullmatch(value):
        return Fraction(value)
    return Fraction(parse_decimal(value))


def exact_text(value: Fraction) -> str:
    """Write an exact number as a decimal where a finite one exists, else as ``n/d``."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    scaled = value.numerator * 10**places // value.denominator
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def round_half_up(value: Fraction | Decimal, decimals: int = 0) -> Decimal:
    """Round as councils print: halves away from zero (314,460.5 → 314,461).

    Python's own ``round`` sends halves to even, which would print 314,460.
    """
    top, bottom = value.as_integer_ratio()
    whole = (2 * abs(top) * 10**decimals + bottom) // (2 * bottom)
    # Put together from its digits, since Decimal's own shifts round to 28 of them.
    sign, digits, _ = Decimal(-whole if top < 0 else whole).as_tuple()
    return Decimal((sign, digits, -decimals))


def ceil_to_step(value: Fraction, step: Fraction) -> Fraction:
    """Return the least multiple of ``step`` that is not below ``value``; the value if step is 0."""
    return value if step == 0 else -((-value) // step) * step


def nearest_step(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of ``step`` nearest to ``value``, halves up; the value if step is 0."""
    return value if step == 0 else ((value / step + Fraction(1, 2)) // 1) * step


def common_measure(values: Iterable[Fraction]) -> Fraction:
    """Return the greatest fraction of which every value is a whole multiple; 0 if all are 0."""
    terms = [abs(value) for value in values if value]
    if not terms:
        return Fraction(0)
    return Fraction(
        reduce(gcd, (term.numerator for term in terms)),
        reduce(lcm, (term.denominator for term in terms)),
    )


_NUMBER_SCHEMA: dict[str, Any] = {"type": ["number", "string"]}
_FIGURE_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": ["number", "string"]}, {"enum": sorted(_ABSENT_WORDS)}]
}

Number = Annotated[
    Decimal,
    BeforeValidator(parse_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema(_NUMBER_SCHEMA),
]
"""A figure that must be there."""

Figure = Annotated[
    Decimal | Absent,
    BeforeValidator(_parse_figure),
    PlainSerializer(
        lambda value: str(value) if isinstance(value, Absent) else decimal_text(value),
        return_type=str,
    ),
    WithJsonSchema(_FIGURE_SCHEMA),
]
"""A figure, or the reason why there is none."""

Exact = Annotated[
    Fraction,
    BeforeValidator(parse_exact),
    PlainSerializer(exact_text, return_type=str),
    WithJsonSchema({"type": "string"}),
]
"""An exact rational: a decimal string, or a reduced fraction where no finite decimal exists."""


def parse_whole(value: object) -> int:
    """Read a whole number, strictly.

    Raises:
        ValueError: with what to write instead.
    """
    number = parse_decimal(value)
    if number != number.to_integral_value():
        raise ValueError(f"{value!r} is not a whole number")
    return int(number)


def parse_flag(value: object) -> bool:
    """Read ``true`` or ``false``, and nothing else: a team called NO stays NO.

    Raises:
        ValueError: with what to write instead.
    """
    flags = {"true": True, "false": False, True: True, False: False}
    if isinstance(value, str | bool) and value in flags:
        return flags[value]
    raise ValueError(f"{value!r} is neither true nor false; write one of the two")


Whole = Annotated[int, BeforeValidator(parse_whole)]
"""A whole number."""

Flag = Annotated[bool, BeforeValidator(parse_flag)]
"""True or false."""
