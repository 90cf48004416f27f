"""The one mechanism by which anything is changed: a path, a value, and who asks for it.

A scenario changes the world, an option the decision, ``--set`` and :meth:`Instance.where`
anything. Each is validated like the file and listed in the plan.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from staffopt.errors import Fault, InputError, Place, near
from staffopt.instance.checks import FIGURE_CHECKS, check_instance
from staffopt.instance.options import Override
from staffopt.instance.schema import Instance
from staffopt.record import faults_of


def override(instance: Instance, overrides: Sequence[Override]) -> Instance:
    """Apply overrides to an instance, and validate and check the whole again, like the file.

    Only a change's own faults are told: what was at fault before is not its doing, and a figure
    that somebody tries out needs no source.

    Raises:
        InputError: if a path leads nowhere, a value is not what stands there, or the figures are
            then at odds with each other.
    """
    if not overrides:
        return instance
    tree = instance.model_dump(mode="json", exclude_unset=True)
    years = instance.calendar.years
    for step in overrides:
        put(tree, keys_of(step.path), step, Instance.model_fields, years=years)
    try:
        changed = Instance.model_validate(tree)
    except ValidationError as error:
        raise InputError(faults_of(error, "", origins_of(overrides))) from error
    if found := _errors(changed):
        before = {(fault.code, fault.what) for fault in _errors(instance)}
        if faults := [fault for fault in found if (fault.code, fault.what) not in before]:
            raise InputError(faults)
    return changed


def _errors(instance: Instance) -> list[Fault]:
    faults = check_instance(instance, checks=FIGURE_CHECKS)
    return [fault for fault in faults if not fault.warning]


def put(
    tree: dict[str, Any],
    keys: Sequence[str],
    step: Override,
    sections: Collection[str],
    *,
    years: Sequence[str] = (),
) -> None:
    """Put one value into the tree of a file.

    Args:
        tree: the file as plain tables; it is changed.
        keys: where the value goes.
        step: the override; it gives the value, and its words for a fault.
        sections: what the file may have at its top.
        years: financial years for which one ceiling for all becomes a ceiling each.

    Raises:
        InputError: if the keys lead nowhere.
    """
    *parents, leaf = keys
    node: Any = tree
    for depth, key in enumerate(parents):
        child = _child(node, key, step, sections if depth == 0 else (), parents[:depth])
        if not isinstance(child, dict | list):
            child = dict.fromkeys(years, child) if key == "ceiling" else {}
            node[key] = child
        node = child
    if isinstance(node, list):
        _child(node, leaf, step, (), parents)
        node[int(leaf)] = plain(step.value)
    else:
        node[leaf] = plain(step.value)


_OPEN_TABLES = (
    "rules",
    "standards",
    "pins",
    "people",
    "joined",
    "needed",
    "starting",
    "spare_heads",
    "ceiling",
    "posts",
    "change",
    "packages",
    "cases",
    "pays_for",
)
"""Tables in which an override may make an entry that the file leaves out."""


def _child(
    node: Any, key: str, step: Override, sections: Collection[str], above: Sequence[str]
) -> Any:
    where = ".".join(above) or "the file"
    if isinstance(node, list):
        if re.fullmatch(r"[0-9]{1,6}", key) and int(key) < len(node):
            return node[int(key)]
        raise _nowhere(step, f"{where} has no entry {key!r}", f"It has 0 to {len(node) - 1}.")
    if key in node:
        return node[key]
    if key in sections or any(name in _OPEN_TABLES for name in (*above, key)):
        return node.setdefault(key, {})
    known = [*map(str, node), *(name for name in sections if name not in node)]
    raise _nowhere(step, f"there is no {key!r} in {where}", near(key, known))


def _nowhere(step: Override, why: str, mend: str) -> InputError:
    what = f"{step.path!r} leads nowhere: {why}"
    return InputError([Fault("unknown-path", what, mend, Place(file=step.origin))])


def keys_of(path: str) -> list[str]:
    """Split a dotted path.

    Raises:
        InputError: if it is no path.
    """
    keys = path.split(".")
    if not all(keys) or len(keys) < 2 or len(keys) > 8:  # noqa: PLR2004 (no path is deeper)
        raise InputError(
            [
                Fault(
                    "unknown-path",
                    f"{path!r} is not a path",
                    "Write a path such as teams.cds.cases.",
                )
            ]
        )
    return keys


def plain(value: Any) -> Any:
    """Write a Python value as it would stand in a file."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, float):
        raise InputError(
            [
                Fault(
                    "not-exact",
                    f"{value!r} is not an exact figure",
                    "Pass an int, a Decimal or a string.",
                )
            ]
        )
    return value if isinstance(value, bool | int) else str(value)


def origins_of(overrides: Sequence[Override]) -> dict[str, str]:
    """Return path → who asks for it, so that a fault can name its origin."""
    return {step.path: step.origin for step in overrides}
