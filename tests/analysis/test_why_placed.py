"""Why people are placed where they are: by hand on tiny-places, and against every way there is."""

from __future__ import annotations

import threading
from functools import cache

import pytest

import brute_places as bp
import staffopt as so
from staffopt.analysis.placed import Answer, WhyPlaced
from staffopt.plan import Got
from staffopt.reporting.why_placed import render_why_placed
from test_brute_places import ask, council


def asked(*people, certify=False, **overrides):
    quick = {"isolation": "inline", "certify": certify, "cross_check": False}
    return so.why_placed(so.load("tiny-places"), *people, overrides=overrides, **quick)


def one(found):
    (person,) = found.people
    return person


def test_a_worse_plan_is_told_with_its_price_and_who_loses_by_it():
    # tiny-places.md: with p2 in Clay instead of p5 there is one refusal still, and 5 moves for 3.
    p5 = one(asked("p5", certify=True))
    assert p5.answer is Answer.WORSE
    assert [(g.goal, g.number, g.before, g.after) for g in p5.goals] == [("moves", 6, 3, 5)]
    assert [(c.person, c.before, c.after, c.gets) for c in p5.others] == [
        ("p2", "ash", "clay", Got.SECOND)
    ]
    assert p5.refused == ("p2",)
    assert p5.grade == "CERTIFIED"


def test_who_lacks_nothing_and_who_asked_for_nothing_are_told_so():
    found = asked("t1", "p1", "p1")
    answers = [(person.person, person.answer) for person in found.people]
    assert answers == [("p1", Answer.GIVEN), ("t1", Answer.NOT_ASKED)]
    text = render_why_placed(found)
    assert "Whoever covers posts and has asked for nothing is deployed" in text
    assert "Not to be passed on" not in text


def test_without_ids_all_are_answered_for_whose_first_preference_is_not_met():
    found = asked()
    assert [person.person for person in found.people] == ["p5"]
    assert "p5  Ash        Clay       second  would make the plan worse" in render_why_placed(found)


def test_a_tie_is_told_to_be_one():
    # without the goal of moves it is one refusal either way: p2 in Clay or p5
    goals = [{"minimise": "preferences_unmet", "rank": "first"}]
    tie = one(asked(**{"model.goals": [{"minimise": "worst_uncovered"}, *goals]}))
    assert tie.answer is Answer.TIE
    assert tie.goals == ()
    assert {tie.person, *tie.refused} == {"p2", "p5"}


def test_who_is_alike_is_told_that_it_went_by_order_of_id():
    # Clay has room for three: p5 and p6, who work there and ask for nothing else, and one of two.
    twin = {"role": "social_worker", "tags": ["asye"], "team": "ash", "first": "clay"}
    stays = {"role": "social_worker", "tags": ["experienced"], "team": "clay", "first": "clay"}
    people = {"people.p7": twin, "people.p5": stays}
    found = asked("p1", "p7", **people, **{"standards.limit_team_size.most": 3})
    answers = [person.answer for person in found.people]
    assert answers == [Answer.ALIKE, Answer.GIVEN]  # the first id goes to the first team, Ash
    assert found.people[0].alike == ("p7",)
    assert "order of id" in render_why_placed(found)


def test_what_cannot_be_is_told_with_what_stands_against_it():
    # p2, who then asks for Birch after Ash, may not go to Clay; so only p5 is experienced there.
    found = asked("p5", **{"people.p2.second": "birch"})
    p5 = one(found)
    assert p5.answer is Answer.IMPOSSIBLE
    assert any("(West): short by 1 FTE" in words for words in p5.gives)
    assert any("for each asye" in words and "(Clay)" in words for words in p5.gives)
    assert all(conflict.irreducible for conflict in p5.explanation.conflicts)
    text = " ".join(render_why_placed(found).split())
    assert "p5 has the first preference" in text
    assert "the user's own decisions" not in text


