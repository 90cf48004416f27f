"""The frontier of cost and a second goal: every plan of which no other is better in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack

from staffopt.analysis.asking import (
    Step,
    Told,
    Wish,
    attempt,
    goals_of,
    ignore,
    unlike,
    wish,
    with_goals,
)
from staffopt.analysis.continuous import NEAR, Continuous, Segment
from staffopt.analysis.figures import added
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Fault, Infeasible, InputError, Place
from staffopt.instance.schema import Instance
from staffopt.model.schema import GoalName
from staffopt.plan import Plan
from staffopt.quantity import exact_text, parse_decimal
from staffopt.question import Question
from staffopt.request import Asking

POUNDS = (GoalName.FULL_YEAR_COST, GoalName.COST, GoalName.SPEND)
"""Goals that a frontier is walked along."""

MOST_POINTS = 200
"""A frontier ends after so many points unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Point:
    """A plan of which no other is better in both goals.

    Attributes:
        first: what the first goal comes to, pounds.
        second: what the second goal comes to, in its own unit.
        plan: the plan, proven and verified.
    """

    first: Fraction
    second: Fraction
    plan: Plan

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "first": exact_text(self.first),
            "second": exact_text(self.second),
            "added": {role: exact_text(fte) for role, fte in added(self.plan).items()},
            "packages": [f.package for f in self.plan.figures.packages if f.taken],
            "plan": self.plan.id,
            "grade": str(self.plan.grade),
        }


@dataclass(frozen=True, slots=True)
class Box:
    """Where points may lie that were not looked for: from and to, of both goals."""

    first: tuple[Fraction, Fraction]
    second: tuple[Fraction, Fraction]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            name: [exact_text(figure) for figure in getattr(self, name)]
            for name in ("first", "second")
        }


