"""What assumptions move, as a chart and its table; docs/switching.md has the same by hand."""

import pytest

import staffopt as so
from staffopt.reporting.document import Items
from staffopt.reporting.effects import effect_blocks


@pytest.fixture(scope="module")
def found():
    paths = ["roles.social_worker.cost", "standards.release_time.contract_hours"]
    return so.switching(so.load("tiny"), option="best-mix", paths=paths)


def test_both_ends_of_a_figure_stand_beside_the_plan_s_own_cost(found):
    [picture, _] = effect_blocks(found)
    # One social worker at c and half an officer: c + 12,000, at 32,000, 40,000 and 48,000.
    assert picture.chart.base == 52_000
    low, high = picture.chart.series
    assert [(p.at, p.value, p.label) for p in (low.points[0], high.points[0])] == [
        ("roles.social_worker.cost", 44_000, "£44k at 32,000"),
        ("roles.social_worker.cost", 60_000, "£60k at 48,000"),
    ]
    assert picture.chart.alt.startswith("Full year cost is £52,000 a year.")


def test_the_table_says_how_far_it_may_move(found):
    [picture, notes] = effect_blocks(found)
    row = next(r for r in picture.chart.table.rows if r[0] == "roles.social_worker.cost")
    # Below 12,000 two social workers are cheaper; above 78,000 the ceiling of 90,000 is broken.
    assert row == (
        *("roles.social_worker.cost", "40,000", "32,000", "48,000"),
        *("£44,000 a year", "£60,000 a year", "12,000", "78,000"),
    )
    assert isinstance(notes, Items)


def test_an_end_at_which_another_plan_is_best_is_marked(found):
    [picture, _] = effect_blocks(found)
    row = next(r for r in picture.chart.table.rows if r[0].endswith("contract_hours"))
    assert row[-1] == "40"
    assert row[5] == "£64,000 a year*"
