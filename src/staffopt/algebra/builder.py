"""From variables, rows and goals to one :class:`Program`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from staffopt.algebra.assembly import ColumnPart, GoalPart, Kind, RowPart, assemble
from staffopt.algebra.axes import Axes, Mask, codes_of, shape
from staffopt.algebra.expression import Expression, Rows, between
from staffopt.algebra.program import NONE, Block, IntArray, NumberArray, Program, Ratio
from staffopt.algebra.wholes import ROOM, fractions

DECISIONS = "decisions"
"""The rule that decisions belong to: the core itself."""


@dataclass(slots=True)
class Builder:
    """Collects variables, rows and goals, and assembles them once.

    Attributes:
        exact: whether coefficients are Fractions.
        block_axis: the axis by which columns and rows fall into blocks (teams).
    """

    exact: bool
    block_axis: str
    notes: list[str] = field(default_factory=list)
    _columns: list[ColumnPart] = field(default_factory=list)
    _rows: list[RowPart] = field(default_factory=list)
    _goals: list[GoalPart] = field(default_factory=list)
    _choices: int = 0

    def data(self, axes: Axes, values: object) -> Expression:
        """Make known figures over axes, in the arithmetic in use."""
        return Expression.data(axes, values, exact=self.exact)

    def variable(
        self,
        name: str,
        mask: Mask,
        kind: Kind,
        *,
        rule: str = DECISIONS,
        quantum: Expression | int = 0,
        lower: Expression | float = 0,
        upper: Expression | float = np.inf,
    ) -> Expression:
        """Declare a variable for every cell of a mask.

        Args:
            name: name of the block.
            mask: the cells that have a column; it gives the axes.
            kind: what the variables are.
            rule: label of the rule that declares them.
            quantum: the step they count in; 0 is continuous.
            lower: least quantity, in the quantity's own unit.
            upper: greatest quantity.

        Returns:
            The quantity (not the count of steps) over the mask's axes.
        """
        axes, kept = mask.axes, np.flatnonzero(mask.values.ravel()).astype(np.int32)
        start = self._columns[-1].block.stop if self._columns else 0
        codes = codes_of(kept, axes)
        block = Block(
            name,
            start,
            start + len(kept),
            tuple(a.name for a in axes),
            tuple(a.labels for a in axes),
            codes,
        )
        step = self._spread(quantum, axes)
        steps = step.parts.ravel()[kept]
        self._columns.append(
            ColumnPart(
                block,
                axes,
                rule,
                kind,
                (steps / step.over).astype(np.float64),
                self._in_steps(lower, step, kept, axes, up=True),
                self._in_steps(upper, step, kept, axes, up=False),
                self._choose(kind, axes, codes),
            )
        )
        return replace(
            step,
            parts=np.zeros(shape(axes), dtype=step.parts.dtype),
            cell=kept,
            column=np.arange(block.start, block.stop, dtype=np.int32),
            weights=np.where(steps == 0, step.over, steps),
            peak=max(step.peak, step.over) if self.exact else 0,
        )

    def _spread(self, value: Expression | float, axes: Axes) -> Expression:
        return (value if isinstance(value, Expression) else self.data((), value)).spread(axes)

    def _in_steps(
        self, bound: Expression | float, step: Expression, kept: IntArray, axes: Axes, *, up: bool
    ) -> NumberArray:
        """Turn bounds of quantities into bounds of counts of steps, of the columns alone."""
        if not isinstance(bound, Expression) and np.isinf(bound):
            return np.full(len(kept), bound, dtype=object if self.exact else float)
        figure = self._spread(bound, axes)
        steps, own = step.parts.ravel()[kept], figure.parts.ravel()[kept]
        stepped = steps != 0
        if not self.exact:
            # 0.3 ÷ 0.1 is 2.9999999999999996 in floats, and would lose a whole step.
            counts = np.round(own[stepped] / steps[stepped], 9)
            own[stepped] = np.ceil(counts) if up else np.floor(counts)
            return own
        if max(figure.peak * step.over, step.peak * figure.over) > ROOM:
            own, steps = own.astype(object), steps.astype(object)
        top, bottom = own[stepped] * step.over, steps[stepped] * figure.over
        counted = fractions(own, figure.over)
        counted[stepped] = -(-top // bottom) if up else top // bottom
        return counted

    def _choose(self, kind: Kind, axes: Axes, codes: IntArray) -> IntArray:
        if kind.choice is None:
            return np.full(len(codes), NONE, dtype=np.int32)
        others = [i for i, axis in enumerate(axes) if axis.name != kind.choice]
        _, group = np.unique(codes[:, others], axis=0, return_inverse=True)
        group = group.ravel() + self._choices
        self._choices = int(group.max(initial=self._choices - 1)) + 1
        return group.astype(np.int32)

    def add(self, rows: Rows, rule: str, *, statutory: bool = False) -> int:
        """Add rows under a rule's label.

        Returns:
            How many rows came of it.
        """
        axes, cells = rows.terms.axes, np.flatnonzero(rows.exists.ravel())
        start = self._rows[-1].block.stop if self._rows else 0
        name = f"{rule} {rows.suffix}".strip()
        block = Block(
            name,
            start,
            start + len(cells),
            tuple(a.name for a in axes),
            tuple(a.labels for a in axes),
            codes_of(cells, axes),
        )
        self._rows.append(RowPart(block, rows, rule, statutory, cells.astype(np.int32)))
        return len(cells)

    def missed(self, rows: Rows, rule: str) -> tuple[Rows, Expression]:
        """Let rows be missed: by what they fall short of a bound, or go over it.

        Args:
            rows: the rows.
            rule: label of the rule that they are of.

        Returns:
            The rows as they can be missed, to be added; and by how much each is, in its own unit
            and never below 0, over the rows' axes.
        """
        total = Expression.data((), 0, exact=self.exact).spread(rows.terms.axes)
        for bound, sign, name in ((rows.lower, 1, "short"), (rows.upper, -1, "over")):
            bounded = rows.places().values & np.isfinite(bound.astype(float))
            if bounded.any():
                part = self.variable(
                    f"{name} {rule} {rows.suffix}".strip(),
                    Mask(rows.terms.axes, bounded),
                    Kind(rows.unit, shortfall=True),
                    rule=rule,
                )
                rows = rows.missed_by(sign * part)
                total += part
        return rows, total

    def goal(self, name: str, form: Expression, unit: str, *, within: float) -> None:
        """Add a goal: the form, without axes, is minimised; later goals may be held to its row.

        Args:
            name: the goal's name.
            form: what is minimised.
            unit: its unit.
            within: how closely later goals hold it where it has no quantum.
        """
        row = self._add_free(between(form).tagged(unit=unit), name)
        self._goals.append(GoalPart(name, form, unit, row, within=within))

    def ratio_goal(
        self, name: str, least: Expression, activities: Expression, mask: Mask, ratio: Ratio
    ) -> None:
        """Add a goal that minimises the greatest of weights ÷ activities.

        Args:
            name: the goal's name.
            least: the unknown that is pushed up, without axes (its negative is minimised).
            activities: what the weights are divided by.
            mask: the cells that count; they get a row each, unbounded until the goal is cut.
            ratio: weights and lattices, one a cell of the mask; the rest is filled in here.
        """
        row = self._add_free(between(-least), name)
        floors = between(activities).where(mask).tagged(suffix="floor")
        start = self._add_free(floors, name)
        constants = tuple(activities.constant[floors.exists])
        placed = replace(ratio, start=start, constants=constants)
        self._goals.append(GoalPart(name, -least, ratio.unit, row, ratio=placed))

    def _add_free(self, rows: Rows, name: str) -> int:
        start = self._rows[-1].block.stop if self._rows else 0
        self.add(rows, name)
        return start

    def finish(self) -> Program:
        """Assemble everything that was declared."""
        return assemble(
            self._columns,
            self._rows,
            self._goals,
            exact=self.exact,
            block_axis=self.block_axis,
            notes=self.notes,
        )
