"""Managed teams: their terms, their money, and whether what is bought is on offer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeGuard

from staffopt.errors import InputError, Place, UnknownName, unknown
from staffopt.instance.calendar import Month
from staffopt.instance.managed import ManagedTeam
from staffopt.instance.prices import CostClass, Prices
from staffopt.plan import Amount, Finding, ManagedTeamFigure, MoneyFigure, MoneyKind, Verdict
from staffopt.quantity import Absent
from staffopt.question import ALL, NOT_NAMED, Question
from staffopt.rulebook import BuyManagedTeam, RequireManagedTeam
from staffopt.verifier.prices import price_level
from staffopt.verifier.registry import checks, label_of
from staffopt.verifier.shape import missed_by
from staffopt.verifier.staffing import ZERO, Hire, Staffing
from staffopt.verifier.words import number


def agree_by(record: ManagedTeam, hire: Hire) -> Month | None:
    """Return the last month in which the extension can be agreed, or None without one."""
    if not hire.extension or record.extension is None:
        return None
    return hire.start + (record.months - 1) + -record.extension.notice


def managed_figures(staffing: Staffing) -> tuple[ManagedTeamFigure, ...]:
    """List what is bought, with its terms."""
    records = staffing.question.instance.managed_teams
    return tuple(
        ManagedTeamFigure(
            managed_team=hire.managed_team,
            start=hire.start,
            extension=hire.extension,
            teams=teams,
            end=hire.end(records[hire.managed_team]),
            agree_by=agree_by(records[hire.managed_team], hire),
            there=hire.start == records[hire.managed_team].there_since,
        )
        for hire, teams in staffing.hired.items()
    )


def managed_lines(staffing: Staffing, year: str, months: frozenset[Month]) -> Iterator[MoneyFigure]:
    """Yield price and travel of the months that lie in a window, one line each."""
    question = staffing.question
    for hire, teams in staffing.hired.items():
        record = question.instance.managed_teams[hire.managed_team]
        for title, kind, figure, paid in _parts(record, hire, months, question.instance.prices):
            if figure is Absent.NOT_APPLICABLE or not paid:
                continue
            cost = Fraction(figure) * paid * teams if isinstance(figure, Decimal) else None
            later = title in _LATER
            payer = question.fund_of_extension if later else question.fund_of_managed_team
            yield MoneyFigure(
                line=f"{title} from {hire.start}",
                kind=kind,
                fund=payer(hire.managed_team) or NOT_NAMED,
                year=year,
                managed_team=hire.managed_team,
                amount=None if cost is None else Amount.of(cost),
            )


_LATER = ("extension", "travel in the extension")
"""The titles of what an extension is paid for; its fund may be another than the term's."""

_Part = tuple[str, MoneyKind, Decimal | Absent, Fraction]
"""Title, kind, price, and how many times it is paid for one team."""


def _parts(
    record: ManagedTeam,
    hire: Hire,
    months: frozenset[Month],
    prices: Prices | None,
    year: str | None = None,
) -> Iterator[_Part]:
    """Yield each price with the months it is paid for, at each month's year's prices or one's."""
    term_end = hire.start + (record.months - 1)

    def paid_for(first: Month, last: Month) -> Fraction:
        levels = (
            price_level(prices, CostClass.MANAGED_TEAMS, year or month.financial_year)
            for month in months
            if first <= month <= last
        )
        return sum(levels, ZERO)

    paid = paid_for(hire.start, term_end) / (record.months if record.per == "term" else 1)
    # The term of a team that is there already is paid for whatever is decided.
    kind = MoneyKind.TODAY if hire.start == record.there_since else MoneyKind.TERM
    yield "term", kind, record.price, paid
    yield "travel in the term", kind, record.travel, paid
    extended = record.extension
    if extended is not None:
        after = paid_for(term_end + 1, hire.end(record))
        steps = after / (extended.step if extended.per == "step" else 1)
        for title, price in zip(_LATER, (extended.price, extended.travel), strict=True):
            yield title, MoneyKind.TERM, price, steps


