"""Segments of a frontier against every choice of what is whole, each solved on a fine grid."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise, product
from math import inf
from random import Random

import numpy as np
import pytest

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Options, Why
from staffopt.analysis.segments import Goals, Walk
from staffopt.backends.session import Session

NEAR = Fraction(1, 10**5)


def exact_matrix(rows, row_bounds, col_bounds, whole):
    """A matrix in fractions from dense rows; bounds are pairs, infinite ones floats."""
    dense = np.array(rows, dtype=object)
    columns, indices = np.nonzero((dense != 0).T)

    def bound(value):
        return value if value in (inf, -inf) else Fraction(value)

    def side(bounds, which):
        return np.array([bound(pair[which]) for pair in bounds], dtype=object)

    counts = np.bincount(columns, minlength=dense.shape[1])
    integer = np.zeros(dense.shape[1], bool)
    integer[list(whole)] = True
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=indices.astype(np.int32),
        data=np.array(
            [Fraction(int(dense[r, c])) for c, r in zip(columns, indices, strict=True)], object
        ),
        row_lower=side(row_bounds, 0),
        row_upper=side(row_bounds, 1),
        col_lower=side(col_bounds, 0),
        col_upper=side(col_bounds, 1),
        integer=integer,
    )


def drawn(seed, wholes):
    """Two goals over two rows, with so many whole columns of three values each, and three others.

    The first two rows hold the goals. What is bought is dear in the first and lowers the second.
    """
    rng = Random(seed)
    size = wholes + 3
    first = [rng.randint(1, 9) for _ in range(size)]
    second = [-rng.randint(1, 9) for _ in range(size)]
    rows = [first, second, *([rng.choice([0, 1, 2]) for _ in range(size)] for _ in range(3))]
    limits = [(-inf, rng.randint(3, 9)) for _ in range(3)]
    bounds = [(0, 2)] * wholes + [(0, 3)] * 3
    free = [(-inf, inf)] * 2
    return rows, [*free, *limits], bounds, range(wholes)


def walked(session, rows, row_bounds, col_bounds, whole):
    matrix = exact_matrix(rows, row_bounds, col_bounds, whole)

    def solve(program, changes):
        solution = session.solve(program, changes, Options())
        assert solution.why in (Why.OPTIMAL, Why.INFEASIBLE)
        return solution if solution.values is not None else None

    first, second = (np.array([Fraction(x) for x in row], object) for row in rows[:2])
    goals = Goals(matrix, first, second, 0, 1, NEAR, solve)
    top = Fraction(sum(rows[0][j] * col_bounds[j][1] for j in range(len(rows[0]))))
    return list(Walk(goals, Fraction(0), top).pieces())


def least(rows, row_bounds, col_bounds, whole, most):
    """The least second goal within a most of the first: every choice's every vertex."""
    tops = [most, *(pair[1] for pair in row_bounds[2:])]
    table = np.array([rows[0], *rows[2:]], float)
    second, fixed = np.array(rows[1], float), list(whole)
    loose = [j for j in range(len(col_bounds)) if j not in whole]
    sides = np.vstack([table[:, loose], np.eye(3), -np.eye(3)])
    corners = np.array(list(combinations(range(len(sides)), 3)))
    corners = corners[abs(np.linalg.det(sides[corners])) > 1e-9]
    found = []
    for values in product(*(range(col_bounds[j][1] + 1) for j in whole)):
        limits = [*(tops - table[:, fixed] @ np.array(values, float)), 3, 3, 3, 0, 0, 0]
        limits = np.array(limits, float)
        points = np.linalg.solve(sides[corners], limits[corners][:, :, None])[:, :, 0]
        inside = points[(points @ sides.T <= limits + 1e-9).all(axis=1)]
        if len(inside):
            found.append((inside @ second[loose]).min() + second[fixed] @ np.array(values, float))
    return min(found)


def held(pieces, most):
    """The least second goal within a most of the first, as the pieces have it."""
    values = []
    for piece in pieces:
        if piece.low < most or (piece.low == most and piece.low_closed):
            at = min(most, piece.high)
            share = (at - piece.low) / (piece.high - piece.low) if piece.high > piece.low else 0
            values.append(piece.at_low + share * (piece.at_high - piece.at_low))
    return min(values)


@pytest.mark.parametrize(("seed", "wholes"), [(s, w) for w in (0, 1, 2) for s in range(4)])
def test_segments_are_what_every_choice_of_what_is_whole_gives(seed, wholes):
    drawing = drawn(seed, wholes)
    with Session("highs", isolation="inline") as session:
        pieces = walked(session, *drawing)
    assert all(piece.checked for piece in pieces)
    top = max(piece.high for piece in pieces)
    # Off the ends of pieces: there, near is near.
    for step in range(1, 24):
        most = top * Fraction(step, 23) + Fraction(1, 997)
        expected = least(*drawing, float(most))
        assert float(held(pieces, most)) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize(("seed", "wholes"), [(s, w) for w in (1, 2) for s in range(4)])
def test_pieces_follow_each_other_down_and_none_is_under_another(seed, wholes):
    with Session("highs", isolation="inline") as session:
        pieces = walked(session, *drawn(seed, wholes))
    for dearer, cheaper in pairwise(pieces):
        assert cheaper.high <= dearer.low
        assert cheaper.at_high >= dearer.at_low
        if cheaper.high == dearer.low and cheaper.at_high > dearer.at_low:
            assert not cheaper.high_closed
    assert all(piece.at_low > piece.at_high for piece in pieces if piece.low < piece.high)


def test_a_whole_post_beside_posts_on_no_step_by_hand():
    # One whole post at 10 takes 12 away, up to 5 others at 4 each take 3 away; at most one and 5.
    # The others alone: 3 ÷ 4 for each pound from 0 to 20, at -15. With the whole one: -12 at 10,
    # and -12 - 3 (B - 10) ÷ 4 up to 30. At 10 the others are at -7.5: the frontier falls from there
    # to -12, so the lower segment ends open just below 10.
    with Session("highs", isolation="inline") as session:
        rows = [[10, 4], [-12, -3]]
        dear, cheap = walked(session, rows, [(-inf, inf)] * 2, [(0, 1), (0, 5)], [0])
    assert (dear.low, dear.at_low, dear.low_closed) == (10, -12, True)
    assert (dear.high, dear.at_high, dear.high_closed) == (30, -27, True)
    assert (cheap.low, cheap.at_low, cheap.low_closed) == (0, 0, True)
    assert (cheap.high, cheap.at_high, cheap.high_closed) == (10, Fraction(-15, 2), False)


def test_whole_posts_alone_are_points():
    # -5 at 2 and -7 at 3 are points; -5 - 7 at 5.
    with Session("highs", isolation="inline") as session:
        pieces = walked(session, [[2, 3], [-5, -7]], [(-inf, inf)] * 2, [(0, 1), (0, 1)], [0, 1])
    assert [(piece.low, piece.at_low) for piece in pieces] == [(5, -12), (3, -7), (2, -5), (0, 0)]
    assert all(piece.low == piece.high for piece in pieces)
