"""Who works where on how many cases: areas, teams, roles and kinds of case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    Field,
    model_validator,
)

from staffopt.instance.calendar import MonthField
from staffopt.instance.careers import Career
from staffopt.instance.case_flow import CaseFlow
from staffopt.instance.demand import SeriesMonth, TeamCasesOverTime
from staffopt.instance.fields import (
    AreaId,
    CaseTypeId,
    CostCentre,
    Id,
    RoleId,
    Source,
    TeamId,
    Text,
)
from staffopt.instance.turnover import Turnover
from staffopt.instance.work import Needed, Work
from staffopt.quantity import Absent, Figure, Number, Unit, Whole
from staffopt.record import Names, Record

LEAST_STEP = Decimal("0.01")
"""No council funds a hundredth of a post; finer steps make a solver count without end."""

MOST_CASES = 1_000_000
"""No council in England has so many open cases: a slip of the finger."""

AGENCY = "agency"
"""The tag of agency staff, who are counted apart from those in permanent posts."""


class RoleKind(StrEnum):
    """What a role does; models name kinds, never an instance's roles."""

    CASE_HOLDER = "case_holder"
    SUPPORT = "support"
    SUPPORT_LEAD = "support_lead"
    MANAGER = "manager"
    ADMINISTRATION = "administration"


class OnCosts(StrEnum):
    """Whether employer's pension and National Insurance are in a cost already."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    NOT_STATED = "not stated"


class CostBasis(StrEnum):
    """What a role's yearly cost is paid for: posts that are funded, or people in post."""

    BUDGETED = "budgeted"
    ACTUAL = "actual"


class SetUpHeads(StrEnum):
    """Over what added FTE is pooled before it is rounded up to whole heads."""

    POOLED = "pooled"
    BY_TEAM = "by_team"


class Area(Record):
    """A part of the council that several teams lie in."""

    name: Text = Field(description="The area's name in reports.")


class CountedAs(StrEnum):
    """What one case is: a child, or a family of several."""

    CHILDREN = "children"
    FAMILIES = "families"
    NOT_STATED = "not stated"


class CaseType(Record):
    """A kind of case and how much it weighs beside an average one."""

    name: Text | None = Field(None, description="Name in reports; the id if left out.")
    weight: Annotated[Number, Field(gt=0), Unit("weighted cases per case")] = Field(
        Decimal(1), description="Weight of one case; 1 unless the council weighs complexity."
    )
    counted_as: CountedAs = Field(
        CountedAs.NOT_STATED,
        description="Whether one case is a child or a family; as the instance says if not stated.",
    )
    children_per_family: Annotated[Number, Field(gt=0), Unit("children per family")] | None = Field(
        None, description="Children in one family of this type; the instance's figure if left out."
    )
    source: str | None = Source


