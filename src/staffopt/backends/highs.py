"""HiGHS, the default solver: arrays in bulk, the basis kept warm between calls."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any, ClassVar

import highspy
import numpy as np
from highspy import HighsModelStatus as Status

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why
from staffopt.backends.apart import told_apart
from staffopt.backends.guard import check_options, may_be_unbounded, point_fault, settle
from staffopt.backends.held import Held, difference, hold
from staffopt.backends.pace import Pace
from staffopt.backends.registry import known_bad
from staffopt.errors import BackendError

STATUS: dict[Status, Why] = {
    Status.kNotset: Why.FAILED,
    Status.kLoadError: Why.FAILED,
    Status.kModelError: Why.FAILED,
    Status.kPresolveError: Why.FAILED,
    Status.kSolveError: Why.FAILED,
    Status.kPostsolveError: Why.FAILED,
    Status.kModelEmpty: Why.OPTIMAL,
    Status.kOptimal: Why.OPTIMAL,
    Status.kInfeasible: Why.INFEASIBLE,
    Status.kUnboundedOrInfeasible: Why.INFEASIBLE_OR_UNBOUNDED,
    Status.kUnbounded: Why.UNBOUNDED,
    Status.kObjectiveBound: Why.FAILED,  # no cut-off is ever set
    Status.kObjectiveTarget: Why.FAILED,  # no target is ever set
    Status.kTimeLimit: Why.TIME_LIMIT,
    Status.kIterationLimit: Why.FAILED,  # no such limit is ever set
    Status.kUnknown: Why.FAILED,
    Status.kSolutionLimit: Why.FAILED,  # no such limit is ever set
    Status.kInterrupt: Why.CANCELLED,
    Status.kMemoryLimit: Why.FAILED,
    Status.kHighsInterrupt: Why.CANCELLED,
}
"""Every status of HiGHS in our words; a test holds it complete."""

TOLERANCES = (1e-9, 1e-7)
"""Feasibility tolerances: tight ones first, HiGHS's own where those leave it without an answer."""

MOST_BASES = 8
"""So many optimal bases are kept; a model has no more goals."""

_FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible
_COLUMNWISE = 1
_MINIMISE = 1


@dataclass(frozen=True, slots=True)
class _Based:
    """An optimal basis, and what it was optimal for."""

    held: Held
    basis: highspy.HighsBasis

    def in_common(self, other: Held) -> int:
        """Count the bounds of columns in common; -1 where the cost is another."""
        mine, its = self.held.matrix, other.matrix
        if not np.array_equal(self.held.cost, other.cost):
            return -1
        same = (mine.col_lower == its.col_lower, mine.col_upper == its.col_upper)
        return int(sum(np.count_nonzero(side) for side in same))


