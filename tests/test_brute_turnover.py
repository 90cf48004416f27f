"""Recruitment over a few months, of small random councils, against every way there is."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

import brute_turnover as bt
import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance

F = Fraction
APRIL = ("april", "may", "june", "july")


def council(seed: int) -> bt.Council:
    """Draw a team that can recruit in a few thousand ways at most."""
    rng = random.Random(seed)
    agency = rng.choice([0, 0, 1])
    return bt.Council(
        months=3 if agency else rng.choice([3, 4]),
        cases=rng.choice([80, 100, 120]),
        target=rng.choice([12, 15, 16]),
        price=rng.choice([12_000, 36_000, 60_000]),
        posts={"worker": rng.randint(5, 7), "new": rng.choice([1, 2])},
        people={"worker": rng.randint(3, 5), "new": rng.choice([0, 1]), "agency": agency},
        leaving={"worker": rng.choice([F(1, 20), F(1, 10)]), "new": rng.choice([F(0), F(1, 10)])}
        | {"agency": F(0)},
        leaving_first=rng.choice([F(1, 20), F(1, 10), F(1, 5)]),
        lasts=rng.choice([1, 2, 3]),
        ramp=rng.choice([(), (F(1, 2),), (F(1, 4), F(3, 4))]),
        absence=rng.choice([F(0), F(1, 10)]),
        lead={"worker": rng.choice([0, 1, 2]), "new": rng.choice([0, 1])},
        intake=rng.choice([(1, 2, 3, 4), (2,), (1, 3)]),
        recruitment={"worker": rng.choice([500, 3_000]), "new": rng.choice([0, 2_000])},
        surplus=rng.choice([0, 1]),
        most=rng.choice([1, 2]),
        ceiling=rng.choice([2_000, 5_000, 50_000]),
        known=rng.choice([0, 1, 2]),
    )


WEIGHTS = [
    (0, 6_000, 24_000, 60_000),
    (0, 30_000, 12_000, 90_000),  # dearer than the next one: nobody may call it the next
    (0, 0, 24_000, None),
    (0, None, 0, 24_000),
]


def with_bands(seed: int) -> bt.Council:
    """Weigh the bands of a council."""
    return replace(council(seed), bands=random.Random(seed).choice(WEIGHTS))


def question(council: bt.Council, **changes) -> Desk:
    """Ask the engine the same, with figures as a file would write them."""
    end = 4 + council.months - 1
    monthly = {"rates": "monthly"}
    worker = {
        "leavers": text(council.leaving["worker"]),
        "leavers_first_year": text(council.leaving_first),
        "lead_time": council.lead["worker"],
        "recruitment": council.recruitment["worker"],
        "ramp": [text(share) for share in council.ramp],
        "absence": text(council.absence),
    }
    new = {
        "leavers": text(council.leaving["new"]),
        "lead_time": council.lead["new"],
        "intakes": [APRIL[month - 1] for month in council.intake],
        "recruitment": council.recruitment["new"],
        "progresses_to": "worker",
        "progresses_after": council.lasts,
    }
    holder = {"kind": "case_holder", "step": 1}
    tree = {
        "schema_version": 1,
        "instance": "random",
        "title": "Random",
        "calendar": {"start": "2026-04", "end": f"2026-{end:02}", "periods": "months"},
        "roles": {
            "worker": holder | {"cost": bt.WORKER, "turnover": worker | monthly},
            "new": holder | {"cost": bt.NEW, "turnover": new | monthly},
            "agency": holder
            | {"tags": ["agency"], "covers": "worker", "cost": bt.WORKER + bt.PREMIUM}
            | {"turnover": {"leavers": 0, "lead_time": 60}},
        },
        "teams": {
            "north": {
                "name": "North",
                "cases": council.cases,
                "posts": council.posts,
                "people": council.people,
                **({"joined": {"worker": {10: council.known}}} if council.known else {}),
            }
        },
        "standards": {
            "fill_posts": {"surplus": council.surplus},
            "limit_recruitment": {"limit": council.most, "per": "period"},
            "keep_average_caseload": {
                "target": council.target,
                "soften": {"price": council.price},
            },
        },
        "funds": {
            "growth": {
                "name": "Growth",
                "pays_for": {"added_posts": ["all"]},
                "ceiling": council.ceiling,
            }
        },
    }
    if council.bands:
        tree["bands"] = {"round_average": {"decimals": 0}, "edges": EDGES}
        tree["standards"]["choose_band"] = {
            "denominator": "adjusted",
            "margin": "0.00001",
            "price": {band: x for band, x in zip(EDGES, council.bands, strict=True) if x},
            "forbid": [band for band, x in zip(EDGES, council.bands, strict=True) if x is None],
        }
    request = so.Request(model="workforce-plan", isolation="inline", **changes)
    return Desk(Instance.model_validate(tree), so.models(), request)


EDGES = {"low": "<= 14", "middle": "15-18", "high": "19-22", "over": ">= 23"}
"""As :data:`brute_turnover.BANDS` has them."""


def text(value: Fraction) -> str:
    return f"{float(value):g}"


SEEDS = [*range(1, 25), 26, 27]
"""Councils of which every way is tried within a moment."""


@pytest.mark.parametrize("seed", SEEDS)
def test_people_are_recruited_as_well_as_in_any_way_there_is(seed):
    assert_as_well_as_any_way(council(seed))


def assert_as_well_as_any_way(drawn: bt.Council) -> None:
    """Hold the engine's plan to the best of every way there is."""
    expected = bt.best(drawn)
    with question(drawn) as desk:
        try:
            plan = desk.solve()
        except so.Infeasible:
            assert expected is None
            return
    assert tuple(goal.value for goal in plan.goals) == expected
    assert so.verify(plan).ok
    months = [period.label for period in plan.question.instance.calendar.cut()]
    done = {(f.kind, f.role, months.index(f.period) + 1): int(f.fte) for f in plan.decisions.flows}
    assert bt.outcome(drawn, done) == expected


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_people_are_recruited_as_well_where_bands_weigh(seed):
    assert_as_well_as_any_way(with_bands(seed))


def test_bands_weigh_and_forbid_in_some_of_these_councils():
    both = [(bt.best(council(seed)), bt.best(with_bands(seed))) for seed in SEEDS[::2]]
    assert any(plain is not None and banded is None for plain, banded in both)
    assert sum(a is not None and b is not None and a[0] < b[0] for a, b in both) > 4
    assert any(a is not None and b is not None and a[1] != b[1] for a, b in both)


def test_some_councils_recruit_and_some_cannot():
    ways = [bt.best(council(seed)) for seed in SEEDS]
    assert any(way is None for way in ways)
    assert len({way for way in ways if way is not None}) > 8
    assert sum(way is not None and way[1] > 0 for way in ways) > 8
