"""Tells infeasible and unbounded apart, by solving the same rows without a cost."""

from __future__ import annotations

import numpy as np

from staffopt.algebra.solution import Why
from staffopt.backends.held import Held

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
