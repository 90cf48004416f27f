"""The search for repairs: changes of parameters, in their own units, after which there is a plan.

Every conflict must be hit by a change of some figure in it. So the fewest figures that hit all
conflicts known are tried; where they do not help, there is a conflict more, and so on. What each
figure has to become is the least change: asked of the solver where the figure is a bound, searched
for where it enters coefficients, since what such a row is short by is in another unit. A repair is
told only once its plan has been found and verified. Bounds are asked of the solver together too:
for what is cheapest by the prices there are, or changes least, each relative to what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.extension import with_column
from staffopt.analysis.hitting import HittingSets
from staffopt.analysis.parameters import Parameter, offered, parameter_of, paths_of, rows_of
from staffopt.analysis.repairs import ParameterChange, ParameterRepair
from staffopt.analysis.sharing import Within, least_steps
from staffopt.build import build
from staffopt.errors import Infeasible, InputError, NoPlan, VerificationError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, IntArray, Matrix, Program
    from staffopt.analysis.conflicts import Search
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.instances import RuleInstance
    from staffopt.desk import Desk
    from staffopt.plan import Plan
    from staffopt.question import Question

FAR = (1000, 100, 10, 2, Fraction(1, 1000), Fraction(1, 100), Fraction(1, 10), Fraction(1, 2))
"""How many times its value a coefficient is tried at first, to see which way it gives."""

A_TRACE = 1e-6
"""What a solver leaves of a step."""

CORRECTIONS = 3
"""So many steps a figure is corrected by, where a solver's tolerance has misled."""


