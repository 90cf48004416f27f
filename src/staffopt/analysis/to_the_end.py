"""Solves of a desk's request that either come to their end or raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.registry import AUTO, quickest
from staffopt.errors import BackendError, Cancelled

if TYPE_CHECKING:
    from staffopt.algebra.program import Matrix
    from staffopt.algebra.solution import Progress, Solution, Watch
    from staffopt.backends.session import Session
    from staffopt.desk import Desk
    from staffopt.request import Request

ENDED = (Why.CANCELLED, Why.TIME_LIMIT)
"""Ends that are somebody's wish."""


def session_of(desk: Desk, *, whole: bool) -> Session:
    """Return the session of a desk's backend, for a program with whole columns or without."""
    backend = desk.request.backend
    return desk.solvers.session(quickest(whole=whole) if backend == AUTO else backend)


def watching(request: Request) -> Watch:
    """Pass a caller's cancel on to a solve."""

    def watch(_: Progress) -> bool:
        return request.cancel is not None and request.cancel.is_set()

    return watch


def options_of(request: Request) -> Options:
    """Return a request's options, without a gap."""
    return Options(request.time_limit, 0.0, request.threads, request.seed)


def solved(
    session: Session, request: Request, matrix: Matrix | None, changes: Changes
) -> Solution | None:
    """Solve to the end; None where there is no point.

    Args:
        session: the solver.
        request: how it solves.
        matrix: what it solves; None for the one that it has.
        changes: costs, and bounds in place of the matrix's own.

    Raises:
        BackendError: the solver does not come to it.
        Cancelled: the caller, or the time limit, ended it.
    """
    solution = session.solve(matrix, changes, options_of(request), watching(request))
    if solution.why in ENDED:
        raise Cancelled(f"a solve ended early: {solution.why}")
    if solution.why in (Why.INFEASIBLE, Why.INFEASIBLE_OR_UNBOUNDED):
        return None
    if solution.why is not Why.OPTIMAL:
        raise BackendError(f"{session.name}: {solution.why} {solution.message}".strip())
    return solution
