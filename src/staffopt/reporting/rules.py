"""The rule book as text: sentence, formula, parameters, source."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any, get_args

from pydantic.fields import FieldInfo

from staffopt.quantity import Unit
from staffopt.reporting.formula import plain_formula, plain_text
from staffopt.reporting.tables import page, wrapped
from staffopt.rulebook import Rule

_FORMULA = re.compile(r"\.\. math::[ ]*(.*?)(?:\n\n(?=\S)|\Z)", re.DOTALL)
_BOOKKEEPING = ("label", "source")
"""Fields that say where a rule stands, not what it asks."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a rule."""

    name: str
    unit: str
    meaning: str
    default: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as its class documents it; formula in LaTeX."""

    name: str
    sentence: str
    formula: str
    text: str
    symbols: str
    source: str
    parameters: tuple[Parameter, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return asdict(self)


def entry(rule: type[Rule]) -> Entry:
    """Take a rule's docstring and fields apart."""
    doc = inspect.cleandoc(rule.__doc__ or "")
    formula = _FORMULA.search(doc)
    rest = _FORMULA.sub("", doc)
    paragraphs = [" ".join(part.split()) for part in rest.split("\n\n") if part.strip()]
    named = {
        key: next((p[len(key) + 2 :] for p in paragraphs if p.startswith(f"{key}: ")), "")
        for key in ("Symbols", "Source")
    }
    text = [p for p in paragraphs[1:] if not p.startswith(("Symbols: ", "Source: "))]
    return Entry(
        name=rule.name,
        sentence=paragraphs[0] if paragraphs else "",
        formula=" ".join(formula[1].split()) if formula else "",
        text=" ".join(text),
        symbols=named["Symbols"],
        source=named["Source"],
        parameters=tuple(_parameters(rule)),
    )


def _parameters(rule: type[Rule]) -> Iterator[Parameter]:
    for name, field in rule.model_fields.items():
        if name not in _BOOKKEEPING:
            yield Parameter(name, _unit(field), field.description or "", _default(field))


def _unit(field: FieldInfo) -> str:
    """Find the unit of a field, also where it stands in one branch of a union or in a table."""
    for item in [*field.metadata, *_annotations(field.annotation)]:
        if isinstance(item, Unit):
            return item.name
    return ""


def _annotations(annotation: object) -> Iterator[object]:
    for argument in get_args(annotation):
        yield argument
        yield from _annotations(argument)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    plain = value.value if isinstance(value, Enum) else value
    return str(plain).lower() if isinstance(plain, bool) else _text(plain)


def _text(value: object) -> str:
    """Write a default; a record with nothing in it is none."""
    return "none" if getattr(value, "empty", False) else str(value)


def render_rule(rule: type[Rule]) -> str:
    """Write one rule in full."""
    shown = entry(rule)
    parts = [
        ("", shown.sentence),
        ("Formula: ", plain_formula(shown.formula)),
        ("", shown.text),
        ("Symbols: ", shown.symbols),
        ("Source: ", shown.source),
    ]
    lines = [shown.name]
    lines += [
        line
        for first, text in parts
        if text
        for line in wrapped(plain_text(text), f"  {first}", "    ")
    ]
    lines.append("  Parameters, under `standards` in the instance or `rules` in the model:")
    for item in shown.parameters:
        unit = f", {item.unit}" if item.unit else ""
        words = f"{item.name}: {plain_text(item.meaning)} [{item.default}{unit}]"
        lines += wrapped(words, "    ", "        ")
    return page([lines])


def render_rules(rules: Sequence[type[Rule]]) -> str:
    """List every rule with its sentence."""
    lines: list[str] = []
    for rule in rules:
        lines += [rule.name, *wrapped(plain_text(entry(rule).sentence), "    ")]
    return page([lines, ["One rule in full: staffopt rules keep_support_ratio"]])
