"""Whether a program has any point at all, asked of one solver again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.program import FloatArray, IntArray, Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why
from staffopt.errors import BackendError

if TYPE_CHECKING:
    from staffopt.backends.session import Session

_NONE_THERE = (Why.INFEASIBLE, Why.INFEASIBLE_OR_UNBOUNDED)
"""Without a cost nothing is unbounded."""

_STOPPED = (Why.TIME_LIMIT, Why.CANCELLED)


class Endless(BackendError):
    """A sum that was to be brought to its least has none: it goes on without end."""


@dataclass(slots=True)
class Feasibility:
    """Asks a solver for any point of a matrix.

    Attributes:
        session: the solver.
        options: how it solves; ``time_limit`` is of all that is asked.
        seconds: gives the seconds since the start.
        watch: told of progress; returning True stops.
        other: gives another solver for what this one fails on; None where there is none.
        asked: how often it was asked.
        stopped: whether a limit or the caller ended a solve before it was sure.
    """

    session: Session
    options: Options
    seconds: Callable[[], float]
    watch: Watch
    other: Callable[[], Session | None] = lambda: None
    asked: int = 0
    stopped: bool = False
    _held: Matrix | None = field(default=None)

    @property
    def left(self) -> float | None:
        """The seconds that are left, below 0 where the time is up; None for as many as it takes."""
        limit = self.options.time_limit
        return None if limit is None else limit - self.seconds()

    def has_point(self, matrix: Matrix, lifted: IntArray | None = None) -> bool | None:
        """Say whether a matrix has a point with some rows lifted; None where that is not known.

        Raises:
            BackendError: the solver failed.
        """
        lower, upper = matrix.row_lower, matrix.row_upper
        if lifted is not None and len(lifted):
            lower, upper = lower.copy(), upper.copy()
            lower[lifted], upper[lifted] = -np.inf, np.inf
        solution = self._solve(matrix, lower, upper, np.zeros(matrix.columns))
        return None if solution is None else solution.values is not None

    def least(
        self, matrix: Matrix, cost: FloatArray, rows: tuple[FloatArray, FloatArray] | None = None
    ) -> FloatArray | None:
        """Return the point of least cost, or None where there is none or it is not proven.

        Args:
            matrix: the numbers.
            cost: one entry a column.
            rows: lower and upper bounds of rows in place of the matrix's own.

        Raises:
            Endless: points of ever lower cost go on without end.
            BackendError: the solver failed.
        """
        lower, upper = rows or (matrix.row_lower, matrix.row_upper)
        solution = self._solve(matrix, lower, upper, cost)
        return None if solution is None else solution.values

    def _solve(
        self, matrix: Matrix, lower: FloatArray, upper: FloatArray, cost: FloatArray
    ) -> Solution | None:
        left = self.left
        # Many a solve is over before anybody could stop it.
        if (left is not None and left <= 0) or self.watch(Progress(seconds=self.seconds())):
            self.stopped = True
            return None
        self.asked += 1
        given, self._held = None if matrix is self._held else matrix, matrix
        changes = Changes(cost, lower, upper)
        options = replace(self.options, time_limit=left, gap=0.0)
        solution = self.session.solve(given, changes, options, self.watch)
        if solution.why is Why.FAILED and (other := self.other()) is not None:
            self._held = None  # a solver that failed may hold anything
            solution = other.solve(matrix, changes, options, self.watch)
        if solution.why is Why.OPTIMAL or solution.why in _NONE_THERE:
            return solution
        if solution.why in _STOPPED:
            self.stopped = True
            return None
        kind = Endless if solution.why is Why.UNBOUNDED else BackendError
        raise kind(f"{self.session.name}: {solution.why} {solution.message}".strip())

    def forget(self) -> None:
        """Pass the next matrix anew: somebody else may have used the session since."""
        self._held = None
