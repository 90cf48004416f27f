"""Planning on from where a plan stands, and what looking ahead is worth; by hand on tiny."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

import staffopt as so
from staffopt.analysis.actual import teams_as_they_are
from staffopt.instance.yaml_file import yaml_of_instance

MONTHS = {"calendar.periods": "months"}
START = "2027-04"  # the first month of 2027/28; both officers are there since October 2026


@pytest.fixture(scope="module")
def plan():
    return so.solve(so.load("tiny"), overrides=MONTHS)


def test_the_council_as_the_plan_leaves_it_has_its_posts_and_what_is_left_of_the_money(plan):
    left = so.state(plan, START)
    teams = left.instance.teams
    # tiny.md: 1.5 officers more in North, 0.5 in South.
    assert teams["north"].posts == {"social_worker": 5, "support_officer": Fraction(3, 2)}
    assert teams["south"].posts == {"social_worker": 3, "support_officer": 1}
    # 2 officers at £24,000 are bound in 2027/28; of £90,000 there is £42,000 left.
    assert left.committed == {("growth", "2027/28"): 48_000}
    assert left.instance.funds["growth"].ceiling == {"2027/28": 42_000}
    # The project started in October 2026 or never.
    assert not left.instance.packages
    assert not left.instance.package_lines


def test_a_year_that_has_begun_keeps_what_was_spent_in_it(plan):
    left = so.state(plan, "2027-01")
    # Three months of £48,000 to December and three from January, and £2,000 of equipment.
    assert left.committed["growth", "2026/27"] == 24_000 + 2_000
    assert left.instance.funds["growth"].ceiling["2026/27"] == 64_000


def test_a_plan_that_is_kept_to_needs_nothing_more(plan):
    found = so.roll(plan, START)
    assert not any(found.plan.change.values())
    (line,) = found.money
    assert (line.planned, line.bound, line.decided) == (48_000, 48_000, 0)


def test_the_written_council_has_the_plan_that_rolling_has(plan, tmp_path):
    path = tmp_path / "tiny-2027-04.yaml"
    path.write_text(yaml_of_instance(so.state(plan, START).instance), encoding="utf-8")
    assert [fault for fault in so.check(path) if not fault.warning] == []
    changes = {"standards.keep_support_ratio.ratio": 3}
    assert (
        so.solve(so.load(path), overrides=changes).id
        == so.roll(plan, START, changes=changes).plan.id
    )


def test_what_is_really_so_takes_the_place_of_the_plan_and_stands_beside_it(plan):
    # North has hired one officer only, and has 130 cases.
    actual = so.state(plan, START).instance.where(
        {"teams.north.posts.support_officer": 1, "teams.north.cases": 130}
    )
    found = so.roll(plan, START, actual=actual)
    by = {(line.what, *line.of): line.by for line in found.standing if line.by}
    assert by["posts", "north", "support_officer"] == Fraction(-1, 2)
    assert by["cases", "north"] == 10
    assert by["caseload", "north", "posts", "reported"] == 2  # 130 ÷ 5 instead of 120 ÷ 5
    # The half that is missing is bought now: £12,000. Two heads were set up for the 1.5 there are.
    assert found.plan.change["north", "support_officer"] == Fraction(1, 2)
    (line,) = found.money
    assert (line.planned, line.bound, line.decided) == (48_000, 36_000, 12_000)


def test_new_figures_that_leave_no_plan_are_an_answer(plan):
    found = so.roll(plan, START, changes={"standards.keep_support_ratio.ratio": "0.5"})
    assert found.plan is None
    assert "over by" in str(found.none)


def test_what_a_year_has_left_goes_on_and_so_does_a_reserve():
    council = so.load("tiny").where({**MONTHS, "funds.growth.carry_forward": {"share": 50}})
    reserve = {"opening": 100_000, "contributions": {"2027/28": 10_000}}
    plan = so.solve(council.where({"funds.growth.reserve": reserve}))
    growth = so.state(plan, START).instance.funds["growth"]
    # Of £90,000 in 2026/27 £26,000 are spent: half of £64,000 goes on, and £48,000 are bound.
    assert growth.ceiling == {"2027/28": 90_000 + 32_000 - 48_000}
    assert growth.reserve.opening == 100_000 - 26_000
    assert growth.reserve.contributions == {"2027/28": 10_000 - 48_000}
    midyear = so.state(plan, "2027-01").instance.funds["growth"]
    assert midyear.reserve.opening == 100_000
    assert midyear.reserve.contributions == {"2026/27": -26_000, "2027/28": -38_000}


def test_money_that_is_for_nothing_any_more_is_left_out(plan):
    # The reserve pays for the project, which started in October 2026 or never.
    assert "ceiling" not in so.state(plan, START).instance.funds["reserve"].model_fields_set


def test_a_limit_on_recruitment_keeps_what_is_left_of_it():
    limit = {"standards.limit_recruitment.limit": 2, **MONTHS}
    plan = so.solve(so.load("tiny"), option="social-workers", overrides=limit)
    left = so.state(plan, START).instance
    assert left.standards["limit_recruitment"]["limit"] == "0"  # both are recruited
    changes = {"standards.keep_average_caseload.target": 18}  # 186 ÷ 18 = 10.3: one more
    assert so.roll(plan, START, changes=changes).plan is None


def test_cases_run_on_as_they_would_have():
    grows = {"cases_over_time.growth": "0.07", "cases_over_time.seasons": {"9": "1.1"}}
    council = so.load("tiny").where({**grows, **MONTHS})
    plan = so.solve(council)
    rolled = so.roll(plan, START).plan.question
    months = [period.label for period in rolled.instance.calendar.cut()]
    assert len(months) == 12
    for month in months:
        for team in ("north", "south"):
            assert rolled.cases_in(team, month) == plan.question.cases_in(team, month)
    # Growth is a straight line within a year: 7% of 120 by September 2027, times 1.1, to the case.
    assert rolled.cases_in("north", "2027-09") == round(120 * (1 + 0.07 * 11 / 12) * 1.1)


@pytest.mark.parametrize(
    ("month", "words"),
    [("2026-10", "no later period"), ("2030-01", "no later period"), ("soon", "no later period")],
)
def test_a_month_in_which_nothing_starts_is_refused(plan, month, words):
    with pytest.raises(so.InputError, match=words):
        so.roll(plan, month)


def test_another_council_is_refused_with_every_name(plan):
    with pytest.raises(so.InputError) as refused:
        so.roll(plan, START, actual=so.load("nottinghamshire-2018"))
    told = [fault.what for fault in refused.value.faults]
    assert "it lacks team 'north'" in told
    assert "the actual council has role 'swso'" in told


def test_a_fund_that_is_overspent_by_then_is_refused(plan):
    # Officers that nobody planned: 4 × £24,000 = £96,000 a year, and the ceiling is £90,000.
    actual = so.state(plan, START).instance.where({"teams.north.posts.support_officer": 4})
    with pytest.raises(so.InputError, match="overspent in 2027/28"):
        so.roll(plan, START, actual=actual)


# North alone: 104 cases on 5 workers in 2026/27, 120 from 2027/28 on; 20 a worker at the most.
# 2026/27 needs 5.2: half an officer gives 2 ÷ 6 = 0.33 back and costs £12,000 a year. 2027/28 needs
# 6; officers give at most 5 ÷ 6 = 0.83, so that it takes a worker more for £40,000, who would have
# been enough in the year before as well.
YEARS = {
    "calendar.periods": "financial_years",
    "teams.north.cases": 104,
    "teams.north.cases_over_time": {"series": {"2027-04": 120}},
    "standards.keep_average_caseload.scope": ["north"],
    "standards.release_time.scope": ["north"],
}


def test_who_looks_ahead_buys_at_once_what_will_be_needed():
    found = so.foresight(so.load("tiny"), 6, option="best-mix", overrides=YEARS)
    first = found.goals[0]
    assert (first.goal.minimise, first.goal.value) == ("full_year_cost", 40_000)
    assert first.short_sighted == 12_000 + 40_000
    assert found.windows == (("2026-10", "2027-03"), ("2027-04", "2028-03"))
    assert (found.broken, found.stuck) == ((), None)


def test_who_does_not_look_ahead_may_be_stuck():
    # £45,000 in 2027/28 are enough for the worker, and not for the officer beside.
    ceilings = {"funds.growth.ceiling": {"2026/27": 90_000, "2027/28": 45_000}}
    found = so.foresight(so.load("tiny"), 6, option="best-mix", overrides={**YEARS, **ceilings})
    assert found.goals[0].goal.value == 40_000
    assert found.stuck == ("2027-04", "2028-03")
    assert "over by £8,000" in str(found.none)  # 12,000 + 40,000 + 1,000 (set-up) − 45,000


def test_a_window_as_long_as_the_calendar_is_refused():
    with pytest.raises(so.InputError, match="one of the whole calendar"):
        so.foresight(so.load("tiny"), 24, overrides=MONTHS)


# tiny-turnover.md: 2 newly qualified workers join in September and a social worker in October, whom
# it takes three months to recruit; the plan comes to £6,000.944.


@pytest.fixture(scope="module")
def turnover():
    return so.solve(so.load("tiny-turnover"))


def in_post(plan, role):
    return [f.in_post for f in plan.figures.flows if f.role == role]


def test_people_go_on_as_they_stand_by_months_since_they_joined(turnover):
    north = so.state(turnover, "2026-09").instance.teams["north"]
    assert north.people == {"social_worker": Decimal("6.48"), "newly_qualified": 2}
    assert north.joined == {"newly_qualified": {11: 2}}  # nine months ago at the end of June
    # The worker who starts in October was recruited in July.
    assert {str(m): n for m, n in north.starting["social_worker"].items()} == {"2026-10": 1}


@pytest.mark.parametrize("month", ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12"])
def test_a_plan_of_people_that_is_kept_to_runs_on_as_it_was(turnover, month):
    found = so.roll(turnover, month)
    for role in ("social_worker", "newly_qualified"):
        later = in_post(found.plan, role)
        assert later == in_post(turnover, role)[-len(later) :]
    bound = found.state.committed["recruitment", "2026/27"]
    joins = sum(flow.fte for flow in found.plan.decisions.flows)
    assert bound + 1_000 * joins == 4_000  # whoever is still to be recruited is newly qualified


def test_who_has_left_sooner_than_planned_is_missing_from_then_on(turnover):
    # At the end of August 5.48 are there and not 6.48; of the one 0.9 would be left in September.
    changes = {"teams.north.people.social_worker": "5.48"}
    found = so.roll(turnover, "2026-09", changes=changes)
    assert in_post(found.plan, "social_worker")[0] == Fraction("7.832") - Fraction("0.9")
    by = {(line.what, *line.of): line.by for line in found.standing if line.by}
    assert by["in post", "north", "social_worker"] == -1


def test_what_looking_ahead_is_worth_to_people():
    # Until September nobody is worth recruiting: 0.168 of a worker is missing for a month, £336.
    # From October on nobody can start in time; newly qualified workers come in September only.
    found = so.foresight(so.load("tiny-turnover"), 3)
    assert found.goals[0].goal.value == Fraction("6000.944")
    assert found.goals[0].short_sighted == Fraction("11171.504")  # the table's first line
    assert found.broken == ()


# Tameside: there since April 2022 for six months at £42,500 a month (255,000 ÷ 6), extended by six.


@pytest.fixture(scope="module")
def tameside():
    return so.solve(so.load("tameside-2022"), option="six-months")


def of_year(found, fund, year):
    (line,) = (line for line in found.money if (line.fund, line.year) == (fund, year))
    return line.planned, line.bound, line.decided


def test_an_extension_that_has_begun_is_bound_and_the_team_is_there_until_it_ends(tameside):
    found = so.roll(tameside, "2022-12")
    (team,) = found.state.instance.managed_teams.values()
    assert (str(team.there_since), team.months, team.extension) == ("2022-04", 12, None)
    assert of_year(found, "reserves", "2022/23") == (255_000, 255_000, 0)
    assert so.verify(found.plan).ok


def test_an_extension_that_can_still_be_decided_is_decided_anew(tameside):
    # The term ends in September: at its start nothing of the six months more is bound.
    asked = {"calendar.start": "2022-08"}
    found = so.roll(
        so.solve(so.load("tameside-2022"), option="six-months", overrides=asked), "2022-09"
    )
    assert of_year(found, "reserves", "2022/23") == (255_000, 0, 255_000)


def test_a_managed_team_that_has_gone_is_not_there(tameside):
    assert not so.state(tameside, "2023-04").instance.managed_teams


def managed(**changes):
    """tiny with a team from January 2027 for six months, which can be extended by three."""
    record = {
        "name": "Managed team",
        "starts": ["2027-01"],
        "months": 6,
        "price": 60_000,
        "fund": "growth",
        "extension": {"months": 3, "price": 11_000, "notice": 2},
        **changes,
    }
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    tree["managed_teams"] = {"team": record}
    tree["calendar"]["periods"] = "months"
    return so.Instance.model_validate(tree)


def bought(extended_by):
    wanted = {"required": True, "extended_by": extended_by}
    asked = {"model.rules.buy_managed_team": wanted, "funds.growth.ceiling": 200_000}
    return so.solve(managed(), option="do-nothing", overrides=asked)


def test_an_extension_is_open_until_its_notice_is_due():
    # The term ends in June 2027; two months before is April.
    team = so.state(bought(0), "2027-04").instance.managed_teams["team"]
    assert (str(team.there_since), team.months, team.extension.months) == ("2027-01", 6, 3)
    # Three months of £10,000 are paid in 2026/27; what runs on is in nobody's way.
    assert so.state(bought(0), "2027-02").committed["growth", "2026/27"] == 10_000
    assert so.state(bought(0), "2027-04").committed["growth", "2027/28"] == 0


def test_an_extension_whose_notice_is_due_is_bound():
    open_still = so.state(bought(3), "2027-04")
    assert open_still.instance.managed_teams["team"].extension is not None
    # Three months of £10,000 and three of £11,000 are due from April on, whatever is decided.
    agreed = so.state(bought(3), "2027-05")
    assert agreed.committed["growth", "2027/28"] == 30_000 + 33_000
    (team,) = agreed.instance.managed_teams.values()
    assert (str(team.there_since), team.months, team.extension) == ("2027-01", 9, None)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        # At the start of April the three months more can still be agreed, and are not bound.
        ({"what": "months of extension", "number": 3}, {"2027-04": "3", "2027-05": "off"}),
        # In April the team is bought.
        ({"number": 1, "sense": "exactly"}, {"2026-12": "1", "2027-04": "0"}),
    ],
)
def test_of_a_managed_team_is_asked_on_what_is_not_bound(asked, left):
    rule = {"rule": "require_managed_team", "managed_team": "team", **asked}
    figures = {"model.rules.buy_managed_team": {}, "model.rules.asked": rule}
    overrides = {**figures, "funds.growth.ceiling": 200_000}
    plan = so.solve(managed(), option="do-nothing", overrides=overrides)
    for month, expected in left.items():
        found = so.state(plan, month).instance.standards["asked"]
        number = found["number"] if isinstance(found, Mapping) else found
        assert str(number) == expected


@pytest.mark.parametrize("what", ["posts", "in post"])
def test_how_many_there_are_to_be_is_asked_on_as_it_was(what):
    rule = {"rule": "require", "role": "social_worker", "what": what, "fte": 1}
    plan = so.solve(so.load("tiny-turnover"), overrides={"model.rules.asked": rule})
    assert so.state(plan, "2026-10").instance.standards["asked"]["fte"] == 1


def test_what_ended_before_the_month_is_no_cut_of_what_really_is_there():
    # South's half an officer is there until March 2027 and not in April: none was cut, so of one
    # more that may be added one is left.
    rule = {"rule": "require", "role": "support_officer", "what": "posts added", "fte": 1}
    ends = {"roles.support_officer.ends": "2027-03", **MONTHS}
    asked = {"model.rules.asked": {**rule, "sense": "at most"}}
    plan = so.solve(so.load("tiny").where(ends), option="do-nothing", overrides=asked)
    left = so.state(plan, "2027-05")
    assert not left.instance.teams["south"].posts["support_officer"]
    really = so.state(plan, "2027-05", left.instance)
    assert really.instance.standards["asked"]["fte"] == "1"
    assert really.committed == left.committed


def test_cases_that_are_not_known_any_more_run_on_from_no_figure():
    series = {"teams.north.cases_over_time": {"series": {"2027-06": 150}}}
    plan = so.solve(so.load("tiny"), overrides={**MONTHS, **series})
    tree = so.state(plan, START).instance.model_dump(mode="json", exclude_unset=True)
    for cases in ("none", "not printed"):
        tree["teams"]["north"] = {**tree["teams"]["north"], "cases": cases}
        tree["teams"]["north"].pop("cases_over_time", None)
        actual = so.Instance.model_validate(tree)
        north = so.state(plan, START, actual).instance.teams["north"]
        assert not north.cases_over_time.series


@pytest.mark.parametrize(("cases", "now"), [("120", 140), ({"a": "120"}, {"a": 140})])
def test_cases_that_grow_go_on_growing_from_those_there_are(cases, now):
    grows = {"growth": "0.1"}
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    tree["case_types"] = {"a": {"weight": 1}}
    tree["teams"]["north"] |= {"cases": now, "cases_over_time": grows}
    actual = so.Instance.model_validate(tree)
    planned = {"north": {"cases": cases, "cases_over_time": grows}, "south": {"cases": "66"}}
    is_so = actual.model_dump(mode="json", exclude_unset=True)
    run_on = teams_as_they_are(planned, is_so)["north"]["cases_over_time"]
    assert run_on["growth"] == "0.1"
    assert not run_on.get("series")
    assert not run_on.get("types")


def test_a_window_is_not_asked_for_posts_of_a_later_period():
    # One worker more in October 2027, the first month of the second window: £40,000 a year.
    rule = {"rule": "require", "role": "social_worker", "fte": 9, "period": "2027-10"}
    may = {"model.may_change": ["case_holder"], "model.rules.asked": rule}
    found = so.foresight(so.load("tiny"), 12, option="do-nothing", overrides={**MONTHS, **may})
    assert (found.broken, found.stuck) == ((), None)


def test_an_assumption_goes_with_its_line_and_with_a_field_that_is_left_out():
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    tree["packages"]["later"] = {**tree["packages"]["project"], "start": "2027-06"}
    tree["funds"]["reserve"]["pays_for"]["packages"].append("later")
    tree["package_lines"].append({"package": "later", "post": "Coach", "fte": 1, "recurrent": 500})
    ranged = {"reason": "a guess", "low": "400", "high": "600"}
    tree["assumptions"] |= {
        "packages.later": "invented",
        "package_lines.0.recurrent": "a trainer, who is there no more",
        "package_lines.2.recurrent": ranged,
        "funds.growth.carry_forward": "nothing goes on",
    }
    plan = so.solve(so.Instance.model_validate(tree), overrides=MONTHS)
    left = so.state(plan, START).instance
    (line,) = left.package_lines
    assert line.post == "Coach"
    kept = {p: a for p, a in left.assumptions.items() if p.startswith("package_lines.")}
    assert list(kept) == ["package_lines.0.recurrent"]
    assert kept["package_lines.0.recurrent"].high == 600
    assert left.assumptions["funds.growth.carry_forward"] == "nothing goes on"
