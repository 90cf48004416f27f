"""The plan of tiny-places.yaml, against the hand arithmetic of tiny-places.md."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.plan import Got, Grade
from staffopt.reporting.asked import Asked
from staffopt.reporting.comparing import names_of, options_blocks
from staffopt.reporting.options import render_options
from staffopt.reporting.pieces import places_blocks, provenance_blocks
from staffopt.reporting.reasons import bearing_assumptions
from staffopt.reporting.star import star
from staffopt.reporting.text import render

F = Fraction


@pytest.fixture(scope="module")
def placed():
    return so.solve(so.load("tiny-places"))


def test_everybody_is_placed_as_by_hand(placed):
    assert {place.person: place.team for place in placed.decisions.places} == {
        "p1": "clay",
        "p2": "ash",
        "p3": "birch",
        "p4": "birch",
        "p5": "clay",
        "p6": "clay",
        "t1": "ash",
    }
    assert [goal.value for goal in placed.goals] == [0, F(10, 7), 1, 0, 0, 3, 0]
    assert placed.grade is Grade.CERTIFIED
    assert placed.provenance.unique
    assert so.verify(placed).ok


def test_the_plan_says_what_everybody_got(placed):
    got = {figure.person: figure.got for figure in placed.figures.places}
    assert got == {
        "p1": Got.FIRST,
        "p2": Got.FIRST,
        "p3": Got.FIRST,
        "p4": Got.FIRST,
        "p5": Got.SECOND,
        "p6": Got.FIRST,
        "t1": Got.NOTHING_ASKED,
    }


def test_people_in_post_follow_from_the_places(placed):
    assert placed.people == {
        ("ash", "social_worker"): 1,
        ("ash", "agency_worker"): 1,
        ("birch", "social_worker"): F("1.5"),
        ("birch", "agency_worker"): 0,
        ("clay", "social_worker"): 3,
    }


def test_the_report_counts_by_class_and_by_area(placed):
    text = render(placed)
    assert "PLACE 7 people, 3 of them in another team than today's" in " ".join(text.split())
    for row in (
        "Everybody 6 5 1 – – 16.7% 3",
        "Experienced 3 2 1 – – 33.3% –",
        "ASYE 2 2 – – – 0.0% 1",
        "Part time 1 1 – – – 0.0% 1",
        "East plan 5.0 3.5 1.5 30.0%",
        "West today 4.0 2.0 2.0 50.0%",
        "All areas plan 9.0 6.5 2.5 27.8%",
    ):
        assert row in [" ".join(line.split()) for line in text.splitlines()], row


@pytest.fixture(scope="module")
def beside():
    return so.options(so.load("tiny-places"))


def test_options_say_what_those_placed_get_and_what_is_uncovered_in_the_worst_area(beside):
    lines = render_options(beside).splitlines()
    told = [" ".join(line.split()) for line in lines]
    assert "People placed as asked first second stays elsewhere moved uncovered, worst area" in told
    assert "do nothing – – – – – – – 50.0%" in told
    assert "place best 6 5 1 – – 3 30.0%" in told
    assert not any(line.startswith("Cases per") for line in told)  # nobody holds any


def test_documents_show_what_people_got_and_what_stays_uncovered(placed):
    classes, uncovered = places_blocks(placed)
    assert ("Experienced", "3", "2", "1", "–", "–", "33.3%", "–") in classes.table.rows
    assert ("West", "plan", "4.0", "3.0", "1.0", "25.0%") in uncovered.table.rows


def test_documents_set_what_options_do_for_people_side_by_side(placed, beside):
    blocks = options_blocks(names_of([placed]), Asked(options=beside))
    [shown] = [b for b in blocks if getattr(b, "title", "") == "People placed, by option"]
    assert shown.table.rows == (
        ("do nothing", *["–"] * 6, "50.0%"),
        ("place", "6", "5", "1", "–", "–", "3", "30.0%"),
    )


def test_documents_tell_goals_of_preferences_apart_and_list_the_people_as_assumed(placed):
    blocks = provenance_blocks(placed)
    [goals] = [b for b in blocks if getattr(b, "title", "").startswith("Goals")]
    assert [row[:2] for row in goals.table.rows][2:5] == [
        ("preferences unmet first", "1 person"),
        ("preferences unmet second", "0 people"),
        ("preferences unmet stay", "0 people"),
    ]
    assert {"people", "roles.agency_worker"} <= {*bearing_assumptions(placed)}


def test_a_document_of_a_plan_that_places_nobody_has_no_such_table():
    assert places_blocks(so.solve(so.load("tiny"))) == []


def test_a_table_says_who_works_where_and_what_they_got(placed):
    rows = [row[1:] for row in star([placed])["places"]]
    assert rows[0] == ("p1", "ash", "clay", "first")
    assert rows[4] == ("p5", "clay", "clay", "second")
    assert rows[6] == ("t1", "birch", "ash", "nothing_asked")


def test_without_floors_of_skill_everybody_gets_their_first_preference():
    floors = ("minimum_skill", "supervision")
    off = {f"standards.{floor}": "off" for floor in floors}
    plan = so.solve(so.load("tiny-places"), overrides=off)
    assert [goal.value for goal in plan.goals][:3] == [0, F(10, 7), 0]


def test_a_floor_that_cannot_be_kept_is_missed_by_the_least_and_named():
    # two areas need 2 FTE of experienced staff each, and there are 3
    changes = {"standards.minimum_skill.least": 2, "standards.minimum_skill.soften.price": 1000}
    plan = so.solve(so.load("tiny-places"), overrides=changes)
    assert plan.goals[0].value == 1000  # three of the four that two areas need
    assert any("missed by 1 FTE" in finding.words for finding in plan.findings)


def test_a_plan_that_says_another_wish_was_met_is_not_verified(placed):
    first, second = placed.goals[2], placed.goals[3]
    assert (first.rank, second.rank) == ("first", "second")
    assert (first.words, second.words) == ("preferences unmet first", "preferences unmet second")
    told = (*placed.goals[:2], *(g.model_copy(update={"rank": "stay"}) for g in placed.goals[2:5]))
    assert not so.verify(placed.model_copy(update={"goals": (*told, *placed.goals[5:])})).ok
