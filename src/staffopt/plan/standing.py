"""How a plan stands: what verification found, what is proven of each goal, where it comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from staffopt.plan.decisions import (
    Decisions,
)
from staffopt.quantity import Exact, Number
from staffopt.record import Record


class Verdict(StrEnum):
    """What verification says of one rule instance."""

    MET = "met"
    MET_BY_TOLERANCE = "met by tolerance"
    SOFTENED = "softened"
    MISSED_BY_POLICY = "missed by policy"
    BROKEN = "broken"


class Grade(StrEnum):
    """How well an optimality claim is founded, the best first."""

    CERTIFIED = "CERTIFIED"
    CROSS_CHECKED = "CROSS-CHECKED"
    SOLVER_CLAIMED = "SOLVER-CLAIMED"
    FEASIBLE = "FEASIBLE"


class Finding(Record):
    """What verification says of one rule in one place."""

    rule: str = Field(description="The rule's label, or what was checked.")
    verdict: Verdict = Field(description="What holds.")
    words: str = Field(description="What holds or does not, with its figures.")
    team: str | None = Field(None, description="Id of the team; null where it is of none.")
    area: str | None = Field(
        None, description="Id of the area whose teams are pooled; null where none are."
    )
    role: str | None = Field(None, description="Id of the role; null where it is of none.")
    period: str | None = Field(
        None, description="Label of the period or financial year; null where it is of none."
    )
    by: Exact | None = Field(None, description="By how much it is missed, in its unit.")
    unit: str | None = Field(None, description="Unit of `by`.")
    price: Exact | None = Field(
        None, description="What a year of one unit weighs, pounds; of a softened rule only."
    )


class GoalValue(Record):
    """What a goal came to, and how well that is founded."""

    minimise: str = Field(description="The goal.")
    year: str | None = Field(
        None, description="Financial year of a cost; null for the whole calendar."
    )
    fund: str | None = Field(None, description="Fund of spend; null for all of them.")
    rank: str | None = Field(
        None, description="Of preferences_unmet: down to which wish; null for the first."
    )
    value: Exact = Field(description="What it came to.")
    bound: float | None = Field(
        None,
        description="What no plan can beat, as the solver says, or as is certified where the grade "
        "says so; null where nothing is proven.",
    )
    certified: Exact | None = Field(
        None,
        description="What no plan can beat, as proved in exact arithmetic; null where nothing was.",
    )
    quantum: Exact | None = Field(
        None, description="Least difference that two plans can have in it; null off a lattice."
    )
    unit: str = Field(description="Unit of value, bound, certified and quantum.")
    grade: Grade = Field(description="How well the claim is founded: see docs/optimality.md.")

    @property
    def words(self) -> str:
        """The goal with what it is of, in words: ``preferences unmet second``."""
        parts = (self.minimise.replace("_", " "), self.rank, self.fund, self.year)
        return " ".join(part for part in parts if part)


class Provenance(Record):
    """Where a plan comes from, enough to make it again."""

    engine: str = Field(description="Name and version.")
    input_hash: str = Field(description="Hash of `inputs`.")
    backend: str = Field(description="The solver and its version.")
    cross_check: str | None = Field(
        None, description="The second solver; null where none was asked."
    )
    seed: int = Field(0, description="The solver's seed.")
    time_limit: float | None = Field(None, description="Seconds allowed.")
    gap: Number | None = Field(None, description="Relative gap at which a goal counted as reached.")
    stopped: str = Field(description="Why the solve ended: proven, time limit, cancelled …")
    tie_broken: bool = Field(
        description="Whether ties were broken to the end, so that the same question has the same "
        "plan; where not, another plan may do as well and come another time."
    )
    unique: bool | None = Field(
        None,
        description="Whether no other plan does as well by every goal; null where that was not "
        "tried or not proven, or where decisions are on no step.",
    )
    another: Decisions | None = Field(
        None, description="The decisions of another plan that does as well, where one was found."
    )
    numbers: tuple[str, ...] = Field(
        (),
        description="Coefficients of the program that solvers are known to go wrong on; none, "
        "where a second look at the solver's claims is not called for.",
    )
    program: Literal["built", "patched", "rebuilt"] = Field(
        "built",
        description="How the program was made: built; patched, where only bounds had changed since "
        "the desk's last solve; or rebuilt, where more had.",
    )
    program_why: str | None = Field(
        None,
        description="What was patched, or what had changed that is known to enter more than "
        "bounds; null where it is the first.",
    )
    command: str = Field("", description="A command that makes the plan again.")
