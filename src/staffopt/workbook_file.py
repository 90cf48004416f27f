"""Writing an instance as a workbook: headings that explain, drop-downs of names, room to fill in.

Everything in it follows from the tables of the schema. It has no macro and no formula beyond the
named ranges of its drop-downs, and opens in old Excel and in LibreOffice. Text is written as text,
whatever it looks like.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from staffopt.extras import needed
from staffopt.guidance import Page, guidance
from staffopt.instance.cells import as_number
from staffopt.instance.rows import OWN
from staffopt.instance.tables import COUNCIL, Column, Content, Key, Kind, Table, tables
from staffopt.instance.tabling import rows_of
from staffopt.instance.workbook import GUIDANCE
from staffopt.model.schema import Model
from staffopt.plan import write_whole

USUAL = (
    COUNCIL, "roles", "teams", "teams.posts", "teams.people", "groups", "bands.edges", "standards",
    "packages", "package_lines", "funds", "funds.ceiling", "options", "options.standards",
    "scenarios", "scenarios.set", "assumptions", "sources",
)  # fmt: skip
"""What most councils fill in; other tables are there if they hold something."""

SELDOM = ("turnover", "career", "work", "flow", "cases_over_time", "carry_forward", "reserve")
"""Records within a record that most councils leave out; their columns are there if one is used."""

_ROOM = 500
"""Rows that drop-downs reach to."""

_PAGE_WIDTH = 230
"""Characters that fit across a page in letters that can still be read."""

_SMALLER = 1.15
"""How many more of a heading's small letters fit in a line than its width says."""

_LONGEST_LIST = 255
"""Characters that a spreadsheet takes for a drop-down's own words."""

_LIVE = ("=", "+", "-", "@")
"""How a text begins that would be a formula if it were typed."""

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (a zip file's times have no zone)
"""The date in the file, so that the same content makes the same bytes."""

_NAVY, _SHADE, _INPUT, _GREY = "#12436D", "#E6ECF2", "#FFFBE6", "#505050"


def write_workbook(
    root: Mapping[str, Any],
    path: Path,
    models: Mapping[str, Model],
    *,
    every: bool = False,
    example: bool = False,
) -> None:
    """Write an instance's content as a workbook.

    Args:
        root: the content, as it stands in a file.
        path: where to write.
        models: models by id, for the drop-down and the guidance.
        every: whether every table there is gets a sheet, not only the usual ones and those used.
        example: whether what stands in the cells is an example to write over.

    Raises:
        InputError: if the package that writes workbooks is not installed.
        OSError: if the place cannot be written.
    """
    xlsxwriter = needed(
        "xlsxwriter", package="XlsxWriter", extra="excel", doing="Writing a workbook"
    )
    content = rows_of(root)
    shown = [t for t in tables() if every or t.name in USUAL or t.name in content]
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )
    book.set_properties({"title": str(root.get("title", "")), "created": _MADE})
    writer = _Writer(book, shown, example=example)
    writer.guidance(guidance(shown, models, example=example))
    for table in shown:
        rows = content.get(table.name, [list(table.headings)])
        writer.table(table, rows if every else _usual(rows))
    book.close()
    write_whole(path, made.getvalue())


