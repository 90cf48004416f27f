"""Plain contradictions: a row that asks for more than other rows leave, shown by adding up.

No solver is asked. Bounds are tightened round by round, and each row is held against what its
columns can come to; then against other rows, each with columns of its own: a floor against a
ceiling, or a ceiling against the floors of several teams. What is found in floats is worked out
again in fractions, and only what holds there is told. What takes more is left to a solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.program import Matrix
from staffopt.algebra.propagation import ROUNDS, SLIGHT, Bounds, negated

if TYPE_CHECKING:
    import numpy.typing as npt

    from staffopt.algebra.program import BoolArray, FloatArray, IntArray

MOST_PAIRS = 3_000
"""So many pairs of rows are held against each other at most."""

MOST_SHARED = 64
"""Rows that share more columns are not held against each other: that takes a solver."""

MOST_SHOWN = 20
"""So many suspicions are worked out in fractions at most."""

MORE_ROUNDS = 2
"""So often rows are gone through after a contradiction, for another side of it to show."""

DOUBT = Fraction(1, 10**6)
"""Of a program in floats, what its own figures may be off by, relative to their size."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that cannot be met with some others.

    Attributes:
        row: the row.
        floor: whether it asks for so much at least; else for so much at most.
        asked: what it asks for.
        possible: the most that it can come to, or the least where it asks for so much at most.
        rows: all the rows that show it, with this one.
    """

    row: int
    floor: bool
    asked: Fraction
    possible: Fraction
    rows: frozenset[int]

    @property
    def by(self) -> Fraction:
        """How far apart the two are."""
        return abs(self.asked - self.possible)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a row, as a sum of terms that comes to so much at most."""

    row: int
    sign: int

    @property
    def floor(self) -> bool:
        return self.sign < 0


@dataclass(frozen=True, slots=True)
class _Suspicion:
    """A side of a row, and sides of others in so many times, that seem to contradict each other.

    ``times`` gives for each other side the entries of both in one column that they cancel in.
    """

    side: _Side
    times: dict[_Side, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Total:
    """What a side comes to at the least, unless that has no end; its terms' size; the rows used."""

    value: Fraction | None
    size: Fraction
    rows: frozenset[int]

    def margin(self, asked: Fraction, *, exact: bool) -> Fraction:
        """Return by how much it has to pass what is asked for to be sure."""
        return Fraction(0) if exact else DOUBT * (self.size + abs(asked))


def contradiction(
    matrix: Matrix,
    rows: IntArray,
    *,
    exact: bool,
    told: BoolArray | None = None,
    held: int | None = None,
) -> Contradiction | None:
    """Find rows that contradict each other plainly; None where none is found.

    Args:
        matrix: the numbers; fractions in an exact program.
        rows: the rows that hold.
        exact: whether the numbers are fractions; else a margin is kept for what they are off by.
        told: marks the rows that people know, one of which is to be the one that cannot be met if
            that can be shown too; every row if None.
        held: the one row to hold against others; every row, those of most terms first, if None.
    """
    second, against = None, None if held is None else np.flatnonzero(rows == held)
    for one in _Search(Bounds(only(matrix, rows)), exact, against).found():
        found = replace(one, row=int(rows[one.row]), rows=frozenset(map(int, rows[[*one.rows]])))
        if told is None or told[found.row]:
            return found
        second = second or found
    return second


def reach(
    matrix: Matrix, rows: IntArray, row: int, *, floor: bool, exact: bool
) -> Contradiction | None:
    """Hold a row against all others, tightened to the end; None where they let it be met.

    A contradiction that was found says only so much as it took. What is told here of what a row
    comes to is as near to the truth as adding up comes.

    Args:
        matrix: the numbers; fractions in an exact program.
        rows: the rows that hold, with that row.
        row: the row.
        floor: which side of it is looked at.
        exact: whether the numbers are fractions.
    """
    number, inside = int(np.flatnonzero(rows == row)[0]), only(matrix, rows)
    lower, upper = inside.row_lower.copy(), inside.row_upper.copy()
    lower[number], upper[number] = -np.inf, np.inf
    bounds = Bounds(replace(inside, row_lower=lower, row_upper=upper))
    while bounds.rounds < ROUNDS and bounds.tighten():
        pass
    side = _Side(number, -1 if floor else 1)
    total = _Search(bounds, exact).least(side)
    asked = Fraction((matrix.row_lower if floor else matrix.row_upper)[row])
    if total.value is None or total.value - side.sign * asked <= total.margin(asked, exact=exact):
        return None
    used = frozenset(map(int, rows[[*total.rows]]))
    return Contradiction(row, floor, asked, side.sign * total.value, used)


def only(matrix: Matrix, rows: IntArray) -> Matrix:
    """Return a matrix of some rows alone, in their order, without columns that are in none."""
    number = np.full(matrix.rows, -1, dtype=np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    entries = np.flatnonzero(number[matrix.indices] >= 0)
    columns, lengths = np.unique(matrix.entry_columns[entries], return_counts=True)
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(lengths)]),
        indices=number[matrix.indices[entries]],
        data=matrix.data[entries],
        row_lower=matrix.row_lower[rows],
        row_upper=matrix.row_upper[rows],
        col_lower=matrix.col_lower[columns],
        col_upper=matrix.col_upper[columns],
        integer=matrix.integer[columns],
    )


