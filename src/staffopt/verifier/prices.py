"""What a person and a post cost, and what a price has become by a year, worked out anew.

Written from the words of the instance's fields, and not from what the solver is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.calendar import MONTHS_IN_YEAR, Month
from staffopt.instance.prices import CostClass, Prices, RisesWith
from staffopt.instance.staff import CostBasis, OnCosts, Role
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.verifier.staffing import Staffing, once

_PERCENT = Fraction(1, 100)


def a_person(question: Question, role: str) -> Fraction | Absent:
    """Return what one FTE in post costs in a year at the base's prices."""
    record = question.instance.roles[role]
    if not _is_known(record.cost) or not _is_known(record.market_supplement):
        return Absent.NOT_PRINTED
    if isinstance(record.cost, Absent) and isinstance(record.market_supplement, Absent):
        return Absent.NOT_APPLICABLE
    pay = _pounds(record.cost) + _pounds(record.market_supplement)
    return pay + _on_costs(question, record, pay)


def _on_costs(question: Question, record: Role, pay: Fraction) -> Fraction:
    """What an employer pays on top of pay that does not hold it yet."""
    prices = question.instance.prices
    if prices is None or record.on_costs is not OnCosts.EXCLUDED:
        return Fraction(0)
    parts = (pay * Fraction(percent) * _PERCENT for percent in prices.on_costs.values())
    return sum(parts, Fraction(0))


def a_post(question: Question, role: str) -> Fraction | Absent:
    """Return what one funded post puts into a year's budget at the base's prices."""
    whole = a_person(question, role)
    if isinstance(whole, Absent):
        return whole
    return whole - whole * Fraction(question.instance.roles[role].vacancy_factor) * _PERCENT


def counts_people(question: Question, role: str) -> bool:
    """Say whether people in post are paid for, and not posts; cover is paid for by no post."""
    record = question.instance.roles[role]
    return record.cost_basis is CostBasis.ACTUAL and not record.covers


def a_premium(question: Question, role: str) -> Fraction | Absent:
    """Return what a covering role costs beyond what is paid for the vacant post anyway."""
    covered = question.instance.roles[role].covers or role
    own, other = a_person(question, role), a_person(question, covered)
    if Absent.NOT_PRINTED in (own, other):
        return Absent.NOT_PRINTED
    mine, theirs = (Fraction(0) if isinstance(c, Absent) else c for c in (own, other))
    return mine if counts_people(question, covered) else mine - theirs


def price_level(prices: Prices | None, cost: CostClass, year: str) -> Fraction:
    """Return a price of one pound at the base as it stands in a year.

    A year's rise is the pay award and the increments, one upon the other, or inflation.
    """
    if prices is None:
        return Fraction(1)
    years = sorted({y for series in prices.series.values() for y in series})
    level = Fraction(1)
    for passed in years:
        if prices.base < passed <= year:
            level += level * _rise(prices, prices.rises(cost), passed)
    return level


def _rise(prices: Prices, rises: RisesWith, year: str) -> Fraction:
    if rises is RisesWith.FIXED:
        return Fraction(0)
    if rises is RisesWith.INFLATION:
        return _in(prices.inflation, year)
    award, increment = _in(prices.pay_award, year), _in(prices.increments, year)
    return award + increment + award * increment


def _in(series: Mapping[str, Decimal], year: str) -> Fraction:
    return Fraction(series.get(year, 0)) * _PERCENT


@once
def level_in(staffing: Staffing, cost: CostClass, year: str) -> Fraction:
    """Return a price's level in a year of a plan's council."""
    return price_level(staffing.question.instance.prices, cost, year)


def weighed(staffing: Staffing, cost: CostClass, months: tuple[Month, ...]) -> Fraction:
    """Return the years (months ÷ 12) that some months are, each at its year's prices."""
    levels = (level_in(staffing, cost, month.financial_year) for month in months)
    return sum(levels, Fraction(0)) / MONTHS_IN_YEAR


def _is_known(figure: Decimal | Absent) -> bool:
    return figure not in (Absent.NOT_PRINTED, Absent.UNLIMITED)


def _pounds(figure: Decimal | Absent) -> Fraction:
    return Fraction(0) if isinstance(figure, Absent) else Fraction(figure)
