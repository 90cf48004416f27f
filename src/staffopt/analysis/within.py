"""The best that can be had within given ceilings, and what is then not met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack

from staffopt.analysis.asking import Step, Told, attempt, changed, goals_of, ignore, with_goals
from staffopt.analysis.ceiling import refuse_without_ceilings
from staffopt.desk import Desk, open_desk
from staffopt.errors import Infeasible, UnknownName
from staffopt.instance.schema import Instance
from staffopt.plan import Plan, Verdict
from staffopt.quantity import Absent, exact_text
from staffopt.question import Question
from staffopt.request import Asking
from staffopt.rulebook import (
    Basis,
    KeepAverageCaseload,
    KeepExistingPosts,
    Rule,
    StayWithinBudget,
)

PRICE = 10_000
"""Pounds a year that a unit of any shortfall weighs, where the model gives no price of its own.

What counts is that it is the same for all, and that half a pound, within which a goal of money is
held, is next to nothing of a unit.
"""

_KEPT = (StayWithinBudget, KeepExistingPosts)
"""Rules that are kept all the same: the ceilings are given, and nobody asked for cuts."""

Ceilings = Mapping[str, Decimal | int | str]
"""``fund``, or ``fund@year`` → pounds in a financial year."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that is missed in one place.

    Attributes:
        rule: the rule's label.
        team: the team; None where the rule is of none, or of teams pooled.
        period: the period or financial year.
        by: by how much, in ``unit``.
        unit: FTE, heads and so on.
        words: what is missed, in the verifier's words.
    """

    rule: str
    team: str | None
    period: str | None
    by: Fraction
    unit: str
    words: str

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "rule": self.rule,
            "team": self.team,
            "period": self.period,
            "by": exact_text(self.by),
            "unit": self.unit,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Short:
    """How a team stands against a target of its average caseload.

    Attributes:
        rule: the target's label.
        team: the team.
        average: cases per FTE in the plan; None where there is no FTE.
        target: cases per FTE.
        fte: FTE missing for the target in this team alone; 0 where it is met.
    """

    rule: str
    team: str
    average: Fraction | None
    target: Fraction
    fte: Fraction

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "rule": self.rule,
            "team": self.team,
            "average": None if self.average is None else exact_text(self.average),
            "target": exact_text(self.target),
            "fte_missing": exact_text(self.fte),
        }


@dataclass(frozen=True, slots=True)
class Within:
    """The best that can be had within given ceilings.

    Attributes:
        question: the question, with the ceilings given.
        plan: the plan; None where even with every such rule given up there is none.
        met: whether every rule is met; else the plan misses the rules by as little as can be, all
            units alike, and is the best in the model's goals among those that do.
        unmet: what is missed, rule by rule and place by place.
        teams: how each team stands against the targets of average caseloads.
        none: why not every rule is met, or why there is no plan at all.
    """

    question: Question
    plan: Plan | None
    met: bool
    unmet: tuple[Unmet, ...] = ()
    teams: tuple[Short, ...] = ()
    none: Infeasible | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "met": self.met,
            "plan": None if self.plan is None else self.plan.model_dump(mode="json"),
            "unmet": [item.to_json() for item in self.unmet],
            "teams": [item.to_json() for item in self.teams],
            "why": None if self.none is None else str(self.none),
        }


def within(
    council: Instance, ceilings: Ceilings, *, tell: Told = ignore, **asking: Unpack[Asking]
) -> Within:
    """Find the best that can be had within given ceilings.

    Where every rule can be met, that is the plan in the model's goals. Elsewhere the rules that
    can be softened are, but for ceilings and today's posts: first they are missed by as little as
    can be, each unit alike or at the model's own price, and then the model's goals are met.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        ceilings: ``fund`` or ``fund@year`` → pounds; other ceilings stay as they are.
        tell: told of each solve before it begins.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: the model keeps no ceilings, or names and figures are at fault.
        Cancelled: stopped before the plan was proven.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as opened:
        refuse_without_ceilings(opened.question)
        desk = changed(opened, ceiling_changes(council, ceilings))
        tell(Step(1, None, "every rule met"))
        found = attempt(desk)
        if not isinstance(found, Infeasible):
            return Within(desk.question, found, met=True, teams=_teams(found))
        tell(Step(2, None, "rules missed by as little as can be"))
        soft = _softened(desk)
        least = attempt(soft)
        if isinstance(least, Infeasible):
            return Within(desk.question, None, met=False, none=least)
        return Within(desk.question, least, False, _unmet(least), _teams(least), found)


def ceiling_changes(council: Instance, ceilings: Ceilings) -> dict[str, str]:
    """Turn ``fund`` or ``fund@year`` → pounds into paths and figures.

    Raises:
        InputError: a fund or a financial year is unknown.
    """
    changes: dict[str, str] = {}
    years = council.calendar.years
    for name, pounds in ceilings.items():
        fund, at, year = name.partition("@")
        if fund not in council.funds:
            raise UnknownName("fund", fund, list(council.funds))
        if at and year not in years:
            raise UnknownName("financial year", year, list(years))
        for one in (year,) if at else years:
            changes[f"funds.{fund}.ceiling.{one}"] = str(pounds)
    return changes


def _softened(desk: Desk) -> Desk:
    """Soften every rule that can be, and miss them as little as can be before anything else."""
    question = desk.question
    changes = {
        f"standards.{rule.label}.soften.price": str(PRICE)
        for rule in question.rules
        if rule.soften is None and _can_be_softened(rule)
    }
    return with_goals(desk, [{"minimise": "penalty"}, *goals_of(question)], changes)


def _can_be_softened(rule: Rule) -> bool:
    if isinstance(rule, _KEPT):
        return False
    try:
        type(rule).model_validate({**_plain(rule), "soften": {"price": PRICE}})
    except ValueError:
        return False
    return True


def _plain(rule: Rule) -> dict[str, Any]:
    return {key: value for key, value in rule.to_json().items() if key != "rule"}


def _unmet(plan: Plan) -> tuple[Unmet, ...]:
    return tuple(
        Unmet(f.rule, f.team, f.period, f.by, f.unit or "", f.words)
        for f in plan.findings
        if f.verdict is Verdict.SOFTENED and f.by is not None
    )


def _teams(plan: Plan) -> tuple[Short, ...]:
    return tuple(_short(plan))


def _short(plan: Plan) -> Iterator[Short]:
    """Hold every team of a target's scope against it, whether the target is pooled or not."""
    question = plan.question
    for rule in question.rules:
        if not isinstance(rule, KeepAverageCaseload):
            continue
        figures = {
            f.of: f
            for f in plan.figures.caseloads
            if (f.period, f.basis) == (plan.last_period, str(Basis(rule.basis)))
            if f.denominator is rule.denominator
        }
        for team in question.teams_in(rule.scope):
            if isinstance(question.cases(team), Absent) or team not in figures:
                continue
            figure, target = figures[team], Fraction(rule.target)
            missing = max(Fraction(0), figure.cases / target - figure.fte)
            yield Short(rule.label, team, figure.average, target, missing)
