"""What a report can be written as: one function a format, by the name that ``--to`` takes.

A writer imports what it needs when it is called, so that naming the formats costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffopt.plan import Plan
    from staffopt.reporting.asked import Asked


@dataclass(frozen=True, slots=True)
class Material:
    """What is reported.

    Attributes:
        plans: the plans; a document reports the first in full and sets the others beside it.
        asked: what was asked beside the first plan.
        template: the council's own file that is filled, of formats that take one.
    """

    plans: Sequence[Plan]
    asked: Asked
    template: Path | None = None


Writer = Callable[[Material, Path], "list[Path]"]
"""Writes plans to a file, or into a folder, and returns the files written."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form that plans can be reported in.

    Attributes:
        meaning: what is written, in a few words.
        suffix: of the file that is written where none is named; empty for a folder.
        write: writes it. Raises InputError if the plans cannot be reported so, and OSError if the
            place cannot be written.
        template: whether it can fill a file of the council's own.
        document: whether it is written for people, and tells what has to be solved for it.
    """

    meaning: str
    suffix: str
    write: Writer
    document: bool = False
    template: bool = False


def find_format(name: str) -> Format:
    """Return a format by its name.

    Raises:
        UnknownName: if there is none, with near matches.
    """
    from staffopt.errors import UnknownName

    if name not in FORMATS:
        raise UnknownName("format", name, list(FORMATS))
    return FORMATS[name]


def _csv(material: Material, folder: Path) -> list[Path]:
    from staffopt.reporting.star import write_star

    return write_star(material.plans, folder)


def _html(material: Material, path: Path) -> list[Path]:
    from staffopt.reporting.composed import page_of
    from staffopt.reporting.page import write_page

    return write_page(page_of(material), path)


def _docx(material: Material, path: Path) -> list[Path]:
    from staffopt.reporting.composed import committee_paper, tags_of

    paper = committee_paper(material)
    if material.template is not None:
        from staffopt.reporting.word_template import write_from_template

        return write_from_template(paper, tags_of(material), material.template, path)
    from staffopt.reporting.word import write_word

    return write_word(paper, path)


def _md(material: Material, path: Path) -> list[Path]:
    from staffopt.reporting.composed import page_of
    from staffopt.reporting.markdown import write_markdown

    return write_markdown(page_of(material), path)


def _svg(material: Material, folder: Path) -> list[Path]:
    from staffopt.reporting.charts import write_charts
    from staffopt.reporting.composed import page_of

    return write_charts(list(page_of(material).charts), folder)


def _xlsx(material: Material, place: Path) -> list[Path]:
    from staffopt.reporting.workbooks.working import write_working

    return write_working(material.plans, place)


def _xlsx_publication(material: Material, place: Path) -> list[Path]:
    from staffopt.reporting.workbooks.publication import write_publication

    return write_publication(material.plans, place)


FORMATS: Mapping[str, Format] = {
    "html": Format("one page that asks for nothing from anywhere", ".html", _html, document=True),
    "docx": Format("a committee's paper in Word", ".docx", _docx, document=True, template=True),
    "md": Format("Markdown", ".md", _md, document=True),
    "svg": Format("a folder of charts, each as SVG and as PNG", "", _svg, document=True),
    "csv": Format("a folder of tables with stable names and keys", "", _csv),
    "xlsx": Format("a working workbook of formulas for finance", ".xlsx", _xlsx),
    "xlsx-publication": Format("accessible tables to publish", ".xlsx", _xlsx_publication),
}
"""Every format by its name."""
