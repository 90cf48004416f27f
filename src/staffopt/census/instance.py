"""Making an instance of the census: one unit an authority, in post and vacant as reported.

The census counts cases by those who hold them, vacancies and agency staff by everybody. So social
workers are of two roles, of which one holds no cases; agency staff, of whom there may be more than
vacancies, are a role too. So caseloads by case holders, vacancy rates and agency rates come out
as the census has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from staffopt.census.reading import (
    AGENCY_STAFF,
    CASES,
    HOLDERS,
    IN_POST,
    VACANCIES,
    Authority,
    Census,
    read_census,
)
from staffopt.census.standing import Standing, standings
from staffopt.conversion import refuse_target, write_content
from staffopt.instance.schema import Instance
from staffopt.quantity import Absent, decimal_text

SOURCE = "dfe-csww"
_ASSUMED = "agency staff hold cases, and social workers without cases fill all of their posts"


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read of the census.

    Attributes:
        census: the year, all of England.
        chosen: the authorities asked for.
        left_out: authority → why no unit is made of it.
        content: the instance, as it stands in a file.
    """

    census: Census
    chosen: tuple[Authority, ...]
    left_out: dict[str, str]
    content: dict[str, Any]

    @property
    def instance(self) -> Instance:
        """The instance."""
        return Instance.model_validate(self.content)

    def standing(self, council: str) -> tuple[Standing, ...]:
        """Compare an authority with England and with its region.

        Raises:
            UnknownName: if there is no such authority, with near matches.
        """
        return standings(self.census, self.census.find(council))

    def save(self, target: str | Path) -> Path:
        """Write the instance: ``.yaml``, ``.xlsx``, or a folder of CSV files.

        Raises:
            InputError: if the target is there already, or of no such form.
            OSError: if the place cannot be written.
        """
        path = Path(target)
        refuse_target(path)
        return write_content(self.content, path, self.instance, self.content["instance"])


def import_csww(
    path: str | Path, *, year: str | int | None = None, region: str | None = None
) -> Imported:
    """Read the Department for Education's children's social work workforce indicators.

    Args:
        path: the published CSV.
        year: the reporting year; the last one if left out.
        region: a region, or London, Inner London or Outer London; all of England if left out.

    Raises:
        InputError: if the file is not in the published form, or has no such year or region.
    """
    census = read_census(Path(path), None if year is None else str(year))
    chosen = census.authorities if region is None else census.of_region(region)
    left_out = {a.name: why for a in chosen if (why := _incomplete(a))}
    kept = [authority for authority in chosen if authority.name not in left_out]
    return Imported(census, chosen, left_out, _content(census.year, kept, region))


def _incomplete(authority: Authority) -> str:
    """Say why no unit can be made of an authority; nothing if one can."""
    names = {IN_POST: "staff in post", VACANCIES: "vacancies", AGENCY_STAFF: "agency staff"}
    missing = [n for column, n in names.items() if isinstance(authority.figures[column], Absent)]
    if missing:
        return f"no figure of {' and '.join(missing)}"
    in_post, agency, holders = (authority.figures[c] for c in (IN_POST, AGENCY_STAFF, HOLDERS))
    if isinstance(holders, Absent) or isinstance(agency, Absent) or isinstance(in_post, Absent):
        return ""
    if not agency <= holders <= in_post + agency:
        return "who holds cases does not fit with agency staff and staff in post"
    return ""


def _content(year: str, authorities: Sequence[Authority], region: str | None) -> dict[str, Any]:
    areas = dict.fromkeys(authority.area for authority in authorities)
    ids = _ids([authority.name for authority in authorities])
    where = region or "England"
    return {
        "schema_version": "1",
        "instance": f"csww-{year}" + (f"-{_slug(region)}" if region else ""),
        "title": f"Children's social workers in {where}, 30 September {year}",
        "default_option": "as-reported",
        "calendar": {"start": f"{year}-10", "end": f"{int(year) + 1}-09"},
        "areas": {_slug(area): {"name": area} for area in areas},
        "roles": _ROLES,
        "teams": {ids[a.name]: _team(a, year) for a in authorities},
        "options": {"as-reported": {"title": "As reported", "model": "today"}},
        "assumptions": {
            "calendar": "a year from the day after the census",
            "roles": "the census counts social workers together: " + _ASSUMED,
        },
        "sources": {
            SOURCE: {
                "title": "Children's social work workforce",
                "publisher": "Department for Education",
                "where": f"indicators, reporting year {year}, Open Government Licence v3.0",
            }
        },
    }


_ROLES: dict[str, Any] = {
    "social_worker": {"kind": "case_holder"},
    "without_cases": {
        "name": "Social worker without cases",
        "kind": "case_holder",
        "case_holding": "0",
    },
    "agency_worker": {"kind": "case_holder", "tags": ["agency"]},
}


def _team(authority: Authority, year: str) -> dict[str, Any]:
    """Split an authority's social workers into those who hold cases and those who do not."""
    figures = authority.figures
    in_post, agency, vacant = (figures[c] for c in (IN_POST, AGENCY_STAFF, VACANCIES))
    holders, cases = figures[HOLDERS], figures[CASES]
    assert isinstance(in_post, Decimal)  # without them the authority was left out
    assert isinstance(agency, Decimal)
    assert isinstance(vacant, Decimal)
    holding = holders - agency if isinstance(holders, Decimal) else in_post
    others = in_post - holding
    known = isinstance(holders, Decimal) and isinstance(cases, Decimal) and cases > 0
    return {
        "name": authority.name,
        "area": _slug(authority.area),
        "cases": decimal_text(cases) if known and isinstance(cases, Decimal) else "unknown",
        "posts": {
            "social_worker": decimal_text(holding + vacant),
            "without_cases": decimal_text(others),
            "agency_worker": decimal_text(agency),
        },
        "people": {
            "social_worker": decimal_text(holding),
            "without_cases": decimal_text(others),
            "agency_worker": decimal_text(agency),
        },
        "from": f"{SOURCE}, {year}, {authority.code}",
    }


def _ids(names: Sequence[str]) -> dict[str, str]:
    """Make an id of each name; where two would be alike, with a number."""
    ids: dict[str, str] = {}
    for name in names:
        slug, number = _slug(name), 1
        while (f"{slug}-{number}" if number > 1 else slug) in ids.values():
            number += 1
        ids[name] = f"{slug}-{number}" if number > 1 else slug
    return ids


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
