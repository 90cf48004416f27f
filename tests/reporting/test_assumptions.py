"""The log of assumptions, written: words, a sheet, a document and a workbook."""

import csv
import io
from fractions import Fraction

import pytest

import staffopt as so
from staffopt.instance.schema import Instance
from staffopt.reporting.assumption_document import log_document
from staffopt.reporting.assumption_files import write_log
from staffopt.reporting.assumptions import (
    assumption_csv,
    exact_words,
    render_assumption_log,
)
from staffopt.reporting.markdown import markdown_of

COST, RATIO = "roles.support_officer.cost", "standards.keep_support_ratio.ratio"


@pytest.fixture(scope="module")
def log():
    # Two officers: 48,000 at 24,000; at 46,000 they are 92,000, and the fund has 90,000.
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    stated = {"reason": "the mean of two adverts", "from": "adverts", "owner": "Finance"}
    stated |= {"quality": "amber", "reviewed": "2026-01-09", "low": "20000", "high": "46000"}
    tree["assumptions"][COST] = stated
    tree["assumptions"][RATIO] = {"reason": "=1+1", "owner": "@SUM(A1)", "low": "3"}
    tree["sources"] = {"adverts": {"title": "Adverts", "publisher": "Two councils"}}
    return so.assumptions(Instance.model_validate(tree), among=False, certify=False)


def test_words_tell_all_that_a_log_is_asked_for(log):
    text = render_assumption_log(log)
    assert text.startswith("Tiny · option support-officers · log of assumptions\n")
    assert "15 assumptions; the effect of 2 was tested: 2 red." in text
    [told] = [block for block in text.split("\n\n") if COST in block]
    assert told.split("\n")[:4] == [
        "14. roles.support_officer.cost: 24,000 pounds per FTE per year",
        "    Why: the mean of two adverts",
        "    Rests on adverts, owner Finance, quality amber, reviewed 2026-01-09.",
        "    At 20,000: full year cost £40,000 a year; the plan stays the best.",
    ]
    assert "At 46,000: no plan meets every rule" in told
    assert told.endswith("Impact: red (another decision).")


def test_figures_below_zero_have_thousands_separators_too():
    figures = (Fraction(-1_234_567, 2), Fraction(1_234_567), Fraction(-5, 4), Fraction(0))
    assert [exact_words(value) for value in figures] == ["-617,283.5", "1,234,567", "-1.25", "0"]


def test_where_nothing_was_tested_it_says_what_would_be():
    untold = so.assumptions(so.load("tiny"), among=False, certify=False)
    assert "no effect was tested" in render_assumption_log(untold)
    assert "ask with --within 10%, to see what it moves" in render_assumption_log(untold)


def test_what_was_not_tested_is_listed_with_the_reason(log):
    text = render_assumption_log(log)
    assert text.count("Effect not tested: no range.") == 12
    assert text.count("Effect not tested: no figure.") == 1
    assert "1. calendar: –" in text


def test_a_sheet_has_one_row_an_assumption_and_nothing_live(log):
    rows = list(csv.DictReader(io.StringIO(assumption_csv(log))))
    assert [row["assumption"] for row in rows] == [entry.path for entry in log.entries]
    cost, ratio = rows[-2:]
    assert (cost["value"], cost["goal at low"], cost["goal at high"]) == ("24000", "40000", "")
    assert (cost["plan at low"], cost["plan at high"]) == ("stays best", "no plan")
    assert (cost["least"], cost["most"], cost["impact"]) == ("20000", "46000", "red")
    assert (ratio["reason"], ratio["owner"], ratio["high"]) == ("'=1+1", "'@SUM(A1)", "")
    assert rows[0]["effect"] == "not tested: no figure"


def test_a_document_shows_grounds_and_effects(log):
    paper = log_document(log)
    tables = {section.name: section.blocks[0].table for section in paper.sections[1:4]}
    assert tables["assumptions"].rows[-2] == (
        *("14. roles.support_officer.cost", "24,000 pounds per FTE per year", "20,000 to 46,000"),
        "red: another decision",
    )
    assert tables["grounds"].rows[-2][2:] == ("adverts", "Finance", "amber", "2026-01-09")
    assert tables["effects"].rows[0] == (
        *("14. roles.support_officer.cost", "20,000", "£40,000 a year", "the plan stays the best"),
    )
    assert "the mean of two adverts" in markdown_of(paper)


def test_a_workbook_holds_the_same_figures_and_texts_as_texts(log, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    [path] = write_log(log, "xlsx", tmp_path / "log.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Assumptions", "Effects", "Reading"]
    heads, *rows = list(book["Assumptions"].values)[3:]
    told = dict(zip(heads, rows[-2], strict=True))
    assert (told["value"], told["least"], told["quality"]) == (24_000, 20_000, "amber")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert {cell.data_type for cell in cells if cell.value in ("=1+1", "@SUM(A1)")} == {"s"}
    effects = [row[:4] for row in list(book["Effects"].values)[4:]]
    assert effects[0] == (14, COST, "stated", 20_000)


def test_a_format_that_is_none_is_refused(log, tmp_path):
    with pytest.raises(so.UnknownName, match="format"):
        write_log(log, "pdf", tmp_path / "log.pdf")
