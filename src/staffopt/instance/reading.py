"""Reading an instance: file or folder → tree → schema → checks, every fault at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from staffopt.errors import Fault, InputError
from staffopt.instance.checks import check_instance
from staffopt.instance.files import read_tree
from staffopt.instance.schema import Instance
from staffopt.schema_faults import SchemaFault, schema_faults
from staffopt.yaml_text import MOST_FAULTS, Loc, Tree, first_faults, in_file

_MOST_ROUNDS = 20
_PLACEHOLDERS: dict[str, Any] = {
    "schema_version": "1",
    "instance": "unreadable",
    "title": "unreadable",
    "calendar": {"start": "2000-04", "end": "2000-04"},
    "roles": {},
    "teams": {},
}
"""What stands in for required sections that cannot be read, so that the rest can be checked."""


def read_instance(path: Path | str, *, models: Collection[str] | None = None) -> Instance:
    """Read and check an instance file.

    Args:
        path: the file: YAML or a workbook; or a folder of CSV files.
        models: ids of the models there are; names of models are not checked if None.

    Raises:
        InputError: with every fault of the file, in file order; warnings are not among them.
    """
    instance, _ = read_checked(path, models=models)
    return instance


def read_checked(
    path: Path | str, *, models: Collection[str] | None = None
) -> tuple[Instance, list[Fault]]:
    """Read and check an instance file, and return its warnings too.

    Raises:
        InputError: with every fault of the file, in file order; warnings are not among them.
    """
    instance, faults = check_tree(read_tree(Path(path)), models=models)
    errors = [fault for fault in faults if not fault.warning]
    if errors or instance is None:
        raise InputError(errors)
    return instance, faults


def check_tree(
    tree: Tree, *, models: Collection[str] | None = None
) -> tuple[Instance | None, list[Fault]]:
    """Validate and check a file's content.

    Returns:
        The instance, None if the schema refuses it, and every fault and warning in file order.
    """
    try:
        instance = Instance.model_validate(tree.plain())
    except ValidationError as error:
        refused = schema_faults(error, tree, Instance)
        faults = [*tree.faults, *(item.fault for item in refused if not _is_lost(item.loc, tree))]
        salvaged, pruned = _salvage(tree, refused)
        if salvaged is not None:
            faults += check_instance(salvaged, tree, models=models, pruned=pruned | tree.lost)
        return None, first_faults(faults)
    faults = [*tree.faults, *check_instance(instance, tree, models=models, pruned=tree.lost)]
    return (None if tree.faults else instance), first_faults(faults)


def _is_lost(loc: Loc, tree: Tree) -> bool:
    """Say whether a node's own fault is told already: nothing could be read there."""
    return any(loc[:length] in tree.lost for length in range(1, len(loc) + 1))


def _salvage(tree: Tree, refused: list[SchemaFault]) -> tuple[Instance | None, set[Loc]]:
    """Take out what cannot be read until the rest can."""
    pruned: set[Loc] = set()
    for _ in range(_MOST_ROUNDS):
        if len(pruned) + len(refused) > MOST_FAULTS:
            return None, pruned  # hardly an instance; what is left of it says nothing
        pruned |= {item.loc[:-1] if item.missing else item.loc for item in refused}
        pruned |= {item.loc for item in refused if item.missing and len(item.loc) == 1}
        rest = _without(tree.root, pruned, ())
        for name, value in _PLACEHOLDERS.items():
            rest.setdefault(name, value)
        try:
            return Instance.model_validate(rest), pruned - {()}
        except ValidationError as error:
            again = schema_faults(error, Tree(tree.name, rest, {}, {}), Instance)
            refused = [replace(item, loc=in_file(item.loc, pruned)) for item in again]
    return None, pruned


def _without(node: Any, pruned: set[Loc], loc: Loc) -> Any:
    """Copy a node without what cannot be read."""
    if isinstance(node, dict):
        return {
            key: _without(child, pruned, (*loc, key))
            for key, child in node.items()
            if (*loc, key) not in pruned
        }
    if isinstance(node, list):
        return [
            _without(child, pruned, (*loc, i))
            for i, child in enumerate(node)
            if (*loc, i) not in pruned
        ]
    return node
