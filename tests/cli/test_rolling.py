"""``staffopt roll`` and ``staffopt foresight``, end to end on tiny."""

import json

import pytest

MONTHS = ["--set", "calendar.periods=months"]


@pytest.fixture
def plan(run, tmp_path):
    path = tmp_path / "plan.json"
    assert run("solve", "tiny", *MONTHS, "--quiet", "--out", str(path)).exit_code == 0
    return path


def test_the_council_is_written_edited_and_planned_on(run, plan, tmp_path):
    council = tmp_path / "tiny-2027-04.yaml"
    written = run("roll", str(plan), "--from", "2027-04", "--state", str(council))
    assert (written.exit_code, written.stdout) == (0, "")
    text = council.read_text(encoding="utf-8")
    # One officer was hired in North instead of one and a half.
    edited = text.replace("support_officer: 1.5", "support_officer: 1")
    assert edited != text
    council.write_text(edited, encoding="utf-8")
    new = tmp_path / "new.json"
    result = run(
        "roll", str(plan), "--from", "2027-04", "--actual", str(council), "--out", str(new), "-q"
    )
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if "North, Support officer" in line)
    assert row.split()[-3:] == ["1.5", "1.0", "-0.5"]
    assert run("verify", str(new)).exit_code == 0


def test_json_has_the_money_as_planned_and_as_it_stands(run, plan):
    told = json.loads(run("roll", str(plan), "--from", "2027-04", "--json").stdout)
    assert told["money"] == [
        {
            "fund": "growth",
            "year": "2027/28",
            "planned": "48000",
            "bound": "48000",
            "decided": "0",
        }
    ]


def test_csv_has_a_row_a_figure(run, plan):
    rows = run("roll", str(plan), "--from", "2027-04", "--csv").stdout.splitlines()
    assert rows[0] == "what,of,planned,actual,unit"
    assert 'bound,"growth, 2027/28",48000,48000,pounds' in rows


def test_no_plan_from_then_on_ends_with_3(run, plan):
    tight = ["--set", "standards.keep_support_ratio.ratio=0.5"]
    result = run("roll", str(plan), "--from", "2027-04", *tight, "-q")
    assert result.exit_code == 3
    assert "There is no plan from Apr 2027 on" in result.stdout


def test_what_foresight_is_worth_is_told(run):
    result = run("foresight", "tiny", *MONTHS, "--months", "9", "-q")
    assert result.exit_code == 0
    assert "Looking ahead is worth nothing here" in result.stdout
    told = json.loads(run("foresight", "tiny", *MONTHS, "--months", "9", "--json").stdout)
    assert told["windows"] == [["2026-10", "2027-06"], ["2027-07", "2028-03"]]
