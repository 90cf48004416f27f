"""Switching values: how far each assumption and cost may move before the plan is not the best one.

The Green Book calls so the value at which the preferred option changes. Of a price that enters the
first goal alone it is exact; of other figures what is said is what was tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack

from staffopt.analysis.asking import Step, Told, ignore, proven
from staffopt.analysis.inputs import Input, inputs_of
from staffopt.analysis.moving import SHOWN, Mover, Switching
from staffopt.build import build
from staffopt.desk import open_desk
from staffopt.errors import Cancelled, Fault, InputError, Place
from staffopt.instance.schema import Instance
from staffopt.plan import GoalValue, Plan
from staffopt.quantity import exact_text, parse_decimal
from staffopt.question import Question
from staffopt.request import Asking


@dataclass(frozen=True, slots=True)
class SwitchingValues:
    """The switching values of a question's assumptions and costs.

    Attributes:
        question: the question.
        plan: its plan.
        within: the share of itself by which a figure without a stated range is moved.
        found: the figures that bear on the program, the widest swing of the first goal first.
        idle: paths of figures that change nothing of the program within what was looked at.
        stopped: whether the loop ended early.
    """

    question: Question
    plan: Plan
    within: Fraction
    found: tuple[Switching, ...]
    idle: tuple[str, ...]
    stopped: bool = False

    @property
    def goals(self) -> tuple[GoalValue, ...]:
        """The goals shown: the first two."""
        return self.plan.goals[:SHOWN]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "plan": self.plan.id,
            "goals": [goal.model_dump(mode="json") for goal in self.goals],
            "within": exact_text(self.within),
            "figures": [one.to_json() for one in self.found],
            "idle": list(self.idle),
            "stopped": self.stopped,
        }


def switching(
    council: Instance,
    *,
    paths: str | Iterable[str] = (),
    within: Decimal | int | str = "20%",
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> SwitchingValues:
    """Find how far each assumption and cost may move before the plan is not the best one.

    A plan is the best while it meets every rule and no other has a better first goal.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        paths: the figures to look at, or the only one; every assumption and every cost if none is
            named, but not the steps that posts come in.
        within: how far a figure is moved whose range is not stated, as a share of itself.
        tell: told of each figure before it is looked into.
        asking: as for :func:`staffopt.solve`.

    Returns:
        the switching values; where it was stopped, of the figures that were done.

    Raises:
        InputError: names or figures are at fault, no figure has such a path, or the model has no
            goal.
        Infeasible: there is no plan.
        Cancelled: stopped before the plan was proven.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    share = share_of(within)
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        figures = chosen(question, (paths,) if isinstance(paths, str) else tuple(paths))
        refuse_without_goal(question)
        tell(Step(1, len(figures) + 1, "the plan"))
        plan = proven(desk)
        found, idle, stopped = [], [], False
        program = build(question)
        try:
            for number, one in enumerate(figures, 2):
                tell(Step(number, len(figures) + 1, one.path))
                result = Mover(desk, plan, program, one, share).result()
                if result is None:
                    idle.append(one.path)
                else:
                    found.append(result)
        except Cancelled:
            stopped = True
    return SwitchingValues(
        plan.question, plan, share, tuple(sorted(found, key=_order)), tuple(idle), stopped
    )


def _order(one: Switching) -> tuple[bool, Fraction]:
    """Put first what leaves no plan, then the widest swing."""
    return one.swing is not None, -(one.swing or Fraction(0))


def share_of(within: Decimal | int | str) -> Fraction:
    """Read a share such as ``20%``.

    Raises:
        InputError: if it is none between 0 and 100%.
    """
    text = str(within).strip()
    try:
        share = Fraction(parse_decimal(text.removesuffix("%"))) / (100 if text[-1:] == "%" else 1)
    except ValueError:
        share = Fraction(-1)
    if not 0 < share < 1:
        what = f"{within!r} is no share"
        mend = "Write how far figures are moved, such as 20%."
        raise InputError([Fault("bad-share", what, mend, Place(path="within"))])
    return share


def chosen(question: Question, paths: Sequence[str]) -> list[Input]:
    """Return the figures of some paths; every assumption and cost where none is named.

    Raises:
        InputError: with every path at which no figure stands.
    """
    every = inputs_of(question)
    if not paths:
        return [one for one in every if (one.assumed or one.is_cost) and not one.is_lattice]
    known = {one.path: one for one in every}
    faults = [
        Fault("no-figure", f"no figure stands at {path!r}", "Name one that can be changed.")
        for path in paths
        if path not in known
    ]
    if faults:
        raise InputError(faults)
    return [known[path] for path in dict.fromkeys(paths)]


def refuse_without_goal(question: Question) -> None:
    """Refuse a question of which no plan is better than another.

    Raises:
        InputError: if it is one.
    """
    if not question.goals:
        what = f"{question.model} has no goal, so no plan is better than another"
        raise InputError([Fault("no-goal", what, "Give the model a goal.", Place(path="goals"))])