def _usual(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leave out the columns that most councils do, where nothing stands in them."""
    head, *cells = rows
    kept = [
        at
        for at, heading in enumerate(head)
        if heading.split(".")[0] not in SELDOM or "." not in heading or any(r[at] for r in cells)
    ]
    return [[row[at] for at in kept] for row in rows]


class _Writer:
    """Writes one workbook, sheet by sheet."""

    def __init__(self, book: Any, shown: Sequence[Table], *, example: bool) -> None:
        self._book = book
        self._shown = {table.name for table in shown}
        fill = {"bg_color": _INPUT} if example else {}
        plain = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        make = book.add_format
        self._head = make({**plain, "bg_color": _SHADE, "text_wrap": True, "bottom": 1, "left": 4})
        self._bold = make({**plain, "bold": True, "font_color": _NAVY})
        self._small = make({"font_name": "Arial", "font_size": 8, "font_color": _GREY})
        self._wrapped = make({**plain, "text_wrap": True})
        self._title = make({**plain, "bold": True, "font_size": 16, "font_color": _NAVY})
        self._section = make({**plain, "bold": True, "font_size": 12, "font_color": _NAVY})
        text = {**plain, "num_format": "@"}
        self._blank = {True: make({**plain, "num_format": "General"}), False: make(text)}
        self._text = make({**text, **fill})
        self._inert = make({**text, **fill, "quote_prefix": True})
        self._money = make({**plain, **fill, "num_format": "#,##0.00"})
        self._number = make({**plain, **fill})

    def guidance(self, page: Page) -> None:
        """Write the sheet of guidance, with the lists that drop-downs take their words from."""
        sheet = self._book.add_worksheet(GUIDANCE)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34, self._wrapped)
        sheet.set_column(1, 1, 96, self._wrapped)
        sheet.write_string(0, 0, page.title, self._title)
        row = 2
        for words in page.paragraphs:
            sheet.merge_range(row, 0, row, 1, "", self._wrapped)
            sheet.write_string(row, 0, words, self._wrapped)
            sheet.set_row(row, 14 * (1 + len(words) // 125))
            row += 1
        for part in page.parts:
            sheet.write_string(row + 1, 0, part.title, self._section)
            first = row + 2
            for row, (name, words) in enumerate(part.rows, first):
                sheet.write_string(row, 0, name, self._wrapped)
                sheet.write_string(row, 1, words, self._wrapped)
                sheet.set_row(row, 14 * (1 + len(words) // 95))
            if part.section:
                reach = f"={GUIDANCE}!$A${first + 1}:$A${first + len(part.rows)}"
                self._book.define_name(f"names_{part.section}", reach)
                self._shown.add(part.section)
            row += 1
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.activate()

    def table(self, table: Table, rows: Sequence[Sequence[str]]) -> None:
        """Write a table's sheet."""
        sheet = self._book.add_worksheet(table.name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if not table.steps:
            self._once(sheet, table, {row[0]: row[1] for row in rows[1:]})
        else:
            self._records(sheet, table, rows)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _once(self, sheet: Any, table: Table, values: Mapping[str, str]) -> None:
        """Write the table of what stands once, every field with its meaning beside it."""
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 48, self._blank[False])
        sheet.set_column(2, 2, 26)
        sheet.set_column(3, 3, 90)
        headings = ("field", "value", f"{OWN} unit", f"{OWN} meaning")
        for at, words in enumerate(headings):
            sheet.write_string(0, at, words, self._head)
        shown = [
            c for c in table.columns if c.content.kind is not Kind.EMPTY or c.heading in values
        ]
        for row, column in enumerate(shown, 1):
            sheet.write_string(row, 0, column.heading, self._bold)
            self._cell(sheet, row, 1, values.get(column.heading, ""), column.content)
            sheet.write_string(row, 2, column.content.unit, self._small)
            sheet.write_string(row, 3, _told(column), self._small)
            self._choices(sheet, (row, row), 1, column.content)
        sheet.freeze_panes(1, 1)

    def _records(self, sheet: Any, table: Table, rows: Sequence[Sequence[str]]) -> None:
        """Write a table of records: headings with unit and meaning, rows, drop-downs."""
        every: tuple[Column | Key, ...] = (*table.keys, *table.columns)
        described = {column.heading: column for column in every}
        shown = [described[heading] for heading in rows[0]]
        widths = [_width(column, [row[at] for row in rows[1:]]) for at, column in enumerate(shown)]
        words = [_words(column, table) for column in shown]
        sheet.set_row(0, max(map(_height, words, widths)))
        for at, column in enumerate(shown):
            parts = [self._bold, column.heading, self._small, f"\n{words[at]}"]
            sheet.write_rich_string(0, at, *parts, self._head)
            figures = column.content.kind is Kind.FIGURE
            sheet.set_column(at, at, widths[at], self._blank[figures])
            self._choices(sheet, (1, _ROOM), at, column.content, own=_declares(table, column))
        for number, row in enumerate(rows[1:], 1):
            for at, (cell, column) in enumerate(zip(row, shown, strict=True)):
                self._cell(sheet, number, at, cell, column.content)
        if sum(widths) > _PAGE_WIDTH:
            sheet.fit_to_pages(2, 0)
            sheet.repeat_columns(0, max(len(table.keys) - 1, 0))
        sheet.freeze_panes(1, len(table.keys))
        sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(shown) - 1)
        if len(table.keys) == 1 and _declares(table, table.keys[0]):
            reach = f"{table.name}!$A$2:$A${_ROOM + 1}"
            end = f"INDEX({reach},MAX(1,COUNTA({reach})))"
            name = f"names_{table.keys[0].content.section}"
            self._book.define_name(name, f"={table.name}!$A$2:{end}")

    def _cell(self, sheet: Any, row: int, at: int, cell: str, content: Content) -> None:
        number = as_number(cell, content)
        if not cell:
            return
        if number is not None:
            style = self._money if content.unit.startswith("pounds") else self._number
            sheet.write_number(row, at, number, style)
        else:
            sheet.write_string(row, at, cell, self._inert if cell.startswith(_LIVE) else self._text)

    def _choices(
        self, sheet: Any, rows: tuple[int, int], at: int, content: Content, *, own: bool = False
    ) -> None:
        """Give cells a drop-down of the words or names that can stand in them."""
        source: str | list[str] | None = None
        if content.section in self._shown and not own and not content.many:
            source = f"=names_{content.section}"
        elif content.choices and content.kind in (Kind.TEXT, Kind.FLAG) and not content.section:
            source = [*content.choices]
        if source is None or len(",".join(source)) > _LONGEST_LIST:
            return
        strict = not (content.section and content.choices)
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "stop" if strict else "information",
            "error_title": "Not in the list",
            "error_message": "Choose from the list. New names are declared in their own sheet.",
        }
        sheet.data_validation(rows[0], at, rows[1], at, rule)


