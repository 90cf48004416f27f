"""Who holds which cases, as the solver is told of it. The north has 100 cases."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import KEEP, allows, ask, compiled, minimised, rows
from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.rulebook import HoldEveryCase, ReleaseTime, RespectCaseloadCap
from staffopt.rules.variables import Variables

INF = float("inf")
W, A = "cases_held[north,worker]", "cases_held[north,asye]"
ASYE = {
    "roles": {"asye": {"kind": "case_holder", "cap": 15, "tags": ["asye"], "cost": 30000}},
    "teams": {"north": {"posts": {"worker": 4, "asye": 2}}},
}


def hold(**parameters):
    return HoldEveryCase.model_validate({"label": "hold", "scope": "north", **parameters})


def cap(**parameters):
    return RespectCaseloadCap.model_validate({"label": "cap", **parameters})


def test_what_roles_hold_and_what_nobody_holds_are_all_the_cases():
    held = {W: -1, A: -1}
    for given, most in ((0, -100), (7, -93)):
        program = compiled(hold(unallocated=given), **ASYE)
        assert rows(program, "hold at most all") == {"north": (held, -100, INF)}
        assert rows(program, "hold unallocated") == {"north": (held, -INF, most)}
    free = compiled(hold(unallocated="unlimited"), **ASYE)
    assert rows(free, "hold at most all") == {"north": (held, -100, INF)}
    assert rows(free, "hold unallocated") == {}


def test_cases_are_held_by_people_who_are_there():
    # 100 cases at most for each of 4 workers and 2 newly qualified
    program = compiled(hold(), **ASYE)
    assert rows(program, "hold by people in post") == {
        "north,asye": ({A: 1, "change[north,asye]": -100}, -INF, 200),
        "north,worker": ({W: 1, "change[north,worker]": -100}, -INF, 400),
    }
    # 3 of the 4 are in post, and half of their time holds cases: 1.5 FTE
    vacant = {
        "roles": {"worker": {"case_holding": "0.5"}},
        "teams": {"north": {"people": {"worker": 3}}},
    }
    [found] = rows(compiled(hold(), **vacant), "hold by people in post").values()
    assert found == ({W: 1, "change[north,worker]": -50}, -INF, 150)


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        # each role's own: 15 of the newly qualified, and none of the others
        ({}, {A: 15}),
        ({"cap": 20}, {A: 20, W: 20}),
        ({"cap": 12, "tag": "asye"}, {A: 12}),
        # 0.75 of 20, and what each counts as: 0.8 of 20 and the whole of 20
        ({"full_load": 20, "share": "0.75"}, {A: 15, W: 15}),
        ({"full_load": 20}, {A: 16, W: 20}),
        ({"kind": "support"}, {}),
    ],
)
def test_a_cap_is_the_rules_or_a_share_of_a_full_load_or_the_roles_own(parameters, held):
    tables = {**ASYE, "roles": {"asye": ASYE["roles"]["asye"] | {"counts_as": "0.8"}}}
    program = compiled(hold(), cap(**parameters), **tables)
    posts = {W: ("change[north,worker]", 4), A: ("change[north,asye]", 2)}
    expected = [
        ({who: 1, posts[who][0]: -most}, -INF, most * posts[who][1]) for who, most in held.items()
    ]
    assert list(rows(program, "cap").values()) == expected


@pytest.mark.parametrize(
    ("parameters", "caps", "added", "allowed"),
    [
        # 2 newly qualified hold 30; the 4 others hold 70, which is 17.5 each
        ({}, {"cap": 18}, 0, True),
        ({}, {"cap": 17}, 0, False),  # 30 + 68 = 98
        ({}, {"cap": 17}, 1, True),  # 30 + 85
        ({"unallocated": 2}, {"cap": 17}, 0, True),
        ({"unallocated": 1}, {"cap": 17}, 0, False),
        ({"unallocated": "unlimited"}, {"cap": 1}, 0, True),
    ],
)
def test_pinned_posts_hold_every_case_under_their_caps_or_not(parameters, caps, added, allowed):
    rules = (hold(**parameters), cap(tag="asye"), cap(label="rest", **caps))
    change = {("north", "worker"): added}
    assert allows(*rules, change=change, **ASYE) is allowed


def test_quanta_are_those_of_the_rule():
    half = {"teams": {"north": {"cases": "100.5"}}}
    with pytest.raises(InputError) as raised:
        compiled(hold(), **half)
    assert raised.value.faults[0].code == "cases-off-quantum"
    program = compiled(hold(quantum="0.5"), **half)
    tags = {program.column_label(i)[:5]: q for i, q in enumerate(program.column_tags.quantum)}
    assert tags["cases"] == 0.5
    assert rows(program, "hold unallocated") == {"north": ({W: -1}, -INF, Fraction("-100.5"))}


LOW = {
    "case_types": {"low": {}, "high": {"weight": 2}},
    "roles": {"helper": {"kind": "support", "holds": ["low"], "cost": 20000, "cap": 12}},
    "teams": {"north": {"cases": {"low": 20, "high": 40}, "posts": {"worker": 4, "helper": 3}}},
}


def test_a_support_officer_may_hold_low_level_cases_and_no_more_than_there_are():
    # 20 low and 40 of weight 2 are 100; of 3 helpers at 12 each, 36, only 20 are low
    program = compiled(hold(), **LOW)
    assert rows(program, "hold of low") == {"north": ({"cases_held[north,helper]": 1}, -INF, 20)}
    rules = (hold(), cap(kind="support"), cap(label="worker", cap=20))
    assert allows(*rules, **LOW)  # 80 + 20
    assert not allows(hold(), cap(kind="support"), cap(label="worker", cap=19), **LOW)
    fewer = {**LOW, "roles": {"helper": LOW["roles"]["helper"] | {"cap": 6}}}
    assert not allows(*rules, **fewer)  # 80 + 18


def test_roles_that_hold_some_types_share_what_there_is_of_them():
    both = {"kind": "support", "holds": ["low", "high"], "cost": 20000}
    one = {"kind": "support", "holds": ["low"], "cost": 20000}
    tables = {**LOW, "roles": {"helper": one, "aide": both}}
    tables["teams"] = {"north": {**LOW["teams"]["north"], "posts": {"helper": 1, "aide": 1}}}
    program = compiled(hold(), **tables)
    helper, aide = "cases_held[north,helper]", "cases_held[north,aide]"
    assert rows(program, "hold of low") == {"north": ({helper: 1}, -INF, 20)}
    assert rows(program, "hold of high, low") == {"north": ({helper: 1, aide: 1}, -INF, 100)}


def test_a_role_that_holds_some_types_needs_cases_by_type():
    tables = {**LOW, "teams": {"north": {"cases": 100}}}
    with pytest.raises(InputError) as raised:
        compiled(hold(), **tables)
    assert raised.value.faults[0].code == "cases-without-types"


def test_whoever_holds_cases_releases_no_time():
    release = ReleaseTime.model_validate(
        {"label": "release", "hours": 6, "contract_hours": 36, "ratio": 4, "scope": "north"}
    )
    program = compiled(release, **LOW)
    # the officer (1 today) releases time to 4, the three helpers to nobody
    assert rows(program, "release by ratio") == {
        "north": ({"served[north]": 1, "change[north,officer]": -4}, -INF, 4)
    }
    free = {**LOW, "roles": {"helper": {"kind": "support", "cost": 20000}}}
    [(terms, _, most)] = rows(compiled(release, **free), "release by ratio").values()
    assert (terms["change[north,helper]"], most) == (-4, 16)


@pytest.mark.parametrize(
    "rules",
    [
        (cap(),),
        (hold(), hold(label="again")),
    ],
)
def test_what_cannot_be_split_is_refused(rules):
    with pytest.raises(InputError) as raised:
        compiled(*rules)
    assert raised.value.faults[0].code in ("no-split", "split-twice")


def test_unallocated_cases_need_a_split():
    with pytest.raises(InputError) as raised:
        compiled(goals=(Goal.model_validate({"minimise": "unallocated_cases"}),))
    assert raised.value.faults[0].code == "no-split"


def test_the_fewest_cases_are_left_to_nobody():
    # 2 newly qualified hold 30 and 4 workers 60 at most: 10 of 100 are left
    goals = (Goal.model_validate({"minimise": "unallocated_cases"}),)
    rules = (KEEP, hold(unallocated="unlimited"), cap(tag="asye"), cap(label="rest", cap=15))
    out = minimised(ask(*rules, goals=goals, may_change=(), **ASYE))
    assert [r.value for r in out.reached] == [10]


def test_managed_teams_hold_what_they_can(monkeypatch):
    original = Variables.__init__

    def with_capacity(self, builder, data):
        original(self, builder, data)
        self.capacity = data.table(
            (data.team, data.period), lambda team, _: 30 if team == "north" else 0
        )

    monkeypatch.setattr(Variables, "__init__", with_capacity)
    # 4 workers at 15 hold 60 of 100 and the managed team 30: 10 are left; with 18 each, none
    goals = (Goal.model_validate({"minimise": "unallocated_cases"}),)
    for most, left in ((15, 10), (18, 0)):
        rules = (KEEP, hold(unallocated="unlimited"), cap(cap=most))
        out = minimised(ask(*rules, goals=goals, may_change=()))
        assert [r.value for r in out.reached] == [left]
    assert not allows(hold(unallocated=9), cap(cap=15))
    assert allows(hold(unallocated=10), cap(cap=15))


def test_a_cap_may_be_missed_at_a_price():
    # 30 held by the newly qualified, 4 · 17 = 68 by the others: 2 too many at £3,000 a year each,
    # or £40,000 for a fifth worker
    rest = cap(label="rest", cap=17, soften={"price": 3000})
    goals = (Goal.model_validate({"minimise": "full_year_cost"}),)
    rules = (KEEP, hold(), cap(tag="asye"), rest)
    assert minimised(ask(*rules, goals=goals, **ASYE)).reached[0].value == 6000


def above(**fields):
    return Goal.model_validate({"minimise": "cases_above_band", "band": "fine", **fields})


def vector_of(program):
    """Write a goal's own row out."""
    return rows(program, "cases_above_band")[""][0]