@dataclass(slots=True)
class RepairSearch:
    """Looks for repairs.

    Attributes:
        desk: asks the question with other figures.
        program: the question's program.
        search: finds conflicts in it.
        instances: all its rule instances.
        feasibility: the solver to ask.
        complete: whether every set of figures that helps was looked at.
    """

    desk: Desk
    program: Program
    search: Search
    instances: Sequence[RuleInstance]
    feasibility: Feasibility
    complete: bool = True
    _told: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    _question: Question = field(init=False)
    _floating: Program | None = None

    def __post_init__(self) -> None:
        """Settle the question once."""
        self._question = self.desk.question

    def sets(self, conflicts: Sequence[Sequence[RuleInstance]], most: int) -> Iterator[list[str]]:
        """Yield the least sets of figures that help where they may be anything, few first.

        Args:
            conflicts: the conflicts known.
            most: how many sets are wanted.
        """
        sets = HittingSets([self._figures(members) for members in conflicts])
        while not self.feasibility.stopped:
            tried = sets.next()
            if tried is None or len(sets.helping) == most:
                # One more set that hits every conflict known may help too.
                self.complete = self.complete and tried is None and not sets.gave_up
                return
            given = [one for one in self.instances if one.parameter not in tried]
            conflict = self.search.conflict(given)
            if conflict is not None:
                sets.conflicts.append(self._figures(conflict.members))
            elif not self.feasibility.stopped:
                sets.helping.append(tried)
                yield sorted(tried)
        self.complete = False

    def _figures(self, members: Sequence[RuleInstance]) -> frozenset[str]:
        """Name the figures of a conflict that may be offered."""
        question, paths = self._question, paths_of(self.program)
        found = (offered(question, self.program, one.rows, paths) for one in members)
        return frozenset(path for path in found if path is not None)

    def repairs(
        self, paths: Sequence[str], prices: Mapping[str, Fraction]
    ) -> Iterator[ParameterRepair]:
        """Yield the repairs that change some figures: each order gives the first least of all."""
        ways = [self._settled(order) for order in (tuple(paths), tuple(reversed(paths)))]
        if len(paths) > 1:
            figures = [self._figure(path) for path in paths]
            if all(figure.bound for figure in figures):
                ways.append(self._shared(figures, self._weights(figures, prices)))
        for changed in ways:
            if changed is not None:
                yield from self._repair(changed, prices)

    def least_of_all(
        self, prices: Mapping[str, Fraction], found: Sequence[ParameterRepair]
    ) -> Iterator[ParameterRepair]:
        """Yield the bounds that change least of all together, whatever their number.

        By prices that is the cheapest change of all figures that have one. Without prices it is the
        least relative to the figures, for every number of figures above the fewest: more figures
        may do with less.

        Args:
            prices: path → what a change by one of its unit weighs.
            found: the repairs found so far.
        """
        paths = dict.fromkeys(self._offered())
        figures = [figure for path in paths if (figure := self._figure(path)).bound]
        priced = [figure for figure in figures if figure.path in prices]
        if priced and (changed := self._shared(priced, prices)):
            yield from self._repair(changed, prices)
        weights = self._weights(figures, {})
        best = min((repair.rank for repair in found), default=None)
        least = self._shared(figures, weights)
        if least is None or best is None:
            return
        fewest, most = best
        for count in range(fewest + 1, len(least) + 1):
            limit = Within(count, most)
            changed = least if count == len(least) else self._shared(figures, weights, limit)
            for repair in self._repair(changed or {}, prices):
                if repair.relative < most:
                    most = repair.relative
                    yield repair

    def _offered(self) -> Iterator[str]:
        """Name every figure that may be offered."""
        question, paths = self._question, paths_of(self.program)
        for one in self.instances:
            path = offered(question, self.program, one.rows, paths)
            if path is not None:
                yield path

    def _weights(
        self, figures: Sequence[Parameter], prices: Mapping[str, Fraction]
    ) -> Mapping[str, Fraction]:
        """Return the prices if every figure has one, else what is relative to the figures."""
        if all(figure.path in prices for figure in figures):
            return prices
        return {figure.path: 1 / (abs(figure.value) or Fraction(1)) for figure in figures}

    def _shared(
        self,
        figures: Sequence[Parameter],
        weights: Mapping[str, Fraction],
        within: Within | None = None,
    ) -> dict[str, str] | None:
        """Let bounds give together, by as little as weighs least; None where that is no repair."""
        if self._floating is None:
            self._floating = build(self._question, exact=False)
        steps = least_steps(self._floating, figures, weights, self.feasibility, within)
        if not steps:
            return None
        changed = {f.path: f.moved(steps[f.path]) for f in figures if f.path in steps}
        try:
            works = self.feasibility.has_point(self._matrix(changed, ()))
        except InputError:
            return None  # no such figures may stand there
        return changed if works else None

    def _repair(
        self, changed: Mapping[str, str], prices: Mapping[str, Fraction]
    ) -> Iterator[ParameterRepair]:
        """Yield the repair of some changes, once, where it has a plan that holds."""
        key = frozenset(changed.items())
        if not changed or key in self._told:
            return
        self._told.add(key)
        changes = tuple(self._change(path, changed) for path in sorted(changed))
        weighed = [prices[c.path] * c.size for c in changes if c.path in prices]
        price = sum(weighed, Fraction(0)) if len(weighed) == len(changes) else None
        if (plan := self._plan(changed)) is not None:
            yield ParameterRepair(changes, plan, price)

    def _plan(self, changed: Mapping[str, str]) -> Plan | None:
        """Return the repaired question's plan; None where none that holds was found in time."""
        self.feasibility.forget()
        try:
            return self.desk.overriding(changed).solve()
        except (Infeasible, InputError, NoPlan, VerificationError):
            # A point that a tolerance alone allowed, a goal without an end, or a limit; and what
            # does not verify is no repair.
            self.complete = False
            return None

    def _settled(self, order: Sequence[str]) -> dict[str, str] | None:
        """Give every figure its least change in turn, while the later ones may be anything."""
        changed: dict[str, str] = {}
        for number, path in enumerate(order):
            figure = self._least(path, changed, order[number + 1 :])
            if figure is None:
                return None
            if figure != self._figure(path).moved(0):
                changed[path] = figure
        return changed or None

    def _figure(self, path: str) -> Parameter:
        figure = parameter_of(self._question, self.program, path)
        assert figure is not None
        return figure

    def _least(self, path: str, changed: Mapping[str, str], free: Sequence[str]) -> str | None:
        """Return the figure nearest to what it is with which there is a point."""
        figure = self._figure(path)
        steps = self._steps_of_bound if figure.bound else self._steps_of_coefficient
        count = steps(figure, changed, free)
        return None if count is None else figure.moved(count)

    def _works(
        self, figure: Parameter, steps: int, changed: Mapping[str, str], free: Sequence[str]
    ) -> bool | None:
        """Say whether there is a point with a figure so many steps away, and some figures free."""
        return self._works_at({**changed, figure.path: figure.moved(steps)}, free)

    def _works_at(self, changed: Mapping[str, str], free: Sequence[str] = ()) -> bool | None:
        """Say whether there is a point with some figures changed, and some free."""
        try:
            matrix = self._matrix(changed, free)
        except InputError:
            return False  # no such figure may stand there
        return self.feasibility.has_point(matrix)

    def _matrix(self, changed: Mapping[str, str], free: Sequence[str]) -> Matrix:
        question = self.desk.overriding(changed).question
        program = build(question, exact=self.program.exact)
        return _lifted(program, free)

    def _steps_of_bound(
        self, figure: Parameter, changed: Mapping[str, str], free: Sequence[str]
    ) -> int | None:
        """Ask the solver by how much a bound has to give."""
        program = build(self.desk.overriding(changed).question, exact=False)
        matrix, columns, signs = _giving(program, _lifted(program, free), figure.path)
        cost = np.zeros(matrix.columns)
        cost[columns] = 1
        point = self.feasibility.least(matrix, cost)
        if point is None:
            return None
        by = float(signs @ point[columns]) / float(figure.step)
        way = 1 if by > 0 else -1
        return self._nearest(figure, way, max(0, ceil(abs(by) - A_TRACE)), changed, free)

    def _nearest(
        self,
        figure: Parameter,
        way: int,
        count: int,
        changed: Mapping[str, str],
        free: Sequence[str],
    ) -> int | None:
        """Correct a number of steps by a few, up to where there is a point and no nearer one."""
        for _ in range(CORRECTIONS):
            if self._works(figure, way * count, changed, free):
                break
            count += 1
        else:
            return None
        while count and self._works(figure, way * (count - 1), changed, free):
            count -= 1
        return way * count

    def _steps_of_coefficient(
        self, figure: Parameter, changed: Mapping[str, str], free: Sequence[str]
    ) -> int | None:
        """Search for how far a coefficient has to go; what helps is helped by more of it."""
        if self._works(figure, 0, changed, free):
            return 0
        for times in FAR:
            far = round((times - 1) * figure.value / figure.step)
            if self._works(figure, far, changed, free):
                break
        else:
            return None
        near, way = 0, 1 if far > 0 else -1
        far = abs(far)
        while far - near > 1:
            # Most figures need not go far: look near first, and twice as far each time.
            middle = min((near + far) // 2, max(1, 2 * near))
            if self._works(figure, way * middle, changed, free):
                far = middle
            else:
                near = middle
        return way * far

    def _change(self, path: str, changed: Mapping[str, str]) -> ParameterChange:
        """Tell a change, having tried one step less of it."""
        figure, after = self._figure(path), Fraction(changed[path])
        way = 1 if after > figure.value else -1
        # One step from where it ended, which at 0 may lie off the steps from what it is.
        less = exact_text(after - way * figure.step)
        others = {other: value for other, value in changed.items() if other != path}
        works = self._works_at({**others, path: less})
        least = None if works is None else not works
        return ParameterChange(
            path, figure.value, after, figure.unit, figure.step, figure.rule, least
        )


def _lifted(program: Program, free: Sequence[str]) -> Matrix:
    """Return a program's numbers without the rows of some figures."""
    matrix = program.matrix.floating()
    rows: IntArray = np.concatenate([np.zeros(0, np.int32), *(rows_of(program, p) for p in free)])
    lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    lower[rows], upper[rows] = -np.inf, np.inf
    return replace(matrix, row_lower=lower, row_upper=upper)


def _giving(program: Program, matrix: Matrix, path: str) -> tuple[Matrix, list[int], FloatArray]:
    """Add columns by which a figure grows and shrinks, where that lets its rows give.

    Returns:
        the matrix; the columns; what each does to the figure: 1 or -1.
    """
    rows = rows_of(program, path)
    factor = program.row_tags.factor[rows]
    signs = []
    if np.isfinite(matrix.row_upper[rows]).any():
        signs.append(1.0)
    if np.isfinite(matrix.row_lower[rows]).any():
        signs.append(-1.0)
    first = matrix.columns
    for sign in signs:
        matrix = with_column(matrix, rows, -sign * factor)
    return matrix, list(range(first, matrix.columns)), np.array(signs)
