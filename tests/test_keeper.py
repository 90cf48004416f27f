"""A program patched from the last one against the program that building gives, entry for entry."""

from __future__ import annotations

import dataclasses
from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest

import staffopt as so
from staffopt.build import build
from staffopt.differences import figure_at
from staffopt.errors import InputError
from staffopt.instance.schema import Instance
from staffopt.keeper import Keeper
from staffopt.library import models
from staffopt.request import Request
from staffopt.rulebook import KeepSupportRatio
from staffopt.rules.registry import READS

BANDS = {"forbid": [], "at_most": {"high": 1}}
RECRUITMENT = {"standards.limit_recruitment": {"limit": 3, "staff": "case_holder"}}
STARTS: list[tuple[str, str, dict[str, Any]]] = [
    ("tiny", "support-officers", {}),
    ("tiny", "support-officers", {"pins.posts.north.support_officer": 2}),
    ("tiny", "social-workers", RECRUITMENT),
    ("tiny", "social-workers", {"standards.choose_band": {**BANDS, "margin": "0.001"}}),
    ("tiny", "officers-and-project", {"pins.packages.project": True}),
    ("tiny", "best-mix", {"roles.social_worker.step": 0, "pins.change.social_worker": "1.5"}),
    ("tiny", "best-mix", {"standards.stay_within_budget.soften.price": "2"}),
    ("tiny", "social-workers", {**RECRUITMENT, "standards.limit_recruitment.soften.price": 30000}),
    ("nottinghamshire-2018", "best-mix", {}),
    ("barnsley-2017", "2-to-18", {}),
    ("tiny-money", "target", {}),
    ("tiny-money", "target", {"benefits.placements.relaxes": "transformation"}),
]


def council(name: str, changes: dict[str, Any], periods: str) -> Instance:
    found = so.load(name)
    return found.where({**changes, "calendar.periods": periods})


def question(instance: Instance, option: str) -> Any:
    return Request(option=option).question(instance, models())


def change(instance: Instance, rng: Random) -> dict[str, Any]:
    """Draw a figure and another value for it."""

    def any_of(names: Any) -> str:
        return rng.choice(sorted(names))

    fund, team, role = (any_of(t) for t in (instance.funds, instance.teams, instance.roles))
    year = any_of(instance.calendar.years)
    money = rng.choice([rng.randrange(900_000), "1234567.89", "unlimited", "none printed"])
    fte = f"{rng.randrange(40) / 4}"
    pool = [
        {f"funds.{fund}.ceiling.{year}": money},
        {f"funds.{fund}.ceiling.{year}": money},
        {f"funds.{fund}.ceiling": money},
        {f"teams.{team}.cases": rng.randint(20, 200)},
        {f"teams.{team}.posts.{role}": fte},
        {f"roles.{role}.cost": rng.randrange(20_000, 60_000)},
        {"standards.keep_average_caseload.target": rng.choice(["17.25", 19])},
        {"standards.keep_average_caseload.target": rng.choice(["16", "20.5", 23])},
        {f"pins.posts.{team}.{role}": fte},
        {f"pins.change.{role}": fte},
        {"pins.posts.north.support_officer": fte},
        {"pins.change.social_worker": fte},
        {"pins.packages.project": rng.random() < 0.5},
        {"funds.transformation.carry_forward.limit": rng.choice([5000, "unlimited"])},
        {"funds.transformation.reserve.least": rng.randrange(50_000)},
        {"prices.pay_award.2027/28": rng.choice(["2", "3.5"])},
        {"benefits.placements.pounds": rng.randrange(90_000)},
        {f"roles.{role}.market_supplement": rng.randrange(3_000)},
        {"standards.limit_recruitment.limit": rng.choice([rng.randint(0, 9), "2.5", "unlimited"])},
        {"standards.choose_band.at_most.high": rng.randint(0, 2)},
        {"standards.choose_band.at_most.manageable": rng.randint(0, 2)},
    ]
    return rng.choice(pool)


def assert_same(one: Any, two: Any, where: str = "program") -> None:
    """Compare two programs down to every number, its type included; functions are passed over."""
    assert type(one) is type(two), where
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == two.dtype, where
        assert one.shape == two.shape, where
        for place, (a, b) in enumerate(zip(one.ravel(), two.ravel(), strict=True)):
            assert type(a) is type(b), f"{where} {place}"
            assert a == b, f"{where} {place}"
    elif isinstance(one, dict):
        assert one.keys() == two.keys(), where
        for key in one:
            assert_same(one[key], two[key], f"{where}[{key}]")
    elif isinstance(one, tuple):
        assert len(one) == len(two), where
        for place, (a, b) in enumerate(zip(one, two, strict=True)):
            assert_same(a, b, f"{where}[{place}]")
    elif not callable(one):
        assert one == two, where


