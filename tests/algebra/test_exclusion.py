"""A vector left out, against trying every vector of a small box."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import inf
from random import Random

import numpy as np
import pytest

from staffopt.algebra.exclusion import excluding, implied_bounds
from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.session import Session, ignore

BOX = range(-2, 4)


@pytest.fixture(scope="module")
def highs():
    return Session("highs", isolation="inline").solve


def dense(rows, row_bounds, col_bounds):
    """Make a matrix of whole columns from dense rows; bounds are pairs."""
    a = np.array(rows, dtype=float)
    columns, owners = np.nonzero(a.T)
    return Matrix(
        indptr=np.searchsorted(columns, np.arange(a.shape[1] + 1)).astype(np.int64),
        indices=owners.astype(np.int32),
        data=a.T[columns, owners],
        row_lower=np.array([low for low, _ in row_bounds], dtype=float),
        row_upper=np.array([high for _, high in row_bounds], dtype=float),
        col_lower=np.array([low for low, _ in col_bounds], dtype=float),
        col_upper=np.array([high for _, high in col_bounds], dtype=float),
        integer=np.ones(a.shape[1], dtype=bool),
    )


def random_matrix(seed):
    """Draw three columns, some without bounds of their own, in a box that rows or bounds give."""
    rng = Random(seed)
    columns = []
    rows, sides = [[rng.choice([-2, -1, 1, 3]) for _ in range(3)]], [(-3, rng.choice([2, 5, inf]))]
    for j in range(3):
        low, high = sorted(rng.sample(BOX, 2))
        kind = rng.randrange(4)
        columns.append((low if kind in (0, 1) else -inf, high if kind in (0, 2) else inf))
        rows.append([float(i == j) * 2 for i in range(3)])  # 2 x within twice the bounds
        sides.append((2 * low, 2 * high))
    if rng.random() < 0.5:  # two columns bounded by a row of both, which bounds neither alone
        columns[0] = columns[1] = (-inf, inf)
        rows[1], sides[1] = [1, 1, 0], (-2, 3)
        rows[2], sides[2] = [1, -1, 0], (-3, 2)
    return dense(rows, sides, columns)


def allowed(matrix):
    """Try every vector of a box that holds all that are allowed."""
    for point in product(range(-6, 8), repeat=3):
        x = np.array(point, dtype=float)
        rows = matrix.activity(x)
        inside = (matrix.col_lower <= x).all() and (x <= matrix.col_upper).all()
        if inside and (matrix.row_lower <= rows).all() and (rows <= matrix.row_upper).all():
            yield x


def least_other(solve, matrix, left_out, cost, point):
    """Minimise a cost over all that is left, as the engine does: one solve, and those aside."""
    found = []
    wide = np.concatenate([cost, np.zeros(left_out.matrix.columns - 3)])
    solves = [(left_out.matrix, Changes(wide))]
    for column, side in left_out.aside:
        lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
        (lower if side > 0 else upper)[column] = point[column] + side
        solves.append((replace(matrix, col_lower=lower, col_upper=upper), Changes(cost)))
    for program, changes in solves:
        solution = solve(program, changes, Options(), ignore)
        assert solution.why in (Why.OPTIMAL, Why.INFEASIBLE)
        if solution.values is not None:
            assert not np.allclose(solution.values[:3], point)
            found.append(solution.objective)
    return min(found, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_but_the_vector_is_left_out(seed, highs):
    matrix = random_matrix(seed)
    points = list(allowed(matrix))
    rng = Random(seed)
    for point in rng.sample(points, min(3, len(points))):
        left_out = excluding(matrix, np.arange(3, dtype=np.int32), point)
        cost = np.array([rng.randint(-3, 3) for _ in range(3)], dtype=float)
        others = [float(cost @ p) for p in points if (p != point).any()]
        found = least_other(highs, matrix, left_out, cost, point)
        assert found == (pytest.approx(min(others)) if others else None)


def test_some_of_those_columns_have_a_side_that_no_row_bounds():
    sides = []
    for seed in range(40):
        matrix = random_matrix(seed)
        for point in list(allowed(matrix))[:1]:
            sides += excluding(matrix, np.arange(3, dtype=np.int32), point).aside
    assert {side for _, side in sides} == {1, -1}


def test_a_row_bounds_the_columns_that_have_no_bound_of_their_own():
    # 2x + 3y ≤ 12 with x, y ≥ 0: x ≤ 6, y ≤ 4; x - z ≥ 1 with x ≤ 6: z ≤ 5 only after x's is known
    matrix = dense(
        [[2, 3, 0], [1, 0, -1]], [(-inf, 12), (1, inf)], [(0, inf), (0, inf), (-inf, inf)]
    )
    lower, upper = implied_bounds(matrix)
    assert upper.tolist() == [6, 4, inf]
    assert lower.tolist() == [0, 0, -inf]


def test_only_the_columns_named_must_differ(highs):
    # x + y = 3 with x in 0..1 and y free: x = 1, y = 2 left out in x alone leaves x = 0, y = 3
    matrix = dense([[1, 1]], [(3, 3)], [(0, 1), (0, inf)])
    left_out = excluding(matrix, np.array([0], dtype=np.int32), np.array([1.0, 2.0]))
    solution = highs(left_out.matrix, Changes(), Options(), ignore)
    assert solution.values[:2].tolist() == [0, 3]


def test_a_vector_that_is_the_only_one_leaves_nothing(highs):
    matrix = dense([[1, 1]], [(3, 3)], [(1, 1), (0, inf)])
    left_out = excluding(matrix, np.arange(2, dtype=np.int32), np.array([1.0, 2.0]))
    assert left_out.aside == ()
    assert highs(left_out.matrix, Changes(), Options(), ignore).why is Why.INFEASIBLE
