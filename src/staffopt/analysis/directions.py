"""Directions that are no goals: fewest teams touched, most permanent staff, what differs most.

Each is a program of its own beside the question's: 0-1 unknowns that say which teams are touched, a
sum of permanent staff, or how far a plan lies from those told before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.extension import Column, Entry, Row, extended, relaxed
from staffopt.analysis.feasibility import Endless, Feasibility
from staffopt.build import build
from staffopt.instance.staff import AGENCY
from staffopt.rulebook import FLOWS
from staffopt.rules.filling import PEOPLE
from staffopt.rules.placing import PLACED, classes_of

if TYPE_CHECKING:
    from staffopt.algebra.builder import Builder
    from staffopt.algebra.program import (
        BoolArray,
        FloatArray,
        GoalVector,
        IntArray,
        Matrix,
        Program,
    )
    from staffopt.data import Data
    from staffopt.plan import Decisions
    from staffopt.question import Question
    from staffopt.rules.variables import Variables

FEWEST_TEAMS = "fewest teams touched"
MOST_PERMANENT = "most permanent staff"
DIFFERENT = "differs most"

MOST_COLUMNS = 400
"""Up to so many decisions are looked at one by one: each needs two small solves."""

HALF = 0.5
"""No tie-break weighs as much as one team or one step."""

A_LITTLE = 1e-6
"""Room for the solver's tolerance in how far a decision can go, and in what is held."""

Reach = tuple[float, float]
"""How low and how high a column can be."""

At = tuple[str, tuple[tuple[str, str], ...]]
"""A decision: its block, and its axes in order of name, each with its label."""

_COUNTED = frozenset({"change", PEOPLE, "taken", "started", PLACED, *FLOWS})
"""The decisions that make plans differ; who holds or closes how many cases does not."""

_NO_TIME = "no plan was found in time"
_NO_END = "nothing bounds how far plans can differ"

_NO = Fraction(0)
_BOTH_ENDS = Fraction(1, 2)
"""Somebody who is placed elsewhere is missing in one team and more in another: one person."""


def permanent_staff(v: Variables, d: Data, builder: Builder) -> None:
    """FTE in post of roles that cover no other's posts and are not tagged agency, by months.

    It is pushed up, and so stands as a goal with its sign turned.
    """
    passing = d.tagged(AGENCY) | d.covering
    there = v.in_post.where(~passing).sum("team", "role")
    total = (there * d.months.sum("year")).sum("period")
    builder.goal(MOST_PERMANENT, -total, "FTE months", within=A_LITTLE)


