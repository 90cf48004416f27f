"""The question of :mod:`workforce` as somebody would write it in PuLP: plain dicts, floats.

Stocks are unknowns of their own, cohort by cohort. It checks nothing and verifies nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulp

LAST = 12
"""Months for which those who joined are told apart."""

Cell = tuple[str, str, int]
"""Team, role and month."""


def write(tree: dict[str, Any]) -> pulp.LpProblem:
    """State the question: who joins where and when."""
    months = _months(tree)
    turnover = {role: record["turnover"] for role, record in tree["roles"].items()}
    problem = pulp.LpProblem("workforce", pulp.LpMinimize)
    joins: dict[Cell, pulp.LpVariable] = {
        (team, role, m): pulp.LpVariable(f"join_{team}_{role}_{m}", lowBound=0, cat="Integer")
        for team in tree["teams"]
        for role, own in turnover.items()
        for m in range(months)
        if m >= own.get("lead_time", 0) and ("intakes" not in own or _month(m) == 9)
    }
    cost: list[Any] = []
    spent: dict[int, list[Any]] = {}
    for team, record in tree["teams"].items():
        for m, (above, missing) in enumerate(_team(problem, tree, team, record, joins)):
            spent.setdefault(m // 12, []).append(above)
            cost += [above, missing]
    rule = tree["standards"]["limit_recruitment"]["limit"]
    for m in range(months):
        problem += pulp.lpSum(x for (_, _, at), x in joins.items() if at == m) <= rule
    ceiling = tree["funds"]["recruitment"]["ceiling"]
    for (_, role, m), x in joins.items():
        price = turnover[role]["recruitment"]
        spent.setdefault(m // 12, []).append(price * x)
        cost.append(price * x)
    for parts in spent.values():
        problem += pulp.lpSum(parts) <= ceiling
    problem.setObjective(pulp.lpSum(cost))
    return problem


def _team(
    problem: pulp.LpProblem,
    tree: dict[str, Any],
    team: str,
    record: dict[str, Any],
    joins: dict[Cell, pulp.LpVariable],
) -> Iterator[tuple[Any, Any]]:
    """Carry one team forward; yield what people above posts cost a month, and who is missing."""
    there, rules = _today(record), tree["standards"]
    need = record["cases"] / rules["keep_average_caseload"]["target"]
    for m in range(_months(tree)):
        older: dict[tuple[str, int], Any] = {}
        for (role, since), fte in there.items():
            rate = _monthly(tree["roles"][role]["turnover"], since)
            place = role, min(since + 1, LAST)
            if place == ("new", LAST):
                place = ("worker", LAST)
            older[place] = older.get(place, 0) + (1 - rate) * fte
        for role in tree["roles"]:
            if (team, role, m) in joins:
                older[role, 0] = older.get((role, 0), 0) + joins[team, role, m]
        there = {}
        for (role, since), form in older.items():
            there[role, since] = pulp.LpVariable(f"n_{team}_{role}_{m}_{since}", lowBound=0)
            problem += there[role, since] == form
        able: list[Any] = []
        above: list[Any] = []
        for role, own in tree["roles"].items():
            stock = pulp.lpSum(x for (r, _), x in there.items() if r == role)
            problem += stock <= record["posts"][role] + rules["fill_posts"]["surplus"]
            over = pulp.LpVariable(f"over_{team}_{role}_{m}", lowBound=0)
            problem += over >= stock - record["posts"][role]
            above.append(own["cost"] / 12 * over)
            able += [_load(own["turnover"], s) * x for (r, s), x in there.items() if r == role]
        short = pulp.LpVariable(f"short_{team}_{m}", lowBound=0)
        problem += short >= need - pulp.lpSum(able)
        yield pulp.lpSum(above), rules["keep_average_caseload"]["soften"]["price"] / 12 * short


def _today(record: dict[str, Any]) -> dict[tuple[str, int], Any]:
    """Workers joined long ago; as many of the newly qualified in each of twelve months."""
    there: dict[tuple[str, int], Any] = {("worker", LAST): record["people"]["worker"]}
    for since in range(LAST):
        there["new", since] = record["people"]["new"] / LAST
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
