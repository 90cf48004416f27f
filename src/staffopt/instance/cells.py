"""What stands in one cell of a table, and how it is written there.

A cell is text, or what a spreadsheet makes of it: a number, a date, a truth value. It is turned
into the text that would stand in a YAML file, and the field that it is for reads it from there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import yaml

from staffopt.errors import InputError
from staffopt.instance.tables import Content, Kind
from staffopt.quantity import decimal_text, parse_decimal
from staffopt.yaml_text import MOST_TEXT, UNPRINTABLE, read_yaml

Cell = str | float | bool | dt.date | dt.time | dt.timedelta | None
"""What a reader of workbooks returns; a CSV file's cells are text."""

DIGITS = 15
"""A spreadsheet shows and keeps so many significant digits of a number."""

_STRUCTURED = ("[", "{", '"')
"""How a value begins that is a list, a table, or text with marks that would be lost."""


class CellError(ValueError):
    """A cell that cannot be read.

    Attributes:
        code: of the fault.
        what: what is wrong.
        mend: what to write instead.
    """

    def __init__(self, code: str, what: str, mend: str) -> None:
        self.code, self.what, self.mend = code, what, mend
        super().__init__(what)


def is_blank(cell: Cell) -> bool:
    """Say whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell, kind: Kind) -> str:
    """Write what a spreadsheet made of a cell as the user would have written it.

    A month that was typed as ``2027-04`` becomes the first of April in a spreadsheet; where a month
    is wanted it is read as one. A date that is wanted nowhere is left to the field to refuse.
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return decimal_text(Decimal(format(cell, f".{DIGITS}g")))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if kind is Kind.MONTH and type(cell) is dt.date and cell.day == 1:
        return f"{cell:%Y-%m}"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip()


def decode(cell: Cell, content: Content) -> Any:
    """Return what a cell stands for: text, or nested lists and tables of texts.

    Raises:
        CellError: if it stands for nothing.
    """
    text = text_of(cell, content.kind)
    if len(text) > MOST_TEXT:
        what = f"text of more than {MOST_TEXT} characters"
        raise CellError("too-long", what, "Shorten it.")
    if found := UNPRINTABLE.search(text):
        what = f"character U+{ord(found[0]):04X} cannot be printed"
        raise CellError("unprintable", what, "Take it out.")
    if text in ("{}", "[]"):
        return {} if text == "{}" else []
    if content.kind is Kind.EMPTY:
        raise CellError("wrong-shape", "this is a table of its own", "Write it there.")
    if content.many:
        return _list(text)
    if content.kind is Kind.ANY and text.startswith(_STRUCTURED):
        return _structure(text)
    return text[1:-1] if len(text) > 1 and not text.strip('"') else text


def _list(text: str) -> list[Any]:
    """Read names separated by commas, with or without brackets."""
    if text.startswith("["):
        found: list[Any] = _structure(text)
        return found
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise CellError("empty-value", f"{text!r} lacks a name", "Write names, a comma between.")
    return names


def _structure(text: str) -> Any:
    """Read a list, a table or quoted text as it would stand in a YAML file."""
    try:
        return read_yaml(f"value: {text}").root["value"]
    except InputError as error:
        what = f"{text!r} cannot be read: {error.faults[0].what}"
        mend = "Write [a, b] for a list, {a: b} for a table, and text without quotes."
        raise CellError("bad-cell", what, mend) from error


def encode(value: Any, content: Content) -> str:
    """Write a value of an instance file as the text of a cell; :func:`decode` is its inverse."""
    if value in ({}, []):
        return "{}" if value == {} else "[]"
    if content.many and not isinstance(value, str):
        plain = all(re.fullmatch(r"[^\s,\[\]{}\"](?:[^,]*[^\s,])?", name) for name in value)
        return ", ".join(value) if plain else flow(value)
    if content.kind is Kind.ANY and not _is_plain(value):
        return flow(value)
    text = str(value)
    return text if text.strip('"') else f'"{text}"'


def _is_plain(value: Any) -> bool:
    return (
        isinstance(value, str)
        and value == value.strip() != ""
        and not value.startswith(_STRUCTURED)
        and not UNPRINTABLE.search(value)
    )


class Dumper(yaml.SafeDumper):
    """Writes text plainly wherever the reader, which gives nothing a type, reads it back."""


Dumper.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
    ]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def flow(value: Any) -> str:
    """Write a value in one line, as it would stand in braces in a YAML file."""
    text: str = yaml.dump(
        value,
        Dumper=Dumper,
        default_flow_style=True,
        default_style='"' if isinstance(value, str) else None,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    )
    return text.removesuffix("\n")


def as_number(text: str, content: Content) -> float | None:
    """Return the number that a spreadsheet should hold for a cell; None where it is to hold text.

    A figure that has more digits than a spreadsheet keeps stays text, and so does one whose own
    way of being written might matter.
    """
    if content.kind not in (Kind.FIGURE, Kind.ANY):
        return None
    try:
        figure = parse_decimal(text)
    except ValueError:
        return None
    number = float(figure)
    back = text_of(number, content.kind)
    same = Decimal(back) == figure if content.kind is Kind.FIGURE else back == text
    return number if same else None


def texts(cells: Iterable[Cell]) -> list[str]:
    """Write cells as text, blank ones as nothing."""
    return ["" if is_blank(cell) else text_of(cell, Kind.TEXT) for cell in cells]
