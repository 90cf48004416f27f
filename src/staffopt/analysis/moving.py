"""One figure moved: how far a plan stays the best, and what becomes of goals at either end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any

from staffopt.analysis.asking import attempt, changed, goals_of, proven
from staffopt.analysis.inputs import Input
from staffopt.analysis.least_carried import UNLIMITED
from staffopt.analysis.likeness import nested, same, same_goal, same_points
from staffopt.analysis.turning import (
    PROBES,
    Beaten,
    How,
    Side,
    crossing,
    halved,
    on_a_line,
)
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.errors import Conflict, Infeasible, InputError
from staffopt.plan import Grade, Plan, Verdict
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.verifier import goal_value
from staffopt.verifier.verification import examine

if TYPE_CHECKING:
    from staffopt.algebra.program import Program

FAR = 1_000
"""How many times its value a price is tried at; beyond that nobody pays it."""

ROOM = Fraction(1)
"""Goals on no lattice: by how much a plan may be worse and count as the best, in their unit."""

SHOWN = 2
"""A tornado is of so many goals: the first, and the second."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of the goals at one end of a figure's range.

    Attributes:
        value: the figure there.
        goals: the first two goals of the best plan there, in their units; empty where no plan is.
        held: what the first goal comes to if the plan is kept as it is; None where it misses a
            rule there.
        best: whether the plan is still the best there.
    """

    value: Fraction
    goals: tuple[Fraction, ...]
    held: Fraction | None
    best: bool

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "value": exact_text(self.value),
            "goals": [exact_text(goal) for goal in self.goals],
            "held": None if self.held is None else exact_text(self.held),
            "best": self.best,
        }


@dataclass(frozen=True, slots=True)
class Switching:
    """One figure, how far it may move, and what it moves.

    Attributes:
        figure: the figure.
        stated: whether the instance states its range; else the range is a share of it.
        how: how surely the switching values are known.
        grade: how well it is founded that the plan is the best up to there, as a plan's grade.
        below, above: how far it may fall and rise.
        low, high: the goals at the ends of its range; None where no such value may stand there.
    """

    figure: Input
    stated: bool
    how: How
    grade: str
    below: Side | None
    above: Side | None
    low: Effect | None
    high: Effect | None

    @property
    def swing(self) -> Fraction | None:
        """How far apart the first goal of the best plan is at the two ends; None without a plan."""
        ends = [effect.goals for effect in (self.low, self.high) if effect is not None]
        firsts = [goals[0] for goals in ends if goals]
        if len(firsts) < len(ends):
            return None
        return max(firsts, default=Fraction(0)) - min(firsts, default=Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        one, parts = self.figure, ("below", "above", "low", "high")
        return {
            "path": one.path,
            "value": exact_text(one.value),
            "unit": one.unit,
            "assumed": one.assumed,
            "cost": one.is_cost,
            "stated": self.stated,
            "how": str(self.how),
            "grade": self.grade,
            **{p: None if (x := getattr(self, p)) is None else x.to_json() for p in parts},
        }


def ends_of(one: Input, share: Fraction) -> tuple[Fraction, Fraction]:
    """Return a figure's range: the one that is stated, or a share of it to either side."""
    by = max(one.step, ceil(abs(one.value) * share / one.step) * one.step)
    low = one.value - by if one.low is None else one.low
    high = one.value + by if one.high is None else one.high
    return (max(low, Fraction(0)) if one.value >= 0 else low), high


def held_by(question: Question, plan: Plan) -> Fraction | None:
    """Work out the first goal of a plan of another question; None where it misses a rule."""
    figures, findings = examine(question, plan.decisions)
    if any(finding.verdict is Verdict.BROKEN for finding in findings):
        return None
    return goal_value(question, figures, question.goals[0])


def still_best(held: Fraction | None, best: Plan) -> bool:
    """Say whether a plan that comes to so much is as good as the best."""
    goal = best.goals[0]
    room = Fraction(0) if goal.quantum is not None else ROOM
    return held is not None and held <= goal.value + room


