"""Careers checked: what people may do and do not, who is there then, and what it costs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.model.schema import Goal
from staffopt.plan import Decisions, FlowDecision, Verdict
from staffopt.rulebook import (
    CarryStaffForward,
    ChangeRoles,
    FillPosts,
    MakeRedundant,
    RecruitWithinSupply,
    RedeployStaff,
    TrainByExperienced,
    WorkShortTime,
)
from staffopt.verifier import check_decisions, derive, goal_value

F = Fraction
MONTHS = {"start": "2024-10", "end": "2025-04", "periods": "months"}
CARRY = CarryStaffForward(label="carry")
FILL = FillPosts.model_validate({"label": "fill", "surplus": 100})
OCT, NOV, DEC, APR = "2024-10", "2024-11", "2024-12", "2025-04"


def council(worker=None, new=None):
    """A tenth of the workers leaves every month; a half of who joins drops out at once."""
    return {
        "roles": {
            "worker": {
                "set_up": "none",
                "turnover": {"leavers": "0.1", "rates": "monthly", "ramp": ["0.5"]},
                "career": worker,
            },
            "new": {
                "kind": "case_holder",
                "step": 1,
                "cost": 30000,
                "turnover": {"leavers": 0},
                "career": new,
            },
        },
        "teams": {
            "north": {"posts": {"new": 4}, "people": {"worker": 4, "new": 4}},
            "south": {"people": {"worker": 2}},
        },
        "funds": {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}}},
        "calendar": MONTHS,
    }


def into(**way):
    return {"into": {"worker": {"by": "retrain", **way}}}


def flows(*listed):
    """(kind, role, month, FTE) in the north, and where they go to if it is elsewhere."""
    return Decisions(
        flows=tuple(
            FlowDecision(kind=k, team="north", role=r, period=p, fte=F(fte), **to)
            for k, r, p, fte, *rest in listed
            for to in rest or [{}]
        )
    )


WORKER = {"to_role": "worker"}
SOUTH = {"to_team": "south"}


@pytest.fixture
def asked(tiny):
    def ask(rule, **careers):
        return tiny(CARRY, FILL, rule, **council(**careers))

    return ask


def broken(question, decisions):
    found = check_decisions(question, decisions)
    return [(f.rule, f.team, f.by) for f in found if f.verdict is Verdict.BROKEN]


def of(question, decisions, role, field="in_post", team="north"):
    figures = derive(question, decisions).flows
    return [getattr(f, field) for f in figures if (f.team, f.role) == (team, role)]


@pytest.mark.parametrize(
    ("by", "able"),
    # settled at once, or with half a caseload first, as an apprentice's first month in the role
    [("retrain", F("3.24") + 1), ("apprentice", F("3.24") + F("0.5"))],
)
def test_who_takes_up_another_role_leaves_one_and_arrives_in_the_other(asked, by, able):
    question = asked(ChangeRoles(label="change"), new=into(by=by, months=1, loss="0.5"))
    decisions = flows((by, "new", OCT, 2, WORKER))
    assert broken(question, decisions) == []
    assert of(question, decisions, "new")[:2] == [2, 2]
    assert of(question, decisions, "worker")[:3] == [F("3.6"), F("4.24"), F("3.816")]
    assert of(question, decisions, "worker", "able")[1] == able
    assert of(question, decisions, "worker", "moved_in")[1] == 1
    assert of(question, decisions, "new", "moved_out")[0] == 2


@pytest.mark.parametrize(
    ("way", "decision", "found"),
    [
        ({"most": 1}, ("retrain", "new", OCT, 2, WORKER), [("change", None, 1)]),
        ({"most": 2}, ("retrain", "new", OCT, 2, WORKER), []),
        # a half of the four workers in the north and two in the south, before any leave
        (
            {"most_share": {"share": "0.25", "of": "worker"}},
            ("retrain", "new", OCT, 2, WORKER),
            [("change", None, F("0.5"))],
        ),
        # of 3.6 and 1.8 and the two of whom nobody is lost
        (
            {"most_share": {"share": "0.25", "of": "worker", "counted": "after"}},
            ("retrain", "new", OCT, 2, WORKER),
            [("change", None, 2 - F("0.25") * F("7.4"))],
        ),
        (
            {"most_share": {"share": "0.75"}},
            ("retrain", "new", OCT, 4, WORKER),
            [("change", None, 1)],
        ),
        ({}, ("retrain", "new", OCT, 5, WORKER), [("carry", "north", 1)]),
        ({}, ("downgrade", "new", OCT, 1, WORKER), [("decisions", "north", None)]),
        ({}, ("retrain", "worker", OCT, 1, {"to_role": "new"}), [("decisions", "north", None)]),
        ({}, ("retrain", "new", OCT, 1), [("decisions", "north", None)]),
        ({}, ("retrain", "new", OCT, 1, {**WORKER, **SOUTH}), [("decisions", "north", None)]),
    ],
)
def test_ways_into_other_roles_have_limits(asked, way, decision, found):
    question = asked(ChangeRoles(label="change"), new=into(**way))
    assert broken(question, flows(decision)) == found


def test_nobody_takes_up_another_role_where_no_rule_lets_them(asked):
    question = asked(ChangeRoles(label="change", scope="south"), new=into())
    assert broken(question, flows(("retrain", "new", OCT, 1, WORKER))) == [
        ("decisions", "north", None)
    ]


@pytest.mark.parametrize(
    ("parameters", "by"),
    [
        ({}, []),
        ({"limit": 1}, [("redundant", None, 1)]),
        ({"limit": 2}, []),
        ({"share": "0.25"}, [("redundant", "north", 1)]),  # of four before the month
        ({"share": "0.5"}, []),
        ({"scope": "south"}, [("decisions", "north", None)]),
    ],
)
def test_redundancies_have_limits(asked, parameters, by):
    rule = MakeRedundant.model_validate({"label": "redundant", **parameters})
    question = asked(rule, worker={"redundancy": 5000})
    decisions = flows(("redundancy", "worker", OCT, 2))
    assert broken(question, decisions) == by
    assert goal_value(question, decisions, Goal(minimise="redundancies")) == 2


def test_a_role_without_a_cost_of_redundancy_has_none(asked):
    question = asked(MakeRedundant(label="redundant"), worker={"supply": 1})
    decisions = flows(("redundancy", "worker", OCT, 1))
    assert broken(question, decisions) == [("decisions", "north", None)]


def test_whoever_moves_is_in_the_other_team(asked):
    question = asked(RedeployStaff(label="move"), worker={"redeployment": 300})
    decisions = flows(("redeploy", "worker", OCT, 1, SOUTH))
    assert broken(question, decisions) == []
    assert of(question, decisions, "worker")[:2] == [F("2.6"), F("2.34")]
    assert of(question, decisions, "worker", team="south")[:2] == [F("2.8"), F("2.52")]


@pytest.mark.parametrize(
    ("parameters", "worker", "to", "found"),
    [
        ({"limit": 1}, {"redeployment": 300}, SOUTH, [("move", None, 1)]),
        ({"limit": 2}, {"redeployment": 300}, SOUTH, []),
        ({"scope": "north"}, {"redeployment": 300}, SOUTH, [("decisions", "north", None)]),
        ({}, {"supply": 9}, SOUTH, [("decisions", "north", None)]),
        ({}, {"redeployment": 300}, {}, [("decisions", "north", None)]),
    ],
)
def test_moves_have_limits(asked, parameters, worker, to, found):
    rule = RedeployStaff.model_validate({"label": "move", **parameters})
    decisions = flows(("redeploy", "worker", OCT, 2, to))
    assert broken(asked(rule, worker=worker), decisions) == found


def test_those_on_short_time_are_there_and_do_a_part_of_their_work(asked):
    question = asked(WorkShortTime(label="short"), worker={"short_time": {"idle": "0.4"}})
    decisions = flows(("short_time", "worker", OCT, 2))
    assert broken(question, decisions) == []
    assert of(question, decisions, "worker") == of(question, Decisions(), "worker")
    assert of(question, decisions, "worker", "able")[:2] == [F("3.6") - F("0.8"), F("3.24")]


@pytest.mark.parametrize(
    ("short_time", "fte", "found"),
    [
        ({"idle": "0.4", "most": 2}, 3, [("short", None, 1)]),
        ({"idle": "0.4", "most": 3}, 3, []),
        ({"idle": "0.4"}, 4, [("short", "north", F("0.4"))]),  # of 3.6
        (None, 1, [("decisions", "north", None)]),
    ],
)
def test_short_time_has_limits(asked, short_time, fte, found):
    question = asked(WorkShortTime(label="short"), worker={"short_time": short_time})
    assert broken(question, flows(("short_time", "worker", OCT, fte))) == found


@pytest.mark.parametrize(
    ("training", "found"),
    [
        ({"takes": "0.2", "each": 3}, []),
        ({"each": 1}, [("train", "north", F("0.4"))]),  # four trainees to 3.6 in October
        ({"takes": 1}, [("train", "north", F("0.4"))]),
    ],
)
def test_trainees_have_trainers_who_have_the_time(asked, training, found):
    question = asked(
        TrainByExperienced(label="train"), new={"trained_by": {"role": "worker", **training}}
    )
    assert broken(question, Decisions())[:1] == found
    takes = F(training.get("takes", 0))
    assert of(question, Decisions(), "worker", "able")[0] == F("3.6") - 4 * takes


def test_trainees_take_no_more_time_where_two_rules_look_at_them(tiny):
    # 3.6 by absence, and 4 trainees who take a tenth of a worker each, once
    rules = (TrainByExperienced(label="train"), TrainByExperienced(label="again", scope="north"))
    figures = council(new={"trained_by": {"role": "worker", "takes": "0.1"}})
    question = tiny(CARRY, FILL, *rules, **figures)
    assert of(question, Decisions(), "worker", "able")[0] == F("3.6") - F("0.4")


@pytest.mark.parametrize(("supply", "by"), [(1, [("found", None, 1)]), (2, [])])
def test_no_more_of_a_role_join_than_can_be_found(asked, supply, by):
    worker = {"supply": supply, "drop_out": "0.5"}
    question = asked(RecruitWithinSupply(label="found"), worker=worker)
    decisions = flows(("join", "worker", NOV, 2))
    assert broken(question, decisions) == by
    # two join, and one of them drops out at once: 4 · 0.81 + 1
    assert of(question, decisions, "worker")[1] == F("4.24")
    assert of(question, decisions, "worker", "joined")[1] == 2
    assert of(question, decisions, "worker", "leavers")[1] == F("0.36") + 1


def test_people_are_conserved_whatever_they_do(asked):
    question = asked(
        ChangeRoles(label="change"), new=into(months=2, loss="0.5"), worker={"drop_out": "0.25"}
    )
    decisions = flows(("retrain", "new", OCT, 3, WORKER), ("join", "worker", NOV, 2))
    for month in derive(question, decisions).flows:
        gone = month.leavers + month.moved_out + month.progressed_out
        come = month.progressed_in + month.moved_in + month.joined
        assert month.opening - gone + come == month.in_post


def test_everything_is_paid_in_the_year_in_which_it_is_decided(tiny):
    careers = {
        "new": into(months=2, cost=900),
        "worker": {
            "redundancy": 5000,
            "redeployment": 300,
            "short_time": {"idle": "0.5", "cost": 70},
        },
    }
    rules = (
        ChangeRoles(label="change"),
        MakeRedundant(label="redundant"),
        RedeployStaff(label="move"),
        WorkShortTime(label="short"),
    )
    question = tiny(CARRY, FILL, *rules, **council(**careers))
    decisions = flows(
        ("retrain", "new", DEC, 2, WORKER),
        ("redundancy", "worker", APR, 1),
        ("redeploy", "worker", OCT, 1, SOUTH),
        ("short_time", "worker", OCT, 1),
        ("short_time", "worker", NOV, 1),
    )
    words = ("retrain", "redundancy", "redeploy", "short_time")
    lines = [m for m in derive(question, decisions).money if m.line.startswith(words)]
    assert sorted((m.line, m.year, m.team, m.amount.raw) for m in lines) == [
        ("redeploy worker", "2024/25", "south", 300),
        ("redundancy worker", "2025/26", "north", 5000),
        ("retrain worker", "2024/25", "north", 1800),
        ("short_time worker", "2024/25", "north", 140),
    ]


def test_those_of_today_may_be_the_first_months_own(tiny):
    stay = CarryStaffForward(label="carry", leave_at_once=False)
    question = tiny(stay, FILL, **council())
    assert of(question, Decisions(), "worker")[:3] == [4, F("3.6"), F("3.24")]
    assert of(question, Decisions(), "worker", "leavers")[:2] == [0, F("0.4")]
