"""Managed teams, row by row; every choice there is is tried in tests/test_managed_teams.py."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import compiled, rows
from staffopt.errors import UnknownName
from staffopt.rulebook import BuyManagedTeam, RequireManagedTeam, StayWithinBudget

INF = float("inf")
TEAM = {
    "name": "Relief",
    "starts": ["2025-12", "2026-02"],
    "months": 2,
    "price": 60000,
    "extension": {"months": 1, "price": 25000},
    "at_once": 1,
    "fund": "pot",
}
FUNDS = {"pot": {"name": "Pot", "ceiling": {"2025/26": 90000}}}
DECEMBER, LONGER, LATE, LATER = (
    f"started[relief,{start},{months}]" for start in ("2025-12", "2026-02") for months in (0, 1)
)


def buy(**parameters):
    return BuyManagedTeam.model_validate({"label": "buy", **parameters})


def test_in_each_month_no_more_are_there_than_can_be():
    program = compiled(buy(), managed_teams={"relief": TEAM}, funds=FUNDS)
    found = {cell: row for cell, row in rows(program, "buy at once").items() if row[0]}
    # the first are there in December and January, or until February; the second from February
    assert found == {
        "relief,2025-12": ({DECEMBER: 1, LONGER: 1}, -INF, 1),
        "relief,2026-01": ({DECEMBER: 1, LONGER: 1}, -INF, 1),
        "relief,2026-02": ({LONGER: 1, LATE: 1, LATER: 1}, -INF, 1),
        "relief,2026-03": ({LATE: 1, LATER: 1}, -INF, 1),
    }


def test_a_required_team_is_bought_once_at_least():
    program = compiled(buy(required="true"), managed_teams={"relief": TEAM}, funds=FUNDS)
    terms = {DECEMBER: 1, LONGER: 1, LATE: 1, LATER: 1}
    assert rows(program, "buy required") == {"relief": (terms, 1, INF)}


def test_a_team_that_is_required_for_longer_is_extended_as_long_at_least():
    rule = buy(extended_by=1)
    program = compiled(rule, managed_teams={"relief": TEAM}, funds=FUNDS)
    assert rows(program, "buy required") == {"relief": ({LONGER: 1, LATER: 1}, 1, INF)}


def test_one_that_is_there_already_is_extended_by_one_length_or_none():
    running = {**TEAM, "starts": [], "there_since": "2024-09"}  # to October, and November if longer
    program = compiled(buy(), managed_teams={"relief": running}, funds=FUNDS)
    terms = {"started[relief,2024-09,0]": 1, "started[relief,2024-09,1]": 1}
    assert rows(program, "buy there already") == {"relief,2024-09": (terms, 1, 1)}


def test_a_ceiling_counts_the_months_that_fall_into_its_year():
    budget = StayWithinBudget(label="budget")
    program = compiled(buy(), budget, managed_teams={"relief": TEAM}, funds=FUNDS)
    # £30,000 a month for two, £25,000 for a third; April 2026 is after the plan
    terms = {DECEMBER: 60000, LONGER: 85000, LATE: 60000, LATER: 60000}
    found = rows(program, "budget")["pot,2025/26"]
    assert found == ({name: Fraction(figure) for name, figure in terms.items()}, -INF, 90000)


def test_what_no_rule_offers_has_no_column():
    other = {**TEAM, "name": "Other"}
    program = compiled(
        buy(teams=["other"]), managed_teams={"relief": TEAM, "other": other}, funds=FUNDS
    )
    (block,) = (block for block in program.column_blocks if block.name == "started")
    assert {block.label(i).split(",")[0] for i in range(block.start, block.stop)} == {
        "started[other"
    }


def asked_for(**parameters):
    given = {"label": "asked", "managed_team": "relief", "number": 1, **parameters}
    return RequireManagedTeam.model_validate(given)


MONTHS = {"what": "months of extension"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ({DECEMBER: 1, LONGER: 1, LATE: 1, LATER: 1}, 1, INF)),
        ({"sense": "at most"}, ({DECEMBER: 1, LONGER: 1, LATE: 1, LATER: 1}, -INF, 1)),
        # one month is the only extension that there is
        ({**MONTHS, "sense": "exactly"}, ({LONGER: 1, LATER: 1}, 1, 1)),
    ],
)
def test_what_is_asked_for_of_a_managed_team_is_one_row(parameters, expected):
    program = compiled(buy(), asked_for(**parameters), managed_teams={"relief": TEAM}, funds=FUNDS)
    assert rows(program, "asked") == {"": expected}


def test_a_term_that_was_bought_before_counts_only_where_it_is_extended():
    running = {**TEAM, "starts": ["2025-12"], "there_since": "2024-09"}
    program = compiled(buy(), asked_for(), managed_teams={"relief": running}, funds=FUNDS)
    terms = {"started[relief,2024-09,1]": 1, DECEMBER: 1, LONGER: 1}
    assert rows(program, "asked") == {"": (terms, 1, INF)}


def test_other_managed_teams_are_not_counted():
    two = {"relief": TEAM, "other": {**TEAM, "name": "Other"}}
    ((terms, _, _),) = rows(
        compiled(buy(), asked_for(), managed_teams=two, funds=FUNDS), "asked"
    ).values()
    assert set(terms) == {DECEMBER, LONGER, LATE, LATER}


def test_a_managed_team_that_nothing_declares_is_refused():
    with pytest.raises(UnknownName, match="ghost"):
        compiled(asked_for(managed_team="ghost"), managed_teams={"relief": TEAM}, funds=FUNDS)
