"""Other plans that cost nearly the same: how different they can be, and in which ways better.

A direction is a goal that is minimised while the first goal may be worse by a little. The goals of
the engine are directions as they stand. Two others are programs of their own: fewest teams touched,
which needs a 0-1 unknown a team, and plans that differ most, found one after the other by
minimising what the plans found so far change (the Hop, Skip and Jump method: Brill, Chang and
Hopkins, Management Science 28, 1982), which looks for different plans and proves no distance.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import numpy.typing as npt

from staffopt.algebra.lexicographic import Outcome
from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Options, Why
from staffopt.analysis.comparison import Comparison, compare
from staffopt.analysis.effects import solved
from staffopt.analysis.feasibility import Feasibility, relaxed
from staffopt.backends.session import ignore
from staffopt.build import build
from staffopt.claims import exact_answer
from staffopt.desk import Desk, open_desk
from staffopt.errors import Fault, InputError, StaffoptError
from staffopt.instance.staff import AGENCY
from staffopt.model.schema import Goal, GoalName
from staffopt.plan import GoalValue, Grade, Plan
from staffopt.quantity import exact_text, parse_decimal, round_half_up

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, IntArray, Program
    from staffopt.instance.schema import Instance
    from staffopt.question import Question
    from staffopt.request import Asking

MOST_DIFFERENT = 3
"""So many plans that differ most are looked for."""

MOST_COLUMNS = 400
"""Up to so many decisions the teams touched are counted: each needs two small solves."""

PENCE = 2

HALF = 0.5
"""No tie-break weighs as much as one team or one step."""

A_LITTLE = 1e-6
"""Room for the solver's tolerance in how far a decision can go."""

DIRECTIONS = {
    GoalName.CHANGE_FROM_TODAY: "least change from today",
    GoalName.WORST_CASELOAD: "fairest caseloads",
    GoalName.AGENCY_USE: "least agency",
    GoalName.FULL_YEAR_COST: "least full-year cost",
}
"""Goals that are directions too, and what they are called."""

FEWEST_TEAMS = "fewest teams touched"
DIFFERENT = "as different as found"


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another plan.

    Attributes:
        direction: in which way it is the best, or that it differs.
        plan: the plan, verified.
        dearer_by: by how much its first goal is worse, in that goal's unit.
        comparison: what differs from the best plan.
        proven: whether no plan within the allowance is better in its direction.
    """

    direction: str
    plan: Plan
    dearer_by: Fraction
    comparison: Comparison
    proven: bool

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "direction": self.direction,
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
    """

    plan: Plan
    allowance: Fraction
    unique: bool | None
    only: bool | None
    found: tuple[Alternative, ...]
    left_out: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "allowance": exact_text(self.allowance),
            "unique": self.unique,
            "only": self.only,
            "found": [alternative.to_json() for alternative in self.found],
            "left_out": dict(self.left_out),
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
    with open_desk(instance, **asking) as desk:
        plan = desk.solve()
        if not plan.goals:
            what = "the question has no goal, so no plan is better than another"
            raise InputError([Fault("no-goal", what, "Give the model a goal.")])
        return _Looking(desk, plan, _allowance(plan, within)).look()


def _allowance(plan: Plan, within: str | int | Decimal) -> Fraction:
    """Read by how much the first goal may be worse, rounded to hundredths of its unit.

    Raises:
        InputError: if it is no share and no figure, or below 0.
    """
    text = str(within).strip()
    try:
        figure = Fraction(parse_decimal(text.removesuffix("%").removeprefix("£")))
    except ValueError:
        figure = Fraction(-1)
    if figure < 0:
        what = f"{within!r} is no allowance"
        mend = "Write a share of the first goal such as 2%, or a figure in its unit."
        raise InputError([Fault("bad-allowance", what, mend)])
    share = figure * abs(plan.goals[0].value) / 100 if text.endswith("%") else figure
    return Fraction(round_half_up(share, PENCE))


