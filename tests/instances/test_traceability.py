"""Every shipped figure can be traced, every option asked, and no model knows a council."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from staffopt import library
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.settle import ask

INSTANCES = sorted(path.stem for path in library.path("instances").glob("*.yaml"))
INVENTED = (
    "tiny",
    "relief",
    "tiny-asye",
    "tiny-agency",
    "tiny-turnover",
    "tiny-careers",
    "tiny-flow",
    "tiny-money",
    "tiny-places",
)
MODELS = sorted(path.stem for path in library.path("models").glob("*.yaml"))
NOT_FIGURES = {"schema_version", "paper", "sources", "assumptions"}
FIGURE = re.compile(r"(<=|>=|<|>)?\s*£?[\d,]*\.?\d+(\s*-\s*\d[\d.]*)?|\d{4}-\d{2}")
"""A number, an interval of a band, or a month."""

each_instance = pytest.mark.parametrize("name", INSTANCES)
each_model = pytest.mark.parametrize("name", MODELS)


@cache
def tree(kind: str, name: str) -> dict[str, Any]:
    """Read a file as text alone, by no code of the package."""
    text = (library.path(kind) / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes text and nothing else)


@cache
def models() -> dict[str, Model]:
    return {name: Model.model_validate(tree("models", name)) for name in MODELS}


def figures(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every figure below a node."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key != "from" and (path or key not in NOT_FIGURES):
                yield from figures(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from figures(child, (*path, str(index)))
    elif FIGURE.fullmatch(node):
        yield path


def step(node: Any, key: str) -> Any:
    return node[int(key)] if isinstance(node, list) else node[key]


def traced(root: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Say whether a record around a figure has a source, or a path above it is assumed."""
    node, done = root, []
    for key in path:
        node = step(node, key)
        done.append(key)
        if (isinstance(node, dict) and "from" in node) or ".".join(done) in root["assumptions"]:
            return True
    return False


def resolves(root: dict[str, Any], path: str) -> bool:
    """Say whether an assumption's path leads to something that the instance says."""
    node: Any = root
    for key in path.split("."):
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


@each_instance
def test_every_figure_has_a_source_or_is_an_assumption(name):
    root = tree("instances", name)
    found = list(figures(root))
    assert len(found) > 10
    assert [".".join(path) for path in found if not traced(root, path)] == []


def test_a_figure_without_either_is_noticed():
    root = {"roles": {"clerk": {"kind": "administration", "cost": "20000"}}, "assumptions": {}}
    assert [path for path in figures(root) if not traced(root, path)] == [
        ("roles", "clerk", "cost")
    ]


@each_instance
def test_every_assumption_is_about_something_and_has_a_reason(name):
    root = tree("instances", name)
    assert [path for path in root["assumptions"] if not resolves(root, path)] == []
    given = root["assumptions"].values()
    reasons = [each["reason"] if isinstance(each, dict) else each for each in given]
    assert all(len(reason.split()) >= 3 for reason in reasons)


@pytest.mark.parametrize("name", [name for name in INSTANCES if name not in INVENTED])
def test_an_instance_of_a_paper_names_it(name):
    paper = tree("instances", name)["paper"]
    assert {"council", "date", "title"} <= set(paper)


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_instance_says_so(name):
    root = tree("instances", name)
    assert "invented" in root["title"]
    assert "paper" not in root
    assert set(root["assumptions"].values()) == {"invented for teaching"}


@each_instance
def test_every_option_can_be_asked(name):
    council = Instance.model_validate(tree("instances", name))
    assert council.instance == name
    assert council.default_option in council.options
    for option, record in council.options.items():
        assert ask(council, models(), option=option).model == record.model


@each_model
def test_a_model_has_its_file_s_name_a_title_and_a_manager_s_question(name):
    model = models()[name]
    assert model.model == name
    assert model.question is not None
    assert model.question.endswith("?")


@each_model
def test_a_model_names_no_council_s_figure(name):
    root = {key: value for key, value in tree("models", name).items() if key != "schema_version"}
    assert list(figures(root)) == []


@each_model
def test_a_model_names_no_council_s_teams_roles_funds_or_packages(name):
    named = set(words(tree("models", name)))
    for instance in INSTANCES:
        root = tree("instances", instance)
        tables = ("teams", "roles", "funds", "packages", "groups")
        ids = {key for table in tables for key in root.get(table, {})}
        # Tameside's role asye carries the tag of that name, which models may speak of.
        tags = {tag for role in root["roles"].values() for tag in role.get("tags", ())}
        assert not named & (ids - tags)


def words(node: Any) -> Iterator[str]:
    """Yield every scalar and list entry below a node, keys left out."""
    if isinstance(node, dict):
        for child in node.values():
            yield from words(child)
    elif isinstance(node, list):
        for child in node:
            yield from words(child)
    else:
        yield node
