"""The least ceiling of one year, also where a fund carries on what is unspent.

A ceiling of one year then bears on those after it, so the least spend of the year is not its least
ceiling. A higher ceiling never stands in the way, so the least is found by trying: each plan found
says which ceiling its own spending needs, and below the least there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil

from staffopt.errors import Infeasible
from staffopt.plan import Plan
from staffopt.question import Question
from staffopt.verifier.funds import fund_years

UNLIMITED = "unlimited"

MOST = 10**9
"""Pounds that no fund of a children's service has in a year: where a ceiling must be a figure,
since nothing is carried out of a year without one."""

Try = Callable[[str], "Plan | Infeasible"]
"""Ask for a plan at a ceiling, in pounds or unlimited, that spends little in the year."""


def least_ceiling(
    attempt: Try, question: Question, fund: str, year: str, *, above: int = -1
) -> Fraction | Infeasible:
    """Find the least ceiling of a fund in a year at which there is a plan, to the whole pound.

    Args:
        attempt: asks for a plan at a ceiling.
        question: what is asked.
        fund: the fund.
        year: the financial year.
        above: a ceiling that is known to be too low; below zero if none is.

    Returns:
        what the plan found needs, unrounded: the least of all where the fund carries nothing on,
        and else within a pound of it; why there is no plan, where no ceiling helps.
    """
    found = attempt(UNLIMITED)
    if question.instance.funds[fund].carry_forward is None:
        return found if isinstance(found, Infeasible) else found.goals[0].value
    if isinstance(found, Infeasible):
        found = attempt(str(MOST))
    if isinstance(found, Infeasible):
        return found
    exact, low = needed(found, fund, year), above
    while ceil(exact) > above + 1:
        below = attempt(str(ceil(exact) - 1))
        if isinstance(below, Infeasible):
            return exact
        exact = needed(below, fund, year)
        middle = (low + ceil(exact)) // 2
        if low < middle < ceil(exact):
            half = attempt(str(middle))
            if isinstance(half, Infeasible):
                low = middle
            else:
                exact = needed(half, fund, year)
    return exact


def needed(plan: Plan, fund: str, year: str) -> Fraction:
    """Return the least ceiling of a fund in a year that a plan's spending keeps, in pounds.

    Its other ceilings are as they stand: what earlier years leave is there to be spent, and what
    later ones spend beyond their own must be left for them, by the part that is carried on.
    """
    question = plan.question
    record, years = question.instance.funds[fund], question.instance.calendar.years
    through = {y.year: y for y in fund_years(question, plan.figures.money) if y.fund == fund}
    part = Fraction(record.carry_forward.share if record.carry_forward else 0) / 100
    to_leave = Fraction(0)
    for later in reversed(years[years.index(year) + 1 :]):
        own = record.ceiling_in(later)
        short = through[later].spent + (to_leave / part if to_leave else 0)
        to_leave = (
            max(Fraction(0), short - Fraction(own)) if isinstance(own, Decimal) else Fraction(0)
        )
    spent = through[year].spent + (to_leave / part if to_leave else 0)
    return max(Fraction(0), spent - through[year].carried_in)
