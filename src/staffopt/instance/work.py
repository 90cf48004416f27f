"""What work there is to be done, and what people of a role get done.

Nothing here is read unless a model has the rule ``meet_staff_needed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import Month, Period
from staffopt.instance.demand import SeriesMonth
from staffopt.instance.fields import Source
from staffopt.quantity import Absent, Figure, Number, Unit
from staffopt.record import Record

Needed = Mapping[SeriesMonth, Annotated[Number, Field(ge=0), Unit("work per month")]]
"""Month → work to be done in it, and on to the next that is given."""


class Overtime(Record):
    """Work beyond the hours that people have."""

    most: Annotated[Number, Field(gt=0), Unit("share of FTE in post")] = Field(
        description="Most overtime, as a share of those in post."
    )
    cost: Annotated[Figure, Unit("pounds per FTE per month")] = Field(
        Absent.NOT_APPLICABLE, description="Cost of as much overtime as one FTE works in a month."
    )


class Work(Record):
    """What one FTE of a role gets done, and what more or fewer than are needed cost."""

    output: Annotated[Number, Field(gt=0), Unit("work per FTE per month")] = Field(
        Decimal(1), description="Work that one FTE does; 1 where work is counted in FTE."
    )
    spare: Annotated[Figure, Unit("pounds per FTE per month")] = Field(
        Absent.NOT_APPLICABLE, description="Cost of one FTE more than are needed, beside its pay."
    )
    overtime: Overtime | None = Field(
        None, description="Overtime that makes good what is missing; none if left out."
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _no_negative_money(self) -> Self:
        if isinstance(self.spare, Decimal) and self.spare < 0:
            raise ValueError("spare is below zero")
        return self


def needed_in(needed: Mapping[Month, Decimal], period: Period) -> Fraction | None:
    """Return the most work that any month of a period needs; None before the first that is given.

    Args:
        needed: month → work, on to the next month that is given.
        period: the period.
    """
    seen = [
        Fraction(needed[max(given)])
        for month in period.months
        if (given := [when for when in needed if when <= month])
    ]
    return max(seen, default=None)
