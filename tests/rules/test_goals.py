"""What is minimised: vectors, offsets and quanta, and what they come to on the tiny council."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

from compiled import KEEP, ask, compiled, minimised, row, rows
from staffopt.algebra.program import NONE
from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import KeepAverageCaseload, ReleaseTime, TakeBundleWhole

INF = float("inf")
WORKERS = (RoleKind.CASE_HOLDER,)
TEAMS = ("north", "office", "south")
BUNDLE = TakeBundleWhole(label="bundle")
PACKAGES = {
    "packages": {"team": {"name": "T", "start": "2025-01", "months": 12}},
    "package_lines": [
        {"package": "team", "post": "Worker", "fte": 2, "recurrent": 90000},
        {"package": "team", "item": "phones", "count": 2, "each": 100, "one_off": 200},
    ],
}


def goal(name, **fields):
    return Goal.model_validate({"minimise": name, **fields})


def per_team(role, figure, period=""):
    return {f"change[{team},{role}{period}]": figure for team in TEAMS}


def vector(program, number=0):
    """Write a goal's row out; it is its vector."""
    [(terms, lower, upper)] = rows(program, program.goals[number].name).values()
    assert (lower, upper) == (-INF, INF)
    return terms


def test_the_full_year_cost_is_the_annual_rate_of_all_that_is_added():
    program = compiled(KEEP, BUNDLE, goals=(goal("full_year_cost"),), **PACKAGES)
    posts = per_team("worker", 40000) | per_team("officer", 24000) | {"change[office,lead]": 36000}
    assert vector(program) == posts | {"taken[team]": 90000}
    [cost] = program.goals
    # by step: 40,000, 12,000 (half an officer), 36,000 and 90,000
    assert (cost.offset, cost.quantum, cost.unit, cost.within) == (0, 2000, "pounds a year", 0.5)
    assert program.names[program.row_tags.unit[cost.row]] == "pounds a year"


def test_the_full_year_is_that_of_the_last_period():
    years = {"calendar": {"periods": "financial_years"}}
    program = compiled(KEEP, goals=(goal("full_year_cost"),), may_change=WORKERS, **years)
    assert vector(program) == per_team("worker", 40000, ",2025/26")


def test_cost_counts_what_falls_in_the_calendar_or_in_a_year():
    goals = goal("cost"), goal("cost", year="2024/25"), goal("cost", year="2025/26")
    program = compiled(KEEP, BUNDLE, goals=goals, may_change=WORKERS, **PACKAGES)
    heads = {"heads[worker]": 1000}
    # the package: January 2025 to December 2025, 3 and 9 months of 90,000, and 200 at its start
    assert vector(program, 0) == per_team("worker", 60000) | heads | {"taken[team]": 90200}
    assert vector(program, 1) == per_team("worker", 20000) | heads | {"taken[team]": 22700}
    assert vector(program, 2) == per_team("worker", 40000) | {"taken[team]": 67500}
    assert [g.quantum for g in program.goals] == [200, 100, 2500]


MONEY = {
    "funds": {
        "growth": {"name": "Growth", "pays_for": {"added_posts": ["worker"]}},
        "base": {"name": "Base", "pays_for": {"posts_today": ["lead"], "packages": ["team"]}},
    }
}


def test_spend_is_what_a_ceiling_counts_of_a_fund_and_a_year():
    goals = goal("spend", fund="base", year="2025/26"), goal("spend", fund="growth"), goal("spend")
    program = compiled(KEEP, BUNDLE, goals=goals, may_change=WORKERS, **PACKAGES, **MONEY)
    base, _, everything = program.goals
    assert vector(program, 0) == {"taken[team]": 67500}
    assert base.offset == 36000  # the lead of today, for a whole year
    assert vector(program, 1) == per_team("worker", 60000) | {"heads[worker]": 1000}
    # 18 months of the lead are 54,000; officers of today are paid by no fund
    assert everything.offset == 54000
    assert vector(program, 2) == vector(program, 1) | {"taken[team]": 90200}
    assert [g.name for g in program.goals] == ["spend base 2025/26", "spend growth", "spend"]


