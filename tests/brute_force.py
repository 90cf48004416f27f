"""The best plan of a tiny council, found by trying every plan: no solver, no code of the engine.

Written from the formulas alone. Every goal begins with the full-year cost, and every post costs
something, so the plans are tried in order of cost: the first cost at which a plan is allowed is the
least, and no cheaper plan has been left out. A ceiling bounds the search from above, so a council
without any plan is found out too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Change = dict[tuple[str, str], Fraction]
"""(team, role) → FTE added."""

MONTHS = {"2026/27": 6, "2027/28": 12}
"""Months planned in each year: October 2026 to March 2028."""


@dataclass(frozen=True)
class Team:
    """A team today; posts in FTE."""

    cases: int
    workers: Fraction
    officers: Fraction = Fraction(0)


@dataclass(frozen=True)
class Role:
    """A kind of post: step in FTE, pounds a year, pounds a head once."""

    step: Fraction
    cost: int
    set_up: int = 0
    by_team: bool = False


@dataclass(frozen=True)
class Council:
    """A tiny council with one question. Pounds, FTE, cases per FTE, hours a week."""

    model: str
    teams: dict[str, Team]
    roles: dict[str, Role]
    ceiling: dict[str, int]
    average: dict[str, Any] | None = None
    support_ratio: Fraction | None = None
    support_each: str = "team"
    span: Fraction | None = None
    release: dict[str, Fraction] | None = None
    limit: Fraction | None = None
    bands: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    forbid: tuple[str, ...] = ()
    at_most: dict[str, int] = field(default_factory=dict)
    pays_today: bool = False
    price: dict[str, int] = field(default_factory=dict)
    """Rule that may be missed (average, ratio, limit, budget) → pounds a year for each unit."""

    def today(self, team: str, role: str) -> Fraction:
        """Posts of a role in a team today."""
        if team not in self.teams or role == "lead":
            return Fraction(0)
        return self.teams[team].workers if role == "worker" else self.teams[team].officers

    def places(self) -> list[tuple[str, str]]:
        """Every (team, role) whose posts the model may change."""
        kinds = {
            "support-ratio": ["officer", "lead"],
            "caseload-target": ["worker"],
            "least-cost-mix": ["worker", "officer", "lead"],
        }[self.model]
        return [
            (team, role)
            for role in kinds
            if role in self.roles
            for team in (["hub"] if role == "lead" else self.teams)
        ]


def best(council: Council) -> tuple[Fraction, ...] | None:
    """Return the value of each goal in the model's order, or None if no plan is allowed."""
    found = try_all(council)
    return found and found[0]


def try_all(council: Council) -> tuple[tuple[Fraction, ...], list[Change]] | None:
    """Return the best plan's goals and all plans that have them, or None if none is allowed."""
    nothing = spend(council, {})
    most = min(
        (council.ceiling[year] - nothing[year]) * 12 / months for year, months in MONTHS.items()
    )
    bound = Fraction(20_000)
    while True:
        bound = min(2 * bound, most)
        plans = sorted(_plans(council, bound), key=lambda plan: plan[0])
        for cost, group in groupby(plans, key=lambda plan: plan[0]):
            allowed = [change for _, change in group if _allowed(council, change)]
            if allowed:
                found = [(_goals(council, cost, change), change) for change in allowed]
                least = min(goals for goals, _ in found)
                return least, [_moved(change) for goals, change in found if goals == least]
        if bound == most:
            return None


def _moved(change: Change) -> Change:
    """Leave out what stays as it is today."""
    return {place: fte for place, fte in change.items() if fte}


def best_missing(council: Council) -> tuple[Fraction, ...] | None:
    """Return the value of each goal where some rules may be missed at a price.

    No penalty is below nothing, so a plan whose posts alone cost more than the best found with its
    penalties cannot be better; every plan up to that cost is tried.
    """
    bound = Fraction(20_000)
    while True:
        found = [
            _goals(council, cost + penalty(council, change), change)
            for cost, change in _plans(council, bound)
            if _allowed(council, change)
        ]
        if found and min(found)[0] <= bound:
            return min(found)
        bound *= 2


