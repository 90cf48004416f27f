"""The working and the publication workbook, opened again; expected figures are the paper's.

That the formulas come to these values is worked out by LibreOffice in ``tests/office_run.py``.
"""

import io
import re
import zipfile

import pytest
from typer.testing import CliRunner

import staffopt
from shipped import plan_of
from staffopt.cli import app
from staffopt.plan import Plan
from test_conversion import HOSTILE

openpyxl = pytest.importorskip("openpyxl", reason="pip install staffopt[test]")
pytest.importorskip("xlsxwriter", reason="pip install staffopt[test]")

from staffopt.reporting.workbooks.publication import publication_book  # noqa: E402 (needs them)
from staffopt.reporting.workbooks.working import working_book  # noqa: E402

# 21, 22: 314,460.50 + 172,128 (printed), and so on; the ledger is not rounded.
NEW_MONEY = {"2018/19": 486588.5, "2019/20": 907177, "2020/21": 743849, "full year after": 580521}


@pytest.fixture
def working(recommended):
    return working_book(recommended)


def cells(content, *, values=True):
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def table(sheet, head=4):
    """Return the rows below the headings, by heading."""
    names = [cell.value for cell in sheet[head]]
    found = sheet.iter_rows(min_row=head + 1, values_only=True)
    return [dict(zip(names, row, strict=True)) for row in found if any(row)]


def parts(content, pattern):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name).decode() for name in file.namelist() if re.search(pattern, name)]


def control(content, *, values=True):
    """Return the rows of the control total: year → figures."""
    rows = list(cells(content, values=values)["Summary"].iter_rows(values_only=True))
    first = next(n for n, row in enumerate(rows) if row[0] == "year")
    return {row[0]: row[1:5] for row in rows[first + 1 :] if row[0] in NEW_MONEY}


def test_the_control_total_ties_to_the_paper_in_every_year(working):
    for year, (here, planned, difference, words) in control(working).items():
        assert (here, planned) == pytest.approx((NEW_MONEY[year],) * 2, abs=0.004)
        assert (difference, words) == (0, "ties")
    assert all(str(row[0]).startswith("=") for row in control(working, values=False).values())


def test_every_cost_is_a_formula_of_a_quantity_and_a_unit_cost(working):
    live = table(cells(working, values=False)["Ledger"])
    told = table(cells(working)["Ledger"])
    assert {row["follows from"] for row in told} == {"what is decided"}
    for formulas, values in zip(live, told, strict=True):
        assert formulas["amount, £"] == f"={cell(formulas, 'K')}*{cell(formulas, 'M')}"
        assert values["amount, £"] == pytest.approx(values["quantity"] * values["unit cost, £"])
        assert values["amount, £"] == pytest.approx(values["in the plan, £"])
        assert formulas["unit cost, £"].startswith("='Unit costs'!")


def cell(row, column):
    """Return the address of a column in the row that a difference is worked out in."""
    number = re.search(r"\$O\$(\d+)", row["difference, £"])[1]
    return f"${column}${number}"


def test_quantities_are_those_of_the_paper(working):
    rows = {(row["year"], row["line"], row["team"]): row for row in table(cells(working)["Ledger"])}
    # 11: half a year of 9 SWSO in Assessment; 9: heads of 20.5 FTE pooled are 21.
    assert rows["2018/19", "added swso", "assessment"]["quantity"] == 4.5
    assert rows["2019/20", "added swso", "assessment"]["quantity"] == 9
    assert rows["2018/19", "set-up swso", None]["quantity"] == 21
    assert rows["2018/19", "Practice Consultant", None]["quantity"] == 0.5
    costs = {row["of what"]: row["unit cost, £"] for row in table(cells(working)["Unit costs"])}
    assert costs["SWSO: one FTE for a year"] == 26776
    assert costs["Senior: one FTE for a year"] == 31613
    assert costs["SWSO: set-up of one head"] == 1100


def test_posts_are_sums_of_today_and_what_is_added(working):
    [row] = [r for r in table(cells(working)["Posts"]) if (r["team"], r["role"]) == ("cds", "swso")]
    assert [v for k, v in row.items() if k.endswith("FTE")] == [3, 1, 4]
    formulas = [str(c.value) for r in cells(working, values=False)["Posts"] for c in r]
    assert "='Posts'!$E$5+'Posts'!$F$5" in formulas