class Highs:
    """HiGHS through highspy's arrays; see :class:`staffopt.algebra.solution.Backend`."""

    name = "highs"
    _threads: ClassVar[int | None] = None

    def __init__(self) -> None:
        self._solver = highspy.Highs()
        self._version = f"{self.name} {self._solver.version()}"
        if reason := known_bad(self.name, self._solver.version()):
            raise BackendError(reason)  # the library itself says so, whatever pip lists
        self._held: Held | None = None
        self._loaded: Held | None = None
        self._bases: list[_Based] = []
        self._pace = Pace(_ignore)
        self._set("log_to_console", value=False)
        # Lines reach the callback only where they have a file or the console to go to.
        self._set("log_file", value=os.devnull)
        self._set("mip_abs_gap", value=0.0)
        self._listen()

    def solve(
        self, matrix: Matrix | None, changes: Changes, options: Options, watch: Watch
    ) -> Solution:
        """Solve; ``matrix`` None re-solves what is held from its last basis.

        Raises:
            BackendError: a number or option is refused, or HiGHS refuses the arrays.
        """
        check_options(options)
        held = self._held = hold(self._held, matrix, changes)
        self._pace = Pace(watch)
        solution = settle(held)
        if solution is None:
            self._load(held)
            self._set_options(options)
            solution = self._answer(held, options)
            self._pace.reraise()
        return Solution(
            solution.why,
            solution.values,
            solution.objective,
            solution.bound,
            self._version,
            self._pace.seconds,
            solution.message,
            solution.duals,
        )

    def _answer(self, held: Held, options: Options) -> Solution:
        solution = Solution(Why.FAILED)
        whole = bool(held.matrix.integer.any())
        for tolerance in TOLERANCES:
            self._set_tolerances(tolerance)
            status = self._run(options, whole=whole)
            solution = self._read(status, held)
            if solution.why is not Why.FAILED and not _denies_the_start(solution, held):
                break
        if solution.why is Why.OPTIMAL and not whole:
            self._remember(held)
        unclear = solution.why is Why.INFEASIBLE_OR_UNBOUNDED
        if unclear or (solution.why is Why.UNBOUNDED and whole):
            return self._tell_apart(held, options)
        return solution

    def _tell_apart(self, held: Held, options: Options) -> Solution:
        """Solve without a cost."""
        if not may_be_unbounded(held):
            return Solution(Why.INFEASIBLE)
        self._change_cost(np.zeros(held.matrix.columns))
        whole = bool(held.matrix.integer.any())
        why = STATUS[self._run(options, whole=whole)]
        self._change_cost(held.cost)
        return Solution(told_apart(why))

    def _run(self, options: Options, *, whole: bool) -> Status:
        """Solve; once more without presolve where presolve alone says that there is no point."""
        status = self._run_once(options, whole=whole)
        if not (whole and self._is_presolved_away(status)):
            return status
        self._set("presolve", value="off")
        try:
            return self._run_once(options, whole=True)
        finally:
            self._set("presolve", value="choose")

    def _run_once(self, options: Options, *, whole: bool) -> Status:
        limit = math.inf
        if options.time_limit is not None:
            limit = max(0.0, options.time_limit - self._pace.seconds)
            if not whole:
                # HiGHS 1.13.1 and 1.15.1 count an LP's time from the first run of the object, an
                # integer program's from the start of this run.
                limit += self._solver.getRunTime()
        self._set("time_limit", value=limit)
        self._solver.run()
        return self._solver.getModelStatus()

    def _is_presolved_away(self, status: Status) -> bool:
        """Say whether an integer program is said to have no point, and nothing was searched.

        HiGHS 1.13.1 says so of some that have one, about three in a thousand of small questions of
        places (HiGHS issues 2204 and 3090 are of that kind).
        """
        searched = int(self._solver.getInfo().mip_node_count)
        return bool(status == Status.kInfeasible) and searched <= 0

    def _read(self, status: Status, held: Held) -> Solution:
        """Read what is held, and only where both statuses say that something is."""
        info = self._solver.getInfo()
        why = STATUS[status]
        whole = bool(held.matrix.integer.any())
        bound = _finite(info.mip_dual_bound) if whole else None
        words: str = self._solver.modelStatusToString(status)
        if why not in (Why.OPTIMAL, Why.TIME_LIMIT, Why.CANCELLED):
            return Solution(why, message=words if why is Why.FAILED else "")
        if not info.valid or info.primal_solution_status != _FEASIBLE:
            if why is Why.OPTIMAL:
                return Solution(Why.FAILED, message=f"{words}, without a feasible point")
            return Solution(why, bound=bound)
        point = self._solver.getSolution()
        values: FloatArray = np.array(point.col_value, dtype=np.float64)
        objective, duals = float(held.cost @ values), None
        if why is Why.OPTIMAL and not whole:
            bound, duals = objective, np.array(point.row_dual, dtype=np.float64)
        return Solution(why, values, objective, bound, duals=duals)

    def _load(self, held: Held) -> None:
        changes = difference(self._loaded, held)
        if changes is None:
            self._pass(held)
            self._bases.clear()
        else:
            self._change(held, changes)
        self._loaded = held

    def _pass(self, held: Held) -> None:
        m = held.matrix
        self._solver.clearModel()
        status = self._solver.passModel(
            m.columns,
            m.rows,
            m.entries,
            _COLUMNWISE,
            _MINIMISE,
            0.0,
            held.cost,
            m.col_lower,
            m.col_upper,
            m.row_lower,
            m.row_upper,
            m.indptr[:-1].astype(np.int32),
            m.indices,
            m.data,
            m.integer.astype(np.int32),
        )
        if status == highspy.HighsStatus.kError:
            raise BackendError("HiGHS refused the program's arrays")

    def _change(self, held: Held, changes: Changes) -> None:
        m = held.matrix
        recalled = False
        if changes.cost is not None:
            self._change_cost(changes.cost)
            recalled = self._recall(held)
        # A basis recalled may rest on bounds that are gone: HiGHS mends it as bounds are changed.
        if recalled or changes.row_lower is not None or changes.row_upper is not None:
            rows = np.arange(m.rows, dtype=np.int32)
            self._solver.changeRowsBounds(m.rows, rows, m.row_lower, m.row_upper)
        if recalled or changes.col_lower is not None or changes.col_upper is not None:
            columns = np.arange(m.columns, dtype=np.int32)
            self._solver.changeColsBounds(m.columns, columns, m.col_lower, m.col_upper)

    def _remember(self, held: Held) -> None:
        """Keep the optimal basis of a linear program, the latest first."""
        columns = 2 * held.matrix.columns
        others = [based for based in self._bases if based.in_common(held) < columns]
        self._bases = [_Based(held, self._solver.getBasis()), *others[: MOST_BASES - 1]]

    def _recall(self, held: Held) -> bool:
        """Start from the basis that was optimal for a cost, and say whether there is one.

        A change of bounds leaves it dual feasible. Ordered goals end on the last goal's basis, and
        the next question starts with the first's. Of several the one is taken that has most bounds
        of columns in common: where room is left to round, they are closed in on a point, and a
        basis of such columns is a bad start for others.
        """
        based = max(self._bases, key=lambda one: one.in_common(held), default=None)
        if based is None or based.in_common(held) < 0:
            return False
        self._solver.setBasis(based.basis)
        return True

    def _change_cost(self, cost: FloatArray) -> None:
        self._solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def _set_options(self, options: Options) -> None:
        if Highs._threads != options.threads:
            # The scheduler is one for the whole process and keeps its first thread count.
            highspy.Highs.resetGlobalScheduler(True)
            Highs._threads = options.threads
        self._set("threads", value=options.threads)
        self._set("random_seed", value=options.seed)
        self._set("mip_rel_gap", value=options.gap)
        self._set("output_flag", value=options.log)

    def _set_tolerances(self, tolerance: float) -> None:
        for name in ("primal", "dual", "mip"):
            self._set(f"{name}_feasibility_tolerance", value=tolerance)

    def _set(self, option: str, *, value: Any) -> None:
        if self._solver.setOptionValue(option, value) == highspy.HighsStatus.kError:
            raise BackendError(f"HiGHS refuses {option} = {value!r}")

    def _listen(self) -> None:
        self._solver.cbMipImprovingSolution.subscribe(self._on_incumbent)
        self._solver.cbMipInterrupt.subscribe(self._on_mip)
        self._solver.cbSimplexInterrupt.subscribe(self._on_lp)
        self._solver.cbIpmInterrupt.subscribe(self._on_lp)
        self._solver.cbLogging.subscribe(self._on_line)

    def _on_incumbent(self, event: Any) -> None:
        out = event.data_out
        self._pace.report(
            Progress(
                self._pace.seconds,
                _finite(out.objective_function_value),
                _finite(out.mip_dual_bound),
                np.array(out.mip_solution, dtype=np.float64),
            )
        )

    def _on_mip(self, event: Any) -> None:
        out = event.data_out
        objective, bound = _finite(out.mip_primal_bound), _finite(out.mip_dual_bound)
        # Said every time: HiGHS keeps the answer of an earlier solve.
        event.interrupt(self._pace.report(Progress(self._pace.seconds, objective, bound)))

    def _on_lp(self, event: Any) -> None:
        event.interrupt(self._pace.report(Progress(self._pace.seconds)))

    def _on_line(self, event: Any) -> None:
        self._pace.report(Progress(self._pace.seconds, line=event.message.rstrip()))


def _denies_the_start(solution: Solution, held: Held) -> bool:
    """Whether infeasible is said of a program for which the start is a plan.

    HiGHS 1.13.1 does so at some seeds with the tight tolerances. The start itself is never given
    to it: it then calls the start optimal where better points are.
    """
    if solution.why is not Why.INFEASIBLE or held.start is None:
        return False
    return not point_fault(held.start, held)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _ignore(_progress: Progress) -> bool:
    return False
