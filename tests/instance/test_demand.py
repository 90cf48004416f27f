"""Open cases over the months planned, every figure worked out by hand beside it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

import compiled
from staffopt.instance.calendar import Month
from staffopt.instance.demand import CasesOverTime, TeamCasesOverTime

YEAR = {"start": "2026-10", "end": "2027-09", "periods": "months"}
HALVES = {"start": "2026-10", "end": "2027-09", "periods": "financial_years"}


def asked(calendar=YEAR, north=None, council=None, cases=200):
    teams = {"north": {"cases": cases, **({"cases_over_time": north} if north else {})}}
    given = {"cases_over_time": council} if council else {}
    types = {"case_types": {"plain": {}, "hard": {"weight": "2"}}}
    return compiled.ask(calendar=calendar, teams=teams, **given, **types)


def cases(question, team="north"):
    return {p.label: question.cases_in(team, p.label) for p in question.instance.calendar.cut()}


@pytest.mark.parametrize(
    ("month", "times"),
    [
        ("2026-10", "1"),
        ("2027-04", "1.05"),  # 6 of 12 months of 10%
        ("2027-10", "1.1"),
        ("2028-04", "1.155"),  # 1.1 × 1.05: a year compounds
        ("2028-10", "1.21"),
    ],
)
def test_growth_compounds_by_years_and_is_straight_within_one(month, times):
    growth = CasesOverTime.model_validate({"growth": "0.1"})
    assert growth.factor(Month.parse("2026-10"), Month.parse(month)) == Fraction(times)


def test_a_season_multiplies_what_growth_gives():
    course = CasesOverTime.model_validate({"growth": "0.1", "seasons": {"4": "1.2"}})
    assert course.factor(Month.parse("2026-10"), Month.parse("2027-04")) == Fraction("1.26")


def test_cases_grow_from_those_of_today_and_are_rounded_to_whole_ones():
    found = cases(asked(council={"growth": "0.1"}, cases=205))
    assert found["2026-10"] == 205
    assert found["2026-11"] == 207  # 205 × (1 + 0.1 ÷ 12) = 206.71
    assert found["2027-04"] == 215  # 205 × 1.05 = 215.25


def test_what_is_worked_out_can_stay_unrounded():
    found = cases(asked(council={"growth": "0.1", "multiple": 0}, cases=205))
    assert found["2027-04"] == Fraction("215.25")


def test_a_team_says_for_itself_what_the_council_says_of_all():
    question = asked(council={"growth": "0.1"}, north={"seasons": {"4": "1.5"}})
    assert (cases(question)["2027-04"], cases(question)["2027-05"]) == (300, 200)
    assert cases(question, "south")["2027-04"] == 63  # 60 × 1.05


def test_a_series_holds_until_the_next_figure_and_today_before_the_first():
    found = cases(asked(north={"series": {"2026-12": 180, "2027-03": 240}}))
    assert [found[m] for m in ("2026-10", "2026-11", "2026-12", "2027-02", "2027-03")] == [
        *(200, 200),
        *(180, 180),
        240,
    ]
    assert found["2027-09"] == 240


def test_types_run_apart_and_are_weighted():
    course = {"types": {"hard": {"2027-01": 40}}}
    question = asked(north=course, cases={"plain": 100, "hard": 30})
    assert cases(question)["2026-10"] == 160  # 100 + 2 × 30
    assert cases(question)["2027-01"] == 180  # 100 + 2 × 40
    assert question.cases_by_type_in("north", "2027-01") == {"plain": 100, "hard": 80}


@pytest.mark.parametrize(("counts", "first_half"), [("mean", 205), ("highest", 210)])
def test_a_period_of_several_months_counts_their_mean_or_the_highest(counts, first_half):
    # Six months at 200, 202, …, 210, then six at 300: the mean of the first half is 205.
    months = ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]
    series = {month: 200 + 2 * n for n, month in enumerate(months)} | {"2027-04": 300}
    found = cases(asked(HALVES, {"series": series, "in_period": counts}))
    assert found == {"2026/27": first_half, "2027/28": 300}


def test_cases_that_are_not_known_stay_so_however_they_grow():
    question = asked(council={"growth": "0.1"}, cases="unknown")
    assert str(question.cases("north")) == "not printed"
    assert question.cases_in("south", "2027-04") == 63


def test_nothing_named_varies_nothing():
    assert not asked().cases_vary
    assert not asked(council={"growth": 0, "seasons": {"4": 1}}).cases_vary
    assert asked(north={"series": {"2027-01": 200}}).cases_vary


@pytest.mark.parametrize(
    ("course", "cases_today", "why"),
    [
        ({"growth": "0.1", "series": {"2027-01": 9}}, 200, "leave out growth"),
        ({"series": {"2027-01": 9}, "types": {"plain": {"2027-01": 9}}}, 200, "not both"),
        ({"series": {"2027-01": 9}}, "unknown", "goes on from those of today"),
        ({"series": {"2027-01": 9}}, {"plain": 9}, "under `types`"),
        ({"types": {"plain": {"2027-01": 9}}}, 200, "series of plain goes on"),
        ({"types": {"hard": {"2027-01": 9}}}, {"plain": 9}, "series of hard goes on"),
    ],
)
def test_what_contradicts_itself_is_refused(course, cases_today, why):
    with pytest.raises(ValidationError, match=why):
        asked(north=course, cases=cases_today)


@pytest.mark.parametrize(
    "course",
    [{"growth": -1}, {"seasons": {"13": 1}}, {"seasons": {"0": 1}}, {"seasons": {"4": -1}}],
)
def test_what_cannot_be_is_refused(course):
    with pytest.raises(ValidationError):
        TeamCasesOverTime.model_validate(course)
