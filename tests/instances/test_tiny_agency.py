"""The plan of tiny-agency.yaml, against the hand arithmetic of tiny-agency.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.plan import FULL_YEAR, Grade
from staffopt.reporting.quality import another_words
from staffopt.reporting.show import render_instance
from staffopt.reporting.text import render
from staffopt.reporting.today import render_today, stand_today

F = Fraction


@pytest.fixture(scope="module")
def filled():
    return so.solve(so.load("tiny-agency"))


def rates(plan, period):
    return {
        figure.team: (figure.vacancies, figure.vacancy_rate, figure.agency_rate)
        for figure in plan.figures.vacancies
        if figure.period == period
    }


def test_one_is_hired_in_each_team_and_agency_staff_move_north(filled):
    hired = {(d.team, d.role): d.change for d in filled.decisions.people}
    assert hired == {
        ("north", "newly_qualified"): 1,
        ("north", "agency_worker"): 1,
        ("south", "social_worker"): 1,
        ("south", "agency_worker"): F("-0.5"),
    }
    assert filled.decisions.posts == ()
    assert [goal.value for goal in filled.goals] == [12_500, 48, 7]
    assert filled.grade is Grade.CERTIFIED
    assert filled.provenance.unique
    assert so.verify(filled).ok


def test_vacancies_and_rates_are_shown_today_and_in_the_plan(filled):
    assert rates(filled, "today") == {
        "north": (3, F(3, 8), F(1, 11)),
        "south": (2, F(2, 5), F(1, 4)),
        None: (5, F(5, 13), F(3, 19)),
    }
    assert rates(filled, filled.last_period) == {
        "north": (2, F(1, 4), F(1, 5)),
        "south": (1, F(1, 5), F(1, 9)),
        None: (3, F(3, 13), F(1, 6)),
    }


def test_the_growth_fund_pays_premiums_and_the_base_budget_saves_some(filled):
    assert filled.money["growth", FULL_YEAR].printed == 25_000
    assert filled.money["base", FULL_YEAR].printed == -12_500


def test_a_pound_less_than_the_premium_leaves_no_plan():
    short = so.load("tiny-agency").where({"funds.growth.ceiling": 24_999})
    with pytest.raises(so.Infeasible):
        so.solve(short)


def test_the_report_says_who_is_hired_and_what_is_left_vacant(filled):
    text = " ".join(render(filled).split())
    assert "HIRE 1 social worker, 1 newly qualified worker and 1 agency worker." in text
    assert "LET GO 0.5 agency workers." in text
    assert "£12,500 a year while posts are covered." in text
    assert "All teams plan 13.0 10.0 3.0 23.1% 2.0 16.7%" in text
    assert "Cut posts" not in text


def test_without_a_limit_on_hiring_no_agency_staff_are_used():
    # Everybody needed can be permanent: 37,500 of premiums are saved
    council = so.load("tiny-agency").where({"standards.limit_recruitment.limit": 5})
    plan = so.solve(council)
    assert [goal.value for goal in plan.goals][:2] == [-37_500, 0]


def test_another_plan_is_told_by_who_is_in_post():
    # With two posts more and any share of agency staff North may hire two of one role or of each.
    freer = {"standards.limit_share.most": 1, "teams.north.posts.social_worker": 8}
    council = so.load("tiny-agency").where({**freer, "funds.growth.ceiling": 60_000})
    plan = so.solve(council)
    assert plan.provenance.unique is False
    assert " in post (2026/27) " in another_words(plan)


def test_the_council_is_shown_with_who_is_in_post():
    shown = " ".join(render_instance(so.load("tiny-agency")).split())
    assert "6 Social worker (4 in post), 2 Newly qualified worker (1 in post)," in shown
    assert "1 Agency worker (cover)" in shown
    today = " ".join(render_today(*stand_today(so.load("tiny-agency"), so.models())).split())
    assert "All teams today 13.0 8.0 5.0 38.5% 1.5 15.8%" in today
    assert "13 FTE and premiums of agency staff, £595,500 a year, unchanged" in today


def test_people_are_pinned_like_posts():
    pinned = so.load("tiny-agency").where({"pins.people.south.agency_worker": 0})
    # South needs 4.5 of 5 with nobody from an agency: two hired there leave 2.5 agency in North.
    with pytest.raises(so.Infeasible):
        so.solve(pinned)
    more = pinned.where({"standards.limit_recruitment.limit": 3})
    plan = so.solve(more)
    assert plan.people["south", "agency_worker"] == 0
    # Two in South and one in North: 1.5 agency there, 1.0 more, and 1.0 fewer in South
    assert [goal.value for goal in plan.goals][:2] == [0, 36]


def test_a_tag_that_no_role_carries_is_refused_with_the_nearest():
    council = so.load("tiny-agency")
    with pytest.raises(so.InputError, match="no tag is called 'agencies'") as caught:
        so.solve(council, overrides={"standards.limit_share.tag": "agencies"})
    assert "agency" in caught.value.faults[0].mend
