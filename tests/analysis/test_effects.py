"""What differs between plans, and which input moved which output."""

from __future__ import annotations

import pytest

import staffopt as so
from staffopt.analysis.comparison import compare, inputs_changed, partly

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
