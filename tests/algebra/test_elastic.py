"""What would have to give, on a program without a solution."""

from __future__ import annotations

import numpy as np
import pytest

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.elastic import elastic
from staffopt.algebra.solution import Changes, Why
from staffopt.backends.session import Session


@pytest.fixture
def clash():
    """Ask for x ≥ 10 and 2 x ≤ 12, with a free row between."""
    builder = Builder(exact=False, block_axis="team")
    axis = Axis("team", ("north",))
    mask = Mask((axis,), np.ones(1, dtype=bool))
    x = builder.variable("x", mask, Kind("FTE"))
    builder.add(x >= 10, "least")
    builder.goal("cost", x.sum("team"), "£", within=0.5)
    builder.add(2 * x <= 12, "most")
    return builder.finish().matrix


def gives(matrix, may_give):
    soft = elastic(matrix, np.array(may_give))
    solution = Session("highs", isolation="inline").solve(soft.matrix, Changes(cost=soft.cost))
    return None if solution.why is not Why.OPTIMAL else soft.given(solution.values)


def test_each_row_that_may_give_gets_two_slacks_at_its_own_scale(clash):
    soft = elastic(clash, np.array([True, True, True]))
    assert soft.rows.tolist() == [0, 2]  # the free row has nothing to give
    assert soft.matrix.columns == 1 + 4
    assert soft.cost.tolist() == [0, 1 / 10, 1 / 10, 1 / 12, 1 / 12]
    assert soft.matrix.indptr.tolist() == [0, 3, 4, 5, 6, 7]
    assert soft.matrix.indices[3:].tolist() == [0, 0, 2, 2]
    assert soft.matrix.data[3:].tolist() == [1, -1, 1, -1]
    assert not soft.matrix.integer[1:].any()


def test_the_cheapest_row_gives(clash):
    # x = 6: the first gives 4 of 10 (0.4). x = 10: the second gives 8 of 12 (0.67).
    assert gives(clash, [True, True, True]) == [(0, pytest.approx(4))]


def test_a_row_that_may_not_give_stays(clash):
    # x = 10 is then forced: 2 · 10 − 12 = 8 over the upper bound
    assert gives(clash, [False, True, True]) == [(2, pytest.approx(-8))]


def test_where_nothing_may_give_there_is_no_way_out(clash):
    assert gives(clash, [False, False, False]) is None


def test_a_bound_of_nothing_has_a_scale_of_one():
    builder = Builder(exact=False, block_axis="team")
    x = builder.variable("x", Mask((), np.array(True)), Kind("FTE"), upper=5)
    builder.add(x <= 0, "none")
    assert elastic(builder.finish().matrix, np.array([True])).cost.tolist() == [0, 1, 1]
