"""Aligned tables and wrapped lines in plain text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

WIDTH = 100
"""Columns that a report fits into."""

_GAP = 2
_LEAST = 20
"""No column of words is folded to less."""


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)
) -> list[str]:
    """Align rows under a heading, figures to the right.

    Args:
        head: one heading a column; may be empty text.
        rows: cells, as many in each row as there are headings.
        left: numbers of the columns that hold words and are aligned to the left.

    Returns:
        One line a row, without trailing blanks.
    """
    grid = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in grid) for column in range(len(head))]
    lines = []
    for row in grid:
        cells = [
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * _GAP).join(cells).rstrip())
    return lines


def folded(
    head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int], fold: Sequence[int]
) -> list[str]:
    """Align rows as :func:`table` does; cells of some columns take several lines if they must.

    Args:
        head: one heading a column.
        rows: cells.
        left: numbers of the columns that are aligned to the left.
        fold: numbers of the columns that may be narrowed to the report's width, widest first.
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    most = WIDTH - _GAP * (len(head) - 1)
    while sum(widths) > most and any(widths[column] > _LEAST for column in fold):
        widths[max(fold, key=widths.__getitem__)] -= 1
    lines: list[Sequence[str]] = []
    for row in rows:
        cells = [
            _pieces(cell, width) if column in fold else [cell]
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines += zip_longest(*cells, fillvalue="")
    return table(head, lines, left)


def _pieces(text: str, width: int) -> list[str]:
    """Break a list after its commas, or anywhere between words where that is not enough."""
    items = textwrap.wrap(
        re.sub(r"(?<![,;:]) ", "\xa0", text), width, break_long_words=False, break_on_hyphens=False
    )
    if any(len(item) > width for item in items):
        items = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return [item.replace("\xa0", " ") for item in items] or [""]


def beside(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Align rows in as many tables as the width asks for, the first column in each."""
    lines: list[str] = []
    start = 1
    while start < len(head) or not lines:
        end = len(head)
        while end > start + 1 and _width(_columns(head, rows, start, end)) > WIDTH:
            end -= 1
        part = _columns(head, rows, start, end)
        lines += ["", *part] if lines else part
        start = end
    return lines


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]], start: int, end: int) -> list[str]:
    return table([head[0], *head[start:end]], [[row[0], *row[start:end]] for row in rows])


def _width(lines: Sequence[str]) -> int:
    return max(map(len, lines))


def wrapped(text: str, first: str = "", later: str | None = None) -> list[str]:
    """Break a text into lines of the report's width.

    Args:
        text: the words.
        first: what the first line starts with.
        later: what the others start with; as many blanks as ``first`` is long, if left out.
    """
    indent = " " * len(first) if later is None else later
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def page(blocks: Sequence[Sequence[str]]) -> str:
    """Join blocks of lines with a blank line between them; empty blocks are left out."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
