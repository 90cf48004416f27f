"""The log of assumptions as a file: a page, a paper in Word, Markdown or a workbook.

A writer imports what it needs when it is called, so that naming the formats costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffopt.analysis.assumption_log import AssumptionLog

Writer = Callable[["AssumptionLog", Path], "list[Path]"]
"""Writes a log to a file and returns the files written."""


def write_log(log: AssumptionLog, to: str, path: Path | None) -> list[Path]:
    """Write a log of assumptions to a file.

    Args:
        log: the log.
        to: ``html``, ``docx``, ``md`` or ``xlsx``.
        path: the file; ``assumptions`` with the format's suffix if None.

    Returns:
        the files written.

    Raises:
        UnknownName: there is no such format.
        InputError: a package that the format needs is not installed.
        OSError: the place cannot be written.
    """
    return writer(to)(log, path or Path(f"assumptions.{to}"))


def format_of(path: Path) -> str:
    """Return the format that a file's suffix says.

    Raises:
        InputError: it has no suffix.
    """
    from staffopt.errors import Fault, InputError, Place

    if not path.suffix:
        what = f"{path.name} does not say what it is to be written as"
        mend = f"Give it a suffix, such as {path.name}.html, or say --to {', '.join(WRITERS)}."
        raise InputError([Fault("no-format", what, mend, Place(file="--out"))])
    return path.suffix.removeprefix(".").lower()


def writer(to: str) -> Writer:
    """Return what writes a format.

    Raises:
        UnknownName: there is no such format.
    """
    from staffopt.errors import UnknownName

    if to not in WRITERS:
        raise UnknownName("format", to, list(WRITERS))
    return WRITERS[to]


def _html(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.assumption_document import log_document
    from staffopt.reporting.page import write_page

    return write_page(log_document(log), path)


def _docx(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.assumption_document import log_document
    from staffopt.reporting.word import write_word

    return write_word(log_document(log), path)


def _md(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.assumption_document import log_document
    from staffopt.reporting.markdown import write_markdown

    return write_markdown(log_document(log), path)


def _xlsx(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.plan import write_whole
    from staffopt.reporting.workbooks.assumptions import log_book

    return [write_whole(path, log_book(log))]


WRITERS: Mapping[str, Writer] = {"html": _html, "docx": _docx, "md": _md, "xlsx": _xlsx}
"""What a log is written as, by the name that ``--to`` takes."""
