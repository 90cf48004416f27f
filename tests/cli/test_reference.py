"""``rules``, ``schema``, ``new`` and ``doctor``."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import staffopt.backends
from staffopt.backends import trial as trials
from staffopt.cli.doctor import misfit
from staffopt.rulebook import RULES


def test_rules_lists_the_whole_book(run):
    result = run("rules")
    assert all(name in result.stdout for name in RULES)
    assert {rule["name"] for rule in json.loads(run("rules", "--json").stdout)} == set(RULES)


def test_one_rule_is_shown_in_full(run):
    text = run("rules", "keep_support_ratio").stdout
    assert "social workers per support officer" in " ".join(text.split())
    assert "Source: Nottinghamshire 2018" in text


def test_a_misspelt_rule_gets_its_near_matches(run):
    result = run("rules", "keep_suport_ratio")
    assert result.exit_code == 2
    assert "Did you mean keep_support_ratio" in result.stderr


@pytest.mark.parametrize("kind", ["instance", "model"])
def test_a_schema_is_written_to_stdout(run, kind):
    data = json.loads(run("schema", kind).stdout)
    assert kind in data["properties"]
    assert data["$schema"].endswith("2020-12/schema")


def test_the_schema_of_a_plan_goes_to_a_file(run, tmp_path):
    result = run("schema", "plan", "--out", "plan-1.json")
    assert result.stdout == ""
    data = json.loads((tmp_path / "plan-1.json").read_text(encoding="utf-8"))
    assert "decisions" in data["properties"]


def test_new_writes_a_starter_and_never_overwrites(run, tmp_path):
    assert run("new", "ours-2026").exit_code == 0
    path = tmp_path / "ours-2026.yaml"
    assert "instance: ours-2026\n" in path.read_text(encoding="utf-8")
    path.write_text("mine", encoding="utf-8")
    result = run("new", "ours-2026")
    assert result.exit_code == 2
    assert "[file-exists]" in result.stderr
    assert path.read_text(encoding="utf-8") == "mine"


def backends(monkeypatch, *, ok, trial=lambda name: "solved"):
    one = SimpleNamespace(
        name="highs", package="highspy", version="1.13.1", ok=ok, reason="" if ok else "known bad"
    )
    monkeypatch.setattr(staffopt.backends, "available", lambda: [one], raising=False)
    monkeypatch.setattr(trials, "pulp_backends", lambda: ["pulp:cbc"] if ok else [])
    monkeypatch.setattr(trials, "try_backend", trial)


def test_doctor_tries_every_solver_and_what_pulp_finds(run, monkeypatch):
    backends(monkeypatch, ok=True)
    result = run("doctor")
    assert result.exit_code == 0
    assert "solver highs (highspy 1.13.1): ok, self-test: solved" in result.stdout
    assert "solver pulp:cbc (pulp " in result.stdout


def test_doctor_reports_a_solver_that_fails(run, monkeypatch):
    def crashed(_name):
        raise RuntimeError("crashed")

    backends(monkeypatch, ok=True, trial=crashed)
    result = run("doctor", "--json")
    assert result.exit_code == 6
    health = json.loads(result.stdout)
    assert health["backends"][0]["trial"] == "RuntimeError: crashed"
    assert (health["ok"], health["solvers_ok"]) == (False, False)


def test_doctor_says_why_a_solver_is_not_usable(run, monkeypatch):
    backends(monkeypatch, ok=False)
    result = run("doctor")
    assert result.exit_code == 6
    assert "not usable: known bad" in result.stdout


def test_doctor_ends_with_1_where_something_else_than_a_solver_is_wrong(run, engine, monkeypatch):
    backends(monkeypatch, ok=True)
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _: ["nowhere>=2 ; extra == 'x'", "typer>=999"]
    )
    result = run("doctor")
    assert result.exit_code == 1
    assert "is installed, >=999 is required" in result.stdout
    assert "nowhere" not in result.stdout


@pytest.mark.parametrize(
    ("version", "required", "part"),
    [
        ("1.13.1", ">=1.13.1,!=1.14.*", ""),
        ("1.14.0", "!=1.14.*,>=1.13.1", "!=1.14.*"),
        ("1.13.0", ">=1.13.1,!=1.14.*", ">=1.13.1"),
        ("2", ">=2.0", ""),
        ("2.10.0rc1", ">=2.9", ""),
        ("9.16", ">=9.15,<9.16", "<9.16"),
        ("9.15.6755", "==9.15.*", ""),
        ("3.3", "", ""),
    ],
)
def test_a_version_is_held_against_what_is_required(version, required, part):
    fault = misfit(version, required)
    assert fault == (f"{version} is installed, {part} is required" if part else "")


def test_doctor_tells_of_folders_terminal_and_completion(run, engine, monkeypatch, tmp_path):
    backends(monkeypatch, ok=True)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    health = json.loads(run("doctor", "--json").stdout)
    assert health["folders"]["current folder"] == f"{Path.cwd()}: can be written"
    assert health["completion"] == {"bash": False, "zsh": False, "fish": False}
    script = tmp_path / ".bash_completions" / "staffopt.sh"
    script.parent.mkdir()
    script.write_text("", "utf-8")
    assert "completion: bash\n" in run("doctor").stdout


def test_doctor_says_where_a_plan_could_not_be_saved(run, engine, monkeypatch, tmp_path):
    backends(monkeypatch, ok=True)
    gone = tmp_path / "gone"
    monkeypatch.setattr(Path, "cwd", lambda: gone)
    result = run("doctor")
    assert f"current folder {gone}: cannot be written" in result.stdout
    assert result.exit_code == 0
