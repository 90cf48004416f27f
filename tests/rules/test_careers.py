"""Careers, row by row: who may take up which role, move, leave, work short time or train others."""

from __future__ import annotations

from fractions import Fraction

import pytest

import compiled as tiny
from compiled import ask, compiled, minimised
from staffopt.carrying import carrying_faults
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    CarryStaffForward,
    ChangeRoles,
    FillPosts,
    KeepAverageCaseload,
    LimitRecruitment,
    MakeRedundant,
    RecruitWithinSupply,
    RedeployStaff,
    StayWithinBudget,
    TrainByExperienced,
    WorkShortTime,
)

F = Fraction
INF = float("inf")
MONTHS = {"start": "2024-10", "end": "2024-12", "periods": "months"}
CARRY = CarryStaffForward(label="carry")
FILL = FillPosts.model_validate({"label": "fill", "surplus": 100})
OCT, NOV, DEC = "2024-10", "2024-11", "2024-12"
STAYS = {"leavers": 0, "rates": "monthly"}


def council(worker=None, new=None, leavers="0.1"):
    """A tenth of the workers leaves every month, of the new and the agency's staff nobody."""
    return {
        "roles": {
            "worker": {
                "set_up": "none",
                "turnover": {"leavers": leavers, "rates": "monthly"},
                "career": worker,
            },
            "new": {
                "kind": "case_holder",
                "step": 1,
                "cost": 30000,
                "turnover": STAYS,
                "career": new,
            },
            "agency": {
                "kind": "case_holder",
                "tags": ["agency"],
                "covers": "worker",
                "step": "0.5",
                "cost": 60000,
                "turnover": STAYS,
                "career": {"into": {"worker": {"by": "convert", "cost": 2000, "loss": "0.5"}}},
            },
        },
        "teams": {"north": {"posts": {"new": 2}, "people": {"worker": 2, "new": 2, "agency": 3}}},
        "calendar": MONTHS,
    }


def carried(rule, *others, **tables):
    given = council(**{k: tables.pop(k) for k in ("worker", "new", "leavers") if k in tables})
    return compiled(CARRY, FILL, rule, *others, may_change=(), **(given | tables))


def rows(program, block):
    """Write out a block's rows, with stocks as what is decided and what is left of today."""
    stocks = {}
    for name in ("in_post", "able"):
        for cell, (terms, left, _) in tiny.rows(program, f"stocks {name}").items():
            own = f"{name}[{cell}]"
            stocks[own] = {label: -w for label, w in terms.items() if label != own}, left
    found = {}
    for cell, (terms, low, high) in tiny.rows(program, block).items():
        whole, known = {}, 0
        for label, weight in terms.items():
            form, left = stocks.get(label, ({label: 1}, 0))
            known += weight * left
            for part, share in form.items():
                whole[part] = whole.get(part, 0) + weight * share
        whole = {label: weight for label, weight in whole.items() if weight}
        found[cell] = whole, low - known, high - known
    return found


def into(**way):
    return {"into": {"worker": {"by": "retrain", **way}}}


def within(program, role, month, team="north"):
    return rows(program, "fill within posts")[f"{team},{role},{month}"]


def test_who_retrains_leaves_one_role_and_a_part_takes_up_the_other_later():
    # one month on the way, and a fifth never arrives: 0.8 · R[Oct] workers in November, of whom
    # 0.9 are left in December
    program = carried(ChangeRoles(label="change"), new=into(months=1, loss="0.2"))
    moved = f"retrain[north,new,worker,{OCT}]"
    assert within(program, "new", OCT)[0][moved] == -1
    assert moved not in within(program, "worker", OCT)[0]
    assert within(program, "worker", NOV)[0][moved] == F("0.8")
    assert within(program, "worker", DEC)[0][moved] == F("0.8") * F("0.9")


def test_agency_staff_who_become_permanent_are_cover_no_more():
    # each takes a post as cover, and half of one as a worker, for half do not stay
    program = carried(ChangeRoles(label="change"))
    convert = f"convert[north,agency,worker,{OCT}]"
    assert within(program, "worker", OCT)[0][convert] == F("0.5") - 1
    assert within(program, "worker", NOV)[0][convert] == F("0.5") * F("0.9") - 1


def test_a_way_is_limited_in_a_month_over_all_teams():
    program = carried(ChangeRoles(label="change"), new=into(most=3))
    terms, least, most = rows(program, "change new into worker")[NOV]
    assert terms == {f"retrain[{t},new,worker,{NOV}]": 1 for t in ("north", "office", "south")}
    assert (least, most) == (-INF, 3)


