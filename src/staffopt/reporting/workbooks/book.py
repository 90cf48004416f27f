"""Writing a workbook cell by cell: text as text, figures as numbers, formulas with their values.

A formula is made of addresses and numbers of ours, never of a user's text. Its value is written
beside it, so that a reader which does not calculate shows it.
"""

from __future__ import annotations

import datetime as dt
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from staffopt.errors import column_letters
from staffopt.extras import needed

LIVE = ("=", "+", "-", "@")
"""How a text begins that would be a formula if it were typed."""

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (a zip file's times have no zone)
"""The date in the file, so that the same content makes the same bytes."""

_NAVY, _SHADE, _INPUT, _GREY = "#12436D", "#E6ECF2", "#FFFBE6", "#505050"
_WIDEST, LINE = 80, 14
"""Letters in the widest column, and points in a line."""


class Style(Enum):
    """How a cell looks."""

    TEXT = "text"
    WRAPPED = "wrapped"
    TITLE = "title"
    BOLD = "bold"
    SMALL = "small"
    HEAD = "head"
    FTE = "fte"
    POUNDS = "pounds"
    PENCE = "pence"
    WHOLE = "whole"
    SHARE = "share"


_FORMATS: dict[Style, dict[str, Any]] = {
    Style.TEXT: {},
    Style.WRAPPED: {"text_wrap": True},
    Style.TITLE: {"bold": True, "font_size": 16, "font_color": _NAVY},
    Style.BOLD: {"bold": True},
    Style.SMALL: {"font_size": 9, "font_color": _GREY},
    Style.HEAD: {"bold": True, "bg_color": _SHADE, "text_wrap": True, "bottom": 1},
    Style.FTE: {"num_format": "#,##0.00##"},
    Style.POUNDS: {"num_format": "#,##0"},
    Style.PENCE: {"num_format": "#,##0.00"},
    Style.WHOLE: {"num_format": "#,##0"},
    Style.SHARE: {"num_format": "0.0%"},
}


@dataclass(frozen=True, slots=True)
class Live:
    """A formula, without its ``=``, and what it comes to on the plan's own figures."""

    formula: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Told:
    """A formula, without its ``=``, that comes to a word, and the word it comes to now."""

    formula: str
    value: str


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that formulas elsewhere use, and that may be changed to see what follows."""

    value: Fraction


Cell = str | int | Fraction | Decimal | Live | Told | Input | None
"""What a cell holds; None leaves it empty."""


def address(sheet: str, row: int, column: int) -> str:
    """Write where a cell of some sheet stands; rows and columns count from 0."""
    return f"'{sheet}'!${column_letters(column + 1)}${row + 1}"


def reach(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """Write a range of some sheet, from its first cell to its last."""
    end = f"${column_letters(last[1] + 1)}${last[0] + 1}"
    return f"{address(sheet, *first)}:{end}"


class Book:
    """A workbook in memory.

    Args:
        title: of the file.
        doing: what it is written for, in words for the error that XlsxWriter is not installed.

    Raises:
        InputError: if XlsxWriter is not installed.
    """

    def __init__(self, title: str, doing: str = "Writing a workbook") -> None:
        xlsxwriter = needed("xlsxwriter", package="XlsxWriter", extra="excel", doing=doing)
        self._made = io.BytesIO()
        texts = ("strings_to_formulas", "strings_to_numbers", "strings_to_urls")
        self.file = xlsxwriter.Workbook(self._made, dict.fromkeys(texts, False))
        self.file.set_properties({"title": title[:255], "created": _MADE})
        self._styles: dict[tuple[Style, bool, bool], Any] = {}

    def sheet(self, name: str) -> Page:
        """Add a sheet."""
        return Page(self, name, self.file.add_worksheet(name))

    def style(self, style: Style, *, given: bool = False, inert: bool = False) -> Any:
        """Return a cell format; ``given`` shades a figure that may be changed."""
        key = (style, given, inert)
        if key not in self._styles:
            look = {"font_name": "Arial", "font_size": 10, "valign": "top", **_FORMATS[style]}
            look |= {"bg_color": _INPUT} if given else {}
            look |= {"quote_prefix": True} if inert else {}
            self._styles[key] = self.file.add_format(look)
        return self._styles[key]

    def bytes(self) -> bytes:
        """Close the workbook and return its file."""
        self.file.close()
        return self._made.getvalue()


class Page:
    """A sheet that is written to."""

    def __init__(self, book: Book, name: str, sheet: Any) -> None:
        self.book, self.name, self.sheet = book, name, sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def write(self, row: int, column: int, cell: Cell, style: Style = Style.TEXT) -> None:
        """Write one cell; no words leave it empty."""
        at = (row, column)
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            look = self.book.style(style, inert=cell.startswith(LIVE))
            self.sheet.write_string(*at, cell, look)
        elif isinstance(cell, Live | Told):
            value = cell.value if isinstance(cell, Told) else float(cell.value)
            self.sheet.write_formula(*at, f"={cell.formula}", self.book.style(style), value)
        elif isinstance(cell, Input):
            self.sheet.write_number(*at, float(cell.value), self.book.style(style, given=True))
        else:
            self.sheet.write_number(*at, float(cell), self.book.style(style))

    def row(
        self, row: int, cells: Sequence[Cell], styles: Sequence[Style] | Style = Style.TEXT
    ) -> None:
        """Write cells beside each other from the first column on."""
        looks = [styles] * len(cells) if isinstance(styles, Style) else styles
        for column, (cell, style) in enumerate(zip(cells, looks, strict=True)):
            self.write(row, column, cell, style)

    def table(
        self,
        row: int,
        head: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        styles: Sequence[Style],
        *,
        columns: int = 0,
    ) -> None:
        """Write headings at a row and rows below, with a filter and frozen panes.

        Args:
            row: where the headings stand.
            head: the headings.
            rows: cells.
            styles: how each column looks.
            columns: how many columns stay in sight.
        """
        self.row(row, head, Style.HEAD)
        for at, cells in enumerate(rows, row + 1):
            self.row(at, cells, styles)
        self.widths(row, [head, *rows])
        self.sheet.freeze_panes(row + 1, columns)
        self.sheet.autofilter(row, 0, row + max(len(rows), 1), len(head) - 1)

    def title(self, title: str, words: str = "") -> None:
        """Write what the sheet is, and below it what there is to say of it."""
        self.write(0, 0, title, Style.TITLE)
        self.sheet.set_row(0, 24)
        if words:
            self.write(1, 0, words, Style.SMALL)

    def widths(self, row: int, rows: Sequence[Sequence[Cell]]) -> None:
        """Make columns wide enough for what stands in them, and headings high enough.

        Args:
            row: where the headings stand.
            rows: the headings first, then the cells below them.
        """
        widths = []
        for column, cells in enumerate(zip(*rows, strict=True)):
            longest = max(len(cell) if isinstance(cell, str) else 11 for cell in cells[1:] or [""])
            word = max(map(len, str(cells[0]).split()), default=0)
            widths.append(min(max(longest, word) + 3, _WIDEST))
            self.sheet.set_column(column, column, widths[-1])
        for at, line in enumerate(rows, row):
            lines = max(lines_in(cell, width) for cell, width in zip(line, widths, strict=True))
            if lines > 1:
                self.sheet.set_row(at, LINE * lines + 2)


def lines_in(cell: Cell, width: float) -> int:
    """Count the lines that a cell takes in a column so many letters wide."""
    return len(textwrap.wrap(cell, int(width) - 2)) if isinstance(cell, str) else 1
