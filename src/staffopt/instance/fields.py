"""Ids, words and days: the types that the records of an instance are made of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from staffopt.record import Names

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A short lower-case name used in paths: letters, digits, ``_`` and ``-``."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Words for people; never interpreted."""

CostCentre = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,31}$")]
"""A code of the council's accounts."""

AreaId = Annotated[Id, Names("area", "areas")]
BenefitId = Annotated[Id, Names("benefit", "benefits")]
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
