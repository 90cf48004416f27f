"""A file's content as rows of tables, as :mod:`staffopt.instance.rows` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from staffopt.instance.cells import encode
from staffopt.instance.tables import FIELD, VALUE, Column, Content, Key, Kind, Table, tables


def rows_of(root: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """Write an instance file's content as tables: name → rows, the headings first.

    Tables without a row are left out; columns for what is there and empty stand only where needed.
    """
    made: dict[str, list[list[str]]] = {}
    for table in tables():
        columns = list(table.columns)
        rows = [
            [*keys, *(_cell(node, column) for column in columns)]
            for keys, node in _records(table.steps, root, (), after_key=False)
        ]
        if not table.steps:
            made[table.name] = _once(table, rows[0])
        elif rows:
            made[table.name] = _without_idle(table, rows)
    return made


def _once(table: Table, row: Sequence[str]) -> list[list[str]]:
    pairs = zip(table.columns, row, strict=True)
    return [[FIELD, VALUE], *([column.heading, cell] for column, cell in pairs if cell)]


def _without_idle(table: Table, rows: list[list[str]]) -> list[list[str]]:
    """Put headings above rows, without the columns of empty tables that nobody needs."""
    first = len(table.keys)
    kept = [
        at
        for at in range(len(table.headings))
        if at < first
        or table.columns[at - first].content.kind is not Kind.EMPTY
        or any(row[at] for row in rows)
    ]
    return [[row[at] for at in kept] for row in ([*table.headings], *rows)]


def _records(
    steps: Sequence[str | Key | None], node: Any, keys: tuple[str, ...], *, after_key: bool
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each record that a table holds, under its keys."""
    if not steps:
        yield keys, node
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, str):
        if isinstance(node, dict) and step in node:
            yield from _records(rest, node[step], keys, after_key=False)
    elif step is None:
        for child in node:
            yield from _records(rest, child, keys, after_key=False)
    elif isinstance(node, dict) and node:
        for key, child in node.items():
            yield from _records(rest, child, (*keys, encode(key, _TEXT)), after_key=True)
    elif after_key:  # a word, or nothing, in place of a table; under a field its owner says so
        yield (*keys, *("" for key in steps if isinstance(key, Key))), node


_TEXT = Content(Kind.TEXT)


def _cell(node: Any, column: Column) -> str:
    """Write what stands in a record's column; what has a table of its own is left to that."""
    if column.path and not isinstance(node, dict):
        return encode(node, column.content) if column.path == _SHORT else ""
    for step in column.path:
        if not isinstance(node, dict) or step not in node:
            return ""
        node = node[step]
    whole = column.content.kind is Kind.ANY or not column.path
    apart = isinstance(node, dict) or (isinstance(node, list) and not column.content.many)
    return "" if apart and node and not whole else encode(node, column.content)


_SHORT = ("reason",)
"""The field that a record is shortened to."""
