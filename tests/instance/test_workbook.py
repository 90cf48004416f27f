"""Workbooks that are read, and bad ones: each fault with its sheet and cell."""

import datetime as dt
import re
import subprocess
import sys
import zipfile

import pytest

import staffopt
from staffopt.errors import InputError
from staffopt.instance import package
from staffopt.instance.workbook import read_workbook
from workbooks import cell_of, changed, content, load_workbook, openpyxl, repacked, workbook


def faults_of(path):
    return {(f.code, f.place.sheet, f.place.cell) for f in staffopt.check(path) if not f.warning}


def test_a_workbook_is_the_instance_it_was_made_of(tmp_path):
    path = workbook(tmp_path / "t.xlsx", "nottinghamshire-2018")
    assert staffopt.load(path) == staffopt.load("nottinghamshire-2018")


def test_warnings_are_those_of_the_file_and_name_their_cells(tmp_path):
    path = workbook(tmp_path / "t.xlsx", "nottinghamshire-2018")
    [told], [expected] = staffopt.check(path), staffopt.check("nottinghamshire-2018")
    assert (told.code, told.place.path) == (expected.code, expected.place.path)
    assert told.place.cell == cell_of(path, "funds", "recurrent", 3)
    assert f"{path}:funds!{told.place.cell} funds.contingency" in str(told)


def test_a_calculated_formula_is_its_value(tmp_path):
    path = changed(workbook(tmp_path / "t.xlsx"), teams={"D2": "=100+20"})

    def calculated(name, held):
        held = held.replace(b' fullCalcOnLoad="1"', b"")
        return re.sub(rb"<f>100\+20</f><v ?/?>(</v>)?", b"<f>100+20</f><v>120</v>", held)

    assert staffopt.load(repacked(path, calculated)) == staffopt.load("tiny")


def test_dates_and_numbers_that_a_spreadsheet_makes_of_text_are_read_as_meant(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    row = next(c.row for c in load_workbook(path)["council"]["A"] if c.value == "calendar.start")
    changed(path, council={f"B{row}": dt.date(2026, 10, 1)}, teams={"B2": 7})
    council = staffopt.load(path)
    assert str(council.calendar.start) == "2026-10"
    assert council.teams["north"].name == "7"


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"teams": {"D2": "=60*2"}}, ("not-calculated", "teams", "D2")),
        ({"teams": {"D2": "120 cases"}}, ("bad-value", "teams", "D2")),
        ({"teams": {"D2": "1_000"}}, ("bad-value", "teams", "D2")),
        ({"teams": {"D2": "1.000,5"}}, ("bad-value", "teams", "D2")),
        ({"teams": {"D2": -3}}, ("out-of-range", "teams", "D2")),
        ({"teams": {"D2": dt.date(2026, 2, 1)}}, ("bad-value", "teams", "D2")),
        ({"teams": {"D2": "#N/A"}}, ("formula-error", "teams", "D2")),
        ({"teams": {"D2": True}}, ("bad-value", "teams", "D2")),
        ({"teams": {"B2": None}}, ("missing", "teams", "B2")),
        ({"teams": {"A3": "north"}}, ("duplicate-key", "teams", "A3")),
        ({"teams": {"A3": "South East"}}, ("bad-id", "teams", "A3")),
        ({"teams": {"B2": "jo@example.org"}}, ("personal-data", "teams", "B2")),
        ({"teams": {"Z9": "stray"}}, ("no-heading", "teams", "Z9")),
        ({"teams": {"D1": "casess"}}, ("unknown-field", "teams", "D1")),
        ({"teams__posts": {"A2": "nroth"}}, ("unknown-team", "teams.posts", "A2")),
        ({"teams__posts": {"B2": "worker"}}, ("unknown-role", "teams.posts", "B2")),
        ({"bands__edges": {"B3": dt.date(2026, 12, 10)}}, ("bad-value", "bands.edges", "B3")),
        ({"packages": {"C2": dt.date(2026, 10, 5)}}, ("bad-value", "packages", "C2")),
        ({"packages": {"C2": "Oct 2026"}}, ("bad-value", "packages", "C2")),
        ({"roles": {"C2": "caseholder"}}, ("unknown-choice", "roles", "C2")),
        ({"options": {"C2": "todya"}}, ("unknown-model", "options", "C2")),
        ({"funds__ceiling": {"B2": "2031/32"}}, ("not-a-year", "funds.ceiling", "B2")),
    ],
)
def test_a_fault_names_its_sheet_and_cell(tmp_path, sheets, expected):
    found = faults_of(changed(workbook(tmp_path / "t.xlsx"), **sheets))
    assert expected in found


