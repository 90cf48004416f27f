"""Checks of what a schema cannot see; one short function a check."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from staffopt.errors import Fault
from staffopt.instance.checks import (
    benefits,
    careers,
    england,
    fixed_terms,
    funds,
    money,
    names,
    people,
    prices,
    sources,
    staffing,
    turnover,
)
from staffopt.instance.checks.view import Check, View
from staffopt.instance.schema import Instance
from staffopt.yaml_text import MOST_FAULTS, Loc, Tree, first_faults

FIGURE_CHECKS: tuple[Check, ...] = (
    *names.CHECKS,
    *staffing.CHECKS,
    *fixed_terms.CHECKS,
    *people.CHECKS,
    *turnover.CHECKS,
    *careers.CHECKS,
    *money.CHECKS,
    *funds.CHECKS,
    *benefits.CHECKS,
    *prices.CHECKS,
    *england.CHECKS,
)
"""What must hold of figures wherever they come from; what else a file owes is their sources."""

CHECKS: tuple[Check, ...] = (*FIGURE_CHECKS, *sources.CHECKS)


def check_instance(
    instance: Instance,
    tree: Tree | None = None,
    *,
    models: Collection[str] | None = None,
    pruned: Collection[Loc] = (),
    checks: Collection[Check] = CHECKS,
) -> list[Fault]:
    """Check an instance, and return every fault and warning in file order.

    Args:
        instance: the facts.
        tree: the file they come from, so that faults have their line and column.
        models: ids of the models there are; names of models are not checked if None.
        pruned: nodes of the file that could not be read; what would follow from that is not told.
        checks: the checks made.
    """
    view = View(instance, tree, None if models is None else frozenset(models), frozenset(pruned))
    broken = view.broken_sections
    faults: list[Fault] = []
    for check in checks:
        if not check.reads & broken:
            faults += islice(check.run(view), MOST_FAULTS + 1)
    return first_faults(faults)
