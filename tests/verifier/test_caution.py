"""What a reader is told to look at."""

from __future__ import annotations

import pytest

from staffopt.verifier import cautions, derive


def told(question, decisions):
    return {c.code: c for c in cautions(question, derive(question, decisions))}


def test_nottinghamshires_allocation_does_not_cure_caseloads_and_says_so(recommended):
    told_of = told(*recommended)
    assert told_of["above-band-reported"].words == (
        "Above the manageable band in the plan (cases per post): Assessment 26 (likely high), "
        "Children's Disability 24 (likely high), District Child Prot. 22 (likely high)."
    )
    # released time brings District Child Protection to 20 and no other team into the band
    assert told_of["above-band-effective"].teams == ("assessment", "cds")


def test_recurrent_cost_on_one_off_money_is_told_with_its_amount_and_year(recommended):
    told_of = told(*recommended)
    assert told_of["recurrent-on-one-off"].words == (
        "£580,521 a year for good, from 2018/19, is charged to Contingency, "
        "which is one-off money (assumed)."
    )
    assert told_of["recurrent-on-one-off"].amount == 580_521


def test_a_fixed_term_on_one_off_money_is_no_caution(recommended):
    question, decisions = recommended
    only_package = decisions.model_copy(update={"posts": ()})
    assert "recurrent-on-one-off" not in told(question, only_package)


def test_untested_affordability_is_told(recommended):
    words = told(*recommended)["no-ceiling"].words
    assert words == "No fund has a printed ceiling: affordability was not tested."


def test_a_fund_without_a_ceiling_beside_others_that_have_one_is_named(tiny, decide):
    pot = {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": {"2024/25": 50_000}}
    question = tiny(funds={"pot": pot})
    told_of = told(question, decide(question, {("north", "worker"): "1"}))
    assert told_of["no-ceiling"].words == (
        "No ceiling is printed for every year of Pot: affordability was not tested."
    )


def test_nothing_is_told_of_money_where_none_is_spent(tiny, decide):
    question = tiny(funds={"pot": {"name": "Pot", "recurrent": "false"}})
    assert told(question, decide(question, {})) == {}


def test_unknown_costs_and_unnamed_funds_are_told(nottinghamshire, decide):
    question = nottinghamshire("more-social-workers")
    told_of = told(question, decide(question, {("assessment", "social_worker"): "18"}))
    assert told_of["no-fund"].words == "No fund is named for new money of £776,000 a year."
    assert told_of["cost-unknown"].words == (
        "The set-up cost of a Social worker is not known; totals that hold it say at least."
    )


BANDS = {"edges": {"fine": "< 16", "busy": "16-24", "over": "26-40"}}


@pytest.mark.parametrize(
    ("bands", "teams"),
    [
        # north 25 is in no band but above both tops; south 15 is fine
        ({**BANDS, "manageable": "busy"}, ("north",)),
        ({**BANDS, "manageable": "fine"}, ("north",)),
        ({**BANDS, "manageable": "over"}, None),
        (BANDS, None),  # no band is called manageable and none is named
    ],
)
def test_the_manageable_band_is_the_councils(tiny, decide, bands, teams):
    question = tiny(bands=bands)
    caution = told(question, decide(question, {})).get("above-band-reported")
    assert (caution and caution.teams) == teams


def test_cases_without_case_holders_are_above_every_band(tiny, decide):
    question = tiny(bands={**BANDS, "manageable": "over"}, teams={"north": {"posts": {}}})
    words = told(question, decide(question, {}))["above-band-reported"].words
    assert "North (cases and no case holders)" in words


def test_a_term_that_runs_past_the_calendar_is_told(tiny, decide):
    tables = {
        "packages": {"team": {"name": "Team", "start": "2025-04", "months": 13}},
        "package_lines": [{"package": "team", "post": "Worker", "fte": 1, "recurrent": 100}],
    }
    question = tiny(**tables)
    words = told(question, decide(question, {}, "team"))["runs-past-calendar"].words
    assert words == "Team runs to Apr 2026; money after Mar 2026 is not counted."


def test_a_fund_that_ends_does_not_pay_for_good(tiny, decide):
    pot = {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ends": "2026-03"}
    question = tiny(funds={"pot": pot})
    words = told(question, decide(question, {("north", "worker"): "1"}))
    assert words["recurrent-on-one-off"].words == (
        "£40,000 a year for good, from 2024/25, is charged to Pot, which ends in Mar 2026."
    )


def test_a_saving_is_not_told_as_a_cost_for_good(tiny, decide):
    pot = {"name": "Pot", "recurrent": "false", "pays_for": {"added_posts": ["all"]}}
    question = tiny(funds={"pot": pot})
    told_of = told(question, decide(question, {("north", "worker"): "-1"}))
    assert "recurrent-on-one-off" not in told_of
