"""The change of several figures that weighs least, coefficients among them, proven to be the least.

By how much bounds have to give is one solve; what a coefficient has to become is not, since it
multiplies what is decided. So let k be how many steps the coefficients go, each the way that helps,
w what a step of each weighs, and g(k) the least weight by which bounds then have to give. More of a
coefficient only lets more in, so that g never grows: where low ≤ k ≤ high, nothing weighs less than
w·low + g(high). And the point found at ``high`` shows how little of each coefficient would do for
it. So boxes of k are cut there and halved, the one that may hold the lightest first, until none can
hold anything lighter than what is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.nesting import differs_by, lets_in, missed_by
from staffopt.analysis.parameters import rows_of
from staffopt.analysis.sharing import Shared, Within, least_steps, ways_of
from staffopt.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from staffopt.algebra.program import FloatArray, IntArray, Matrix, Program
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.parameters import Parameter

MOST_CORNERS = 150
"""So many corners of boxes are asked of the solver at most: beyond, nothing is proven."""

FARTHEST = 1000
"""A coefficient goes to so many times its value, where nothing lighter is known."""

Corner = tuple[int, ...]
"""How many steps each coefficient goes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mix is found with.

    Attributes:
        feasibility: the solver.
        program: path → figure to the question's program; raises InputError where no such figures
            may stand.
        works: path → figure to whether there is a point; None where that is not known.
        plain: path → whether a bound is seen to move its rows' bounds and nothing else.
    """

    feasibility: Feasibility
    program: Callable[[Mapping[str, str]], Program]
    works: Callable[[Mapping[str, str]], bool | None]
    plain: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mix:
    """What was found.

    Attributes:
        changed: path → figure of the lightest change that was found; None where none was lighter
            than what was known.
        proven: whether it is proven that nothing is lighter.
    """

    changed: dict[str, str] | None
    proven: bool


@dataclass(frozen=True, slots=True, order=True)
class _Box:
    """Coefficients between two corners, of which nothing weighs less than ``weight``."""

    weight: Fraction
    low: Corner
    high: Corner


@dataclass(frozen=True, slots=True)
class _Coefficient:
    """A coefficient, the way that helps, how far it may go, and what a step of it weighs."""

    figure: Parameter
    way: int
    far: int
    price: Fraction

    def moved(self, steps: int) -> str:
        return self.figure.moved(self.way * steps)

    def weight(self, steps: int) -> Fraction:
        return abs(Fraction(self.moved(steps)) - self.figure.value) * self.price

    def guesses(self, first: FloatArray, last: FloatArray, low: int, high: int) -> Iterator[int]:
        """Guess how far above ``low`` no row is missed any more.

        Rows mostly follow a figure, or one divided by it (a ratio): exactly so, the guess is right.

        Args:
            first: what each row is missed by at ``low``.
            last: the same at ``high``, where none is missed.
            low: how many steps it goes there.
            high: how many there.
        """
        rows = first > 0
        share = Fraction(float((first[rows] / (first[rows] - last[rows])).max()))
        yield ceil(share * (high - low))
        start, end = (Fraction(self.moved(steps)) for steps in (low, high))
        if start and end:
            at = 1 / (1 / start + share * (1 / end - 1 / start))
            yield ceil(abs(at - start) / self.figure.step)


def least_that(works: Callable[[int], bool | None], far: int, guesses: Iterable[int] = ()) -> int:
    """Return the least number above 0 that works, where ``far`` does and more of it does too.

    What is guessed, and its neighbours, is tried first; then what is near.
    """
    near = 0
    close = (guess + by for guess in guesses for by in (0, -1, 1))
    while far - near > 1:
        # Most need not go far: look near first, and twice as far each time.
        middle = next(close, min((near + far) // 2, max(1, 2 * near)))
        if not near < middle < far:
            continue
        if works(middle):
            far = middle
        else:
            near = middle
    return far


@dataclass(slots=True)
class Mixing:
    """Looks for the lightest change of some figures after which there is a point.

    Attributes:
        figures: the figures that may change.
        weights: path → what a change of the figure by one of its unit weighs.
        asked: what it is found with.
        lighter: it has to weigh less than this; None where nothing is known.
        most: so many figures change at most; None for any number. Needs ``lighter``.
    """

    figures: Sequence[Parameter]
    weights: Mapping[str, Fraction]
    asked: Asked
    lighter: Fraction | None = None
    most: int | None = None
    _limit: Fraction | None = None
    _start: Matrix = field(init=False)
    _bounds: list[Parameter] = field(default_factory=list)
    _coefficients: list[_Coefficient] = field(default_factory=list)
    _known: dict[tuple[Corner, int], Shared | None] = field(default_factory=dict)
    _found: dict[str, str] | None = None
    _proven: bool = True

    def least(self) -> Mix:
        """Find it."""
        program, self._limit = self.asked.program({}), self.lighter
        self._start = program.matrix.floating()
        self._bounds = [figure for figure in self.figures if figure.bound]
        self._proven = all(self._is_weighed(program, figure) for figure in self._bounds)
        for figure in self.figures:
            if not figure.bound:
                self._learn(figure)
        high = tuple(one.far for one in self._coefficients)
        boxes = [_Box(Fraction(0), (0,) * len(high), high)]
        while boxes and not self._is_over(boxes[0]):
            for box in self._parts(heappop(boxes)):
                heappush(boxes, box)
        return Mix(self._found, self._proven and not self.asked.feasibility.stopped)

    def _is_over(self, box: _Box) -> bool:
        """Say whether nothing lighter is left, or the search has to end."""
        if self._is_too_heavy(box.weight):
            return True
        if self.asked.feasibility.stopped or len(self._known) >= MOST_CORNERS:
            self._proven = False
            return True
        return False

    def _is_too_heavy(self, weight: Fraction) -> bool:
        return self.lighter is not None and weight >= self.lighter

    def _parts(self, box: _Box) -> Iterator[_Box]:
        """Look at a box, and yield what of it may hold anything lighter than is known then."""
        if self.most is not None and sum(map(bool, box.low)) > self.most:
            return
        try:
            shared = self._beside(box)
        except InputError:  # these figures may not stand together: smaller boxes tell
            if box.low != box.high:
                yield from self._halves(box.low, box.high, Fraction(0))
            return
        if shared is None:
            return
        beside = self._weight_of_bounds(shared.steps)
        if self._is_too_heavy(self._weight_of(box.low) + beside):
            return
        corner = self._back(box, shared)
        changes = sum(map(bool, corner)) + len(shared.steps)
        if self.most is not None and changes > self.most:
            yield from self._with_and_without(box, corner, beside)
            return
        self._take(corner, shared.steps)
        for place, steps in enumerate(corner):
            # Heavier is whatever goes as far everywhere: some coefficient has to go less far.
            low = *corner[:place], *box.low[place:]
            high = *box.high[:place], steps - 1, *box.high[place + 1 :]
            if steps > box.low[place]:
                yield from self._halves(low, high, beside)

    def _beside(self, box: _Box) -> Shared | None:
        """Ask how little bounds have to give where coefficients go as far as they may.

        Raises:
            InputError: they may not go as far together.
        """
        within, bounds = None, self._bounds
        if self.most is not None and self._limit is not None:
            left = self.most - sum(map(bool, box.low))
            within = Within(left, self._limit) if left > 0 else None
            bounds = bounds if left > 0 else []
        key = box.high, within.figures if within else len(bounds)
        if key not in self._known:
            program = self.asked.program(self._changed(box.high, {}))
            matrix, feasibility = program.matrix.floating(), self.asked.feasibility
            # That more of a coefficient lets more in is seen at every corner anew.
            self._proven &= lets_in(matrix, self._start)
            self._known[key] = least_steps(
                program, matrix, bounds, self.weights, feasibility, within
            )
        return self._known[key]

    def _back(self, box: _Box, shared: Shared) -> Corner:
        """Bring coefficients back, one by one, as far as the point that was found allows."""
        corner = box.high
        for place in range(len(corner)):
            corner = self._brought_back(corner, place, box.low[place], shared)
        return corner

    def _brought_back(self, corner: Corner, place: int, least: int, shared: Shared) -> Corner:
        def moved(steps: int) -> Corner:
            return *corner[:place], steps, *corner[place + 1 :]

        def missed(more: int) -> FloatArray | None:
            matrix = self._matrix(self._changed(moved(least + more), shared.steps))
            if matrix is None or matrix.columns != len(shared.point):
                return None
            return missed_by(matrix, shared.point)

        def allows(more: int) -> bool:
            by = missed(more)
            return by is not None and bool((by <= 0).all())

        far = corner[place] - least
        first, last = (missed(0), missed(far)) if far else (None, None)
        if first is None or last is None:
            return corner
        if (first <= 0).all():
            return moved(least)
        guesses = self._coefficients[place].guesses(first, last, least, corner[place])
        return moved(least + least_that(allows, far, guesses))

    def _halves(self, low: Corner, high: Corner, beside: Fraction) -> Iterator[_Box]:
        """Halve a box where its side weighs most; bounds weigh so much beside it at least."""
        steps = zip(self._coefficients, low, high, strict=True)
        sides = [one.weight(end) - one.weight(start) for one, start, end in steps]
        place = sides.index(max(sides))
        middle = (low[place] + high[place]) // 2
        yield self._box(low, (*high[:place], middle, *high[place + 1 :]), beside)
        if middle < high[place]:
            yield self._box((*low[:place], middle + 1, *low[place + 1 :]), high, beside)

    def _with_and_without(self, box: _Box, corner: Corner, beside: Fraction) -> Iterator[_Box]:
        """Part a box by whether a coefficient changes at all, so that it can be counted."""
        open_ = (at for at, steps in enumerate(corner) if steps and not box.low[at])
        place = next(open_, None)
        if place is None:
            self._proven = False  # a solver's tolerance has let more bounds change than may
            return
        yield self._box(box.low, (*box.high[:place], 0, *box.high[place + 1 :]), beside)
        yield self._box((*box.low[:place], 1, *box.low[place + 1 :]), box.high, beside)

    def _box(self, low: Corner, high: Corner, beside: Fraction) -> _Box:
        return _Box(self._weight_of(low) + beside, low, high)

    def _take(self, corner: Corner, steps: Mapping[str, int]) -> None:
        """Keep a change, if it is the lightest so far and there is a point with it."""
        weight = self._weight_of(corner) + self._weight_of_bounds(steps)
        if self._is_too_heavy(weight):
            return
        changed = self._changed(corner, steps)
        if changed and self.asked.works(changed):
            self._found, self.lighter = changed, weight
        else:
            self._proven = False  # a solver's tolerance has misled

    def _changed(self, corner: Corner, steps: Mapping[str, int]) -> dict[str, str]:
        coefficients = zip(self._coefficients, corner, strict=True)
        changed = {one.figure.path: one.moved(count) for one, count in coefficients if count}
        return changed | {f.path: f.moved(steps[f.path]) for f in self._bounds if f.path in steps}

    def _matrix(self, changed: Mapping[str, str]) -> Matrix | None:
        """Return a program's numbers; None where no such figures may stand."""
        try:
            return self.asked.program(changed).matrix.floating()
        except InputError:
            return None

    def _weight_of(self, corner: Corner) -> Fraction:
        steps = zip(self._coefficients, corner, strict=True)
        return sum((one.weight(count) for one, count in steps), Fraction(0))

    def _weight_of_bounds(self, steps: Mapping[str, int]) -> Fraction:
        moved = ((f, Fraction(f.moved(steps[f.path]))) for f in self._bounds if f.path in steps)
        return sum((abs(to - f.value) * self.weights[f.path] for f, to in moved), Fraction(0))

    def _learn(self, figure: Parameter) -> None:
        """See which way a coefficient helps, and that the other way it does not."""
        for way in (1, -1):
            far = self._far(figure, way)
            moved = self._matrix({figure.path: figure.moved(way * far)} if far else {})
            assert moved is not None
            more, less = lets_in(moved, self._start), lets_in(self._start, moved)
            self._proven &= more or less
            if more and not less:
                price = self.weights[figure.path]
                self._coefficients.append(_Coefficient(figure, way, far, price))
                other = self._matrix({figure.path: figure.moved(-way)})
                self._proven &= other is None or lets_in(self._start, other)
                return

    def _far(self, figure: Parameter, way: int) -> int:
        """Return how many steps a coefficient may go where it weighs less than what is known."""
        price, step = self.weights[figure.path], figure.step
        end = ceil(FARTHEST * (abs(figure.value) or 1) / step)
        if way < 0 <= figure.value:
            end = ceil(figure.value / step)
        if self.lighter is not None:
            end = min(end, ceil(self.lighter / (price * step)))
            if _Coefficient(figure, way, end, price).weight(end) >= self.lighter:
                end -= 1

        def is_beyond(steps: int) -> bool:
            return self._matrix({figure.path: figure.moved(way * steps)}) is None

        # What may stand there is a run of figures.
        return least_that(is_beyond, end) - 1 if end > 0 and is_beyond(end) else end

    def _is_weighed(self, program: Program, figure: Parameter) -> bool:
        """Say whether the solve of bounds is right about one: so it is, but for two cases.

        Its move may change more than its rows' bounds; and it may go down to 0 by less than a step.
        """
        rows = rows_of(program, figure.path)
        ways = ways_of(program.matrix, rows)
        if figure.path not in self.asked.plain:
            plain = all(self._moves_plainly(program, rows, figure, way) for way in ways)
            self.asked.plain[figure.path] = plain
        ends = figure.value > 0 and figure.value % figure.step != 0 and -1 in ways
        near = ends and not self._is_too_heavy(self.weights[figure.path] * figure.value)
        return self.asked.plain[figure.path] and not near

    def _moves_plainly(self, program: Program, rows: IntArray, figure: Parameter, way: int) -> bool:
        to = figure.moved(way)
        moved, by = self._matrix({figure.path: to}), np.zeros(program.matrix.rows)
        by[rows] = program.row_tags.factor[rows] * float(Fraction(to) - figure.value)
        return moved is None or differs_by(self._start, moved, by)
