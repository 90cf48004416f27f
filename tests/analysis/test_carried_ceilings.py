"""Least ceilings and the next pound where a fund carries on what is unspent: every plan tried.

What a plan needs is worked out here from the sentence of the rule: of what is unspent in a year the
next one has the share, at most the limit, besides its own ceiling.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import pytest

import brute_force as bf
import staffopt as so
from test_brute_force import caseload_council, instance_of, mix_council, ratio_council

AMPLE = dict.fromkeys(bf.MONTHS, 10**7)
OFF = {"standards.keep_average_caseload": "off"}
FIRST, SECOND = bf.MONTHS
WAYS = [("100", "unlimited"), ("50", "unlimited"), ("100", "5000"), ("50", "12345.67")]
COUNCILS = {
    "ratio": ratio_council(1),
    "caseload": caseload_council("none", "team"),
    "mix": mix_council(4),
}


def carrying(council, share, limit):
    changes = {"funds.growth.carry_forward": {"share": share, "limit": limit}}
    return instance_of(council).where(changes)


def carried(left, share, limit):
    """What the next year has of what is left of a year."""
    if left <= 0:
        return Fraction(0)
    on = left * Fraction(share) / 100
    return on if limit == "unlimited" else min(on, Fraction(limit))


def least(fits, needs):
    """The least whole pounds at which some plan fits, by what each plan needs at the least."""
    found = min(ceil(need) for need in needs)
    assert fits(found)
    assert found == 0 or not fits(found - 1)
    return found


def spends_of(council):
    """What every plan spends that can be of least spend; the bound is doubled until none is left.

    A plan beyond a bound spends more than the bound's share by months in each year.
    """
    free, bound = replace(council, ceiling=AMPLE), Fraction(50_000)
    while True:
        spent = [bf.spend(council, plan) for plan in bf.allowed_within(free, bound)]
        if spent and all(
            min(s[y] for s in spent) * 3 < bound * m / 12 for y, m in bf.MONTHS.items()
        ):
            return [(s[FIRST], s[SECOND]) for s in spent]
        bound *= Fraction(3, 2)


@pytest.mark.parametrize(
    ("name", "share", "limit"),
    [("ratio", *WAYS[0]), ("caseload", *WAYS[3]), ("mix", *WAYS[1])],
)
def test_least_ceilings_are_those_of_trying_every_plan(name, share, limit):
    council = replace(COUNCILS[name], ceiling=AMPLE)
    spent = spends_of(council)

    one = ceil(min(a for a, _ in spent))

    def second_fits(pounds):
        return any(a <= one and b <= pounds + carried(one - a, share, limit) for a, b in spent)

    two = least(second_fits, [b - carried(one - a, share, limit) for a, b in spent if a <= one])
    found = so.ceiling(carrying(council, share, limit), model=council.model)
    assert [x.pounds for x in found.funds] == [one, two]
    assert {x.less for x in found.funds} == {"CERTIFIED"}
    for x in found.funds:
        assert x.pounds - 1 < x.exact <= x.pounds
        assert so.verify(x.plan).ok
    # every ceiling lifted, nothing is carried: the sums are of what is spent
    assert found.total.exact == min(a + b for a, b in spent)


@pytest.mark.parametrize(("share", "limit"), WAYS[1::2])
def test_with_the_second_year_first_the_first_one_leaves_what_that_lacks(share, limit):
    council = replace(COUNCILS["mix"], ceiling=AMPLE)
    spent = spends_of(council)
    two = ceil(min(b for _, b in spent))

    def fits(pounds):
        return any(a <= pounds and b <= two + carried(pounds - a, share, limit) for a, b in spent)

    most = carried(Fraction(10**9), share, limit)
    lacking = [(a, max(Fraction(0), b - two)) for a, b in spent]
    needs = [a + short * 100 / Fraction(share) for a, short in lacking if short <= most]
    one = least(fits, needs)
    found = so.ceiling(carrying(council, share, limit), model=council.model, order=[SECOND])
    assert [(x.year, x.pounds) for x in found.funds] == [(SECOND, two), (FIRST, one)]


@pytest.mark.parametrize(("seed", "share", "limit"), [(0, *WAYS[1]), (1, *WAYS[2]), (2, *WAYS[3])])
def test_the_next_pound_is_that_of_trying_every_plan(seed, share, limit):
    ceilings = {FIRST: 90_000, SECOND: 60_000 + 9_000 * seed}
    drawn = replace(caseload_council("none", "team", seed), average=None)
    plans = [
        (bf.worst_caseload(drawn, plan), *bf.spend(drawn, plan).values())
        for plan in bf.allowed_within(replace(drawn, ceiling=AMPLE), Fraction(260_000))
    ]

    def best(one, two):
        return min(w for w, a, b in plans if a <= one and b <= two + carried(one - a, share, limit))

    now = best(*ceilings.values())
    found = so.next_pound(
        carrying(replace(drawn, ceiling=ceilings), share, limit),
        "worst_caseload",
        model="caseload-target",
        overrides=OFF,
    )
    assert found.goal.value == now
    most, part = carried(Fraction(10**9), share, limit), Fraction(share) / 100
    better = [(a, b) for w, a, b in plans if w < now]
    first = [
        a + max(Fraction(0), b - ceilings[SECOND]) / part
        for a, b in better
        if b - ceilings[SECOND] <= most
    ]
    second = [
        b - carried(ceilings[FIRST] - a, share, limit) for a, b in better if a <= ceilings[FIRST]
    ]
    bought = {x.year: x.pounds for x in found.bought}
    assert bought[FIRST] == (ceil(min(first)) if first else None)
    assert bought[SECOND] == (ceil(min(second)) if second else None)
    for x in found.bought:
        assert x.plan is None or so.verify(x.plan).ok
        assert x.plan is None or x.value < now
    over = []
    for a, b in better:
        left = ceilings[FIRST] - a
        lacks = b - ceilings[SECOND] - carried(left, share, limit)
        over.append(max(Fraction(0), -left) + max(Fraction(0), lacks))
    assert found.wherever.exact == min(over)
    assert so.verify(found.wherever.plan).ok


def test_a_ceiling_may_be_missed_at_a_price_and_is_not_missed_again_by_what_is_not_carried():
    # tiny's two officers: 26,000 in 2026/27 and 48,000 in 2027/28; ceilings 30,000 and 40,000
    # leave 4,000 in the first, so 4,000 are lacking in the second
    council = so.load("tiny").where(
        {
            "funds.growth.ceiling": {"2026/27": 30000, "2027/28": 40000},
            "funds.growth.carry_forward": {},
        }
    )
    plan = so.solve(council, overrides={"standards.stay_within_budget.soften.price": "0.5"})
    missed = [f for f in plan.findings if f.verdict == "softened"]
    assert [(f.period, f.by) for f in missed] == [("2027/28", 4000)]
    assert so.verify(plan).ok


def test_which_years_ceiling_gives_is_refused_where_a_goal_counts_one_year():
    council = so.load("tiny").where({"funds.growth.carry_forward": {}})
    changes = {
        "standards.stay_within_budget.soften.price": "0.5",
        "model.goals": [{"minimise": "full_year_cost"}, {"minimise": "cost", "year": SECOND}],
    }
    with pytest.raises(so.InputError, match="which year's ceiling is raised would be open"):
        so.solve(council, overrides=changes)
