"""Conflicts and repairs of random councils: by another solver, and by trying every plan."""

from __future__ import annotations

import runpy
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

import brute_force as bf
import brute_places as bp
import staffopt as so
from staffopt.analysis.explanation import explain_on
from staffopt.backends.session import Session

TESTS = Path(__file__).parents[1]
RUN = runpy.run_path(str(TESTS / "explain_run.py"))
BRUTE = runpy.run_path(str(TESTS / "test_brute_force.py"))
PLACES = runpy.run_path(str(TESTS / "test_brute_places.py"))
AMPLE = 200_000


def test_what_another_solver_says_of_random_explanations_agrees():
    with Session(RUN["OTHER"], isolation="inline") as session:
        ends = {seed: RUN["try_one"](seed, session) for seed in range(45)}
    assert {seed: end for seed, end in ends.items() if end.startswith("DEFECT")} == {}
    kinds = Counter(end.split()[0] for end in ends.values())
    assert kinds["explained"] >= 5
    assert any("repaired" in end for end in ends.values())


@pytest.mark.parametrize(
    ("kind", "seeds"),
    [("turnover", range(100, 102)), ("places", range(14, 20)), ("shipped", range(112, 114))],
)
def test_another_solver_agrees_over_time_and_where_people_are_placed(kind, seeds):
    with Session(RUN["OTHER"], isolation="inline") as session:
        ends = {seed: RUN["try_one"](seed, session, kind) for seed in seeds}
    assert {seed: end for seed, end in ends.items() if end.startswith("DEFECT")} == {}
    assert any(end.startswith("explained") for end in ends.values())


def tight(seed):
    """Draw a council that wants more than it can pay for or recruit, with pooled rules only."""
    rng = Random(f"tight {seed}")
    ceiling = {year: rng.randrange(4_000, 60_000, 1_000) for year in bf.MONTHS}
    if seed % 2:
        held = BRUTE["ratio_council"](seed)
        return replace(held, support_each="scope", ceiling=ceiling)
    rounding = rng.choice(["none", "posts_up", "posts_nearest"])
    held = BRUTE["caseload_council"](rounding, "scope", seed)
    return replace(held, limit=rng.choice([Fraction(1), Fraction(2)]), ceiling=ceiling)


def only(council, members):
    """Leave every rule out that no member is of; a ceiling left out is ample."""
    rules = {member.rule for member in members}
    years = {m.where.get("year") for m in members if m.rule == "stay_within_budget"}
    return replace(
        council,
        average=council.average if "keep_average_caseload" in rules else None,
        support_ratio=council.support_ratio if "keep_support_ratio" in rules else None,
        span=council.span if "limit_span_of_control" in rules else None,
        limit=council.limit if "limit_recruitment" in rules else None,
        ceiling={y: c if y in years else AMPLE for y, c in council.ceiling.items()},
    )


def explained(council):
    return so.explain(BRUTE["instance_of"](council), model=council.model)


TIGHT = {seed: tight(seed) for seed in range(10)}


@pytest.mark.parametrize("seed", TIGHT)
def test_a_conflict_has_no_plan_and_one_without_any_member_by_trying_every_plan(seed):
    council, explanation = TIGHT[seed], explained(TIGHT[seed])
    assert (explanation.plan is None) is (bf.try_all(council) is None)
    for conflict in explanation.conflicts:
        members = conflict.members
        assert bf.try_all(only(council, members)) is None
        for left_out in members:
            if left_out.rule != "keep_existing_posts":  # trying every plan never cuts a post
                rest = [member for member in members if member is not left_out]
                assert bf.try_all(only(council, rest)) is not None, left_out.words


def changed(council, overrides):
    """Put a repair's figures into a council."""
    for path, value in overrides.items():
        figure, (table, label, name, *year) = Fraction(value), path.split(".", 3)
        if table == "funds":
            council = replace(council, ceiling={**council.ceiling, year[0]: figure})
        elif label == "keep_average_caseload":
            council = replace(council, average={**council.average, "target": figure})
        else:
            field = {"keep_support_ratio": "support_ratio", "limit_span_of_control": "span"}
            council = replace(council, **{field.get(label, name): figure})
    return council


@pytest.mark.parametrize("seed", TIGHT)
def test_a_repair_has_the_plan_it_names_and_none_with_less_by_trying_every_plan(seed):
    council, explanation = TIGHT[seed], explained(TIGHT[seed])
    for repair in explanation.repairs:
        goals = tuple(goal.value for goal in repair.plan.goals)
        assert bf.best(changed(council, repair.overrides)) == goals
        for change in repair.changes:
            way = 1 if change.after > change.before else -1
            less = str(change.after - way * change.step)
            short = changed(council, {**repair.overrides, change.path: less})
            assert change.least
            assert bf.try_all(short) is None


def test_most_tight_councils_have_no_plan_and_all_of_those_are_repaired():
    found = [explained(council) for council in TIGHT.values()]
    without = [explanation for explanation in found if explanation.plan is None]
    assert len(without) >= 6
    assert all(explanation.repairs for explanation in without)


PLACED = {"minimum_staffing": "least", "minimum_skill": "skilled", "limit_team_size": "most"}


def replaced(council, overrides):
    """Put a repair's figures into a council whose people are placed."""
    figures = {path.split(".")[1]: Fraction(value) for path, value in overrides.items()}
    return replace(council, **{PLACED[label]: figure for label, figure in figures.items()})


@pytest.mark.parametrize("seed", [1, 2, 4, 12, 14, 15, 23, 40, 54])
def test_people_who_cannot_be_placed_can_with_a_repair_by_trying_every_way(seed):
    council = PLACES["council"](seed)
    with PLACES["ask"](council, certify=False, cross_check=False) as desk:
        explanation = explain_on(desk, {}, 4)
    assert (explanation.plan is None) is (bp.best(council) is None)
    assert explanation.plan is not None or explanation.repairs
    for repair in explanation.repairs:
        assert bp.best(replaced(council, repair.overrides)) is not None
        for change in repair.changes:
            way = 1 if change.after > change.before else -1
            less = {**repair.overrides, change.path: change.after - way * change.step}
            assert change.least
            assert bp.best(replaced(council, less)) is None
