"""What the solver is told and what the verifier asks are the same, on random mixes of rules.

A plan that the verifier refuses, or whose sums differ, ends in an error; so a question that ends
neither in a plan nor in a proof that there is none has found the two sides to differ.
"""

from __future__ import annotations

import time
from fractions import Fraction
from random import Random

import pytest

import staffopt as so
from compiled import ask
from staffopt.answer import answer
from staffopt.backends.solvers import Solvers
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.plan import Grade
from staffopt.rulebook import StayWithinBudget, find_rule

SOLVERS = Solvers("inline")
BOTH = ["north", "south"]
RULES = [
    ("keep_existing_posts", {"scope": ["all", "north"]}),
    (
        "keep_average_caseload",
        {
            "target": ["14", "16.5", "18", "20.5"],
            "each": ["team", "scope"],
            "rounding": ["none", "posts_nearest", "posts_up", "printed(0)", "printed(1)"],
        },
    ),
    ("keep_support_ratio", {"ratio": ["4", "3.5", "8"], "each": ["team", "scope"]}),
    ("limit_recruitment", {"limit": ["1", "3", "6.5"], "scope": ["all", "north"]}),
    (
        "limit_span_of_control",
        {"managers": ["support_lead"], "staff": ["support"], "span": ["2", "1.5"]},
    ),
    ("release_time", {"hours": [6], "contract_hours": [36], "ratio": ["4", "8"]}),
    ("take_bundle_whole", {"required": ["true", "false"]}),
    (
        "choose_band",
        {
            "scope": [BOTH],
            "forbid": [["high"], ["spare"], [], ["fine"]],
            "at_most": [{}, {"fine": 1}],
        },
    ),
]


def drawn_rules(rng):
    for name, choices in RULES:
        if rng.random() < 0.55:
            chosen = {key: rng.choice(values) for key, values in choices.items()}
            yield find_rule(name).model_validate({"label": name, **chosen})
    yield StayWithinBudget(label="stay")


def drawn_tables(rng):
    fund = {
        "name": "Growth",
        "pays_for": {"added_posts": ["all"], "posts_today": rng.choice([[], ["all"]])},
        "ceiling": rng.choice(["none printed", {"2024/25": rng.choice([60000, 150000, 400000])}]),
        **rng.choice([{}, {}, {"ends": "2025-09"}]),
    }
    package = {"name": "P", "start": rng.choice(["2024-10", "2025-02", "2025-11"]), "months": 12}
    heads = rng.choice(["pooled", "by_team"])
    return {
        "calendar": {"periods": rng.choice(["one", "one", "financial_years"])},
        "funds": {"growth": fund},
        "roles": {"worker": {"step": rng.choice(["1", "0.5"]), "set_up_heads": heads}},
        "packages": {"p": package | rng.choice([{}, {"fund": "growth"}])},
        "package_lines": [
            {"package": "p", "post": "Trainer", "fte": 1, "recurrent": 12000},
            {"package": "p", "item": "laptops", "count": 1, "one_off": 500},
        ],
        "bands": {
            "round_average": {"decimals": 0},
            "edges": {"spare": "< 15", "fine": "15-20", "high": "> 20"},
        },
    }


def drawn_goals(rng, rules):
    money = [
        {"minimise": "full_year_cost"},
        {"minimise": "cost"},
        {"minimise": "cost", "year": "2024/25"},
    ]
    yield rng.choice(money)
    if any(rule.name == "keep_average_caseload" for rule in rules):
        yield {"minimise": "worst_caseload", "scope": BOTH}
    yield {"minimise": "change_from_today"}


def question(seed):
    rng = Random(f"agreement {seed}")
    rules = tuple(drawn_rules(rng))
    goals = tuple(Goal.model_validate(goal) for goal in drawn_goals(rng, rules))
    return ask(*rules, goals=goals, **drawn_tables(rng))


def solved(seed):
    """Solve a random question; None where it is proven to have no plan."""
    request = so.Request(isolation="inline", cross_check=False)
    try:
        return answer(question(seed), request, SOLVERS, time.monotonic())
    except so.Infeasible:
        return None


def test_a_size_of_change_off_a_step_moves_with_what_is_snapped():
    # 160 ÷ 18 = 8.8889 FTE on 8, snapped to 0.8889; posts may be cut, so the change is its size
    target = find_rule("keep_average_caseload").model_validate({"label": "t", "target": "18"})
    goals = tuple(Goal(minimise=name) for name in ("full_year_cost", "change_from_today"))
    continuous = {"worker": {"step": 0, "set_up": "none"}}
    asked = ask(target, goals=goals, roles=continuous, may_change=(RoleKind.CASE_HOLDER,))
    request = so.Request(isolation="inline", cross_check=False)
    plan = answer(asked, request, SOLVERS, time.monotonic())
    # a snapped plan is at most two ten-thousandths of an FTE from 8/9
    assert abs(plan.goals[1].value - Fraction(8, 9)) < Fraction(2, 10_000)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_no_plan_of_the_compiled_rules_is_refused(first):
    plans = [solved(seed) for seed in range(first, first + 20)]
    assert any(plans)
    assert all(plan is None or plan.grade is Grade.CERTIFIED for plan in plans)
