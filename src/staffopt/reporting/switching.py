"""Switching values and what each figure moves, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.analysis.moving import Effect, Switching
from staffopt.analysis.switching import SwitchingValues
from staffopt.analysis.turning import How, Side
from staffopt.plan import GoalValue
from staffopt.quantity import exact_text, round_half_up
from staffopt.reporting.buying import posts_of
from staffopt.reporting.sheet import Cell, csv_text
from staffopt.reporting.tables import beside, folded, page, wrapped
from staffopt.reporting.words import NOTHING, listed, thousands, title_words

_DECIMALS = 2


def render_switching(found: SwitchingValues) -> str:
    """Write switching values and the tornado for people."""
    bearing = [one for one in found.found if bears(one)]
    return page(
        [
            [title_words(found.question, "switching values"), *wrapped(_now(found))],
            _values(bearing),
            _tornado(found, bearing),
            [line for text in switching_notes(found, bearing) for line in wrapped(text)],
        ]
    )


def _now(found: SwitchingValues) -> str:
    figures = [f"{_words(goal)} {_amount(goal.value, goal)} {goal.unit}" for goal in found.goals]
    return f"The plan: {'; '.join(figures)} ({found.plan.grade})."


def bears(one: Switching) -> bool:
    """Say whether a figure moves a goal, or the plan from its place, within what was looked at."""
    sides = any(side is not None and side.switches for side in (one.below, one.above))
    ends = [effect.goals for effect in (one.low, one.high) if effect is not None]
    return sides or len(set(ends)) > 1


def _values(bearing: list[Switching]) -> list[str]:
    head = ["The plan is the best with", "is now", "from", "to", "known", "beyond it"]
    cells = [
        [
            one.figure.path,
            plain(one.figure.value),
            end_words(one.below),
            end_words(one.above),
            str(one.how),
            _beyond(one),
        ]
        for one in bearing
    ]
    return folded(head, cells, (0, 4, 5), (5,)) if cells else []


def end_words(side: Side | None) -> str:
    """Write how far a figure may move; what is not a switch is only where the search ended."""
    if side is None:
        return NOTHING
    return plain(_at(side)) if side.switches else f"({plain(side.end)})"


def _at(side: Side) -> Fraction:
    return side.best_at if side.at is None else side.at


def _beyond(one: Switching) -> str:
    named = [("below", one.below), ("above", one.above)]
    parts = [f"{word}: {why}" for word, side in named if side and (why := _why(side))]
    return "; ".join(parts) or NOTHING


def _why(side: Side) -> str | None:
    """Name the rule that the plan would break, or what the better plan adds."""
    if side.beaten is None:
        return None
    rule, plan = side.beaten.words.partition(":")[0], side.beaten.plan
    return f"breaks {rule}" if plan is None else posts_of(plan)


def _tornado(found: SwitchingValues, bearing: list[Switching]) -> list[str]:
    """Write what the goals of the best plan come to at both ends of each figure's range."""
    first, *second = found.goals
    head = ["What each figure moves", "low", "high", f"{_words(first)} at low", "at high", "swing"]
    head += [text for goal in second for text in (f"{_words(goal)} at low", "at high")]
    cells = []
    for one in bearing:
        ends = (one.low, one.high)
        values = [NOTHING if end is None else plain(end.value) for end in ends]
        swing = NOTHING if one.swing is None else _amount(one.swing, first)
        figures = [_goal(end, 0, first) for end in ends]
        more = [_goal(end, 1, goal) for goal in second for end in ends]
        cells.append([one.figure.path, *values, *figures, swing, *more])
    return beside(head, cells) if cells else []


def _goal(end: Effect | None, number: int, goal: GoalValue) -> str:
    if end is None:
        return NOTHING
    if not end.goals:
        return "no plan"
    kept = "" if end.best else "*"
    return f"{_amount(end.goals[number], goal)}{kept if number == 0 else ''}"


def switching_notes(found: SwitchingValues, bearing: list[Switching]) -> Iterator[str]:
    """Say what the ranges are, how surely the values are known, and which figures move nothing."""
    if found.stopped:
        yield "Stopped early: figures are missing from these tables."
    share = exact_text(found.within * 100)
    yield (
        f"A range is what the assumption states; else {share}% to either side. A star marks an end "
        "at which another plan is the best; the goals there are of that plan."
    )
    hows = {one.how for one in bearing}
    grades = sorted({one.grade for one in bearing})
    if grades:
        yield f"That the plan is the best up to there: {listed(grades)}."
    if How.EXACT in hows:
        yield ("exact: a price, followed from a penny to a thousand times what it is.")
    if How.MONOTONE in hows:
        yield "monotone: what is lost stays lost further off, so no switch lies nearer."
    if How.BRACKETED in hows:
        yield "bracketed: values in the range were tried; in between it may switch and back."
    sides = [side for one in bearing for side in (one.below, one.above)]
    if any(side is not None and not side.switches for side in sides):
        yield "In brackets is where the search ended without a switch."
    still = [one.figure.path for one in found.found if one not in bearing]
    if still:
        yield f"Move nothing within their range: {listed(still)}."
    if found.idle:
        yield f"Do not enter the question: {listed(found.idle)}."


def switching_csv(found: SwitchingValues) -> str:
    """Write one row a figure."""
    names = [goal.minimise for goal in found.goals]
    head = ["path", "value", "unit", "known", "best from", "best to", "switches below"]
    head += ["switches above", "low", "high", "swing"]
    head += [f"{name} at {end}" for name in names for end in ("low", "high")]
    head += ["best at low", "best at high", "below", "above"]
    return csv_text(head, [_row(found, one) for one in found.found])


def _row(found: SwitchingValues, one: Switching) -> list[Cell]:
    sides, ends = (one.below, one.above), (one.low, one.high)
    row: list[Cell] = [one.figure.path, one.figure.value, one.figure.unit, str(one.how)]
    row += [None if side is None else side.best_at for side in sides]
    row += [None if side is None or not side.switches else _at(side) for side in sides]
    row += [*(None if end is None else end.value for end in ends), one.swing]
    for number in range(len(found.goals)):
        row += [None if end is None or not end.goals else end.goals[number] for end in ends]
    row += [None if end is None else "yes" if end.best else "no" for end in ends]
    row += [None if side is None else _why(side) for side in sides]
    return row


def plain(value: Fraction) -> str:
    """Write a figure with thousands, and up to two decimals where it is not whole."""
    rounded = round_half_up(value, _DECIMALS)
    return thousands(value, 0 if rounded == rounded.to_integral_value() else _DECIMALS)


def _amount(value: Fraction, goal: GoalValue) -> str:
    return thousands(value, 0 if "pounds" in goal.unit else _DECIMALS)


def _words(goal: GoalValue) -> str:
    return goal.minimise.replace("_", " ")
