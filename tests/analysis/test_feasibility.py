"""Whether a program has a point: what is asked where a solver fails."""

from __future__ import annotations

import numpy as np
import pytest

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Options, Solution, Why
from staffopt.analysis.feasibility import Endless, Feasibility
from staffopt.errors import BackendError

ONE = Matrix(
    np.array([0, 1]),
    np.array([0], dtype=np.int32),
    np.array([1.0]),
    np.array([1.0]),
    np.array([2.0]),
    np.array([0.0]),
    np.array([np.inf]),
    np.array([True]),
)


class Says:
    """A solver that says one thing."""

    name = "one"

    def __init__(self, solution):
        self.solution, self.given = solution, []

    def solve(self, matrix, *_):
        self.given.append(matrix)
        return self.solution


FAILS = Solution(Why.FAILED, message="Solve error")


def test_what_a_solver_fails_on_another_one_is_asked():
    one, two = Says(FAILS), Says(Solution(Why.OPTIMAL, np.ones(1)))
    feasibility = Feasibility(one, Options(), lambda: 0.0, lambda _: False, lambda: two)
    assert feasibility.has_point(ONE) is True
    assert two.given == [ONE]
    feasibility.has_point(ONE)
    assert one.given == [ONE, ONE]  # passed anew: nobody knows what it holds


def test_a_failure_is_an_error_where_nobody_else_is_there():
    feasibility = Feasibility(Says(FAILS), Options(), lambda: 0.0, lambda _: False)
    with pytest.raises(BackendError, match="Solve error"):
        feasibility.has_point(ONE)


def test_a_sum_without_end_is_told_apart_from_a_failure():
    feasibility = Feasibility(
        Says(Solution(Why.UNBOUNDED)), Options(), lambda: 0.0, lambda _: False
    )
    with pytest.raises(Endless):
        feasibility.least(ONE, -np.ones(1))