def best_beside(desk: Desk, held: Fraction | None, where: str) -> Plan | Infeasible:
    """Solve where it is known already whether a plan holds.

    Raises:
        Conflict: if there is no plan where one holds.
    """
    best = attempt(desk)
    if isinstance(best, Infeasible) and held is not None:
        words = f"{where}: no plan, and one that holds"
        raise Conflict(f"solves contradict each other about {words}; no answer is given")
    return best


@dataclass(slots=True)
class Mover:
    """Moves one figure of a question and looks what becomes of its plan."""

    desk: Desk
    plan: Plan
    program: Program
    one: Input
    share: Fraction

    def result(self) -> Switching | None:
        """Look at the figure; None where it changes nothing of the program."""
        one, (low, high) = self.one, ends_of(self.one, self.share)
        programs = [self._program(end) for end in (low, high)]
        if all(program is None or same(self.program, program) for program in programs):
            return None
        how, (below, above) = self._sides(low, high)
        stated = one.low is not None or one.high is not None
        grade = self._grade([side for side in (below, above) if side is not None])
        effects = self._effect(low), self._effect(high)
        return Switching(one, stated, how, grade, below, above, *effects)

    def _grade(self, sides: Sequence[Side]) -> str:
        """Prove the plan the best where the search ended, as far as the caller wants proofs."""
        ends = {side.best_at for side in sides} - {self.one.value}
        found = [proven(self._first_goal(self._asks(at))) for at in sorted(ends)]
        grades = [plan.goals[0].grade for plan in found]
        return str(max([self.plan.goals[0].grade, *grades], key=list(Grade).index))

    def _sides(self, low: Fraction, high: Fraction) -> tuple[How, list[Side | None]]:
        """Look how far the figure may move, in the surest way that there is."""
        # A price of next to nothing, since nothing at all would leave a goal without a quantum.
        far = (min(low, self.one.step), max(high, FAR * max(self.one.value, Fraction(1))))
        sides: list[Side | None]
        if self._is_price(far, self.desk):
            sides = [crossing(self.one, end, self._beaten) for end in far]
            if None not in sides:
                return How.EXACT, sides
        elif self._is_price(far, self._lifted):
            sides = [self._within_ceilings(end) for end in far]
            if None not in sides:
                return How.EXACT, sides
        elif self._is_monotone(low, high):
            return How.MONOTONE, [self._halved(end, 1) for end in (low, high)]
        return How.BRACKETED, [self._halved(end, PROBES) for end in (low, high)]

    @property
    def _lifted(self) -> Desk:
        """The question without ceilings."""
        funds = self.desk.question.instance.funds
        return changed(self.desk, {f"funds.{fund}.ceiling": UNLIMITED for fund in funds})

    def _within_ceilings(self, end: Fraction) -> Side | None:
        """Find where the plan stops being best along a price that ceilings count too.

        Up to where it is best without ceilings it is best within them while it fits into them, and
        the dearer a post is, the less fits.
        """
        free = self._lifted
        if self._beaten(self.one.value, free) is not None:
            return None
        side = crossing(self.one, end, lambda at: self._beaten(at, free))
        if side is None:
            return None
        if self._beaten(side.best_at) is not None:
            return halved(self.one, side.best_at, self._beaten, 1)
        if side.not_at is None:
            return side
        beyond = side.best_at + (self.one.step if end > self.one.value else -self.one.step)
        return side if self._beaten(beyond) is not None else None

    def _asks(self, at: Fraction, desk: Desk | None = None) -> Desk:
        return changed(desk or self.desk, {self.one.path: exact_text(at)})

    def _program(self, at: Fraction, desk: Desk | None = None) -> Program | None:
        """Build the question's program at a value; None where no such value may stand there."""
        try:
            return build(self._asks(at, desk).question, exact=self.program.exact)
        except InputError:
            return None

    def _is_price(self, far: Sequence[Fraction], desk: Desk) -> bool:
        """Say whether a figure enters goals alone, so that what plans come to is a straight line.

        What the plan comes to is worked out at three values, by the verifier.
        """
        if self.program.goals[0].ratio is not None:
            return False
        here, *ends = (self._program(at, desk) for at in (self.one.value, *far))
        if here is None or any(end is None or not same_points(here, end) for end in ends):
            return False
        values = {
            at: held_by(self._asks(at, desk).question, self.plan)
            for at in (far[0], self.one.value, far[1])
        }
        return len(values) == 3 and on_a_line(values)  # noqa: PLR2004 (both ends and the middle)

    def _is_monotone(self, low: Fraction, high: Fraction) -> bool:
        """Say whether more of a figure only ever allows more, or only ever allows less.

        That is looked at from value to value through the range.
        """
        apart = (high - low) / (2 * PROBES)
        values = {self._on_step(low + apart * number) for number in range(2 * PROBES + 1)}
        programs = [self._program(at) for at in sorted(values)]
        ways = {
            None if one is None or other is None else _way(one, other)
            for one, other in pairwise(programs)
        } - {"same"}
        return len(ways) == 1 and None not in ways

    def _on_step(self, at: Fraction) -> Fraction:
        return self.one.value + round((at - self.one.value) / self.one.step) * self.one.step

    def _halved(self, end: Fraction, probes: int) -> Side | None:
        try:
            return halved(self.one, end, self._beaten, probes)
        except InputError:
            return None  # no such figure may stand there

    def _where(self, at: Fraction) -> str:
        return f"{self.one.path} at {exact_text(at)}"

    def _beaten(self, at: Fraction, desk: Desk | None = None) -> Beaten | None:
        """Say why the plan is not the best at a value of the figure.

        Raises:
            Conflict: if there is no plan where this one holds.
        """
        desk = self._asks(at, desk)
        question = desk.question
        figures, findings = examine(question, self.plan.decisions)
        broken = [f for f in findings if f.verdict is Verdict.BROKEN]
        if broken:
            return Beaten("rules", f"{broken[0].rule}: {broken[0].words}")
        held = goal_value(question, figures, question.goals[0])
        # A better plan that verifies is its own proof; that there is none is proven at the end.
        quick = self._first_goal(desk.asking(certify=False, cross_check=False))
        best = best_beside(quick, held, self._where(at))
        if isinstance(best, Infeasible) or still_best(held, best):
            return None
        return Beaten("better", "", best, lambda value: self._worse(value, best))

    def _first_goal(self, desk: Desk) -> Desk:
        return changed(desk, {"model.goals": goals_of(desk.question)[:1]})

    def _worse(self, at: Fraction, other: Plan) -> Fraction:
        """Say by how much the plan's first goal is worse than another's, no rule being asked."""
        question = self._asks(at).question
        mine, its = (
            goal_value(question, plan.decisions, question.goals[0]) for plan in (self.plan, other)
        )
        return mine - its

    def _effect(self, at: Fraction) -> Effect | None:
        """Solve at one end of the range; None where no such figure may stand there."""
        try:
            desk = self._asks(at)
            goals = goals_of(desk.question)[:SHOWN]
            held = held_by(desk.question, self.plan)
        except InputError:
            return None
        best = best_beside(changed(desk, {"model.goals": goals}), held, self._where(at))
        if isinstance(best, Infeasible):
            return Effect(at, (), held, best=False)
        values = tuple(goal.value for goal in best.goals)
        return Effect(at, values, held, best=still_best(held, best))


def _way(one: Program, other: Program) -> str | None:
    """Say what the other program allows beside the one, where only that differs."""
    if not same_goal(one.goals[0], other.goals[0]):
        return None
    return "same" if same_points(one, other) else nested(one, other)
