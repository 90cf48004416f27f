"""The options table in words and as CSV."""

import csv
import io
from fractions import Fraction
from functools import cache

import pytest

import staffopt as so
from shipped import plan_of
from staffopt.reporting.asked import Asked
from staffopt.reporting.comparing import options_blocks
from staffopt.reporting.document import Picture
from staffopt.reporting.options import options_csv, render_options
from staffopt.reporting.sheet import csv_text
from staffopt.reporting.tables import WIDTH


@cache
def found():
    return so.options(so.load("nottinghamshire-2018"))


def test_an_option_that_is_published_as_it_is_best_has_one_row():
    text = render_options(found())
    [row] = [
        line for line in text.splitlines() if line.startswith("recommended  ") and "907" in line
    ]
    assert row.split()[1:3] == ["both", "3"]
    assert "314,461  580,521  580,521          580,521" in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_csv_has_a_row_for_every_choice_and_exact_money():
    rows = list(csv.DictReader(io.StringIO(options_csv(found()))))
    assert [(row["option"], row["as"]) for row in rows] == [
        ("do nothing", "nothing"),
        ("more-social-workers", "published"),
        ("more-social-workers", "best"),
        ("recommended", "published"),
        ("recommended", "best"),
        ("best-mix", "best"),
    ]
    recommended = rows[3]
    assert recommended["contingency 2018/19"] == "314460.5"  # 580,521 × 6/12 + 24,200
    assert recommended["added swso"] == "20.5"


def test_options_that_all_cost_nothing_are_a_table_and_no_bars_of_no_length():
    plan = plan_of("tiny", "do-nothing")
    assert not any(
        isinstance(block, Picture) and block.chart.name == "options-cost"
        for block in options_blocks({"one": plan}, Asked())
    )


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@a", "\tx"])
def test_words_that_a_spreadsheet_would_run_are_made_harmless(words):
    [[cell]] = list(csv.reader(io.StringIO(csv_text([words], []))))
    assert cell == f"'{words}"


def test_figures_are_plain_and_nothing_is_empty():
    assert csv_text(["a", "b", "c"], [[-1, Fraction(1, 3), None]]) == "a,b,c\n-1,0.333333,\n"
