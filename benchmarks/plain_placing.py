"""The question of :mod:`placing` as somebody would write it in PuLP: one binary a person and team.

The same rules and the same goals in the same order, each held at its value for the next. The worst
area is least as the least share of posts that is filled, pushed up. Nobody is counted with anybody
else, nothing is checked and nothing is verified.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pulp

HALF_A_PERSON = 0.5
"""How far above its value a count is held: no other lies between."""

A_TRACE = 1e-6
"""How far below a floor FTE may lie, for the solver's sake."""


@dataclass
class Placing:
    """The problem, and what its goals add up.

    Attributes:
        problem: the rules.
        place: (person, team) → 1 if placed there, of those pairs that may be.
        goals: name → what is minimised, in order.
    """

    problem: pulp.LpProblem
    place: dict[tuple[str, str], pulp.LpVariable]
    goals: dict[str, Any] = field(default_factory=dict)


def write(tree: dict[str, Any]) -> Placing:
    """State the rules and the goals."""
    teams, people = tree["teams"], tree["people"]
    places = {p: _places(tree, record) for p, record in people.items()}
    place = {
        (p, t): pulp.LpVariable(f"y_{p}_{t}", cat="Binary")
        for p, own in places.items()
        for t in own
    }
    stated = Placing(pulp.LpProblem("placing", pulp.LpMinimize), place)
    for p, own in places.items():
        stated.problem += pulp.lpSum(place[p, t] for t in own) == 1
    for t, record in teams.items():
        _team(stated, tree, t, record["posts"]["social_worker"])
    unmet = {rank: _unmet(tree, place, rank) for rank in ("first", "second", "stay")}
    asked = {p for p, record in people.items() if "first" in record}
    for tag in ("asye", "part_time"):
        own = {p for p in asked if tag in people[p]["tags"]}
        refused = pulp.lpSum(y for p, y in unmet["first"] if p in own)
        every = pulp.lpSum(y for _, y in unmet["first"])
        stated.problem += len(asked) * refused - len(own) * every <= len(asked) - 1
    stated.goals = {rank: pulp.lpSum(y for _, y in own) for rank, own in unmet.items()}
    stated.goals["moves"] = pulp.lpSum(y for (p, t), y in place.items() if t != people[p]["team"])
    return stated


def _places(tree: dict[str, Any], person: dict[str, Any]) -> list[str]:
    """Name the teams that somebody asked for or works in; any for staff to be deployed."""
    if person["role"] == "agency_worker":
        return list(tree["teams"])
    wished = [*_teams(tree, person.get("first")), *_teams(tree, person.get("second"))]
    return sorted({person["team"], *wished})


def _teams(tree: dict[str, Any], wish: str | None) -> list[str]:
    teams = tree["teams"]
    return [t for t, record in teams.items() if wish in (t, record["area"])] if wish else []


def _team(stated: Placing, tree: dict[str, Any], team: str, posts: int) -> None:
    """No more than the posts, no fewer than the floors, and supervisors for the newly qualified."""
    people, rules = tree["people"], tree["standards"]
    there = {p: y for (p, t), y in stated.place.items() if t == team}
    fte = pulp.lpSum(people[p]["fte"] * y for p, y in there.items())
    skilled = pulp.lpSum(
        people[p]["fte"] * y for p, y in there.items() if "experienced" in people[p]["tags"]
    )
    new = pulp.lpSum(y for p, y in there.items() if "asye" in people[p]["tags"])
    stated.problem += fte <= posts
    stated.problem += fte >= rules["minimum_staffing"]["least"]
    stated.problem += skilled >= rules["minimum_skill"]["least"]
    stated.problem += skilled >= rules["supervision"]["per"] * new


def _unmet(
    tree: dict[str, Any], place: dict[tuple[str, str], pulp.LpVariable], rank: str
) -> list[tuple[str, pulp.LpVariable]]:
    """List the places that meet no wish down to a rank, of those who asked."""
    found = []
    for (p, t), y in place.items():
        person = tree["people"][p]
        met = set(_teams(tree, person.get("first")))
        met |= set() if rank == "first" else set(_teams(tree, person.get("second")))
        met |= {person["team"]} if rank == "stay" else set()
        if "first" in person and t not in met:
            found.append((p, y))
    return found


@dataclass(frozen=True)
class Found:
    """What a goal came to.

    Attributes:
        goal: its name.
        value: the best found; None if nothing was.
        proven: whether the solver proved that nothing is better.
        seconds: of the processor, for this goal.
    """

    goal: str
    value: float | None
    proven: bool
    seconds: float


def solve(
    tree: dict[str, Any], stated: Placing, limit: float, known: Sequence[Fraction]
) -> list[Found]:
    """Minimise the goals in order on HiGHS, each held for the next.

    Args:
        tree: the service.
        stated: its rules and goals.
        limit: wall seconds for each goal.
        known: what each goal comes to at best, to hold those at that were not proven in time.
    """
    areas = _areas(tree, stated)
    least = pulp.LpVariable("least_filled", lowBound=0)
    for filled, posts in areas:
        stated.problem += filled >= posts * least
    goals = {"worst_uncovered": -least, **stated.goals}
    found = []
    for (name, form), best in zip(goals.items(), known, strict=True):
        start = time.process_time()
        stated.problem.setObjective(form)
        stated.problem.solve(pulp.HiGHS(msg=False, timeLimit=limit, gapRel=0, threads=1))
        proven = stated.problem.sol_status == pulp.LpSolutionOptimal
        value = pulp.value(form) if stated.problem.sol_status > 0 else None
        found.append(Found(name, value, proven, time.process_time() - start))
        if name == "worst_uncovered":
            for filled, posts in areas:
                stated.problem += filled >= float(posts / best) - A_TRACE
        else:
            stated.problem += form <= float(best) + HALF_A_PERSON
    return found


def _areas(tree: dict[str, Any], stated: Placing) -> list[tuple[Any, int]]:
    """Pair the FTE placed in each area with its posts."""
    teams, people = tree["teams"], tree["people"]
    found = []
    for area in tree["areas"]:
        own = {t for t, record in teams.items() if record["area"] == area}
        terms = (people[p]["fte"] * y for (p, t), y in stated.place.items() if t in own)
        posts = sum(teams[t]["posts"]["social_worker"] for t in own)
        found.append((pulp.lpSum(terms), posts))
    return found
