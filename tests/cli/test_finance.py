"""The finance officer's commands from the command line: formats, exit codes, faults."""

import json

import pytest

OFF = ("--set", "standards.keep_average_caseload=off")
ASKED = {
    "options": ("tiny",),
    "ceiling": ("tiny", "--option", "best-mix"),
    "frontier": ("tiny", "--option", "social-workers", *OFF),
    "next-pound": ("tiny", "--model", "caseload-target", *OFF),
    "switching": (
        *("tiny", "--option", "best-mix"),
        *("--path", "roles.social_worker.cost", "--path", "roles.support_officer.cost"),
    ),
    "assumptions": ("tiny", "--no-rank"),
    "sweep": ("tiny", "--fund", "growth", "--from", "0", "--to", "90000", "--ceilings", "3"),
}


@pytest.mark.parametrize("command", ASKED)
def test_each_writes_words_json_and_csv(run, command):
    words = run(command, *ASKED[command])
    assert words.exit_code == 0
    assert words.stdout.startswith("Tiny ·")
    data = run(command, *ASKED[command], "--json")
    assert json.loads(data.stdout)["instance"] == "tiny"
    sheet = run(command, *ASKED[command], "--csv")
    assert len({line.count(",") for line in sheet.stdout.splitlines()}) == 1
    assert len(sheet.stdout.splitlines()) > 2


@pytest.mark.parametrize("command", ["frontier", "switching"])
def test_pictures_are_written_where_they_are_wished(run, command, tmp_path):
    done = run(command, *ASKED[command], "--charts", str(tmp_path / "pictures"))
    assert done.exit_code == 0
    written = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    first = {"frontier": "frontier", "switching": "tornado-full-year-cost"}[command]
    assert written[:2] == [f"{first}.png", f"{first}.svg"]
    assert all(name in done.stderr for name in written)


def test_a_log_of_assumptions_is_written_as_a_file_of_its_suffix(run, tmp_path):
    done = run("assumptions", "tiny", "--no-rank", "--out", str(tmp_path / "log.md"))
    assert done.exit_code == 0
    assert (tmp_path / "log.md").read_text(encoding="utf-8").startswith("# Log of assumptions")
    assert "log.md" in done.stderr
    refused = run("assumptions", "tiny", "--to", "pdf")
    assert refused.exit_code == 2
    assert "docx, html, md, xlsx" in " ".join(refused.stderr.split())


def test_a_file_that_does_not_say_its_format_is_refused_before_anything_is_solved(run, tmp_path):
    refused = run("assumptions", "tiny", "--out", str(tmp_path / "log"))
    assert refused.exit_code == 2
    words = " ".join(refused.stderr.split())
    assert "log does not say what it is to be written as" in words
    assert "--to html, docx, md, xlsx" in words


@pytest.mark.parametrize("command", [("assumptions", "tiny"), ("report", "plan.json")])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(run, command):
    refused = run(*command, "--to", "md", "--out", "nowhere/log.md")
    assert refused.exit_code == 2
    assert "'nowhere/log.md' cannot be written: its folder is not there" in refused.stderr
    assert "1 fault" in refused.stderr


@pytest.mark.parametrize("command", ASKED)
def test_two_formats_at_once_are_refused(run, command):
    result = run(command, *ASKED[command], "--json", "--csv")
    assert result.exit_code == 2
    assert "--json and --csv at once" in result.stderr


def test_a_rule_missed_within_a_ceiling_is_a_finding_and_no_plan_is_infeasible(run):
    asked = ("ceiling", "tiny", "--option", "best-mix", "--json", "--ceiling")
    assert run(*asked, "growth=52000").exit_code == 0
    missed = run(*asked, "growth@2027/28=51999")
    assert missed.exit_code == 1
    assert json.loads(missed.stdout)["met"] is False
    none = run("ceiling", "tiny", "--option", "officers-and-project", "--ceiling", "reserve=3")
    assert none.exit_code == 3


def test_a_ceiling_that_is_no_figure_is_refused(run):
    result = run("ceiling", "tiny", "--ceiling", "growth=much")
    assert result.exit_code == 2
    assert "much" in result.stderr


def test_a_frontier_that_a_limit_ends_says_so_with_its_exit_code(run):
    result = run("frontier", "tiny", "--option", "social-workers", *OFF, "--points", "1")
    assert result.exit_code == 4
    none = run("frontier", "tiny", "--option", "social-workers", "--set", "funds.growth.ceiling=1")
    assert none.exit_code == 3
