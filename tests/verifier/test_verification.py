"""A saved plan is verified from itself alone, and no single edit of it goes unseen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from staffopt.model.schema import Goal
from staffopt.plan import Plan, Verdict
from staffopt.rulebook import (
    KeepAverageCaseload,
    KeepExistingPosts,
    KeepSupportRatio,
    MeetStaffNeeded,
    ReleaseTime,
    StayWithinBudget,
)
from staffopt.verifier import verify


@pytest.fixture
def saved(recommended, plan_of, tmp_path):
    """The recommended plan as its file holds it."""
    path = plan_of(*recommended).save(tmp_path / "plan.json")
    return path, json.loads(path.read_text(encoding="utf-8"))


def reread(path, data):
    path.write_text(json.dumps(data), encoding="utf-8")
    return Plan.load(path)


def test_the_recommended_plan_is_verified(saved):
    verification = verify(reread(*saved))
    assert verification.ok
    assert {f.verdict for f in verification.findings} == {Verdict.MET}
    rules = {f.rule for f in verification.findings}
    assert rules == {
        "decisions",
        "keep_existing_posts",
        "keep_support_ratio",
        "limit_span_of_control",
        "release_time",
        "stay_within_budget",
        "take_bundle_whole",
    }


def line(rows, **fields):
    return next(r for r in rows if all(r[key] == value for key, value in fields.items()))


def a_pound_in_a_line(plan):
    rows = plan["figures"]["money"]
    line(rows, line="added swso", team="cds", year="2019/20")["amount"]["raw"] = "26775"


def a_pound_in_a_total(plan):
    rows = plan["figures"]["totals"]
    line(rows, of="fund", name="contingency", year="2018/19")["amount"]["raw"] = "314460"


def at_least_left_out(plan):
    plan["figures"]["totals"][0]["amount"]["at_least"] = True


def a_post_in_the_decisions(plan):
    line(plan["decisions"]["posts"], team="dcpt")["change"] = "10"


def a_post_in_the_figures(plan):
    line(plan["figures"]["posts"], team="dcpt", role="swso")["posts"] = "24"


def a_post_of_today(plan):
    line(plan["figures"]["posts"], team="dcpt", role="swso")["today"] = "12"


def a_caseload(plan):
    rows = plan["figures"]["caseloads"]
    line(rows, of="assessment", basis="effective", period="today")["average"] = "25"


def a_band(plan):
    line(plan["figures"]["caseloads"], of="dcpt", basis="reported")["band"] = "manageable"


def a_printed_average(plan):
    line(plan["figures"]["caseloads"], of="dcpt", basis="reported")["printed"] = "21"


def the_hash(plan):
    digest = plan["provenance"]["input_hash"]
    plan["provenance"]["input_hash"] = ("0" if digest[0] != "0" else "1") + digest[1:]


def a_ratio_in_the_inputs(plan):
    line(plan["inputs"]["rules"], rule="keep_support_ratio")["ratio"] = "8"


def cases_in_the_inputs(plan):
    plan["inputs"]["instance"]["teams"]["cds"]["cases"] = "300"


def a_cost_in_the_inputs(plan):
    plan["inputs"]["instance"]["roles"]["swso"]["cost"] = "20000"


def a_rule_left_out(plan):
    rules = plan["inputs"]["rules"]
    rules.remove(line(rules, rule="keep_support_ratio"))


def a_missing_line(plan):
    plan["figures"]["money"].pop()


def a_line_twice(plan):
    plan["figures"]["money"].append(plan["figures"]["money"][0])


def lines_in_another_order(plan):
    plan["figures"]["money"].reverse()


def a_decision_twice(plan):
    plan["decisions"]["posts"].append(plan["decisions"]["posts"][0])


def a_decision_left_out(plan):
    plan["decisions"]["posts"].pop()


def a_decision_on_no_team(plan):
    plan["decisions"]["posts"][0]["team"] = "nowhere"


def the_package_left(plan):
    plan["decisions"]["packages"][0]["taken"] = False


def the_packages_end(plan):
    plan["figures"]["packages"][0]["end"] = "2020-10"


def a_head(plan):
    plan["figures"]["heads"][0]["heads"] = 20


def a_goals_value(plan):
    plan["goals"][0]["value"] = "907176"


def a_goal_left_out(plan):
    plan["goals"].pop()


def a_verdict(plan):
    plan["findings"][-1]["verdict"] = "missed by policy"


def a_finding_left_out(plan):
    plan["findings"].pop()


def the_inputs_broken(plan):
    del plan["inputs"]["instance"]["roles"]["swso"]["kind"]


def an_undeclared_case_type(plan):
    plan["inputs"]["instance"]["teams"]["cds"]["cases"] = {"unheard_of": "3"}


def cases_made_unknown(plan):
    plan["inputs"]["instance"]["teams"]["cds"]["cases"] = "unknown"


@pytest.mark.parametrize(
    "edit",
    [
        a_pound_in_a_line,
        a_pound_in_a_total,
        at_least_left_out,
        a_post_in_the_decisions,
        a_post_in_the_figures,
        a_post_of_today,
        a_caseload,
        a_band,
        a_printed_average,
        the_hash,
        a_ratio_in_the_inputs,
        cases_in_the_inputs,
        a_cost_in_the_inputs,
        a_rule_left_out,
        a_missing_line,
        a_line_twice,
        lines_in_another_order,
        a_decision_twice,
        a_decision_left_out,
        a_decision_on_no_team,
        the_package_left,
        the_packages_end,
        a_head,
        a_goals_value,
        a_goal_left_out,
        a_verdict,
        a_finding_left_out,
        the_inputs_broken,
        an_undeclared_case_type,
        cases_made_unknown,
    ],
    ids=lambda edit: edit.__name__,
)
def test_a_plan_edited_by_hand_is_broken(saved, edit):
    path, data = saved
    edit(data)
    verification = verify(reread(path, data))
    assert not verification.ok
    assert verification.broken


def test_a_difference_names_the_field_and_both_values(saved):
    path, data = saved
    a_pound_in_a_total(data)
    (finding,) = verify(reread(path, data)).broken
    assert finding.words == (
        "figures.totals[fund, contingency, 2018/19].amount: stored 314460, recomputed 314460.5"
    )


def test_every_table_of_figures_is_compared_by_its_fields(tiny, decide, plan_of):
    # A benefit of £1,200 a year, £200 in two months; and work of 5 FTE, where 4 are there.
    kit = {"packages": {"kit": {"name": "Kit", "start": "2024-10", "months": 1}}}
    benefit = {"name": "Time", "pounds": 1200, "cashable": "false", "start": "2024-10"}
    benefits = {"time": {**benefit, "package": "kit"}}
    needed = {"north": {"needed": {"worker": {"2024-10": 5}}}}
    calendar = {"start": "2024-10", "end": "2024-11", "periods": "months"}
    rule = MeetStaffNeeded(label="needed")
    question = tiny(rule, benefits=benefits, teams=needed, calendar=calendar, **kit)
    plan = plan_of(question, decide(question, {}, "kit"))
    for table, field in (("benefits", "amount"), ("work", "overtime")):
        tree = plan.model_dump(mode="json")
        row = tree["figures"][table][0]
        row[field] = {**row[field], "raw": "7"} if isinstance(row[field], dict) else "7"
        [found] = [f for f in verify(Plan.model_validate(tree)).broken if "stored" in f.words]
        assert found.words.startswith(f"figures.{table}[")
        assert f".{field}: stored 7" in found.words


def test_inputs_edited_together_with_their_hash_still_break_the_rules(saved):
    # A forger who makes the hash anew must also make a ratio of 1:3 hold with the posts of 1:4.
    path, data = saved
    line(data["inputs"]["rules"], rule="keep_support_ratio")["ratio"] = "3"
    data["provenance"]["input_hash"] = reread(path, data).question.hash
    broken = verify(reread(path, data)).broken
    assert {(f.rule, f.team) for f in broken if f.rule == "keep_support_ratio"} == {
        ("keep_support_ratio", team) for team in ("assessment", "cds", "dcpt")
    }


def test_a_target_missed_by_policy_is_no_failure(nottinghamshire, decide, plan_of):
    question = nottinghamshire("more-social-workers")
    decisions = decide(question, {("assessment", "social_worker"): "18"})
    verification = verify(plan_of(question, decisions))
    assert verification.ok
    assert [f.rule for f in verification.findings if f.verdict is Verdict.MISSED_BY_POLICY] == [
        "keep_average_caseload"
    ]


def test_a_goal_that_cannot_be_worked_out_is_a_finding(tiny, decide, plan_of):
    question = tiny(goals=(Goal.model_validate({"minimise": "worst_caseload"}),))
    plan = plan_of(question, decide(question, {}))
    data = json.loads(plan.model_dump_json())
    data["inputs"]["instance"]["teams"]["north"]["posts"] = {}
    words = [f.words for f in verify(Plan.model_validate(data)).broken]
    assert any("north has cases and no case holders" in text for text in words)


def test_a_rule_that_applies_to_nothing_says_so(tiny, found):
    question = tiny(KeepSupportRatio(label="ratio", ratio=4, scope="office"))
    assert [f.words for f in found(question, {})] == ["applies to nothing in this plan"]


def test_findings_survive_being_saved(tiny, decide, plan_of, tmp_path):
    rules = (
        KeepExistingPosts(label="keep"),
        KeepAverageCaseload(label="target", target=19, rounding="posts_nearest"),
        ReleaseTime(label="release", hours="6.5", contract_hours=37, ratio=4),
        StayWithinBudget(label="budget"),
    )
    question = tiny(*rules, funds={"pot": {"name": "Pot", "ceiling": 10}})
    plan = plan_of(question, decide(question, {("south", "officer"): "0.5"}))
    again = Plan.load(plan.save(tmp_path / "plan.json"))
    assert again.findings == plan.findings
    assert verify(again).ok


def test_verifying_needs_no_numpy_and_no_solver():
    code = (
        "import sys, staffopt.verifier;"
        "print([m for m in ('numpy', 'highspy', 'pulp', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"
