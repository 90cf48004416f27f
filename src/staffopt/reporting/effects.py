"""What the assumptions of a plan move, and how far each may move: a tornado and its table."""

from __future__ import annotations

from staffopt.analysis.moving import Effect, Switching
from staffopt.analysis.switching import SwitchingValues
from staffopt.plan import GoalValue
from staffopt.reporting.charts import Axis, Chart, Kind, Point, Series, Table
from staffopt.reporting.document import Block, Figures, Items, Picture
from staffopt.reporting.explaining import figure
from staffopt.reporting.switching import bears, end_words, plain, switching_notes
from staffopt.reporting.words import NOTHING, short_pounds

_MOST_DRAWN = 12


def effect_blocks(found: SwitchingValues) -> list[Block]:
    """Show what each assumption moves, the widest swing first."""
    bearing = [one for one in found.found if bears(one)]
    notes = Items(tuple(switching_notes(found, bearing)))
    if not bearing:
        return [notes]
    table, chart = _table(found, bearing), tornado_chart(found, bearing)
    title = "What each assumption moves, and how far it may move"
    return [Picture(chart) if chart else Figures(title, table), notes]


def tornado_chart(found: SwitchingValues, bearing: list[Switching]) -> Chart | None:
    """Draw what the first goal comes to at both ends of each figure; None where nothing moves it.

    A figure that leaves no plan at one end has no bar there; the table says so.
    """
    goal = found.goals[0]
    drawn = [one for one in bearing if _moves(one.low, goal) or _moves(one.high, goal)]
    if not drawn:
        return None
    drawn = drawn[:_MOST_DRAWN]
    named = _named(goal)
    ends = (("at the low end", "low"), ("at the high end", "high"))
    return Chart(
        name="assumptions",
        kind=Kind.TORNADO,
        title=f"What each assumption moves: {named}",
        alt=f"{named.capitalize()} is {figure(goal.value, goal.unit)}. "
        + "; ".join(_told(one, goal) for one in drawn)
        + ".",
        series=tuple(
            Series(name, tuple(_point(one, getattr(one, end), goal) for one in drawn))
            for name, end in ends
        ),
        along=Axis("Assumption"),
        value=Axis(f"{named.capitalize()}, {goal.unit}", pounds=goal.unit.startswith("pounds")),
        table=_table(found, bearing),
        base=goal.value,
    )


def _named(goal: GoalValue) -> str:
    return goal.minimise.replace("_", " ")


def _moves(end: Effect | None, goal: GoalValue) -> bool:
    return end is not None and bool(end.goals) and end.goals[0] != goal.value


def _point(one: Switching, end: Effect | None, goal: GoalValue) -> Point:
    if end is None or not end.goals:
        return Point(one.figure.path, None)
    short = short_pounds if goal.unit.startswith("pounds") else plain
    return Point(one.figure.path, end.goals[0], f"{short(end.goals[0])} at {plain(end.value)}")


def _told(one: Switching, goal: GoalValue) -> str:
    ends = [
        f"{_goal_at(end, goal)} at {plain(end.value)}"
        for end in (one.low, one.high)
        if end is not None
    ]
    return f"{one.figure.path}: {', '.join(ends)}"


def _table(found: SwitchingValues, bearing: list[Switching]) -> Table:
    goal = found.goals[0]
    head = ("Assumption", "now", "low", "high", f"{_named(goal)} at low", "at high")
    rows = tuple(
        (
            *(one.figure.path, plain(one.figure.value)),
            *(NOTHING if end is None else plain(end.value) for end in (one.low, one.high)),
            *(_goal_at(end, goal) for end in (one.low, one.high)),
            *(end_words(side) for side in (one.below, one.above)),
        )
        for one in bearing
    )
    return Table((*head, "plan is best from", "to"), rows)


def _goal_at(end: Effect | None, goal: GoalValue) -> str:
    if end is None:
        return NOTHING
    if not end.goals:
        return "no plan"
    return f"{figure(end.goals[0], goal.unit)}{'' if end.best else '*'}"
