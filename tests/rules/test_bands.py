"""Caseload bands as intervals of FTE: the edges, and what they allow."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import allows, compiled, rows
from staffopt.algebra.program import Strict
from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.rulebook import ChooseBand, KeepAverageCaseload, ReleaseTime, StayWithinBudget

INF = float("inf")
N = "change[north,worker]"
PRINTED = {
    "round_average": {"decimals": 0},
    "edges": {"spare": "< 18", "fine": "18-20", "high": "> 20"},
}
STRICT = {"edges": {"spare": "< 18", "fine": "18-20", "high": "> 20"}}
CLOSED = {"edges": {"spare": "<= 18", "high": ">= 20"}}


def bands(**parameters):
    return ChooseBand.model_validate({"label": "band", "scope": "north", **parameters})


def edges(program, which):
    """Read the north's edges in FTE off the row."""
    [(terms, _, _)] = rows(program, f"band {which} FTE").values()
    assert terms.pop(N) == 1
    return {name.removeprefix("in_band[north,")[:-1]: -edge for name, edge in terms.items()}


@pytest.mark.parametrize(
    ("declared", "cases", "step", "least", "most"),
    [
        # The lowest band ends at 100 FTE over one worker a case (or over today, if more).
        # Printed averages, 100 cases. spare: printed 17 or less, below 17.5: above 5.714 FTE.
        # fine: below 20.5 and at least 17.5: above 4.878 and up to 5.714. high: up to 4.878,
        # and not nobody: the first step above 0.
        (PRINTED, "100", "1", (6, 5, 1), (200, 5, 4)),
        (PRINTED, "100", "0.5", (6, 5, Fraction(1, 2)), (200, Fraction(11, 2), Fraction(9, 2))),
        # 102.5 ÷ 5 = 20.5 is printed 21, so 5 FTE are high; 102.5 ÷ 17.5 = 5.857
        (PRINTED, "102.5", "1", (6, 6, 1), (203, 5, 5)),
        # 105 ÷ 6 = 17.5 is printed 18, so 6 FTE are fine; 105 ÷ 20.5 = 5.12
        (PRINTED, "105", "1", (7, 6, 1), (205, 6, 5)),
        # As they are, 100 cases: < 18 is above 5.56; 18-20 is 5 to 5.56; > 20 is below 5.
        (STRICT, "100", "1", (6, 5, 1), (200, 5, 4)),
        (STRICT, "100", "0.5", (6, 5, Fraction(1, 2)), (200, Fraction(11, 2), Fraction(9, 2))),
        # 108 ÷ 6 = 18: not below 18. 108 ÷ 20 = 5.4.
        (STRICT, "108", "1", (7, 6, 1), (208, 6, 5)),
    ],
)
def test_edges_of_averages_become_edges_of_fte(declared, cases, step, least, most):
    tables = {
        "bands": declared,
        "teams": {"north": {"cases": cases}},
        "roles": {"worker": {"step": step}},
    }
    program = compiled(bands(forbid=["spare"]), **tables)
    names = ("spare", "fine", "high")
    found = edges(program, "least")
    assert tuple(found.get(name, 0) for name in names) == least
    assert tuple(edges(program, "most")[name] for name in names) == most


def test_closed_edges_hold_the_figure_itself():
    # 108 ÷ 18 = 6 and 100 ÷ 20 = 5 lie in their bands
    six = compiled(bands(forbid=["spare"]), bands=CLOSED, teams={"north": {"cases": "108"}})
    assert edges(six, "least") == {"spare": 6, "high": 1}
    five = compiled(bands(forbid=["spare"]), bands=CLOSED)
    assert edges(five, "most") == {"spare": 200, "high": 5}


