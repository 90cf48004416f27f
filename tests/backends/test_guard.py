"""What is refused before any solver sees it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest
from programs import UP, matrix

from staffopt.algebra.solution import Changes, Options
from staffopt.backends.guard import check_options
from staffopt.backends.held import difference, hold
from staffopt.errors import BackendError

PROGRAM = matrix([[1, 2], [0, 3]], [(0, 4), (-inf, 6)], [UP, UP])


def changed(**arrays):
    return replace(PROGRAM, **{name: np.array(value) for name, value in arrays.items()})


@pytest.mark.parametrize(
    ("faulty", "words"),
    [
        (changed(data=[1.0, nan, 3.0]), "column 1 in row 0 is nan"),
        (changed(data=[1.0, 2.0, inf]), "column 1 in row 1 is inf"),
        (changed(data=[1.0, 2.0, 0.0]), "column 1 in row 1 is 0.0"),
        (changed(data=[1e-10, 2.0, 3.0]), "column 0 in row 0 is 1e-10"),
        (changed(data=[1e15, 2.0, 3.0]), "column 0 in row 0 is 1000000000000000"),
        (changed(row_lower=[nan, 0.0]), r"row_lower\[0\] is nan"),
        (changed(row_upper=[4.0, -inf]), r"row_upper\[1\] is -inf"),
        (changed(row_lower=[inf, 0.0]), r"row_lower\[0\] is inf"),
        (changed(col_lower=[0.0, nan]), r"col_lower\[1\] is nan"),
        (changed(col_upper=[1e20, 1.0]), r"col_upper\[0\] is 1e\+20"),
        (changed(col_upper=[1.0, 1.0, 1.0]), r"shape"),
        (changed(row_lower=[0.0]), r"shape"),
        (changed(integer=[True]), "integer has shape"),
        (changed(indptr=[0, 1]), "do not fit"),
        (changed(indptr=[0, 1, 2]), "does not rise"),
        (changed(indptr=[0, 4, 3]), "does not rise"),
        (changed(indices=[0, 1, 0]), "column 1 has rows out of order or twice"),
        (changed(indices=[0, 1, 1]), "column 1 has rows out of order or twice"),
        (changed(indices=[0, 0, 2]), r"indices\[2\] is 2: there are 2 rows"),
        (changed(indices=[-1, 0, 1]), r"indices\[0\] is -1"),
    ],
)
def test_a_matrix_that_no_solver_should_see_is_refused_with_its_place(faulty, words):
    with pytest.raises(BackendError, match=words):
        hold(None, faulty, Changes())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (Changes(cost=np.array([1.0, nan])), r"cost\[1\] is nan"),
        (Changes(cost=np.array([inf, 1.0])), r"cost\[0\] is inf"),
        (Changes(cost=np.array([1.0])), "cost has shape"),
        (Changes(row_lower=np.array([0.0, nan])), r"row_lower\[1\] is nan"),
        (Changes(col_upper=np.array([0.0, -inf])), r"col_upper\[1\] is -inf"),
        (Changes(start=np.array([0.0, inf])), r"start\[1\] is inf"),
    ],
)
def test_changes_that_no_solver_should_see_are_refused_with_their_place(session, changes, words):
    with pytest.raises(BackendError, match=words):
        session.solve(PROGRAM, changes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(time_limit=-1), "time_limit is -1"),
        (Options(time_limit=nan), "time_limit is nan"),
        (Options(time_limit=inf), "time_limit is inf"),
        (Options(gap=-0.1), "gap is -0.1"),
        (Options(gap=nan), "gap is nan"),
        (Options(threads=0), "threads is 0"),
        (Options(seed=-1), "seed is -1"),
        (Options(seed=2**31), "seed is 2147483648"),
    ],
)
def test_an_option_without_a_meaning_is_refused_by_name(options, words):
    with pytest.raises(BackendError, match=words):
        check_options(options)


def test_a_refused_change_leaves_what_is_held():
    held = hold(None, PROGRAM, Changes(cost=np.array([1.0, 2.0])))
    with pytest.raises(BackendError):
        hold(held, None, Changes(cost=np.array([nan, 1.0])))
    assert hold(held, None, Changes()).cost.tolist() == [1, 2]


def test_an_exact_program_becomes_floats():
    exact = changed(data=[Fraction(1, 3), Fraction(2), Fraction(3)])
    held = hold(None, exact, Changes())
    assert held.matrix.data.tolist() == [1 / 3, 2, 3]


def test_bounds_of_whole_columns_are_rounded_inwards_but_not_past_a_rounding_error():
    sums = 0.1 * 3 * 10  # 3.0000000000000004
    program = matrix([[1, 1]], [(0, 9)], [(0.2, 4.8), (sums, 2.9999999999999996)], (0, 1))
    held = hold(None, program, Changes())
    assert held.matrix.col_lower.tolist() == [1, 3]
    assert held.matrix.col_upper.tolist() == [4, 3]
    later = hold(held, None, Changes(col_upper=np.array([3.5, 7.0])))
    assert later.matrix.col_upper.tolist() == [3, 7]


def test_only_what_differs_is_sent():
    held = hold(None, PROGRAM, Changes())
    same = difference(held, hold(held, None, Changes()))
    assert same.cost is None
    assert same.row_lower is None
    later = difference(held, hold(held, None, Changes(row_upper=np.array([1.0, 2.0]))))
    assert later.row_upper.tolist() == [1, 2]
    assert later.col_upper is None
    assert difference(None, held) is None


def test_a_linear_program_with_other_bounds_is_not_sent_again():
    held = hold(None, PROGRAM, Changes(cost=np.array([1.0, 2.0])))
    given = difference(held, hold(held, changed(row_upper=[1, 2]), Changes()))
    assert given.row_upper.tolist() == [1, 2]
    assert given.cost.tolist() == [0, 0]  # a new program starts without a cost


def test_a_linear_program_with_one_more_row_without_terms_is_sent_whole():
    held = hold(None, PROGRAM, Changes())
    longer = changed(row_lower=[0, -inf, 0], row_upper=[4, 6, 0])
    assert difference(held, hold(held, longer, Changes())) is None


@pytest.mark.parametrize("other", [{"data": [1, 2, 4]}, {"integer": [True, False]}])
def test_a_program_of_other_coefficients_or_with_whole_columns_is_sent_whole(other):
    held = hold(None, changed(**other), Changes())
    assert difference(hold(None, PROGRAM, Changes()), held) is None
    again = hold(held, changed(**other), Changes())
    assert (difference(held, again) is None) is ("integer" in other)
