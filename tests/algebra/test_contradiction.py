"""Plain contradictions of small programs, worked out by hand; and that none is ever made up."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from staffopt.algebra.contradiction import contradiction, reach
from staffopt.algebra.program import Matrix

F = Fraction
INF = float("inf")


def matrix(columns, rows, *, exact=True):
    """State a matrix: (lower, upper, whole) a column, (factors, lower, upper) a row."""
    entries = [
        [(i, factors[j]) for i, (factors, _, _) in enumerate(rows) if factors[j]]
        for j in range(len(columns))
    ]

    def numbers(values):
        if not exact:
            return np.array(list(map(float, values)))
        return np.array([v if abs(v) == INF else F(v) for v in values], dtype=object)

    flat = [entry for column in entries for entry in column]
    return Matrix(
        np.cumsum([0, *map(len, entries)]),
        np.array([row for row, _ in flat], dtype=np.int32),
        numbers([factor for _, factor in flat]),
        numbers([low for _, low, _ in rows]),
        numbers([high for _, _, high in rows]),
        numbers([low for low, _, _ in columns]),
        numbers([high for _, high, _ in columns]),
        np.array([whole for _, _, whole in columns], dtype=bool),
    )


def found(stated, *, exact=True, kept=None, told=None):
    rows = np.arange(stated.rows, dtype=np.int32) if kept is None else np.array(kept)
    return contradiction(stated, rows, exact=exact, told=told)


POSTS = (0, INF, True)
SHARE = (0, INF, False)


def test_a_floor_above_a_ceiling_of_the_same_sum_is_told_with_both_figures():
    # x + y at least 2 and at most 1: neither column alone says so.
    told = found(matrix([POSTS, POSTS], [((1, 1), 2, INF), ((1, 1), -INF, 1)]))
    assert told.rows == {0, 1}
    assert (told.asked, told.possible, told.by) in {(2, 1, 1), (1, 2, 1)}


def test_a_ceiling_is_held_against_the_floors_of_several_teams_at_once():
    # Team one needs 3 of two roles at 4 or 5 each, team two 2 at 6 or 4: 12 + 8 = 20, and 19 there.
    floors = [((1, 1, 0, 0), 3, INF), ((0, 0, 1, 1), 2, INF)]
    told = found(matrix([SHARE] * 4, [*floors, ((4, 5, 6, 4), -INF, 19)]))
    assert (told.row, told.floor, told.asked, told.possible) == (2, False, 19, 20)
    assert told.rows == {0, 1, 2}
    assert found(matrix([SHARE] * 4, [*floors, ((4, 5, 6, 4), -INF, 20)])) is None


def test_what_whole_numbers_alone_make_impossible_is_found():
    # Half a post at the least is a whole one, which costs 4; 3 are there.
    asked = [((2,), 1, INF), ((4,), -INF, 3)]
    assert found(matrix([POSTS], asked)) is not None
    assert found(matrix([SHARE], asked)) is None


def test_a_bound_is_carried_from_row_to_row():
    # x ≥ 3, y ≥ 2x, z ≥ y + 1 = 7, and z ≤ 6.5
    chain = [((1, 0, 0), 3, INF), ((-2, 1, 0), 0, INF), ((0, -1, 1), 1, INF)]
    told = found(matrix([SHARE] * 3, [*chain, ((0, 0, 1), -INF, F(13, 2))]), exact=True)
    assert told.rows == {0, 1, 2, 3}
    assert told.by == F(1, 2)


def test_a_row_that_people_know_is_told_before_a_definition():
    # y is 2x (a definition), x ≥ 3, y ≤ 5.
    stated = matrix([SHARE] * 2, [((-2, 1), 0, 0), ((1, 0), 3, INF), ((0, 1), -INF, 5)])
    known = np.array([False, True, True])
    assert found(stated, told=known).row in (1, 2)


def test_rows_that_do_not_hold_are_passed_over():
    stated = matrix([SHARE], [((1,), 3, INF), ((1,), -INF, 2), ((1,), -INF, 1)])
    assert found(stated, kept=[1, 2]) is None
    assert found(stated, kept=[0, 2]).rows == {0, 2}


def test_what_a_row_comes_to_is_told_as_near_as_adding_up_comes():
    # Two floors of 3 and 2; for the contradiction with 1 one of them would do.
    rows = [((1, 0), 3, INF), ((0, 1), 2, INF), ((1, 1), -INF, 1)]
    stated = matrix([SHARE] * 2, rows)
    rows = np.arange(3, dtype=np.int32)
    told = reach(stated, rows, 2, floor=False, exact=True)
    assert (told.row, told.asked, told.possible, told.rows) == (2, 1, 5, {0, 1, 2})
    assert reach(stated, rows[:2], 1, floor=True, exact=True) is None


@pytest.mark.parametrize(("short", "is_told"), [(F(1, 10**12), False), (F(1, 100), True)])
def test_what_floats_may_be_off_by_is_not_called_a_contradiction(short, is_told):
    stated = matrix([SHARE], [((1,), 3 + short, INF), ((1,), -INF, 3)], exact=False)
    assert (found(stated, exact=False) is not None) is is_told


def drawn(dice):
    """Draw a program of three whole columns from 0 to 3, and a few rows."""
    rows = []
    for _ in range(dice.randint(2, 5)):
        factors = tuple(dice.choice([-2, -1, 0, 0, 1, 1, 3]) for _ in range(3))
        figure = F(dice.randint(-4, 12), dice.choice([1, 2, 3]))
        sides = dice.choice([(figure, INF), (-INF, figure), (figure, figure + 1)])
        rows.append((factors, *sides))
    return rows


def met(rows):
    """Say whether any point meets every row, by trying all."""
    return any(
        all(
            low <= sum(a * x for a, x in zip(factors, point, strict=True)) <= high
            for factors, low, high in rows
        )
        for point in product(range(4), repeat=3)
    )


def test_no_contradiction_is_made_up_and_its_rows_alone_have_no_point():
    dice, told = Random(1), 0
    for _ in range(600):
        rows = drawn(dice)
        one = found(matrix([(0, 3, True)] * 3, rows))
        if one is not None:
            told += 1
            assert not met([rows[row] for row in one.rows])
        assert one is None or not met(rows)
    assert told > 100
