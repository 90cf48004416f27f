"""Certificates on the command line, with the real engine behind it."""

import json

from staffopt.backends.session import Session


def test_the_command_line_saves_a_certificate_and_verifies_it(run, tmp_path):
    solved = run("solve", "tiny", "--out", "plan.json", "--certificate", "proof.json", "--quiet")
    assert (solved.exit_code, "CERTIFIED" in solved.stdout) == (0, True), solved.stderr
    done = run("verify", "plan.json", "--certificate", "proof.json", "--json")
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (0, True)
    file = tmp_path / "proof.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"48000"', '"48001"'), encoding="utf-8"
    )
    done = run("verify", "plan.json", "--certificate", "proof.json")
    assert (done.exit_code, "NOT verified" in done.stdout) == (1, True)
    assert "its seal does not fit" in done.stdout
    assert run("verify", "plan.json", "--certificate", "nowhere.json").exit_code == 2


def test_a_certificate_has_a_place_before_anything_is_solved(run):
    done = run("solve", "tiny", "--certificate", "nowhere/proof.json")
    assert (done.exit_code, "--certificate" in done.stderr) == (2, True)


def test_what_could_not_be_proved_is_told(run, monkeypatch, tmp_path):
    monkeypatch.setattr(Session, "prove", lambda *_, **__: {"results": []})
    done = run("solve", "tiny", "--certificate", "proof.json", "--quiet")
    assert "No certificate was saved" in done.stderr
    assert not (tmp_path / "proof.json").exists()
