"""A page is whole without scripts, asks for nothing, and says in tables what its charts show."""

import re
import sys
from base64 import b64encode
from functools import cache
from hashlib import sha256

import pytest

import staffopt as so
from html_read import Read
from shipped import plan_of
from staffopt.errors import InputError
from staffopt.reporting.asked import Asked
from staffopt.reporting.charts import Table
from staffopt.reporting.composed import page_of
from staffopt.reporting.document import Figures, Paragraph, Section, document
from staffopt.reporting.formats import Material
from staffopt.reporting.page import html_of

COUNCIL = "nottinghamshire-2018"


@cache
def page():
    return html_of(page_of(Material([plan_of(COUNCIL)], Asked())))


@cache
def read():
    return Read(page())


def test_the_page_is_well_formed():
    assert read().unclosed == []


def test_nothing_is_asked_for_from_anywhere():
    for tag, attributes in read().tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "image")
        assert "src" not in attributes
        assert "srcset" not in attributes
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
        assert "url(" not in re.sub(r"url\(#", "", str(attributes))
    style = re.search(r"<style>(.*?)</style>", page(), re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_a_browser_is_told_to_load_nothing_and_to_run_our_own_script_alone():
    [policy] = [a["content"] for _, a in read().tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none';")
    [script] = read().scripts
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert not any(name.startswith("on") for _, attributes in read().tags for name in attributes)


def test_nothing_is_hidden_until_a_script_shows_it():
    for _, attributes in read().tags:
        assert "hidden" not in attributes
        assert "display" not in (attributes.get("style") or "")


def test_the_decision_comes_first_with_its_price_and_its_grade():
    # Recommendations; 9: 548,908 + 31,613 = 580,521; 14: 326,656; 9, 14: 24,200 + 8,800 = 33,000.
    said = read().text
    at = [
        said.index(words)
        for words in (
            "FUND 20.5 support officers (SWSO) and 1 Senior SWSO permanently",
            "£580,521 a year for good; £326,656 a year for two years; £33,000 set-up once.",
            "Least cost CERTIFIED",
            "Above the manageable band in the plan",
        )
    ]
    assert at == sorted(at)


def test_every_chart_has_words_for_who_cannot_see_it_and_a_table():
    charts = [a for tag, a in read().tags if tag == "svg"]
    figures = [a["id"] for tag, a in read().tags if tag == "figure"]
    assert figures == ["caseloads-caseloads", "money-money", "money-bridge",
                       "options-options-cost", "options-options-cases"]  # fmt: skip
    # Wide, and for a phone.
    assert len(charts) == 2 * len(figures)
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 40 for chart in charts)
    assert ["Assessment", "25.75 (26)", "likely high", "21.90 (22)", "likely high"] in read().table(
        "Cases per social worker"
    )
    money = read().table("Money, £")
    # 22: 314,461 and 172,128 in 2018/19.
    assert ["Contingency", "314,461", "580,521", "580,521", "580,521"] in money
    assert ["New money", "486,589", "907,177", "743,849", "580,521"] in money


def test_each_id_is_there_once_and_every_link_leads_to_one():
    ids = [attributes["id"] for _, attributes in read().tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"][1:] for tag, a in read().tags if tag == "a"]
    assert set(links) <= set(ids)


def test_a_council_s_own_words_are_data(monkeypatch):
    name = "<script>alert('1')</script>\u202e<img src=x onerror=alert(2)>"
    council = so.load("tiny").where({"teams.north.name": name})
    plan = so.solve(council)
    monkeypatch.setattr("staffopt.reporting.page.svg", lambda *_: "<svg></svg>")
    written = html_of(page_of(Material([plan], Asked())))
    found = Read(written)
    assert len(found.scripts) == 1
    assert not any(tag == "img" for tag, _ in found.tags)
    assert name.replace("\u202e", "\ufffd") in found.text


def test_a_line_may_break_within_a_path_and_not_within_an_option(monkeypatch):
    monkeypatch.setattr("staffopt.reporting.page.svg", lambda *_: "<svg></svg>")
    path, least = "standards.keep_average_caseload.target", "a.b"
    blocks = (Paragraph(f"Move {path} & {least}: staffopt solve tiny --option best-mix"),)
    written = html_of(document("Tiny", "By hand", Section("one", "One", blocks)))
    assert "standards.<wbr>keep_<wbr>average_<wbr>caseload.<wbr>target &amp; a.b:" in written
    assert '<span class="whole">--option</span> best-mix' in written
    assert f"Move {path} & {least}:" in Read(written).text
    assert 'href="#one">Skip' in written


def test_what_belongs_to_the_row_above_is_set_in():
    table = Table(("Fund", "2026/27"), (("Growth", "1"), ("  ceiling", "2")))
    written = html_of(document("A", "B", Section("one", "One", (Figures("Money", table),))))
    assert '<th scope="row">Growth</th>' in written
    assert '<th scope="row" class="under">  ceiling</th>' in written


def test_without_what_draws_charts_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"staffopt\[report\]"):
        html_of(page_of(Material([plan_of(COUNCIL)], Asked())))
