"""Prove a certificate again: ``python -m staffopt.certify.checker FILE``.

This module needs the standard library alone and shares nothing with the engine that writes
certificates, so it can be copied away and run by itself. It works in whole numbers and fractions;
no float takes part. docs/certificates.md describes the file.

A certificate states a program (columns with bounds, some of them whole; rows) and goals, each to be
minimised. Each of its claims says that no point of the program, with the goals before at most at
their held values, has the claim's goal below a limit. The claim's rows, with the one that says
"below the limit", are shown to have no common point: the range of whole columns is split in a tree,
and at each leaf a sum of multiples of rows is shown to be impossible within the columns' bounds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, inf, lcm
from pathlib import Path
from typing import Any

VERSION = 1

UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What reading something else than a certificate ends in."""

Number = int | Fraction | float
"""Whole or a fraction; a float only where it is infinite."""


class Refused(Exception):
    """The certificate does not prove what it claims, or is no certificate."""


@dataclass(frozen=True, slots=True)
class Row:
    """``lower ≤ terms · x ≤ upper``, the coefficients whole and without a common divisor."""

    terms: dict[int, int]
    lower: Number
    upper: Number


@dataclass(frozen=True, slots=True)
class Proved:
    """One claim that holds.

    Attributes:
        goal: number of the goal, from 0; None where the claim is that there is no point at all.
        name: the goal's name.
        below: no point has a smaller value of the goal.
        held: what the goals before are held at.
        leaves: of how many leaves the proof consists.
    """

    goal: int | None
    name: str
    below: Fraction
    held: tuple[Fraction, ...]
    leaves: int

    def __str__(self) -> str:
        """Say what is proved."""
        if self.goal is None:
            return f"proved: no plan meets every rule ({self.leaves} leaves)"
        words = f"proved: no plan has {self.name} below {self.below}"
        if self.held:
            words += ", the goals before at most " + ", ".join(map(str, self.held))
        return f"{words} ({self.leaves} leaves)"


def check(certificate: Any) -> list[Proved]:
    """Prove every claim of a certificate again.

    Args:
        certificate: what the file holds, as ``json.loads`` reads it.

    Returns:
        what is proved, a claim each.

    Raises:
        Refused: saying what does not hold, or what in the file cannot be read.
    """
    try:
        fault = _outer_fault(certificate)
        proved = (
            [] if fault else [_Claim(certificate, one).prove() for one in certificate["claims"]]
        )
    except UNREADABLE as error:
        raise Refused(f"the file is no certificate: {error!r}") from error
    if fault:
        raise Refused(fault)
    return proved


def _outer_fault(certificate: Any) -> str:
    if certificate["certificate"] != VERSION:
        return f"this checker reads version {VERSION}"
    if certificate["seal"] != seal(certificate):
        return "the file was changed after it was written: its seal does not fit"
    return ""


