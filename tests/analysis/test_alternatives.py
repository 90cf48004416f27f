"""Other plans that cost nearly the same: by hand, and by trying every plan."""

from __future__ import annotations

import runpy
import threading
from fractions import Fraction
from pathlib import Path

import pytest

import brute_force as bf
import staffopt as so
from staffopt.analysis.directions import Directions
from staffopt.reporting.choosing import render_alternatives

BRUTE = runpy.run_path(str(Path(__file__).parents[1] / "test_brute_force.py"))


def found(answer, direction):
    return next(one for one in answer.found if one.direction == direction)


def changes(plan):
    return {(d.team, d.role): d.change for d in plan.decisions.posts}


def apart(one, other):
    return sum(abs(one.get(at, 0) - other.get(at, 0)) for at in {*one, *other})


def test_a_pooled_target_can_be_met_in_one_team_for_no_more():
    # Two social workers, one to each; both to one team cost as much.
    answer = so.alternatives(so.load("tiny"), option="social-workers", within=0)
    assert answer.unique is True
    assert answer.only is False
    fewest = found(answer, "fewest teams touched")
    assert len(changes(fewest.plan)) == 1
    assert (fewest.dearer_by, fewest.proven) == (0, True)
    different = [changes(one.plan) for one in answer.found if one.direction == "differs most"]
    assert sorted(tuple(change) for change in different) == [
        (("north", "social_worker"),),
        (("south", "social_worker"),),
    ]
    # one post is elsewhere, which is 1 too few here and 1 too many there; then both are, twice
    assert [one.apart for one in answer.found if one.direction == "differs most"] == [2, 2]


def test_where_nothing_else_is_near_it_is_said():
    # Half an officer costs £12,000 a year: nothing is within £11,999.
    near = so.alternatives(so.load("tiny"), within="11999")
    assert near.only is True
    assert all(one.plan.decisions == near.plan.decisions for one in near.found)
    assert so.alternatives(so.load("tiny"), within="12000").only is False


@pytest.mark.parametrize(("within", "allowance"), [("25%", 12_000), ("£500", 500), (0, 0)])
def test_an_allowance_is_a_share_or_a_figure(within, allowance):
    assert so.alternatives(so.load("tiny"), within=within).allowance == allowance


@pytest.mark.parametrize("within", ["much", "-1", "-3%"])
def test_what_is_no_allowance_is_refused(within):
    with pytest.raises(so.InputError, match="is no allowance"):
        so.alternatives(so.load("tiny"), within=within)


COUNCILS = {
    f"{rounding} {seed}": BRUTE["caseload_council"](rounding, "scope", seed)
    for rounding in ("posts_up", "none")
    for seed in range(3)
}


@pytest.mark.parametrize("name", COUNCILS)
def test_every_direction_is_the_best_of_all_plans_within_the_allowance(name):
    council = COUNCILS[name]
    answer = so.alternatives(BRUTE["instance_of"](council), model=council.model, within="15%")
    most = answer.plan.goals[0].value + answer.allowance
    near = [
        (bf._goals(council, cost, change), change)
        for cost, change in bf._plans(council, Fraction(most))
        if bf._allowed(council, change)
    ]

    def teams(change):
        return len({team for (team, _), fte in change.items() if fte})

    best = {
        "fairest caseloads": min(goals[1] for goals, _ in near),
        "least change from today": min(goals[2] for goals, _ in near),
        "fewest teams touched": min(teams(change) for _, change in near),
    }
    told = {one.direction: one for one in reversed(answer.found)}
    everybody = [sum(change.values()) for _, change in near]
    assert sum(changes(told["most permanent staff"].plan).values()) == max(everybody)
    so_far = [changes(answer.plan)]
    for one in (one for one in answer.found if one.direction == "differs most"):
        # no plan that is near is farther from the nearest of those told
        assert one.apart == max(min(apart(change, t) for t in so_far) for _, change in near)
        assert one.apart == min(apart(changes(one.plan), t) for t in so_far)
        assert one.proven
        so_far.append(changes(one.plan))
    if len(so_far) < 4:
        assert len({tuple(sorted(bf._moved(c).items())) for _, c in near}) == len(so_far)
    assert told["fairest caseloads"].plan.goals[1].value == best["fairest caseloads"]
    assert told["least change from today"].plan.goals[1].value == best["least change from today"]
    fewest = changes(told["fewest teams touched"].plan)
    assert teams(fewest) == best["fewest teams touched"]
    cheapest = min(goals[0] for goals, c in near if teams(c) == best["fewest teams touched"])
    assert told["fewest teams touched"].plan.goals[0].value == cheapest
    assert answer.only is (len(near) == 1)
    for one in answer.found:
        assert so.verify(one.plan).ok
        assert 0 <= one.dearer_by <= answer.allowance
        assert bf._moved({**changes(one.plan)}) in [bf._moved(change) for _, change in near]


def test_stopped_early_it_tells_what_was_found_till_then(monkeypatch):
    stop = threading.Event()
    look = Directions.fewest_teams

    def looks_until_stopped(self):
        stop.set()
        return look(self)

    monkeypatch.setattr(Directions, "fewest_teams", looks_until_stopped)
    answer = so.alternatives(so.load("tiny"), option="best-mix", within="30%", cancel=stop)
    assert answer.stopped
    assert answer.only is None
    assert [one.direction for one in answer.found] == [
        "least change from today",
        "fairest caseloads",
    ]
    assert "was stopped" in render_alternatives(answer)


def test_a_direction_without_end_is_told_apart_from_one_for_which_time_was_short():
    # Nothing limits posts that cost nothing.
    council = so.load("tiny").where(
        {"roles.support_officer.cost": 0, "roles.support_officer.set_up": "none"}
    )
    answer = so.alternatives(
        council, model="least-cost-mix", overrides={"standards.stay_within_budget": "off"}
    )
    assert answer.left_out["most permanent staff"] == "nothing bounds how many there can be"
