"""One way to decide, and the figures by which ways are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from staffopt.analysis.figures import (
    added,
    annual_cost,
    cases_above,
    new_money,
    price_of_teams,
    rules_of,
)
from staffopt.errors import Infeasible
from staffopt.plan import FULL_YEAR, TODAY, Amount, Plan, Verdict
from staffopt.quantity import exact_text
from staffopt.rulebook import Basis, Each, KeepAverageCaseload

How = Literal["nothing", "published", "best"]
"""Do nothing; posts pinned to what the paper prints; posts free."""


A_YEAR, IN_ALL, BOTH = "a year", "in all", "a year, or in all"
"""What the cost of choices is; see :func:`cost_is`."""


@dataclass(frozen=True)
class Choice:
    """One way to decide: an option as published or as best, or doing nothing.

    Attributes:
        option: the option's id; ``do nothing`` where no option is asked.
        title: its title in reports.
        how: nothing, published or best.
        plan: the plan, proven and verified; None where no plan meets the option's rules.
        none: why there is none.
    """

    option: str
    title: str
    how: How
    plan: Plan | None
    none: Infeasible | None = None

    @cached_property
    def cost(self) -> Amount | None:
        """Pounds a year of everything added, packages included; managed teams in all."""
        return None if self.plan is None else annual_cost(self.plan)

    @cached_property
    def of_teams(self) -> Fraction:
        """What of the cost is the whole price of managed teams, which no year brings again."""
        return Fraction(0) if self.plan is None else price_of_teams(self.plan)

    @cached_property
    def above(self) -> Fraction | None:
        """Cases above the manageable band, with released time counted where a rule counts it."""
        return None if self.plan is None else cases_above(self.plan, self.plan.last_period)

    @cached_property
    def removed(self) -> Fraction | None:
        """Cases above the manageable band of today that the plan takes out of it."""
        if self.plan is None or self.above is None:
            return None
        before = cases_above(self.plan, TODAY)
        return None if before is None else before - self.above

    @property
    def cost_per_case(self) -> Amount | None:
        """Pounds a year for each case removed; None where none is."""
        if self.cost is None or not self.removed or self.removed < 0:
            return None
        return Amount.of(self.cost.raw / self.removed, at_least=self.cost.at_least)

    @cached_property
    def missed(self) -> tuple[str, ...]:
        """What the plan says of every rule that it does not meet, or meets by policy only."""
        told = (Verdict.BROKEN, Verdict.MISSED_BY_POLICY, Verdict.SOFTENED)
        findings = () if self.plan is None else self.plan.findings
        return tuple(f"{f.rule}: {f.words}" for f in findings if f.verdict in told)

    @cached_property
    def need(self) -> Need | None:
        """What the option's pooled caseload target asks for, unrounded; None without one."""
        return None if self.plan is None else need_of(self.plan)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data; unknown figures are null, with the reason beside them."""
        plan = self.plan
        if plan is None:
            return {
                "option": self.option,
                "title": self.title,
                "how": self.how,
                "no_plan": str(self.none),
            }
        funds = [t for t in plan.figures.totals if t.of == "fund"]
        return {
            "option": self.option,
            "title": self.title,
            "how": self.how,
            "model": plan.question.model,
            "plan": plan.id,
            "grade": str(plan.grade),
            "added": {role: exact_text(fte) for role, fte in added(plan).items()},
            "packages": [f.package for f in plan.figures.packages if f.taken],
            "cost_a_year": _amount(self.cost),
            "full_year_after": _amount(new_money(plan, FULL_YEAR)),
            "money": [t.model_dump(mode="json", exclude={"of"}) for t in funds],
            "caseloads": [
                figure.model_dump(mode="json")
                for figure in plan.figures.caseloads
                if figure.period == plan.last_period
            ],
            "need": None if self.need is None else self.need.to_json(),
            "cases_above_band": _exact(self.above),
            "cases_removed": _exact(self.removed),
            "cost_per_case_removed": _amount(self.cost_per_case),
            "rules": {rule: str(verdict) for rule, verdict in rules_of(plan).items()},
            "missed": list(self.missed),
        }


@dataclass(frozen=True, slots=True)
class Need:
    """What a pooled target of reported caseloads asks for.

    Attributes:
        scope: the teams, as the council calls them.
        target: cases per FTE.
        today: the average today.
        fte: FTE needed to reach the target, unrounded; below zero where it is more than reached.
        reached: the average in the plan.
    """

    scope: str
    target: Fraction
    today: Fraction
    fte: Fraction
    reached: Fraction

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        figures = {
            name: exact_text(getattr(self, name)) for name in ("target", "today", "fte", "reached")
        }
        return {"scope": self.scope, **figures}


def cost_is(choices: Iterable[Choice]) -> str:
    """Say what the costs of some choices are: pounds ``a year``, ``in all``, or both beside.

    Posts and packages cost so much a year, and a managed team its whole price once.
    """
    paid = [choice for choice in choices if choice.cost is not None and choice.cost.raw]
    if not any(choice.of_teams for choice in paid):
        return A_YEAR
    once = all(choice.cost is not None and choice.cost.raw == choice.of_teams for choice in paid)
    return IN_ALL if once else BOTH


def need_of(plan: Plan) -> Need | None:
    """Work out what a pooled target on reported caseloads asks for; None where there is none."""
    rule = plan.question.rule(KeepAverageCaseload)
    if not isinstance(rule, KeepAverageCaseload):
        return None
    if rule.each is not Each.SCOPE or rule.basis is not Basis.REPORTED:
        return None
    name = rule.scope if isinstance(rule.scope, str) else ", ".join(rule.scope)
    figures = {
        f.period: f
        for f in plan.figures.caseloads
        if (f.of, f.basis, f.denominator) == (name, "reported", rule.denominator)
    }
    before, after = figures.get(TODAY), figures.get(plan.last_period)
    if before is None or after is None or before.average is None or after.average is None:
        return None
    target = Fraction(rule.target)
    return Need(name, target, before.average, before.cases / target - before.fte, after.average)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


def _amount(amount: Amount | None) -> dict[str, Any] | None:
    return None if amount is None else amount.model_dump(mode="json")
