"""SCIP through OR-Tools: a code base of its own, in this process, on every platform.

MathOpt's core takes the program as one columnar message. The bulk call of ``ModelBuilderHelper``
would be quicker by tenths of a second in the largest programs, but it needs scipy, cannot be
interrupted, gives no log, and calls what SCIP leaves open ("infeasible or unbounded") infeasible.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
)
from ortools.math_opt.core.python import solver
from ortools.math_opt.solvers.gscip import gscip_pb2
from ortools.util.python.pybind_solve_interrupter import PySolveInterrupter
from pybind11_abseil.status import StatusNotOk  # a part of ortools, there once the core is loaded

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why
from staffopt.backends.apart import costless, told_apart
from staffopt.backends.aside import Aside
from staffopt.backends.guard import INFINITE, check_options, may_be_unbounded, settle
from staffopt.backends.held import Held, hold
from staffopt.backends.pace import Pace

Native = gscip_pb2.GScipOutput

STATUS: dict[int, Why] = {
    Native.UNKNOWN: Why.FAILED,
    Native.USER_INTERRUPT: Why.CANCELLED,
    Native.NODE_LIMIT: Why.FAILED,  # no limit but the clock is ever set
    Native.TOTAL_NODE_LIMIT: Why.FAILED,
    Native.STALL_NODE_LIMIT: Why.FAILED,
    Native.TIME_LIMIT: Why.TIME_LIMIT,
    Native.MEM_LIMIT: Why.FAILED,
    Native.GAP_LIMIT: Why.OPTIMAL,  # within the gap that was asked for
    Native.SOL_LIMIT: Why.FAILED,
    Native.BEST_SOL_LIMIT: Why.FAILED,
    Native.RESTART_LIMIT: Why.FAILED,
    Native.OPTIMAL: Why.OPTIMAL,
    Native.INFEASIBLE: Why.INFEASIBLE,
    Native.UNBOUNDED: Why.UNBOUNDED,
    Native.INF_OR_UNBD: Why.INFEASIBLE_OR_UNBOUNDED,
    Native.TERMINATE: Why.FAILED,  # a signal from outside
    Native.INVALID_SOLVER_PARAMETERS: Why.FAILED,
}
"""Every status of SCIP as OR-Tools hands it on, in our words; a test holds it complete."""

TOLERANCE = 1e-9
"""Feasibility of rows, of reduced costs and of whole columns; SCIP's own is 1e-6."""

LOG_DIGITS = 1e-6
"""SCIP's log has seven digits: a bound read from it is moved outwards by this share."""

_HOLDS = (Why.OPTIMAL, Why.TIME_LIMIT, Why.CANCELLED)
_TABLE = re.compile(r"\|\s*([-+0-9.e]+|--)\s*\|\s*([-+0-9.e]+|--)\s*\|[^|]*\|[^|]*$")


class Scip:
    """SCIP as OR-Tools brings it; see :class:`staffopt.algebra.solution.Backend`.

    It has no warm basis: every call passes the program anew, with the start as a hint.
    """

    name = "scip"

    def __init__(self) -> None:
        self._version = f"{self.name} of ortools {version('ortools')}"
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
        solution = settle(held) or self._answer(held, options, pace)
        pace.reraise()
        return replace(solution, backend=self._version, seconds=pace.seconds)

    def _answer(self, held: Held, options: Options, pace: Pace) -> Solution:
        solution = _run(held, options, pace)
        unclear = (Why.INFEASIBLE_OR_UNBOUNDED, Why.UNBOUNDED)
        if solution.why not in unclear:
            return solution
        if not may_be_unbounded(held):
            return Solution(Why.INFEASIBLE)
        return Solution(told_apart(_run(costless(held), options, pace).why))