def seal(certificate: Any) -> str:
    """Compute the hash of all but the seal itself; it shows accidents, not forgeries."""
    rest = {key: value for key, value in certificate.items() if key != "seal"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class _Claim:
    """One claim with its rows and bounds; the tree is walked by :meth:`prove`."""

    def __init__(self, certificate: Any, claim: Any) -> None:
        self._nodes = claim["nodes"]
        columns = certificate["columns"]
        self._whole = [_flag(column["whole"]) for column in columns]
        self._lower = [_bound(column["lower"], -inf) for column in columns]
        self._upper = [_bound(column["upper"], inf) for column in columns]
        for j in range(len(columns)):
            self._tighten(j, self._lower[j], self._upper[j])
        self._rows = [self._given(row) for row in certificate["rows"]]
        goals, number = certificate["goals"], claim["goal"]
        self._goal = None if number is None else _index(number, len(goals))
        self._held = tuple(_fraction(value) for value in claim["held"])
        self._below = Fraction(0)
        self._name = ""
        if len(self._held) != (self._goal or 0):
            raise Refused("every goal before the claim's own is held at one value")
        for goal, value in zip(goals, self._held, strict=False):
            self._hold(goal, value, strict=False)
        if self._goal is not None:
            goal = goals[self._goal]
            self._below, self._name = _fraction(claim["below"]), str(goal["name"])
            self._hold(goal, self._below, strict=True)
        for row, column, side in claim["bounds"]:
            self._imply(_index(row, len(self._rows)), _index(column, len(columns)), side)

    def prove(self) -> Proved:
        """Walk the tree; every node must be reached once, and every leaf be impossible."""
        todo: list[tuple[int, dict[int, tuple[Number, Number]]]] = [(0, {})]
        reached, leaves = set(), 0
        while todo:
            number, box = todo.pop()
            if number in reached:
                raise Refused(f"node {number} is used twice")
            reached.add(number)
            node = self._nodes[_index(number, len(self._nodes))]
            if "split" not in node:
                self._close(node, box, number)
                leaves += 1
                continue
            column, at = (_whole(entry) for entry in node["split"])
            if not self._whole[_index(column, len(self._whole))]:
                raise Refused(f"node {number} splits a column that need not be whole")
            low, high = box.get(column, (self._lower[column], self._upper[column]))
            todo.append((node["down"], {**box, column: (low, min(high, at))}))
            todo.append((node["up"], {**box, column: (max(low, at + 1), high)}))
        if len(reached) != len(self._nodes):
            raise Refused("the tree has nodes that nothing leads to")
        return Proved(self._goal, self._name, self._below, self._held, leaves)

    def _close(self, leaf: Any, box: dict[int, tuple[Number, Number]], number: int) -> None:
        """Show that a leaf has no point.

        Each point of the rows has Σ y·row ≤ most, each row at the side that its sign asks for;
        each point of the box has Σ y·row ≥ least. Where least is above most, there is none.
        """
        if "crossed" in leaf:
            kind, index = leaf["crossed"]
            low, high = self._range(kind, index, box)
            if low <= high:
                raise Refused(f"node {number}: the bounds of {kind} {index} do not cross")
            return
        most: Number = 0
        total: dict[int, int] = {}
        for key, text in leaf["multipliers"].items():
            times, row = _whole(text), self._rows[_index(int(key), len(self._rows))]
            if times == 0:
                raise Refused(f"node {number} names a row without a multiple of it")
            most += times * (row.upper if times > 0 else row.lower)
            for j, coefficient in row.terms.items():
                total[j] = total.get(j, 0) + times * coefficient
        least: Number = 0
        for j, weight in total.items():
            if weight:
                low, high = box.get(j, (self._lower[j], self._upper[j]))
                least += weight * (low if weight > 0 else high)
        if not (-inf < least and most < inf and least > most):
            raise Refused(f"node {number} is not impossible: {least} is not above {most}")

    def _range(
        self, kind: str, index: int, box: dict[int, tuple[Number, Number]]
    ) -> tuple[Number, Number]:
        if kind == "row":
            row = self._rows[_index(index, len(self._rows))]
            return row.lower, row.upper
        if kind != "column":
            raise Refused(f"a leaf of kind {kind!r}")
        j = _index(index, len(self._whole))
        return box.get(j, (self._lower[j], self._upper[j]))

    def _given(self, row: Any) -> Row:
        return self._row(_terms(row), _bound(row["lower"], -inf), _bound(row["upper"], inf))

    def _row(
        self, terms: dict[int, Fraction], lower: Number, upper: Number, *, strict: bool = False
    ) -> Row:
        """Scale a row to whole coefficients; where all its columns are whole, so is its activity.

        ``strict`` asks for less than ``upper``, which closes exactly on whole activities; elsewhere
        the edge itself is let in, so that less is claimed impossible than is shown to be.
        """
        if any(not 0 <= j < len(self._whole) for j in terms):
            raise Refused("a row names a column that is not there")
        shared = lcm(*(a.denominator for a in terms.values()))
        size = Fraction(shared, gcd(*(int(a * shared) for a in terms.values())) or 1)
        whole = {j: int(a * size) for j, a in terms.items()}
        low, high = (b if b in (-inf, inf) else _plain(b * size) for b in (lower, upper))
        if all(self._whole[j] for j in whole):
            low = low if low == -inf else ceil(low)
            if high != inf:
                high = ceil(high) - 1 if strict else floor(high)
        return Row(whole, low, high)

    def _hold(self, goal: Any, value: Fraction, *, strict: bool) -> None:
        """Add the rows that keep a goal at most at a value, or (strict) below it."""
        if "ratios" not in goal:
            terms, offset = _terms(goal), _fraction(goal["offset"])
            self._rows.append(self._row(terms, -inf, value - offset, strict=strict))
            return
        for ratio in goal["ratios"]:
            # weight ÷ activity ≤ value: activity ≥ weight ÷ value; turned round, at most.
            weight = _fraction(ratio["weight"])
            if weight == 0:
                continue  # nothing over an activity is nothing, whatever it is
            if weight < 0 or value <= 0:
                raise Refused("a ratio needs a weight from 0, and a value above 0")
            turned = {j: -a for j, a in _terms(ratio).items()}
            most = _fraction(ratio["offset"]) - weight / value
            self._rows.append(self._row(turned, -inf, most, strict=strict))

    def _imply(self, row_number: int, column: int, side: str) -> None:
        """Tighten a column's bound to what a row and the other columns' bounds imply."""
        row = self._rows[row_number]
        own = row.terms[column]
        if side not in ("lower", "upper"):
            raise Refused(f"a bound on the side {side!r}")
        at_most = (own > 0) == (side == "upper")
        edge: Number = row.upper if at_most else row.lower
        for j, a in row.terms.items():
            if j != column:
                edge -= a * (self._lower[j] if (a > 0) == at_most else self._upper[j])
        if edge in (-inf, inf):
            raise Refused(f"row {row_number} implies no bound of column {column}")
        bound = Fraction(edge) / own
        self._tighten(column, bound if side == "lower" else -inf, bound if side == "upper" else inf)

    def _tighten(self, column: int, lower: Number, upper: Number) -> None:
        if self._whole[column]:
            lower = lower if lower == -inf else ceil(lower)
            upper = upper if upper == inf else floor(upper)
        self._lower[column] = max(self._lower[column], lower)
        self._upper[column] = min(self._upper[column], upper)


def _terms(record: Any) -> dict[int, Fraction]:
    terms = {int(j): _fraction(text) for j, text in record["terms"].items()}
    return {j: a for j, a in terms.items() if a}


def _fraction(text: Any) -> Fraction:
    """Read a number: a text such as ``7`` or ``-1/2``."""
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]+(/[0-9]+)?", text):
        raise Refused(f"{text!r} is no number: they are written as texts such as -1/2")
    return Fraction(text)


def _bound(text: Any, absent: float) -> Number:
    return absent if text is None else _plain(_fraction(text))


def _plain(value: Number) -> Number:
    """Make a whole fraction an int, with which all is quicker."""
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise Refused(f"{number!r} is no whole number")
    return number


def _index(number: Any, count: int) -> int:
    if not 0 <= _whole(number) < count:
        raise Refused(f"{number!r} is not below {count}")
    return int(number)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"{value!r} is neither true nor false")
    return value


def read(path: Path) -> Any:
    """Read a certificate's file.

    Raises:
        Refused: if it is no JSON.
        OSError: if it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"the file is no JSON: {error}") from error


def main() -> int:
    """Check the file that the command line names; 0 where it holds, 1 where not."""
    parser = argparse.ArgumentParser(description="Prove the claims of a certificate again.")
    parser.add_argument("file", type=Path)
    try:
        for proved in check(read(parser.parse_args().file)):
            sys.stdout.write(f"{proved}\n")
    except (Refused, OSError) as error:
        sys.stdout.write(f"REFUSED: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
