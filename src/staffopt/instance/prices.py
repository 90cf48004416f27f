"""What prices and pay do from year to year, and what an employer pays on top of pay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from staffopt.instance.fields import Id, Source
from staffopt.quantity import Number, Unit
from staffopt.record import Names, Record

Rise = Annotated[Number, Field(gt=-100, le=100), Unit("% on the year before")]
FinancialYear = Annotated[str, Names("year")]


class CostClass(StrEnum):
    """Costs that rise alike."""

    POSTS = "posts"
    NON_STAFFING = "non_staffing"
    SET_UP = "set_up"
    PACKAGE_POSTS = "package_posts"
    PACKAGE_ITEMS = "package_items"
    MANAGED_TEAMS = "managed_teams"
    OVERTIME = "overtime"
    FLOWS = "flows"


class RisesWith(StrEnum):
    """What a cost rises with: pay awards and increments, inflation, or nothing."""

    PAY = "pay"
    INFLATION = "inflation"
    FIXED = "fixed"


RISES_WITH: Mapping[CostClass, RisesWith] = {
    CostClass.POSTS: RisesWith.PAY,
    CostClass.NON_STAFFING: RisesWith.INFLATION,
    CostClass.SET_UP: RisesWith.INFLATION,
    CostClass.PACKAGE_POSTS: RisesWith.PAY,
    CostClass.PACKAGE_ITEMS: RisesWith.INFLATION,
    CostClass.MANAGED_TEAMS: RisesWith.FIXED,
    CostClass.OVERTIME: RisesWith.PAY,
    CostClass.FLOWS: RisesWith.INFLATION,
}
"""What a cost rises with where the council does not say otherwise."""


class Prices(Record):
    """At which year's prices costs are stated, and how they rise from it."""

    base: FinancialYear = Field(
        description="Financial year whose prices costs are stated at, no later than the first one "
        "planned."
    )
    pay_award: Mapping[FinancialYear, Rise] = Field(
        default_factory=dict,
        description="Year → by how much pay rises; every year after the base to the last one "
        "planned. Left out, pay stays as it is.",
    )
    increments: Mapping[FinancialYear, Rise] = Field(
        default_factory=dict,
        description="Year → by how much pay rises besides, as staff move up their grades; as "
        "pay_award.",
    )
    inflation: Mapping[FinancialYear, Rise] = Field(
        default_factory=dict,
        description="Year → by how much other prices rise; as pay_award.",
    )
    rises_with: Mapping[Annotated[CostClass, Names("cost")], RisesWith] = Field(
        default_factory=dict,
        description="Kind of cost → what it rises with. Left out, posts, package_posts and "
        "overtime (and people to spare) rise with pay; non_staffing, set_up, package_items and "
        "flows (joining, leaving, retraining) with inflation; managed_teams are fixed.",
    )
    on_costs: Mapping[
        Annotated[Id, Names("on_cost")], Annotated[Number, Field(ge=0, le=100), Unit("% of pay")]
    ] = Field(
        default_factory=dict,
        description="What an employer pays on top of pay, such as national_insurance and pension; "
        "added once to roles whose cost excludes on-costs, never to one that includes them.",
    )
    source: str | None = Source

    @field_validator("base")
    @classmethod
    def _is_a_year(cls, base: str) -> str:
        first = re.fullmatch(r"(\d{4})/(\d{2})", base, re.ASCII)
        if not first or (int(first[1]) + 1) % 100 != int(first[2]):
            raise ValueError(f"{base!r} is not a financial year; write one such as 2018/19")
        return base

    @model_validator(mode="after")
    def _rises_are_whole(self) -> Self:
        for name, rises in self.series.items():
            early = [year for year in rises if year <= self.base]
            if early:
                raise ValueError(
                    f"{name} of {', '.join(early)} is in the prices of {self.base} already"
                )
        return self

    @property
    def series(self) -> dict[str, Mapping[str, Decimal]]:
        """The series by name."""
        names = ("pay_award", "increments", "inflation")
        return {name: getattr(self, name) for name in names}

    def rises(self, cost: CostClass) -> RisesWith:
        """Return what a cost rises with."""
        return self.rises_with.get(cost, RISES_WITH[cost])

    @property
    def rate_of_on_costs(self) -> Decimal:
        """What is paid on top of pay, % of it."""
        return sum(self.on_costs.values(), Decimal(0))
