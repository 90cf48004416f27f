"""Managed teams: whole teams bought from an agency for a term, which may be extended."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import MonthField
from staffopt.instance.fields import CostCentre, FundId, Source, TeamId, Text
from staffopt.quantity import Absent, Figure, Number, Unit, Whole
from staffopt.record import Names, Record


class Extension(Record):
    """What it takes to keep a managed team for longer than its term."""

    months: Annotated[Whole, Field(ge=1, le=60), Unit("months")] = Field(
        description="Most months by which the term can be extended."
    )
    step: Annotated[Whole, Field(ge=1, le=60), Unit("months")] = Field(
        1, description="It is a multiple of so many months: of a term, to extend term by term."
    )
    price: Annotated[Figure, Unit("pounds per team, for each month or step of it")] = Field(
        Absent.NOT_PRINTED, description="Price of each month of it, or of each step."
    )
    travel: Annotated[Figure, Unit("pounds per team, for each month or step of it")] = Field(
        Absent.NOT_APPLICABLE, description="Travel, on the same terms, paid beside the price."
    )
    per: Literal["month", "step"] = Field(
        "month", description="Whether price and travel are for each month of it or each step."
    )
    fund: FundId | None = Field(
        None, description="The fund that pays for it; that of the term if left out."
    )
    notice: Annotated[Whole, Field(ge=0, le=60), Unit("months")] = Field(
        0, description="How long before the term ends the extension must be agreed."
    )

    @model_validator(mode="after")
    def _no_negative_money(self) -> Self:
        _refuse_negative(self, "price", "travel")
        return self

    @model_validator(mode="after")
    def _whole_steps(self) -> Self:
        if self.months % self.step:
            raise ValueError(f"{self.months} months are not in steps of {self.step}")
        return self


class ManagedTeam(Record):
    """A whole team that can be bought for a term, so many at once as are on offer.

    One that is there already was bought before: its term is paid for whatever a plan decides, and
    only its extension is a decision.
    """

    name: Text = Field(description="Name in reports.")
    composition: Mapping[
        Annotated[Text, Names("title")], Annotated[Number, Field(gt=0), Unit("FTE")]
    ] = Field(
        default_factory=dict,
        description="Title → FTE of one team; for reading only, since they are nobody's posts and "
        "count in no average caseload.",
    )
    starts: tuple[MonthField, ...] = Field((), description="Months in which a team can start.")
    there_since: MonthField | None = Field(
        None,
        description="The month in which a team started that is there already, before the first "
        "month planned; nobody is there yet if left out.",
    )
    approved: Annotated[Figure, Unit("pounds for the term")] = Field(
        Absent.NOT_APPLICABLE,
        description="What was approved for the term of the team that is there already; a plan "
        "tells by how much the term costs more.",
    )
    months: Annotated[Whole, Field(ge=1, le=120), Unit("months")] = Field(description="The term.")
    price: Annotated[Figure, Unit("pounds per team, for the term or a month of it")] = Field(
        Absent.NOT_PRINTED, description="Price of one team."
    )
    travel: Annotated[Figure, Unit("pounds per team, for the term or a month of it")] = Field(
        Absent.NOT_APPLICABLE, description="Travel of one team, paid beside the price."
    )
    per: Literal["term", "month"] = Field(
        "term", description="Whether price and travel are for the whole term or for each month."
    )
    extension: Extension | None = Field(
        None, description="What it takes to extend the term; it cannot be, if left out."
    )
    at_once: Annotated[Whole, Field(ge=1, le=100), Unit("teams")] = Field(
        1, description="Most such teams at work in any month."
    )
    capacity: Annotated[Figure, Unit("weighted cases per team")] = Field(
        Absent.NOT_PRINTED, description="Cases that one team can hold in a month."
    )
    closes: Annotated[Figure, Unit("weighted cases per team per month")] = Field(
        Absent.NOT_APPLICABLE,
        description="Cases (assessments, say) that one team closes in a month, where cases flow.",
    )
    serves: Mapping[
        TeamId,
        Annotated[Number, Field(gt=0), Unit("share of its capacity")],
    ] = Field(
        default_factory=dict,
        description="Team → share of the capacity that it gets; the shares add up to 1.",
    )
    fund: FundId | None = Field(
        None, description="The fund that pays; by the funds' own permissions if left out."
    )
    cost_centre: CostCentre | None = Field(None, description="Code its money is booked to.")
    source: str | None = Source

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _refuse_negative(self, "price", "travel", "capacity", "closes", "approved")
        if not self.starts and self.there_since is None:
            raise ValueError("no team can start: give its `starts`, or `there_since`")
        if self.there_since in self.starts:
            raise ValueError(f"a team is there since {self.there_since}, and would start then too")
        if len(set(self.starts)) < len(self.starts):
            raise ValueError("a month stands twice among the starts")
        shares = sum(self.serves.values(), Decimal(0))
        if self.serves and shares != 1:
            raise ValueError(f"the shares of its capacity add up to {shares}, not to 1")
        return self


def _refuse_negative(record: Record, *names: str) -> None:
    for name in names:
        figure = getattr(record, name)
        if isinstance(figure, Decimal) and figure < 0:
            raise ValueError(f"{name} is below zero")
