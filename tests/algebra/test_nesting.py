"""Rows that let in what other rows let in, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from staffopt.algebra.nesting import differs_by, lets_in, missed_by
from staffopt.algebra.program import Matrix

FREE = (-np.inf, np.inf)


def matrix(coefficients, bounds, *, columns=((0, np.inf), (0, np.inf)), whole=False):
    """Write a matrix of two columns and one row."""
    filled = [j for j, one in enumerate(coefficients) if one]
    starts = np.cumsum([0, *(int(bool(one)) for one in coefficients)])
    ends = [np.array([float(pair[side]) for pair in columns]) for side in (0, 1)]
    return Matrix(
        indptr=starts,
        indices=np.zeros(len(filled), np.int32),
        data=np.array([float(coefficients[j]) for j in filled]),
        row_lower=np.array([float(bounds[0])]),
        row_upper=np.array([float(bounds[1])]),
        col_lower=ends[0],
        col_upper=ends[1],
        integer=np.array([whole, whole]),
    )


AT_MOST = (-np.inf, 4)


@pytest.mark.parametrize(
    ("loose", "tight", "expected"),
    [
        # x + y ≤ 4 is let in by x + y ≤ 5, by ½x + y ≤ 4, by x ≤ 4, and by no row at all.
        (((1, 1), (-np.inf, 5)), ((1, 1), AT_MOST), True),
        (((0.5, 1), AT_MOST), ((1, 1), AT_MOST), True),
        (((1, 0), AT_MOST), ((1, 1), AT_MOST), True),
        (((3, 7), FREE), ((1, 1), AT_MOST), True),
        # (4, 0) keeps it, but not 2x + y ≤ 4, nor x + y ≤ 3, nor -1 ≤ x + y ≤ 3.
        (((2, 1), AT_MOST), ((1, 1), AT_MOST), False),
        (((1, 1), (-np.inf, 3)), ((1, 1), AT_MOST), False),
        (((1, 1), AT_MOST), ((1, 1), FREE), False),
        # x + y ≥ 4 the other way round.
        (((2, 1), (4, np.inf)), ((1, 1), (4, np.inf)), True),
        (((0.5, 1), (4, np.inf)), ((1, 1), (4, np.inf)), False),
    ],
)
def test_a_row_lets_in_what_another_lets_in_where_columns_are_0_or_more(loose, tight, expected):
    assert lets_in(matrix(*loose), matrix(*tight)) is expected


def test_what_a_column_can_come_to_decides():
    # From x to 2x is x more: where x is -3 at the least and -1 at the most, 1 less at the least, so
    # that 2x ≤ 3 holds where x ≤ 4 does; where x may be anything, it is not seen.
    below, anything = ((-3, -1), (0, 0)), (FREE, (0, 0))
    tight, loose = ((1, 0), AT_MOST), ((2, 0), (-np.inf, 3))
    assert lets_in(matrix(*loose, columns=below), matrix(*tight, columns=below))
    assert not lets_in(matrix(*loose, columns=anything), matrix(*tight, columns=anything))


def test_columns_must_be_as_wide_and_no_more_of_them_whole():
    row = ((1, 1), AT_MOST)
    assert not lets_in(matrix(*row, columns=((0, 1), (0, 1))), matrix(*row))
    assert not lets_in(matrix(*row, whole=True), matrix(*row))
    assert lets_in(matrix(*row), matrix(*row, whole=True))


def test_what_a_point_misses_a_row_by_is_told_of_either_side():
    # 1 + 2 = 3 is 1 above 2, and 2 below 5.
    point = np.array([1.0, 2.0])
    assert missed_by(matrix((1, 1), (0, 2)), point) == pytest.approx([1], abs=1e-5)
    assert missed_by(matrix((1, 1), (5, np.inf)), point) == pytest.approx([2], abs=1e-5)
    assert missed_by(matrix((1, 1), (0, 3)), point)[0] <= 0


def test_a_row_that_is_moved_differs_by_its_bound_alone():
    # x + y ≤ 4, then ≤ 6: by 2. A coefficient or a column's bound that moves too is more.
    start, by = matrix((1, 1), AT_MOST), np.array([2.0])
    assert differs_by(start, matrix((1, 1), (-np.inf, 6)), by)
    assert not differs_by(start, matrix((1, 1), (-np.inf, 5)), by)
    assert not differs_by(start, matrix((1, 2), (-np.inf, 6)), by)
    assert not differs_by(start, matrix((1, 0), (-np.inf, 6)), by)
    assert not differs_by(start, matrix((1, 1), (-np.inf, 6), columns=((0, 9), (0, 9))), by)