def test_a_softened_floor_that_would_be_missed_is_named_first():
    changes = {"people.p2.second": "birch", "standards.supervision": "off"}
    p5 = one(asked("p5", **changes, **{"standards.minimum_skill.soften.price": 1000}))
    # no experienced worker in the West: short of one, a year of one FTE at £1,000
    assert (p5.goals[0].goal, p5.goals[0].before, p5.goals[0].after) == ("penalty", 0, 1000)
    assert p5.goals[0].number == 1
    assert any("West" in words and "missed by 1 FTE" in words for words in p5.missed)


def test_nothing_of_others_but_their_ids_is_written():
    told = asked().to_json()["people"][0]
    assert "p2" not in str(told["to_pass_on"])
    for attribute in ("experienced", "asye", "social_worker", "'fte'"):
        assert attribute not in str(told)


def test_people_who_are_not_there_and_models_that_place_nobody_are_refused():
    with pytest.raises(so.InputError, match="no person is called 'p99'"):
        asked("p99")
    with pytest.raises(so.InputError, match="places nobody"):
        so.why_placed(so.load("tiny"), "p1")


def test_a_search_that_is_stopped_keeps_what_it_has():
    cancel = threading.Event()

    def tell(step):
        if step.number == 2:  # the plan is there
            cancel.set()

    found = so.why_placed(so.load("tiny-places"), "p1", "p5", tell=tell, cancel=cancel)
    assert [person.person for person in found.people] == ["p1"]
    assert found.stopped
    assert "stopped" in render_why_placed(found)


def test_a_search_that_was_stopped_says_nothing_of_those_it_did_not_look_at():
    plan = so.solve(so.load("tiny-places"))
    none = WhyPlaced(plan, (), named=False, stopped=True)
    assert render_why_placed(none) == "The search was stopped: nobody was looked at.\n"
    all_met = WhyPlaced(plan, (), named=False)
    assert render_why_placed(all_met).startswith("Everybody who asked")
    (one,) = so.why_placed(so.load("tiny-places"), "p5").people
    some = render_why_placed(WhyPlaced(plan, (one,), named=False, stopped=True))
    assert some.startswith("First preferences that are not met, as far as was looked: 1.")


SEEDS = [1, 6, 11, 25, 43, 50, 51, 80, 101, 114, 118, 119]
"""Councils in which a first preference is not met: every answer there is comes from some."""


@cache
def answers(seed):
    """Ask the engine of everybody whose first preference is not met, and try every way for them."""
    drawn = council(seed)
    desk = ask(drawn)
    found = so.why_placed(
        desk.instance, model="place-people", isolation="inline", certify=False, cross_check=False
    )
    places = {place.person: place.team for place in found.plan.decisions.places}
    before = tuple(places.get(f"p{number}") for number in range(len(drawn.people)))
    return [
        (person, found.plan, bp.best_with(drawn, int(person.person[1:]), before))
        for person in found.people
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_are_those_of_every_way_there_is(seed):
    seen = []
    for person, plan, tried in answers(seed):
        if person.answer is Answer.IMPOSSIBLE:
            assert tried is None
            continue
        assert tried is not None
        least, moved = tried
        own = [goal.value for goal in plan.goals]
        if person.answer is Answer.ALIKE:
            assert list(least) == own
            continue
        told = {goal.number: goal.after for goal in person.goals}
        assert [told.get(number, value) for number, value in enumerate(own, 1)] == list(least)
        assert (person.answer is Answer.TIE) == (list(least) == own)
        # Whoever is alike to somebody told of before takes their place in the same plan.
        first = person.record not in seen
        assert 1 + len(person.others) == moved if first else 1 + len(person.others) >= moved
        seen.append(person.record)


def test_every_answer_is_met_with():
    seen = {person.answer for seed in SEEDS for person, *_ in answers(seed)}
    assert seen == {Answer.ALIKE, Answer.TIE, Answer.WORSE, Answer.IMPOSSIBLE}
