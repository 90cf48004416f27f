"""The instance's schema as tables: what it looks like as sheets of a workbook or as CSV files.

Made from :mod:`staffopt.instance.schema`, so that the two cannot drift. Every mapping of records is
a table whose first column is the key; a mapping inside a record is a table of its own, whose first
columns are the keys on the way to it. What stands once is a row of the table ``council``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator

from staffopt.instance.calendar import Month
from staffopt.instance.fields import Day
from staffopt.instance.schema import Instance
from staffopt.quantity import Absent, Figure, Number, Unit, decimal_text, parse_flag, parse_whole
from staffopt.record import Names

COUNCIL = "council"
"""The table of what stands once: a field and its value in each row."""

FIELD, VALUE = "field", "value"
"""The headings of that table."""

_KEY = "key"
"""Heading of a key that the schema gives no name."""


class Kind(Enum):
    """How what stands in a cell is written."""

    FIGURE = "figure"
    FLAG = "flag"
    MONTH = "month"
    DAY = "day"
    TEXT = "text"
    ANY = "any"
    EMPTY = "empty"
    """Nothing but ``{}`` or ``[]``: a table or list that is there and holds nothing."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a type lets stand in one cell.

    Attributes:
        kind: how it is written.
        many: whether it is a list.
        choices: the words there are, where there are few.
        section: where the names that stand in it are declared; empty if they are not declared.
        unit: unit of its figures.
        one: what a name in it names.
    """

    kind: Kind
    many: bool = False
    choices: tuple[str, ...] = ()
    section: str = ""
    unit: str = ""
    one: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: a field of the record that a row is.

    Attributes:
        heading: its name.
        path: where the field stands below the row's record; empty if the row is the value itself.
        content: what can stand in it.
        meaning: what it means, for people.
        default: what holds if it is left out, in words; empty if nothing does.
        required: whether it must be given.
    """

    heading: str
    path: tuple[str, ...]
    content: Content
    meaning: str = ""
    default: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A column that holds a key on the way to a row's record."""

    heading: str
    content: Content


@dataclass(frozen=True, slots=True)
class Table:
    """A table: where its records stand in an instance, and its columns.

    Attributes:
        name: of the sheet, and of the CSV file without its suffix.
        steps: the way from the instance to a record: fields, and keys that are columns; a list's
            positions are steps too, which no column holds.
        columns: what a record has.
        meaning: what the table holds, for people.
    """

    name: str
    steps: tuple[str | Key | None, ...]
    columns: tuple[Column, ...]
    meaning: str = ""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The columns that hold keys, in order."""
        return tuple(step for step in self.steps if isinstance(step, Key))

    @property
    def headings(self) -> tuple[str, ...]:
        """Every column's name, those of the keys first."""
        if not self.steps:
            return FIELD, VALUE
        return (*(key.heading for key in self.keys), *(c.heading for c in self.columns))


@cache
def tables() -> tuple[Table, ...]:
    """Return every table of an instance, each after the one that its records lie in."""
    own = Table(COUNCIL, (), tuple(_columns(Instance, ())), "What stands once.")
    return (own, *_inner(Instance, (), ()))


