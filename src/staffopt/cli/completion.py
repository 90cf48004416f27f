"""What the shell offers after Tab: names, found without reading files whole or importing much.

A hint and no check: what cannot be found is not offered, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from staffopt import shipped

Complete = Callable[[typer.Context, str], list[str]]


def offered(names: Callable[[typer.Context, str], Iterable[str]]) -> Complete:
    """Make a completion of a function that lists names: those that begin as typed, in order."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            found = list(names(ctx, incomplete))
        except (OSError, UnicodeError, ValueError):
            return []
        return sorted(name for name in found if name.startswith(incomplete))

    return complete


@offered
def instance_names(_ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Offer the shipped instances, and files that an instance may stand in."""
    return [*shipped.names("instances"), *_files(incomplete, ".yaml", ".xlsx")]


@offered
def model_names(_ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Offer the shipped models, and YAML files."""
    return [*shipped.names("models"), *_files(incomplete, ".yaml")]


@offered
def option_names(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the options of the instance that stands before."""
    return _keys(_instance(ctx), "options")


@offered
def person_ids(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the people of the instance that stands before, where they are listed in its file."""
    return _keys(_instance(ctx), "people")


@offered
def scenario_names(ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the scenarios of the instance that stands before."""
    return _keys(_instance(ctx), "scenarios")


@offered
def rule_names(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the rules, from the rule book's own text: importing it takes a third of a second."""
    for file in (Path(__file__).parents[1] / "rulebook").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"^class (\w+)\((?:\w+, )*Rule\)", text, re.MULTILINE):
            yield re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@offered
def backend_names(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer the solvers."""
    from staffopt.backends.registry import NAMES

    return NAMES


@offered
def format_names(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer what a report can be written as."""
    from staffopt.reporting.formats import FORMATS

    return FORMATS


@offered
def log_formats(_ctx: typer.Context, _incomplete: str) -> Iterable[str]:
    """Offer what a log of assumptions can be written as."""
    from staffopt.reporting.assumption_files import WRITERS

    return WRITERS


@offered
def plan_files(_ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Offer JSON files."""
    return _files(incomplete, ".json")


def _files(incomplete: str, *suffixes: str) -> Iterable[str]:
    """List the files of some kinds, and the folders, where the path typed so far leads."""
    folder, _, _ = incomplete.rpartition("/")
    start = f"{folder}/" if "/" in incomplete else ""
    for entry in Path(start or ".").iterdir():
        if entry.is_dir() and not entry.name.startswith("."):
            yield f"{start}{entry.name}/"
        elif entry.suffix in suffixes:
            yield f"{start}{entry.name}"


def _instance(ctx: typer.Context) -> str:
    """Return the instance typed so far; it waits in ``args`` while an option lacks its value."""
    return str(ctx.params.get("instance") or next(iter(ctx.args), ""))


def _keys(instance: str, table: str) -> list[str]:
    """List the keys of a table of an instance, by the indents of its file's lines."""
    own = Path(instance)
    file = own if own.is_file() else shipped.file_of("instances", instance)
    keys: list[str] = []
    inside, indent = False, ""
    text = file.read_text(encoding="utf-8") if file is not None else ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            inside = re.match(rf"{table}\s*:", line) is not None
        elif inside:
            indent = indent or line[: len(line) - len(line.lstrip())]
            if key := re.match(rf"{indent}([\w-]+)\s*:", line):
                keys.append(key[1])
    return keys