def allowed_within(council: Council, bound: Fraction) -> list[Change]:
    """Every plan that the rules allow whose full-year cost is within a bound."""
    return [_moved(change) for _, change in _plans(council, bound) if _allowed(council, change)]


def full_year_cost(council: Council, change: Change) -> Fraction:
    """What the added posts cost in a full year."""
    return sum((council.roles[role].cost * fte for (_, role), fte in change.items()), Fraction(0))


def worst_caseload(council: Council, change: Change) -> Fraction:
    """The highest average of any team."""
    return max(team.cases / _fte(council, name, change) for name, team in council.teams.items())


def penalty(council: Council, change: Change) -> Fraction:
    """What missing the rules that have a price weighs in a year."""
    total = Fraction(0)
    if "average" in council.price and council.average is not None:
        each = council.average["each"] == "team"
        groups = [[team] for team in council.teams] if each else [list(council.teams)]
        short = sum((_average_short(council, group, change) for group in groups), Fraction(0))
        total += council.price["average"] * short
    if "ratio" in council.price:
        missing = [w / council.support_ratio - o for o, w in _ratio_pairs(council, change)]
        total += council.price["ratio"] * sum((m for m in missing if m > 0), Fraction(0))
    if "limit" in council.price:
        total += council.price["limit"] * max(Fraction(0), _recruited(change) - council.limit)
    if "budget" in council.price:
        over = [m - council.ceiling[year] for year, m in spend(council, change).items()]
        total += council.price["budget"] * sum((o for o in over if o > 0), Fraction(0))
    return total


def _average_short(council: Council, group: list[str], change: Change) -> Fraction:
    """FTE missing: of the need itself, or of the posts that its rounding asks for."""
    assert council.average is not None
    target, rounding = Fraction(council.average["target"]), council.average["rounding"]
    cases = sum(council.teams[team].cases for team in group)
    fte = sum((_fte(council, team, change) for team in group), Fraction(0))
    today = sum((council.today(team, "worker") for team in group), Fraction(0))
    step = council.roles["worker"].step
    need = cases / target - today
    if rounding == "posts_nearest":
        need = max(Fraction(0), floor(need / step + Fraction(1, 2)) * step)
    if rounding == "posts_up":
        need = max(Fraction(0), ceil(need / step) * step)
    return max(Fraction(0), need - (fte - today))


def spend(council: Council, change: Change) -> dict[str, Fraction]:
    """What the fund pays in each year: posts by months, set-up of whole heads in the first year."""
    money = dict.fromkeys(MONTHS, Fraction(0))
    for name, role in council.roles.items():
        added = [fte for (_, r), fte in change.items() if r == name]
        heads = sum(map(ceil, added)) if role.by_team else ceil(sum(added))
        paid = sum(added, Fraction(0))
        if council.pays_today:
            paid += sum((council.today(team, name) for team in council.teams), Fraction(0))
        for year, months in MONTHS.items():
            money[year] += role.cost * paid * months / 12
        money[next(iter(MONTHS))] += heads * role.set_up
    return money


def _plans(council: Council, bound: Fraction) -> Iterator[tuple[Fraction, Change]]:
    """Every lattice plan whose full-year cost is within a bound."""

    def extend(places: list[tuple[str, str]], left: Fraction) -> Iterator[tuple[Fraction, Change]]:
        if not places:
            yield bound - left, {}
            return
        (team, name), *rest = places
        role = council.roles[name]
        for steps in range(floor(left / (role.cost * role.step)) + 1):
            fte = steps * role.step
            for cost, change in extend(rest, left - fte * role.cost):
                yield cost, {**change, (team, name): fte}

    return extend(council.places(), bound)


def _goals(council: Council, cost: Fraction, change: Change) -> tuple[Fraction, ...]:
    moved = sum(change.values(), Fraction(0))
    if council.model == "support-ratio":
        return cost, moved
    return cost, worst_caseload(council, change), moved


def _workers(council: Council, team: str, change: Change) -> Fraction:
    return council.today(team, "worker") + change.get((team, "worker"), Fraction(0))


