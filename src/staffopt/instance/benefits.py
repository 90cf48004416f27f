"""What options and packages bring besides what they cost, in pounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import Month, MonthField
from staffopt.instance.fields import FundId, OptionId, PackageId, Source, Text
from staffopt.quantity import Figure, Flag, Unit
from staffopt.record import Record


class Benefit(Record):
    """A benefit of an option or a package, cashable or not.

    A cashable one may be credited to a fund; one that is not is listed, and touches no ceiling.
    """

    name: Text = Field(description="What it is, in reports.")
    pounds: Annotated[Figure, Unit("pounds per year")] = Field(
        description="Pounds a year while it runs, at the prices of every year alike."
    )
    cashable: Flag = Field(description="Whether spending falls by it, so that it could be spent.")
    start: MonthField = Field(description="First month.")
    end: MonthField | None = Field(None, description="Last month; it goes on if left out.")
    option: OptionId | None = Field(None, description="The option that brings it.")
    package: PackageId | None = Field(None, description="The package that brings it.")
    relaxes: FundId | None = Field(
        None,
        description="The fund that a cashable benefit is credited to, where the paper says so; it "
        "relaxes no ceiling if left out.",
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _is_of_one_thing(self) -> Self:
        if (self.option is None) == (self.package is None):
            raise ValueError("a benefit names the option or the package that brings it, not both")
        if self.relaxes is not None and not self.cashable:
            raise ValueError("a benefit that is not cashable relaxes no ceiling")
        if self.relaxes is not None and not isinstance(self.pounds, Decimal):
            raise ValueError("a benefit of which the pounds are not known relaxes no ceiling")
        if isinstance(self.pounds, Decimal) and self.pounds < 0:
            raise ValueError("pounds is below zero")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the benefit ends in {self.end}, before it starts in {self.start}")
        return self

    def runs_in(self, month: Month) -> bool:
        """Say whether it runs in a month."""
        return self.start <= month and (self.end is None or month <= self.end)