class _Search:
    """Looks for contradictions, the plainest first."""

    def __init__(
        self, bounds: Bounds, exact: bool, against: npt.NDArray[np.int64] | None = None
    ) -> None:
        self._bounds, self._exact = bounds, exact
        terms = np.bincount(bounds.matrix.indices, minlength=bounds.matrix.rows)
        self._against = np.argsort(-terms, kind="stable") if against is None else against
        self._place = np.full(bounds.matrix.columns, -1)
        self._pairs = 0
        self._beyond = False

    def found(self) -> Iterator[Contradiction]:
        """Yield what is found: rows by themselves, after every round, and rows together."""
        more, any_found = ROUNDS, False
        while True:
            for one in self._shown(self._alone()):
                yield one
                any_found, more = True, min(more, MORE_ROUNDS)
            if not (more and self._bounds.tighten()):
                break
            more -= 1
        if not any_found:
            yield from self._shown(self._together())

    def _shown(self, suspicions: Iterator[_Suspicion]) -> Iterator[Contradiction]:
        for suspicion in islice(suspicions, MOST_SHOWN):
            shown = self._worked_out(suspicion)
            if shown is not None:
                yield shown

    def _alone(self) -> Iterator[_Suspicion]:
        """Name rows that their columns' bounds do not let be met, the shortest first."""
        bounds = self._bounds
        least, most = bounds.sums()
        with np.errstate(invalid="ignore"):
            over = least.total - bounds.floating.row_upper > SLIGHT * np.maximum(1, least.size)
            under = bounds.floating.row_lower - most.total > SLIGHT * np.maximum(1, most.size)
        rows = np.flatnonzero(over | under).tolist()
        for row in sorted(rows, key=lambda row: len(bounds.entries(row))):
            yield _Suspicion(_Side(row, 1 if over[row] else -1), {})

    def _together(self) -> Iterator[_Suspicion]:
        """Name rows that others with columns of theirs do not let be met."""
        bounds = self._bounds
        self._pairs = 0
        for row in self._against.tolist():
            for sign, bound in (
                (1, bounds.floating.row_upper[row]),
                (-1, -bounds.floating.row_lower[row]),
            ):
                if np.isfinite(bound) and self._pairs < MOST_PAIRS:
                    suspicion = self._against_others(_Side(row, sign), float(bound))
                    if suspicion is not None:
                        yield suspicion

    def least(self, side: _Side) -> _Total:
        """Work out the least that a side comes to, with others added where that is more."""
        alone = self._added_up(_Suspicion(side, {}))
        added = self._added_up(_Suspicion(side, self._times(side, np.inf)))
        if alone.value is None or added.value is None:
            return alone if added.value is None else added
        return max(alone, added, key=lambda total: total.value or Fraction(0))

    def _against_others(self, side: _Side, bound: float) -> _Suspicion | None:
        """Hold a side against others; None where they let it come to its bound."""
        times = self._times(side, bound)
        return _Suspicion(side, times) if times and self._beyond else None

    def _times(self, side: _Side, bound: float) -> dict[_Side, tuple[int, int]]:
        """Take other sides, each for columns of its own, until a side's terms pass a bound.

        Returns:
            for each, the entries that cancel.
        """
        bounds = self._bounds
        own = bounds.entries(side.row)
        columns = bounds.columns[own]
        factors = side.sign * bounds.floating.data[own]
        total = _least(factors, bounds.low[columns], bounds.high[columns])
        self._place[columns] = np.arange(len(own))
        gains = sorted(self._gains(side.row, columns, factors, total), key=lambda one: -one[0])
        self._place[columns] = -1
        left, times, self._beyond = np.ones(len(own), dtype=bool), {}, False
        for _, other, shared, value, pair in gains:
            if left[shared].all() and not self._beyond:
                left[shared], times[other] = False, pair
                total[shared], total[shared[0]] = 0.0, value
                self._beyond = bool(total.sum() - bound > SLIGHT * max(1.0, np.abs(total).sum()))
        return times

    def _gains(
        self, row: int, columns: IntArray, factors: FloatArray, least: FloatArray
    ) -> Iterator[tuple[float, _Side, IntArray, float, tuple[int, int]]]:
        """Yield what each other row adds to the least that a row's terms come to.

        Yields:
            the gain; the other row's side; the places of the columns shared; what these come to at
            the least; the entries that cancel.
        """
        bounds, matrix = self._bounds, self._bounds.floating
        near = [matrix.indices[matrix.indptr[c] : matrix.indptr[c + 1]] for c in columns]
        for other in np.unique(np.concatenate(near)) if near else ():
            limits = bounds.floating.row_upper[other], -bounds.floating.row_lower[other]
            if other == row or not np.isfinite(limits).any():
                continue
            self._pairs += 1
            entries = bounds.entries(other)
            places = self._place[bounds.columns[entries]]
            shared, inside = places[places >= 0], entries[places >= 0]
            if len(shared) > MOST_SHARED or self._pairs > MOST_PAIRS:
                continue
            outside = bounds.columns[entries[places < 0]]
            low, high = bounds.low[columns[shared]], bounds.high[columns[shared]]
            for sign, limit in zip((1, -1), limits, strict=True):
                rest = sign * matrix.data[entries[places < 0]]
                room = limit - _least(rest, bounds.low[outside], bounds.high[outside]).sum()
                if np.isfinite(room):
                    theirs = sign * matrix.data[inside]
                    value, at = _best(factors[shared], theirs, float(room), low, high)
                    gain = value - float(least[shared].sum())
                    if gain > SLIGHT * max(1.0, abs(value)):
                        pair = int(shared[at]), int(inside[at])
                        yield gain, _Side(int(other), sign), shared, value, pair

    def _worked_out(self, suspicion: _Suspicion) -> Contradiction | None:
        """Add everything up in fractions; None where it is no contradiction after all."""
        side, asked = suspicion.side, self._limit(suspicion.side)
        told = self._added_up(suspicion)
        if told.value is None or told.value - asked <= told.margin(asked, exact=self._exact):
            return None
        sides = side.sign * asked, side.sign * told.value
        return Contradiction(side.row, side.floor, *sides, told.rows)

    def _added_up(self, suspicion: _Suspicion) -> _Total:
        """Add up in fractions the least that a side comes to, others in so many times added."""
        bounds, side = self._bounds, suspicion.side
        terms, rows = self._terms(side), {side.row}
        own, total, size = bounds.entries(side.row), Fraction(0), Fraction(1)
        for other, (place, entry) in suspicion.times.items():
            mine = side.sign * Fraction(bounds.matrix.data[own[place]])
            times = -mine / (other.sign * Fraction(bounds.matrix.data[entry]))
            for column, factor in self._terms(other).items():
                terms[column] = terms.get(column, Fraction(0)) + times * factor
            total -= times * self._limit(other)
            size += abs(times * self._limit(other))
            rows.add(other.row)
        least = bounds.least(terms, bounds.rounds)
        used = frozenset(rows | least.rows)
        if not isinstance(least.value, Fraction):
            return _Total(None, size, used)
        return _Total(total + least.value, size + abs(least.value), used)

    def _terms(self, side: _Side) -> dict[int, Fraction]:
        bounds = self._bounds
        terms = {
            int(bounds.columns[entry]): Fraction(bounds.matrix.data[entry])
            for entry in bounds.entries(side.row)
        }
        return negated(terms) if side.floor else terms

    def _limit(self, side: _Side) -> Fraction:
        matrix = self._bounds.matrix
        limit = matrix.row_lower if side.floor else matrix.row_upper
        return side.sign * Fraction(limit[side.row])


def _least(factors: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the least that each term can come to; nothing where its factor is 0."""
    with np.errstate(invalid="ignore"):
        ends = np.where(factors > 0, factors * low, factors * high)
    return np.where(factors == 0, 0.0, ends)


def _best(
    factors: FloatArray, theirs: FloatArray, room: float, low: FloatArray, high: FloatArray
) -> tuple[float, int]:
    """Find the least that a sum of terms comes to where another sum comes to ``room`` at most.

    That is the greatest, over multipliers λ, of the least of terms plus λ × (theirs - room); it is
    reached where the terms of some column cancel.

    Returns:
        the least; the column.
    """
    times = -factors / theirs
    rest = factors + np.outer(times, theirs)
    rest = np.where(np.abs(rest) <= 1e-9 * np.abs(factors), 0.0, rest)
    values = _least(rest, low, high).sum(axis=1) - times * room
    values = np.where(times > 0, values, -np.inf)
    at = int(np.argmax(values))
    return float(values[at]), at