@pytest.mark.parametrize(
    ("counted", "terms", "most"),
    [
        # a quarter of the workers of October: 0.9 of the two of today, and whoever arrived
        ("before", {f"retrain[north,new,worker,{OCT}]": F("-0.25")}, F("0.25") * 2 * F("0.9")),
        (
            "after",
            {
                f"retrain[north,new,worker,{OCT}]": F("-0.25") * F("0.9"),
                f"retrain[north,new,worker,{NOV}]": F("-0.25"),
            },
            F("0.25") * 2 * F("0.81"),
        ),
    ],
)
def test_a_way_is_limited_by_a_share_of_a_stock(counted, terms, most):
    share = {"share": "0.25", "of": "worker", "counted": counted}
    new, join = into(most_share=share), LimitRecruitment.model_validate({"label": "s", "limit": 0})
    program = carried(ChangeRoles(label="change", scope="north"), join, new=new)
    found, _, bound = rows(program, "change new into worker by share")[NOV]
    gone = f"retrain[north,new,worker,{NOV}]"
    for name, value in terms.items():
        assert found[name] == value + (1 if name == gone else 0)
    assert bound == most


def test_nobody_sets_out_who_is_not_there():
    program = carried(ChangeRoles(label="change"), new=into())
    # R[Oct] ≤ 2 of today, whoever joins coming after
    assert rows(program, "carry who is there")[f"north,new,{OCT}"] == (
        {f"retrain[north,new,worker,{OCT}]": 1},
        -INF,
        2,
    )


def test_redundancies_are_limited_in_all_and_by_a_share_of_those_of_the_month_before():
    rule = MakeRedundant.model_validate({"label": "redundant", "limit": 1, "share": "0.25"})
    program = carried(rule, worker={"redundancy": 5000})
    gone = [f"redundancy[{t},worker,{NOV}]" for t in ("north", "office", "south")]
    assert rows(program, "redundant limit")[NOV] == (dict.fromkeys(gone, 1), -INF, 1)
    terms, _, most = rows(program, "redundant share")[f"north,worker,{NOV}"]
    # D[Nov] ≤ 0.25 · (2 · 0.9 - D[Oct] + J[Oct])
    assert terms == {
        f"redundancy[north,worker,{NOV}]": 1,
        f"redundancy[north,worker,{OCT}]": F("0.25"),
        f"join[north,worker,{OCT}]": F("-0.25"),
    }
    assert most == F("0.25") * 2 * F("0.9")


def test_only_roles_with_a_cost_of_redundancy_are_made_redundant():
    program = carried(MakeRedundant(label="redundant"), worker={"redundancy": "none"})
    block = next(b for b in program.column_blocks if b.name == "redundancy")
    names = {program.column_label(i).split(",")[1] for i in range(block.start, block.stop)}
    assert names == {"worker"}


def test_whoever_moves_leaves_one_team_and_arrives_in_the_other_within_the_limit():
    rule = RedeployStaff.model_validate({"label": "move", "limit": 2, "scope": ["north", "south"]})
    program = carried(rule, worker={"redeployment": 300})
    there, back = f"redeploy[north,worker,south,{OCT}]", f"redeploy[south,worker,north,{OCT}]"
    assert rows(program, "move")[OCT] == ({there: 1, back: 1}, -INF, 2)
    assert within(program, "worker", OCT)[0][there] == -1
    assert within(program, "worker", OCT, "south")[0][there] == 1
    assert within(program, "worker", NOV, "south")[0][there] == F("0.9")


def test_short_time_takes_a_part_of_those_there_and_no_more_than_there_are():
    average = KeepAverageCaseload.model_validate(
        {"label": "average", "target": 25, "denominator": "adjusted", "each": "team"}
    )
    worker = {"short_time": {"idle": "0.4", "most": 3}}
    program = carried(WorkShortTime(label="short"), average, worker=worker)
    short = f"short_time[north,worker,{OCT}]"
    assert rows(program, "average")[f"north,{OCT}"][0][short] == F("-0.4")
    assert short not in rows(program, "average")[f"north,{NOV}"][0]
    assert short not in within(program, "worker", OCT)[0]
    terms, _, most = rows(program, "short who is there")[f"north,worker,{OCT}"]
    assert (terms, most) == ({short: 1, f"join[north,worker,{OCT}]": -1}, 2 * F("0.9"))
    others = [f"short_time[{t},worker,{OCT}]" for t in ("north", "office", "south")]
    assert rows(program, "short worker")[OCT] == (dict.fromkeys(others, 1), -INF, 3)


def test_trainees_take_a_part_of_those_who_train_them():
    average = KeepAverageCaseload.model_validate(
        {"label": "average", "target": 25, "denominator": "adjusted", "each": "team"}
    )
    new = {"trained_by": {"role": "worker", "takes": "0.2", "each": 3}}
    program = carried(TrainByExperienced(label="train"), average, new=new)
    joined = f"join[north,new,{OCT}]"
    # one more trainee holds a caseload of their own, and takes a fifth of a worker's
    assert rows(program, "average")[f"north,{OCT}"][0][joined] == 1 - F("0.2")
    terms, _, most = rows(program, "train trainers of new")[f"north,new,{OCT}"]
    # 2 + J[new] ≤ 3 · (1.8 + J[worker])
    assert (terms, most) == ({joined: 1, f"join[north,worker,{OCT}]": -3}, 3 * F("1.8") - 2)
    terms, least, _ = rows(program, "train time to train new")[f"north,worker,{OCT}"]
    # 1.8 + J[worker] - 0.2 · (2 + J[new]) ≥ 0
    assert terms == {joined: F("-0.2"), f"join[north,worker,{OCT}]": 1}
    assert least == F("0.4") - F("1.8")