def walk(seed: int, start: int, *, exact: bool, steps: int = 12) -> Counter[tuple[str, str]]:
    """Change one council again and again; return how programs were made, by kind of path."""
    name, option, first = STARTS[start]
    rng = Random(f"{seed} {start} {exact}")
    periods = rng.choice(["one", "financial_years"])
    instance, keeper, made = council(name, first, periods), Keeper(exact=exact), Counter()
    keeper.program(question(instance, option))
    for _ in range(steps):
        changed = change(instance, rng)
        try:
            asked = question(other := instance.where(changed), option)
        except InputError:
            continue  # not a figure of this council or model
        try:
            expected = build(asked, exact=exact)
        except InputError:
            with pytest.raises(InputError):
                keeper.program(asked)
            continue
        program, making = keeper.program(asked)
        assert_same(program, expected)
        instance = other
        (path,) = changed
        made[making.how, ".".join(path.split(".")[:2])] += 1
    return made


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("start", range(len(STARTS)))
def test_a_patched_program_is_the_built_one_entry_for_entry(start, exact):
    made = sum((walk(seed, start, exact=exact) for seed in range(2)), Counter())
    assert any(how == "patched" for how, _ in made)
    assert any(how == "rebuilt" for how, _ in made)


def test_the_random_changes_patch_every_kind_of_figure_that_can_be():
    made = sum(
        (walk(seed, start, exact=True) for seed in (7, 8, 9) for start in range(6)), Counter()
    )
    patched = {path for how, path in made if how == "patched"}
    assert patched >= {
        "funds.growth",
        "pins.posts",
        "pins.change",
        "pins.packages",
        "standards.limit_recruitment",
        "standards.keep_average_caseload",
        "standards.choose_band",
    }


def test_a_softened_ceiling_is_patched_from_figure_to_figure_and_built_where_it_comes_or_goes():
    soft = {"standards.stay_within_budget.soften.price": 2}
    keeper, council = keeper_of("best-mix", soft)
    ceiling = "funds.growth.ceiling.2026/27"
    assert made(keeper, council, "best-mix", {ceiling: 1}) == f"patched: {ceiling}"
    # Only a row with a bound has a shortfall.
    assert made(keeper, council, "best-mix", {ceiling: "unlimited"}).startswith("rebuilt")
    assert made(keeper, council, "best-mix", {ceiling: 1}).startswith("rebuilt")


def keeper_of(option: str, changes: dict[str, Any] | None = None) -> tuple[Keeper, Instance]:
    instance, keeper = so.load("tiny").where(changes or {}), Keeper()
    keeper.program(question(instance, option))
    return keeper, instance


def made(keeper: Keeper, instance: Instance, option: str, changes: dict[str, Any]) -> str:
    _, making = keeper.program(question(instance.where(changes), option))
    return f"{making.how}: {making.why}"


def test_a_ceiling_moves_the_bound_of_its_fund_and_year_alone():
    keeper, instance = keeper_of("support-officers")
    program, _ = keeper.program(
        question(instance.where({"funds.growth.ceiling.2026/27": 80000}), "support-officers")
    )
    ceilings = {
        program.row_label(i): program.matrix.row_upper[i]
        for i in range(program.matrix.rows)
        if program.row_label(i).startswith("stay_within_budget")
    }
    # growth pays for added posts and reserve for the project; neither for posts of today
    assert ceilings == {
        "stay_within_budget[growth,2026/27]": 80000,
        "stay_within_budget[growth,2027/28]": 90000,
        "stay_within_budget[reserve,2026/27]": 25000,
        "stay_within_budget[reserve,2027/28]": 25000,
    }


def test_a_keeper_says_what_it_patched_and_why_it_built_again():
    keeper, council = keeper_of("support-officers")
    ceiling = "funds.growth.ceiling.2026/27"
    assert made(keeper, council, "support-officers", {ceiling: 1}) == f"patched: {ceiling}"
    assert made(keeper, council, "support-officers", {ceiling: 1}) == "patched: nothing has changed"
    assert made(keeper, council, "support-officers", {"roles.support_officer.cost": 1}) == (
        "rebuilt: roles.support_officer.cost may enter more than bounds that are known to follow"
    )
    # Back to both at once: what is a bound does not save the rest.
    assert made(keeper, council, "support-officers", {}).startswith(
        "rebuilt: roles.support_officer"
    )


def test_the_first_pin_and_the_last_one_taken_away_are_built_and_others_patched():
    pin, other = "pins.posts.north.support_officer", "pins.posts.south.support_officer"
    keeper, council = keeper_of("support-officers")
    assert made(keeper, council, "support-officers", {pin: 2}).startswith("rebuilt: pins")
    assert made(keeper, council, "support-officers", {pin: 1}) == f"patched: {pin}"
    assert made(keeper, council, "support-officers", {pin: 1, other: 1}) == f"patched: {other}"
    assert made(keeper, council, "support-officers", {other: 1}) == f"patched: {pin}"
    assert made(keeper, council, "support-officers", {}).startswith("rebuilt: pins")


