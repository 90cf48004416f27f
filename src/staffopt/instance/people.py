"""People listed one by one, by anonymous ids: what they are, where they work, where they ask to."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from staffopt.instance.fields import Id, RoleId, Source, TeamId
from staffopt.quantity import Number, Unit
from staffopt.record import Names, Record

MOST_LETTERS = 3
"""An id has no more letters before its digits: nothing that a name could hide in."""


def _anonymous(text: str) -> str:
    """Refuse an id that could be a name: a letter or three, and then digits alone."""
    digits = text.lstrip("abcdefghijklmnopqrstuvwxyz")
    if not (digits.isdecimal() and 1 <= len(text) - len(digits) <= MOST_LETTERS):
        raise ValueError(
            "the id of a person is a letter or up to three and then digits, such as p0001; "
            "no file holds names"
        )
    return text


PersonId = Annotated[Id, AfterValidator(_anonymous), Names("person", "people")]
"""The anonymous id of a member of staff, such as ``p0001``."""

Wish = Annotated[Id, Names("place")]
"""Where somebody asks to work: a team, or an area or group, any of whose teams will do."""


class Person(Record):
    """A member of staff, without a name: what a placement goes by."""

    role: RoleId = Field(description="The role.")
    fte: Annotated[Number, Field(gt=0, le=1), Unit("FTE")] = Field(
        Decimal(1), description="FTE; below 1 for part-time staff."
    )
    tags: tuple[Id, ...] = Field(
        (), description="Further marks such as experienced, newly_qualified or part_time."
    )
    team: TeamId = Field(description="The team of today.")
    first: Wish | None = Field(
        None, description="First preference: a team, area or group; none stated if left out."
    )
    second: Wish | None = Field(None, description="Second preference; none stated if left out.")
    source: str | None = Source

    @model_validator(mode="after")
    def _states_the_first_first(self) -> Self:
        if self.second is not None and self.first is None:
            raise ValueError("a second preference goes with a first")
        if self.second is not None and self.second == self.first:
            raise ValueError("the second preference is the first again")
        return self
