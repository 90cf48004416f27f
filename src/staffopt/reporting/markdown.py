"""A report as Markdown: plain text that wikis and minutes take; charts are its tables."""

from __future__ import annotations

import re
from pathlib import Path

from staffopt.plan import write_whole
from staffopt.reporting.charts import Table
from staffopt.reporting.document import Document, Figures, Items, Paragraph, Picture
from staffopt.reporting.plain import plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~=:$^])")
"""What Markdown, in any of its dialects, may take for markup, where it stands in a text."""


def write_markdown(report: Document, path: Path) -> list[Path]:
    """Write a report as Markdown.

    Raises:
        OSError: if the place cannot be written.
    """
    return [write_whole(path, markdown_of(report))]


def markdown_of(report: Document) -> str:
    """Return a report as Markdown."""
    parts = [f"# {words(report.title)}", words(report.subtitle)]
    for section in report.sections:
        parts.append(f"## {words(section.title)}")
        shown: list[Table] = []
        for block in section.blocks:
            match block:
                case Paragraph(text, warning):
                    parts.append(f"**Look at:** {words(text)}" if warning else words(text))
                case Items(texts):
                    parts.append("\n".join(f"- {words(text)}" for text in texts))
                case Figures(title, table, note):
                    parts += [f"### {words(title)}", _table(table), *filter(None, [words(note)])]
                case Picture(chart, note):
                    parts += [f"### {words(chart.title)}", words(chart.alt)]
                    parts += [] if chart.table in shown else [_table(chart.table)]
                    parts += filter(None, [words(note)])
                    shown.append(chart.table)
    return "\n\n".join(parts) + "\n"


def words(text: str) -> str:
    """Make any text data: no mark in it is markup, no address in it a link."""
    kept = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = re.sub(r":(?=//)", "&#58;", kept.strip()).replace("www.", "www&#46;")
    kept = kept.replace("@", "&#64;")
    return re.sub(r"&(?:amp|lt|gt|#\d+);|[^&]", _escaped, kept)


def _escaped(piece: re.Match[str]) -> str:
    text = piece[0]
    return text if len(text) > 1 else _SPECIAL.sub(r"\\\1", text)


def _table(table: Table) -> str:
    """Write a table; columns of figures are aligned to the right."""
    marks = ["---" if number < table.words else "--:" for number in range(len(table.head))]
    rows = [table.head, marks, *table.rows]
    cells = ([words(c) if row is not marks else c for c in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)