def overspend(record: ManagedTeam) -> tuple[Fraction, Fraction] | None:
    """Return by how much the price of a whole term, and its travel, go over what was approved.

    None where nothing was approved, the price is not known, or the two do not go over it.
    """
    whole = term_price(record)
    if whole is None or not isinstance(record.approved, Decimal) or whole <= record.approved:
        return None
    travel = _times(record) * Fraction(record.travel) if _given(record.travel) else ZERO
    return whole - travel - Fraction(record.approved), travel


def term_price(record: ManagedTeam) -> Fraction | None:
    """Return the price of a whole term with its travel, pounds; None where it is not known."""
    if not _given(record.price):
        return None
    travel = Fraction(record.travel) if _given(record.travel) else ZERO
    return (Fraction(record.price) + travel) * _times(record)


def _times(record: ManagedTeam) -> int:
    """Return how many times price and travel are paid in a term."""
    return 1 if record.per == "term" else record.months


def _given(figure: Decimal | Absent) -> TypeGuard[Decimal]:
    return isinstance(figure, Decimal)


def whole_price(question: Question, figure: ManagedTeamFigure) -> Fraction:
    """Return the known price of what is bought alike, pounds: the whole term and extension.

    Of a team that is there already that is the extension alone. It is at the prices of the last
    year planned, as all that is stated for a full year.
    """
    record, council = question.instance.managed_teams[figure.managed_team], question.instance
    hire = Hire(figure.managed_team, figure.start, figure.extension)
    months = frozenset(figure.start + i for i in range(figure.end - figure.start + 1))
    last = council.calendar.years[-1]
    known = (
        Fraction(price) * paid
        for _, kind, price, paid in _parts(record, hire, months, council.prices, last)
        if isinstance(price, Decimal) and kind is MoneyKind.TERM
    )
    return sum(known, ZERO) * figure.teams


@checks(BuyManagedTeam)
def buy_managed_team(rule: BuyManagedTeam, staffing: Staffing) -> Iterator[Finding]:
    """Check how many are at work at once, month by month, and that a required one is bought.

    Raises:
        InputError: if the rule names a managed team that nothing declares.
    """
    for name in on_offer(rule, staffing.question):
        record = staffing.question.instance.managed_teams[name]
        bought = sum(n for hire, n in staffing.hired.items() if hire.managed_team == name)
        most, when = _busiest(staffing, name)
        over = most - record.at_once
        missing = (rule.required or rule.extended_by > 0) and not any(
            hire.managed_team == name and hire.extension >= rule.extended_by
            for hire in staffing.hired
        )
        words = f"{record.name}: {bought} bought, {most} at work at once, {record.at_once} at most"
        words += f" ({when})" if when and over > 0 else ""
        broken = missing or over > 0
        yield Finding(
            rule=label_of(rule),
            verdict=Verdict.BROKEN if broken else Verdict.MET,
            words=f"{words}{_required(rule)}" if missing else words,
            by=Fraction(1 if missing else over) if broken else None,
            unit="teams" if broken else None,
        )


def _required(rule: BuyManagedTeam) -> str:
    longer = f", extended by {rule.extended_by} months at least" if rule.extended_by else ""
    return f", though one is required{longer}"


def on_offer(rule: BuyManagedTeam, question: Question) -> tuple[str, ...]:
    """Name the managed teams that a rule lets a plan buy, in file order.

    Raises:
        InputError: if the rule names one that nothing declares.
    """
    declared = tuple(question.instance.managed_teams)
    place = Place(path=f"standards.{label_of(rule)}.teams")
    faults = [
        unknown("managed team", name, list(declared), place)
        for name in rule.teams
        if name not in (*declared, ALL)
    ]
    if faults:
        raise InputError(faults)
    return tuple(name for name in declared if ALL in rule.teams or name in rule.teams)


