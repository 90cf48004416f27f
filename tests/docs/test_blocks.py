"""What the pages show is what the program does.

Blocks of one page run in order, in one folder of their own:

- ``python`` is executed; where it has ``>>>`` lines, what they print is compared;
- ``console`` holds ``$ staffopt …`` lines and what each prints on stdout, or on stderr where
  nothing comes on stdout. ``…`` stands for any text, on a line of its own for any lines.
  ``exit=1`` beside the language is the exit code expected; 0 if left out;
- ``diff FILE`` is a change of a file in that folder;
- ``yaml FILE`` is written to that folder; ``yaml`` alone must be YAML;
- other languages are for reading.
"""

import doctest
import re
import shlex

import pytest
import yaml
from typer.testing import CliRunner

from pages import blocks, name_of, pages
from staffopt.cli import app

READ_ONLY = {"bash", "powershell", "math", "text", "toml"}
RUNNABLE = {"python", "console", "diff", "yaml"}
SHOWN = [page for page in pages() if any(b.language in RUNNABLE for b in blocks(page))]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_block_says_its_language(page):
    strangers = [b.line for b in blocks(page) if b.language not in READ_ONLY | RUNNABLE]
    assert strangers == []


@pytest.mark.parametrize("page", SHOWN, ids=name_of)
def test_every_block_of_a_page_holds(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if any(".xlsx" in block.text for block in blocks(page)):
        pytest.importorskip("openpyxl", reason="pip install staffopt[test]")
    names = {"__name__": "__main__"}
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        if block.language == "python":
            run_python(block.text, names, where)
        elif block.language == "console":
            run_console(block.text, block.rest, where)
        elif block.language == "diff":
            apply_diff(tmp_path / block.rest.strip(), block.text, where)
        elif block.language == "yaml":
            write_yaml(tmp_path, block.rest.strip(), block.text)


def run_python(text, names, where):
    if ">>> " not in text:
        exec(compile(text, where, "exec"), names)  # noqa: S102 (the page's own code)
        return
    test = doctest.DocTestParser().get_doctest(text, names, where, where, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    told = []
    runner.run(test, out=told.append, clear_globs=False)
    assert runner.summarize(verbose=False).failed == 0, "".join(told)
    names.update(test.globs)


def run_console(text, rest, where):
    wanted_code = int(rest.strip().removeprefix("exit=") or 0)
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        program, *words = shlex.split(command)
        assert program == "staffopt", where
        result = CliRunner().invoke(app, words)
        assert result.exit_code == wanted_code, f"{where}: {command}\n{result.output}"
        printed = result.stdout or result.stderr
        assert pattern(expected).fullmatch(printed.rstrip("\n")), (
            f"{where}: {command} printed\n{printed}"
        )


def pattern(expected):
    """Make a pattern of what is shown: ``…`` is any text, on its own line any lines."""
    lines = expected.rstrip("\n").split("\n")
    parts = [r"(?:.*\n)*?" if line.strip() == "…" else f"{anything(line)}\n" for line in lines]
    whole = "".join(parts)
    return re.compile(whole.removesuffix("\n") if lines[-1].strip() != "…" else f"{whole}.*")


def anything(line):
    return ".*?".join(re.escape(part.rstrip()) for part in line.split("…"))


def apply_diff(path, text, where):
    """Put the ``+`` lines in place of the ``-`` lines; other lines must be there as they are."""
    old = "".join(line[1:] + "\n" for line in text.splitlines() if not line.startswith("+"))
    new = "".join(line[1:] + "\n" for line in text.splitlines() if not line.startswith("-"))
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1, where
    path.write_text(before.replace(old, new), encoding="utf-8")


def write_yaml(folder, name, text):
    assert yaml.safe_load(text) is not None
    if name:
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "printed", "holds"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nc", False),
        ("a\n…\nd", "a\nb\nc\nd", True),
        ("a\n…\nd", "a\nd", True),
        ("…\nd", "a\nb", False),
        ("a …", "a 12 b", True),
        ("a … b", "a 12 c", False),
        ("a\n…", "a\nb\nc", True),
        ("a", "a\nb", False),
    ],
)
def test_dots_stand_for_what_is_left_out_and_for_nothing_else(expected, printed, holds):
    assert (pattern(expected).fullmatch(printed) is not None) is holds