def _declares(table: Table, column: Column | Key) -> bool:
    """Say whether a table's column is where its names are declared."""
    return isinstance(column, Key) and column.content.section == table.name


def _words(column: Column | Key, table: Table) -> str:
    """Write what stands in a heading below its name: the unit, and the meaning."""
    told = _told(column) if isinstance(column, Column) else _of_key(column, table)
    return f"{column.content.unit}\n{told}" if column.content.unit else told


def _height(words: str, width: float) -> float:
    """Make a heading high enough for its name and its words in small letters."""
    lines = sum(1 + int(len(part) / (_SMALLER * width)) for part in words.split("\n"))
    return 18 + 11.5 * lines


def _told(column: Column) -> str:
    """Say what a column means, and what holds if it is left out."""
    must = " Must be given." if column.required else ""
    default = f" Left out: {column.default}." if column.default else ""
    many = " Several: a comma between." if column.content.many else ""
    return f"{column.meaning}{many}{must}{default}".strip()


def _of_key(key: Key, table: Table) -> str:
    if _declares(table, key):
        return "A short name of your own: lower-case letters, digits, _ and -."
    if key.content.section == "rules":
        return "A rule; the sheet guidance lists them."
    if key.content.section:
        return f"A name from the sheet {key.content.section}."
    if any(column.meaning == table.meaning for column in table.columns):
        return f"Which {key.heading} the row is of."  # the column of values says the rest
    return table.meaning


def _width(column: Column | Key, cells: Iterable[str]) -> float:
    """Make a column wide enough for its name and, within reason, for what stands in it."""
    longest = max((len(part) for cell in cells for part in cell.split("\n")), default=0)
    words = max(len(word) for word in re.split(r"\s", column.heading))
    return float(min(max(longest, words + 2, 18) + 2, 60))
