"""Decisions that a paper considers, other states of the world, and changes of one figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
)

from staffopt.instance.fields import (
    FundId,
    ModelId,
    PackageId,
    Parameter,
    ParameterPath,
    RoleId,
    RuleLabel,
    Source,
    TeamId,
    Text,
)
from staffopt.instance.people import PersonId
from staffopt.quantity import Flag, Number, Unit
from staffopt.record import Record


class Pins(Record):
    """A user's own decisions, which a plan must keep."""

    posts: Mapping[TeamId, Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]]] = Field(
        default_factory=dict, description="Team → role → funded FTE in the plan."
    )
    people: Mapping[TeamId, Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]]] = Field(
        default_factory=dict, description="Team → role → FTE in post in the plan."
    )
    change: Mapping[RoleId, Annotated[Number, Unit("FTE")]] = Field(
        default_factory=dict, description="Role → FTE added over all teams."
    )
    packages: Mapping[PackageId, Flag] = Field(
        default_factory=dict, description="Package → taken (true) or left (false)."
    )
    first_preferences: Mapping[PersonId, Flag] = Field(
        default_factory=dict,
        description="Person → gets the first preference (true), or as it comes (false).",
    )

    @property
    def empty(self) -> bool:
        """Whether nothing is pinned."""
        decided = (self.posts, self.people, self.change, self.packages, self.first_preferences)
        return not any(decided)


class Published(Record):
    """What the paper prints of an option. Never read by a solve; answers are compared with it."""

    change: Mapping[RoleId, Number] = Field(default_factory=dict, description="Role → FTE added.")
    need: Annotated[Number, Unit("FTE")] | None = Field(
        None, description="Unrounded FTE needed, as printed."
    )
    average: Annotated[Number, Unit("cases per FTE")] | None = Field(
        None, description="Average caseload today, as printed."
    )
    full_year_cost: Annotated[Number, Unit("pounds per year")] | None = Field(
        None, description="Full-year cost, as printed."
    )
    packages: tuple[PackageId, ...] = Field((), description="Packages taken.")


class Option(Record):
    """A decision that the paper considers: a model, with its own standards and pins."""

    title: Text | None = Field(None, description="Title in reports; the id if left out.")
    model: ModelId = Field(description="The model that states what is wanted.")
    fund: FundId | Literal["not named"] | None = Field(
        None,
        description="The fund that added posts are charged to; by the funds' own permissions if "
        "left out; `not named` where the paper names none.",
    )
    standards: Mapping[RuleLabel, Mapping[Parameter, Any] | Literal["off"]] = Field(
        default_factory=dict, description="Label → parameters that this option sets."
    )
    pins: Pins = Field(default_factory=Pins, description="Decisions that the option fixes.")
    published: Published | None = Field(None, description="What the paper prints of it.")
    source: str | None = Source


class Scenario(Record):
    """A change of the world: the same council with other data."""

    title: Text | None = Field(None, description="Title in reports; the id if left out.")
    set: Mapping[ParameterPath, Any] = Field(
        description="Path → value, such as teams.cds.cases: 450."
    )
    source: str | None = Source


class Override(Record):
    """A change of one parameter: where it stands, the new value, and who asks for it."""

    path: str = Field(description="Dotted path, such as teams.cds.cases.")
    value: Any = Field(description="The new value, as it would stand in the file.")
    origin: str = Field("--set", description="scenario NAME, option NAME, or --set.")
