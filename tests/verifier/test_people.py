"""Rules of people, met and broken; vacancies, rates and premiums by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.model.schema import Goal
from staffopt.plan import Decisions, PeopleDecision, PostDecision, Verdict
from staffopt.rulebook import (
    FillPosts,
    KeepMinimumStaffing,
    LimitChange,
    LimitRecruitment,
    LimitShare,
    LimitSpanOfControl,
    Pin,
)
from staffopt.verifier import check_decisions, derive, goal_value

MET, BROKEN = Verdict.MET, Verdict.BROKEN
F = Fraction
YEARS = {"periods": "financial_years"}

# north has 4 posts of workers, 2 people and half an agency worker in them; south is full.
STAFF = {
    "roles": {
        "worker": {"tags": ["experienced"], "cost": 40000, "set_up": "none"},
        "agency": {
            "kind": "case_holder",
            "tags": ["agency"],
            "covers": "worker",
            "step": "0.5",
            "cost": 60000,
        },
    },
    "teams": {"north": {"people": {"worker": 2, "agency": "0.5"}}},
    "funds": {
        "base": {"name": "Base", "pays_for": {"posts_today": ["all"]}},
        "growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}},
    },
}


def fill(**parameters):
    return FillPosts.model_validate({"label": "fill", **parameters})


def decided(question, people, posts=()):
    """Make decisions: (team, role) → FTE in every period, or (team, role, period) → FTE."""
    labels = [period.label for period in question.instance.calendar.cut()]

    def each(kind, changes):
        return tuple(
            kind(team=key[0], role=key[1], period=label, change=F(change))
            for key, change in dict(changes).items()
            for label in (key[2:] or labels)
        )

    return Decisions(people=each(PeopleDecision, people), posts=each(PostDecision, posts))


@pytest.fixture
def judged(tiny):
    """Check people on the staffed council: what is broken, and by how much."""

    def run(people, *rules, posts=(), **tables):
        question = tiny(*rules, **STAFF | tables)
        found = check_decisions(question, decided(question, people, posts))
        return [
            (finding.rule, finding.team, finding.role, finding.by)
            for finding in found
            if finding.verdict is BROKEN
        ]

    return run


@pytest.mark.parametrize(
    ("parameters", "people", "expected"),
    [
        ({}, {}, []),
        ({}, {("north", "worker"): "1", ("north", "agency"): "0.5"}, []),  # 2 + 0.5 + 1.5 = 4
        ({}, {("north", "worker"): "2"}, [("fill", "north", "worker", F("0.5"))]),
        ({"surplus": "0.5"}, {("north", "worker"): "2"}, []),
        ({}, {("south", "agency"): "0.5"}, [("fill", "south", "worker", F("0.5"))]),
        ({"filled": "0.9"}, {("north", "worker"): "1"}, [("fill", "north", None, F("0.1"))]),
        ({"filled": "0.9"}, {("north", "agency"): "1.5"}, []),  # 2 + 2 of 4, 3.6 needed
        ({}, {("north", "agency"): "-0.5"}, [("fill", "north", "agency", F("0.5"))]),
        ({"may_leave": "cover"}, {("north", "agency"): "-0.5"}, []),
        (
            {"may_leave": "cover"},
            {("north", "worker"): "-1"},
            [("fill", "north", "worker", F(1))],
        ),
        ({"may_leave": "anybody"}, {("north", "worker"): "-1"}, []),
    ],
)
def test_posts_are_filled_once_and_enough_of_them(judged, parameters, people, expected):
    assert judged(people, fill(**parameters)) == expected


def test_who_is_hired_in_one_period_is_there_in_the_next(judged):
    hired = {("north", "worker", "2024/25"): "1"}
    (broken,) = judged(hired, fill(), calendar=YEARS)
    assert broken == ("fill", "north", "worker", F(1))


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({("north", "worker"): "-3"}, "below zero"),
        ({("north", "agency"): "0.25"}, "not in steps of 0.5"),
        ({("north", "officer"): "1"}, "no rule lets people be decided apart"),
    ],
)
def test_people_are_decided_as_they_can_be(tiny, people, words):
    question = tiny(fill(may_leave="anybody"), **STAFF)
    found = check_decisions(question, decided(question, people))
    assert any(words in f.words for f in found if f.verdict is BROKEN)


def test_a_vacant_post_is_not_cut_as_if_it_were_filled(tiny):
    # 4 posts with 2 people: 3 cut leave −1 in post
    question = tiny(**STAFF)
    found = check_decisions(question, decided(question, {}, {("north", "worker"): "-3"}))
    assert [f.by for f in found if f.verdict is BROKEN] == [1]


def test_people_named_twice_or_of_no_role_are_refused(tiny):
    question = tiny(fill(), **STAFF)
    (period,) = (p.label for p in question.instance.calendar.cut())
    one = PeopleDecision(team="north", role="worker", period=period, change=F(1))
    twice = Decisions(people=(one, one))
    assert "is decided 2 times" in check_decisions(question, twice)[0].words
    nobody = Decisions(people=(one.model_copy(update={"role": "wroker"}),))
    assert "no role is called" in check_decisions(question, nobody)[0].words


@pytest.mark.parametrize(
    ("parameters", "by"),
    [
        ({"tag": "agency", "most": "0.4"}, None),  # 1.5 of 3.5 is 43%; pooled, of 7.5, 20%
        ({"tag": "agency", "most": "0.4", "each": "team"}, F("0.1")),  # 1.5 − 0.4 · 3.5
        ({"tag": "agency", "most": "0.2"}, None),
        ({"tag": "agency", "most": "0.19"}, F("0.075")),  # 1.5 − 0.19 · 7.5
        ({"tag": "experienced", "least": "0.8"}, None),
        ({"tag": "experienced", "least": "0.9"}, F("0.75")),  # 0.9 · 7.5 − 6
        ({"tag": "agency", "least": "0.1", "counted": "posts"}, F("0.8")),  # posts have none
    ],
)
def test_a_share_is_of_people_in_post_or_of_posts(judged, parameters, by):
    given = {"label": "share", "each": "scope", **parameters}
    found = judged({("north", "agency"): "1"}, fill(), LimitShare.model_validate(given))
    assert [finding[3] for finding in found] == ([] if by is None else [by])


@pytest.mark.parametrize(
    ("parameters", "by"),
    [
        ({"tag": "experienced", "least": 2}, None),
        ({"tag": "experienced", "least": "2.5"}, F("0.5")),
        ({"least": "3.5"}, None),  # two workers and 1.5 agency workers
        ({"least": 4}, F("0.5")),
        ({"least": 4, "measure": "heads"}, None),  # two and two heads
        ({"least": 5, "measure": "heads"}, F(1)),
        ({"least": 5, "counted": "posts"}, F(1)),
        ({"tag": "experienced", "supervised": "agency", "per": "1.25"}, None),
        ({"tag": "experienced", "supervised": "agency", "per": "1.5"}, F("0.25")),
        ({"tag": "experienced", "supervised": "agency", "per": "1.5", "measure": "heads"}, F(1)),
    ],
)
def test_staff_are_so_many_at_the_least(judged, parameters, by):
    given = {"label": "minimum", "scope": "north", **parameters}
    found = judged({("north", "agency"): "1"}, fill(), KeepMinimumStaffing.model_validate(given))
    assert [finding[3] for finding in found] == ([] if by is None else [by])


@pytest.mark.parametrize(
    ("tag", "limit", "by"), [(None, 1, None), (None, 0, F(1)), ("agency", 0, F("0.5"))]
)
def test_recruitment_limits_people_hired_where_posts_are_filled(judged, tag, limit, by):
    supply = LimitRecruitment(label="supply", limit=limit, tag=tag)
    found = judged({("north", "worker"): "1", ("north", "agency"): "0.5"}, fill(), supply)
    assert [finding[3] for finding in found] == ([] if by is None else [by])


@pytest.mark.parametrize(("pinned", "by"), [("3", None), ("2.5", F("0.5"))])
def test_people_may_be_pinned(judged, pinned, by):
    pin = Pin.model_validate({"label": "pin", "pins": {"people": {"north": {"worker": pinned}}}})
    found = judged({("north", "worker"): "1"}, fill(), pin)
    assert [finding[3] for finding in found] == ([] if by is None else [by])


@pytest.mark.parametrize(
    ("measure", "officers", "by"),
    [
        ("fte", "0.5", None),  # 2 FTE over the span of 2 with one lead
        ("heads", "0.5", F(1)),  # 1 and 0.5 and 0.5 are three heads
        ("fte", "1", F("1")),
        ("heads", "0", None),
    ],
)
def test_a_span_is_of_fte_or_of_heads(judged, measure, officers, by):
    span = LimitSpanOfControl(
        label="span", managers="support_lead", staff="support", span=2, measure=measure
    )
    posts = {("south", "officer"): officers, ("office", "officer"): officers}
    found = judged({}, span, posts=posts)
    assert [finding[3] for finding in found] == ([] if by is None else [by])


@pytest.mark.parametrize(
    ("limits", "first", "second", "broken"),
    [
        ({"least": 2}, "1", "1", [F(1)]),
        ({"least": 2}, "2", "2", []),
        ({"least": 2}, "2", "3", [F(1)]),  # two, then one more
        ({"least": 2}, "3", "1", []),  # up by three and down by two
        ({"most": 2}, "3", "3", [F(1)]),
        ({"times": 1}, "1", "2", [F(1)]),
        ({"times": 1}, "1", "1", []),
        ({"times": 1}, "0", "1", []),
        ({"times": 0}, "0", "0", []),
    ],
)
def test_posts_change_seldom_and_not_by_trifles(judged, limits, first, second, broken):
    rule = LimitChange.model_validate({"label": "change", **limits})
    posts = {("north", "worker", "2024/25"): first, ("north", "worker", "2025/26"): second}
    found = judged({}, rule, posts=posts, calendar=YEARS)
    assert [finding[3] for finding in found] == broken


def test_vacancies_and_rates_are_those_of_the_census(tiny):
    question = tiny(fill(), **STAFF)
    figures = derive(question, decided(question, {("north", "worker"): "1"}))
    found = {(f.team, f.period == "today"): f for f in figures.vacancies}
    # today: 4 posts, 2 in post: 2 ÷ (2 + 2); half an agency worker: 0.5 ÷ (0.5 + 2)
    north = found["north", True]
    assert (north.posts, north.in_post, north.vacancies, north.agency) == (4, 2, 2, F("0.5"))
    assert (north.vacancy_rate, north.agency_rate) == (F(1, 2), F(1, 5))
    # in the plan: 1 ÷ (1 + 3), and 0.5 ÷ 3.5
    north = found["north", False]
    assert (north.vacancy_rate, north.agency_rate) == (F(1, 4), F(1, 7))
    every = found[None, False]  # 8 posts, 3 + 4 in post
    assert (every.posts, every.in_post, every.vacancies) == (8, 7, 1)
    assert (every.vacancy_rate, every.agency_rate) == (F(1, 8), F(1, 15))


def test_a_council_that_tells_no_people_from_posts_has_no_figures_of_them(tiny):
    figures = derive(tiny(), Decisions())
    assert (figures.people, figures.vacancies) == ((), ())


def money(tiny, people, rule, posts=()):
    question = tiny(rule, **STAFF)
    lines = derive(question, decided(question, people, posts)).money
    return {
        (line.line, str(line.kind), line.fund): line.amount.raw
        for line in lines
        if line.year == "full year" and line.role in ("agency", "worker")
    }


def test_cover_costs_its_premium_and_posts_stay_budgeted(tiny):
    # 60,000 − 40,000 is the premium: half an agency worker today, one more in the plan
    found = money(tiny, {("north", "agency"): "1"}, fill())
    assert found == {
        ("premium agency", "premium", "growth"): 20000,
        ("premium today agency", "today", "base"): 10000,
        (
            "posts today worker",
            "today",
            "base",
        ): 160000,  # four in north; south is a team of its own
    }


def test_cover_that_is_let_go_saves_its_premium(tiny):
    found = money(tiny, {("north", "agency"): "-0.5"}, fill(may_leave="cover"))
    assert found["premium saved agency", "saving", "base"] == -10000


def test_people_above_the_posts_cost_in_full(tiny):
    # 2 + 2 + 0.5 in 4 posts: half a worker above them
    found = money(tiny, {("north", "worker"): "2"}, fill(surplus=1))
    assert found["above posts worker", "recurrent", "growth"] == 20000


def test_goals_count_agency_staff_by_months_and_people_moved(tiny):
    question = tiny(fill(may_leave="cover"), calendar=YEARS, **STAFF)
    people = {("north", "agency", "2024/25"): "0.5", ("north", "worker"): "1"}
    decisions = decided(question, people)
    # 1 FTE for 12 months, 0.5 for 12
    assert goal_value(question, decisions, Goal(minimise="agency_use")) == 18
    assert goal_value(question, decisions, Goal(minimise="agency_use", scope="south")) == 0
    # half an agency worker in one year, a worker in both
    assert goal_value(question, decisions, Goal(minimise="change_from_today")) == F("2.5")
    # full year: the agency worker is gone by then
    assert goal_value(question, decisions, Goal(minimise="full_year_cost")) == 0
    assert goal_value(question, decisions, Goal(minimise="cost")) == 10000
