"""People over the months as charts; tiny-turnover.md works the figures out by hand."""

import pytest

import staffopt as so
from staffopt.reporting.document import Figures
from staffopt.reporting.pieces import staffing_blocks
from staffopt.reporting.stock_charts import flow_chart, stock_chart


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny-turnover"), cross_check=False)


def test_people_in_post_are_drawn_by_role_month_after_month(plan):
    workers, newly = stock_chart(plan).series
    # 8 less a tenth a month; two newly qualified progress in September, one joins in October.
    assert [point.label for point in workers.points] == ["7.2", "6.5", "7.8", "8.0", "7.2", "6.5"]
    assert [point.label for point in newly.points] == ["2.0"] * 6
    assert workers.points[0].at == "Jul 2026"


def test_who_comes_stands_above_nought_and_who_goes_below(plan):
    join, leave = flow_chart(plan).series
    assert (join.name, leave.name) == ("join", "leave")
    assert [point.label for point in join.points] == ["", "", "2.0", "1.0", "", ""]
    # A tenth of 8, and of what is left.
    assert [point.label for point in leave.points][:2] == ["-0.8", "-0.7"]


def test_decisions_about_people_are_a_table(plan):
    tables = [block for block in staffing_blocks(plan) if isinstance(block, Figures)]
    [decided] = [block.table for block in tables if block.title == "Decisions about people"]
    assert decided.rows == (
        ("Sep 2026, join", "Newly qualified worker", "North", "Sep 2026", "2.0"),
        ("Oct 2026, join", "Social worker", "North", "Jul 2026", "1.0"),
    )


def test_there_is_no_such_chart_where_nobody_is_carried_forward():
    plan = so.solve(so.load("tiny"))
    assert (stock_chart(plan), flow_chart(plan)) == (None, None)
