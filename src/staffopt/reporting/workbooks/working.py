"""The working workbook: for finance, who change a figure and see what follows.

Every cost is a formula of posts and unit costs, and every sum a formula of costs. What the plan
says stands beside it as a figure, with the difference, so that it ties to the penny or shows that
it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from staffopt.instance.sources import Assumption
from staffopt.plan import Plan, write_whole
from staffopt.question import ALL
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.beside import write_beside
from staffopt.reporting.workbooks.book import Book, Cell, Live, Page, Style, Told, address
from staffopt.reporting.workbooks.graphs import write_graphs
from staffopt.reporting.workbooks.ledger import Line, write_ledger
from staffopt.reporting.workbooks.staffing import write_staffing
from staffopt.reporting.workbooks.sums import cell_of, write_ceilings, write_totals, years_of

SUMMARY, CASELOADS, ASSUMPTIONS = "Summary", "Caseloads", "Assumptions"
FIRST = 4


def write_working(plans: Sequence[Plan], place: Path) -> list[Path]:
    """Write the working workbook of each plan: to the place named, or beside it by its id.

    Raises:
        InputError: if XlsxWriter is not installed.
        OSError: if the place cannot be written.
    """
    return [write_whole(path, working_book(plan)) for path, plan in places(plans, place)]


def places(plans: Sequence[Plan], place: Path) -> list[tuple[Path, Plan]]:
    """Say where the workbook of each plan goes: of one to the place named, of several beside it.

    Each of several is called by its plan's id; a plan given twice counts once.
    """
    own = {plan.id: plan for plan in plans}
    if len(own) == 1:
        return [(place, plan) for plan in own.values()]
    return [
        (place.with_name(f"{place.stem}-{name}{place.suffix}"), plan) for name, plan in own.items()
    ]


def working_book(plan: Plan) -> bytes:
    """Make the working workbook of a plan.

    Raises:
        InputError: if XlsxWriter is not installed.
    """
    book = Book(plan.question.instance.title)
    summary, graphs = book.sheet(SUMMARY), book.sheet("Charts")
    grid = write_staffing(book, plan)
    write_beside(book, plan, grid)
    lines = write_ledger(book, plan, grid)
    rows = write_totals(book, plan, lines)
    write_ceilings(book, plan, lines)
    _write_caseloads(book, plan)
    _write_assumptions(book, plan)
    write_graphs(graphs, plan, grid, rows)
    _write_summary(summary, plan, lines, rows.get(("new money", ALL)))
    return book.bytes()


def _write_summary(page: Page, plan: Plan, lines: Sequence[Line], row: int | None) -> None:
    """Say what the workbook is of, and whether it ties to the plan, year by year."""
    council, asked = plan.question.instance, plan.question
    page.title(council.title)
    words = (
        ("council", council.paper.council if council.paper else council.instance),
        ("option", asked.option or "none named"),
        ("model", asked.model),
        ("scenario", asked.scenario or "none"),
        ("plan", plan.id),
        ("grade of the plan", str(plan.grade)),
        ("made by", plan.provenance.engine),
        ("made again by", plan.provenance.command),
    )
    for at, (name, told) in enumerate(words, 1):
        page.write(at, 0, name, Style.BOLD)
        page.write(at, 1, told)
    first = len(words) + 3
    page.write(first - 1, 0, "Control total: new money, £", Style.BOLD)
    page.row(first, ("year", "in this workbook", "in the plan", "difference", ""), Style.HEAD)
    for at, year in enumerate(years_of(plan)):
        page.row(first + 1 + at, _control(plan, page, year, at, (row, first + 1 + at)), _CONTROL)
    notes = [*_NOTES, *_not_followed(lines)]
    for at, note in enumerate(notes, first + len(years_of(plan)) + 2):
        page.write(at, 0, note)
    page.sheet.set_column(0, 0, 26)
    page.sheet.set_column(1, 4, 20)
    page.sheet.activate()


_CONTROL = (Style.TEXT, Style.PENCE, Style.PENCE, Style.PENCE, Style.BOLD)
_NOTES = (
    "Shaded figures may be changed: posts added, unit costs, months, ceilings. All else follows.",
    "A change makes another plan, which nobody has checked against the rules: solve it again.",
    "Unknown costs are left out of sums. Caseloads are as in the plan and do not follow.",
)


def _control(
    plan: Plan, page: Page, year: str, at: int, rows: tuple[int | None, int]
) -> list[Cell]:
    """Write the control total of a year: what the formulas come to beside what the plan says."""
    total, row = rows
    if total is None:
        return [year_words(year), Fraction(0), Fraction(0), Fraction(0), "nothing new is spent"]
    here, planned, left = (cell_of(total, at, b, len(years_of(plan))) for b in range(3))
    raw = next(t.amount.raw for t in plan.figures.totals if (t.of, t.year) == ("new money", year))
    difference = address(page.name, row, 3)
    return [
        *(year_words(year), Live(here, raw), Live(planned, raw), Live(left, Fraction(0))),
        Told(f'IF(ABS({difference})<0.005,"ties","does not tie")', "ties"),
    ]


def _not_followed(lines: Sequence[Line]) -> list[str]:
    """Say how many costs are as the plan has them, whatever is changed."""
    fixed = sum(not line.follows for line in lines)
    if not fixed:
        return []
    return [f"{fixed} of {len(lines)} costs are as in the plan, whatever is changed: see Ledger."]


def _write_caseloads(book: Book, plan: Plan) -> None:
    """Write the averages, each as cases by FTE."""
    page, teams = book.sheet(CASELOADS), plan.question.instance.teams
    page.title(
        "Average caseloads",
        "reported: all cases; effective: with the time counted that support officers release.",
    )
    rows: list[list[Cell]] = []
    for row, figure in enumerate(plan.figures.caseloads, FIRST):
        cases, fte = (address(CASELOADS, row, at) for at in (5, 6))
        average = Live(f"{cases}/{fte}", figure.average) if figure.average is not None else None
        name = teams[figure.of].name if figure.of in teams else figure.of
        rows.append(
            [
                *(figure.of, name, figure.period, figure.basis, str(figure.denominator)),
                *(figure.cases, figure.fte, average, figure.band or ""),
            ]
        )
    head = (
        *("team or group", "name", "period", "basis", "cases by"),
        *("cases", "FTE", "cases per FTE", "band"),
    )
    styles = (*(Style.TEXT,) * 5, *(Style.FTE,) * 3, Style.TEXT)
    page.table(FIRST - 1, head, rows, styles, columns=2)


def _write_assumptions(book: Book, plan: Plan) -> None:
    """Write what is assumed, why, on what it rests, who answers for it and how good it is."""
    page = book.sheet(ASSUMPTIONS)
    page.title("Assumptions: figures that no paper prints")
    rows: list[list[Cell]] = []
    for path, told in plan.question.instance.assumptions.items():
        one = Assumption(reason=told) if isinstance(told, str) else told
        more = (one.source, one.owner, one.quality, one.reviewed)
        rows.append([path, one.reason, *("" if words is None else str(words) for words in more)])
    head = ("path", "reason", "rests on", "owner", "quality", "reviewed")
    page.table(FIRST - 1, head, rows, (Style.TEXT, *(Style.WRAPPED,) * 5), columns=1)