@dataclass
class Directions:
    """A question whose first goal is held within an allowance, and directions to look in.

    Attributes:
        question: the question.
        most: the greatest value that its first goal may have.
        feasibility: asks a solver.
    """

    question: Question
    most: Fraction
    feasibility: Feasibility

    @cached_property
    def program(self) -> Program:
        """The question's program, with the sum of permanent staff as its last goal."""
        return build(self.question, besides=permanent_staff)

    @cached_property
    def matrix(self) -> Matrix:
        """Its numbers, the first goal held within the allowance."""
        goal = self.program.goals[0]
        half = goal.within if goal.quantum is None else float(goal.quantum) / 2
        matrix = self.program.matrix.floating()
        upper = matrix.row_upper.copy()
        upper[goal.row] = float(self.most - Fraction(goal.offset)) + half / 2
        return replace(matrix, row_upper=upper)

    def why_not(self) -> str:
        """Say why no direction here can be looked in; nothing if all can."""
        return "the first goal is an average, not a sum" if self.program.goals[0].ratio else ""

    def fewest_teams(self) -> FloatArray | str:
        """Minimise how many teams have any change of posts; or say why not."""
        block = self.program.columns_named("change")
        if block.stop - block.start > MOST_COLUMNS:
            return "there are too many decisions to count teams by"
        teams = block.cells[:, block.axes.index("team")]
        matrix = self.matrix
        for code in np.unique(teams):
            columns = (block.start + np.flatnonzero(teams == code)).astype(np.int32)
            reach = [self._reach_of(int(column)) for column in columns]
            if None in reach:
                return self._why_none("nothing bounds what one team can get")
            matrix = _with_switch(matrix, columns, [bounds for bounds in reach if bounds])
        cost = np.zeros(matrix.columns)
        cost[self.matrix.columns :] = 1
        return self._cheapest(matrix, cost, HALF, _NO_END)

    def most_permanent(self) -> FloatArray | str:
        """Maximise the permanent staff in post; or say why not."""
        goal = self.program.goals[-1]
        if not np.asarray(goal.vector, dtype=np.float64).any():
            return "no decision bears on it"
        room = goal.within if goal.quantum is None else float(goal.quantum) * HALF
        cost = np.asarray(goal.vector, dtype=np.float64)
        return self._cheapest(self.matrix, cost, room, "nothing bounds how many there can be")

    def farthest(self, told: Sequence[Decisions]) -> FloatArray | str:
        """Maximise the distance to the nearest of the plans told before; or say why not."""
        counted = self._counted
        if counted.sum() > MOST_COLUMNS:
            return "there are too many decisions to measure distances by"
        reach = {int(column): self._reach_of(int(column)) for column in np.flatnonzero(counted)}
        bounds = {column: ends for column, ends in reach.items() if ends is not None}
        if len(bounds) < len(reach):
            return self._why_none(_NO_END)
        apart = self.matrix.columns
        matrix = extended(self.matrix, [(0.0, np.inf, False)], [], [])
        for decisions in told:
            matrix = _with_distance(matrix, apart, self._amounts(decisions), bounds, self._scale)
        cost = np.zeros(matrix.columns)
        cost[apart] = -1
        return self._cheapest(matrix, cost, A_LITTLE, _NO_END)

    def unlike(self, told: Sequence[Decisions]) -> FloatArray | None:
        """Minimise what the plans told before do beside today: looks, and proves nothing.

        The Hop, Skip and Jump method of Brill, Chang and Hopkins, Management Science 28, 1982.
        """
        weights = sum((np.sign(self._amounts(d)) for d in told), np.zeros(self.matrix.columns))
        goal = np.asarray(self.program.goals[0].vector, dtype=np.float64)
        return self.feasibility.least(self.matrix, weights + goal * A_LITTLE)

    def distance(self, one: Decisions, other: Decisions) -> Fraction:
        """Return by how many FTE, packages, teams and people two plans differ."""
        mine, its = (dict(_told(self.question, decisions)) for decisions in (one, other))
        places = dict.fromkeys([*mine, *its])
        return sum((abs(mine.get(at, _NO) - its.get(at, _NO)) for at in places), _NO)

    def _why_none(self, endless: str) -> str:
        """Say why it is not known how far decisions can go."""
        return _NO_TIME if self.feasibility.stopped else endless

    def _cheapest(
        self, matrix: Matrix, cost: FloatArray, room: float, endless: str
    ) -> FloatArray | str:
        """Minimise a direction, then the question's goals that are sums, one after the other.

        Returns:
            the point; or why there is none, which is ``endless`` where time was enough.
        """
        try:
            values = self.feasibility.least(matrix, cost)
        except Endless:
            return endless
        if values is None:
            return _NO_TIME
        for goal in self._sums:
            matrix = _held(matrix, cost, float(cost @ values) + room)
            cost = np.zeros(matrix.columns)
            cost[: self.matrix.columns] = np.asarray(goal.vector, dtype=np.float64)
            room = goal.within if goal.quantum is None else float(goal.quantum) * HALF
            better = self.feasibility.least(matrix, cost)
            if better is None:
                break
            values = better
        return values[: self.matrix.columns]

    @property
    def _sums(self) -> tuple[GoalVector, ...]:
        """The question's goals that are sums: to hold an average as well takes more than a row."""
        goals = self.program.goals[: len(self.question.goals)]
        return tuple(goal for goal in goals if goal.ratio is None)

    @cached_property
    def _counted(self) -> BoolArray:
        """Mark the decisions that count in a distance: what cases are held is not one."""
        counted = np.zeros(self.matrix.columns, dtype=np.bool_)
        for block in self.program.column_blocks:
            if block.name in _COUNTED:
                counted[block.start : block.stop] = True
        return counted

    @cached_property
    def _scale(self) -> FloatArray:
        """What one of each column is, in FTE, packages, teams or people."""
        quantum = self.program.column_tags.quantum
        scale = np.where(quantum == 0, 1.0, quantum)
        for block in self.program.column_blocks:
            if block.name == PLACED:
                scale[block.start : block.stop] *= float(_BOTH_ENDS)
        return scale

    def _amounts(self, decisions: Decisions) -> FloatArray:
        """Write decisions as columns; 0 in those that do not count."""
        told = dict(_told(self.question, decisions))
        values = np.zeros(self.matrix.columns)
        for block in self.program.column_blocks:
            if block.name not in _COUNTED:
                continue
            for index, codes in zip(range(block.start, block.stop), block.cells, strict=True):
                at = [names[code] for names, code in zip(block.labels, codes, strict=True)]
                where = _at(block.name, **dict(zip(block.axes, at, strict=True)))
                values[index] = float(told.get(where, _NO)) / self._scale[index]
        return values

    def _reach_of(self, column: int) -> Reach | None:
        """Return how low and how high a column can be; None without end, or where time is up."""
        if column not in self._reaches:
            found = self._found_reach(column)
            if self.feasibility.stopped:
                return None
            self._reaches[column] = found
        return self._reaches[column]

    @cached_property
    def _reaches(self) -> dict[int, Reach | None]:
        return {}

    def _found_reach(self, column: int) -> Reach | None:
        """Look how low and how high a column can be, in whole steps or not."""
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(self.matrix.columns)
            cost[column] = sign
            try:
                point = self.feasibility.least(self._relaxed, cost)
            except Endless:
                return None
            if point is None:
                return None
            ends.append(float(point[column]))
        low, high = ends
        return min(low, 0.0) - A_LITTLE, max(high, 0.0) + A_LITTLE

    @cached_property
    def _relaxed(self) -> Matrix:
        return relaxed(self.matrix)


