"""The frontier of two linear goals where posts are on no step: segments with open or closed ends.

What is whole being fixed, the best second goal within a most of the first is convex and piecewise
linear (:mod:`staffopt.analysis.pieces`). The frontier is the least of such functions, one for each
choice of what is whole. It is walked from its dearest point down: a piece of one function is
followed as far as a solve proves that no other choice lies below it, as in the boxed line method
(Perini, Boland, Pecin and Savelsbergh, INFORMS Journal on Computing 32 (2020), 16-39). Where
another one does, the two are made to cross; where a choice has no point for less, the best of all
others is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.program import FloatArray, Matrix, NumberArray
from staffopt.algebra.solution import Changes
from staffopt.analysis.pieces import ZERO, Along, Line, fixed_at, short

if TYPE_CHECKING:
    from staffopt.algebra.solution import Solution

A_MILLIONTH = 1e-6
"""How closely a second goal is held, relative to its size, while the first is minimised."""

MOST_CROSSINGS = 60
"""So many lines are crossed at most to find where two choices are as good, or one is the best."""


MOST_TURNS = 8
"""So many choices that are as good at one figure are told apart by what they are below it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A straight stretch of the frontier, or a point of it.

    Attributes:
        low, high: the first goal at its ends.
        at_low, at_high: the second goal there, as it is minimised.
        low_closed, high_closed: whether the end is on the frontier; else it is only come near to.
        checked: whether exact arithmetic proves the line: that none of its choice lies below it.
    """

    low: Fraction
    high: Fraction
    at_low: Fraction
    at_high: Fraction
    low_closed: bool
    high_closed: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class Goals:
    """Two goals over one program, in the same numbers.

    Attributes:
        matrix: the program, in fractions or floats.
        first, second: vectors, one entry a column.
        first_row, second_row: the rows that hold them, without bounds.
        near: what of the first goal is not told apart.
        solve: a solver that comes to its end; None where there is no point.
    """

    matrix: Matrix
    first: NumberArray
    second: NumberArray
    first_row: int
    second_row: int
    near: Fraction
    solve: Callable[[Matrix, Changes], Solution | None]


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a walk has come to.

    Attributes:
        choice: the choice that it follows.
        here: where it stands.
        closed: whether that is on the frontier.
        turns: how often it has turned to another choice right there: two that tolerances do not
            tell apart are not taken by turns for ever.
    """

    choice: Along
    here: Line
    closed: bool
    turns: int = 0


