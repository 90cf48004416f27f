"""Changing the bounds that follow a figure, without writing any row again.

A row that follows figures (:class:`staffopt.algebra.program.Follow`) says how its bounds come from
them. So a program whose figures are changed is the old one with those bounds worked out again, in
the same arithmetic and the same order as the rules do it: entry for entry what they would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from staffopt.algebra.program import Follow, Program, Source

Figure = Callable[[str], Fraction | None]
"""From a path to the figure that now stands there, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """One row that follows a path."""

    follow: Follow
    number: int
    source: Source

    @property
    def row(self) -> int:
        """The row's index in the program."""
        return self.follow.block.start + self.number

    def bound(self, figure: Figure, *, exact: bool) -> Any | None:
        """Work the bound out; None where a figure is absent."""
        figures = [value for path in self.source.paths if (value := figure(path)) is not None]
        if len(figures) < len(self.source.paths):
            return None
        bound = self.source.value(figures)
        return (bound if exact else float(bound)) + self.follow.rest[self.number]


class Followers:
    """Which rows of a program follow which path."""

    def __init__(self, program: Program) -> None:
        self._places: dict[str, list[Place]] = {}
        for follow in program.follows:
            for place in _places(follow):
                for path in place.source.paths:
                    self._places.setdefault(path, []).append(place)

    def of(self, path: str) -> list[Place]:
        """Return the rows that follow a path."""
        return self._places.get(path, [])

    def patch(self, program: Program, paths: Iterable[str], figure: Figure) -> Program:
        """Return the program with the bounds that follow some paths worked out again.

        Args:
            program: the program, or one that was patched from it.
            paths: the paths at which figures have changed.
            figure: gives the figure that now stands at any path.

        Raises:
            ValueError: if a figure is absent and its row would have to go.
        """
        matrix = program.matrix
        lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
        for place in {place.row: place for path in paths for place in self.of(path)}.values():
            bound, follow = place.bound(figure, exact=program.exact), place.follow
            if bound is None and not follow.liftable:
                raise ValueError(f"{program.row_label(place.row)} needs a figure")
            if follow.lower:
                lower[place.row] = -np.inf if bound is None else bound
            if follow.upper:
                upper[place.row] = np.inf if bound is None else bound
        return replace(program, matrix=matrix.with_rows(lower, upper))


def _places(follow: Follow) -> Iterable[Place]:
    block = follow.block
    for number, codes in enumerate(block.cells):
        labels = (names[code] for names, code in zip(block.labels, codes, strict=True))
        yield Place(follow, number, follow.sources(dict(zip(block.axes, labels, strict=True))))
