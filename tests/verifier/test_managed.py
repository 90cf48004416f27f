"""Whether managed teams are bought as asked; tests/test_managed_teams.py tries every choice."""

from __future__ import annotations

import pytest

from staffopt.errors import InputError
from staffopt.instance.calendar import Month
from staffopt.plan import Decisions, ManagedTeamDecision, Verdict
from staffopt.rulebook import BuyManagedTeam
from staffopt.verifier import check_decisions

TEAM = {"name": "Relief", "starts": ["2024-10", "2024-11"], "months": 2, "price": 60000}


def buy(**parameters):
    return BuyManagedTeam.model_validate({"label": "buy", **parameters})


def found(question, *starts):
    bought = tuple(
        ManagedTeamDecision(managed_team="relief", start=Month.parse(start)) for start in starts
    )
    findings = check_decisions(question, Decisions(managed_teams=bought))
    return [(f.verdict, f.by) for f in findings if f.rule == "buy"]


@pytest.mark.parametrize(
    ("parameters", "starts", "rows"),
    [
        ({}, [], [(Verdict.MET, None)]),
        ({}, ["2024-10"], [(Verdict.MET, None)]),
        # October and November, November and December: two are there in November
        ({}, ["2024-10", "2024-11"], [(Verdict.BROKEN, 1)]),
        ({"required": "true"}, [], [(Verdict.BROKEN, 1)]),
        ({"required": "true"}, ["2024-11"], [(Verdict.MET, None)]),
        ({"extended_by": 1}, ["2024-11"], [(Verdict.BROKEN, 1)]),
    ],
)
def test_teams_are_bought_as_many_as_may_and_must_be(tiny, parameters, starts, rows):
    question = tiny(buy(**parameters), managed_teams={"relief": TEAM})
    assert found(question, *starts) == rows


def test_a_rule_on_a_team_that_nothing_declares_is_refused(tiny):
    with pytest.raises(InputError, match="ghost"):
        found(tiny(buy(teams=["ghost"]), managed_teams={"relief": TEAM}))
