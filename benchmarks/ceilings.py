"""Sweeps of ceilings through ``staffopt.sweep``, beside as many solves built anew.

Run it: ``python benchmarks/ceilings.py``. All three ways ask for the same goals, and verify and
write every plan alike:

- the sweep, whose worker's start is counted: programs patched, solves from the last basis, and
  ceilings passed over that a plan of a higher one answers;
- *rebuilt*: every ceiling settled and built anew on a desk of its own and solved from nothing, in a
  worker that runs already;
- *recognised*: the same, but the worker is left with the basis of the ceiling before, which it
  takes up, since it sees that the matrix is the one it holds but for bounds.

They take turns, round by round; what is read is the ratio.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import desks
import staffopt as so
from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes
from staffopt.backends.solvers import Solvers
from staffopt.desk import Desk
from staffopt.errors import Infeasible
from staffopt.instance.schema import Instance

ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """A sweep: a council, what is asked of it, and the ceilings of a fund."""

    name: str
    council: Instance
    fund: str
    ceilings: tuple[int, ...]
    asking: dict[str, Any]


@dataclass(frozen=True)
class Times:
    """Medians in seconds over the rounds, and how many ceilings the sweep solved."""

    swept: float
    rebuilt: float
    recognised: float
    solves: int


def linear(folder: Path, *, teams: int = 20, months: int = 36, questions: int = 20) -> Case:
    """Binding ceilings on a council without steps: linear programs."""
    drawn = desks.sweep("three goals", teams=teams, months=months, step=0, questions=1)
    least = drawn.ceilings[0]
    ceilings = tuple(least * (200 + 7 * number) // 200 for number in range(questions))
    path = folder / "mix.yaml"
    model = drawn.model.model_dump(mode="json", exclude_unset=True)
    path.write_text(json.dumps(model), encoding="utf-8")
    asking = {"model": str(path), "certify": False, "cross_check": False}
    name = f"{questions} ceilings, {teams} teams × {months} months, no steps"
    return Case(name, drawn.council, "base", ceilings, asking)


def mix(count: int = 100) -> Case:
    """Ceilings from nothing to £776,000 on Nottinghamshire's social workers and officers."""
    council = so.load("nottinghamshire-2018").where(
        {"funds.contingency.pays_for.added_posts": ["all"]}
    )
    goals = [
        {"minimise": "cases_above_band", "basis": "effective"},
        {"minimise": "full_year_cost"},
        {"minimise": "change_from_today"},
    ]
    off = {"standards.keep_average_caseload": "off", "model.goals": goals}
    asking = {"model": "least-cost-mix", "overrides": off, "certify": False, "cross_check": False}
    ceilings = tuple(776_000 * number // (count - 1) for number in range(count))
    return Case(
        f"{count} ceilings, Nottinghamshire's mix", council, "contingency", ceilings, asking
    )


def rebuilt(case: Case, solvers: Solvers, *, forgetful: bool = True) -> list[Any]:
    """Answer every ceiling by itself: the same workers, every program built from nothing.

    A forgetful worker is given a program of one column between, which leaves it no basis to use.
    """
    found = []
    for ceiling in case.ceilings:
        if forgetful:
            solvers.session("highs").solve(nothing(), Changes(cost=np.ones(1)))
        changed = case.council.where({f"funds.{case.fund}.ceiling": ceiling})
        desk = Desk(changed, so.models(), so.Request(unique=False, **case.asking), solvers)
        try:
            found.append([goal.value for goal in desk.solve().goals])
        except Infeasible:
            found.append(None)
    return found


def nothing() -> Matrix:
    """A program of one column and no row."""
    none, one = np.zeros(0), np.ones(1)
    return Matrix(np.zeros(2, np.int64), np.zeros(0, np.int32), none, none, none, one, one, one < 0)


def compare(case: Case, rounds: int = ROUNDS) -> Times:
    """Sweep and rebuild by turns.

    Raises:
        AssertionError: if the two differ in the first goal by more than what rounding does to
            posts on no step.
    """
    swept_times, solves = [], 0
    alone_times: dict[bool, list[float]] = {True: [], False: []}
    solvers = Solvers("worker")
    rebuilt(Case("", case.council, case.fund, case.ceilings[:1], case.asking), solvers)
    for _ in range(rounds):
        start = time.perf_counter()
        found = so.sweep(case.council, case.fund, case.ceilings, **case.asking)
        swept_times.append(time.perf_counter() - start)
        for forgetful, times in alone_times.items():
            start = time.perf_counter()
            alone = rebuilt(case, solvers, forgetful=forgetful)
            times.append(time.perf_counter() - start)
            refuse_unlike(case, found, alone)
        solves = found.solves
    solvers.close()
    return Times(median(swept_times), median(alone_times[True]), median(alone_times[False]), solves)


def refuse_unlike(case: Case, found: so.Sweep, alone: list[Any]) -> None:
    """Hold the sweep's first goals against those of each ceiling by itself."""
    for one, other in zip(found.swept, alone, strict=True):
        mine = None if one.plan is None else [goal.value for goal in one.plan.goals]
        assert (mine is None) == (other is None), case.name
        # Later goals follow how the first was rounded to posts on no step.
        if mine and other:
            assert abs(mine[0] - other[0]) <= abs(other[0]) / 10**3, case.name


def main() -> None:
    """Print a line a case."""
    with TemporaryDirectory() as folder:
        for case in (mix(), linear(Path(folder))):
            t = compare(case)
            sys.stdout.write(
                f"{case.name}: swept {t.swept:.1f} s ({t.solves} of {len(case.ceilings)} solved); "
                f"rebuilt {t.rebuilt:.1f} s, ratio {t.swept / t.rebuilt:.2f}; "
                f"recognised {t.recognised:.1f} s, ratio {t.swept / t.recognised:.2f}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
