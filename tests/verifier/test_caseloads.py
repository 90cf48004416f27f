"""Averages against Table 1 of Nottinghamshire's paper, and released time by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.errors import InputError
from staffopt.plan import TODAY
from staffopt.rulebook import KeepAverageCaseload, ReleaseTime
from staffopt.verifier import derive


def average_of(figures, of, period, basis="reported"):
    (figure,) = [c for c in figures.caseloads if (c.of, c.period, c.basis) == (of, period, basis)]
    return figure


@pytest.mark.parametrize(
    ("team", "average", "printed", "band"),
    [
        ("assessment", "25.75", 26, "likely high"),
        ("cds", "24.3125", 24, "likely high"),
        ("dcpt", "1027/47", 22, "likely high"),  # 21.85, printed as 22
    ],
)
def test_table_1_prints_this_average_today(recommended, team, average, printed, band):
    figure = average_of(derive(*recommended), team, TODAY)
    assert (figure.average, figure.printed, figure.band) == (Fraction(average), printed, band)


HOURS = Fraction("6.5") / 37


@pytest.mark.parametrize(
    ("team", "cases", "fte", "printed", "band"),
    [
        # all 36 newly served: 4 x 9 officers, none today
        ("assessment", 927, 36 + HOURS * 36, 22, "likely high"),
        # 16 served by 4 officers, 12 of them by today's 3
        ("cds", 389, 16 + HOURS * 4, 23, "likely high"),
        # 94 served by 23.5 officers, 52 of them by today's 13
        ("dcpt", 2054, 94 + HOURS * 42, 20, "manageable"),
    ],
)
def test_released_time_counts_newly_served_workers_only(
    recommended, team, cases, fte, printed, band
):
    question, decisions = recommended
    period = question.instance.calendar.cut()[0].label
    figures = derive(question, decisions)
    figure = average_of(figures, team, period, "effective")
    assert figure.average == cases / fte
    assert (figure.printed, figure.band) == (printed, band)
    today = average_of(figures, team, TODAY, "effective")
    assert today.average == average_of(figures, team, TODAY).average


@pytest.mark.parametrize(
    ("ratio", "officers", "served"),
    [
        (4, "1", 4),  # no more workers than there are
        (2, "1", 2),  # no more than the ratio allows
        (8, "0.5", 2),  # no more than 20 of 40 hours, at 10 hours each
    ],
)
def test_served_workers_are_the_least_of_three_bounds(tiny, decide, ratio, officers, served):
    rule = ReleaseTime(hours=10, contract_hours=40, ratio=ratio)
    question = tiny(rule)
    decisions = decide(question, {("south", "officer"): officers})
    label = question.instance.calendar.cut()[0].label
    figure = average_of(derive(question, decisions), "south", label, "effective")
    assert figure.fte == 4 + Fraction(served, 4)


def test_teams_without_cases_or_with_unknown_ones_have_no_average(recommended):
    names = {c.of for c in derive(*recommended).caseloads}
    assert names == {"assessment", "cds", "dcpt"}


def test_a_pooled_scope_has_its_own_average(nottinghamshire, decide):
    question = nottinghamshire("more-social-workers")
    figure = average_of(derive(question, decide(question, {})), "frontline", TODAY)
    assert (figure.cases, figure.fte) == (3370, 146)


def test_several_names_of_a_scope_are_joined(tiny, decide):
    question = tiny(KeepAverageCaseload(target=20, scope=("north", "south")))
    figure = average_of(derive(question, decide(question, {})), "north, south", TODAY)
    assert figure.average == 20  # 160 / 8


def test_a_pooled_scope_with_unknown_cases_is_refused(tiny, decide):
    question = tiny(KeepAverageCaseload(target=20), teams={"south": {"cases": "unknown"}})
    with pytest.raises(InputError, match="south, whose cases are not printed"):
        derive(question, decide(question, {}))


@pytest.mark.parametrize(
    ("cap", "average"),
    [
        (15, Fraction(100 - 2 * 15, 4)),  # two protected hold 30, the four others 70
        (60, Fraction(0)),  # the protected could hold more than all: never below 0
    ],
)
def test_others_carry_what_the_protected_may_not(tiny, decide, cap, average):
    roles = {"asye": {"kind": "case_holder", "cap": cap}}
    posts = {"worker": 4, "asye": 2}
    question = tiny(roles=roles, teams={"north": {"posts": posts}})
    figures = derive(question, decide(question, {}))
    assert average_of(figures, "north", TODAY, "others").average == average
    assert average_of(figures, "north", TODAY).average == Fraction(100, 6)


def test_cases_are_weighted_by_type(tiny, decide):
    tables = {
        "case_types": {"plain": {}, "complex": {"weight": "1.5"}},
        "teams": {"north": {"cases": {"plain": 10, "complex": 20}}},
    }
    question = tiny(**tables)
    figure = average_of(derive(question, decide(question, {})), "north", TODAY)
    assert figure.cases == 40  # 10 + 1.5 x 20


def test_without_bands_averages_are_printed_to_two_decimals(tiny, decide):
    question = tiny(teams={"north": {"cases": 101, "posts": {"worker": 8}}})
    figure = average_of(derive(question, decide(question, {})), "north", TODAY)
    # 101 / 8 = 12.625: half up
    assert (figure.printed, figure.band) == (Fraction("12.63"), None)


def test_a_team_without_case_holders_has_no_average(tiny, decide):
    question = tiny(teams={"north": {"posts": {}}})
    figure = average_of(derive(question, decide(question, {})), "north", TODAY)
    assert (figure.average, figure.printed, figure.fte) == (None, None, 0)


def test_a_role_counts_wherever_a_plan_puts_it_allowed_or_not(tiny, decide):
    target = KeepAverageCaseload(label="target", target="25", each="team", denominator="in_post")
    elsewhere = {"kind": "case_holder", "teams": ["south"]}
    question = tiny(target, roles={"elsewhere": elsewhere})
    decisions = decide(question, {("north", "elsewhere"): "1"})
    north = [c for c in derive(question, decisions).caseloads if c.of == "north"]
    assert {c.fte for c in north if c.period == TODAY} == {4}
    assert {c.fte for c in north if c.period != TODAY} == {5}
