"""Tells infeasible and unbounded apart, by solving the same rows without a cost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from staffopt.algebra.solution import Solution, Why
from staffopt.backends.guard import may_be_unbounded, settle
from staffopt.backends.held import Held, rays

RAY = 1e-6
"""A direction of size 1 improves where it gains this share of the largest cost."""

_TOLD = {
    Why.OPTIMAL: Why.UNBOUNDED,
    Why.INFEASIBLE: Why.INFEASIBLE,
    Why.INFEASIBLE_OR_UNBOUNDED: Why.INFEASIBLE,  # nothing costs: not unbounded
    Why.CANCELLED: Why.CANCELLED,
}


def costless(held: Held) -> Held:
    """Give the same rows and bounds, with a cost of zero."""
    return Held(held.matrix, np.zeros(held.matrix.columns))


def told_apart(without_cost: Why) -> Why:
    """Say of a program that is infeasible or unbounded which it is.

    What is feasible without a cost was unbounded, since the data are rational (Meyer 1974).
    ``infeasible or unbounded`` remains where the solve without a cost met its limit.
    """
    return _TOLD.get(without_cost, Why.INFEASIBLE_OR_UNBOUNDED)


def ray_first(held: Held, run: Callable[[Held], Solution]) -> Solution:
    """Solve with a solver that must never be given an unbounded program.

    Where the cost pulls towards an open bound, it is first asked for an improving direction, which
    is bounded. CBC 2.10.3 calls an unbounded program optimal at some point, or infeasible, or
    corrupts its memory (16 of about 240 in a random trial), with or without whole columns.
    """
    if not may_be_unbounded(held):
        return run(held)
    directions = rays(held)
    ray = settle(directions) or run(directions)
    if ray.why is not Why.OPTIMAL or ray.objective is None:
        return Solution(ray.why, backend=ray.backend, message=ray.message)
    if ray.objective < -RAY * float(np.abs(held.cost).max()):
        free = run(costless(held))
        return Solution(told_apart(free.why), backend=free.backend)
    return run(held)
