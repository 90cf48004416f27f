"""``check``, ``today``, ``show``, ``list`` and ``verify``."""

import json

import pytest

import staffopt
from staffopt.errors import Fault, Place
from staffopt.plan import Plan

FAULT = Fault("no-source", "a figure has no source", "Add `from`.", Place("c.yaml", 4))
WARNING = Fault("odd", "an average of 60", "Look again.", warning=True)


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        ([], 0, "No fault found."),
        ([WARNING], 0, "1 warning"),
        ([FAULT, WARNING], 1, "1 fault, 1 warning"),
    ],
)
def test_check_ends_with_1_only_when_there_is_a_fault(run, monkeypatch, faults, code, words):
    monkeypatch.setattr(staffopt, "check", lambda name: faults, raising=False)
    result = run("check", "c.yaml")
    assert result.exit_code == code
    assert words in result.stdout
    assert len(json.loads(run("check", "c.yaml", "--json").stdout)) == len(faults)


def test_today_shows_the_state_without_solving(run, engine):
    result = run("today", "barnsley-2017")
    assert result.exit_code == 0
    assert "Posts today, FTE" in result.stdout
    assert "solve" not in engine


def test_today_as_data_has_figures(run, engine):
    data = json.loads(run("today", "barnsley-2017", "--json").stdout)
    assert {figure["period"] for figure in data["figures"]["caseloads"]} >= {"today"}


def test_show_can_be_narrowed_to_assumptions(run, engine, council):
    whole, narrow = run("show", "b"), run("show", "b", "--assumptions")
    assert "Teams" in whole.stdout
    assert "Teams" not in narrow.stdout
    assert all(path in narrow.stdout for path in council.assumptions)
    data = json.loads(run("show", "b", "--assumptions", "--json").stdout)
    assert set(data) == {"assumptions"}


def test_show_lists_sources(run, engine):
    assert "Barnsley Metropolitan Borough Council" in run("show", "b", "--sources").stdout


def test_list_names_instances_and_models(run, engine):
    assert "barnsley-2017" in run("list").stdout
    data = json.loads(run("list", "--json").stdout)
    assert data["instances"][0]["default_option"] == "2-to-18"


def test_verify_accepts_figures_that_follow_and_refuses_others(run, plan, tmp_path):
    plan.save(tmp_path / "plan.json")
    tampered = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    tampered["figures"]["posts"][0]["posts"] = "99"
    (tmp_path / "other.json").write_text(json.dumps(tampered), encoding="utf-8")
    files = ("plan.json", "other.json")
    sound, other = (json.loads(run("verify", file, "--json").stdout) for file in files)
    stored = [finding["words"] for finding in sound["findings"]]
    assert any("99" in finding["words"] for finding in other["findings"])
    assert not any("99" in words for words in stored)
    result = run("verify", "other.json")
    assert result.exit_code == 1
    assert result.stdout.startswith("broken")


def test_verify_refuses_what_is_no_plan(run, tmp_path):
    (tmp_path / "p.json").write_text("{}", encoding="utf-8")
    result = run("verify", "p.json")
    assert result.exit_code == 2
    assert "inputs" in result.stderr


def test_verify_calls_a_sound_plan_verified(run, plan, tmp_path):
    from staffopt.verifier import check_decisions

    question = plan.question
    whole = plan.model_copy(
        update={
            "findings": check_decisions(question, plan.decisions, plan.figures),
            "goals": (),
            "inputs": {**plan.inputs, "goals": []},
        }
    )
    provenance = plan.provenance.model_copy(
        update={"input_hash": Plan.model_validate(whole.model_dump()).question.hash}
    )
    whole.model_copy(update={"provenance": provenance}).save(tmp_path / "plan.json")
    result = run("verify", "plan.json")
    assert result.exit_code == 0, result.stdout
    assert "The plan is verified" in result.stdout


def test_the_next_command_names_the_file_as_it_was_given(run, engine):
    assert "Next: staffopt solve here/council.yaml\n" in run("today", "here/council.yaml").stdout
    assert "staffopt show here/c.yaml --assumptions\n" in run("show", "here/c.yaml").stdout


@pytest.mark.parametrize("command", ["check", "today", "show", "solve"])
def test_a_file_that_is_not_there_is_called_a_file(run, command):
    result = run(command, "nosuch.yaml")
    assert result.exit_code == 2
    assert "there is no file nosuch.yaml [no-file]" in result.stderr
