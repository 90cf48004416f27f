"""A report as data: sections of words, tables and charts, whatever it is then written as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from staffopt.reporting.charts import Chart, Table


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences; a ``warning`` is what a reader must not overlook."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """Short texts, one under the other."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table with its heading, and what is to be said of it."""

    title: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; its table stands beside it."""

    chart: Chart
    note: str = ""


Block = Paragraph | Items | Figures | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        name: what a template calls it: small letters and ``_``.
        title: its heading.
        blocks: what it says, in order; a section without any is left out.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes:
        title: what it is about.
        subtitle: the question, in a line.
        sections: its parts, those that say something.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]

    @property
    def charts(self) -> Iterator[Chart]:
        """Every chart, in order."""
        blocks = (block for section in self.sections for block in section.blocks)
        return (block.chart for block in blocks if isinstance(block, Picture))


def document(title: str, subtitle: str, *sections: Section) -> Document:
    """Put a document together from those sections that say something."""
    return Document(title, subtitle, tuple(part for part in sections if part.blocks))
