"""Plans as a star schema of CSV files: what is named once, and figures that refer to it by key.

For Power BI and its like. Names of tables and columns are stable; keys are ids of the instance, and
``plan-`` with a plan's id.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from staffopt.errors import Fault, InputError, Place
from staffopt.plan import TODAY, Plan, fund_name, write_whole
from staffopt.quantity import round_half_up
from staffopt.question import NOT_NAMED
from staffopt.verifier.funds import fund_years

_DECIMALS = 6
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula, or skips before one."""

Row = tuple[str, ...]

COLUMNS: Mapping[str, Row] = {
    "options": ("plan", "instance", "option", "model", "scenario", "grade"),
    "teams": ("team", "name"),
    "roles": ("role", "name", "kind"),
    "periods": ("period", "start", "end"),
    "funds": ("fund", "name"),
    "packages": ("package", "name", "start", "end"),
    "managed_teams": ("managed_team", "name"),
    "staffing": ("plan", "team", "role", "period", "today_fte", "change_fte", "posts_fte"),
    "flows": (
        *("plan", "team", "role", "period", "opening_fte", "leavers_fte", "moved_out_fte"),
        *("progressed_out_fte", "progressed_in_fte", "moved_in_fte", "joined_fte"),
        *("in_post_fte", "able_fte"),
    ),
    "work": (
        *("plan", "team", "role", "period", "needed_fte", "able_fte", "overtime_fte", "spare_fte"),
    ),
    "people": (
        *("plan", "team", "role", "period", "decided_apart"),
        *("today_fte", "change_fte", "in_post_fte"),
    ),
    "places": ("plan", "person", "today_team", "team", "got"),
    "vacancies": (
        *("plan", "team", "kind", "period", "posts_fte", "in_post_fte", "agency_fte"),
        *("vacancies_fte", "vacancy_rate", "agency_rate"),
    ),
    "money": (
        *("plan", "fund", "year", "kind", "line", "team", "role", "package", "managed_team"),
        *("new_money", "known", "at_least", "pounds", "cost_centre"),
    ),
    "fund_years": (
        *("plan", "fund", "year", "ceiling", "carried_in", "spent", "carried_out", "reserve"),
    ),
    "caseloads": (
        *("plan", "of", "team", "period", "basis", "denominator"),
        *("cases", "fte", "average", "band"),
    ),
    "cases": ("plan", "team", "period", "held_by", "role", "cases", "fte", "average"),
    "packages_taken": ("plan", "package", "taken", "fte"),
    "managed_teams_bought": (
        *("plan", "managed_team", "start", "end", "extension_months", "agree_by", "teams"),
        "there_already",
    ),
}
"""The columns of each table; those of what is named begin with its key."""

_NAMED = ("options", "teams", "roles", "periods", "funds", "packages", "managed_teams")


def star(plans: Sequence[Plan]) -> dict[str, list[Row]]:
    """Return table → rows of text, in the order of ``COLUMNS``; a plan given twice counts once.

    FTE, cases and pounds are written to six decimals, so that sums tie to the penny.

    Raises:
        InputError: if one key means different things in two plans, with every such key.
    """
    own = {plan.id: plan for plan in plans}
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for plan in own.values():
        for name, rows in {**_named(plan), **_figures(plan), **_decided(plan)}.items():
            tables[name] += rows
    for name in _NAMED:
        tables[name] = list(dict.fromkeys(tables[name]))
    faults = [fault for name in _NAMED for fault in _ambiguous(name, tables[name])]
    if faults:
        raise InputError(faults)
    return tables


def write_star(plans: Sequence[Plan], folder: Path) -> list[Path]:
    """Write one CSV file a table into a folder, which is made if it is not there.

    Raises:
        InputError: as :func:`star` does.
        OSError: if the place cannot be written.
    """
    tables = star(plans)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        write_whole(folder / f"{name}.csv", csv_text([COLUMNS[name], *rows]))
        for name, rows in tables.items()
    ]


def csv_text(rows: Sequence[Row]) -> str:
    """Write rows as CSV; text that a spreadsheet would run as a formula begins with ``'``."""
    file = io.StringIO()
    # Its own line ends, CR LF, are what makes the writer quote either where a text holds it.
    csv.writer(file).writerows([[_dead(cell) for cell in row] for row in rows])
    return file.getvalue()


def _dead(cell: str) -> str:
    """Leave figures as they are, below zero too."""
    if not cell.lstrip().startswith(_LIVE) and not cell.startswith(_LIVE):
        return cell
    return cell if cell.removeprefix("-").replace(".", "", 1).isdecimal() else f"'{cell}"


def _ambiguous(name: str, rows: Sequence[Row]) -> list[Fault]:
    """Find the keys that stand in several rows."""
    keys = [row[0] for row in rows]
    mend = "Report the plans of each council, as it stands, apart."
    return [
        Fault(
            "report-key",
            f"{key!r} means different things in the plans",
            mend,
            Place(file=f"{name}.csv"),
        )
        for key in dict.fromkeys(keys)
        if keys.count(key) > 1
    ]


