"""Where figures come from: the paper, other publications, and assumptions."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
)

from staffopt.instance.fields import (
    Day,
    Text,
)
from staffopt.quantity import Number
from staffopt.record import Record


class Paper(Record):
    """The published paper that the instance states."""

    council: Text = Field(description="The council, as it calls itself.")
    date: Day = Field(description="Date of the paper, such as 2018-06-18.")
    item: Text | None = Field(None, description="Agenda item.")
    title: Text | None = Field(None, description="Title of the paper.")


class SourceRecord(Record):
    """A publication other than the paper, cited by its id."""

    title: Text = Field(description="Title of the publication.")
    publisher: Text = Field(description="Who published it.")
    date: Day | None = Field(None, description="When it was published.")
    where: Text | None = Field(None, description="Edition, page or address.")


class Quality(StrEnum):
    """How good the evidence of an assumption is, as government's logs of assumptions rate it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Assumption(Record):
    """Why a figure is taken that is printed nowhere, what it rests on, and who answers for it."""

    reason: Text = Field(description="Why the figure is taken.")
    source: str | None = Field(None, alias="from", description="What it rests on, if anything.")
    owner: Text | None = Field(
        None, description="The post or team that answers for it; never the name of a person."
    )
    quality: Quality | None = Field(
        None,
        description="How good its evidence is: green for recent data that was checked, amber for "
        "some evidence, red for little more than an opinion.",
    )
    reviewed: Day | None = Field(None, description="When it was last looked at.")
    low: Number | None = Field(
        None, description="The least that the figure may be, in its own unit; it is one figure."
    )
    high: Number | None = Field(
        None, description="The most that the figure may be, in its own unit; it is one figure."
    )

    def __str__(self) -> str:
        return self.reason


def _shortest(assumption: Text | Assumption) -> Text | Assumption:
    """Write a reason that stands alone as text, so that it is written in one way only."""
    if isinstance(assumption, Assumption) and assumption.model_fields_set == {"reason"}:
        return assumption.reason
    return assumption


AssumptionField = Annotated[Text | Assumption, AfterValidator(_shortest)]
"""A reason, or a reason with its source, owner and range."""
