"""Plans as CSV tables; expected figures are the paper's, or those of the plan handed in."""

import csv
import io
from fractions import Fraction

import pytest
from typer.testing import CliRunner

import staffopt
from staffopt.cli import app
from staffopt.errors import InputError
from staffopt.plan import Plan
from staffopt.reporting.star import COLUMNS, csv_text, star, write_star


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_that_are_written_have_the_documented_names_and_columns(recommended, tmp_path):
    paths = write_star([recommended], tmp_path / "tables")
    assert [path.stem for path in paths] == list(COLUMNS)
    for path in paths:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == ",".join(COLUMNS[path.stem])


def test_staffing_holds_the_paper_s_end_state_of_41_officers(recommended, tmp_path):
    write_star([recommended], tmp_path)
    rows = [row for row in read(tmp_path, "staffing") if row["role"] == "swso"]
    # Recommendations: 36.5 + 4.5 = 41, from 20.5.
    assert sum(Fraction(row["posts_fte"]) for row in rows) == 41
    assert sum(Fraction(row["today_fte"]) for row in rows) == Fraction("20.5")


def test_new_money_sums_to_the_paper_s_full_year_cost(recommended, tmp_path):
    write_star([recommended], tmp_path)
    rows = read(tmp_path, "money")
    new = [row for row in rows if row["year"] == "full year" and row["new_money"] == "yes"]
    # 9: 548,908 + 31,613 = 580,521.
    assert sum(Fraction(row["pounds"]) for row in new if row["known"] == "yes") == 580521


def test_every_key_of_a_figure_is_named_once(recommended, tmp_path):
    write_star([recommended], tmp_path)
    for table in ("staffing", "money", "caseloads"):
        for row in read(tmp_path, table):
            for key, of in (("plan", "options"), ("team", "teams"), ("role", "roles"),
                            ("period", "periods"), ("fund", "funds")):  # fmt: skip
                if row.get(key):
                    named = [line[key] for line in read(tmp_path, of)]
                    assert named.count(row[key]) == 1, (table, row)


def test_a_plan_given_twice_counts_once(recommended):
    assert star([recommended, recommended]) == star([recommended])


def renamed(plan, name):
    inputs = plan.model_dump(mode="json")
    inputs["inputs"]["instance"]["teams"]["assessment"]["name"] = name
    return Plan.model_validate(inputs)


def test_a_key_that_means_two_things_is_refused(recommended):
    with pytest.raises(InputError, match="'assessment' means different things"):
        star([recommended, renamed(recommended, "Another")])


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "-2-3.5"]
)
def test_a_name_that_looks_like_a_formula_is_written_as_text(recommended, tmp_path, text):
    write_star([renamed(recommended, text)], tmp_path)
    names = [row["name"] for row in read(tmp_path, "teams")]
    assert f"'{text}" in names
    assert text not in names


@pytest.mark.parametrize("text", ["\t=1", "\r=1", " =1", "\n@A1"])
def test_blanks_before_a_formula_do_not_bring_it_to_life(text):
    assert next(csv.reader(io.StringIO(csv_text([(text,)]), newline="")))[0] == f"'{text}"


@pytest.mark.parametrize("text", ['a,b"c', "two\nlines", "a\rb", "Ω £ é", "<script>"])
def test_other_text_comes_back_as_it_was(text):
    assert next(csv.reader(io.StringIO(csv_text([(text,)]), newline=""))) == [text]


def test_a_figure_below_zero_stays_a_figure():
    assert csv_text([("-1.500000", "-3")]) == "-1.500000,-3\r\n"


def test_the_command_writes_the_tables_and_names_them(recommended, tmp_path):
    plan = recommended.save(tmp_path / "plan.json")
    folder = tmp_path / "tables"
    result = CliRunner().invoke(app, ["report", str(plan), "--to", "csv", "--out", str(folder)])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [str(folder / f"{name}.csv") for name in COLUMNS]


def test_people_vacancies_and_managed_teams_are_written_with_the_keys_of_their_names(tmp_path):
    for name in ("tiny-agency", "relief"):
        plan = staffopt.solve(staffopt.load(name), certify=False, cross_check=False)
        write_star([plan], tmp_path / name)
    people = read(tmp_path / "tiny-agency", "people")
    teams = {row["team"] for row in read(tmp_path / "tiny-agency", "teams")}
    assert {row["team"] for row in people} <= teams
    # Today 4, 1 and 0.5 in North, 2, 1 and 1 in South: 9.5, in each of two years.
    assert sum(Fraction(row["today_fte"]) for row in people) == 2 * Fraction("9.5")
    rates = read(tmp_path / "tiny-agency", "vacancies")
    # North today: 8 posts, 5 in them: 3 vacancies, 3 / 8.
    assert {"kind": "case_holder", "vacancies_fte": "3.000000", "vacancy_rate": "0.375000"} in [
        {k: row[k] for k in ("kind", "vacancies_fte", "vacancy_rate")}
        for row in rates
        if (row["team"], row["period"]) == ("north", "today")
    ]
    bought = read(tmp_path / "relief", "managed_teams_bought")
    named = [row["managed_team"] for row in read(tmp_path / "relief", "managed_teams")]
    assert bought
    assert all(row["managed_team"] in named for row in bought)


def test_packages_are_named_and_said_to_be_taken(recommended, tmp_path):
    write_star([recommended], tmp_path)
    [package] = read(tmp_path, "packages")
    # 14: 24 months from October 2018.
    assert (package["package"], package["start"], package["end"]) == (
        *("project_team", "2018-10", "2020-09"),
    )
    [taken] = read(tmp_path, "packages_taken")
    assert (taken["package"], taken["taken"]) == ("project_team", "yes")


def test_who_holds_cases_is_written_where_a_rule_splits_them(tmp_path):
    plan = staffopt.solve(staffopt.load("tiny-asye"), certify=False, cross_check=False)
    write_star([plan], tmp_path)
    held = {(row["team"], row["role"]): row["cases"] for row in read(tmp_path, "cases")}
    # docs/caseloads.md: in North 75 and 45 of 120.
    assert (held["north", "social_worker"], held["north", "newly_qualified"]) == (
        *("75.000000", "45.000000"),
    )
