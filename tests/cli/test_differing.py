"""``staffopt why-not``, ``what-if`` and ``diff``, end to end on tiny."""

import json

import staffopt as so


def test_why_not_tells_the_price_or_the_conflict(run):
    dearer = run("why-not", "tiny", "post[north,support_officer] >= 3", "--quiet")
    assert dearer.exit_code == 0
    assert "It can be had, for £36,000 a year more" in dearer.stdout
    conflict = json.loads(run("why-not", "tiny", "no support officers", "--json").stdout)
    # North needs 1.5 and South 0.5 more than its half: 2.5 in all
    assert conflict["nearest"] == "2.5"
    assert conflict["dearer_by"] is None


def test_a_fact_that_holds_and_one_that_the_model_cannot_have(run):
    assert "It is so in the plan already" in run("why-not", "tiny", "some support officers").stdout
    idle = run("why-not", "tiny", "18 more social workers").stdout
    assert "No rule of the model lets a plan change that" in idle


def test_a_fact_in_no_form_is_refused(run):
    result = run("why-not", "tiny", "because")
    assert result.exit_code == 2
    assert "unread-fact" in result.stderr


def test_what_if_tells_each_input_alone(run):
    figures = ["--set", "teams.north.cases=140", "--set", "funds.growth.ceiling=200000"]
    result = run("what-if", "tiny", "--option", "social-workers", *figures, "--quiet")
    assert result.exit_code == 0
    assert "teams.north.cases: there is no plan" in result.stdout
    told = json.loads(run("what-if", "tiny", *figures, "--no-each", "--json").stdout)
    assert told["difference"]["alone"] == []


def test_what_if_says_where_what_is_decided_stays_the_same(run):
    # More cases in North ask for no other officers: one to every four workers.
    told = run("what-if", "tiny", "--set", "teams.north.cases=130", "--quiet").stdout
    assert told.splitlines()[2] == "What is decided stays the same."
    other = run("what-if", "tiny", "--set", "standards.keep_support_ratio.ratio=3", "--quiet")
    assert "stays the same" not in other.stdout


def test_the_nearest_that_can_be_had_is_called_what_was_asked_for(run):
    told = run("why-not", "tiny", "no support officers", "--quiet").stdout
    assert told.startswith("Why not no Support officer posts?")
    assert "what is asked for: 2.5 FTE instead of 0 FTE" in told
    assert "why_not" not in told


def test_every_plan_that_cannot_be_read_is_told_of_at_once(run):
    result = run("diff", "one.json", "two.json")
    assert result.exit_code == 2
    assert "one.json" in result.stderr
    assert "two.json" in result.stderr
    assert "3 faults" in run("report", "one.json", "two.json", "three.json").stderr


def test_what_if_without_a_plan_ends_as_solve_does(run):
    result = run("what-if", "tiny", "--set", "funds.growth.ceiling=20000", "--quiet")
    assert result.exit_code == 3
    assert "there is no plan" in result.stdout


def test_what_only_one_question_asks_about_is_no_change_from_nothing(run, tmp_path):
    council = so.load("tiny")
    for name, option in (("a", "support-officers"), ("b", "social-workers")):
        so.solve(council, option=option).save(tmp_path / f"{name}.json")
    told = run("diff", "a.json", "b.json", "--no-each").stdout
    assert "  worst caseload: – → 20.0\n" in told
    assert "full year cost: £48,000 → £80,000 (+£32,000)" in told


def test_diff_ends_with_1_where_plans_differ_and_with_0_where_not(run, tmp_path):
    council = so.load("tiny")
    for name, option in (("a", "support-officers"), ("b", "best-mix")):
        so.solve(council, option=option).save(tmp_path / f"{name}.json")
    differing = run("diff", "a.json", "b.json", "--quiet")
    assert differing.exit_code == 1
    assert "Each input alone:" in differing.stdout
    assert json.loads(run("diff", "a.json", "b.json", "--json").stdout)["inputs"]
    same = run("diff", "a.json", "a.json")
    assert same.exit_code == 0
    assert "The plans are the same" in same.stdout
