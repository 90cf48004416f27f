"""YAML, workbook and CSV folder are one instance: nothing is lost between them."""

import json
import runpy
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import staffopt
from staffopt.conversion import convert
from staffopt.errors import InputError
from staffopt.inspection import check_content
from staffopt.instance.csv_folder import csv_files, read_folder
from staffopt.instance.rows import Grid, read_rows
from staffopt.instance.schema import Instance
from staffopt.instance.tabling import rows_of
from staffopt.instance.workbook import read_workbook
from staffopt.instance.yaml_file import yaml_of
from staffopt.yaml_text import read_yaml
from workbooks import content, workbook

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_engine.py")))
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1+1",
    "{=1}",
    "\tx",
    "two\nlines",
    "'=1",
    '"quoted"',
    '=HYPERLINK("http://example.org")',
    "<script>alert(1)</script>",
    "_x0041_",
    "a\r\nb",
    "#REF",
    "é – £ ≤ 漢 \U0001f600",
    "x" * 500,
    "null",
    "~",
    "- a",
    "key: value",
    "# no comment",
    "1e5",
    "2027-04",
    "TRUE",
    "[a",
    "{",
)
"""Texts that a spreadsheet, a reader of CSV or of YAML might take for something else."""


def plain(instance):
    return instance.model_dump(mode="json", exclude_unset=True)


@pytest.mark.parametrize("name", staffopt.instances())
@pytest.mark.parametrize("forms", [("a.xlsx", "b.yaml"), ("a", "b.xlsx"), ("a.yaml", "b")])
def test_a_shipped_instance_goes_from_form_to_form_unchanged(tmp_path, name, forms):
    there, back = (tmp_path / form for form in forms)
    convert(convert(name, there), back)
    shipped = staffopt.load(name)
    for path in (there, back):
        assert staffopt.load(path) == shipped
        assert plain(staffopt.load(path)) == plain(shipped)


@pytest.mark.parametrize("form", ["t.xlsx", "t"])
def test_a_plan_of_another_form_is_the_plan(tmp_path, form):
    path = convert("tiny", tmp_path / form)
    assert (
        staffopt.solve(staffopt.load(path)).decisions
        == staffopt.solve(staffopt.load("tiny")).decisions
    )


def hostile():
    root = content()
    root["sources"] = {
        f"s{number}": {"title": text, "publisher": text, "where": text}
        for number, text in enumerate(HOSTILE)
    }
    root["teams"]["north"]["name"] = HOSTILE[0]
    root["teams"]["north"]["from"] = HOSTILE[1]
    root["standards"]["keep_support_ratio"]["from"] = HOSTILE[0]
    root["bands"]["edges"] = {"=1+1": "< 18", "@b": ">= 18"}
    root["bands"]["manageable"] = "=1+1"
    root["assumptions"]["calendar"] = {
        "reason": HOSTILE[0],
        "from": HOSTILE[1],
        "owner": HOSTILE[2],
        "quality": "amber",
        "reviewed": "2026-01-09",
    }
    return root


def test_hostile_text_goes_through_every_form_unchanged(tmp_path):
    root = hostile()
    workbook(tmp_path / "t.xlsx", root=root)
    (tmp_path / "csv").mkdir()
    for name, text in csv_files(rows_of(root)):
        (tmp_path / "csv" / name).write_text(text, encoding="utf-8", newline="")

    meant = plain(Instance.model_validate(root))
    for tree in (
        read_workbook(tmp_path / "t.xlsx"),
        read_folder(tmp_path / "csv"),
        read_yaml(yaml_of(root)),
    ):
        assert plain(Instance.model_validate(tree.plain())) == meant


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_any_council_is_read_back_from_its_tables_and_its_text(seed):
    drawn = as_text(json.loads(json.dumps(FUZZ["council"](Random(seed)), default=str)))
    grids = [Grid(name, rows) for name, rows in rows_of(drawn).items()]
    assert read_rows("t", grids, folder=True).plain() == drawn
    assert read_yaml(yaml_of(drawn)).plain() == drawn


def as_text(node):
    if isinstance(node, dict):
        return {key: as_text(child) for key, child in node.items()}
    if isinstance(node, list):
        return [as_text(child) for child in node]
    return str(node).lower() if isinstance(node, bool) else str(node)


def test_tables_that_are_there_and_empty_stay_so():
    root = content()
    root["areas"] = {}
    root["teams"]["north"]["people"] = {}
    root["teams"]["south"]["shown_as"] = {"social_worker": {}}
    root["options"]["do-nothing"]["published"] = {}
    root["options"]["do-nothing"]["standards"] = {"release_time": {}, "keep_support_ratio": "off"}
    root["funds"]["growth"]["pays_for"]["packages"] = []
    grids = [Grid(name, rows) for name, rows in rows_of(root).items()]
    assert read_rows("t", grids, folder=True).plain() == root


@pytest.mark.parametrize("target", ["there.yaml", "t.ods"])
def test_nothing_is_written_over_and_no_other_form_is_taken(tmp_path, target):
    (tmp_path / "there.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        convert("tiny", tmp_path / target)
    assert [path.name for path in tmp_path.iterdir()] == ["there.yaml"]
    assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "mine"


def test_an_instance_with_faults_is_not_converted(tmp_path):
    text = yaml_of(content()).replace("cases: 120", "cases: many")
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="many"):
        convert(tmp_path / "bad.yaml", tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_what_cannot_be_written_without_loss_is_refused_and_nothing_is_left(tmp_path):
    root = content()
    root["teams"]["north"]["from"] = " "  # a blank cell is no text
    (tmp_path / "blank.yaml").write_text(yaml_of(root), encoding="utf-8")
    with pytest.raises(InputError, match="without loss"):
        convert(tmp_path / "blank.yaml", tmp_path / "t")
    assert [path.name for path in tmp_path.iterdir()] == ["blank.yaml"]


NASTY = st.one_of(
    st.sampled_from(
        ["", "{}", "[]", "[a", "{a: 1}", "all", "off", "1_000", "north", "x" * 3000, '"', "#x"]
    ),
    st.text(max_size=8),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.none(),
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_whatever_stands_in_tables_ends_in_an_instance_or_in_faults(data):
    made = [Grid(name, [list(row) for row in rows]) for name, rows in rows_of(content()).items()]
    for _ in range(data.draw(st.integers(1, 4))):
        rows = data.draw(st.sampled_from(made)).rows
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(NASTY)
    if data.draw(st.booleans()):
        made.pop(data.draw(st.integers(0, len(made) - 1)))
    try:
        tree = read_rows("t.xlsx", made, folder=False)
    except InputError:
        return
    for fault in check_content(tree, staffopt.models()):
        assert fault.what
        assert fault.mend
        assert fault.place.file == "t.xlsx"
