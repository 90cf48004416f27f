"""A plan kept to needs nothing more: on every shipped option and on drawn councils; and by hand.

``tests/roll_run.py`` says what is held against what, and tries every month of many more.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import staffopt as so
from roll_run import QUICK, RANDOM, checked, faults_of, main, of_shipped, random_plan, starts_of
from staffopt.conversion import convert
from staffopt.instance.yaml_file import yaml_of_instance
from staffopt.shipped import path
from varied import varied, varied_plan

if TYPE_CHECKING:
    from collections.abc import Collection

    from staffopt.plan import Plan

ASKED: dict[str, Any] = {"isolation": "inline", **QUICK}
TWO_YEARS = {
    "calendar.start": "2026-10",
    "calendar.end": "2027-09",
    "calendar.periods": "financial_years",
}
LARGE = ("west-sussex-2015",)
"""What takes seconds for a plan: ``tests/roll_run.py`` tries these."""

OPTIONS = [
    (name, option)
    for name in so.instances()
    if name not in LARGE
    for option in so.load(name).options
]


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_shipped_option_that_is_kept_to_needs_nothing_more(name: str, option: str) -> None:
    plan = of_shipped(name, option)
    assert plan is not None
    starts = starts_of(plan)
    assert list(faults_of(plan, starts[len(starts) // 2])) == []


# Councils of every kind there is, with carried money, reserves, joiners underway, running teams and
# open cases.
@pytest.mark.parametrize("seed", [100, 103, 104, 105, 106, 107, 110, 112, 113, 115, 117, 121])
def test_a_shipped_council_with_other_figures_that_is_kept_to_needs_nothing_more(
    seed: int,
) -> None:
    plan = varied_plan(seed, **ASKED)
    assert plan is not None
    for month in {*starts_of(plan)[:1], *starts_of(plan)[-1:]}:
        assert list(faults_of(plan, month)) == []


def test_random_councils_that_are_kept_to_need_nothing_more() -> None:
    plans = ((seed, random_plan(seed, **ASKED)) for seed in range(1, 1_000))
    found = islice(((seed, plan) for seed, plan in plans if plan is not None), 5)
    wrong = {seed: list(faults_of(plan, starts_of(plan)[-1], RANDOM)) for seed, plan in found}
    assert len(wrong) == 5
    assert not any(wrong.values()), wrong


def solved(name: str, option: str | None = None, **figures: Any) -> Plan:
    changes = {path.replace("__", "."): value for path, value in figures.items()}
    return so.solve(so.load(name), option=option, overrides=changes, **ASKED)


def rolled(plan: Plan, month: str, **more: Any) -> so.Rolled:
    return so.roll(plan, month, **more, **ASKED)


def test_what_an_option_asked_for_is_not_asked_for_again_and_has_its_source() -> None:
    left = so.state(solved("tameside-2022", "three-months"), "2022-12").instance
    asked = left.standards["buy_managed_team"]
    assert (asked["required"], asked["extended_by"]) == (False, 0)
    assert asked["from"]


def test_a_fund_that_only_paid_for_a_team_bound_by_now_has_no_ceiling() -> None:
    plan = solved("relief", "relief-team", calendar__periods="financial_years")
    left = so.state(plan, "2027-04").instance
    assert "ceiling" not in left.funds["reserves"].model_fields_set
    assert "ceiling" in left.funds["growth"].model_fields_set


def test_benefits_are_those_of_the_option_that_was_asked() -> None:
    years = {"calendar.periods": "financial_years"}
    plan = so.solve(so.load("tiny-money"), option="target", overrides=years, **ASKED)
    benefits = so.state(plan, "2027-04").instance.benefits
    assert {name: record.option for name, record in benefits.items()} == {
        "placements": "rolled",
        "time": "rolled",
    }
    other = so.solve(so.load("tiny-money"), option="do-nothing", overrides=years, **ASKED)
    assert not so.state(other, "2027-04").instance.benefits


def test_people_above_their_posts_are_lawful_as_far_as_a_standard_allows_a_surplus() -> None:
    council = so.load("gueret-construction-site")
    role = next(iter(council.roles))
    changes = {f"teams.site.posts.{role}": 3, "teams.site.people": {role: 103}}
    assert [f.code for f in checked(council.where(changes))] == []
    with pytest.raises(so.InputError, match="104 FTE in 3 posts"):
        council.where({**changes, "teams.site.people": {role: 104}})


# Winston: fifty technicians in January, one in twenty of whom leaves at each month's end. Those who
# train in February are technicians in March, one month later, wherever planning starts anew.
def test_those_in_training_go_on_and_people_leave_in_the_first_month_planned() -> None:
    plan = solved("winston-csl")
    left = so.state(plan, "2026-03").instance
    assert left.standards["carry_staff_forward"]["leave_at_once"] is True
    found = rolled(plan, "2026-03").plan
    there = {f.period: f.in_post for f in found.figures.flows if f.role == "technician"}
    trained = next(d.fte for d in plan.decisions.flows if d.period == "2026-02")
    assert there["2026-03"] == Fraction("47.5") * Fraction("0.95") + trained


def test_everybody_works_where_they_were_placed_and_who_was_let_go_has_left() -> None:
    let_go = {"model.rules.place_everyone.temporary_may_leave": "true"}
    plan = so.solve(so.load("tiny-places"), overrides={**TWO_YEARS, **let_go}, **ASKED)
    placed = {decision.person: decision.team for decision in plan.decisions.places}
    left = so.state(plan, "2027-04").instance
    assert {person: record.team for person, record in left.people.items()} == placed
    assert list(faults_of(plan, "2027-04")) == []
    found = rolled(plan, "2027-04").plan
    assert all(figure.team == figure.today for figure in found.figures.places)


def test_foresight_joins_the_places_of_its_windows() -> None:
    found = so.foresight(so.load("tiny-places"), 6, overrides=TWO_YEARS, **ASKED)
    assert (found.broken, found.stuck) == ((), None)
    assert all(worth.short_sighted == worth.goal.value for worth in found.goals)


# tiny-agency: an FTE of agency staff costs £70,000 a year, £25,000 above a social worker.
def test_bound_money_counts_the_people_who_are_really_there() -> None:
    plan = solved("tiny-agency", "fill")
    left = so.state(plan, "2027-04")
    # North has one FTE of agency staff more than at first.
    assert left.committed["growth", "2027/28"] == 25_000
    actual = left.instance.where({"teams.north.people.agency_worker": 1})
    assert so.state(plan, "2027-04", actual).committed["growth", "2027/28"] == 12_500


# best-mix: North's 104 cases on 5 workers need half an officer's time (see test_rolling.py). Nobody
# was served when planning began; half an officer serves 2, who are newly served still.
def test_time_that_a_plan_releases_is_released_from_then_on() -> None:
    scope = {"keep_average_caseload.scope": ["north"], "release_time.scope": ["north"]}
    asked = {f"standards.{path}": names for path, names in scope.items()}
    asked |= {"calendar.periods": "financial_years", "teams.north.cases": 104}
    plan = so.solve(so.load("tiny"), option="best-mix", overrides=asked, **ASKED)
    assert plan.change["north", "support_officer"] == Fraction(1, 2)
    assert so.state(plan, "2027-04").instance.standards["release_time"]["served_today"] == {
        "north": "0"
    }
    assert not any(rolled(plan, "2027-04").plan.change.values())


def test_a_plan_can_be_rolled_twice_and_from_its_last_month() -> None:
    plan = solved("tiny-turnover")
    once = rolled(plan, "2026-09").plan
    assert list(faults_of(once, "2026-11")) == []
    at_once = so.state(plan, "2026-11").instance.teams["north"]
    twice = so.state(once, "2026-11").instance.teams["north"]
    assert (twice.people, twice.joined, twice.starting) == (
        at_once.people,
        at_once.joined,
        at_once.starting,
    )
    assert list(faults_of(once, "2026-12")) == []


def test_a_team_that_is_bound_keeps_its_id_however_often_a_plan_is_rolled() -> None:
    plan = solved("relief", "six-months-more", calendar__periods="months")
    once = rolled(plan, "2027-04").plan
    (name,) = so.state(once, "2027-06").instance.managed_teams
    assert name == "relief"


def test_a_plan_of_a_model_of_ones_own_is_rolled_with_that_model(tmp_path: Path) -> None:
    own = (path("models") / "support-ratio.yaml").read_text(encoding="utf-8")
    model = tmp_path / "mine.yaml"
    model.write_text(own.replace("model: support-ratio", "model: mine"), encoding="utf-8")
    asked = {"calendar.periods": "months", "model.may_change": ["support"]}
    plan = so.solve(so.load("tiny"), model=str(model), overrides=asked, **ASKED)
    model.unlink()
    found = rolled(plan, "2027-04").plan
    assert found.question.may_change == plan.question.may_change
    assert not any(found.change.values())


def test_cases_that_are_more_than_planned_run_on_in_proportion() -> None:
    # 120 at first, 130 in January 2027 and 150 from June on; really 144 in December, not 120.
    series = {"2027-01": 130, "2027-06": 150}
    asked = {"calendar.periods": "months", "teams.north.cases_over_time": {"series": series}}
    plan = so.solve(so.load("tiny"), overrides=asked, **ASKED)
    found = rolled(plan, "2027-01", changes={"teams.north.cases": 144})
    now = found.plan.question
    assert [now.cases_in("north", month) for month in ("2027-01", "2027-06")] == [156, 180]
    (line,) = (n for n in found.standing if (n.what, n.of) == ("cases", ("north",)))
    assert (line.planned, line.actual) == (120, 144)


def test_the_goal_of_a_year_that_is_over_is_asked_no_more() -> None:
    goals = [{"minimise": "cost", "year": "2026/27"}, {"minimise": "cost", "year": "2027/28"}]
    asked = {"calendar.periods": "financial_years", "model.goals": goals}
    plan = so.solve(so.load("tiny"), overrides=asked, **ASKED)
    found = rolled(plan, "2027-04")
    assert [goal.year for goal in found.plan.question.goals] == ["2027/28"]
    assert "the goal cost 2026/27 is over" in found.state.notes


@pytest.mark.parametrize("written", ["book.xlsx", "tables"])
def test_a_council_of_a_workbook_or_a_folder_of_tables_is_rolled_alike(
    tmp_path: Path, written: str
) -> None:
    convert("tiny-turnover", tmp_path / written)
    plan = so.solve(so.load(tmp_path / written), **ASKED)
    left = tmp_path / "left.yaml"
    left.write_text(yaml_of_instance(so.state(plan, "2026-09").instance), encoding="utf-8")
    actual = so.load(convert(left, tmp_path / f"left-{written}"))
    found = rolled(plan, "2026-09", actual=actual)
    assert found.plan.goals[0].value == rolled(plan, "2026-09").plan.goals[0].value
    assert all(line.by == 0 for line in found.standing if line.by is not None)


def test_a_scenario_that_a_plan_was_made_in_goes_on() -> None:
    more = {"teams.north.cases": 128}
    council = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    council["scenarios"] = {"more": {"set": more, "from": "invented"}}
    instance = so.Instance.model_validate(council)
    cut = {"calendar.periods": "financial_years"}
    asked: dict[str, Any] = {"option": "social-workers", "scenario": "more", "overrides": cut}
    plan = so.solve(instance, **asked, **ASKED)
    assert so.state(plan, "2027-04").instance.teams["north"].cases == 128
    assert list(faults_of(plan, "2027-04")) == []


# Councils on which the plan made window by window keeps every rule, so that it is one of those that
# the plan of all months is the best of.
@pytest.mark.parametrize("seed", [104, 105, 110, 112, 113, 115, 117, 121])
def test_who_looks_ahead_does_no_worse_in_the_first_goal(seed: int) -> None:
    name, option, figures = varied(seed)
    asked: dict[str, Any] = {"option": option, "overrides": figures}
    found = so.foresight(so.load(name), 2, **asked, **ASKED)
    first = found.goals[0]
    assert (found.broken, found.stuck) == ((), None)
    assert first.short_sighted >= first.goal.value


# North's 5 workers need 1.25 officers, so 1.5, who take two heads; half of the second is left.
# South's 3 need 0.75 and have half an officer: another half, £12,000 a year, fits into it.
def test_set_up_that_was_paid_for_is_not_paid_for_again() -> None:
    first = {"standards.keep_support_ratio.scope": ["north"], "calendar.periods": "months"}
    plan = so.solve(so.load("tiny"), overrides=first, **ASKED)
    left = so.state(plan, "2027-04")
    assert left.instance.teams["north"].spare_heads == {"support_officer": Fraction(1, 2)}
    assert left.notes == ()
    found = rolled(plan, "2027-04", changes={"standards.keep_support_ratio.scope": "both"})
    (line,) = found.money
    assert line.decided == 12_000


@pytest.mark.parametrize("periods", ["one", "months"])
@pytest.mark.parametrize(
    ("spare", "heads"),
    [("0", 2), ("0.5", 2), ("1", 1), ("1.5", 1), ("3", 0)],  # 2 FTE are added
)
def test_heads_of_before_are_room_for_so_many(periods: str, spare: str, heads: int) -> None:
    room = {"teams.south.spare_heads.support_officer": spare, "calendar.periods": periods}
    plan = so.solve(so.load("tiny"), overrides=room, **ASKED)
    bought = [m.amount.raw for m in plan.figures.money if m.line == "set-up support_officer"]
    assert sum(bought) == 1_000 * heads


# Half a head is there: 2 FTE more need 1.5 others, two heads at £300 a year.
def test_the_rest_of_a_head_costs_nothing_more_beside_pay() -> None:
    room = {"teams.south.spare_heads.support_officer": "1.5"}
    desks = {"roles.support_officer.non_staffing": 300}
    plan = so.solve(so.load("tiny"), overrides={**room, **desks}, **ASKED)
    (line,) = (
        m
        for m in plan.figures.money
        if (m.line, m.year) == ("non-staffing support_officer", "2027/28")
    )
    assert line.amount.raw == 2 * 300


# 186 cases need 9.3 workers, two more than there are; from June on 146 need 7.3, and nobody more.
# Two cost £80,000 a year, £13,333 in April and May: the fund has enough, since they go.
def test_a_fund_that_has_enough_because_posts_will_go_is_not_overspent() -> None:
    asked = {
        "calendar.periods": "months",
        "teams.north.cases_over_time": {"series": {"2027-06": 80}},
        "standards.keep_existing_posts": "off",
        "standards.keep_average_caseload.rounding": "none",
        "funds.growth.ceiling": {"2026/27": 90_000, "2027/28": 14_000},
    }
    plan = so.solve(so.load("tiny"), option="social-workers", overrides=asked, **ASKED)
    left = so.state(plan, "2027-04")
    assert left.instance.funds["growth"].ceiling == {"2027/28": 0}
    assert any("costs £66,000 more" in note for note in left.notes)
    found = rolled(plan, "2027-04").plan
    assert sum(found.change.values()) == -2
    with pytest.raises(so.InputError, match="overspent in 2027/28"):
        so.state(plan, "2027-04", left.instance)


def test_a_run_tells_whatever_ends_a_roll_with_its_council_and_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_plan: Plan, month: str, lacking: Collection[str] = ()) -> list[str]:
        raise so.Conflict(f"{month}: {', '.join(lacking) or 'nothing'} is excused")

    plan = solved("tiny", calendar__periods="financial_years")
    monkeypatch.setattr("roll_run.faults_of", fails)
    for draw in ("random_plan", "varied_plan"):
        monkeypatch.setattr(f"roll_run.{draw}", lambda _seed, **_asking: plan)
    asked = ["roll_run.py", "--count", "1", "--varied", "1", "--seed", "7"]
    monkeypatch.setattr("sys.argv", asked)
    assert main() == 1
    random, varied, ended = capsys.readouterr().out.splitlines()
    assert random.endswith(f"7, from 2027-04: Conflict: 2027-04: {', '.join(RANDOM)} is excused")
    assert varied.endswith("7, from 2027-04: Conflict: 2027-04: nothing is excused")
    assert ended == "2 wrong"
