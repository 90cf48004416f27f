"""Shipped instances, each option solved once a test run, and figures looked up in a plan."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import staffopt as so
from staffopt.shipped import path

if TYPE_CHECKING:
    from staffopt.plan import Amount, CaseloadFigure, Finding, MoneyFigure, Plan


LITERATURE = sorted(p.stem for p in (path("instances") / "literature").glob("*.yaml"))
"""Published problems: linear programs, whose solutions are rounded, and costs on no lattice."""

AT_FULL_SIZE = ["west-sussex-2015"]
"""Councils whose every option takes seconds: tested in a place of their own, and not by the way."""

COUNCILS = [name for name in so.instances() if name not in (*LITERATURE, *AT_FULL_SIZE)]
"""Shipped instances of councils, whose posts and people are on steps."""

OPTIONS = [(name, option) for name in COUNCILS for option in so.load(name).options]


@cache
def plan_of(instance: str, option: str | None = None) -> Plan:
    """Solve an option of a shipped instance; its default one if none is named."""
    return so.solve(so.load(instance), option=option)


def caseload(
    plan: Plan, of: str, *, today: bool = False, basis: str = "reported"
) -> CaseloadFigure:
    """Find the one average of a team or scope, today or under the plan."""
    period = "today" if today else plan.last_period
    wanted = (of, period, basis)
    [figure] = [f for f in plan.figures.caseloads if (f.of, f.period, f.basis) == wanted]
    return figure


def total(plan: Plan, of: str, name: str, year: str) -> Amount:
    """Find the one total of a fund, role, package … in a year."""
    [found] = [t for t in plan.figures.totals if (t.of, t.name, t.year) == (of, name, year)]
    return found.amount


def lines(plan: Plan, year: str, **wanted: str) -> list[MoneyFigure]:
    """Find the ledger's lines of a year that have the wanted kind, fund, role or package."""
    return [
        line
        for line in plan.figures.money
        if line.year == year and all(getattr(line, key) == value for key, value in wanted.items())
    ]


def missed_by_policy(plan: Plan) -> list[Finding]:
    """Find what the plan misses by the council's own rounding."""
    return [finding for finding in plan.findings if finding.verdict == "missed by policy"]


def broken(plan: Plan) -> list[Finding]:
    """Find what verification refuses."""
    return [finding for finding in plan.findings if finding.verdict == "broken"]


def added(plan: Plan, role: str) -> dict[str, str]:
    """Map team → FTE added of a role, as text, where any is added."""
    found = {team: fte for (team, name), fte in plan.change.items() if name == role}
    return {team: str(fte) for team, fte in sorted(found.items()) if fte}


def but_for_making(plan: Plan) -> dict[str, Any]:
    """Write a plan out without how its program was made."""
    data = plan.model_dump(mode="json")
    for name in ("program", "program_why"):
        del data["provenance"][name]
    return data