BANDS = {"edges": {"low": "< 18", "fine": "18-20", "high": "> 20"}}
PRINTED = {**BANDS, "round_average": {"decimals": 0}}


@pytest.mark.parametrize(
    ("bands", "edge"),
    [
        (BANDS, 20),
        (PRINTED, Fraction("20.5")),  # 20.5 is the first that is printed 21
    ],
)
def test_cases_above_a_band_are_those_over_its_edge_in_every_team(bands, edge):
    program = compiled(KEEP, goals=(above(scope=["north", "south"]),), bands=bands)
    over, change = "cases_above[north]", "change[north,worker]"
    # 100 cases on 4 FTE: 100 ÷ edge − 4 FTE too few
    assert rows(program, "cases_above_band")["north"] == (
        {over: 1, change: 1},
        Fraction(100) / edge - 4,
        INF,
    )
    assert vector_of(program) == {over: edge, "cases_above[south]": edge}
    # 100 − 20 n is on 20s, 60 − 20 n too; 100 − 20.5 n and 60 − 20.5 n are on halves
    assert program.goals[0].quantum == (20 if edge == 20 else Fraction(1, 2))


def test_where_cases_are_split_what_is_above_a_band_goes_by_roles():
    # 4 workers and 2 newly qualified at 15: of 118 cases 30 and 88; 88 − 4 · 20 = 8. Together
    # 118 − 6 · 20 < 0: as one team they are not above.
    tables = {**ASYE, "teams": {"north": {"cases": 118, "posts": {"worker": 4, "asye": 2}}}}
    goals = (above(scope="north"),)
    split = ask(KEEP, hold(), cap(), goals=goals, may_change=(), bands=BANDS, **tables)
    assert [r.value for r in minimised(split).reached] == [8]
    whole = ask(KEEP, goals=goals, may_change=(), bands=BANDS, **tables)
    assert [r.value for r in minimised(whole).reached] == [0]
