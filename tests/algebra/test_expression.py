"""Labelled expressions: what broadcasts, what is summed, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, AxisMismatch, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression, minimum

TEAM = Axis("team", ("north", "south"))
ROLE = Axis("role", ("lead", "officer", "worker"))
YEAR = Axis("year", ("2024/25", "2025/26", "2026/27"))


@pytest.fixture(params=[True, False], ids=["exact", "float"])
def builder(request):
    return Builder(exact=request.param, block_axis="team")


def over(*axes):
    """Mask every cell of some axes."""
    return Mask(tuple(axes), np.ones([len(axis) for axis in axes], dtype=bool))


def unknown(builder, *axes):
    return builder.variable("x", over(*axes), Kind("FTE"))


def terms(form, *cell):
    """Map column → coefficient in one cell, terms of one column added up."""
    place = int(np.ravel_multi_index(cell, form.constant.shape)) if cell else 0
    found = {}
    for at, column, coefficient in zip(form.cell, form.column, form.coefficient, strict=True):
        if at == place:
            found[int(column)] = found.get(int(column), 0) + coefficient
    return found


def test_an_axis_finds_its_labels_and_says_which_it_lacks():
    assert ROLE.code("worker") == 2
    with pytest.raises(KeyError, match="axis role has no label 'manager'"):
        ROLE.code("manager")


def test_masks_over_different_axes_are_united_by_broadcasting():
    both = Mask.of(TEAM, ["south"]) & Mask.of(ROLE, ["lead", "worker"])
    assert both.values.tolist() == [[False, False, False], [True, False, True]]
    either = Mask.of(TEAM, ["south"]) | Mask.of(ROLE, ["officer"])
    assert either.values.tolist() == [[False, True, False], [True, True, True]]
    assert (~Mask.of(TEAM, ["south"])).values.tolist() == [True, False]


def test_a_missing_axis_broadcasts(builder):
    x = unknown(builder, TEAM, ROLE)  # columns 0..5, row by row
    form = x * builder.data((ROLE,), [2, 3, 5]) + builder.data((TEAM,), [10, 20])
    assert form.axes == (TEAM, ROLE)
    assert form.constant.tolist() == [[10, 10, 10], [20, 20, 20]]
    assert [terms(form, 1, r) for r in range(3)] == [{3: 2}, {4: 3}, {5: 5}]


def test_an_unknown_without_an_axis_stands_in_every_cell_of_it(builder):
    x = unknown(builder, ROLE)
    form = builder.data((TEAM,), [1, 2]) * x
    assert form.axes == (ROLE, TEAM)  # the unknown's own axes first
    assert [[terms(form, r, t) for t in range(2)] for r in range(3)] == [
        [{0: 1}, {0: 2}],
        [{1: 1}, {1: 2}],
        [{2: 1}, {2: 2}],
    ]


def test_axes_in_another_order_are_brought_into_line(builder):
    x = unknown(builder, TEAM, ROLE)
    other = builder.data((ROLE, TEAM), [[1, 2], [3, 4], [5, 6]])
    form = x + other
    assert form.constant.tolist() == [[1, 3, 5], [2, 4, 6]]


def test_unknowns_spread_into_axes_in_another_order(builder):
    x = unknown(builder, TEAM, ROLE)
    form = builder.data((ROLE, TEAM), np.zeros((3, 2), dtype=int)) + x
    assert [[terms(form, r, t) for t in range(2)] for r in range(3)] == [
        [{0: 1}, {3: 1}],
        [{1: 1}, {4: 1}],
        [{2: 1}, {5: 1}],
    ]


def test_a_sum_adds_up_terms_and_constants_over_the_axes_it_names(builder):
    form = unknown(builder, TEAM, ROLE) + builder.data((ROLE,), [1, 2, 3])
    by_team = form.sum("role")
    assert by_team.axes == (TEAM,)
    assert by_team.constant.tolist() == [6, 6]
    assert terms(by_team, 1) == {3: 1, 4: 1, 5: 1}
    whole = form.sum("team", "role")
    assert whole.constant[()] == 12
    assert terms(whole) == dict.fromkeys(range(6), 1)


def test_a_sum_over_an_axis_that_is_not_there_is_an_error(builder):
    with pytest.raises(KeyError, match="no axis 'year' among"):
        unknown(builder, TEAM).sum("year")


def test_at_takes_one_label_and_drops_the_axis(builder):
    form = (unknown(builder, TEAM, ROLE) + builder.data((ROLE,), [1, 2, 3])).at("role", "officer")
    assert form.axes == (TEAM,)
    assert form.constant.tolist() == [2, 2]
    assert [terms(form, t) for t in range(2)] == [{1: 1}, {4: 1}]


def test_where_leaves_nothing_outside_its_mask(builder):
    form = (unknown(builder, TEAM) + 7).where(Mask.of(TEAM, ["south"]))
    assert form.constant.tolist() == [0, 7]
    assert [terms(form, t) for t in range(2)] == [{}, {1: 1}]


def test_where_over_a_new_axis_broadcasts_first(builder):
    form = unknown(builder, TEAM).where(Mask.of(ROLE, ["lead"])).sum("role")
    assert [terms(form, t) for t in range(2)] == [{0: 1}, {1: 1}]


def test_previous_shifts_by_one_and_puts_the_given_figure_first(builder):
    x = unknown(builder, TEAM, YEAR) + builder.data((YEAR,), [10, 20, 30])
    before = x.previous("year", first=builder.data((TEAM,), [4, 5]))
    assert before.constant.tolist() == [[4, 10, 20], [5, 10, 20]]
    assert [[terms(before, t, y) for y in range(3)] for t in range(2)] == [
        [{}, {0: 1}, {1: 1}],
        [{}, {3: 1}, {4: 1}],
    ]


def test_previous_along_the_first_axis_of_two(builder):
    x = unknown(builder, YEAR, TEAM)
    before = x.previous("year", first=builder.data((), 0))
    assert [[terms(before, y, t) for t in range(2)] for y in range(3)] == [
        [{}, {}],
        [{0: 1}, {1: 1}],
        [{2: 1}, {3: 1}],
    ]


def test_different_labels_on_one_axis_are_refused_and_both_sets_named(builder):
    other = Axis("team", ("east", "north"))
    with pytest.raises(AxisMismatch) as raised:
        unknown(builder, TEAM) + builder.data((other,), [1, 2])
    assert "['north', 'south']" in str(raised.value)
    assert "['east', 'north']" in str(raised.value)


def test_the_same_labels_in_another_order_are_refused_too(builder):
    turned = Axis("team", ("south", "north"))
    with pytest.raises(AxisMismatch):
        unknown(builder, TEAM).equals(builder.data((turned,), [1, 2]))


def test_a_product_of_two_unknowns_is_refused(builder):
    x = unknown(builder, TEAM)
    with pytest.raises(TypeError, match="not linear"):
        x * x
    with pytest.raises(TypeError, match="not linear"):
        builder.data((), 1) / x
    with pytest.raises(TypeError, match="not linear"):
        minimum(x, builder.data((), 1))


def test_figures_stand_on_either_side_of_an_operator(builder):
    x = unknown(builder, TEAM)
    form = 10 - 2 * x
    assert form.constant.tolist() == [10, 10]
    assert terms(form, 1) == {1: -2}
    assert terms(-x / 4 + x, 0) == {0: Fraction(3, 4)}


def test_a_factor_of_nothing_leaves_no_term(builder):
    assert len((unknown(builder, TEAM) * builder.data((TEAM,), [0, 1])).cell) == 1


def test_the_minimum_of_figures_is_taken_cell_by_cell(builder):
    least = minimum(
        builder.data((TEAM,), [1, 9]), builder.data((), 5), builder.data((TEAM,), [7, 6])
    )
    assert least.constant.tolist() == [1, 5]


def test_a_comparison_moves_figures_to_the_bounds(builder):
    x = unknown(builder, TEAM)
    low = x + 3 >= builder.data((TEAM,), [5, 1])
    assert low.lower.tolist() == [2, -2]
    assert low.upper.tolist() == [np.inf, np.inf]
    high = x <= builder.data((TEAM,), [5, 1])
    assert high.upper.tolist() == [5, 1]
    same = (2 * x).equals(4)
    assert same.lower.tolist() == same.upper.tolist() == [4, 4]
    assert low.terms.constant.tolist() == [0, 0]


def test_rows_can_be_kept_lifted_and_tagged(builder):
    rows = unknown(builder, TEAM) <= 4
    assert rows.where(Mask.of(TEAM, ["south"])).exists.tolist() == [False, True]
    lifted = rows.lifted(Mask.of(TEAM, ["south"]))
    assert lifted.upper.tolist() == [4, np.inf]
    assert lifted.exists.all()
    assert rows.tagged(unit="pounds").unit == "pounds"


def test_a_float_is_refused_where_fractions_are_in_use():
    with pytest.raises(TypeError, match="float in an exact program"):
        Expression.data((), 0.1, exact=True)
    assert Expression.data((), Decimal("0.1"), exact=True).constant[()] == Fraction(1, 10)


def test_both_arithmetics_give_the_same_figures():
    def made(exact):
        builder = Builder(exact=exact, block_axis="team")
        x = unknown(builder, TEAM, ROLE)
        rates = builder.data((ROLE,), [Decimal("0.5"), 3, Decimal("7.25")])
        return ((x - builder.data((TEAM,), [1, 2])) * rates / 3).sum("role")

    exact, floating = made(exact=True), made(exact=False)
    assert all(isinstance(c, Fraction) for c in exact.coefficient)
    assert floating.coefficient.dtype == float
    np.testing.assert_allclose(exact.coefficient.astype(float), floating.coefficient, rtol=1e-15)
    # −1 · (0.5 + 3 + 7.25) ÷ 3 = −43/12, and −2 · 10.75 ÷ 3 = −43/6
    assert exact.constant.tolist() == [Fraction(-43, 12), Fraction(-43, 6)]
    np.testing.assert_allclose(floating.constant, [-43 / 12, -43 / 6], rtol=1e-15)