def _fields(record: type[BaseModel]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each field's name in files, its type with every annotation, and its information."""
    hints = get_type_hints(record, include_extras=True)
    for name, field in record.model_fields.items():
        hint = Annotated[hints[name], *field.metadata] if field.metadata else hints[name]
        yield field.alias or name, hint, field


def _columns(
    record: type[BaseModel], above: tuple[str, ...], *, needed: bool = True
) -> Iterator[Column]:
    """Yield a record's columns, those of records that it holds included.

    What a record needs that may itself be left out is no column that must be filled in.
    """
    for name, hint, field in _fields(record):
        path = (*above, name)
        parts, marks = _parts(hint)
        content = _content(parts, marks)
        yield Column(
            ".".join(path),
            path,
            content or Content(Kind.EMPTY),
            " ".join((field.description or "").split()),
            _default(field) if content else "",
            required=needed and field.is_required() and content is not None,
        )
        for part in parts:
            if _is_record(part):
                yield from _columns(part, path, needed=needed and field.is_required())


def _inner(
    record: type[BaseModel], steps: tuple[str | Key | None, ...], names: tuple[str, ...]
) -> Iterator[Table]:
    """Yield the tables that lie in a record, and those in their records."""
    for name, hint, field in _fields(record):
        meaning = " ".join((field.description or "").split())
        for part in _parts(hint)[0]:
            at = (*steps, name)
            if _is_record(part):
                yield from _inner(part, at, (*names, name))
            elif _is_mapping(part) or _is_list_of_records(part):
                yield from _of_collection(part, at, (*names, name), _unit(hint), meaning)


def _of_collection(
    part: Any,
    steps: tuple[str | Key | None, ...],
    names: tuple[str, ...],
    unit: str,
    meaning: str,
) -> Iterator[Table]:
    """Yield the table of a mapping or of a list of records, and those in its records."""
    arguments = get_args(part)
    value = arguments[1] if _is_mapping(part) else arguments[0]
    step = _key(arguments[0]) if _is_mapping(part) else None
    parts, marks = _parts(value)
    below = (*steps, step)
    records = [each for each in parts if _is_record(each)]
    deeper = [each for each in parts if _is_mapping(each)]
    if records:
        columns = tuple(_columns(records[0], ()))
        yield Table(".".join(names), below, columns, meaning)
        yield from _inner(records[0], below, names)
    elif deeper:
        words = _content(parts, marks)
        for table in _of_collection(deeper[0], below, names, unit or _unit(value), meaning):
            yield _with_words(table, words)
    else:
        content = _content(parts, marks)
        assert content is not None
        content = replace(content, unit=unit or content.unit)
        heading = content.section if content.many and content.section else names[-1]
        heading = VALUE if content.kind is Kind.ANY else heading
        column = Column(heading, (), content, meaning, required=True)
        yield Table(".".join(names), below, (column,), meaning)


def _with_words(table: Table, words: Content | None) -> Table:
    """Let the words that may stand for an inner table stand in its column of values."""
    if words is None:
        return table
    *first, last = table.columns
    joined = replace(last.content, choices=(*last.content.choices, *words.choices))
    return replace(table, columns=(*first, replace(last, content=joined)))


def _key(hint: Any) -> Key:
    parts, marks = _parts(hint)
    content = _content(parts, marks)
    assert content is not None
    return Key(content.one or _KEY, content)


def _parts(hint: Any) -> tuple[list[Any], list[Any]]:
    """Take a type apart into what a union allows, and the annotations of the whole."""
    marks: list[Any] = []
    while get_origin(hint) is Annotated:
        hint, *more = get_args(hint)
        marks += more
    if get_origin(hint) in (Union, UnionType):
        inner = [_parts(part) for part in get_args(hint)]
        parts = [part for found, _ in inner for part in found]
        return parts, [*marks, *(mark for _, found in inner for mark in found)]
    return ([] if hint is type(None) else [hint]), marks


def _is_record(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def _is_mapping(part: Any) -> bool:
    origin = get_origin(part)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_list_of_records(part: Any) -> bool:
    return get_origin(part) is tuple and _is_record(get_args(part)[0])


_READERS: Mapping[object, Kind] = {
    parse_flag: Kind.FLAG,
    parse_whole: Kind.FIGURE,
    Month.parse: Kind.MONTH,
    **{
        mark.func: kind
        for hint, kind in ((Number, Kind.FIGURE), (Figure, Kind.FIGURE), (Day, Kind.DAY))
        for mark in getattr(hint, "__metadata__", ())
        if isinstance(mark, BeforeValidator)
    },
}
"""The functions that read a field, and how what they read is written."""


def _content(parts: Sequence[Any], marks: Sequence[Any]) -> Content | None:
    """Say what may stand in one cell; None if no part of the type fits into one."""
    plain = [p for p in parts if not (_is_record(p) or _is_mapping(p) or _is_list_of_records(p))]
    if not plain:
        return None
    for part in plain:
        if get_origin(part) is tuple:
            inner = _content(*_parts(get_args(part)[0]))
            return replace(inner, many=True) if inner else None
    readers = [
        _READERS[m.func] for m in marks if isinstance(m, BeforeValidator) and m.func in _READERS
    ]
    kind = readers[0] if readers else Kind.ANY if Any in plain else Kind.TEXT
    names = next((mark for mark in marks if isinstance(mark, Names)), Names(""))
    choices = tuple(dict.fromkeys(word for part in plain for word in _choices(part)))
    if kind is Kind.FLAG:
        choices = tuple(dict.fromkeys(("true", "false", *choices)))
    unit = next((mark.name for mark in marks if isinstance(mark, Unit)), "")
    return Content(kind, choices=choices, section=names.section, unit=unit, one=names.one)


def _choices(part: Any) -> tuple[str, ...]:
    if get_origin(part) is Literal:
        return tuple(str(word).lower() for word in get_args(part))
    if isinstance(part, type) and issubclass(part, Enum) and part is not Absent:
        return tuple(str(choice.value) for choice in part)
    return ()


def _unit(hint: Any) -> str:
    """Find the unit of a field's figures, also within a table or a union."""
    for mark in getattr(hint, "__metadata__", ()):
        if isinstance(mark, Unit):
            return mark.name
    return next((unit for part in get_args(hint) if (unit := _unit(part))), "")


def _default(field: Any) -> str:
    """Say what holds if a field is left out."""
    if field.is_required():
        return ""
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ((), {}) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple):
        return ", ".join(str(item.value if isinstance(item, Enum) else item) for item in value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return decimal_text(value) if hasattr(value, "as_tuple") else str(value)
