"""Validation errors as faults: where, what, and how to mend it.

Pydantic tells of a value once for every way in which it might have been read; a user is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from staffopt.errors import Fault, near
from staffopt.yaml_text import MOST_FAULTS, Loc, Tree, dotted

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "enum": "unknown-choice",
    "literal_error": "unknown-choice",
    "string_pattern_mismatch": "bad-id",
    "value_error": "bad-value",
    "string_too_short": "bad-text",
    "string_too_long": "bad-text",
}
_SHAPES = {
    "dict_type": "a table of `key: value` lines",
    "mapping_type": "a table of `key: value` lines",
    "model_type": "a table of `key: value` lines",
    "tuple_type": "a list such as [a, b]",
    "list_type": "a list such as [a, b]",
    "string_type": "text",
}
_KEY = "[key]"
_MOST_ERRORS = 5 * MOST_FAULTS
"""A value may be refused in several ways; beyond this the list is cut in any case."""


@dataclass(frozen=True)
class SchemaFault:
    """A fault and the node that it condemns.

    Attributes:
        loc: where the node stands in the tree; a missing node's loc ends in its name.
        fault: what to tell.
        missing: whether the node is not in the file.
    """

    loc: Loc
    fault: Fault
    missing: bool


@dataclass(frozen=True)
class Item:
    """One thing that pydantic says of a node.

    Attributes:
        loc: where the node stands, without the marks that pydantic leaves for unions and keys.
        kind: pydantic's type of error.
        message: what pydantic, or a validator of ours, says.
        expected: the choices there are, where it is one of several.
        is_key: whether a key is at fault and not what stands under it.
        through_union: whether another branch of a union was meant.
    """

    loc: Loc
    kind: str
    message: str
    expected: tuple[str, ...]
    is_key: bool
    through_union: bool


def schema_faults(error: ValidationError, tree: Tree, model: type[BaseModel]) -> list[SchemaFault]:
    """Turn a validation error of a whole file into faults, one for each node at fault."""
    items = [_item(raw, tree.root) for raw in error.errors(include_url=False)[:_MOST_ERRORS]]
    deepest = {item.loc for item in items}
    by_node: dict[tuple[Loc, bool], list[Item]] = {}
    for item in items:
        if item.through_union and any(_is_under(loc, item.loc) for loc in deepest):
            continue  # the user wrote the table that the union allows; its own fault is told
        by_node.setdefault((item.loc, item.is_key), []).append(item)
    return [_fault(group, tree, model) for group in by_node.values()]


def _is_under(loc: Loc, above: Loc) -> bool:
    return len(loc) > len(above) and loc[: len(above)] == above


def _item(raw: Any, root: Any) -> Item:
    """Clean a location of the marks that pydantic leaves for unions and keys."""
    node, loc, skipped = root, list[str | int](), False
    last: str | int = raw["loc"][-1] if raw["loc"] else ""
    for part in raw["loc"]:
        inside = part in node if isinstance(node, dict) else _is_index(node, part)
        if inside:
            node = node[part]
            loc.append(part)
        elif raw["type"] == "missing" and part == last:
            loc.append(part)
        else:
            skipped = True
    return item_at(tuple(loc), raw, through_union=skipped)


def item_at(loc: Loc, raw: Any, *, through_union: bool = False) -> Item:
    """Take apart what pydantic says of a node."""
    expected = tuple(re.findall(r"'([^']*)'", str(raw.get("ctx", {}).get("expected", ""))))
    message = str(raw["msg"]).removeprefix("Value error, ")
    is_key = bool(raw["loc"]) and raw["loc"][-1] == _KEY
    return Item(loc, raw["type"], message, expected, is_key, through_union)


def _is_index(node: Any, part: str | int) -> bool:
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _fault(group: list[Item], tree: Tree, model: type[BaseModel]) -> SchemaFault:
    """Make one fault of everything that was said of one node."""
    first = _first(group)
    text = _text_at(tree.root, first.loc)
    by_key = first.is_key or first.kind == "extra_forbidden"
    place = tree.key_place(first.loc) if by_key else tree.place(first.loc)
    code, what, mend = told(group, text, model)
    if first.kind == "missing" and first.loc:
        mend = tree.adding(str(first.loc[-1]))
    return SchemaFault(first.loc, Fault(code, what, mend, place), first.kind == "missing")


def told(
    group: Sequence[Item], text: str | None, model: type[BaseModel], root: str = ""
) -> tuple[str, str, str]:
    """Say once what pydantic says of one node: code, what is wrong, how to mend it.

    Args:
        group: what it says; of the branches of a union several things.
        text: what stands at the node, where that is text.
        model: what is read.
        root: the path under which the model stands.
    """
    first = _first(group)
    what, mend = _words(first, text, model, root)
    choices = dict.fromkeys(w for item in group if item is not first for w in item.expected)
    if choices and first.kind != "enum":
        mend += " Or write " + " or ".join(choices) + "."
    return _code(first.kind), what, mend


def _first(group: Sequence[Item]) -> Item:
    """Choose what is told of a node: that its value is wrong, before that it is no table."""
    return next((item for item in group if item.kind not in _SHAPES), group[0])


def _code(kind: str) -> str:
    if kind in _SHAPES:
        return "wrong-shape"
    if kind.startswith("date"):
        return "bad-date"
    if kind.startswith(("greater_than", "less_than")):
        return "out-of-range"
    return _CODES.get(kind, kind.replace("_", "-"))


def _text_at(root: Any, loc: Loc) -> str | None:
    node = root
    for part in loc:
        inside = part in node if isinstance(node, dict) else _is_index(node, part)
        if not inside:
            return None
        node = node[part]
    return node if isinstance(node, str) else None


def _words(item: Item, text: str | None, model: type[BaseModel], root: str = "") -> tuple[str, str]:
    """Say what is wrong with a node, and what to write instead."""
    top: Loc = (root,) if root else ()
    name, above = (str(item.loc[-1]) if item.loc else root), dotted((*top, *item.loc[:-1]))
    shown = repr(text) if text is not None else dotted((*top, *item.loc)) or "the file"
    if item.kind == "missing":
        return f"{above or 'the file'} has no {name}", "Add it."
    if item.kind == "extra_forbidden":
        return f"{above or 'the file'} has no field {name!r}", near(name, _fields(model, item.loc))
    if item.kind in ("enum", "literal_error"):
        return f"{shown} is none of the choices of {name}", near(text or "", item.expected)
    if item.kind == "string_pattern_mismatch":
        what = repr(name) if item.is_key else shown
        return f"{what} is no id", "Use lower-case letters, digits, _ and -, at most 64."
    if item.kind in _SHAPES:
        return f"{name} is not {_SHAPES[item.kind]}", f"Write {_SHAPES[item.kind]}."
    return _of_a_value(item, shown)


def _of_a_value(item: Item, shown: str) -> tuple[str, str]:
    """Say what is wrong with a value: in words of ours, or in pydantic's made plain."""
    if item.kind == "json_invalid":
        where = item.message.partition(": ")[2]
        return f"this is no JSON: {where}", "Name a file that this program has written."
    what, _, mend = item.message.partition("; ")
    if asked := re.fullmatch(r"Input should be (.+)", what):
        range_of = item.kind.startswith(("greater", "less"))
        what = f"{shown} should be {asked[1]}"
        mend = f"write {'a figure ' if range_of else ''}{asked[1]}"
    elif item.kind != "value_error":
        what = f"{shown}: {what[:1].lower()}{what[1:]}"
    return what, (mend[:1].upper() + mend[1:] + "." if mend else "Correct it.")


def _fields(model: type[BaseModel], loc: Loc) -> list[str]:
    """Name the fields that could stand where an unknown one does."""
    kinds: list[Any] = [model]
    for part in loc[:-1]:
        kinds = [inner for kind in kinds for inner in _step(kind, part)]
    return [
        field.alias or name
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, field in kind.model_fields.items()
    ]


def _step(kind: Any, part: str | int) -> Iterable[Any]:
    """Go from a type to the types of what stands under a key or position in it."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                yield from _unwrap(field.annotation)
    elif get_origin(kind) is not None and issubclass(get_origin(kind), Mapping | tuple):
        arguments = get_args(kind)
        yield from _unwrap(arguments[1] if issubclass(get_origin(kind), Mapping) else arguments[0])


def _unwrap(kind: Any) -> Iterable[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _unwrap(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for inner in get_args(kind):
            yield from _unwrap(inner)
    elif kind is not type(None):
        yield kind
