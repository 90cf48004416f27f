"""What a plan depends on, worked out by hand on tiny."""

from __future__ import annotations

from fractions import Fraction

import staffopt as so
from staffopt.analysis import binding

RATIO = "standards.keep_support_ratio.ratio"


def test_what_a_rule_costs_is_what_the_plan_would_cost_less_without_it():
    # North gets 1.5 officers at £24,000 for its ratio, South half of one.
    explanation = so.explain(so.load("tiny"))
    costs = {(b.instance.rule, b.instance.where.get("team")): b.costs for b in explanation.binding}
    assert costs == {
        ("keep_support_ratio", "north"): 36_000,
        ("keep_support_ratio", "south"): 12_000,
    }


def test_the_next_step_is_the_nearest_figure_that_changes_the_plan():
    # North, 5 workers: 1.5 officers serve them down to 1 : 3.34 (1.497 → 1.5), and 3.33 needs 2;
    # at 1 : 5 one does. South, 3 workers: 1 serves them down to 1 : 3, and half of one from 1 : 6.
    # 2 officers cost 48,000 in 2027/28, and 24,000 + 2 × 1,000 in the half year before.
    explanation = so.explain(so.load("tiny"))
    steps = {(step.path, step.at): step.goal for step in explanation.next_steps}
    assert steps == {
        (RATIO, Fraction("3.33")): 60_000,
        (RATIO, Fraction(5)): 36_000,
        ("funds.growth.ceiling.2026/27", Fraction(25_999)): None,
        ("funds.growth.ceiling.2027/28", Fraction(47_999)): None,
    }


def test_a_step_before_the_next_one_changes_nothing():
    council = so.load("tiny")
    for step in so.explain(council).next_steps:
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


def test_where_there_are_too_many_rules_to_leave_out_it_is_said(monkeypatch):
    monkeypatch.setattr(binding, "MOST_INSTANCES", 1)
    explanation = so.explain(so.load("tiny"))
    assert (explanation.binding, explanation.next_steps) == ((), ())
    assert "too many rules" in explanation.not_told