def test_no_more_of_a_role_join_than_can_be_found_and_who_drops_out_was_found_too():
    worker = {"supply": 2, "drop_out": "0.25"}
    program = carried(RecruitWithinSupply(label="found"), worker=worker)
    joined = [f"join[{t},worker,{NOV}]" for t in ("north", "office", "south")]
    assert rows(program, "found worker")[NOV] == (dict.fromkeys(joined, 1), -INF, 2)
    assert within(program, "worker", NOV)[0][f"join[north,worker,{NOV}]"] == F("0.75")


def test_those_of_today_may_be_the_first_months_own():
    stay = CarryStaffForward(label="carry", leave_at_once=False)
    program = compiled(stay, FILL, may_change=(), **council())
    assert within(program, "worker", OCT)[2] == 100 + 4 - 2 - 3
    assert within(program, "worker", NOV)[2] == 100 + 4 - 2 * F("0.9") - 3


def test_everything_is_paid_in_the_month_in_which_it_is_decided():
    fund = {"name": "Growth", "pays_for": {"added_posts": ["all"]}, "ceiling": 10000}
    worker = {"redundancy": 5000, "redeployment": 300, "short_time": {"idle": "0.5", "cost": 70}}
    others = (
        MakeRedundant(label="redundant"),
        RedeployStaff(label="move"),
        WorkShortTime(label="short"),
        StayWithinBudget(label="budget"),
    )
    given = {"new": into(months=2, cost=900), "worker": worker, "funds": {"growth": fund}}
    program = carried(ChangeRoles(label="change"), *others, **given)
    terms = rows(program, "budget")["growth,2024/25"][0]
    assert terms[f"retrain[north,new,worker,{DEC}]"] == 900
    assert terms[f"redundancy[north,worker,{NOV}]"] == 5000
    assert terms[f"redeploy[north,worker,south,{NOV}]"] == 300
    assert terms[f"short_time[south,worker,{OCT}]"] == 70


def test_a_rule_that_nobodys_career_speaks_of_asks_nothing():
    rules = (
        ChangeRoles(label="change"),
        MakeRedundant(label="redundant"),
        RedeployStaff(label="move"),
        WorkShortTime(label="short"),
        TrainByExperienced(label="train"),
        RecruitWithinSupply(label="found"),
    )
    tables = council()
    tables["roles"]["agency"]["career"] = None
    with_rules = compiled(CARRY, FILL, *rules, may_change=(), **tables)
    without = compiled(CARRY, FILL, may_change=(), **tables)
    assert with_rules.matrix.columns == without.matrix.columns
    assert with_rules.matrix.rows == without.matrix.rows


def test_the_cheapest_is_to_make_agency_staff_permanent():
    # cover costs 20,000 a year above a worker: three for three months 15,000; one made permanent
    # saves 5,000 and costs 2,000, but half leave again, and posts need not be filled: all three
    tables, goals = council(), (Goal(minimise="cost"),)
    asked = ask(CARRY, FILL, ChangeRoles(label="change"), goals=goals, may_change=(), **tables)
    assert [round(goal.value, 6) for goal in minimised(asked).reached] == [3 * (2000 - 5000)]


@pytest.mark.parametrize(
    ("rule", "tables", "code"),
    [
        (ChangeRoles(label="r"), {"new": into(cost="unknown")}, "unknown-cost"),
        (MakeRedundant(label="r"), {"worker": {"redundancy": "unknown"}}, "unknown-cost"),
        (RedeployStaff(label="r"), {"worker": {"redeployment": "unknown"}}, "unknown-cost"),
        (
            WorkShortTime(label="r"),
            {"worker": {"short_time": {"idle": "0.5", "cost": "unknown"}}},
            "unknown-cost",
        ),
    ],
)
def test_what_costs_nobody_knows_how_much_is_refused(rule, tables, code):
    given = council(**tables)
    (fault,) = carrying_faults(ask(CARRY, FILL, rule, may_change=(), **given))
    assert fault.code == code
    assert fault.place.path.startswith("roles.")


@pytest.mark.parametrize(
    ("rule", "tables"),
    [
        (MakeRedundant(label="r"), {"worker": {"redundancy": 1}}),
        (TrainByExperienced(label="r"), {"new": {"trained_by": {"role": "worker"}}}),
        (RecruitWithinSupply(label="r"), {"new": {"supply": 1}}),
    ],
)
def test_who_is_not_carried_forward_has_no_career(rule, tables):
    (fault,) = carrying_faults(ask(rule, may_change=(), **council(**tables)))
    assert fault.code == "not-carried"


def test_a_way_into_a_role_that_is_not_carried_forward_is_refused():
    new = {"into": {"officer": {"by": "downgrade"}}}
    asked = ask(CARRY, FILL, ChangeRoles(label="r"), may_change=(), **council(new=new))
    (fault,) = carrying_faults(asked)
    assert fault.code == "not-carried"
    assert "officer" in fault.what
