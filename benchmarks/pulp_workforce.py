"""The question of :mod:`workforce` as somebody would write it in PuLP: plain dicts, floats.

Stocks are unknowns of their own, cohort by cohort. It checks nothing and verifies nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pulp

LAST = 12
"""Months for which those who joined are told apart."""

Cell = tuple[str, str, int]
"""Team, role and month."""


@dataclass
class Written:
    """The problem, who joins where and when, and in which band a team is."""

    problem: pulp.LpProblem
    joins: dict[Cell, pulp.LpVariable]
    in_band: dict[Cell, pulp.LpVariable] = field(default_factory=dict)


def write(tree: dict[str, Any]) -> Written:
    """State the question: who joins where and when."""
    months = _months(tree)
    problem = pulp.LpProblem("workforce", pulp.LpMinimize)
    written = Written(problem, dict(_joins(tree)))
    cost: list[Any] = []
    spent: dict[tuple[str, int], list[Any]] = {}
    payer = {
        role: name
        for name, fund in tree["funds"].items()
        for role in fund["pays_for"]["added_posts"]
    }
    for team, record in tree["teams"].items():
        cost += _team(written, tree, team, record)
    limit = tree["standards"]["limit_recruitment"]["limit"]
    for m in range(months):
        problem += pulp.lpSum(x for (_, _, at), x in written.joins.items() if at == m) <= limit
    for (_, role, m), x in written.joins.items():
        price = tree["roles"][role]["turnover"]["recruitment"]
        spent.setdefault((payer[role], m // 12), []).append(price * x)
        cost.append(price * x)
    for (fund, year), parts in spent.items():
        problem += pulp.lpSum(parts) <= [*tree["funds"][fund]["ceiling"].values()][year]
    problem.setObjective(pulp.lpSum(cost))
    return written


def extract(written: Written) -> dict[Cell, int]:
    """Read who joins off the solver's values."""
    values = ((cell, x.varValue) for cell, x in written.joins.items())
    return {cell: round(value) for cell, value in values if value is not None and round(value)}


def _joins(tree: dict[str, Any]) -> Iterator[tuple[Cell, pulp.LpVariable]]:
    for team, record in tree["teams"].items():
        for role in record["posts"]:
            own = tree["roles"][role]["turnover"]
            for m in range(_months(tree)):
                if m >= own.get("lead_time", 0) and ("intakes" not in own or _month(m) == 9):
                    name = f"join_{team}_{role}_{m}"
                    yield (team, role, m), pulp.LpVariable(name, lowBound=0, cat="Integer")


def _team(
    written: Written, tree: dict[str, Any], team: str, record: dict[str, Any]
) -> Iterator[Any]:
    """Carry one team forward; yield what people above posts and misses come to in each month."""
    problem, there, rules = written.problem, _today(tree, record), tree["standards"]
    need = record["cases"] / rules["keep_average_caseload"]["target"]
    weight = rules["keep_average_caseload"]["soften"]["price"] / 12
    for m in range(_months(tree)):
        there = _moved_on(written, tree, there, (team, m))
        able: list[Any] = []
        above: list[Any] = []
        for role, posts in record["posts"].items():
            own = tree["roles"][role]
            stock = pulp.lpSum(x for (r, _), x in there.items() if r == role)
            problem += stock <= posts + rules["fill_posts"]["surplus"]
            over = pulp.LpVariable(f"over_{team}_{role}_{m}", lowBound=0)
            problem += over >= stock - posts
            above.append(own["cost"] / 12 * over)
            able += [_load(own["turnover"], s) * x for (r, s), x in there.items() if r == role]
        short = pulp.LpVariable(f"short_{team}_{m}", lowBound=0)
        problem += short >= need - pulp.lpSum(able)
        band = _band(written, tree, (team, m), able)
        yield pulp.lpSum(above) + weight * short + band


def _moved_on(
    written: Written, tree: dict[str, Any], there: dict[tuple[str, int], Any], at: tuple[str, int]
) -> dict[tuple[str, int], Any]:
    """Let a month pass: people leave, grow a month older, progress and join."""
    team, m = at
    older: dict[tuple[str, int], Any] = {}
    for (role, since), fte in there.items():
        turnover = tree["roles"][role]["turnover"]
        place = role, min(since + 1, LAST)
        if place[1] == LAST and "progresses_to" in turnover:
            place = turnover["progresses_to"], LAST
        older[place] = older.get(place, 0) + (1 - _monthly(turnover, since)) * fte
    for role in tree["teams"][team]["posts"]:
        if (team, role, m) in written.joins:
            older[role, 0] = older.get((role, 0), 0) + written.joins[team, role, m]
    stocks: dict[tuple[str, int], Any] = {}
    for (role, since), form in older.items():
        name = f"n_{team}_{role}_{m}_{since}"
        stocks[role, since] = pulp.LpVariable(name, lowBound=0)
        written.problem += stocks[role, since] == form
    return stocks


def _band(written: Written, tree: dict[str, Any], at: tuple[str, int], able: list[Any]) -> Any:
    """Put a team into one band in a month; return what that weighs.

    Averages are rounded to one decimal before the bands' edges apply, so up to 13.8 is below 13.85.
    """
    (team, m), rule = at, tree["standards"]["choose_band"]
    bands = {name: _most(edges) for name, edges in tree["bands"]["edges"].items()}
    chosen = {name: pulp.LpVariable(f"band_{team}_{m}_{name}", cat="Binary") for name in bands}
    written.in_band.update({(team, name, m): x for name, x in chosen.items()})
    cases, margin = tree["teams"][team]["cases"], rule["margin"]
    least = {
        name: margin if most is None else cases / (most + 0.05) + margin
        for name, most in bands.items()
    }
    written.problem += pulp.lpSum(chosen.values()) == 1
    written.problem += pulp.lpSum(able) >= pulp.lpSum(least[n] * x for n, x in chosen.items())
    return pulp.lpSum(rule["price"].get(name, 0) / 12 * x for name, x in chosen.items())


def _most(edges: str) -> float | None:
    """Return the highest printed average of a band: ``<= 13.8``, ``13.9-15.2`` or ``>= 17.1``."""
    if edges.startswith(">"):
        return None
    return float(edges.removeprefix("<=").split("-")[-1])


def _today(tree: dict[str, Any], record: dict[str, Any]) -> dict[tuple[str, int], Any]:
    """Workers joined long ago; as many of the newly qualified in each of twelve months."""
    there: dict[tuple[str, int], Any] = {}
    for role, fte in record["people"].items():
        passing = "progresses_to" in tree["roles"][role]["turnover"]
        for since in range(LAST) if passing else (LAST,):
            there[role, since] = fte / (LAST if passing else 1)
    return there


def _monthly(turnover: dict[str, Any], since: int) -> float:
    share = turnover["leavers"]
    if since < LAST:
        share = turnover.get("leavers_first_year", share)
    return float(round(1 - (1 - share) ** (1 / 12), 6))


def _load(turnover: dict[str, Any], since: int) -> float:
    ramp = turnover["ramp"]
    return float((ramp[since] if since < len(ramp) else 1) * (1 - turnover["absence"]))


def _months(tree: dict[str, Any]) -> int:
    (first, start), (last, end) = (
        map(int, tree["calendar"][side].split("-")) for side in ("start", "end")
    )
    return (last - first) * 12 + end - start + 1


def _month(number: int) -> int:
    return (3 + number) % 12 + 1
