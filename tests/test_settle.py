"""One order of parameters: default, model, standards, scenario, option, then what the user says."""

import pytest

import staffopt as so
from staffopt.instance.options import Override
from staffopt.rulebook import Each, KeepAverageCaseload, KeepSupportRatio
from staffopt.settle import ask


def question(name, changes=None, where=None, **asked):
    council = so.load(name)
    if where:
        council = council.where(where)
    steps = [Override(path=path, value=value) for path, value in (changes or {}).items()]
    return ask(council, so.models(), overrides=steps, **asked)


TARGET = "standards.keep_average_caseload.target"


@pytest.mark.parametrize("way", ["changes", "where"])
def test_what_the_user_says_wins_over_the_option(way):
    # Barnsley's option 2-to-18 sets the target to 18.
    asked = question("barnsley-2017", option="2-to-18", **{way: {TARGET: 16}})
    assert asked.rule(KeepAverageCaseload).target == 16
    assert [step.value for step in asked.overrides if step.path == TARGET][-1] == 16


def test_a_parameter_in_the_models_own_place_wins_over_the_standards_too():
    each = question("tiny", {"model.rules.keep_support_ratio.each": "scope"})
    assert each.rule(KeepSupportRatio).each is Each.SCOPE
    assert (
        question("tiny", {"model.rules.keep_support_ratio": "off"}).rule(KeepSupportRatio) is None
    )


def test_a_goal_can_be_reached_by_its_place_in_the_list():
    assert question("tiny", {"model.goals.0.tolerance": 100}).goals[0].tolerance == 100
    with pytest.raises(so.InputError, match="has no entry '7'"):
        question("tiny", {"model.goals.7.tolerance": 100})


@pytest.mark.parametrize("label", ["stay_within_budget"])
def test_a_rule_that_goes_by_no_team_takes_no_scope(label):
    with pytest.raises(so.InputError, match="takes no scope"):
        question("tiny", {f"standards.{label}.scope": "north"})


def test_a_figure_for_a_rule_that_the_model_lacks_is_refused():
    with pytest.raises(
        so.InputError, match=r"limit_recruitment.*Did you mean|no rule in the model"
    ):
        question("tiny", {"standards.limit_recruitment.limit": 3})
