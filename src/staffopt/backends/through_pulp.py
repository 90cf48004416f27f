"""Whatever solver the user's PuLP finds, such as Gurobi or CPLEX: ``pulp:<solver>``.

One thin adapter for PuLP 3 and 4. Importing PuLP loads highspy, so it runs in a worker only.
"""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
import pulp

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Changes, Options, Solution, Watch, Why
from staffopt.backends.apart import ray_first
from staffopt.backends.aside import Aside
from staffopt.backends.guard import check_options, settle
from staffopt.backends.held import Held, hold
from staffopt.backends.pace import Pace
from staffopt.errors import BackendMissing

STATUS_3: dict[tuple[int, int], Why] = {
    (1, 1): Why.OPTIMAL,
    (1, 2): Why.TIME_LIMIT,  # "Optimal", says the status of an incumbent; sol_status knows better
    (0, 2): Why.TIME_LIMIT,
    (-3, 2): Why.TIME_LIMIT,
    (0, 0): Why.TIME_LIMIT,
    (0, -1): Why.TIME_LIMIT,  # what PuLP makes of "not solved" by itself
    (-3, -1): Why.FAILED,
    (-1, -1): Why.INFEASIBLE,
    (-1, 0): Why.INFEASIBLE,  # CBC's "integer infeasible"
    (-2, -2): Why.UNBOUNDED,
}
"""PuLP 3's ``status`` and ``sol_status`` in our words; any other pair is a failure."""

STATUS_4: dict[str, Why] = {
    "NotSolved": Why.FAILED,
    "Optimal": Why.OPTIMAL,
    "Infeasible": Why.INFEASIBLE,
    "Unbounded": Why.UNBOUNDED,
    "Undefined": Why.INFEASIBLE_OR_UNBOUNDED,
    "TimeLimit": Why.TIME_LIMIT,
    "MemoryLimit": Why.FAILED,
    "NodeLimit": Why.FAILED,  # no such limit is ever set
    "GapLimit": Why.OPTIMAL,
    "IterationLimit": Why.FAILED,  # no such limit is ever set
    "SolutionLimit": Why.FAILED,  # no such limit is ever set
    "Interrupted": Why.FAILED,  # not by us: PuLP cannot be asked to stop
    "Stopped": Why.FAILED,
    "NumericalError": Why.FAILED,
}
"""PuLP 4's ``LpSolveStatus`` in our words."""

NO_GAP = 1e-12
"""PuLP 3 hands a gap of 0 to Gurobi as no gap at all, and Gurobi then stops at 1e-4."""

EARLY = 0.9
"""A solve that ended without a reason before this share of its time limit was not stopped by it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What PuLP says of a solve: why it ended, whether a point is held, what is proven."""

    why: Why
    holds: bool
    bound: float | None
    words: str


class ThroughPulp:
    """One of PuLP's solvers; see :class:`staffopt.algebra.solution.Backend`.

    It takes no start, gives no progress and no log, and cannot be asked to stop: its worker is
    ended.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._solver = find_solver(name.partition(":")[2])
        self._held: Held | None = None

    def solve(
        self, matrix: Matrix | None, changes: Changes, options: Options, watch: Watch
    ) -> Solution:
        """Solve; ``matrix`` None means the one held.

        Raises:
            BackendError: a number or option is refused.
        """
        check_options(options)
        held = self._held = hold(self._held, matrix, changes)
        pace = Pace(watch)
        solution = settle(held) or ray_first(held, lambda asked: self._run(asked, options, pace))
        pace.reraise()
        told = f"{self.name} ({self._solver} through PuLP {pulp.__version__})"
        return replace(solution, backend=told, seconds=pace.seconds)

    def _run(self, held: Held, options: Options, pace: Pace) -> Solution:
        if not _empty_rows_hold(held):
            return Solution(Why.INFEASIBLE)
        problem, columns = write_problem(held)
        spent = pace.seconds
        solver = make_solver(self._solver, options, spent)
        aside: Aside[Any] = Aside(lambda: problem.solve(solver))
        verdict = read_verdict(problem, aside.run(pace, lambda: None))
        if pace.stopped:
            verdict = replace(verdict, why=Why.CANCELLED)
        limit = options.time_limit
        early = limit is None or pace.seconds - spent < EARLY * (limit - spent)
        if verdict.why is Why.TIME_LIMIT and early:
            verdict = replace(verdict, why=Why.FAILED)
        return read_solution(verdict, columns, held, options)


def find_solver(word: str) -> str:
    """Find the solver of PuLP that a word means: its name, or a part of it between underscores.

    Raises:
        BackendMissing: PuLP finds none; with those that it finds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PuLP warns of solvers that nobody asked for
        found = pulp.listSolvers(onlyAvailable=True)
    asked = word.upper()
    exact = [name for name in found if name.upper() == asked]
    part = [name for name in found if asked in name.upper().split("_")]
    if not exact + part:
        there = ", ".join(found) or "none"
        raise BackendMissing(
            f"PuLP {pulp.__version__} finds no solver called {word}; it finds: {there}. "
            "Install the solver where PuLP looks for it (Gurobi: pip install gurobipy; CPLEX: pip "
            "install cplex, or its program on PATH), with its licence."
        )
    return str((exact + part)[0])


