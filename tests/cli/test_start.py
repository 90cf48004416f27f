"""Starting: help is quick to come and needs nothing heavy."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from staffopt.cli import app

HEAVY = ("numpy", "scipy", "highspy", "pulp", "pandas", "ortools")

COMMANDS = (
    "solve", "check", "verify", "report", "today", "show", "list", "rules", "schema", "new",
    "doctor", "export",
)  # fmt: skip


def loaded_after(*words):
    """Run the program in a process of its own and list what heavy modules it has loaded."""
    code = (
        "import sys\nfrom staffopt.cli import main\n"
        f"sys.argv = ['staffopt', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    code = end.code\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stderr.strip(), done.stdout


@pytest.mark.parametrize("words", [("--help",), ("solve", "--help")])
def test_help_loads_nothing_heavy(words):
    loaded, text = loaded_after(*words)
    assert loaded == "[] 0"
    assert text.startswith("Usage: staffopt")


def test_the_rule_book_loads_no_numpy_and_no_solver():
    loaded, _ = loaded_after("rules")
    assert loaded == "[] 0"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command):
    text = CliRunner().invoke(app, [command, "--help"]).stdout
    assert f"Example: staffopt {command}" in text


def test_help_lists_every_command():
    text = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f"  {command} " in text for command in COMMANDS)
    assert "130" in text
