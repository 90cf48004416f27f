"""Rows that repeat others are gathered, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from staffopt.algebra.program import Matrix
from staffopt.algebra.repeats import gathered


def matrix(rows, lower, upper):
    """Make a matrix of dense rows."""
    dense = np.array(rows, dtype=float)
    columns, indices = np.nonzero(dense.T)
    counts = np.bincount(columns, minlength=dense.shape[1])
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=indices.astype(np.int32),
        data=dense.T[columns, indices],
        row_lower=np.array(lower, dtype=float),
        row_upper=np.array(upper, dtype=float),
        col_lower=np.zeros(dense.shape[1]),
        col_upper=np.full(dense.shape[1], 9.0),
        integer=np.ones(dense.shape[1], dtype=bool),
    )


def dense(given: Matrix):
    rows = np.zeros((given.rows, given.columns))
    rows[given.indices, given.entry_columns] = given.data
    return rows


INF = np.inf


def test_one_row_stands_for_all_with_its_coefficients_within_the_bounds_of_each():
    given = matrix(
        [[1, 2, 0], [0, 1, 1], [1, 2, 0], [1, 0, 2], [1, 2, 0], [0, 0, 0], [0, 0, 0]],
        [1, 0, -INF, 2, 3, -1, -2],
        [INF, 5, 8, 7, INF, 4, 3],
    )
    found = gathered(given)
    assert dense(found.matrix).tolist() == [[1, 2, 0], [0, 1, 1], [1, 0, 2], [0, 0, 0]]
    assert found.matrix.row_lower.tolist() == [3, 0, 2, -1]
    assert found.matrix.row_upper.tolist() == [8, 5, 7, 3]
    assert found.group.tolist() == [0, 1, 0, 2, 0, 3, 3]


def test_bounds_that_are_changed_later_are_gathered_in_the_same_way():
    given = matrix([[1, 1], [1, 1], [1, 0]], [0, 0, 0], [9, 9, 9])
    lower, upper = gathered(given).bounds(np.array([2, 4, 1.0]), np.array([8, 7, 6.0]))
    assert (lower.tolist(), upper.tolist()) == ([4, 1], [7, 6])


@pytest.mark.parametrize("seed", range(20))
def test_the_same_points_are_allowed(seed):
    rng = np.random.default_rng(seed)
    few = rng.integers(-1, 3, (3, 4))
    rows = few[rng.integers(0, 3, 8)]
    at = rng.integers(0, 5, 4)
    lower, upper = rows @ at - rng.integers(0, 3, 8), rows @ at + rng.integers(0, 3, 8)
    given = matrix(rows, lower, upper)
    found = gathered(given).matrix
    assert found.rows == len(np.unique(rows, axis=0))
    for point in rng.integers(0, 5, (300, 4)).astype(float):
        allowed = [
            bool(((m.row_lower <= m.activity(point)) & (m.activity(point) <= m.row_upper)).all())
            for m in (given, found)
        ]
        assert allowed[0] == allowed[1]


def test_rows_whose_sums_are_alike_by_chance_are_told_apart(monkeypatch):
    class Ones:
        def random(self, shape):
            return np.ones(shape)

    monkeypatch.setattr(np.random, "default_rng", lambda _seed: Ones())
    given = matrix([[1, 2, 0], [2, 1, 0], [1, 2, 0]], [0, 0, 0], [9, 9, 9])
    found = gathered(replace(given))
    # the second has the sums of the first, and stands for itself
    assert dense(found.matrix).tolist() == [[1, 2, 0], [2, 1, 0]]
    assert found.group.tolist() == [0, 1, 0]
