"""What one person and one post cost in a year, and how costs rise: what the solver is told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from staffopt.instance.prices import CostClass, RisesWith
from staffopt.instance.staff import CostBasis, OnCosts
from staffopt.quantity import Absent
from staffopt.question import Question

_NO_FIGURE = (Absent.NOT_PRINTED, Absent.UNLIMITED)


def person_cost(question: Question, role: str) -> Fraction | Absent:
    """Return a year's cost of one FTE in post: pay, supplement, and on-costs not yet in them."""
    record, prices = question.instance.roles[role], question.instance.prices
    parts = (record.cost, record.market_supplement)
    if any(part in _NO_FIGURE for part in parts):
        return Absent.NOT_PRINTED
    known = [Fraction(part) for part in parts if isinstance(part, Decimal)]
    if not known:
        return Absent.NOT_APPLICABLE
    if prices is None or record.on_costs is not OnCosts.EXCLUDED:
        return sum(known, Fraction(0))
    return sum(known, Fraction(0)) * (1 + Fraction(prices.rate_of_on_costs) / 100)


def post_cost(question: Question, role: str) -> Fraction | Absent:
    """Return what one post of a role costs in a year, its vacancy factor taken off."""
    cost = person_cost(question, role)
    if isinstance(cost, Absent):
        return cost
    return cost * (1 - Fraction(question.instance.roles[role].vacancy_factor) / 100)


def paid_by_people(question: Question, role: str) -> bool:
    """Say whether a role's cost is of people in post, not of posts.

    Who covers others' posts has none, and is paid for by them.
    """
    record = question.instance.roles[role]
    return record.covers is None and record.cost_basis is CostBasis.ACTUAL


def factor(question: Question, cost: CostClass, year: str) -> Fraction:
    """Return how many times its price a cost is in a year: all rises since the base, compounded."""
    prices = question.instance.prices
    if prices is None:
        return Fraction(1)
    series = {
        RisesWith.PAY: (prices.pay_award, prices.increments),
        RisesWith.INFLATION: (prices.inflation,),
        RisesWith.FIXED: (),
    }[prices.rises(cost)]
    times = Fraction(1)
    for rises in series:
        for when, percent in rises.items():
            if when <= year:
                times *= 1 + Fraction(percent) / 100
    return times
