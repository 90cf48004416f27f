"""What multipliers prove, by hand and on random linear programs."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from random import Random

import numpy as np
import pytest

from staffopt.algebra.duality import Duality, rounded
from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Why
from staffopt.backends.session import Session

UP = (0.0, inf)


def matrix(rows, row_bounds, col_bounds):
    """Make a matrix of continuous columns from dense rows; bounds are pairs."""
    dense = np.array(rows, dtype=float)
    columns, indices = np.nonzero(dense.T)
    counts = np.bincount(columns, minlength=dense.shape[1])
    row_lower, row_upper = np.array(row_bounds, dtype=float).T
    col_lower, col_upper = np.array(col_bounds, dtype=float).T
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=indices.astype(np.int32),
        data=dense.T[columns, indices],
        row_lower=row_lower,
        row_upper=row_upper,
        col_lower=col_lower,
        col_upper=col_upper,
        integer=np.zeros(dense.shape[1], bool),
    )


# Least 2x + 3y over x + y >= 4 and x - y <= 2, from x = 3, y = 1 at 9.
HAND = matrix([[1, 1], [1, -1]], [(4, inf), (-inf, 2)], [(0, inf), (0, inf)])
COST = np.array([2.0, 3.0])


def test_the_right_multipliers_prove_the_optimum():
    # 2.5 (x + y) - 0.5 (x - y) = 2x + 3y, so 2.5 × 4 - 0.5 × 2 = 9 is the least.
    assert Duality(HAND, COST).floor({0: Fraction(5, 2), 1: Fraction(-1, 2)}) == 9


def test_other_multipliers_prove_less_or_nothing():
    duality = Duality(HAND, COST)
    assert duality.floor({0: Fraction(2)}) == 8  # 2x + 3y - 2 (x + y) = y, at least 0
    assert duality.floor({}) == 0
    # 3 (x + y) leaves -x, which no bound stops: rows alone imply none.
    assert duality.floor({0: Fraction(3)}) is None
    # x - y has no least side to stand on.
    assert duality.floor({1: Fraction(1)}) is None


def test_a_fixed_column_counts_at_its_value():
    assert Duality(HAND, COST).floor({0: Fraction(3)}, {0: Fraction(3)}) == 12 - 3


@pytest.mark.parametrize("seed", range(6))
def test_no_multipliers_prove_more_than_the_optimum_and_the_solvers_prove_it(seed):
    rng, proved = Random(seed), 0
    for _ in range(25):
        cells = [[rng.choice([0, 0, 1, 2, 3, -1]) for _ in range(6)] for _ in range(5)]
        bounds = [(rng.randint(-3, 4), rng.choice([inf, rng.randint(5, 12)])) for _ in range(5)]
        program = matrix(cells, bounds, [UP] * 6)
        cost = np.array([rng.randint(1, 9) for _ in range(6)], float)
        with Session("highs", isolation="inline") as session:
            solution = session.solve(program, Changes(cost=cost))
        if solution.why is not Why.OPTIMAL:
            continue
        duality = Duality(program, cost)
        guessed = {row: Fraction(rng.randint(-4, 4), 2) or Fraction(1) for row in range(5)}
        floor = duality.floor(guessed)
        assert floor is None or floor <= Fraction(solution.objective) + Fraction(1, 10**6)
        best = max(f for y in rounded(solution.duals) if (f := duality.floor(y)) is not None)
        assert float(best) == pytest.approx(solution.objective, abs=1e-7)
        proved += 1
    assert proved > 5
