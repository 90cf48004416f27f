"""Marginal values with posts fixed, for people and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.analysis.next_pound import NextPound
from staffopt.analysis.posts_fixed import LABEL, Marginal, PostsFixed, Side
from staffopt.plan import fund_name
from staffopt.quantity import round_half_up
from staffopt.question import Question
from staffopt.reporting.sheet import Cell
from staffopt.reporting.tables import folded
from staffopt.reporting.words import NOTHING, thousands

A_THOUSAND = 1_000
"""Pounds are told by so many: one of them is worth next to nothing."""

_DECIMALS = (2, 4, 8)

_RATE_DECIMALS = 12
"""What a single pound is worth has few digits left in the six decimals of other figures."""

CSV_HEAD = (
    f"{LABEL}: rate of more",
    f"{LABEL}: until",
    f"{LABEL}: rate of less",
    f"{LABEL}: down to",
)


def marginals_table(found: NextPound) -> list[str]:
    """Write what a little more and a little less of each figure is worth while posts stay."""
    fixed = found.posts_fixed
    if fixed is None or not fixed.marginals:
        return []
    head = [f"With {LABEL}", "today", "more", "up to", "less", "down to"]
    cells = [_cells(found.question, item) for item in fixed.marginals]
    return folded(head, cells, (0,), ())


def marginal_notes(found: NextPound) -> Iterator[str]:
    """Say what the figures are, and what they are not."""
    fixed = found.posts_fixed
    if fixed is None:
        return
    if fixed.none:
        yield f"No marginal values with {LABEL}: {fixed.none}."
        return
    if not fixed.marginals:
        yield f"With {LABEL}, no figure's first unit more or less moves the goal."
        return
    yield (
        f"With {LABEL} means that all that is whole stays as in the plan of today's ceilings: this "
        f"is no price of the question itself. Changes are in {found.goal.unit}, for £1,000 or one "
        "unit, at the rate at which they begin."
    )
    yield from _warnings(found.question, fixed)


def _warnings(question: Question, fixed: PostsFixed) -> Iterator[str]:
    if fixed.ratio:
        yield "Between the ends the goal's reciprocal moves evenly, so the goal itself flattens."
    twofold = [_name(question, item)[0] for item in fixed.marginals if item.degenerate]
    if twofold:
        yield (
            f"Degenerate: more and less are worth different amounts of {', '.join(twofold)}, so "
            "neither is the price of both."
        )
    sides = [side for item in fixed.marginals for side in (item.more, item.less) if side]
    if all(side.checked for side in sides):
        yield "Checked in fractions: the goal is nowhere better than these rates have it."
    else:
        yield "Some rates are the solver's account: fractions did not bear them out."


def _cells(question: Question, item: Marginal) -> list[str]:
    name, by = _name(question, item)
    return [
        name,
        _figure(item.figure),
        *_side(item.more, by),
        *(_side(item.less, -by) if item.figure else (NOTHING, NOTHING)),
    ]


def _name(question: Question, item: Marginal) -> tuple[str, int]:
    """Name a figure, and say by how much of it changes are told."""
    by = A_THOUSAND if item.unit == "pounds" else 1
    where = ceiling_of(item)
    if where is None:
        return f"{item.path}, {item.unit}", by
    return f"{fund_name(question, where[0])}, {where[1]}, £", by


def ceiling_of(item: Marginal) -> tuple[str, str] | None:
    """Return the fund and year of a ceiling's path; None of any other."""
    match item.path.split("."):
        case ["funds", fund, "ceiling", year]:
            return fund, year
    return None


def _side(side: Side | None, by: int) -> tuple[str, str]:
    if side is None:
        return "no plan", NOTHING
    return _signed(side.rate * by), "on and on" if side.until is None else _figure(side.until)


def _figure(value: Fraction) -> str:
    return thousands(value, 0 if value.denominator == 1 else 2)


def _signed(value: Fraction) -> str:
    """Write a change with its sign, with as many decimals as it takes to be more than nothing."""
    for decimals in _DECIMALS:
        if round_half_up(abs(value), decimals):
            return f"{'-' if value < 0 else '+'}{thousands(abs(value), decimals)}"
    return NOTHING


def csv_cells(item: Marginal | None) -> list[Cell]:
    """Write what stands under :data:`CSV_HEAD`."""
    if item is None:
        return [None] * len(CSV_HEAD)
    cells: list[Cell] = []
    for side in (item.more, item.less):
        cells += (_decimal(side.rate), side.until) if side else (None, None)
    return cells


def _decimal(rate: Fraction) -> Fraction:
    return Fraction(round_half_up(rate, _RATE_DECIMALS))
