"""Barnsley, 13 December 2017: the six cells of paragraphs 4.2 to 4.4, as printed.

Expected values are the paper's. Its cases and posts are not printed: the instance's are derived
(instances/derive_barnsley.py), so how posts split over units is not tested as published.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest

import staffopt as so
from shipped import broken, caseload, missed_by_policy, plan_of
from staffopt.plan import FULL_YEAR
from staffopt.quantity import round_half_up

COUNCIL = "barnsley-2017"
POST = 41_839


class Cell(NamedTuple):
    """One printed cell: a scope brought to a target."""

    option: str
    scope: str
    average: str
    target: int
    need: str
    posts: int
    cost: int


CELLS = [
    Cell("1-to-18", "front_line_without_disabled", "20.5", 18, "8.7", 9, 376_550),
    Cell("1-to-16", "front_line_without_disabled", "20.5", 16, "17.7", 18, 753_100),
    Cell("2-to-18", "front_line", "21.7", 18, "14.47", 14, 585_746),
    Cell("2-to-16", "front_line", "21.7", 16, "25.1", 25, 1_045_975),
    Cell("3-to-18", "all_teams", "20.4", 18, "11.9", 12, 502_068),
    Cell("3-to-16", "all_teams", "20.4", 16, "24.4", 24, 1_004_136),
]
each_cell = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.option)


def decimals(printed: str) -> int:
    """Count the decimals that a figure is printed with."""
    return len(printed.partition(".")[2])


@each_cell
def test_the_average_of_today_is_as_printed(cell):
    average = caseload(plan_of(COUNCIL, cell.option), cell.scope, today=True).average
    assert round_half_up(average, 1) == Decimal(cell.average)


@each_cell
def test_the_need_is_as_printed_to_its_last_decimal(cell):
    today = caseload(plan_of(COUNCIL, cell.option), cell.scope, today=True)
    need = today.cases / cell.target - today.fte
    assert round_half_up(need, decimals(cell.need)) == Decimal(cell.need)


@each_cell
def test_the_posts_are_as_printed(cell):
    assert sum(plan_of(COUNCIL, cell.option).change.values()) == cell.posts


@each_cell
def test_the_cost_is_as_printed(cell):
    cost = plan_of(COUNCIL, cell.option).money["mtfs", FULL_YEAR].printed
    assert cost == cell.posts * POST
    # Option 1's costs are printed rounded to £50 (4.2.1, 4.2.2).
    assert (50 * round(cost / 50) if cell.option.startswith("1") else cost) == cell.cost


@pytest.mark.parametrize(
    ("option", "need", "posts"),
    [("2-to-18", "14.47", 14), ("2-to-16", "25.1", 25), ("3-to-16", "24.4", 24)],
)
def test_14_25_and_24_posts_miss_their_targets_by_the_part_that_is_rounded_off(option, need, posts):
    [finding] = missed_by_policy(plan_of(COUNCIL, option))
    # 0.47, 0.1 and 0.4 of a post
    assert round_half_up(finding.by, decimals(need)) == Decimal(need) - posts


@pytest.mark.parametrize("option", ["1-to-18", "1-to-16", "3-to-18"])
def test_posts_that_are_rounded_up_reach_their_target(option):
    assert missed_by_policy(plan_of(COUNCIL, option)) == []


@each_cell
def test_no_cell_breaks_a_rule(cell):
    assert broken(plan_of(COUNCIL, cell.option)) == []


def test_14_posts_bring_the_average_to_18_1_and_not_to_18():
    # The miss is 0.47 of a post: 18 × (1 + 0.47/(70.4 + 14)) = 18.10
    average = caseload(plan_of(COUNCIL, "2-to-18"), "front_line").average
    assert round_half_up(average, 2) == Decimal("18.10")


def test_rounding_posts_up_would_fund_15():
    plan = so.solve(
        so.load(COUNCIL), overrides={"standards.keep_average_caseload.rounding": "posts_up"}
    )
    assert sum(plan.change.values()) == 15  # 14.47 up
    assert missed_by_policy(plan) == []


def test_rounding_the_average_would_fund_13():
    # The average as printed is 18 from 17.5 up to 18.49…: 1,534 ÷ 18.5 − 70.75 = 12.17, so 13.
    plan = so.solve(
        so.load(COUNCIL), overrides={"standards.keep_average_caseload.rounding": "printed(0)"}
    )
    assert sum(plan.change.values()) == 13


def test_a_bare_solve_runs_the_recommended_option():
    assert plan_of(COUNCIL).question.option == "2-to-18"


def test_more_teams_need_fewer_posts_since_low_caseloads_dilute_the_mean():
    narrow, wide = plan_of(COUNCIL, "2-to-18"), plan_of(COUNCIL, "3-to-18")
    assert sum(wide.change.values()) < sum(narrow.change.values())
    adoption = caseload(wide, "adoption_fostering", today=True).average
    assert adoption < Fraction(18)


def test_the_recurrent_cost_of_the_recommendation_is_585746():
    plan = plan_of(COUNCIL)
    assert plan.goals[0].minimise == "full_year_cost"
    assert plan.goals[0].value == 585_746
