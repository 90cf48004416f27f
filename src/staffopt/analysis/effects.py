"""Which input moved which output: each change alone, and all of them together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from staffopt.analysis.comparison import Comparison, compare, outputs_changed, partly
from staffopt.analysis.explanation import MOST_REPAIRS, Explanation, explain_on
from staffopt.answer import answer
from staffopt.desk import Desk, open_desk
from staffopt.errors import Fault, Infeasible, InputError, NoPlan
from staffopt.keeper import Keeper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staffopt.analysis.comparison import OutputChange
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan
    from staffopt.question import Question
    from staffopt.request import Asking

MOST_ALONE = 20
"""Up to so many inputs are changed one at a time; of more, those of one record go together."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What some inputs change by themselves, all others being as before.

    Attributes:
        paths: the inputs.
        outputs: the figures that differ from the first plan's; None where there is no plan.
    """

    paths: tuple[str, ...]
    outputs: tuple[OutputChange, ...] | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        outputs = self.outputs
        return {
            "paths": list(self.paths),
            "outputs": None if outputs is None else [change.to_json() for change in outputs],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two plans, and which input moved which output.

    Attributes:
        together: what differs, every input being changed.
        alone: what each input changes by itself; empty where only one input differs, or where it
            was not asked. What the parts do not add up to, they do to each other.
    """

    together: Comparison
    alone: tuple[Effect, ...]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {**self.together.to_json(), "alone": [effect.to_json() for effect in self.alone]}


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """What becomes of the plan if some figures are others.

    Attributes:
        before: the plan of the unchanged question.
        after: the plan of the changed one; None where it has none.
        difference: what differs; None where there is no second plan.
        explanation: why there is no plan, where there is none.
    """

    before: Plan
    after: Plan | None
    difference: Difference | None
    explanation: Explanation | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "difference": None if self.difference is None else self.difference.to_json(),
            "explanation": None if self.explanation is None else self.explanation.to_json(),
        }


def what_if(
    instance: Instance, changes: Mapping[str, Any], *, each: bool = True, **asking: Unpack[Asking]
) -> WhatIf:
    """Compare the plan of a question with the plan of the same question with other figures.

    Args:
        instance: the council.
        changes: path → figure, as ``--set`` takes them.
        each: whether each change is also made alone.
        asking: as for :func:`staffopt.solve`.

    Raises:
        Infeasible: the unchanged question has no plan.
        Others as :func:`staffopt.solve`.
    """
    if not changes:
        fault = Fault("no-change", "nothing is changed", "Give a path and a figure, as --set does.")
        raise InputError([fault])
    with open_desk(instance, **asking) as desk:
        before = desk.solve()
        changed = desk.overriding(changes)
        try:
            after = changed.solve()
        except Infeasible:
            return WhatIf(before, None, None, explain_on(changed, {}, MOST_REPAIRS))
        return WhatIf(before, after, _difference(desk, before, after, each=each), None)


def diff(old: Plan, new: Plan, *, each: bool = True, **asking: Unpack[Asking]) -> Difference:
    """Compare two plans: what changed in the inputs, in the plan, and what moved what.

    Args:
        old: one plan.
        new: the other.
        each: whether each input that differs is also changed alone, which solves once for each.
        asking: how to solve, as for :func:`staffopt.solve`; what is asked stands in the plans.

    Raises:
        As :func:`staffopt.solve`.
    """
    with open_desk(old.question.instance, **asking) as desk:
        return _difference(desk, old, new, each=each)


def _difference(desk: Desk, old: Plan, new: Plan, *, each: bool) -> Difference:
    together = compare(old, new)
    groups = _groups([change.path for change in together.inputs]) if each else []
    if len(groups) < 2:  # noqa: PLR2004 (one change alone is all of them together)
        return Difference(together, ())
    alone = tuple(_alone(desk, old, new.question, paths) for paths in groups)
    return Difference(together, alone)


def _groups(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Say which inputs are changed alone; what says which question is asked goes together."""
    many = len(paths) > MOST_ALONE
    groups: dict[str, list[str]] = {}
    for path in paths:
        table, *rest = path.split(".")
        key = ".".join([table, *rest[:1]]) if many else path
        groups.setdefault(key if rest else "the question", []).append(path)
    return [tuple(group) for group in groups.values()]


def _alone(desk: Desk, old: Plan, new: Question, paths: tuple[str, ...]) -> Effect:
    """Solve with some inputs as the new question has them; None where there is no such plan."""
    try:
        question = partly(old.question, new, paths)
        plan = solved(desk, question)
    except (Infeasible, InputError, NoPlan):
        return Effect(paths, None)
    return Effect(paths, outputs_changed(old, plan))


def solved(desk: Desk, question: Question) -> Plan:
    """Answer a question that no file states, with a desk's solvers.

    Raises:
        As :func:`staffopt.solve`.
    """
    with desk.solvers.lock:
        return answer(question, desk.request, desk.solvers, time.monotonic(), Keeper())
