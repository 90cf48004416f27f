"""Every error has its words and its exit code; the codes are those of docs/cli.md."""

import json

import pytest
import typer

import staffopt
from staffopt.cli import running
from staffopt.cli.errors import told
from staffopt.errors import (
    BackendError,
    BackendMissing,
    Cancelled,
    Clash,
    Conflict,
    Fault,
    Infeasible,
    InputError,
    NoPlan,
    Place,
    VerificationError,
)

CLASH = Clash("keep_support_ratio", "1 : 4 in Assessment: short by 1 FTE", 1.0, "FTE")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (Infeasible([CLASH], "CROSS-CHECKED"), 3, "1 : 4 in Assessment: short by 1 FTE"),
        (NoPlan("no plan within 2 s"), 5, "no plan within 2 s"),
        (BackendMissing("no CBC here"), 6, "no CBC here"),
        (Conflict("two solvers disagree"), 6, "two solvers disagree"),
        (Cancelled("the time limit ended it"), 5, "the time limit ended it"),
        (VerificationError("a pound is missing"), 70, "a pound is missing"),
        (ZeroDivisionError("oh"), 70, "staffopt doctor"),
        (FileNotFoundError(2, "No such file", "x.yaml"), 2, "No such file: x.yaml"),
    ],
)
def test_an_error_ends_with_its_code_and_words(run, engine, monkeypatch, error, code, words):
    def solve(instance, **options):
        raise error

    monkeypatch.setattr(staffopt, "solve", solve, raising=False)
    result = run("solve", "b", "--quiet")
    assert result.exit_code == code
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_every_fault_of_an_input_is_told(run, monkeypatch):
    faults = [
        Fault("a-fault", "one is wrong", "Mend one.", Place("c.yaml", 3)),
        Fault("b-fault", "two is wrong", "Mend two.", Place("c.yaml", 9)),
    ]

    def load(name):
        raise InputError(faults)

    monkeypatch.setattr(staffopt, "load", load, raising=False)
    result = run("show", "c.yaml")
    assert result.exit_code == 2
    assert "c.yaml:3" in result.stderr
    assert "two is wrong [b-fault]" in result.stderr


def test_the_traceback_is_shown_only_when_asked_for(run, engine, monkeypatch):
    def solve(instance, **options):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(staffopt, "solve", solve, raising=False)
    monkeypatch.setenv("STAFFOPT_DEBUG", "1")
    assert "Traceback" in run("solve", "b").stderr


