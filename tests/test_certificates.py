"""Certificates of whole councils: what the engine claims, saves, and takes back."""

from __future__ import annotations

import dataclasses
import json
import threading

import pytest

import staffopt as so
from shipped import OPTIONS, plan_of
from staffopt import answer as wiring
from staffopt.backends.session import Session
from staffopt.certificates import check_certificate
from staffopt.certify import checker
from staffopt.certify import prove as proving
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import Grade, Plan

OFF_STEPS = {"step": 0, "set_up": "none"}


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_shipped_option_is_certified(name, option):
    plan = plan_of(name, option)
    assert (plan.grade, plan.provenance.cross_check) == (Grade.CERTIFIED, None)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_what_is_certified_on_a_lattice_is_the_value_itself(name, option):
    lattice = [goal for goal in plan_of(name, option).goals if goal.quantum is not None]
    assert lattice
    assert [goal.certified for goal in lattice] == [goal.value for goal in lattice]


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """A plan with its certificate's file."""
    file = tmp_path_factory.mktemp("proof") / "proof.json"
    return so.solve(so.load("tiny"), isolation="inline", certificate=file), file


def verdicts(findings):
    return {str(finding.verdict) for finding in findings}


def test_a_certificate_holds_of_its_plan(proof):
    plan, file = proof
    # instances/tiny.md: two officers more at 24,000 a year
    assert [str(one) for one in checker.check(checker.read(file))] == [
        "proved: no plan has full_year_cost below 48000 (1 leaves)",
        "proved: no plan has change_from_today below 2, the goals before at most 48000 (1 leaves)",
    ]
    assert verdicts(check_certificate(plan, file)) == {"met"}


def test_a_saved_plan_is_verified_with_its_certificate(proof, tmp_path):
    plan, file = proof
    assert verdicts(check_certificate(Plan.load(plan.save(tmp_path / "plan.json")), file)) == {
        "met"
    }


def test_a_certificate_of_another_question_is_broken(proof):
    _, file = proof
    other = so.solve(
        so.load("tiny").where({"roles.support_officer.cost": 25000}), isolation="inline"
    )
    (finding,) = check_certificate(other, file)
    assert (finding.verdict, "another question" in finding.words) == ("broken", True)


def forged(file, tmp_path, change):
    """Change a certificate, seal it anew, and write it."""
    certificate = json.loads(file.read_text(encoding="utf-8"))
    change(certificate)
    certificate["seal"] = checker.seal(certificate)
    target = tmp_path / "forged.json"
    target.write_text(json.dumps(certificate), encoding="utf-8")
    return target


def numbers(certificate):
    """Give a change for every number of a certificate's program."""
    tables = [*certificate["columns"], *certificate["rows"], *certificate["goals"]]
    for place, record in enumerate(tables):
        for key in ("lower", "upper", "offset"):
            if record.get(key) is not None:
                yield place, (key,)
        for column in record.get("terms", {}):
            yield place, ("terms", column)


def test_a_forged_seal_does_not_hide_one_number_that_is_not_the_plan_s(proof, tmp_path):
    plan, file = proof
    honest = json.loads(file.read_text(encoding="utf-8"))

    def change(certificate, place, path):
        tables = [*certificate["columns"], *certificate["rows"], *certificate["goals"]]
        target = tables[place]
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = "1/7"

    tried = list(numbers(honest))[::3]  # every third: each builds the program anew
    assert len(tried) > 15
    for place, path in tried:
        target = forged(file, tmp_path, lambda c, at=(place, path): change(c, *at))
        assert verdicts(check_certificate(plan, target)) == {"broken"}, (place, path)


def test_a_certificate_without_the_claim_that_a_plan_rests_on_is_broken(proof, tmp_path):
    plan, file = proof
    target = forged(file, tmp_path, lambda c: c["claims"].pop())
    (_, finding) = check_certificate(plan, target)
    assert (finding.verdict, finding.words) == (
        "broken",
        "nothing in it proves that no plan has less change_from_today than 2",
    )


def test_a_plan_whose_value_was_changed_is_not_covered(proof):
    plan, file = proof
    dearer = plan.model_dump(mode="json")
    dearer["goals"][0]["value"] = "49000"
    assert verdicts(check_certificate(Plan.model_validate(dearer), file)) == {"met", "broken"}


def test_that_there_is_no_plan_is_certified_and_saved(tmp_path):
    file = tmp_path / "none.json"
    poor = so.load("tiny").where({"funds.growth.ceiling": 1000})
    with pytest.raises(so.Infeasible) as raised:
        so.solve(poor, isolation="inline", certificate=file)
    assert raised.value.grade is Grade.CERTIFIED
    assert [one.goal for one in checker.check(checker.read(file))] == [None]


