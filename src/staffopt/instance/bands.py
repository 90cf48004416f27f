"""Caseload bands: labelled intervals of average caseload, on the average as it is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from staffopt.quantity import Whole, decimal_text, parse_decimal, round_half_up
from staffopt.record import Names, Record

_RANGE = re.compile(r"([\d.]+)\s*(?:-|–|to)\s*([\d.]+)")
_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s*([\d.]+)")
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Edges:
    """An interval of rounded averages; ``None`` where it has no edge on that side."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_strict: bool = False
    upper_strict: bool = False

    @classmethod
    def parse(cls, value: object) -> Edges:
        """Read ``20-21``, ``< 20``, ``<= 20``, ``> 26`` or ``>= 26``.

        Raises:
            ValueError: if it is written in no such way, or runs backwards.
        """
        if isinstance(value, Edges):
            return value
        text = str(value).strip()
        if match := _RANGE.fullmatch(text):
            lower, upper = parse_decimal(match[1]), parse_decimal(match[2])
            if upper < lower:
                raise ValueError(f"{text!r} runs from the higher to the lower figure")
            return cls(lower, upper)
        if match := _BOUND.fullmatch(text):
            figure, strict = parse_decimal(match[2]), match[1] in "<>"
            if match[1] in ("<", "<=", "≤"):
                return cls(upper=figure, upper_strict=strict)
            return cls(lower=figure, lower_strict=strict)
        raise ValueError(f"{text!r} is not an interval; write 20-21, < 20 or > 26")

    def __str__(self) -> str:
        if self.lower is not None and self.upper is not None:
            return f"{decimal_text(self.lower)}-{decimal_text(self.upper)}"
        if self.upper is not None:
            return f"{'<' if self.upper_strict else '<='} {decimal_text(self.upper)}"
        assert self.lower is not None
        return f"{'>' if self.lower_strict else '>='} {decimal_text(self.lower)}"

    def holds(self, average: Decimal | Fraction) -> bool:
        """Say whether a (rounded) average lies in the interval."""
        above = self.lower is None or (
            average > self.lower if self.lower_strict else average >= self.lower
        )
        below = self.upper is None or (
            average < self.upper if self.upper_strict else average <= self.upper
        )
        return above and below


EdgesField = Annotated[
    Edges,
    BeforeValidator(Edges.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["20-21", "< 20", "> 26"]}),
]


class RoundAverage(Record):
    """How averages are rounded before they are held against the edges."""

    decimals: Whole = Field(0, ge=0, le=_MOST_DECIMALS, description="Decimals printed.")
    half: Literal["up"] = Field("up", description="Halves go up, as councils print.")


class Bands(Record):
    """The council's bands; every printed average must fall into exactly one."""

    round_average: RoundAverage | None = Field(
        None, description="Rounding of averages before the edges apply; none if left out."
    )
    edges: Mapping[Annotated[str, Names("band")], EdgesField] = Field(
        description="Band → interval of average caseload, lowest first, e.g. manageable: 20-21."
    )
    manageable: str | None = Field(
        None,
        description="The highest band that needs no action; a plan names the teams above it. "
        "The band called manageable, if left out.",
    )
    source: str | None = Field(None, alias="from", description="Paragraph that prints the bands.")

    @property
    def needs_no_action(self) -> str:
        """The highest band that needs no action; it may not be there if the file names none."""
        return self.manageable or "manageable"

    @property
    def by_caseload(self) -> tuple[str, ...]:
        """The bands' names, from the lowest caseload to the highest, whatever the file's order."""
        return tuple(sorted(self.edges, key=lambda band: self.edges[band].lower or Decimal(0)))

    def printed(self, average: Fraction) -> Decimal | Fraction:
        """Round an average as the council prints it."""
        if self.round_average is None:
            return average
        return round_half_up(average, self.round_average.decimals)

    def band(self, average: Fraction) -> str | None:
        """Name the band of an average, or None where no band covers it."""
        printed = self.printed(average)
        return next((name for name, edges in self.edges.items() if edges.holds(printed)), None)
