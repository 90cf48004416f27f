"""Workbooks and folders for tests: shipped content written, changed in places, read again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import staffopt
from staffopt.instance.files import read_tree
from staffopt.library import find
from staffopt.workbook_file import write_workbook

openpyxl = pytest.importorskip("openpyxl", reason="pip install staffopt[test]")
pytest.importorskip("python_calamine", reason="pip install staffopt[test]")
pytest.importorskip("xlsxwriter", reason="pip install staffopt[test]")


load_workbook = openpyxl.load_workbook


def content(name="tiny"):
    """Return the content of a shipped instance's file."""
    return read_tree(find(name)).plain()


def workbook(path: Path, name="tiny", root=None, **options) -> Path:
    """Write a shipped instance, or some content, as a workbook."""
    write_workbook(root or content(name), path, staffopt.models(), **options)
    return path


def changed(path: Path, **sheets) -> Path:
    """Write cells into a workbook: ``teams={"C2": 5}``; what is written is not calculated."""
    book = openpyxl.load_workbook(path, rich_text=True)
    for sheet, cells in sheets.items():
        for cell, value in cells.items():
            book[sheet.replace("__", ".")][cell] = value
    book.save(path)
    return path


def repacked(path: Path, change) -> Path:
    """Write a workbook's parts anew: ``change(name, bytes)`` returns what becomes of each."""
    with zipfile.ZipFile(path) as file:
        parts = [(part.filename, file.read(part)) for part in file.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, held in parts:
            file.writestr(name, change(name, held))
    return path


def cell_of(path: Path, sheet: str, heading: str, row: int) -> str:
    """Find the cell of a column by its heading's first line."""
    page = openpyxl.load_workbook(path)[sheet]
    for column in page[1]:
        if str(column.value).split("\n")[0] == heading:
            return f"{column.column_letter}{row}"
    raise AssertionError(f"{sheet} has no column {heading}")
