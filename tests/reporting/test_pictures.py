"""Charts hold the figures of plans; each expected figure has its arithmetic or its paragraph."""

from fractions import Fraction

import staffopt as so
from shipped import plan_of
from staffopt.reporting.charts import Kind
from staffopt.reporting.pictures import (
    caseload_chart,
    course_chart,
    frontier_chart,
    money_chart,
)
from staffopt.reporting.words import FULL_YEAR_AFTER

COUNCIL = "nottinghamshire-2018"


def test_teams_stand_today_and_in_the_plan_over_the_council_s_bands():
    chart = caseload_chart({"plan": plan_of(COUNCIL)})
    today, plan, released = chart.series
    assert (today.name, today.before) == ("today", True)
    # Table 1: 927 cases over 36 social workers.
    assert (today.points[0].at, today.points[0].value) == ("Assessment", Fraction(927, 36))
    assert plan.points == today.points
    assert [point.label for point in released.points] == ["21.90 (22)", "23.29 (23)", "20.26 (20)"]
    # 3, with averages printed whole: 20-21 begins at 19.5 and ends below 21.5.
    manageable = next(band for band in chart.bands if band.name == "manageable")
    assert (manageable.low, manageable.high) == (Fraction("19.5"), Fraction("21.5"))


def test_money_stands_by_year_and_fund_with_its_sum():
    chart = money_chart(plan_of(COUNCIL))
    first, second = chart.series
    assert [first.name, second.name] == ["Contingency", "Strategic Development Fund"]
    # 22, to the nearest thousand.
    assert [point.label for point in first.points] == ["£314k", "£581k", "£581k", "£581k"]
    assert [point.value for point in second.points][-1] is None
    assert chart.sums[-1] == (FULL_YEAR_AFTER, "£581k")
    assert "2019/20 £907,177" in chart.alt


def test_more_teams_than_a_picture_has_room_for_are_all_in_its_table():
    teams = {
        f"teams.t{number}": {"name": f"Team {number}", "cases": 10 + number,
                             "posts": {"social_worker": 1}, "from": "1"}
        for number in range(60)
    }  # fmt: skip
    plan = so.solve(so.load("tiny"), option="do-nothing", overrides=teams)
    chart = caseload_chart({"plan": plan})
    # Of 62 teams the 20 highest: those with 50 to 69 cases for their one social worker.
    drawn = {point.at for point in chart.series[0].points}
    assert drawn == {f"Team {number}" for number in range(40, 60)}
    assert len([row for row in chart.table.rows if row[0].startswith("Team")]) == 60


def test_caseloads_run_over_the_months_where_cases_do():
    changes = {
        "calendar.periods": "months",
        "teams.north.cases_over_time": {"series": {"2027-04": 100}},
    }
    plan = so.solve(so.load("tiny"), option="do-nothing", overrides=changes)
    chart = course_chart(plan)
    assert chart.kind is Kind.LINES
    north = next(series for series in chart.series if series.name == "North")
    # 120 cases over 5 social workers for six months, then 100 over 5.
    assert [point.label for point in north.points] == ["24.00"] * 6 + ["20.00"] * 12
    assert north.points[0].at == "Oct 2026"
    assert course_chart(plan_of("tiny")) is None


def test_a_frontier_is_a_staircase_from_its_cheapest_point():
    found = so.frontier(so.load("tiny"), option="best-mix")
    chart = frontier_chart(found)
    # docs/frontier.md: from £52,000 at 22 cases each to £80,000 at 20.
    points = [(point.at, point.value) for point in chart.series[0].points]
    assert (points[0], points[-1]) == ((52_000, 22), (80_000, 20))
    assert chart.kind is Kind.STEPS


def test_averages_are_drawn_as_the_target_divides_them():
    chart = caseload_chart({"plan": plan_of("tiny-turnover")})
    [today] = [point.value for point in chart.series[0].points]
    # tiny-turnover.md: 120 cases over 8 workers and 2 newly qualified at half a caseload each
    assert today == Fraction(120, 9)
    assert chart.value.title == "Cases per case holder, per adjusted FTE"
