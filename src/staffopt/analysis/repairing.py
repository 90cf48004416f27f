"""The search for repairs: changes of parameters, in their own units, after which there is a plan.

Every conflict must be hit by a change of some figure in it. So the fewest figures that hit all
conflicts known are tried; where they do not help, there is a conflict more, and so on. What each
figure has to become is the least change: asked of the solver where the figure is a bound, searched
for where it enters coefficients, since what such a row is short by is in another unit. A repair is
told only once its plan has been found and verified. Figures are looked at together too (see
:mod:`staffopt.analysis.mixing`): for what is cheapest by the prices there are, or changes least,
each relative to what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.extension import without_rows
from staffopt.analysis.hitting import HittingSets
from staffopt.analysis.mixing import Asked, Mixing, least_that
from staffopt.analysis.parameters import Parameter, offered, parameter_of, paths_of, rows_of
from staffopt.analysis.repairs import ParameterChange, ParameterRepair
from staffopt.analysis.sharing import least_steps
from staffopt.build import build
from staffopt.errors import Infeasible, InputError, NoPlan, VerificationError
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.algebra.program import IntArray, Matrix, Program
    from staffopt.analysis.conflicts import Search
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.instances import RuleInstance
    from staffopt.desk import Desk
    from staffopt.plan import Plan
    from staffopt.question import Question

FAR = (1000, 100, 10, 2, Fraction(1, 1000), Fraction(1, 100), Fraction(1, 10), Fraction(1, 2))
"""How many times its value a coefficient is tried at first, to see which way it gives."""

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
        least_proven: whether it is proven that no change weighs less than those told.
    """

    desk: Desk
    program: Program
    search: Search
    instances: Sequence[RuleInstance]
    feasibility: Feasibility
    complete: bool = True
    least_proven: bool = True
    _all_repaired: bool = True
    _told: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    _question: Question = field(init=False)
    _asked: Asked = field(init=False)

    def __post_init__(self) -> None:
        """Settle the question once."""
        self._question = self.desk.question
        self._asked = Asked(self.feasibility, self._program, self._works_at)

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
            blamed = self.search.blamed(given)
            if blamed is not None:
                sets.conflicts.append(self._figures(blamed))
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
        """Yield the repairs that change some figures: each order gives the first least of all.

        And the one in which they change least together, where it is none of those.
        """
        ways = [self._settled(order) for order in (tuple(paths), tuple(reversed(paths)))]
        if len(paths) > 1:
            figures = [self._figure(path) for path in paths]
            weights = self._weights(figures, prices)
            known = [self._weight(changed, weights) for changed in ways if changed]
            ways.append(self._least_mix(figures, weights, min(known, default=None)))
        found = [repair for way in ways if way for repair in self._repair(way, prices)]
        self._all_repaired &= bool(found)
        yield from found

    def least_of_all(
        self, prices: Mapping[str, Fraction], found: Sequence[ParameterRepair]
    ) -> Iterator[ParameterRepair]:
        """Yield the figures that change least of all together, whatever their number.

        By prices that is the cheapest change of all figures that have one. Without prices it is the
        least relative to the figures, for every number of figures: more may do with less.

        Args:
            prices: path → what a change by one of its unit weighs.
            found: the repairs found so far.
        """
        figures = [self._figure(path) for path in dict.fromkeys(self._offered())]
        if not figures:
            return
        priced = [figure for figure in figures if figure.path in prices]
        if priced:
            known = [repair.price for repair in found if repair.price is not None]
            changed = self._least_mix(priced, prices, min(known, default=None))
            yield from self._repair(changed or {}, prices)
        weights, told = self._weights(figures, {}), list(found)

        def lightest(most: float) -> ParameterRepair | None:
            few = (one for one in told if len(one.changes) <= most)
            return min(few, key=lambda one: (one.relative, len(one.changes)), default=None)

        def look(most: int | None) -> Iterator[ParameterRepair]:
            known = lightest(inf if most is None else most)
            limit = None if known is None else known.relative
            changed = self._least_mix(figures, weights, limit, most)
            for repair in self._repair(changed or {}, prices):
                told.append(repair)
                yield repair

        yield from look(None)
        least = lightest(inf)
        if least is None:
            return
        fewest = min(len(one.changes) for one in told)
        # Where every least set was looked at, the least of the smallest ones is told already.
        looked_at = self.complete and self._all_repaired and not prices
        for count in range(fewest + looked_at, len(least.changes)):
            yield from look(count)

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

    def _weight(self, changed: Mapping[str, str], weights: Mapping[str, Fraction]) -> Fraction:
        sizes = ((p, abs(Fraction(to) - self._figure(p).value)) for p, to in changed.items())
        return sum((size * weights[path] for path, size in sizes), Fraction(0))

    def _least_mix(
        self,
        figures: Sequence[Parameter],
        weights: Mapping[str, Fraction],
        lighter: Fraction | None,
        most: int | None = None,
    ) -> dict[str, str] | None:
        """Let figures change together, by what weighs least; None where nothing is lighter."""
        mix = Mixing(figures, weights, self._asked, lighter, most).least()
        self.least_proven &= mix.proven
        return mix.changed

    def _program(self, changed: Mapping[str, str]) -> Program:
        """Build the question with some figures changed, as floats."""
        return build(self.desk.overriding(changed).question, exact=False)

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
            self.complete = self.least_proven = False
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
        program = self._program(changed)
        matrix, prices = _lifted(program, free), {figure.path: Fraction(1)}
        shared = least_steps(program, matrix, [figure], prices, self.feasibility)
        if shared is None:
            return None
        count = shared.steps.get(figure.path, 0)
        return self._nearest(figure, 1 if count > 0 else -1, abs(count), changed, free)

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
        way = 1 if far > 0 else -1
        return way * least_that(
            lambda steps: self._works(figure, way * steps, changed, free), abs(far)
        )

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
    rows: IntArray = np.concatenate([np.zeros(0, np.int32), *(rows_of(program, p) for p in free)])
    return without_rows(program.matrix.floating(), rows)
