"""Whether managed teams are bought as asked; tests/test_managed_teams.py tries every choice."""

from __future__ import annotations

import pytest

from staffopt.errors import InputError
from staffopt.instance.calendar import Month
from staffopt.plan import Decisions, ManagedTeamDecision, Verdict
from staffopt.rulebook import BuyManagedTeam, RequireManagedTeam
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


@pytest.mark.parametrize(
    ("parameters", "bought", "row"),
    [
        ({"number": 1}, [], (Verdict.BROKEN, 1)),
        ({"number": 1}, [("2024-10", 0)], (Verdict.MET, None)),
        ({"number": 0, "sense": "at most"}, [("2024-10", 0)], (Verdict.BROKEN, 1)),
        ({"number": 3, "sense": "exactly"}, [("2024-10", 0)], (Verdict.BROKEN, 2)),
        # there since September: its term was bought before, its extension was not
        ({"number": 1}, [("2024-09", 0)], (Verdict.BROKEN, 1)),
        ({"number": 1}, [("2024-09", 1)], (Verdict.MET, None)),
        ({"number": 3, "months": True}, [("2024-09", 1), ("2024-11", 2)], (Verdict.MET, None)),
        ({"number": 2, "months": True}, [("2024-09", 1)], (Verdict.BROKEN, 1)),
    ],
)
def test_as_many_teams_and_months_of_extension_are_there_as_are_asked_for(
    tiny, parameters, bought, row
):
    given = {"label": "asked", "managed_team": "relief", **parameters}
    if given.pop("months", False):
        given["what"] = "months of extension"
    team = {**TEAM, "there_since": "2024-09", "extension": {"months": 2, "price": 1}}
    question = tiny(buy(), RequireManagedTeam.model_validate(given), managed_teams={"relief": team})
    decided = tuple(
        ManagedTeamDecision(managed_team="relief", start=Month.parse(start), extension=months)
        for start, months in bought
    )
    findings = check_decisions(question, Decisions(managed_teams=decided))
    assert [(f.verdict, f.by) for f in findings if f.rule == "asked"] == [row]


def test_a_fact_on_a_team_that_nothing_declares_is_refused(tiny):
    rule = RequireManagedTeam(label="asked", managed_team="ghost", number=1)
    with pytest.raises(InputError, match="ghost"):
        check_decisions(tiny(rule, managed_teams={"relief": TEAM}), Decisions())
