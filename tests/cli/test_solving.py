"""``staffopt solve``: what is passed on, where the answer goes, how it ends."""

import json
from decimal import Decimal

import pytest

import staffopt
from staffopt.plan import Plan


def answer(monkeypatch, result):
    """Let solve return or raise something."""

    def solve(instance, **options):
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr(staffopt, "solve", solve, raising=False)


def stopped(plan, why):
    provenance = plan.provenance.model_copy(update={"stopped": why})
    return plan.model_copy(update={"provenance": provenance})


def test_the_report_goes_to_stdout_and_the_plan_to_a_file(run, engine, plan, tmp_path):
    result = run("solve", "barnsley-2017")
    assert result.exit_code == 0
    assert "FUND 14 social workers permanently." in result.stdout
    assert result.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == [f"plan-{plan.id}.json"]
    assert Plan.load(tmp_path / f"plan-{plan.id}.json") == plan


def test_every_option_is_passed_on(run, engine):
    result = run(
        "solve", "b", "--option", "2-to-16", "--model", "today", "--scenario", "s",
        "--set", "teams.core.cases=1,400", "--set", "funds.mtfs.name=A=B", "--backend", "cbc",
        "--no-cross-check", "--time-limit", "2.5", "--gap", "0.01", "--seed", "7",
    )  # fmt: skip
    assert result.exit_code == 0
    assert engine["load"] == "b"
    assert (engine["option"], engine["model"], engine["scenario"]) == ("2-to-16", "today", "s")
    assert engine["overrides"] == {"teams.core.cases": "1,400", "funds.mtfs.name": "A=B"}
    assert (engine["backend"], engine["cross_check"], engine["time_limit"]) == ("cbc", False, 2.5)
    assert (engine["gap"], engine["seed"]) == (Decimal("0.01"), 7)


def test_json_goes_to_stdout_and_no_file_is_written(run, engine, plan, tmp_path):
    result = run("solve", "b", "--json")
    assert Plan.model_validate(json.loads(result.stdout)) == plan
    assert list(tmp_path.iterdir()) == []


def test_json_with_a_place_writes_both(run, engine, plan, tmp_path):
    result = run("solve", "b", "--json", "--out", "mine.json")
    assert json.loads(result.stdout)["plan_version"] == 1
    assert Plan.load(tmp_path / "mine.json") == plan


@pytest.mark.parametrize(
    ("why", "code"), [("proven", 0), ("gap", 0), ("time limit", 4), ("cancelled", 130)]
)
def test_a_plan_that_was_held_is_saved_however_the_solve_ended(
    run, engine, plan, monkeypatch, tmp_path, why, code
):
    answer(monkeypatch, stopped(plan, why))
    result = run("solve", "b", "--out", "held.json")
    assert result.exit_code == code
    assert (tmp_path / "held.json").exists()
    assert "FUND 14" in result.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--set", "teams.core.cases"), "set-form"),
        (("--set", "a.b=1", "--set", "a.b=2"), "set-twice"),
        (("--gap", "1_0"), "gap"),
        (("--gap", "1"), "gap"),
        (("--out", "nowhere/plan.json"), "out-place"),
        (("--out", "."), "out-place"),
    ],
)
def test_a_faulty_argument_is_refused_before_anything_is_solved(run, engine, words, code):
    result = run("solve", "b", *words)
    assert result.exit_code == 2
    assert f"[{code}]" in result.stderr
    assert result.stdout == ""
    assert "instance" not in engine


def test_a_plan_that_cannot_be_saved_is_shown_all_the_same(run, engine, monkeypatch):
    def refuse(self, path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Plan, "save", refuse)
    result = run("solve", "b")
    assert result.exit_code == 2
    assert "FUND 14" in result.stdout
    assert "saved" not in result.stdout
    assert "could not be saved" in result.stderr
