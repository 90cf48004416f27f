"""Rises, on-costs, supplements and bases of cost in the verifier's own ledger, by hand.

As in tests/rules/test_prices.py: 6 months of 2024/25, 12 of 2025/26, a worker at £40,000.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import ask
from staffopt.plan import FULL_YEAR, Decisions, PeopleDecision, PostDecision
from staffopt.rulebook import FillPosts
from staffopt.verifier import derive

F = Fraction
PERIOD = "2024-10 to 2026-03"
BOTH = {"added_posts": ["all"], "posts_today": ["all"], "packages": ["all"]}
FUNDS = {"growth": {"name": "Growth", "pays_for": BOTH}}
RISES = {
    "base": "2024/25",
    "pay_award": {"2025/26": "3"},
    "increments": {"2025/26": "1"},
    "inflation": {"2025/26": "2"},
}


def lines(decisions, *rules, **tables):
    """Return (line, year) → pounds, unrounded."""
    asked = ask(*rules, **{"funds": FUNDS, **tables})
    found = {}
    for line in derive(asked, decisions).money:
        key = line.line, line.year
        found[key] = found.get(key, F(0)) + (line.amount.raw if line.amount else F(0))
    return found


def added(fte, role="worker"):
    return Decisions(posts=(PostDecision(team="north", role=role, period=PERIOD, change=F(fte)),))


def test_posts_rise_with_pay_and_a_set_up_is_at_the_prices_of_its_year():
    found = lines(added(2), prices=RISES)
    # 2 × 40,000 × 6/12; × 1.0403; for good as in the last year; 2 heads × 1,000
    assert found["added worker", "2024/25"] == 40000
    assert found["added worker", "2025/26"] == found["added worker", FULL_YEAR] == F("83224")
    assert found["set-up worker", "2024/25"] == 2000


def test_posts_of_today_rise_as_well():
    found = lines(Decisions(), prices=RISES)
    # 8 workers × 40,000 × 6/12, then × 1.0403
    assert found["posts today worker", "2024/25"] == 160000
    assert found["posts today worker", "2025/26"] == F("332896")


@pytest.mark.parametrize(("stated", "pounds"), [("excluded", "54936"), ("included", "42000")])
def test_on_costs_are_added_once_and_only_where_a_cost_excludes_them(stated, pounds):
    prices = {"base": "2024/25", "on_costs": {"national_insurance": "13.8", "pension": "17"}}
    roles = {"worker": {"on_costs": stated, "market_supplement": 2000}}
    assert lines(added(1), prices=prices, roles=roles)["added worker", "2025/26"] == F(pounds)


def test_half_posts_have_whole_heads_beside_their_pay():
    roles = {"worker": {"step": "0.5", "non_staffing": "1200"}}
    found = lines(added("1.5"), roles=roles, prices=RISES)
    # 2 heads × 1,200 × 6/12; × 1.02
    assert found["non-staffing worker", "2024/25"] == 1200
    assert found["non-staffing worker", "2025/26"] == 2448


def test_a_vacancy_factor_lowers_budgets_of_today_and_of_what_is_added():
    found = lines(added(1), roles={"worker": {"vacancy_factor": "6"}})
    assert found["added worker", "2025/26"] == 37600
    assert found["posts today worker", "2025/26"] == 8 * 37600


def test_people_in_post_are_paid_for_where_the_cost_is_actual_and_cover_costs_in_full():
    fill = FillPosts.model_validate({"label": "fill", "staff": "case_holder"})
    roles = {
        "worker": {"cost_basis": "actual"},
        "cover": {"kind": "case_holder", "tags": ["agency"], "covers": "worker", "cost": 70000},
    }
    teams = {"north": {"people": {"worker": 2, "cover": 1}}}
    people = (
        PeopleDecision(team="north", role="worker", period=PERIOD, change=F(1)),
        PeopleDecision(team="north", role="cover", period=PERIOD, change=F("0.5")),
    )
    found = lines(Decisions(people=people), fill, roles=roles, teams=teams)
    # one worker hired to a post of today; cover is 35,000 for 0.5, with no post paid beneath it
    assert found["added worker", "2025/26"] == 40000
    assert found["premium cover", "2025/26"] == 35000
    # 2 in the north and 4 in the south are there today; one covers
    assert found["posts today worker", "2025/26"] == 240000
    assert found["premium today cover", "2025/26"] == 70000


def test_a_package_s_posts_rise_with_pay_and_its_items_with_inflation():
    packages = {"p": {"name": "P", "start": "2025-01", "months": 12}}
    items = [
        {"package": "p", "post": "Trainer", "fte": 1, "recurrent": 12000},
        {"package": "p", "item": "licence", "count": 1, "recurrent": 1200},
    ]
    taken = Decisions(packages=({"package": "p", "taken": True},))
    found = lines(taken, packages=packages, package_lines=items, prices=RISES)
    # January to March at the base, nine months of 2025/26
    assert found["Trainer", "2024/25"] == 3000
    assert found["Trainer", "2025/26"] == F("9362.7")  # 12,000 × 1.0403 × 9/12
    assert found["licence", "2025/26"] == F("918")  # 1,200 × 1.02 × 9/12


def test_a_line_is_booked_to_the_nearest_code():
    roles = {"worker": {"cost_centre": "R1"}, "officer": {"cost_centre": "R2"}}
    funds = {"growth": {"name": "Growth", "pays_for": BOTH, "cost_centre": "F1"}}
    teams = {"north": {"cost_centre": "N1"}}
    figures = derive(ask(roles=roles, funds=funds, teams=teams), added(1))
    codes = {(f.line, f.team): f.cost_centre for f in figures.money if f.year == "2025/26"}
    assert codes["added worker", "north"] == "N1"
    assert codes["posts today worker", "south"] == "R1"
    assert codes["posts today lead", "office"] == "F1"
    assert {f.cost_centre for f in figures.money if f.line == "set-up worker"} == {"R1"}
