"""Linear programs solved again from a basis against the same ones from nothing."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from programs import UP, matrix

from staffopt.algebra.solution import Changes, Why
from staffopt.backends.session import Session

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
