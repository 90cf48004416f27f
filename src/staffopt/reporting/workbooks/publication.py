"""The publication workbook: tables that anybody can read, by ear too.

As the UK government's Analysis Function asks of published spreadsheets ("Releasing statistics in
spreadsheets"): a cover, a table of contents and a sheet of notes; one table a sheet, named, from a
single row of headings with the unit in each; the title in A1; no merged or blank cells within a
table, no hidden sheets, no frozen panes; figures as numbers, and a marked word where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from staffopt.instance.sources import Assumption
from staffopt.plan import Plan, Verdict, fund_name, write_whole
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.book import Book, Cell, Page, Style
from staffopt.reporting.workbooks.sums import years_of
from staffopt.reporting.workbooks.working import places

COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
NOT_KNOWN, NONE_APPLIES = "[x]", "[z]"
"""How a figure is marked that is not known, and one that does not apply."""

_WIDE = 90


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is published on a sheet of its own.

    Attributes:
        name: of the sheet and of the table.
        title: what it shows.
        head: headings, each with its unit; no two are alike.
        rows: cells; none is empty.
        styles: how each column looks.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: list[list[Cell]]
    styles: tuple[Style, ...]


def write_publication(plans: Sequence[Plan], place: Path) -> list[Path]:
    """Write the publication workbook of each plan, as :func:`write_working` does the working one.

    Raises:
        InputError: if XlsxWriter is not installed.
        OSError: if the place cannot be written.
    """
    return [write_whole(path, publication_book(plan)) for path, plan in places(plans, place)]


def publication_book(plan: Plan) -> bytes:
    """Make the publication workbook of a plan.

    Raises:
        InputError: if XlsxWriter is not installed.
    """
    book = Book(plan.question.instance.title)
    tables = [table for make in _TABLES if (table := make(plan)).rows]
    _write_cover(book.sheet(COVER), plan)
    _write_contents(book.sheet(CONTENTS), tables)
    _write_notes(book.sheet(NOTES), plan)
    for table in tables:
        _write_table(book.sheet(table.name), table)
    return book.bytes()


def _write_cover(page: Page, plan: Plan) -> None:
    council = plan.question.instance
    said = (
        _council(plan),
        f"Plan {plan.id} for the option {plan.question.option or 'that was asked'}.",
        f"Made by {plan.provenance.engine}, graded {plan.grade}.",
        "Money is in pounds as the plan has it, not rounded but in how it is shown.",
        f"Where a figure is not known there is {NOT_KNOWN}; where none applies, {NONE_APPLIES}.",
        f"The sheet {CONTENTS} lists the tables, the sheet {NOTES} explains what they count.",
    )
    page.title(council.title)
    for at, words in enumerate(said, 1):
        page.write(at, 0, words, Style.WRAPPED)
    page.sheet.set_column(0, 0, _WIDE)
    page.sheet.activate()


def _council(plan: Plan) -> str:
    paper = plan.question.instance.paper
    return f"{paper.council}, paper of {paper.date}." if paper else plan.question.instance.instance


def _write_contents(page: Page, tables: Sequence[Table]) -> None:
    """List the sheets, each with a link."""
    page.title("Table of contents", "This sheet contains one table.")
    rows = [(NOTES, "Notes"), *((table.name, table.title) for table in tables)]
    _as_table(page, ("Sheet", "What it shows"), [list(row) for row in rows], (Style.TEXT,) * 2)
    for at, (name, _) in enumerate(rows, _FIRST + 1):
        page.sheet.write_url(at, 0, f"internal:'{name}'!A1", page.book.style(Style.TEXT), name)


def _write_notes(page: Page, plan: Plan) -> None:
    """Explain what is counted, and what is assumed."""
    page.title("Notes", "This sheet contains one table.")
    counted: list[list[Cell]] = [[f"note {n}", words] for n, words in enumerate(_COUNTED, 1)]
    assumed = plan.question.instance.assumptions.items()
    for number, (path, told) in enumerate(assumed, len(counted) + 1):
        source = told.source if isinstance(told, Assumption) else None
        rests = f" Rests on: {source}." if source else ""
        counted.append([f"note {number}", f"Assumed: {path}: {told}.{rests}"])
    _as_table(page, ("Note", "What it says"), counted, (Style.TEXT, Style.WRAPPED))


_COUNTED = (
    "FTE is full-time equivalent. Posts are funded, whether filled or not.",
    "A financial year runs from 1 April to 31 March; the full year after comes on top of none.",
    "New money is what is paid beyond posts of today.",
    "A reported caseload is all cases by FTE; what they are divided by stands in each row.",
    "An effective caseload counts the time that support officers release for social workers.",
)

_FIRST = 2
"""The row of a table's headings."""


def _as_table(
    page: Page, head: Sequence[str], rows: Sequence[Sequence[Cell]], styles: Sequence[Style]
) -> None:
    """Write a table of the spreadsheet's own kind, so that it is announced as one."""
    page.row(_FIRST, head, Style.HEAD)
    for at, cells in enumerate(rows, _FIRST + 1):
        page.row(at, cells, styles)
    page.widths(_FIRST, [head, *rows])
    header = page.book.style(Style.HEAD)
    page.sheet.add_table(
        *(_FIRST, 0, _FIRST + len(rows), len(head) - 1),
        {
            "name": f"table_{page.name.lower()}",
            "columns": [{"header": words, "header_format": header} for words in head],
            "autofilter": False,
            "style": "Table Style Light 1",
            "banded_rows": False,
        },
    )


