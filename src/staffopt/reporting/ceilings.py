"""The rows of a fund's ceiling and of what is left of it, by financial year."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.plan import MoneyKind, Plan
from staffopt.question import Question
from staffopt.reporting.words import NOTHING, thousands
from staffopt.verifier.funds import FundYear, fund_years


def limited_funds(question: Question) -> list[str]:
    """Name the funds that have a ceiling in a financial year planned."""
    council = question.instance
    return [
        fund
        for fund, record in council.funds.items()
        if any(isinstance(record.ceiling_in(year), Decimal) for year in council.calendar.years)
    ]


def ceiling_rows(plan: Plan, fund: str, years: Sequence[str]) -> list[list[str]]:
    """Show the ceiling, what is carried to it, what is left, and the balance of a reserve.

    What is left is left once all that the ledger charges is paid. The full year after has no
    ceiling: none is tested there.
    """
    record = plan.question.instance.funds.get(fund)
    if record is None:
        return []
    followed = fund_years(plan.question, plan.figures.money)
    known = {year.year: year for year in followed if year.fund == fund}
    rows = []
    if fund in limited_funds(plan.question):
        rows.append(["  ceiling", *(_ceiling(known.get(year)) for year in years)])
        if record.carry_forward is not None:
            cells = (_pounds(known[y].carried_in) if y in known else NOTHING for y in years)
            rows.append(["  carried forward", *cells])
        left = (_left(plan, known[y]) if y in known else NOTHING for y in years)
        rows.append([_left_words(plan, fund), *left])
    if record.reserve is not None:
        cells = (_pounds(known[y].balance) if y in known else NOTHING for y in years)
        rows.append(["  reserve at the year's end", *cells])
    return rows


def _pounds(amount: Fraction | None) -> str:
    return NOTHING if amount is None else thousands(amount)


def _ceiling(year: FundYear | None) -> str:
    return NOTHING if year is None else _pounds(year.ceiling)


def _left_words(plan: Plan, fund: str) -> str:
    """Say that posts of today are paid too: the row of new money does not show them."""
    charged = any(f.kind is MoneyKind.TODAY and f.fund == fund for f in plan.figures.money)
    return "  left, today's posts paid" if charged else "  left"


def _left(plan: Plan, year: FundYear) -> str:
    """Write what is left, rounded as it is printed; ``≤`` where a cost is not known.

    What cut posts save is not in it, since it relaxes no ceiling.
    """
    if year.ceiling is None:
        return NOTHING
    lines = [
        figure.amount
        for figure in plan.figures.money
        if (figure.fund, figure.year) == (year.fund, year.year)
        and figure.kind is not MoneyKind.SAVING
    ]
    unsure = any(amount is None or amount.at_least for amount in lines)
    left = year.ceiling + year.carried_in - year.spent
    return f"{'≤ ' if unsure else ''}{thousands(left)}"
