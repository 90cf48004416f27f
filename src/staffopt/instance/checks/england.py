"""Checks of a council against what English authorities report: odd is lawful, and worth a look.

What they report is the Department for Education's *Children's social work workforce*, reporting
years 2017 to 2025 (indicators by local authority, Open Government Licence v3.0): the lowest and the
highest figure of any authority in any of these years. The Isles of Scilly and the City of London,
which have a handful of workers, are left out of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from staffopt.errors import Fault
from staffopt.instance.checks.staffing import weighted_cases
from staffopt.instance.checks.view import View, reading
from staffopt.instance.schema import Instance
from staffopt.instance.staff import AGENCY, RoleKind
from staffopt.instance.turnover import Rates
from staffopt.quantity import Absent, decimal_text

CASELOAD = (Decimal("8.4"), Decimal("32.7"))
"""Cases per FTE of case holders: Rutland 2021, North East Lincolnshire 2019."""

VACANCY_RATE = (Decimal(0), Decimal("62.4"))
"""Vacancies as % of vacancies and staff in post: several, Herefordshire 2023."""

AGENCY_RATE = (Decimal(0), Decimal("55.2"))
"""Agency staff as % of agency staff and staff in post: several, Herefordshire 2023."""

TURNOVER_RATE = (Decimal(0), Decimal(50))
"""Leavers in a year as % of staff in post: several, Herefordshire 2022."""

_MEND = "Check the figures; nothing to do if they are right."
_YEARS = "between 2017 and 2025"


@reading("roles", "teams", "case_types")
def _caseload(view: View) -> Iterator[Fault]:
    """All teams together carry what some authority in England has carried."""
    council, (low, high) = view.instance, CASELOAD
    counted = [team for team in council.teams.values() if not isinstance(team.cases, Absent)]
    cases = sum((weighted_cases(council, team) for team in counted), Decimal(0))
    roles = {r: o for r, o in council.roles.items() if o.kind is RoleKind.CASE_HOLDER}
    fte = sum(
        (
            there * roles[role].case_holding
            for team in counted
            for role, there in _in_post(team.posts, team.people).items()
            if role in roles
        ),
        Decimal(0),
    )
    if cases > 0 and fte > 0 and not low <= cases / fte <= high:
        average = decimal_text(round(cases / fte, 1))
        what = f"all teams together have {average} cases per FTE of case holders in post; "
        what += f"English authorities reported {low} to {high} {_YEARS}"
        yield Fault("outside-england", what, _MEND, view.place("teams"), warning=True)


@reading("roles", "teams")
def _rates(view: View) -> Iterator[Fault]:
    """Vacancies and agency staff are what some authority in England has reported."""
    council = view.instance
    posts, there, agency = (sum(column, Decimal(0)) for column in _counts(council))
    vacant = max(posts - there, Decimal(0))
    for name, some, (_, high) in (
        ("vacancy rate", vacant, VACANCY_RATE),
        ("agency rate", agency, AGENCY_RATE),
    ):
        if some > 0 and 100 * some > high * (some + there):
            rate = decimal_text(round(100 * some / (some + there), 1))
            what = f"the {name} of all teams together is {rate}%; "
            what += f"English authorities reported up to {high}% {_YEARS}"
            yield Fault("outside-england", what, _MEND, view.place("teams"), warning=True)


def _counts(council: Instance) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    """Return posts, people in post and agency staff, of teams that say who is in post."""
    posts, there, agency = list[Decimal](), list[Decimal](), list[Decimal]()
    for team in council.teams.values():
        if team.people is None:
            continue
        for role, record in council.roles.items():
            if record.kind is RoleKind.CASE_HOLDER:
                fte = _in_post(team.posts, team.people).get(role, Decimal(0))
                if AGENCY in record.tags:
                    agency.append(fte)
                else:
                    posts.append(team.posts.get(role, Decimal(0)))
                    there.append(fte)
    return posts, there, agency


def _in_post(
    posts: Mapping[str, Decimal], people: Mapping[str, Decimal] | None
) -> dict[str, Decimal]:
    """Return role → FTE in post: all posts are filled where nothing is said."""
    return {**posts, **(people or {})}


@reading("roles")
def _turnover(view: View) -> Iterator[Fault]:
    """Social workers leave no faster than from some authority in England."""
    _, high = TURNOVER_RATE
    for role, record in view.instance.roles.items():
        if record.turnover is None or record.kind is not RoleKind.CASE_HOLDER:
            continue
        yearly = record.turnover.leavers * (12 if record.turnover.rates is Rates.MONTHLY else 1)
        if 100 * yearly > high:
            what = f"{role!r} loses {decimal_text(round(100 * yearly, 1))}% a year; "
            what += f"English authorities reported up to {high}% {_YEARS}"
            place = view.place("roles", role, "turnover", "leavers")
            yield Fault("outside-england", what, _MEND, place, warning=True)


CHECKS = (_caseload, _rates, _turnover)
