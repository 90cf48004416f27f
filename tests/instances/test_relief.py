"""The invented council of instances/relief.md; every figure is worked out there by hand."""

from __future__ import annotations

import pytest

import staffopt as so
from staffopt.plan import FULL_YEAR, Verdict

LONGER = {
    "relief-team": (0, 0, 241_200),
    "three-months-more": (3, 128_100, 369_300),
    "six-months-more": (6, 256_200, 497_400),
}


def solved(option, **changes):
    return so.solve(so.load("relief"), option=option, isolation="inline", **changes)


@pytest.fixture(scope="module")
def plan():
    return solved("target-at-a-price")


def test_one_worker_is_added_and_half_of_one_is_missed(plan):
    assert plan.change["assessment", "social_worker"] == 1
    assert plan.goals[0].value == 72_000
    (softened,) = (f for f in plan.findings if f.verdict is Verdict.SOFTENED)
    assert (softened.by * 2, softened.unit, softened.price) == (1, "FTE", 60_000)


def test_the_fund_pays_for_the_post_and_nothing_of_the_price(plan):
    years = ("2026/27", "2027/28", FULL_YEAR)
    assert [plan.money["growth", year].raw for year in years] == [22_000, 21_000, 42_000]
    weighs = {t.year: t.amount.raw for t in plan.figures.totals if t.of == "penalty"}
    assert [weighs[year] for year in years] == [15_000, 15_000, 30_000]


@pytest.mark.parametrize(("price", "added"), [(41_999, 0), (83_990, 1), (84_002, 2)])
def test_a_post_is_added_where_what_it_mends_weighs_more_than_it_costs(price, added):
    changes = {"standards.keep_average_caseload.soften.price": price}
    assert (
        solved("target-at-a-price", overrides=changes).change.get(
            ("assessment", "social_worker"), 0
        )
        == added
    )


@pytest.mark.parametrize("option", LONGER)
def test_the_team_is_kept_as_long_as_the_option_says(option):
    months, second_year, whole = LONGER[option]
    plan = solved(option)
    (bought,) = plan.figures.managed_teams
    assert (bought.extension, bought.teams) == (months, 1)
    assert plan.money["reserves", "2026/27"].raw == 241_200
    assert plan.money["reserves", "2027/28"].raw == second_year
    assert plan.goals[0].value == whole


def test_an_extension_must_be_agreed_in_february():
    (bought,) = solved("six-months-more").figures.managed_teams
    assert (str(bought.end), str(bought.agree_by)) == ("2027-09", "2027-02")


def test_a_pound_less_in_the_second_year_and_six_months_cannot_be_had():
    enough = {"funds.reserves.ceiling.2027/28": 256_200}
    assert solved("six-months-more", overrides=enough).goals[0].value == 497_400
    with pytest.raises(so.Infeasible):
        solved("six-months-more", overrides={"funds.reserves.ceiling.2027/28": 256_199})
