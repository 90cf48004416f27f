"""What every plan owes, whatever its rules."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.instance.staff import RoleKind
from staffopt.plan import Decisions, Figures, PostDecision, Verdict
from staffopt.question import Question
from staffopt.verifier import check_decisions, derive


def broken(question, decisions):
    findings = check_decisions(question, decisions, derive(question, decisions))
    return [(f.team, f.role, f.by) for f in findings if f.verdict is Verdict.BROKEN]


@pytest.mark.parametrize(
    ("role", "change", "expected"),
    [
        ("worker", "-4", []),
        ("worker", "-5", [("north", "worker", 1)]),  # 4 of today
        ("worker", "0.5", [("north", "worker", Fraction("0.5"))]),
        ("officer", "0.5", []),
        ("officer", "0.4", [("north", "officer", Fraction("0.1"))]),  # nearest step: 0.5
        ("lead", "1", [("north", "lead", None)]),  # office only
        ("lead", "0", []),
    ],
)
def test_changes_are_whole_steps_of_roles_that_may_stand_there(
    tiny, decide, role, change, expected
):
    question = tiny()
    assert broken(question, decide(question, {("north", role): change})) == expected


@pytest.mark.parametrize(("change", "ok"), [("0.1234", True), ("0.12345", False)])
def test_posts_without_a_step_are_decided_in_ten_thousandths(tiny, decide, change, ok):
    question = tiny(roles={"worker": {"step": 0}})
    assert (broken(question, decide(question, {("north", "worker"): change})) == []) is ok


def test_a_role_that_the_model_does_not_change_stays_as_today(tiny, decide):
    asked = tiny()
    question = Question(**{**vars(asked), "may_change": (RoleKind.SUPPORT,)})
    decisions = decide(question, {("north", "worker"): "1", ("north", "officer"): "1"})
    assert broken(question, decisions) == [("north", "worker", None)]


def test_a_check_that_holds_everywhere_is_one_finding(tiny):
    question = tiny()
    findings = check_decisions(question, Decisions(), derive(question, Decisions()))
    assert [(f.rule, f.verdict) for f in findings] == [("decisions", Verdict.MET)] * 4


def test_misnamed_decisions_are_findings(tiny):
    wrong = PostDecision(team="nowhere", role="worker", period="2024-04 to 2026-03", change=1)
    (finding,) = check_decisions(tiny(), Decisions(posts=(wrong,)), Figures())
    assert finding.verdict is Verdict.BROKEN
    assert "no team is called 'nowhere'" in finding.words


def test_figures_that_do_not_follow_from_the_decisions_are_findings(tiny, decide):
    question = tiny()
    decisions = decide(question, {("north", "worker"): "1"})
    figures = derive(question, Decisions())
    words = [f.words for f in check_decisions(question, decisions, figures)]
    assert any(
        text.startswith("figures.posts[north, worker") and "stored 4, recomputed 5" in text
        for text in words
    )