def make_solver(name: str, options: Options, spent: float) -> Any:
    """Make one of PuLP's solvers with the options that its constructor names."""
    left = None if options.time_limit is None else max(0.01, options.time_limit - spent)
    wanted = {
        "msg": False,  # it would print to the worker's standard error, not to the watcher
        "timeLimit": left,
        "gapRel": max(options.gap, NO_GAP),
        "gapAbs": NO_GAP,
        "threads": options.threads,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PuLP 4 coming, in PuLP 3
        known = inspect.signature(type(pulp.getSolver(name, msg=False)).__init__).parameters
        return pulp.getSolver(name, **{k: v for k, v in wanted.items() if k in known})


def write_problem(held: Held) -> tuple[Any, list[Any]]:
    """Write a program as PuLP's; columns are x0000000…, since PuLP changes names it dislikes."""
    matrix = held.matrix
    problem = pulp.LpProblem("program", pulp.LpMinimize)
    ends = zip(matrix.col_lower.tolist(), matrix.col_upper.tolist(), strict=True)
    columns = [
        problem.add_variable(
            f"x{number:07d}",
            low if isfinite(low) else None,
            high if isfinite(high) else None,
            "Integer" if whole else "Continuous",
        )
        for number, ((low, high), whole) in enumerate(
            zip(ends, matrix.integer.tolist(), strict=True)
        )
    ]
    make = getattr(pulp.LpAffineExpression, "from_dict", pulp.LpAffineExpression)
    priced = np.flatnonzero(held.cost).tolist()
    problem.setObjective(make({columns[column]: float(held.cost[column]) for column in priced}))
    terms: list[dict[Any, float]] = [{} for _ in range(matrix.rows)]
    entries = (matrix.indices, matrix.entry_columns, matrix.data)
    for row, column, number in zip(*(array.tolist() for array in entries), strict=True):
        terms[row][columns[column]] = number
    for row, (low, high) in enumerate(
        zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    ):
        if not terms[row]:
            continue
        if low == high:
            problem.addConstraint(make(terms[row]) == low, f"e{row:07d}")
            continue
        if isfinite(low):
            problem.addConstraint(make(terms[row]) >= low, f"g{row:07d}")
        if isfinite(high):
            problem.addConstraint(make(terms[row]) <= high, f"l{row:07d}")
    return problem, columns


def read_verdict(problem: Any, returned: Any) -> Verdict:
    """Read why a solve ended: from what PuLP 4 returns, or from what PuLP 3 leaves behind."""
    if hasattr(returned, "has_solution"):
        words = str(getattr(returned.status, "name", returned.status))
        why = STATUS_4.get(words, Why.FAILED)
        return Verdict(why, bool(returned.has_solution), returned.best_bound, words)
    pair = int(problem.status), int(problem.sol_status)
    words = f"status {pulp.LpStatus[pair[0]]}, sol_status {pulp.LpSolution[pair[1]]}"
    return Verdict(STATUS_3.get(pair, Why.FAILED), pair[1] > 0, None, words)


def read_solution(verdict: Verdict, columns: list[Any], held: Held, options: Options) -> Solution:
    """Read the point, only where one is held and its end is one at which one may be."""
    why, bound = verdict.why, verdict.bound
    if why is Why.FAILED:
        return Solution(why, message=f"PuLP says: {verdict.words}")
    if why not in (Why.OPTIMAL, Why.TIME_LIMIT, Why.CANCELLED):
        return Solution(why)
    if not verdict.holds:
        if why is Why.OPTIMAL:
            return Solution(Why.FAILED, message=f"PuLP says: {verdict.words}, without a point")
        return Solution(why, bound=bound)
    values = _values(columns, held.matrix)
    objective = float(held.cost @ values)
    if why is Why.OPTIMAL and options.gap == 0:
        bound = objective
    return Solution(why, values, objective, bound)


def _values(columns: list[Any], matrix: Matrix) -> FloatArray:
    """Read values; a column that no row and no cost names stays out of PuLP's program."""
    nearest_zero = np.clip(0.0, matrix.col_lower, matrix.col_upper)
    given = [column.varValue for column in columns]
    pairs = zip(given, nearest_zero.tolist(), strict=True)
    return np.array([idle if value is None else value for value, idle in pairs], dtype=np.float64)


def _empty_rows_hold(held: Held) -> bool:
    matrix = held.matrix
    empty = np.ones(matrix.rows, dtype=bool)
    empty[matrix.indices] = False
    return bool(np.all(~empty | ((matrix.row_lower <= 0) & (matrix.row_upper >= 0))))
