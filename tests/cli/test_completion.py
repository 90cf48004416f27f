"""What each shell is offered after Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import staffopt
from staffopt.backends.registry import NAMES
from staffopt.reporting.assumption_files import WRITERS
from staffopt.reporting.formats import FORMATS
from staffopt.rulebook import RULES

# Typer takes pydantic itself.
HEAVY = ("numpy", "yaml", "staffopt.record", "staffopt.analysis", "highspy", "pulp", "ortools")
SCRIPT = f"""
import sys
from staffopt.cli import main
sys.argv = ["staffopt"]
try:
    main()
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
SHELLS = ["bash", "zsh", "fish", "powershell"]


def offered(shell, line, folder="."):
    """Ask for completions as a shell's own script does, with the cursor at the line's end."""
    words = line.split(" ")
    asked = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        "powershell": {
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
        },
    }[shell]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "_STAFFOPT_COMPLETE": f"complete_{shell}", **asked},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr.strip() == "[]", done.stderr  # nothing heavy was loaded
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_is_offered_instances_and_options(shell):
    assert "nottinghamshire-2018" in offered(shell, "staffopt solve nott")
    options = offered(shell, "staffopt solve tiny --option ")
    assert all(option in options for option in staffopt.load("tiny").options)


@pytest.mark.parametrize("name", staffopt.instances())
def test_the_options_and_scenarios_offered_are_those_of_the_instance(name):
    council = staffopt.load(name)
    for flag, names in (("--option", council.options), ("--scenario", council.scenarios)):
        found = offered("bash", f"staffopt solve {name} {flag} ").split()
        assert found == sorted(names)


def test_rules_models_and_solvers_are_offered_by_name():
    assert offered("bash", "staffopt rules ").split() == sorted(RULES)
    assert offered("bash", "staffopt solve tiny --backend ").split() == sorted(NAMES)
    assert set(staffopt.models()) <= set(offered("bash", "staffopt solve tiny --model ").split())


def test_what_a_report_and_a_log_are_written_as_is_offered():
    assert offered("bash", "staffopt report plan.json --to ").split() == sorted(FORMATS)
    assert offered("bash", "staffopt assumptions tiny --to ").split() == sorted(WRITERS)


def test_files_of_ones_own_are_offered_and_their_options_read(tmp_path):
    (tmp_path / "councils").mkdir()
    options = "options:\n    # two\n    first: {model: today}\n    second:\n        model: x\n"
    text = f"instance: ours\n{options}teams:\n    a: {{}}\n"
    (tmp_path / "councils" / "ours.yaml").write_text(text, "utf-8")
    (tmp_path / "plan.json").write_text("{}", "utf-8")
    assert offered("bash", "staffopt check co", tmp_path).split() == ["councils/"]
    assert offered("bash", "staffopt check councils/", tmp_path).split() == ["councils/ours.yaml"]
    line = "staffopt solve councils/ours.yaml -o "
    assert offered("bash", line, tmp_path).split() == ["first", "second"]
    assert "plan.json" in offered("bash", "staffopt verify ", tmp_path).split()


def test_what_cannot_be_found_is_not_offered_and_nothing_is_said():
    assert offered("bash", "staffopt solve nowhere --option ").split() == []
    assert offered("bash", "staffopt check nowhere/").split() == []


@pytest.mark.skipif(not shutil.which("bash") or sys.platform == "win32", reason="bash is not here")
def test_bash_itself_completes_with_the_script_that_is_shown(tmp_path):
    program = Path(sys.executable).with_name("staffopt")
    if not program.exists():
        pytest.skip("the program is not installed beside Python")
    lines = [
        f'eval "$({program} --show-completion)"',
        "COMP_WORDS=(staffopt solve ti); COMP_CWORD=2",
        f"_staffopt_completion {program}",
        'echo "${COMPREPLY[@]}"',
    ]
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)],  # noqa: S607 (the bash on the path)
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.split() == [
        "tiny",
        "tiny-agency",
        "tiny-asye",
        "tiny-careers",
        "tiny-flow",
        "tiny-money",
        "tiny-places",
        "tiny-turnover",
    ], done.stderr
