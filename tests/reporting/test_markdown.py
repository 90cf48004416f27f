"""Markdown holds any text as text."""

import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from shipped import plan_of
from staffopt.reporting.asked import Asked
from staffopt.reporting.charts import Table
from staffopt.reporting.composed import page_of
from staffopt.reporting.document import Document, Figures, Items, Paragraph, Section
from staffopt.reporting.formats import Material
from staffopt.reporting.markdown import markdown_of, words

LIVE = (
    "[a link](javascript:alert(1))",
    "![a picture](https://example.org/x.png)",
    "<script>alert(1)</script>",
    "# a heading",
    "1. a list",
    "- a list",
    "    code",
    "**bold** _and_ `code` ~~struck~~",
    "a | b",
    "https://example.org and www.example.org and a@example.org",
    "&lt;b&gt; &amp; &#58;",
    "$x^2$ {{ x }} :smile:",
    "line\n\n# heading",
    "---",
    "[x]: https://example.org",
)


@pytest.mark.parametrize("text", LIVE)
def test_text_is_read_back_as_it_was_and_is_no_markup(text):
    section = Section(
        "one",
        text,
        (
            Paragraph(text),
            Items((text,)),
            Figures(text, Table((text, "n"), ((text, "1"),))),
        ),
    )
    page = markdown_of(Document("title", "sub", (section,)))
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h1", "h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    # Two headings, a paragraph, an item, and the table's own heading and cell.
    assert (
        " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split()).count(" ".join(text.split())) == 6
    )


@pytest.mark.parametrize("text", ["https://example.org", "www.example.org", "a@example.org"])
def test_no_address_is_left_that_a_reader_s_program_makes_a_link(text):
    assert text not in words(text)


def test_a_report_has_its_tables_without_any_picture():
    page = markdown_of(page_of(Material([plan_of("nottinghamshire-2018")], Asked())))
    rows = [re.sub(r"\\(.)", r"\1", line) for line in page.splitlines() if line.startswith("|")]
    assert "| New money | 486,589 | 907,177 | 743,849 | 580,521 |" in rows
    assert "![" not in page
