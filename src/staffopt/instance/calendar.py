"""Months, financial years and periods.

Decisions are indexed by period; money, packages and terms go by month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from staffopt.record import Record

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_FIRST_MONTH_OF_YEAR = 4
MONTHS_IN_YEAR = 12
_MOST_MONTHS = 50 * MONTHS_IN_YEAR


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written ``2018-10``."""

    year: int
    month: int

    @classmethod
    def parse(cls, value: object) -> Month:
        """Read ``2018-10``.

        Raises:
            ValueError: if it is not a month written so.
        """
        if isinstance(value, Month):
            return value
        match = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or not 1 <= int(match[2]) <= MONTHS_IN_YEAR or int(match[1]) < 1900:  # noqa: PLR2004
            raise ValueError(f"{value!r} is not a month; write year-month such as 2018-10")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> Month:
        count = self.year * MONTHS_IN_YEAR + self.month - 1 + months
        return Month(count // MONTHS_IN_YEAR, count % MONTHS_IN_YEAR + 1)

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * MONTHS_IN_YEAR + self.month - other.month

    @property
    def financial_year(self) -> str:
        """The year from 1 April in which the month lies, written ``2018/19``."""
        first = self.year if self.month >= _FIRST_MONTH_OF_YEAR else self.year - 1
        return f"{first}/{(first + 1) % 100:02d}"

    @property
    def words(self) -> str:
        """The month as a committee paper writes it: ``Oct 2018``."""
        names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return f"{names[self.month - 1]} {self.year}"


MonthField = Annotated[
    Month,
    BeforeValidator(Month.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$"}),
]


class Periods(StrEnum):
    """How the calendar is cut into the periods that decisions are indexed by."""

    ONE = "one"
    FINANCIAL_YEARS = "financial_years"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole months; the last month is in it."""

    label: str
    start: Month
    end: Month

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month of the period, in order."""
        return months_from(self.start, self.end)


class Calendar(Record):
    """The months that are planned, first and last included."""

    start: MonthField = Field(description="First month planned, for instance 2018-10.")
    end: MonthField = Field(description="Last month planned; it is in the plan.")
    periods: Periods = Field(
        Periods.ONE, description="What decisions are indexed by: one, financial_years or months."
    )
    source: str | None = Field(None, alias="from", description="Paragraph that prints the dates.")

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"the calendar ends in {self.end}, before it starts in {self.start}")
        if self.end - self.start >= _MOST_MONTHS:
            raise ValueError(f"the calendar is longer than {_MOST_MONTHS} months")
        return self

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month planned, in order."""
        return months_from(self.start, self.end)

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years that the calendar touches, in order."""
        return _years(self.start, self.end)

    def cut(self) -> tuple[Period, ...]:
        """Cut the calendar into its periods, in order."""
        return _periods(self.start, self.end, self.periods)


@lru_cache(maxsize=64)
def months_from(start: Month, end: Month) -> tuple[Month, ...]:
    """Return every month from one to another, in order."""
    return tuple(start + i for i in range(end - start + 1))


@lru_cache(maxsize=64)
def _years(start: Month, end: Month) -> tuple[str, ...]:
    return tuple(dict.fromkeys(month.financial_year for month in months_from(start, end)))


@lru_cache(maxsize=64)
def _periods(start: Month, end: Month, cut: Periods) -> tuple[Period, ...]:
    if cut is Periods.ONE:
        return (Period(f"{start} to {end}", start, end),)
    months = months_from(start, end)
    if cut is Periods.MONTHS:
        return tuple(Period(str(month), month, month) for month in months)
    runs = {year: [m for m in months if m.financial_year == year] for year in _years(start, end)}
    return tuple(Period(year, run[0], run[-1]) for year, run in runs.items())
