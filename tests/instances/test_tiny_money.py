"""The plan of tiny-money.yaml, against the hand arithmetic of tiny-money.md."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from typer.testing import CliRunner

import staffopt as so
from staffopt.cli import app
from staffopt.errors import Infeasible
from staffopt.plan import FULL_YEAR, Grade
from staffopt.quantity import round_half_up
from staffopt.reporting.bridging import bridge_rows, render_bridge
from staffopt.reporting.star import star
from staffopt.reporting.text import render
from staffopt.verifier.caution import cautions
from staffopt.verifier.funds import fund_years

F = Fraction
FIRST, SECOND = "2026/27", "2027/28"


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny-money"))


def test_one_more_worker_is_paid_for_at_the_prices_of_each_year(plan):
    assert [(d.team, d.role, d.change) for d in plan.decisions.posts] == [
        ("north", "social_worker", 1)
    ]
    assert plan.grade is Grade.CERTIFIED
    assert plan.goals[0].value == F("46164.96")
    found = {(f.line, f.year): f.amount.raw for f in plan.figures.money}
    assert found["added social_worker", FIRST] == 43_200
    assert found["added social_worker", SECOND] == F("44940.96")
    assert found["non-staffing social_worker", SECOND] == 1_224
    assert found["posts today social_worker", SECOND] == F("179763.84")
    assert so.verify(plan).ok


def test_each_fund_pays_its_kind_of_money_and_the_reserve_carries_on(plan):
    assert plan.money["equipment", FIRST].raw == 1_000
    assert plan.money["transformation", FULL_YEAR].raw == F("46164.96")
    first, second = (
        year
        for year in fund_years(plan.question, plan.figures.money)
        if year.fund == "transformation"
    )
    assert (first.carried_out, first.balance) == (5_600, 105_600)
    left = 41_000 + 5_600 - second.spent
    assert (second.carried_in, left, second.balance) == (5_600, F("435.04"), F("59435.04"))


def test_without_what_is_carried_there_is_no_plan():
    council = so.load("tiny-money").where({"funds.transformation.carry_forward.limit": 5164})
    with pytest.raises(Infeasible):
        so.solve(council)
    enough = so.load("tiny-money").where({"funds.transformation.carry_forward.limit": 5165})
    assert so.solve(enough).goals[0].value == F("46164.96")


def test_the_least_ceilings_are_what_is_spent_where_the_year_before_leaves_nothing():
    found = so.ceiling(so.load("tiny-money"))
    assert {(x.fund, x.year): x.exact for x in found.funds} == {
        ("base", FIRST): 172_800,
        ("base", SECOND): F("179763.84"),
        ("transformation", FIRST): 44_400,
        ("transformation", SECOND): F("46164.96"),
        ("equipment", FIRST): 1_000,
        ("equipment", SECOND): 0,
    }
    [least] = [x for x in found.funds if (x.fund, x.year) == ("transformation", SECOND)]
    assert (least.pounds, least.less) == (46_165, "CERTIFIED")


def test_a_second_post_needs_two_ceilings_and_a_reserve_that_is_no_ceiling():
    # 2 × 44,400 and 2 × 46,164.96 are 181,129.92: more than 150,000 less the 20,000 to be left
    council = so.load("tiny-money")
    assert so.next_pound(council).wherever is None
    # 50,000 and 41,000 are 38,800 and 51,329.92 too low, and Equipment's 1,000 is half of it.
    richer = so.next_pound(council.where({"funds.transformation.reserve.opening": 250_000}))
    assert richer.wherever.exact == F("38800") + F("51329.92") + 1_000
    assert richer.wherever.ceilings == {
        ("transformation", FIRST): 88_800,
        ("transformation", SECOND): 92_330,
        ("equipment", FIRST): 2_000,
    }
    assert all(x.pounds is None for x in richer.bought)  # no one of them is enough


def test_the_year_in_which_the_reserve_is_spent_is_said_without_being_asked(plan):
    [found] = [c for c in cautions(plan.question, plan.figures) if c.fund == "transformation"]
    assert (found.code, found.until) == ("recurrent-on-one-off", "2028/29")
    assert found.amount == F("46164.96")
    assert "one-off money and ends in 2028/29" in " ".join(render(plan).split())


def test_the_bridge_adds_up_line_by_line(plan):
    found = so.bridge(plan)
    table = {s.what: {y: a.raw for y, a in s.amounts.items()} for s in found.steps}
    assert [list(table[what].values())[:2] for what in table] == [
        [172_800, 172_800],
        [43_200, 43_200],
        [1_200, 1_200],
        [1_000, 0],
        [0, F("8728.80")],
        [218_200, F("225928.80")],
    ]
    for year in found.years:
        *steps, end = (step.amounts[year].raw for step in found.steps)
        assert sum(steps) == end
        assert found.rounding(year) == 0


def test_it_pays_back_in_the_second_year_and_is_worth_27290_pounds_and_86_pence(plan):
    found = so.bridge(plan).payback
    assert found.year == SECOND
    assert round_half_up(found.value.raw, 2) == round_half_up(F("27290.86"), 2)
    assert so.bridge(plan, discount=F(0)).payback.value.raw == F("28435.04")


def test_what_is_not_cashable_is_listed_and_in_no_sum(plan):
    listed = {f.benefit: f.amount.raw for f in plan.figures.benefits if f.year == FIRST}
    assert listed == {"placements": 40_000, "time": 30_000}
    assert {f.kind.value for f in plan.figures.money} == {"recurrent", "one_off", "today"}
    assert "not cashable, and in no sum" in " ".join(render(plan).split())


def test_a_cashable_benefit_relaxes_a_ceiling_where_that_is_said():
    council = so.load("tiny-money").where(
        {
            "funds.transformation.ceiling.2027/28": 0,
            "benefits.placements.relaxes": "transformation",
        }
    )
    plan = so.solve(council)
    # 44,400 − 40,000 and 46,164.96 − 80,000
    assert plan.money["transformation", FIRST].raw == 4_400
    assert plan.money["transformation", SECOND].raw == F("-33835.04")
    assert plan.goals[0].value == F("46164.96") - 80_000
    assert so.verify(plan).ok


def test_money_is_booked_to_the_nearest_cost_centre_in_csv(plan):
    codes = {row[4]: row[-1] for row in star([plan])["money"]}
    assert codes["added social_worker"] == "CC-100"
    assert codes["set-up social_worker"] == "EQ-1"


def test_the_command_writes_the_bridge_as_text_json_and_csv(plan, tmp_path):
    path = tmp_path / "plan.json"
    plan.save(path)
    found = so.bridge(plan)
    runner = CliRunner()
    shown = runner.invoke(app, ["bridge", str(path)])
    assert shown.exit_code == 0
    assert shown.stdout == render_bridge(found)
    assert "225,928.80" in shown.stdout
    told = json.loads(runner.invoke(app, ["bridge", str(path), "--json"]).stdout)
    assert told["steps"][-1]["amounts"][SECOND]["pence"] == "225928.80"
    table = runner.invoke(app, ["bridge", str(path), "--csv"]).stdout.splitlines()
    assert len(table) == len(bridge_rows(found))
    assert runner.invoke(app, ["bridge", str(path), "--discount", "much"]).exit_code == 2
