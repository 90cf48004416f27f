import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffopt.errors import InputError
from staffopt.instance.csv_folder import csv_files, guarded, read_folder, unguarded
from staffopt.instance.reading import check_tree
from staffopt.instance.tabling import rows_of
from workbooks import content

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+1+1",
    "-2+3",
    "\t=1",
    "'=1",
    "''@x",
    " =1",
    "\n=1",
    '=HYPERLINK("x")',
]


def written(folder, **changes):
    for name, text in csv_files(rows_of(content())):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    for name, text in changes.items():
        (folder / f"{name.replace('__', '.')}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def faults_of(folder):
    try:
        return check_tree(read_folder(folder))[1]
    except InputError as error:
        return error.faults


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_live_in_a_spreadsheet_and_none_is_changed(text):
    assert guarded(text).startswith("'")
    assert unguarded(guarded(text)) == text


@given(st.text(max_size=20))
def test_a_guard_is_taken_away_again(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["-5", "+0.5", "'Tis", "a=b", "> 26"])
def test_numbers_and_plain_text_have_no_guard(text):
    assert guarded(text) == unguarded(text) == text


def test_files_can_be_read_by_any_reader_of_csv(tmp_path):
    with (written(tmp_path) / "teams.posts.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [["team", "role", "posts"], ["north", "social_worker", "5"]]


def test_a_fault_has_its_file_line_and_column(tmp_path):
    text = 'team,name,cases\nnorth,"North\nand\nmore",120\nsouth,South,many\n'
    tree = read_folder(written(tmp_path, teams=text))
    _, faults = check_tree(tree)
    [fault] = [f for f in faults if f.code == "bad-value"]
    assert fault.place.file == str(tmp_path / "teams.csv")
    assert (fault.place.line, fault.place.column) == (5, 3)  # the name above takes three lines


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"teans": "a\n"}, "unknown-table"),
        ({"teams": "team,nane\nnorth,North\n"}, "unknown-field"),
        ({"teams": "name\nNorth\n"}, "no-heading"),
        ({"teams": "team,name,name\nnorth,a,b\n"}, "duplicate-key"),
        ({"teams": "team,name\nnorth,a\nnorth,b\n"}, "duplicate-key"),
        ({"teams": "team,name\n,a\n"}, "empty-key"),
        ({"teams": "team;name\nnorth;a\n"}, "unknown-field"),
        ({"teams": 'team,name\nnorth,"a\n'}, "syntax"),
        ({"teams": "team,name\nnorth,a,stray\nsouth,b\n,,stray\n"}, "no-heading"),
        ({"teams.posts": "team,role,posts\nnowhere,social_worker,1\n"}, "unknown-team"),
        ({"teams.posts": "team,role,posts\nnorth,,1\n"}, "empty-key"),
        ({"teams.posts": "team,role,posts\nnorth,social_worker,\n"}, "empty-value"),
        ({"teams.cases": "team,case_type,cases\nnorth,cin,1\n"}, "two-figures"),
        ({"council": "field,value\ntitel,x\n"}, "unknown-field"),
        ({"council": "field,value\ntitle,x\ntitle,y\n"}, "duplicate-key"),
        ({"standards": "rule,parameter,value\na,x,1\na,x,2\n"}, "duplicate-key"),
    ],
)
def test_what_is_wrong_with_tables_is_told(tmp_path, changes, code):
    assert code in [fault.code for fault in faults_of(written(tmp_path, **changes))]


def test_all_faults_are_told_at_once(tmp_path):
    faults = faults_of(written(tmp_path, teams="team,nane\n", roles="role,kindd\n", teans="x\n"))
    assert sorted(f.code for f in faults) == ["unknown-field", "unknown-field", "unknown-table"]


def test_what_is_not_utf8_is_refused(tmp_path):
    (written(tmp_path) / "teams.csv").write_bytes(b"team,name\nnorth,Caf\xe9\n")
    assert [f.code for f in faults_of(tmp_path)] == ["not-utf8"]


def test_what_is_the_users_own_is_not_read(tmp_path):
    text = "team,name,cases,#ours,from\nnorth,North,120,see below,p\nsouth,South,66,,p\n"
    folder = written(tmp_path, teams=text)
    (folder / "#notes.csv").write_text("anything", encoding="utf-8")
    (folder / "README.txt").write_text("anything", encoding="utf-8")
    assert read_folder(folder).root["teams"]["north"]["cases"] == "120"


def test_a_byte_order_mark_is_no_part_of_a_heading(tmp_path):
    folder = written(tmp_path)
    text = (folder / "teams.csv").read_text(encoding="utf-8")
    (folder / "teams.csv").write_text(text, encoding="utf-8-sig")
    assert read_folder(folder).root["teams"]["north"]["name"] == "North"


def test_an_empty_folder_says_how_to_begin(tmp_path):
    [fault] = faults_of(tmp_path)
    assert fault.code == "empty-file"
    assert "staffopt" in fault.mend
