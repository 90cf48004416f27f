"""Frontiers of posts on no step: segments by hand, what ends them early, and how they are shown."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

import brute_force as bf
import staffopt as so
from staffopt.instance.staff import RoleKind
from staffopt.reporting.buying import frontier_csv, render_frontier
from staffopt.reporting.charts.chart import Kind, Mark
from staffopt.reporting.pictures import frontier_chart
from test_brute_force import instance_of, mix_council

OFF = {"standards.keep_average_caseload": "off"}
QUICK = {"isolation": "inline", "certify": False, "cross_check": False, "overrides": OFF}
NO_SET_UP = {"roles.social_worker.set_up": "none", "roles.support_officer.set_up": "none"}
OFFICERS = {**NO_SET_UP, "roles.support_officer.step": 0}
ALL = {**OFFICERS, "roles.social_worker.step": 0}
MIXED = {
    "second": {"minimise": "worst_caseload", "basis": "effective"},
    "model": "least-cost-mix",
    **QUICK,
}


@cache
def mixed_whole():
    return mixed()


def mixed(**more):
    return so.frontier(so.load("tiny").where(OFFICERS), **{**MIXED, **more})


def ends(found):
    return [
        (
            (s.cheap.first, s.cheap.second, s.cheap.closed),
            (s.dear.first, s.dear.second, s.dear.closed),
        )
        for s in found.segments
    ]


def test_social_workers_on_no_step_give_two_segments():
    # 120 ÷ (5 + B ÷ 40,000) in the North until it comes to the South's 22, at 0.4545 FTE; then
    # 186 cases ÷ (8 + B ÷ 40,000) until growth's 90,000 in 2027/28 are spent.
    found = so.frontier(so.load("tiny").where(ALL), model="caseload-target", **QUICK)
    turn = (Fraction(120, 22) - 5) * 40000
    top = Fraction(186) / (8 + Fraction(90000, 40000))
    assert ends(found) == [
        ((0, 24, True), (turn, 22, True)),
        ((turn, 22, True), (90000, top, True)),
    ]
    assert found.complete
    assert all(segment.checked and segment.reciprocal for segment in found.segments)
    # Halfway up the second segment one over the caseload is halfway too: FTE move evenly.
    middle = (turn + 90000) / 2
    assert found.segments[1].at(middle) == Fraction(186) / (8 + middle / 40000)


def test_whole_workers_and_officers_on_no_step_leave_gaps_with_an_open_end():
    # An officer (£24,000) gives 4 workers 6 of 36 hours back: 2/3 FTE. In the North up to 1.25 of
    # them for five workers, in the South 0.25 more beside today's half for three.
    # Officers alone: 24 to 22 in the North; then both, until the South has its 0.25: 66 ÷ (3 + 1/6)
    # is 396 ÷ 19. A worker in the South (£40,000) takes it to 16.5: the North goes on from the same
    # 396 ÷ 19, so that end is open, down to 120 ÷ (5 + 5/6) = 144 ÷ 7 at £70,000. Two workers at
    # £80,000: 20 in the North, and £10,000 of officers there.
    found = mixed_whole()
    even = Fraction(396, 19)
    north = (120 / even - 5) * Fraction(3, 2) * 24000
    turn = (Fraction(120, 22) - 5) * Fraction(3, 2) * 24000
    assert ends(found) == [
        ((0, 24, True), (turn, 22, True)),
        ((turn, 22, True), (north + 6000, even, True)),
        ((40000 + north, even, False), (70000, Fraction(144, 7), True)),
        ((80000, 20, True), (90000, 120 / (6 + Fraction(10000, 36000)), True)),
    ]
    assert found.complete
    assert all(segment.checked for segment in found.segments)


def test_plans_at_closed_ends_hold_and_come_near_to_them():
    found = mixed_whole()
    for segment in found.segments:
        for end in (segment.cheap, segment.dear):
            if not end.closed:
                assert end.plan is None
                continue
            values = {goal.minimise: goal.value for goal in end.plan.goals}
            assert so.verify(end.plan).ok
            # 0.0001 FTE of either role cost at most £4, and move 24 cases per FTE by 0.0005.
            assert abs(values["full_year_cost"] - end.first) <= 8
            assert abs(values["worst_caseload"] - end.second) <= Fraction(1, 1000)


@pytest.mark.parametrize("pounds", [20_000, 69_000, 85_000])
def test_a_plan_within_some_pounds_is_as_good_as_the_segments_say(pounds):
    found = mixed_whole()
    [held] = [s for s in found.segments if s.cheap.first <= pounds <= s.dear.first]
    goals = [MIXED["second"]]
    capped = so.load("tiny").where({**OFFICERS, "funds.growth.ceiling.2027/28": pounds})
    asking = {key: value for key, value in MIXED.items() if key != "second"}
    asking["overrides"] = {**OFF, "model.goals": goals}
    plan = so.solve(capped, unique=False, **asking)
    assert float(plan.goals[0].value) == pytest.approx(float(held.at(Fraction(pounds))), abs=1e-3)


@pytest.mark.parametrize("seed", [15, 16, 21])
def test_segments_of_random_councils_are_what_solves_within_some_pounds_come_to(seed):
    ample = dict.fromkeys(bf.MONTHS, 10**7)
    drawn = replace(mix_council(seed), average=None, ceiling=ample, limit=None)
    council = instance_of(drawn)
    loose = {f"roles.{role}.set_up": "none" for role in council.roles}
    loose |= {
        f"roles.{role}.step": 0
        for role, record in council.roles.items()
        if record.kind is RoleKind.SUPPORT
    }
    council, asking = council.where(loose), {**QUICK, "model": drawn.model}
    found = so.frontier(council, second=MIXED["second"], up_to=160_000, **asking)
    assert found.complete
    assert any(not segment.cheap.closed or not segment.dear.closed for segment in found.segments)
    for pounds in (48_001, 99_000, 130_001):
        goals = [MIXED["second"], {"minimise": "full_year_cost", "at_most": str(pounds)}]
        asking["overrides"] = {**OFF, "model.goals": goals}
        plan = so.solve(council, unique=False, **asking)
        under = [segment for segment in found.segments if segment.cheap.first <= pounds]
        held = min(segment.at(min(Fraction(pounds), segment.dear.first)) for segment in under)
        # 0.0001 FTE that posts are rounded to move 20 cases per FTE by 0.0005 or so
        assert float(plan.goals[0].value) == pytest.approx(float(held), abs=2e-3)


def test_a_limit_of_segments_leaves_a_box_in_which_the_others_lie():
    whole, part = mixed_whole(), mixed(most_points=2)
    assert not part.complete
    assert ends(part) == ends(whole)[-2:]
    [box] = part.unexplored
    for segment in whole.segments[:-2]:
        for end in (segment.cheap, segment.dear):
            assert box.first[0] <= end.first <= box.first[1]
            assert box.second[0] <= end.second <= box.second[1]


def test_a_plan_at_an_end_is_of_that_end_where_a_limit_leaves_others_out():
    [segment] = mixed(most_points=1).segments
    assert segment.cheap.closed
    for end in (segment.cheap, segment.dear):
        [cost] = [goal.value for goal in end.plan.goals if "pounds" in goal.unit]
        assert float(cost) == pytest.approx(float(end.first), abs=50)


def test_ctrl_c_keeps_the_segments_that_are_found():
    cancel = threading.Event()

    def tell(step):
        if step.words == "segment 3":
            cancel.set()

    found = mixed(tell=tell, cancel=cancel)
    assert ends(found) == ends(mixed_whole())[-2:]
    assert len(found.unexplored) == 1


def test_points_are_still_found_where_a_step_is_given():
    found = mixed(step=20_000)
    assert found.segments == ()
    assert len(found.points) > 2
    assert not found.complete


def test_a_second_goal_without_an_end_asks_for_a_most():
    council = so.load("tiny").where({**ALL, "funds.growth.ceiling": "unlimited"})
    with pytest.raises(so.InputError, match="without end"):
        so.frontier(council, model="caseload-target", **QUICK)
    found = so.frontier(council, model="caseload-target", up_to=50_000, **QUICK)
    assert found.segments[-1].dear.first == 50_000
    assert found.segments[-1].dear.second == Fraction(186) / (8 + Fraction(5, 4))


def test_a_picture_breaks_between_segments_and_leaves_open_ends_hollow():
    chart = frontier_chart(mixed_whole())
    assert chart.kind is Kind.LINES
    [series] = chart.series
    breaks = [number for number, point in enumerate(series.points) if point.value is None]
    hollow = [point for point in series.points if point.mark is Mark.OPEN]
    assert len(breaks) == 2
    assert [point.value for point in hollow] == [Fraction(396, 19)]


def test_words_csv_and_json_tell_the_ends():
    found = mixed_whole()
    text = render_frontier(found)
    assert "cheap one open" in text
    assert "All of the frontier" in text
    rows = frontier_csv(found).splitlines()
    assert rows[0].startswith("full_year_cost from,full_year_cost to,worst_caseload at from")
    assert rows[3].startswith("67272.727273,70000,20.842105,20.571429,no,yes,yes,1,1.25")
    written = found.to_json()
    assert [s["cheap"]["closed"] for s in written["segments"]] == [True, True, False, True]
    assert written["segments"][0]["between"] == "reciprocal of the second even"
