"""Rule instances: the rows of a program put together as people speak of them.

An instance is one rule in one place: of a team, a role, a period, a fund, a financial year; or the
limit of a goal, which holds as a rule does. Rows that say what an unknown is (a released hour, a
whole head) belong to no instance: they are facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.program import NONE, Program
from staffopt.analysis.parameters import Parameter, parameter_of, paths_of
from staffopt.infeasible import figure_words, limit_words, shown_name
from staffopt.quantity import exact_text
from staffopt.rulebook import KeepExistingPosts, PlaceEveryone, ReleaseTime, Rule
from staffopt.rules.goal_limits import AT_MOST
from staffopt.verifier.words import pounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from staffopt.algebra.program import IntArray
    from staffopt.question import Question

ONE_FOR_ALL = "period"
"""The axis over which no posts are cut: keeping a post is one wish, whatever the month."""


@dataclass(frozen=True, slots=True, eq=False)
class RuleInstance:
    """One rule in one place.

    Attributes:
        rule: the rule's label.
        where: axis → id: the team, role, period, fund or year; axes of one label are left out.
        words: the rule's sentence with its figures, where it applies and what it asks for there.
        parameter: path of the figure that its rows come from, where there is one.
        value: what that figure is.
        unit: the figure's unit; of the rows where there is no figure.
        statutory: whether the rule is set by law.
        rows: the program's rows.
    """

    rule: str
    where: Mapping[str, str]
    words: str
    parameter: str | None
    value: Fraction | None
    unit: str
    statutory: bool
    rows: IntArray

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "rule": self.rule,
            "where": dict(self.where),
            "words": self.words,
            "parameter": self.parameter,
            "value": None if self.value is None else exact_text(self.value),
            "unit": self.unit,
            "statutory": self.statutory,
        }


def instances_of(question: Question, program: Program) -> list[RuleInstance]:
    """List the rule instances that have a bound, in the order of their rows; then goals' limits."""
    # A rule's own definitions (that a team is in one band) go and come with it; released time is
    # what other rules count, and would be free without its rows. So would people without a place.
    rules = {rule.label: rule for rule in question.rules if not isinstance(rule, ReleaseTime)}
    matrix, tags = program.matrix, program.row_tags
    bounded = np.isfinite(matrix.row_lower.astype(float))
    bounded |= np.isfinite(matrix.row_upper.astype(float))
    axes = sorted(tags.keys)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in np.flatnonzero(bounded):
        rule = rules.get(program.names[tags.rule[row]])
        if rule is not None and not _is_fact(program, rule, int(row)):
            groups.setdefault(_key(program, rule, axes, int(row)), []).append(int(row))
    paths = paths_of(program)
    kept = [
        _instance(question, program, rules[key[0]], np.array(rows, dtype=np.int32), paths)
        for key, rows in groups.items()
    ]
    return [*kept, *_limits(question, program, paths)]


def _is_fact(program: Program, rule: Rule, row: int) -> bool:
    """Say whether a row holds that people have one place each: who is in post follows from it."""
    people = program.row_tags.keys.get("person")
    return isinstance(rule, PlaceEveryone) and people is not None and people[row] != NONE


def _limits(
    question: Question, program: Program, paths: Mapping[int, str]
) -> Iterator[RuleInstance]:
    """Give the limit of each goal that has one, as one instance: it is one figure."""
    limited = [goal for goal in question.goals if goal.at_most is not None]
    blocks = [b for b in program.row_blocks if b.name in {f"{g.label} {AT_MOST}" for g in limited}]
    for goal, block in zip(limited, blocks, strict=True):
        path = paths.get(block.start)
        figure = None if path is None else parameter_of(question, program, path)
        if block.stop > block.start and figure is not None:
            yield RuleInstance(
                rule=goal.label,
                where={},
                words=limit_words(goal),
                parameter=path,
                value=figure.value,
                unit=figure.unit,
                statutory=False,
                rows=np.arange(block.start, block.stop, dtype=np.int32),
            )


def _key(program: Program, rule: Rule, axes: list[str], row: int) -> tuple[Any, ...]:
    tags = program.row_tags
    kept = isinstance(rule, KeepExistingPosts)
    codes = (NONE if kept and axis == ONE_FOR_ALL else int(tags.keys[axis][row]) for axis in axes)
    # A rule's own figures (one of each band, say) are instances apart.
    return rule.label, *codes, int(tags.parameter[row])


def _instance(
    question: Question, program: Program, rule: Rule, rows: IntArray, paths: Mapping[int, str]
) -> RuleInstance:
    tags, first = program.row_tags, int(rows[0])
    dropped = {ONE_FOR_ALL} if isinstance(rule, KeepExistingPosts) else set()
    where = {
        axis: program.axes[axis][codes[first]]
        for axis, codes in tags.keys.items()
        if codes[first] != NONE and axis not in dropped
    }
    path = paths.get(first)
    figure = None if path is None else parameter_of(question, program, path)
    return RuleInstance(
        rule=rule.label,
        where={axis: name for axis, name in where.items() if len(program.axes[axis]) > 1},
        words=_words(question, program, rule, where, rows, figure),
        parameter=path,
        value=None if figure is None else figure.value,
        unit=figure.unit if figure else program.names[tags.unit[first]],
        statutory=bool(tags.statutory[rows].any()),
        rows=rows,
    )


def _words(
    question: Question,
    program: Program,
    rule: Rule,
    where: Mapping[str, str],
    rows: IntArray,
    figure: Parameter | None,
) -> str:
    """Write the sentence, the place, the ceiling where the sentence has none, and what is asked."""
    several = [name for axis, name in where.items() if len(program.axes[axis]) > 1]
    named = [shown_name(question, name) for name in several]
    place = f" ({', '.join(named)})" if named else ""
    ceiling = figure is not None and figure.path.startswith("funds.")
    text = f": {pounds(Fraction(figure.value))}" if figure and ceiling else ""
    return f"{rule.words}{place}{text}{_asked(program, rows)}"


def _asked(program: Program, rows: IntArray) -> str:
    """Say what a single row asks for, where it sums posts added or money and nothing else."""
    if len(rows) != 1:
        return ""
    matrix, tags, row = program.matrix, program.row_tags, int(rows[0])
    unit = program.names[tags.unit[row]]
    entries = np.flatnonzero(matrix.indices == row)
    columns = matrix.entry_columns[entries]
    block = program.columns_named("change")
    inside = (columns >= block.start) & (columns < block.stop)
    quantum = program.column_tags.quantum[columns]
    step = np.where(quantum, quantum, 1.0)
    whole = np.isclose(matrix.data[entries].astype(float), step)
    money = unit == "pounds"
    if not money and not (len(entries) and (inside & whole).all() and unit == "FTE"):
        return ""
    lower, upper = matrix.row_lower[row], matrix.row_upper[row]
    added = "" if money else " more than today"
    if lower == upper:
        return ""
    if np.isfinite(float(lower)):
        return f"; asks for {_figure(lower, unit)}{added}" if lower > 0 else ""
    if money:
        left = _figure(abs(upper), unit)
        return f"; {left} left for what is added" if upper >= 0 else f"; {left} over already"
    return f"; leaves room for {_figure(upper, unit)}{added}" if upper >= 0 else ""


def _figure(bound: Fraction | float, unit: str) -> str:
    """Write a row's bound, of which a float holds no more than four decimals here."""
    return figure_words(Fraction(bound).limit_denominator(10**4), unit)
