"""Least sets that hit every conflict: which figures have to change together, few first.

What helps has to hit every conflict there is. Conflicts are learnt one by one: a set that hits all
those known either helps, or shows another conflict. Sets are grown by one figure of a conflict that
they miss, so that each least set is come to, and none twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_GROWN = 50_000
"""So many sets are grown at most: beyond it the search gives up and says so."""


@dataclass(slots=True)
class HittingSets:
    """Sets of names that hit every conflict known, the smallest first.

    Attributes:
        conflicts: the conflicts known.
        helping: the sets that are known to help: none that holds one of them is told.
        gave_up: whether the search was ended before it was over.
    """

    conflicts: list[frozenset[str]]
    helping: list[frozenset[str]] = field(default_factory=list)
    gave_up: bool = False
    _open: list[tuple[int, tuple[str, ...]]] = field(default_factory=lambda: [(0, ())])
    _seen: set[tuple[str, ...]] = field(default_factory=set)

    def next(self) -> frozenset[str] | None:
        """Return the next set, or None where there is none, or none was found in time.

        The set comes again unless it is said to help, or another conflict is learnt that it misses.
        """
        while self._open:
            _, names = self._open[0]
            chosen = frozenset(names)
            missed = next((one for one in self.conflicts if not chosen & one), None)
            holds = any(one <= chosen for one in self.helping)
            if missed is None and not holds:
                return chosen
            heappop(self._open)
            if not holds and missed is not None:
                self._grow(chosen, missed)
            if len(self._seen) > MOST_GROWN:
                self.gave_up = True
                return None
        return None

    def _grow(self, chosen: frozenset[str], missed: Iterable[str]) -> None:
        for name in missed:
            names = tuple(sorted(chosen | {name}))
            if names not in self._seen:
                self._seen.add(names)
                heappush(self._open, (len(names), names))
