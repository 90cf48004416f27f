"""The plan: the answer in the council's words, as plain data.

A plan stores decisions, and beside them the figures that follow from them. It embeds the question
it answers, so that it can be verified from itself alone: ``verify`` recomputes every figure from
the decisions, and any difference is a finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self
from uuid import uuid4

from pydantic import Field, ValidationError, model_validator

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import MonthField
from staffopt.quantity import Exact, Number, parse_exact, round_half_up
from staffopt.question import NOT_NAMED, Question
from staffopt.record import Record, faults_of

FULL_YEAR = "full year"
"""Stands where a financial year stands, for what is paid every year once all is in place."""

TODAY = "today"
"""Stands where a period stands, for the state before the plan."""


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


class MoneyKind(StrEnum):
    """What kind of money a line is."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    SAVING = "saving"
    TODAY = "today"


class PostDecision(Record):
    """FTE added to (or, below zero, cut from) a team's posts of a role in a period."""

    team: str
    role: str
    period: str
    change: Exact


class PackageDecision(Record):
    """Whether a package is taken."""

    package: str
    taken: bool


class Decisions(Record):
    """All that was decided; everything else follows from it."""

    posts: tuple[PostDecision, ...] = ()
    packages: tuple[PackageDecision, ...] = ()


class PostFigure(Record):
    """Posts of a role in a team in a period, FTE."""

    team: str
    role: str
    period: str
    today: Exact
    change: Exact
    posts: Exact


class CaseloadFigure(Record):
    """An average caseload.

    Attributes:
        of: a team, or the name of a pooled scope.
        period: a period's label, or ``today``.
        basis: reported (cases over posts), effective (released time counted), or others (those
            without a protected caseload, when capped workers hold their full cap).
        cases: weighted cases.
        fte: what the cases are divided by.
        average: cases ÷ FTE; None where there is no FTE.
        printed: the average rounded as the council prints it.
        band: the council's band of the printed average.
    """

    of: str
    period: str
    basis: Literal["reported", "effective", "others"]
    cases: Exact
    fte: Exact
    average: Exact | None = None
    printed: Exact | None = None
    band: str | None = None


