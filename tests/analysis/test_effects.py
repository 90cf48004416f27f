"""What differs between plans, and which input moved which output."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.analysis.comparison import OutputChange, compare, inputs_changed, partly
from staffopt.reporting.differing import figure_changed, render_difference, render_what_if

CASES, TARGET = "teams.north.cases", "standards.keep_average_caseload.target"


def goal(outputs, name="full_year_cost"):
    return next((c.by for c in outputs if c.of[0] == name), 0)


def test_each_change_alone_and_all_together():
    # Today 186 cases and 8 workers; target 20, posts rounded up: 1.3 → 2. With 206 cases: 2.3 → 3.
    # With a target of 19: 186 ÷ 19 = 9.8, 1.8 → 2. With both: 206 ÷ 19 = 10.84, 2.84 → 3.
    council = so.load("tiny").where({"funds.growth.ceiling": 900_000})
    answer = so.what_if(council, {CASES: 140, TARGET: 19}, option="social-workers")
    together, alone = answer.difference.together, answer.difference.alone
    assert {change.path: (change.before, change.after) for change in together.inputs} == {
        CASES: ("120", "140"),
        TARGET: ("20", "19"),
    }
    assert goal(together.outputs) == 40_000
    effects = {effect.paths: goal(effect.outputs) for effect in alone}
    assert effects == {(CASES,): 40_000, (TARGET,): 0}


def test_what_has_no_plan_alone_is_said_to():
    council = so.load("tiny")
    changes = {CASES: 140, "funds.growth.ceiling": 200_000}
    answer = so.what_if(council, changes, option="social-workers")
    # Three social workers cost £120,000, and the fund has £90,000 unless it is raised too.
    without = [effect.paths for effect in answer.difference.alone if effect.outputs is None]
    assert without == [(CASES,)]


def test_figures_without_a_plan_are_explained():
    answer = so.what_if(so.load("tiny"), {"funds.growth.ceiling": 20_000})
    assert (answer.after, answer.difference) == (None, None)
    assert answer.explanation.conflicts


def test_two_plans_of_one_question_are_the_same():
    plan = so.solve(so.load("tiny"))
    found = so.diff(plan, plan)
    assert (found.together.inputs, found.together.outputs, found.alone) == ((), (), ())


OPTIONS = ["social-workers", "best-mix", "support-officers", "officers-and-project", "do-nothing"]


@pytest.mark.parametrize("old", OPTIONS)
@pytest.mark.parametrize("new", OPTIONS)
def test_changing_every_input_that_differs_gives_the_other_question(old, new):
    council = so.load("tiny")
    changed = council.where(
        {"pins.change.social_worker": 2, CASES: 130, "funds.growth.ceiling.2027/28": 91_000}
    )
    questions = []
    for one, option in ((council, old), (changed, new)):
        with so.open(one, option=option) as desk:
            questions.append(desk.question)
    first, second = questions
    for mine, its in ((first, second), (second, first)):
        paths = [change.path for change in inputs_changed(mine, its)]
        moved = partly(mine, its, paths)
        assert inputs_changed(moved, its) == ()
        assert moved.rules == its.rules


def test_a_comparison_has_every_kind_of_figure_that_differs():
    council = so.load("tiny")
    old, new = (so.solve(council, option=name) for name in ("do-nothing", "officers-and-project"))
    comparison = compare(old, new)
    kinds = {change.what for change in comparison.outputs}
    assert kinds >= {"goal", "posts", "package", "money"}
    # 1 to 4: 1.25 → 1.5 officers in North, none before
    posts = {change.of[:2]: change.after for change in comparison.of("posts")}
    assert posts["north", "support_officer"] == 1.5


def test_plans_of_two_councils_are_compared_though_one_names_a_team_that_the_other_has_not():
    # tiny's standards name both of its teams; without South they would name what is not there.
    old, new = so.solve(so.load("tiny")), so.solve(so.load("tiny-money"))
    for one, other in ((old, new), (new, old)):
        effects = {effect.paths: effect.outputs for effect in so.diff(one, other).alone}
        assert effects["teams.south",] is None


def test_inputs_are_written_as_set_takes_them_and_not_as_python_does():
    council = so.load("tiny")
    old, new = (so.solve(council, option=name) for name in ("do-nothing", "support-officers"))
    inputs = {change.path: change.after for change in compare(old, new).inputs}
    assert inputs["goals"] == "[{minimise: full_year_cost}, {minimise: change_from_today}]"
    assert inputs["may_change"] == "[support, support_lead]"


def test_no_change_is_refused():
    with pytest.raises(so.InputError, match="nothing is changed"):
        so.what_if(so.load("tiny"), {})


def told(found, what):
    return {change.of: (change.before, change.after) for change in found.of(what)}


def what_if(name, figures):
    return so.what_if(so.load(name), figures).difference.together


def between(name, old, new):
    council = so.load(name)
    return compare(so.solve(council, option=old), so.solve(council, option=new))


def test_cases_that_are_closed_and_those_left_open_are_told():
    # Long-term may hold 7 × 15 = 105, gets a fifth of what Duty closes and closes a tenth of its
    # own, whole. From 100: 100 + 12 − 10 = 102, 102 + 12 − 10 = 104; in June 104 + 11 − 10 = 105,
    # so that Duty closes 55 of 60, in July 105 + 10 − 10, so that it closes 50.
    found = what_if("tiny-flow", {"teams.long_term.cases": 100})
    duty = {of: change for of, change in told(found, "cases closed").items() if of[0] == "duty"}
    assert duty == {("duty", "2026-06"): (60, 55), ("duty", "2026-07"): (60, 50)}
    left = told(found, "open cases")
    # 40 + 60 − 55 = 45, 45 + 60 − 50 = 55
    assert left["duty", "2026-06"] == (40, 45)
    assert left["duty", "2026-07"] == (40, 55)
    assert left["long_term", "2026-05"][1] == 104


def test_who_holds_the_cases_is_told():
    # The team holds 62 of 1,856 cases from October to January; newly qualified 38 × 15 either way.
    found = between("tameside-2022", "none-to-six", "four-months")
    months = ("2022-10", "2022-11", "2022-12", "2023-01")
    (place,) = {of[0] for of in told(found, "cases held")}
    assert told(found, "cases held") == {
        **{(place, "managed team", month): (None, 62) for month in months},
        **{(place, "social_worker", month): (1286, 1286 - 62) for month in months},
    }


def test_what_funds_carry_on_and_what_reserves_stand_at_is_told():
    # £50,000 less £44,400 leave £5,600, of which 95 in 100 are £5,320.
    # The reserve has £10,000 more.
    fund = "funds.transformation"
    found = what_if(
        "tiny-money", {f"{fund}.carry_forward.share": 95, f"{fund}.reserve.opening": 160_000}
    )
    carried, reserve = told(found, "carried forward"), told(found, "reserve")
    assert carried["transformation", "2026/27"] == (5_600, 5_320)
    assert reserve["transformation", "2026/27"] == (105_600, 115_600)


def test_what_an_option_brings_is_told():
    # £80,000 a year from October: six months of the first year
    found = told(between("tiny-money", "do-nothing", "target"), "benefit")
    assert found["placements", "2026/27"] == (None, 40_000)


def test_people_whom_one_plan_leaves_as_they_are_are_not_told_as_nobody():
    # North: 4 social workers today; one moves there and one agency worker becomes permanent.
    found = told(between("tiny-careers", "do-nothing", "rearrange"), "in post")
    assert found["north", "social_worker", "2026-04"] == (4, 6)
    assert found["north", "agency_worker", "2026-04"] == (1, 0)
    assert ("north", "newly_qualified", "2026-04") not in found


def test_no_money_and_none_at_all_are_no_difference():
    found = told(between("tameside-2022", "none-to-six", "four-months"), "money")
    assert found == {("reserves", "2022/23"): (None, 170_000)}


def test_who_is_placed_elsewhere_is_one_line_each():
    asked = so.load("tiny-places")
    answer = so.what_if(asked, {"people.p2.fte": "0.5"})
    moved = {change.of[0] for change in answer.difference.together.of("place")}
    lines = render_what_if(answer).split("Places:\n")[1].splitlines()[: len(moved)]
    assert [line.split(":")[0].strip() for line in lines] == sorted(moved)
    assert all(" → " in line for line in lines)


def test_cases_that_nobody_holds_are_told_as_unallocated():
    with so.open(so.load("tiny")) as desk:
        question = desk.question
    change = OutputChange("cases held", ("north", "nobody", "2026-05"), None, Fraction(7), "cases")
    assert figure_changed(question, change) == "North, unallocated, 2026-05: – → 7.0 (+7.0)"


def test_people_whom_only_one_plan_places_come_from_where_they_are():
    asked = so.load("tiny-places")
    placed = so.solve(asked)
    found = compare(so.solve(asked, model="today"), placed)
    today = {name: person.team for name, person in asked.people.items()}
    then = {place.person: place.team for place in placed.decisions.places}
    moved = [person for person in then if then[person] != today[person]]
    assert moved
    assert told(found, "place") == {
        **{(person, today[person]): (1, None) for person in moved},
        **{(person, then[person]): (None, 1) for person in moved},
    }


@pytest.mark.parametrize("other", ["relief", "tiny-places"])
def test_what_only_the_other_council_has_goes_by_its_id(other):
    old, new = so.solve(so.load("tiny")), so.solve(so.load(other))
    text = render_difference(old.question, so.diff(old, new, each=False))
    assert {"relief": "relief from Oct 2026: – → 1.0", "tiny-places": "p1: no place → clay"}[
        other
    ] in text
