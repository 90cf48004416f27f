"""Aligned tables and wrapped lines in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 100
"""Columns that a report fits into."""

_GAP = 2


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
