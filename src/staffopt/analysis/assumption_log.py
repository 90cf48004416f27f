"""The log of assumptions as data: every assumption, and what became of moving its figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from staffopt.analysis.figures import ZERO, annual_cost, new_money
from staffopt.analysis.inputs import Input
from staffopt.instance.sources import Assumption
from staffopt.plan import Amount, Plan
from staffopt.quantity import exact_text
from staffopt.question import Question

NO_RANGE = "no range"
"""Why an effect is not tested that nobody has given a range."""


class Outcome(StrEnum):
    """What came of solving with a figure at one end of its range."""

    PLAN = "plan"
    NO_PLAN = "no plan"
    REFUSED = "refused"
    NOT_TOLD = "not told"


class Impact(StrEnum):
    """What an assumption would change within its range, as logs rate it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


def new_money_of(plan: Plan) -> Amount:
    """Return the new money of a plan: in all, where people are carried forward, else a year's.

    Who joins and leaves is paid for in the months that are planned, and not for good.
    """
    if not plan.figures.flows:
        return annual_cost(plan)
    years = [new_money(plan, year) for year in plan.question.instance.calendar.years]
    return Amount.of(
        sum((year.raw for year in years), ZERO), at_least=any(year.at_least for year in years)
    )


@dataclass(frozen=True, slots=True)
class End:
    """What becomes of the plan with a figure at one end of its range.

    Attributes:
        at: the figure there.
        outcome: whether there is a plan; ``refused``: no such figure may stand there.
        goal: the first goal of the best plan there, in its unit; None without one.
        cost: new money of that plan, as :func:`new_money_of` counts it; None without one.
        best: whether the plan of the log is still the best there.
        holds: whether that plan still meets every rule there.
        first: the option ranked first there; None where none is.
        ranked: whether options were ranked there.
        why: why there is no plan, or why none is told; empty where there is one.
    """

    at: Fraction
    outcome: Outcome
    goal: Fraction | None = None
    cost: Amount | None = None
    best: bool = False
    holds: bool = False
    first: str | None = None
    ranked: bool = False
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "at": exact_text(self.at),
            "outcome": str(self.outcome),
            "goal": None if self.goal is None else exact_text(self.goal),
            "new_money": None if self.cost is None else self.cost.model_dump(mode="json"),
            "plan_still_best": self.best,
            "plan_still_holds": self.holds,
            "ranked": self.ranked,
            "ranked_first": self.first,
            "why": self.why or None,
        }


@dataclass(frozen=True, slots=True)
class Tested:
    """A figure that was moved to the ends of its range.

    Attributes:
        figure: the figure.
        stated: whether the instance states its range; else it is a share of the figure.
        low, high: what becomes of the plan there; None at an end that is not stated.
    """

    figure: Input
    stated: bool
    low: End | None
    high: End | None

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that were looked at."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.figure.path,
            "value": exact_text(self.figure.value),
            "unit": self.figure.unit,
            "range": "stated" if self.stated else "share",
            "low": None if self.low is None else self.low.to_json(),
            "high": None if self.high is None else self.high.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """One assumption of the log.

    Attributes:
        number: its place in the instance, from 1.
        path: what is assumed.
        value: what stands there, as a file would write it; None where that is several figures.
        unit: of the figure; empty where there is none.
        figures: how many figures of the question the assumption covers.
        told: its reason, source, owner, quality and range, as the instance states them.
        tested: the figures that were moved.
        untested: why its effect was not tested; empty where it was.
        impact: what it would change; None where that is not known.
    """

    number: int
    path: str
    value: str | None
    unit: str
    figures: int
    told: Assumption
    tested: tuple[Tested, ...] = ()
    untested: str = ""
    impact: Impact | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "number": self.number,
            "path": self.path,
            "value": self.value,
            "unit": self.unit,
            "figures": self.figures,
            **self.told.model_dump(mode="json"),
            "effect": "tested" if self.tested else f"not tested: {self.untested}",
            "tested": [one.to_json() for one in self.tested],
            "impact": self.impact,
        }


@dataclass(frozen=True, slots=True)
class AssumptionLog:
    """Every assumption of a council, with its effect on a question's plan.

    Attributes:
        plan: the plan of the question.
        first: the option ranked first on the figures as they are; None where none was ranked.
        ranked: whether the council's options were ranked.
        entries: the assumptions, in file order; none is left out.
        stopped: whether the loop ended early.
    """

    plan: Plan
    first: str | None
    ranked: bool
    entries: tuple[Entry, ...]
    stopped: bool = False

    @property
    def question(self) -> Question:
        """The question."""
        return self.plan.question

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        question, goal = self.question, self.plan.goals[0]
        return {
            "instance": question.instance.instance,
            "option": question.option,
            "model": question.model,
            "plan": self.plan.id,
            "goal": goal.model_dump(mode="json"),
            "new_money": new_money_of(self.plan).model_dump(mode="json"),
            "new_money_is": "in all" if self.plan.figures.flows else "a year",
            "ranked_first": self.first,
            "assumptions": [entry.to_json() for entry in self.entries],
            "stopped": self.stopped,
        }