def _run(held: Held, options: Options, pace: Pace) -> Solution:
    interrupter = PySolveInterrupter()
    program, hints = _program(held), _hints(held)
    parameters = _parameters(options, pace.seconds)

    def listen(lines: list[str]) -> None:
        for line in lines:
            objective, bound = read_line(line)
            said = line if options.log else None
            if said is not None or objective is not None or bound is not None:
                aside.tell(Progress(pace.seconds, objective, bound, line=said))

    def call() -> Any:
        return solver.solve(
            program,
            parameters_pb2.SOLVER_TYPE_GSCIP,
            parameters_pb2.SolverInitializerProto(),
            parameters,
            hints,
            listen,
            callback_pb2.CallbackRegistrationProto(),
            None,
            interrupter,
        )

    aside: Aside[Any] = Aside(call)
    try:
        return read_result(aside.run(pace, interrupter.interrupt), held)
    except StatusNotOk as error:
        return Solution(Why.FAILED, message=f"SCIP: {error}")


def read_result(result: Any, held: Held) -> Solution:
    """Read what is held, and only where SCIP's own status says that something is."""
    why = STATUS.get(result.gscip_output.status, Why.FAILED)
    if why is Why.FAILED:
        return Solution(why, message=f"SCIP: {result.termination.detail}".strip())
    if why not in _HOLDS:
        return Solution(why)
    bound = _finite(result.termination.objective_bounds.dual_bound)
    if not result.solutions:
        if why is Why.OPTIMAL:
            return Solution(Why.FAILED, message="SCIP: optimal, without a point")
        return Solution(why, bound=bound)
    values: FloatArray = np.zeros(held.matrix.columns)
    point = result.solutions[0].primal_solution.variable_values
    values[list(point.ids)] = list(point.values)
    return Solution(why, values, float(held.cost @ values), bound)


def read_line(line: str) -> tuple[float | None, float | None]:
    """Read the best objective and a safe bound from a line of SCIP's table, where it is one."""
    found = _TABLE.search(line)
    if not found:
        return None, None
    bound, objective = (_finite(float(text.replace("--", "inf"))) for text in found.groups())
    return objective, None if bound is None else bound - LOG_DIGITS * abs(bound)


def _program(held: Held) -> Any:
    """Write the program as MathOpt's message: columns, then rows, then entries row by row."""
    m = held.matrix
    program = model_pb2.ModelProto()
    program.variables.ids.extend(range(m.columns))
    program.variables.lower_bounds.extend(m.col_lower.tolist())
    program.variables.upper_bounds.extend(m.col_upper.tolist())
    program.variables.integers.extend(m.integer.tolist())
    program.linear_constraints.ids.extend(range(m.rows))
    program.linear_constraints.lower_bounds.extend(m.row_lower.tolist())
    program.linear_constraints.upper_bounds.extend(m.row_upper.tolist())
    priced = np.flatnonzero(held.cost)
    program.objective.linear_coefficients.ids.extend(priced.tolist())
    program.objective.linear_coefficients.values.extend(held.cost[priced].tolist())
    order = np.argsort(m.indices, kind="stable")  # columns ascend within each row
    program.linear_constraint_matrix.row_ids.extend(m.indices[order].tolist())
    program.linear_constraint_matrix.column_ids.extend(m.entry_columns[order].tolist())
    program.linear_constraint_matrix.coefficients.extend(m.data[order].tolist())
    return program


def _hints(held: Held) -> Any:
    told = model_parameters_pb2.ModelSolveParametersProto()
    if held.start is not None:
        hint = told.solution_hints.add().variable_values
        hint.ids.extend(range(len(held.start)))  # zeros too: what is left out is not hinted at
        hint.values.extend(held.start.tolist())
    return told


def _parameters(options: Options, spent: float) -> Any:
    parameters = parameters_pb2.SolveParametersProto(
        threads=options.threads,
        random_seed=options.seed,
        relative_gap_tolerance=options.gap,
        absolute_gap_tolerance=0.0,
    )
    if options.time_limit is not None:
        left = max(0.001, options.time_limit - spent)
        parameters.time_limit.FromNanoseconds(int(left * 1e9))
    for name in ("feastol", "dualfeastol"):
        parameters.gscip.real_params[f"numerics/{name}"] = TOLERANCE
    return parameters


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) and abs(number) < INFINITE else None
