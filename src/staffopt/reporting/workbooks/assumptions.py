"""The log of assumptions as a workbook: what is stated, what it would change, how to read it."""

from __future__ import annotations

from staffopt.analysis.assumption_log import AssumptionLog
from staffopt.reporting.assumptions import (
    EFFECTS,
    STATED,
    SUMMED,
    effect_cells,
    lead,
    log_notes,
    stated_cells,
    summed_cells,
)
from staffopt.reporting.words import title_words
from staffopt.reporting.workbooks.book import Book, Page, Style

_LONG = ("reason", "rests on", "owner")
"""Columns whose words take several lines."""

_WIDE = 90


def log_book(log: AssumptionLog) -> bytes:
    """Make the log a workbook.

    Raises:
        InputError: if XlsxWriter is not installed.
    """
    book = Book("Log of assumptions")
    _write_stated(book.sheet("Assumptions"), log)
    if any(entry.tested for entry in log.entries):
        _write_effects(book.sheet("Effects"), log)
    _write_notes(book.sheet("Reading"), log)
    return book.bytes()


def _write_stated(page: Page, log: AssumptionLog) -> None:
    page.title(title_words(log.question, "log of assumptions"), " ".join(lead(log)))
    head = (*STATED, *SUMMED)
    rows = [[*stated_cells(entry), *summed_cells(entry)] for entry in log.entries]
    styles = [Style.WRAPPED if name in _LONG else Style.TEXT for name in head]
    page.table(3, head, rows, styles, columns=2)


def _write_effects(page: Page, log: AssumptionLog) -> None:
    page.title("What each assumption would change")
    rows = [
        [entry.number, *effect_cells(log, one)] for entry in log.entries for one in entry.tested
    ]
    page.table(3, ("number", *EFFECTS), rows, [Style.TEXT] * (1 + len(EFFECTS)), columns=2)


def _write_notes(page: Page, log: AssumptionLog) -> None:
    page.title("How to read this log")
    for row, text in enumerate(log_notes(log), 2):
        page.write(row, 0, text, Style.WRAPPED)
    page.sheet.set_column(0, 0, _WIDE)
