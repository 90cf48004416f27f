"""The least ceilings: printed figures, and every plan of small random councils."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import ceil

import pytest

import brute_force as bf
import staffopt as so
from staffopt.analysis.ceiling import spends
from test_brute_force import (
    caseload_council,
    dear_officers,
    instance_of,
    mix_council,
    ratio_council,
)

AMPLE = dict.fromkeys(bf.MONTHS, 10**7)
COUNCILS = {
    **{f"ratio {seed}": ratio_council(seed) for seed in (0, 1, 2)},
    **{f"rounding {r}": caseload_council(r, "team") for r in ("none", "posts_nearest")},
    # In the first year officers are dear to equip: least in one year is not least in the other.
    **{f"mix {seed}": dear_officers(mix_council(seed)) for seed in (0, 4, 5)},
}


def figures(leasts):
    return {(x.fund, x.year): (x.exact, x.pounds) for x in leasts}


def test_the_recommended_options_least_ceilings_are_its_printed_money():
    found = so.ceiling(so.load("nottinghamshire-2018"), option="recommended")
    of = figures(found.funds)
    assert of["contingency", "2018/19"] == (Fraction("314460.5"), 314461)  # 11, 21
    assert of["contingency", "2019/20"] == (580521, 580521)  # 9
    assert [of["development", y][1] for y in found.order] == [172128, 326656, 163328]  # 15, 22
    # 612,134 a year for the posts of today that the base budget pays (20), half of it in 2018/19
    assert [of["base", year][1] for year in found.order] == [306067, 612134, 612134]
    assert found.total.exact == sum(exact for exact, _ in of.values())
    assert found.total.exact == sum(found.split.values())
    assert {x.less for x in (*found.funds, *found.years, found.total)} == {"CERTIFIED"}


@cache
def every_plan(name):
    """What every plan spends that can be of least spend in a year or in all.

    A plan whose full-year cost is beyond a bound spends more than the bound's share of a year by
    months: once the least found is within that, no plan left out spends less.
    """
    council = replace(COUNCILS[name], ceiling=AMPLE)
    shares = {year: Fraction(months, 12) for year, months in bf.MONTHS.items()}
    bound = Fraction(50_000)
    while True:
        spent = [bf.spend(council, plan) for plan in bf.allowed_within(council, bound)]
        if spent and all(min(s[y] for s in spent) <= bound * shares[y] for y in shares):
            return spent
        bound *= Fraction(5, 4)


@pytest.mark.parametrize("name", COUNCILS)
def test_the_least_ceilings_are_those_of_trying_every_plan(name):
    council, spent = replace(COUNCILS[name], ceiling=AMPLE), every_plan(name)
    found = so.ceiling(instance_of(council), model=council.model)
    first, second = bf.MONTHS
    one = min(s[first] for s in spent)
    two = min(s[second] for s in spent if s[first] <= ceil(one))
    expected = {("growth", first): (one, ceil(one)), ("growth", second): (two, ceil(two))}
    assert figures(found.funds) == expected
    assert found.total.exact == min(sum(s.values()) for s in spent)
    assert [x.exact for x in found.years] == [one, two]  # there is one fund
    assert all(so.verify(x.plan).ok for x in (*found.funds, *found.years, found.total))
    assert all(spends(x.plan)[x.fund, x.year] <= x.pounds for x in found.funds if x.pounds)


def test_the_order_of_the_years_is_declared_and_matters():
    differing = 0
    for name, council in COUNCILS.items():
        free, spent = replace(council, ceiling=AMPLE), every_plan(name)
        first, second = bf.MONTHS
        found = so.ceiling(instance_of(free), model=free.model, order=[second])
        assert found.order == (second, first)
        two = min(s[second] for s in spent)
        one = min(s[first] for s in spent if s[second] <= ceil(two))
        assert figures(found.funds) == {
            ("growth", second): (two, ceil(two)),
            ("growth", first): (one, ceil(one)),
        }
        differing += one > min(s[first] for s in spent)
    assert differing


def test_where_another_funds_ceiling_stands_in_the_way_no_ceiling_helps():
    # Reserve pays for the project, 23,500 in 2026/27; with 20,000 there growth's ceiling is idle.
    council = so.load("tiny").where({"funds.reserve.ceiling.2026/27": 20000})
    found = so.ceiling(council, option="officers-and-project")
    stuck = [x for x in found.funds if x.fund == "growth"]
    assert [(x.exact, x.none is None) for x in stuck] == [(None, False)]
    assert found.total.pounds == 120000  # all ceilings lifted: 26,000 + 48,000 + 23,500 + 22,500


def test_ctrl_c_keeps_the_ceilings_that_are_found():
    cancel = threading.Event()

    def tell(step):
        if step.number == 3:
            cancel.set()

    found = so.ceiling(so.load("tiny"), tell=tell, cancel=cancel)
    assert found.stopped
    assert found.total.pounds == 74000  # 26,000 and 48,000
    assert found.funds == ()


def test_years_that_are_not_planned_or_stand_twice_are_refused():
    council = so.load("tiny")
    with pytest.raises(so.InputError, match="no financial year is called '2030/31'"):
        so.ceiling(council, order=["2030/31"])
    with pytest.raises(so.InputError, match="stands twice"):
        so.ceiling(council, order=["2026/27", "2026/27"])


def test_a_model_that_keeps_no_ceilings_is_refused():
    council = so.load("tiny")
    with pytest.raises(so.InputError, match="keeps no ceilings"):
        so.ceiling(council, overrides={"standards.stay_within_budget": "off"})


def test_posts_on_no_step_have_no_exact_least_and_are_refused():
    council = so.load("tiny").where({"roles.social_worker.step": 0})
    with pytest.raises(so.InputError, match="posts of social_worker may change"):
        so.ceiling(council, model="least-cost-mix")
