"""Posts that end, as a council uses them: solved, bridged, reported, converted and planned on from.

By hand: two grant workers at £42,000, with £600 a desk and £1,000 of set-up each, beside one that
is there already, until September 2027. 17 workers for 320 cases are under 30 cases each all along.
"""

from __future__ import annotations

import io

import pytest

import staffopt as so
from staffopt.analysis.bridge import bridge
from staffopt.conversion import convert
from staffopt.plan import FULL_YEAR
from staffopt.reporting.text import render

openpyxl = pytest.importorskip("openpyxl", reason="pip install staffopt[test]")
pytest.importorskip("xlsxwriter", reason="pip install staffopt[test]")

from staffopt.reporting.workbooks.working import working_book  # noqa: E402 (needs them)

FILE = """\
schema_version: 1
instance: grant
title: A council with a grant
calendar: {start: 2026-04, end: 2028-03, periods: months, from: "1"}
roles:
  worker: {name: Social worker, kind: case_holder, cost: 40000, from: "1"}
  granted:
    name: Grant worker
    kind: case_holder
    cost: 42000
    set_up: 1000
    non_staffing: 600
    ends: 2027-09
    from: "1"
teams:
  north: {name: North, cases: 200, posts: {worker: 10}, from: "1"}
  south: {name: South, cases: 120, posts: {worker: 6, granted: 1}, from: "1"}
funds:
  grant:
    name: Grant
    recurrent: false
    pays_for: {added_posts: [granted], posts_today: [granted]}
    ends: 2027-09
    ceiling: {2026/27: 200000, 2027/28: 100000}
    from: "1"
standards: {keep_average_caseload: {target: 30, scope: all, from: "1"}}
options:
  two: {title: Two for the grant, model: caseload-target, pins: {change: {granted: 2}}}
default_option: two
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("grant") / "grant.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plan(place):
    return so.solve(so.load(place), unique=False)


def test_the_plan_is_proven_and_verified_and_adds_them_until_their_end(plan):
    assert (str(plan.grade), so.verify(plan).ok) == ("CERTIFIED", True)
    assert sum(fte for (_, role), fte in plan.change.items() if role == "granted") == 2
    assert plan.posts["south", "granted"] == 0  # in March 2028
    [goal] = [g for g in plan.goals if g.minimise == "full_year_cost"]
    assert goal.value == 2 * 42_600


def test_the_report_says_until_when_they_are_there_and_what_they_cost(plan):
    text = " ".join(render(plan).split())
    assert "FUND 2 grant workers to Sep 2027." in text
    assert "£85,200 a year for the posts that end; £2,000 set-up once." in text
    assert "! 3 FTE Grant worker end in Sep 2027, of £85,200 of new money a year." in text
    # 2 × 42,600 and the set-up; half a year of the former; nothing ever after
    assert "New money 87,200 42,600 –" in text


def test_the_bridge_adds_up_line_by_line_and_leads_back_to_nothing(plan):
    found = bridge(plan)
    steps = {step.what: {y: a.raw for y, a in step.amounts.items()} for step in found.steps}
    assert steps["added granted"] == {"2026/27": 84_000, "2027/28": 42_000, FULL_YEAR: 0}
    assert steps["today's posts"] == {"2026/27": 42_000, "2027/28": 21_000, FULL_YEAR: 0}
    for year in found.years:
        *parts, end = [step.amounts[year].raw for step in found.steps]
        assert sum(parts) == end


def test_the_working_workbook_counts_the_months_until_the_end(plan):
    book = openpyxl.load_workbook(io.BytesIO(working_book(plan)), data_only=True)
    head, *rows = list(book["Ledger"].iter_rows(min_row=4, values_only=True))
    lines = [dict(zip(head, row, strict=True)) for row in rows if any(row)]
    found = {(n["line"], n["year"]): (n["quantity"], n["unit cost, £"]) for n in lines}
    assert found["posts today granted", "2026/27"] == (1, 42_000)
    assert found["posts today granted", "2027/28"] == (0.5, 42_000)
    assert found["added granted", "2027/28"] == (1, 42_000)
    assert {n["follows from"] for n in lines if n["line"].startswith(("added", "posts"))} == {
        "what is decided"
    }


@pytest.mark.parametrize("target", ["again.yaml", "again.xlsx", "again"])
def test_a_file_a_workbook_and_a_folder_of_tables_keep_the_end(place, tmp_path, target):
    convert(place, tmp_path / target)
    again = so.load(tmp_path / target)
    assert str(again.roles["granted"].ends) == "2027-09"
    assert again.roles["worker"].ends is None


def test_planning_on_takes_them_for_posts_that_end(plan):
    left = so.state(plan, "2027-04")
    # half a year of 3 × 42,000 and of two desks is bound
    assert left.committed["grant", "2027/28"] == 63_000 + 600
    ftes = [team.posts.get("granted", 0) for team in left.instance.teams.values()]
    assert sum(ftes) == 3
    found = so.roll(plan, "2027-04")
    assert not any(found.plan.change.values())
    posts = {(f.period, f.team): f.posts for f in found.plan.figures.posts if f.role == "granted"}
    assert sum(fte for (month, _), fte in posts.items() if month == "2027-09") == 3
    assert not any(fte for (month, _), fte in posts.items() if month > "2027-09")


def test_looking_ahead_window_by_window_decides_nothing_after_the_end(place):
    found = so.foresight(so.load(place), 12, unique=False)
    assert found.none is None
    assert found.broken == ()


def test_money_that_ends_first_lets_them_stay_no_longer(place):
    longer = {"roles.granted.ends": "2028-03"}
    # six months of three at £42,000 and of two desks at £600; 127,200 are 27,200 over the ceiling
    words = r"\(Grant, 2027/28\): over by £27,200.*last month \(Grant\): over by £63,600"
    with pytest.raises(so.Infeasible, match=words):
        so.solve(so.load(place), overrides=longer, unique=False)


def test_posts_that_end_within_a_period_are_refused_with_what_to_write(place):
    with pytest.raises(so.InputError, match="within a period of a calendar cut into one"):
        so.solve(so.load(place), overrides={"calendar.periods": "one"})


def test_posts_whose_people_are_carried_forward_are_refused_with_the_reason():
    changes = {"roles.social_worker.ends": "2027-03"}
    with pytest.raises(so.InputError, match="whose posts end in 2027-03"):
        so.solve(so.load("tiny-turnover"), overrides=changes)