def test_a_strict_edge_off_a_lattice_keeps_the_margin():
    rule = bands(forbid=["spare"], margin="0.25")
    program = compiled(rule, bands=STRICT, roles={"worker": {"step": 0}})
    # above 100 ÷ 18, at least 100 ÷ 20 (closed), below 100 ÷ 20
    assert edges(program, "least") == {
        "spare": Fraction(100, 18) + Fraction(1, 4),
        "fine": 5,
        "high": Fraction(1, 4),
    }
    assert edges(program, "most")["high"] == 5 - Fraction(1, 4)
    assert edges(program, "most")["fine"] == Fraction(100, 18)


@pytest.mark.parametrize("edge", ["> 20", "< 20"])
def test_a_strict_edge_off_a_lattice_without_a_margin_is_refused(edge):
    other = "<= 20" if edge == "> 20" else ">= 20"
    ordered = {"low": other, "top": edge} if edge == "> 20" else {"low": edge, "top": other}
    with pytest.raises(InputError) as raised:
        compiled(bands(forbid=["low"]), bands={"edges": ordered}, roles={"worker": {"step": 0}})
    assert raised.value.faults[0].code == "no-margin"


def test_the_rows_are_the_hull_of_the_bands():
    program = compiled(bands(forbid=["spare"]), bands=PRINTED)
    spare, fine, high = (f"in_band[north,{band}]" for band in ("spare", "fine", "high"))
    assert rows(program, "band one band") == {"north": ({spare: 1, fine: 1, high: 1}, 1, 1)}
    assert rows(program, "band least FTE") == {
        "north": ({N: 1, spare: -6, fine: -5, high: -1}, -4, INF)
    }
    most = {N: 1, spare: -200, fine: -5, high: -4}
    assert rows(program, "band most FTE") == {"north": (most, -INF, -4)}
    allowed = {
        program.column_label(i).rsplit(",", 1)[1][:-1]: program.matrix.col_upper[i]
        for i in range(program.matrix.columns)
        if program.column_label(i).startswith("in_band")
    }
    assert allowed == {"spare": 0, "fine": 1, "high": 1}


def test_the_choice_of_a_band_is_one_group_a_team_and_its_edges_are_marked_strict():
    program = compiled(bands(scope=["north", "south"], forbid=["high"]), bands=PRINTED)
    tags = program.column_tags
    chosen = [
        (program.column_label(i)[:14], int(tags.choice[i]))
        for i in range(program.matrix.columns)
        if tags.choice[i] >= 0
    ]
    assert chosen == [("in_band[north,", 0)] * 3 + [("in_band[south,", 1)] * 3
    strict = [
        program.row_tags.strict[i]
        for i in range(program.matrix.rows)
        if program.row_label(i).startswith("band least FTE")
    ]
    assert strict == [Strict.LOWER] * 2


def test_upper_edges_are_left_out_where_a_higher_band_is_never_a_way_round():
    assert rows(compiled(bands(forbid=["high"]), bands=PRINTED), "band most FTE") == {}


def test_so_many_teams_may_be_in_a_band():
    program = compiled(bands(scope=["north", "south"], at_most={"high": 1}), bands=PRINTED)
    terms = {"in_band[north,high]": 1, "in_band[south,high]": 1}
    assert rows(program, "band at most in high") == {"": (terms, -INF, 1)}


@pytest.mark.parametrize(
    ("parameters", "added", "allowed"),
    [
        # 100 cases on 4, 5, 6 FTE: 25 (high), 20 (fine), 16.7, printed 17 (spare)
        ({}, 0, True),
        ({"forbid": ["high"]}, 0, False),
        ({"forbid": ["high"]}, 1, True),
        ({"forbid": ["high"]}, 2, True),
        ({"forbid": ["spare"]}, 1, True),
        ({"forbid": ["spare"]}, 2, False),
        ({"forbid": ["spare"]}, 0, True),
        ({"forbid": ["fine"]}, 0, True),
        ({"forbid": ["fine"]}, 1, False),
        ({"forbid": ["fine"]}, 2, True),
        ({"forbid": ["spare", "fine"]}, 1, False),
        ({"at_most": {"fine": 0}}, 1, False),
        ({"at_most": {"fine": 0}}, 2, True),
        ({"at_most": {"high": 0}}, 0, False),
    ],
)
def test_pinned_posts_are_in_an_allowed_band_or_not(parameters, added, allowed):
    assert (
        allows(bands(**parameters), change={("north", "worker"): added}, bands=PRINTED) is allowed
    )


