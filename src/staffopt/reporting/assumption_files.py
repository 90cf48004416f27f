"""The log of assumptions as a file: a page, a paper in Word, Markdown or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from staffopt.analysis.assumption_log import AssumptionLog, Entry
from staffopt.errors import UnknownName
from staffopt.plan import write_whole
from staffopt.reporting.assumptions import (
    IMPACTS,
    end_words,
    exact_words,
    founded,
    lead,
    log_notes,
    new_money_words,
    value_words,
)
from staffopt.reporting.charts import Table
from staffopt.reporting.document import (
    Block,
    Document,
    Figures,
    Items,
    Paragraph,
    Section,
    document,
)
from staffopt.reporting.explaining import figure
from staffopt.reporting.words import NOTHING, capital, title_words

Writer = Callable[[AssumptionLog, Path], "list[Path]"]
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


def writer(to: str) -> Writer:
    """Return what writes a format.

    Raises:
        UnknownName: there is no such format.
    """
    if to not in WRITERS:
        raise UnknownName("format", to, list(WRITERS))
    return WRITERS[to]


def log_document(log: AssumptionLog) -> Document:
    """Put a log together as a document."""
    notes = tuple(log_notes(log))
    return document(
        "Log of assumptions",
        title_words(log.question, log.question.model),
        _section("plan", "The plan", *map(Paragraph, lead(log))),
        _section("assumptions", "What is assumed", *_table("Assumptions", _assumed(log))),
        _section("grounds", "Why, and who answers for it", *_table("Grounds", _grounds(log))),
        _section("effects", "What each would change", *_table("Effects", _effects(log))),
        _section("reading", "How to read this log", *([Items(notes)] if notes else [])),
    )


def _section(name: str, heading: str, *blocks: Block) -> Section:
    return Section(name, heading, blocks)


def _table(name: str, table: Table) -> list[Block]:
    """Show a table that has rows."""
    return [Figures(name, table)] if table.rows else []


def _assumed(log: AssumptionLog) -> Table:
    rows = tuple(
        (_named(entry), value_words(entry), _range(entry), _impact(entry)) for entry in log.entries
    )
    return Table(("Assumption", "Value", "Range", "Impact"), rows, words=4)


def _grounds(log: AssumptionLog) -> Table:
    head = ("Assumption", "Why it is taken", "Rests on", "Owner", "Quality", "Reviewed")
    rows = tuple(
        (_named(entry), entry.told.reason, *founded(entry).values()) for entry in log.entries
    )
    return Table(head, rows, words=6)


def _named(entry: Entry, path: str = "") -> str:
    return f"{entry.number}. {path or entry.path}"


def _range(entry: Entry) -> str:
    ends = [entry.told.low, entry.told.high]
    if ends == [None, None]:
        return NOTHING
    low, high = (NOTHING if end is None else f"{end:,f}" for end in ends)
    return f"{low} to {high}"


def _impact(entry: Entry) -> str:
    if entry.impact is not None:
        return f"{entry.impact}: {IMPACTS[entry.impact]}"
    return "not known" if entry.tested else f"not tested: {entry.untested}"


def _effects(log: AssumptionLog) -> Table:
    """Show what becomes of the plan at each end; new money where that is not the goal itself."""
    goal = log.plan.goals[0]
    moved = [(entry, one, end) for entry in log.entries for one in entry.tested for end in one.ends]
    costs = any(end.cost is not None and end.cost.raw != end.goal for *_, end in moved)
    head = ["Figure", "At", capital(goal.minimise.replace("_", " "))]
    head += ["New money"] if costs else []
    rows = tuple(
        (
            *(_named(entry, one.figure.path), exact_words(end.at)),
            NOTHING if end.goal is None else figure(end.goal, goal.unit),
            *([NOTHING if end.cost is None else new_money_words(log, end.cost)] if costs else []),
            end_words(log, end, figures=False),
        )
        for entry, one, end in moved
    )
    return Table((*head, "The plan and the options"), rows, words=1)


def _html(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.page import write_page

    return write_page(log_document(log), path)


def _docx(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.word import write_word

    return write_word(log_document(log), path)


def _md(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.markdown import write_markdown

    return write_markdown(log_document(log), path)


def _xlsx(log: AssumptionLog, path: Path) -> list[Path]:
    from staffopt.reporting.workbooks.assumptions import log_book

    return [write_whole(path, log_book(log))]


WRITERS: Mapping[str, Writer] = {"html": _html, "docx": _docx, "md": _md, "xlsx": _xlsx}
"""What a log is written as, by the name that ``--to`` takes."""
