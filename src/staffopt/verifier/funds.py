"""What a fund has over the years: what is carried from one to the next, and reserves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.calendar import Calendar
from staffopt.instance.funds import Fund
from staffopt.plan import MoneyFigure
from staffopt.question import Question
from staffopt.record import Record
from staffopt.verifier.totals import charged

_ZERO = Fraction(0)


class FundYear(Record):
    """A fund in a financial year, pounds, unrounded.

    Attributes:
        fund: its id.
        year: the financial year.
        ceiling: its own; None where there is none.
        carried_in: what the year before has left it.
        spent: what the ledger charges to it, as ceilings count it.
        carried_out: what it leaves the next year.
        balance: its reserve at the end of the year; None where it keeps none.
    """

    fund: str
    year: str
    ceiling: Fraction | None
    carried_in: Fraction
    spent: Fraction
    carried_out: Fraction
    balance: Fraction | None


def fund_years(question: Question, lines: Iterable[MoneyFigure]) -> tuple[FundYear, ...]:
    """Follow each fund through the years planned, in order; what is not known counts nothing."""
    calendar = question.instance.calendar
    spent = charged(lines, calendar.years)
    return tuple(
        year
        for name, fund in question.instance.funds.items()
        for year in _through(name, fund, calendar, spent)
    )


def _through(
    name: str, fund: Fund, calendar: Calendar, spent: Mapping[tuple[str, str], Fraction]
) -> list[FundYear]:
    found, carried = [], _ZERO
    balance = None if fund.reserve is None else Fraction(fund.reserve.opening)
    for year in calendar.years:
        own, paid = fund.ceiling_in(year), spent.get((name, year), _ZERO)
        ceiling = Fraction(own) if isinstance(own, Decimal) else None
        if balance is not None and fund.reserve is not None:
            balance += Fraction(fund.reserve.contributions.get(year, 0)) - paid
        left = _ZERO if ceiling is None else ceiling + carried - paid
        on = _carried(fund, left)
        found.append(
            FundYear(
                fund=name,
                year=year,
                ceiling=ceiling,
                carried_in=carried,
                spent=paid,
                carried_out=on,
                balance=balance,
            )
        )
        carried = on
    return found


def _carried(fund: Fund, left: Fraction) -> Fraction:
    """Return what a fund carries on of what is left; nothing where nothing is."""
    rule = fund.carry_forward
    if rule is None or left <= 0:
        return _ZERO
    share = left * Fraction(rule.share) / 100
    return min(share, Fraction(rule.limit)) if isinstance(rule.limit, Decimal) else share
