"""The best within given ceilings, and what is then not met."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import brute_force as bf
import staffopt as so
from test_brute_force import caseload_council, instance_of, mix_council


def test_an_ample_ceiling_meets_every_rule():
    found = so.within(so.load("tiny"), {"growth": 52000}, option="best-mix")
    assert found.met
    assert found.unmet == ()
    assert found.plan.goals[0].value == 52000  # 40,000 + half an officer at 24,000


def test_short_of_a_pound_the_target_is_missed_and_every_team_is_told():
    # One social worker is 40,000 of 51,999: 186 ÷ 20 = 9.3 FTE are needed, 9 are there.
    # Officers release 6/36 of an hour's worth each: half an officer newly serves 2, so 0.33 FTE,
    # and does not do without the social worker.
    found = so.within(so.load("tiny"), {"growth": "51999"}, option="best-mix")
    assert not found.met
    assert [(x.rule, x.by) for x in found.unmet] == [("keep_average_caseload", Fraction(3, 10))]
    north, south = found.teams
    assert (north.team, north.average, north.fte) == ("north", 20, 0)
    assert (south.team, south.average, south.fte) == ("south", 22, Fraction(3, 10))  # 66 ÷ 20 - 3
    assert so.verify(found.plan).ok


def test_one_years_ceiling_can_be_given_alone():
    # 2026/27 is half a year: 20,000 + 6,000 and two heads at 1,000 are 28,000
    found = so.within(so.load("tiny"), {"growth@2026/27": 27999}, option="best-mix")
    assert not found.met
    assert found.question.instance.funds["growth"].ceiling_in("2027/28") == 90000


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("kind", ["caseload", "mix"])
def test_what_is_missed_is_the_least_of_trying_every_plan(kind, seed):
    drawn = caseload_council("none", "scope", seed) if kind == "caseload" else mix_council(seed)
    most = 30_000 + 7_000 * seed
    council = replace(drawn, ceiling=dict.fromkeys(bf.MONTHS, most), limit=None, span=None)
    found = so.within(instance_of(council), {}, model=council.model)
    missing = replace(council, price={"average": 1})
    plans = bf.allowed_within(missing, Fraction(most))  # 2027/28 pays a full year
    least = min(bf.penalty(missing, plan) for plan in plans)
    assert sum((x.by for x in found.unmet), Fraction(0)) == least
    assert found.met is (least == 0)
    cost = min(bf.full_year_cost(missing, p) for p in plans if bf.penalty(missing, p) == least)
    [goal] = [g for g in found.plan.goals if g.minimise == "full_year_cost"]
    penalties = sum(
        t.amount.raw
        for t in found.plan.figures.totals
        if t.of == "penalty" and t.year == "full year"
    )
    assert goal.value - penalties == cost


def test_more_money_never_misses_more():
    missed = []
    for pounds in range(0, 100_000, 12_500):
        found = so.within(so.load("tiny"), {"growth": pounds}, option="best-mix")
        missed.append(sum((x.by for x in found.unmet), Fraction(0)))
    assert missed == sorted(missed, reverse=True)
    assert missed[0] > missed[-1] == 0


def test_where_even_that_does_not_help_there_is_no_plan_and_it_says_why():
    # the project is required, and taking a package is not softened
    found = so.within(so.load("tiny"), {"reserve": 3}, option="officers-and-project")
    assert found.plan is None
    assert "over by £23,497" in str(found.none)


@pytest.mark.parametrize(
    ("ceilings", "words"),
    [({"gift": 1}, "no fund is called 'gift'"), ({"growth@1999/00": 1}, "no financial year")],
)
def test_a_ceiling_of_nothing_declared_is_refused(ceilings, words):
    with pytest.raises(so.InputError, match=words):
        so.within(so.load("tiny"), ceilings)
