"""How people come and go, as `staffopt show` writes it."""

import staffopt as so
from shipped import plan_of
from staffopt.reporting.show import render_instance
from staffopt.reporting.tables import WIDTH
from staffopt.reporting.text import render
from staffopt.reporting.turnover import turnover_lines


def shown(council):
    return " ".join(" ".join(turnover_lines(council)).split())


def test_every_role_says_how_many_leave_and_when_somebody_can_start():
    text = shown(so.load("tiny-turnover"))
    assert "Social worker 10% a month three months 2,000 50% of a caseload," in text
    for part in ("0% a year no time, in", "September", "1,000 Social worker after", "one year"):
        assert part in text


def test_first_year_absence_and_a_years_share_are_told():
    worker = "roles.social_worker.turnover"
    changes = {"leavers": "0.15", "leavers_first_year": "0.25", "rates": "compounded"}
    council = so.load("tiny-turnover").where(
        {f"{worker}.{name}": value for name, value in {**changes, "absence": "0.05"}.items()}
    )
    text = shown(council)
    assert "15% a year, 25% in" in text
    assert "5% away" in text


def test_it_stands_in_show_within_the_width_and_nowhere_else():
    council = so.load("tiny-turnover")
    assert "Coming and going" in render_instance(council)
    assert max(map(len, turnover_lines(council))) <= WIDTH
    assert turnover_lines(so.load("tiny")) == []


def test_a_month_that_is_missed_is_told_and_what_is_weighed_is_what_its_goal_weighs():
    # August is short by 0.52, December by 0.480472; a month of either weighs 2,000 for each.
    text = " ".join(render(plan_of("tiny-turnover")).split())
    assert "! Softened: Aug 2026: North: average 16.04" in text
    assert "! Softened: Dec 2026: North: average 15.96" in text
    assert "missing keep_average_caseload weighs £2,001 over the years planned in the goals" in text
