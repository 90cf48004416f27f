"""The instance file: one frozen class a record, each field with its unit, meaning and default.

This is the one definition; the JSON Schema, the file-format page and the starter are made from it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from staffopt.instance.bands import Bands
from staffopt.instance.calendar import Calendar, MonthField
from staffopt.instance.managed import ManagedTeam
from staffopt.quantity import Absent, Figure, Flag, Number, Unit, Whole, parse_flag, parse_whole
from staffopt.record import Names, Record

SCHEMA_VERSION = 1

LEAST_STEP = Decimal("0.01")
"""No council funds a hundredth of a post; finer steps make a solver count without end."""

MOST_CASES = 1_000_000
"""No council in England has so many open cases: a slip of the finger."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A short lower-case name used in paths: letters, digits, ``_`` and ``-``."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Words for people; never interpreted."""

AreaId = Annotated[Id, Names("area", "areas")]
CaseTypeId = Annotated[Id, Names("case_type", "case_types")]
FundId = Annotated[Id, Names("fund", "funds")]
OptionId = Annotated[Id, Names("option", "options")]
PackageId = Annotated[Id, Names("package", "packages")]
RoleId = Annotated[Id, Names("role", "roles")]
TeamId = Annotated[Id, Names("team", "teams")]
ManagedTeamId = Annotated[Id, Names("managed_team", "managed_teams")]
ModelId = Annotated[Id, Names("model", "models")]
RuleLabel = Annotated[Id, Names("rule", "rules")]
Parameter = Annotated[str, Names("parameter")]
ParameterPath = Annotated[str, Names("path")]


def _parse_day(value: object) -> object:
    """Refuse what pydantic would take for seconds since 1970, or for a date with its time."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError(f"{value!r} is not a date; write year-month-day such as 2018-06-18")
    return value


Day = Annotated[dt.date, BeforeValidator(_parse_day)]
"""A day, written ``2018-06-18``."""

Source = Field(None, alias="from", description="Paragraph, table or page that prints the figures.")


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


class SetUpHeads(StrEnum):
    """Over what added FTE is pooled before it is rounded up to whole heads."""

    POOLED = "pooled"
    BY_TEAM = "by_team"


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


class Assumption(Record):
    """Why a figure is taken that is printed nowhere, what it rests on, and who answers for it."""

    reason: Text = Field(description="Why the figure is taken.")
    source: str | None = Field(None, alias="from", description="What it rests on, if anything.")
    owner: Text | None = Field(
        None, description="The post or team that answers for it; never the name of a person."
    )

    def __str__(self) -> str:
        return self.reason


def _shortest(assumption: Text | Assumption) -> Text | Assumption:
    """Write a reason that stands alone as text, so that it is written in one way only."""
    if isinstance(assumption, Assumption) and assumption.model_fields_set == {"reason"}:
        return assumption.reason
    return assumption


