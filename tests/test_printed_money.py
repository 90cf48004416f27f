"""What reports tell in pounds is the exact sum rounded half up, and only there is it rounded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import staffopt as so
from printed_money import (
    council,
    half_up,
    is_one_of,
    of_files,
    of_loops,
    of_plan,
    told,
    unexplained,
)
from staffopt.quantity import round_half_up
from staffopt.verifier import derive


@given(st.fractions(max_denominator=4000), st.integers(0, 6))
@example(Fraction(10**28 + 1), 0)  # one digit more than Decimal keeps by itself
@example(Fraction(10**30 + 1, 3), 4)
def test_halves_go_away_from_zero_and_nothing_else_moves_by_more_than_half(value, decimals):
    assert Fraction(round_half_up(value, decimals)) == half_up(value, decimals)


def test_the_walk_tells_a_sum_rounded_to_even_or_cut_off_or_rounded_twice_from_a_right_one():
    sums = {Fraction("314460.5"), Fraction("2500.45")}
    assert unexplained("£314,461 and 2,500", sums) == []
    assert unexplained("£314,460", sums)  # to even, or cut off
    assert unexplained("2,501", sums)  # 2,500.45, then 2,500.5, then 2,501
    assert [figure for _, figure, _, _ in told("−£1,234.50, +2,000 and £1.25m")] == [
        Fraction("-1234.5"),
        Fraction("1.25"),
        2000,
    ]
    assert is_one_of(Fraction(314), 0, 1000, sums)


@pytest.fixture(scope="module")
def solved():
    """Two councils' plans."""
    return [so.solve(council(seed), option="support-officers", unique=False) for seed in (0, 3)]


def wrong(walks):
    """Read reports; return what they tell that is no exact sum, and how many sums were read."""
    read, found = 0, []
    for name, text, sums in walks:
        read += sum(1 for _ in told(text))
        found += [f"{name}: {words}" for words in unexplained(text, sums)]
    return found, read


def test_a_plan_and_its_bridge_tell_exact_sums_rounded_half_up(solved):
    found, read = wrong(walk for plan in solved for walk in of_plan(plan))
    assert found == []
    assert read > 40


def test_a_text_tables_and_workbooks_tell_exact_sums_rounded_half_up(solved, tmp_path):
    found, read = wrong(of_files(solved[0], tmp_path, documents=("md",)))
    assert found == []
    assert read > 100


def test_options_side_by_side_and_least_ceilings_tell_exact_sums_rounded_half_up():
    loops = of_loops(council(0), "support-officers", only=("options", "ceiling"))
    found, read = wrong(loops)
    assert found == []
    assert read > 60


def test_totals_are_those_that_verify_makes_to_the_penny(solved):
    for plan in solved:
        assert so.verify(plan).ok
        figures = derive(plan.question, plan.decisions)
        for total in plan.figures.totals:
            if total.of == "new money":
                lines = [n for n in figures.money if n.is_new and n.year == total.year]
                raw = sum((n.amount.raw for n in lines if n.amount), Fraction(0))
                assert (total.amount.raw, total.amount.printed) == (raw, half_up(raw, 0))
