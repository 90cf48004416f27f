"""The figures of a question that an analysis may vary, each with its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from staffopt.differences import IDLE
from staffopt.instance.sources import Assumption
from staffopt.quantity import Unit, parse_decimal
from staffopt.question import Question, paths_above
from staffopt.record import Record
from staffopt.rulebook import RULES

_CHOSEN = (*IDLE, "pins", "options", "scenarios", "schema_version", "instance", "default_option")
"""Sections that hold decisions, words or other worlds, and no figure of this one."""

_POUNDS = "pounds"
_CEILING = "ceiling"

HUNDREDTH = Fraction(1, 100)
"""What figures are varied in: pence, and hundredths of anything that need not be whole."""


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that may be varied.

    Attributes:
        path: where it stands, as ``--set`` names it.
        value: what it is.
        unit: its unit; empty where the schema has none.
        step: what it is varied in: 1 where it must be whole, else a hundredth.
        assumed: whether the instance states it as an assumption.
        low, high: the range that the assumption states; None where it states none.
    """

    path: str
    value: Fraction
    unit: str
    step: Fraction
    assumed: bool
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def is_cost(self) -> bool:
        """Whether it is a price; a fund's ceiling is money and no price."""
        return self.unit.startswith(_POUNDS) and _CEILING not in self.path.split(".")

    @property
    def is_lattice(self) -> bool:
        """Whether it is what posts come in or averages are rounded to: no range moves it."""
        return self.path.endswith((".step", ".decimals"))


def inputs_of(question: Question) -> list[Input]:
    """List every figure of a question that may be varied, in the order of the file; rules last."""
    found = [
        _with_range(question, one)
        for section in type(question.instance).model_fields
        if section not in _CHOSEN
        for one in _below(getattr(question.instance, section), section, "", question)
    ]
    found += [
        _with_range(question, one)
        for rule in question.rules
        for name in type(rule).model_fields
        for one in _below(getattr(rule, name), rule.path(name), _unit(type(rule), name), question)
    ]
    return found


def inputs_under(question: Question, path: str) -> list[Input]:
    """List the figures at a path and below it that the council states."""
    return inputs_under_each(question, [path])[path]


def inputs_under_each(question: Question, paths: Iterable[str]) -> dict[str, list[Input]]:
    """List the figures at each of some paths, and below it, that the council states.

    A standard is a figure of the council even where the question's model has no rule of that
    label: other options may. Below a path, what is left to its default is not stated.
    """
    stated = set(_leaves(question.instance.model_dump(mode="json", exclude_unset=True), ""))
    rules = {rule.label for rule in question.rules}
    idle = (
        _standard(question, label, name, value)
        for label, given in question.instance.standards.items()
        if label not in rules and isinstance(given, Mapping)
        for name, value in given.items()
    )
    found: dict[str, list[Input]] = {path: [] for path in paths}
    for one in (*inputs_of(question), *filter(None, idle)):
        for top in paths_above(one.path):
            if top in found and (top == one.path or one.path in stated):
                found[top].append(one)
    return found


def _leaves(node: Any, path: str) -> Iterator[str]:
    """Yield the path of everything that a file states and holds nothing further."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _leaves(child, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from _leaves(child, f"{path}.{number}")
    else:
        yield path


def _standard(question: Question, label: str, name: str, stated: Any) -> Input | None:
    """Read a figure that no rule of the question asks for; its unit is the rule's so named."""
    try:
        value = Fraction(parse_decimal(stated))
    except ValueError:
        return None
    rule, path = RULES.get(label), f"standards.{label}.{name}"
    unit = _unit(rule, name) if rule is not None and name in rule.model_fields else ""
    return _with_range(question, Input(path, value, unit, HUNDREDTH, question.is_assumed(path)))


def _below(node: Any, path: str, unit: str, question: Question) -> Iterator[Input]:
    """Yield the figures under a node; a flag is a choice and no figure."""
    if isinstance(node, Record):
        for name in type(node).model_fields:
            inside = _unit(type(node), name) or unit
            yield from _below(getattr(node, name), f"{path}.{name}", inside, question)
    elif isinstance(node, Mapping):
        for key, child in node.items():
            yield from _below(child, f"{path}.{key}", unit, question)
    elif isinstance(node, tuple) and node and isinstance(node[0], Record):
        for number, child in enumerate(node):
            yield from _below(child, f"{path}.{number}", unit, question)
    elif isinstance(node, Decimal | int) and not isinstance(node, bool):
        whole = isinstance(node, int)
        step = Fraction(1) if whole else HUNDREDTH
        yield Input(path, Fraction(node), unit, step, question.is_assumed(path))


def _with_range(question: Question, one: Input) -> Input:
    """Add the range that the figure's own assumption states."""
    stated = question.instance.assumptions.get(one.path)
    if not isinstance(stated, Assumption):
        return one
    low, high = (None if end is None else Fraction(end) for end in (stated.low, stated.high))
    return replace(one, low=low, high=high)


def _unit(record: type[Record], name: str) -> str:
    """Find a field's unit, also within a table or a union."""
    field = record.model_fields[name]
    return next(_units([*field.metadata, field.annotation]), "")


def _units(hints: Any) -> Iterator[str]:
    for hint in hints:
        if isinstance(hint, Unit):
            yield hint.name
        yield from _units((*getattr(hint, "__metadata__", ()), *get_args(hint)))
