"""The tornado: what each figure moves the goals of the best plan by, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from staffopt.analysis.moving import Effect, Switching
from staffopt.analysis.switching import SwitchingValues
from staffopt.plan import GoalValue
from staffopt.reporting.charts import Axis, Chart, Kind, Point, Series, Table
from staffopt.reporting.switching import plain
from staffopt.reporting.words import NOTHING, capital, thousands

_MOST_ROWS = 15
"""Of more figures than these a picture cannot be read: those that move most are drawn."""


def tornado_charts(found: SwitchingValues) -> list[Chart]:
    """Draw what each figure moves each of the goals shown by; nothing of a goal that none moves."""
    charts = (_tornado(found, number) for number in range(len(found.goals)))
    return [chart for chart in charts if chart is not None]


def _tornado(found: SwitchingValues, number: int) -> Chart | None:
    goal = found.goals[number]
    moving = [one for one in found.found if _moves(one, number)]
    moving.sort(key=lambda one: _reach(one, number, goal.value), reverse=True)
    if not moving:
        return None
    drawn = moving[:_MOST_ROWS]
    name, pounds = goal.minimise.replace("_", " "), "pounds" in goal.unit
    widest = drawn[0]
    alt = (
        f"{capital(name)} is {_amount(goal.value, goal)}. {widest.figure.path} moves it most: "
        f"{_told(widest.low, number, goal)} at its low end, "
        f"{_told(widest.high, number, goal)} at its high end."
    )
    series = tuple(
        Series(end, tuple(_point(one, getattr(one, end), number) for one in drawn))
        for end in ("low", "high")
    )
    return Chart(
        name=f"tornado-{goal.minimise.replace('_', '-')}",
        kind=Kind.TORNADO,
        title=f"What each figure moves the {name} by",
        alt=alt,
        series=series,
        along=Axis("Figure"),
        value=Axis(f"{capital(name)}, {goal.unit}", pounds=pounds),
        table=_table(moving, number, goal),
        base=goal.value,
    )


def _moves(one: Switching, number: int) -> bool:
    """Say whether the goal differs between the ends; where one has no plan, that is told apart."""
    ends = [e.goals[number] for e in (one.low, one.high) if e is not None and e.goals]
    return len(set(ends)) > 1 or _has_no_plan(one)


def _has_no_plan(one: Switching) -> bool:
    return any(end is not None and not end.goals for end in (one.low, one.high))


def _reach(one: Switching, number: int, base: Fraction) -> Fraction:
    ends = [e.goals[number] for e in (one.low, one.high) if e is not None and e.goals]
    return max((abs(value - base) for value in ends), default=Fraction(0))


def _point(one: Switching, end: Effect | None, number: int) -> Point:
    value = end.goals[number] if end is not None and end.goals else None
    return Point(one.figure.path, value, "" if end is None else f"at {plain(end.value)}")


def _table(moving: Sequence[Switching], number: int, goal: GoalValue) -> Table:
    name = goal.minimise.replace("_", " ")
    rows = tuple(
        (
            one.figure.path,
            *(NOTHING if end is None else plain(end.value) for end in (one.low, one.high)),
            *(_told(end, number, goal) for end in (one.low, one.high)),
        )
        for one in moving
    )
    return Table(("figure", "low", "high", f"{name} at low", f"{name} at high"), rows)


def _told(end: Effect | None, number: int, goal: GoalValue) -> str:
    if end is None:
        return NOTHING
    return _amount(end.goals[number], goal) if end.goals else "no plan"


def _amount(value: Fraction, goal: GoalValue) -> str:
    return thousands(value, 0 if "pounds" in goal.unit else 2)
