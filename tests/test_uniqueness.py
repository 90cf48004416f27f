"""Whether another plan does as well: found by one more solve, verified, and told."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.algebra.lexicographic import Lexicographic
from staffopt.reporting.text import render

TWINS = {
    "teams.south.cases": "120",
    "teams.south.posts": {"social_worker": "5"},
}
"""Makes tiny's south what its north is: what one of them gets, the other could have."""


def solve(council, **asking):
    asking = {"isolation": "inline", "option": "social-workers", **asking}
    return so.solve(council, **asking)


@pytest.fixture(scope="module")
def twins():
    # 240 cases ÷ 20 − 10 posts = 2 posts: one each, so that nobody has more than 120 ÷ 6 = 20
    return so.load("tiny").where(TWINS)


def test_two_posts_for_two_like_teams_are_one_each_and_nothing_else(twins):
    plan = solve(twins)
    assert (plan.provenance.unique, plan.provenance.another) == (True, None)
    assert "\nNo other plan does as well by every goal.\n" in render(plan)


def test_one_post_for_two_like_teams_could_be_either_ones(twins):
    # 240 ÷ 22 − 10 = 0.91 → 1 post, and the other team stays at 120 ÷ 5 = 24 whichever it is
    plan = solve(twins, overrides={"standards.keep_average_caseload.target": 22})
    chosen, other = plan.decisions.posts, plan.provenance.another.posts
    assert {p.change for p in (*chosen, *other)} == {Fraction(1)}
    assert {p.team for p in (*chosen, *other)} == {"north", "south"}
    assert plan.provenance.unique is False
    names = {team: f"{record.name} Social worker" for team, record in twins.teams.items()}
    mine, its = chosen[0].team, other[0].team
    assert render(plan).replace("\n    ", " ").count("Another plan does as well by every goal") == 1
    words = f"{names[mine]} none, {names[its]} +1 (here +1, none)."
    assert words in render(plan).replace("\n    ", " ")


def test_it_is_not_tried_where_it_is_not_wanted_or_a_gap_is_allowed(twins):
    assert solve(twins, unique=False).provenance.unique is None
    assert solve(twins, unique=True, gap="0.01").provenance.unique is None


def test_nothing_is_said_where_posts_are_on_no_step(twins):
    loose = twins.where({"roles.social_worker.step": 0, "roles.social_worker.set_up": "none"})
    plan = solve(loose, unique=True, overrides={"standards.keep_average_caseload.rounding": "none"})
    assert plan.provenance.unique is None


def outcome_changed(monkeypatch, **fields):
    """Have one solver say otherwise of other plans: the one whose turn is named."""
    real = Lexicographic.look_for_another

    def look(self, watch):
        real(self, watch)
        for name, value in fields.items():
            setattr(self._out, name, value(self._out))

    monkeypatch.setattr(Lexicographic, "look_for_another", look)


def test_another_plan_that_breaks_a_rule_denies_nothing_and_proves_nothing(twins, monkeypatch):
    outcome_changed(monkeypatch, alone=lambda _: False, other=lambda out: 0 * out.values)
    plan = solve(twins)
    assert (plan.provenance.unique, plan.provenance.another) == (None, None)


def test_both_solvers_must_find_no_other_plan(twins, monkeypatch):
    outcome_changed(monkeypatch, alone=lambda out: None if "cbc" in out.backend else out.alone)
    assert solve(twins, cross_check=True).provenance.unique is None
    assert solve(twins, cross_check=False).provenance.unique is True


def test_a_better_plan_found_on_the_way_withholds_the_answer(twins, monkeypatch):
    # the solver is made to call three posts (£120,000) the best; two do (£80,000)
    real = Lexicographic.run

    def run(self, watch):
        out = real(self, watch)
        self._better = out.values
        out.values = out.values.copy()
        out.values[int(self._program.column_tags.decision.argmax())] += 1
        return out

    def look(self, watch):
        self._out.alone, self._out.other = False, self._better

    monkeypatch.setattr(Lexicographic, "run", run)
    monkeypatch.setattr(Lexicographic, "look_for_another", look)
    rich = twins.where({"funds.growth.ceiling": 200000})
    with pytest.raises(so.Conflict, match=r"nothing below full_year_cost 120000.* a plan at 80000"):
        solve(rich, cross_check=False, certify=False)
