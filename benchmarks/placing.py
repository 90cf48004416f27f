"""Invented services with people to place, of any size, drawn from a seed.

Whoever is drawn works in one of so many teams of five areas, and asks for two places. More ask for
some teams than these have posts, so that not every wish can be met; temporary staff cover half of
the vacancies. Every team has a floor of staff and of experienced staff, and enough of these for
those who are newly qualified; neither the newly qualified nor part-time staff bear more than their
share of the refusals.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

AREAS = ("east", "mid", "north", "south", "west")
SIZES = {300: 20, 1_500: 40, 5_000: 60}
"""People → teams."""

VACANT, COVERED = 0.15, 0.5
"""Share of the posts that are vacant, and of these that temporary staff cover."""

ROLES: dict[str, Any] = {
    "social_worker": {"kind": "case_holder", "step": 1, "cost": 45000, "on_costs": "included"},
    "agency_worker": {
        "kind": "case_holder",
        "tags": ["agency"],
        "covers": "social_worker",
        "step": 1,
        "cost": 70000,
        "on_costs": "included",
    },
}


def council(people: int, seed: int = 2015, *, fifths: bool = False) -> dict[str, Any]:
    """Draw a service; its default option places everybody by preference.

    Args:
        people: one of :data:`SIZES`.
        seed: the same seed draws the same service.
        fifths: whether part-time staff may work three and four days of five; half time if not.
    """
    rng = Random(f"{people} people, seed {seed}")
    names = [f"team_{i:03d}" for i in range(1, SIZES[people] + 1)]
    areas = {name: AREAS[i % len(AREAS)] for i, name in enumerate(names)}
    temporary = round(people * VACANT * COVERED)
    hours = [1, 0.5, 0.6, 0.8] if fifths else [1, 0.5]
    staff = dict(_permanent(rng, people - temporary, names, areas, hours))
    there = {name: sum(p["fte"] for p in staff.values() if p["team"] == name) for name in names}
    posts = {name: int(fte / (1 - VACANT)) + 1 for name, fte in there.items()}
    cover = dict(_temporary(rng, temporary, {n: int(posts[n] - there[n]) for n in names}))
    skilled = {n: sum(_skilled(p, n) for p in staff.values()) for n in names}
    return {
        "schema_version": 1,
        "instance": f"generated-{people}",
        "title": f"An invented service of {people} people",
        "default_option": "place",
        "calendar": {"start": "2027-04", "end": "2028-03"},
        "areas": {area: {"name": area.title()} for area in AREAS},
        "roles": ROLES,
        "teams": {
            name: {"name": name, "area": areas[name], "cases": "none"}
            | {"posts": {"social_worker": posts[name]}}
            for name in names
        },
        "people": staff | cover,
        "standards": {
            "minimum_staffing": {"least": int(0.6 * min(there.values()))},
            "minimum_skill": {"least": int(0.5 * min(skilled.values())), "each": "team"},
            "supervision": {"per": 0.5},
            "refusals_of_newly_qualified": {},
            "refusals_of_part_time": {},
        },
        "options": {"place": {"title": "Everybody placed", "model": "place-people"}},
        "assumptions": dict.fromkeys(
            ("calendar", "areas", "roles", "teams", "people", "standards"), "drawn from a seed"
        ),
    }


def _skilled(person: dict[str, Any], team: str) -> float:
    return person["fte"] if person["team"] == team and "experienced" in person["tags"] else 0


def _permanent(
    rng: Random, count: int, names: list[str], areas: dict[str, str], hours: list[float]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Draw permanent staff: most ask to stay, others for a team that many ask for, or an area."""
    weights = [1 / (1 + i) for i in range(len(names))]  # the first teams are asked for most
    for number in range(1, count + 1):
        team = rng.choice(names)
        fte = rng.choices(hours, [80, *[20] * (len(hours) - 1)])[0]
        tags = rng.choices([["experienced"], ["asye"], []], [55, 12, 33])[0]
        tags = tags + (["part_time"] if fte < 1 else [])
        person = {"role": "social_worker", "fte": fte, "tags": tags, "team": team}
        yield f"p{number:04d}", person | _wishes(rng, team, names, weights, areas)


def _wishes(
    rng: Random, team: str, names: list[str], weights: list[float], areas: dict[str, str]
) -> dict[str, str]:
    kind = rng.choices(["stay", "team", "area", "none"], [50, 30, 15, 5])[0]
    if kind == "none":
        return {}
    if kind == "stay":
        return {"first": team, "second": areas[team]}
    if kind == "area":
        first = rng.choice(AREAS)
        return {"first": first, "second": rng.choice([n for n in names if areas[n] != first])}
    first = rng.choices(names, weights)[0]
    return {"first": first, "second": rng.choice([n for n in names if n != first])}


def _temporary(
    rng: Random, count: int, room: dict[str, int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Draw temporary staff, each in a vacant post."""
    for number in range(1, count + 1):
        team = rng.choice([name for name, vacant in room.items() if vacant > 0])
        room[team] -= 1
        tags = ["experienced"] if rng.random() < 0.5 else []
        yield f"t{number:04d}", {"role": "agency_worker", "fte": 1, "tags": tags, "team": team}
