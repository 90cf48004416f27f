"""Pages agree with the code, with the files they name and with each other."""

import importlib
import inspect
import pkgutil
import re
import runpy
import tomllib
from pathlib import PurePosixPath

import pytest
import typer
from pydantic.fields import FieldInfo

import staffopt
from pages import ROOT, blocks, name_of, pages, read, without_blocks
from staffopt import cli, errors, quantity
from staffopt.rulebook import RULES

GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))["generated"]()
COMMANDS = typer.main.get_command(cli.app).commands
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def headings(page):
    return re.findall(r"^#+ (.+)$", without_blocks(page), re.MULTILINE)


def anchor(heading):
    """Make a heading's address as GitHub does: letters, digits, _ and -, spaces to dashes."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", GENERATED, ids=name_of)
def test_what_is_generated_is_fresh(page):
    assert read(page) == GENERATED[page], "run: python docs/generate.py"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", without_blocks(page)):
        if "://" in link:
            continue
        file, _, part = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        if part:
            assert part in {anchor(heading) for heading in headings(target)}, link


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_paths_that_a_page_names_are_there(page):
    top = "src|tests|docs|instances|models|examples"
    for path in re.findall(rf"`((?:{top})/[\w./*-]+)`", without_blocks(page)):
        assert list(ROOT.glob(str(PurePosixPath(path)))), path


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_commands_and_options_that_a_page_names_are_there(page):
    for command, rest in re.findall(
        r"(?<!import )staffopt ([a-z]+(?:-[a-z]+)*)\b(.*)", code_of(page)
    ):
        assert command in COMMANDS, command
        known = {name for p in COMMANDS[command].params for name in p.opts + p.secondary_opts}
        assert set(re.findall(r" (--[a-z-]+)", rest)) <= {*known, "--help"}, rest


def code_of(page):
    """Join what a page sets as code: spans, fenced blocks and indented ones."""
    spans = re.findall(r"`([^`\n]+)`", without_blocks(page))
    indented = re.findall(r"^    .+$", without_blocks(page), re.MULTILINE)
    return "\n".join([*spans, *indented, *(block.text for block in blocks(page))])


def test_every_rule_has_a_section():
    assert set(headings(ROOT / "docs" / "rules.md")) - {"The rule book"} == set(RULES)


def test_every_command_and_every_option_of_solve_is_described():
    text = read(ROOT / "docs" / "cli.md")
    assert all(f"**{command}**" in text for command in COMMANDS)
    options = {name for p in COMMANDS["solve"].params for name in p.opts if name.startswith("--")}
    assert {name for name in options if name not in text} == set()


def test_every_shipped_model_has_a_section_and_every_instance_is_mentioned():
    assert set(headings(ROOT / "docs" / "models.md")) >= set(staffopt.models())
    shown = read(ROOT / "README.md") + read(ROOT / "instances" / "README.md")
    assert all(name in shown for name in staffopt.instances())


def test_every_page_is_linked_from_the_readme():
    text = read(ROOT / "README.md")
    wanted = [name_of(page) for page in pages() if page.name != "README.md"]
    assert [name for name in wanted if name.startswith("docs/") and name not in text] == []


def test_the_import_contracts_are_named_in_the_architecture():
    text = " ".join(read(ROOT / "docs" / "architecture.md").split())
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    assert [c["name"] for c in contracts if c["name"] not in text] == []


def test_every_module_of_the_package_is_on_the_map():
    text = read(ROOT / "docs" / "architecture.md")
    modules = {m.name for m in pkgutil.iter_modules(staffopt.__path__)} - {"cli", "errors"}
    missing = {m for m in modules if f"{m}/" not in text and f"{m}.py" not in text}
    assert missing == set()


def glossary():
    """Yield word, unit and code name of each row of the glossary that names code."""
    table = read(ROOT / "docs" / "glossary.md")
    for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE):
        word, _symbol, unit, code = (cell.strip() for cell in row.split("|"))
        for name in re.findall(r"`([^`]+)`", code):
            yield word, unit, name


def find(name):
    """Find what a dotted name under the package names: a module's content or a record's field."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["staffopt", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            fields = getattr(found, "model_fields", {}) if inspect.isclass(found) else {}
            found = fields[part] if part in fields else getattr(found, part)
        return found
    raise LookupError(name)


@pytest.mark.parametrize(("word", "unit", "name"), [*glossary()])
def test_the_glossary_names_code_that_is_there_and_its_unit(word, unit, name):
    found = find(name)
    units = [mark.name for mark in marks_of(found) if isinstance(mark, quantity.Unit)]
    assert not units or unit in units, word


def marks_of(field):
    if not isinstance(field, FieldInfo):
        return
    yield from field.metadata
    left = [field.annotation]
    while left:
        hint = left.pop()
        yield from getattr(hint, "__metadata__", ())
        left += getattr(hint, "__args__", ())


def test_the_readme_installs_with_what_is_there():
    page = ROOT / "README.md"
    [first, second] = [block.text for block in blocks(page) if block.language == "bash"]
    assert "-c constraints.txt . && .venv/bin/staffopt solve nottinghamshire-2018" in first
    assert '-c constraints.txt ".[test]" && .venv/bin/python -m pytest' in second
    assert "powershell" in [block.language for block in blocks(page)]
    assert (ROOT / "constraints.txt").is_file()
    assert "test" in PROJECT["project"]["optional-dependencies"]
    assert PROJECT["project"]["license"] in read(page)


def test_every_kind_of_error_is_on_the_page_of_the_command_line():
    kinds = {error.kind for error in vars(errors).values() if hasattr(error, "kind")}
    text = read(ROOT / "docs" / "cli.md")
    assert sorted(kind for kind in kinds if f"`{kind}`" not in text) == []
    assert {"input", "solver-missing"} <= kinds
