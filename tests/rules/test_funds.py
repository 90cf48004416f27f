"""What funds let be spent over the years: money carried forward, reserves, kinds and ring-fences.

One worker more from October 2024 costs 20,000 + 1,000 of set-up in 2024/25 and 40,000 in 2025/26.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from compiled import KEEP, allows, ask, compiled, rows
from staffopt.build import build
from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, PostDecision, Verdict
from staffopt.rulebook import Soften, StayWithinBudget
from staffopt.verifier import check_decisions

STAY = StayWithinBudget(label="stay")
PERIOD = "2024-10 to 2026-03"


def growth(**fields):
    return {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, **fields}}


def both_allow(fte, **tables):
    """Ask the compiled rules and the verifier; they have to say the same."""
    change = {("north", "worker"): fte}
    compiled_says = allows(KEEP, STAY, change=change, **tables)
    post = PostDecision(team="north", role="worker", period=PERIOD, change=Fraction(fte))
    found = check_decisions(ask(KEEP, STAY, **tables), Decisions(posts=(post,)))
    assert compiled_says is all(f.verdict is not Verdict.BROKEN for f in found)
    return compiled_says


@pytest.mark.parametrize(
    ("carried", "second", "allowed"),
    [
        # 30,000 − 21,000 leaves 9,000: whole, half, or 1,000 of it
        ({}, 31000, True),
        ({}, 30999, False),
        ({"share": 50}, 35500, True),
        ({"share": 50}, 35499, False),
        ({"limit": 1000}, 39000, True),
        ({"limit": 1000}, 38999, False),
        (None, 40000, True),
        (None, 39999, False),
    ],
)
def test_what_a_year_leaves_the_next_one_has(carried, second, allowed):
    own = {} if carried is None else {"carry_forward": carried}
    funds = growth(ceiling={"2024/25": 30000, "2025/26": second}, **own)
    assert both_allow(1, funds=funds) is allowed


def test_nothing_is_carried_out_of_a_year_without_a_ceiling_or_one_that_has_nothing_left():
    assert not both_allow(1, funds=growth(ceiling={"2025/26": 39999}, carry_forward={}))
    assert both_allow(1, funds=growth(ceiling={"2024/25": 50000}, carry_forward={}))
    short = {"2024/25": 20999, "2025/26": 99999}
    assert not both_allow(1, funds=growth(ceiling=short, carry_forward={}))


def through(spent, ceilings, share, limit):
    """Follow money year by year, as the sentence has it; None where a year is overspent."""
    carried = Fraction(0)
    for paid, ceiling in zip(spent, ceilings, strict=True):
        if ceiling is None:
            carried = Fraction(0)
            continue
        left = ceiling + carried - paid
        if left < 0:
            return False
        carried = min(left * share, limit)
    return True


@pytest.mark.parametrize("share", ["100", "50"])
@pytest.mark.parametrize("limit", ["unlimited", "5000"])
def test_rows_of_three_years_are_the_recursion_written_out(share, limit):
    # 2024/25 has 6 months: 20,000 + 1,000; then 40,000 and 40,000
    calendar = {"start": "2024-10", "end": "2027-03"}
    years = ["2024/25", "2025/26", "2026/27"]
    for ceilings in product([21000, 33000, 60000], [None, 34000, 40000], [30000, 38000]):
        given = {y: c for y, c in zip(years, ceilings, strict=True) if c is not None}
        carry = {"share": share, "limit": limit}
        funds = growth(ceiling=given, carry_forward=carry)
        most = Fraction(10**9 if limit == "unlimited" else limit)
        expected = through([21000, 40000, 40000], ceilings, Fraction(share) / 100, most)
        program = compiled(KEEP, STAY, funds=funds, calendar=calendar, may_change=("case_holder",))
        names = {block.name for block in program.row_blocks if block.name.startswith("stay")}
        kept = [_fits(rows(program, name)) for name in names]
        assert all(kept) is expected, (ceilings, share, limit)


def _fits(found):
    """Say whether one worker in the north keeps every row."""

    def comes_to(terms):
        return sum(
            weight
            for name, weight in terms.items()
            if name.startswith(("change[north,worker", "heads[worker"))
        )

    return all(comes_to(terms) <= upper for terms, _, upper in found.values())


@pytest.mark.parametrize(
    ("reserve", "allowed"),
    [
        # 21,000 + 40,000 = 61,000 in all
        ({"opening": 61000}, True),
        ({"opening": 60999}, False),
        ({"opening": 60999, "contributions": {"2025/26": 1}}, True),
        ({"opening": 20999, "contributions": {"2025/26": 99999}}, False),
        ({"opening": 71000, "least": 10000}, True),
        ({"opening": 71000, "least": 10001}, False),
    ],
)
def test_a_reserve_is_never_below_its_least_balance(reserve, allowed):
    assert both_allow(1, funds=growth(reserve=reserve)) is allowed


def test_what_a_fund_may_not_pay_falls_to_the_next_that_lists_it():
    funds = growth(ceiling=40000, kinds=["recurrent"])
    funds["once"] = {"name": "Once", "pays_for": {"added_posts": ["all"]}, "kinds": ["one_off"]}
    assert both_allow(1, funds=funds | {"once": funds["once"] | {"ceiling": 1000}})
    assert not both_allow(1, funds=funds | {"once": funds["once"] | {"ceiling": 999}})


def test_a_ring_fenced_fund_pays_for_nothing_that_it_does_not_list():
    pays = {"added_posts": ["officer"]}
    fenced = {"name": "Fenced", "pays_for": pays, "ring_fenced": "true", "ceiling": 1}
    found = rows(compiled(KEEP, STAY, funds={"fenced": fenced}), "stay")
    assert {name.split(",")[1].rstrip("]") for name in found["fenced,2025/26"][0]} == {"officer"}


def test_a_price_on_a_budget_whose_money_is_carried_on_is_refused_where_one_year_counts():
    priced = StayWithinBudget(label="stay", soften=Soften(price=2))
    funds, all_months = growth(ceiling=40000, carry_forward={}), Goal(minimise="cost")
    build(ask(KEEP, priced, goals=(all_months,), funds=funds), exact=True)
    one_year = Goal(minimise="cost", year="2025/26")
    with pytest.raises(InputError, match="carries money forward"):
        build(ask(KEEP, priced, goals=(all_months, one_year), funds=funds), exact=True)
