"""The working workbook's sums of the ledger beside the plan's own, and what ceilings leave."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.plan import MoneyKind, MoneyTotal, Plan, fund_name
from staffopt.reporting.ceilings import limited_funds
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.book import Book, Cell, Input, Live, Page, Style, address
from staffopt.reporting.workbooks.ledger import Line, column
from staffopt.verifier.money import windows

TOTALS, CEILINGS = "Totals", "Ceilings"
FIRST = 4
_NAMES = ("sum of", "id", "name")
_COUNTED = {
    "fund": "fund",
    "role": "role",
    "package": "package",
    "managed team": "managed team",
    "new money": None,
    "today": "fund",
}
"""What is summed → the ledger's column that the id stands in; None where all lines are."""


def years_of(plan: Plan) -> list[str]:
    """Return the financial years planned, then the full year after."""
    return [window.year for window in windows(plan.question.instance.calendar)]


def write_totals(book: Book, plan: Plan, lines: Sequence[Line]) -> dict[tuple[str, str], int]:
    """Write sums by fund, role, package and managed team, of new money and of today's posts.

    Returns:
        (what is summed, its id) → the row where it stands.
    """
    page, years = book.sheet(TOTALS), years_of(plan)
    page.title(
        "Totals: sums of the ledger, beside those of the plan",
        "New money, but for the rows of what is paid today.",
    )
    told = {(t.of, t.name, t.year): t for t in plan.figures.totals if t.of in _COUNTED}
    keys = list(dict.fromkeys((of, name) for of, name, _ in told))
    for at, year in enumerate(years):
        for block in range(3):
            page.write(2, len(_NAMES) + block * len(years) + at, year_words(year), Style.SMALL)
    rows: list[list[Cell]] = []
    for row, (of, name) in enumerate(keys, FIRST):
        found = [told[of, name, year] for year in years]
        sums = [_sum(total, row, at, len(lines)) for at, total in enumerate(found)]
        gaps = [_gap(row, at, len(years)) for at in range(len(years))]
        planned = [total.amount.raw for total in found]
        rows.append([of, name, _name(plan, of, name), *sums, *planned, *gaps])
    blocks = ("{}, £", "{} in the plan, £", "{} difference, £")
    head = [*_NAMES, *(block.format(year_words(y)) for block in blocks for y in years)]
    styles = [*(Style.TEXT,) * len(_NAMES), *(Style.PENCE,) * (3 * len(years))]
    page.table(FIRST - 1, head, rows, styles, columns=len(_NAMES))
    return {key: row for row, key in enumerate(keys, FIRST)}


def cell_of(row: int, year: int, block: int, years: int) -> str:
    """Return where a total stands: block 0 the sum, 1 the plan's, 2 the difference."""
    return address(TOTALS, row, len(_NAMES) + block * years + year)


def _sum(total: MoneyTotal, row: int, year: int, lines: int) -> Live:
    """Sum the lines of one year that a total is of."""
    at = address(TOTALS, 2, len(_NAMES) + year)
    tests = [f"({column('year', lines)}={at})"]
    heading = _COUNTED[total.of]
    if heading is not None:
        tests.append(f"({column(heading, lines)}={address(TOTALS, row, 1)})")
    if total.of == "today":
        tests.append(f'({column("kind", lines)}="{MoneyKind.TODAY}")')
    else:
        tests.append(f'({column("new money", lines)}="yes")')
    return Live(f"SUMPRODUCT({'*'.join(tests)},{column('amount, £', lines)})", total.amount.raw)


def _gap(row: int, year: int, years: int) -> Live:
    here, plan = cell_of(row, year, 0, years), cell_of(row, year, 1, years)
    return Live(f"ROUND({here}-{plan},2)", Fraction(0))


def _name(plan: Plan, of: str, name: str) -> str:
    council = plan.question.instance
    if of in ("fund", "today"):
        return fund_name(plan.question, name)
    if of == "role":
        return plan.question.role_name(name)
    if of == "package":
        return council.packages[name].name
    return council.managed_teams[name].name if of == "managed team" else "all new money"


def write_ceilings(book: Book, plan: Plan, lines: Sequence[Line]) -> None:
    """Write what each fund is charged in a year, its ceiling, and what is left of it."""
    council = plan.question.instance
    limited = [
        (fund, year, ceiling)
        for fund in limited_funds(plan.question)
        for year in council.calendar.years
        if isinstance(ceiling := council.funds[fund].ceiling_in(year), Decimal)
    ]
    if not limited:
        return
    page = book.sheet(CEILINGS)
    page.title(
        "Ceilings, and what is left of them",
        "Today's posts are charged too; what cut posts save relaxes no ceiling.",
    )
    rows: list[list[Cell]] = [
        [year, fund, fund_name(plan.question, fund), Input(Fraction(ceiling)), charged, left]
        for row, (fund, year, ceiling) in enumerate(limited, FIRST)
        for charged, left in [_left(page, row, fund, year, ceiling, lines)]
    ]
    head = ("year", "fund", "fund name", "ceiling, £", "charged, £", "left, £")
    styles = (*(Style.TEXT,) * 3, *(Style.PENCE,) * 3)
    page.table(FIRST - 1, head, rows, styles, columns=3)


def _left(
    page: Page, row: int, fund: str, year: str, ceiling: Decimal, lines: Sequence[Line]
) -> tuple[Live, Live]:
    at = [address(page.name, row, n) for n in range(5)]
    count = len(lines)
    tests = (
        f"({column('year', count)}={at[0]})",
        f"({column('fund', count)}={at[1]})",
        f'({column("kind", count)}<>"{MoneyKind.SAVING}")',
    )
    spent = sum(
        (
            line.figure.amount.raw
            for line in lines
            if (line.figure.fund, line.figure.year) == (fund, year)
            and line.figure.kind is not MoneyKind.SAVING
            and line.figure.amount is not None
        ),
        Fraction(0),
    )
    charged = Live(f"SUMPRODUCT({'*'.join(tests)},{column('amount, £', count)})", spent)
    return charged, Live(f"{at[3]}-{at[4]}", Fraction(ceiling) - spent)
