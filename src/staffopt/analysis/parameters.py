"""Parameters: the figures that rows come from, which somebody might change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from staffopt.algebra.program import NONE, IntArray, ParameterKind, Program
from staffopt.differences import figure_at
from staffopt.quantity import Unit, common_measure, exact_text

if TYPE_CHECKING:
    from staffopt.question import Question

HUNDREDTH = Fraction(1, 100)
"""What coefficients are searched in: targets, ratios and spans are set to two decimals."""

YES_OR_NO = ("pins.packages", "pins.first_preferences")
"""Pins that are no amounts, so that there is no less of them."""

FINEST = 10_000
"""No step of a role is finer than one part in so many."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure that rows come from.

    Attributes:
        path: where it stands, as ``--set`` names it.
        value: what it is.
        unit: its own unit.
        step: what it is changed in.
        bound: whether the rows' bounds are the figure; else it enters coefficients.
        rule: label of the rule.
    """

    path: str
    value: Fraction
    unit: str
    step: Fraction
    bound: bool
    rule: str

    def moved(self, steps: int) -> str:
        """Write the figure that lies some steps away; one above 0 goes down to 0 and no further."""
        figure = self.value + steps * self.step
        return exact_text(Fraction(0) if figure < 0 < self.value else figure)


_PATHS: WeakKeyDictionary[Program, dict[int, str]] = WeakKeyDictionary()
"""What was found of each program: figures are looked up one by one, over and over."""


def paths_of(program: Program) -> Mapping[int, str]:
    """Name the figure that each row comes from, where it is one that can be changed by its path."""
    if program not in _PATHS:
        _PATHS[program] = _paths_of(program)
    return _PATHS[program]


def _paths_of(program: Program) -> dict[int, str]:
    tags = program.row_tags
    named = {
        int(row): program.names[tags.parameter[row]]
        for row in np.flatnonzero(
            (tags.parameter != NONE) & (tags.parameter_kind != ParameterKind.NONE)
        )
    }
    for follow in program.follows:
        block = follow.block
        for number, codes in enumerate(block.cells):
            labels = (names[code] for names, code in zip(block.labels, codes, strict=True))
            paths = follow.sources(dict(zip(block.axes, labels, strict=True))).paths
            if len(paths) == 1 and block.start + number in named:
                (named[block.start + number],) = paths
    return named


def rows_of(program: Program, path: str) -> IntArray:
    """List the rows that come from a figure."""
    rows = [row for row, named in paths_of(program).items() if named == path]
    return np.array(rows, dtype=np.int32)


def parameter_of(question: Question, program: Program, path: str) -> Parameter | None:
    """Return the figure at a path, or None where no number stands there."""
    rows = rows_of(program, path)
    try:
        value = figure_at(question, path)
    except (KeyError, AttributeError, StopIteration):
        return None
    if value is None or not len(rows) or path.startswith(YES_OR_NO):
        return None
    tags, first = program.row_tags, int(rows[0])
    bound = tags.parameter_kind[first] == ParameterKind.RIGHT_HAND_SIDE
    unit = _unit(question, program, path) or program.names[tags.unit[first]]
    step = step_of(program, rows, unit) if bound else HUNDREDTH
    return Parameter(path, value, unit, step, bool(bound), program.names[tags.rule[first]])


def _unit(question: Question, program: Program, path: str) -> str | None:
    """Look a rule's parameter up in the rule book, where its unit stands; or a goal's limit."""
    table, label, name, *_ = [*path.split("."), "", ""]
    if table == "model":
        goal = program.goals[int(name)]
        return goal.ratio.unit if goal.ratio else goal.unit
    if table != "standards":
        return None
    rule = next(rule for rule in question.rules if rule.label == label)
    marks = type(rule).model_fields[name].metadata
    return next((mark.name for mark in marks if isinstance(mark, Unit)), None)


def step_of(program: Program, rows: IntArray, unit: str) -> Fraction:
    """Return what a bound is changed in: whole pounds, whole teams, or what posts go by there.

    Those are the posts' own steps, or the FTE of people who are placed one by one.
    """
    if "FTE" not in unit:
        return Fraction(1)
    matrix = program.matrix
    entries = np.flatnonzero(np.isin(matrix.indices, rows))
    sizes = {float(abs(size)) for size in matrix.data[entries]}
    if not sizes or not matrix.integer[matrix.entry_columns[entries]].all():
        return HUNDREDTH
    measure = common_measure([Fraction(size).limit_denominator(FINEST) for size in sizes])
    return max(measure, HUNDREDTH)


def offered(
    question: Question, program: Program, rows: IntArray, paths: Mapping[int, str]
) -> str | None:
    """Name the figure whose change could let rows give, or None: none is, or the law sets it."""
    if program.row_tags.statutory[rows].any():
        return None
    named = {path for row in rows if (path := paths.get(int(row)))}
    if len(named) != 1:
        return None
    (path,) = named
    return path if parameter_of(question, program, path) else None


def declared_prices(question: Question, program: Program) -> dict[str, Fraction]:
    """Give path → what a change by one of its unit weighs, where the rule is softened at a price.

    A rule's price is of its rows' shortfall. It is of the figure too where the figure is the bound:
    there one of the figure's unit is one of the shortfall.
    """
    tags, paths, prices = program.row_tags, paths_of(program), dict[str, Fraction]()
    soft = {rule.label: rule.soften for rule in question.rules if rule.soften is not None}
    for row, path in paths.items():
        soften = soft.get(program.names[tags.rule[row]])
        if soften is not None and tags.factor[row] in (1.0, -1.0):
            prices[path] = Fraction(soften.price)
    return prices