def council(worker, goals, rules, **teams):
    """60 cases on 3 FTE; what may be added is cheap."""
    tree = {
        "schema_version": 1,
        "instance": "own",
        "title": "Own",
        "calendar": {"start": "2026-10", "end": "2028-03"},
        "roles": {"worker": {"kind": "case_holder", "cost": 40_000, **worker}},
        "teams": {"a": {"name": "A", "cases": 60, "posts": {"worker": 3}}, **teams},
    }
    head = {"schema_version": 1, "model": "own", "title": "Own", "may_change": ["case_holder"]}
    model = Model.model_validate({**head, "rules": rules, "goals": goals})
    request = so.Request(model="own", isolation="inline", cross_check=False)
    return Desk(Instance.model_validate(tree), {"own": model}, request).solve()


def test_off_steps_a_cost_is_certified_within_a_pound_and_what_rounding_does():
    plan = council(
        OFF_STEPS, [{"minimise": "full_year_cost"}], {"keep_average_caseload": {"target": 17}}
    )
    (goal,) = plan.goals
    # 60 ÷ 17 = 3.529411…, so 0.5295 FTE at 40,000 a year, less a pound and 0.0001 FTE at most
    assert (goal.grade, goal.value, goal.quantum) == (Grade.CERTIFIED, 21_180, None)
    assert 21_180 - 5 < goal.certified < 21_180


def test_a_goal_that_later_goals_may_worsen_is_certified_as_it_was():
    rules = {"keep_existing_posts": {}, "limit_recruitment": {"limit": 2}}
    goals = [{"minimise": "worst_caseload", "tolerance": 3}, {"minimise": "full_year_cost"}]
    plan = council({"step": 1}, goals, rules)
    # at best 60 ÷ 5 = 12; within 3 of it, 60 ÷ 4 = 15 is a post cheaper, and nothing else is
    assert [goal.value for goal in plan.goals] == [15, 40_000]
    assert [goal.grade for goal in plan.goals] == [Grade.CERTIFIED] * 2
    assert 12 - plan.goals[0].certified < 0.01


def test_a_greatest_caseload_of_nothing_is_certified_without_a_proof():
    rules = {"keep_existing_posts": {}, "limit_recruitment": {"limit": 0}}
    goals = [{"minimise": "change_from_today"}, {"minimise": "worst_caseload", "scope": "b"}]
    plan = council({"step": 1}, goals, rules, b={"name": "B", "cases": 0, "posts": {"worker": 1}})
    assert [(goal.value, goal.grade) for goal in plan.goals] == [(0, Grade.CERTIFIED)] * 2


def test_posts_in_tenths_are_certified_to_the_very_caseload():
    # 70 ÷ (2.7 + 0.8) = 20 exactly; the float nearest to 2.7 is above it
    rules = {"keep_existing_posts": {}, "limit_recruitment": {"limit": "0.8"}}
    tenth = {"step": "0.1"}
    a = {"name": "A", "cases": 70, "posts": {"worker": "2.7"}}
    plan = council(tenth, [{"minimise": "worst_caseload"}], rules, a=a)
    (goal,) = plan.goals
    assert (goal.value, goal.certified, goal.grade) == (20, 20, Grade.CERTIFIED)


@pytest.mark.parametrize("certify", [True, False])
def test_a_proof_settles_which_of_two_solvers_is_wrong(monkeypatch, certify):
    honest = wiring._Answering._second

    def dearer(self, backend):
        found = honest(self, backend)
        return dataclasses.replace(found, goals=(found.goals[0] + 3000, *found.goals[1:]))

    monkeypatch.setattr(wiring._Answering, "_second", dearer)
    asking = {"isolation": "inline", "cross_check": True, "certify": certify}
    if not certify:
        with pytest.raises(so.Conflict):
            so.solve(so.load("tiny"), **asking)
        return
    plan = so.solve(so.load("tiny"), **asking)
    assert (plan.grade, plan.provenance.cross_check) == (Grade.CERTIFIED, None)


def test_a_better_plan_of_a_second_solver_is_a_conflict_even_so(monkeypatch):
    honest = wiring._Answering._second

    def cheaper(self, backend):
        found = honest(self, backend)
        return dataclasses.replace(found, goals=(found.goals[0] - 3000, *found.goals[1:]))

    monkeypatch.setattr(wiring._Answering, "_second", cheaper)
    with pytest.raises(so.Conflict):
        so.solve(so.load("tiny"), isolation="inline", cross_check=True, certify=True)


