"""What ``report --to`` can write, and what it refuses."""

import pytest
from typer.testing import CliRunner

from staffopt.cli import app
from staffopt.reporting.formats import FORMATS, find_format


def test_a_misspelt_format_is_told_with_the_one_that_was_meant(recommended, tmp_path):
    plan = recommended.save(tmp_path / "plan.json")
    result = CliRunner().invoke(app, ["report", str(plan), "--to", "cvs"])
    assert result.exit_code == 2
    assert "no format is called 'cvs'" in result.stderr
    assert "Did you mean csv?" in result.stderr


def test_help_says_what_every_format_is():
    words = " ".join(
        CliRunner().invoke(app, ["report", "--help"], env={"COLUMNS": "200"}).stdout.split()
    )
    for name, form in FORMATS.items():
        assert f"{name}: {form.meaning}" in words


def test_a_report_without_a_place_is_written_beside_the_caller(recommended, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recommended.save("plan.json")
    for name, form in FORMATS.items():
        assert CliRunner().invoke(app, ["report", "plan.json", "--to", name]).exit_code == 0
        assert (tmp_path / f"report{form.suffix}").exists()


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_format_is_found_by_its_name(name):
    assert find_format(name) is FORMATS[name]
