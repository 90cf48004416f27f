"""What a plan decides: one table a kind, empty where no rule of the model asks for it."""

from __future__ import annotations

from pydantic import Field

from staffopt.instance.calendar import MonthField
from staffopt.quantity import Exact
from staffopt.record import Record


class PostDecision(Record):
    """FTE added to (or, below zero, cut from) a team's posts of a role in a period."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    change: Exact = Field(description="FTE added; below zero where cut.")


class PeopleDecision(Record):
    """FTE in post added to (or, below zero, let go from) a role in a team, apart from its posts."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    change: Exact = Field(description="FTE in post added to today's; below zero where let go.")


class FlowDecision(Record):
    """FTE that join, are let go or move in a month, where people are carried forward."""

    kind: str = Field(description="What they do, such as join or release.")
    team: str = Field(description="Id of the team that they leave; of joiners, that they join.")
    role: str = Field(description="Id of the role that they leave; of joiners, that they take up.")
    to_team: str | None = Field(None, description="Id of the team they go to, if it is another.")
    to_role: str | None = Field(None, description="Id of the role they go to, if it is another.")
    period: str = Field(description="Label of the month in which they leave, or joiners start.")
    fte: Exact = Field(description="FTE that do so.")


class PackageDecision(Record):
    """Whether a package is taken."""

    package: str = Field(description="Id of the package.")
    taken: bool = Field(description="Whether it is taken.")


class ManagedTeamDecision(Record):
    """Managed teams that start in one month and are extended alike."""

    managed_team: str = Field(description="Id of the managed team.")
    start: MonthField = Field(description="First month.")
    extension: int = Field(0, ge=0, description="Months by which the term is extended.")
    teams: int = Field(1, ge=1, description="How many teams.")


class CasesDecision(Record):
    """Weighted cases that a role holds in a team in a period, where the split is a choice."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    cases: Exact = Field(description="Weighted cases held.")


class ClosedDecision(Record):
    """Cases that are closed in a team in a month, where how many are is a choice."""

    team: str = Field(description="Id of the team.")
    case_type: str | None = Field(None, description="The case type; null where there are none.")
    period: str = Field(description="Label of the period.")
    cases: Exact = Field(description="Cases closed.")


class PlaceDecision(Record):
    """Where somebody works in all the months planned; who has none is placed nowhere."""

    person: str = Field(description="Anonymous id of the person.")
    team: str = Field(description="Id of the team.")


class Decisions(Record):
    """All that was decided; everything else follows from it."""

    posts: tuple[PostDecision, ...] = Field((), description="Posts by team, role and period.")
    people: tuple[PeopleDecision, ...] = Field(
        (), description="People by team, role and period; empty where no rule fills posts."
    )
    flows: tuple[FlowDecision, ...] = Field(
        (), description="Who joins, leaves or moves; empty where nobody is carried forward."
    )
    packages: tuple[PackageDecision, ...] = Field((), description="Packages, taken or not.")
    managed_teams: tuple[ManagedTeamDecision, ...] = Field(
        (), description="Managed teams that are bought."
    )
    places: tuple[PlaceDecision, ...] = Field(
        (), description="Places of people listed one by one; empty where no rule places them."
    )
    cases: tuple[CasesDecision, ...] = Field(
        (), description="Cases held by team, role and period; empty where no rule splits them."
    )
    closed: tuple[ClosedDecision, ...] = Field(
        (), description="Cases closed by team, type and month; empty where no rule lets them flow."
    )
