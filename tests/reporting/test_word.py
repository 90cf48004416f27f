"""A committee's paper in Word: its sections, numbered paragraphs, tables, pictures with words."""

import sys
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

import staffopt as so
from shipped import plan_of
from staffopt.errors import InputError

COUNCIL = "nottinghamshire-2018"
SECTIONS = [
    "Purpose",
    "Recommendations",
    "Background",
    "Options considered",
    "Reasons for the recommendations",
    "Financial implications",
    "Risks",
    "Assumptions",
    "How the figures were made and checked",
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("word") / "paper.docx"
    return so.report(plan_of(COUNCIL), to="docx", path=place, quick=True)[0]


@pytest.fixture
def paper(path):
    return Document(path)


def parts(paper):
    """Return heading → paragraphs under it."""
    found = {}
    for paragraph in paper.paragraphs:
        if paragraph.style.name == "Heading 1":
            found[paragraph.text] = []
        elif found and paragraph.text:
            found[list(found)[-1]].append(paragraph)
    return found


def texts(paper, heading):
    return [paragraph.text for paragraph in parts(paper)[heading]]


def test_the_sections_are_those_of_a_committee_s_paper(paper):
    assert list(parts(paper)) == SECTIONS


def test_the_recommendations_say_what_to_fund_and_what_it_costs(paper):
    said = texts(paper, "Recommendations")
    # Recommendations and 9, 14: as the paper has them.
    assert said[0].startswith(
        "That the committee agrees to fund 20.5 support officers (SWSO) and 1 Senior SWSO"
    )
    assert "£580,521 a year for good; £326,656 a year for two years" in said[1]
    assert "CERTIFIED" in said[2]


def test_each_thing_that_is_decided_is_a_recommendation_of_its_own(tmp_path):
    plan = plan_of("tiny-turnover")
    [path] = so.report(plan, to="docx", path=tmp_path / "paper.docx", quick=True)
    said = texts(Document(path), "Recommendations")
    agrees = "That the committee agrees to"
    assert said[0] == f"{agrees} fund nothing new: every post stays as it is today."
    assert said[1].startswith(f"{agrees} recruit 1 social worker and 2 newly qualified workers")


def test_doing_nothing_is_the_first_option_considered_and_stands_once(paper):
    said = texts(paper, "Options considered")
    assert not any(text.startswith("do-nothing") for text in said)
    assert said[0] == "Do nothing: every post stays as it is today."
    assert "more-social-workers: More social workers (rejected by the paper)." in said


def test_money_stands_by_fund_and_year(paper):
    [table] = [t for t in paper.tables if t.cell(0, 0).text == "Money, £"]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    # 22.
    assert ["Contingency", "314,461", "580,521", "580,521", "580,521"] in rows
    assert ["Strategic Development Fund", "172,128", "326,656", "163,328", "–"] in rows


def test_word_itself_numbers_headings_and_paragraphs(paper):
    def numbered(style):
        numbers = paper.styles[style].element.pPr.numPr
        return numbers.numId.val, numbers.ilvl.val

    of, level = numbered("Heading 1")
    assert (level, numbered("Numbered paragraph")) == (0, (of, 1))
    levels = paper.part.numbering_part.element.xpath(f"//w:num[@w:numId={of}]/w:abstractNumId")
    [abstract] = [one.get(qn("w:val")) for one in levels]
    shown = paper.part.numbering_part.element.xpath(
        f"//w:abstractNum[@w:abstractNumId={abstract}]/w:lvl/w:lvlText"
    )
    assert [one.get(qn("w:val")) for one in shown] == ["%1.", "%1.%2"]
    for heading in ("Purpose", "Recommendations", "Risks"):
        assert {p.style.name for p in parts(paper)[heading]} == {"Numbered paragraph"}


def test_every_picture_says_what_it_shows(paper):
    pictures = [shape._inline.docPr for shape in paper.inline_shapes]
    assert len(pictures) == 5
    assert all(len(picture.get("descr")) > 40 for picture in pictures)
    assert pictures[0].get("title") == "Average caseload by team, today and in the plan"


def test_a_picture_of_many_teams_fits_on_a_page(tmp_path):
    team = {"cases": 20, "posts": {"social_worker": 1}, "from": "1"}
    more = {f"teams.t{number}": {"name": f"Team {number}", **team} for number in range(30)}
    plan = so.solve(so.load("tiny"), option="do-nothing", overrides=more)
    [path] = so.report(plan, to="docx", path=tmp_path / "x.docx", quick=True)
    tall = Document(path).inline_shapes[0]
    assert tall.height.cm < 22
    assert tall.width < Document(path).inline_shapes[1].width


def test_headings_of_tables_come_again_on_every_page(paper):
    for table in paper.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert not any(row._tr.xpath("./w:trPr/w:tblHeader") for row in table.rows[1:])


def test_nothing_is_fetched_and_no_macro_is_in_it(path):
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        links = [file.read(name).decode() for name in names if name.endswith(".rels")]
    assert not any("External" in text for text in links)
    assert not any("vba" in name.lower() or "embeddings" in name for name in names)


def template(tmp_path, *paragraphs, cell=None, header=None):
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    if cell is not None:
        paper.add_table(rows=1, cols=1).cell(0, 0).text = cell
    if header is not None:
        paper.sections[0].header.paragraphs[0].text = header
    paper.save(tmp_path / "own.docx")
    return tmp_path / "own.docx"


def filled(tmp_path, place, plan=None):
    plan = plan or plan_of("tiny")
    written = so.report(plan, to="docx", path=tmp_path / "out.docx", template=place, quick=True)
    return Document(written[0])


def test_a_council_s_own_template_is_filled_where_its_tags_are(tmp_path):
    place = template(
        tmp_path, "Report of the Director", "On {{ title }}: {{ decision }}", "{{ risks }}",
        "{{ financial }}", "Signed", header="{{ council }}",
    )  # fmt: skip
    paper = filled(tmp_path, place)
    said = [paragraph.text for paragraph in paper.paragraphs if paragraph.text]
    assert said[:2] == ["Report of the Director", "On Tiny: FUND 2 support officers permanently."]
    assert said[-1] == "Signed"
    assert not any("staffopt-" in text or "{{" in text for text in said)
    assert paper.sections[0].header.paragraphs[0].text == "Tiny"
    assert [table.cell(0, 0).text for table in paper.tables] == ["Money, £"]
    assert len(paper.inline_shapes) == 1


def test_a_tag_whose_letters_word_has_torn_apart_is_filled_too(tmp_path):
    place = template(tmp_path, "{{ plan }}")
    paper = Document(place)
    torn = paper.add_paragraph("{{ ti")
    torn.add_run("tle").bold = True
    torn.add_run(" }}")
    paper.save(place)
    assert filled(tmp_path, place).paragraphs[-1].text == "Tiny"


@pytest.mark.parametrize(
    ("paragraphs", "more", "words"),
    [
        (("{{ costs }}", "{{ risk }}"), {}, "there is no tag {{ risk }}"),
        (("no tag at all",), {}, "has no tag"),
        (("See {{ risks }}",), {}, "is not alone"),
        (("{{ plan }}",), {"cell": "{{ risks }}"}, "is not alone"),
        (("{{ plan }}",), {"header": "{{ risks }}"}, "is not alone"),
        (("{{ plan",), {}, "cannot be read"),
        (("{{ plan.__class__.__mro__ }}",), {}, "cannot be read"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_in_words(tmp_path, paragraphs, more, words):
    place = template(tmp_path, *paragraphs, **more)
    with pytest.raises(InputError, match=words):
        filled(tmp_path, place)
    assert not (tmp_path / "out.docx").exists()


def test_every_unknown_tag_is_named_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        filled(tmp_path, template(tmp_path, "{{ one }} {{ two }}"))
    assert [fault.code for fault in caught.value.faults] == ["unknown-tag"] * 2


def test_what_is_no_word_file_is_refused(tmp_path):
    (tmp_path / "own.docx").write_text("not a zip", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        filled(tmp_path, tmp_path / "own.docx")


def test_a_template_is_refused_where_nothing_fills_it(tmp_path):
    with pytest.raises(InputError, match="html fills no template"):
        so.report(plan_of("tiny"), to="html", path=tmp_path / "x.html", template="own.docx")


def test_text_that_looks_like_a_tag_stays_text_in_a_template(tmp_path):
    name = "{{ title }} {% for x in y %} <w:p/> & {_{"
    plan = so.solve(so.load("tiny").where({"teams.north.name": name}))
    place = template(tmp_path, "{{ background }}")
    paper = filled(tmp_path, place, plan)
    assert any(name in cell.text for table in paper.tables for cell in table.columns[0].cells)


@pytest.mark.parametrize(("module", "extra"), [("docx", "report"), ("docxtpl", "template")])
def test_without_its_package_it_is_said_how_to_get_it(tmp_path, monkeypatch, module, extra):
    place = template(tmp_path, "{{ plan }}")
    monkeypatch.setitem(sys.modules, module, None)
    own = place if module == "docxtpl" else None
    with pytest.raises(InputError, match=rf"staffopt\[{extra}\]"):
        so.report(plan_of("tiny"), to="docx", path=tmp_path / "x.docx", template=own, quick=True)
