"""The plan: the answer in the council's words, as plain data.

A plan stores decisions, and beside them the figures that follow from them. It embeds the question
it answers, so that it can be verified from itself alone: ``verify`` recomputes every figure from
the decisions, and any difference is a finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pydantic import Field, ValidationError

from staffopt.errors import Fault, InputError, Place
from staffopt.plan.decisions import (
    Decisions,
)
from staffopt.plan.figures import (
    Amount,
    Figures,
)
from staffopt.plan.standing import Finding, GoalValue, Grade, Provenance
from staffopt.quantity import Exact, Number, round_half_up
from staffopt.question import NOT_NAMED, Question
from staffopt.record import Record, faults_of


class Plan(Record):
    """The answer to one question.

    Example:
        >>> plan = staffopt.solve(staffopt.load("nottinghamshire-2018"))  # doctest: +SKIP
        >>> plan.change["assessment", "swso"]  # doctest: +SKIP
        Decimal("9")
    """

    plan_version: Literal[1] = Field(1, description="Version of this format.")
    inputs: Mapping[str, Any] = Field(
        description="The question, whole: the instance, rules, goals and overrides as settled."
    )
    decisions: Decisions = Field(description="What was decided.")
    figures: Figures = Field(description="What follows from the decisions.")
    goals: tuple[GoalValue, ...] = Field((), description="What each goal came to, in order.")
    findings: tuple[Finding, ...] = Field(
        (), description="What verification said, a line a rule and place."
    )
    provenance: Provenance = Field(description="Where the plan comes from.")

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
        """Six characters that differ for different inputs or decisions.

        Tables in which nothing is decided have no part in it, so that one more kind of decision
        gives no plan another name.
        """
        import hashlib

        decided = self.decisions.model_dump(mode="json", exclude_defaults=True)
        inputs = self.model_dump(mode="json", include={"inputs"})
        text = json.dumps({**inputs, "decisions": decided}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:6]

    @cached_property
    def last_period(self) -> str:
        """The label of the last period, in which everything decided is in place."""
        return self.question.instance.calendar.cut()[-1].label

    @cached_property
    def change(self) -> dict[tuple[str, str], Number]:
        """FTE added by (team, role), in the last period in which the role's posts are there."""
        asked = self.question
        ends = {role: asked.last_period_of(role) for role in asked.instance.roles}
        own = (f for f in self.figures.posts if f.period == ends[f.role])
        return {(f.team, f.role): _decimal(f.change) for f in own}

    @cached_property
    def posts(self) -> dict[tuple[str, str], Number]:
        """Funded FTE by (team, role), in the last period."""
        own = (f for f in self.figures.posts if f.period == self.last_period)
        return {(f.team, f.role): _decimal(f.posts) for f in own}

    @cached_property
    def people(self) -> dict[tuple[str, str], Number]:
        """FTE in post by (team, role), in the last period; empty where posts are all there is."""
        found = (f for f in self.figures.people if f.period == self.last_period)
        return {(f.team, f.role): _decimal(f.in_post) for f in found}

    @cached_property
    def money(self) -> dict[tuple[str, str], Amount]:
        """New money by (fund, financial year); the year may be ``full year``."""
        return {(t.name, t.year): t.amount for t in self.figures.totals if t.of == "fund"}

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
            what = (isinstance(error, OSError) and error.strerror) or str(error)
            mend = "Name a plan that solve saved, such as plan-3f9c2a.json."
            fault = Fault("unreadable", f"cannot be read: {what}", mend, place)
            raise InputError([fault]) from error
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InputError(faults_of(error, str(path))) from error


def fund_name(question: Question, fund: str) -> str:
    """Return a fund's name in reports."""
    return "Fund not named" if fund == NOT_NAMED else question.instance.funds[fund].name


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all; text in UTF-8.

    Raises:
        OSError: if the place cannot be written; nothing is then left behind.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with draft.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
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
