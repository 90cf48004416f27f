"""The best way to place people of a tiny council, by trying every one: nothing of the engine.

Written from the formulas alone, person by person: nobody is sorted into classes here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AREA = {"ash": "east", "birch": "east", "clay": "west"}
PREMIUM = 25_000
"""What a year of one FTE of cover costs above the post."""

Places = tuple[str | None, ...]
"""Team of each person, in the order in which they are listed; None of whoever is let go."""


@dataclass(frozen=True)
class Somebody:
    """A member of staff. A preference is a team or an area."""

    fte: Fraction
    team: str
    cover: bool = False
    tags: frozenset[str] = frozenset()
    first: str | None = None
    second: str | None = None


@dataclass(frozen=True)
class Council:
    """A tiny council with people to place. FTE and heads.

    Attributes:
        posts: posts of each team.
        people: who is placed.
        may_leave: whether cover may be let go.
        honoured: whether nobody goes where they neither asked to be nor work.
        least: least staff in a team, FTE, or heads with ``heads``.
        heads: whether ``least`` is of people.
        skilled: least FTE of skilled staff in each ``each``.
        each: area or team.
        most: most heads in a team.
        fair: whether those who are new bear no more than their share of the refusals.
        per: skilled FTE to each FTE of those who are new, in a team.
        price: pounds for each FTE that ``skilled`` or ``per`` are missed by; firm without it.
        span: FTE to each manager in front, in a team.
        fronts: managers in front of each team.
    """

    posts: dict[str, int]
    people: tuple[Somebody, ...]
    may_leave: bool
    honoured: bool
    least: Fraction | None = None
    heads: bool = False
    skilled: Fraction | None = None
    each: str = "area"
    most: int | None = None
    fair: bool = False
    per: Fraction | None = None
    price: int | None = None
    span: int | None = None
    fronts: dict[str, int] = field(default_factory=dict)


def best(council: Council) -> tuple[Fraction, ...] | None:
    """Return the goals of the best way there is; None if no way is allowed."""
    return min((way for way, _ in ways(council)), default=None)


def ways(council: Council) -> Iterator[tuple[tuple[Fraction, ...], Places]]:
    """Yield every way that is allowed and has a value in each goal, after its goals."""
    for places in every_way(council):
        found = goals(council, places) if allowed(council, places) else None
        if found is not None:
            yield found, places


def best_with(
    council: Council, number: int, before: Places
) -> tuple[tuple[Fraction, ...], int] | None:
    """Return the goals of the best way in which somebody has the first preference; None if none.

    And how many are elsewhere than before, at the fewest, in the ways as good as that.
    """
    one = council.people[number]
    met = [(found, places) for found, places in ways(council) if _meets(places[number], one.first)]
    if not met:
        return None
    least = min(found for found, _ in met)
    moved = (
        sum(was != now for was, now in zip(before, places, strict=True))
        for found, places in met
        if found == least
    )
    return least, min(moved)


def every_way(council: Council) -> Iterator[Places]:
    """Every way to place everybody where they may be."""
    choices: list[list[str | None]] = []
    for one in council.people:
        own: list[str | None] = [team for team in AREA if _may(council, one, team)]
        choices.append([*own, None] if one.cover and council.may_leave else own)
    yield from product(*choices)


def _meets(team: str | None, wish: str | None) -> bool:
    return team is not None and wish is not None and wish in (team, AREA[team])


def _may(council: Council, one: Somebody, team: str) -> bool:
    deployed = one.cover and one.first is None
    asked = _meets(team, one.first) or _meets(team, one.second)
    return not council.honoured or deployed or asked or team == one.team


def _in(council: Council, places: Places, teams: list[str]) -> list[Somebody]:
    return [one for one, team in zip(council.people, places, strict=True) if team in teams]


def allowed(council: Council, places: Places) -> bool:
    """Say whether a way keeps every rule."""
    for team, posts in council.posts.items():
        there = _in(council, places, [team])
        if sum(one.fte for one in there) > posts:
            return False
        if council.most is not None and len(there) > council.most:
            return False
        if council.least is not None and _size(council, there) < council.least:
            return False
        led = sum(one.fte for one in there)
        if council.span is not None and led > council.span * council.fronts[team]:
            return False
    if council.price is None and missed(council, places):
        return False
    return not council.fair or _fair(council, places)


def missed(council: Council, places: Places) -> Fraction:
    """Add up by how many FTE the floors of skill are missed."""
    groups = [[team] for team in AREA]
    if council.each == "area":
        groups = [[team for team in AREA if AREA[team] == area] for area in ("east", "west")]
    short = Fraction(0)
    for teams in groups if council.skilled is not None else []:
        short += max(Fraction(0), council.skilled - _tagged(council, places, teams, "skilled"))
    for team in AREA if council.per is not None else ():
        new = _tagged(council, places, [team], "new")
        short += max(Fraction(0), council.per * new - _tagged(council, places, [team], "skilled"))
    return short


def _tagged(council: Council, places: Places, teams: list[str], tag: str) -> Fraction:
    there = (one.fte for one in _in(council, places, teams) if tag in one.tags)
    return sum(there, Fraction(0))


def _size(council: Council, there: list[Somebody]) -> Fraction:
    return Fraction(len(there)) if council.heads else sum((one.fte for one in there), Fraction(0))


def _refused(one: Somebody, team: str | None) -> bool:
    return one.first is not None and team is not None and not _meets(team, one.first)


def _fair(council: Council, places: Places) -> bool:
    pairs = [(o, t) for o, t in zip(council.people, places, strict=True) if o.first is not None]
    own = [(one, team) for one, team in pairs if "new" in one.tags]
    refused = sum(_refused(one, team) for one, team in pairs)
    share = ceil(Fraction(len(own), len(pairs)) * refused) if pairs else 0
    return sum(_refused(one, team) for one, team in own) <= share


def goals(council: Council, places: Places) -> tuple[Fraction, ...] | None:
    """Penalty, posts per FTE of the worst area, refusals down to each rank, moves, cost of cover.

    None where an area has posts and nobody in them.
    """
    worst = Fraction(0)
    for area in ("east", "west"):
        teams = [team for team in AREA if AREA[team] == area]
        posts = sum(council.posts[team] for team in teams)
        there = sum((one.fte for one in _in(council, places, teams)), Fraction(0))
        if posts and not there:
            return None
        worst = max(worst, posts / there if posts else Fraction(0))
    pairs = list(zip(council.people, places, strict=True))
    first = [(one, team) for one, team in pairs if _refused(one, team)]
    second = [(one, team) for one, team in first if not _meets(team, one.second)]
    stay = [(one, team) for one, team in second if team != one.team]
    moves = sum(team not in (None, one.team) for one, team in pairs)
    gone = sum((one.fte for one, team in pairs if team is None), Fraction(0))
    counts = (len(first), len(second), len(stay), moves)
    penalty = (council.price or 0) * missed(council, places)
    # Missing a floor is a price, and no money: it weighs in the goal of cost too.
    return (penalty, worst, *map(Fraction, counts), penalty - PREMIUM * gone)
