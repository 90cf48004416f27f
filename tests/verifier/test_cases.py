"""Who holds which cases: rules kept and broken, and what follows. The north has 100 cases."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.plan import CasesDecision, Decisions, Verdict
from staffopt.rulebook import HoldEveryCase, KeepAverageCaseload, ReleaseTime, RespectCaseloadCap
from staffopt.verifier import cautions, check_decisions, derive, goal_value, verify
from staffopt.verifier.staffing import Staffing

MET, BROKEN, TOLERATED = Verdict.MET, Verdict.BROKEN, Verdict.MET_BY_TOLERANCE
ASYE: dict[str, Any] = {
    "roles": {"asye": {"kind": "case_holder", "cap": 15, "tags": ["asye"]}},
    "teams": {"north": {"posts": {"worker": 4, "asye": 2}}},
}


def hold(**parameters):
    return HoldEveryCase.model_validate({"label": "hold", "scope": "north", **parameters})


def cap(**parameters):
    return RespectCaseloadCap.model_validate({"label": "cap", **parameters})


def holding(question, **cases) -> Decisions:
    """Decide that roles of the north hold so many cases in every period."""
    return Decisions(
        cases=tuple(
            CasesDecision(team="north", role=role, period=period.label, cases=Fraction(number))
            for role, number in cases.items()
            for period in question.instance.calendar.cut()
        )
    )


def verdicts(question, decisions, rule):
    found = check_decisions(question, decisions, derive(question, decisions))
    return [(f.verdict, f.by) for f in found if f.rule == rule]


@pytest.mark.parametrize(
    ("parameters", "cases", "expected"),
    [
        ({}, {"worker": 70, "asye": 30}, [(MET, None)]),
        ({}, {"worker": 69, "asye": 30}, [(BROKEN, 1)]),
        ({}, {"worker": 71, "asye": 30}, [(MET, None), (BROKEN, None)]),  # more than there are
        ({"unallocated": 5}, {"worker": 65, "asye": 30}, [(MET, None)]),
        ({"unallocated": 5}, {"worker": 64, "asye": 30}, [(BROKEN, 1)]),
        ({"unallocated": "unlimited"}, {}, [(MET, None)]),
        # 4 workers could hold 60 at 15 each
        ({"most": 15}, {"worker": 70, "asye": 30}, [(MET, None), (BROKEN, None)]),
        # the officer is no case holder
        ({}, {"worker": 99, "officer": 1}, [(MET, None), (BROKEN, None)]),
    ],
)
def test_every_case_is_held_once_by_somebody_who_may(tiny, parameters, cases, expected):
    tables = {**ASYE, "teams": {"north": {"posts": {"worker": 4, "asye": 2, "officer": 1}}}}
    question = tiny(hold(**parameters), **tables)
    assert verdicts(question, holding(question, **cases), "hold") == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [(BROKEN, 2)]),  # 32 held, 2 · 15 allowed; the workers have no cap
        ({"cap": 16}, [(BROKEN, 4), (MET, None)]),  # 68 held by 4 workers, 64 allowed
        ({"cap": 17, "tag": "asye"}, [(MET, None)]),
        ({"full_load": 20, "share": "0.75"}, [(BROKEN, 8), (BROKEN, 2)]),  # 15 each
        ({"full_load": 20}, [(MET, None), (MET, None)]),  # 20 of a worker, 16 of an asye
    ],
)
def test_a_cap_holds_for_each_fte_in_post(tiny, parameters, expected):
    tables = {**ASYE, "roles": {"asye": ASYE["roles"]["asye"] | {"counts_as": "0.8"}}}
    question = tiny(hold(), cap(**parameters), **tables)
    decisions = holding(question, worker=68, asye=32)
    assert verdicts(question, decisions, "cap") == expected


def test_only_those_in_post_who_hold_cases_count(tiny):
    # 3 of 4 workers in post, half of their time: 1.5 FTE, at 20 each 30
    tables = {
        "roles": {"worker": {"case_holding": "0.5"}},
        "teams": {"north": {"people": {"worker": 3}}},
    }
    question = tiny(hold(), cap(cap=20), **tables)
    assert verdicts(question, holding(question, worker=100), "cap") == [(BROKEN, 70)]


LOW = {
    "case_types": {"low": {}, "high": {"weight": 2}},
    "roles": {
        "helper": {"kind": "support", "holds": ["low"]},
        "aide": {"kind": "support", "holds": ["low", "high"]},
    },
    "teams": {
        "north": {
            "cases": {"low": 20, "high": 40},
            "posts": {"worker": 4, "helper": 3, "aide": 1},
        }
    },
}


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ({"worker": 80, "helper": 20}, [(MET, None)]),
        ({"worker": 79, "helper": 21}, [(MET, None), (BROKEN, None)]),
        ({"worker": 20, "helper": 20, "aide": 60}, [(MET, None)]),
    ],
)
def test_who_holds_some_types_holds_no_more_than_there_are(tiny, cases, expected):
    question = tiny(hold(), **LOW)
    assert verdicts(question, holding(question, **cases), "hold") == expected


def test_an_officer_who_holds_cases_releases_no_time(tiny, decide):
    release = ReleaseTime(hours=10, contract_hours=40, ratio=1)
    for record, released in (({"kind": "support"}, 2), ({"kind": "support", "holds": ["all"]}, 0)):
        question = tiny(release, roles={"helper": record})
        figures = derive(question, decide(question, {("north", "helper"): "2"}))
        [figure] = [
            f
            for f in figures.caseloads
            if (f.of, f.basis) == ("north", "effective") and f.period != "today"
        ]
        assert figure.fte == 4 + Fraction(released, 4)


def test_cases_that_no_rule_splits_cannot_be_decided(tiny):
    question = tiny()
    found = check_decisions(question, holding(question, worker=100))
    [broken] = [f for f in found if f.verdict is BROKEN]
    assert "no rule splits the cases of this team" in broken.words


@pytest.mark.parametrize(
    ("number", "words"),
    [("-1", "-1 cases are below zero"), ("0.5", "0.5 cases are not in multiples of 1")],
)
def test_cases_are_decided_in_whole_quanta(tiny, number, words):
    question = tiny(hold(unallocated="unlimited"))
    found = check_decisions(question, holding(question, worker=number))
    assert [f.words.partition(": ")[2] for f in found if f.rule == "decisions" and f.by is None][
        -1
    ] == words


@pytest.mark.parametrize(
    ("field", "words"), [("team", "nowhere"), ("role", "nobody"), ("period", "never")]
)
def test_cases_of_what_nothing_declares_are_found(tiny, field, words):
    question = tiny(hold())
    decisions = holding(question, worker=100)
    changed = decisions.cases[0].model_copy(update={field: words})
    found = check_decisions(question, decisions.model_copy(update={"cases": (changed,)}))
    assert words in found[0].words
    twice = decisions.model_copy(update={"cases": decisions.cases * 2})
    assert "is decided 2 times" in check_decisions(question, twice)[0].words


def test_the_figures_say_who_holds_what_and_what_the_others_carry(tiny):
    # 2 newly qualified hold 24, 4 workers 70: 6 are held by nobody, and the others carry 17.5
    question = tiny(hold(unallocated=6), cap(), KeepAverageCaseload(target=20), **ASYE)
    figures = derive(question, holding(question, worker=70, asye=24))
    assert [(f.held_by, f.role, f.cases, f.average) for f in figures.cases] == [
        ("role", "worker", 70, Fraction(35, 2)),
        ("role", "asye", 24, 12),
        ("nobody", None, 6, None),
    ]
    others = {f.period: f for f in figures.caseloads if (f.of, f.basis) == ("north", "others")}
    # today nothing is decided: 100 less 2 · 15, over 4 workers; in the plan as it is split
    assert [(f.cases, f.fte) for f in others.values()] == [(70, 4), (70, 4)]
    assert [c.words for c in cautions(question, figures) if c.code == "unallocated-cases"] == [
        "Cases that nobody holds in the plan: North 6."
    ]
    less = derive(question, holding(question, worker=60, asye=30))
    assert [f.cases for f in less.caseloads if (f.of, f.basis) == ("north", "others")] == [70, 60]


def test_managed_teams_hold_what_roles_do_not(tiny, monkeypatch):
    monkeypatch.setattr(Staffing, "capacity", lambda *_: Fraction(30))
    question = tiny(hold())
    figures = derive(question, holding(question, worker=80))
    assert [(f.held_by, f.cases) for f in figures.cases] == [("role", 80), ("managed team", 20)]
    assert verdicts(question, holding(question, worker=69), "hold") == [(BROKEN, 1)]


def goal(name, **fields):
    return Goal.model_validate({"minimise": name, **fields})


BANDS = {"edges": {"low": "< 18", "fine": "18-20", "high": "> 20"}}
PRINTED = {**BANDS, "round_average": {"decimals": 0}}


def test_unallocated_cases_are_added_over_teams_and_periods(tiny):
    years = {"calendar": {"periods": "financial_years"}}
    question = tiny(hold(unallocated="unlimited"), **years)
    decisions = holding(question, worker=90)
    assert goal_value(question, decisions, goal("unallocated_cases")) == 20
    assert goal_value(question, decisions, goal("unallocated_cases", scope="south")) == 0
    with pytest.raises(InputError, match="no rule says who holds cases"):
        goal_value(tiny(), Decisions(), goal("unallocated_cases"))


@pytest.mark.parametrize(
    ("bands", "fields", "value"),
    [
        (BANDS, {"band": "fine"}, 20),  # north 100 − 20 · 4; south 60 − 20 · 4 is below
        (BANDS, {"band": "low"}, 28),  # 100 − 18 · 4
        (PRINTED, {"band": "fine"}, 18),  # 100 − 20.5 · 4
        (PRINTED, {"band": "low"}, 30),  # printed 17 is below 17.5: 100 − 70
        (BANDS, {"band": "fine", "scope": "south"}, 0),
        (BANDS, {"band": "fine", "denominator": "in_post"}, 40),  # 3 in post: 100 − 60
    ],
)
def test_cases_above_a_band_are_those_over_its_edge(tiny, bands, fields, value):
    wanted = goal("cases_above_band", **fields)
    tables = {"bands": bands, "teams": {"north": {"people": {"worker": 3}}}}
    question = tiny(goals=(wanted,), **tables)
    assert goal_value(question, Decisions(), wanted) == value


def test_where_cases_are_split_each_role_is_held_against_the_edge(tiny):
    # workers 90 − 20 · 4 = 10; newly qualified 10 − 20 · 2 is below, and makes up for nothing
    wanted = goal("cases_above_band", band="fine", scope="north")
    question = tiny(hold(), goals=(wanted,), bands=BANDS, **ASYE)
    decisions = holding(question, worker=90, asye=10)
    assert goal_value(question, decisions, wanted) == 10


def test_a_plan_whose_split_was_changed_is_found_out(tiny, plan_of):
    question = tiny(hold(), cap(), **ASYE)
    plan = plan_of(question, holding(question, worker=70, asye=30))
    assert verify(plan).ok
    moved = plan.model_copy(update={"decisions": holding(question, worker=69, asye=31)})
    words = " ".join(f.words for f in verify(moved).broken)
    assert "figures.cases" in words
    assert "cap 15" in words
