"""Handing a workbook back with its faults marked in their cells.

It is opened by openpyxl only once :func:`~staffopt.instance.package.open_package` has found that it
may be opened. Everything of the user's stays as it is but the fill of marked cells. What openpyxl
does not keep (pictures, shapes) is told.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from staffopt.conversion import refuse_target
from staffopt.errors import Fault, InputError, Place
from staffopt.extras import needed
from staffopt.instance.package import open_package
from staffopt.library import check, find
from staffopt.plan import write_whole

AUTHOR = "staffopt check"
"""Who signs the notes; by it they are found again when a marked workbook is marked anew."""

LISTING = "#faults"
"""The sheet that lists all faults; a sheet of such a name is not read."""

_YOURS = "\n\nYour note:\n"
"""Stands before the user's own note where there was one."""

_RED, _AMBER = "FFFFC7CE", "FFFFEB9C"
_WIDTH, _LINE, _LETTERS = 340, 18, 48
"""A note's width and a line's height in points, and the letters that fit in a line."""

_KEPT_OR_NOT = {
    r"xl/media/": "pictures",
    r"xl/drawings/drawing": "sheets with drawings",
    r"xl/charts/chart\d": "charts",
    r"xl/pivotTables/": "pivot tables",
    r"xl/threadedComments/": "threads of comments",
}
"""Parts of a workbook that may be lost, by how their names begin."""

_HEADINGS = {"number": 9, "kind": 10, "cell": 26, "what is wrong": 60, "how to mend it": 60}


def mark(source: str | Path, target: str | Path) -> tuple[list[Fault], list[str]]:
    """Check a workbook, and write it anew with every fault marked in its cell.

    A marked cell has a fill and a note that says what is wrong and how to mend it; the first sheet,
    ``#faults``, lists all faults with links. Marks of an earlier run are taken off. A formula keeps
    its text but not its value, which a spreadsheet calculates on opening.

    Args:
        source: the workbook.
        target: where to write, an ``.xlsx`` file that is not there yet.

    Returns:
        the faults and warnings, as :func:`staffopt.check` returns them, and what of the workbook
        could not be kept, in words.

    Raises:
        InputError: if the source is no workbook or is not opened, if the target is there already,
            or if openpyxl is not installed.
        OSError: if the place cannot be written.
    """
    path, place = find(source), Path(target)
    _refuse(path, place)
    package = open_package(path)
    faults = check(path)
    openpyxl = needed("openpyxl", package="openpyxl", extra="excel", doing="Marking a workbook")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it does not keep is told below, in our words
        book = openpyxl.load_workbook(io.BytesIO(package.content), rich_text=True)
    _unmark(book)
    for sheet, cell, found in _by_cell(book, faults):
        _mark(book[sheet][cell], found)
    _list(book, faults)
    made = io.BytesIO()
    book.save(made)
    write_whole(place, made.getvalue())
    return faults, _lost(package.content, made.getvalue())


def _refuse(path: Path, target: Path) -> None:
    refuse_target(target)
    for given in (path, target):
        if given.suffix.lower() != ".xlsx":
            what, mend = f"{given} is no workbook", "Faults are marked in .xlsx files only."
            raise InputError([Fault("not-a-workbook", what, mend, Place(file=str(given)))])


def _by_cell(book: Any, faults: Sequence[Fault]) -> Iterator[tuple[str, str, list[Fault]]]:
    """Yield each cell that is at fault, with its faults; those of a whole sheet are at A1."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        if fault.place.sheet in book.sheetnames:
            found.setdefault(_cell_of(book, fault.place), []).append(fault)
    for (sheet, cell), those in found.items():
        yield sheet, cell, those


def _cell_of(book: Any, place: Place) -> tuple[str, str]:
    """Name the cell that is marked for a place; of merged cells it is the first."""
    sheet, cell = str(place.sheet), place.cell or "A1"
    for merged in book[sheet].merged_cells.ranges:
        if cell in merged:
            return sheet, str(merged.start_cell.coordinate)
    return sheet, cell


def _mark(cell: Any, faults: Sequence[Fault]) -> None:
    """Fill a cell, and put the faults before whatever the user has noted there."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    words = "\n\n".join(f"{_kind(f).upper()}: {f.what}\n{f.mend}" for f in faults)
    if cell.comment is not None:
        words += f"{_YOURS}{cell.comment.text}"
    lines = sum(1 + len(line) // _LETTERS for line in words.split("\n"))
    cell.comment = Comment(words, AUTHOR, height=_LINE * (lines + 1), width=_WIDTH)
    colour = _AMBER if all(fault.warning for fault in faults) else _RED
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)


def _unmark(book: Any) -> None:
    """Take off what an earlier run has put on."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if LISTING in book.sheetnames:
        del book[LISTING]
    for sheet in book.worksheets:
        marked = [c for row in sheet.iter_rows() for c in row if c.comment is not None]
        for cell in marked:
            if cell.comment.author != AUTHOR:
                continue
            _, _, own = cell.comment.text.partition(_YOURS)
            cell.comment = Comment(own, "") if own else None
            if cell.fill.start_color.rgb in (_RED, _AMBER):
                cell.fill = PatternFill()


def _list(book: Any, faults: Sequence[Fault]) -> None:
    """Write the first sheet: every fault, with a link to its cell."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(LISTING, 0)
    count = sum(not fault.warning for fault in faults)
    sheet["A1"] = "What staffopt check has found"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = f"Faults: {count}. Warnings: {len(faults) - count}."
    for at, (heading, width) in enumerate(_HEADINGS.items(), 1):
        sheet.cell(4, at, heading).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(4, at).column_letter].width = width
    for row, fault in enumerate(faults, 5):
        cells = [str(row - 4), _kind(fault), _where(fault.place), fault.what, fault.mend]
        for at, words in enumerate(cells, 1):
            cell = sheet.cell(row, at)
            _write_text(cell, words)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        longest = max(len(words) / w for words, w in zip(cells, _HEADINGS.values(), strict=True))
        sheet.row_dimensions[row].height = _LINE * (1 + int(longest))
        if fault.place.sheet in book.sheetnames:
            name = str(fault.place.sheet).replace("'", "''")
            target = f"'{name}'!{fault.place.cell or 'A1'}"
            sheet.cell(row, 3).hyperlink = Hyperlink(ref=f"C{row}", location=target)
            sheet.cell(row, 3).font = Font(color="FF0563C1", underline="single")
    _present(book, sheet)


def _present(book: Any, sheet: Any) -> None:
    """Let the workbook open at a sheet, one page wide in print, with no other selected."""
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.active = 0
    for each in book.worksheets:
        each.sheet_view.tabSelected = each is sheet


def _write_text(cell: Any, words: str) -> None:
    """Write text as text, whatever it begins with."""
    cell.value = words
    cell.data_type = "s"
    cell.quotePrefix = words.startswith(("=", "+", "-", "@"))


def _where(place: Place) -> str:
    if place.sheet is None:
        return place.path or "the workbook"
    return f"{place.sheet}!{place.cell}" if place.cell else place.sheet


def _kind(fault: Fault) -> str:
    return "warning" if fault.warning else "fault"


def _lost(before: bytes, after: bytes) -> list[str]:
    """Say which parts of a workbook are fewer than they were."""
    was, now = _parts(before), _parts(after)
    return [
        f"{was[name] - now[name]} of {was[name]} {name}" for name in was if was[name] > now[name]
    ]


def _parts(content: bytes) -> Mapping[str, int]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
    return Counter(
        words for name in names for start, words in _KEPT_OR_NOT.items() if re.match(start, name)
    )
