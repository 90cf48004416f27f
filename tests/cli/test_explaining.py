"""``staffopt explain``, end to end on tiny."""

import json
import shlex

from staffopt import library

TIGHT = ["tiny", "--set", "funds.growth.ceiling=20000", "--quiet"]


def test_a_conflict_and_its_repairs_are_told_and_the_code_is_that_of_no_plan(run):
    result = run("explain", *TIGHT)
    assert result.exit_code == 3
    assert "cannot be kept together (CERTIFIED)" in result.stdout
    assert "standards.keep_support_ratio.ratio: 10 social workers" in result.stdout


def test_json_has_it_all(run):
    result = run("explain", *TIGHT, "--json", "--price", "standards.keep_support_ratio.ratio=7")
    told = json.loads(result.stdout)
    assert [member["rule"] for member in told["conflicts"][0]["members"]] == [
        "keep_support_ratio",
        "stay_within_budget",
    ]
    # from 1 to 4 to 1 to 10 at 7 each
    assert told["repairs"][0]["price"] == "42"
    assert told["repairs"][0]["changes"][0]["after"] == "10"
    assert told["all_conflicts"] is told["all_repairs"] is True


def test_where_there_is_a_plan_it_says_so_and_ends_with_0(run):
    result = run("explain", "tiny", "--quiet")
    assert result.exit_code == 0
    assert result.stdout.startswith("There is a plan")


def test_a_price_without_a_figure_is_refused_by_its_own_name(run):
    result = run("explain", "tiny", "--price", "nonsense")
    assert result.exit_code == 2
    assert "--price: fault: 'nonsense' is not path=value" in result.stderr


def test_an_instance_that_recurs_in_other_periods_is_told_once(run, tmp_path):
    # Month by month North needs its officers 18 times; a conflict tells of it once.
    text = (library.path("instances") / "tiny.yaml").read_text(encoding="utf-8")
    monthly = text.replace("end: 2028-03}", "end: 2028-03, periods: months}")
    (tmp_path / "monthly.yaml").write_text(monthly, encoding="utf-8")
    result = run("explain", "monthly.yaml", "--set", "funds.growth.ceiling=20000", "--quiet")
    assert result.exit_code == 3
    north = [line for line in result.stdout.splitlines() if "(North" in line]
    assert len(north) == result.stdout.count("cannot be kept together")
    assert "other periods" in result.stdout


def test_what_to_type_next_names_the_file_that_was_asked_about(run, tmp_path):
    text = (library.path("instances") / "tiny.yaml").read_text(encoding="utf-8")
    own = text.replace("instance: tiny", "instance: ours", 1)
    (tmp_path / "poor.yaml").write_text(own, encoding="utf-8")
    told = run("explain", "poor.yaml", *TIGHT[1:]).stdout
    assert "Next: staffopt solve poor.yaml --option support-officers --set" in told


def test_what_to_type_next_can_be_typed_though_the_figure_was_set_before(run):
    # 186 cases at 10 a worker need 18.6: eleven more, of whom the fund pays two.
    asked = ("tiny", "--option", "social-workers", "--quiet")
    told = run("explain", *asked, "--set", "standards.keep_average_caseload.target=10").stdout
    [line] = [line for line in told.splitlines() if line.startswith("Next: staffopt ")]
    assert line.count("keep_average_caseload.target") == 1
    assert run(*shlex.split(line.removeprefix("Next: staffopt "))).exit_code == 0


def test_a_solve_without_a_plan_names_explain(run):
    assert "staffopt explain, asked the same, tells" in run("solve", *TIGHT).stderr
