"""The bridge: from what posts of today cost, step by step, to what is paid with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from staffopt.plan import FULL_YEAR, MoneyFigure, MoneyKind, Plan
from staffopt.reporting.charts import Axis, Chart, Kind, Point, Series, Table
from staffopt.reporting.words import pounds

TODAY_PAID = "Posts of today"
WITH_PLAN = "With the plan"
ZERO = Fraction(0)


def bridge_steps(plan: Plan) -> list[tuple[str, Fraction]] | None:
    """Return what each role, package and managed team adds to, or takes from, a full year's cost.

    The first row is what posts of today cost, the last what is paid with the plan; those between
    add up from one to the other, to the penny, and are the ledger's own lines.

    Returns:
        None where a cost is not known, no post of today is charged, or nothing changes.
    """
    lines = [figure for figure in plan.figures.money if figure.year == FULL_YEAR]
    if any(line.amount is None or line.amount.at_least for line in lines):
        return None
    before = sum((_pounds(line) for line in lines if line.kind is MoneyKind.TODAY), ZERO)
    steps: dict[str, Fraction] = {}
    for line in lines:
        if line.is_new:
            name = _name(plan, line)
            steps[name] = steps.get(name, ZERO) + _pounds(line)
    shown = [(name, step) for name, step in steps.items() if step]
    if not before or not shown:
        return None
    after = before + sum((step for _, step in shown), ZERO)
    return [(TODAY_PAID, before), *shown, (WITH_PLAN, after)]


def _pounds(line: MoneyFigure) -> Fraction:
    return line.amount.raw if line.amount else ZERO


def _name(plan: Plan, line: MoneyFigure) -> str:
    """Name what a line pays for; what cuts save stands apart from what is added."""
    question = plan.question
    if line.kind is MoneyKind.SAVING:
        return f"Saved: {_of(plan, line)}"
    if line.kind is MoneyKind.PREMIUM and line.role is not None:
        return f"{question.role_name(line.role)}: premium"
    return _of(plan, line)


def _of(plan: Plan, line: MoneyFigure) -> str:
    council = plan.question.instance
    if line.role is not None:
        return plan.question.role_name(line.role)
    if line.package is not None:
        return council.packages[line.package].name
    if line.managed_team is not None:
        return council.managed_teams[line.managed_team].name
    return line.line


def bridge_chart(plan: Plan) -> Chart | None:
    """Draw the bridge; None where there is none."""
    steps = bridge_steps(plan)
    if steps is None:
        return None
    points = tuple(
        Point(name, value, _signed(name, value), whole=name in (TODAY_PAID, WITH_PLAN))
        for name, value in steps
    )
    return Chart(
        name="bridge",
        kind=Kind.BRIDGE,
        title="From what posts of today cost in a full year to what is paid with the plan",
        alt=_told(points),
        series=(Series("pounds a year", points),),
        along=Axis("What is paid for"),
        value=Axis("Pounds a year", pounds=True),
        table=Table(("Step", "£ a year"), tuple((str(p.at), p.label) for p in points)),
    )


def _signed(name: str, value: Fraction) -> str:
    words = pounds(value)
    return words if value < 0 or name in (TODAY_PAID, WITH_PLAN) else f"+{words}"


def _told(points: Sequence[Point]) -> str:
    first, *steps, last = points
    between = "; ".join(f"{point.at} {point.label}" for point in steps)
    return f"{first.at} {first.label}; {between}; {last.at} {last.label}."
