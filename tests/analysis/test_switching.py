"""Switching values: by hand on tiny, and against every plan there is on drawn councils."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

import brute_force as bf
import staffopt as so
from staffopt.analysis.inputs import Input, inputs_of, inputs_under, inputs_under_each
from staffopt.analysis.turning import Beaten, How, crossing
from staffopt.desk import open_desk
from staffopt.instance.schema import Instance
from test_brute_force import changes_of, instance_of, mix_council

AMPLE = dict.fromkeys(bf.MONTHS, 10**7)
WORKER, OFFICER = "roles.social_worker.cost", "roles.support_officer.cost"


def of(path, **asking):
    [one] = so.switching(so.load("tiny"), paths=[path], **asking).found
    return one


def test_a_price_switches_where_two_plans_cost_the_same():
    # Best: a social worker and half an officer, c + 12,000. Two social workers: 2c, less below
    # c = 12,000. Above, it is the best while c + 12,000 fits into the £90,000 of 2027/28.
    one = of(WORKER, option="best-mix")
    assert (one.how, one.grade) == (How.EXACT, "CERTIFIED")
    assert one.below.at == 12_000
    assert one.below.beaten.plan.change["north", "social_worker"] == 2
    assert (one.above.best_at, one.above.not_at) == (78_000, Fraction("78000.01"))
    assert one.above.beaten.words.startswith("stay_within_budget")


def test_a_price_switches_at_once_where_another_plan_costs_the_same_today():
    # Half an officer is 12,000 at 24,000: at c = 12,000 two social workers cost as much.
    one = of(WORKER, option="best-mix", overrides={WORKER: "12000"})
    assert 12_000 in {one.below.at, one.above.at}
    assert one.figure.value == 12_000


def test_what_the_goals_come_to_at_both_ends_is_of_the_best_plan_there():
    # At 20% less, 32,000 + 12,000; at 20% more, 48,000 + 12,000: the plan stays the best.
    one = of(WORKER, option="best-mix")
    assert [effect.goals[0] for effect in (one.low, one.high)] == [44_000, 60_000]
    assert one.swing == 16_000
    assert one.low.best
    # 144 + 66 = 210 cases ÷ 20 = 10.5 FTE: two social workers and an officer or two are too dear.
    cases = of("teams.north.cases", option="best-mix")
    assert cases.high.goals == ()
    assert cases.swing is None


def test_a_target_is_monotone_and_its_switch_is_next_to_the_last_value_that_holds():
    # 186 ÷ (9 + 6/36 × 2) = 186 ÷ 9.3333 = 19.93: any target below breaks. 186 ÷ 9 = 20.67: from
    # there on the officer is needless.
    one = of("standards.keep_average_caseload.target", option="best-mix")
    assert one.how is How.MONOTONE
    assert (one.below.best_at, one.below.not_at) == (Fraction("19.93"), Fraction("19.92"))
    assert (one.above.best_at, one.above.not_at) == (Fraction("20.66"), Fraction("20.67"))


def test_a_ratio_that_enters_coefficients_is_said_to_be_bracketed():
    # 9.3 FTE are needed: 6 hours of 36 to 4 served free 0.333; at r served, r ÷ 2 ÷ 6 ≥ 0.3.
    one = of("standards.release_time.ratio", option="best-mix")
    assert one.how is How.BRACKETED
    assert (one.below.best_at, one.below.not_at) == (Fraction("3.6"), Fraction("3.59"))
    assert not one.above.switches


@pytest.mark.parametrize("seed", [4, 12])
def test_switching_prices_are_those_of_trying_every_plan(seed):
    council = replace(mix_council(seed), ceiling=AMPLE, limit=None)
    paths = [f"roles.{role}.cost" for role in ("worker", "officer")]
    drawn = instance_of(council)
    found = so.switching(drawn, model=council.model, paths=paths, certify=False)
    best = changes_of(found.plan.decisions)
    for one in found.found:
        name, price = one.figure.path.split(".")[1], one.figure.value
        bound = 4 * bf.full_year_cost(council, best)
        plans = bf.allowed_within(council, bound)
        mine, others = _line(council, name, best), {_line(council, name, p) for p in plans}
        low, high = _switches(mine, others, price)
        assert one.how is How.EXACT
        assert (one.below.at, one.above.at) == (low, high)
        # What is dearer than the bound today is dearer still before either switch.
        assert low is None or bound * low / price >= mine[0] + low * mine[1]
        assert high is None or bound >= mine[0] + high * mine[1]


def _line(council, name, change):
    """What a plan costs beside posts of a role, and how many of those posts it has."""
    posts = sum((fte for (_, role), fte in change.items() if role == name), Fraction(0))
    return bf.full_year_cost(council, change) - council.roles[name].cost * posts, posts


def _switches(mine, others, price):
    """The nearest prices on either side at which another plan's line goes below one's own."""
    rest, slope = mine
    more = [(rest - r) / (s - slope) for r, s in others if s > slope]
    fewer = [(rest - r) / (s - slope) for r, s in others if s < slope]
    return max((at for at in more if at > 0), default=None), min(fewer, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_a_crossing_is_the_nearest_of_all_lines_that_cross(seed):
    rng = Random(seed)
    one = Input("a.price", Fraction(100), "pounds", Fraction(1, 100), assumed=False)
    lines = [(Fraction(rng.randrange(1, 400)), Fraction(rng.randrange(9))) for _ in range(9)]
    mine = min(lines, key=lambda line: line[0] + 100 * line[1])

    def standing(at):
        best = min(lines, key=lambda line: line[0] + at * line[1])
        if best[0] + at * best[1] >= mine[0] + at * mine[1]:
            return None
        return Beaten("better", line=lambda x: mine[0] - best[0] + x * (mine[1] - best[1]))

    low, high = _switches(mine, lines, Fraction(100))
    below, above = (crossing(one, end, standing) for end in (one.step, Fraction(100_000)))
    assert below.at == (low if low is not None and low > one.step else None)
    assert above.at == high


def test_a_stated_range_is_the_one_that_is_tried():
    data = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    data["assumptions"][WORKER] = {"reason": "a guess", "low": "39000", "high": "45000"}
    council = Instance.model_validate(data)
    [one] = so.switching(council, paths=[WORKER], option="best-mix").found
    assert (one.low.value, one.high.value, one.stated) == (39_000, 45_000, True)


def test_every_assumption_and_cost_is_looked_at_and_no_step_and_no_pin():
    with open_desk(so.load("tiny-agency")) as desk:
        paths = {one.path for one in inputs_of(desk.question)}
        prices = {one.path for one in inputs_of(desk.question) if one.is_cost}
    assert {"teams.north.posts.social_worker", "funds.growth.ceiling"} <= paths
    assert "funds.growth.ceiling" not in prices
    assert WORKER in prices


def test_figures_that_are_nowhere_and_shares_that_are_none_are_refused():
    with pytest.raises(so.InputError, match=r"no figure stands at .roles\.nobody\.cost"):
        so.switching(so.load("tiny"), paths=["roles.nobody.cost"])
    with pytest.raises(so.InputError, match="is no share"):
        so.switching(so.load("tiny"), within="120%")


def test_ctrl_c_keeps_the_figures_that_are_done():
    cancel = threading.Event()

    def tell(step):
        if step.number == 3:
            cancel.set()

    found = so.switching(
        so.load("tiny"), paths=[OFFICER, WORKER], option="best-mix", tell=tell, cancel=cancel
    )
    assert found.stopped
    assert [one.figure.path for one in found.found] == [OFFICER]


def test_figures_under_several_paths_are_those_under_each():
    with so.open(so.load("tiny")) as desk:
        question = desk.question
    paths = [
        "roles",
        "roles.support_officer",
        "roles.support_officer.cost",
        "teams.nor",
        "calendar",
    ]
    found = inputs_under_each(question, paths)
    assert found == {path: inputs_under(question, path) for path in paths}
    told = {path: [one.path for one in figures] for path, figures in found.items()}
    officer = [f"roles.support_officer.{name}" for name in ("step", "cost", "set_up")]
    assert sorted(told["roles.support_officer"]) == sorted(officer)
    assert set(officer) < set(told["roles"])
    assert (told["roles.support_officer.cost"], told["teams.nor"]) == ([officer[1]], [])
