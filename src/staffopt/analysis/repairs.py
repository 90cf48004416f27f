"""Repairs: changes of parameters, in their own units, after which there is a plan.

Every conflict must be hit by a change of some figure in it. So the fewest figures that hit all
conflicts known are tried; where they do not help, there is a conflict more, and so on. What each
figure has to become is the least change: asked of the solver where the figure is a bound, searched
for where it enters coefficients, since what such a row is short by is in another unit. A repair is
told only once its plan has been found and verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.parameters import Parameter, offered, parameter_of, paths_of, rows_of
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

MOST_FIGURES = 8
"""No repair changes more figures than these at once."""

MOST_TRIED = 20_000
"""So many sets of figures are looked through for the next one that hits every conflict."""

FAR = (1000, 100, 10, 2, Fraction(1, 1000), Fraction(1, 100), Fraction(1, 10), Fraction(1, 2))
"""How many times its value a coefficient is tried at first, to see which way it gives."""

A_TRACE = 1e-6
"""What a solver leaves of a step."""

CORRECTIONS = 3
"""So many steps a figure is corrected by, where a solver's tolerance has misled."""


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One figure that is changed.

    Attributes:
        path: where it stands, as ``--set`` names it.
        before, after: what it is, and what it becomes.
        unit: its unit.
        step: what it was changed in.
        rule: label of the rule.
        least: whether one step less is proven not to do, all else in the repair as it is; None
            where that was not proven.
    """

    path: str
    before: Fraction
    after: Fraction
    unit: str
    step: Fraction
    rule: str
    least: bool | None

    @property
    def size(self) -> Fraction:
        """How much it changes by, in its unit."""
        return abs(self.after - self.before)

    @property
    def relative(self) -> Fraction:
        """How much it changes by, relative to what it is; where that is nothing, to one unit."""
        return self.size / (abs(self.before) or 1)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "path": self.path,
            "before": exact_text(self.before),
            "after": exact_text(self.after),
            "unit": self.unit,
            "step": exact_text(self.step),
            "rule": self.rule,
            "least": self.least,
        }


@dataclass(frozen=True, slots=True, eq=False)
class ParameterRepair:
    """Figures that are changed together, so that there is a plan.

    Attributes:
        changes: the figures.
        plan: the repaired question's plan, verified.
        price: what the changes weigh by the prices given; None where one of them has none.
    """

    changes: tuple[ParameterChange, ...]
    plan: Plan
    price: Fraction | None

    @property
    def overrides(self) -> dict[str, str]:
        """Path → figure, as ``--set`` takes them."""
        return {change.path: exact_text(change.after) for change in self.changes}

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data; of its plan what each goal came to."""
        return {
            "changes": [change.to_json() for change in self.changes],
            "price": None if self.price is None else exact_text(self.price),
            "goals": [goal.model_dump(mode="json") for goal in self.plan.goals],
        }


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

    def sets(self, conflicts: Sequence[Sequence[RuleInstance]], most: int) -> Iterator[list[str]]:
        """Yield the least sets of figures that help where they may be anything, few first.

        Args:
            conflicts: the conflicts known.
            most: how many sets are wanted.
        """
        known, found = [self._figures(members) for members in conflicts], 0
        helping: list[set[str]] = []
        useless: set[frozenset[str]] = set()
        while found < most and not self.feasibility.stopped:
            tried = _next_set(known, helping, useless)
            if tried is None:
                self.complete = self.complete and len(set().union(*known)) <= MOST_FIGURES
                return
            given = [one for one in self.instances if one.parameter not in tried]
            conflict = self.search.conflict(given)
            if conflict is not None:
                known.append(self._figures(conflict.members))
                useless.add(frozenset(tried))
            elif not self.feasibility.stopped:
                helping.append(tried)
                found += 1
                yield sorted(tried)
        self.complete = False

    def _figures(self, members: Sequence[RuleInstance]) -> set[str]:
        """Name the figures of a conflict that may be offered."""
        question, paths = self.desk.question, paths_of(self.program)
        found = (offered(question, self.program, one.rows, paths) for one in members)
        return {path for path in found if path is not None}

    def repairs(
        self, paths: Sequence[str], prices: Mapping[str, Fraction]
    ) -> Iterator[ParameterRepair]:
        """Yield the repairs that change some figures: each order gives the first least of all."""
        told: set[frozenset[tuple[str, str]]] = set()
        for order in (tuple(paths), tuple(reversed(paths))):
            changed = self._settled(order)
            if changed is None or frozenset(changed.items()) in told:
                continue
            told.add(frozenset(changed.items()))
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
        figure = parameter_of(self.desk.question, self.program, path)
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
        try:
            matrix = self._matrix({**changed, figure.path: figure.moved(steps)}, free)
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
        steps = int((after - figure.value) / figure.step)
        less = steps - (1 if steps > 0 else -1)
        others = {other: value for other, value in changed.items() if other != path}
        works = self._works(figure, less, others, ())
        least = None if works is None else not works
        return ParameterChange(
            path, figure.value, after, figure.unit, figure.step, figure.rule, least
        )


def ranked(repairs: Sequence[ParameterRepair]) -> list[ParameterRepair]:
    """Order repairs: by price where all figures have one, then fewest figures, then least change.

    One that changes no fewer figures, each by no less, than another is left out.
    """

    def rank(repair: ParameterRepair) -> tuple[Any, ...]:
        relative = sum(change.relative for change in repair.changes)
        return repair.price is None, repair.price or 0, len(repair.changes), relative

    return [
        one
        for one in sorted(repairs, key=rank)
        if not any(_outdone(one, other) for other in repairs)
    ]


def _outdone(one: ParameterRepair, other: ParameterRepair) -> bool:
    mine, its = ({c.path: c.size for c in r.changes} for r in (one, other))
    return its != mine and all(path in mine and its[path] <= mine[path] for path in its)


def _next_set(
    known: Sequence[set[str]], helping: Sequence[set[str]], useless: set[frozenset[str]]
) -> set[str] | None:
    """Return the next least set of figures that hits every conflict known, or None."""
    figures = sorted(set().union(*known))
    sizes = range(1, MOST_FIGURES + 1)
    sets = (set(chosen) for size in sizes for chosen in combinations(figures, size))
    for chosen in islice(sets, MOST_TRIED):
        hits = all(chosen & conflict for conflict in known)
        more = any(other <= chosen for other in helping)
        if hits and not more and frozenset(chosen) not in useless:
            return chosen
    return None


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
        matrix = _with_column(matrix, rows, -sign * factor)
    return matrix, list(range(first, matrix.columns)), np.array(signs)


def _with_column(matrix: Matrix, rows: IntArray, data: FloatArray) -> Matrix:
    """Add a column, never below 0, at the end."""
    return replace(
        matrix,
        indptr=np.append(matrix.indptr, matrix.entries + len(rows)),
        indices=np.append(matrix.indices, rows).astype(np.int32),
        data=np.append(matrix.data, data),
        col_lower=np.append(matrix.col_lower, 0.0),
        col_upper=np.append(matrix.col_upper, np.inf),
        integer=np.append(matrix.integer, False),
    )
