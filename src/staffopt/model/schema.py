"""The model file: which rules hold, and which goals come first.

A model names role kinds and no council's figure; a council's figures for the rules stand in its
instance under ``standards``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from staffopt.instance.fields import Id, Text
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Exact, Number, parse_whole
from staffopt.record import Record
from staffopt.rulebook import Basis, Denominator, Each, Scope

SCHEMA_VERSION = 1

UNLESS_GIVEN = "unless_given"
"""A rule with ``unless_given: off`` holds only where the council's standards give it a figure."""


class GoalName(StrEnum):
    """What can be minimised."""

    FULL_YEAR_COST = "full_year_cost"
    COST = "cost"
    SPEND = "spend"
    PENALTY = "penalty"
    WORST_CASELOAD = "worst_caseload"
    CASES_ABOVE_BAND = "cases_above_band"
    UNALLOCATED_CASES = "unallocated_cases"
    CHANGE_FROM_TODAY = "change_from_today"
    AGENCY_USE = "agency_use"
    REDUNDANCIES = "redundancies"
    OPEN_CASES = "open_cases"
    WORST_UNCOVERED = "worst_uncovered"
    PREFERENCES_UNMET = "preferences_unmet"
    MOVES = "moves"


class Goal(Record):
    """One goal; earlier goals are kept while later ones are met."""

    minimise: GoalName = Field(
        description="full_year_cost: pounds a year of everything added, fixed-term packages "
        "included, today's posts and one-off costs left out. cost: pounds that fall in a "
        "financial year or the whole calendar; both count prices that are no money. "
        "spend: pounds charged to a fund, or to all and to none, as ceilings count them: today's "
        "posts too, and what cuts save not. penalty: pounds a year that missing softened rules, "
        "and bands at a price, weigh. "
        "worst_caseload: the highest average of any team. cases_above_band: cases above a band's "
        "upper edge times FTE, over teams (or over roles, where cases are split) and periods. "
        "unallocated_cases: cases that nobody holds, over teams and periods. "
        "change_from_today: FTE added or cut, of posts and of people where posts are filled apart, "
        "packages taken and managed teams bought. agency_use: FTE of roles tagged agency in post, "
        "times the months of each period. redundancies: FTE made redundant over the plan. "
        "open_cases: weighted cases open at the end of each period, over teams and periods. "
        "worst_uncovered: posts per FTE in post, cover included, of the area (or team) that has "
        "most; its rate of uncovered vacancies is 1 - 1 / that, and both are least together. "
        "preferences_unmet: people placed who asked and got no wish down to a rank. moves: people "
        "placed in another team than today's."
    )
    year: str | None = Field(
        None, description="Financial year of a cost or of spend; the calendar if absent."
    )
    fund: str | None = Field(
        None, description="Of spend: the fund, or `not named`; all of them if absent."
    )
    basis: Basis = Field(Basis.REPORTED, description="Of a caseload: reported or effective.")
    denominator: Denominator = Field(
        Denominator.POSTS,
        description="Of a caseload: what cases are divided by: posts, in_post, case_holders or "
        "adjusted.",
    )
    band: str | None = Field(
        None,
        description="Of cases_above_band: the band; the highest that needs no action if left out.",
    )
    scope: Scope | None = Field(
        None,
        description="Of a caseload or of cases: the teams looked at; those of the model's caseload "
        "target, or else every team whose cases are known, if left out. Of unallocated cases: "
        "every team whose cases are split. Of agency_use: every team.",
    )
    rank: Literal["first", "second", "stay"] | None = Field(
        None,
        description="Of preferences_unmet: got not the first; neither the first nor the second; "
        "neither of them nor to stay. The first if left out.",
    )
    staff: RoleKind = Field(
        RoleKind.CASE_HOLDER, description="Of worst_uncovered: whose posts are looked at."
    )
    each: Literal[Each.AREA, Each.TEAM] = Field(
        Each.AREA,
        description="Of worst_uncovered: every area with its teams pooled, or every team.",
    )
    tolerance: Annotated[Number, Field(ge=0)] | None = Field(
        None, description="How far later goals may worsen this one, in its own unit; 0 if absent."
    )
    at_most: Annotated[Exact, Field(ge=0)] | None = Field(
        None,
        description="The most that it may come to, in its own unit: no plan is worse. No limit if "
        "absent.",
    )

    @property
    def label(self) -> str:
        """The goal with what it is of, such as ``cost 2018/19``; names its rows."""
        parts = (self.minimise, self.rank, self.fund, self.year)
        return " ".join(part for part in parts if part)

    @model_validator(mode="after")
    def _year_goes_with_cost(self) -> Self:
        if self.year is not None and self.minimise not in (GoalName.COST, GoalName.SPEND):
            raise ValueError("`year` goes with `minimise: cost` or `spend` only")
        if self.fund is not None and self.minimise is not GoalName.SPEND:
            raise ValueError("`fund` goes with `minimise: spend` only")
        if self.rank is not None and self.minimise is not GoalName.PREFERENCES_UNMET:
            raise ValueError("`rank` goes with `minimise: preferences_unmet` only")
        fields = type(self).model_fields
        apart = any(getattr(self, name) != fields[name].default for name in ("staff", "each"))
        if apart and self.minimise is not GoalName.WORST_UNCOVERED:
            raise ValueError("`staff` and `each` go with `minimise: worst_uncovered` only")
        if self.band is not None and self.minimise is not GoalName.CASES_ABOVE_BAND:
            raise ValueError("`band` goes with `minimise: cases_above_band` only")
        return self


class Model(Record):
    """Rules that hold, the kinds of role that may change, and the goals in their order."""

    schema_version: Annotated[Literal[1], BeforeValidator(parse_whole)] = Field(
        description="Version of this format; 1."
    )
    model: Id = Field(description="The model's id.")
    title: Text = Field(description="Title in reports.")
    question: Text | None = Field(None, description="The question it answers, for people.")
    includes: tuple[Id, ...] = Field(
        (), description="Models whose rules and kinds are united with these; goals are not."
    )
    may_change: tuple[RoleKind, ...] = Field(
        (), description="Role kinds whose posts may change; every other post stays as today."
    )
    rules: Mapping[Id, Literal["off"] | Mapping[str, Any]] = Field(
        default_factory=dict,
        description="Label → parameters. `off` holds until the council's standards, an option or "
        "--set gives the rule a figure, and so does `unless_given: off` among parameters. "
        "`rule:` names the rule where the label does not.",
    )
    goals: tuple[Goal, ...] = Field((), description="What is minimised, the first goal first.")
