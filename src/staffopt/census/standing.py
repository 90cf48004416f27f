"""Where an authority stands among others: percentiles of what the census measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from staffopt.census.reading import MEASURES, Authority, Census
from staffopt.quantity import Absent, exact_text

ENGLAND = "England"
QUANTILES = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
"""Lowest, lower quartile, median, upper quartile, highest."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an authority stands among some, by one measure.

    Attributes:
        measure: the census' column.
        among: whom it is compared with: England, or a region.
        value: what it reports, or why it reports nothing.
        count: how many of them report a figure.
        lower: how many report a lower one.
        percentile: the share of them that report less, and half of those that report the same,
            itself one of them; None where it reports nothing.
        quantiles: the lowest figure, the quartiles and the highest, each one that is reported;
            empty where nobody reports any.
    """

    measure: str
    among: str
    value: Decimal | Absent
    count: int
    lower: int
    percentile: Fraction | None
    quantiles: tuple[Decimal, ...]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        name, unit = MEASURES[self.measure]
        names = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
        return {
            "measure": self.measure,
            "name": name,
            "unit": unit,
            "among": self.among,
            "value": str(self.value),
            "absent": isinstance(self.value, Absent),
            "count": self.count,
            "lower": self.lower,
            "percentile": None if self.percentile is None else exact_text(self.percentile),
            **{n: str(q) for n, q in zip(names, self.quantiles, strict=False)},
        }


def standings(census: Census, authority: Authority) -> tuple[Standing, ...]:
    """Compare an authority with England and with its region, by every measure."""
    region = [a for a in census.authorities if a.area == authority.area]
    groups = ((ENGLAND, census.authorities), (authority.area, tuple(region)))
    return tuple(
        _standing(measure, among, authority, others)
        for measure in MEASURES
        for among, others in groups
    )


def _standing(
    measure: str, among: str, authority: Authority, others: Sequence[Authority]
) -> Standing:
    found = (other.figures[measure] for other in others)
    reported = sorted(figure for figure in found if isinstance(figure, Decimal))
    value = authority.figures[measure]
    percentile, lower = None, 0
    if isinstance(value, Decimal):
        lower = sum(figure < value for figure in reported)
        alike = sum(figure == value for figure in reported)
        percentile = 100 * (lower + Fraction(alike, 2)) / len(reported)
    marks = tuple(reported[max(0, ceil(q * len(reported)) - 1)] for q in QUANTILES if reported)
    return Standing(measure, among, value, len(reported), lower, percentile, marks)
