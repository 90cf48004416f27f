"""The bridge from today's money to the plan's, line by line, and whether a plan pays for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from staffopt.plan import FULL_YEAR, Amount, MoneyFigure, MoneyKind, Plan
from staffopt.quantity import exact_text, round_half_up
from staffopt.question import Question
from staffopt.verifier import derive
from staffopt.verifier.totals import add_up

TODAY = "today's posts"
RISES = "pay awards, increments and inflation"
PLAN = "with the plan"
_PENCE = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the bridge.

    Attributes:
        what: what is paid for; the first is what is paid today, the last what is paid in the end.
        fund: the fund's id; None for lines over all funds.
        amounts: financial year, and `full year` → pounds, unrounded.
    """

    what: str
    fund: str | None
    amounts: Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class Payback:
    """Whether what is spent comes back in cashable benefits, as far as the years planned go.

    Attributes:
        spent: year → new money, what funds are credited left out.
        saved: year → cashable benefits, credited to a fund or not.
        year: the first year by whose end as much is saved as was spent; None if none is.
        rate: the discount rate, % a year; None where none is declared.
        value: net present value in pounds of the first year planned; None without a rate.
    """

    spent: Mapping[str, Amount]
    saved: Mapping[str, Amount]
    year: str | None
    rate: Fraction | None
    value: Amount | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "spent": {year: _plain(amount) for year, amount in self.spent.items()},
            "saved": {year: _plain(amount) for year, amount in self.saved.items()},
            "payback_year": self.year,
            "discount_rate": None if self.rate is None else exact_text(self.rate),
            "net_present_value": None if self.value is None else _plain(self.value),
        }


@dataclass(frozen=True, slots=True)
class Bridge:
    """From today's money to the plan's.

    Attributes:
        question: the plan's question.
        years: the financial years planned, and `full year`.
        steps: today's posts at the base's prices, each thing that changes at the base's prices,
            what rises add to all of it, and what is paid in the end: the sum of all before it.
        payback: whether it pays for itself; None where no cashable benefit is given.
    """

    question: Question
    years: tuple[str, ...]
    steps: tuple[Step, ...]
    payback: Payback | None

    def rounding(self, year: str) -> Fraction:
        """Return what printed steps lack to the printed end, pounds; each is printed in pence."""
        printed = [Fraction(round_half_up(s.amounts[year].raw, _PENCE)) for s in self.steps]
        return printed[-1] - sum(printed[:-1], Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "years": list(self.years),
            "steps": [
                {
                    "what": step.what,
                    "fund": step.fund,
                    "amounts": {year: _plain(amount) for year, amount in step.amounts.items()},
                }
                for step in self.steps
            ],
            "rounding": {year: exact_text(self.rounding(year)) for year in self.years},
            "payback": None if self.payback is None else self.payback.to_json(),
        }


def bridge(plan: Plan, *, discount: Fraction | None = None) -> Bridge:
    """Lead from what is paid today to what is paid with a plan, by year and for a full year.

    Args:
        plan: the plan.
        discount: discount rate, % a year; the council's own if left out.

    Returns:
        the bridge; its steps add up to the last one exactly, before any rounding.
    """
    question = plan.question
    years = (*question.instance.calendar.years, FULL_YEAR)
    ledger = [line for line in plan.figures.money if line.is_new or _is_today(line)]
    before = [n for n in _at_base(plan) if n.is_new or _is_today(n)]
    steps = [Step(TODAY, None, _by_year((n for n in before if _is_today(n)), years))]
    changes: dict[tuple[str, str], list[MoneyFigure]] = {}
    for line in before:
        if line.is_new:
            changes.setdefault((line.line, line.fund), []).append(line)
    steps += [Step(what, fund, _by_year(own, years)) for (what, fund), own in changes.items()]
    ends = _by_year(ledger, years)
    if question.instance.prices is not None:
        starts = _by_year(before, years)
        rises = {y: _amount(ends[y].raw - starts[y].raw, ends[y]) for y in years}
        steps.append(Step(RISES, None, rises))
    steps.append(Step(PLAN, None, ends))
    return Bridge(question, years, tuple(steps), _payback(plan, discount))


def _is_today(line: MoneyFigure) -> bool:
    return line.kind is MoneyKind.TODAY


def _at_base(plan: Plan) -> tuple[MoneyFigure, ...]:
    """Return the ledger with nothing rising: on-costs stay in it."""
    question, prices = plan.question, plan.question.instance.prices
    if prices is None:
        return plan.figures.money
    still = prices.model_copy(update={name: {} for name in prices.series})
    council = question.instance.model_copy(update={"prices": still})
    return derive(replace(question, instance=council), plan.decisions).money


def _by_year(lines: Iterable[MoneyFigure], years: Iterable[str]) -> dict[str, Amount]:
    own = list(lines)
    return {year: add_up(line for line in own if line.year == year) for year in years}


def _amount(raw: Fraction, like: Amount) -> Amount:
    return Amount.of(raw, at_least=like.at_least)


def _payback(plan: Plan, discount: Fraction | None) -> Payback | None:
    """Set new money against cashable benefits, year by year; later years count less by a rate."""
    cashable = [figure for figure in plan.figures.benefits if figure.cashable]
    if not cashable:
        return None
    council = plan.question.instance
    years = council.calendar.years
    new = [n for n in plan.figures.money if n.is_new and n.kind is not MoneyKind.CASHABLE]
    spent = _by_year(new, years)
    saved = {year: _saved(f.amount for f in cashable if f.year == year) for year in years}
    net = [saved[year].raw - spent[year].raw for year in years]
    ends = (y for i, y in enumerate(years) if sum(net[: i + 1], Fraction(0)) >= 0)
    rate = discount
    if rate is None and council.discount_rate is not None:
        rate = Fraction(council.discount_rate)
    value = None
    if rate is not None:
        worth = (flow / (1 + rate / 100) ** i for i, flow in enumerate(net))
        unsure = any(a.at_least for a in (*spent.values(), *saved.values()))
        value = Amount.of(sum(worth, Fraction(0)), at_least=unsure)
    return Payback(spent, saved, next(ends, None), rate, value)


def _saved(amounts: Iterable[Amount | None]) -> Amount:
    known = list(amounts)
    total = sum((a.raw for a in known if a is not None), Fraction(0))
    return Amount.of(total, at_least=None in known)


def _plain(amount: Amount) -> dict[str, Any]:
    return {
        "raw": exact_text(amount.raw),
        "pence": f"{round_half_up(amount.raw, _PENCE):f}",
        "at_least": amount.at_least,
    }
