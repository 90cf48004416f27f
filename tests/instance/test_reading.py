from decimal import Decimal
from pathlib import Path

import pytest

from staffopt.errors import InputError
from staffopt.instance.reading import check_tree, read_checked, read_instance
from staffopt.quantity import Absent
from staffopt.yaml_text import read_yaml

COUNCIL = """\
schema_version: 1
instance: council
title: A council
calendar: {start: 2018-10, end: 2021-03, from: "11"}
roles:
  social_worker: {kind: case_holder, step: 0.5, cost: "£43,111.11", from: 6}
  swso: {kind: support, cost: 26776, teams: [no], from: 9}
teams:
  no: {name: NO, cases: 1e3, posts: {social_worker: 36.50}, from: Table 1}
  cds: {name: 012, cases: unknown, posts: {social_worker: 16}, from: Table 1}
  lac: {name: yes, cases: none, from: Table 1}
"""


def read(tmp_path, text):
    path = tmp_path / "council.yaml"
    path.write_text(text, encoding="utf-8")
    return read_checked(path)


def faults_of(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return caught.value.faults


def test_a_valid_file_is_read_without_a_fault_or_a_warning(tmp_path):
    council, warnings = read(tmp_path, COUNCIL)

    assert council.calendar.years == ("2018/19", "2019/20", "2020/21")
    assert warnings == []


def test_names_stay_the_text_that_was_written(tmp_path):
    council, _ = read(tmp_path, COUNCIL)

    assert [team.name for team in council.teams.values()] == ["NO", "012", "yes"]
    assert council.roles["social_worker"].source == "6"


def test_figures_are_exact_decimals_or_a_reason(tmp_path):
    council, _ = read(tmp_path, COUNCIL)

    assert council.teams["no"].cases == Decimal(1000)
    assert council.roles["social_worker"].cost == Decimal("43111.11")
    assert council.teams["cds"].cases is Absent.NOT_PRINTED
    assert council.teams["lac"].cases is Absent.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["1_000", "0x10", ".inf", "nan", '"1.000,5"', "on", "1 000", "5%"])
def test_what_another_program_would_read_differently_is_no_figure(tmp_path, text):
    faults = faults_of(tmp_path, COUNCIL.replace("1e3", text))

    assert [(fault.code, fault.place.line) for fault in faults] == [("bad-value", 9)]


def test_a_fault_tells_file_line_column_path_what_and_how_to_mend_it(tmp_path):
    (fault,) = faults_of(tmp_path, COUNCIL.replace("kind: support", "kind: suport"))

    assert fault.place.file == str(tmp_path / "council.yaml")
    assert (fault.place.line, fault.place.column) == (7, 16)
    assert fault.place.path == "roles.swso.kind"
    assert "'suport'" in fault.what
    assert "support" in fault.mend


def test_a_misspelt_field_names_the_nearest_field(tmp_path):
    (fault,) = faults_of(tmp_path, COUNCIL.replace("step:", "stpe:"))

    assert fault.code == "unknown-field"
    assert fault.mend == "Did you mean step?"


def test_a_misspelt_name_names_the_nearest_declared(tmp_path):
    (fault,) = faults_of(tmp_path, COUNCIL.replace("{social_worker: 16}", "{socal_worker: 16}"))

    assert fault.code == "unknown-role"
    assert "social_worker" in fault.mend


def test_faults_of_shape_and_of_names_are_told_together_in_file_order(tmp_path):
    text = COUNCIL.replace("kind: support", "kind: suport").replace("[no]", "[noo]")
    text = text.replace("{social_worker: 16}", "{socal_worker: 16, swso: 1}")

    found = [(fault.code, fault.place.line) for fault in faults_of(tmp_path, text)]

    # Line 7 cannot be read, so its teams are not looked at; swso is declared all the same.
    assert found == [("unknown-choice", 7), ("unknown-role", 10)]


def test_a_value_that_two_types_refuse_is_told_once(tmp_path):
    faults = faults_of(tmp_path, COUNCIL.replace("cases: 1e3", "cases: {cin: x}"))

    assert [fault.code for fault in faults] == ["bad-value"]
    assert faults[0].place.path == "teams.no.cases.cin"


def test_nothing_is_told_twice_when_a_whole_section_is_misspelt(tmp_path):
    faults = faults_of(tmp_path, COUNCIL.replace("roles:", "rolls:"))

    assert [(fault.code, fault.place.line) for fault in faults] == [
        ("missing", 1),
        ("unknown-field", 5),
    ]


def test_warnings_stop_nothing_and_are_kept(tmp_path):
    path = tmp_path / "council.yaml"
    path.write_text(COUNCIL.replace("1e3", "1e4"), encoding="utf-8")

    assert read_instance(path).teams["no"].cases == Decimal(10_000)
    _, warnings = read_checked(path)
    # Ten thousand cases are odd in the team, and outside what authorities of England report.
    told = [(fault.code, fault.warning) for fault in warnings]
    assert told == [("outside-england", True), ("odd-caseload", True)]


def test_the_fault_of_a_persons_number_does_not_repeat_it(tmp_path):
    faults = faults_of(tmp_path, COUNCIL.replace("A council", "Post of AB123456C"))

    assert [fault.code for fault in faults] == ["personal-data"]
    assert "AB123456C" not in str(faults[0])


def test_a_list_from_which_an_entry_cannot_be_read_keeps_the_places_of_the_rest():
    text = COUNCIL + (
        "groups:\n"
        "  front:\n"
        "    - {a: b}\n"  # line 14 is no name
        "    - no\n"
        "    - nowhere\n"  # line 16 names no team
    )

    _, faults = check_tree(read_yaml(text))

    assert [(fault.code, fault.place.line) for fault in faults] == [
        ("wrong-shape", 14),
        ("unknown-team", 16),
    ]


def test_a_folder_is_no_file():
    with pytest.raises(InputError):
        read_instance(Path(__file__).parent)