class Amount(Record):
    """Pounds, as they are and as printed; ``at_least`` where a part of them is not known.

    ``printed`` is whole pounds, rounded half up; it follows from ``raw`` and may be left out.
    """

    raw: Exact
    printed: int
    at_least: bool = False

    @model_validator(mode="before")
    @classmethod
    def _print(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "raw" in data and "printed" not in data:
            return {**data, "printed": int(round_half_up(parse_exact(data["raw"])))}
        return data

    @classmethod
    def of(cls, raw: Fraction, *, at_least: bool = False) -> Self:
        """Make the amount of some pounds."""
        return cls(raw=raw, printed=int(round_half_up(raw)), at_least=at_least)


class MoneyFigure(Record):
    """One line of the ledger in one financial year (or in a full year).

    ``amount`` is None where the cost is not known; the line stays visible all the same.
    """

    line: str
    kind: MoneyKind
    fund: str
    year: str
    role: str | None = None
    team: str | None = None
    package: str | None = None
    amount: Amount | None = None


class MoneyTotal(Record):
    """A sum of the ledger's added lines: of a fund, a role, a package or a group of teams.

    ``of`` names what is summed (``fund``, ``role``, ``package``, ``scope``, ``new money`` or
    ``today``), ``name`` which one.
    """

    of: Literal["fund", "role", "package", "scope", "new money", "today"]
    name: str
    year: str
    amount: Amount


class PackageFigure(Record):
    """A package with its term."""

    package: str
    taken: bool
    fte: Exact
    start: MonthField
    end: MonthField


class HeadsFigure(Record):
    """Whole heads that set-up is paid for, and the FTE they stand for."""

    role: str
    team: str | None = None
    period: str
    fte: Exact
    heads: int


class Figures(Record):
    """Everything that follows from the decisions."""

    posts: tuple[PostFigure, ...] = ()
    packages: tuple[PackageFigure, ...] = ()
    caseloads: tuple[CaseloadFigure, ...] = ()
    heads: tuple[HeadsFigure, ...] = ()
    money: tuple[MoneyFigure, ...] = ()
    totals: tuple[MoneyTotal, ...] = ()


class Finding(Record):
    """What verification says of one rule in one place."""

    rule: str = Field(description="The rule's label, or what was checked.")
    verdict: Verdict
    words: str = Field(description="What holds or does not, with its figures.")
    team: str | None = None
    role: str | None = None
    period: str | None = None
    by: Exact | None = Field(None, description="By how much it is missed, in its unit.")
    unit: str | None = None


class GoalValue(Record):
    """What a goal came to, and how well that is founded.

    ``bound`` is what the solver proved no plan can beat; None where nothing is proven.
    ``quantum`` is the least difference that two plans can have in this goal; None off a lattice.
    """

    minimise: str
    year: str | None = None
    value: Exact
    bound: float | None = None
    quantum: Exact | None = None
    unit: str
    grade: Grade


class Provenance(Record):
    """Where a plan comes from, enough to make it again."""

    engine: str
    input_hash: str
    backend: str
    cross_check: str | None = None
    seed: int = 0
    time_limit: float | None = None
    gap: Number | None = None
    stopped: str = Field(description="Why the solve ended: proven, time limit, cancelled …")
    tie_broken: bool = Field(
        description="Whether ties were broken to the end, so that the same question has the same "
        "plan; where not, another plan may do as well and come another time."
    )
    command: str = Field("", description="A command that makes the plan again.")


class Plan(Record):
    """The answer to one question.

    Example:
        >>> plan = staffopt.solve(staffopt.load("nottinghamshire-2018"))  # doctest: +SKIP
        >>> plan.change["assessment", "swso"]  # doctest: +SKIP
        Decimal("9")
    """

    plan_version: Literal[1] = 1
    inputs: Mapping[str, Any]
    decisions: Decisions
    figures: Figures
    goals: tuple[GoalValue, ...] = ()
    findings: tuple[Finding, ...] = ()
    provenance: Provenance

    def __repr__(self) -> str:
        """Name the plan; its figures would fill pages."""
        council = self.inputs.get("instance", {}).get("instance", "of no instance")
        option = self.inputs.get("option")
        asked = f"option {option}" if option else f"model {self.inputs.get('model')}"
        return f"<Plan {self.id}: {council}, {asked}, {self.grade}>"

    __str__ = __repr__

    @cached_property
    def question(self) -> Question:
        """The question that the plan answers, rebuilt from its own inputs."""
        return Question.from_json(self.inputs)

    @property
    def grade(self) -> Grade:
        """The worst grade of any goal."""
        order = list(Grade)
        return max((goal.grade for goal in self.goals), key=order.index, default=Grade.FEASIBLE)

    @property
    def id(self) -> str:
        """Six characters that differ for different inputs or decisions."""
        import hashlib

        text = json.dumps(
            self.model_dump(mode="json", include={"inputs", "decisions"}), sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:6]

    @cached_property
    def last_period(self) -> str:
        """The label of the last period, in which everything decided is in place."""
        return self.question.instance.calendar.cut()[-1].label

    @cached_property
    def change(self) -> dict[tuple[str, str], Number]:
        """FTE added by (team, role), in the last period."""
        return {(f.team, f.role): _decimal(f.change) for f in self._last_posts()}

    @cached_property
    def posts(self) -> dict[tuple[str, str], Number]:
        """Funded FTE by (team, role), in the last period."""
        return {(f.team, f.role): _decimal(f.posts) for f in self._last_posts()}

    @cached_property
    def money(self) -> dict[tuple[str, str], Amount]:
        """New money by (fund, financial year); the year may be ``full year``."""
        return {(t.name, t.year): t.amount for t in self.figures.totals if t.of == "fund"}

    def _last_posts(self) -> list[PostFigure]:
        return [f for f in self.figures.posts if f.period == self.last_period]

    def save(self, path: Path | str) -> Path:
        """Write the plan as JSON, whole or not at all.

        Raises:
            OSError: if the place cannot be written; nothing is then left behind.
        """
        return write_whole(Path(path), self.model_dump_json(indent=1) + "\n")

    @classmethod
    def load(cls, path: Path | str) -> Plan:
        """Read a plan that :meth:`save` wrote.

        Raises:
            InputError: if the file is no plan, with every fault.
        """
        place = Place(file=str(path))
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            fault = Fault("unreadable", str(error), "Name a plan that solve saved.", place)
            raise InputError([fault]) from error
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InputError(faults_of(error, str(path))) from error


def fund_name(question: Question, fund: str) -> str:
    """Return a fund's name in reports."""
    return "Fund not named" if fund == NOT_NAMED else question.instance.funds[fund].name


def write_whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all.

    Raises:
        OSError: if the place cannot be written; nothing is then left behind.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path


def _decimal(value: Exact) -> Number:
    """Write an exact FTE, which decisions keep to four decimals, as a decimal."""
    return round_half_up(value, 4).normalize() + 0
