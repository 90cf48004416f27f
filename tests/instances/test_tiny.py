"""Tiny, against the hand solution in instances/tiny.md, where the arithmetic stands."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from shipped import added, broken, caseload, missed_by_policy, plan_of, total
from staffopt.plan import FULL_YEAR

YEARS = ["2026/27", "2027/28"]


def spent(plan: so.Plan, fund: str) -> list[int]:
    """What a fund pays in each year, in whole pounds."""
    return [plan.money[fund, year].printed for year in YEARS]


@pytest.fixture(scope="module")
def officers():
    return plan_of("tiny")


@pytest.fixture(scope="module")
def workers():
    return plan_of("tiny", "social-workers")


@pytest.fixture(scope="module")
def mix():
    return plan_of("tiny", "best-mix")


@pytest.mark.parametrize(
    "option",
    ["do-nothing", "support-officers", "social-workers", "officers-and-project", "best-mix"],
)
def test_no_option_breaks_or_misses_a_rule(option):
    plan = plan_of("tiny", option)
    assert broken(plan) == []
    assert missed_by_policy(plan) == []


def test_officers_are_the_default_option_and_go_1_5_and_0_5(officers):
    assert officers.question.option == "support-officers"
    assert added(officers, "support_officer") == {"north": "1.5", "south": "0.5"}


def test_officers_cost_48000_a_year_and_2000_once(officers):
    assert officers.money["growth", FULL_YEAR].printed == 48_000
    assert [figure.heads for figure in officers.figures.heads if figure.heads] == [2]
    assert spent(officers, "growth") == [26_000, 48_000]


@pytest.mark.parametrize(
    ("team", "today", "effective"),
    [("north", 24, Fraction(144, 7)), ("south", 22, Fraction(396, 19))],
)
def test_officers_leave_both_teams_high(officers, team, today, effective):
    assert caseload(officers, team).average == today
    figure = caseload(officers, team, basis="effective")
    assert (figure.average, figure.printed, figure.band) == (effective, 21, "high")


def test_two_social_workers_go_one_to_each_team(workers):
    assert added(workers, "social_worker") == {"north": "1", "south": "1"}
    assert [goal.value for goal in workers.goals] == [80_000, 20, 2]
    assert spent(workers, "growth") == [42_000, 80_000]


def test_two_social_workers_bring_north_to_manageable_and_south_below(workers):
    north, south = caseload(workers, "north"), caseload(workers, "south")
    assert (north.average, north.band) == (20, "manageable")
    assert (south.average, south.printed, south.band) == (Fraction("16.5"), 17, "spare capacity")
    assert caseload(workers, "both").average == Fraction("18.6")


def test_a_pound_less_than_80000_leaves_no_plan():
    tight = {"funds.growth.ceiling.2027/28": 79_999}
    with pytest.raises(so.Infeasible):
        so.solve(so.load("tiny"), option="social-workers", overrides=tight)


def test_the_best_mix_is_a_social_worker_and_half_an_officer_in_north(mix):
    assert added(mix, "social_worker") == {"north": "1"}
    assert added(mix, "support_officer") == {"north": "0.5"}
    assert [goal.value for goal in mix.goals] == [52_000, 22, Fraction(3, 2)]
    assert spent(mix, "growth") == [28_000, 52_000]


def test_the_best_mix_leaves_south_at_22_under_a_pooled_20(mix):
    assert caseload(mix, "north", basis="effective").average == Fraction(360, 19)  # 120 ÷ 19/3
    assert caseload(mix, "south", basis="effective").average == 22
    assert caseload(mix, "both", basis="effective").average == 186 / Fraction(28, 3)  # 8 + 4/3


def test_the_project_costs_the_reserve_23500_and_22500():
    plan = plan_of("tiny", "officers-and-project")
    assert spent(plan, "reserve") == [23_500, 22_500]
    assert spent(plan, "growth") == [26_000, 48_000]
    assert total(plan, "package", "project", "2026/27").printed == 23_500
