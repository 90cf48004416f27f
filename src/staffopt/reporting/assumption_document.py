"""The log of assumptions as a document: what stands in it, however it is written."""

from __future__ import annotations

from staffopt.analysis.assumption_log import AssumptionLog, Entry
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
