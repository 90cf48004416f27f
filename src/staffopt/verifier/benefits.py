"""Benefits of the option asked for and of the packages taken, and what funds are credited."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.benefits import Benefit
from staffopt.instance.calendar import MONTHS_IN_YEAR, Month
from staffopt.plan import FULL_YEAR, Amount, BenefitFigure, MoneyFigure, MoneyKind
from staffopt.verifier.staffing import Staffing


def benefit_figures(staffing: Staffing) -> tuple[BenefitFigure, ...]:
    """List what each benefit comes to in every financial year, and in the full year after."""
    calendar = staffing.question.instance.calendar
    return tuple(
        BenefitFigure(
            benefit=name,
            year=year,
            cashable=benefit.cashable,
            fund=benefit.relaxes,
            amount=_amount(benefit, years),
        )
        for name, benefit in _brought(staffing)
        for year in (*calendar.years, FULL_YEAR)
        if (years := _years(benefit, year, calendar.months))
    )


def credit_lines(staffing: Staffing, year: str, months: frozenset[Month]) -> Iterator[MoneyFigure]:
    """Yield what funds are credited in a window; it is money that comes in, so below zero."""
    for _, benefit in _brought(staffing):
        if benefit.relaxes is None or not isinstance(benefit.pounds, Decimal):
            continue
        years = _years(benefit, year, tuple(sorted(months)))
        if years and benefit.pounds:
            yield MoneyFigure(
                line=benefit.name,
                kind=MoneyKind.CASHABLE,
                fund=benefit.relaxes,
                year=year,
                package=benefit.package,
                amount=Amount.of(-Fraction(benefit.pounds) * years),
            )


def _brought(staffing: Staffing) -> Iterator[tuple[str, Benefit]]:
    question = staffing.question
    for name, benefit in question.instance.benefits.items():
        if benefit.package is None:
            brought = benefit.option == question.option
        else:
            brought = benefit.package in staffing.taken
        if brought:
            yield name, benefit


def _years(benefit: Benefit, year: str, months: tuple[Month, ...]) -> Fraction:
    """Return the years (months ÷ 12) that a benefit runs in some year's months."""
    if year == FULL_YEAR:
        return Fraction(benefit.end is None)
    counted = (m for m in months if benefit.runs_in(m) and m.financial_year == year)
    return Fraction(sum(1 for _ in counted), MONTHS_IN_YEAR)


def _amount(benefit: Benefit, years: Fraction) -> Amount | None:
    if not isinstance(benefit.pounds, Decimal):
        return None
    return Amount.of(Fraction(benefit.pounds) * years)
