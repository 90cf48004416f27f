"""Money that is spent or bound by a month, whatever is decided from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any

from staffopt.analysis.at_work import is_open
from staffopt.instance.calendar import Month
from staffopt.instance.checks.money import is_used
from staffopt.instance.funds import Reserve
from staffopt.instance.schema import Instance
from staffopt.plan import TODAY, Decisions, FlowDecision, PlaceDecision
from staffopt.quantity import Absent, decimal_text
from staffopt.question import Question
from staffopt.rulebook import JOIN, PlaceEveryone
from staffopt.verifier.funds import fund_years
from staffopt.verifier.money import ledger
from staffopt.verifier.staffing import ZERO, Hire, Staffing
from staffopt.verifier.totals import charged

_POUND_DECIMALS = 8
"""Decimals to which pounds are written where they have no end, as thirds of a penny."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What is spent or bound by a month.

    Attributes:
        years: the financial years that are not over by then.
        pounds: (fund, year of these) → what each fund pays if nothing more is decided, but for what
            is counted anew in any case.
        carried_in: fund → what earlier years have left it.
        balance: fund → its reserve as the first of these years begins; of those that keep one.
    """

    years: tuple[str, ...]
    pounds: Mapping[tuple[str, str], Fraction]
    carried_in: Mapping[str, Fraction]
    balance: Mapping[str, Fraction]


@dataclass(frozen=True)
class _Thereafter(Staffing):
    """Decisions up to a month, and from then on whoever is really there.

    Attributes:
        now: the council from that month on, if nothing more is decided.
    """

    now: Staffing = field(kw_only=True)

    def in_post(self, team: str, role: str, period: str) -> Fraction:
        """Return the people in post, FTE."""
        if period in self.now.labels:
            return self.now.in_post(team, role, period)
        return super().in_post(team, role, period)

    def able(self, team: str, role: str, period: str) -> Fraction:
        """Return the people in post by the caseloads they can hold, FTE."""
        if period in self.now.labels:
            return self.now.able(team, role, period)
        return super().able(team, role, period)

    def people_added(self, team: str, role: str, period: str) -> Fraction:
        """Return the FTE in post added."""
        if period in self.now.labels:
            there = self.in_post(team, role, TODAY) if self.stands(role, period) else ZERO
            return self.in_post(team, role, period) - there
        return super().people_added(team, role, period)


def as_it_stands(after: Question) -> Staffing:
    """Return a council in which nothing is decided: everybody stays where they work."""
    people = after.instance.people.items()
    places = tuple(PlaceDecision(person=person, team=record.team) for person, record in people)
    return Staffing.of(after, Decisions(places=places if after.rule(PlaceEveryone) else ()))


def committed_by(before: Staffing, stands: Staffing) -> Committed:
    """Add up what each fund pays if nothing more is decided from a period on.

    What the council then pays by itself (people above the posts, the term of a managed team whose
    extension is open) is counted anew in its own plan, and is not bound.

    Args:
        before: what was decided.
        stands: the council from the period on, as it stands.
    """
    council, first = before.question.instance, stands.periods[0].start
    lines, now = ledger(_kept(before, stands)), first.financial_year
    years = tuple(year for year in council.calendar.years if year >= now)
    pounds = charged(lines, years)
    for key, anew in charged(ledger(stands), years).items():
        pounds[key] = pounds.get(key, ZERO) - anew
    through = fund_years(before.question, lines)
    ended = {y.fund: y.balance for y in through if y.year < now and y.balance is not None}
    opening = {f: Fraction(r.reserve.opening) for f, r in council.funds.items() if r.reserve}
    return Committed(
        years,
        pounds,
        carried_in={y.fund: y.carried_in for y in through if y.year == now},
        balance={**opening, **ended},
    )


def _kept(before: Staffing, stands: Staffing) -> _Thereafter:
    """Return what was decided before the council stood so, and nothing that is still open."""
    council, first = before.question.instance, stands.periods[0].start
    earlier = {label for label in before.labels if label not in stands.labels}
    changes = {at: fte for at, fte in before.changes.items() if at[2] in earlier}
    for team, role, label in product(council.teams, council.roles, stands.labels):
        if change := stands.posts(team, role, label) - before.standing(team, role, label):
            changes[team, role, label] = change
    hired: Counter[Hire] = Counter()
    for hire, teams in before.hired.items():
        if hire.start < first:
            hired[replace(hire, extension=0) if is_open(before, hire, first) else hire] += teams
    taken = (name for name in before.taken if council.packages[name].start < first)
    return _Thereafter(
        before.question,
        changes,
        frozenset(taken),
        hired,
        cases=before.cases,
        people={at: fte for at, fte in before.people.items() if at[2] in earlier},
        flows=flows_decided(before.question, before.flows, first),
        closed=before.closed,
        places=before.places,
        now=stands,
    )


def fund_left(
    question: Question, fund: str, record: Mapping[str, Any], bound: Committed, after: Instance
) -> tuple[dict[str, Any], Mapping[str, Fraction]]:
    """Return a fund's record with what is left of its ceilings and reserve.

    Args:
        question: what was asked.
        fund: the fund.
        record: its record as a file has it, without what it pays for no more.
        bound: what is bound by then.
        after: the council from then on.

    Returns:
        The record, and year → pounds that are bound above its ceiling, where any are.
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
    made = dict(record)
    if own.reserve is not None:
        made["reserve"] = _reserve_left(fund, own.reserve, record["reserve"], bound)
    if not is_used(after, fund):
        made.pop("ceiling", None)
        made.pop("carry_forward", None)
    elif "ceiling" in record:
        written = {year: _pounds(max(pounds, ZERO)) for year, pounds in left.items()}
        made["ceiling"] = {y: str(c) for y, c in ceilings.items() if isinstance(c, Absent)}
        made["ceiling"].update(written)
        if not written:
            made.pop("carry_forward", None)
    return made, {year: -pounds for year, pounds in left.items() if pounds < 0}


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
        "opening": _pounds(bound.balance[fund]),
        "contributions": {year: _pounds(pounds) for year, pounds in paid_in.items() if pounds},
    }


def _pounds(pounds: Fraction) -> str:
    """Write pounds; where they have no end, rounded up, so that what was planned still fits."""
    return decimal_text(Decimal(ceil(pounds * 10**_POUND_DECIMALS)).scaleb(-_POUND_DECIMALS))


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