def _at(block: str, **labels: str | None) -> At:
    return block, tuple((axis, label) for axis, label in sorted(labels.items()) if label)


def _told(question: Question, decisions: Decisions) -> Iterator[tuple[At, Fraction]]:
    """Yield each decision that counts, in FTE, packages, teams or people."""
    for post in decisions.posts:
        yield _at("change", team=post.team, role=post.role, period=post.period), post.change
    for person in decisions.people:
        at = _at(PEOPLE, team=person.team, role=person.role, period=person.period)
        yield at, person.change
    for flow in decisions.flows:
        to = {"to_team": flow.to_team, "to_role": flow.to_role}
        yield _at(flow.kind, team=flow.team, role=flow.role, period=flow.period, **to), flow.fte
    for package in decisions.packages:
        yield _at("taken", package=package.package), Fraction(package.taken)
    for bought in decisions.managed_teams:
        term = {"start": str(bought.start), "extension": str(bought.extension)}
        yield _at("started", managed_team=bought.managed_team, **term), Fraction(bought.teams)
    first = {person: alike.ids[0] for alike in classes_of(question) for person in alike.ids}
    counts = Counter((first[placed.person], placed.team) for placed in decisions.places)
    for (alike_to, team), count in counts.items():
        yield _at(PLACED, person=alike_to, team=team), count * _BOTH_ENDS


def _held(matrix: Matrix, cost: FloatArray, most: float) -> Matrix:
    """Add a row that keeps a sum at or below a figure."""
    used = np.flatnonzero(cost)
    entries = [(matrix.rows, int(column), float(cost[column])) for column in used]
    return extended(matrix, [], [(-np.inf, most)], entries)


def _with_switch(matrix: Matrix, columns: IntArray, reach: Sequence[Reach]) -> Matrix:
    """Add a 0-1 unknown z without which some columns x stay at 0: low · z ≤ x ≤ high · z."""
    switch, row = matrix.columns, matrix.rows
    entries: list[Entry] = []
    rows: list[Row] = []
    for column, ends in zip(columns, reach, strict=True):
        for end, bounds in zip(ends, ((0.0, np.inf), (-np.inf, 0.0)), strict=True):
            entries += [(row + len(rows), int(column), 1.0), (row + len(rows), switch, -end)]
            rows.append(bounds)
    return extended(matrix, [(0.0, 1.0, True)], rows, entries)


def _with_distance(
    matrix: Matrix, apart: int, spot: FloatArray, reach: Mapping[int, Reach], scale: FloatArray
) -> Matrix:
    """Keep an unknown at or below the distance from a point: the sum of |x - s| by scale.

    Where x can lie on one side of s only, |x - s| is linear. Elsewhere it is an unknown d of its
    own, at or below ±(x - s) on the side that a 0-1 unknown z picks; the other has room enough.
    """
    rows: list[Row] = [(-np.inf, 0.0)]
    entries: list[Entry] = [(matrix.rows, apart, 1.0)]
    columns: list[Column] = []
    most = 0.0
    for column, (low, high) in reach.items():
        at, one = spot[column], scale[column]
        below, above = one * (at - low), one * (high - at)
        if min(below, above) <= A_LITTLE + A_LITTLE:
            side = 1.0 if below <= above else -1.0  # x above s, or below it
            entries.append((matrix.rows, column, -side * one))
            most -= side * one * at
            continue
        size = matrix.columns + len(columns)
        columns += [(0.0, np.inf, False), (0.0, 1.0, True)]
        entries.append((matrix.rows, size, -1.0))
        for side, room in ((1.0, 2 * below), (-1.0, 2 * above)):
            row = matrix.rows + len(rows)
            sign = 1.0 if side > 0 else -1.0
            entries += [(row, size, 1.0), (row, column, -side * one), (row, size + 1, sign * room)]
            rows.append((-np.inf, -side * one * at + (room if side > 0 else 0.0)))
    rows[0] = (-np.inf, most)
    return extended(matrix, columns, rows, entries)
