"""The exact system that a claim says is empty, and what shows that it is.

Rows are in whole numbers without a common divisor. Where all columns of a row are whole, so is its
activity, and its bounds are rounded inwards. The checker does the same for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd, inf, lcm
from typing import Any

Number = int | Fraction | float
"""Whole or a fraction; a float only where it is infinite."""

Box = dict[int, tuple[Number, Number]]
"""Column → its bounds, where they differ from the system's."""

ROUNDS = 4
"""How often bounds are tightened by going through all rows."""

SLIGHT = Fraction(1, 1000)
"""What a bound must at least gain, relative to its size, to be worth a step of the proof."""


@dataclass(slots=True)
class Line:
    """``lower ≤ terms · x ≤ upper``."""

    terms: dict[int, int]
    lower: Number
    upper: Number


@dataclass(slots=True)
class System:
    """Rows and columns' bounds; ``cut`` is the row of the goal's limit, where it is one row.

    Attributes:
        whole: whether each column is whole.
        lower, upper: bounds of each column.
        rows: all rows.
        implied: the steps by which bounds were tightened: (row, column, side).
        cut: number of the row that keeps the goal below its limit; None where that is no one row.
        cut_size, cut_offset: its activity is cut_size · (goal − cut_offset).
    """

    whole: list[bool]
    lower: list[Number]
    upper: list[Number]
    rows: list[Line] = field(default_factory=list)
    implied: list[list[Any]] = field(default_factory=list)
    cut: int | None = None
    cut_size: Fraction = Fraction(1)
    cut_offset: Fraction = Fraction(0)

    @classmethod
    def of(cls, program: Mapping[str, Any], claim: Mapping[str, Any]) -> System:
        """Write the system that a claim says is empty."""
        columns = program["columns"]
        system = cls(
            [column["whole"] for column in columns],
            [_bound(column["lower"], -inf) for column in columns],
            [_bound(column["upper"], inf) for column in columns],
        )
        for column in range(len(columns)):
            system._tighten(column, system.lower[column], system.upper[column])
        for row in program["rows"]:
            system._add(_terms(row), _bound(row["lower"], -inf), _bound(row["upper"], inf))
        for goal, value in zip(program["goals"], claim["held"], strict=False):
            system._hold(goal, Fraction(value), strict=False)
        if claim["goal"] is not None:
            system._cut(program["goals"][claim["goal"]], Fraction(claim["below"]))
        return system

    def _cut(self, goal: Mapping[str, Any], below: Fraction) -> None:
        number = len(self.rows)
        self._hold(goal, below, strict=True)
        if "ratios" not in goal:
            self.cut, self.cut_offset = number, Fraction(goal["offset"])
            self.cut_size = _size(_terms(goal))

    def tighten(self) -> None:
        """Tighten bounds by the rows: whole columns, and others where they have none."""
        for _ in range(ROUNDS):
            gained = False
            for number, row in enumerate(self.rows):
                for column, side, bound in self._implied_by(row):
                    if self._gains(column, side, bound):
                        self.implied.append([number, column, side])
                        low, high = (bound, inf) if side == "lower" else (-inf, bound)
                        self._tighten(column, low, high)
                        gained = True
                    if self.lower[column] > self.upper[column]:
                        return
            if not gained:
                return

    def crossed(self) -> list[Any] | None:
        """Name a row or column whose bounds leave nothing, or None."""
        for number, row in enumerate(self.rows):
            if row.lower > row.upper:
                return ["row", number]
        for column, low in enumerate(self.lower):
            if low > self.upper[column]:
                return ["column", column]
        return None

    def void(self) -> dict[int, int] | None:
        """Give the multiplier of a row without terms that asks nothing to be something, or None."""
        for number, row in enumerate(self.rows):
            if not row.terms and not row.lower <= 0 <= row.upper:
                return {number: 1 if row.upper < 0 else -1}
        return None

    def surplus(self, multipliers: Mapping[int, int], box: Box) -> Number:
        """Say by how much a sum of multiples of rows is impossible: above 0, there is no point.

        Each point of the rows has Σ y·row ≤ most, each row at the side that its sign asks for;
        each point of the box has Σ y·row ≥ least. The surplus is least − most.
        """
        most: Number = 0
        total: dict[int, int] = {}
        for number, times in multipliers.items():
            row = self.rows[number]
            most += times * (row.upper if times > 0 else row.lower)
            for column, coefficient in row.terms.items():
                total[column] = total.get(column, 0) + times * coefficient
        least: Number = 0
        for column, weight in total.items():
            if weight:
                low, high = box.get(column) or (self.lower[column], self.upper[column])
                least += weight * (low if weight > 0 else high)
        return -inf if inf in (most, -least) else least - most

    def _add(
        self, terms: dict[int, Fraction], lower: Number, upper: Number, *, strict: bool = False
    ) -> None:
        size = _size(terms)
        whole = {column: int(a * size) for column, a in terms.items()}
        low: Number = lower if lower == -inf else _plain(lower * size)
        high: Number = upper if upper == inf else _plain(upper * size)
        if all(self.whole[column] for column in whole):
            low = low if low == -inf else ceil(low)
            if high != inf:
                high = ceil(high) - 1 if strict else floor(high)
        self.rows.append(Line(whole, low, high))

    def _hold(self, goal: Mapping[str, Any], value: Fraction, *, strict: bool) -> None:
        """Keep a goal at most at a value, or (strict) below it."""
        if "ratios" not in goal:
            self._add(_terms(goal), -inf, value - Fraction(goal["offset"]), strict=strict)
            return
        for ratio in goal["ratios"]:
            weight = Fraction(ratio["weight"])
            if weight:
                turned = {column: -a for column, a in _terms(ratio).items()}
                most = Fraction(ratio["offset"]) - weight / value
                self._add(turned, -inf, most, strict=strict)

    def _implied_by(self, row: Line) -> Iterator[tuple[int, str, Number]]:
        """Give every bound that a row implies by the other columns' bounds."""
        for sign, edge in ((1, row.upper), (-1, row.lower)):
            if edge in (-inf, inf):
                continue
            least = {j: sign * a for j, a in row.terms.items()}
            parts = {j: a * (self.lower[j] if a > 0 else self.upper[j]) for j, a in least.items()}
            open_ones = [j for j, part in parts.items() if part == -inf]
            if len(open_ones) > 1:
                continue
            known = sum(part for part in parts.values() if part != -inf)
            for j in open_ones or parts:
                rest = known if open_ones else known - parts[j]
                bound = Fraction(sign * edge - rest) / least[j]
                yield j, "upper" if least[j] > 0 else "lower", bound

    def _gains(self, column: int, side: str, bound: Number) -> bool:
        now = self.lower[column] if side == "lower" else self.upper[column]
        if now in (-inf, inf):
            return True
        if not self.whole[column]:
            return False
        gain = ceil(bound) - int(now) if side == "lower" else int(now) - floor(bound)
        return gain > SLIGHT * abs(int(now))

    def _tighten(self, column: int, lower: Number, upper: Number) -> None:
        if self.whole[column]:
            lower = lower if lower == -inf else ceil(lower)
            upper = upper if upper == inf else floor(upper)
        self.lower[column] = max(self.lower[column], lower)
        self.upper[column] = min(self.upper[column], upper)


def _size(terms: Mapping[int, Fraction]) -> Fraction:
    """Return what makes coefficients whole and without a common divisor."""
    shared = lcm(*(a.denominator for a in terms.values()))
    return Fraction(shared, gcd(*(int(a * shared) for a in terms.values())) or 1)


def _plain(value: Number) -> Number:
    """Make a whole fraction an int, with which all is quicker."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _terms(record: Mapping[str, Any]) -> dict[int, Fraction]:
    return {int(column): Fraction(text) for column, text in record["terms"].items()}


def _bound(text: str | None, absent: float) -> Number:
    return absent if text is None else _plain(Fraction(text))