def test_a_saving_is_no_spend():
    # without kept posts, what is added is apart from what is cut
    program = compiled(goals=(goal("spend"),), may_change=WORKERS, **MONEY)
    added = {f"added[{team},worker]": 60000 for team in TEAMS}
    assert vector(program) == added | {"heads[worker]": 1000}


@pytest.mark.parametrize("fields", [{"fund": "gift"}, {"year": "2030/31"}])
def test_spend_of_a_fund_or_year_that_is_not_there_is_refused(fields):
    with pytest.raises(InputError, match="is called"):
        compiled(KEEP, goals=(goal("spend", **fields),))


def test_the_penalty_is_what_missing_softened_rules_weighs():
    soft = target(target=17, soften={"price": 5000})
    program = compiled(KEEP, soft, goals=(goal("penalty"),), may_change=WORKERS)
    assert vector(program) == {"short average[]": 5000}


def test_a_goal_with_a_limit_has_a_row_that_keeps_it():
    limited = goal("full_year_cost", at_most="100000.5")
    program = compiled(KEEP, goals=(limited,), may_change=WORKERS)
    [(terms, lower, upper)] = rows(program, "full_year_cost at most").values()
    assert (terms, lower, upper) == (per_team("worker", 40000), -INF, Fraction("100000.5"))


def test_an_average_with_a_limit_needs_the_fte_that_it_takes_in_every_team():
    # 100 ÷ 18 = 5.6, so 6 FTE, 2 more; 60 ÷ 18 = 3.3, so the 4 that there are
    program = compiled(KEEP, goals=(goal("worst_caseload", at_most=18),), may_change=WORKERS)
    found = rows(program, "worst_caseload at most")
    assert found["north"] == ({"change[north,worker]": 1}, 2, INF)
    assert found["south"] == ({"change[south,worker]": 1}, 0, INF)
    # a limit just met asks for no more, one just missed for another post
    for limit, posts in (("20", 1), ("1999/100", 2)):
        program = compiled(KEEP, goals=(goal("worst_caseload", at_most=limit),), may_change=WORKERS)
        assert rows(program, "worst_caseload at most")["north"][1] == posts


def test_no_fte_bring_an_average_to_nothing():
    with pytest.raises(InputError, match="no FTE bring an average to 0"):
        compiled(KEEP, goals=(goal("worst_caseload", at_most=0),), may_change=WORKERS)


@pytest.mark.parametrize(
    "fields",
    [
        {"minimise": "full_year_cost", "fund": "growth"},
        {"minimise": "penalty", "year": "2024/25"},
        {"minimise": "spend", "at_most": "-1"},
    ],
)
def test_fields_that_a_goal_has_no_use_for_are_refused(fields):
    with pytest.raises(ValidationError):
        Goal.model_validate(fields)


def test_a_cost_of_a_year_outside_the_calendar_is_refused():
    with pytest.raises(InputError):
        compiled(KEEP, goals=(goal("cost", year="2030/31"),))


def test_the_worst_caseload_pushes_up_the_fte_for_each_case():
    program = compiled(KEEP, goals=(goal("worst_caseload"),), may_change=WORKERS)
    least = "least_fte_per_case"
    floor = {team: {f"change[{team},worker]": 1} for team in ("north", "south")}
    [_, cells, _] = [b for b in program.row_blocks if b.name.startswith("worst_caseload")]
    found = {
        program.row_label(i).split("[")[1].split(",")[0]: i
        for i in range(program.row_blocks[-3].start, program.row_blocks[-3].stop)
    }
    assert set(found) == {"north", "south"}  # the office holds no cases
    assert cells.axes == ()
    tags = program.row_tags
    assert all(tags.block[i] != NONE for i in found.values())
    both = rows(program, "worst_caseload")
    assert both["north"] == (floor["north"] | {least: -100}, -4, INF)
    assert both["south"] == (floor["south"] | {least: -60}, -4, INF)
    assert rows(program, "worst_caseload floor") == {
        team: (terms, -INF, INF) for team, terms in floor.items()
    }
    [worst] = program.goals
    assert worst.ratio.weights == (100, 60)
    assert worst.ratio.lattices == ((4, 1), (4, 1))
    assert worst.ratio.constants == (4.0, 4.0)
    assert program.row_label(worst.ratio.start).startswith("worst_caseload floor[north")