def test_a_team_without_cases_is_in_the_band_of_nothing():
    rule = bands(forbid=["spare"])
    assert not allows(rule, bands=PRINTED, teams={"north": {"cases": "0"}})
    assert allows(bands(forbid=["high"]), bands=PRINTED, teams={"north": {"cases": "0"}})


@pytest.mark.parametrize(
    "limit", [{"forbid": ["spare"]}, {"at_most": {"spare": 0}}, {"at_most_share": {"spare": 0}}]
)
def test_a_team_with_neither_cases_nor_anybody_is_in_no_band(limit):
    # nobody in the north: no average; with a worker there it is 0, which is spare
    tables = {"bands": PRINTED, "teams": {"north": {"cases": "0", "posts": {"worker": 0}}}}
    assert allows(bands(**limit), **tables)
    assert not allows(bands(**limit), change={("north", "worker"): 1}, **tables)


def test_cases_without_anybody_are_in_no_band():
    assert not allows(bands(), change={("north", "worker"): -4}, bands=PRINTED)
    assert allows(bands(), change={("north", "worker"): -3}, bands=PRINTED)


def test_few_cases_still_allow_a_whole_post():
    # 0.5 weighted cases and no worker today: one post makes the average 0.5, which is spare.
    # South (60 ÷ 4 = 15) limits a low band, so upper edges are written.
    tables = {"bands": PRINTED, "teams": {"north": {"cases": "0.5", "posts": {"worker": 0}}}}
    rule = bands(at_most={"fine": 0})
    assert allows(rule, change={("north", "worker"): 1}, **tables)


def test_bands_can_count_released_time():
    # 100 cases on 4 FTE with 4 newly served at 1/6: 4.667 FTE, 21.4, printed 21: high still.
    # With one worker more and 5 served: 5 + 5/6, 17.1: spare. high may not be.
    release = ReleaseTime.model_validate(
        {"label": "release", "hours": 6, "contract_hours": 36, "ratio": 4}
    )
    rule = bands(forbid=["high"], basis="effective", margin="0.001")
    tables = {"bands": PRINTED, "teams": {"north": {"posts": {"officer": 0}}}}
    assert not allows(rule, release, change={("north", "officer"): 2}, **tables)
    more = {("north", "officer"): 2, ("north", "worker"): 1}
    assert allows(rule, release, change=more, **tables)


RELEASE = ReleaseTime.model_validate(
    {"label": "release", "hours": 6, "contract_hours": 36, "ratio": 4}
)


@pytest.mark.parametrize(
    ("officers", "allowed"),
    [
        # 108 cases on 6 FTE. Without officers 18, fine; spare is below 17.5.
        (0, True),
        # 1 officer serves 4: 6 + 4/6 FTE, 16.2: spare. To report 2 served less would be 17.05 …
        (1, False),
        # half an officer serves 2: 6 + 2/6 FTE, 17.05: spare too
        ("0.5", False),
        # 2 officers serve 6, all there are: 6 + 1 FTE, 15.4: spare
        (2, False),
    ],
)
def test_served_time_cannot_be_called_less_to_stay_out_of_a_low_band(officers, allowed):
    rule = bands(forbid=["spare"], basis="effective", margin="0.001")
    north = {"cases": 108, "posts": {"worker": 6, "officer": 0}}
    tables = {"bands": PRINTED, "teams": {"north": north}}
    change = {("north", "officer"): officers}
    assert allows(rule, RELEASE, change=change, **tables) is allowed
    # nothing low is forbidden: the upper edges of FTE do not matter, and nothing is held exactly
    assert allows(bands(basis="effective", margin="0.001"), RELEASE, change=change, **tables)


