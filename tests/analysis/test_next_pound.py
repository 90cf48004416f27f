"""What the next pound buys, against every plan there is."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction
from math import ceil

import pytest

import brute_force as bf
import staffopt as so
from test_brute_force import caseload_council, instance_of

OFF = {"standards.keep_average_caseload": "off"}
TINY = {**OFF, "funds.growth.ceiling": "50000"}


def tiny(**more):
    return so.next_pound(so.load("tiny"), model="caseload-target", overrides={**TINY, **more})


def of(found, fund, year):
    [item] = [x for x in found.bought if (x.fund, x.year) == (fund, year)]
    return item


def test_the_next_step_of_tiny_is_a_second_social_worker_in_the_south():
    # One in the North at £40,000: 120 ÷ 6 = 20, 66 ÷ 3 = 22. A second one in the South: 16.5.
    found = tiny()
    assert found.goal.value == 22
    second = of(found, "growth", "2027/28")
    assert (second.ceiling, second.exact, second.pounds, second.extra) == (
        50000,
        80000,
        80000,
        30000,
    )
    assert second.value == 20
    assert second.moved == {("south", "social_worker"): 1}
    assert second.less == "CERTIFIED"
    # A third costs 60,000 and three heads in 2026/27, beyond that year's 50,000: no step after.
    assert second.until is None
    # More money in 2026/27 alone, or in a fund that pays for no posts, buys nothing.
    assert of(found, "growth", "2026/27").pounds is None
    assert of(found, "reserve", "2027/28").pounds is None
    assert (found.wherever.exact, found.wherever.ceilings) == (
        30000,
        {("growth", "2027/28"): 80000},
    )


def test_where_every_year_binds_only_money_in_all_of_them_buys_a_post():
    # £400,000 a year pay for nine social workers at 43,111.11; the tenth makes 431,111.10.
    council = so.load("nottinghamshire-2018").where(
        {
            "funds.contingency.ceiling": "400000",
            "funds.contingency.pays_for.added_posts": ["all"],
        }
    )
    found = so.next_pound(council, "cases_above_band", model="caseload-target", overrides=OFF)
    assert found.goal.value == Fraction("37.5")  # 231 - 9 × 21.5
    assert [x.pounds for x in found.bought] == [None, None, None]
    assert found.wherever.exact == 2 * (Fraction("431111.10") - 400000)
    assert set(found.wherever.ceilings.values()) == {431112}
    assert found.wherever.value == 16  # 37.5 - 21.5
    assert so.verify(found.wherever.plan).ok


def best(council, ceilings):
    """The lowest worst caseload within ceilings, and every plan with what it spends."""
    plans = [
        (bf.worst_caseload(council, plan), bf.spend(council, plan))
        for plan in bf.allowed_within(replace(council, ceiling=AMPLE), Fraction(260_000))
    ]
    least = min(w for w, s in plans if all(s[y] <= ceilings[y] for y in ceilings))
    return least, plans


AMPLE = dict.fromkeys(bf.MONTHS, 10**7)


@pytest.mark.parametrize("seed", range(5))
def test_the_next_step_is_that_of_trying_every_plan(seed):
    ceilings = {"2026/27": 200_000, "2027/28": 60_000 + 9_000 * seed}
    drawn = replace(caseload_council("none", "team", seed), average=None)
    least, plans = best(drawn, ceilings)
    found = so.next_pound(
        instance_of(replace(drawn, ceiling=ceilings)),
        "worst_caseload",
        model="caseload-target",
        overrides=OFF,
    )
    assert found.goal.value == least
    later = [s for w, s in plans if w < least and s["2026/27"] <= ceilings["2026/27"]]
    exact = min(s["2027/28"] for s in later)
    item = of(found, "growth", "2027/28")
    assert (item.exact, item.pounds) == (exact, ceil(exact))
    assert item.value < least
    # the interval: the goal improves again at `until`, and nowhere before
    again = [
        s["2027/28"] for w, s in plans if w < item.value and s["2026/27"] <= ceilings["2026/27"]
    ]
    assert item.until == (ceil(min(again)) if again else None)
    extra = [
        sum((max(Fraction(0), s[y] - ceilings[y]) for y in ceilings), Fraction(0))
        for w, s in plans
        if w < least
    ]
    assert found.wherever.exact == min(extra)


def test_a_goal_on_no_lattice_improves_by_a_hundredth_or_by_what_is_asked():
    asked = {"model": "least-cost-mix", "overrides": TINY}
    found = so.next_pound(so.load("tiny"), **asked)
    assert found.by == Fraction(1, 100)
    coarse = so.next_pound(so.load("tiny"), by="0.5", **asked)
    assert coarse.by == Fraction(1, 2)
    one, other = of(found, "growth", "2027/28"), of(coarse, "growth", "2027/28")
    assert one.pounds <= other.pounds
    assert other.value <= found.goal.value - Fraction(1, 2)


def test_more_money_never_makes_it_worse():
    values = [tiny(**{"funds.growth.ceiling": str(c)}).goal.value for c in (20000, 50000, 80000)]
    assert values == sorted(values, reverse=True)


def test_what_has_no_ceiling_or_no_such_goal_is_refused():
    with pytest.raises(so.InputError, match="no fund has a ceiling"):
        so.next_pound(so.load("barnsley-2017"), "worst_caseload")
    with pytest.raises(so.InputError, match="every goal of today is in pounds"):
        so.next_pound(so.load("tiny"), model="today")


def test_without_a_plan_at_todays_ceilings_there_is_no_next_pound():
    with pytest.raises(so.Infeasible):
        so.next_pound(so.load("tiny").where({"funds.growth.ceiling": 1}), option="social-workers")


def test_ctrl_c_keeps_what_is_found():
    cancel = threading.Event()

    def tell(step):
        if step.number == 3:
            cancel.set()

    found = so.next_pound(
        so.load("tiny"), model="caseload-target", overrides=TINY, tell=tell, cancel=cancel
    )
    assert found.stopped
    assert [(x.fund, x.year) for x in found.bought] == [
        ("growth", "2026/27"),
        ("growth", "2027/28"),
    ]
