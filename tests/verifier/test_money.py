"""Money against the figures that Nottinghamshire printed, and part-years by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffopt.plan import FULL_YEAR, Decisions, MoneyKind, PostDecision
from staffopt.verifier import derive


def total(figures, of, name, year):
    amounts = [t.amount for t in figures.totals if (t.of, t.name, t.year) == (of, name, year)]
    assert len(amounts) == 1
    return amounts[0]


@pytest.mark.parametrize(
    ("of", "name", "year", "printed"),
    [
        ("fund", "contingency", "2018/19", 314_461),  # paragraphs 11 and 21
        ("fund", "contingency", "2019/20", 580_521),  # paragraph 9
        ("fund", "contingency", "2020/21", 580_521),
        ("fund", "contingency", FULL_YEAR, 580_521),
        ("fund", "development", "2018/19", 172_128),  # paragraphs 14, 15 and 22
        ("fund", "development", "2019/20", 326_656),
        ("fund", "development", "2020/21", 163_328),
        ("fund", "development", FULL_YEAR, 0),  # two years, then it ends
        ("package", "project_team", "2019/20", 326_656),
        ("role", "swso", FULL_YEAR, 548_908),  # paragraph 9
        ("role", "senior_swso", FULL_YEAR, 31_613),
        ("scope", "frontline", FULL_YEAR, 548_908),  # the Seniors are county-wide
        ("new money", "all", "2018/19", 486_589),  # 314,460.50 + 172,128
        ("new money", "all", "2019/20", 907_177),
        ("new money", "all", "2020/21", 743_849),
        ("new money", "all", FULL_YEAR, 580_521),
        ("today", "base", "2018/19", 306_067),  # 612,134 x 6/12
        ("today", "base", "2019/20", 612_134),  # paragraph 20: £0.6m for 22.5 FTE
        ("today", "base", FULL_YEAR, 612_134),
    ],
)
def test_nottinghamshire_prints_this_total(recommended, of, name, year, printed):
    amount = total(derive(*recommended), of, name, year)
    assert amount.printed == printed
    assert not amount.at_least


def test_money_is_rounded_only_where_it_is_printed_and_halves_go_up(recommended):
    amount = total(derive(*recommended), "fund", "contingency", "2018/19")
    # 580,521 x 6/12 + 22 x 1,100; banker's rounding would print 314,460
    assert amount.raw == Fraction("314460.5")
    assert amount.printed == 314_461


def test_twenty_two_heads_are_set_up_for_24200_pounds_once(recommended):
    figures = derive(*recommended)
    # 20.5 FTE need 21 sets and 1 Senior 1, paid in the year of October 2018 (paragraph 9)
    assert {h.role: h.heads for h in figures.heads} == {"swso": 21, "senior_swso": 1}
    lines = [n for n in figures.money if n.line.startswith("set-up")]
    assert {line.year for line in lines} == {"2018/19"}
    assert sum(line.amount.raw for line in lines) == 24_200


def test_set_up_of_the_project_team_is_8800_pounds_once(recommended):
    lines = [
        n
        for n in derive(*recommended).money
        if n.package == "project_team" and n.kind is MoneyKind.ONE_OFF
    ]
    assert [(n.year, n.amount.raw) for n in lines] == [("2018/19", 8_800)]


def test_an_unknown_set_up_stays_visible_and_its_totals_say_at_least(nottinghamshire, decide):
    question = nottinghamshire("more-social-workers")
    figures = derive(question, decide(question, {("assessment", "social_worker"): "18"}))
    lines = [n for n in figures.money if n.line == "set-up social_worker"]
    assert [(n.amount, n.fund, n.year) for n in lines] == [(None, "not named", "2018/19")]
    assert total(figures, "new money", "all", "2018/19").at_least
    full = total(figures, "fund", "not named", FULL_YEAR)
    assert (full.printed, full.at_least) == (776_000, False)  # 18 x 43,111.11 = 775,999.98


def test_a_cost_that_does_not_apply_makes_no_line(tiny, decide):
    question = tiny(roles={"worker": {"cost": "not applicable"}})
    figures = derive(question, decide(question, {("north", "worker"): "2"}))
    assert {n.line for n in figures.money} == {"set-up worker"}


def test_later_periods_cost_the_months_they_run(tiny, decide):
    # 1 FTE from April 2024 and a second from April 2025, at £40,000; a head each, £1,000
    question = tiny(calendar={"periods": "financial_years"})
    changes = {("north", "worker", "2024/25"): "1", ("north", "worker", "2025/26"): "2"}
    figures = derive(question, decide(question, changes))
    assert total(figures, "new money", "all", "2024/25").raw == 41_000
    assert total(figures, "new money", "all", "2025/26").raw == 81_000
    assert total(figures, "new money", "all", FULL_YEAR).raw == 80_000


def test_a_head_is_paid_for_once_even_if_the_post_goes_and_comes_back(tiny, decide):
    question = tiny(calendar={"start": "2024-04", "end": "2024-06", "periods": "months"})
    changes = {("north", "worker", "2024-04"): "1", ("south", "worker", "2024-06"): "1"}
    figures = derive(question, decide(question, changes))
    assert [h.heads for h in figures.heads] == [1, 1, 1]
    # two months of £40,000 / 12 and one head
    raw = total(figures, "new money", "all", "2024/25").raw
    assert raw == Fraction(2 * 40_000, 12) + 1_000


@pytest.mark.parametrize(("pooling", "heads"), [("pooled", 1), ("by_team", 2)])
def test_halves_share_a_head_only_where_heads_are_pooled(tiny, decide, pooling, heads):
    role = {"step": "0.5", "set_up_heads": pooling}
    question = tiny(roles={"worker": role})
    changes = {("north", "worker"): "0.5", ("south", "worker"): "0.5"}
    figures = derive(question, decide(question, changes))
    assert sum(h.heads for h in figures.heads) == heads
    one_off = [n.amount.raw for n in figures.money if n.kind is MoneyKind.ONE_OFF]
    assert sum(one_off) == 1_000 * heads


def test_a_cut_in_one_team_does_not_pay_for_heads_in_another(tiny, decide):
    question = tiny()
    changes = {("north", "worker"): "2", ("south", "worker"): "-2"}
    figures = derive(question, decide(question, changes))
    assert [(h.fte, h.heads) for h in figures.heads] == [(2, 2)]
    assert total(figures, "new money", "all", FULL_YEAR).raw == 0


def test_months_of_a_package_outside_the_calendar_are_not_counted(tiny, decide):
    # 24 months from January 2024 run to December 2025: 12 months in 2024/25, 9 in 2025/26
    tables = {
        "packages": {"team": {"name": "Team", "start": "2024-01", "months": 24}},
        "package_lines": [
            {"package": "team", "post": "Worker", "fte": 2, "recurrent": 1200, "one_off": 50}
        ],
    }
    question = tiny(**tables)
    figures = derive(question, decide(question, {}, "team"))
    assert total(figures, "new money", "all", "2024/25").raw == 1_200  # set-up was before April
    assert total(figures, "new money", "all", "2025/26").raw == 900
    assert str(figures.packages[0].end) == "2025-12"


def test_a_fund_for_all_posts_of_today_covers_costed_roles_only(tiny, decide):
    roles = {"worker": {"cost": "unknown"}, "officer": {"cost": "unknown"}}
    pays = {"posts_today": ["officer", "all"]}
    question = tiny(roles=roles, funds={"base": {"name": "Base", "pays_for": pays}})
    lines = [n for n in derive(question, decide(question, {})).money if n.year == FULL_YEAR]
    # the officer is named, so it stays visible without a cost; the worker is only one of `all`
    assert {n.role: n.amount and n.amount.raw for n in lines} == {"lead": 36_000, "officer": None}


halves = st.integers(-4, 20).map(lambda n: Fraction(n, 2))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=st.tuples(halves, halves), b=st.tuples(halves, halves))
def test_money_of_two_changes_is_the_sum_of_the_money_of_each(tiny, a, b):
    question = tiny(calendar={"periods": "financial_years"})

    def raw(changes):
        posts = tuple(
            PostDecision(team="north", role="officer", period=year, change=change)
            for year, change in zip(("2024/25", "2025/26"), changes, strict=True)
        )
        totals = derive(question, Decisions(posts=posts)).totals
        return [t.amount.raw for t in totals if t.of == "new money"]

    both = raw(tuple(x + y for x, y in zip(a, b, strict=True)))
    assert both == [x + y for x, y in zip(raw(a), raw(b), strict=True)]


@given(amount=st.integers(0, 10**9), pence=st.integers(0, 99))
def test_pounds_are_rounded_half_up_when_printed(amount, pence):
    from staffopt.plan import Amount

    printed = Amount.of(Fraction(amount * 100 + pence, 100)).printed
    assert printed == amount + (1 if pence >= 50 else 0)