def test_all_faults_of_a_workbook_are_told_at_once(tmp_path):
    path = changed(
        workbook(tmp_path / "t.xlsx"), teams={"D2": "many"}, roles={"C2": "x", "E3": "y"}
    )
    assert {("teams", "D2"), ("roles", "C2"), ("roles", "E3")} <= {f[1:] for f in faults_of(path)}


def test_merged_cells_are_named(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    book = load_workbook(path)
    book["teams"].merge_cells("B2:B3")
    book.save(path)
    assert ("merged-cells", "teams", "B2") in faults_of(path)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_refused(tmp_path, state):
    path = workbook(tmp_path / "t.xlsx")
    book = load_workbook(path)
    book["funds"].sheet_state = state
    book.save(path)
    assert ("hidden-sheet", "funds", None) in faults_of(path)


def test_a_sheet_of_another_name_is_told_with_near_ones(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    book = load_workbook(path)
    book["teams"].title = "teems"
    book.create_sheet("#workings")["A1"] = "=1"
    book.save(path)
    [fault] = [f for f in staffopt.check(path) if f.code == "unknown-table"]
    assert fault.place.sheet == "teems"
    assert "teams" in fault.mend


def test_comments_and_colours_are_no_matter(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    book = load_workbook(path)
    book["teams"]["D2"].comment = openpyxl.comments.Comment("from the census", "us")
    book.save(path)
    assert staffopt.load(path) == staffopt.load("tiny")


def refusal(path):
    with pytest.raises(InputError) as refused:
        read_workbook(path)
    [fault] = refused.value.faults
    assert fault.place.file == str(path)
    return fault.code


@pytest.mark.parametrize(
    "held", [b"", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0old", b"<html>", b"PK\x05\x06" + b"\0" * 18]
)
def test_what_is_no_workbook_is_refused(tmp_path, held):
    (tmp_path / "t.xlsx").write_bytes(held)
    assert refusal(tmp_path / "t.xlsx") == "not-a-workbook"


def test_what_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/media/bomb.png", bytes(package.MOST_UNPACKED + 1))
    assert path.stat().st_size < 1_000_000
    assert refusal(path) == "too-big"


def test_too_many_parts_are_refused(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path, "a") as file:
        for number in range(package.MOST_PARTS):
            file.writestr(f"xl/media/{number}.png", b"")
    assert refusal(path) == "too-big"


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    workbook(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/media/lie.png", bytes(1_234_567))
    size, lie = (1_234_567).to_bytes(4, "little"), (10).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, lie))
    assert refusal(path) == "not-a-workbook"


def test_macros_are_refused(tmp_path):
    path = workbook(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("xl/vbaProject.bin", b"x")
    assert refusal(path) == "macros"


def test_entities_are_refused(tmp_path):
    def change(name, held):
        return held.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)

    assert refusal(repacked(workbook(tmp_path / "t.xlsx"), change)) == "not-a-workbook"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD2"])
def test_a_cell_out_of_reach_is_refused_and_not_made_room_for(tmp_path, cell):
    path = changed(workbook(tmp_path / "t.xlsx"), teams={cell: "x"})
    assert refusal(path) == "too-big"


def test_a_missing_package_is_told_with_the_command_that_installs_it(tmp_path, monkeypatch):
    path = workbook(tmp_path / "t.xlsx")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"pip install 'staffopt\[excel\]'"):
        staffopt.load(path)


def test_yaml_is_read_without_the_packages_that_workbooks_need():
    code = (
        "import sys, staffopt; staffopt.load('tiny');"
        "print({'openpyxl', 'python_calamine', 'xlsxwriter'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_path_that_is_neither_file_nor_folder_of_csv_is_told(tmp_path):
    with pytest.raises(InputError, match="without a CSV file"):
        staffopt.load(tmp_path)


def test_content_is_what_the_file_says():
    assert content()["teams"]["north"]["cases"] == "120"


def test_a_folder_of_another_kind_hides_no_shipped_council(tmp_path, monkeypatch):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path)
    assert staffopt.load("tiny").instance == "tiny"
    with pytest.raises(InputError, match="without a CSV file"):
        staffopt.load("own")