def test_another_first_preference_is_pinned_without_building_again():
    council, keeper = so.load("tiny-places"), Keeper()
    makings = []
    for people in (["p5"], ["p1", "p5"], ["p1"]):
        pins = {f"pins.first_preferences.{person}": True for person in people}
        asked = question(council.where(pins), "place")
        program, making = keeper.program(asked)
        assert_same(program, build(asked))
        makings.append((making.how, making.why))
    assert makings == [
        ("built", ""),
        ("patched", "pins.first_preferences.p1"),
        ("patched", "pins.first_preferences.p5"),
    ]


def test_a_pin_of_what_may_not_change_is_built_as_it_comes_and_goes():
    pin, stuck = "pins.posts.north.support_officer", "pins.posts.north.social_worker"
    keeper, council = keeper_of("support-officers", {pin: 2})
    assert made(keeper, council, "support-officers", {stuck: 5}).startswith("rebuilt: pins.posts")
    assert made(keeper, council, "support-officers", {stuck: 6}) == f"patched: {stuck}"
    assert made(keeper, council, "support-officers", {}).startswith("rebuilt: pins.posts")


def test_cases_that_a_goal_weighs_are_not_patched():
    keeper, council = keeper_of("social-workers")
    assert made(keeper, council, "social-workers", {"teams.north.cases": 121}).startswith("rebuilt")


def test_figures_of_a_rule_that_has_not_said_what_it_reads_are_not_patched(monkeypatch):
    keeper, council = keeper_of("support-officers")
    monkeypatch.delitem(READS, KeepSupportRatio)
    ceiling = {"funds.growth.ceiling.2026/27": 1}
    assert made(keeper, council, "support-officers", ceiling).startswith("rebuilt")


def test_a_question_that_cannot_be_stated_leaves_nothing_to_patch():
    keeper, council = keeper_of("support-officers")
    with pytest.raises(InputError, match="cost is not known"):
        made(keeper, council, "support-officers", {"roles.support_officer.cost": "not printed"})
    assert made(keeper, council, "support-officers", {}) == "built: "


@pytest.mark.parametrize(("name", "option"), [(name, option) for name, option, _ in STARTS])
def test_no_rule_reads_what_differences_pass_over(name, option):
    asked = question(so.load(name), option)
    bare = asked.instance.model_copy(
        update={"standards": {}, "assumptions": {}, "sources": {}, "paper": None, "title": "other"}
    )
    other = dataclasses.replace(asked, instance=bare, title="other", scenario="x", overrides=())
    assert_same(build(other), build(asked))


def test_a_path_of_no_figure_that_bounds_follow_is_an_error():
    with pytest.raises(KeyError, match="roles"):
        figure_at(question(so.load("tiny"), "best-mix"), "roles.support_officer.cost")


ROUNDED = ["none", "posts_nearest", "posts_up"]
TARGETS = [
    *((rounding, soft) for rounding in ROUNDED for soft in (False, True)),
    ("printed(0)", False),  # what is printed cannot be softened
    ("printed(1)", False),
]


@pytest.mark.parametrize("each", ["team", "scope"])
@pytest.mark.parametrize(("rounding", "soft"), TARGETS)
def test_targets_and_cases_are_patched_where_no_goal_weighs_cases(rounding, each, soft):
    rule = {"rounding": rounding, "each": each, **({"soften": {"price": 9}} if soft else {})}
    base = so.load("tiny").where(
        {f"standards.keep_average_caseload.{name}": value for name, value in rule.items()}
    )

    def asked(changes):
        goals = {"model.goals": [{"minimise": "full_year_cost"}]}
        request = Request(option="social-workers", overrides=goals)
        return request.question(base.where(changes), models())

    for exact in (True, False):
        keeper = Keeper(exact=exact)
        keeper.program(asked({}))
        target, cases = "standards.keep_average_caseload.target", "teams.north.cases"
        for changes in ({target: "17.3"}, {target: "17.3", cases: 151}, {cases: 0}, {cases: 90}):
            program, making = keeper.program(asked(changes))
            assert making.how == "patched", making.why
            assert_same(program, build(asked(changes), exact=exact))


def test_cases_are_built_again_where_a_goal_weighs_them_and_targets_are_patched():
    keeper, instance = keeper_of("social-workers")  # it minimises worst_caseload too
    target = "standards.keep_average_caseload.target"
    assert made(keeper, instance, "social-workers", {target: 19}) == f"patched: {target}"
    changes = {target: 19, "teams.north.cases": 130}
    assert made(keeper, instance, "social-workers", changes).startswith("rebuilt: teams.north")
