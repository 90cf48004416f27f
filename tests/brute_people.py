"""The best way to fill posts of a tiny council, by trying every one: no solver, no engine code.

Written from the formulas alone. Posts stay as they are, and nobody is in post beyond them and the
surplus, so there are only so many ways to fill them, and every one is tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("worker", "asye", "agency")
"""Social workers and newly qualified ones have posts; agency staff cover social workers'."""

MONTHS = 12
"""Months planned: one financial year in one period."""

Staff = dict[tuple[str, str], Fraction]
"""(team, role) → FTE."""


@dataclass(frozen=True)
class Council:
    """A tiny council with one question. Pounds, FTE, shares from 0 to 1."""

    posts: Staff
    people: Staff
    step: dict[str, Fraction]
    cost: dict[str, int]
    filled: Fraction
    surplus: Fraction
    may_leave: str
    ceiling: int
    most: Fraction | None = None
    most_each: str = "team"
    limit: Fraction | None = None
    least: Fraction | None = None
    per: Fraction | None = None
    heads: bool = False
    each: str = "team"

    @property
    def teams(self) -> list[str]:
        """The teams, in order."""
        return sorted({team for team, _ in self.posts})

    def groups(self, each: str) -> list[list[str]]:
        """The teams one by one, or all together."""
        return [[team] for team in self.teams] if each == "team" else [self.teams]


def best(council: Council) -> tuple[Fraction, Fraction, Fraction] | None:
    """Return least cost, then least agency use, then least change; None if no way is allowed."""
    return min(
        (goals(council, staff) for staff in every_way(council) if allowed(council, staff)),
        default=None,
    )


def every_way(council: Council) -> Iterator[Staff]:
    """Every way to have people that are no fewer than none and no more than posts and surplus."""
    places = [(team, role) for team in council.teams for role in ROLES]
    choices = []
    for team, role in places:
        today, step = council.people[team, role], council.step[role]
        of = "worker" if role == "agency" else role
        most = council.posts[team, of] + council.surplus
        low, high = -floor(today / step), floor((most - today) / step)
        choices.append([today + n * step for n in range(low, high + 1)])
    for chosen in product(*choices):
        yield dict(zip(places, chosen, strict=True))


def allowed(council: Council, staff: Staff) -> bool:
    """Say whether a way keeps every rule."""
    return (
        _fits(council, staff)
        and _stays(council, staff)
        and _recruited(council, staff)
        and _share_kept(council, staff)
        and _minimum_kept(council, staff)
        and spent(council, staff) <= council.ceiling
    )


def _fits(council: Council, staff: Staff) -> bool:
    for team in council.teams:
        workers = staff[team, "worker"] + staff[team, "agency"]
        if workers > council.posts[team, "worker"] + council.surplus:
            return False
        if staff[team, "asye"] > council.posts[team, "asye"] + council.surplus:
            return False
        posts = council.posts[team, "worker"] + council.posts[team, "asye"]
        if workers + staff[team, "asye"] < council.filled * posts:
            return False
    return True


def _stays(council: Council, staff: Staff) -> bool:
    staying = {"nobody": ROLES, "cover": ("worker", "asye"), "anybody": ()}[council.may_leave]
    return all(staff[t, r] >= council.people[t, r] for t in council.teams for r in staying)


def _recruited(council: Council, staff: Staff) -> bool:
    """What an agency sends is not recruited."""
    own = ("worker", "asye")
    hired = sum(staff[t, r] - council.people[t, r] for t in council.teams for r in own)
    return council.limit is None or hired <= council.limit


def _share_kept(council: Council, staff: Staff) -> bool:
    if council.most is None:
        return True
    for group in council.groups(council.most_each):
        everybody = sum(staff[t, r] for t in group for r in ROLES)
        if sum(staff[t, "agency"] for t in group) > council.most * everybody:
            return False
    return True


def _minimum_kept(council: Council, staff: Staff) -> bool:
    """Experienced are social workers and agency staff."""

    def count(group: list[str], *roles: str) -> Fraction:
        figures = [staff[t, r] for t in group for r in roles]
        return sum((Fraction(ceil(f)) if council.heads else f for f in figures), Fraction(0))

    for group in council.groups(council.each):
        experienced = count(group, "worker", "agency")
        if council.least is not None and experienced < council.least:
            return False
        if council.per is not None and experienced < council.per * count(group, "asye"):
            return False
    return True


def _beside(council: Council, staff: Staff, *, saved: bool) -> Fraction:
    """Premiums of added agency staff (less what is saved) and people above the posts, a year."""
    premium = council.cost["agency"] - council.cost["worker"]
    total = Fraction(0)
    for team in council.teams:
        more = staff[team, "agency"] - council.people[team, "agency"]
        total += premium * (more if saved else max(Fraction(0), more))
        workers = staff[team, "worker"] + staff[team, "agency"]
        over = workers - council.posts[team, "worker"]
        total += council.cost["worker"] * max(Fraction(0), over)
        over = staff[team, "asye"] - council.posts[team, "asye"]
        total += council.cost["asye"] * max(Fraction(0), over)
    return total


def spent(council: Council, staff: Staff) -> Fraction:
    """What the fund pays in the year: a saving relaxes no ceiling."""
    return _beside(council, staff, saved=False)


def goals(council: Council, staff: Staff) -> tuple[Fraction, Fraction, Fraction]:
    """Full-year cost, months of agency staff, and FTE hired or let go."""
    agency = sum((staff[t, "agency"] for t in council.teams), Fraction(0))
    moved = sum((abs(staff[place] - council.people[place]) for place in staff), Fraction(0))
    return _beside(council, staff, saved=True), MONTHS * agency, moved
