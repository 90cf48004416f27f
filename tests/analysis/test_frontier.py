"""Frontiers against every plan there is, on tiny councils, and what ends them early."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction

import pytest

import brute_force as bf
import staffopt as so
from test_brute_force import caseload_council, instance_of, mix_council

OFF = {"standards.keep_average_caseload": "off"}
AMPLE = dict.fromkeys(bf.MONTHS, 10**7)


def enumerated(council, up_to):
    """The frontier by trying every plan: costs in order, each kept if it is better than before."""
    plans = bf.allowed_within(council, Fraction(up_to))
    pairs = sorted({(bf.full_year_cost(council, p), bf.worst_caseload(council, p)) for p in plans})
    kept = []
    for cost, worst in pairs:
        if not kept or worst < kept[-1][1]:
            kept.append((cost, worst))
    return kept


def points(found):
    return [(point.first, point.second) for point in found.points]


@pytest.mark.parametrize("seed", range(6))
def test_the_frontier_of_social_workers_is_that_of_trying_every_plan(seed):
    drawn = caseload_council("none", "team", seed)
    council = replace(drawn, average=None, ceiling=AMPLE)
    up_to = 160_000
    found = so.frontier(instance_of(council), model=council.model, overrides=OFF, up_to=up_to)
    expected = enumerated(council, up_to)
    assert points(found) == expected
    assert len(expected) > 2
    assert found.complete
    assert {str(point.plan.grade) for point in found.points} == {"CERTIFIED"}


@pytest.mark.parametrize("seed", range(4))
def test_the_frontier_of_a_mix_is_that_of_trying_every_plan(seed):
    drawn = mix_council(seed)
    council = replace(drawn, average=None, ceiling=AMPLE, limit=None)
    up_to = 75_000
    found = so.frontier(
        instance_of(council),
        second={"minimise": "worst_caseload", "basis": "effective"},
        model=council.model,
        overrides=OFF,
        up_to=up_to,
    )
    assert points(found) == enumerated(council, up_to)
    assert found.complete


def test_a_ceiling_ends_a_frontier_too():
    # 80,000 of growth's 90,000 in 2027/28 pay for two; a third does not fit.
    # 120 ÷ 5 = 24; 120 ÷ 6 = 20, and 66 ÷ 3 = 22; with one more in South 66 ÷ 4 = 16.5 and 20.
    found = so.frontier(so.load("tiny"), option="social-workers", overrides=OFF)
    assert points(found) == [(0, 24), (40000, 22), (80000, 20)]


def test_nottinghamshires_cases_above_the_band_fall_by_an_edge_with_each_post():
    # 231 above 21.5 a worker today: each of ten posts takes 21.5 away. District Child Protection
    # has 33 over, Children's Disability 45 and Assessment 153: 1, 2 and 7 whole 21.5s, and rests.
    council = so.load("nottinghamshire-2018")
    found = so.frontier(council, second="cases_above_band", model="caseload-target", overrides=OFF)
    expected = [231 - Fraction(43, 2) * posts for posts in range(11)]
    rests = [Fraction("11.5"), Fraction(2), Fraction("2.5")]  # 33 - 21.5, 45 - 43, 153 - 150.5
    left = sum(rests)
    for rest in sorted(rests, reverse=True):
        left -= rest
        expected.append(left)
    assert [point.second for point in found.points] == expected
    assert [point.first for point in found.points] == [
        Fraction("43111.11") * posts for posts in range(14)
    ]


def test_a_limit_of_points_leaves_a_box_in_which_the_others_lie():
    whole = so.frontier(
        so.load("barnsley-2017"), model="caseload-target", overrides=OFF, up_to=400000
    )
    part = so.frontier(
        so.load("barnsley-2017"),
        model="caseload-target",
        overrides=OFF,
        up_to=400000,
        most_points=3,
    )
    assert not part.complete
    assert points(part) == [points(whole)[0], *points(whole)[-3:]]
    [box] = part.unexplored
    missing = points(whole)[1:-3]
    assert missing
    assert all(box.first[0] <= cost <= box.first[1] for cost, _ in missing)
    assert all(box.second[0] <= worst <= box.second[1] for _, worst in missing)


def test_ctrl_c_keeps_the_points_that_are_found():
    cancel = threading.Event()

    def tell(step):
        if step.number == 4:
            cancel.set()

    found = so.frontier(
        so.load("tiny"), option="social-workers", overrides=OFF, tell=tell, cancel=cancel
    )
    assert points(found) == [(0, 24), (40000, 22), (80000, 20)]
    assert [box.first for box in found.unexplored] == [(0, 40000 - found.step)]


def test_a_step_passes_points_over_and_says_so():
    found = so.frontier(
        so.load("barnsley-2017"),
        model="caseload-target",
        overrides=OFF,
        up_to=400000,
        step=100000,
    )
    # from nine posts at 376,551: at most 276,551 are six, 151,034 three, 25,517 none
    assert [point.first for point in found.points] == [41839 * posts for posts in (0, 3, 6, 9)]
    assert not found.complete


def test_without_an_end_a_frontier_is_refused():
    with pytest.raises(so.InputError, match="nothing stops worst_caseload"):
        so.frontier(so.load("barnsley-2017"), model="caseload-target", overrides=OFF)


def test_posts_on_no_step_give_segments_unless_a_step_is_asked_for():
    council = so.load("tiny").where({"roles.social_worker.step": 0})
    asked = {"model": "caseload-target", "overrides": OFF}
    assert so.frontier(council, **asked).complete
    found = so.frontier(council, step=20000, **asked)
    assert not found.segments
    assert not found.complete
    assert found.points[0].first == 0


def test_a_first_goal_that_is_no_money_is_refused():
    with pytest.raises(so.InputError, match="not in pounds"):
        so.frontier(so.load("tiny"), first="worst_caseload")


def test_where_no_plan_meets_the_rules_there_is_no_point():
    found = so.frontier(
        so.load("tiny"), option="social-workers", overrides={"funds.growth.ceiling": "1"}
    )
    assert found.points == ()
    assert "no plan meets every rule" in str(found.none)
