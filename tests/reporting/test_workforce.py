"""The workforce in reports, against the hand arithmetic of tiny-turnover.md."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest

import staffopt as so
from staffopt.reporting.star import write_star
from staffopt.reporting.tables import WIDTH
from staffopt.reporting.text import render
from staffopt.reporting.workforce import workforce_tables


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny-turnover"), cross_check=False)


@pytest.fixture(scope="module")
def long():
    """Eighteen months, in which all that can be decided is pinned down by no budget at all."""
    council = so.load("tiny-turnover").where(
        {"calendar.end": "2027-12", "funds.recruitment.ceiling": 0}
    )
    return so.solve(council, cross_check=False)


def words(lines):
    return [" ".join(line.split()) for line in lines]


def test_decisions_say_who_starts_where_and_when_it_is_decided(plan):
    assert words(workforce_tables(plan))[:3] == [
        "Decisions who where decide by FTE",
        "Sep 2026, join Newly qualified worker North Sep 2026 2.0",
        # a lead time of three months
        "Oct 2026, join Social worker North Jul 2026 1.0",
    ]


def test_every_stock_is_shown_month_by_month(plan):
    shown = words(workforce_tables(plan))
    assert "North Social worker 7.2 6.5 7.8 8.0 7.2 6.5" in shown
    assert "North Newly qualified worker 2.0 2.0 2.0 2.0 2.0 2.0" in shown


def test_what_becomes_of_each_roles_people_is_shown(plan):
    shown = words(workforce_tables(plan))
    assert "at the start 8.0 7.2 6.5 7.8 8.0 7.2" in shown
    assert "leave -0.8 -0.7 -0.6 -0.8 -0.8 -0.7" in shown
    assert "progress – – 2.0 – – –" in shown
    assert "progress – – -2.0 – – –" in shown
    assert "by caseloads they can hold 7.2 6.5 7.8 7.5 7.2 6.5" in shown
    assert "Leave in a month: Social worker 10.00%." in shown


def test_the_decision_is_said_in_a_sentence(plan):
    text = " ".join(render(plan).split())
    who = "1 social worker and 2 newly qualified workers"
    assert f"RECRUIT {who} from Jul 2026 to Dec 2026." in text
    assert "£4,000 once for those who join or move." in text
    assert "set-up" not in text


def test_longer_than_a_year_is_summed_by_financial_year(long):
    shown = words(workforce_tables(long))
    assert shown[0] == "Nobody is recruited, let go or moved in the months planned."
    assert "Social worker, all teams, FTE 2026/27 2027/28" in shown
    # 8 · 0.9³ + 2 = 7.832 in September, and a tenth fewer in each of six and fifteen months
    march, december = (Fraction("7.832") * Fraction(9, 10) ** n for n in (6, 15))
    assert f"in post at the end {float(march):.1f} {float(december):.1f}" in shown
    assert f"at the start 8.0 {float(march):.1f}" in shown
    left = (8 + 2 - march, march - december)
    assert f"leave {-float(left[0]):.1f} {-float(left[1]):.1f}" in shown


def test_reports_stay_within_the_width_of_a_page(plan, long):
    for each in (plan, long):
        assert max(map(len, workforce_tables(each))) <= WIDTH


def test_flows_are_a_table_of_the_star_schema(plan, tmp_path):
    write_star([plan], tmp_path)
    with (tmp_path / "flows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 6
    october = next(r for r in rows if (r["role"], r["period"]) == ("social_worker", "2026-10"))
    assert (october["joined_fte"], october["leavers_fte"]) == ("1.000000", "0.783200")
    assert (october["in_post_fte"], october["able_fte"]) == ("8.048800", "7.548800")


def test_a_plan_in_which_nobody_is_carried_forward_has_no_such_section():
    assert workforce_tables(so.solve(so.load("tiny"), cross_check=False)) == []


def test_the_stocks_of_many_teams_are_left_to_the_tables():
    teams = {
        f"team-{n}": {"name": f"Team {n}", "cases": 120, "posts": {"social_worker": 10}}
        for n in range(25)
    }
    council = so.load("tiny-turnover")
    tree = council.model_dump(mode="json", exclude_unset=True) | {"teams": teams}
    tree["funds"]["recruitment"]["ceiling"] = 0
    plan = so.solve(type(council).model_validate(tree), cross_check=False)
    shown = workforce_tables(plan)
    assert not any(line.startswith("In post, FTE") for line in shown)
    assert any("table `flows`" in line for line in shown)
