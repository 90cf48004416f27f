"""Work that is needed, checked: done by those there, in overtime, or not; who is to spare."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.plan import Decisions, PostDecision, Verdict
from staffopt.rulebook import MeetStaffNeeded
from staffopt.verifier import check_decisions, derive

F = Fraction
MONTHS = {"start": "2025-02", "end": "2025-04", "periods": "months"}
FEB, MAR, APR = "2025-02", "2025-03", "2025-04"


@pytest.fixture
def asked(tiny):
    """Ask for 960 hours of four workers of 160 in March, and for 480 in April."""

    def ask(parameters=None, **work):
        rule = MeetStaffNeeded.model_validate({"label": "needed", **(parameters or {})})
        return tiny(
            rule,
            roles={"worker": {"set_up": "none", "work": {"output": 160, **work}}},
            teams={"north": {"needed": {"worker": {MAR: 960, APR: 480}}}},
            calendar=MONTHS,
        )

    return ask


def added(fte):
    posts = (PostDecision(team="north", role="worker", period=p, change=F(fte)) for p in (MAR, APR))
    return Decisions(posts=tuple(posts))


def broken(question, decisions):
    found = check_decisions(question, decisions)
    return [(f.team, f.period, f.by) for f in found if f.verdict is Verdict.BROKEN]


@pytest.mark.parametrize(
    ("parameters", "overtime", "fte", "found"),
    [
        ({}, None, 2, []),
        ({}, None, 1, [("north", MAR, 1)]),
        ({}, {"most": "0.2"}, 1, []),  # one of five in overtime
        ({}, {"most": "0.1"}, 1, [("north", MAR, F("0.5"))]),
        ({"spare": 3}, None, 2, []),  # three to spare in April
        ({"spare": 2}, None, 2, [(None, APR, 1)]),
        ({"spare": 2, "scope": "south"}, None, 0, []),
    ],
)
def test_as_many_are_there_as_are_needed_and_not_too_many(asked, parameters, overtime, fte, found):
    question = asked(parameters, overtime=overtime)
    assert broken(question, added(fte)) == found


def test_a_plan_says_who_does_the_work(asked):
    figures = derive(asked(overtime={"most": 1}), added("0.5")).work
    assert [(f.period, f.needed, f.able, f.overtime, f.spare) for f in figures] == [
        (MAR, 6, F("4.5"), F("1.5"), 0),
        (APR, 3, F("4.5"), 0, F("1.5")),
    ]


def test_overtime_and_those_to_spare_are_paid_by_the_month(asked):
    question = asked(spare=300, overtime={"most": 1, "cost": 200})
    money = derive(question, added("0.5")).money
    lines = [m for m in money if m.line in ("overtime worker", "spare worker")]
    assert [(m.line, m.year, m.amount.raw) for m in lines] == [
        ("overtime worker", "2024/25", F("1.5") * 200),
        ("spare worker", "2025/26", F("1.5") * 300),
    ]