def _write_table(page: Page, table: Table) -> None:
    page.title(table.title, f"This sheet contains one table. The sheet {NOTES} explains it.")
    _as_table(page, table.head, table.rows, table.styles)


def _posts(plan: Plan) -> Table:
    question = plan.question
    rows: list[list[Cell]] = [
        [
            question.instance.teams[f.team].name,
            question.role_name(f.role),
            f.period,
            *(f.today, f.change, f.posts),
        ]
        for f in plan.figures.posts
    ]
    head = ("Team", "Role", "Period", "Posts today (FTE)", "Added (FTE)", "Posts (FTE)")
    return Table("Posts", "Funded posts by team, role and period [note 1]", head, rows, _FTE)


_FTE = (*(Style.TEXT,) * 3, *(Style.FTE,) * 3)


def _money(plan: Plan) -> Table:
    years = years_of(plan)
    told = {(t.of, t.name, t.year): t.amount for t in plan.figures.totals}
    rows: list[list[Cell]] = []
    for of, name in dict.fromkeys((of, name) for of, name, _ in told):
        if of in ("fund", "new money"):
            label = fund_name(plan.question, name) if of == "fund" else "All new money"
            amounts = [told[of, name, year] for year in years]
            rows.append([label, *(amount.raw for amount in amounts)])
            if any(amount.at_least for amount in amounts):
                rows[-1][0] = f"{label} (at least: a cost is not known)"
    head = ("Fund", *(f"{year_words(year).capitalize()} (£)" for year in years))
    styles = (Style.TEXT, *(Style.PENCE,) * len(years))
    return Table("Money", "New money by fund and financial year [notes 2, 3]", head, rows, styles)


def _ledger(plan: Plan) -> Table:
    teams, question = plan.question.instance.teams, plan.question
    rows: list[list[Cell]] = [
        [
            year_words(f.year),
            fund_name(question, f.fund),
            f.line,
            teams[f.team].name if f.team else NONE_APPLIES,
            f.kind.value.replace("_", "-"),
            f.amount.raw if f.amount else NOT_KNOWN,
        ]
        for f in plan.figures.money
        if f.is_new
    ]
    head = ("Year", "Fund", "What is paid for", "Team", "Kind", "Amount (£)")
    styles = (*(Style.TEXT,) * 5, Style.PENCE)
    return Table("Ledger", "New money line by line [notes 2, 3]", head, rows, styles)


def _caseloads(plan: Plan) -> Table:
    teams = plan.question.instance.teams
    rows: list[list[Cell]] = [
        [
            *(teams[f.of].name if f.of in teams else f.of, f.period, f.basis),
            *(str(f.denominator).replace("_", " "), f.cases, f.fte),
            f.average if f.average is not None else NONE_APPLIES,
            f.band or NONE_APPLIES,
        ]
        for f in plan.figures.caseloads
    ]
    head = (
        *("Team or group", "Period", "Basis", "Cases divided by"),
        *("Cases (weighted cases)", "Divided by (FTE)", "Caseload (cases per FTE)", "Band"),
    )
    styles = (*(Style.TEXT,) * 4, *(Style.FTE,) * 3, Style.TEXT)
    return Table("Caseloads", "Average caseloads [notes 4, 5]", head, rows, styles)


def _people(plan: Plan) -> Table:
    question = plan.question
    rows: list[list[Cell]] = [
        [
            question.instance.teams[f.team].name,
            question.role_name(f.role),
            f.period,
            *(f.today, f.change, f.in_post),
        ]
        for f in plan.figures.people
    ]
    head = ("Team", "Role", "Period", "In post today (FTE)", "Added (FTE)", "In post (FTE)")
    return Table("People", "People in post by team, role and period [note 1]", head, rows, _FTE)


def _vacancies(plan: Plan) -> Table:
    teams = plan.question.instance.teams
    rows: list[list[Cell]] = [
        [
            teams[f.team].name if f.team else "All teams",
            str(f.kind).replace("_", " "),
            f.period,
            *(f.posts, f.in_post, f.agency, f.vacancies),
            *(_rate(f.vacancy_rate), _rate(f.agency_rate)),
        ]
        for f in plan.figures.vacancies
    ]
    head = (
        *("Team", "Kind of role", "Period", "Posts (FTE)", "In post (FTE)", "Agency (FTE)"),
        *("Vacancies (FTE)", "Vacancy rate (%)", "Agency rate (%)"),
    )
    styles = (*(Style.TEXT,) * 3, *(Style.FTE,) * 4, *(Style.SHARE,) * 2)
    return Table("Vacancies", "Vacancies and agency staff [note 1]", head, rows, styles)


def _rate(value: Fraction | None) -> Cell:
    return value if value is not None else NONE_APPLIES


def _rules(plan: Plan) -> Table:
    teams = plan.question.instance.teams
    rows: list[list[Cell]] = [
        [
            f.rule,
            teams[f.team].name if f.team else NONE_APPLIES,
            f.period or NONE_APPLIES,
            str(Verdict(f.verdict)),
            f.words,
        ]
        for f in plan.findings
    ]
    head = ("Rule", "Team", "Period", "Verdict", "What holds")
    styles = (*(Style.TEXT,) * 4, Style.WRAPPED)
    return Table("Rules", "Whether each rule is met", head, rows, styles)


_TABLES: tuple[Callable[[Plan], Table], ...] = (
    *(_posts, _people, _vacancies, _caseloads, _money, _ledger, _rules),
)
