"""How a loop asks a desk: what comes of one question, how far the loop is, when it ends early."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from staffopt.desk import Desk
from staffopt.errors import Cancelled, Infeasible
from staffopt.plan import Plan
from staffopt.question import Question

PROVEN = "proven"
"""What a plan's provenance says where nothing stopped the solve."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a loop of solves has come.

    Attributes:
        number: which solve comes next, from 1.
        of: how many there will be; None where nobody knows.
        words: what it asks.
    """

    number: int
    of: int | None
    words: str


Told = Callable[[Step], None]
"""Is told of each step before its solve."""


def ignore(step: Step) -> None:
    """Pass a step over."""


def proven(desk: Desk) -> Plan:
    """Solve, and refuse a plan that a stop left unproven: a loop that used it would mislead.

    Raises:
        Cancelled: the caller, or the time limit, ended the solve first.
        Infeasible: proven; with what would have to give.
    """
    plan = desk.solve()
    if plan.provenance.stopped != PROVEN:
        raise Cancelled(f"the solve ended before its plan was proven: {plan.provenance.stopped}")
    return plan


def attempt(desk: Desk) -> Plan | Infeasible:
    """Solve; that there is no plan is an answer too.

    Raises:
        Cancelled: the caller, or the time limit, ended the solve first.
    """
    try:
        return proven(desk)
    except Infeasible as none:
        return none


def with_goals(
    desk: Desk, goals: Sequence[Mapping[str, Any]], changes: Mapping[str, Any] | None = None
) -> Desk:
    """Return a desk that asks for other goals than the model's, and with other figures.

    Args:
        desk: the desk.
        goals: what is minimised, as a model file has it.
        changes: path → value.
    """
    return changed(desk, {**(changes or {}), "model.goals": [dict(goal) for goal in goals]})


def changed(desk: Desk, changes: Mapping[str, Any]) -> Desk:
    """Return a desk whose question has other figures, over those asked for already."""
    return desk.asking(overrides={**(desk.request.overrides or {}), **changes})


def goals_of(question: Question) -> list[dict[str, Any]]:
    """Return a question's goals as a model file has them."""
    return [goal.model_dump(mode="json", exclude_defaults=True) for goal in question.goals]


Wish = str | Mapping[str, Any]
"""A goal: its name, or its fields as a model file has them."""


def wish(question: Question, goal: Wish) -> dict[str, Any]:
    """Return a goal's fields: the model's own goal of that name, if it has one."""
    if not isinstance(goal, str):
        return dict(goal)
    return next((own for own in goals_of(question) if own["minimise"] == goal), {"minimise": goal})


def unlike(goals: Sequence[Mapping[str, Any]], first: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return goals without those that minimise what the first one does."""
    return [dict(goal) for goal in goals if goal["minimise"] != first["minimise"]]
