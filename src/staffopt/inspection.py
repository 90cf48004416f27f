"""Checking a whole file: its own faults, and whether every question in it can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from staffopt.errors import Fault, InputError, unknown
from staffopt.instance.files import read_tree
from staffopt.instance.reading import check_tree
from staffopt.instance.schema import Instance
from staffopt.model.reading import rule_faults
from staffopt.model.schema import Model
from staffopt.rulebook import RULES
from staffopt.settle import ask
from staffopt.yaml_text import Loc, Tree, first_faults


def check_file(path: Path | str, models: Mapping[str, Model]) -> list[Fault]:
    """Check an instance file and every option and scenario in it.

    Args:
        path: the file, or the folder of CSV files.
        models: every model there is, by id.

    Returns:
        Faults and warnings in file order; an empty list if there are none.
    """
    try:
        tree = read_tree(Path(path))
    except InputError as error:
        return list(error.faults)
    return check_content(tree, models)


def check_content(tree: Tree, models: Mapping[str, Model]) -> list[Fault]:
    """Check a file's content as :func:`check_file` does."""
    instance, faults = check_tree(tree, models=models.keys())
    faults += _standards(tree, models)
    if instance is not None and not any(not fault.warning for fault in faults):
        faults += _questions(instance, models, tree)
    return first_faults(faults)


def _standards(tree: Tree, models: Mapping[str, Model]) -> Iterator[Fault]:
    """Check the labels and parameters of the council's standards and of every option's."""
    yield from _rules_in(tree.root.get("standards"), ("standards",), tree, models)
    options = tree.root.get("options")
    for name, option in options.items() if isinstance(options, dict) else ():
        if isinstance(option, dict):
            at = ("options", name, "standards")
            yield from _rules_in(option.get("standards"), at, tree, models)


def _rules_in(standards: Any, at: Loc, tree: Tree, models: Mapping[str, Model]) -> Iterator[Fault]:
    labels = {label: params for model in models.values() for label, params in model.rules.items()}
    for label, content in standards.items() if isinstance(standards, dict) else ():
        place = (*at, label)
        if label not in labels and label not in RULES:
            known = sorted({*labels, *RULES})
            yield unknown("rule", label, known, tree.key_place(place))
        elif isinstance(content, dict):
            params = labels.get(label)
            named = params.get("rule", label) if isinstance(params, Mapping) else label
            rule = content if "rule" in content else {**content, "rule": named}
            yield from rule_faults(rule, label, tree, place)
            yield from _bands_of(content, place, tree)


def _bands_of(content: Mapping[str, Any], at: Loc, tree: Tree) -> Iterator[Fault]:
    """Check the bands that a standard forbids or limits."""
    bands = tree.root.get("bands")
    edges = bands.get("edges") if isinstance(bands, dict) else {}
    if not isinstance(edges, dict):
        return
    forbid = content.get("forbid")
    for i, band in enumerate(forbid if isinstance(forbid, list) else ()):
        if isinstance(band, str) and band not in edges:
            yield unknown("band", band, list(edges), tree.place((*at, "forbid", i)))
    at_most = content.get("at_most")
    for band in at_most if isinstance(at_most, dict) else ():
        if band not in edges:
            yield unknown("band", band, list(edges), tree.key_place((*at, "at_most", band)))


def _questions(instance: Instance, models: Mapping[str, Model], tree: Tree) -> Iterator[Fault]:
    """Ask every option, and the default option in every scenario."""
    seen: set[tuple[str, str]] = set()
    asked: list[tuple[str, str | None]] = [(option, None) for option in instance.options]
    if instance.default_option is not None:
        asked += [(instance.default_option, scenario) for scenario in instance.scenarios]
    for option, scenario in asked:
        at = ("scenarios", scenario) if scenario is not None else ("options", option)
        try:
            ask(instance, models, option=option, scenario=scenario)
        except InputError as error:
            for fault in error.faults:
                if (fault.code, fault.what) not in seen:
                    seen.add((fault.code, fault.what))
                    yield _placed(fault, at, tree)


def _placed(fault: Fault, at: Loc, tree: Tree) -> Fault:
    """Place a fault of a question in the file: where its path leads, or at the option asked."""
    parts: Loc = tuple(fault.place.path.split(".")) if fault.place.path else ()
    path = parts if parts and parts[0] in tree.root else at
    place = tree.place(path) if path != at else tree.key_place(at)
    what = f"{' '.join(map(str, at))}: {fault.what}"
    return Fault(fault.code, what, fault.mend, place)