def _named(plan: Plan) -> dict[str, list[Row]]:
    """Name the plan, and what its figures refer to."""
    asked, council = plan.question, plan.question.instance
    option = (asked.option or "", asked.model, asked.scenario or "", str(plan.grade))
    periods = [(p.label, str(p.start), str(p.end)) for p in council.calendar.cut()]
    charged = {line.fund for line in plan.figures.money if line.fund == NOT_NAMED}
    return {
        "options": [(_key(plan), council.instance, *option)],
        "teams": [(team, record.name) for team, record in council.teams.items()],
        "roles": [(r, asked.role_name(r), str(o.kind)) for r, o in council.roles.items()],
        "periods": [(TODAY, "", ""), *periods],
        "funds": [(fund, fund_name(asked, fund)) for fund in [*council.funds, *charged]],
        "packages": [
            (package, record.name, str(record.start), str(record.start + (record.months - 1)))
            for package, record in council.packages.items()
        ],
        "managed_teams": [(name, team.name) for name, team in council.managed_teams.items()],
    }


def _figures(plan: Plan) -> dict[str, list[Row]]:
    """Write out the figures of posts, the ledger and caseloads."""
    key, teams = _key(plan), plan.question.instance.teams
    return {
        "staffing": [
            (key, f.team, f.role, f.period, _text(f.today), _text(f.change), _text(f.posts))
            for f in plan.figures.posts
        ],
        "flows": [
            (
                *(key, f.team, f.role, f.period, _text(f.opening), _text(f.leavers)),
                *(_text(f.moved_out), _text(f.progressed_out), _text(f.progressed_in)),
                *(_text(f.moved_in), _text(f.joined), _text(f.in_post), _text(f.able)),
            )
            for f in plan.figures.flows
        ],
        "work": [
            (
                *(key, f.team, f.role, f.period, _text(f.needed), _text(f.able)),
                *(_text(f.overtime), _text(f.spare)),
            )
            for f in plan.figures.work
        ],
        "money": [
            (
                *(key, f.fund, f.year, f.kind.value, f.line, f.team or "", f.role or ""),
                *(f.package or "", f.managed_team or "", _yes(said=f.is_new)),
                _yes(said=f.amount is not None),
                _yes(said=f.amount is None or f.amount.at_least),
                _text(f.amount.raw if f.amount else None),
                f.cost_centre or "",
            )
            for f in plan.figures.money
        ],
        "fund_years": [
            (
                *(key, y.fund, y.year, _text(y.ceiling), _text(y.carried_in), _text(y.spent)),
                *(_text(y.carried_out), _text(y.balance)),
            )
            for y in fund_years(plan.question, plan.figures.money)
        ],
        "caseloads": [
            (
                *(key, f.of, f.of if f.of in teams else "", f.period, f.basis),
                *(str(f.denominator), _text(f.cases), _text(f.fte), _text(f.average)),
                f.band or "",
            )
            for f in plan.figures.caseloads
        ],
    }


def _decided(plan: Plan) -> dict[str, list[Row]]:
    """Write out people, who holds cases, packages and managed teams, where a plan has them."""
    key, figures = _key(plan), plan.figures
    return {
        "people": [
            (
                *(key, f.team, f.role, f.period, _yes(said=f.apart)),
                *(_text(f.today), _text(f.change), _text(f.in_post)),
            )
            for f in figures.people
        ],
        "places": [
            (key, f.person, f.today, f.team or "", str(f.got).replace(" ", "_"))
            for f in figures.places
        ],
        "vacancies": [
            (
                *(key, f.team or "", str(f.kind), f.period, _text(f.posts), _text(f.in_post)),
                *(_text(f.agency), _text(f.vacancies)),
                *(_text(f.vacancy_rate), _text(f.agency_rate)),
            )
            for f in figures.vacancies
        ],
        "cases": [
            (
                *(key, f.team, f.period, f.held_by.replace(" ", "_"), f.role or ""),
                *(_text(f.cases), _text(f.fte), _text(f.average)),
            )
            for f in figures.cases
        ],
        "packages_taken": [
            (key, f.package, _yes(said=f.taken), _text(f.fte)) for f in figures.packages
        ],
        "managed_teams_bought": [
            (
                *(key, f.managed_team, str(f.start), str(f.end), str(f.extension)),
                *(str(f.agree_by or ""), str(f.teams), _yes(said=f.there)),
            )
            for f in figures.managed_teams
        ],
    }


def _key(plan: Plan) -> str:
    return f"plan-{plan.id}"


def _yes(*, said: bool) -> str:
    return "yes" if said else "no"


def _text(value: Fraction | None) -> str:
    """Write a figure without a thousands separator; empty where it is not known."""
    return "" if value is None else f"{round_half_up(value, _DECIMALS):f}"
