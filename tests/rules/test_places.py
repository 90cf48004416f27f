"""Places, row by row: who may go where, classes of people alike, skills, areas and refusals."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import ask, compiled, minimised, rows
from staffopt.build import build
from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    FillPosts,
    HonourPreferences,
    KeepMinimumStaffing,
    LimitChange,
    LimitSpanOfControl,
    LimitTeamSize,
    Pin,
    PlaceEveryone,
    ShareRefusals,
)
from staffopt.rules.placing import classes_of, dealt, staying

INF = float("inf")
HALF = Fraction(1, 2)
PLACE = PlaceEveryone(label="place")
HONOUR = HonourPreferences(label="honour")

# north and south have 4 posts of workers each; the office has none.
PEOPLE = {
    "areas": {"county": {"name": "County"}},
    "roles": {
        "worker": {"set_up": "none", "teams": ["north", "south"]},
        "agency": {
            "kind": "case_holder",
            "tags": ["agency"],
            "covers": "worker",
            "cost": 60000,
            "teams": ["north", "south"],
        },
    },
    "teams": {"north": {"area": "county"}, "south": {"area": "county"}},
    "people": {
        "p1": {"role": "worker", "tags": ["new", "part"], "fte": "0.5", "team": "north"}
        | {"first": "south"},
        "p2": {"role": "worker", "tags": ["part", "new"], "fte": "0.5", "team": "north"}
        | {"first": "south"},
        "p3": {"role": "worker", "team": "north", "first": "north", "second": "county"},
        "p4": {"role": "worker", "tags": ["new"], "team": "south"},
        "t5": {"role": "agency", "team": "south"},
    },
}


def placed(*rules, **tables):
    return compiled(PLACE, *rules, may_change=(), **PEOPLE, **tables)


def test_people_alike_are_one_class_whatever_the_order_of_their_tags():
    classes = classes_of(ask(PLACE, **PEOPLE))
    assert [alike.ids for alike in classes] == [("p1", "p2"), ("p3",), ("p4",), ("t5",)]
    assert classes_of(ask(**PEOPLE)) == ()


def test_whoever_may_go_anywhere_is_of_one_class_whatever_the_team_and_as_many_stay_as_can():
    people = PEOPLE["people"] | {"t6": {"role": "agency", "team": "north"}}
    question = ask(PLACE, HONOUR, **PEOPLE | {"people": people})
    classes = classes_of(question)
    assert classes[-1].ids == ("t5", "t6")
    assert staying(question, classes) == {"t5": ("south",), "t6": ("north",)}
    counts = {("t5", "north"): 1, ("t5", "south"): 1}
    assert dict(dealt(classes, counts, staying(question, classes))) == {
        "t5": "south",
        "t6": "north",
    }


def test_moves_count_who_of_such_a_class_does_not_stay():
    people = PEOPLE["people"] | {"t6": {"role": "agency", "team": "north"}}
    goal = Goal(minimise="moves")
    question = ask(PLACE, HONOUR, goals=(goal,), may_change=(), **PEOPLE | {"people": people})
    program = build(question, exact=True)
    for team in ("north", "south"):
        terms = {f"stays[t5,{team}]": 1, f"placed[t5,{team}]": -1}
        assert rows(program, "place_everyone who stays")[f"t5,{team}"] == (terms, -INF, 0)
    moves = rows(program, "moves")[""][0]
    assert moves["placed[t5,north]"] == 1
    assert moves["stays[t5,north]"] == -1
    uppers = {
        program.column_label(i): program.matrix.col_upper[i] for i in range(program.matrix.columns)
    }
    assert uppers["stays[t5,north]"] == uppers["stays[t5,south]"] == 1


def test_a_count_is_dealt_out_in_order_of_id():
    classes = classes_of(ask(PLACE, **PEOPLE))
    counts = {("p1", "south"): 1, ("p1", "north"): 1, ("p3", "south"): 1}
    assert dict(dealt(classes, counts, {})) == {"p1": "north", "p2": "south", "p3": "south"}


def test_whoever_is_pinned_is_dealt_a_place_of_theirs_first():
    classes = classes_of(ask(PLACE, **PEOPLE))
    counts = {("p1", "south"): 1, ("p1", "north"): 1, ("p3", "south"): 1}
    found = dict(dealt(classes, counts, {"p2": ("north",), "p3": ("north",)}))
    assert found == {"p1": "south", "p2": "north", "p3": "south"}


def test_a_class_has_as_many_first_preferences_as_are_pinned_of_it():
    pins = {"first_preferences": {"p2": True, "p3": False}}
    found = rows(placed(Pin(label="pin", pins=pins)), "pin first preferences")
    assert found == {
        "p1": ({"placed[p1,south]": 1}, 1, INF),  # p1 and p2 are alike, and ask for South
        "p3": ({"placed[p3,north]": 1}, 0, INF),
    }


def test_a_first_preference_that_nobody_has_stated_cannot_be_pinned():
    pins = {"first_preferences": {"p4": True, "p9": True}}
    with pytest.raises(InputError, match="p4") as refused:
        placed(Pin(label="pin", pins=pins))
    assert len(refused.value.faults) == 2
    with pytest.raises(InputError, match="places nobody"):
        compiled(Pin(label="pin", pins={"first_preferences": {"p1": True}}), **PEOPLE)


def test_every_class_has_as_many_places_as_people():
    found = rows(placed(), "place one place")
    assert found["p1"] == ({"placed[p1,north]": 1, "placed[p1,south]": 1}, 2, 2)
    assert found["t5"] == ({"placed[t5,north]": 1, "placed[t5,south]": 1}, 1, 1)


def test_temporary_staff_may_be_left_out_and_nobody_else():
    program = compiled(
        PlaceEveryone(label="place", temporary_may_leave=True), may_change=(), **PEOPLE
    )
    assert set(rows(program, "place one place")) == {"p1", "p3", "p4"}
    assert rows(program, "place one place at most")["t5"][1:] == (-INF, 1)


def test_people_and_their_cover_are_within_the_posts():
    found = rows(placed(), "place within posts")
    terms = {
        "placed[p1,north]": HALF,
        "placed[p3,north]": 1,
        "placed[p4,north]": 1,
        "placed[t5,north]": 1,
    }
    assert found["north,worker"] == (terms, -INF, 4)
    assert not any("officer" in cell for cell in found)


def test_nobody_is_sent_where_they_neither_asked_to_be_nor_work():
    # p3 asks for any team of the county, p4 for nothing and stays; t5 is deployed anywhere.
    program = placed(HONOUR)
    names = {program.column_label(i) for i in range(program.matrix.columns)}
    assert {name for name in names if name.startswith("placed")} == {
        "placed[p1,north]",
        "placed[p1,south]",
        "placed[p3,north]",
        "placed[p3,south]",
        "placed[p4,south]",
        "placed[t5,north]",
        "placed[t5,south]",
    }


def test_a_share_of_those_who_asked_gets_its_first_preference():
    # 3 asked; 3 - (p1 in north) - (p3 in south) >= 0.9 x 3: refused <= 0.3
    share = HonourPreferences(label="honour", least="0.9")
    terms = {"placed[p1,north]": -1, "placed[p3,south]": -1}
    assert rows(placed(share), "honour")[""] == (terms, Fraction(-3, 10), INF)


def test_a_class_bears_its_share_of_the_refusals_rounded_up_to_a_person():
    # new: 2 of the 3 who asked; p1n <= 2/3 (p1n + p3s) + 2/3
    terms = {"placed[p1,north]": Fraction(1, 3), "placed[p3,south]": Fraction(-2, 3)}
    found = rows(placed(HONOUR, ShareRefusals(label="share", tag="new")), "share")
    assert found[""] == (terms, -INF, Fraction(2, 3))


def test_a_class_that_asked_for_nothing_has_no_row():
    program = placed(HONOUR, ShareRefusals(label="share", tag="agency"))
    assert "share asks nothing here" in program.notes


def test_skill_is_counted_of_people_who_carry_it():
    rule = KeepMinimumStaffing(label="skill", tag="new", least=1)
    terms = {"placed[p1,north]": HALF, "placed[p4,north]": 1}
    assert rows(placed(rule), "skill least")["north"] == (terms, 1, INF)


def test_heads_of_people_who_are_placed_are_people():
    rule = KeepMinimumStaffing(label="skill", tag="new", least=1, measure="heads")
    terms = {"placed[p1,north]": 1, "placed[p4,north]": 1}
    assert rows(placed(rule), "skill least")["north"] == (terms, 1, INF)


def test_people_who_are_not_placed_stay_where_they_work():
    # without the rule: north has 0.5 + 0.5 FTE of new staff, south 1
    rule = KeepMinimumStaffing(label="skill", tag="new", least="1.5")
    found = rows(compiled(rule, may_change=(), **PEOPLE), "skill least")
    assert found["north"] == ({}, HALF, INF)
    assert found["south"] == ({}, HALF, INF)


def test_an_area_pools_its_teams_and_a_team_of_none_stands_for_itself():
    rule = KeepMinimumStaffing(label="floor", least=2, each="area")
    found = rows(placed(rule), "floor least")
    assert set(found) == {"county", "office"}
    assert found["county"][0]["placed[p1,south]"] == HALF
    assert found["county"][0]["placed[t5,north]"] == 1
    assert found["office"] == ({}, 2, INF)


def test_a_span_counts_people_in_post_where_it_is_asked_to():
    rule = LimitSpanOfControl(label="span", managers="support", span=2, each="area")
    in_post = LimitSpanOfControl(
        label="span", managers="support", span=2, each="area", counted="in_post"
    )
    assert rows(placed(rule), "span")["county"] == ({}, -INF, -6)  # 8 posts, 1 officer of span 2
    assert rows(placed(in_post), "span")["county"][0]["placed[p1,north]"] == HALF


def test_a_team_is_no_larger_than_it_may_be():
    terms = {
        "placed[p1,north]": HALF,
        "placed[p3,north]": 1,
        "placed[p4,north]": 1,
        "placed[t5,north]": 1,
    }
    rule = LimitTeamSize(label="size", most=3)
    assert rows(placed(rule), "size")["north"] == (terms, -INF, 3)
    heads = LimitTeamSize(label="size", most=3, measure="heads")
    assert rows(placed(heads), "size")["north"][0]["placed[p1,north]"] == 1


def test_a_move_is_a_change_of_people_in_post_in_both_teams():
    # 2 FTE in post in the north today; 1 of the 4 posts in the south is filled
    rule = LimitChange(label="change", least=1, most=2, counted="in_post")
    found = placed(rule)
    up, down = (f"{way} change[north,worker]" for way in ("up", "down"))
    there = {"placed[p1,north]": HALF, "placed[p3,north]": 1, "placed[p4,north]": 1}
    assert rows(found, "change most up")["north,worker"] == ({**there, up: -2}, -INF, 2)
    assert rows(found, "change one way")["north,worker"] == ({up: 1, down: 1}, -INF, 1)
    assert not rows(placed(LimitChange(label="change", least=1, most=2)), "change most up")


def test_the_worst_area_has_as_many_in_post_as_it_can():
    whole = PEOPLE | {"people": {p: r | {"fte": 1} for p, r in PEOPLE["people"].items()}}

    def worst(each):
        goal = Goal(minimise="worst_uncovered", each=each)
        return minimised(ask(PLACE, goals=(goal,), may_change=(), **whole)).reached[0].value

    # 5 FTE for the county's 8 posts, wherever they go; one of its teams of 4 posts has 2 of them
    assert worst("area") == pytest.approx(8 / 5)
    assert worst("team") == pytest.approx(4 / 2)


def test_posts_for_each_in_post_have_a_limit_and_it_is_above_nothing():
    # 8 posts in the county, at most 2 for each in post: 4 FTE, of whom nobody is there but by place
    def rows_of(most):
        goal = Goal(minimise="worst_uncovered", at_most=most)
        program = build(ask(PLACE, goals=(goal,), may_change=(), **PEOPLE), exact=True)
        return rows(program, "worst_uncovered at most")

    _, least, _ = rows_of("2")["county"]
    assert least == 4
    with pytest.raises(InputError, match="no FTE bring an average to 0"):
        rows_of("0")


def test_posts_that_may_change_have_no_worst_uncovered_rate():
    question = ask(PLACE, goals=(Goal(minimise="worst_uncovered"),), **PEOPLE)
    with pytest.raises(InputError, match="needs posts of case_holder to stay"):
        build(question)


@pytest.mark.parametrize(
    "rule", [HONOUR.model_copy(update={"least": HALF}), ShareRefusals(label="share", tag="new")]
)
def test_rules_of_places_need_places(rule):
    with pytest.raises(InputError, match="the model places nobody"):
        compiled(rule, may_change=(), **PEOPLE)


@pytest.mark.parametrize("name", ["moves", "preferences_unmet"])
def test_goals_of_places_need_places(name):
    with pytest.raises(InputError, match="the model places nobody"):
        build(ask(goals=(Goal(minimise=name),), may_change=(), **PEOPLE))


def test_a_council_that_lists_nobody_has_nobody_to_place():
    with pytest.raises(InputError, match="the council lists none"):
        compiled(PLACE, may_change=())


def test_two_rules_do_not_decide_who_is_in_one_post():
    with pytest.raises(InputError, match="both decide who is in the posts of"):
        placed(FillPosts(label="fill"))
