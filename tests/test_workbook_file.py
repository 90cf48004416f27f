"""What is written is opened: as the cells a reader sees, and as the parts of the file."""

import re
import zipfile

import pytest

import staffopt
from staffopt.instance.tables import Kind, tables
from test_conversion import HOSTILE, hostile
from workbooks import content, load_workbook, workbook


@pytest.fixture
def book(tmp_path):
    return load_workbook(workbook(tmp_path / "t.xlsx"))


def headings(sheet):
    return {str(cell.value).split("\n")[0]: cell for cell in sheet[1]}


def parts(path, pattern):
    with zipfile.ZipFile(path) as file:
        return {n: file.read(n).decode() for n in file.namelist() if re.search(pattern, n)}


def test_a_workbook_has_guidance_first_and_a_sheet_for_each_usual_table(book):
    assert book.sheetnames[:3] == ["guidance", "council", "roles"]
    assert {"teams.posts", "assumptions", "funds.ceiling"} <= set(book.sheetnames)
    assert "managed_teams" not in book.sheetnames
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_every_table_can_have_a_sheet(tmp_path):
    book = load_workbook(workbook(tmp_path / "t.xlsx", every=True))
    assert book.sheetnames == ["guidance", *(table.name for table in tables())]


def test_headings_tell_unit_and_meaning(book):
    heading = headings(book["roles"])["cost"]
    assert heading.value == (
        "cost\npounds per FTE per year\nFull-year cost of one FTE. Left out: not printed."
    )
    assert heading.alignment.wrap_text
    kinds = headings(book["funds"])["kinds"].value
    assert kinds.endswith("Left out: recurrent, fixed_term, one_off.")


def test_no_heading_of_a_key_says_what_the_column_beside_it_says(tmp_path):
    book = load_workbook(workbook(tmp_path / "t.xlsx", every=True))
    for table in tables():
        if table.steps:
            last = [str(cell.value).split("\n")[-1] for cell in book[table.name][1]]
            said = [words.removesuffix(" Must be given.") for words in last]
            keys, others = said[: len(table.keys)], said[len(table.keys) :]
            assert not {*keys} & {*others}, table.name
    year = headings(book["funds.ceiling"])["year"].value
    assert year == "year\nWhich year the row is of."


def test_every_field_has_a_column_and_a_meaning(tmp_path):
    book = load_workbook(workbook(tmp_path / "t.xlsx", every=True))
    for table in tables():
        shown = headings(book[table.name])
        if table.steps:
            wanted = {c.heading for c in table.columns if c.content.kind is not Kind.EMPTY}
            assert wanted <= set(shown), table.name
            assert all(len(str(cell.value).split("\n")[-1]) > 10 for cell in shown.values())


def validations(sheet):
    return {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}


def test_declared_names_and_choices_have_drop_downs(book):
    posts, roles = validations(book["teams.posts"]), validations(book["roles"])
    assert posts == {"A2:A501": "names_teams", "B2:B501": "names_roles"}
    assert '"case_holder,support,support_lead,manager,administration"' in roles.values()
    assert validations(book["options"])["C2:C501"] == "names_models"
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert names["names_teams"].startswith("teams!$A$2:INDEX(teams!$A$2:$A$501")
    sheet, reach = names["names_models"].split("!")
    models = [cell.value for [cell] in book[sheet][reach.replace("$", "")]]
    assert models == list(staffopt.models())


def test_there_is_no_formula_macro_link_or_dynamic_array(tmp_path):
    path = workbook(tmp_path / "t.xlsx", root=hostile())
    for name, text in parts(path, r"sheet\d+\.xml$").items():
        assert "<f" not in text.replace("<formula1", "").replace("<fonts", ""), name
        assert "hyperlink" not in text
    assert not parts(path, r"vba|external|metadata|connections")


def test_hostile_text_is_a_string_in_its_cell_and_nothing_else(tmp_path):
    sheet = load_workbook(workbook(tmp_path / "t.xlsx", root=hostile()))["sources"]
    title = headings(sheet)["title"].column_letter
    for number, text in enumerate(HOSTILE, 2):
        cell = sheet[f"{title}{number}"]
        assert cell.data_type == "s"
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def format_of(sheet, column):
    """Return a column's number format; columns that are alike stand together in one record."""
    alike = sheet.column_dimensions.values()
    return next(found.number_format for found in alike if found.min <= column <= found.max)


def test_figures_are_numbers_and_text_is_text(book):
    teams = book["teams"]
    shown = headings(teams)
    assert teams[f"{shown['cases'].column_letter}2"].value == 120
    assert format_of(teams, shown["from"].column) == "@"
    assert book["roles"][f"{headings(book['roles'])['cost'].column_letter}2"].value == 40000


def test_rows_can_be_read_and_printed(book):
    sheet = book["teams.posts"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref is not None
    assert sheet.print_title_rows == "$1:$1"


def test_the_same_content_makes_the_same_file(tmp_path):
    first, second = (workbook(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert parts(first, "") == parts(second, "")


def test_no_name_of_a_person_is_in_the_file(tmp_path):
    [core] = parts(workbook(tmp_path / "t.xlsx"), "core.xml").values()
    assert "<dc:creator></dc:creator>" in core
    assert content()["title"] in core
