"""Exact figures in words that a manager reads."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from staffopt.instance.staff import RoleKind
from staffopt.plan import MoneyFigure, MoneyKind
from staffopt.quantity import round_half_up
from staffopt.question import Question
from staffopt.rulebook import Denominator

_DECIMALS = (2, 4, 8)
_VOWELS = "AEIOUaeiou"
_SPOKEN_WITH_A_VOWEL = "AEFHILMNORSX"
"""Capitals whose own name begins with a vowel, as in *an SWSO*."""


def number(value: Fraction) -> str:
    """Write a figure with thousands, to two decimals; to more where two would show 0."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    for decimals in _DECIMALS:
        rounded = round_half_up(value, decimals)
        if rounded:
            return _thousands(rounded)
    return "less than 0.00000001"


def _thousands(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pounds(value: Fraction) -> str:
    """Write an amount in whole pounds, or with its pence where it has any."""
    decimals = 0 if value.denominator == 1 else 2
    sign = "-" if value < 0 else ""
    return f"{sign}£{round_half_up(abs(value), decimals):,f}"


def cost_of(question: Question, line: MoneyFigure) -> str:
    """Say what a line of the ledger pays for: ``the set-up cost of a Social worker``."""
    if line.role is not None:
        what = "set-up cost" if line.kind is MoneyKind.ONE_OFF else "cost"
        what = "non-staffing cost" if line.line.startswith("non-staffing ") else what
        return f"the {what} of {_with_article(question.role_name(line.role))}"
    if line.package is not None:
        return f"the cost of {line.line} ({question.instance.packages[line.package].name})"
    if line.managed_team is not None:
        return f"the {line.line} ({question.instance.managed_teams[line.managed_team].name})"
    return f"the cost of {line.line}"


def _with_article(name: str) -> str:
    acronym = name.partition(" ")[0].isupper()
    vowels = _SPOKEN_WITH_A_VOWEL if acronym else _VOWELS
    return f"{'an' if name[:1] in vowels else 'a'} {name}"


def plain(kind: RoleKind | str) -> str:
    """Write a kind of role in words."""
    return str(kind).replace("_", " ")


_DENOMINATORS = {
    Denominator.POSTS: "FTE",
    Denominator.IN_POST: "FTE in post",
    Denominator.CASE_HOLDERS: "FTE holding cases",
    Denominator.ADJUSTED: "FTE holding cases, adjusted",
}


def average_words(cases: Fraction, fte: Fraction, counted: Denominator) -> str:
    """Write an average with its two sides, naming what cases are divided by."""
    if fte > 0:
        sides = f"{number(cases)} cases, {number(fte)} {_DENOMINATORS[counted]}"
        return f"average {number(cases / fte)} ({sides})"
    return f"{number(cases)} cases and no case holders"