def test_an_interrupt_outside_a_solve_ends_with_130(run, monkeypatch):
    def load(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(staffopt, "load", load, raising=False)
    assert run("show", "b").exit_code == 130


@pytest.mark.parametrize(
    "ending",
    [None, typer.Exit(4), Cancelled("stopped"), Infeasible([], "CERTIFIED"), ValueError("oh")],
)
def test_where_ctrl_c_was_pressed_a_command_ends_with_130_whatever_came_of_it(monkeypatch, ending):
    left = [KeyboardInterrupt()]
    plain = running.wait

    def wait(*args, **kwargs):
        if left:
            raise left.pop()
        return plain(*args, **kwargs)

    monkeypatch.setattr(running, "wait", wait)

    def command():
        running.run(lambda cancel: cancel.wait(10), running.ProgressLine(quiet=True))
        if ending is not None:
            raise ending

    with pytest.raises(typer.Exit) as end:
        told(command)()
    assert end.value.exit_code == 130


def test_the_next_command_is_not_taken_for_interrupted(run, monkeypatch):
    running._heard.set()
    assert run("list").exit_code == 0


@pytest.mark.parametrize(
    ("setting", "what", "mend"),
    [
        ("teams.north.casess=4", "teams.north has no field 'casess'", "Did you mean cases?"),
        (
            "standards.keep_support_ratio.rato=4",
            "standards.keep_support_ratio has no field 'rato'",
            "Did you mean ratio?",
        ),
        (
            "standards.keep_support_ratio.ratio=-4",
            "'-4' should be greater than 0",
            "Write a figure greater than 0.",
        ),
        ("calendar.periods=weeks", "'weeks' is none of the choices of periods", "months"),
        ('model.goals=[{"minimise": "costs"}]', "'costs' is none of the choices", "mean cost?"),
        ("model.goals=3", "goals is not a list such as [a, b]", "Write a list such as [a, b]."),
        ("teams.north=3", "north is not a table", "Write a table of `key: value` lines."),
        ("teams.north={}", "teams.north has no name", "Add it."),
    ],
)
def test_a_slip_in_a_setting_is_told_in_plain_words_with_how_to_mend_it(run, setting, what, mend):
    result = run("solve", "tiny", "--set", setting, "--quiet")
    words = " ".join(result.stderr.split())
    assert result.exit_code == 2
    assert what in words
    assert mend in words
    assert "nput should be" not in words


def test_a_file_that_is_no_plan_is_not_told_back_whole(run, tmp_path):
    council = tmp_path / "council.yaml"
    council.write_text("schema_version: 1\n" * 100, encoding="utf-8")
    result = run("verify", str(council))
    assert result.exit_code == 2
    assert "this is no JSON" in " ".join(result.stderr.split())  # wrapped after the path
    assert len(result.stderr.splitlines()) < 6


@pytest.mark.parametrize("words", [("solv",), ("solve",), ("solve", "b", "--nonsense")])
def test_a_slip_in_the_command_ends_with_2(run, words):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""


def fails(monkeypatch, error):
    def solve(instance, **options):
        raise error

    monkeypatch.setattr(staffopt, "solve", solve, raising=False)


def test_an_infeasible_question_is_told_as_json_with_what_would_have_to_give(
    run, engine, monkeypatch
):
    clash = Clash("stay_within_budget", "over by £14,461", 14460.5, "pounds", "funds.c.ceiling")
    fails(monkeypatch, Infeasible([clash], "CROSS-CHECKED"))
    result = run("solve", "b", "--json", "--quiet")
    told = {
        "rule": "stay_within_budget",
        "words": "over by £14,461",
        "by": 14460.5,
        "unit": "pounds",
        "parameter": "funds.c.ceiling",
    }
    assert result.exit_code == 3
    assert "over by £14,461" in result.stderr
    assert json.loads(result.stdout) == {
        "error": "infeasible",
        "grade": "CROSS-CHECKED",
        "message": "no plan meets every rule (CROSS-CHECKED). What would have to give: "
        "over by £14,461",
        "plainly": "",
        "conflict": [told],
        "repairs": [[told]],
    }


@pytest.mark.parametrize(
    ("error", "code", "kind", "message"),
    [
        (NoPlan("no plan within 2 s"), 5, "no-plan", "no plan within 2 s"),
        (BackendError("it crashed"), 6, "solver", "it crashed"),
        (BackendMissing("no CBC here"), 6, "solver-missing", "no CBC here"),
        (Conflict("two solvers disagree"), 6, "conflict", "two solvers disagree"),
        (VerificationError("a pound is missing"), 70, "verification", "a pound is missing"),
        (ZeroDivisionError("oh"), 70, "internal", "oh"),
        (KeyError(), 70, "internal", "KeyError"),
        (PermissionError("no"), 2, "file", "no"),
        (Cancelled("the time limit ended it"), 5, "cancelled", "the time limit ended it"),
        (KeyboardInterrupt(), 130, "interrupted", "Interrupted."),
    ],
)
def test_every_error_is_told_as_json_where_that_was_asked_for(
    run, engine, monkeypatch, error, code, kind, message
):
    fails(monkeypatch, error)
    result = run("solve", "b", "--json", "--quiet")
    assert result.exit_code == code
    assert json.loads(result.stdout) == {"error": kind, "message": message}


@pytest.mark.parametrize(
    "words",
    [
        ("solve", "no.yaml"),
        ("check", "no.yaml"),
        ("today", "no.yaml"),
        ("show", "no.yaml"),
        ("verify", "no.yaml"),
        ("rules", "no_such_rule"),
        ("solve", "tiny", "--gap", "2"),
    ],
)
def test_faults_are_told_as_json_by_every_command(run, words):
    result = run(*words, "--json")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    assert data["error"] == "input"
    assert all(fault["code"] and fault["mend"] for fault in data["faults"])
    assert data["faults"]
