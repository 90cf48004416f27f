"""What may change and by how much: kept posts, recruitment and pins, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from compiled import INFINITE, KEEP, allows, ask, compiled, rows, session
from staffopt.algebra.program import ParameterKind
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.errors import InputError
from staffopt.instance.options import Pins
from staffopt.instance.staff import RoleKind
from staffopt.rulebook import (
    FillPosts,
    KeepExistingPosts,
    LimitRecruitment,
    Pin,
    Require,
    TakeBundleWhole,
)

INF = float("inf")
HOLDERS = (RoleKind.CASE_HOLDER,)
PACKAGES = {
    "packages": {"team": {"name": "Team", "start": "2024-10", "months": 12}},
    "package_lines": [{"package": "team", "post": "Worker", "fte": 1, "recurrent": 100}],
}


def supply(**parameters):
    return LimitRecruitment.model_validate({"label": "supply", **parameters})


def pins(**parameters):
    return Pin(label="pin", pins=Pins.model_validate(parameters))


def feasible(question):
    matrix = build(question, exact=True).matrix.floating()
    return session().solve(matrix, Changes(cost=np.zeros(matrix.columns))).why is Why.OPTIMAL


def test_posts_of_a_period_are_at_least_those_of_the_one_before():
    program = compiled(KEEP, may_change=HOLDERS, calendar={"periods": "financial_years"})
    first, second = (f"change[north,worker,{year}]" for year in ("2024/25", "2025/26"))
    found = rows(program, "keep")
    assert len(found) == 6  # three teams, two years
    assert found["north,worker,2024/25"] == ({first: 1}, 0, INF)
    assert found["north,worker,2025/26"] == ({second: 1, first: -1}, 0, INF)


def test_posts_outside_the_scope_may_be_cut_to_nothing():
    program = compiled(KeepExistingPosts(label="keep", scope="north"), may_change=HOLDERS)
    assert set(rows(program, "keep")) == {"north,worker"}
    lower = {program.column_label(i)[:12]: v for i, v in enumerate(program.matrix.col_lower)}
    assert lower["change[south"[:12]] == -4
    rule = KeepExistingPosts(label="keep", scope="north")
    assert allows(rule, change={("south", "worker"): -4})
    assert not allows(rule, change={("north", "worker"): -1})


def test_posts_are_never_below_zero_even_off_the_step():
    # 3.5 today in whole steps: at most 3 can be cut
    program = compiled(may_change=HOLDERS, teams={"north": {"posts": {"worker": "3.5"}}})
    assert program.matrix.col_lower[0] == -3


def test_recruitment_is_one_row_a_period_over_the_scope():
    three = {f"change[{team},worker]": 1 for team in ("north", "office", "south")}
    program = compiled(KEEP, supply(limit="2.5"))
    assert rows(program, "supply") == {"": (three, -INF, 2.5)}
    [index] = [i for i in range(program.matrix.rows) if program.row_label(i).startswith("supply")]
    assert program.names[program.row_tags.parameter[index]] == "standards.supply.limit"
    assert program.row_tags.parameter_kind[index] == ParameterKind.RIGHT_HAND_SIDE
    assert program.row_tags.factor[index] == 1
    assert set(rows(compiled(KEEP, supply(limit=2, scope="south")), "supply")[""][0]) == {
        "change[south,worker]"
    }
    assert rows(compiled(KEEP, supply(limit="unlimited")), "supply") == {}


@pytest.mark.parametrize(
    ("rules", "north", "south", "allowed"),
    [
        ([KEEP, supply(limit=3)], 2, 1, True),
        ([KEEP, supply(limit=2)], 2, 1, False),
        ([KEEP, supply(limit=2, scope="north")], 2, 1, True),
        ([KEEP, supply(limit=0, staff="support")], 2, 1, True),
        # The rule book's formula deducts cuts: 2 − 1 = 1 FTE is added over the teams.
        ([supply(limit=1)], 2, -1, True),
        ([supply(limit=0)], 2, -1, False),
        # Posts are kept in the north alone, so the south's cut counts just as well.
        ([KeepExistingPosts(label="keep", scope="north"), supply(limit=1)], 2, -1, True),
    ],
)
def test_pinned_posts_are_within_what_can_be_recruited_or_not(rules, north, south, allowed):
    change = {("north", "worker"): north, ("south", "worker"): south}
    assert allows(*rules, change=change) is allowed


def test_pins_hold_posts_changes_and_packages():
    rule = pins(
        posts={"north": {"worker": "6"}}, change={"officer": "1.5"}, packages={"team": "true"}
    )
    program = compiled(TakeBundleWhole(label="bundle"), rule, **PACKAGES)
    officers = {f"change[{team},officer]": 1 for team in ("north", "office", "south")}
    assert held(program, "pin posts") == {"north,worker": ({"change[north,worker]": 1}, 2, 2)}
    assert held(program, "pin change") == {"officer": (officers, 1.5, 1.5)}
    assert held(program, "pin packages") == {"team": ({"taken[team]": 1}, 1, 1)}
    # What may be pinned later has a row already, without bounds: leads are placed in the office.
    may = {
        f"{team},{role}" for team in ("north", "office", "south") for role in ("officer", "worker")
    }
    assert rows(program, "pin posts").keys() == may | {"office,lead"}
    assert rows(program, "pin change").keys() == {"lead", "officer", "worker"}

    paths = {
        program.row_label(i).split("[")[0]: program.names[program.row_tags.parameter[i]]
        for i in range(program.matrix.rows)
        if program.row_label(i).startswith("pin")
    }
    assert paths == {
        "pin posts": "pins.posts",
        "pin change": "pins.change",
        "pin packages": "pins.packages",
    }


def held(program, block):
    """The rows of a block that have a bound."""
    free = (-INFINITE, INFINITE)
    return {label: row for label, row in rows(program, block).items() if row[1:] != free}


def test_posts_that_may_not_change_are_pinned_to_what_they_are_or_there_is_no_plan():
    program = compiled(pins(posts={"north": {"worker": 4}}), may_change=(RoleKind.SUPPORT,))
    # 4 - 4 today = 0 on both sides, and nothing that could move
    assert held(program, "pin posts") == {"north,worker": ({}, 0, 0)}


def test_pins_hold_in_every_period():
    years = {"calendar": {"periods": "financial_years"}}
    found = held(compiled(pins(posts={"north": {"worker": 6}}), **years), "pin posts")
    assert found == {
        f"north,worker,{year}": ({f"change[north,worker,{year}]": 1}, 2, 2)
        for year in ("2024/25", "2025/26")
    }


@pytest.mark.parametrize(
    ("pinned", "allowed"),
    [
        ({"posts": {"north": {"worker": 6}}, "change": {"worker": 2}}, True),
        ({"posts": {"north": {"worker": 6}}, "change": {"worker": 1}}, False),  # kept elsewhere
        ({"posts": {"north": {"worker": "5.5"}}}, False),  # 1.5 is no whole step
        ({"posts": {"north": {"lead": 0}}}, True),  # none today, and none can be placed
        ({"posts": {"north": {"lead": 1}}}, False),
        ({"posts": {"north": {"worker": 3}}}, False),  # a cut, and posts are kept
        ({"packages": {"team": "false"}}, True),
        ({"packages": {"team": "true"}}, False),  # no rule offers it
    ],
)
def test_pins_go_with_the_other_rules_or_do_not(pinned, allowed):
    assert feasible(ask(KEEP, pins(**pinned), **PACKAGES)) is allowed


def asked_for(**parameters):
    given = {"label": "asked", "role": "worker", "fte": "6.5", **parameters}
    return Require.model_validate(given)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        # north 4 + south 4 of today: 6.5 − 8 = −1.5 added at least
        ({}, ({"north", "office", "south"}, -1.5, INF)),
        ({"sense": "at most"}, ({"north", "office", "south"}, -INF, -1.5)),
        ({"sense": "exactly", "scope": "north"}, ({"north"}, 2.5, 2.5)),
        ({"what": "posts added", "scope": "north"}, ({"north"}, 6.5, INF)),
    ],
)
def test_what_is_asked_for_is_one_row_a_period_with_either_side(parameters, expected):
    teams, lower, upper = expected
    terms = {f"change[{team},worker]": 1 for team in teams}
    assert rows(compiled(asked_for(**parameters)), "asked") == {"": (terms, lower, upper)}


def test_people_in_post_that_are_asked_for_are_counted_from_those_there_today():
    # 3 people in north's 4 posts, 4 in south: 6.5 − 7 = −0.5 added at least
    program = compiled(
        asked_for(what="in post"), teams={"north": {"people": {"worker": 3, "officer": 1}}}
    )
    terms = {f"change[{team},worker]": 1 for team in ("north", "office", "south")}
    assert rows(program, "asked") == {"": (terms, -0.5, INF)}


def test_people_who_are_decided_apart_from_posts_are_what_is_asked_for():
    ((terms, lower, _),) = rows(
        compiled(FillPosts(label="fill"), asked_for(what="in post", scope="north")), "asked"
    ).values()
    assert (terms, lower) == ({"people[north,worker]": 1}, 2.5)


def test_what_is_asked_for_in_one_period_asks_nothing_of_another():
    yearly = {"start": "2024-10", "end": "2026-03", "periods": "financial_years"}
    program = compiled(asked_for(period="2025/26"), calendar=yearly)
    assert list(rows(program, "asked")) == ["2025/26"]


@pytest.mark.parametrize("wrong", [{"role": "wroker"}, {"period": "2030/31"}])
def test_what_is_asked_for_of_what_nothing_declares_is_refused(wrong):
    with pytest.raises(InputError, match="is called"):
        compiled(asked_for(**wrong))
