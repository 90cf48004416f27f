"""The table of caseloads: today, in the plan, and with released time counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.bands import Bands
from staffopt.instance.staff import RoleKind
from staffopt.plan import TODAY, CaseloadFigure, Figures, Plan
from staffopt.question import Question
from staffopt.reporting.tables import WIDTH, table
from staffopt.reporting.words import NOTHING, fte, kind_words, scope_words, thousands
from staffopt.rulebook import Denominator

_EXACT_DECIMALS = 2
RELEASED = "with time released (a)"
"""The heading of averages that count released time; the mark refers to a footnote."""

OTHERS = "the others (b)"
"""The heading of averages of those without a protected caseload; the mark refers to a footnote."""
PER = {
    Denominator.POSTS: "per post",
    Denominator.IN_POST: "per FTE in post",
    Denominator.CASE_HOLDERS: "per FTE holding cases",
    Denominator.ADJUSTED: "per adjusted FTE",
}
"""What an average is per."""


@dataclass(frozen=True, slots=True)
class Column:
    """One pair of columns: the averages of a basis in a period, and their bands."""

    heading: str
    basis: str
    period: str
    denominator: Denominator | None = Denominator.POSTS
    """None: whatever the figures of that basis are per."""


def plan_caseloads(plan: Plan) -> list[str]:
    """Show every team's caseload today and in the plan's last period."""
    return caseload_table(plan.question, plan.figures, _columns_of(plan))


def caseload_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of that table, however wide it is."""
    columns = _columns_of(plan)
    return _grid(plan.question, plan.figures, columns) if columns else ([], [])


def _columns_of(plan: Plan) -> list[Column]:
    last = plan.last_period
    columns = [
        Column("today", "reported", TODAY),
        Column("plan", "reported", last),
        Column(f"estimate {RELEASED}", "effective", last),
        *_of_other_denominators(plan.figures, last),
        Column(f"plan, {OTHERS}", "others", last, None),
    ]
    return _telling(plan.figures, columns)


def today_caseloads(question: Question, figures: Figures) -> list[str]:
    """Show every team's caseload today."""
    columns = [
        Column("today", "reported", TODAY),
        *_of_other_denominators(figures),
        Column(f"today, {OTHERS}", "others", TODAY, None),
    ]
    shown = _telling(figures, columns)
    note = [others_note(figures)] if any(column.basis == "others" for column in shown) else []
    return [*caseload_table(question, figures, shown), *note]


def others_note(figures: Figures) -> str:
    """Say whose average stands under the others, and what it rests on."""
    if figures.cases:
        return (
            "(b) Social workers without a protected caseload, by the cases they hold in the plan."
        )
    if figures.managed_teams:
        full = "capped workers and managed teams are full"
    else:
        full = "capped workers hold their full cap"
    return f"(b) Social workers without a protected caseload, if {full}."


def _of_other_denominators(figures: Figures, last: str | None = None) -> list[Column]:
    """Make the columns of averages that are not per post, for today and for the plan."""
    named = {figure.denominator for figure in figures.caseloads if figure.basis != "others"}
    columns = []
    for counted in Denominator:
        if counted in named - {Denominator.POSTS}:
            per = PER[counted]
            columns.append(Column(f"today, {per}", "reported", TODAY, counted))
            if last is not None:
                columns.append(Column(f"plan, {per}", "reported", last, counted))
                heading = f"estimate {RELEASED}, {per}"
                columns.append(Column(heading, "effective", last, counted))
    return columns


def _telling(figures: Figures, columns: Sequence[Column]) -> list[Column]:
    """Leave out the columns that have no figures, or only those of the first column again."""
    first = averages(figures, columns[0])
    shown = [column for column in columns[1:] if averages(figures, column) not in ({}, first)]
    return [columns[0], *shown] if first else shown


def averages(figures: Figures, column: Column) -> dict[str, Fraction | None]:
    """Return team or scope → exact average of a basis in a period."""
    return {of: figure.average for of, figure in _figures(figures, column).items()}


def _figures(figures: Figures, column: Column) -> dict[str, CaseloadFigure]:
    return {
        figure.of: figure
        for figure in figures.caseloads
        if (figure.basis, figure.period) == (column.basis, column.period)
        and column.denominator in (None, figure.denominator)
    }


def caseload_table(question: Question, figures: Figures, columns: Sequence[Column]) -> list[str]:
    """Align the pairs of columns, in as many tables as the report's width asks for."""
    if not columns:
        return []
    lines = _one_table(question, figures, columns)
    if len(columns) == 1 or max(map(len, lines)) <= WIDTH:
        return lines
    first, *rest = columns
    return [
        *caseload_table(question, figures, (first, *rest[:-1])),
        "",
        *caseload_table(question, figures, rest[-1:]),
    ]


def _one_table(question: Question, figures: Figures, columns: Sequence[Column]) -> list[str]:
    head, rows = _grid(question, figures, columns)
    banded = question.instance.bands is not None
    return table(head, rows, (0, *range(2, len(head), 2)) if banded else (0,))


def _grid(
    question: Question, figures: Figures, columns: Sequence[Column]
) -> tuple[list[str], list[list[str]]]:
    bands = question.instance.bands
    names = list(dict.fromkeys(of for column in columns for of in _figures(figures, column)))
    head = [heading(question)]
    for column in columns:
        head += [column.heading, "band"] if bands is not None else [column.heading]
    rows = []
    for name in names:
        row = [_name(question, name)]
        for column in columns:
            figure = _figures(figures, column).get(name)
            row.append(average_words(figure, bands))
            if bands is not None:
                row.append((figure.band if figure else None) or NOTHING)
        rows.append(row)
    return head, rows


def heading(question: Question) -> str:
    """Say what the averages are per: the one role that holds cases, or every holder."""
    return f"Cases per {kind_words(question, RoleKind.CASE_HOLDER)}"


def _name(question: Question, of: str) -> str:
    if of in question.instance.teams:
        return question.instance.teams[of].name
    return f"{scope_words(question, of)} (pooled)".capitalize()


def average_words(figure: CaseloadFigure | None, bands: Bands | None) -> str:
    """Write an average, and as the council prints it: ``25.75 (26)``."""
    if figure is None or figure.average is None:
        return NOTHING
    exact = thousands(figure.average, _EXACT_DECIMALS)
    if bands is None or bands.round_average is None:
        return exact
    printed = bands.printed(figure.average)
    decimals = bands.round_average.decimals
    return f"{exact} ({thousands(Decimal(str(printed)), decimals)})"


def cases_table(plan: Plan) -> list[str]:
    """Show who holds how many cases in the plan's last period, where a rule splits them."""
    head, rows = cases_rows(plan)
    return table(head, rows, left=(0, 1)) if rows else []


def cases_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of that table."""
    lines = [line for line in plan.figures.cases if line.period == plan.last_period]
    rows = [
        [
            plan.question.instance.teams[line.team].name,
            line.held_by if line.role is None else plan.question.role_name(line.role),
            thousands(line.cases, 0 if line.cases.denominator == 1 else _EXACT_DECIMALS),
            NOTHING if line.fte is None else fte(line.fte),
            NOTHING if line.average is None else thousands(line.average, _EXACT_DECIMALS),
        ]
        for line in lines
    ]
    return ["Cases held", "by", "cases", "FTE in post", "each"], rows
