"""How a figure runs over the months planned: growth, seasons, or a series month by month.

Growth is exact: over a year it compounds, and within one it runs in a straight line, so that 3% a
year is 1.5% after six months. No root of a number is taken, and a reader can follow by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import MONTHS_IN_YEAR, Month, MonthField, Period
from staffopt.instance.fields import CaseTypeId, Source
from staffopt.quantity import Number, Unit, Whole, nearest_step
from staffopt.record import Names, Record

SeriesMonth = Annotated[MonthField, Names("month")]
"""A month for which a series gives a figure."""

CalendarMonth = Annotated[Whole, Field(ge=1, le=MONTHS_IN_YEAR), Names("calendar_month")]
"""January is 1, December 12."""


class Growth(Record):
    """How a figure grows, and what of it each month of the calendar sees."""

    growth: Annotated[Number, Field(gt=-1, le=10), Unit("share per year")] = Field(
        Decimal(0),
        description="By how much the figure is greater a year after the first month planned; it "
        "compounds from year to year, and runs in a straight line within one.",
    )
    seasons: Mapping[CalendarMonth, Annotated[Number, Field(ge=0), Unit("times")]] = Field(
        default_factory=dict,
        description="Month of the calendar (January is 1) → how many times the figure it sees; "
        "once where it is left out.",
    )

    @property
    def flat(self) -> bool:
        """Whether every month sees the figure as it stands."""
        return not self.growth and all(times == 1 for times in self.seasons.values())

    def factor(self, first: Month, month: Month) -> Fraction:
        """Return how many times the figure of the first month a month sees."""
        years, months = divmod(month - first, MONTHS_IN_YEAR)
        growth = Fraction(self.growth)
        grown = (1 + growth) ** years * (1 + growth * Fraction(months, MONTHS_IN_YEAR))
        return grown * Fraction(self.seasons.get(month.month, 1))


class CasesOverTime(Growth):
    """How open cases run over the months planned, from the figure of today on."""

    in_period: Literal["mean", "highest"] = Field(
        "mean", description="What a period of several months counts: their mean, or the highest."
    )
    multiple: Annotated[Number, Field(ge=0), Unit("open cases")] = Field(
        Decimal(1),
        description="What is worked out is rounded to a multiple of this, halves up; 0: unrounded.",
    )
    source: str | None = Source


class TeamCasesOverTime(CasesOverTime):
    """The same of one team, or its cases as a series."""

    series: Mapping[SeriesMonth, Annotated[Number, Field(ge=0), Unit("open cases")]] = Field(
        default_factory=dict,
        description="Month → open cases in it and on to the next that is given; those of today "
        "before the first. Instead of growth and seasons, where cases have no types.",
    )
    types: Mapping[
        CaseTypeId, Mapping[SeriesMonth, Annotated[Number, Field(ge=0), Unit("open cases")]]
    ] = Field(
        default_factory=dict,
        description="Case type → the same, where cases are given by type; a type that is left out "
        "stays as it is today.",
    )

    @model_validator(mode="after")
    def _series_or_growth(self) -> Self:
        if (self.series or self.types) and not super().flat:
            raise ValueError(
                "a series says what each month sees: leave out growth and seasons, or the series"
            )
        if self.series and self.types:
            raise ValueError("give a series, or one for each case type, not both")
        return self

    @property
    def flat(self) -> bool:
        """Whether every month sees the figure as it stands."""
        return super().flat and not self.series and not self.types

    def series_of(self, case_type: str) -> Mapping[Month, Decimal]:
        """Return the series of a case type, or of all cases where they have none (no name)."""
        return self.types.get(case_type, {}) if case_type else self.series


def open_cases(
    course: CasesOverTime, case_type: str, today: Decimal, first: Month, period: Period
) -> Fraction:
    """Return the open cases that a period counts, before they are weighted.

    Args:
        course: how they run.
        case_type: the case type, or nothing where cases have none.
        today: the open cases of today.
        first: the first month planned.
        period: the period.
    """
    seen = [cases_seen(course, case_type, today, first, month) for month in period.months]
    counted = max(seen) if course.in_period == "highest" else sum(seen, Fraction(0)) / len(seen)
    return nearest_step(counted, Fraction(course.multiple))


def cases_seen(
    course: CasesOverTime, case_type: str, today: Decimal, first: Month, month: Month
) -> Fraction:
    """Return the open cases that one month sees, not rounded; see :func:`open_cases`."""
    series = course.series_of(case_type) if isinstance(course, TeamCasesOverTime) else {}
    return latest(series, today, month) if series else Fraction(today) * course.factor(first, month)


def latest(series: Mapping[Month, Decimal], today: Decimal, month: Month) -> Fraction:
    """Return the latest figure of a series that is given by a month."""
    given = max((when for when in series if when <= month), default=None)
    return Fraction(today if given is None else series[given])
