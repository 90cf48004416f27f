"""How costs rise from year to year, as arrays for the ledger."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.costs import factor
from staffopt.instance.prices import CostClass

if TYPE_CHECKING:
    from staffopt.algebra.expression import Expression
    from staffopt.data import Data
    from staffopt.instance.calendar import Month


def rise(d: Data, cost: CostClass) -> Expression:
    """How many times its price a cost is in each financial year, over (year)."""
    return d.table((d.year,), lambda y: d.number(factor(d.question, cost, y)))


def last_rise(d: Data, cost: CostClass) -> Fraction | float:
    """How many times its price a cost is in the last year planned, whose prices hold for good."""
    return d.number(factor(d.question, cost, d.year.labels[-1]))


def late_months(d: Data, cost: CostClass) -> Expression:
    """Months of each period after a fund's last month, at their years' prices: (fund, period)."""
    return _late(d, cost, {p.label: p.months for p in d.question.instance.calendar.cut()})


def late_starts(d: Data, cost: CostClass) -> Expression:
    """A cost's price where a period starts after a fund's last month, over (fund, period)."""
    return _late(d, cost, {p.label: (p.start,) for p in d.question.instance.calendar.cut()})


def _late(d: Data, cost: CostClass, months: dict[str, tuple[Month, ...]]) -> Expression:
    def late(fund: str, period: str) -> Fraction | float:
        end = d.fund_ends.get(fund)
        after = [m.financial_year for m in months[period] if end is not None and m > end]
        return d.number(sum((factor(d.question, cost, y) for y in after), Fraction(0)))

    return d.table((d.fund, d.period), late)
