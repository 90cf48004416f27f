"""Whole numbers over one denominator: the same figures as Fractions, however large."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression, minimum
from staffopt.algebra.wholes import ROOM, counted, fractions, lowest_terms, reciprocals

TEAM = Axis("team", ("north", "south"))
ROLE = Axis("role", ("lead", "officer", "worker"))
OVER_BOTH = Mask((TEAM, ROLE), np.ones((2, 3), dtype=bool))

small = st.fractions(min_value=-1000, max_value=1000, max_denominator=60)
huge = st.fractions(min_value=-(10**30), max_value=10**30, max_denominator=10**20)
figures = st.lists(small | huge, min_size=6, max_size=6)
OPERATIONS = ("+", "-", "*", "/", "sum", "least", "shift")


@given(figures, st.lists(st.tuples(st.sampled_from(OPERATIONS), figures), max_size=8))
def test_any_run_of_operations_gives_what_fractions_give(start, steps):
    """One unknown a cell rides along; the oracle is Fractions in plain lists."""
    builder = Builder(exact=True, block_axis="team")
    x = builder.variable("x", OVER_BOTH, Kind("FTE"))
    form, known = x + builder.data((TEAM, ROLE), start), builder.data((TEAM, ROLE), start)
    constants, factors, least = list(start), [Fraction(1)] * 6, list(start)
    for operation, operand in steps:
        other = builder.data((TEAM, ROLE), operand)
        pairs = list(zip(constants, operand, strict=True))
        if operation == "+":
            form, constants = form + other, [a + b for a, b in pairs]
        elif operation == "-":
            form, constants = other - form, [b - a for a, b in pairs]
            factors = [-f for f in factors]
        elif operation == "*":
            form, constants = form * other, [a * b for a, b in pairs]
            factors = [f * b for f, b in zip(factors, operand, strict=True)]
        elif operation == "/" and 0 not in operand:
            form, constants = form / other, [a / b for a, b in pairs]
            factors = [f / b for f, b in zip(factors, operand, strict=True)]
        elif operation == "sum":
            assert form.sum("team").constant.tolist() == [
                a + b for a, b in zip(constants[:3], constants[3:], strict=True)
            ]
        elif operation == "least":
            known = minimum(known, other)
            least = [min(a, b) for a, b in zip(least, operand, strict=True)]
        elif operation == "shift":
            before = form.previous("team", first=builder.data((ROLE,), operand[:3]))
            assert before.constant.ravel().tolist() == [*operand[:3], *constants[:3]]
    assert form.constant.ravel().tolist() == constants
    assert known.constant.ravel().tolist() == least
    found = dict.fromkeys(range(6), Fraction(0))
    for column, coefficient in zip(form.column, form.coefficient, strict=True):
        found[int(column)] += coefficient
    assert list(found.values()) == factors


def test_figures_beyond_64_bits_stay_exact():
    large = 3 * 10**18  # within 64 bits; its square and four of it are not
    data = Expression.data((TEAM,), [large, -large], exact=True)
    assert (data * data).constant.tolist() == [large**2] * 2
    assert (data + data + data + data).constant.tolist() == [4 * large, -4 * large]
    assert (
        Expression.data((TEAM,), [large, large], exact=True).sum("team").constant[()] == 2 * large
    )


def test_lowest_terms_make_room_before_larger_numbers_are_taken():
    form = Expression.data((TEAM,), [1, 2], exact=True)
    for _ in range(40):
        form = form * 12 / 12  # the denominator would be 12 to the 40th
    assert form.constant.tolist() == [1, 2]
    assert form.parts.dtype == np.int64


def test_a_rows_quantum_and_a_goals_are_exact_beyond_64_bits():
    builder = Builder(exact=True, block_axis="team")
    x = builder.variable("x", Mask.of(TEAM, TEAM.labels), Kind("FTE"), quantum=1)
    large = 6 * 10**19
    builder.add((x * large).sum("team") + x.at("team", "north") * large >= 0, "rule")
    builder.goal("cost", (x * large).sum("team"), "pounds", within=0.5)
    program = builder.finish()
    assert program.matrix.data[:1].tolist() == [2 * large]  # twice in the north, once in the south
    assert program.row_tags.quantum[0] == float(large)
    assert program.goals[0].quantum == large


@pytest.mark.parametrize(
    ("values", "parts", "over"),
    [
        ([Decimal("0.25"), 3], [1, 12], 4),
        ([Fraction(1, 3), Fraction(1, 2)], [2, 3], 6),
        ([], [], 1),
        (True, 1, 1),
    ],
)
def test_figures_are_counted_in_parts_of_one_denominator(values, parts, over):
    counted_parts, denominator = counted(values)
    assert (counted_parts.tolist(), denominator) == (parts, over)


def test_what_does_not_fit_in_64_bits_is_kept_as_pythons_own_numbers():
    assert counted([ROOM])[0].dtype == np.int64
    assert counted([ROOM + 1])[0].dtype == object
    assert counted([Decimal("1e30")])[0].tolist() == [10**30]


def test_lowest_terms_divide_by_what_divides_all():
    parts, weights, over = lowest_terms(np.array([6, 9]), np.array([12]), 30)
    assert (parts.tolist(), weights.tolist(), over) == ([2, 3], [4], 10)
    none = np.zeros(0, dtype=np.int64)
    assert lowest_terms(np.array([0]), none, 7)[2] == 1


def test_reciprocals_are_exact_and_of_nothing_there_is_none():
    turned = reciprocals(np.array([2, -3]), 5)  # 2/5 and −3/5
    assert fractions(*turned).tolist() == [Fraction(5, 2), Fraction(-5, 3)]
    with pytest.raises(ZeroDivisionError):
        reciprocals(np.array([1, 0]), 1)
