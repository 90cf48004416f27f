"""Councils on which what the solver was told and what the verifier checks once differed."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import Any

import pytest

import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import Grade
from staffopt.request import Request

HALF_AND_WHOLE_YEAR = {"start": "2026-10", "end": "2028-03"}
COST = {"minimise": "full_year_cost"}


def answer(
    rules: dict[str, Any],
    goals: list[dict[str, Any]],
    *,
    may: tuple[str, ...] | list[str] = ("case_holder",),
    **council: Any,
) -> so.Plan:
    """Ask a council a question of its own: ``worker`` is a case holder at £40,000, step 1."""
    worker = {"kind": "case_holder", "step": 1, "cost": 40_000}
    tree: dict[str, Any] = {
        "schema_version": 1,
        "instance": "own",
        "title": "Own",
        "calendar": HALF_AND_WHOLE_YEAR,
        "roles": {"worker": {**worker, **council.pop("worker", {})}, **council.pop("roles", {})},
        "teams": {"a": {"name": "A", "cases": 60, "posts": {"worker": 3}}},
        **council,
    }
    head = {"schema_version": 1, "model": "own", "title": "Own"}
    model = {**head, "may_change": may, "rules": rules, "goals": goals}
    request = Request(model="own", isolation="inline")
    instance = Instance.model_validate(tree)
    return Desk(instance, {"own": Model.model_validate(model)}, request).solve()


def test_a_model_without_goals_gets_a_plan():
    plan = answer({"keep_average_caseload": {"target": 15}}, [])

    assert plan.change["a", "worker"] == 1  # 60 ÷ 15 = 4, from 3


def test_a_model_without_goals_that_cannot_be_met_is_infeasible():
    rules = {"keep_average_caseload": {"target": 15}, "limit_recruitment": {"limit": 0}}

    with pytest.raises(so.Infeasible):
        answer(rules, [])


def test_a_model_without_goals_that_may_change_nothing_gets_today():
    plan = answer({}, [], may=["manager"])

    assert plan.change["a", "worker"] == 0


def test_posts_kept_in_one_team_may_still_be_cut_in_another():
    rules = {"keep_existing_posts": {"scope": "a"}, "keep_average_caseload": {"target": 20}}
    two = {
        "a": {"name": "A", "cases": 60, "posts": {"worker": 2}},
        "b": {"name": "B", "cases": 40, "posts": {"worker": 6}},
    }

    plan = answer(rules, [COST, {"minimise": "change_from_today"}], teams=two)

    # 100 ÷ 20 = 5 of today's 8: three go from B, since A keeps its two.
    assert (plan.change["a", "worker"], plan.change["b", "worker"]) == (0, -3)
    assert [goal.value for goal in plan.goals] == [-120_000, 3]


def test_recruitment_counts_what_is_added_less_what_is_cut():
    rules = {
        "keep_average_caseload": {"target": 20, "each": "team"},
        "limit_recruitment": {"limit": 0},
    }
    two = {
        "a": {"name": "A", "cases": 60, "posts": {"worker": 2}},
        "b": {"name": "B", "cases": 40, "posts": {"worker": 6}},
    }

    plan = answer(rules, [{"minimise": "change_from_today"}], teams=two)

    # A needs 60 ÷ 20 = 3. Nobody can be recruited, so one moves there from B.
    assert (plan.change["a", "worker"], plan.change["b", "worker"]) == (1, -1)


def test_a_team_without_cases_needs_nobody_for_its_printed_average():
    two = {
        "a": {"name": "A", "cases": 60, "posts": {"worker": 3}},
        "b": {"name": "B", "cases": 0, "posts": {}},
    }
    average = {"target": 20, "each": "team", "rounding": "printed(1)"}

    plan = answer({"keep_average_caseload": average}, [COST], teams=two)

    assert sum(plan.change.values()) == 0


def test_a_need_is_not_rounded_where_no_case_holder_may_change():
    average = {"target": "19.5", "rounding": "posts_nearest"}  # 60 ÷ 19.5 - 3 = 0.08 FTE short

    with pytest.raises(so.Infeasible):
        answer({"keep_average_caseload": average}, [COST], may=["support"])


def test_time_released_under_two_rules_adds_up():
    hours = {"rule": "release_time", "hours": 9, "contract_hours": 36, "ratio": 1}
    rules = {
        "keep_average_caseload": {"target": 20, "basis": "effective"},
        "one": {**hours, "support": "support"},
        "two": {**hours, "support": "administration"},
        "keep_existing_posts": {},
    }
    roles = {
        "officer": {"kind": "support", "step": 1, "cost": 1_000},
        "clerk": {"kind": "administration", "step": 1, "cost": 1_000},
    }
    eighty = {"a": {"name": "A", "cases": 80, "posts": {"worker": 3}}}
    pins = {"change": {"officer": 2, "clerk": 2}}

    plan = answer(
        rules, [COST], may=["support", "administration"], roles=roles, teams=eighty, pins=pins
    )

    # 3 workers and a quarter of each of the 2 + 2 newly served are 4 FTE: 80 ÷ 4 = 20.
    assert plan.goals[0].value == 4_000


BANDS = {"edges": {"low": "< 15", "fine": "15-20", "high": "> 20"}}


def test_cases_that_nobody_holds_are_in_no_band_however_high():
    teams = {"a": {"name": "A", "cases": 60, "posts": {}}}

    plan = answer({"choose_band": {"forbid": ["fine"]}}, [COST], teams=teams, bands=BANDS)

    assert plan.change["a", "worker"] == 1


@pytest.mark.parametrize(
    ("pays_for", "required"),
    [({"posts_today": ["all"]}, False), ({"packages": ["kit"]}, True)],
    ids=["posts of today", "the one-off cost of a package"],
)
def test_nothing_at_all_is_charged_to_a_fund_after_its_last_month(pays_for, required):
    rules = {"stay_within_budget": {}, "take_bundle_whole": {"required": required}}
    fund = {"name": "Growth", "pays_for": pays_for, "ends": "2027-03"}

    with pytest.raises(so.Infeasible):
        answer(
            rules,
            [COST],
            funds={"growth": fund},
            packages={"kit": {"name": "Kit", "start": "2027-05", "months": 1}},
            package_lines=[{"package": "kit", "item": "desk", "count": 1, "one_off": 500}],
        )


def test_a_package_of_unknown_cost_is_not_taken_where_its_fund_has_ended():
    rules = {"stay_within_budget": {}, "take_bundle_whole": {"required": True}}
    fund = {"name": "Growth", "pays_for": {"packages": ["kit"]}, "ends": "2027-03"}
    line = {"package": "kit", "post": "Lead", "fte": 1, "recurrent": "unknown"}

    with pytest.raises(so.Infeasible):
        answer(
            rules,
            [COST],
            funds={"growth": fund},
            packages={"kit": {"name": "Kit", "start": "2027-03", "months": 2}},
            package_lines=[line],
        )


def test_a_goal_that_may_be_worsened_is_not_taken_for_one_that_was_misstated():
    rules = {"keep_existing_posts": {}, "limit_recruitment": {"limit": 2}}
    goals = [{"minimise": "worst_caseload", "tolerance": 3}, COST]

    plan = answer(rules, goals)

    # At best 60 ÷ (3 + 2) = 12; 15, which is 60 ÷ 4, is within 3 of it and a post cheaper.
    assert [goal.value for goal in plan.goals] == [15, 40_000]


def test_a_goal_that_later_goals_worsened_as_they_may_is_still_proven():
    rules = {"keep_existing_posts": {}, "limit_recruitment": {"limit": 2}}
    goals = [{"minimise": "worst_caseload", "tolerance": 3}, COST]

    assert answer(rules, goals).grade is not Grade.FEASIBLE


def test_a_question_in_which_nothing_stops_a_goal_is_refused_as_an_input():
    with pytest.raises(so.InputError, match="nothing stops worst_caseload"):
        answer({"keep_existing_posts": {}}, [{"minimise": "worst_caseload"}])


def test_two_solvers_that_stop_within_a_gap_do_not_disagree():
    program = so.load("tiny")
    with so.open(program, option="best-mix", isolation="inline", gap="0.5") as desk:
        exact = so.solve(program, option="best-mix", isolation="inline")
        loose = desk.solve()

    assert loose.goals[0].value <= 2 * exact.goals[0].value


def test_a_worst_caseload_may_end_better_than_it_was_reached_where_a_gap_was_left():
    # With a gap the first goal may end dearer than the least, and what comes after then finds
    # lower caseloads than the solve of the second goal had stopped at.
    council = so.load("nottinghamshire-2018")
    plan = so.solve(council, option="best-mix", isolation="inline", gap="0.05")
    least = so.solve(council, option="best-mix", isolation="inline", cross_check=False)
    assert so.verify(plan).ok
    assert least.goals[0].value <= plan.goals[0].value <= Fraction(20, 19) * least.goals[0].value


def test_a_later_goal_that_nothing_stops_is_refused_as_an_input_too():
    goals = [COST, {"minimise": "worst_caseload"}]

    with pytest.raises(so.InputError, match="nothing stops worst_caseload"):
        answer({"keep_existing_posts": {}}, goals, worker={"cost": "none"})


def test_a_package_is_not_held_back_by_the_end_of_a_fund_that_does_not_pay_for_it():
    # The Strategic Development Fund pays for the project team; contingency has no part in it.
    council = so.load("nottinghamshire-2018")
    ends = {"funds.contingency.ends": "2019-03"}
    plan = so.solve(council, model="project-team", overrides=ends, cross_check=False)
    assert [figure.taken for figure in plan.figures.packages] == [True]


def test_what_is_cut_under_one_fund_pays_for_nothing_under_another():
    # Assessment needs 9 officers at 26,776; the three that CDS has today are the base budget's.
    council = so.load("nottinghamshire-2018")
    changes = {
        "standards.keep_existing_posts": "off",
        "funds.contingency.ceiling": 9 * 26776,
        "standards.keep_support_ratio.scope": "assessment",
        "standards.limit_span_of_control.span": 1000,
    }
    plan = so.solve(council, model="support-ratio", overrides=changes, cross_check=False)
    assert plan.change["assessment", "swso"] == 9
    assert plan.change["cds", "swso"] == -3
    full_year = {line.line: line.fund for line in plan.figures.money if line.year == "full year"}
    assert (full_year["added swso"], full_year["cut swso"]) == ("contingency", "base")
    poorer = {**changes, "funds.contingency.ceiling": 9 * 26776 - 1}
    with pytest.raises(so.Infeasible):
        so.solve(council, model="support-ratio", overrides=poorer, cross_check=False)


def test_a_cancel_that_comes_before_the_solve_is_heard():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(so.Cancelled):
        so.solve(so.load("tiny"), cancel=cancel)


def test_where_ceilings_hold_a_plan_back_the_fewest_pounds_more_are_told():
    # 580,521 a year and 314,460.50 in the first (11, 21) against 300,000 each
    council = so.load("nottinghamshire-2018").where({"funds.contingency.ceiling": 300000})
    with pytest.raises(so.Infeasible) as raised:
        so.solve(council, option="recommended")
    _, money = raised.value.repairs
    assert {clash.parameter: clash.by for clash in money.gives} == pytest.approx(
        {
            "funds.contingency.ceiling.2018/19": 14460.5,
            "funds.contingency.ceiling.2019/20": 280521,
            "funds.contingency.ceiling.2020/21": 280521,
        }
    )


@pytest.mark.parametrize(("posts", "rate"), [(0, 0), (1, 900)])
def test_a_band_has_no_price_where_there_are_neither_cases_nor_anybody(posts, rate):
    # With a worker and no cases the average is 0, which is low at £900; with nobody there is none.
    bands = {"edges": {"low": "< 15", "high": ">= 15"}}
    rules = {"choose_band": {"price": {"low": 900}, "margin": "0.001"}, "keep_existing_posts": {}}
    idle = {"a": {"name": "A", "cases": 0, "posts": {"worker": posts}}}

    plan = answer(rules, [COST], teams=idle, bands=bands)

    assert [goal.value for goal in plan.goals] == [rate]


def test_work_that_two_rules_look_at_is_paid_for_once():
    # 5 are needed in October and 3 in November: with 3 there, 2 are in overtime at £1,000 a month.
    months = {"start": "2026-10", "end": "2026-11", "periods": "months"}
    work = {"overtime": {"most": 1, "cost": 1_000}}
    team = {"name": "A", "cases": "none", "posts": {"worker": 3}}
    team["needed"] = {"worker": {"2026-10": 5, "2026-11": 3}}
    rules = {"meet_staff_needed": {}, "again": {"rule": "meet_staff_needed"}}
    council = {"worker": {"work": work}, "teams": {"a": team}, "calendar": months}

    plan = answer(rules, [{"minimise": "cost"}], may=[], **council)

    assert [goal.value for goal in plan.goals] == [2_000]


def test_a_type_of_cases_may_be_called_cases():
    # 3 workers close 6 of 66 cases in each month, so that 60 stay open: 60 ÷ 3 = 20.
    # 2 would close 4 only, and 62 ÷ 2 is more.
    months = {"start": "2026-10", "end": "2026-11", "periods": "months"}
    team = {"name": "A", "cases": {"cases": 60}, "posts": {"worker": 4}}
    team["flow"] = {"types": {"cases": {"figure": 6}}, "closures_per_fte": 2}
    rules = {"flow_cases": {}, "keep_average_caseload": {"target": 20, "each": "team"}}
    council = {"case_types": {"cases": {}}, "teams": {"a": team}, "calendar": months}

    plan = answer(rules, [{"minimise": "cost"}], **council)

    assert plan.change["a", "worker"] == -1


def test_a_year_overspent_at_a_price_weighs_the_same_where_periods_are_years():
    # A worker more for half of 2026/27 and all of 2027/28: £20,000 and £40,000, over £1,000 each.
    rules = {
        "keep_average_caseload": {"target": 15},
        "stay_within_budget": {"soften": {"price": 2}},
    }
    pot = {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 1_000}
    years = {**HALF_AND_WHOLE_YEAR, "periods": "financial_years"}

    plan = answer(rules, [{"minimise": "penalty"}], funds={"pot": pot}, calendar=years)

    assert [goal.value for goal in plan.goals] == [2 * (19_000 + 39_000)]
