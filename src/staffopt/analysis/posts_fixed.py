"""What a figure is worth while posts stay: marginal values with the integer decisions fixed.

A whole-number program has no duals. With every whole unknown fixed at the plan's, a linear program
is left. What more or less of a figure is worth to its goal at first, and up to which value of the
figure that holds, is the first piece of the program's best value along the figure
(:mod:`staffopt.analysis.pieces`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from staffopt.algebra.lexicographic import Lexicographic
from staffopt.algebra.program import FloatArray, Matrix, Program
from staffopt.algebra.solution import Changes, Why
from staffopt.analysis.asking import PROVEN
from staffopt.analysis.parameters import Parameter, parameter_of, paths_of, rows_of
from staffopt.analysis.pieces import ZERO, Along, NoDuals, NoPoint, fixed_at, value_of
from staffopt.analysis.to_the_end import ENDED, options_of, session_of, solved, watching
from staffopt.build import build
from staffopt.errors import BackendError, Cancelled
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.solution import Solution
    from staffopt.backends.session import Session
    from staffopt.desk import Desk
    from staffopt.plan import Plan
    from staffopt.question import Question
    from staffopt.request import Request

LABEL = "posts fixed"
"""What these figures are called wherever they are shown: no price of the whole question."""

FAR = 10
"""Up to so many times a figure it is looked how long a marginal value holds."""


@dataclass(frozen=True, slots=True)
class Side:
    """What a figure is worth on one side, while posts stay.

    Attributes:
        rate: by how much the goal grows with each unit more of the figure, at the figure as it
            stands; below 0 is better where more is given.
        until: the figure up to which a unit is worth as much, or (of a goal that is a greatest
            ratio) up to which its reciprocal moves evenly; None where no end was met.
        value: what the goal comes to there; None as ``until`` is.
        checked: whether exact arithmetic proves that the goal is no better anywhere than the rate
            has it; else that is the solver's account.
    """

    rate: Fraction
    until: Fraction | None
    value: Fraction | None
    checked: bool

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "rate": exact_text(self.rate),
            "until": None if self.until is None else exact_text(self.until),
            "value": None if self.value is None else exact_text(self.value),
            "checked": self.checked,
        }


@dataclass(frozen=True, slots=True)
class Marginal:
    """What one figure is worth while posts stay.

    Attributes:
        path: where the figure stands.
        figure: what it is.
        unit: its unit.
        more, less: what more and less of it is worth; ``less`` None where there is no plan with
            less, ``more`` likewise.
    """

    path: str
    figure: Fraction
    unit: str
    more: Side | None
    less: Side | None

    @property
    def degenerate(self) -> bool:
        """Whether a unit more and a unit less are worth different amounts: no one price holds."""
        sides = self.more, self.less
        return None not in sides and len({side.rate for side in sides if side}) > 1

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.path,
            "figure": exact_text(self.figure),
            "unit": self.unit,
            "more": None if self.more is None else self.more.to_json(),
            "less": None if self.less is None else self.less.to_json(),
            "degenerate": self.degenerate,
        }


@dataclass(frozen=True, slots=True)
class PostsFixed:
    """Marginal values of a question's figures while whatever is whole stays as the plan has it.

    Attributes:
        ratio: whether the goal is a greatest ratio, whose reciprocal moves evenly, not itself.
        marginals: the figures that the goal moves with, in the order of their paths.
        none: why there is none; empty where there may be.
    """

    ratio: bool = False
    marginals: tuple[Marginal, ...] = ()
    none: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "label": LABEL,
            "ratio": self.ratio,
            "marginals": [item.to_json() for item in self.marginals],
            "none": self.none or None,
        }


def posts_fixed(desk: Desk, plan: Plan) -> PostsFixed:
    """Find what a unit more and a unit less of every figure is worth to the first goal.

    Args:
        desk: the desk that was asked for the plan.
        plan: its plan, proven.

    Raises:
        BackendError: the solver failed.
        Cancelled: the caller, or the time limit, ended a solve.
    """
    program = build(desk.question)
    matrix = program.matrix
    moving = program.column_tags.decision & ~matrix.integer
    if not (moving & (matrix.floating().col_lower < matrix.floating().col_upper)).any():
        return PostsFixed(none="every decision comes in whole steps")
    if not program.goals or plan.provenance.stopped != PROVEN:
        return PostsFixed(none="no goal was brought to its best")
    whole = bool(matrix.integer.any())
    paths = sorted(set(paths_of(program).values()) - _carried(desk.question))
    figures = [parameter_of(desk.question, program, path) for path in paths]
    with desk.solvers.lock:
        session = session_of(desk, whole=False)
        fixed = fixed_at(matrix, _whole_point(program, desk)) if whole else matrix
        asked = _Asked(program, fixed, session, desk.request)
        moved = [figure for figure in figures if figure is not None and figure.bound]
        try:
            found = [marginal for one in moved if (marginal := asked.marginal(one)) is not None]
        except NoDuals:
            return PostsFixed(none=f"{session.name} offers no duals")
        except NoPoint:
            raise BackendError(f"{session.name} finds no point where there was one") from None
    return PostsFixed(asked.is_ratio, tuple(found))


def _carried(question: Question) -> set[str]:
    """Name the ceilings that bear on later years too, by what is carried into them."""
    funds = question.instance.funds.items()
    return {
        f"funds.{fund}.ceiling.{year}"
        for fund, record in funds
        if record.carry_forward is not None
        for year in question.instance.calendar.years
    }


def _whole_point(program: Program, desk: Desk) -> FloatArray:
    """Answer the question once more: whatever is whole comes out as in the plan.

    Raises:
        BackendError: it does not come to its end.
        Cancelled: the caller, or the time limit, ended it.
    """
    request, session = desk.request, session_of(desk, whole=True)
    slack = [float(goal.tolerance or 0) for goal in desk.question.goals]
    steps = Lexicographic(program, session.solve, options_of(request), slack, lambda: 0.0)
    outcome = steps.run(lambda *_: watching(request))
    if outcome.why in ENDED:
        raise Cancelled(f"the solve ended before its plan was proven: {outcome.why}")
    if outcome.values is None or outcome.why is not Why.OPTIMAL:
        raise BackendError(f"{session.name}: {outcome.why} {outcome.message}".strip())
    return outcome.values


@dataclass(frozen=True, slots=True)
class _Asked:
    """The first goal over a program in which whatever is whole is fixed."""

    program: Program
    matrix: Matrix
    session: Session
    request: Request

    @property
    def is_ratio(self) -> bool:
        """Whether the goal is a greatest ratio: what is minimised is minus its reciprocal."""
        return self.program.goals[0].ratio is not None

    def told(self, minimised: Fraction) -> Fraction:
        """Return the goal's value for what is minimised of it."""
        return value_of(self.program.goals[0], minimised)

    def along(self, figure: Parameter) -> Along:
        """Follow the goal along a figure."""
        rows, factors = rows_of(self.program, figure.path), self.program.row_tags.factor
        slopes = {int(row): Fraction(factors[row]) for row in rows}
        span = -figure.value, max(Fraction(1), figure.value * FAR)
        return Along(self.matrix, self.program.goals[0].vector, slopes, span, self.solve)

    def solve(self, matrix: Matrix, changes: Changes) -> Solution | None:
        """Solve to the end.

        Raises:
            BackendError: the solver does not come to it.
            Cancelled: the caller, or the time limit, ended it.
        """
        return solved(self.session, self.request, matrix, changes)

    def marginal(self, figure: Parameter) -> Marginal | None:
        """Tell what more and less of a figure is worth; None where the goal does not move."""
        along = self.along(figure)
        more, less = (self._side(along, figure.value, sign) for sign in (1, -1))
        if not any(side is not None and side.rate for side in (more, less)):
            return None
        return Marginal(figure.path, figure.value, figure.unit, more, less)

    def _side(self, along: Along, figure: Fraction, sign: int) -> Side | None:
        """Find what more (+1) or less (-1) is worth at first, and how far; None without a plan."""
        here, end = along.line(ZERO), along.end(sign)
        if not end.at:
            return None
        line = along.first_piece(here, end)
        last = along.last_on(line, end)
        free = last.at in along.span
        return Side(
            rate=line.slope * (self.told(here.value) ** 2 if self.is_ratio else 1),
            until=None if free else figure + last.at,
            value=None if free else self.told(last.value),
            checked=line.checked,
        )
