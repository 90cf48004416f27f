"""Sums of the ledger: of a fund, a role, a package, a group of teams, and of all new money."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal

from staffopt.plan import Amount, MoneyFigure, MoneyKind, MoneyTotal
from staffopt.question import ALL, NOT_NAMED, Question
from staffopt.verifier.money import windows
from staffopt.verifier.registry import label_of
from staffopt.verifier.staffing import ZERO

_Of = Literal[
    "fund",
    "role",
    "package",
    "managed team",
    "scope",
    "new money",
    "today",
    "penalty",
    "price",
]
_Test = Callable[[MoneyFigure], bool]


def add_up(lines: Iterable[MoneyFigure]) -> Amount:
    """Sum lines; a sum that holds an unknown cost says ``at_least``."""
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return Amount.of(
        sum((amount.raw for amount in known), ZERO),
        at_least=len(known) < len(amounts) or any(amount.at_least for amount in known),
    )


def charged(
    lines: Iterable[MoneyFigure], years: Collection[str]
) -> dict[tuple[str, str], Fraction]:
    """Return (fund, year) → pounds charged, posts of today too, as ceilings count them.

    What cut posts save relaxes no ceiling; a cost that is not known counts nothing.
    """
    found: dict[tuple[str, str], Fraction] = {}
    for line in lines:
        counts = line.kind is MoneyKind.TODAY or (line.is_new and line.kind is not MoneyKind.SAVING)
        if counts and line.year in years and line.amount is not None:
            key = line.fund, line.year
            found[key] = found.get(key, ZERO) + line.amount.raw
    return found


def totals(question: Question, lines: Sequence[MoneyFigure]) -> tuple[MoneyTotal, ...]:
    """Sum the ledger by fund, role, package and group, over all new money, and today's by fund.

    Penalties and prices are no money: they have sums of their own, by rule, and are in no other.

    What has a line in any year has a total in every year, and in the full year after.
    """
    years = [window.year for window in windows(question.instance.calendar)]
    new = [line for line in lines if line.is_new]
    today, labels = _of_kind(lines, MoneyKind.TODAY), list(map(label_of, question.rules))
    sums = [
        *_sums("fund", [*question.instance.funds, NOT_NAMED], new, _fund_is),
        *_sums("role", question.instance.roles, new, _role_is),
        *_sums("package", question.instance.packages, new, _package_is),
        *_sums("managed team", question.instance.managed_teams, new, _managed_is),
        *_sums("scope", question.instance.groups, new, _in_group(question)),
        ("new money", ALL, new),
        *_sums("today", question.instance.funds, today, _fund_is),
        *_sums("penalty", labels, _of_kind(lines, MoneyKind.PENALTY), _rule_is),
        *_sums("price", labels, _of_kind(lines, MoneyKind.PRICE), _rule_is),
    ]
    return tuple(
        MoneyTotal(of=of, name=name, year=y, amount=add_up(n for n in chosen if n.year == y))
        for of, name, chosen in sums
        for y in years
    )


def _sums(
    of: _Of, names: Iterable[str], lines: Sequence[MoneyFigure], test: Callable[[str], _Test]
) -> Iterator[tuple[_Of, str, list[MoneyFigure]]]:
    """Yield the lines of each name that has any."""
    for name in names:
        chosen = [line for line in lines if test(name)(line)]
        if chosen:
            yield of, name, chosen


def _of_kind(lines: Sequence[MoneyFigure], kind: MoneyKind) -> list[MoneyFigure]:
    return [line for line in lines if line.kind is kind]


def _fund_is(name: str) -> _Test:
    return lambda line: line.fund == name


def _role_is(name: str) -> _Test:
    return lambda line: line.role == name


def _package_is(name: str) -> _Test:
    return lambda line: line.package == name


def _managed_is(name: str) -> _Test:
    return lambda line: line.managed_team == name


def _rule_is(name: str) -> _Test:
    return lambda line: line.rule == name


def _in_group(question: Question) -> Callable[[str], _Test]:
    """Test for recurrent money of a group's teams; pooled set-up belongs to no team."""

    def test(group: str) -> _Test:
        teams = question.instance.groups[group]
        return lambda line: (
            line.kind in (MoneyKind.RECURRENT, MoneyKind.SAVING, MoneyKind.PREMIUM)
            and line.team in teams
        )

    return test
