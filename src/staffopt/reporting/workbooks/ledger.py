"""The working workbook's ledger: every cost as a quantity times a unit cost, by formula.

A quantity follows from what is decided; its unit cost is what the plan charges, divided by it. A
line whose quantity is not known is shown as the plan has it, and says so. So every line comes to
what the plan says, and follows a change of posts wherever that can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from staffopt.plan import MoneyFigure, MoneyKind, Plan, fund_name
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.book import Book, Cell, Input, Live, Style, address
from staffopt.reporting.workbooks.quantities import Quantity, quantity_of
from staffopt.reporting.workbooks.staffing import Grid

LEDGER, COSTS = "Ledger", "Unit costs"
FIRST = 4
"""The row of the first line, in both sheets; rows and columns count from 0."""

_NOT_MONEY = (MoneyKind.PENALTY, MoneyKind.PRICE)
"""What weighs in goals and is no money: it stands in no ledger of pounds."""

_COLUMNS: Mapping[str, Style] = {
    "year": Style.TEXT,
    "fund": Style.TEXT,
    "fund name": Style.TEXT,
    "kind": Style.TEXT,
    "new money": Style.TEXT,
    "line": Style.TEXT,
    "team": Style.TEXT,
    "role": Style.TEXT,
    "package": Style.TEXT,
    "managed team": Style.TEXT,
    "quantity": Style.FTE,
    "what it counts": Style.TEXT,
    "unit cost, £": Style.PENCE,
    "of what": Style.TEXT,
    "amount, £": Style.PENCE,
    "in the plan, £": Style.PENCE,
    "difference, £": Style.PENCE,
    "follows from": Style.TEXT,
}
_AT = {heading: column for column, heading in enumerate(_COLUMNS)}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger.

    Attributes:
        figure: as the plan has it.
        quantity: how much is paid for.
        price: what one of it costs, pounds; None where that is not known.
        follows: whether it follows a change of what is decided.
    """

    figure: MoneyFigure
    quantity: Quantity
    price: Fraction | None
    follows: bool


def column(heading: str, lines: int) -> str:
    """Return the range of a column of the ledger, for sums over its lines."""
    last = FIRST + max(lines, 1) - 1
    first, end = (address(LEDGER, row, _AT[heading]) for row in (FIRST, last))
    return f"{first}:{end.split('!')[1]}"


def write_ledger(book: Book, plan: Plan, grid: Grid) -> list[Line]:
    """Write the sheets of unit costs and of the ledger, and return the lines."""
    lines = [_line(plan, grid, f) for f in plan.figures.money if f.kind not in _NOT_MONEY]
    prices = _write_costs(book, lines)
    page = book.sheet(LEDGER)
    page.title(
        "Ledger: every cost as a quantity times a unit cost",
        "Sum one year, or the full year after, at a time.",
    )
    rows = [_cells(plan, line, prices.get(at, ""), FIRST + at) for at, line in enumerate(lines)]
    page.table(FIRST - 1, list(_COLUMNS), rows, list(_COLUMNS.values()), columns=2)
    return lines


def _line(plan: Plan, grid: Grid, figure: MoneyFigure) -> Line:
    """Find a line's quantity and unit cost; without a quantity it is one, at the whole amount."""
    raw = figure.amount.raw if figure.amount else None
    quantity = quantity_of(plan, grid, figure)
    if quantity is not None and quantity.live.value:
        price = None if raw is None else raw / quantity.live.value
        return Line(figure, quantity, price, follows=True)
    return Line(figure, Quantity(Live("1", Fraction(1)), "", figure.line), raw, follows=False)


def _cells(plan: Plan, line: Line, price: str, row: int) -> list[Cell]:
    figure, quantity = line.figure, line.quantity
    here = {heading: address(LEDGER, row, at).split("!")[1] for heading, at in _AT.items()}
    money: list[Cell] = ["not known", None, None, None]
    unit_cost: Cell = None
    if figure.amount is not None and line.price is not None:
        unit_cost = Live(price, line.price)
        amount = Live(f"{here['quantity']}*{here['unit cost, £']}", figure.amount.raw)
        left = f"ROUND({here['amount, £']}-{here['in the plan, £']},2)"
        money = [quantity.price, amount, figure.amount.raw, Live(left, Fraction(0))]
    return [
        *(year_words(figure.year), figure.fund, fund_name(plan.question, figure.fund)),
        *(figure.kind.value, "yes" if figure.is_new else "no", figure.line),
        *(figure.team or "", figure.role or "", figure.package or "", figure.managed_team or ""),
        *(quantity.live, quantity.unit, unit_cost, *money),
        "what is decided" if line.follows else "nothing: as in the plan",
    ]


def _write_costs(book: Book, lines: Sequence[Line]) -> dict[int, str]:
    """Write unit costs, and return the address of each line's by its number."""
    page, places = book.sheet(COSTS), dict[int, str]()
    page.title(
        "Unit costs", "What the plan charges for one of each. Shaded figures may be changed."
    )
    rows: list[list[Cell]] = []
    for what, when, price, numbers in _prices(lines):
        places |= dict.fromkeys(numbers, address(COSTS, FIRST + len(rows), 2))
        rows.append([what, when, Input(price)])
    styles = (Style.TEXT, Style.TEXT, Style.PENCE)
    page.table(FIRST - 1, ("of what", "when", "unit cost, £"), rows, styles)
    return places


def _prices(lines: Sequence[Line]) -> Iterator[tuple[str, str, Fraction, list[int]]]:
    """Yield each unit cost: of what, when, pounds, and the numbers of the lines it is for.

    One that is the same in all years stands once; one that is not, once a year; and where teams
    differ, once a line.
    """
    found: dict[str, dict[int, Line]] = {}
    for number, line in enumerate(lines):
        if line.price is not None:
            found.setdefault(line.quantity.price, {})[number] = line
    for what, of in found.items():
        years = {line.figure.year for line in of.values()}
        costs = {line.price for line in of.values()}
        by_year = {(line.figure.year, line.price) for line in of.values()}
        groups: dict[str, list[int]] = {}
        for number, line in of.items():
            when = "every year" if len(costs) == 1 else year_words(line.figure.year)
            if len(by_year) > len(years) and len(costs) > 1:
                when += f", {line.figure.team or 'all teams'}, line {number + 1}"
            groups.setdefault(when, []).append(number)
        for when, numbers in groups.items():
            price = of[numbers[0]].price
            assert price is not None  # those without one were left out above
            yield what, when, price, numbers
