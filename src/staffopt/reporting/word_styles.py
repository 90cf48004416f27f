"""What python-docx has no names for: Word's own numbering, our styles, alt texts of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.shape import InlineShape
    from docx.table import Table, _Row

NUMBERED = "Numbered paragraph"
BULLET = "List Bullet"
CAPTION = "Figure caption"

_NAVY = "12436D"
_INDENT = 720
"""Twentieths of a point: half an inch for the number."""

_NUMBERING = """
<w:abstractNum xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 w:abstractNumId="{abstract}"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/>
<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>
<w:pPr><w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="%1.%2"/><w:lvlJc w:val="left"/>
<w:pPr><w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr></w:lvl>
</w:abstractNum>
"""


def dress(paper: Paper) -> None:
    """Give a document our styles: sober, A4, numbered, in British English."""
    from docx.shared import Cm, Pt, RGBColor, Twips

    for section in paper.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.2)
    usual: Any = paper.styles["Normal"]
    usual.font.name, usual.font.size = "Arial", Pt(11)
    usual.paragraph_format.space_after = Pt(6)
    _in_english(usual)
    for name, size in (("Title", 22), ("Subtitle", 11), ("Heading 1", 14)):
        style: Any = paper.styles[name]
        style.font.name, style.font.size, style.font.italic = "Arial", Pt(size), False
        style.font.color.rgb = RGBColor.from_string(_NAVY)
        _own_font(style)
    list_of = _numbering(paper)
    _number(paper.styles["Heading 1"], list_of, 0)
    for name in (NUMBERED, CAPTION):
        _add(paper, name)
    _number(paper.styles[NUMBERED], list_of, 1)
    bullets: Any = paper.styles[BULLET]
    bullets.paragraph_format.left_indent = Twips(_INDENT + _INDENT // 2)
    caption: Any = paper.styles[CAPTION]
    caption.font.size, caption.paragraph_format.keep_with_next = Pt(10), True


def _add(paper: Paper, name: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style: Any = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = paper.styles["Normal"]


def _own_font(style: Any) -> None:
    """Take away the theme's font, which would win over the one that is named."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.rFonts
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)


def _in_english(style: Any) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    language: Any = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)


def _numbering(paper: Paper) -> int:
    """Define the numbers of headings and of their paragraphs; return what styles call them."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml

    root: Any = paper.part.numbering_part.element
    taken = [int(one.get(qn("w:abstractNumId"))) for one in root.findall(qn("w:abstractNum"))]
    abstract = max(taken, default=0) + 1
    definition = parse_xml(_NUMBERING.format(abstract=abstract, indent=_INDENT))
    # Definitions stand before what refers to them.
    root.insert(len(taken), definition)
    return int(root.add_num(abstract).numId)


def _number(style: Any, list_of: int, level: int) -> None:
    properties = style.element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = list_of
    properties.get_or_add_ilvl().val = level


def alt_text(picture: InlineShape, title: str, told: str) -> None:
    """Say what a picture shows to those who cannot see it."""
    properties: Any = picture._inline.docPr  # noqa: SLF001 (python-docx has no name for it)
    properties.set("title", title)
    properties.set("descr", told)


def heading_row(grid: Table) -> None:
    """Mark the first row as the table's heading: it is repeated on every page, and read as one."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    mark: Any = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 (python-docx has no name for it)


def whole(row: _Row) -> None:
    """Keep a row on one page."""
    from docx.oxml.parser import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 (likewise)
