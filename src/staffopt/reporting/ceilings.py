"""The rows of a fund's ceiling and of what is left of it, by financial year."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.plan import MoneyKind, Plan
from staffopt.quantity import round_half_up
from staffopt.question import Question
from staffopt.reporting.words import NOTHING, thousands


def limited_funds(question: Question) -> list[str]:
    """Name the funds that have a ceiling in a financial year planned."""
    council = question.instance
    return [
        fund
        for fund, record in council.funds.items()
        if any(isinstance(record.ceiling_in(year), Decimal) for year in council.calendar.years)
    ]


def ceiling_rows(plan: Plan, fund: str, years: Sequence[str]) -> list[list[str]]:
    """Show the ceiling, and what is left of it once all that the ledger charges is paid.

    The full year after has no ceiling: none is tested there.
    """
    if fund not in limited_funds(plan.question):
        return []
    record, planned = plan.question.instance.funds[fund], plan.question.instance.calendar.years
    ceilings, left = ["  ceiling"], [_left_words(plan, fund)]
    for year in years:
        ceiling = record.ceiling_in(year) if year in planned else None
        if isinstance(ceiling, Decimal):
            ceilings.append(thousands(ceiling))
            left.append(_left(plan, fund, year, ceiling))
        else:
            ceilings.append(NOTHING)
            left.append(NOTHING)
    return [ceilings, left]


def _left_words(plan: Plan, fund: str) -> str:
    """Say that posts of today are paid too: the row of new money does not show them."""
    charged = any(f.kind is MoneyKind.TODAY and f.fund == fund for f in plan.figures.money)
    return "  left, today's posts paid" if charged else "  left"


def _left(plan: Plan, fund: str, year: str, ceiling: Decimal) -> str:
    """Write what is left, adding up with the pounds printed; ``≤`` where a cost is not known.

    What cut posts save is not in it, since it relaxes no ceiling.
    """
    lines = [
        figure.amount
        for figure in plan.figures.money
        if (figure.fund, figure.year) == (fund, year) and figure.kind is not MoneyKind.SAVING
    ]
    spent = sum((amount.raw for amount in lines if amount), start=Fraction(0))
    unsure = any(amount is None or amount.at_least for amount in lines)
    return f"{'≤ ' if unsure else ''}{thousands(ceiling - round_half_up(spent))}"
