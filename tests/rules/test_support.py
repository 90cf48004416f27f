"""Support ratios and spans of control, row by row."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import allows, compiled, rows
from staffopt.algebra.program import NONE, ParameterKind
from staffopt.rulebook import KeepSupportRatio, LimitSpanOfControl

INF = float("inf")
QUARTER = Fraction(1, 4)
LEAD = "change[office,lead]"


def ratio(**parameters):
    return KeepSupportRatio.model_validate({"label": "ratio", "ratio": 4, **parameters})


def span(**parameters):
    given = {"label": "span", "managers": "support_lead", "staff": "support", "span": 14}
    return LimitSpanOfControl.model_validate(given | parameters)


def test_every_team_has_a_row_of_the_ratio():
    # north: 1 + Δo ≥ (4 + Δw) ÷ 4; south: 0 + Δo ≥ (4 + Δw) ÷ 4; nobody works in the office
    assert rows(compiled(ratio()), "ratio") == {
        "north": ({"change[north,officer]": 1, "change[north,worker]": -QUARTER}, 0, INF),
        "office": ({"change[office,officer]": 1, "change[office,worker]": -QUARTER}, 0, INF),
        "south": ({"change[south,officer]": 1, "change[south,worker]": -QUARTER}, 1, INF),
    }


def test_a_pooled_ratio_is_one_row():
    # 1 + Σ Δo ≥ (8 + Σ Δw) ÷ 4
    [(terms, lower, upper)] = rows(compiled(ratio(each="scope")), "ratio").values()
    officers = {f"change[{team},officer]": 1 for team in ("north", "office", "south")}
    workers = {f"change[{team},worker]": -QUARTER for team in ("north", "office", "south")}
    assert (terms, lower, upper) == (officers | workers, 1, INF)


def test_a_scope_leaves_other_teams_out():
    program = compiled(ratio(scope="south", statutory="true"))
    assert set(rows(program, "ratio")) == {"south"}
    [index] = [i for i in range(program.matrix.rows) if program.row_label(i).startswith("ratio")]
    tags = program.row_tags
    assert program.names[tags.parameter[index]] == "standards.ratio.ratio"
    assert tags.parameter_kind[index] == ParameterKind.COEFFICIENT
    assert tags.statutory[index]
    assert program.axes["team"][tags.block[index]] == "south"


@pytest.mark.parametrize(
    ("parameters", "officers", "allowed"),
    [
        ({}, "0.5", False),  # 4 ÷ 4 = 1 officer in the south
        ({}, "1", True),
        ({"ratio": 8}, "0.5", True),
        ({"ratio": "7.9"}, "0.5", False),  # 4 ÷ 7.9 = 0.506
        ({"each": "scope"}, "0.5", False),  # 8 ÷ 4 = 2 of 1.5
        ({"each": "scope"}, "1", True),
        ({"scope": "north"}, "0", True),
    ],
)
def test_pinned_officers_keep_the_ratio_or_do_not(parameters, officers, allowed):
    assert allows(ratio(**parameters), change={("south", "officer"): officers}) is allowed


OFFICERS = {f"change[{team},officer]": 1 for team in ("north", "office", "south")}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        # 1 + Σ Δo ≤ 14 · (1 + Δl)
        ({}, {"": (OFFICERS | {LEAD: -14}, -INF, 13)}),
        # the scope is of staff; leads are counted wherever they are
        ({"scope": "south"}, {"": ({"change[south,officer]": 1, LEAD: -14}, -INF, 14)}),
        (
            {"each": "team"},
            {
                "north": ({"change[north,officer]": 1}, -INF, -1),
                "office": ({"change[office,officer]": 1, LEAD: -14}, -INF, 14),
                "south": ({"change[south,officer]": 1}, -INF, 0),
            },
        ),
        (
            {"each": "team", "scope": "office"},
            {"office": ({"change[office,officer]": 1, LEAD: -14}, -INF, 14)},
        ),
    ],
)
def test_a_span_holds_staff_to_their_leads(parameters, expected):
    assert rows(compiled(span(**parameters)), "span") == expected


def test_a_span_of_an_area_counts_leads_in_all_of_its_teams():
    # 1 + Δo in the north, of an area with the office and its lead: 1 + Δo ≤ 14 · (1 + Δl)
    teams = {"north": {"area": "east"}, "office": {"area": "east"}}
    program = compiled(
        span(scope="north", each="area"), areas={"east": {"name": "East"}}, teams=teams
    )
    assert rows(program, "span") == {"east": ({"change[north,officer]": 1, LEAD: -14}, -INF, 13)}


def test_a_pooled_span_couples_teams():
    program = compiled(span())
    [index] = [i for i in range(program.matrix.rows) if program.row_label(i).startswith("span")]
    assert program.row_tags.block[index] == NONE
    assert program.names[program.row_tags.parameter[index]] == "standards.span.span"


@pytest.mark.parametrize(
    ("parameters", "officers", "leads", "allowed"),
    [
        ({"span": 2}, "1", 0, True),  # 2 officers, 1 lead
        ({"span": 2}, "1.5", 0, False),
        ({"span": 2}, "1.5", 1, True),
        ({"span": 2, "scope": "south"}, "2", 0, True),  # the north's officer is not counted
        ({"span": 2, "scope": "south"}, "2.5", 0, False),
        ({"span": 2, "scope": "south", "each": "team"}, "0.5", 5, False),  # no lead in the south
    ],
)
def test_pinned_leads_are_enough_or_not(parameters, officers, leads, allowed):
    change = {("south", "officer"): officers, ("office", "lead"): leads}
    assert allows(span(**parameters), change=change) is allowed


# The office has a chief beside its lead: of the same kind, and without the lead's tag.
CHIEF = {
    "roles": {"lead": {"tags": ["front"]}, "chief": {"kind": "support_lead", "step": 1, "cost": 1}},
    "teams": {"office": {"posts": {"chief": 2}}},
}


@pytest.mark.parametrize("measure", ["fte", "heads"])
def test_a_span_with_a_tag_counts_those_leads_alone_who_carry_it(measure):
    everybody = rows(compiled(span(measure=measure), may_change=(), **CHIEF), "span")
    tagged = rows(compiled(span(measure=measure, tag="front"), may_change=(), **CHIEF), "span")
    # 1 officer ≤ 14 · (1 lead + 2 chiefs); 1 ≤ 14 · 1 of those in front
    assert room(everybody) == 14 * 3 - 1
    assert room(tagged) == 14 - 1


def room(found):
    """Return what is left of the one row where nothing changes: heads are written as unknowns."""
    [(terms, _, upper)] = found.values()
    today = {"north,officer": 1, "office,lead": 1, "office,chief": 2}
    heads = {name: today.get(name.partition("[")[2].strip("]"), 0) for name in terms}
    return upper - sum(factor * heads[name] for name, factor in terms.items())