def test_the_worst_caseload_looks_at_its_scope_and_every_period():
    years = {"calendar": {"periods": "financial_years"}}
    goals = (goal("worst_caseload", scope="north"),)
    program = compiled(KEEP, goals=goals, may_change=WORKERS, **years)
    assert set(rows(program, "worst_caseload floor")) == {"north,2024/25", "north,2025/26"}
    assert program.goals[0].ratio.weights == (100, 100)


def test_effective_caseloads_are_on_no_lattice():
    release = ReleaseTime.model_validate(
        {"label": "release", "hours": 6, "contract_hours": 36, "ratio": 4}
    )
    program = compiled(KEEP, release, goals=(goal("worst_caseload", basis="effective"),))
    terms = {"change[north,worker]": 1, "served[north]": Fraction(1, 6)}
    assert rows(program, "worst_caseload floor")["north"] == (terms, -INF, INF)
    ratio = program.goals[0].ratio
    assert [step for _, step in ratio.lattices] == [None, None]
    assert ratio.constants == (4 - Fraction(4, 6), 4)  # 4 of the north are served today


def test_the_change_counts_fte_and_packages():
    program = compiled(KEEP, BUNDLE, goals=(goal("change_from_today"),), **PACKAGES)
    posts = per_team("worker", 1) | per_team("officer", 1) | {"change[office,lead]": 1}
    assert vector(program) == posts | {"taken[team]": 1}
    assert program.goals[0].quantum == Fraction(1, 2)


def test_where_posts_can_be_cut_the_change_is_its_size():
    goals = (goal("change_from_today"),)
    program = compiled(goals=goals, may_change=WORKERS)
    size, change = "size_of_change[north,worker]", "change[north,worker]"
    held = [row(program, i) for i in range(program.matrix.rows)]
    assert ({size: 1, change: -1}, 0, INF) in held
    assert ({size: 1, change: 1}, 0, INF) in held
    sizes = {f"size_of_change[{team},worker]": 1 for team in TEAMS}
    assert (sizes, -INF, INF) in held
    # posts kept in one team alone may still be cut in another
    partly = compiled(KEEP.model_copy(update={"scope": "north"}), goals=goals, may_change=WORKERS)
    assert (sizes, -INF, INF) in [row(partly, i) for i in range(partly.matrix.rows)]


def target(**fields):
    return KeepAverageCaseload.model_validate({"label": "average", **fields})


def test_goals_are_met_in_their_order():
    # 160 ÷ 17 = 9.4 → 10 FTE, 2 posts at £80,000. Both in the north: 100 ÷ 6 = 16.7 and 15; one
    # each: 20 and 12. The worst is least with both in the north.
    goals = goal("full_year_cost"), goal("worst_caseload"), goal("change_from_today")
    out = minimised(ask(KEEP, target(target=17), goals=goals, may_change=WORKERS))
    assert [r.value for r in out.reached] == [80000, pytest.approx(100 / 6), 2]
    assert all(r.proven for r in out.reached)


def test_with_a_tolerance_a_later_goal_gets_its_way():
    # £40,000 more: a third post in the north, 100 ÷ 7 < 60 ÷ 4 = 15
    goals = goal("full_year_cost", tolerance=40000), goal("worst_caseload")
    out = minimised(ask(KEEP, target(target=17), goals=goals, may_change=WORKERS))
    assert out.reached[1].value == 15


def test_over_several_years_posts_come_when_they_are_needed():
    # The calendar's cost is least when posts start as late as the target allows: it holds in
    # both years, so 2 posts stand in both: 2 · (20,000 + 40,000) + 2 heads at 1,000.
    years = {"calendar": {"periods": "financial_years"}}
    out = minimised(
        ask(KEEP, target(target=17), goals=(goal("cost"),), may_change=WORKERS, **years)
    )
    assert out.reached[0].value == 122000


def test_cutting_and_adding_are_both_changes():
    # Without kept posts: 8 FTE do for 160 ÷ 20; the worst is least with 5 and 3 (20 and 20),
    # which cuts one and adds one.
    goals = goal("full_year_cost"), goal("worst_caseload"), goal("change_from_today")
    out = minimised(ask(target(target=20), goals=goals, may_change=WORKERS))
    assert [r.value for r in out.reached] == [0, 20, 2]