AssumptionField = Annotated[Text | Assumption, AfterValidator(_shortest)]
"""A reason, or a reason with its source and owner."""


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
    source: str | None = Source

    @model_validator(mode="after")
    def _no_negative_money(self) -> Self:
        for name in ("cost", "set_up", "cap"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        if 0 < self.step < LEAST_STEP:
            raise ValueError(f"step is finer than {LEAST_STEP} FTE; write 0 for a continuous role")
        return self


class Team(Record):
    """A team or planning unit, with its cases and its posts of today."""

    name: Text = Field(description="The team's name in reports.")
    area: AreaId | None = Field(None, description="The area it lies in.")
    cases: Annotated[Figure | Mapping[CaseTypeId, Number], Unit("open cases")] = Field(
        Absent.NOT_APPLICABLE,
        description="Open cases: a figure, a figure per case type, none (holds none) or unknown.",
    )
    posts: Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]] = Field(
        default_factory=dict, description="Role → funded FTE today."
    )
    people: Mapping[RoleId, Annotated[Number, Field(ge=0), Unit("FTE")]] | None = Field(
        None, description="Role → FTE in post today; all posts filled if left out."
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


class Package(Record):
    """Project posts and items bought together for a fixed term."""

    name: Text = Field(description="Name in reports.")
    start: MonthField = Field(description="First month.")
    months: Annotated[Whole, Field(ge=1, le=600), Unit("months")] = Field(description="The term.")
    all_or_none: Annotated[Literal[True], BeforeValidator(parse_flag)] = Field(
        True, description="Taken whole or not at all."
    )
    fund: FundId | None = Field(
        None, description="The fund that pays; by the funds' own permissions if left out."
    )
    source: str | None = Source


class PackageLine(Record):
    """One line of a package: a post with its FTE, or an item with its count."""

    package: PackageId = Field(description="The package the line belongs to.")
    post: Text | None = Field(None, description="Title of the post; a line has a post or an item.")
    item: Text | None = Field(None, description="What is bought; a line has a post or an item.")
    fte: Annotated[Number, Field(gt=0), Unit("FTE")] | None = Field(
        None, description="FTE added, of a post."
    )
    count: Annotated[Number, Field(gt=0), Unit("items")] | None = Field(
        None, description="How many, of an item."
    )
    each: Annotated[Number, Field(ge=0), Unit("pounds each")] | None = Field(
        None, description="Price of one item; recurrent or one_off must equal count × each."
    )
    recurrent: Annotated[Figure, Unit("pounds per year for the line")] = Field(
        Absent.NOT_APPLICABLE, description="Full-year cost of the whole line."
    )
    one_off: Annotated[Figure, Unit("pounds, once, for the line")] = Field(
        Absent.NOT_APPLICABLE, description="Cost paid once, in the year the package starts."
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (self.post is None) == (self.item is None):
            raise ValueError("a line names either a post (with fte) or an item (with count)")
        if self.post is not None and self.fte is None:
            raise ValueError("a post needs its fte")
        if self.each is not None and self.count is not None:
            total = self.each * self.count
            if total not in (self.recurrent, self.one_off):
                raise ValueError(f"count × each is {total}, which is neither recurrent nor one_off")
        for name in ("recurrent", "one_off"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        return self

    @property
    def title(self) -> str:
        """The post's title or the item's name."""
        return self.post or self.item or ""


class PaysFor(Record):
    """What a fund may be spent on."""

    posts_today: tuple[Annotated[str, Names("role", "roles")], ...] = Field(
        (), description="Roles whose posts of today it pays for; [all] for every costed role."
    )
    added_posts: tuple[Annotated[str, Names("role", "roles")], ...] = Field(
        (), description="Roles whose added posts it pays for; [all] for every role."
    )
    packages: tuple[Annotated[str, Names("package", "packages")], ...] = Field(
        (), description="Packages it pays for; [all] for every one."
    )
    managed_teams: tuple[Annotated[str, Names("managed_team", "managed_teams")], ...] = Field(
        (), description="Managed teams it pays for; [all] for every one."
    )


class Fund(Record):
    """A named pot with a ceiling per financial year and what it may pay for."""

    name: Text = Field(description="Name in reports.")
    recurrent: Flag | Literal["not stated"] = Field(
        "not stated", description="Whether the money comes again every year."
    )
    pays_for: PaysFor = Field(default_factory=PaysFor, description="What it may be spent on.")
    ceiling: Annotated[
        Figure | Mapping[Annotated[str, Names("year")], Figure], Unit("pounds per financial year")
    ] = Field(
        Absent.NOT_PRINTED,
        description="Most that may be spent in a financial year: one figure for every year, or "
        "year → figure; none printed, or unlimited.",
    )
    ends: MonthField | None = Field(None, description="Last month in which it may be spent.")
    source: str | None = Source

    def ceiling_in(self, year: str) -> Decimal | Absent:
        """Return the ceiling of a financial year, or the reason why there is none."""
        if isinstance(self.ceiling, Mapping):
            return self.ceiling.get(year, Absent.NOT_PRINTED)
        return self.ceiling


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

    @property
    def empty(self) -> bool:
        """Whether nothing is pinned."""
        return not (self.posts or self.people or self.change or self.packages)


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


class Instance(Record):
    """A council's facts, as one paper prints them."""

    schema_version: Annotated[Literal[1], BeforeValidator(parse_whole)] = Field(
        description="Version of this format; 1."
    )
    instance: Id = Field(description="The instance's id.")
    title: Text = Field(description="Title in reports.")
    paper: Paper | None = Field(None, description="The paper that prints the figures.")
    default_option: OptionId | None = Field(None, description="The option that a bare solve runs.")
    calendar: Calendar = Field(description="Months planned.")
    areas: Mapping[AreaId, Area] = Field(default_factory=dict, description="Parts of the council.")
    counted_as: CountedAs = Field(
        CountedAs.NOT_STATED,
        description="What cases are added up in: children or families. Families are turned into "
        "children where a sum is of children.",
    )
    children_per_family: Annotated[Number, Field(gt=0), Unit("children per family")] | None = Field(
        None, description="Children in one family, to turn families into children."
    )
    case_types: Mapping[CaseTypeId, CaseType] = Field(
        default_factory=dict, description="Kinds of case and their weights."
    )
    roles: Mapping[RoleId, Role] = Field(description="Kinds of post.")
    groups: Mapping[Annotated[Id, Names("group", "groups")], tuple[TeamId, ...]] = Field(
        default_factory=dict, description="Name → teams, for use as a scope."
    )
    teams: Mapping[TeamId, Team] = Field(description="Teams or planning units.")
    bands: Bands | None = Field(None, description="Caseload bands.")
    standards: Mapping[RuleLabel, Mapping[Parameter, Any] | Literal["off"]] = Field(
        default_factory=dict,
        description="Rule label → the council's own parameters, with their source.",
    )
    packages: Mapping[PackageId, Package] = Field(
        default_factory=dict, description="Project posts bought together."
    )
    package_lines: tuple[PackageLine, ...] = Field((), description="The packages' lines.")
    managed_teams: Mapping[ManagedTeamId, ManagedTeam] = Field(
        default_factory=dict, description="Whole teams that can be bought for a term."
    )
    funds: Mapping[FundId, Fund] = Field(default_factory=dict, description="Pots of money.")
    pins: Pins = Field(default_factory=Pins, description="Decisions fixed in every option.")
    options: Mapping[OptionId, Option] = Field(
        default_factory=dict, description="Decisions considered."
    )
    scenarios: Mapping[Annotated[Id, Names("scenario")], Scenario] = Field(
        default_factory=dict, description="Other states of the world."
    )
    assumptions: Mapping[ParameterPath, AssumptionField] = Field(
        default_factory=dict,
        description="Path → reason, for every figure that is not printed; or reason, source and "
        "owner.",
    )
    sources: Mapping[Annotated[Id, Names("source", "sources")], SourceRecord] = Field(
        default_factory=dict, description="Publications other than the paper."
    )

    _changes: tuple[Override, ...] = PrivateAttr(())

    @property
    def changes(self) -> tuple[Override, ...]:
        """What :meth:`where` has changed since the file was read, in order."""
        return self._changes

    def where(self, changes: Mapping[str, Any]) -> Instance:
        """Return this council with other figures; the council itself stays as it is.

        Args:
            changes: dotted path → new value, such as ``{"teams.assessment.cases": 1000}``. Values
                are ints, Decimals or strings: a float has lost the digits that were written.

        Raises:
            InputError: if a path leads nowhere or a value is not what stands there.
        """
        from staffopt.instance.override import override

        steps = tuple(
            Override(path=str(path), value=value, origin="where") for path, value in changes.items()
        )
        changed = override(self, steps)
        changed._changes = (*self._changes, *steps)  # noqa: SLF001 (of this very class)
        return changed
