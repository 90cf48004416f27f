"""Reading the census: the Department for Education's *Children's social work workforce* indicators.

The published CSV has a row for each authority and year, and rows for regions and England, which sum
them; Inner and Outer London stand there beside London, which they make up. Only authorities are
read, each once, so nothing is counted twice. A code stands where there is no figure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.quantity import Absent, parse_decimal
from staffopt.yaml_text import first_faults, read_text

CASELOAD, VACANCY, AGENCY, TURNOVER = (
    "caseload_fte",
    "vacancy_rate_fte",
    "agency_rate_fte",
    "turnover_rate_fte",
)
MEASURES: Mapping[str, tuple[str, str]] = {
    CASELOAD: ("Average caseload", "cases per FTE of case holders"),
    VACANCY: ("Vacancy rate", "% of posts"),
    AGENCY: ("Agency rate", "% of staff"),
    TURNOVER: ("Turnover rate", "% of staff a year"),
}
"""Column → what it is, and its unit, in the census' own definitions."""

IN_POST, AGENCY_STAFF, VACANCIES, HOLDERS, CASES = (
    "inpost_fte",
    "agency_fte",
    "vacancy_fte",
    "case_holders_fte",
    "cases",
)
FIGURES = (*MEASURES, IN_POST, AGENCY_STAFF, VACANCIES, HOLDERS, CASES)
_YEAR, _LEVEL, _REGION, _CODE, _NAME = (
    "time_period",
    "geographic_level",
    "region_name",
    "new_la_code",
    "la_name",
)
_AUTHORITY = "Local authority"

CODES: Mapping[str, Absent] = {
    "z": Absent.NOT_APPLICABLE,
    "x": Absent.NOT_PRINTED,
    "c": Absent.NOT_PRINTED,
    "u": Absent.NOT_PRINTED,
    "low": Absent.NOT_PRINTED,
}
"""Not applicable; not available; confidential; of low reliability; rounds to nothing."""

LONDON = "London"
_PARTS = ("Inner London", "Outer London")
"""Its authorities stand under one of these; who asks for London means both."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What an authority reports in a year.

    Attributes:
        code: of the Office for National Statistics.
        name: its name.
        region: its region; of London's, Inner or Outer London.
        figures: column → figure, or why there is none.
    """

    code: str
    name: str
    region: str
    figures: Mapping[str, Decimal | Absent]

    @property
    def area(self) -> str:
        """Its region, London undivided."""
        return LONDON if self.region in _PARTS else self.region


@dataclass(frozen=True, slots=True)
class Census:
    """A year of the census.

    Attributes:
        year: the reporting year; figures are of its 30 September.
        authorities: who reports, in the order of the file.
    """

    year: str
    authorities: tuple[Authority, ...]

    def of_region(self, region: str) -> tuple[Authority, ...]:
        """Return the authorities of a region; London is Inner and Outer London.

        Raises:
            UnknownName: if there is no such region, with near matches.
        """
        found = [a for a in self.authorities if _alike(region, (a.region, a.area))]
        if not found:
            regions = [name for a in self.authorities for name in (a.region, a.area)]
            raise InputError([unknown("region", region, list(dict.fromkeys(regions)))])
        return tuple(found)

    def find(self, council: str) -> Authority:
        """Return an authority by its name or code.

        Raises:
            UnknownName: if there is none, with near matches.
        """
        for authority in self.authorities:
            if _alike(council, (authority.name, authority.code)):
                return authority
        names = [authority.name for authority in self.authorities]
        raise InputError([unknown("authority", council, names)])


def _alike(asked: str, names: Sequence[str]) -> bool:
    return asked.strip().casefold() in (name.casefold() for name in names)


def read_census(path: Path, year: str | None = None) -> Census:
    """Read a year of the census.

    Args:
        path: the published CSV.
        year: the reporting year, such as 2025; the last one in the file if left out.

    Raises:
        InputError: if the file is not in the published form, with every fault; or has no such year.
    """
    rows = list(_rows(path))
    years = sorted({row[_YEAR] for _, row in rows})
    wanted = year or years[-1]
    if wanted not in years:
        what = f"there is no reporting year {wanted} in it"
        mend = f"It has {years[0]} to {years[-1]}."
        raise InputError([Fault("unknown-year", what, mend, Place(str(path)))])
    faults: list[Fault] = []
    found: dict[str, Authority] = {}
    for line, row in rows:
        if row[_YEAR] == wanted:
            authority = _authority(row, Place(str(path), line), faults)
            if found.setdefault(authority.code, authority) != authority:
                what = f"{authority.name} stands twice in {wanted}, with other figures"
                faults.append(Fault("two-figures", what, "Take one out.", Place(str(path), line)))
    if faults:
        raise InputError(first_faults(faults))
    return Census(wanted, tuple(found.values()))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the authorities' rows of every year, each with its line."""
    reader = csv.DictReader(io.StringIO(read_text(path).removeprefix("\ufeff"), newline=""))
    needed = (_YEAR, _LEVEL, _REGION, _CODE, _NAME, *FIGURES)
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    mend = "Name the file of indicators, as the Department for Education publishes it."
    if missing:
        what = f"it has no column {', '.join(missing)}"
        raise InputError([Fault("not-the-census", what, mend, Place(str(path), 1))])
    any_row = False
    for row in reader:
        if row[_LEVEL] == _AUTHORITY:
            any_row = True
            yield reader.line_num, {key: row[key] or "" for key in needed}
    if not any_row:
        what = "it has no row of a local authority"
        raise InputError([Fault("not-the-census", what, mend, Place(str(path)))])


def _authority(row: Mapping[str, str], place: Place, faults: list[Fault]) -> Authority:
    """Read a row; what is neither a figure nor a code is a fault."""
    figures: dict[str, Decimal | Absent] = {}
    for column in FIGURES:
        text = row[column].strip()
        figures[column] = CODES.get(text, Absent.NOT_PRINTED)
        if text in CODES:
            continue
        try:
            figures[column] = figure = parse_decimal(text)
        except ValueError:
            what = f"{column} of {row[_NAME]} is {text!r}, no figure and no code"
            mend = f"Codes are {', '.join(CODES)}."
            faults.append(Fault("bad-value", what, mend, place))
            continue
        if figure < 0:
            faults.append(Fault("out-of-range", f"{column} is {text}", "Write 0 or more.", place))
    return Authority(row[_CODE], row[_NAME].strip(), row[_REGION].strip(), figures)
