"""Three published manpower problems written down once more, as linear programs of PuLP.

They are written from the publications and share nothing with the engine: variables, balances and
goals are the books' own.
"""

from __future__ import annotations

import warnings
from typing import Any

import pulp

LEVELS = ("unskilled", "semi_skilled", "skilled")
YEARS = (0, 1, 2)
WAYS = {
    ("unskilled", "semi_skilled"): 0.95,
    ("semi_skilled", "skilled"): 0.95,
    ("skilled", "semi_skilled"): 0.5,
    ("skilled", "unskilled"): 0.5,
    ("semi_skilled", "unskilled"): 0.5,
}
"""From, to → share who stay: retrained ones leave as others do, half of those downgraded do."""


def _by_level(*figures: float) -> dict[str, float]:
    return dict(zip(LEVELS, figures, strict=True))


STRENGTH = _by_level(2000, 1500, 1000)
NEED = [_by_level(1000, 1400, 1000), _by_level(500, 2000, 1500), _by_level(0, 2500, 2000)]
STAY, STAY_FIRST_YEAR = _by_level(0.9, 0.95, 0.95), _by_level(0.75, 0.8, 0.9)
RECRUITS = _by_level(500, 800, 500)
REDUNDANCY, SHORT_TIME = _by_level(200, 500, 500), _by_level(500, 400, 400)
OVERMANNING = _by_level(1500, 2000, 3000)


def table(
    problem: pulp.LpProblem, name: str, axes: Any, *, most: float | None = None, whole: bool = False
) -> Any:
    """Declare unknowns that are not below 0, over one axis or two."""
    kind = pulp.LpInteger if whole else pulp.LpContinuous
    return problem.add_variable_dicts(name, axes, 0, most, kind)


def solved(problem: pulp.LpProblem) -> float:
    """Solve with CBC, and return the optimum."""
    with warnings.catch_warnings():  # PuLP 4 calls the CBC that it bundles otherwise
        warnings.simplefilter("ignore", DeprecationWarning)
        solver = pulp.getSolver("PULP_CBC_CMD", msg=False)
    assert pulp.LpStatus[problem.solve(solver)] == "Optimal"
    return float(pulp.value(problem.objective))


def williams(*, redundancies: bool, at_most: float | None = None) -> float:
    """Manpower planning: the least cost, or the fewest redundancies."""
    problem = pulp.LpProblem("manpower", pulp.LpMinimize)
    force = table(problem, "force", (YEARS, LEVELS))
    recruits = table(problem, "recruits", (YEARS, LEVELS))
    short = table(problem, "short", (YEARS, LEVELS), most=50)
    redundant = table(problem, "redundant", (YEARS, LEVELS))
    over = table(problem, "over", (YEARS, LEVELS))
    moved = table(problem, "moved", (YEARS, [f"{a}_{b}" for a, b in WAYS]))
    dismissed = pulp.lpSum(redundant[y][s] for y in YEARS for s in LEVELS)
    cost = pulp.lpSum(
        REDUNDANCY[s] * redundant[y][s] + SHORT_TIME[s] * short[y][s] + OVERMANNING[s] * over[y][s]
        for y in YEARS
        for s in LEVELS
    )
    cost += pulp.lpSum(
        400 * moved[y]["unskilled_semi_skilled"] + 500 * moved[y]["semi_skilled_skilled"]
        for y in YEARS
    )
    problem += dismissed if redundancies else cost
    if at_most is not None:
        problem += dismissed <= at_most
    for y in YEARS:
        for s in LEVELS:
            arrive = pulp.lpSum(k * moved[y][f"{a}_{b}"] for (a, b), k in WAYS.items() if b == s)
            leave = pulp.lpSum(moved[y][f"{a}_{b}"] for a, b in WAYS if a == s)
            before = STAY[s] * (force[y - 1][s] if y else STRENGTH[s])
            new = STAY_FIRST_YEAR[s] * recruits[y][s]
            problem += force[y][s] == before + new + arrive - leave - redundant[y][s]
            problem += force[y][s] == NEED[y][s] + over[y][s] + 0.5 * short[y][s]
            problem += recruits[y][s] <= RECRUITS[s]
        problem += pulp.lpSum(over[y][s] for s in LEVELS) <= 150
        problem += moved[y]["unskilled_semi_skilled"] <= 200
        problem += moved[y]["semi_skilled_skilled"] <= 0.25 * force[y]["skilled"]
    return solved(problem)


def winston() -> float:
    """CSL: technicians at the beginning of each month, and trainees in it."""
    hours = (6000, 7000, 8000, 9500, 11000)
    months = range(len(hours))
    problem = pulp.LpProblem("csl", pulp.LpMinimize)
    technicians = table(problem, "technicians", months)
    trainees = table(problem, "trainees", months)
    problem += pulp.lpSum(2000 * technicians[m] + 1000 * trainees[m] for m in months)
    problem += technicians[0] == 50
    for m in months:
        problem += 160 * technicians[m] - 50 * trainees[m] >= hours[m]
        if m:
            problem += technicians[m] == 0.95 * technicians[m - 1] + trainees[m - 1]
    return solved(problem)


def gueret() -> float:
    """Construction site: whole workers who arrive at the start and leave at the end of a month."""
    need = (4, 6, 7, 4, 6, 2)
    months = range(len(need))

    problem = pulp.LpProblem("site", pulp.LpMinimize)
    there, leave, idle, missing = (
        table(problem, name, months, whole=True) for name in ("there", "leave", "idle", "missing")
    )
    arrive = table(problem, "arrive", months, most=3, whole=True)
    problem += pulp.lpSum(
        100 * arrive[m] + 160 * leave[m] + 200 * idle[m] + 200 * missing[m] for m in months
    )
    for m in months:
        problem += there[m] == (there[m - 1] - leave[m - 1] if m else 3) + arrive[m]
        problem += there[m] - idle[m] + missing[m] == need[m]
        problem += 4 * missing[m] <= there[m]
        problem += 3 * leave[m] <= there[m]
    problem += there[5] - leave[5] == 3
    return solved(problem)
