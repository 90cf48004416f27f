"""Two hundred hostile texts through every output: each is there as it is, and nothing is live."""

import csv
import json
import re
import unicodedata
from functools import cache
from html import unescape
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from docx import Document
from markdown_it import MarkdownIt
from PIL import Image

from drawn_charts import chart, series
from hostile import HOSTILE
from html_read import Read
from staffopt.analysis.assumption_log import AssumptionLog, Entry
from staffopt.cli.streams import harmless
from staffopt.instance.schema import Instance
from staffopt.library import models
from staffopt.plan import Decisions, GoalValue, Grade, Plan, PostDecision, Provenance
from staffopt.reporting.asked import Asked
from staffopt.reporting.assumption_files import WRITERS, write_log
from staffopt.reporting.assumptions import assumption_csv
from staffopt.reporting.charts import Kind, svg
from staffopt.reporting.formats import FORMATS, Material
from staffopt.reporting.plain import plain
from staffopt.reporting.text import render
from staffopt.settle import ask
from staffopt.verifier import derive

LIVE_IN_A_SHEET = ("=", "+", "-", "@", "\t", "\r", "\n")
WORDS_ALONE = {
    "h1", "h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong",
}  # fmt: skip
PAGE = {
    *WORDS_ALONE, "html", "head", "meta", "title", "style", "body", "a", "header", "nav", "ol",
    "main", "section", "figure", "figcaption", "div", "caption", "script", "svg", "g", "path",
    "span", "wbr", "text", "defs", "use", "clippath", "rect", "desc", "pattern", "tspan",
}  # fmt: skip


def council():
    """A council of which everything that has a name has a hostile one."""
    teams = {
        f"t{number}": {"name": text, "cases": 22, "posts": {"social_worker": 1}, "from": text}
        for number, text in enumerate(HOSTILE)
    }
    some = iter(HOSTILE * 2)
    roles = {
        "social_worker": {"name": next(some), "kind": "case_holder", "step": 1, "cost": 40000},
        "officer": {"name": HOSTILE[45], "kind": "support", "step": 1, "cost": 20000},
    }
    return Instance.model_validate(
        {
            "schema_version": 1,
            "instance": "hostile",
            "title": HOSTILE[50],
            "paper": {"council": HOSTILE[41], "date": "2026-04-01", "title": HOSTILE[42]},
            "default_option": "support",
            "calendar": {"start": "2026-04", "end": "2028-03"},
            "roles": roles,
            "teams": teams,
            "bands": {
                "round_average": {"decimals": 0, "half": "up"},
                "edges": {HOSTILE[70]: "< 20", HOSTILE[71]: "20-21", HOSTILE[40]: "> 21"},
                "manageable": HOSTILE[71],
            },
            "standards": {
                "keep_support_ratio": {"ratio": 1, "scope": "all", "each": "team"},
                "limit_span_of_control": "off",
                "release_time": "off",
            },
            "funds": {
                f"f{number}": {
                    "name": HOSTILE[number],
                    "pays_for": {"added_posts": ["all"] if number == 43 else []},
                    "ceiling": 10**9,
                }
                for number in (43, 72, 90)
            },
            "options": {
                "support": {"model": "support-ratio", "title": HOSTILE[44]},
                "nothing": {"model": "today", "title": HOSTILE[60]},
            },
            "assumptions": {
                f"teams.t{number}.cases": {"reason": text, "from": text, "owner": text}
                for number, text in enumerate(HOSTILE)
            },
        }
    )


@cache
def plan():
    question = ask(council(), models())
    last = question.instance.calendar.cut()[-1].label
    posts = tuple(
        PostDecision(team=team, role="officer", period=last, change=1)
        for team in question.instance.teams
    )
    decided = Decisions(posts=posts)
    return Plan(
        inputs=question.to_json(),
        decisions=decided,
        figures=derive(question, decided),
        provenance=Provenance(
            engine="0.1.0",
            input_hash=question.hash,
            backend="none",
            stopped="proven",
            tie_broken=True,
        ),
    )


def names():
    """Return the texts as the council keeps them: without blanks around them."""
    return [team.name for team in plan().question.instance.teams.values()]


