"""What a plan depends on, worked out by hand on tiny."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from threading import Event

import numpy as np
import pytest

import staffopt as so
from staffopt.algebra.solution import Options
from staffopt.analysis.feasibility import Endless, Feasibility
from staffopt.analysis.instances import instances_of
from staffopt.analysis.to_the_end import session_of
from staffopt.build import build
from staffopt.desk import open_desk
from staffopt.reporting.explaining import render_explanation


@cache
def of_tiny():
    return so.explain(so.load("tiny"))


RATIO = "standards.keep_support_ratio.ratio"


def test_what_a_rule_costs_is_what_the_plan_would_cost_less_without_it():
    # North gets 1.5 officers at £24,000 for its ratio, South half of one.
    explanation = of_tiny()
    costs = {(b.instance.rule, b.instance.where.get("team")): b.costs for b in explanation.binding}
    assert costs == {
        ("keep_support_ratio", "north"): 36_000,
        ("keep_support_ratio", "south"): 12_000,
    }


def test_a_margin_is_what_one_step_less_or_more_changes_and_as_far_as_each_does():
    # North needs 1.25 more and gets 1.5 in halves of £12,000: each half less saves one, three times
    # over. South's 0.25 take one half, which half an FTE less saves; there is no second to save.
    explanation = of_tiny()
    north, south = (one.margin for one in explanation.binding)
    half = Fraction(1, 2)
    assert (north.step, north.unit, north.saves, north.costs) == (half, "FTE", 12_000, 12_000)
    assert (south.saves, south.costs) == (12_000, 12_000)
    assert (north.holds, south.holds) == (Fraction(3, 2), half)
    # Two officers cost 48,000 of the 90,000 there are: three halves more, and not four.
    assert (north.holds_more, south.holds_more) == (Fraction(3, 2), Fraction(3, 2))


def test_posts_on_no_step_have_a_price_a_hundredth_up_to_where_it_ends():
    # North's 1.25 officers cost £30,000 and South's 0.25 £6,000: £240 a hundredth, until none is
    # left. All 36,000 are spent in 2027/28.
    changes = {"roles.support_officer.step": 0}
    explanation = so.explain(so.load("tiny"), overrides=changes)
    assert [one.costs for one in explanation.binding] == [30_000, 6_000]
    margins = [(m.saves, m.costs, m.holds) for m in (one.margin for one in explanation.binding)]
    assert margins == [(240, 240, Fraction(5, 4)), (240, 240, Fraction(1, 4))]
    # 90,000 - 36,000 = 54,000 pay for 2.25 FTE more.
    assert [one.margin.holds_more for one in explanation.binding] == [Fraction(9, 4)] * 2
    steps = {(step.path, step.at): step for step in explanation.next_steps}
    assert steps["funds.growth.ceiling.2027/28", Fraction(35_999)].goal is None
    # At 4.01 workers an officer 8 ÷ 4.01 − 0.5 are added, and one more hundredth saves less.
    less = steps[RATIO, Fraction("4.01")]
    assert less.goal == pytest.approx(24_000 * (8 / 4.01 - 0.5), abs=0.01)
    assert less.until == Fraction("4.01")


def test_a_ceiling_has_a_price_a_pound_up_to_where_it_buys_no_more():
    # Officers on no step; North's ratio is softened at £40,000 an FTE, dearer than one. Of the
    # 30,000 that North needs 20,000 are there for it in 2027/28 (6,000 go to South).
    # A pound more buys 1/24,000 FTE and saves 40,000/24,000 − 1 = 2/3 of a pound, 10,000 times.
    ratio = {"rule": "keep_support_ratio", "ratio": 4}
    changes = {
        "roles.support_officer.step": 0,
        "model.rules.keep_support_ratio": {**ratio, "scope": "south"},
        "model.rules.north": {**ratio, "scope": "north", "soften": {"price": 40_000}},
        "funds.growth.ceiling.2027/28": 26_000,
    }
    explanation = so.explain(so.load("tiny"), overrides=changes)
    [more] = [s for s in explanation.next_steps if s.path.endswith("2027/28") and s.at > s.value]
    assert more.at == 26_001
    assert more.until == 36_000
    [ceiling] = [b for b in explanation.binding if b.instance.rule == "stay_within_budget"]
    assert ceiling.margin.saves == pytest.approx(2 / 3, abs=1e-5)
    assert ceiling.margin.holds == 10_000


def test_the_next_step_is_the_nearest_figure_that_changes_the_plan():
    # North, 5 workers: 1.5 officers serve them down to 1 : 3.34 (1.497 → 1.5), and 3.33 needs 2;
    # at 1 : 5 one does. South, 3 workers: 1 serves them down to 1 : 3, and half of one from 1 : 6.
    # 2 officers cost 48,000 in 2027/28, and 24,000 + 2 × 1,000 in the half year before.
    explanation = of_tiny()
    steps = {(step.path, step.at): step.goal for step in explanation.next_steps}
    assert steps == {
        (RATIO, Fraction("3.33")): 60_000,
        (RATIO, Fraction(5)): 36_000,
        ("funds.growth.ceiling.2026/27", Fraction(25_999)): None,
        ("funds.growth.ceiling.2027/28", Fraction(47_999)): None,
    }


def test_a_step_before_the_next_one_changes_nothing():
    council = so.load("tiny")
    for step in of_tiny().next_steps:
        unit = 1 if step.unit == "pounds" else Fraction(1, 100)
        way = 1 if step.at > step.value else -1
        nearer = {step.path: f"{float(step.at - way * unit):g}"}
        assert so.solve(council, overrides=nearer).goals[0].value == 48_000
        there = {step.path: f"{float(step.at):g}"}
        if step.goal is not None:
            assert so.solve(council, overrides=there).goals[0].value == step.goal


def test_a_rule_set_by_law_binds_and_its_figures_are_not_moved():
    lawful = {
        "standards.keep_support_ratio.statutory": "true",
        "standards.keep_support_ratio.from": "law",
    }
    explanation = so.explain(so.load("tiny"), overrides=lawful)
    assert len(explanation.binding) == 2
    assert RATIO not in {step.path for step in explanation.next_steps}


AVERAGES = {
    "model.goals": [{"minimise": "worst_caseload"}, {"minimise": "full_year_cost"}],
    "standards.limit_recruitment.limit": 1,
    "standards.keep_average_caseload.target": 25,
}
"""North has 120 cases and 5 social workers, South 66 and 3; one more may be recruited."""


def test_what_binds_an_average_is_told_in_cases_per_worker():
    # The one who may come goes to North: 120 / 6 = 20, and South stays at 66 / 3 = 22. With two,
    # North and South have one each (20 and 16.5); with three 120 / 7 and 66 / 4 would do, but
    # £90,000 pay for two. With nobody more North stays at 120 / 5 = 24.
    explanation = so.explain(so.load("tiny"), option="social-workers", overrides=AVERAGES)
    (limit,) = explanation.binding
    assert (limit.instance.rule, limit.costs) == ("limit_recruitment", 2)
    assert (limit.margin.saves, limit.margin.costs, limit.margin.holds) == (2, 2, 1)
    assert limit.margin.holds_more == 1  # fewer than nobody cannot be recruited
    steps = {(step.path, step.at): step.goal for step in explanation.next_steps}
    # A year of one costs £40,000, the half year 20,000 and £1,000 to set up. All 186 cases over 9
    # workers are 20.67 each.
    assert steps == {
        ("standards.limit_recruitment.limit", 0): 24,
        ("standards.limit_recruitment.limit", 2): 20,
        ("funds.growth.ceiling.2026/27", 20_999): 24,
        ("funds.growth.ceiling.2027/28", 39_999): 24,
        ("standards.keep_average_caseload.target", Fraction("20.66")): None,
    }


def test_where_nothing_binds_the_first_goal_it_is_told_in_the_next():
    # Nothing is softened, so that no plan has a penalty; of plans without one the cheapest is told
    # as if its cost came first.
    goals = [{"minimise": "penalty"}, {"minimise": "full_year_cost"}]
    explanation = so.explain(so.load("tiny"), overrides={"model.goals": goals})
    assert explanation.number == 1
    assert [one.costs for one in explanation.binding] == [36_000, 12_000]
    steps = {(step.path, step.at): (step.number, step.goal) for step in explanation.next_steps}
    assert steps[RATIO, Fraction(5)] == (1, 36_000)
    # Without a plan it is the first goal that comes to nothing.
    assert steps["funds.growth.ceiling.2027/28", 47_999] == (0, None)


@pytest.mark.parametrize(
    ("council", "option"),
    [("tiny", "best-mix"), ("tiny-agency", None), ("nottinghamshire-2018", "recommended")],
)
def test_rules_left_out_many_at_a_time_are_those_found_one_by_one(council, option):
    asked = so.load(council)
    found = so.explain(asked, option=option)
    with open_desk(asked, option=option) as desk:
        program = build(desk.question, may_cut=True)
        goal, matrix = program.goals[found.number], program.matrix.floating()
        least = Feasibility(session_of(desk, whole=True), Options(), lambda: 0, lambda _: False)
        best = goal.floats @ least.least(matrix, goal.floats)
        costs = {}
        for one in instances_of(desk.question, program):
            lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
            lower[one.rows], upper[one.rows] = -np.inf, np.inf
            value = goal.floats @ least.least(matrix, goal.floats, (lower, upper))
            if best - value > 1e-5:
                costs[one.words] = pytest.approx(best - value, abs=1e-4)
    assert found.number == 0
    assert {one.instance.words: one.costs for one in found.binding} == costs


@pytest.mark.parametrize("after", [0, 1, *range(2, 12), 20])
def test_a_search_that_is_stopped_says_so_and_keeps_what_it_has(after):
    stop, seen = Event(), []

    def see(progress):
        seen.append(progress.goal)
        if seen.count("what binds the plan") > after:
            stop.set()

    explanation = so.explain(so.load("tiny"), progress=see, cancel=stop)
    assert explanation.plan is not None
    assert explanation.all_binding is False
    assert {one.costs for one in explanation.binding} <= {36_000, 12_000}  # none without an end
    told = "stopped before it was over" if after else "stopped, or out of time, too soon"
    assert told in render_explanation(explanation)


def test_a_rule_without_which_the_goal_has_no_end_is_told_first(monkeypatch):
    least = Feasibility.least

    def endless_without_the_ratio_in_south(self, matrix, cost, rows=None):
        if rows is not None and np.isinf(rows[0]).sum() > np.isinf(matrix.row_lower).sum():
            raise Endless("no end")
        return least(self, matrix, cost, rows)

    monkeypatch.setattr(Feasibility, "least", endless_without_the_ratio_in_south)
    first = so.explain(so.load("tiny")).binding[0]
    assert first.costs is None


@pytest.mark.parametrize("backend", ["auto", "highs"])
def test_explanations_take_the_backend_that_is_quickest(backend):
    found = so.explain(so.load("tiny"), backend=backend).binding
    assert [one.costs for one in found] == [36_000, 12_000]
