"""Filled posts of small random councils against every way there is to fill them."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import brute_people as bp
import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance

F = Fraction


def council(seed: int) -> bp.Council:
    """Draw a council whose posts can be filled in a few thousand ways at most."""
    rng = random.Random(seed)
    teams = ["north", "south"]
    posts, people = {}, {}
    for team in teams:
        posts[team, "worker"], posts[team, "asye"] = F(rng.randint(2, 4)), F(rng.randint(0, 2))
        posts[team, "agency"] = F(0)
        for role in ("worker", "asye"):
            vacant = min(posts[team, role], F(rng.choice([0, 1, 1, 2]), rng.choice([1, 1, 2])))
            people[team, role] = posts[team, role] - vacant
        vacant = posts[team, "worker"] - people[team, "worker"]
        people[team, "agency"] = min(vacant, F(rng.choice([0, 0, 1]), 2))
    return bp.Council(
        posts=posts,
        people=people,
        step={"worker": F(1), "asye": F(1), "agency": rng.choice([F(1), F(1, 2)])},
        cost={"worker": 45_000, "asye": 36_000, "agency": rng.choice([60_000, 72_500])},
        filled=rng.choice([F(1, 2), F(3, 4), F(9, 10), F(1)]),
        surplus=rng.choice([F(0), F(0), F(1, 2), F(1)]),
        may_leave=rng.choice(["nobody", "cover", "anybody"]),
        ceiling=rng.choice([10_000, 30_000, 60_000, 200_000]),
        most=rng.choice([None, F(1, 10), F(1, 4)]),
        most_each=rng.choice(["team", "scope"]),
        limit=rng.choice([None, F(0), F(1), F(2)]),
        least=rng.choice([None, F(3), F(7, 2), F(4)]),
        per=rng.choice([None, F(2), F(3)]),
        heads=rng.choice([False, True]),
        each=rng.choice(["team", "scope"]),
    )


def question(council: bp.Council, **changes):
    """Ask the engine the same, with figures as a file would write them."""
    standards = {
        "fill_posts": {"filled": text(council.filled), "surplus": text(council.surplus)}
        | {"may_leave": council.may_leave},
        "limit_share": "off"
        if council.most is None
        else {"most": text(council.most), "each": council.most_each},
        "limit_recruitment": "off" if council.limit is None else {"limit": text(council.limit)},
    }
    minimum = {"tag": "experienced", "each": council.each}
    minimum["measure"] = "heads" if council.heads else "fte"
    minimum |= {} if council.least is None else {"least": text(council.least)}
    minimum |= {} if council.per is None else {"per": text(council.per), "supervised": "asye"}
    asks = council.least is not None or council.per is not None
    standards["keep_minimum_staffing"] = minimum if asks else "off"
    tags = {"worker": ["experienced"], "asye": ["asye"], "agency": ["agency", "experienced"]}
    roles = {
        role: {"kind": "case_holder", "tags": tags[role], "step": text(council.step[role])}
        | {"cost": council.cost[role]}
        for role in bp.ROLES
    }
    roles["agency"]["covers"] = "worker"
    tree = {
        "schema_version": 1,
        "instance": "random",
        "title": "Random",
        "calendar": {"start": "2026-04", "end": "2027-03"},
        "roles": roles,
        "teams": {
            team: {
                "name": team,
                "cases": "none",
                "posts": {r: text(council.posts[team, r]) for r in ("worker", "asye")},
                "people": {r: text(council.people[team, r]) for r in bp.ROLES},
            }
            for team in council.teams
        },
        "standards": standards,
        "funds": {
            "growth": {
                "name": "Growth",
                "pays_for": {"added_posts": ["all"]},
                "ceiling": council.ceiling,
            }
        },
    }
    request = so.Request(model="fill-vacancies", isolation="inline", **changes)
    return Desk(Instance.model_validate(tree), so.models(), request)


def text(value: Fraction) -> str:
    return f"{float(value):g}"


SEEDS = [0, 2, 3, 4, 5, 7, 8, 9, 11, 14, 16, 19, 21, 33, 46, 72, 79, 102, 109, 115, 125, 133]
"""Councils of which every way is tried within a moment; each rule bears on the answer of some."""


@pytest.mark.parametrize("seed", SEEDS)
def test_posts_are_filled_as_well_as_in_any_way_there_is(seed):
    drawn = council(seed)
    expected = bp.best(drawn)
    desk = question(drawn)
    try:
        plan = desk.solve()
    except so.Infeasible:
        assert expected is None
    else:
        assert tuple(goal.value for goal in plan.goals) == expected
        assert so.verify(plan).ok
        found = {place: F(plan.people.get(place, 0)) for place in drawn.people}
        assert bp.goals(drawn, found) == expected
    finally:
        desk.close()


def test_some_councils_have_a_way_and_some_have_none():
    ways = [bp.best(council(seed)) for seed in SEEDS]
    assert any(way is None for way in ways)
    assert any(way is not None for way in ways)
    assert len({way for way in ways if way is not None}) > 2
