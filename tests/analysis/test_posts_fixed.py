"""Marginal values with posts fixed, against hand arithmetic and against plans solved again."""

from __future__ import annotations

import threading
from fractions import Fraction

import staffopt as so
from staffopt.reporting.buying import next_pound_csv, render_next_pound

LOOSE = {
    f"roles.{role}.{key}": value
    for role in ("social_worker", "support_officer")
    for key, value in (("step", 0), ("set_up", "none"))
}
OFF = {"standards.keep_average_caseload": "off"}
ASKING = {
    "model": "caseload-target",
    "overrides": OFF,
    "isolation": "inline",
    "certify": False,
    "cross_check": False,
}


def tiny(ceiling, **more):
    council = so.load("tiny").where({**LOOSE, "funds.growth.ceiling": ceiling, **more})
    return so.next_pound(council, **ASKING)


def test_a_pound_for_posts_on_no_step_is_worth_what_hand_arithmetic_has():
    # 186 cases over 8 FTE today (North 120 ÷ 5, South 66 ÷ 3) and £50,000 ÷ £40,000 = 1.25 more,
    # put where both come out alike: 186 ÷ 9.25. With B pounds it is 186 ÷ (8 + B ÷ 40,000), whose
    # slope is -186 ÷ 9.25² ÷ 40,000.
    found = tiny(50000)
    assert found.bought == ()
    [item] = found.posts_fixed.marginals
    assert (item.path, item.figure, item.unit) == ("funds.growth.ceiling.2027/28", 50000, "pounds")
    slope = -Fraction(186) / Fraction("9.25") ** 2 / 40000
    assert item.more.rate == item.less.rate == slope
    assert not item.degenerate
    # Up to £100,000: half a year of 2.5 FTE is 50,000, all that 2026/27 has. Then 186 ÷ 10.5.
    assert (item.more.until, item.more.value) == (100000, Fraction(186) / Fraction("10.5"))
    # Down to what brings the North to the South's 22: 120 ÷ 22 - 5 = 0.4545 FTE.
    assert item.less.until == (Fraction(120, 22) - 5) * 40000
    assert item.less.value == 22
    assert item.more.checked
    assert item.less.checked


def test_where_two_years_bind_a_pound_more_in_one_is_worth_nothing_and_a_pound_less_is_not():
    # Half a year of 2.5 FTE at £40,000 is £50,000, a whole one £100,000: both ceilings bind, and
    # 186 ÷ 10.5 has the slope -186 ÷ 10.5² ÷ 40,000 in the second year, twice that in the first.
    council = so.load("tiny").where({**LOOSE, "funds.growth.ceiling.2026/27": 50000})
    found = so.next_pound(council.where({"funds.growth.ceiling.2027/28": 100000}), **ASKING)
    one, two = found.posts_fixed.marginals
    assert [one.path[-7:], two.path[-7:]] == ["2026/27", "2027/28"]
    slope = -Fraction(186) / Fraction("10.5") ** 2 / 40000
    assert (one.more.rate, one.less.rate) == (0, 2 * slope)
    assert (two.more.rate, two.less.rate) == (0, slope)
    assert one.degenerate
    assert two.degenerate
    assert "Degenerate" in render_next_pound(found)


def test_what_is_whole_stays_and_the_rest_is_worth_what_hand_arithmetic_has():
    # £90,000 buy a whole worker in either team, and £10,000 of officers on no step at £24,000 in
    # the North. An officer gives 6 of 36 hours back to 4 workers each, 2/3 FTE:
    # 120 ÷ (6 + x ÷ 36,000) with x = 10,000. Up to 1.5 officers for six workers, at £116,000; down
    # to none, at £80,000. More whole workers, which £120,000 would buy, are no part of it.
    council = so.load("tiny").where(
        {
            "roles.support_officer.step": 0,
            "roles.support_officer.set_up": "none",
            "roles.social_worker.set_up": "none",
        }
    )
    goal = {"minimise": "worst_caseload", "basis": "effective"}
    overrides = {**OFF, "model.goals": [goal]}
    asking = {**ASKING, "model": "least-cost-mix", "overrides": overrides}
    [item] = so.next_pound(council, goal, **asking).posts_fixed.marginals
    assert (item.path, item.figure) == ("funds.growth.ceiling.2027/28", 90000)
    fte = 6 + Fraction(10000, 36000)
    assert item.more.rate == item.less.rate == -Fraction(120, 36000) / fte**2
    assert (item.more.until, item.more.value) == (116000, Fraction(120, 7))
    assert (item.less.until, item.less.value) == (80000, 20)


def test_where_all_comes_in_steps_nothing_has_a_marginal_value():
    council = so.load("tiny").where({"funds.growth.ceiling": 50000})
    found = so.next_pound(council, **ASKING)
    assert found.posts_fixed.marginals == ()
    assert "whole steps" in found.posts_fixed.none
    assert "No marginal values with posts fixed" in render_next_pound(found)


def test_a_limit_of_recruitment_has_a_marginal_value_in_its_own_unit():
    # Money for any number, one worker to be recruited in each year: 186 ÷ 9, at -186 ÷ 81 a post.
    limit = {"standards.limit_recruitment.limit": 1}
    council = so.load("tiny").where({**LOOSE, "funds.growth.ceiling": 200000})
    asking = {**ASKING, "overrides": {**OFF, **limit}}
    found = so.next_pound(council, **asking)
    items = {item.path: item for item in found.posts_fixed.marginals}
    [item] = [items[path] for path in items if path.startswith("standards.")]
    assert item.more.rate == -Fraction(186, 81)
    assert item.unit.startswith("FTE")


def test_json_and_csv_carry_the_label():
    found = tiny(50000)
    written = found.to_json()["posts_fixed"]
    assert written["label"] == "posts fixed"
    assert written["marginals"][0]["more"]["until"] == "100000"
    head, *rows = next_pound_csv(found).splitlines()
    assert "posts fixed: rate of more" in head
    rate = f"{-186 / 9.25**2 / 40000:.12f}"
    assert rows == [f"growth,2027/28,50000,,,,,,{rate},100000,{rate},18181.818182"]


def test_a_cancel_before_it_keeps_the_plan_of_today():
    cancel = threading.Event()
    council = so.load("tiny").where({**LOOSE, "funds.growth.ceiling": 50000})
    found = so.next_pound(council, tell=lambda _: cancel.set(), cancel=cancel, **ASKING)
    assert found.stopped
    assert found.posts_fixed is None
