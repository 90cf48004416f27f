"""Reading a workbook: its sheets as tables, each cell as it stands."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from staffopt.errors import Fault, InputError, Place, column_letters
from staffopt.extras import needed
from staffopt.instance.package import Package, Sheet, open_package
from staffopt.instance.rows import OWN, Grid, TableTree, read_rows
from staffopt.instance.tables import tables

GUIDANCE = "guidance"
"""The sheet of a template that is for people and is not read."""


def read_workbook(path: Path) -> TableTree:
    """Read a workbook's tables.

    A sheet is a table by its name; ``guidance``, and what begins with ``#``, is not read.

    Raises:
        InputError: with every fault of the workbook, each with its sheet and cell: formulas without
            a value, errors in cells, merged cells, hidden sheets, unknown sheets and columns; or
            the reason why it is not opened at all.
    """
    package = open_package(path)
    calamine = needed(
        "python_calamine", package="python-calamine", extra="excel", doing="Reading a workbook"
    )
    name = str(path)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(package.content))
        grids, faults = _grids(book, package, name)
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, ValueError) as error:
        what = f"this is no workbook, or a damaged one: {error}"
        mend = "Save it as an Excel workbook (.xlsx), without a password."
        raise InputError([Fault("not-a-workbook", what, mend, Place(name))]) from error
    return read_rows(name, grids, folder=False, faults=faults)


def _grids(book: Any, package: Package, name: str) -> tuple[list[Grid], list[Fault]]:
    grids: list[Grid] = []
    faults: list[Fault] = []
    known = {table.name for table in tables()}
    for sheet in package.sheets:
        if sheet.name == GUIDANCE or sheet.name.startswith(OWN):
            continue
        content = book.get_sheet_by_name(sheet.name)
        rows: list[list[Any]] = content.to_python(skip_empty_area=False)
        grids.append(Grid(sheet.name, rows))
        place = Place(name, sheet=sheet.name)
        if sheet.hidden:
            what = f"the sheet {sheet.name!r} is hidden"
            mend = f"Show it, or call it {OWN}{sheet.name}: what nobody sees is not read."
            faults.append(Fault("hidden-sheet", what, mend, place))
        if sheet.name in known:
            faults += _of_cells(name, sheet)
            faults += _merged(name, sheet.name, content.merged_cell_ranges or ())
    return grids, faults


def _of_cells(name: str, sheet: Sheet) -> Iterator[Fault]:
    """Refuse cells whose value nobody has calculated, or that hold an error."""
    for row, column in sheet.uncalculated:
        what = "this formula has not been calculated"
        mend = "Open the workbook in a spreadsheet and save it, or write the figure."
        yield Fault("not-calculated", what, mend, Place(name, row, column, sheet=sheet.name))
    for row, column, error in sheet.errors:
        what, mend = f"this formula ends in {error}", "Mend it, or write the figure."
        yield Fault("formula-error", what, mend, Place(name, row, column, sheet=sheet.name))


def _merged(name: str, sheet: str, ranges: Sequence[Any]) -> Iterator[Fault]:
    for (row, column), (last_row, last_column) in ranges:
        place = Place(name, row + 1, column + 1, sheet=sheet)
        what = (
            f"the cells {column_letters(column + 1)}{row + 1}:"
            f"{column_letters(last_column + 1)}{last_row + 1} are merged"
        )
        mend = "Unmerge them, and write the value in every row that it is for."
        yield Fault("merged-cells", what, mend, place)
