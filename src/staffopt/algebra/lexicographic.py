"""Ordered goals: minimise the first, hold it, minimise the next, and so on.

A goal is held at its value plus half its quantum: no other value lies between, so rounding in the
solver cannot lose the optimum. A goal that minimises the greatest of several ratios is held by
floors under each activity, which are exact. Where the activities lie on lattices its value is
searched for with such floors, and the last solve must find nothing smaller. Whether another point
does as well is asked last, with the goals held and without the tie-break.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from staffopt.algebra.exclusion import excluding
from staffopt.algebra.extension import relaxed
from staffopt.algebra.holding import floors, room
from staffopt.algebra.program import FloatArray, GoalVector, IntArray, Matrix, Program, Ratio
from staffopt.algebra.ratios import (
    greatest,
    greatest_within,
    next_above,
    next_below,
    on_lattices,
    rows_of,
)
from staffopt.algebra.repeats import gathered
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why

Solver = Callable[[Matrix | None, Changes, Options, Watch], Solution]
"""One backend, already open: the matrix of the first call is held for the later ones."""

MOST_WEIGHT = 1 << 16
LARGE = 20_000
"""From so many coefficients on a whole program's rows are gathered, and its relaxation is asked."""

A_SHARE = 1e-3
"""Of what a goal is held by, what rounding may make of no difference."""

ROUGH = 0.1
"""Gap at which the first solve of a ratio ends that is then searched for."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What one goal came to.

    Attributes:
        name: the goal.
        value: what the solver makes of it, offset included; for a ratio, the ratio.
        bound: what no point can beat, as the solver proved it; None where nothing is proven.
        proven: whether the solver proved that nothing is better.
    """

    name: str
    value: float
    bound: float | None
    proven: bool


@dataclass(slots=True)
class Outcome:
    """What a lexicographic solve came to.

    Attributes:
        why: why it ended: OPTIMAL if every goal was proven.
        values: the point held, or None.
        reached: one entry a goal that was minimised.
        backend: name and version of the solver.
        solves: how many programs were solved.
        tie_broken: whether ties were broken to the end.
        alone: whether no other decisions do as well, by the solver's account; None where it was
            not asked, or not answered.
        other: a point with other decisions that does as well, where one was found.
        message: the solver's own words where it failed.
    """

    why: Why
    values: FloatArray | None = None
    reached: list[Reached] = field(default_factory=list)
    backend: str = ""
    solves: int = 0
    tie_broken: bool = False
    alone: bool | None = None
    other: FloatArray | None = None
    message: str = ""


