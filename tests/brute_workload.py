"""The best plan of tiny councils whose cases are split, counted or banded, by trying every plan.

Written from the formulas alone: no solver, no code of the engine. The fund's ceiling bounds the
posts that can be added, so every plan there is gets tried, with every split of the cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("worker", "asye", "officer")
NOTHING = Fraction(0)
MONTHS = {"2026/27": 6, "2027/28": 12}
"""Months planned in each year: October 2026 to March 2028."""

Posts = dict[tuple[str, str], Fraction]
Values = tuple[Fraction, ...]
Split = tuple[Fraction, Fraction]
"""Cases that nobody holds, and cases above the band."""
Memo = dict[tuple[str | Fraction, ...], Split | None]
"""(team, added FTE by role) → the best split of its cases."""


@dataclass(frozen=True)
class Team:
    """A team today: cases, posts by role, and those of them that nobody is in."""

    cases: int
    posts: dict[str, Fraction]
    vacant: Fraction = NOTHING
    low: int = 0
    """Cases that an officer may hold."""


@dataclass(frozen=True)
class Council:
    """A tiny council with one question. Pounds, FTE, cases per FTE."""

    teams: dict[str, Team]
    cost: dict[str, int]
    step: dict[str, Fraction]
    ceiling: int
    """Pounds a year that added posts may cost."""
    goals: tuple[str, ...]
    holding: Fraction = Fraction(1)
    """Share of an asye's FTE that holds cases."""
    counts_as: Fraction = Fraction(1)
    average: dict[str, Any] | None = None
    denominator: str = "posts"
    """What worst_caseload, cases_above_band and bands divide by."""
    split: dict[str, Any] | None = None
    caps: dict[str, int] = field(default_factory=dict)
    officers_hold: bool = False
    bands: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    """Band → least and most average, printed whole."""
    choose: dict[str, Any] | None = None
    release: dict[str, Fraction] | None = None


def best(council: Council) -> Values | None:
    """Return the value of each goal in the council's order, or None if no plan is allowed."""
    memo: Memo = {}
    values = (v for posts in _plans(council) if (v := _values(council, posts, memo)) is not None)
    return min(values, default=None)


def _plans(council: Council) -> Iterator[Posts]:
    """Every lattice plan that adds posts within the ceiling."""
    places = [(team, role) for team in council.teams for role in council.cost]
    counts = [
        range(floor(council.ceiling / (council.cost[r] * council.step[r])) + 1) for _, r in places
    ]
    for steps in product(*counts):
        added = {place: n * council.step[place[1]] for place, n in zip(places, steps, strict=True)}
        if _cost(council, added) <= council.ceiling:
            yield added


def _cost(council: Council, added: Posts) -> Fraction:
    return sum((fte * council.cost[role] for (_, role), fte in added.items()), NOTHING)


def _posts(council: Council, added: Posts, team: str, role: str) -> Fraction:
    today = council.teams[team].posts.get(role, NOTHING)
    return today + added.get((team, role), NOTHING)


def _fte(council: Council, added: Posts, team: str, counted: str) -> Fraction:
    """What cases of a team are divided by."""
    workers = _posts(council, added, team, "worker")
    asyes = _posts(council, added, team, "asye")
    if counted == "posts":
        return workers + asyes
    workers -= council.teams[team].vacant
    part = {
        "in_post": Fraction(1),
        "case_holders": council.holding,
        "adjusted": council.holding * council.counts_as,
    }[counted]
    return workers + asyes * part


def _values(council: Council, added: Posts, memo: Memo) -> Values | None:
    """Work out the goals of the best split of the cases; None if the posts are not allowed."""
    if not _average_kept(council, added):
        return None
    found = _bands_of(council, added)
    if found is None:
        return None
    split = _best_split(council, added, memo)
    if split is None:
        return None
    nobodys, above = split
    price = sum(
        (Fraction(council.choose["price"].get(band, 0)) for band in found) if council.choose else ()
    )
    measures = {
        "full_year_cost": _cost(council, added) + price,
        "worst_caseload": _worst(council, added) if "worst_caseload" in council.goals else NOTHING,
        "unallocated_cases": nobodys,
        "cases_above_band": above,
        "change_from_today": sum(added.values(), NOTHING),
    }
    return tuple(Fraction(measures[goal]) for goal in council.goals)


def _worst(council: Council, added: Posts) -> Fraction:
    return max(
        Fraction(team.cases) / _fte(council, added, name, council.denominator)
        for name, team in council.teams.items()
    )


