"""The instance file: one frozen class a record, each field with its unit, meaning and default.

This is the one definition; the JSON Schema, the file-format page and the starter are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
)

from staffopt.instance.bands import Bands
from staffopt.instance.benefits import Benefit
from staffopt.instance.calendar import Calendar
from staffopt.instance.case_flow import CaseMove
from staffopt.instance.demand import CasesOverTime
from staffopt.instance.fields import (
    AreaId,
    BenefitId,
    CaseTypeId,
    FundId,
    Id,
    ManagedTeamId,
    OptionId,
    PackageId,
    Parameter,
    ParameterPath,
    RoleId,
    RuleLabel,
    TeamId,
    Text,
)
from staffopt.instance.funds import Fund, Package, PackageLine
from staffopt.instance.managed import ManagedTeam
from staffopt.instance.options import Option, Override, Pins, Scenario
from staffopt.instance.people import Person, PersonId
from staffopt.instance.prices import Prices
from staffopt.instance.sources import AssumptionField, Paper, SourceRecord
from staffopt.instance.staff import (
    Area,
    CaseType,
    CountedAs,
    Role,
    Team,
)
from staffopt.quantity import Number, Unit, parse_whole
from staffopt.record import Names, Record

SCHEMA_VERSION = 1


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
    cases_over_time: CasesOverTime | None = Field(
        None,
        description="How open cases run over the months planned, in teams that do not say "
        "themselves; as today if left out.",
    )
    roles: Mapping[RoleId, Role] = Field(description="Kinds of post.")
    groups: Mapping[Annotated[Id, Names("group", "groups")], tuple[TeamId, ...]] = Field(
        default_factory=dict, description="Name → teams, for use as a scope."
    )
    teams: Mapping[TeamId, Team] = Field(description="Teams or planning units.")
    case_moves: tuple[CaseMove, ...] = Field(
        (), description="Transfers between teams and step-downs between types, for flow_cases."
    )
    people: Mapping[PersonId, Person] = Field(
        default_factory=dict,
        description="Staff one by one, by anonymous ids; a role of which anybody is listed is "
        "listed whole, and its people in post are theirs.",
    )
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
    benefits: Mapping[BenefitId, Benefit] = Field(
        default_factory=dict, description="What options and packages bring, in pounds."
    )
    discount_rate: Annotated[Number, Field(ge=0, le=100), Unit("% per year")] | None = Field(
        None,
        description="By how much a year later counts less in net present values, which are not "
        "worked out if it is left out.",
    )
    prices: Prices | None = Field(
        None, description="Price base, rises and on-costs; prices stay as they are if left out."
    )
    pins: Pins = Field(default_factory=Pins, description="Decisions fixed in every option.")
    options: Mapping[OptionId, Option] = Field(
        default_factory=dict, description="Decisions considered."
    )
    scenarios: Mapping[Annotated[Id, Names("scenario")], Scenario] = Field(
        default_factory=dict, description="Other states of the world."
    )
    assumptions: Mapping[ParameterPath, AssumptionField] = Field(
        default_factory=dict,
        description="Path → reason, for every figure that is not printed; or reason, source, "
        "owner and the range it may lie in.",
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
        steps = _asked_for(changes)
        return self._with(steps, (*self._changes, *steps))

    def stating(self, changes: Mapping[str, Any]) -> Instance:
        """Return this council as if its file stated other figures.

        What an option, a scenario or ``--set`` gives wins over them, as it wins over the file;
        over those of :meth:`where` no option and no scenario does.

        Args:
            changes: as for :meth:`where`.

        Raises:
            InputError: as for :meth:`where`.
        """
        return self._with(_asked_for(changes), self._changes)

    def _with(self, steps: tuple[Override, ...], said: tuple[Override, ...]) -> Instance:
        from staffopt.instance.override import override

        changed = override(self, steps)
        changed._changes = said  # noqa: SLF001 (of this very class)
        return changed


def _asked_for(changes: Mapping[str, Any]) -> tuple[Override, ...]:
    return tuple(
        Override(path=str(path), value=value, origin="where") for path, value in changes.items()
    )
