"""What differs between two questions: the path of every figure, and what stands there now.

Only what bears on the answer is compared. Titles, sources and the like are passed over, and so are
the instance's standards: they are settled in the rules, where they are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from staffopt.instance.funds import Fund
from staffopt.instance.options import Pins
from staffopt.instance.schema import Instance
from staffopt.question import Question
from staffopt.record import Record
from staffopt.rulebook import Pin, Rule

IDLE = ("title", "paper", "standards", "assumptions", "sources")
"""Sections of an instance that no rule reads."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two questions differ.

    Attributes:
        path: where, as an override would name it.
        old, new: what stands there; :data:`NOTHING` where there is no such place.
    """

    path: str
    old: Any
    new: Any


class Nothing:
    """There is no such place."""


NOTHING = Nothing()


def differences(old: Question, new: Question) -> Iterator[Difference]:
    """Name every place at which two questions differ and that may bear on the program."""
    for name in ("model", "may_change", "goals", "option", "fund"):
        if getattr(old, name) != getattr(new, name):
            yield Difference(name, getattr(old, name), getattr(new, name))
    for section in Instance.model_fields:
        if section not in IDLE:
            mine, theirs = getattr(old.instance, section), getattr(new.instance, section)
            yield from _below(section, mine, theirs, new.instance)
    yield from _of_rules(old, new)


def _of_rules(old: Question, new: Question) -> Iterator[Difference]:
    """Compare rules, but for pins, which are compared where they stand."""
    mine, theirs = ({rule.label: rule for rule in q.rules} for q in (old, new))
    if old.instance.pins.empty != new.instance.pins.empty:
        was, now = (NOTHING if q.instance.pins.empty else q.instance.pins for q in (old, new))
        yield Difference("pins", was, now)
    for label in sorted({*mine, *theirs}):
        one, two = mine.get(label, NOTHING), theirs.get(label, NOTHING)
        if isinstance(one, Rule) and isinstance(two, Rule) and type(one) is type(two):
            if not isinstance(one, Pin):
                yield from _below(f"standards.{label}", one, two, new.instance)
        elif not isinstance(one, Pin) and not isinstance(two, Pin):
            yield Difference(f"standards.{label}", one, two)


def _below(path: str, old: Any, new: Any, council: Instance) -> Iterator[Difference]:
    """Go down to the least places that differ; a table that one of them lacks has no entries."""
    if old is NOTHING and isinstance(new, Mapping) and new:
        old = {}
    if new is NOTHING and isinstance(old, Mapping) and old:
        new = {}
    if old == new and type(old) is type(new):
        return
    if isinstance(old, Record) and type(old) is type(new):
        for name in type(old).model_fields:
            if name in ("source", "from", "title"):
                continue
            mine, theirs = getattr(old, name), getattr(new, name)
            if isinstance(old, Fund) and isinstance(new, Fund) and name == "ceiling":
                # One figure for every year and a figure for each mean the same.
                mine, theirs = (
                    {year: fund.ceiling_in(year) for year in council.calendar.years}
                    for fund in (old, new)
                )
            yield from _below(f"{path}.{name}", mine, theirs, council)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            mine, theirs = old.get(key, NOTHING), new.get(key, NOTHING)
            yield from _below(f"{path}.{key}", mine, theirs, council)
    else:
        yield Difference(path, old, new)


def figure_at(question: Question, path: str) -> Fraction | None:
    """Return the figure at a path that bounds may follow, or None where there is none.

    Raises:
        KeyError: if the path is of no such figure.
    """
    council = question.instance
    match path.split(".", 3):
        case ["funds", fund, "ceiling", year]:
            return _figure(council.funds[fund].ceiling_in(year))
        case ["teams", team, "cases"]:
            return _figure(question.cases(team))
        case ["pins", table, *keys]:
            return _figure(_pinned(council.pins, table, keys))
        case ["model", "goals", number, "at_most"]:
            return _figure(question.goals[int(number)].at_most)
        case ["standards", label, *keys]:
            at: Any = next(rule for rule in question.rules if rule.label == label)
        case ["roles", role, "career", rest]:
            at, keys = council.roles[role].career, rest.split(".")
        case _:
            raise KeyError(path)
    return _followed(at, keys)


def _pinned(pins: Pins, table: str, keys: Sequence[str]) -> object:
    """Return what is pinned, or None where it is not; a preference that is not pinned is free."""
    match table, keys:
        case "posts" | "people", [team, role]:
            return getattr(pins, table).get(team, {}).get(role)
        case "change" | "packages", [name]:
            return getattr(pins, table).get(name)
        case "first_preferences", [person]:
            return pins.first_preferences.get(person, False)
        case _:
            raise KeyError(f"pins.{table}")


def _followed(value: Any, keys: Sequence[str]) -> Fraction | None:
    """Follow keys through records and tables."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else getattr(value, key)
    return _figure(value)


def _figure(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, Decimal | Fraction | int) else None
