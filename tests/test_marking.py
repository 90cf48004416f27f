"""A workbook handed back with its faults marked: opened again by openpyxl and by our reader."""

import zipfile

import pytest
from typer.testing import CliRunner

import staffopt
from staffopt.cli import app
from staffopt.errors import InputError
from staffopt.marking import AUTHOR, LISTING
from workbooks import cell_of, changed, load_workbook, openpyxl, workbook

RED, AMBER = "FFFFC7CE", "FFFFEB9C"


@pytest.fixture
def broken(tmp_path):
    """A workbook with a figure that is none, and a role that nobody declares."""
    path = workbook(tmp_path / "council.xlsx")
    cases = cell_of(path, "teams", "cases", 2)
    return changed(path, teams={cases: "120 or so"}, teams__posts={"B3": "suport_officer"})


def marked(source, tmp_path, name="marked.xlsx"):
    staffopt.mark(source, tmp_path / name)
    return load_workbook(tmp_path / name)


def test_each_fault_is_marked_in_its_cell_with_a_fill_and_a_note(broken, tmp_path):
    book = marked(broken, tmp_path)
    cell = book["teams"][cell_of(broken, "teams", "cases", 2)]
    assert cell.value == "120 or so"
    assert cell.fill.start_color.rgb == RED
    assert cell.comment.text.startswith("FAULT: '120 or so' is not a plain number\nWrite digits")
    role = book["teams.posts"]["B3"]
    assert "Did you mean support_officer" in role.comment.text
    noted = {
        (sheet.title, c.coordinate) for sheet in book for row in sheet for c in row if c.comment
    }
    assert noted == {("teams", cell.coordinate), ("teams.posts", "B3")}


def test_the_first_sheet_lists_every_fault_with_a_link_to_its_cell(broken, tmp_path):
    book = marked(broken, tmp_path)
    sheet = book.worksheets[0]
    assert (sheet.title, book.active.title) == (LISTING, LISTING)
    assert sheet["A2"].value == "Faults: 2. Warnings: 0."
    cases = cell_of(broken, "teams", "cases", 2)
    links = [(row[2].value, row[2].hyperlink.location) for row in sheet.iter_rows(min_row=5)]
    assert links == [
        (f"teams!{cases}", f"'teams'!{cases}"),
        ("teams.posts!B3", "'teams.posts'!B3"),
    ]
    told = [f.what for f in staffopt.check(broken)]
    assert [row[3].value for row in sheet.iter_rows(min_row=5)] == told


def test_everything_else_of_the_user_s_is_kept(broken, tmp_path):
    before, after = load_workbook(broken), marked(broken, tmp_path)
    assert after.sheetnames == [LISTING, *before.sheetnames]
    for sheet in before:
        there = after[sheet.title]
        assert there.freeze_panes == sheet.freeze_panes
        assert there.data_validations.count == sheet.data_validations.count
        for row in sheet:
            for cell in row:
                same = there[cell.coordinate]
                assert same.value == cell.value
                for part in ("font", "number_format", "alignment", "border", "protection"):
                    assert repr(getattr(same, part)) == repr(getattr(cell, part))
                assert repr(same.fill) == repr(cell.fill) or same.comment, cell.coordinate
    assert set(after.defined_names) == set(before.defined_names)


