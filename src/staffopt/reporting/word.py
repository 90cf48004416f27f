"""A report as a Word document, with the sections of a committee's paper and numbered paragraphs.

Headings and paragraphs are numbered by Word itself, so that they stay right when somebody edits.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from staffopt.extras import needed
from staffopt.plan import write_whole
from staffopt.reporting.charts import Chart, Table, png
from staffopt.reporting.document import (
    Block,
    Document,
    Figures,
    Items,
    Paragraph,
    Picture,
    Section,
)
from staffopt.reporting.plain import plain
from staffopt.reporting.word_styles import (
    BULLET,
    CAPTION,
    NUMBERED,
    alt_text,
    dress,
    heading_row,
    whole,
)

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.shared import Emu
    from docx.table import _Row

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The date in the file, so that the same report makes the same words."""

_ROOM = 6 * 914_400
"""How wide a picture or a table is, in Word's own unit, where the document does not say."""

_TALLEST = 8 * 914_400
"""How high a picture may be, so that its heading stands on the same A4 page."""

_SMALL = 9 * 12_700
"""The size of words in tables: nine points."""

_LETTERS = 90
"""About so many small letters stand in a line of a page."""

_WORD, _MOST, _EDGE = 18, 34, 4
"""How much of a word and of a cell a column makes room for, and what its edges take, letters."""


def write_word(report: Document, path: Path) -> list[Path]:
    """Write a report as a Word document.

    Raises:
        InputError: if what writes Word or draws charts is not installed, with the command that
            installs it.
        OSError: if the place cannot be written.
    """
    library = needed("docx", package="python-docx", extra="report", doing="Writing a Word document")
    paper: Paper = library.Document()
    dress(paper)
    _named(paper, report)
    paper.add_paragraph(plain(report.title), style="Title")
    paper.add_paragraph(plain(report.subtitle), style="Subtitle")
    writer = Writer(paper)
    for section in report.sections:
        paper.add_paragraph(plain(section.title), style="Heading 1")
        writer.section(section)
    return [write_whole(path, saved(paper))]


def saved(paper: Paper) -> bytes:
    """Return the file."""
    file = io.BytesIO()
    paper.save(file)
    return file.getvalue()


def _named(paper: Paper, report: Document) -> None:
    """Say in the file what it is: python-docx would name itself."""
    properties = paper.core_properties
    properties.title, properties.subject = plain(report.title)[:255], plain(report.subtitle)[:255]
    properties.author, properties.comments, properties.language = "", "", "en-GB"
    properties.created = properties.modified = _MADE


class Writer:
    """Writes the blocks of a report at the end of a document.

    Args:
        paper: the document; its own styles are used where it has them.
    """

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.known = {style.name for style in paper.styles}
        page = paper.sections[-1]
        edges = (page.page_width, page.left_margin, page.right_margin)
        whole_page, left, right = (edge or 0 for edge in edges)
        self.room = whole_page - left - right or _ROOM

    def section(self, section: Section) -> None:
        """Write what a section says; two charts of the same figures have one table."""
        shown: list[Table] = []
        for block in section.blocks:
            self.block(block, shown)
            if isinstance(block, Picture):
                shown.append(block.chart.table)

    def block(self, block: Block, shown: list[Table]) -> None:
        """Write one block."""
        match block:
            case Paragraph(text, warning):
                self._words(text, NUMBERED, bold=warning)
            case Items(texts):
                for text in texts:
                    self._words(text, BULLET)
            case Figures(title, table, note):
                self._table(title, table)
                self._note(note)
            case Picture(chart, note):
                self._picture(chart)
                if chart.table not in shown:
                    self._table(f"{chart.title}: the figures", chart.table)
                self._note(note)

    def _words(self, text: str, style: str, *, bold: bool = False) -> None:
        """Write a paragraph in a style, or the document's usual one where it has no such style."""
        paragraph = self.paper.add_paragraph(style=style if style in self.known else None)
        paragraph.add_run(plain(text)).bold = bold or None

    def _note(self, note: str) -> None:
        if note:
            self._words(note, CAPTION)

    def _picture(self, chart: Chart) -> None:
        """Show a chart, as wide as the page and no higher."""
        from docx.shared import Emu

        self._words(chart.title, CAPTION)
        place = self.paper.add_paragraph()
        place.paragraph_format.keep_with_next = True
        picture = place.add_run().add_picture(io.BytesIO(png(chart)), width=self.room)
        if picture.height > _TALLEST:
            picture.width = Emu(round(picture.width * _TALLEST / picture.height))
            picture.height = Emu(_TALLEST)
        alt_text(picture, plain(chart.title), plain(chart.alt))

    def _table(self, title: str, table: Table) -> None:
        """Write a table, its columns as wide as their words ask for."""
        self._words(title, CAPTION)
        grid = self.paper.add_table(rows=1, cols=len(table.head))
        grid.autofit = False
        if "Table Grid" in self.known:
            grid.style = "Table Grid"
        figures = [table.holds_figures(number) for number in range(len(table.head))]
        widths = _widths(table, self.room)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        _fill(grid.rows[0], table.head, figures, widths, bold=True)
        heading_row(grid)
        for row in table.rows:
            line = grid.add_row()
            _fill(line, row, figures, widths)
            whole(line)
        self.paper.add_paragraph()


def _widths(table: Table, room: int) -> list[Emu]:
    """Share the page's width: each column has room for its longest word, and for more by need."""
    from docx.shared import Emu

    columns = list(zip(table.head, *table.rows, strict=True))
    least = [min(max(map(len, " ".join(cells).split()), default=0), _WORD) + _EDGE
             for cells in columns]  # fmt: skip
    wanted = [
        max(own, min(max(map(len, cells)), _MOST) + _EDGE)
        for own, cells in zip(least, columns, strict=True)
    ]
    spare, asked = max(0, _LETTERS - sum(least)), sum(wanted) - sum(least)
    shares = [
        Fraction(own) + (Fraction(spare * (want - own), asked) if asked else 0)
        for own, want in zip(least, wanted, strict=True)
    ]
    return [Emu(int(room * share / sum(shares))) for share in shares]


def _fill(
    line: _Row,
    row: tuple[str, ...],
    figures: list[bool],
    widths: list[Emu],
    *,
    bold: bool = False,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for cell, text, figure, width in zip(line.cells, row, figures, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = 0
        run = paragraph.add_run(plain(text))
        run.bold, run.font.size = bold or None, _SMALL
        if figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
