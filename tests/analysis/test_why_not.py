"""Why a plan is not another, worked out by hand on tiny."""

from __future__ import annotations

from fractions import Fraction

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


def over_time(name, fact, **asking):
    return so.why_not(so.load(name), fact, **asking)


@pytest.mark.parametrize(
    "fact", ["without the managed team", "Without Project team", "managed_team[project_team] <= 0"]
)
def test_a_managed_team_that_the_option_asks_for_cannot_be_left(fact):
    answer = over_time("tameside-2022", fact)
    assert set(answer.conflict.rules) == {"buy_managed_team", "why_not"}
    assert answer.nearest == 1


@pytest.mark.parametrize(
    "fact", ["the project team for 4 months more", "extension[project_team] = 4"]
)
def test_an_extension_is_asked_about_by_its_months(fact):
    # £255,000 are for six months more: £42,500 each, four times
    answer = over_time("tameside-2022", fact, option="none-to-six")
    assert answer.dearer_by == 4 * 42_500
    bought = {change.of: change.after for change in answer.comparison.of("managed team")}
    assert bought == {
        ("project_team", "2022-04", "0"): None,
        ("project_team", "2022-04", "4"): 1,
    }


def test_a_longer_term_is_dearer_by_its_price_and_travel():
    answer = over_time("relief", "the relief team for 1 month more")
    assert answer.dearer_by == 42_500 + 200


def test_a_managed_team_that_no_rule_offers_is_said_to_be_so():
    answer = over_time("relief", "with the relief team", option="target-at-a-price")
    assert (answer.idle, answer.forced) == (True, None)
    assert over_time("relief", "without relief", option="target-at-a-price").holds


def test_people_in_post_are_asked_about_in_a_month():
    # A tenth of the 8 leaves in each of six months, and 2 progress in September:
    # (8 × 0.9³ + 2) × 0.9³ = 5.709528 in December. £5,000 pay for two who join at £2,000: 7.709528.
    answer = over_time("tiny-turnover", "9 social workers in post in North in 2026-12")
    assert answer.nearest == Fraction("7.7")
    # 9 − 5.709528 = 3.290472: four join
    ways = [repair.overrides for repair in answer.explanation.repairs]
    assert {"funds.recruitment.ceiling.2026/27": "8000"} in ways


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        ("in_post[north,social_worker,2026-12] <= 3", ("north", "at most", "3", "2026-12")),
        ("2.5 social workers in post", ("all", "at least", "2.5", None)),
        ("no social workers in post in 2026-12", ("all", "at most", "0", "2026-12")),
        ("2 social workers in post in North", ("north", "at least", "2", None)),
        ("9 social workers in post in 2030-12", None),
        ("9 more social workers in post", None),
        ("in_post[north,wizard] >= 1", None),
        ("without the managed team", None),
        ("managed_team[north] >= 1", None),
        ("extension[] >= 1", None),
        ("the project team for 4 months more", None),
    ],
)
def test_facts_over_time_are_read_or_refused(fact, rule):
    with so.open(so.load("tiny-turnover")) as desk:
        question = desk.question
    if rule is None:
        with pytest.raises(so.InputError):
            read_fact(question, fact)
        return
    (given,) = read_fact(question, fact).overrides.values()
    assert given["what"] == "in post"
    assert tuple(given.get(key) for key in ("scope", "sense", "fte", "period")) == rule


def test_a_name_that_nothing_declares_is_refused_with_what_is_declared():
    with pytest.raises(so.InputError, match="package or managed team") as refused:
        over_time("relief", "without the rescue team")
    assert "relief" in str(refused.value.faults[0].mend)