@dataclass(slots=True)
class _Looking:
    """One plan, and the search for others."""

    desk: Desk
    plan: Plan
    allowance: Fraction

    def look(self) -> Alternatives:
        left_out: dict[str, str] = {}
        loose = self._loose()
        found = [*self._by_goals(loose, left_out), *self._by_programs(loose, left_out)]
        within = replace(loose, goals=loose.goals[:1])
        try:
            only = solved(self.desk, within).provenance.unique
        except StaffoptError:
            only = None
        return Alternatives(
            self.plan, self.allowance, self.plan.provenance.unique, only, tuple(found), left_out
        )

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
        program = build(loose)
        matrix = self._held(program)
        request = self.desk.request
        started = time.monotonic()
        feasibility = Feasibility(
            self.desk.solvers.session(request.backend),
            Options(request.time_limit, 0.0, request.threads, request.seed),
            lambda: time.monotonic() - started,
            ignore,
        )
        decided = program.column_tags.decision
        if program.goals[0].ratio is not None:
            left_out[FEWEST_TEAMS] = "the first goal is an average, not a sum"
            return
        if decided.sum() > MOST_COLUMNS:
            left_out[FEWEST_TEAMS] = "there are too many decisions to count teams by"
        else:
            yield from self._fewest_teams(loose, program, matrix, feasibility, left_out)
        yield from self._different(loose, program, matrix, feasibility)

    def _held(self, program: Program) -> Matrix:
        """Return a program's numbers with the first goal held within the allowance."""
        matrix, goal = program.matrix.floating(), program.goals[0]
        upper = matrix.row_upper.copy()
        half = goal.within if goal.quantum is None else float(goal.quantum) / 2
        most = self.plan.goals[0].value + self._room
        upper[goal.row] = float(most - Fraction(goal.offset)) + half / 2
        return replace(matrix, row_upper=upper)

    def _fewest_teams(
        self,
        loose: Question,
        program: Program,
        matrix: Matrix,
        feasibility: Feasibility,
        left_out: dict[str, str],
    ) -> Iterator[Alternative]:
        """Minimise how many teams have any change, by a 0-1 unknown a team."""
        block = next(block for block in program.column_blocks if block.name == "change")
        teams = block.cells[:, block.axes.index("team")]
        counted, start = matrix, matrix.columns
        for code in np.unique(teams):
            columns = (block.start + np.flatnonzero(teams == code)).astype(np.int32)
            reach = [self._reach(matrix, int(column), feasibility) for column in columns]
            if any(bounds is None for bounds in reach):
                left_out[FEWEST_TEAMS] = "nothing bounds what one team can get"
                return
            counted = _with_switch(counted, columns, [bounds for bounds in reach if bounds])
        cost = np.ones(counted.columns)
        cost[:start] = self._tie_break(program)
        values = feasibility.least(counted, cost)
        if values is None:
            left_out[FEWEST_TEAMS] = "no plan was found in time"
        elif (plan := self._plan_of(loose, program, values[:start])) is not None:
            yield self._told(FEWEST_TEAMS, plan, proven=True)

    def _tie_break(self, program: Program) -> FloatArray:
        """Weigh the first goal so that all of the allowance weighs half of one."""
        goal = program.goals[0].vector.astype(np.float64)
        return goal * HALF / max(float(self.allowance), 1.0)

    def _reach(
        self, matrix: Matrix, column: int, feasibility: Feasibility
    ) -> tuple[float, float] | None:
        """Return how low and how high a column can be, in whole steps or not; None without end."""
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(matrix.columns)
            cost[column] = sign
            try:
                point = feasibility.least(relaxed(matrix), cost)
            except StaffoptError:  # it goes on without end
                return None
            if point is None:
                return None
            ends.append(float(point[column]))
        low, high = ends
        return min(low, 0.0) - A_LITTLE, max(high, 0.0) + A_LITTLE

    def _different(
        self, loose: Question, program: Program, matrix: Matrix, feasibility: Feasibility
    ) -> Iterator[Alternative]:
        """Minimise what the plans found so far change, until none is new."""
        block = next(block for block in program.column_blocks if block.name == "change")
        weights, seen, plan = np.zeros(matrix.columns), [self.plan.decisions], self.plan
        for _ in range(MOST_DIFFERENT):
            weights[block.start : block.stop] += _signs(program, plan)
            values = feasibility.least(matrix, weights + self._tie_break(program))
            if values is None:
                return
            found = self._plan_of(loose, program, values)
            if found is None or found.decisions in seen:
                return
            seen.append(found.decisions)
            plan = found
            yield self._told(DIFFERENT, plan, proven=False)

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


def _signs(program: Program, plan: Plan) -> FloatArray:
    """Weigh what a plan changes: 1 where it adds, -1 where it cuts, 0 where it leaves."""
    block = next(block for block in program.column_blocks if block.name == "change")
    changed = {(p.team, p.role, p.period): p.change for p in plan.decisions.posts}
    signs = np.zeros(block.stop - block.start)
    for number, codes in enumerate(block.cells):
        labels = {
            axis: names[code]
            for axis, names, code in zip(block.axes, block.labels, codes, strict=True)
        }
        change = changed.get((labels["team"], labels["role"], labels["period"]), Fraction(0))
        signs[number] = (change > 0) - (change < 0)
    return signs


def _with_switch(matrix: Matrix, columns: IntArray, reach: Sequence[tuple[float, float]]) -> Matrix:
    """Add a 0-1 unknown z without which some columns x stay at 0: low · z ≤ x ≤ high · z."""
    count, first = len(columns), matrix.rows
    lows, highs = (np.array(ends) for ends in zip(*reach, strict=True))
    numbers = np.arange(count, dtype=np.int64)
    # each x in its two rows, and the new unknown, whose column comes last, in all of them
    new = np.arange(first, first + 2 * count)
    rows = np.concatenate([matrix.indices, first + numbers, first + count + numbers, new])
    column: npt.NDArray[np.int64] = np.concatenate(
        [matrix.entry_columns, columns, columns, np.full(2 * count, matrix.columns)]
    )
    data = np.concatenate([matrix.data, np.ones(2 * count), -highs, -lows])
    order = np.argsort(column, kind="stable")  # old rows come before new ones: ascending still
    ends = np.cumsum(np.bincount(column, minlength=matrix.columns + 1))
    return Matrix(
        indptr=np.concatenate([[0], ends]).astype(np.int64),
        indices=rows[order].astype(np.int32),
        data=data[order],
        row_lower=np.concatenate([matrix.row_lower, np.full(count, -np.inf), np.zeros(count)]),
        row_upper=np.concatenate([matrix.row_upper, np.zeros(count), np.full(count, np.inf)]),
        col_lower=np.append(matrix.col_lower, 0.0),
        col_upper=np.append(matrix.col_upper, 1.0),
        integer=np.append(matrix.integer, True),
    )
