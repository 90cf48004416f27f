"""How cases come and go, row by row; every plan of small councils is tried in test_case_flow.py."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import compiled, rows
from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.rulebook import ChooseBand, FlowCases, KeepAverageCaseload

INF = float("inf")
F = Fraction
TWO = {"start": "2024-10", "end": "2024-11", "periods": "months"}
NORTH = {"flow": {"arrivals": {"figure": 30, "growth": "0.4"}, "closures_per_fte": 6}}
OCTOBER, NOVEMBER = "north,no type,2024-10", "north,no type,2024-11"


def flow(**parameters):
    return FlowCases.model_validate({"label": "flow", "scope": "north", **parameters})


def built(*rules, north=NORTH, **tables):
    return compiled(*rules, calendar=TWO, teams={"north": north}, **tables)


def test_each_month_s_cases_are_those_before_and_what_comes_less_what_is_closed():
    found = rows(built(flow()), "flow balance")
    # open - arriving + closed = 100 of today; in November open - open before - 31 + closed = 0
    october = {f"cases_open[{OCTOBER}]": 1, f"cases_closed[{OCTOBER}]": 1}
    november = {
        f"cases_open[{NOVEMBER}]": 1,
        f"cases_open[{OCTOBER}]": -1,
        f"cases_closed[{NOVEMBER}]": 1,
    }
    assert found == {OCTOBER: (october, 130, 130), NOVEMBER: (november, 31, 31)}


def test_closures_are_those_of_people_in_post():
    there = {**NORTH, "people": {"worker": 3}}
    found = rows(built(flow(), north=there), "flow by those there")
    # closed - 6 × added ≤ 6 × 3
    assert found["north,2024-11"] == (
        {f"cases_closed[{NOVEMBER}]": 1, "change[north,worker,2024-11]": -6},
        -INF,
        18,
    )


def test_no_more_are_closed_than_are_ready():
    rated = {"flow": {**NORTH["flow"], "closure_rate": "0.2"}}
    found = rows(built(flow(), north=rated), "flow ready to be closed")
    assert found == {
        OCTOBER: ({f"cases_closed[{OCTOBER}]": 1}, -INF, 20),
        NOVEMBER: (
            {f"cases_closed[{NOVEMBER}]": 1, f"cases_open[{OCTOBER}]": F(-1, 5)},
            -INF,
            0,
        ),
    }


def test_a_team_s_own_figures_come_before_the_rule_s():
    rule = flow(closures_per_fte=9, closure_rate="0.5", scope=["north", "south"])
    found = rows(built(rule), "flow by those there")
    assert found["north,2024-10"][2] == 6 * 4
    assert found["south,2024-10"][2] == 9 * 4
    assert set(rows(built(rule), "flow ready to be closed")) == {
        f"{team},no type,{month}" for team in ("north", "south") for month in ("2024-10", "2024-11")
    }


def test_without_figures_closing_takes_nobody_s_time_and_every_case_is_ready():
    program = built(flow(), north={"flow": {"arrivals": {"figure": 5}}})
    assert rows(program, "flow by those there") == {}
    assert rows(program, "flow ready to be closed") == {}


@pytest.mark.parametrize(
    ("how", "gone", "come"),
    [
        # off North's balance and onto South's: figures to the right, shares beside what they are of
        ({"cases": 7}, ({}, 130 - 7), ({}, 60 + 7)),
        ({"of_open": "0.25"}, ({}, 130 - 25), ({}, 60 + 25)),
        ({"of_closed": "0.5"}, ({}, 130), ({f"cases_closed[{OCTOBER}]": F(-1, 2)}, 60)),
    ],
)
def test_what_moves_leaves_one_team_and_reaches_the_other(how, gone, come):
    moves = [{"team": "north", "to_team": "south", **how}]
    found = rows(built(flow(scope=["north", "south"]), case_moves=moves), "flow balance")
    for team, (terms, side) in (("north", gone), ("south", come)):
        cell = f"{team},no type,2024-10"
        own = {f"cases_open[{cell}]": 1, f"cases_closed[{cell}]": 1}
        assert found[cell] == ({**own, **terms}, side, side)


def test_a_step_down_changes_the_type_and_weights_count_where_people_close():
    types = {"case_types": {"plain": {}, "hard": {"weight": "2"}}}
    team = {"cases": {"plain": 20, "hard": 10}, "flow": {"closures_per_fte": 6}}
    moves = [{"team": "north", "case_type": "hard", "to_type": "plain", "of_open": "0.1"}]
    program = built(flow(), north=team, case_moves=moves, **types)
    found = rows(program, "flow balance")
    assert found["north,hard,2024-10"][1] == 10 - 1
    assert found["north,plain,2024-10"][1] == 20 + 1
    terms, _, most = rows(program, "flow by those there")["north,2024-10"]
    assert most == 24
    assert terms["cases_closed[north,hard,2024-10]"] == 2
    assert terms["cases_closed[north,plain,2024-10]"] == 1


def test_a_target_weighs_open_cases_against_fte():
    average = KeepAverageCaseload(label="average", target=20, scope="north", each="team")
    found = rows(built(flow(), average), "average")
    # 4 + added - open ÷ 20 ≥ 0
    assert found["north,2024-11"] == (
        {"change[north,worker,2024-11]": 1, f"cases_open[{NOVEMBER}]": F(-1, 20)},
        -4,
        INF,
    )


def test_a_band_holds_cases_and_fte_in_a_cone():
    bands = {
        "round_average": {"decimals": 0},
        "edges": {"low": "< 16", "fine": "16-20", "high": "> 20"},
    }
    band = ChooseBand(label="band", scope="north", forbid=["low"], margin="0.01")
    program = built(flow(), band, bands=bands)
    cell = "north,2024-11,fine"
    fte, cases, chosen = (f"{name}[{cell}]" for name in ("fte_in_band", "cases_in_band", "in_band"))
    # printed 20 is below 20.5, kept by a hundredth of an FTE; printed 16 is at least 15.5
    least = rows(program, "band least FTE")[cell]
    assert least == ({fte: 1, cases: F(-2, 41), chosen: F(-1, 100)}, 0, INF)
    assert rows(program, "band most FTE")[cell] == ({fte: 1, cases: F(-2, 31)}, -INF, 0)
    # 100 today and 30 and 31 that arrive, and one: so many there never are
    most = rows(program, "band no cases in other bands")[cell]
    assert most == ({cases: 1, chosen: -162}, -INF, 0)
    (whole, *ends) = rows(program, "band cases in some band")["north,2024-11"]
    assert whole[cases] == 1
    assert whole[f"cases_open[{NOVEMBER}]"] == -1
    assert ends == [0, 0]


def test_a_goal_of_open_cases_counts_them_by_their_weight():
    goals = (Goal(minimise="open_cases"),)
    program = built(flow(), goals=goals)
    (goal,) = program.goals
    assert goal.name == "open_cases"
    assert sorted(set(goal.vector)) == [0, 1]


def test_two_rules_cannot_both_say_how_cases_flow():
    other = FlowCases.model_validate({"label": "other", "scope": "south"})
    with pytest.raises(InputError, match="does already"):
        built(flow(), other)
