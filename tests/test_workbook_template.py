"""The workbook to start from: it solves as it is, after editing, and says that it is an example."""

from decimal import Decimal

import pytest
from typer.testing import CliRunner

import staffopt
from staffopt.cli import app
from staffopt.errors import InputError
from staffopt.instance.starter import starter
from staffopt.instance.tables import tables
from staffopt.workbook_file import SELDOM
from staffopt.workbook_template import EXAMPLE
from workbooks import cell_of, changed, load_workbook

SHADE = "FFFFFBE6"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return staffopt.template(tmp_path_factory.mktemp("template") / "council.xlsx")


def test_the_template_has_neither_faults_nor_warnings(path):
    assert staffopt.check(path) == []


def test_the_worked_council_is_the_starter_and_says_that_it_is_an_example(path, tmp_path):
    file = tmp_path / "starter.yaml"
    file.write_text(starter(EXAMPLE), encoding="utf-8")
    council, plain = staffopt.load(path), staffopt.load(file)
    assert council.title.startswith("EXAMPLE")
    assert council.model_dump(exclude={"title"}) == plain.model_dump(exclude={"title"})


def test_the_example_is_shaded_and_the_guidance_says_so(path):
    book = load_workbook(path)
    assert book.sheetnames[0] == "guidance"
    assert "invented council" in book["guidance"]["A3"].value
    for name in ("teams", "roles", "assumptions"):
        assert book[name]["A2"].fill.start_color.rgb == SHADE


def test_it_solves_as_it_is_and_after_editing(path, tmp_path):
    # North has 9 social workers and South 10: at 1:5 each needs 2 officers and has 1, so 2 more.
    plan = staffopt.solve(staffopt.load(path))
    assert sum(plan.change.values()) == 2
    edited = tmp_path / "council.xlsx"
    edited.write_bytes(path.read_bytes())
    # 11 social workers in South need 2.2 officers, in steps of 0.5 2.5: 1.5 more. With North's 2
    # there are 4.5, who need 4.5 / 8 = 0.56 seniors, in steps of 0.5 one: 0.5 more. 1 + 1.5 + 0.5.
    changed(edited, teams__posts={cell_of(edited, "teams.posts", "posts", 5): 11})
    assert sum(staffopt.solve(staffopt.load(edited)).change.values()) == 3


def test_assumptions_have_a_source_and_an_owner(path):
    sheet = load_workbook(path)["assumptions"]
    heads = [str(cell.value).split("\n")[0] for cell in sheet[1]]
    assert heads == ["path", "reason", "from", "owner", "quality", "reviewed", "low", "high"]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=2)}
    assert rows["standards.release_time"][1:3] == [
        "Nottinghamshire's paper of June 2018, paragraph 8",
        "Head of service, social work",
    ]


def test_columns_that_most_councils_leave_out_are_told_of_and_may_be_added(path, tmp_path):
    headings = {heading for table in tables() for heading in table.headings}
    for record in SELDOM:
        assert any(heading.startswith(f"{record}.") for heading in headings)
    book = load_workbook(path)
    roles = [str(cell.value).split("\n")[0] for cell in book["roles"][1]]
    assert "cost" in roles
    assert not any(name.split(".")[0] in SELDOM for name in roles if "." in name)
    told = [str(cell.value) for cell in book["guidance"]["B"]]
    assert any("turnover.leavers" in words for words in told)
    book["roles"].cell(1, len(roles) + 1).value = "turnover.leavers"
    book["roles"].cell(2, len(roles) + 1).value = 0.01
    book.save(tmp_path / "more.xlsx")
    assert staffopt.load(tmp_path / "more.xlsx").roles["social_worker"].turnover.leavers == Decimal(
        "0.01"
    )


def test_every_table_has_a_sheet_if_that_is_asked(tmp_path):
    path = staffopt.template(tmp_path / "all.xlsx", "every-table")
    heads = [str(cell.value).split("\n")[0] for cell in load_workbook(path)["roles"][1]]
    assert "turnover.leavers" in heads
    assert load_workbook(path).sheetnames == ["guidance", *(table.name for table in tables())]
    assert staffopt.check(path) == []


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("council.yaml", "council", "unknown-form"),
        ("council", "council", "unknown-form"),
        ("council.xlsx", "counsil", "unknown-template"),
    ],
)
def test_another_form_or_kind_is_refused(name, kind, code, tmp_path):
    with pytest.raises(InputError) as caught:
        staffopt.template(tmp_path / name, kind)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_the_command_says_what_comes_next_and_never_writes_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["template", "--kind", "council", "--out", "ours.xlsx"])
    assert result.exit_code == 0
    assert "Next: staffopt check ours.xlsx" in result.stderr
    again = CliRunner().invoke(app, ["template", "--out", "ours.xlsx"])
    assert again.exit_code == 2
    assert "[file-exists]" in again.stderr
