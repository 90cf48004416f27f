"""A folder of CSV files: a file a table, in UTF-8, separated by commas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.rows import OWN, Grid, TableTree, read_rows
from staffopt.yaml_text import MOST_BYTES, read_text

_LIVE = re.compile(r"'*(\s*[=+\-@]|[\t\r\n])")
"""How a text begins that a spreadsheet would take for a formula, or that is guarded already."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)", re.ASCII)


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder that holds a CSV file."""
    return path.is_dir() and any(path.glob("*.csv"))


def read_folder(path: Path) -> TableTree:
    """Read the tables of a folder; files that are no CSV, or begin with ``#``, are not read.

    Raises:
        InputError: with every fault of the files, each with its line and column.
    """
    grids: list[Grid] = []
    faults: list[Fault] = []
    total = 0
    for file in sorted(path.glob("*.csv")):
        if file.name.startswith(OWN):
            continue
        try:
            text = read_text(file).removeprefix("\ufeff")
            total += len(text)
            grids.append(_grid(file, text))
        except InputError as error:
            faults += error.faults
        if total > MOST_BYTES:
            what = f"the files are over {MOST_BYTES // 1_000_000} MB together"
            mend = "Take out what is not a fact."
            raise InputError([Fault("too-big", what, mend, Place(str(path)))])
    return read_rows(str(path), grids, folder=True, faults=faults)


def _grid(file: Path, text: str) -> Grid:
    """Read a file's rows, with the line at which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    begins = 1
    try:
        for row in reader:
            rows.append([unguarded(cell) for cell in row])
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        mend = "Separate by commas, and put text that holds a comma or a quote in quotes."
        fault = Fault("syntax", f"not CSV: {error}", mend, Place(str(file), reader.line_num))
        raise InputError([fault]) from error
    return Grid(file.stem, rows, lines)


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, unless it is a number."""
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe away that :func:`guarded` has put there."""
    return text[1:] if text.startswith("'") and _LIVE.match(text) else text


def csv_files(tables: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each CSV file of some tables."""
    for name, rows in tables.items():
        made = io.StringIO(newline="")
        writer = csv.writer(made, lineterminator="\n")
        writer.writerows([guarded(cell) for cell in row] for row in rows)
        yield f"{name}.csv", made.getvalue()