def test_there_are_two_hundred_of_them():
    assert len(set(names())) >= 200


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write every format once; return format → files."""
    folder = tmp_path_factory.mktemp("hostile")
    material = Material([plan()], Asked())
    return {
        name: form.write(material, folder / f"{name}{form.suffix}")
        for name, form in FORMATS.items()
    }


@pytest.mark.parametrize("form", FORMATS)
def test_no_file_is_written_where_a_name_leads(written, form):
    [*paths] = written[form]
    folders = {path.parent.name for path in paths} | {path.parent.parent.name for path in paths}
    assert any(name.startswith("hostile") for name in folders)


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_of_every_format_is_read_back_and_nothing_in_it_is_live(written, form):
    for path in written[form]:
        READERS[path.suffix](path)


def read_html(path):
    page = Read(path.read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.tags} <= PAGE
    assert len(page.scripts) == 1
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "action") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    cells = {cell for table in page.tables for row in table for cell in row}
    assert {plain(name) for name in names()} <= cells


def read_docx(path):
    paper = Document(path)
    cells = {cell.text for table in paper.tables for row in table._cells for cell in [row]}
    assert {plain(name) for name in names()} <= cells
    xml = paper.element.xml
    for live in ("w:hyperlink", "w:fldSimple", "w:instrText", "w:object", "w:altChunk"):
        assert f"<{live}" not in xml


def read_md(path):
    page = path.read_text(encoding="utf-8")
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html = reader.render(page)
    assert set(re.findall(r"<(\w+)", html)) <= WORDS_ALONE
    cells = {unescape(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", html)}
    assert {" ".join(plain(name).split()) for name in names()} <= {
        " ".join(cell.split()) for cell in cells
    }


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows:
        for cell in row:
            figure = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert figure or not (cell + "x").lstrip(" ").startswith(LIVE_IN_A_SHEET)
    if path.stem == "teams":
        assert [row[1].removeprefix("'") for row in rows[1:]] == [
            n.removeprefix("'") for n in names()
        ]


def read_svg(path):
    safe(path.read_text(encoding="utf-8"))


def safe(picture):
    """Find in a picture no element and no address that is not our own."""
    for element in ET.fromstring(picture).iter():  # noqa: S314 (our own picture)
        assert element.tag.rpartition("}")[2].lower() in PAGE - {"script", "a", "style"}
        for name, value in element.items():
            assert not name.startswith("on")
            assert not name.endswith("href") or value.startswith("#")


def read_png(path):
    with Image.open(path) as picture:
        picture.load()


def read_xlsx(path):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                # A list of contents leads to its own sheets; nothing leads anywhere else.
                assert cell.hyperlink is None or cell.hyperlink.target is None
                if cell.data_type == "f":
                    assert not any(text in str(cell.value) for text in names() if len(text) > 5)


READERS = {
    ".html": read_html,
    ".docx": read_docx,
    ".md": read_md,
    ".csv": read_csv,
    ".svg": read_svg,
    ".png": read_png,
    ".xlsx": read_xlsx,
}


@pytest.mark.parametrize("form", WRITERS)
def test_a_log_of_assumptions_is_read_back_too_and_nothing_in_it_is_live(form, tmp_path):
    goal = GoalValue(minimise="cost", value=0, unit="pounds", grade=Grade.SOLVER_CLAIMED)
    assumed = plan().question.instance.assumptions
    entries = tuple(
        Entry(number, path, HOSTILE[number - 1], "", 0, told, untested="no figure")
        for number, (path, told) in enumerate(assumed.items(), 1)
    )
    log = AssumptionLog(plan().model_copy(update={"goals": (goal,)}), None, False, entries)
    [path] = write_log(log, form, tmp_path / f"log.{form}")
    READERS[path.suffix](path)
    (tmp_path / "log.csv").write_text(assumption_csv(log), encoding="utf-8", newline="")
    read_csv(tmp_path / "log.csv")


def test_a_chart_of_them_all_is_a_picture_of_words():
    every = tuple(names())
    shown = chart(Kind.BARS, series(every[45], *range(len(every)), at=every), title=every[50])
    safe(svg(shown))


def test_json_gives_every_text_back():
    assert Plan.model_validate_json(plan().model_dump_json()) == plan()
    teams = json.loads(plan().model_dump_json())["inputs"]["instance"]["teams"]
    assert [team["name"] for team in teams.values()] == names()


def test_a_terminal_is_sent_nothing_that_it_would_obey():
    shown = harmless(render(plan()))
    assert not {letter for letter in shown if unicodedata.category(letter) == "Cc"} - {"\n"}
    assert shown.count("\n") == render(plan()).count("\n")
