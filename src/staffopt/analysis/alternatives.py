"""Other plans that cost nearly the same: how different they can be, and in which ways better.

A direction is a goal that is minimised while the first goal may be worse by a little. The goals of
the engine are directions as they stand; others are programs of their own (see
:mod:`staffopt.analysis.directions`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

from staffopt.algebra.lexicographic import Outcome
from staffopt.algebra.solution import Options, Why
from staffopt.analysis.comparison import Comparison, compare
from staffopt.analysis.directions import DIFFERENT, FEWEST_TEAMS, MOST_PERMANENT, Directions
from staffopt.analysis.effects import solved
from staffopt.analysis.feasibility import Feasibility
from staffopt.analysis.to_the_end import session_of, watching
from staffopt.claims import exact_answer
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Fault, InputError, StaffoptError
from staffopt.instance.staff import AGENCY
from staffopt.model.schema import Goal, GoalName
from staffopt.plan import GoalValue, Grade, Plan
from staffopt.quantity import exact_text, parse_decimal, round_half_up

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, Program
    from staffopt.instance.schema import Instance
    from staffopt.question import Question
    from staffopt.request import Asking

MOST_DIFFERENT = 3
"""So many plans that differ most are looked for."""

SECONDS_A_DIRECTION = 20.0
"""So long a direction that is no goal is looked in; what is found by then is told as it is."""

PENCE = 2

_NOT_EXACT = "what was found keeps the rules no more once it is written in exact figures"

DIRECTIONS = {
    GoalName.CHANGE_FROM_TODAY: "least change from today",
    GoalName.WORST_CASELOAD: "fairest caseloads",
    GoalName.AGENCY_USE: "least agency",
    GoalName.FULL_YEAR_COST: "least full-year cost",
}
"""Goals that are directions too, and what they are called."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another plan.

    Attributes:
        direction: in which way it is the best, or that it differs.
        plan: the plan, verified.
        dearer_by: by how much its first goal is worse, in that goal's unit.
        comparison: what differs from the best plan.
        proven: whether no plan within the allowance is better in its direction.
        apart: of plans that differ most: the FTE, packages, teams and people by which it differs
            from the plan told before that is nearest to it; None of other directions.
    """

    direction: str
    plan: Plan
    dearer_by: Fraction
    comparison: Comparison
    proven: bool
    apart: Fraction | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "direction": self.direction,
            "apart": None if self.apart is None else exact_text(self.apart),
            "dearer_by": exact_text(self.dearer_by),
            "proven": self.proven,
            "goals": [goal.model_dump(mode="json") for goal in self.plan.goals],
            "comparison": self.comparison.to_json(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """Other plans that cost nearly the same.

    Attributes:
        plan: the best plan.
        allowance: by how much the first goal may be worse, in its unit.
        unique: whether no other plan does as well by every goal; None where that is not known.
        only: whether no other plan is within the allowance; None where that is not known.
        found: the others.
        left_out: direction → why it was not looked at.
        stopped: whether it ended early; directions that were not come to are in neither.
    """

    plan: Plan
    allowance: Fraction
    unique: bool | None
    only: bool | None
    found: tuple[Alternative, ...]
    left_out: dict[str, str]
    stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "allowance": exact_text(self.allowance),
            "unique": self.unique,
            "only": self.only,
            "found": [alternative.to_json() for alternative in self.found],
            "left_out": dict(self.left_out),
            "stopped": self.stopped,
        }


def alternatives(
    instance: Instance, *, within: str | int | Decimal = "1%", **asking: Unpack[Asking]
) -> Alternatives:
    """Look for other plans whose first goal is nearly as good.

    Args:
        instance: the council.
        within: by how much the first goal may be worse: ``2%`` of it, or a figure in its unit.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: ``within`` is no such figure, or the question has no goal; others as for
            :func:`staffopt.solve`.
        Others as :func:`staffopt.solve`.
    """
    figure, is_share = _read(within)
    with open_desk(instance, **asking) as desk:
        plan = desk.solve()
        if not plan.goals:
            what = "the question has no goal, so no plan is better than another"
            raise InputError([Fault("no-goal", what, "Give the model a goal.")])
        allowed = figure * abs(plan.goals[0].value) if is_share else figure
        return _Looking(desk, plan, Fraction(round_half_up(allowed, PENCE))).look()


def _read(within: str | int | Decimal) -> tuple[Fraction, bool]:
    """Read by how much the first goal may be worse, and whether that is a share of it.

    Raises:
        InputError: if it is no share and no figure, or below 0.
    """
    given: object = within  # a float is no figure: 0.05 may be meant as 5% or as 5p
    text = given.strip() if isinstance(given, str) else given
    share = isinstance(text, str) and text.endswith("%")
    if isinstance(text, str):
        text = text.removesuffix("%").removeprefix("£")
    try:
        figure = Fraction(parse_decimal(text))
    except ValueError:
        figure = Fraction(-1)
    if figure < 0:
        what = f"{within!r} is no allowance"
        mend = "Write a share of the first goal such as 2%, or a figure in its unit."
        raise InputError([Fault("bad-allowance", what, mend)])
    return (figure / 100 if share else figure), share


@dataclass(slots=True)
class _Looking:
    """One plan, and the search for others."""

    desk: Desk
    plan: Plan
    allowance: Fraction

    def look(self) -> Alternatives:
        left_out: dict[str, str] = {}
        loose = self._loose()
        found: list[Alternative] = []
        only, stopped = None, False
        try:
            for look in (self._by_goals, self._by_programs):
                for other in look(loose, left_out):
                    found.append(other)  # noqa: PERF402 (what was found stays when it is stopped)
            only = self._only(loose)
        except Cancelled:
            stopped = True
        unique = self.plan.provenance.unique
        return Alternatives(
            self.plan, self.allowance, unique, only, tuple(found), left_out, stopped
        )

    def _only(self, loose: Question) -> bool | None:
        """Say whether no other plan is within the allowance; None where that is not known."""
        try:
            return solved(self.desk, replace(loose, goals=loose.goals[:1])).provenance.unique
        except Cancelled:
            raise
        except StaffoptError:
            return None

    def _go_on(self) -> None:
        """Go on unless the caller stopped.

        Raises:
            Cancelled: if they did.
        """
        cancel = self.desk.request.cancel
        if cancel is not None and cancel.is_set():
            raise Cancelled("stopped while other plans were looked for")

    @property
    def _room(self) -> Fraction:
        """The allowance in whole quanta: a goal is held with half a quantum to spare."""
        quantum = self.plan.goals[0].quantum
        return self.allowance // quantum * quantum if quantum else self.allowance

    def _loose(self) -> Question:
        """Return the question in which the first goal may be worse by the allowance."""
        question = self.plan.question
        first = question.goals[0]
        least = Decimal(self._room.numerator) / Decimal(self._room.denominator)
        own = first.tolerance or Decimal(0)
        return replace(
            question,
            goals=(first.model_copy(update={"tolerance": own + least}), *question.goals[1:]),
        )

    def _by_goals(self, loose: Question, left_out: dict[str, str]) -> Iterator[Alternative]:
        """Minimise each other goal of the engine next, the question's own goals after it."""
        first, *later = loose.goals
        for name, direction in DIRECTIONS.items():
            if first.minimise is name or not _has_meaning(name, loose):
                continue
            own = next((goal for goal in later if goal.minimise is name), None)
            asked = own or Goal(minimise=name)
            rest = tuple(goal for goal in later if goal is not own)
            try:
                plan = solved(self.desk, replace(loose, goals=(first, asked, *rest)))
            except Cancelled:
                raise
            except StaffoptError as error:
                faults = getattr(error, "faults", ())
                left_out[direction] = faults[0].what if faults else str(error)
                continue
            yield self._told(direction, plan, proven=plan.goals[1].grade is not Grade.FEASIBLE)

    def _told(self, direction: str, plan: Plan, *, proven: bool) -> Alternative:
        dearer = plan.goals[0].value - self.plan.goals[0].value
        return Alternative(direction, plan, dearer, compare(self.plan, plan), proven)

    def _by_programs(self, loose: Question, left_out: dict[str, str]) -> Iterator[Alternative]:
        """Look along the directions that are no goals."""
        directions = Directions(
            loose, self.plan.goals[0].value + self._room, self._feasibility(SECONDS_A_DIRECTION)
        )
        if why := directions.why_not():
            left_out[FEWEST_TEAMS] = why
            return
        for direction, look in (
            (FEWEST_TEAMS, directions.fewest_teams),
            (MOST_PERMANENT, directions.most_permanent),
        ):
            directions.feasibility = self._feasibility(SECONDS_A_DIRECTION)
            values = look()
            self._go_on()
            if isinstance(values, str):
                left_out[direction] = values
            elif (plan := self._plan_of(loose, directions.program, values)) is not None:
                yield self._told(direction, plan, proven=True)
            else:
                left_out[direction] = _NOT_EXACT
        yield from self._different(loose, directions)

    def _feasibility(self, seconds: float) -> Feasibility:
        request, started = self.desk.request, time.monotonic()
        limit = seconds if request.time_limit is None else min(seconds, request.time_limit)
        return Feasibility(
            session_of(self.desk, whole=True),
            Options(limit, 0.0, request.threads, request.seed),
            lambda: time.monotonic() - started,
            watching(request),
        )

    def _different(self, loose: Question, directions: Directions) -> Iterator[Alternative]:
        """Look for the plan farthest from the nearest of those told, until none is new."""
        told = [self.plan.decisions]
        for _ in range(MOST_DIFFERENT):
            directions.feasibility = self._feasibility(SECONDS_A_DIRECTION)
            values: FloatArray | str | None = directions.farthest(told)
            proven = not isinstance(values, str)
            if isinstance(values, str):
                directions.feasibility = self._feasibility(SECONDS_A_DIRECTION)
                values = directions.unlike(told)
            self._go_on()
            found = None if values is None else self._plan_of(loose, directions.program, values)
            if found is None or found.decisions in told:
                return
            apart = min(directions.distance(found.decisions, other) for other in told)
            if not apart:
                return
            told.append(found.decisions)
            yield replace(self._told(DIFFERENT, found, proven=proven), apart=apart)

    def _plan_of(self, loose: Question, program: Program, values: FloatArray) -> Plan | None:
        """Make a point a plan, verified; None where it does not hold exactly, or costs too much."""
        outcome = Outcome(Why.OPTIMAL, values, backend=self.plan.provenance.backend)
        answer = exact_answer(loose, program, outcome)
        if answer.broken or answer.goals[0] > self.plan.goals[0].value + self.allowance:
            return None
        return Plan(
            inputs=loose.to_json(),
            decisions=answer.decisions,
            figures=answer.figures,
            goals=tuple(
                GoalValue(
                    minimise=goal.minimise,
                    year=goal.year,
                    fund=goal.fund,
                    rank=goal.rank,
                    value=value,
                    unit=program.goals[number].unit,
                    quantum=program.goals[number].quantum,
                    grade=Grade.FEASIBLE,
                )
                for number, (goal, value) in enumerate(zip(loose.goals, answer.goals, strict=True))
            ),
            findings=answer.findings,
            provenance=self.plan.provenance.model_copy(
                update={
                    "input_hash": loose.hash,
                    "stopped": "an alternative",
                    "tie_broken": False,
                    "unique": None,
                    "another": None,
                }
            ),
        )


def _has_meaning(name: GoalName, question: Question) -> bool:
    """Say whether a direction says anything of a council: one without agency roles uses none."""
    roles = question.instance.roles.values()
    return name is not GoalName.AGENCY_USE or any(AGENCY in role.tags for role in roles)