def test_served_time_is_held_at_the_least_of_its_bounds():
    program = compiled(
        bands(forbid=["spare"], basis="effective", margin="0.001"), RELEASE, bands=PRINTED
    )
    served, choice = "served[north]", "served_by_officers[north]"
    # 100 cases: at most 100 + 100 workers. An officer serves 4 (36 ÷ 6 = 6 by hours).
    assert rows(program, "band release exactly by supported") == {
        "north": ({served: 1, N: -1, choice: 200}, 4, INF)
    }
    # at most 1 officer today, 200 ÷ 4 = 50 for all workers, and 100: 151, who serve 604
    assert rows(program, "band release exactly by support") == {
        "north": ({served: 1, "change[north,officer]": -4, choice: -604}, 4 - 604, INF)
    }


def test_a_share_of_the_teams_may_be_in_a_band():
    program = compiled(
        bands(scope=["north", "south"], at_most_share={"high": "0.5"}), bands=PRINTED
    )
    terms = {"in_band[north,high]": 1, "in_band[south,high]": 1}
    assert rows(program, "band greatest share in high") == {"": (terms, -INF, 1)}


def test_a_price_is_in_goals_of_cost_and_in_no_ceiling():
    goals = tuple(
        Goal.model_validate(each)
        for each in (
            {"minimise": "full_year_cost"},
            {"minimise": "cost", "year": "2024/25"},
        )
    )
    program = compiled(
        bands(price={"high": 9000, "fine": 3000}),
        StayWithinBudget(label="budget"),
        goals=goals,
        bands=PRINTED,
        funds={"pot": {"name": "Pot", "ceiling": 1, "pays_for": {"added_posts": ["all"]}}},
    )
    high, fine = "in_band[north,high]", "in_band[north,fine]"
    [(full_year, _, _)] = rows(program, "full_year_cost").values()
    assert (full_year[high], full_year[fine]) == (9000, 3000)
    # October to March: 6 of 12 months
    [(first, _, _)] = rows(program, "cost 2024/25").values()
    assert (first[high], first[fine]) == (4500, 1500)
    assert all(high not in terms for terms, _, _ in rows(program, "budget").values())


@pytest.mark.parametrize(
    ("price", "closed"),
    [
        ({"high": 9000}, False),  # dearer above: nothing is gained by calling it high
        ({"spare": 9000}, True),
        ({"spare": 9000, "fine": 9000, "high": 9000}, False),
    ],
)
def test_a_band_dearer_than_one_above_it_closes_the_upper_edges(price, closed):
    found = rows(compiled(bands(price=price), bands=PRINTED), "band most FTE")
    assert bool(found) is closed


def test_bands_may_be_of_people_in_post():
    # 3 of 4 are in post: 100 ÷ (3 + n) ≤ 20.4…: 5 FTE in post are fine, so 2 are added
    rule = bands(forbid=["high"], denominator="in_post")
    tables = {"bands": PRINTED, "teams": {"north": {"people": {"worker": 3}}}}
    assert not allows(rule, change={("north", "worker"): 1}, **tables)
    assert allows(rule, change={("north", "worker"): 2}, **tables)


@pytest.mark.parametrize(
    ("rule", "tables"), [(bands(), {}), (bands(forbid=["finee"]), {"bands": PRINTED})]
)
def test_bands_that_are_not_there_are_refused(rule, tables):
    with pytest.raises(InputError):
        compiled(rule, **tables)


def test_a_target_and_bands_hold_together():
    # 100 ÷ 17 = 5.9 → 6 FTE, which are spare; with spare forbidden nothing is left
    target = KeepAverageCaseload.model_validate({"label": "t", "target": 17, "scope": "north"})
    change = {("north", "worker"): 2}
    assert allows(target, bands(), change=change, bands=PRINTED)
    assert not allows(target, bands(forbid=["spare"]), change=change, bands=PRINTED)
