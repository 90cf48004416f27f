"""The tornado of switching values, in words, as CSV and as a picture."""

import csv
import io

import pytest

import staffopt as so
from staffopt.reporting.charts import Kind
from staffopt.reporting.switching import render_switching, switching_csv
from staffopt.reporting.tornado import tornado_charts

COST, TARGET = "roles.social_worker.cost", "standards.keep_average_caseload.target"


@pytest.fixture(scope="module")
def found():
    return so.switching(so.load("tiny"), option="best-mix", paths=[COST, TARGET], certify=False)


def test_a_tornado_shows_both_ends_from_what_the_plan_comes_to(found):
    # The plan is a social worker and half an officer: 32,000 + 12,000 and 48,000 + 12,000.
    [cost, _worst] = tornado_charts(found)
    assert (cost.kind, cost.base) == (Kind.TORNADO, 52_000)
    low, high = ({p.at: p.value for p in series.points} for series in cost.series)
    assert (low[COST], high[COST]) == (44_000, 60_000)
    # No plan has an average of 16 within the ceilings: nothing is drawn, and the table says so.
    assert low[TARGET] is None
    [row] = [row for row in cost.table.rows if row[0] == TARGET]
    assert row == (TARGET, "16", "24", "no plan", "0")


def test_the_words_name_the_rule_that_is_broken_and_the_posts_that_are_better(found):
    text = render_switching(found)
    assert "2 social workers" in text
    assert "breaks stay_within_budget" in " ".join(text.split())


def test_the_csv_has_exact_figures_and_nothing_where_there_is_no_plan(found):
    rows = {row["path"]: row for row in csv.DictReader(io.StringIO(switching_csv(found)))}
    assert rows[COST]["switches below"] == "12000"
    assert rows[COST]["best to"] == "78000"
    assert rows[TARGET]["full_year_cost at low"] == ""
    assert rows[TARGET]["best at low"] == "no"


def test_a_tornado_of_figures_that_move_nothing_is_no_picture():
    still = so.switching(
        so.load("tiny"), option="best-mix", paths=["funds.reserve.ceiling.2026/27"]
    )
    assert tornado_charts(still) == []
