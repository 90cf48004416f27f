"""A report as one HTML file: it asks for nothing from anywhere, and is whole without scripts.

Every text goes through :func:`_words`, which makes it data; nothing else reaches the page but our
own markup and the pictures.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path

from staffopt.plan import write_whole
from staffopt.reporting.charts import Table, Width, svg
from staffopt.reporting.document import (
    Block,
    Document,
    Figures,
    Items,
    Paragraph,
    Picture,
    Section,
)
from staffopt.reporting.plain import plain

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{own}'; base-uri 'none'; "
    "form-action 'none'"
)
"""What a browser may load for the page: nothing. It runs our own script, letter by letter."""

_HEAD = (
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n'
    "<style>\n{style}</style>\n</head>\n"
)


def write_page(report: Document, path: Path) -> list[Path]:
    """Write a report as one HTML file.

    Raises:
        InputError: if what draws charts is not installed, with the command that installs it.
        OSError: if the place cannot be written.
    """
    return [write_whole(path, html_of(report))]


def html_of(report: Document) -> str:
    """Return a report as an HTML page.

    Raises:
        InputError: as :func:`write_page` does.
    """
    script = f"\n{_own('page.js')}"
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = _POLICY.format(own=digest)
    head = _HEAD.format(
        policy=policy, title=_words(f"{report.title}: {report.subtitle}"), style=_own("page.css")
    )
    return "".join([head, *_body(report, f"<script>{script}</script>\n"), "</html>\n"])


def _own(name: str) -> str:
    """Read a file of ours that stands in the page."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _words(text: str) -> str:
    """Make any text data."""
    return escape(plain(text))


def _flowing(text: str) -> str:
    """Make text data whose lines may break where a path is joined, and within no option."""
    return re.sub(r"\S+", lambda word: _breakable(word[0]), plain(text))


def _breakable(word: str) -> str:
    if _OPTION.fullmatch(word):
        return f'<span class="whole">{escape(word)}</span>'
    return "<wbr>".join(map(escape, _JOINT.split(word) if len(word) > _LONG else [word]))


_OPTION = re.compile(r"\(?--[a-z][a-z-]*[).,;:]*")
_JOINT = re.compile(r"(?<=[./_])(?=[A-Za-z0-9])")
_LONG = 16
"""A word of more letters may be broken."""


def _body(report: Document, script: str) -> Iterator[str]:
    first = report.sections[0].name if report.sections else ""
    yield f'<body>\n<a class="skip" href="#{first}">Skip to the report</a>\n<header>\n'
    yield f"<h1>{_words(report.title)}</h1>\n<p>{_words(report.subtitle)}</p>\n</header>\n"
    yield '<nav aria-label="Sections"><ol>\n'
    for section in report.sections:
        yield f'<li><a href="#{section.name}">{_words(section.title)}</a></li>\n'
    yield "</ol></nav>\n<main>\n"
    for section in report.sections:
        yield from _section(section)
    yield f"</main>\n{script}</body>\n"


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{section.name}">\n<h2>{_words(section.title)}</h2>\n'
    shown: list[Table] = []
    for block in section.blocks:
        # Two charts of the same figures have one table.
        yield from _block(block, section.name, again=_table_of(block) in shown)
        if isinstance(block, Picture):
            shown.append(block.chart.table)
    yield "</section>\n"


def _table_of(block: Block) -> Table | None:
    return block.chart.table if isinstance(block, Picture) else None


def _block(block: Block, section: str, *, again: bool) -> Iterator[str]:
    match block:
        case Paragraph(text, warning=True):
            yield f'<p class="warning">{_flowing(text)}</p>\n'
        case Paragraph(text):
            yield f"<p>{_flowing(text)}</p>\n"
        case Items(texts):
            yield "<ul>\n"
            yield from (f"<li>{_flowing(text)}</li>\n" for text in texts)
            yield "</ul>\n"
        case Figures(title, table, note):
            yield from _table(table, title)
            yield from _note(note)
        case Picture():
            yield from _picture(block, section, again=again)


def _picture(block: Picture, section: str, *, again: bool) -> Iterator[str]:
    """Write a chart for wide pages and for phones, with its table under it."""
    chart = block.chart
    yield f'<figure id="{section}-{chart.name}">\n'
    yield f"<figcaption>{_words(chart.title)}</figcaption>\n"
    yield f'<div class="wide">{svg(chart, Width.WIDE)}</div>\n'
    yield f'<div class="narrow">{svg(chart, Width.NARROW)}</div>\n'
    if not again:
        yield from _table(chart.table, f"{chart.title}: the figures")
    yield from _note(block.note)
    yield "</figure>\n"


def _note(note: str) -> Iterator[str]:
    if note:
        yield f'<p class="note">{_flowing(note)}</p>\n'


def _table(table: Table, title: str) -> Iterator[str]:
    """Write a table that can be scrolled by itself; the first cell of a row is its heading."""
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{_words(title)}">'
    yield f"<table>\n<caption><span>{_words(title)}</span></caption>\n<thead><tr>"
    yield from (
        f'<th scope="col"{_look(number, table, cell)}>{_words(cell)}</th>'
        for number, cell in enumerate(table.head)
    )
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        yield f"<tr>{''.join(_cells(row, table))}</tr>\n"
    yield "</tbody>\n</table></div>\n"


def _cells(row: Iterable[str], table: Table) -> Iterator[str]:
    for number, cell in enumerate(row):
        tag, scope = ("th", ' scope="row"') if number == 0 and table.words else ("td", "")
        yield f"<{tag}{scope}{_look(number, table, cell)}>{_flowing(cell)}</{tag}>"


def _look(number: int, table: Table, cell: str) -> str:
    """Align columns of figures to the right, and set in what belongs to the row above."""
    if table.holds_figures(number):
        return ' class="figure"'
    return ' class="under"' if cell.startswith("  ") else ""
