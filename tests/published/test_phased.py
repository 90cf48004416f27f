"""Nottinghamshire and Barnsley over three financial years, with so many recruited in each."""

import pytest

import staffopt as so

PHASED = {"model": "phased-recruitment", "scenario": "phased"}
AT_ONCE = {"standards.limit_recruitment.limit": "unlimited"}
YEARS = ("2018/19", "2019/20", "2020/21")


def money(plan, fund):
    return [plan.money[fund, year].printed for year in (*YEARS, "full year")]


def added(plan, role):
    return [
        sum(f.change for f in plan.figures.posts if (f.role, f.period) == (role, year))
        for year in YEARS
    ]


def test_nottinghamshire_recruits_seven_officers_in_a_year():
    plan = so.solve(so.load("nottinghamshire-2018"), **PHASED)
    assert added(plan, "swso") == [7, 14, 20.5]
    # One Senior leads 14: 20.5 + 7 = 27.5 need the two there are, 20.5 + 14 = 34.5 need three.
    assert added(plan, "senior_swso") == [0, 1, 1]
    assert money(plan, "contingency") == [
        101_416,  # 7 × 26,776 × 6 ÷ 12 + 7 × 1,100
        415_277,  # 14 × 26,776 + 31,613 + 7 × 1,100 + 1,100
        588_221,  # 20.5 × 26,776 + 31,613 + 7 × 1,100: 21 heads in all
        580_521,  # 9 of the paper
    ]


def test_nottinghamshire_has_the_papers_money_where_all_are_recruited_at_once():
    plan = so.solve(so.load("nottinghamshire-2018"), overrides=AT_ONCE, **PHASED)
    assert added(plan, "swso") == [20.5, 20.5, 20.5]
    assert added(plan, "senior_swso") == [1, 1, 1]
    assert money(plan, "contingency") == [314_461, 580_521, 580_521, 580_521]  # 9, 11, 21
    static = so.solve(so.load("nottinghamshire-2018"), option="recommended")
    assert money(static, "contingency") == money(plan, "contingency")


def test_barnsley_recruits_five_workers_in_a_year():
    plan = so.solve(so.load("barnsley-2017"), **PHASED)
    assert added(plan, "social_worker") == [5, 10, 14]
    # £41,839 a post (4.2): × 5, × 10, and the paper's £585,746 for 14 (4.3.1).
    assert money(plan, "mtfs") == [209_195, 418_390, 585_746, 585_746]


@pytest.mark.parametrize(
    ("option", "posts"),
    [
        ("1-to-18", 9),
        ("1-to-16", 18),
        ("2-to-18", 14),
        ("2-to-16", 25),
        ("3-to-18", 12),
        ("3-to-16", 24),
    ],
)
def test_barnsley_has_the_papers_posts_where_all_are_recruited_at_once(option, posts):
    plan = so.solve(so.load("barnsley-2017"), option=option, overrides=AT_ONCE, **PHASED)
    assert added(plan, "social_worker") == [posts] * 3
