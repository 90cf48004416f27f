"""Numbers that solvers go wrong on, on programs small enough to see them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import staffopt as so
from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.lint import lint

ROLE = Axis("role", ("worker", "officer"))
NOWHERE = Mask((), np.array(True))
BOTH = Mask((ROLE,), np.ones(2, dtype=bool))


def budget(costs: list[str], ceiling: str, *, most: float = np.inf, exact: bool = True) -> Any:
    """Whole posts of two roles whose costs stay within a ceiling."""
    builder = Builder(exact=exact, block_axis="team")
    posts = builder.variable("post", BOTH, Kind("FTE", decision=True), quantum=1, upper=most)
    spent = (posts * builder.data((ROLE,), [Decimal(cost) for cost in costs])).sum("role")
    builder.add(spent <= Decimal(ceiling) if exact else spent <= float(ceiling), "ceiling")
    builder.goal("cost", spent, "pounds", within=0.5)
    return builder.finish()


def switched(big: int, *, small: int = 1) -> Any:
    """``small`` × FTE ≤ ``big`` × a switch."""
    builder = Builder(exact=True, block_axis="team")
    fte = builder.variable("fte", NOWHERE, Kind("FTE", decision=True))
    switch = builder.variable("open", NOWHERE, Kind("", decision=True), quantum=1, upper=1)
    builder.add(fte * small <= switch * big, "link")
    return builder.finish()


def codes(program: Any, gap: str = "0") -> list[str]:
    return [hazard.code for hazard in lint(program, Fraction(gap))]


@pytest.mark.parametrize("exact", [True, False])
def test_money_in_pence_passes_what_cp_sat_counts_right(exact):
    # £4m buys 93 workers or 149 officers, so the terms come to about twice 400 million pence
    assert codes(budget(["43000.01", "26800.03"], "4000000", exact=exact)) == []
    # £40m: twice 4 000 million pence are beyond 2 147 million
    [hazard] = lint(budget(["43000.01", "26800.03"], "40000000", exact=exact))
    assert (hazard.code, hazard.row) == ("row-sum", "ceiling")
    assert hazard.size == pytest.approx(8e9, rel=1e-6)
    assert hazard.words.startswith("the terms of ceiling may come to ")
    assert hazard.words.endswith("in whole numbers, and CP-SAT is right below 2,147,483,648 only")
    # the same in whole pounds is far below, and in hundreds of pounds counts in hundreds
    assert codes(budget(["43000", "26800"], "40000000", exact=exact)) == []


def test_an_unknown_that_has_its_own_end_counts_up_to_that_end():
    # 10 of each: 10 × 43 000.01 + 10 × 26 800.03, in pence about 70 million
    assert codes(budget(["43000.01", "26800.03"], "40000000", most=10)) == []


def test_rows_of_programs_that_cp_sat_does_not_take_are_not_measured_for_it():
    builder = Builder(exact=True, block_axis="team")
    posts = builder.variable("post", BOTH, Kind("FTE", decision=True), upper=10**6)
    builder.add(posts.sum("role") * Decimal("43000.01") <= 10**12, "ceiling")
    assert codes(builder.finish()) == []


def test_a_switch_that_weighs_a_million_times_as_much_as_what_it_switches():
    [hazard] = lint(switched(2_000_000))
    assert (hazard.code, hazard.row, hazard.column) == ("big-m", "link", "open")
    assert hazard.size == 2_000_000
    assert codes(switched(1_000_000)) == []


def test_a_dear_package_beside_dear_posts_is_no_switch():
    # 1 200 000 of one and 40 000 of the other: 30 times as much
    assert codes(switched(1_200_000, small=40_000)) == []


def test_coefficients_further_apart_than_a_thousand_million():
    # 30 000 ÷ 0.00002 = 1 500 million; the goal sums the same costs
    far = budget(["30000", "0.00002"], "1", most=1)
    near = budget(["30000", "0.0002"], "1", most=1)
    assert codes(far)[-2:] == ["range", "range"]
    assert "range" not in codes(near)
    hazards = lint(far)
    assert "from 2e-05 in ceiling to 30000 in ceiling" in hazards[-2].words
    assert "of the goal cost run from 2e-05 to 30000" in hazards[-1].words


@pytest.mark.parametrize(
    ("gap", "most", "found"),
    [
        # At most 10 × 43 001 + 10 × 26 800 = 698 010 pounds; plans differ by 1 at least.
        ("0", 10, []),
        ("0.000001", 10, []),
        ("0.01", 10, ["gap"]),
        # Without an end, any gap may come to be worth a pound.
        ("0.000001", np.inf, ["gap"]),
    ],
)
def test_a_gap_is_told_where_it_may_be_worth_a_difference_between_plans(gap, most, found):
    assert codes(budget(["43001", "26800"], "100000000000", most=most), gap)[-1:] == found


def test_a_gap_below_the_least_difference_between_plans_leaves_nothing_better():
    # Costs in thousands: 10 × 43 000 + 10 × 27 000 = 700 000; a thousandth is 700, and no two
    # plans are nearer than 1 000. Two thousandths are 1 400.
    program = budget(["43000", "27000"], "100000000", most=10)
    assert codes(program, "0.001") == []
    [hazard] = lint(program, Fraction("0.002"))
    assert hazard.words == (
        "a gap of 0.002 of the goal cost is worth more than 1000 pounds once it passes 500,000: "
        "a better plan may be left"
    )


def test_only_the_worst_row_of_a_rule_is_named_with_their_number():
    builder = Builder(exact=True, block_axis="team")
    posts = builder.variable("post", BOTH, Kind("FTE", decision=True), quantum=1, upper=10**6)
    builder.add(
        posts * builder.data((ROLE,), [Decimal("43000.01"), Decimal("26800.03")]) >= 1, "floor"
    )
    # one coefficient a row, so that each row is counted in units of it, and terms are its posts
    assert codes(builder.finish()) == []
    wide = posts * 3 + posts.sum("role") * Decimal("43000.01")
    builder.add(wide >= 1, "wide")
    [hazard] = lint(builder.finish())
    assert hazard.row in ("wide[worker]", "wide[officer]")
    assert "(the worst of 2 rows)" in hazard.words


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option)
        for name in ("tiny", "nottinghamshire-2018")
        for option in so.load(name).options
    ],
)
def test_shipped_questions_have_no_such_numbers(name, option):
    with so.open(so.load(name), option=option) as desk:
        assert desk.lint() == []
