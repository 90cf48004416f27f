"""Plain contradictions of a question, in the council's words: found by adding up, unsolved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.contradiction import Contradiction, contradiction, only, reach
from staffopt.algebra.program import NONE
from staffopt.infeasible import figure_words, row_words
from staffopt.quantity import exact_text
from staffopt.rulebook import KeepExistingPosts, ReleaseTime, Rule
from staffopt.rules.goal_limits import AT_MOST

if TYPE_CHECKING:
    from staffopt.algebra.program import BoolArray, IntArray, Program
    from staffopt.question import Question

MOST_NAMED = 4
"""More rules than these nobody reads in one sentence."""


@dataclass(frozen=True, slots=True)
class Plainly:
    """How a rule cannot be kept with others, both sides in figures.

    Both are of what is decided: posts beyond today's, pounds beyond what is spent already.

    Attributes:
        row: the program's row that cannot be met.
        floor: whether it asks for so much at least; else for so much at most.
        asked: what it asks for.
        possible: what it comes to at the most where the others are kept, or at the least.
        unit: unit of both.
        exact: whether it was worked out in the question's own figures, without any rounding.
    """

    row: int
    floor: bool
    asked: Fraction
    possible: Fraction
    unit: str
    exact: bool

    @property
    def by(self) -> Fraction:
        """How far apart the two are."""
        return abs(self.asked - self.possible)

    @property
    def words(self) -> str:
        """Both sides in one sentence, where they are amounts; else how far they are apart."""
        by = figure_words(self.by, self.unit)
        if self.asked < 0 or self.possible < 0:
            return f"{by} {'short' if self.floor else 'over'} at the least"
        asked, possible = (figure_words(x, self.unit) for x in (self.asked, self.possible))
        if self.floor:
            return f"{asked} asked for at the least, {possible} to be had at the most: {by} short"
        return f"{asked} to be had at the most, {possible} asked for at the least: {by} short"

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "at": "least" if self.floor else "most",
            "asked": exact_text(self.asked),
            "possible": exact_text(self.possible),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Plainest:
    """A plain contradiction of which no part can be left out by adding up.

    Attributes:
        plainly: the contradiction.
        parts: the parts of the question that show it.
    """

    plainly: Plainly
    parts: frozenset[int]


def plainest(program: Program, parts: IntArray, among: Sequence[int]) -> Plainest | None:
    """Find a plain contradiction, and take out of it what it does without; None where none is.

    Args:
        program: the question's program.
        parts: of each row the part of the question that it is of; NONE for what is a fact.
        among: the parts that hold, what is to be blamed least first.
    """
    matrix, exact = program.matrix, program.exact
    told = parts != NONE
    found = contradiction(matrix, _rows(_held(parts, among)), exact=exact, told=told)
    if found is None:
        return None
    found = _narrowed(program, found, parts, among)
    left = _parts(found, parts)
    return Plainest(_told(program, _broadest(program, found, parts, left)), left)


def _narrowed(
    program: Program, found: Contradiction, parts: IntArray, among: Sequence[int]
) -> Contradiction:
    """Take out of a contradiction what it does without, in its own rows alone: they are few."""
    rows = np.array(sorted(found.rows), dtype=np.int32)
    matrix, parts = only(program.matrix, rows), parts[rows]
    held = int(np.flatnonzero(rows == found.row)[0])
    inside, left = np.ones(len(rows), dtype=bool), set(parts.tolist())
    for part in among:
        if part in left:
            fewer = contradiction(
                matrix,
                _rows(inside & (parts != part)),
                exact=program.exact,
                told=parts != NONE,
                held=held,
            )
            if fewer is not None:
                inside[:] = False
                inside[[*fewer.rows]] = True
                held, left = fewer.row, set(parts[inside].tolist())
                found = replace(
                    fewer,
                    row=int(rows[fewer.row]),
                    rows=frozenset(map(int, rows[[*fewer.rows]])),
                )
    return found


def _broadest(
    program: Program, found: Contradiction, parts: IntArray, left: Collection[int]
) -> Contradiction:
    """Tell a contradiction by its row of most terms: a sum and its ceiling, rather than a part."""
    matrix, rows = program.matrix, _rows(_held(parts, left))
    terms = np.bincount(matrix.indices, minlength=matrix.rows)
    told = [row for row in found.rows if parts[row] != NONE]
    for row in sorted(told, key=lambda row: (-terms[row], row != found.row, row)):
        for floor, bound in ((False, matrix.row_upper[row]), (True, matrix.row_lower[row])):
            if np.isfinite(float(bound)):
                best = reach(matrix, rows, row, floor=floor, exact=program.exact)
                if best is not None:
                    return best
    return found


def _held(parts: IntArray, among: Collection[int]) -> BoolArray:
    held: BoolArray = (parts == NONE) | np.isin(parts, [*among])
    return held


def _rows(marked: BoolArray) -> IntArray:
    return np.flatnonzero(marked).astype(np.int32)


def _parts(found: Contradiction, parts: IntArray) -> frozenset[int]:
    return frozenset(int(parts[row]) for row in found.rows) - {NONE}


def _told(program: Program, found: Contradiction) -> Plainly:
    unit = program.names[program.row_tags.unit[found.row]]
    return Plainly(found.row, found.floor, found.asked, found.possible, unit, program.exact)


def plain_words(question: Question, program: Program) -> str:
    """Say what cannot be kept together plainly, and by how much; nothing where none is found."""
    told = _named(program, [rule for rule in question.rules if not isinstance(rule, ReleaseTime)])
    kept = _named(program, [rule for rule in question.rules if isinstance(rule, KeepExistingPosts)])
    for block in program.row_blocks:
        told[block.start : block.stop] |= block.name.endswith(f" {AT_MOST}")
    parts = np.where(told, np.arange(program.matrix.rows), NONE).astype(np.int32)
    found = plainest(program, parts, sorted(_rows(told).tolist(), key=lambda row: not kept[row]))
    if found is None:
        return ""
    rows = sorted(found.parts, key=lambda row: (row != found.plainly.row, kept[row], row))
    named = [row_words(question, program, row) for row in rows]
    sentences = list(dict.fromkeys(named))
    more = f" and {len(sentences) - MOST_NAMED} more" if len(sentences) > MOST_NAMED else ""
    return f"{' + '.join(sentences[:MOST_NAMED])}{more}: {found.plainly.words}"


def _named(program: Program, rules: Sequence[Rule]) -> BoolArray:
    """Mark the rows of some rules."""
    labels = {rule.label for rule in rules}
    marked: BoolArray = np.array([name in labels for name in program.names])[program.row_tags.rule]
    return marked
