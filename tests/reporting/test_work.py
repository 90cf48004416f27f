"""Work and who does it in reports: the one best plan of the published construction site."""

from __future__ import annotations

import csv

import pytest

import staffopt as so
from staffopt.reporting.decision import decision
from staffopt.reporting.star import write_star
from staffopt.reporting.text import render
from staffopt.reporting.work import work_table


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("gueret-construction-site"), cross_check=False)


def words(lines):
    return [" ".join(line.split()) for line in lines]


def test_each_month_shows_what_is_needed_who_is_there_and_what_differs(plan):
    # 4 6 7 4 6 2 are needed, and 4 6 6 5 5 4 there
    assert words(work_table(plan))[:5] == [
        "Work, FTE Mar 2026 Apr 2026 May 2026 Jun 2026 Jul 2026 Aug 2026",
        "The site Steel erector needed 4.0 6.0 7.0 4.0 6.0 2.0",
        "The site Steel erector there 4.0 6.0 6.0 5.0 5.0 4.0",
        "The site Steel erector overtime – – 1.0 – 1.0 –",
        "The site Steel erector to spare – – – 1.0 – 2.0",
    ]
    assert "The site Steel erector overtime – – 1.0 – 1.0 –" in words(render(plan).splitlines())


def test_the_decision_says_what_moving_and_what_idling_cost(plan):
    # 3 arrive at 100, 3 leave at 160; two months in overtime and three idle at 200
    text = " ".join(decision(plan))
    assert "£780 once for those who join or move; £1,000 for overtime and people to spare." in text
    assert "MAKE REDUNDANT 3 steel erectors" in text


def test_work_is_a_table_of_its_own_for_other_programs(plan, tmp_path):
    write_star([plan], tmp_path)
    with (tmp_path / "work.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    august = next(row for row in rows if row["period"] == "2026-08")
    assert [float(august[f"{key}_fte"]) for key in ("needed", "able", "overtime", "spare")] == [
        *(2, 4, 0, 2)
    ]


def test_where_nothing_is_needed_there_is_no_table():
    assert work_table(so.solve(so.load("tiny"), cross_check=False)) == []
