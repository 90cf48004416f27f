"""A change is checked like the file it changes."""

import pytest

import staffopt as so


@pytest.mark.parametrize(
    "change",
    [
        {"groups.both": ["north", "nowhere"]},
        {"teams.north.cases": {"ghost": 3}},
        {"teams.north.cases": -5},
        {"funds.growth.ceiling.1999/00": 5},
        {"package_lines.².fte": 1},
        {1: 2},
    ],
    ids=str,
)
def test_a_change_that_a_file_could_not_state_is_refused(change):
    with pytest.raises(so.InputError):
        so.load("tiny").where(change)


def test_a_change_is_not_blamed_for_what_was_at_fault_before():
    council = so.load("tiny")
    broken = council.model_copy(update={"groups": {"both": ("north", "nowhere")}})

    assert broken.where({"teams.north.cases": 100}).teams["north"].cases == 100


def test_a_figure_that_is_tried_out_needs_no_source():
    changed = so.load("tiny").where({"bands.edges.high": "> 20", "groups.both": ["north"]})

    assert changed.groups["both"] == ("north",)


def test_posts_of_unlimited_cost_are_not_free():
    council = so.load("tiny").where({"roles.social_worker.cost": "unlimited"})

    with pytest.raises(so.InputError, match="cost is not known"):
        so.solve(council, option="social-workers", isolation="inline")


def test_a_figure_of_any_length_is_refused_in_plain_words():
    with pytest.raises(so.InputError, match="the figure has more than 18 digits"):
        so.load("tiny").where({"roles.social_worker.cost": 10**5000})


def test_figures_that_no_solver_keeps_are_named_by_their_place():
    # £999,999,999,999,999,999 a year are half of that in the six months of 2026/27
    dear = so.load("tiny").where({"roles.social_worker.cost": 10**18 - 1})
    with pytest.raises(so.InputError) as raised:
        so.solve(dear, option="social-workers", isolation="inline")
    [fault] = raised.value.faults
    assert fault.code == "out-of-reach"
    assert "e+17 stands before change[north,social_worker," in fault.what
    assert "in stay_within_budget[growth,2026/27]" in fault.what
