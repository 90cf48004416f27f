"""Frontiers, the next pound, ceilings and sweeps in words and as CSV."""

import csv
import io

import pytest

import staffopt as so
from staffopt.reporting.buying import (
    frontier_csv,
    next_pound_csv,
    render_frontier,
    render_next_pound,
    render_sweep,
    sweep_csv,
)
from staffopt.reporting.least import ceilings_csv, render_ceilings, render_within, within_csv

OFF = {"standards.keep_average_caseload": "off"}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def council():
    return so.load("tiny")


def test_a_frontier_in_csv_has_exact_figures_of_every_point(council):
    found = so.frontier(council, option="social-workers", overrides=OFF)
    rows = rows_of(frontier_csv(found))
    assert [(r["full_year_cost"], r["worst_caseload"]) for r in rows] == [
        ("0", "24"),
        ("40000", "22"),
        ("80000", "20"),
    ]
    assert [r["added social_worker"] for r in rows] == ["0", "1", "2"]
    assert "Every point there is" in render_frontier(found)


def test_a_frontier_that_ended_early_says_what_was_not_looked_at(council):
    found = so.frontier(council, option="social-workers", overrides=OFF, most_points=1)
    assert "not looked at were £0 to £" in render_frontier(found)
    none = so.frontier(council, option="social-workers", overrides={"funds.growth.ceiling": "1"})
    assert "no plan meets every rule" in render_frontier(none)


def test_the_next_pound_says_which_post_in_which_team(council):
    poorer = council.where({"funds.growth.ceiling": 50000})
    found = so.next_pound(poorer, "worst_caseload", model="caseload-target", overrides=OFF)
    text = " ".join(render_next_pound(found).split())
    assert "+1.0 Social worker" in text
    assert "nothing by itself" in text
    rows = rows_of(next_pound_csv(found))
    assert [row["extra"] for row in rows] == ["", "30000", "", "", "30000"]
    assert rows[-1]["fund"] == "all"


def test_a_sweep_says_which_ceilings_were_solved(council):
    found = so.sweep(council, "growth", [0, 52000, 90000], option="best-mix")
    assert [row["solved"] for row in rows_of(sweep_csv(found))] == ["yes", "no", "yes"]
    assert [row["full_year_cost"] for row in rows_of(sweep_csv(found))] == ["", "52000", "52000"]
    assert "2 of 3 were solved" in render_sweep(found)


def test_the_least_ceilings_show_the_proof_of_a_pound_less(council):
    found = so.ceiling(council, option="best-mix")
    rows = rows_of(ceilings_csv(found))
    growth = [row for row in rows if row["fund"] == "growth"]
    assert [row["least ceiling"] for row in growth] == ["28000", "52000"]
    assert {row["a pound less"] for row in growth} == {"no plan (CERTIFIED)"}
    assert "no plan (CERTIFIED)" in render_ceilings(found)


def test_the_best_within_a_ceiling_tells_what_is_missed_team_by_team(council):
    found = so.within(council, {"growth": 51999}, option="best-mix")
    text = render_within(found)
    assert "missed by 0.3 FTE" in text
    assert "FUND 1 social worker permanently." in text
    rows = rows_of(within_csv(found))
    assert [(r["what"], r["team"], r["by"]) for r in rows] == [
        ("missed", "", "0.3"),
        ("team", "north", "0"),
        ("team", "south", "0.3"),
    ]
    assert "Every rule is met." in render_within(
        so.within(council, {"growth": 52000}, option="best-mix")
    )