def _average_kept(council: Council, added: Posts) -> bool:
    if council.average is None:
        return True
    target, rounding = Fraction(council.average["target"]), council.average["rounding"]
    each = council.average["each"] == "team"
    for group in [[team] for team in council.teams] if each else [list(council.teams)]:
        cases = Fraction(sum(council.teams[team].cases for team in group))
        fte = sum(
            (_fte(council, added, team, council.average["denominator"]) for team in group), NOTHING
        )
        if rounding == "none":
            if cases > target * fte:
                return False
        elif _half_up(cases / fte, int(rounding[len("printed(") : -1])) > target:
            return False
    return True


def _half_up(value: Fraction, decimals: int) -> Fraction:
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def _bands_of(council: Council, added: Posts) -> list[str] | None:
    """Name every team's band, or return None where one may not be or too many are in one."""
    rule = council.choose
    if rule is None:
        return []
    found = []
    for name, team in council.teams.items():
        fte = _fte(council, added, name, council.denominator)
        if council.release:
            fte += _released(council, added, name)
        printed = _half_up(team.cases / fte, 0)
        found += [
            band
            for band, (low, high) in council.bands.items()
            if (low is None or printed >= low) and (high is None or printed <= high)
        ]
    share = {band: Fraction(most) * len(found) for band, most in rule["at_most_share"].items()}
    limits = {**rule["at_most"], **share}
    allowed = not set(found) & set(rule["forbid"])
    allowed &= all(found.count(band) <= most for band, most in limits.items())
    return found if allowed else None


def _released(council: Council, added: Posts, team: str) -> Fraction:
    assert council.release is not None
    hours, week, ratio = (council.release[key] for key in ("hours", "contract_hours", "ratio"))
    today = council.teams[team].posts

    def served(workers: Fraction, officers: Fraction) -> Fraction:
        return min(workers, ratio * officers, week / hours * officers)

    now = served(
        _posts(council, added, team, "worker") + _posts(council, added, team, "asye"),
        _posts(council, added, team, "officer"),
    )
    before = served(
        today.get("worker", NOTHING) + today.get("asye", NOTHING), today.get("officer", NOTHING)
    )
    return hours / week * (now - before)


def _best_split(council: Council, added: Posts, memo: Memo) -> Split | None:
    """Return unallocated cases and cases above the band, added up over teams.

    Teams are split apart from each other, and the goals add up over teams, so the best split of
    all is the best of each; a team with the same posts is split the same way.
    """
    total = [NOTHING, NOTHING]
    for team in council.teams:
        key = (team, *(added.get((team, role), NOTHING) for role in ROLES))
        if key not in memo:
            memo[key] = _best_of_team(council, added, team)
        chosen = memo[key]
        if chosen is None:
            return None
        total = [one + other for one, other in zip(total, chosen, strict=True)]
    return total[0], total[1]


def _best_of_team(council: Council, added: Posts, team: str) -> Split | None:
    index = {"unallocated_cases": 0, "cases_above_band": 1}
    order = [index[goal] for goal in council.goals if goal in index]
    splits = _splits(council, added, team)
    return min(splits, key=lambda split: [split[i] for i in order], default=None)


def _splits(council: Council, added: Posts, name: str) -> Iterator[Split]:
    """Yield unallocated cases and cases above the band of every split of a team's cases."""
    team = council.teams[name]
    edge = _edge(council)
    if council.split is None:
        fte = _fte(council, added, name, council.denominator)
        yield NOTHING, max(NOTHING, team.cases - edge * fte)
        return
    there = {
        "worker": _posts(council, added, name, "worker") - team.vacant,
        "asye": _posts(council, added, name, "asye") * council.holding,
        "officer": _posts(council, added, name, "officer") if council.officers_hold else NOTHING,
    }
    most = {r: min(team.cases, floor(there[r] * council.caps.get(r, 100))) for r in ROLES}
    most["officer"] = min(most["officer"], team.low)
    limit = council.split["unallocated"]
    for held in product(*(range(most[r] + 1) for r in ROLES)):
        left = team.cases - sum(held)
        if left >= 0 and (limit is None or left <= limit):
            over = [held[i] - edge * there[r] for i, r in enumerate(ROLES) if r != "officer"]
            yield Fraction(left), sum((max(NOTHING, o) for o in over), NOTHING)


def _edge(council: Council) -> Fraction:
    """The average that is printed above the band called fine: half a case more than its edge."""
    if "fine" not in council.bands:
        return NOTHING
    most = council.bands["fine"][1]
    assert most is not None
    return most + Fraction(1, 2)
