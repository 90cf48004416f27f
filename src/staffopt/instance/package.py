"""A workbook as the zip file that it is: what is looked at before anything is opened.

A workbook from somebody else may be made to fill memory or to run something. So its size, the sum
of what it unpacks to, its parts and the reach of its cells are held against limits first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree as ET

from staffopt.errors import Fault, InputError, Place, column_letters
from staffopt.yaml_text import read_bytes

MOST_FILE = 10_000_000
"""Bytes of a workbook's file."""

MOST_UNPACKED = 100_000_000
"""Bytes of all its parts together, unpacked."""

MOST_PARTS = 1_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
"""A sheet that reaches further holds something else than a council's tables."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TO_PART = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OLD = b"\xd0\xcf\x11\xe0"
"""How an old .xls begins, and a workbook behind a password."""

_SAVE_AGAIN = "Save it as an Excel workbook (.xlsx), without a password."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a sheet before its values are read.

    Attributes:
        name: its name.
        hidden: whether it is hidden.
        uncalculated: row and column of each cell that holds a formula and no value.
        errors: row and column of each cell that holds an error, and the error.
    """

    name: str
    hidden: bool
    uncalculated: tuple[tuple[int, int], ...]
    errors: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that may be opened: its bytes, and what is known of its sheets."""

    content: bytes
    sheets: tuple[Sheet, ...]


def open_package(path: Path) -> Package:
    """Read a workbook's file, once it keeps every limit.

    Raises:
        InputError: if it is no workbook, or one that is not opened, with the reason.
    """
    content, name = read_bytes(path, MOST_FILE), str(path)
    if content.startswith(_OLD):
        what = "this is an old .xls file, or a workbook behind a password"
        raise _refused("not-a-workbook", what, _SAVE_AGAIN, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            _check_parts(file, content, name)
            return Package(content, tuple(_sheets(file, name)))
    except (zipfile.BadZipFile, zlib.error, KeyError, ET.ParseError, UnicodeError) as error:
        what = f"this is no workbook, or a damaged one: {error}"
        raise _refused("not-a-workbook", what, _SAVE_AGAIN, name) from error


def _refused(code: str, what: str, mend: str, name: str) -> InputError:
    return InputError([Fault(code, what, mend, Place(name))])


def _check_parts(file: zipfile.ZipFile, content: bytes, name: str) -> None:
    """Hold the parts against the limits; a part's size is counted, not believed."""
    parts = file.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED:
        what = f"it has {len(parts)} parts that unpack to {total // 1_000_000} MB"
        limit = f"{MOST_PARTS} parts and {MOST_UNPACKED // 1_000_000} MB are the most"
        raise _refused("too-big", f"{what}; {limit}", "Take out what is not a fact.", name)
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            what = f"its part {part.filename} is encrypted, or packed in a way that Excel is not"
            raise _refused("not-a-workbook", what, _SAVE_AGAIN, name)
        if re.search(
            r"vbaProject|\.bin$", part.filename, re.IGNORECASE
        ) and "/printerSettings/" not in (part.filename):
            what = f"it has macros or binary parts ({part.filename})"
            raise _refused(
                "macros", what, "Save it as an Excel workbook (.xlsx) without them.", name
            )
        _count(part, content, name)


def _count(part: zipfile.ZipInfo, content: bytes, name: str) -> None:
    """Unpack a part as far as it says that it goes, and refuse it if it goes on."""
    head = part.header_offset
    lengths = content[head + 26 : head + 30]
    begin = (
        head + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    )
    packed = content[begin : begin + part.compress_size]
    unpacked = packed
    if part.compress_type == zipfile.ZIP_DEFLATED:
        unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, part.file_size + 1)
    if len(unpacked) != part.file_size:
        what = f"its part {part.filename} unpacks to another size than it says"
        raise _refused("not-a-workbook", what, _SAVE_AGAIN, name)
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    if is_xml and (b"<!DOCTYPE" in unpacked or b"\0" in unpacked[:100]):
        what = f"its part {part.filename} declares entities, or is not UTF-8"
        raise _refused("not-a-workbook", what, _SAVE_AGAIN, name)


def _sheets(file: zipfile.ZipFile, name: str) -> Iterator[Sheet]:
    """Look at every sheet: whether it is hidden, how far it reaches, what is not calculated."""
    book = ET.fromstring(file.read("xl/workbook.xml"))  # noqa: S314 (no part has a DOCTYPE)
    links = ET.fromstring(file.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (likewise)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    calculation = book.find(f"{_MAIN}calcPr")
    stale = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
    for sheet in book.iter(f"{_MAIN}sheet"):
        title, target = sheet.get("name", ""), targets[sheet.get(_TO_PART)]
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        hidden = sheet.get("state", "visible") != "visible"
        with file.open(part) as content:
            cells = list(_cells(content, title, name))
        yield Sheet(
            title,
            hidden,
            tuple((row, at) for row, at, cell in cells if _is_uncalculated(cell, stale=stale)),
            tuple(
                (row, at, cell.findtext(f"{_MAIN}v", "an error"))
                for row, at, cell in cells
                if cell.get("t") == "e" and not _is_uncalculated(cell, stale=stale)
            ),
        )


def _cells(content: IO[bytes], title: str, name: str) -> Iterator[tuple[int, int, ET.Element]]:
    """Yield cells that hold a formula or an error; refuse a sheet that reaches too far."""
    row = column = 0
    for event, element in ET.iterparse(content, events=("start", "end")):  # noqa: S314 (no DOCTYPE)
        if event == "start":
            if element.tag == f"{_MAIN}row":
                row, column = int(element.get("r") or row + 1), 0
        elif element.tag == f"{_MAIN}row":
            element.clear()
        elif element.tag == f"{_MAIN}c":
            cell = element.get("r") or f"{column_letters(column + 1)}{row}"
            column = _column_number(cell)
            if len(element) and (column > MOST_COLUMNS or row > MOST_ROWS):
                what = f"the sheet {title!r} reaches to {cell}"
                mend = f"Keep to {MOST_ROWS} rows and {MOST_COLUMNS} columns."
                raise _refused("too-big", what, mend, name)
            if element.find(f"{_MAIN}f") is not None or element.get("t") == "e":
                yield row, column, deepcopy(element)


def _is_uncalculated(cell: ET.Element, *, stale: bool) -> bool:
    """Say whether a cell's formula has no value that a spreadsheet has calculated.

    Where the file asks for every formula to be calculated when it is opened (``stale``), none has.
    """
    if cell.find(f"{_MAIN}f") is None:
        return False
    value = cell.find(f"{_MAIN}v")
    return stale or value is None or not (value.text or cell.get("t") == "str")


def _column_number(cell: str) -> int:
    number = 0
    for letter in cell:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number
