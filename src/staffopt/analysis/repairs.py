"""Repairs: figures that are changed together, so that there is a plan; and their order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from staffopt.plan import Plan


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One figure that is changed.

    Attributes:
        path: where it stands, as ``--set`` names it.
        before, after: what it is, and what it becomes.
        unit: its unit.
        step: what it was changed in.
        rule: label of the rule.
        least: whether one step less is proven not to do, all else in the repair as it is; None
            where that was not proven.
    """

    path: str
    before: Fraction
    after: Fraction
    unit: str
    step: Fraction
    rule: str
    least: bool | None

    @property
    def size(self) -> Fraction:
        """How much it changes by, in its unit."""
        return abs(self.after - self.before)

    @property
    def relative(self) -> Fraction:
        """How much it changes by, relative to what it is; where that is nothing, to one unit."""
        return self.size / (abs(self.before) or 1)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.path,
            "before": exact_text(self.before),
            "after": exact_text(self.after),
            "unit": self.unit,
            "step": exact_text(self.step),
            "rule": self.rule,
            "least": self.least,
        }


@dataclass(frozen=True, slots=True, eq=False)
class ParameterRepair:
    """Figures that are changed together, so that there is a plan.

    Attributes:
        changes: the figures.
        plan: the repaired question's plan, verified.
        price: what the changes weigh by the prices given; None where one of them has none.
    """

    changes: tuple[ParameterChange, ...]
    plan: Plan
    price: Fraction | None

    @property
    def relative(self) -> Fraction:
        """How much the figures change together, each relative to what it is."""
        return sum((change.relative for change in self.changes), Fraction(0))

    @property
    def rank(self) -> tuple[int, Fraction]:
        """What it is ranked by where prices do not say: how many figures change, then how much."""
        return len(self.changes), self.relative

    @property
    def overrides(self) -> dict[str, str]:
        """Path → figure, as ``--set`` takes them."""
        return {change.path: exact_text(change.after) for change in self.changes}

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data; of its plan what each goal came to."""
        return {
            "changes": [change.to_json() for change in self.changes],
            "price": None if self.price is None else exact_text(self.price),
            "goals": [goal.model_dump(mode="json") for goal in self.plan.goals],
        }


def ranked(repairs: Sequence[ParameterRepair]) -> list[ParameterRepair]:
    """Order repairs: by price where all figures have one, then fewest figures, then least change.

    One that changes no fewer figures, each by no less, than another is left out.
    """

    def rank(repair: ParameterRepair) -> tuple[Any, ...]:
        return repair.price is None, repair.price or 0, repair.rank

    return [
        one
        for one in sorted(repairs, key=rank)
        if not any(_outdone(one, other) for other in repairs)
    ]


def _outdone(one: ParameterRepair, other: ParameterRepair) -> bool:
    mine, its = ({c.path: c.size for c in r.changes} for r in (one, other))
    return its != mine and all(path in mine and its[path] <= mine[path] for path in its)
