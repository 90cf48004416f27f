"""Programs in integers: exact, within 2^31, or refused with the reason."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import inf

import numpy as np
import pytest
from programs import FREE, UP, matrix

from staffopt.algebra.solution import Changes, Options
from staffopt.backends.cpsat import CpSat
from staffopt.backends.held import hold
from staffopt.backends.whole import whole_program
from staffopt.errors import BackendError


def whole(rows, row_bounds, col_bounds, cost):
    program = matrix(rows, row_bounds, col_bounds, range(len(col_bounds)))
    return whole_program(hold(None, program, Changes(cost=np.array(cost, float))))


def test_a_row_in_halves_and_thirds_is_written_in_sixths():
    # x/2 + y/3 ≥ 1.4, so 3x + 2y ≥ 8.4, so at least 9.
    program = whole([[0.5, 1 / 3]], [(1.4, inf)], [(0, 5), (0, 5)], [1, 1])
    (row,) = program.rows
    assert (row.columns, row.coefficients, row.lower) == ([0, 1], [3, 2], 9)


def test_a_row_s_common_factor_is_taken_out_and_its_bound_rounded_inwards():
    # 1000x + 2000y ≤ 7500, so x + 2y ≤ 7.
    (row,) = whole([[1000, 2000]], [(-inf, 7500)], [(0, 5), (0, 5)], [1, 1]).rows
    assert (row.coefficients, row.upper) == ([1, 2], 7)


def test_an_objective_in_pence_has_a_penny_for_its_unit():
    program = whole([[1, 1]], [(1, inf)], [(0, 5), (0, 5)], [41839.57, 26776])
    assert (program.cost, program.unit) == ([4183957, 2677600], Fraction(1, 100))


def test_a_bound_that_is_a_rounding_error_off_a_lattice_point_means_it():
    # A tenth of x at least 41.1 - 0.3 = 40.800000000000004 in doubles: 408 tenths.
    assert whole([[0.1]], [(41.1 - 0.3, inf)], [UP], [1]).rows[0].lower == 408
    # A hundred-thousandth more is meant: 408.0001 tenths and up is 409.
    assert whole([[0.1]], [(40.80001, inf)], [UP], [1]).rows[0].lower == 409


def test_columns_without_an_end_get_the_one_that_rows_or_costs_give_them():
    # 2x ≤ 7: 3. y ≤ 2x - 1: 5. z costs, and only a row that asks for 11 of 3z wants it: 4.
    program = whole(
        [[2, 0, 0], [-2, 1, 0], [0, 0, 3]],
        [(-inf, 7), (-inf, -1), (11, inf)],
        [UP, UP, UP],
        [-1, -1, 1],
    )
    assert program.upper == [3, 5, 4]


def test_what_improves_without_end_has_no_end():
    with pytest.raises(BackendError, match="column 1 has no upper bound"):
        whole([[1, 0]], [(1, inf)], [(0, 3), UP], [1, -1])
    with pytest.raises(BackendError, match="column 0 has no lower bound"):
        whole([[1]], [(-inf, 3)], [FREE], [1])


@pytest.mark.parametrize(
    ("rows", "bounds", "cost", "words"),
    [
        # 1,000,000 · 3,000 = 3,000,000,000; beside 1 no factor can be taken out.
        ([[1e6, 1]], [(1, inf)], [1, 1], "row 0 may come to 3,000,003,000 in whole units"),
        # 715,828 · 3,000 + 3,000; 2^31 is 2,147,483,648.
        ([[715828, 1]], [(1, inf)], [1, 1], "row 0 may come to 2,147,487,000"),
        ([[1, 1]], [(1, inf)], [1e6, 1], "the objective may come to 3,000,003,000"),
        ([[1, 2**0.5]], [(1, inf)], [1, 1], "1.4142135623730951 in row 0 is no fraction"),
        ([[1, 1]], [(1, inf)], [1, 2**0.5], "1.4142135623730951 in the objective is no fraction"),
    ],
)
def test_what_passes_2_31_or_is_no_fraction_is_refused_by_row_and_size(rows, bounds, cost, words):
    with pytest.raises(BackendError, match=words):
        whole(rows, bounds, [(0, 3000), (0, 3000)], cost)


def test_what_stays_just_below_2_31_is_taken():
    # 715,826 · 3,000 + 3,000 = 2,147,481,000 < 2,147,483,648.
    assert (
        whole([[715826, 1]], [(1, inf)], [(0, 3000)] * 2, [1, 1]).rows[0].coefficients[0] == 715826
    )


def test_a_column_that_may_be_too_large_is_refused_though_no_row_holds_it():
    with pytest.raises(BackendError, match="column 1 may come to 3,000,000,000"):
        whole([[1, 0]], [(1, inf)], [(0, 3), (0, 3e9)], [1, 0])


def test_the_ends_found_keep_an_optimum_of_every_small_program():
    rng = np.random.default_rng(5)
    solver = CpSat()
    answered = 0
    for _ in range(150):
        rows = rng.integers(-2, 4, size=(2, 3)).astype(float)
        lower = rng.choice([-inf, -3, 2, 5], size=2)
        upper = np.where(rng.random(2) < 0.4, np.maximum(lower, 0) + rng.integers(0, 9, 2), inf)
        cost = rng.integers(0, 4, size=3).astype(float)
        program = matrix(rows, list(zip(lower, upper, strict=True)), [UP] * 3, range(3))
        try:
            found = solver.solve(program, Changes(cost=cost), Options(), lambda _: False)
        except BackendError:
            continue  # no end follows
        answered += 1
        assert found.objective == enumerated(rows, lower, upper, cost)
    assert answered >= 50


def enumerated(rows, lower, upper, cost):
    """Try every point up to 12 of each; no row asks for more than 5."""
    points = np.array(list(product(range(13), repeat=3)), dtype=float)
    activity = points @ rows.T
    lawful = points[np.all((activity >= lower) & (activity <= upper), axis=1)]
    return float((lawful @ cost).min()) if len(lawful) else None