@pytest.fixture
def little_work(monkeypatch):
    monkeypatch.setattr(wiring, "WORK", 3_000)


def test_where_the_work_runs_out_a_second_solver_is_asked_and_the_gap_is_told(little_work):
    council = so.load("nottinghamshire-2018")
    plan = so.solve(council, option="best-mix", isolation="inline", backend="cbc")
    cost = plan.goals[0]
    assert (plan.grade, plan.provenance.cross_check[:5]) == (Grade.CROSS_CHECKED, "highs")
    assert 0 < cost.certified < cost.value


def test_asked_for_it_is_proved_for_longer(little_work):
    asking = {"option": "best-mix", "isolation": "inline", "cross_check": False}
    council = so.load("nottinghamshire-2018")
    assert so.solve(council, **asking).grade is Grade.SOLVER_CLAIMED
    assert so.solve(council, **asking, certify=True).grade is Grade.CERTIFIED


def test_a_proof_that_the_checker_refuses_counts_for_nothing(monkeypatch):
    honest = proving.prove

    def forging(task, stops):
        found = honest(task, stops)
        for result in found["results"]:
            result["claim"]["nodes"] = [{"multipliers": {"0": 1}}]
        return found

    monkeypatch.setattr(proving, "prove", forging)
    plan = so.solve(so.load("tiny"), isolation="inline", cross_check=False)
    assert (plan.grade, plan.goals[0].certified) == (Grade.SOLVER_CLAIMED, None)


@pytest.mark.parametrize("result", [{"results": []}, {"results": [{"claim": None, "point": None}]}])
def test_without_a_proof_a_second_solver_is_asked(monkeypatch, result):
    monkeypatch.setattr(Session, "prove", lambda *_, **__: result)
    assert so.solve(so.load("tiny"), isolation="inline").grade is Grade.CROSS_CHECKED


def test_a_point_that_only_seems_better_is_no_conflict(monkeypatch):
    monkeypatch.setattr(
        Session, "prove", lambda *_, **__: {"results": [{"claim": None, "point": [0.0] * 6}]}
    )
    plan = so.solve(so.load("tiny"), isolation="inline")
    assert plan.grade is Grade.CROSS_CHECKED


def test_nothing_is_certified_where_that_is_not_wanted_or_a_gap_is_left():
    tiny = so.load("tiny")
    for asking in ({"certify": False}, {"gap": "0.1"}):
        plan = so.solve(tiny, isolation="inline", cross_check=False, **asking)
        assert [goal.certified for goal in plan.goals] == [None, None]


@pytest.mark.parametrize(
    ("asking", "path"),
    [
        ({"certify": True, "gap": "0.1"}, "gap"),
        ({"certificate": "c.json", "gap": "0.1"}, "gap"),
        ({"certificate": "c.json", "certify": False}, "certify"),
        ({"certify": 1}, "certify"),
        ({"certificate": ""}, "certificate"),
    ],
)
def test_what_cannot_be_certified_is_refused_beforehand(asking, path):
    with pytest.raises(so.InputError) as raised:
        so.Request(**asking)
    assert [fault.place.path for fault in raised.value.faults] == [path]


TASK = {
    "program": {
        # 2·Σx = 25 with x in 0 … 1, written so that parity does not show: by halves of rows
        "columns": [
            {"name": f"x{j}", "lower": "0", "upper": "1", "whole": j < 40} for j in range(41)
        ],
        "rows": [
            {
                "name": "half",
                "terms": {**{str(j): "2" for j in range(40)}, "40": "1/1000"},
                "lower": "41",
                "upper": "41",
            }
        ],
        "goals": [],
    },
    "claims": [{"goal": None, "below": None, "held": []}],
    "work": 10**12,
}
"""Half of forty columns' subsets have to be tried: never done."""


@pytest.mark.parametrize("isolation", ["worker", "inline"])
def test_a_proof_stops_at_its_limit_and_when_told_to(isolation):
    stop = threading.Event()
    with Session("highs", isolation) as session:
        assert session.prove(TASK, limit=0.3)["results"][0]["found"] == "limit"
        stop.set()
        told = session.prove(TASK, lambda _: stop.is_set())
        assert told["results"][0]["found"] == "limit"


def test_a_worker_that_dies_proving_leaves_no_proof_and_answers_again():
    with Session("highs") as session:
        assert session.prove({"program": None, "claims": [1], "work": 1})["results"] == []
        (result,) = session.prove({**TASK, "work": 0})["results"]
        assert result["found"] == "limit"