class Lexicographic:
    """Minimises a program's goals in order, on one backend.

    Args:
        program: what is solved.
        solver: the backend.
        options: for each solve; ``time_limit`` is of the whole.
        slack: how far later goals may worsen each goal, in its unit.
        clock: returns seconds since the start; tells what is left of the time limit.
    """

    def __init__(
        self,
        program: Program,
        solver: Solver,
        options: Options,
        slack: Sequence[float],
        clock: Callable[[], float],
    ) -> None:
        self._program = program
        self._matrix = program.matrix.floating()
        self._solver = solver
        self._options = options
        self._slack = slack
        self._clock = clock
        self._lower = self._matrix.row_lower.copy()
        self._upper = self._matrix.row_upper.copy()
        self._out = Outcome(Why.OPTIMAL)
        large = self._matrix.entries >= LARGE and bool(self._matrix.integer.any())
        self._gathered = gathered(self._matrix) if large else None
        self._sent: Matrix | None = None

    def run(self, watch: Callable[[str, int], Watch]) -> Outcome:
        """Minimise every goal, then break ties by weights that come from the columns' names.

        Args:
            watch: given a goal's name and number, returns what is told of its progress.
        """
        for number, goal in enumerate(self._program.goals):
            told, searched = watch(goal.name, number), on_lattices(goal)
            if self._is_least(goal):
                self._hold(goal, self._slack[number])
                continue
            gap = max(ROUGH, self._options.gap) if searched else self._options.gap
            solution = self._minimise(goal.floats, told, gap=gap)
            if not self._take(solution, goal):
                return self._out
            if searched and not self._search_ratio(goal, told):
                return self._out
            self._hold(goal, self._slack[number])
        weights = self._weights()
        self._out.tie_broken = not weights.any()
        if weights.any() or self._out.values is None:  # without goals, a plan is still wanted
            solution = self._minimise(weights, watch("tie-break", len(self._program.goals)))
            self._keep(solution)
            self._out.tie_broken = solution.why is Why.OPTIMAL
            if self._out.values is None:
                self._out.why, self._out.message = solution.why, solution.message
        return self._out

    @property
    def held(self) -> Matrix:
        """The matrix, with every goal held that was minimised so far."""
        return replace(self._matrix, row_lower=self._lower, row_upper=self._upper)

    def look_for_another(self, watch: Watch) -> None:
        """Ask for other decisions that do as well as those that :meth:`run` found.

        It is asked only where every goal is proven and every decision that can move is whole.
        """
        values, tags, matrix = self._out.values, self._program.column_tags, self._matrix
        moving = tags.decision & (matrix.col_lower < matrix.col_upper)
        proven = self._out.why is Why.OPTIMAL and all(goal.proven for goal in self._out.reached)
        if values is None or not proven or (moving & ~matrix.integer).any():
            return
        held, columns = self.held, np.flatnonzero(moving).astype(np.int32)
        left_out = excluding(held, columns, values)
        found = self._other(left_out.matrix, (), columns, watch)
        for column, side in left_out.aside:
            if found is Why.INFEASIBLE:
                found = self._other(held, (column, side), columns, watch)
        self._out.alone = {Why.INFEASIBLE: True, Why.OPTIMAL: False}.get(found)
        if self._out.other is not None:
            # Two points of the same weight are a tie still, though that is one chance in thousands.
            weights = self._weights()
            self._out.tie_broken &= bool(weights @ values < weights @ self._out.other)

    def _other(
        self, matrix: Matrix, aside: tuple[int, int] | tuple[()], columns: IntArray, watch: Watch
    ) -> Why:
        """Look for other decisions in a matrix, on one side of a column's value if one is named.

        Returns:
            OPTIMAL with a point kept, or INFEASIBLE; any other end says nothing.
        """
        assert self._out.values is not None
        lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
        if aside:
            column, side = aside
            bound = lower if side > 0 else upper
            bound[column] = self._out.values[column] + side
        left = self._left(self._clock())
        if left is not None and left <= 0:
            return Why.TIME_LIMIT
        self._out.solves += 1
        cost = np.zeros(matrix.columns)
        cost[: self._matrix.columns] = self._weights()
        changes = Changes(cost, col_lower=lower, col_upper=upper)
        options = replace(self._options, time_limit=left)
        solution = self._solver(matrix, changes, options, watch)
        if solution.values is None:
            return solution.why
        point = self._snapped(solution.values[: self._matrix.columns])
        if (point[columns] == self._out.values[columns]).all():
            return Why.FAILED  # met by a tolerance only
        self._out.other = point
        return Why.OPTIMAL

    def _left(self, now: float) -> float | None:
        """Return the seconds that are left, None for as many as it takes."""
        limit = self._options.time_limit
        return None if limit is None else limit - now

    def _minimise(
        self,
        cost: FloatArray,
        watch: Watch,
        *,
        gap: float | None = None,
        in_fractions: bool = False,
    ) -> Solution:
        """Solve with the goals so far held."""
        now = self._clock()
        left = self._left(now)
        if left is not None and left <= 0:
            return Solution(Why.TIME_LIMIT, values=self._out.values)
        if watch(Progress(seconds=now)):
            return Solution(Why.CANCELLED, values=self._out.values)
        self._out.solves += 1
        own = self._options.gap if gap is None else gap
        options = replace(self._options, time_limit=left, gap=own)
        matrix = self._in_fractions if in_fractions else self._whole
        start = None if in_fractions else self._out.values
        return self._pass(matrix, cost, options, watch, start)

    @cached_property
    def _whole(self) -> Matrix:
        """The matrix that a solver is given; a large one without rows that repeat others."""
        return self._matrix if self._gathered is None else self._gathered.matrix

    @cached_property
    def _in_fractions(self) -> Matrix:
        """The same, in which nothing has to be whole."""
        return relaxed(self._whole)

    def _pass(
        self,
        matrix: Matrix,
        cost: FloatArray,
        options: Options,
        watch: Watch,
        start: FloatArray | None,
    ) -> Solution:
        """Solve a matrix with the goals so far held; it is sent where another one was last."""
        bounds = self._lower.copy(), self._upper.copy()
        lower, upper = bounds if self._gathered is None else self._gathered.bounds(*bounds)
        given, self._sent = None if matrix is self._sent else matrix, matrix
        return self._solver(given, Changes(cost, lower, upper, start=start), options, watch)

    def _is_least(self, goal: GoalVector) -> bool:
        """Say whether a large program's point has as little of a goal as columns' bounds allow.

        Then it is reached, without a solve.
        """
        values, matrix = self._out.values, self._matrix
        if values is None or goal.ratio is not None or self._gathered is None:
            return False
        cost = goal.floats
        used = cost != 0
        ends = np.where(cost > 0, matrix.col_lower, matrix.col_upper)[used]
        least, value = float(cost[used] @ ends), float(cost @ values)
        if not value - least <= room(goal, 0) * A_SHARE:
            return False
        at = value + float(goal.offset)
        self._out.reached.append(Reached(goal.name, at, at, proven=True))
        return True

    def _take(self, solution: Solution, goal: GoalVector) -> bool:
        """Keep a solution and what it says of its goal; False if the run ends here."""
        self._keep(solution)
        if solution.why is Why.UNBOUNDED:
            self._out.values = None  # a question without an end has no answer, however it began
        if solution.values is None:
            # With a point of an earlier goal held, only a stop is a lawful way to end empty-handed.
            lawful = self._out.values is None or solution.why in (Why.TIME_LIMIT, Why.CANCELLED)
            self._out.why = solution.why if lawful else Why.FAILED
            self._out.message = solution.message
            return False
        self._out.reached.append(self._reached(goal, solution))
        if solution.why is not Why.OPTIMAL:
            self._out.why = solution.why
            return False
        return True

    def _keep(self, solution: Solution) -> None:
        self._out.backend = solution.backend or self._out.backend
        if solution.values is not None:
            self._out.values = self._snapped(solution.values)

    def _snapped(self, values: FloatArray) -> FloatArray:
        return np.where(self._matrix.integer, np.round(values), values)

    def _reached(self, goal: GoalVector, solution: Solution) -> Reached:
        assert self._out.values is not None
        proven = solution.why is Why.OPTIMAL
        if goal.ratio is not None and not goal.ratio.weights:
            return Reached(goal.name, 0.0, 0.0, proven=True)  # nothing to look at, nothing worse
        if goal.ratio is not None:
            worst = self._greatest(goal.ratio)
            bound = solution.bound
            at_least = None if bound is None or bound >= 0 else 1 / -bound
            return Reached(goal.name, float(worst or 0), at_least, proven)
        value = float(goal.floats @ self._out.values) + float(goal.offset)
        bound = None if solution.bound is None else solution.bound + float(goal.offset)
        return Reached(goal.name, value, bound, proven)

    def _greatest(self, ratio: Ratio) -> Fraction | None:
        """Return the greatest weight ÷ activity at the point held."""
        assert self._out.values is not None
        return greatest(ratio, self._matrix.activity(self._out.values))

    def _search_ratio(self, goal: GoalVector, watch: Watch) -> bool:
        """Halve what is open of the least greatest ratio until nothing is; False if the run ends.

        A first point is held, and its bound says where to begin; it is not relied upon. Each solve
        asks for any point at all with no ratio above a figure: floors under activities on lattices
        are tight, where the unknown that is pushed up below them all is loose. The last one proves
        the value: it lets in every ratio that is smaller, and finds none.
        """
        ratio, hint, least = goal.ratio, self._out.reached[-1].bound, Fraction(0)
        assert ratio is not None
        worst = self._greatest(ratio)
        at_once = None
        if worst and self._gathered is not None:
            at_once = least = self._least_in_fractions(ratio, worst, Fraction(hint or 0), watch)
        while worst:
            smaller = next_below(ratio, worst)
            if smaller < least:
                self._out.reached[-1] = Reached(goal.name, float(worst), float(worst), proven=True)
                return True
            begin = max(least, min(Fraction(hint or 0), smaller))
            at, at_once = at_once or (begin + smaller) / 2, None
            solution = self._within(ratio, at, watch)
            if solution.why is Why.INFEASIBLE:
                least = next_above(ratio, at)
                continue
            self._keep(solution)
            found, ended = self._greatest(ratio), solution.why is not Why.OPTIMAL
            if ended or found is None or found > at:
                bound = float(least) if least else None
                value = float(worst if found is None else found)
                self._out.reached[-1] = Reached(goal.name, value, bound, proven=False)
                self._out.why = solution.why if ended else Why.FAILED
                return False
            worst = found
        return True

    def _least_in_fractions(
        self, ratio: Ratio, worst: Fraction, hint: Fraction, watch: Watch
    ) -> Fraction:
        """Return a ratio on the lattices below which not even fractions of columns lead.

        Linear programs are solved where whole ones would be, and mostly their least ratio can be
        had: then one whole program is left to solve.

        Args:
            ratio: the ratio.
            worst: what a point has.
            hint: where to begin to look.
            watch: told of progress.
        """
        least = Fraction(0)
        while (smaller := next_below(ratio, worst)) >= least:
            at = (max(least, min(hint, smaller)) + smaller) / 2
            solution = self._within(ratio, at, watch, in_fractions=True)
            if solution.why is Why.INFEASIBLE:
                least = next_above(ratio, at)
            elif solution.why is Why.OPTIMAL:
                worst = greatest_within(ratio, at)
            else:
                return least
        return worst

    def _within(
        self, ratio: Ratio, most: Fraction, watch: Watch, *, in_fractions: bool = False
    ) -> Solution:
        """Look for any point with no ratio above a figure."""
        lower = self._lower.copy()
        self._floor(ratio, most)
        cost = np.zeros(self._matrix.columns)
        solution = self._minimise(cost, watch, in_fractions=in_fractions)
        self._lower = lower
        return solution

    def _floor(self, ratio: Ratio, most: Fraction) -> None:
        """Put a floor under each activity, so that no ratio exceeds a figure."""
        self._lower[rows_of(ratio)] = floors(ratio, most)

    def _hold(self, goal: GoalVector, slack: float) -> None:
        """Hold a goal at what it came to, for the goals that follow."""
        if goal.ratio is not None:
            worst = self._greatest(goal.ratio)
            if worst is not None:
                self._floor(goal.ratio, worst + Fraction(slack))
            return
        value = self._out.reached[-1].value - float(goal.offset)
        self._upper[goal.row] = value + room(goal, slack)

    def _weights(self) -> FloatArray:
        """Weigh the decisions on lattices by their names, the same for any order or backend."""
        tags = self._program.column_tags
        weights = np.zeros(self._matrix.columns)
        for column in np.flatnonzero(tags.decision & self._matrix.integer):
            name = self._program.column_label(int(column)).encode()
            weights[column] = 1 + int.from_bytes(hashlib.sha256(name).digest()[:4]) % MOST_WEIGHT
        return weights
