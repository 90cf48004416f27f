"""Branch and bound whose leaves are closed exactly.

A floating relaxation suggests multipliers and where to split; a leaf is closed only where a sum of
multiples of rows is impossible in whole numbers. The best value is known beforehand, so only what
might be better is looked at; the node with the least bound comes first, so that what is proved when
the work runs out is as much as could be.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import count
from math import ceil, floor, inf
from typing import Any

import numpy as np

from staffopt.certify.branching import Gains, Step, any_split
from staffopt.certify.multipliers import Multipliers, closing, least_cost
from staffopt.certify.relaxation import FloatArray, Hint, IndexArray, Relaxation
from staffopt.certify.system import Box, Number, System

GRAIN = 1000
"""What is proved of a goal on no lattice is told in thousandths of its unit."""


class Found(StrEnum):
    """What a search came to."""

    PROVED = "proved"
    BETTER = "better"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(slots=True)
class Node:
    """An open node: its place in the tree, its box, and what its parent's relaxation said."""

    number: int
    box: Box
    depth: int = 0
    bound: float = -inf
    hint: FloatArray | None = None
    step: Step | None = None


@dataclass(slots=True)
class Search:
    """One claim's search.

    Attributes:
        system: what the claim says is empty.
        most: how many relaxations may be solved.
        stops: asked before each whether to stop.
        nodes: the tree so far, as a certificate states it.
        solves: how many relaxations were solved.
        point: a whole point of the relaxation, which contradicts the claim if it holds.
    """

    system: System
    most: int
    stops: Callable[[], bool]
    nodes: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    solves: int = 0
    point: FloatArray | None = None
    _open: list[tuple[float, int, Node]] = field(default_factory=list)
    _gains: Gains = field(default_factory=Gains)
    _order: count[int] = field(default_factory=count)

    def run(self) -> Found:
        """Search until every leaf is closed, or something stops it."""
        self.system.tighten()
        crossed = self.system.crossed()
        if crossed is not None:
            self.nodes = [{"crossed": crossed}]
            return Found.PROVED
        void = self.system.void()
        if void is not None:
            self._write(Node(0, {}), void)
            return Found.PROVED
        relaxation = Relaxation(self.system)
        whole = np.flatnonzero(self.system.whole)
        self._push(Node(0, {}))
        while self._open:
            if self.solves >= self.most or self.stops():
                return Found.LIMIT
            node = heapq.heappop(self._open)[-1]
            self.solves += 1
            hint = relaxation.solve(node.box)
            leaf = self._close(hint, node.box)
            if leaf is not None:
                self._write(node, leaf)
                continue
            if hint.values is not None and node.step is not None:
                self._gains.note(node.step, hint.objective - node.bound)
            at = self._where(hint, node, whole)
            if at is None:
                self.point = hint.values
                return Found.FAILED if hint.values is None else Found.BETTER
            self._split(node, hint, *at)
        return Found.PROVED

    def reached(self) -> Fraction | None:
        """Close every open leaf at the most that is proved of all, and return the goal's limit.

        None where the claim's goal is no single row, or nothing is proved of some leaf.
        """
        cut, bounds = self.system.cut, []
        if cut is None:
            return None
        for _, _, node in self._open:
            if node.hint is None:
                return None
            bound, leaf = least_cost(self.system, node.hint, node.box)
            bounds.append(bound)
            self._write(node, leaf)
        least = min(bounds, default=-inf)
        return None if least == -inf else self._limit_below(least)

    def _limit_below(self, least: Number) -> Fraction:
        """Turn a bound of the cut's activity into a limit below which the goal cannot be."""
        system = self.system
        if all(system.whole[column] for column in system.rows[system.cut or 0].terms):
            return Fraction(ceil(least)) / system.cut_size + system.cut_offset
        value = Fraction(least) / system.cut_size + system.cut_offset
        return Fraction(ceil(value * GRAIN) - 1, GRAIN)

    def _close(self, hint: Hint, box: Box) -> Multipliers | None:
        if hint.multipliers is None:
            return None
        if hint.values is None:  # a ray, whose sign is the solver's own affair
            return closing(self.system, hint.multipliers, box, cut=False) or closing(
                self.system, -hint.multipliers, box, cut=False
            )
        cut = self.system.cut
        if cut is None or hint.objective <= self.system.rows[cut].upper:
            return None
        return closing(self.system, hint.multipliers, box, cut=True)

    def _where(self, hint: Hint, node: Node, whole: IndexArray) -> tuple[int, int] | None:
        """Say which column to split and below which number; None where all is settled."""
        if hint.values is None:
            return any_split(self.system, node.box)
        column = self._gains.choose(whole, hint.values)
        return None if column is None else (column, floor(hint.values[column]))

    def _split(self, node: Node, hint: Hint, column: int, at: int) -> None:
        system = self.system
        low, high = node.box.get(column) or (system.lower[column], system.upper[column])
        down = len(self.nodes)
        self.nodes[node.number] = {"split": [column, at], "down": down, "up": down + 1}
        self.nodes += [{}, {}]
        for up, bounds in ((False, (low, at)), (True, (at + 1, high))):
            child = Node(down + up, {**node.box, column: bounds}, node.depth + 1)
            child.bound, child.hint = node.bound, node.hint
            if hint.values is not None:
                value = float(hint.values[column])
                child.bound, child.hint = hint.objective, hint.multipliers
                child.step = Step(column, up, at + 1 - value if up else value - at)
            self._push(child)

    def _push(self, node: Node) -> None:
        first = node.bound if self.system.cut is not None else -node.depth
        heapq.heappush(self._open, (first, -next(self._order), node))

    def _write(self, node: Node, leaf: Multipliers) -> None:
        self.nodes[node.number] = {"multipliers": {str(row): y for row, y in leaf.items()}}
