"""Figures and small phrases as committee papers write them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.instance.staff import RoleKind
from staffopt.plan import FULL_YEAR, Amount
from staffopt.quantity import Absent, exact_text, round_half_up
from staffopt.question import Question

NOTHING = "–"
"""Stands in a table where there is nothing."""

FULL_YEAR_AFTER = "full year after"
"""What a full year of the last period's posts costs, as a column's name."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOST_DECIMALS = 4


def thousands(value: Fraction | Decimal, decimals: int = 0) -> str:
    """Write a number rounded half up, with thousands separators: ``314,461``."""
    return f"{round_half_up(value, decimals):,f}"


def pounds(value: Fraction | Decimal) -> str:
    """Write whole pounds, rounded half up: ``£580,521``; ``-£1`` below zero."""
    text = thousands(value)
    return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"


def short_pounds(value: Fraction) -> str:
    """Write pounds where there is little room: ``£314k``, ``£1.25m``, ``-£50k``, ``£850``."""
    for unit, letter, decimals in ((1_000_000, "m", 2), (1_000, "k", 0)):
        # What rounds to a thousand thousands is a million.
        if abs(value) >= unit - Fraction(unit, 2_000):
            text = thousands(abs(value) / unit, decimals)
            text = text.rstrip("0").rstrip(".") if decimals else text
            return f"{'-' if value < 0 else ''}£{text}{letter}"
    return pounds(value)


def amount_words(amount: Amount) -> str:
    """Write an amount, saying ``at least`` where a part of it is not known."""
    return f"at least {pounds(amount.raw)}" if amount.at_least else pounds(amount.raw)


def fte(value: Fraction) -> str:
    """Write FTE to one decimal, or to as many as it has up to four."""
    rounded = Fraction(round_half_up(value, _MOST_DECIMALS))
    digits = len(exact_text(rounded).partition(".")[2])
    return thousands(value, max(1, digits))


def fte_words(value: Fraction) -> str:
    """Write FTE in a sentence, whole numbers without a decimal: ``20.5``, ``9``."""
    return thousands(value) if value.denominator == 1 else fte(value)


def change(value: Fraction) -> str:
    """Write a change with its sign: ``+9.0``, ``-1.0``, or a dash where there is none."""
    if value == 0:
        return NOTHING
    return f"+{fte(value)}" if value > 0 else fte(value)


def figure(value: Decimal | Absent) -> str:
    """Write a figure of the instance with thousands separators, or why it is not there."""
    if value is Absent.NOT_APPLICABLE:
        return NOTHING
    return str(value) if isinstance(value, Absent) else f"{value:,f}"


def caseload_words(average: Fraction | None) -> str:
    """Write an average caseload to two decimals; a dash where there is none."""
    return NOTHING if average is None else thousands(average, 2)


def year_words(year: str) -> str:
    """Write a financial year, or the full year after."""
    return FULL_YEAR_AFTER if year == FULL_YEAR else year


def percent(share: Fraction | None) -> str:
    """Write a share as a percentage to one decimal; a dash where there is none."""
    return NOTHING if share is None else f"{thousands(share * 100, 1)}%"


def number(count: int) -> str:
    """Write a small count as a word, a larger one in digits."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def counted(count: int, word: str) -> str:
    """Write ``one team``, ``three teams``."""
    return f"{number(count)} {word}" + ("" if count == 1 else "s")


def term(months: int) -> str:
    """Write how long something lasts: ``two years``, ``18 months``."""
    if months % MONTHS_IN_YEAR == 0:
        return counted(months // MONTHS_IN_YEAR, "year")
    return counted(months, "month")


def term_adjective(months: int) -> str:
    """Write a term before a noun: ``two-year``, ``18-month``."""
    if months % MONTHS_IN_YEAR == 0:
        return f"{number(months // MONTHS_IN_YEAR)}-year"
    return f"{number(months)}-month"


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: ``a, b and c``."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(text: str) -> str:
    """Make the first letter a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def scope_words(question: Question, scope: str | Sequence[str]) -> str:
    """Write a scope with its teams' names where it names teams."""
    names = (scope,) if isinstance(scope, str) else tuple(scope)
    council = question.instance
    shown = [
        council.teams[name].name
        if name in council.teams
        else council.areas[name].name
        if name in council.areas
        else name.replace("_", " ")
        for name in names
    ]
    return listed(shown)


_ABBREVIATIONS = {"asye": "ASYE", "edt": "EDT", "nqsw": "NQSW", "swso": "SWSO"}
"""What the field writes in capitals."""


def tag_words(tag: str) -> str:
    """Make words of a tag: ``part_time`` → ``Part time``, ``asye`` → ``ASYE``."""
    first, *rest = (_ABBREVIATIONS.get(word, word) for word in tag.split("_"))
    return capital(" ".join([first, *rest]))


def noun(name: str) -> str:
    """Write a role's name inside a sentence: words small, acronyms and titles as they are."""
    first, _, rest = name.partition(" ")
    ordinary = rest and rest == rest.lower() and first[1:] == first[1:].lower()
    return name[:1].lower() + name[1:] if ordinary else name


def plural(word: str, value: Fraction) -> str:
    """Add an s to a word in small letters; an acronym stays as it is."""
    return word if value == 1 or word.endswith("s") or word[-1:].isupper() else f"{word}s"


_KIND_NOUNS = {RoleKind.CASE_HOLDER: "social worker", RoleKind.SUPPORT: "support officer"}


def posts_words(question: Question, role: str, value: Fraction) -> str:
    """Write so many posts of a role: ``20.5 support officers (SWSO)``, ``1 Senior SWSO``."""
    name, kind = question.role_name(role), question.instance.roles[role].kind
    if name.isupper() and kind in _KIND_NOUNS:
        return f"{fte_words(value)} {plural(_KIND_NOUNS[kind], value)} ({name})"
    return f"{fte_words(value)} {plural(noun(name), value)}"


def kind_words(question: Question, kind: RoleKind) -> str:
    """Name the roles of a kind in a sentence: the role where there is one, else the kind."""
    roles = question.roles_of(kind)
    return noun(question.role_name(roles[0])) if len(roles) == 1 else str(kind).replace("_", " ")


def title_words(question: Question, what: str) -> str:
    """Write the first line of a report: the council, what is asked, and what this is."""
    asked = f"option {question.option}" if question.option else f"model {question.model}"
    return f"{instance_words(question.instance.instance)} · {asked} · {what}"


def instance_words(instance_id: str) -> str:
    """Write an instance's id as a title: ``nottinghamshire-2018`` → ``Nottinghamshire 2018``."""
    return " ".join(capital(word) for word in instance_id.replace("_", "-").split("-"))


def quoted(path: str) -> str:
    """Quote a path that holds a blank, in the one way that every shell understands."""
    return f'"{path}"' if " " in path else path