def test_tables_have_frozen_headings_and_filters_and_charts_an_alternative_text(working):
    book = cells(working)
    for name in ("Posts", "Heads", "Months", "Unit costs", "Ledger", "Totals", "Caseloads"):
        assert book[name].freeze_panes.endswith("5"), name
        assert book[name].auto_filter.ref.startswith("A4"), name
    assert len(parts(working, r"xl/charts/chart")) == 3
    [drawing] = parts(working, r"xl/drawings/drawing")
    assert drawing.count("the figures stand in the table to the left") == 3


def test_no_cell_shows_nothing_for_want_of_a_value(working):
    live, told = cells(working, values=False), cells(working)
    formulas = [c for sheet in live for row in sheet for c in row if c.data_type == "f"]
    assert len(formulas) > 100
    assert all(told[c.parent.title][c.coordinate].value is not None for c in formulas)


def test_there_is_no_dynamic_array_macro_or_link_out(working):
    assert not parts(working, r"vba|external|metadata|connections")
    for sheet in parts(working, r"worksheets/sheet"):
        assert 't="array"' not in sheet
        assert "_xlfn" not in sheet


def test_a_line_whose_quantity_is_not_known_is_as_the_plan_has_it_and_says_so(recommended):
    tree = recommended.model_dump(mode="json")
    tree["figures"]["money"][0]["line"] = "something new"
    rows = table(cells(working_book(Plan.model_validate(tree)))["Ledger"])
    assert rows[0]["follows from"] == "nothing: as in the plan"
    assert rows[0]["amount, £"] == rows[0]["in the plan, £"]


def test_what_a_head_costs_beside_pay_and_what_joiners_cost_follow_too():
    # tiny-money.md: one head at 1,200 a year, at 2% more in 2027/28.
    money = {row["year"]: row for row in _lines("tiny-money") if "non-staffing" in row["line"]}
    assert [(row["quantity"], row["unit cost, £"]) for row in money.values()] == [
        (1, 1200),
        (1, 1224),
        (1, 1224),
    ]
    # tiny-turnover.md: two newly qualified workers join at 1,000 each, a social worker at 2,000.
    joins = {row["line"]: row for row in _lines("tiny-turnover") if row["line"].startswith("join")}
    assert {line: (row["quantity"], row["unit cost, £"]) for line, row in joins.items()} == {
        "join newly_qualified": (2, 1000),
        "join social_worker": (1, 2000),
    }
    for row in (*money.values(), *joins.values()):
        assert row["follows from"] == "what is decided"
        assert row["difference, £"] == 0


def _lines(name):
    return table(cells(working_book(plan_of(name)))["Ledger"])


def test_a_unit_cost_that_differs_by_year_stands_once_a_year(recommended):
    tree = recommended.model_dump(mode="json")
    for line in tree["figures"]["money"]:
        if line["year"] == "2019/20" and line["line"] in ("added swso", "posts today swso"):
            line["amount"] = {"raw": str(int(line["amount"]["raw"]) * 2)}
    costs = {
        (row["of what"], row["when"]): row["unit cost, £"]
        for row in table(cells(working_book(Plan.model_validate(tree)))["Unit costs"])
    }
    assert costs["SWSO: one FTE for a year", "2019/20"] == 2 * 26776
    assert costs["SWSO: one FTE for a year", "2020/21"] == 26776


@pytest.fixture(scope="module")
def relief():
    return staffopt.solve(staffopt.load("relief"), certify=False, cross_check=False)


def test_managed_teams_are_paid_by_the_months_of_their_term(relief):
    rows = [row for row in table(cells(working_book(relief))["Ledger"]) if row["managed team"]]
    assert rows
    assert {row["follows from"] for row in rows} == {"what is decided"}
    for row in rows:
        assert row["amount, £"] == pytest.approx(row["quantity"] * row["unit cost, £"])


def test_people_who_cover_cost_a_premium_that_follows(tmp_path):
    plan = staffopt.solve(staffopt.load("tiny-agency"), certify=False, cross_check=False)
    rows = table(cells(working_book(plan))["Ledger"])
    assert {row["follows from"] for row in rows} == {"what is decided"}
    assert any(row["kind"] == "premium" for row in rows)


