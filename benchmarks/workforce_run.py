"""Workforce plans of drawn councils beside the same question in PuLP, in one run: seconds by phase.

    .venv/bin/python benchmarks/workforce_run.py --teams 10 --months 12 --limit 60 --gap 0.01

It prints rows for docs/performance.md. PuLP solves with HiGHS, as the engine does, in one thread.
"""

from __future__ import annotations

import argparse
import json
import time
from decimal import Decimal

import pulp

import pulp_workforce
import staffopt as so
import workforce
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.library import models


def main() -> None:
    """Measure one size."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--teams", type=int, default=10)
    asked.add_argument("--months", type=int, default=12)
    asked.add_argument("--limit", type=float, default=60)
    asked.add_argument("--gap", type=Decimal, default=Decimal("0.01"))
    asked.add_argument("--seed", type=int, default=2023)
    given = asked.parse_args()
    tree = workforce.council(given.teams, given.months, given.seed)
    size = f"{given.teams} teams × {given.months} months"
    print(f"| {size} | build, s | solve, s | verify, s | cost, £ | none below, £ |")
    print("|---|--:|--:|--:|--:|--:|")
    print(_engine(tree, given))
    print(_pulp(tree, given))


def _engine(tree: dict[str, object], given: argparse.Namespace) -> str:
    council = Instance.model_validate(json.loads(json.dumps(tree), parse_float=str))
    request = so.Request(cross_check=False, time_limit=given.limit, gap=given.gap)
    with Desk(council, models(), request) as desk:
        start = time.perf_counter()
        build(desk.question)
        built = time.perf_counter()
        plan = desk.solve()
        solved = time.perf_counter()
    assert so.verify(plan).ok
    verified = time.perf_counter()
    goal = plan.goals[0]
    bound = "–" if goal.bound is None else f"{goal.bound:,.0f}"
    times = (built - start, solved - built, verified - solved)
    return _row("staffopt, HiGHS", *times, f"{float(goal.value):,.0f}", bound)


def _pulp(tree: dict[str, object], given: argparse.Namespace) -> str:
    start = time.perf_counter()
    problem = pulp_workforce.write(tree)
    built = time.perf_counter()
    problem.solve(pulp.HiGHS(msg=False, timeLimit=given.limit, gapRel=float(given.gap), threads=1))
    solved = time.perf_counter()
    found = problem.objective.value()
    cost = "–" if found is None else f"{found:,.0f}"
    bound = problem.solverModel.getInfo().mip_dual_bound
    return _row("PuLP, HiGHS", built - start, solved - built, None, cost, f"{bound:,.0f}")


def _row(tool: str, build_s: float, solve: float, verify: float | None, *rest: str) -> str:
    last = "–" if verify is None else f"{verify:.2f}"
    return f"| {tool} | {build_s:.2f} | {solve:.1f} | {last} | {' | '.join(rest)} |"


if __name__ == "__main__":
    main()
