"""A report in the council's own Word template: its tags are filled, all else stays as it is.

A tag of a section, alone in its paragraph, makes room for the whole section, tables and charts
included, in the template's styles. Users' texts come in after the template was read as one: nothing
in them is taken for a tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from staffopt.errors import Fault, InputError, Place
from staffopt.extras import needed
from staffopt.plan import write_whole
from staffopt.reporting.document import Document, Section
from staffopt.reporting.plain import plain
from staffopt.reporting.word import Writer, saved

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.text.paragraph import Paragraph


def write_from_template(
    report: Document, words: Mapping[str, str], template: Path, path: Path
) -> list[Path]:
    """Write a report into a copy of a template.

    Args:
        report: the report; a section stands where the template has its tag, or nowhere.
        words: tag → text that stands within a sentence.
        template: the council's .docx file.
        path: the file to write.

    Raises:
        InputError: the template cannot be read, has no tag or an unknown one, or has a section's
            tag in a sentence or a table; or a package is missing.
        OSError: if the place cannot be written.
    """
    marks = {section.name: f"staffopt-{uuid4().hex}" for section in report.sections}
    paper = _filled(template, {**{tag: plain(text) for tag, text in words.items()}, **marks})
    known = {marks[section.name]: section for section in report.sections}
    for place in _places(paper, known, template):
        _write(paper, place, known[place.text.strip()])
    return [write_whole(path, saved(paper))]


def _filled(template: Path, words: Mapping[str, str]) -> Paper:
    """Fill a template's tags; nothing of Python can be reached from them."""
    library = needed(
        "docxtpl", package="docxtpl", extra="template", doing="Filling a template of your own"
    )
    sandbox = needed("jinja2.sandbox", package="docxtpl", extra="template", doing="Filling it")
    kinds: Any = needed("jinja2", package="docxtpl", extra="template", doing="Filling it")
    tags = sandbox.SandboxedEnvironment(autoescape=True, undefined=kinds.StrictUndefined)
    try:
        paper = library.DocxTemplate(template)
        used = paper.get_undeclared_template_variables(jinja_env=tags)
    except OSError:
        raise
    except Exception as error:  # what reads it raises of its own, and of those it is made from
        raise InputError([_unread(template, error)]) from error
    _refuse_tags(used, words, template)
    try:
        paper.render(dict(words), jinja_env=tags)
    except kinds.TemplateError as error:
        raise InputError([_unread(template, error)]) from error
    filled: Paper = paper.docx
    return filled


def _unread(template: Path, error: Exception) -> Fault:
    mend = "Name a .docx file whose tags read {{ tag }}: docs/reports.md lists them."
    return Fault("bad-template", f"it cannot be read: {error}", mend, Place(file=str(template)))


def _refuse_tags(used: set[str], words: Mapping[str, str], template: Path) -> None:
    """Refuse a template that has no tag, or unknown ones.

    Raises:
        InputError: with every such tag.
    """
    place, known = Place(file=str(template)), f"Tags are {', '.join(words)}."
    if not used:
        raise InputError([Fault("no-tag", "the template has no tag", known, place)])
    faults = [
        Fault("unknown-tag", f"there is no tag {{{{ {tag} }}}}", known, place)
        for tag in sorted(used - set(words))
    ]
    if faults:
        raise InputError(faults)


def _places(paper: Paper, marks: Mapping[str, Section], template: Path) -> list[Paragraph]:
    """Find the paragraphs that make room for a section.

    Raises:
        InputError: with every section whose tag is in a sentence, a table, a header or a footer.
    """
    alone = [found for found in paper.paragraphs if found.text.strip() in marks]
    named = [found.text.strip() for found in alone]
    parts = [paper.element.xml, *(part.blob.decode("utf-8", "replace") for part in _margins(paper))]
    faults = [
        Fault(
            "tag-not-alone",
            f"{{{{ {section.name} }}}} is not alone in a paragraph of the text",
            "Give it a paragraph of its own, outside tables, headers and footers.",
            Place(file=str(template)),
        )
        for mark, section in marks.items()
        if sum(part.count(mark) for part in parts) != named.count(mark)
    ]
    if faults:
        raise InputError(faults)
    return alone


def _margins(paper: Paper) -> list[Any]:
    """Return the headers and footers."""
    kinds = ("/header", "/footer", "/footnotes")
    return [link.target_part for link in paper.part.rels.values() if link.reltype.endswith(kinds)]


def _write(paper: Paper, place: Paragraph, section: Section) -> None:
    """Write a section where its tag stands, and take the tag away."""
    body = paper.element.body
    before = len(body)
    Writer(paper).section(section)
    # What is written stands at the end, before the page's own settings.
    settings = 1 if body[-1].tag.endswith("}sectPr") else 0
    for element in list(body)[before - settings : len(body) - settings]:
        place._p.addprevious(element)  # noqa: SLF001 (python-docx has no name for it)
    place._p.getparent().remove(place._p)  # noqa: SLF001 (likewise)
