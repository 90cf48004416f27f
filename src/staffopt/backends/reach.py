"""How far whole columns without a bound need to reach: what their rows and costs say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from staffopt.errors import BackendError

Ends = list[int | None]


@dataclass(slots=True)
class IntegerRow:
    """A row scaled to integers; a bound is None where there is none."""

    number: int
    columns: list[int]
    coefficients: list[int]
    lower: int | None
    upper: int | None


def bounded(
    rows: Sequence[IntegerRow], cost: Sequence[int], lower: Ends, upper: Ends
) -> tuple[list[int], list[int]]:
    """Give every column both its bounds; at least one optimum lies within them.

    A bound follows from a row where the row's other columns have theirs. Else, where less of a
    column costs no more, it need not exceed what satisfies every row that asks for it, whatever
    the other columns do.

    Raises:
        BackendError: a column has no end; names it.
    """
    reach = _Reach(rows, cost, list(lower), list(upper))
    while reach.improves():
        pass
    found: tuple[list[int], list[int]] = [], []
    for column, ends in enumerate(zip(reach.lower, reach.upper, strict=True)):
        for side, end, into in zip(("lower", "upper"), ends, found, strict=True):
            if end is None:
                raise BackendError(
                    f"CP-SAT needs an end for every column, and column {column} has no {side} bound"
                )
            into.append(end)
    return found


class _Reach:
    """Bounds as far as they are known, and the least and most that each row can come to.

    Row by row and for both signs: the least of ``sign`` times the row's terms that have an end,
    and how many have none.
    """

    def __init__(
        self, rows: Sequence[IntegerRow], cost: Sequence[int], lower: Ends, upper: Ends
    ) -> None:
        self.lower: Ends = [None] * len(cost)
        self.upper: Ends = [None] * len(cost)
        self._rows, self._cost = rows, cost
        self._entries: list[list[tuple[int, int]]] = [[] for _ in cost]
        for place, row in enumerate(rows):
            for column, coefficient in zip(row.columns, row.coefficients, strict=True):
                self._entries[column].append((place, coefficient))
        self._least = {sign: [0] * len(rows) for sign in (1, -1)}
        self._open = {sign: [len(row.columns) for row in rows] for sign in (1, -1)}
        for column, ends in enumerate(zip(lower, upper, strict=True)):
            self._set(column, -1, ends[0])
            self._set(column, 1, ends[1])

    def improves(self) -> bool:
        """Find bounds for columns that have none; whether any was found."""
        found = False
        for column in range(len(self._cost)):
            for direction, ends in ((1, self.upper), (-1, self.lower)):
                if ends[column] is None:
                    most = self._most(column, direction)
                    self._set(column, direction, None if most is None else most * direction)
                    found |= most is not None
        return found

    def _set(self, column: int, direction: int, end: int | None) -> None:
        if end is None:
            return
        (self.upper if direction > 0 else self.lower)[column] = end
        for row, coefficient in self._entries[column]:
            sign = -direction if coefficient > 0 else direction  # the sum that this end is least in
            self._open[sign][row] -= 1
            self._least[sign][row] += sign * coefficient * end

    def _most(self, column: int, direction: int) -> int | None:
        """Say what ``direction`` times the column need not exceed, or None."""
        entries = [(row, a * direction) for row, a in self._entries[column]]
        stops = [self._stop(row, a, column) for row, a in entries]
        known = [stop for stop in stops if stop is not None]
        if known:
            return min(known)
        if self._cost[column] * direction < 0:
            return None
        end = (self.lower if direction > 0 else self.upper)[column]
        needs = [] if end is None else [end * direction]
        for row, a in entries:
            if (self._rows[row].lower if a > 0 else self._rows[row].upper) is not None:
                need = self._need(row, a, column)
                if need is None:
                    return None
                needs.append(need)
        return max(needs, default=0 if self._cost[column] == 0 else None)

    def _stop(self, row: int, a: int, column: int) -> int | None:
        """Say where the row's far side stops the column, the others at their least."""
        side, sign = (self._rows[row].upper, 1) if a > 0 else (self._rows[row].lower, -1)
        others = self._others(row, column, sign)
        return None if side is None or others is None else (side * sign - others) // abs(a)

    def _need(self, row: int, a: int, column: int) -> int | None:
        """Say how much of the column satisfies the row's near side, whatever the others do."""
        side, sign = (self._rows[row].lower, 1) if a > 0 else (self._rows[row].upper, -1)
        others = self._others(row, column, sign)
        return None if side is None or others is None else -((others - side * sign) // abs(a))

    def _others(self, row: int, column: int, sign: int) -> int | None:
        """Give the least of ``sign`` times the row without the column; None where it has none."""
        coefficient = next(a for place, a in self._entries[column] if place == row) * sign
        end = (self.lower if coefficient > 0 else self.upper)[column]
        if self._open[sign][row] > (end is None):
            return None
        return self._least[sign][row] - (0 if end is None else coefficient * end)
