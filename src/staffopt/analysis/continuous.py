"""The frontier of a question whose posts are on no step: segments, each with its ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from staffopt.algebra.solution import Changes
from staffopt.analysis.asking import Step, Told, attempt
from staffopt.analysis.pieces import NoDuals, NoPoint, short, value_of
from staffopt.analysis.segments import A_MILLIONTH, Goals, Piece, Walk
from staffopt.analysis.to_the_end import session_of, solved
from staffopt.build import build
from staffopt.errors import BackendError, Cancelled, Infeasible, VerificationError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, Matrix, Program
    from staffopt.algebra.solution import Solution
    from staffopt.desk import Desk
    from staffopt.plan import Plan

NEAR = Fraction(1, 10)
"""Pounds of the first goal that are not told apart: less than 0.0001 FTE of any post costs."""


@dataclass(frozen=True, slots=True)
class End:
    """An end of a segment.

    Attributes:
        first: what the first goal comes to, pounds.
        second: what the second goal comes to, in its own unit.
        closed: whether it is on the frontier; else the frontier comes as near to it as one likes.
        plan: the best plan within that much of the first goal, up to the next pound; None at an
            open end, or where none is found whose posts can be written down.
    """

    first: Fraction
    second: Fraction
    closed: bool
    plan: Plan | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "first": exact_text(self.first),
            "second": exact_text(self.second),
            "closed": self.closed,
            "plan": None if self.plan is None else self.plan.id,
            "grade": None if self.plan is None else str(self.plan.grade),
        }


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the frontier; a point of it where its two ends are the same.

    Attributes:
        cheap, dear: its ends.
        reciprocal: whether one over the second goal moves evenly between them, as of a greatest
            ratio; else the second goal does.
        checked: whether exact arithmetic proves the line.
    """

    cheap: End
    dear: End
    reciprocal: bool
    checked: bool

    @property
    def is_point(self) -> bool:
        """Whether it is a single point."""
        return self.cheap.first == self.dear.first

    def at(self, first: Fraction) -> Fraction:
        """Return the second goal at a value of the first one within the segment."""
        if self.is_point:
            return self.dear.second
        share = (first - self.cheap.first) / (self.dear.first - self.cheap.first)
        low, high = self.cheap.second, self.dear.second
        if self.reciprocal and low and high:
            return 1 / (1 / low + share * (1 / high - 1 / low))
        return low + share * (high - low)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "cheap": self.cheap.to_json(),
            "dear": self.dear.to_json(),
            "between": "reciprocal of the second even" if self.reciprocal else "even",
            "checked": self.checked,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a frontier.

    Attributes:
        segments: the segments, the cheapest first.
        reached: the first and second goal from which on, upwards, all is told; None where
            everything is.
    """

    segments: tuple[Segment, ...]
    reached: tuple[Fraction, Fraction] | None = None


@dataclass(slots=True)
class Continuous:
    """A frontier without a lattice.

    Attributes:
        desk: asks for the two goals, and others after them.
        capped: gives a desk that asks for the best second goal within so many pounds of the first.
        up_to: the most of the first goal to look at; None for no limit.
        most: so many segments at most.
        tell: told of each segment, and each plan, before it is looked for.
    """

    desk: Desk
    capped: Callable[[Fraction], Desk]
    up_to: Fraction | None
    most: int
    tell: Told

    def find(self, cheapest: Plan, dearest: Plan) -> Found:
        """Find the segments, and plans at their closed ends.

        Args:
            cheapest: the plan at the cheapest end.
            dearest: the plan at the dearest one.

        Raises:
            BackendError: the solver fails, or offers no duals.
        """
        program = build(self.desk.question)
        pieces: list[Piece] = []
        with self.desk.solvers.lock:
            try:
                walk = self._walk(program)
                whole = self._take(walk, pieces)
            except NoDuals:
                solver = self.desk.request.backend
                what = f"{solver} offers no duals, which segments take; ask with highs, or a step"
                raise BackendError(what) from None
            except NoPoint:
                what = f"{self.desk.request.backend} finds no point where there was one"
                raise BackendError(what) from None
        told = _Told(program)
        segments = [told.segment(piece) for piece in pieces]
        planned = self._planned(segments[::-1], cheapest if whole else None, dearest)
        if whole:
            return Found(planned)
        second, first, *_ = (goal.value for goal in dearest.goals)
        if pieces:
            first, second = told.first(walk.high), told.second(walk.at_high)
        return Found(planned, (first, second))

    def _walk(self, program: Program) -> Walk:
        first, second, *_ = program.goals
        goals = Goals(
            program.matrix,
            first.vector,
            second.vector,
            first.row,
            second.row,
            NEAR,
            self._solve,
        )
        offset = Fraction(first.offset)
        least = self._least(goals, first.floats)
        if self.up_to is not None:
            return Walk(goals, least, self.up_to - offset)
        best = self._least(goals, second.floats)
        upper = program.matrix.floating().row_upper.copy()
        upper[second.row] = float(best) + abs(float(best)) * A_MILLIONTH
        top = self._least(goals, first.floats, upper)
        return Walk(goals, least, top + 1)  # a pound more: what is best is then flat there

    def _solve(self, matrix: Matrix, changes: Changes) -> Solution | None:
        session = session_of(self.desk, whole=bool(matrix.integer.any()))
        return solved(session, self.desk.request, matrix, changes)

    def _least(self, goals: Goals, cost: FloatArray, upper: FloatArray | None = None) -> Fraction:
        solution = goals.solve(goals.matrix.floating(), Changes(cost, row_upper=upper))
        if solution is None or solution.objective is None:
            raise BackendError("a goal that was brought to its best has no best")
        return short(solution.objective)

    def _take(self, walk: Walk, pieces: list[Piece]) -> bool:
        """Take pieces until there are no more; say whether a limit ended it."""
        self._tell_segment(pieces)
        try:
            for piece in walk.pieces():
                pieces.append(piece)
                if len(pieces) >= self.most:
                    return piece.low <= walk.least + NEAR
                self._tell_segment(pieces)
        except Cancelled:
            return False
        return True

    def _tell_segment(self, pieces: Sequence[Piece]) -> None:
        self.tell(Step(len(pieces) + 3, None, f"segment {len(pieces) + 1}"))

    def _planned(
        self, segments: Sequence[Segment], cheapest: Plan | None, dearest: Plan
    ) -> tuple[Segment, ...]:
        """Find a plan for every closed end, the cheapest first.

        Args:
            segments: the segments, the cheapest first.
            cheapest: the plan at the cheapest end of them all; None where they end before it.
            dearest: the plan at the dearest end.
        """
        known: dict[Fraction, Plan | None] = {}
        if segments:
            known = {segments[-1].dear.first: dearest}
        if segments and cheapest is not None:
            known[segments[0].cheap.first] = cheapest

        def planned(end: End) -> End:
            if end.closed and end.first not in known:
                self.tell(Step(len(known) + 1, None, f"a plan at £{ceil(end.first):,}"))
                known[end.first] = self._plan(end)
            return replace(end, plan=known[end.first]) if end.closed else end

        found = []
        for segment in segments:
            try:
                found.append(
                    replace(segment, cheap=planned(segment.cheap), dear=planned(segment.dear))
                )
            except Cancelled:
                found.append(segment)
        return tuple(found)

    def _plan(self, end: End) -> Plan | None:
        try:
            plan = attempt(self.capped(Fraction(ceil(end.first))))
        except VerificationError:
            return None
        return None if isinstance(plan, Infeasible) else plan


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells pieces of a program in the goals' own units."""

    program: Program

    def first(self, value: Fraction) -> Fraction:
        """Return the first goal's value for its row's activity."""
        return value + Fraction(self.program.goals[0].offset)

    def second(self, value: Fraction) -> Fraction:
        """Return the second goal's value for what is minimised of it."""
        return value_of(self.program.goals[1], value)

    def segment(self, piece: Piece) -> Segment:
        """Return a segment without plans."""
        cheap = End(self.first(piece.low), self.second(piece.at_low), piece.low_closed)
        dear = End(self.first(piece.high), self.second(piece.at_high), piece.high_closed)
        ratio = self.program.goals[1].ratio is not None
        return Segment(cheap, dear, ratio, piece.checked)
