"""Derive Barnsley's units: cases and posts that reproduce every figure the paper prints.

The paper of 13 December 2017 (paragraphs 4.2 to 4.4) prints neither cases nor posts. For three
scopes it prints today's average and the social workers needed to reach 18 and 16 cases each:

    need = cases ÷ target − posts,    average = cases ÷ posts

This script finds *every* pair of whole cases and posts in quarters, in the box stated below, that
gives a scope's three figures back as printed (rounded half up), and every way to nest the three
scopes: the core teams in option 1, with the disabled children's teams in option 2, with adoption
and fostering in option 3. It says how many there are and picks one.

The box leaves nothing out: a scope's two needs differ by cases ÷ 16 − cases ÷ 18 = cases ÷ 144, so
option 3, where they are printed 12.5 apart, has at most 12.6 × 144 = 1,814 cases.

The rule of the pick: each printed figure is off by so many of its last printed digits; take the
nesting with the least sum over the nine figures, then the fewest posts, then the fewest cases. So
the units are those nearest to the paper read literally, and nothing else is preferred.

Run it with ``python instances/derive_barnsley.py``. It needs Python alone and takes a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

MOST_CASES = 3000
MOST_POSTS = 200
PER_POST = 4
"""Posts are searched in quarters: the paper's 14.47 cannot be had from whole or half posts."""


@dataclass(frozen=True)
class Figure:
    """A figure as printed, and how many decimals it has."""

    printed: Fraction
    decimals: int

    @classmethod
    def read(cls, text: str) -> Figure:
        """Read ``14.47``."""
        return cls(Fraction(text), len(text.partition(".")[2]))

    def misses(self, value: Fraction) -> Fraction | None:
        """Return how many last digits a value is off, or None if it prints otherwise."""
        off = (value - self.printed) * 10**self.decimals
        return abs(off) if Fraction(-1, 2) <= off < Fraction(1, 2) else None


@dataclass(frozen=True)
class Printed:
    """What the paper prints of one scope."""

    average: Figure
    to_18: Figure
    to_16: Figure


@dataclass(frozen=True)
class Unit:
    """Cases and posts of a scope or a unit, and how far its figures are off, in last digits."""

    cases: int
    posts: Fraction
    off: Fraction = Fraction(0)


SCOPES = (
    Printed(Figure.read("20.5"), Figure.read("8.7"), Figure.read("17.7")),
    Printed(Figure.read("21.7"), Figure.read("14.47"), Figure.read("25.1")),
    Printed(Figure.read("20.4"), Figure.read("11.9"), Figure.read("24.4")),
)
"""Options 1, 2 and 3; paragraphs 4.2, 4.3 and 4.4."""


def scopes_like(printed: Printed) -> Iterator[Unit]:
    """Find every scope in the box that gives the printed figures."""
    margin = Fraction(1, 2 * 10**printed.to_18.decimals)
    for cases in range(1, MOST_CASES + 1):
        middle = Fraction(cases, 18) - printed.to_18.printed
        least = max(1, math.ceil((middle - margin) * PER_POST))
        most = min(MOST_POSTS * PER_POST, math.floor((middle + margin) * PER_POST))
        for quarters in range(least, most + 1):
            posts = Fraction(quarters, PER_POST)
            off = [
                printed.average.misses(cases / posts),
                printed.to_18.misses(Fraction(cases, 18) - posts),
                printed.to_16.misses(Fraction(cases, 16) - posts),
            ]
            known = [figure for figure in off if figure is not None]
            if len(known) == len(off):
                yield Unit(cases, posts, sum(known, Fraction(0)))


def nestings() -> list[tuple[Unit, Unit, Unit]]:
    """Find every nesting of the three scopes in which each unit has cases and posts."""
    found = product(*(list(scopes_like(printed)) for printed in SCOPES))
    return [
        (first, second, third)
        for first, second, third in found
        if first.cases < second.cases < third.cases and first.posts < second.posts < third.posts
    ]


def pick(found: list[tuple[Unit, Unit, Unit]]) -> tuple[Unit, Unit, Unit]:
    """Pick the nesting nearest to the printed figures; see the top of this file."""
    return min(
        found,
        key=lambda scopes: (
            sum(scope.off for scope in scopes),
            scopes[-1].posts,
            scopes[-1].cases,
            [(scope.posts, scope.cases) for scope in scopes],
        ),
    )


def units(scopes: tuple[Unit, Unit, Unit]) -> dict[str, Unit]:
    """Take the scopes apart into core, disabled children, and adoption and fostering."""
    first, second, third = scopes
    return {
        "core": Unit(first.cases, first.posts),
        "disabled_children": Unit(second.cases - first.cases, second.posts - first.posts),
        "adoption_fostering": Unit(third.cases - second.cases, third.posts - second.posts),
    }


def main() -> None:
    """Print how many solutions there are, and the one that the instance holds."""
    for number, printed in enumerate(SCOPES, start=1):
        print(f"option {number}: {len(list(scopes_like(printed)))} scopes give its three figures")
    found = nestings()
    print(f"{len(found)} nestings in whole cases up to {MOST_CASES}, quarter posts to {MOST_POSTS}")
    for name, unit in units(pick(found)).items():
        print(f"{name}: {unit.cases} cases, {float(unit.posts)} posts")


if __name__ == "__main__":
    main()
