"""The real engine behind the command line, on the council that can be solved by hand."""

import json


def test_a_plan_is_solved_saved_and_verified(run, tmp_path):
    solved = run("solve", "tiny", "--out", "plan.json", "--quiet")
    assert solved.exit_code == 0, solved.stderr
    # instances/tiny.md: 1.5 and 0.5 officers are added, at 24,000 a year and 1,000 a head.
    assert "£48,000 a year for good; £2,000 set-up once." in solved.stdout
    assert "every rule and pound verified" in solved.stdout
    verified = run("verify", "plan.json", "--json")
    assert verified.exit_code == 0, verified.stdout
    assert json.loads(verified.stdout)["ok"] is True


def test_an_infeasible_ceiling_ends_with_3_and_names_what_would_give(run, tmp_path):
    result = run("solve", "tiny", "--set", "funds.growth.ceiling=1000", "--quiet")
    assert result.exit_code == 3
    assert "What would have to give" in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_every_shipped_instance_can_be_listed_checked_and_shown(run):
    listed = json.loads(run("list", "--json").stdout)
    names = [item["instance"] for item in listed["instances"]]
    assert names
    for name in names:
        assert run("check", name).exit_code == 0
        assert run("today", name).exit_code == 0
        assert run("show", name).exit_code == 0


def test_a_new_council_solves_at_once(run):
    assert run("new", "ours-2026").exit_code == 0
    assert run("check", "ours-2026.yaml").exit_code == 0
    result = run("solve", "ours-2026.yaml", "--no-cross-check", "--quiet")
    assert result.exit_code == 0, result.stderr
