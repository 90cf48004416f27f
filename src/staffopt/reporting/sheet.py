"""Tables as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from fractions import Fraction

from staffopt.quantity import exact_text, round_half_up

Cell = str | int | Fraction | None
"""Words, a count, an exact figure, or nothing."""

_DECIMALS = 6
"""Figures that no finite decimal is are rounded half up to so many."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""


def csv_text(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Write rows under their heading, one line each, as RFC 4180 has it with plain newlines.

    Words that a spreadsheet would run as a formula get an apostrophe before them; figures are
    written with a point and without separators; nothing is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_cell(name) for name in head])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    exact = exact_text(Fraction(cell))
    return exact if "/" not in exact else f"{round_half_up(Fraction(cell), _DECIMALS):f}"