class Role(Record):
    """A kind of post."""

    name: Text | None = Field(None, description="Name in reports; made from the id if left out.")
    kind: RoleKind = Field(description="What the role does; models name kinds.")
    tags: tuple[Id, ...] = Field((), description="Further marks such as asye or agency.")
    step: Annotated[Number, Field(ge=0), Unit("FTE")] = Field(
        Decimal(1), description="Posts are added in multiples of this; 0 is continuous."
    )
    cost: Annotated[Figure, Unit("pounds per FTE per year")] = Field(
        Absent.NOT_PRINTED, description="Full-year cost of one FTE."
    )
    on_costs: OnCosts = Field(
        OnCosts.NOT_STATED, description="Whether the cost includes employer's on-costs."
    )
    market_supplement: Annotated[Figure, Unit("pounds per FTE per year")] = Field(
        Absent.NOT_APPLICABLE,
        description="Market Factor Supplement, paid on top of the cost; on-costs are in it or not "
        "as they are in the cost.",
    )
    cost_basis: CostBasis = Field(
        CostBasis.BUDGETED,
        description="Whether posts are paid for, filled or not (budgeted), or people in post "
        "(actual).",
    )
    vacancy_factor: Annotated[Number, Field(ge=0, lt=100), Unit("% of the budget")] = Field(
        Decimal(0),
        description="By how much the budget of posts is lowered since some are always vacant; "
        "people and caseloads are as they are.",
    )
    non_staffing: Annotated[Figure, Unit("pounds per head per year")] = Field(
        Absent.NOT_APPLICABLE,
        description="Yearly cost of each added head beside pay (desk, telephone, travel).",
    )
    set_up: Annotated[Figure, Unit("pounds per head, once")] = Field(
        Absent.NOT_APPLICABLE, description="One-off cost of each added head (equipment)."
    )
    set_up_heads: SetUpHeads = Field(
        SetUpHeads.POOLED,
        description="Whole heads of added FTE: pooled over teams, or counted team by team.",
    )
    cap: Annotated[Figure, Unit("cases per FTE")] = Field(
        Absent.NOT_APPLICABLE, description="Protected caseload, as of newly qualified workers."
    )
    case_holding: Annotated[Number, Field(ge=0, le=1), Unit("share of FTE")] = Field(
        Decimal(1),
        description="Share of a case-holding role's FTE that holds cases; 1 unless it is known.",
    )
    counts_as: Annotated[Number, Field(ge=0, le=1), Unit("share of a full caseload")] = Field(
        Decimal(1),
        description="Part of a full caseload that one FTE counts as (newly qualified workers).",
    )
    holds: tuple[CaseTypeId, ...] | None = Field(
        None,
        description="Case types the role may hold where cases are split between roles, or [all]. "
        "If left out, a case holder holds every type and any other role none. A support officer "
        "who holds cases releases no time.",
    )
    covers: RoleId | None = Field(
        None,
        description="The role whose vacant posts it fills: an agency role, which has no posts.",
    )
    teams: tuple[TeamId, ...] | None = Field(
        None, description="Teams the role can be placed in; every team if left out."
    )
    ends: MonthField | None = Field(
        None,
        description="Last month of its posts, of today and added, where they are fixed-term; it is "
        "the last of a period. Posts stay if left out.",
    )
    turnover: Turnover | None = Field(
        None,
        description="How people of the role come and go; read only where a model carries staff "
        "forward from month to month.",
    )
    career: Career | None = Field(
        None,
        description="What else people of the role may do: take up other roles, move, be made "
        "redundant, work short time, be trained.",
    )
    work: Work | None = Field(
        None, description="What one FTE gets done, where a model compares that with what is needed."
    )
    cost_centre: CostCentre | None = Field(
        None, description="Code its money is booked to in teams without a code of their own."
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _no_negative_money(self) -> Self:
        for name in ("cost", "set_up", "cap", "market_supplement", "non_staffing"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        if 0 < self.step < LEAST_STEP:
            raise ValueError(f"step is finer than {LEAST_STEP} FTE; write 0 for a continuous role")
        if self.vacancy_factor and self.cost_basis is CostBasis.ACTUAL:
            raise ValueError("a vacancy factor lowers a budget; the cost of people has none")
        if self.ends is not None and self.covers is not None:
            raise ValueError("who covers others' posts has no posts that end: let theirs `ends`")
        return self


class Team(Record):
    """A team or planning unit, with its cases and its posts of today."""

    name: Text = Field(description="The team's name in reports.")
    area: AreaId | None = Field(None, description="The area it lies in.")
    cases: Annotated[Figure | Mapping[CaseTypeId, Number], Unit("open cases")] = Field(
        Absent.NOT_APPLICABLE,
        description="Open cases: a figure, a figure per case type, none (holds none) or unknown.",
    )
    cases_over_time: TeamCasesOverTime | None = Field(
        None,
        description="How open cases run over the months planned; as the council says if left out.",
    )
    flow: CaseFlow | None = Field(
        None, description="How cases come and go, for the rule flow_cases; nothing if left out."
    )
    posts: Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]] = Field(
        default_factory=dict, description="Role → funded FTE today."
    )
    people: Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]] | None = Field(
        None, description="Role → FTE in post today; all posts filled if left out."
    )
    joined: Mapping[
        RoleId,
        Mapping[
            Annotated[Whole, Field(ge=0, le=60), Names("months_ago")],
            Annotated[Number, Field(gt=0), Unit("FTE")],
        ],
    ] = Field(
        default_factory=dict,
        description="Role → how many months ago they joined → FTE in post of whom that is known; "
        "read only where a model carries staff forward from month to month.",
    )
    needed: Mapping[RoleId, Needed] = Field(
        default_factory=dict,
        description="Role → month → work to be done by it in that month, and on to the next that "
        "is given, in the units of the role's `output`.",
    )
    cost_centre: CostCentre | None = Field(
        None, description="Code that the money of its posts is booked to."
    )
    starting: Mapping[RoleId, Mapping[SeriesMonth, Annotated[Number, Field(gt=0), Unit("FTE")]]] = (
        Field(
            default_factory=dict,
            description="Role → month → FTE who are recruited already and start in it; read only "
            "where a model carries staff forward from month to month.",
        )
    )
    spare_heads: Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]] = Field(
        default_factory=dict,
        description="Role → FTE that can be added before another head is set up: the rest of heads "
        "that were, and equipment that nobody uses. Of what a head costs beside pay, the part of a "
        "head in it is paid for already.",
    )
    shown_as: Mapping[
        RoleId,
        Mapping[Annotated[Text, Names("place")], Annotated[Number, Field(ge=0), Unit("FTE")]],
    ] = Field(
        default_factory=dict,
        description="Role → the paper's finer split of the posts, for reading only.",
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _cases_are_of_this_world(self) -> Self:
        figures = self.cases.values() if isinstance(self.cases, Mapping) else (self.cases,)
        for figure in figures:
            if isinstance(figure, Decimal) and figure > MOST_CASES:
                raise ValueError(f"{figure} cases are more than {MOST_CASES}")
        return self

    @model_validator(mode="after")
    def _arrivals_as_cases_are_given(self) -> Self:
        typed = isinstance(self.cases, Mapping)
        if self.flow is not None and self.flow.arrivals is not None and typed:
            raise ValueError("cases are given by type: write arrivals under `flow.types`")
        if self.flow is not None and self.flow.types and not typed:
            raise ValueError("arrivals of a case type need `cases` of today by type")
        return self

    @model_validator(mode="after")
    def _series_starts_from_today(self) -> Self:
        course = self.cases_over_time
        if course is None or course.flat:
            return self
        if isinstance(self.cases, Absent) and (course.series or course.types):
            raise ValueError("a series of open cases goes on from those of today: give `cases`")
        if course.series and isinstance(self.cases, Mapping):
            raise ValueError("cases are given by type: write the series under `types`")
        today = self.cases if isinstance(self.cases, Mapping) else {}
        if missing := [kind for kind in course.types if kind not in today]:
            raise ValueError(
                f"the series of {', '.join(missing)} goes on from cases of today, by type: give "
                "them, 0 where there are none"
            )
        return self
