"""Checks of where figures come from, and of what must not be in a file at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from staffopt.errors import Fault, near
from staffopt.instance.bands import Edges
from staffopt.instance.calendar import Month
from staffopt.instance.checks.view import Check, View
from staffopt.instance.funds import PackageLine
from staffopt.instance.schema import Instance
from staffopt.instance.sources import Assumption
from staffopt.quantity import parse_decimal
from staffopt.yaml_text import Loc, dotted, in_file

_FACTS = (
    "calendar",
    "case_types",
    "cases_over_time",
    "roles",
    "teams",
    "case_moves",
    "people",
    "bands",
    "standards",
    "packages",
    "package_lines",
    "managed_teams",
    "prices",
    "funds",
    "benefits",
    "options",
    "scenarios",
)
"""Sections whose figures need a source. Pins are the user's own decisions."""

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_NI_NUMBER = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b",
    re.IGNORECASE,
)


def _figures_have_sources(view: View) -> Iterator[Fault]:
    """Every figure is printed somewhere, or is a stated assumption."""
    if "assumptions" in view.broken_sections:
        return
    for loc in unsourced(view.instance, view.pruned):
        if not view.is_broken(loc):
            path = dotted(in_file(loc, view.pruned))
            what = f"{path} has no source"
            mend = f"Write `from:` in its record, or {path} under assumptions."
            yield Fault("no-source", what, mend, view.place(*loc))


def unsourced(council: Instance, pruned: Collection[Loc] = ()) -> Iterator[Loc]:
    """Yield where every figure stands that has no source and is under no assumption.

    Args:
        council: the council.
        pruned: nodes of its file that could not be read.
    """
    assumed = frozenset(council.assumptions)
    for section in _FACTS:
        for loc in _unsourced(getattr(council, section), (section,), council):
            if not _is_assumed(dotted(in_file(loc, pruned)), assumed):
                yield loc


def _is_assumed(path: str, assumed: frozenset[str]) -> bool:
    """Say whether a path, or one that it lies under, is an assumption."""
    parts = path.split(".")
    return any(".".join(parts[:n]) in assumed for n in range(1, len(parts) + 1))


def _unsourced(node: Any, loc: Loc, council: Instance) -> Iterator[Loc]:
    """Yield every figure under a node that no record on the way names a source for."""
    if isinstance(node, BaseModel):
        if not _names_source(node, council):
            for name in node.model_fields_set - {"pins"}:
                yield from _unsourced(getattr(node, name), (*loc, name), council)
    elif isinstance(node, Mapping):
        if not node.get("from"):
            for key, child in node.items():
                yield from _unsourced(child, (*loc, key), council)
    elif isinstance(node, list | tuple):
        for i, child in enumerate(node):
            yield from _unsourced(child, (*loc, i), council)
    elif _is_figure(node):
        yield loc


def _names_source(record: BaseModel, council: Instance) -> bool:
    """Say whether a record names its source; a package's lines are covered by the package.

    A line of a package that nothing declares has another fault, which is told.
    """
    if isinstance(record, PackageLine):
        package = council.packages.get(record.package)
        return bool(record.source) or package is None or bool(package.source)
    return bool(getattr(record, "source", None))


def _is_figure(value: object) -> bool:
    """Say whether a value is a figure; free-form standards hold theirs as text."""
    if isinstance(value, bool):
        return False
    if isinstance(value, Decimal | int | Edges | Month):
        return True
    try:
        parse_decimal(value)
    except ValueError:
        return False
    return True


def _assumptions_lead_somewhere(view: View) -> Iterator[Fault]:
    """An assumption is about something that is there."""
    for path in view.instance.assumptions:
        parts = path.split(".")
        if view.is_broken(tuple(parts[:2])) or parts[0] in {str(p[0]) for p in view.pruned}:
            continue
        known = _where_lost(view.instance, parts)
        if known is not None:
            place = view.place("assumptions", path, key=True)
            what = f"assumption {path!r} leads nowhere"
            lost, choices = known
            mend = f"No {lost!r} there. {near(lost, choices)}"
            yield Fault("assumption-path", what, mend, place)