def _officers(council: Council, team: str, change: Change) -> Fraction:
    return council.today(team, "officer") + change.get((team, "officer"), Fraction(0))


def _fte(council: Council, team: str, change: Change) -> Fraction:
    """Social workers, with released time where the question counts it."""
    workers = _workers(council, team, change)
    if council.model != "least-cost-mix":
        return workers
    assert council.release
    hours, week, ratio = (council.release[key] for key in ("hours", "contract_hours", "ratio"))

    def served(workers: Fraction, officers: Fraction) -> Fraction:
        return min(workers, ratio * officers, week / hours * officers)

    newly = served(workers, _officers(council, team, change)) - served(
        council.today(team, "worker"), council.today(team, "officer")
    )
    return workers + hours / week * newly


def _allowed(council: Council, change: Change) -> bool:
    return (
        ("budget" in council.price or _within_ceilings(council, change))
        and _within_limit(council, change)
        and _average_kept(council, change)
        and _ratio_kept(council, change)
        and _span_kept(council, change)
        and _bands_kept(council, change)
    )


def _within_ceilings(council: Council, change: Change) -> bool:
    return all(money <= council.ceiling[year] for year, money in spend(council, change).items())


def _within_limit(council: Council, change: Change) -> bool:
    if council.limit is None or "limit" in council.price:
        return True
    return _recruited(change) <= council.limit


def _recruited(change: Change) -> Fraction:
    return sum((fte for (_, role), fte in change.items() if role == "worker"), Fraction(0))


def _average_kept(council: Council, change: Change) -> bool:
    if council.average is None or "average" in council.price:
        return True
    each = council.average["each"] == "team"
    groups = [[team] for team in council.teams] if each else [list(council.teams)]
    return all(_one_average_kept(council, group, change) for group in groups)


def _one_average_kept(council: Council, group: list[str], change: Change) -> bool:
    assert council.average is not None
    target, rounding = Fraction(council.average["target"]), council.average["rounding"]
    cases = sum(council.teams[team].cases for team in group)
    fte = sum((_fte(council, team, change) for team in group), Fraction(0))
    today = sum((council.today(team, "worker") for team in group), Fraction(0))
    step = council.roles["worker"].step
    need = (cases / target - today) / step
    if rounding == "posts_nearest":
        return fte - today >= floor(need + Fraction(1, 2)) * step
    if rounding == "posts_up":
        return fte - today >= ceil(need) * step
    if rounding == "none":
        return cases <= target * fte
    return _half_up(cases / fte, int(rounding[len("printed(") : -1])) <= target


def _half_up(value: Fraction, decimals: int) -> Fraction:
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def _ratio_kept(council: Council, change: Change) -> bool:
    if council.support_ratio is None or "ratio" in council.price:
        return True
    ratio = council.support_ratio
    return all(o * ratio >= workers for o, workers in _ratio_pairs(council, change))


def _ratio_pairs(council: Council, change: Change) -> list[tuple[Fraction, Fraction]]:
    """Officers and workers of each place where the ratio is kept."""
    pairs = [
        (_officers(council, team, change), _workers(council, team, change))
        for team in council.teams
    ]
    if council.support_each == "scope":
        return [(sum((o for o, _ in pairs), Fraction(0)), sum((w for _, w in pairs), Fraction(0)))]
    return pairs


def _span_kept(council: Council, change: Change) -> bool:
    if council.span is None:
        return True
    officers = sum((_officers(council, team, change) for team in council.teams), Fraction(0))
    return officers <= council.span * change.get(("hub", "lead"), Fraction(0))


def _bands_kept(council: Council, change: Change) -> bool:
    """Averages printed whole; each in a band, none forbidden, none too often."""
    if not council.forbid and not council.at_most:
        return True
    found = []
    for name, team in council.teams.items():
        printed = _half_up(team.cases / _workers(council, name, change), 0)
        found += [
            band
            for band, (low, high) in council.bands.items()
            if (low is None or printed >= low) and (high is None or printed <= high)
        ]
    return (
        len(found) == len(council.teams)
        and not set(found) & set(council.forbid)
        and all(found.count(band) <= most for band, most in council.at_most.items())
    )