class Walk:
    """A walk along the frontier of two goals, from the dearest point to the cheapest.

    Args:
        goals: the two goals.
        least: the least that the first goal can come to.
        most: the most of it to look at.

    Attributes:
        least: the least that the first goal can come to.
        high: how far it has come: all that is dearer is told.
        at_high: the second goal there, as it is minimised: nothing cheaper has less.
    """

    def __init__(self, goals: Goals, least: Fraction, most: Fraction) -> None:
        self._goals, self.least, self._most = goals, least, most
        self._costs = tuple(vector.astype(np.float64) for vector in (goals.first, goals.second))
        self.high, self.at_high = most, Fraction(0)

    def pieces(self) -> Iterator[Piece]:
        """Yield every piece, the dearest first."""
        stand = self._best(self._most)
        while stand is not None:
            self.high, self.at_high = stand.here.at, stand.here.value
            piece, stand = self._step(stand)
            if piece is not None:
                self.high, self.at_high = piece.low, piece.at_low
                yield piece
            if stand is None and self.high > self.least + self._goals.near:
                stand = self._best(self.high - self._goals.near, jumped=True)

    def _step(self, stand: _Stand) -> tuple[Piece | None, _Stand | None]:
        """Follow a choice for one piece; say where that leads, None where the choice ends."""
        choice, here = stand.choice, stand.here
        end = choice.end(-1)
        if end.at >= here.at:
            return _piece(here, here, stand, low_closed=True), None
        line = choice.first_piece(here, end)
        if not line.slope:  # as good for less: where it stands is not on the frontier
            return None, _Stand(choice, choice.last_on(line, end), closed=True)
        low, other = choice.last_on(line, end), None
        if stand.turns < MOST_TURNS:
            low, other = self._uncut(line, low, stand)
        if low.at >= here.at and other is not None:
            return None, _Stand(other, low, stand.closed, stand.turns + 1)
        cheaper = self._cheaper(line, low)
        if cheaper is not None:
            return self._cut(line, cheaper, stand)
        follows = _Stand(other or choice, low, closed=True) if other or low.at > end.at else None
        closed = other is None or not _is_flat(other, low)
        return _piece(low, here, stand, low_closed=closed), follows

    def _cut(
        self, line: Line, cheaper: _Stand, stand: _Stand
    ) -> tuple[Piece | None, _Stand | None]:
        """Tell what of a piece is left where its cheaper end is beaten by what costs less."""
        value = cheaper.here.value
        at = line.at + (value - line.value) / line.slope
        if at >= stand.here.at:
            return None, cheaper
        low = replace(cheaper.here, at=at)
        return _piece(low, stand.here, stand, low_closed=False), cheaper

    def _cheaper(self, line: Line, low: Line) -> _Stand | None:
        """Look for what is better than a line's cheaper end, and cheaper than that."""
        if not self._goals.matrix.integer.any():
            return None
        found = self._best(low.at)
        worse = low.value + self._goals.near * line.slope
        return found if found is not None and found.here.value < worse else None

    def _uncut(self, line: Line, low: Line, stand: _Stand) -> tuple[Line, Along | None]:
        """Find how far down no other choice lies below a line, and which one does from there."""
        other: Along | None = None
        for _ in range(MOST_CROSSINGS):
            found = self._under(line, low.at, stand, shared=other is not None)
            if found is None:
                break
            higher = _takes_over(found, line, stand.here.at)
            if higher.at <= low.at:
                break
            low, other = higher, found
        return low, other

    def _under(self, line: Line, low: Fraction, stand: _Stand, *, shared: bool) -> Along | None:
        """Look for a choice below a line from one figure up to where the walk stands.

        Args:
            line: the line.
            low: where to begin.
            stand: where the walk stands.
            shared: whether another choice is as good at the beginning.
        """
        near, first = self._goals.near, self._costs[0]
        low = low + near if shared else low
        high = stand.here.at if stand.closed else stand.here.at - near
        if not self._goals.matrix.integer.any() or high - low <= near:
            return None
        cost = first - self._costs[1] / float(line.slope)
        solution = self._solve(cost, low=low, high=high)
        if solution is None or solution.values is None:
            return None
        level = line.at - line.value / line.slope
        if float(cost @ solution.values) >= float(level - near):
            return None
        return self._choice(solution.values)

    def _best(self, most: Fraction, *, jumped: bool = False) -> _Stand | None:
        """Find the choice that is the best within a most of the first goal, and where it begins.

        Where a walk has jumped below an end, and this choice falls all the way up to there, the
        frontier comes as near to that end as one likes: what was told last begins just above.
        """
        solution = self._solve(self._costs[1], high=most)
        if solution is None or solution.values is None or solution.objective is None:
            return None
        held = solution.objective + A_MILLIONTH * abs(solution.objective)
        cheapest = self._solve(self._costs[0], high=most, second=held)
        found = solution if cheapest is None or cheapest.values is None else cheapest
        assert found.values is not None
        choice = self._choice(found.values)
        line, end = choice.line(most), choice.end(-1)
        if not line.slope:
            return _Stand(choice, choice.last_on(line, end), closed=True)
        if jumped:
            return _Stand(choice, choice.line(most + self._goals.near), closed=False)
        return _Stand(choice, line, closed=True)

    def _choice(self, values: FloatArray) -> Along:
        """Fix whatever is whole as a point has it, and follow the second goal along the first."""
        matrix, row = self._goals.matrix, self._goals.first_row
        upper = matrix.row_upper.copy()
        upper[row] = Fraction(0) if matrix.data.dtype == object else 0.0
        span = self.least - self._goals.near, self._most + self._goals.near
        fixed = replace(fixed_at(matrix, values), row_upper=upper)
        return Along(fixed, self._goals.second, {row: Fraction(1)}, span, self._goals.solve)

    def _solve(
        self,
        cost: FloatArray,
        *,
        low: Fraction | None = None,
        high: Fraction,
        second: float | None = None,
    ) -> Solution | None:
        """Minimise a cost within bounds of the first goal, and a most of the second."""
        goals, matrix = self._goals, self._goals.matrix.floating()
        lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
        upper[goals.first_row] = float(high)
        if low is not None:
            lower[goals.first_row] = float(low)
        if second is not None:
            upper[goals.second_row] = second
        return goals.solve(matrix, Changes(cost, lower, upper))


def _takes_over(other: Along, line: Line, high: Fraction) -> Line:
    """Find the dearest figure from which on, downwards, another choice lies below a line.

    It does so somewhere below where the line was met. Lines of the other choice that are met from
    above cross the line no lower than that figure: it is convex.
    """
    at = other.line(high)
    for _ in range(MOST_CROSSINGS):
        if line.goes_through(at) or at.slope == line.slope:
            break
        cross = (at.over(ZERO) - line.over(ZERO)) / (line.slope - at.slope)
        at = other.line(short(cross))
    return at


def _is_flat(choice: Along, here: Line) -> bool:
    """Say whether a choice is as good for less."""
    end = choice.end(-1)
    return end.at < here.at and not choice.first_piece(here, end).slope


def _piece(low: Line, high: Line, stand: _Stand, *, low_closed: bool) -> Piece:
    checked = low.checked and high.checked
    return Piece(low.at, high.at, low.value, high.value, low_closed, stand.closed, checked)