def hostile(plan, text):
    tree = plan.model_dump(mode="json")
    council = tree["inputs"]["instance"]
    council["title"] = text
    council["teams"]["assessment"]["name"] = text
    council["roles"]["swso"]["name"] = text
    council["funds"]["contingency"]["name"] = text
    council["packages"]["project_team"]["name"] = text
    council["assumptions"] = {text: text}
    return Plan.model_validate(tree)


@pytest.mark.parametrize("make", [working_book, publication_book])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_comes_to_life(recommended, make, text):
    content, plain = make(hostile(recommended, text)), make(recommended)
    found, meant = (
        [formulas(sheet) for sheet in parts(c, r"worksheets/sheet")] for c in (content, plain)
    )
    assert found == meant  # what a formula says does not depend on any text
    for links in parts(content, r"_rels/sheet"):
        assert 'TargetMode="External"' not in links
    names = [str(c.value) for row in cells(content)["Posts"].iter_rows() for c in row]
    assert text.strip() in [name.replace("_x000D_", "\r").strip() for name in names]


def formulas(sheet):
    return re.findall(r"<f>(.*?)</f>", sheet)


# -- publication ------------------------------------------------------------------------------


@pytest.fixture
def published(recommended):
    return cells(publication_book(recommended))


def test_published_sheets_are_a_cover_the_contents_notes_and_one_table_each(published):
    assert published.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert published.sheetnames[3:] == ["Posts", "Caseloads", "Money", "Ledger"]
    for sheet in published.worksheets[1:]:
        assert len(sheet.tables) == 1, sheet.title
        [found] = sheet.tables.values()
        assert found.displayName == f"table_{sheet.title.lower()}"
        assert found.ref.startswith("A3:")
    assert all(sheet.sheet_state == "visible" for sheet in published)


def test_every_published_sheet_has_its_title_first_and_nothing_merged_blank_or_frozen(published):
    for sheet in published.worksheets:
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
    for sheet in published.worksheets[1:]:
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        assert all(value not in (None, "") for row in rows for value in row), sheet.title
        assert len(set(rows[0])) == len(rows[0])


def test_published_headings_have_units_and_figures_are_numbers(published):
    assert [c.value for c in published["Posts"][3]][3:] == [
        *("Posts today (FTE)", "Added (FTE)", "Posts (FTE)"),
    ]
    money = table(published["Money"], head=3)
    [total] = [row for row in money if row["Fund"] == "All new money"]
    assert total["2018/19 (£)"] == 486588.5
    assert total["Full year after (£)"] == 580521


def test_the_contents_link_to_every_sheet(published):
    linked = [row[0] for row in published["Contents"].iter_rows(min_row=4)]
    assert [c.value for c in linked] == published.sheetnames[2:]
    assert [c.hyperlink.location for c in linked] == [
        f"'{name}'!A1" for name in published.sheetnames[2:]
    ]


def test_a_figure_that_is_not_known_is_marked(make_plan):
    # The set-up of a social worker is not printed.
    plan = make_plan({("dcpt", "social_worker"): 2}, option="more-social-workers")
    rows = table(cells(publication_book(plan))["Ledger"], head=3)
    assert "[x]" in [row["Amount (£)"] for row in rows]
    assert any(
        "at least" in row["Fund"] for row in table(cells(publication_book(plan))["Money"], 3)
    )


@pytest.mark.parametrize("to", ["xlsx", "xlsx-publication"])
def test_the_command_writes_one_workbook_a_plan(recommended, make_plan, tmp_path, to):
    one = recommended.save(tmp_path / "one.json")
    two = make_plan({("cds", "swso"): 1}).save(tmp_path / "two.json")
    place = tmp_path / "report.xlsx"
    result = CliRunner().invoke(app, ["report", str(one), "--to", to, "--out", str(place)])
    assert result.stdout.split() == [str(place)]
    result = CliRunner().invoke(
        app, ["report", str(one), str(two), "--to", to, "--out", str(place)]
    )
    assert [len(openpyxl.load_workbook(path).sheetnames) > 5 for path in result.stdout.split()] == [
        *(True, True),
    ]
