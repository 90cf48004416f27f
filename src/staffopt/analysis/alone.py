"""Which of many have an effect alone, found by testing many at once.

The effect is one that more of them can only make greater: leaving rules out of a program never
makes its best worse. So where a whole set has none, nobody in it has, and one test tells of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

Test = Callable[[Sequence[T]], bool]
"""Says whether a set has the effect; whatever holds a set that has it has it too."""


def alone(items: Sequence[T], test: Test[T], *, first: int = 1) -> Iterator[T]:
    """Yield the items that have an effect alone, in their order.

    Args:
        items: the items.
        test: the effect.
        first: how many are tested at once first; twice as many after each set that has none.
    """
    at, size = 0, max(1, first)
    while at < len(items):
        found = list(_within(items[at : at + size], test))
        yield from found
        at, size = at + size, 1 if found else 2 * size


def _within(items: Sequence[T], test: Test[T]) -> Iterator[T]:
    """Halve a set as long as it has the effect."""
    if not test(items):
        return
    if len(items) == 1:
        yield items[0]
        return
    half = len(items) // 2
    yield from _within(items[:half], test)
    yield from _within(items[half:], test)