@dataclass(frozen=True, slots=True)
class Frontier:
    """The frontier of a question's cost and a second goal.

    Attributes:
        question: the question, with the two goals.
        units: of the first and the second goal.
        quantum: the least by which two plans can differ in the first goal; None where posts are
            on no step.
        step: how far apart points are looked for, pounds; every point there is where it is the
            quantum, else points between two listed ones may have been passed over. Of segments,
            what of the first goal is not told apart.
        up_to: the most that was looked at, pounds; None where ceilings alone end it.
        points: the points, the cheapest first; none where there are segments.
        segments: where posts are on no step and no step was asked for, the segments that the
            frontier consists of, the cheapest first.
        unexplored: where more points may lie, since a limit ended the walk; empty where none can.
        none: why there is no point at all.
    """

    question: Question
    units: tuple[str, str]
    quantum: Fraction | None
    step: Fraction
    up_to: Fraction | None
    points: tuple[Point, ...]
    unexplored: tuple[Box, ...]
    none: Infeasible | None = None
    segments: tuple[Segment, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every point there is is listed, or lies on a segment."""
        every = bool(self.segments) or (self.quantum is not None and self.step == self.quantum)
        return every and not self.unexplored

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "goals": goals_of(self.question),
            "units": list(self.units),
            "quantum": None if self.quantum is None else exact_text(self.quantum),
            "step": exact_text(self.step),
            "up_to": None if self.up_to is None else exact_text(self.up_to),
            "complete": self.complete,
            "points": [point.to_json() for point in self.points],
            "segments": [segment.to_json() for segment in self.segments],
            "unexplored": [box.to_json() for box in self.unexplored],
            "none": None if self.none is None else str(self.none),
        }


def frontier(
    council: Instance,
    first: Wish = "full_year_cost",
    second: Wish = "worst_caseload",
    *,
    up_to: Decimal | int | str | None = None,
    step: Decimal | int | str | None = None,
    most_points: int = MOST_POINTS,
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> Frontier:
    """Walk along the frontier of cost and a second goal, from its dearest point to its cheapest.

    Each step asks for the best second goal at a cost lower by one quantum, and among plans that
    reach it for the least cost. So every point is found where costs are on a lattice, whatever the
    second goal: no two plans differ by less, and the last step proves that nothing is cheaper.
    Where posts are on no step, the frontier consists of segments, which are found instead
    (:mod:`staffopt.analysis.segments`), unless points so far apart are asked for.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        first: the goal walked along: ``full_year_cost``, ``cost`` or ``spend``, a name or fields.
        second: the other goal; the model's own of that name, if it has one.
        up_to: the most of the first goal to look at, pounds; needed where nothing stops the second
            from improving without end.
        step: look for points so far apart, pounds; the quantum if None, or segments where there
            is none.
        most_points: end after so many points or segments.
        tell: told of each solve before it begins.
        asking: as for :func:`staffopt.solve`.

    Returns:
        the frontier; where a limit ended it, with the box in which more points may lie.

    Raises:
        InputError: names or figures are at fault, or the second goal has no end.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
        Cancelled: stopped before its two ends were found.
    """
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        one, two = wish(question, first), wish(question, second)
        refuse_pounds(one)
        limit = None if up_to is None else Fraction(parse_decimal(up_to))
        apart = None if step is None else Fraction(parse_decimal(step))
        walk = _Walk(desk, one, two, limit, apart, most_points, tell)
        return walk.run()


def refuse_pounds(goal: Mapping[str, Any]) -> None:
    """Refuse a first goal that is not in pounds.

    Raises:
        InputError: if it is another.
    """
    if goal["minimise"] not in POUNDS:
        what = f"{goal['minimise']} is not in pounds"
        mend = f"Walk along one of {', '.join(POUNDS)}, and make it the second goal."
        raise InputError([Fault("not-pounds", what, mend, Place(path="first"))])


@dataclass(slots=True)
class _Walk:
    """The walk along one frontier."""

    desk: Desk
    first: dict[str, Any]
    second: dict[str, Any]
    up_to: Fraction | None
    apart: Fraction | None
    most: int
    tell: Told

    def run(self) -> Frontier:
        """Find the cheapest point, then walk down to it from the dearest."""
        self.tell(Step(1, None, "the cheapest point"))
        cheapest = attempt(self._ordered([self._capped(self.up_to), self.second]))
        if isinstance(cheapest, Infeasible):
            return self._found([], None, Fraction(1), (), cheapest)
        value = cheapest.goals[0]
        if value.quantum is None and not self.apart:
            return self._continuous(cheapest)
        step = max(value.quantum or Fraction(0), self.apart or Fraction(0))
        points, cut = self._down(value.value, step)
        if not cut:
            return self._found(points, cheapest, step, ())
        low = value.value, (points[-1].first - step if points else self._top(cheapest))
        best = points[-1].second if points else Fraction(0)
        box = Box(low, (best, cheapest.goals[1].value))
        # What is cheapest is known, however much lies between it and the last point.
        end = Point(value.value, cheapest.goals[1].value, cheapest)
        return self._found([*points, end], cheapest, step, (box,))

    def _continuous(self, cheapest: Plan) -> Frontier:
        """Find the segments, where posts are on no step."""
        self.tell(Step(2, None, "the dearest point"))
        dearest = attempt(self._ordered([self.second, self._capped(self.up_to)]))
        if isinstance(dearest, Infeasible):
            raise dearest  # the cheapest plan is within it: the solves contradict each other
        asked = Continuous(
            self._ordered([self.first, self.second]),
            lambda most: self._ordered([self.second, self._capped(most)]),
            self.up_to,
            self.most,
            self.tell,
        )
        found = asked.find(cheapest, dearest)
        boxes = []
        if found.reached is not None:
            (first, second), (least, worst) = found.reached, cheapest.goals[:2]
            boxes = [Box((least.value, first), (second, worst.value))]
        whole = self._found([], cheapest, NEAR, tuple(boxes))
        return replace(whole, segments=found.segments)

    def _top(self, cheapest: Plan) -> Fraction:
        return cheapest.goals[0].value if self.up_to is None else self.up_to

    def _down(self, least: Fraction, step: Fraction) -> tuple[list[Point], bool]:
        """Walk down; say also whether a limit ended it before the cheapest point."""
        points: list[Point] = []
        most = self.up_to
        while not points or points[-1].first > least:
            if len(points) >= self.most:
                return points, True
            if points:
                # The cheapest point is never stepped over.
                most = max(least, points[-1].first - step)
            self.tell(Step(len(points) + 2, None, f"point {len(points) + 1}"))
            try:
                plan = attempt(self._ordered([self.second, self._capped(most)]))
            except Cancelled:
                return points, True
            if isinstance(plan, Infeasible):
                raise plan  # the cheapest plan is within it: the solves contradict each other
            points.append(Point(plan.goals[1].value, plan.goals[0].value, plan))
        return points, False

    def _capped(self, most: Fraction | None) -> dict[str, Any]:
        return self.first if most is None else {**self.first, "at_most": exact_text(most)}

    def _ordered(self, goals: list[dict[str, Any]]) -> Desk:
        own = goals_of(self.desk.question)
        rest = [g for g in unlike(own, self.first) if g["minimise"] != self.second["minimise"]]
        return with_goals(self.desk, [*goals, *rest])

    def _found(
        self,
        points: list[Point],
        cheapest: Plan | None,
        step: Fraction,
        boxes: tuple[Box, ...],
        none: Infeasible | None = None,
    ) -> Frontier:
        question = self._ordered([self.first, self.second]).question
        units = ("", "") if cheapest is None else (cheapest.goals[0].unit, cheapest.goals[1].unit)
        quantum = None if cheapest is None else cheapest.goals[0].quantum
        return Frontier(
            question, units, quantum, step, self.up_to, tuple(points[::-1]), boxes, none
        )
