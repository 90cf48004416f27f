"""CP-SAT, for purely integral programs: another code base, and another way of proving.

Its own module is used in the place of ``cp_model``, which imports pandas and builds a program
term by term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.sat.python import cp_model_helper as native

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why
from staffopt.backends.aside import Aside
from staffopt.backends.guard import check_options, settle
from staffopt.backends.held import Held, hold
from staffopt.backends.pace import Pace
from staffopt.backends.whole import WholeProgram, whole_program

Native = native.CpSolverStatus

STATUS: dict[Any, Why] = {
    Native.OPTIMAL: Why.OPTIMAL,
    Native.FEASIBLE: Why.TIME_LIMIT,
    Native.INFEASIBLE: Why.INFEASIBLE,
    Native.UNKNOWN: Why.TIME_LIMIT,
    Native.MODEL_INVALID: Why.FAILED,
}
"""Every status of CP-SAT in our words; a test holds it complete.

FEASIBLE and UNKNOWN say that it was stopped, by the clock or by us: :func:`read_response` tells
which. There is no unbounded: every column has its ends.
"""


STOPPED = (Why.TIME_LIMIT, Why.CANCELLED)


class CpSat:
    """CP-SAT as OR-Tools brings it; see :class:`staffopt.algebra.solution.Backend`.

    Every call passes the program anew, with the start as a hint.
    """

    name = "cpsat"

    def __init__(self) -> None:
        self._version = f"{self.name} of ortools {version('ortools')}"
        self._held: Held | None = None

    def solve(
        self, matrix: Matrix | None, changes: Changes, options: Options, watch: Watch
    ) -> Solution:
        """Solve; ``matrix`` None means the one held.

        Raises:
            BackendError: a number or option is refused, or the program is not one for CP-SAT: a
                column that is not whole or has no end, or a row or objective that is too large.
        """
        check_options(options)
        held = self._held = hold(self._held, matrix, changes)
        pace = Pace(watch)
        solution = settle(held) or _answer(held, options, pace)
        pace.reraise()
        return replace(solution, backend=self._version, seconds=pace.seconds)


def _answer(held: Held, options: Options, pace: Pace) -> Solution:
    program = whole_program(held)
    if not program.possible:
        return Solution(Why.INFEASIBLE)
    solver: Any = native.SolveWrapper()
    solver.set_parameters(_parameters(options, pace.seconds))
    aside: Aside[Any] = Aside(lambda: solver.solve(_message(program, held.start)))
    unit = float(program.unit)
    bounds: list[float] = []

    def on_bound(bound: float) -> None:
        bounds.append(bound * unit)
        aside.tell(Progress(pace.seconds, bound=bounds[-1]))

    def on_point(point: FloatArray, bound: float) -> None:
        aside.tell(Progress(pace.seconds, float(held.cost @ point), bound * unit, point))

    incumbents = _Incumbents(on_point)
    solver.add_solution_callback(incumbents)
    solver.add_best_bound_callback(on_bound)
    if options.log:
        solver.add_log_callback(lambda text: aside.tell(Progress(pace.seconds, line=text)))
    response = aside.run(pace, solver.stop_search)
    solver.clear_solution_callback(incumbents)
    solution = read_response(response, held, program.unit, stopped=pace.stopped)
    if solution.why in STOPPED and solution.values is None and bounds:
        return replace(solution, bound=max(bounds))
    return solution


class _Incumbents(native.SolutionCallback):
    """Hears of every better point, in one of CP-SAT's own threads."""

    def __init__(self, told: Callable[[FloatArray, float], None]) -> None:
        super().__init__()
        self._told = told

    def OnSolutionCallback(self) -> None:  # noqa: N802 - CP-SAT's own name
        now: Any = self  # its stubs have no types
        self._told(np.array(now.Response().solution, dtype=np.float64), now.BestObjectiveBound())


def read_response(response: Any, held: Held, unit: Fraction, *, stopped: bool) -> Solution:
    """Read what is held, and only where the status says so: elsewhere the values are stale memory.

    Args:
        response: CP-SAT's own.
        held: the program.
        unit: what a unit of CP-SAT's objective is worth.
        stopped: whether the caller asked to stop.
    """
    why = STATUS.get(response.status, Why.FAILED)
    if why is Why.FAILED:
        return Solution(why, message=f"CP-SAT: {response.status} {response.solution_info}".strip())
    if why is Why.INFEASIBLE:
        return Solution(why)
    why = Why.CANCELLED if why is Why.TIME_LIMIT and stopped else why
    if response.status == Native.UNKNOWN:
        return Solution(why)  # the bound is 0 where none was found yet
    bound = float(Fraction(response.best_objective_bound) * unit)
    values: FloatArray = np.array(response.solution, dtype=np.float64)
    return Solution(why, values, float(held.cost @ values), bound)


def _message(program: WholeProgram, start: FloatArray | None) -> Any:
    message = native.CpModelProto()
    for ends in zip(program.lower, program.upper, strict=True):
        message.variables.add().domain.extend(ends)
    for row in program.rows:
        linear = message.constraints.add().linear
        linear.vars.extend(row.columns)
        linear.coeffs.extend(row.coefficients)
        linear.domain.extend([row.lower, row.upper])
    priced = [column for column, cost in enumerate(program.cost) if cost]
    if priced:
        message.objective.vars.extend(priced)
        message.objective.coeffs.extend([program.cost[column] for column in priced])
    if start is not None:
        hint = np.clip(np.round(start), program.lower, program.upper).astype(int).tolist()
        message.solution_hint.vars.extend(range(len(hint)))
        message.solution_hint.values.extend(hint)
    return message


def _parameters(options: Options, spent: float) -> Any:
    parameters = native.SatParameters()
    parameters.num_workers = options.threads
    parameters.interleave_search = options.threads > 1  # several workers, the same answer
    parameters.random_seed = options.seed
    parameters.relative_gap_limit = options.gap
    parameters.absolute_gap_limit = 0.0
    parameters.catch_sigint_signal = False
    parameters.log_to_stdout = False
    parameters.log_search_progress = options.log
    if options.time_limit is not None:
        parameters.max_time_in_seconds = max(0.001, options.time_limit - spent)
    return parameters
