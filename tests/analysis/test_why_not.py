"""Why a plan is not another, worked out by hand on tiny."""

from __future__ import annotations

import pytest

import staffopt as so
from staffopt.analysis.facts import read_fact


def asked(fact, **asking):
    return so.why_not(so.load("tiny"), fact, **asking)


@pytest.mark.parametrize(
    "fact",
    [
        "post[north,support_officer] >= 3",
        "3 support officers in North",
        "3 Support officer in north",
    ],
)
def test_a_dearer_fact_is_told_with_what_it_costs_and_what_else_changes(fact):
    # North has 1.5 officers at the ratio of 1 to 4: 1.5 more at £24,000 a year.
    answer = asked(fact)
    assert answer.dearer_by == 36_000
    posts = {
        change.of[:2]: (change.before, change.after) for change in answer.comparison.of("posts")
    }
    assert posts == {("north", "support_officer"): (1.5, 3)}
    assert answer.explanation is None


def test_an_impossible_fact_is_told_with_its_conflict_and_what_comes_nearest():
    # 1 to 4 of 5 social workers are 1.25 officers, in halves 1.5.
    answer = asked("no support officers in North")
    assert answer.forced is None
    assert answer.conflict.rules == ("keep_support_ratio", "why_not")
    assert answer.nearest == 1.5


def test_what_limits_the_fact_is_offered_beside_what_comes_nearest():
    # £90,000 a year pay for two social workers at £40,000; four cost £160,000.
    answer = asked("4 more social workers", option="best-mix")
    assert answer.nearest == 2
    ways = [repair.overrides for repair in answer.explanation.repairs]
    assert {"funds.growth.ceiling.2027/28": "160000"} in ways


@pytest.mark.parametrize("fact", ["some support officers in south", "change[support_officer] = 2"])
def test_a_fact_that_holds_already_is_said_to(fact):
    assert asked(fact).holds


def test_posts_that_the_model_cannot_change_are_said_to_be_so():
    answer = asked("18 more social workers")
    assert (answer.idle, answer.forced) == (True, None)


def test_a_fact_that_makes_teams_worse_names_them():
    # One social worker goes to each: 120 ÷ 6 = 20 and 66 ÷ 4 = 16.5. Both to North: 66 ÷ 3 = 22.
    answer = asked("no more social workers in South", option="social-workers")
    assert answer.dearer_by == 0
    assert [(change.of[0], change.after) for change in answer.comparison.worse_teams] == [
        ("south", 22)
    ]


def test_a_package_is_asked_about_by_its_name():
    answer = asked("without the practice project", option="officers-and-project")
    assert set(answer.conflict.rules) == {"pin", "take_bundle_whole"}


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        ("post[support_officer] <= 2", ("support_officer", "all", "posts", "at most", "2")),
        (
            "change[both,social_worker] == 1.5",
            ("social_worker", "both", "posts added", "exactly", "1.5"),
        ),
        ("no more Social Workers", ("social_worker", "all", "posts added", "at most", "0")),
        ("any support officers", ("support_officer", "all", "posts", "at least", "0.5")),
        ("why", None),
        ("post[a,b,c,d] >= 1", None),
        ("3 wizards", None),
        ("3 social workers in Narnia", None),
        ("with the practise project", None),
        ("post[support_officer,2030] >= 1", None),
    ],
)
def test_facts_are_read_or_refused(fact, rule):
    with so.open(so.load("tiny")) as desk:
        question = desk.question
    if rule is None:
        with pytest.raises(so.InputError):
            read_fact(question, fact)
        return
    (given,) = read_fact(question, fact).overrides.values()
    keys = ("role", "scope", "what", "sense", "fte")
    assert tuple(given[key] for key in keys) == rule
