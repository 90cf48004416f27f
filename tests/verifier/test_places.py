"""Rules of places, met and broken; what people got of what they asked for, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.errors import InputError
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, Got, PlaceDecision, Verdict
from staffopt.rulebook import (
    HonourPreferences,
    KeepMinimumStaffing,
    LimitShare,
    LimitTeamSize,
    Pin,
    PlaceEveryone,
    ShareRefusals,
)
from staffopt.verifier import check_decisions, derive, goal_value

F = Fraction
PLACE = PlaceEveryone(label="place")
HONOUR = HonourPreferences(label="honour")

# north and south have 4 posts of workers each, in one area.
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
        "p1": {"role": "worker", "tags": ["new"], "fte": "0.5", "team": "north"}
        | {"first": "south"},
        "p2": {"role": "worker", "tags": ["new"], "team": "north", "first": "south"},
        "p3": {"role": "worker", "team": "north", "first": "north", "second": "south"},
        "p4": {"role": "worker", "team": "south", "first": "south"},
        "p5": {"role": "worker", "team": "south"},
        "t6": {"role": "agency", "team": "south"},
    },
}
NORTH, SOUTH = "north", "south"
WELL = {"p1": SOUTH, "p2": SOUTH, "p3": NORTH, "p4": SOUTH, "p5": SOUTH, "t6": NORTH}
STAY = {"p1": NORTH, "p2": NORTH, "p3": NORTH, "p4": SOUTH, "p5": SOUTH, "t6": SOUTH}


def decided(places):
    return Decisions(places=tuple(PlaceDecision(person=p, team=t) for p, t in places.items()))


@pytest.fixture
def judged(tiny):
    """Check places: what is broken, and by how much."""

    def run(places, *rules, **tables):
        question = tiny(*rules, **PEOPLE | tables)
        return [
            (finding.rule, finding.team or finding.area, finding.by)
            for finding in check_decisions(question, decided(places))
            if finding.verdict is Verdict.BROKEN
        ]

    return run


def test_everybody_has_a_place_that_their_role_can_have(judged):
    assert judged(WELL, PLACE) == []
    without = {person: team for person, team in WELL.items() if person != "p5"}
    assert judged(without, PLACE) == [("place", None, None)]
    assert judged(WELL | {"p5": "office"}, PLACE) == [
        ("place", "office", None),
        ("place", "office", 1),
    ]


def test_temporary_staff_may_be_left_out_where_the_rule_says_so(judged):
    gone = {person: team for person, team in WELL.items() if person != "t6"}
    assert judged(gone, PLACE) == [("place", None, None)]
    assert judged(gone, PlaceEveryone(label="place", temporary_may_leave=True)) == []


def test_people_and_their_cover_are_within_the_posts(judged):
    # 0.5 + 1 + 1 + 1 + 1 = 4.5 in the south's 4 posts
    crowded = WELL | {"p3": SOUTH}
    assert judged(crowded, PLACE) == [("place", SOUTH, F(1, 2))]
    assert judged(WELL | {"t6": SOUTH}, PLACE) == [("place", SOUTH, F(1, 2))]


def test_nobody_is_placed_where_they_neither_asked_to_be_nor_work(judged):
    assert judged(WELL, PLACE, HONOUR) == []
    assert judged(WELL | {"p4": NORTH}, PLACE, HONOUR) == [("honour", NORTH, None)]
    assert judged(WELL | {"p5": NORTH}, PLACE, HONOUR) == [("honour", NORTH, None)]


def test_enough_get_their_first_preference(judged):
    # p1 and p2 are refused: 2 of 4 get their first preference
    half, most = (HonourPreferences(label="honour", least=share) for share in ("0.5", "0.75"))
    assert judged(STAY, PLACE, half) == []
    assert judged(STAY, PLACE, most) == [("honour", None, 1)]


def test_a_first_preference_that_is_pinned_is_met(judged):
    pin = Pin(label="pin", pins={"first_preferences": {"p1": True, "p2": False, "p3": True}})
    assert judged(WELL, PLACE, pin) == []
    assert judged(STAY, PLACE, pin) == [("pin", None, None)]  # p1 stays north


def test_a_class_bears_no_more_than_its_share_of_the_refusals(judged):
    # new staff: 2 of the 4 who asked, so half of 2 refusals; both are theirs: 2 - 1 - 3/4
    share = ShareRefusals(label="share", tag="new")
    assert judged(STAY, PLACE, share) == [("share", None, F(1, 4))]
    assert judged(STAY | {"p2": SOUTH}, PLACE, share) == []  # 1 of 1: its share is rounded up
    assert judged(WELL, PLACE, share) == []


def test_skill_is_counted_of_people_where_they_are_placed(judged):
    north = KeepMinimumStaffing(label="skill", tag="new", least=2, scope=NORTH)
    assert judged(STAY, PLACE, north) == [("skill", NORTH, F(1, 2))]
    heads = KeepMinimumStaffing(label="skill", tag="new", least=2, scope=NORTH, measure="heads")
    assert judged(STAY, PLACE, heads) == []
    assert judged(WELL, PLACE, heads) == [("skill", NORTH, 2)]


def test_an_area_pools_its_teams(judged):
    floor = KeepMinimumStaffing(label="floor", least=6, each="area", scope="county")
    assert judged(STAY, PLACE, floor) == [("floor", "county", F(1, 2))]


def test_a_share_counts_people_who_carry_the_tag(judged):
    # north: 1.5 of 2.5 are new; a half at the most is 1.25
    share = LimitShare(label="share", tag="new", most="0.5", scope=NORTH)
    assert judged(STAY, PLACE, share) == [("share", NORTH, F(1, 4))]


def test_a_team_is_no_larger_than_it_may_be(judged):
    assert judged(WELL, PLACE, LimitTeamSize(label="size", most=3)) == [("size", SOUTH, F(1, 2))]
    heads = LimitTeamSize(label="size", most=3, measure="heads")
    assert judged(WELL, PLACE, heads) == [("size", SOUTH, 1)]


def test_figures_say_what_everybody_got(tiny):
    question = tiny(PLACE, **PEOPLE)
    got = {f.person: f.got for f in derive(question, decided(STAY | {"p3": SOUTH})).places}
    assert got == {
        "p1": Got.STAYS,
        "p2": Got.STAYS,
        "p3": Got.SECOND,
        "p4": Got.FIRST,
        "p5": Got.NOTHING_ASKED,
        "t6": Got.NOTHING_ASKED,
    }
    sent = derive(question, decided(STAY | {"p4": NORTH})).places
    assert [f.got for f in sent if f.person == "p4"] == [Got.ELSEWHERE]


def test_goals_count_what_people_got_and_who_moves(tiny):
    question = tiny(PLACE, **PEOPLE)

    def value(places, name, **parameters):
        return goal_value(question, decided(places), Goal(minimise=name, **parameters))

    sent = STAY | {"p3": SOUTH, "p4": NORTH}
    assert value(sent, "preferences_unmet") == 4
    assert value(sent, "preferences_unmet", rank="second") == 3
    assert value(sent, "preferences_unmet", rank="stay") == 1
    assert value(sent, "moves") == 2
    assert value(STAY, "moves") == 0
    # 8 posts, 5.5 in post in the one area; by team the north's 4 posts have 2.5
    assert value(STAY, "worst_uncovered") == F(8) / F(11, 2)
    assert value(STAY, "worst_uncovered", each="team") == 4 / F(5, 2)


def test_a_place_with_posts_and_nobody_in_them_has_no_rate(tiny):
    everybody_south = dict.fromkeys(WELL, SOUTH)
    with pytest.raises(InputError, match="nobody in them"):
        goal_value(
            tiny(PLACE, **PEOPLE),
            decided(everybody_south),
            Goal(minimise="worst_uncovered", each="team"),
        )


def test_premiums_of_those_who_are_let_go_are_saved_and_a_move_saves_none(tiny):
    question = tiny(PlaceEveryone(label="place", temporary_may_leave=True), **PEOPLE)
    goal = Goal(minimise="full_year_cost")
    gone = {person: team for person, team in WELL.items() if person != "t6"}
    assert goal_value(question, decided(WELL), goal) == 0
    assert goal_value(question, decided(gone), goal) == -20_000  # 60,000 - 40,000


def test_a_place_of_nobody_or_nowhere_or_twice_is_a_finding(tiny):
    question = tiny(PLACE, **PEOPLE)
    for places in (
        [("p9", NORTH)],
        [("p1", "seaside")],
        [("p1", NORTH), ("p1", SOUTH)],
    ):
        decisions = Decisions(places=tuple(PlaceDecision(person=p, team=t) for p, t in places))
        assert all(f.verdict is Verdict.BROKEN for f in check_decisions(question, decisions))


def test_places_that_no_rule_asks_for_are_a_finding(judged):
    assert judged(WELL) == [("decisions", None, None)]


@pytest.mark.parametrize("rule", [HONOUR, ShareRefusals(label="share", tag="new")])
def test_rules_of_places_need_places(tiny, rule):
    with pytest.raises(InputError, match="no rule places anybody"):
        check_decisions(tiny(rule, **PEOPLE), Decisions())