@checks(RequireManagedTeam)
def require_managed_team(rule: RequireManagedTeam, staffing: Staffing) -> Iterator[Finding]:
    """Check how many teams of a kind are bought or extended, or by how many months in all.

    Raises:
        InputError: if the rule names a managed team that nothing declares.
    """
    records, name = staffing.question.instance.managed_teams, rule.managed_team
    if name not in records:
        place = Place(path=f"standards.{label_of(rule)}.managed_team")
        raise UnknownName("managed team", name, list(records), place)
    months, there = 0, 0
    for hire, teams in staffing.hired.items():
        if hire.managed_team == name:
            months += teams * hire.extension
            runs_out = hire.start == records[name].there_since and not hire.extension
            there += 0 if runs_out else teams
    counted, unit = (months, "months") if rule.what == "months of extension" else (there, "teams")
    short = missed_by(Fraction(counted), rule.sense, Fraction(rule.number))
    asked = f"{rule.sense} {rule.number} asked for"
    yield Finding(
        rule=label_of(rule),
        verdict=Verdict.BROKEN if short > 0 else Verdict.MET,
        words=f"{records[name].name}: {counted} {rule.what}, {asked}",
        by=short if short > 0 else None,
        unit=unit if short > 0 else None,
    )


def _busiest(staffing: Staffing, name: str) -> tuple[int, Month | None]:
    """Return the most teams at work in any month planned, and the first such month."""
    record = staffing.question.instance.managed_teams[name]
    hires = [(hire, n) for hire, n in staffing.hired.items() if hire.managed_team == name]
    most, when = 0, None
    for month in staffing.question.instance.calendar.months:
        there = sum(n for hire, n in hires if hire.start <= month <= hire.end(record))
        if there > most:
            most, when = there, month
    return most, when


def unlawful(staffing: Staffing) -> Iterator[Finding]:
    """Find teams that no rule offers, that start in another month, or are extended too far."""
    question = staffing.question
    rules = [rule for rule in question.rules if isinstance(rule, BuyManagedTeam)]
    allowed = {name for rule in rules for name in on_offer(rule, question)}
    for hire in staffing.hired:
        record = question.instance.managed_teams[hire.managed_team]
        for words in _faults_of(record, hire, question.instance.calendar.start):
            yield _broken(f"{record.name}, from {hire.start.words}: {words}")
        there = hire.start == record.there_since
        if hire.managed_team not in allowed and (hire.extension or not there):
            verb = "extended" if there else "bought"
            yield _broken(f"{record.name} is {verb}, but no rule offers it")
    yield from _more_than_is_there(staffing)


def _more_than_is_there(staffing: Staffing) -> Iterator[Finding]:
    """Find a team that is there already decided on more than once."""
    for name, record in staffing.question.instance.managed_teams.items():
        decided = sum(
            teams
            for hire, teams in staffing.hired.items()
            if (hire.managed_team, hire.start) == (name, record.there_since)
        )
        if decided > 1:
            yield _broken(f"{record.name}: one is there already, and {decided} are decided on")


def _faults_of(record: ManagedTeam, hire: Hire, first: Month) -> Iterator[str]:
    if hire.start not in (*record.starts, record.there_since):
        yield "no team can start in this month"
    most, step = (record.extension.months, record.extension.step) if record.extension else (0, 1)
    if hire.extension > most:
        yield f"extended by {number(Fraction(hire.extension))} months, {most} at most"
    if hire.extension % step:
        yield f"extended by {number(Fraction(hire.extension))} months, in steps of {step}"
    agreed = agree_by(record, hire)
    if agreed is not None and agreed < first:
        yield f"the extension had to be agreed by {agreed.words}"


def _broken(words: str) -> Finding:
    return Finding(rule="decisions", verdict=Verdict.BROKEN, words=words)
