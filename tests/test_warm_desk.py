"""A plan from a desk that has answered before against one from nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

import staffopt as so
from shipped import but_for_making
from test_keeper import change

ASKING: dict[str, Any] = {"isolation": "inline", "cross_check": False}
QUESTIONS = [
    (name, option)
    for name in ("tiny", "nottinghamshire-2018", "barnsley-2017")
    for option in so.load(name).options
]
CONTINUOUS = {
    "roles.social_worker.step": 0,
    "roles.support_officer.step": 0,
    "roles.social_worker.set_up": "none",
    "roles.support_officer.set_up": "none",
}


def outcome(solve: Any) -> Any:
    """Return a plan without how its program was made, or what is said in its stead."""
    try:
        return but_for_making(solve())
    except (so.InputError, so.Infeasible) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(("name", "option"), QUESTIONS)
def test_a_warm_desk_gives_the_plan_that_a_cold_solve_gives(name, option):
    council, rng = so.load(name), Random(f"{name} {option}")
    with so.open(council, option=option, **ASKING) as desk:
        desk.where({f"funds.{next(iter(council.funds))}.ceiling": 10_000_000}).solve()
        assert outcome(desk.solve) == outcome(lambda: so.solve(council, option=option, **ASKING))
        for _ in range(6):
            try:
                other = council.where(change(council, rng))
            except so.InputError:
                continue  # not a figure of this council
            changed = desk.where({step.path: step.value for step in other.changes})
            cold = outcome(lambda: so.solve(other, option=option, **ASKING))  # noqa: B023 (at once)
            assert outcome(changed.solve) == cold


@pytest.mark.parametrize("option", ["support-officers", "best-mix"])
def test_a_warm_desk_reaches_the_same_goals_where_posts_are_on_no_step(option):
    # Ties between plans are not broken off steps, so two bases may end at two plans as good.
    council = so.load("tiny").where(CONTINUOUS)
    with so.open(council, option=option, **ASKING) as desk:
        for pounds in (400_000, 150_000, 90_000, "unlimited", 120_000, 95_000):
            ceiling = {"funds.growth.ceiling": pounds}
            warm, cold = desk.where(ceiling), council.where(ceiling)
            try:
                expected = so.solve(cold, option=option, **ASKING)
            except so.Infeasible:
                with pytest.raises(so.Infeasible):
                    warm.solve()
                continue
            plan = warm.solve()
            assert plan.provenance.input_hash == expected.provenance.input_hash
            assert plan.grade is expected.grade
            for mine, its in zip(plan.goals, expected.goals, strict=True):
                assert abs(mine.value - its.value) <= (1 if "pounds" in mine.unit else 0.001)


def test_a_plan_says_how_its_program_was_made():
    ceiling = "funds.growth.ceiling.2027/28"
    with so.open(so.load("tiny"), **ASKING) as desk:
        assert desk.making is None
        plans = [
            desk.where(changes).solve()
            for changes in ({}, {ceiling: 80_000}, {"roles.support_officer.cost": 25_000})
        ]
        assert desk.making is not None
        assert desk.making.how == "rebuilt"
    told = [plan.model_dump(mode="json")["provenance"] for plan in plans]
    assert [each["program"] for each in told] == ["built", "patched", "rebuilt"]
    assert told[0]["program_why"] is None
    assert told[1]["program_why"] == ceiling
    # The ceiling is back at what it was, which alone would have been patched.
    assert told[2]["program_why"].startswith("roles.support_officer.cost may enter more")


def test_threads_share_a_desk_and_each_gets_its_own_plan():
    ceilings = [{"funds.growth.ceiling": pounds} for pounds in range(50_000, 90_000, 5_000)]
    council = so.load("tiny")
    with so.open(council, **ASKING) as desk, ThreadPoolExecutor(4) as pool:
        plans = list(pool.map(lambda changes: desk.where(changes).solve(), ceilings))
    for changes, plan in zip(ceilings, plans, strict=True):
        cold = so.solve(council.where(changes), **ASKING)
        assert but_for_making(plan) == but_for_making(cold)
    assert [plan.provenance.program for plan in plans].count("patched") == len(plans) - 1
