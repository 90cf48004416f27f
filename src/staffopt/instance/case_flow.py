"""Cases that come and go: how many arrive, how many can be closed, and where others go on to.

The rule ``flow_cases`` says in which teams a plan counts them; without it they are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import Month
from staffopt.instance.demand import Growth, SeriesMonth, latest
from staffopt.instance.fields import CaseTypeId, Source, TeamId
from staffopt.quantity import Number, Unit
from staffopt.record import Record


class Arrivals(Growth):
    """Cases that arrive in a month, from outside the council's teams."""

    figure: Annotated[Number, Field(ge=0), Unit("cases per month")] = Field(
        Decimal(0), description="Cases that arrive in the first month planned."
    )
    series: Mapping[SeriesMonth, Annotated[Number, Field(ge=0), Unit("cases per month")]] = Field(
        default_factory=dict,
        description="Month → cases that arrive in it and in each on to the next that is given; the "
        "figure before the first. Instead of growth and seasons.",
    )

    @model_validator(mode="after")
    def _series_or_growth(self) -> Self:
        if self.series and not self.flat:
            raise ValueError(
                "a series says what each month sees: leave out growth and seasons, or the series"
            )
        return self

    def in_month(self, first: Month, month: Month) -> Fraction:
        """Return the cases that arrive in a month, where another is the first one planned."""
        if self.series:
            return latest(self.series, self.figure, month)
        return Fraction(self.figure) * self.factor(first, month)


class CaseFlow(Record):
    """How a team's cases come and go, month by month."""

    arrivals: Arrivals | None = Field(
        None, description="Cases that arrive, where they have no types; none if left out."
    )
    types: Mapping[CaseTypeId, Arrivals] = Field(
        default_factory=dict, description="Case type → cases of it that arrive."
    )
    closures_per_fte: (
        Annotated[Number, Field(ge=0), Unit("weighted cases a month per FTE")] | None
    ) = Field(
        None, description="Most that one FTE closes in a month; the rule's figure if left out."
    )
    closure_rate: (
        Annotated[Number, Field(ge=0, le=1), Unit("share of open cases a month")] | None
    ) = Field(
        None,
        description="Share of the cases open at the start of a month that are ready to be "
        "closed in it; the rule's figure if left out.",
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _by_type_or_not(self) -> Self:
        if self.arrivals is not None and self.types:
            raise ValueError("give arrivals, or arrivals of each case type, not both")
        return self


class CaseMove(Record):
    """Cases that go on to another team (a transfer) or become another type (a step-down)."""

    team: TeamId = Field(description="The team that they leave.")
    case_type: CaseTypeId | None = Field(
        None, description="Their type; left out where cases have no types."
    )
    to_team: TeamId | None = Field(
        None, description="The team that they go on to; the same one if left out."
    )
    to_type: CaseTypeId | None = Field(
        None, description="The type that they become; the same one if left out."
    )
    cases: Annotated[Number, Field(ge=0), Unit("cases per month")] | None = Field(
        None, description="How many a month."
    )
    of_open: Annotated[Number, Field(ge=0, le=1), Unit("share of open cases a month")] | None = (
        Field(None, description="Or the share of those open at the start of the month.")
    )
    of_closed: Annotated[Number, Field(ge=0, le=1), Unit("share of closed cases")] | None = Field(
        None, description="Or the share of those that the team closes in the month."
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.to_team in (None, self.team) and self.to_type in (None, self.case_type):
            raise ValueError("it leads nowhere else: give `to_team`, or `to_type`")
        if sum(part is not None for part in (self.cases, self.of_open, self.of_closed)) != 1:
            raise ValueError("give one of `cases`, `of_open` and `of_closed`")
        return self

    @property
    def leaves(self) -> tuple[str, str]:
        """The team and the type that they leave; no name where cases have no types."""
        return self.team, self.case_type or ""

    @property
    def reaches(self) -> tuple[str, str]:
        """The team and the type that they reach."""
        return self.to_team or self.team, self.to_type or self.case_type or ""
