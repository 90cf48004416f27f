"""Linear programs solved again from a basis against the same ones from nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from programs import UP, matrix

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.highs import Highs
from staffopt.backends.session import Session, ignore

INFINITE = float("inf")


def drawn(rng):
    """A program of 5 rows and 6 columns that has a point, and two costs that are bounded."""
    cells = [[rng.choice([0, 0, 1, 2, 3, -1]) for _ in range(6)] for _ in range(5)]
    return cells, [[rng.randint(1, 9) for _ in range(6)] for _ in range(2)]


def bounds(rng):
    """A side each, either of which may be infinite."""
    return [
        (rng.choice([-INFINITE, rng.randint(-3, 4)]), rng.choice([INFINITE, rng.randint(5, 12)]))
        for _ in range(5)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_from_a_basis_is_the_answer_from_nothing(seed):
    rng = Random(seed)
    cells, costs = drawn(rng)
    with Session("highs", isolation="inline") as warm:
        seen = set()
        for turn in range(40):
            # costs by turns, so that each goes on from the basis it had two bounds ago
            program, cost = matrix(cells, bounds(rng), [UP] * 6), np.array(costs[turn % 2], float)
            with Session("highs", isolation="inline") as cold:
                expected = cold.solve(program, Changes(cost=cost))
            found = warm.solve(program, Changes(cost=cost))
            seen.add(found.why)
            assert found.why is expected.why
            if expected.objective is not None:
                assert found.objective == pytest.approx(expected.objective, abs=1e-7)
    assert Why.OPTIMAL in seen


def closed_in(program, solution):
    """A program with every column within a tenth of a point, as rounding closes them in."""
    lower = np.maximum(program.col_lower, solution.values - 0.1)
    return replace(program, col_lower=lower, col_upper=solution.values + 0.1)


@pytest.mark.parametrize("seed", range(4))
def test_a_program_closed_in_on_a_point_leaves_the_next_answer_what_it_is(seed):
    rng = Random(seed)
    cells, costs = drawn(rng)
    with Session("highs", isolation="inline") as warm:
        asked = 0
        for _ in range(20):
            program, cost = matrix(cells, bounds(rng), [UP] * 6), np.array(costs[0], float)
            with Session("highs", isolation="inline") as cold:
                expected = cold.solve(program, Changes(cost=cost))
            found = warm.solve(program, Changes(cost=cost))
            assert found.why is expected.why
            if expected.values is None:
                continue
            asked += 1
            assert found.objective == pytest.approx(expected.objective, abs=1e-7)
            near = warm.solve(closed_in(program, found), Changes(cost=cost))
            # Nothing within a tenth is better than the best there is.
            assert near.objective == pytest.approx(expected.objective, abs=1e-7)
    assert asked > 3


def test_a_basis_is_remembered_for_each_state_of_the_columns_bounds():
    # Least x + y over x + y >= 2: closed in on x = 2, then asked as at first.
    program = matrix([[1, 1]], [(2, INFINITE)], [UP] * 2)
    solver, cost = Highs(), np.ones(2)
    solver.solve(program, Changes(cost=cost), Options(), ignore)
    solver.solve(
        None, Changes(col_lower=np.array([1.9, 0.0]), col_upper=np.ones(2) * 2), Options(), ignore
    )
    bounds_of = [based.held.matrix.col_lower.tolist() for based in solver._bases]
    assert bounds_of == [[1.9, 0.0], [0.0, 0.0]]