def _ranges_hold_their_figure(view: View) -> Iterator[Fault]:
    """A range is of one figure, which lies in it."""
    for path, stated in view.instance.assumptions.items():
        parts = path.split(".")
        if view.is_broken(tuple(parts[:2])) or _where_lost(view.instance, parts) is not None:
            continue
        if isinstance(stated, Assumption) and (stated.low, stated.high) != (None, None):
            what = _out_of_range(stated, _found(view.instance, parts))
            if what is not None:
                mend = "State the least and the most that this one figure may be."
                yield Fault(
                    "assumption-range", f"{path} {what}", mend, view.place("assumptions", path)
                )


def _out_of_range(stated: Assumption, value: Any) -> str | None:
    """Say what is wrong with a range, if anything is."""
    if not _is_figure(value) or isinstance(value, Edges | Month):
        return "is no figure, so it has no range"
    figure = parse_decimal(value)
    if stated.low is not None and stated.low > figure:
        return f"is {figure}, below its range, which starts at {stated.low}"
    if stated.high is not None and stated.high < figure:
        return f"is {figure}, above its range, which ends at {stated.high}"
    return None


def leads_somewhere(council: Instance, path: str) -> bool:
    """Say whether anything stands at a path of a council, if only a field left to its default."""
    return _where_lost(council, path.split(".")) is None


def stands_at(council: Instance, path: str) -> Any:
    """Return what stands at a path of a council; None where it leads nowhere."""
    return _found(council, path.split(".")) if leads_somewhere(council, path) else None


def _found(node: Any, parts: list[str]) -> Any:
    """Return what stands at a path that leads somewhere."""
    if not parts:
        return node
    choices = _children(node)
    keys = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    length, key = next((n, key) for n, key in enumerate(keys, 1) if key in choices)
    return _found(choices[key], parts[length:])


def _where_lost(node: Any, parts: list[str]) -> tuple[str, list[str]] | None:
    """Follow a path; return the part that leads nowhere and what could stand there, or None."""
    if not parts:
        return None
    choices = _children(node)
    for length in range(1, len(parts) + 1):
        key = ".".join(parts[:length])
        if key in choices:
            return _where_lost(choices[key], parts[length:])
    return parts[0], list(choices)


def _children(node: Any) -> dict[str, Any]:
    """Name what can stand under a node, fields left to their default included."""
    if isinstance(node, BaseModel):
        return {field.alias or name: getattr(node, name) for name, field in _fields_of(node)}
    if isinstance(node, Mapping):
        return {str(key): child for key, child in node.items()}
    if isinstance(node, list | tuple):
        return {str(i): child for i, child in enumerate(node)}
    return {}


def _fields_of(record: BaseModel) -> Iterator[tuple[str, Any]]:
    yield from type(record).model_fields.items()


def no_personal_data(view: View) -> Iterator[Fault]:
    """Nothing that looks like a person's address or number; it is not repeated in the fault."""
    root = view.tree.root if view.tree else view.instance.model_dump(mode="json")
    for loc, text, is_key in _texts(root, ()):
        for pattern, words in ((_EMAIL, "an e-mail address"), (_NI_NUMBER, "an NI number")):
            if pattern.search(text):
                what = f"this looks like {words}"
                mend = "Take it out: no file holds data of persons."
                place = view.tree and (view.tree.key_place(loc) if is_key else view.tree.place(loc))
                yield Fault("personal-data", what, mend, place or view.place(*loc))


def _texts(node: Any, loc: Loc) -> Iterator[tuple[Loc, str, bool]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield (*loc, key), key, True
            yield from _texts(child, (*loc, key))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from _texts(child, (*loc, i))
    elif isinstance(node, str):
        yield loc, node, False


CHECKS = (
    Check(_figures_have_sources),
    Check(_assumptions_lead_somewhere),
    Check(_ranges_hold_their_figure),
    Check(no_personal_data),
)
