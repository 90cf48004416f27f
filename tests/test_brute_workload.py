"""Denominators, bands and splits of cases against every plan there is, on small random councils."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest

import brute_workload as bw
import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from test_brute_force import text

KINDS = {"worker": "case_holder", "asye": "case_holder", "officer": "support"}
EDGES = {"low": "< 8", "fine": "8-11", "high": "> 11"}
BANDS = {"low": (None, 7), "fine": (8, 11), "high": (12, None)}


def random_council(rng: Random, roles: tuple[str, ...], **question: Any) -> bw.Council:
    """Draw one or two teams of 8 to 16 cases a post, and what posts cost."""
    teams = {}
    for name in "ab"[: rng.choice([1, 2, 2])]:
        posts = {
            "worker": Fraction(rng.randint(2, 4), 2),
            "asye": Fraction(rng.randint(0, 2), 2),
            "officer": Fraction(rng.randint(0, 2), 2),
        }
        posts = {role: posts[role] for role in roles}
        cases = int(rng.randint(9, 16) * (posts["worker"] + posts.get("asye", 0)))
        vacant = min(rng.choice([Fraction(0), Fraction(1, 2)]), posts["worker"] / 2)
        teams[name] = bw.Team(cases, posts, vacant, low=rng.randint(0, 3))
    costs = {
        "worker": rng.randrange(38_000, 50_000, 1_000),
        "asye": rng.randrange(30_000, 42_000, 1_000),
    }
    costs["officer"] = rng.randrange(20_000, 30_000, 1_000)
    return bw.Council(
        teams=teams,
        cost={role: costs[role] for role in roles},
        step={"worker": Fraction(1), "asye": Fraction(1, 2), "officer": Fraction(1)},
        ceiling=rng.choice([90_000, 130_000]),
        bands=BANDS,
        **question,
    )


def split_council(seed: int) -> bw.Council:
    rng = Random(f"split {seed}")
    officers = rng.random() < 0.5
    orders = [
        ("full_year_cost", "cases_above_band"),
        ("unallocated_cases", "full_year_cost"),
        ("cases_above_band", "full_year_cost", "change_from_today"),
        ("unallocated_cases", "cases_above_band", "full_year_cost"),
    ]
    caps = {"asye": rng.choice([5, 8]), "worker": rng.choice([9, 11, 13])}
    if seed % 4 == 3:
        del caps["asye"]
    if officers:
        caps["officer"] = rng.choice([4, 6])
    return random_council(
        rng,
        ("worker", "asye", "officer") if officers else ("worker", "asye"),
        goals=orders[0] if seed % 3 == 0 else rng.choice(orders),
        split={"unallocated": rng.choice([1, 3, 5] if seed % 3 == 0 else [0, 0, 2, None])},
        caps=caps,
        holding=rng.choice([Fraction(1), Fraction(1, 2)]),
        officers_hold=officers,
    )


def counted_council(denominator: str, rounding: str) -> bw.Council:
    rng = Random(f"counted {denominator} {rounding}")
    return random_council(
        rng,
        ("worker", "asye"),
        goals=("full_year_cost", "worst_caseload", "cases_above_band"),
        holding=rng.choice([Fraction(1, 2), Fraction(4, 5)]),
        counts_as=rng.choice([Fraction(3, 5), Fraction(1, 2)]),
        denominator=denominator,
        average={
            "target": rng.choice(["9.5", "10", "10.25"]),
            "each": rng.choice(["team", "scope"]),
            "rounding": rounding,
            "denominator": denominator,
        },
    )


def band_council(seed: int) -> bw.Council:
    rng = Random(f"priced bands {seed}")
    effective = seed % 2 == 1
    release = {"hours": Fraction(8), "contract_hours": Fraction(40), "ratio": Fraction(2)}
    return random_council(
        rng,
        ("worker", "officer") if effective else ("worker", "asye"),
        goals=("full_year_cost", "change_from_today"),
        denominator="posts" if effective else rng.choice(["posts", "in_post"]),
        choose={
            "forbid": rng.choice([[], ["low"], ["high"], ["low", "high"]]),
            "at_most": rng.choice([{}, {"fine": 1}]),
            "at_most_share": rng.choice([{}, {"high": "0.5"}, {"low": "0.5"}]),
            "price": rng.choice(
                [{"high": 45_000, "fine": 5_000}, {"low": 30_000}, {"fine": 99_000}]
            ),
        },
        release=release if effective else None,
    )


def served_council() -> bw.Council:
    """Draw nothing: to call served time less than it is would put the team into a free band.

    22 cases on 2 FTE are 11, fine, at £99,000 a year. With a third worker they are 7, low and free.
    To forget that both are served today, by the officer there is, would make it 22 / 1.6: high.
    """
    posts = {"worker": Fraction(2), "officer": Fraction(1)}
    rule = {"forbid": [], "at_most": {}, "at_most_share": {}, "price": {"fine": 99_000}}
    council = replace(band_council(1), teams={"a": bw.Team(22, posts)}, choose=rule)
    assert council.release
    return council


COUNCILS = {
    "bands served": served_council(),
    **{f"split {seed}": split_council(seed) for seed in range(18)},
    **{
        f"counted {denominator} {rounding}": counted_council(denominator, rounding)
        for denominator in ("posts", "in_post", "case_holders", "adjusted")
        for rounding in ("none", "printed(0)", "printed(1)")
    },
    **{f"bands {seed}": band_council(seed) for seed in range(24)},
}


def instance_of(council: bw.Council) -> Instance:
    """State the council as an instance file would."""
    typed = council.officers_hold
    teams: dict[str, Any] = {
        name: {
            "name": name.upper(),
            "cases": {
                "low": min(team.low, team.cases),
                "plain": team.cases - min(team.low, team.cases),
            }
            if typed
            else team.cases,
            "posts": {role: text(fte) for role, fte in team.posts.items()},
            "people": {"worker": text(team.posts["worker"] - team.vacant)},
        }
        for name, team in council.teams.items()
    }
    roles: dict[str, Any] = {
        role: {"kind": KINDS[role], "step": text(council.step[role]), "cost": cost, "tags": [role]}
        for role, cost in council.cost.items()
    }
    if "asye" in roles:
        roles["asye"] |= {
            "case_holding": text(council.holding),
            "counts_as": text(council.counts_as),
            "cap": council.caps.get("asye", "none"),
        }
    if typed:
        roles["officer"] |= {"holds": ["low"], "cap": council.caps["officer"]}
    return Instance.model_validate(
        {
            "schema_version": 1,
            "instance": "random",
            "title": "Random",
            "calendar": {"start": "2026-10", "end": "2028-03"},
            "case_types": {"plain": {}, "low": {}},
            "roles": roles,
            "teams": teams,
            "bands": {"round_average": {"decimals": 0}, "edges": EDGES, "manageable": "fine"},
            "funds": {
                "growth": {
                    "name": "Growth",
                    "pays_for": {"added_posts": ["all"]},
                    "ceiling": {"2027/28": council.ceiling},
                }
            },
        }
    )


def model_of(council: bw.Council) -> Model:
    """State the question as a model file would."""
    rules: dict[str, Any] = {"keep_existing_posts": {}, "stay_within_budget": {}}
    if council.average:
        rules["keep_average_caseload"] = council.average
    if council.split:
        limit = council.split["unallocated"]
        rules["hold_every_case"] = {"unallocated": "unlimited" if limit is None else limit}
        rules["asye_cap"] = {"rule": "respect_caseload_cap", "tag": "asye"}
        rules["worker_cap"] = {
            "rule": "respect_caseload_cap",
            "tag": "worker",
            "cap": council.caps["worker"],
        }
        rules["officer_cap"] = {"rule": "respect_caseload_cap", "kind": "support"}
    if council.choose:
        effective = {"basis": "effective", "margin": "0.0001"} if council.release else {}
        rules["choose_band"] = {
            **council.choose,
            **effective,
            "denominator": council.denominator,
        }
    if council.release:
        rules["release_time"] = {key: text(figure) for key, figure in council.release.items()}
    goals = [
        {"minimise": goal, "denominator": council.denominator}
        if goal in ("worst_caseload", "cases_above_band")
        else {"minimise": goal}
        for goal in council.goals
    ]
    return Model.model_validate(
        {
            "schema_version": 1,
            "model": "random",
            "title": "Random",
            "may_change": sorted({KINDS[role] for role in council.cost}),
            "rules": rules,
            "goals": goals,
        }
    )


def desk(council: bw.Council) -> Desk:
    request = so.Request(model="random", isolation="inline")
    return Desk(instance_of(council), {"random": model_of(council)}, request)


@cache
def answer_of(name: str) -> bw.Values | None:
    return bw.best(COUNCILS[name])


@pytest.mark.parametrize("name", COUNCILS)
def test_the_engine_finds_what_trying_every_plan_finds(name):
    expected = answer_of(name)
    with desk(COUNCILS[name]) as asked:
        if expected is None:
            with pytest.raises(so.Infeasible):
                asked.solve()
            return
        plan = asked.solve()
    assert tuple(goal.value for goal in plan.goals) == expected
    assert so.verify(plan).ok


def test_the_councils_tried_include_some_without_a_plan_and_more_with_one():
    without = sum(answer_of(name) is None for name in COUNCILS)
    assert 3 <= without <= len(COUNCILS) // 2


def test_caps_prices_and_denominators_change_the_answer_of_some():
    def differing(family: str, **changes: Any) -> int:
        councils = {n: c for n, c in COUNCILS.items() if n.startswith(family)}
        two_roles = {n: c for n, c in councils.items() if not c.officers_hold}
        return sum(bw.best(replace(c, **changes)) != answer_of(n) for n, c in two_roles.items())

    assert differing("split", caps={"asye": 15, "worker": 15}) >= 3
    assert differing("counted", denominator="posts") >= 3
    unpriced = {"forbid": [], "at_most": {}, "at_most_share": {}, "price": {}}
    assert differing("bands", choose=unpriced) >= 3