def test_the_words_of_a_heading_keep_their_letters(broken, tmp_path):
    marked(broken, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx", rich_text=True)
    assert next(part.font.b for part in book["roles"]["A1"].value if hasattr(part, "font"))


def test_a_marked_workbook_that_is_mended_checks_clean_and_loses_its_marks(broken, tmp_path):
    cases = cell_of(broken, "teams", "cases", 2)
    marked(broken, tmp_path)
    mended = changed(
        tmp_path / "marked.xlsx", teams={cases: 120}, teams__posts={"B3": "support_officer"}
    )
    assert staffopt.check(mended) == []
    book = marked(mended, tmp_path, "again.xlsx")
    assert book["teams"][cases].comment is None
    assert book["teams"][cases].fill.fill_type is None
    assert book[LISTING]["A2"].value == "Faults: 0. Warnings: 0."


def test_a_note_of_the_user_s_own_is_kept_below_the_fault_and_after_it(broken, tmp_path):
    cases = cell_of(broken, "teams", "cases", 2)
    book = load_workbook(broken)
    book["teams"][cases].comment = openpyxl.comments.Comment("ask finance", "somebody")
    book.save(broken)
    text = marked(broken, tmp_path)["teams"][cases].comment.text
    assert text.startswith("FAULT: ")
    assert text.endswith("Your note:\nask finance")
    mended = changed(tmp_path / "marked.xlsx", teams={cases: 120})
    comment = marked(mended, tmp_path, "again.xlsx")["teams"][cases].comment
    assert (comment.text, comment.author == AUTHOR) == ("ask finance", False)


def test_a_fault_of_a_whole_sheet_is_marked_at_its_first_cell(tmp_path):
    path = workbook(tmp_path / "council.xlsx")
    book = load_workbook(path)
    book.create_sheet("=notes")["A1"] = "mine"
    book.save(path)
    after = marked(path, tmp_path)
    assert "no table is called '=notes'" in after["=notes"]["A1"].comment.text
    [row] = after[LISTING].iter_rows(min_row=5)
    assert row[2].value == "=notes"
    assert row[2].data_type == "s"


def test_a_warning_is_marked_apart_from_a_fault(tmp_path):
    path = workbook(tmp_path / "council.xlsx")
    cases = cell_of(path, "teams", "cases", 2)
    changed(path, teams={cases: 1000})  # 100 cases for each of 10 workers: lawful, and odd
    assert all(fault.warning for fault in staffopt.check(path))
    cell = marked(path, tmp_path)["teams"][cases]
    assert cell.fill.start_color.rgb == AMBER
    assert cell.comment.text.startswith("WARNING: ")


def test_text_that_looks_like_a_formula_does_not_come_to_life(tmp_path):
    root = {**_tiny(), "title": "=1+1"}
    path = workbook(tmp_path / "council.xlsx", root=root)
    cases = cell_of(path, "teams", "cases", 2)
    changed(path, teams={cases: "@SUM(A1)"})
    marked(path, tmp_path)
    with zipfile.ZipFile(tmp_path / "marked.xlsx") as file:
        for part in file.namelist():
            assert b"<f>" not in file.read(part), part


def _tiny():
    from workbooks import content

    return content()


@pytest.mark.parametrize(
    ("source", "code"), [("tiny", "not-a-workbook"), ("bomb", "not-a-workbook")]
)
def test_what_is_no_workbook_is_refused_and_nothing_is_written(source, code, tmp_path):
    (tmp_path / "bomb.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    given = tmp_path / "bomb.xlsx" if source == "bomb" else source
    with pytest.raises(InputError) as caught:
        staffopt.mark(given, tmp_path / "marked.xlsx")
    assert [fault.code for fault in caught.value.faults] == [code]
    assert not (tmp_path / "marked.xlsx").exists()


def test_a_file_that_is_there_is_not_written_over(broken, tmp_path):
    with pytest.raises(InputError, match="is there already"):
        staffopt.mark(broken, broken)


def test_a_picture_that_is_lost_is_told(broken, tmp_path):
    with zipfile.ZipFile(broken, "a") as file:
        file.writestr("xl/media/image1.png", b"\x89PNG")
    result = CliRunner().invoke(
        app, ["check", str(broken), "--mark", str(tmp_path / "marked.xlsx")]
    )
    assert result.exit_code == 1
    assert "Not kept in it: 1 of 1 pictures. Keep your own file." in result.stderr


def test_the_command_marks_and_tells_the_faults_as_ever(broken, tmp_path):
    plain = CliRunner().invoke(app, ["check", str(broken)])
    result = CliRunner().invoke(
        app, ["check", str(broken), "--mark", str(tmp_path / "marked.xlsx")]
    )
    assert (result.exit_code, result.stdout) == (plain.exit_code, plain.stdout)
    assert "its first sheet lists what was found" in result.stderr
