"""What a backend says of a program: why it stopped, and what is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from staffopt.algebra.program import FloatArray, Matrix


class Why(StrEnum):
    """Why a solve ended; our words, not a solver's."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    INFEASIBLE_OR_UNBOUNDED = "infeasible or unbounded"
    TIME_LIMIT = "time limit"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """One answer of one backend. What is missing is None, never 0.

    Attributes:
        why: why the solve ended.
        values: a point that the solver calls feasible, one entry a column, or None if none is held.
        objective: the point's objective without offset, or None.
        bound: what the solver proved no feasible point can beat, or None.
        backend: name and version of the solver.
        seconds: wall time inside the solver.
        message: the solver's own words where it failed.
        duals: by how much the objective grows with each row's bound, one entry a row; None of an
            integer program, whose duals mean nothing, and of a backend that does not offer them.
    """

    why: Why
    values: FloatArray | None = None
    objective: float | None = None
    bound: float | None = None
    backend: str = ""
    seconds: float = 0.0
    message: str = ""
    duals: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """The five options that every backend understands.

    Attributes:
        time_limit: wall seconds for this solve; None for none.
        gap: relative gap at which the solver may stop; 0 proves optimality.
        threads: solver threads.
        seed: random seed.
        log: whether the solver's own log lines are passed to ``watch``.
    """

    time_limit: float | None = None
    gap: float = 0.0
    threads: int = 1
    seed: int = 0
    log: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What differs from the matrix held; None leaves it as it is.

    Attributes:
        cost: objective vector, one entry a column.
        row_lower, row_upper: new bounds of all rows.
        col_lower, col_upper: new bounds of all columns.
        start: a point to start from; a hint only.
    """

    cost: FloatArray | None = None
    row_lower: FloatArray | None = None
    row_upper: FloatArray | None = None
    col_lower: FloatArray | None = None
    col_upper: FloatArray | None = None
    start: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a running solve has come; None where nothing is known yet."""

    seconds: float
    objective: float | None = None
    bound: float | None = None
    values: FloatArray | None = None
    line: str | None = None


Watch = Callable[[Progress], bool]
"""Called with progress; returning True asks the solver to stop as soon as it can."""


class Backend(Protocol):
    """One solver behind one method.

    A backend keeps the matrix of its last call, with the warm basis where it has one: ``matrix``
    None means that one, with ``changes`` applied to it (they stay applied).
    """

    name: str

    def solve(
        self, matrix: Matrix | None, changes: Changes, options: Options, watch: Watch
    ) -> Solution:
        """Solve, and say why it ended and what is held."""
        ...
