"""Reading model files: text → tree → schema → names of rules and of their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.model.schema import UNLESS_GIVEN, Model
from staffopt.rulebook import RULES, find_rule
from staffopt.schema_faults import schema_faults
from staffopt.yaml_text import Loc, Mark, Tree, first_faults, read_yaml


def read_models(folder: Path | str) -> dict[str, Model]:
    """Read every model of a folder, by id.

    Raises:
        InputError: with every fault of every file; a file is named after its model.
    """
    models: dict[str, Model] = {}
    trees: dict[str, Tree] = {}
    faults: list[Fault] = []
    for path in sorted(Path(folder).glob("*.yaml")):
        try:
            tree = read_yaml(path)
            model = _model_of(tree)
        except InputError as error:
            faults += error.faults
            continue
        if model.model != path.stem:
            what = f"the file holds model {model.model!r}"
            mend = f"Rename the file to {model.model}.yaml, or the model to {path.stem}."
            faults.append(Fault("model-file-name", what, mend, tree.place(("model",))))
        models[model.model], trees[model.model] = model, tree
    if not faults:
        faults = [f for name in models for f in _unknown_includes(name, models, trees[name])]
    if faults:
        raise InputError(faults)
    return models


def read_model(path: Path | str) -> Model:
    """Read one model file; the models that it includes are not looked for.

    Raises:
        InputError: with every fault of the file, in file order.
    """
    return _model_of(read_yaml(Path(path)))


def rule_faults(content: Mapping[str, Any], label: str, tree: Tree, at: Loc) -> list[Fault]:
    """Check a rule's name and parameters; parameters that are left out may come from elsewhere.

    Args:
        content: the parameters as the file writes them.
        label: the key under which they stand.
        tree: the file.
        at: where they stand in it.
    """
    name = str(content.get("rule", label))
    if name not in RULES:
        place = tree.place((*at, "rule")) if "rule" in content else tree.key_place(at)
        return [unknown("rule", name, sorted(RULES), place)]
    params = {key: v for key, v in content.items() if key not in ("rule", UNLESS_GIVEN)}
    rule = find_rule(name)
    try:
        rule.model_validate(params)
    except ValidationError as error:
        # The rule sees its parameters alone, so its faults are placed under where they stand.
        part = replace(tree, root=params, marks=_under(tree.marks, at), keys=_under(tree.keys, at))
        found = schema_faults(error, part, rule)
        return [_rooted(item.fault, at) for item in found if not item.missing]
    return []


def _under(marks: Mapping[Loc, Mark], at: Loc) -> dict[Loc, Mark]:
    return {loc[len(at) :]: mark for loc, mark in marks.items() if loc[: len(at)] == at}


def _rooted(fault: Fault, at: Loc) -> Fault:
    place = fault.place
    path = ".".join([*map(str, at), *filter(None, [place.path])])
    whole = Place(place.file, place.line, place.column, path)
    return Fault(fault.code, fault.what, fault.mend, whole)


def _model_of(tree: Tree) -> Model:
    faults = [*_rules_of(tree)]
    try:
        model = Model.model_validate(tree.plain())
    except ValidationError as error:
        faults += [item.fault for item in schema_faults(error, tree, Model)]
        raise InputError(first_faults(faults)) from error
    if faults:
        raise InputError(first_faults(faults))
    return model


def _rules_of(tree: Tree) -> Iterator[Fault]:
    rules = tree.root.get("rules")
    for label, content in rules.items() if isinstance(rules, dict) else ():
        if isinstance(content, dict):
            if content.get(UNLESS_GIVEN, "off") != "off":
                place = tree.place(("rules", label, UNLESS_GIVEN))
                yield Fault(
                    "not-off", f"{UNLESS_GIVEN} is off", "Write off, or leave it out.", place
                )
            yield from rule_faults(content, label, tree, ("rules", label))
        elif content == "off" and label not in RULES:
            place = tree.key_place(("rules", label))
            yield unknown("rule", label, sorted(RULES), place)


def _unknown_includes(name: str, models: Mapping[str, Model], tree: Tree) -> Iterator[Fault]:
    for i, other in enumerate(models[name].includes):
        if other not in models:
            yield unknown("model", other, sorted(models), tree.place(("includes", i)))
