"""Money that is spent or bound by a month, whatever is decided from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from staffopt.analysis.at_work import not_yet_bound
from staffopt.errors import Fault, InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.funds import Reserve
from staffopt.plan import Decisions, FlowDecision
from staffopt.quantity import Absent, decimal_text
from staffopt.question import Question
from staffopt.rulebook import JOIN
from staffopt.verifier.funds import fund_years
from staffopt.verifier.money import ledger
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.totals import charged


@dataclass(frozen=True, slots=True)
class Committed:
    """What is spent or bound by a month.

    Attributes:
        years: the financial years that are not over by then.
        pounds: (fund, year of these) → what each fund pays if nothing more is decided.
        carried_in: fund → what earlier years have left it.
        balance: fund → its reserve as the first of these years begins; of those that keep one.
    """

    years: tuple[str, ...]
    pounds: Mapping[tuple[str, str], Fraction]
    carried_in: Mapping[str, Fraction]
    balance: Mapping[str, Fraction]


def committed_by(question: Question, decisions: Decisions, first: Period) -> Committed:
    """Add up what each fund pays if nothing more is decided from a period on."""
    council = question.instance
    staffing = Staffing.of(question, _frozen(question, decisions, first))
    now = first.start.financial_year
    years = tuple(year for year in council.calendar.years if year >= now)
    pounds = charged(ledger(staffing), years)
    for key, later in charged(not_yet_bound(staffing, first.start), years).items():
        pounds[key] -= later
    through = fund_years(question, ledger(staffing))
    before = {y.fund: y.balance for y in through if y.year < now and y.balance is not None}
    kept = {f: Fraction(r.reserve.opening) for f, r in council.funds.items() if r.reserve}
    return Committed(
        years,
        pounds,
        carried_in={y.fund: y.carried_in for y in through if y.year == now},
        balance={**kept, **before},
    )


def fund_left(
    question: Question, fund: str, record: Mapping[str, Any], first: Period, bound: Committed
) -> dict[str, Any]:
    """Return a fund's record with what is left of its ceilings and reserve, to the penny below.

    Args:
        question: what was asked.
        fund: the fund.
        record: its record as a file has it.
        first: the period from which on is decided anew.
        bound: what is bound by then.

    Raises:
        InputError: if more is bound already than a ceiling allows.
    """
    own = question.instance.funds[fund]
    ceilings = {year: own.ceiling_in(year) for year in bound.years}
    left = {
        year: Fraction(ceiling) - bound.pounds.get((fund, year), ZERO)
        for year, ceiling in ceilings.items()
        if isinstance(ceiling, Decimal)
    }
    if bound.years[0] in left:
        left[bound.years[0]] += bound.carried_in[fund]
    over = [year for year, pounds in left.items() if pounds < 0]
    if over:
        what = f"{own.name} is overspent in {', '.join(over)} before {first.start}"
        mend = "Raise its ceiling, or start from an earlier month."
        raise InputError([Fault("overspent", what, mend)])
    pays_for = {k: v for k, v in record.get("pays_for", {}).items() if k != "posts_today"}
    made = {**record, "pays_for": pays_for}
    if own.reserve is not None:
        made["reserve"] = _reserve_left(fund, own.reserve, record["reserve"], bound)
    if not any(pays_for.values()) and not _pays_by_name(question, fund, first):
        made.pop("ceiling", None)
    elif left:
        spoken = {y: str(c) for y, c in ceilings.items() if isinstance(c, Absent)}
        made["ceiling"] = {y: _pennies(pounds) for y, pounds in left.items()} | spoken
    return made


def _reserve_left(
    fund: str, reserve: Reserve, record: Mapping[str, Any], bound: Committed
) -> dict[str, Any]:
    """Return a reserve as it stands; what is bound in later years is taken out of it in these."""
    paid_in = {
        year: Fraction(reserve.contributions.get(year, 0)) - bound.pounds.get((fund, year), ZERO)
        for year in bound.years
    }
    return {
        **record,
        "opening": _pennies(bound.balance[fund]),
        "contributions": {year: _pennies(pounds) for year, pounds in paid_in.items() if pounds},
    }


def _pays_by_name(question: Question, fund: str, first: Period) -> bool:
    """Say whether an option, or what can still be bought, names a fund as its own."""
    council = question.instance
    packages = [r.fund for r in council.packages.values() if r.start >= first.start]
    payers = (question.fund_of_managed_team, question.fund_of_extension)
    named = [payer(name) for name in council.managed_teams for payer in payers]
    return fund in (question.fund, *packages, *named)


def _pennies(pounds: Fraction) -> str:
    """Write pounds, what is less than a penny left out: so no ceiling is passed by rounding."""
    return decimal_text(Decimal(floor(pounds * 100)).scaleb(-2))


def _frozen(question: Question, decisions: Decisions, first: Period) -> Decisions:
    """Return decisions as they stand before a period, and stay."""
    periods = question.instance.calendar.cut()
    number = periods.index(first)
    before, later = periods[number - 1].label, [period.label for period in periods[number:]]
    posts = [d for d in decisions.posts if d.period not in later]
    people = [d for d in decisions.people if d.period not in later]
    stay_posts = [d for d in posts if d.period == before]
    stay_people = [d for d in people if d.period == before]
    packages, there = question.instance.packages, Staffing.of(question, Decisions()).stands
    return Decisions(
        posts=(
            *posts,
            *(
                d.model_copy(update={"period": p})
                for p in later
                for d in stay_posts
                if there(d.role, p)
            ),
        ),
        people=(
            *people,
            *(
                d.model_copy(update={"period": p})
                for p in later
                for d in stay_people
                if there(d.role, p)
            ),
        ),
        flows=flows_decided(question, decisions.flows, first.start),
        packages=tuple(d for d in decisions.packages if packages[d.package].start < first.start),
        managed_teams=tuple(d for d in decisions.managed_teams if d.start < first.start),
    )


def flows_decided(
    question: Question, flows: Iterable[FlowDecision], month: Month
) -> tuple[FlowDecision, ...]:
    """Return the flows that have happened before a month, and joiners who are recruited by then.

    Somebody who starts within the lead time of a month was recruited before it.
    """

    def by_then(flow: FlowDecision) -> bool:
        turnover = question.instance.roles[flow.role].turnover
        lead = turnover.lead_time if turnover is not None and flow.kind == JOIN else 0
        return Month.parse(flow.period) + -lead < month

    return tuple(flow for flow in flows if by_then(flow))
