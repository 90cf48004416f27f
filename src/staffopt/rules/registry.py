"""Which function tells the solver which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from staffopt.algebra.expression import Rows
from staffopt.algebra.program import Source
from staffopt.data import Data
from staffopt.rulebook import Rule
from staffopt.rules.variables import Variables

if TYPE_CHECKING:
    from staffopt.algebra.program import Sources

Compiler = Callable[[Any, Variables, Data], Iterable[Rows]]
COMPILERS: dict[type[Rule], Compiler] = {}


class Figures(StrEnum):
    """Figures of a council whose change may be applied to bounds alone.

    A rule whose rows follow a figure (:meth:`Rows.follow`) reads it nowhere else; a rule that reads
    one in any other way says so to :func:`compiles`.
    """

    CEILINGS = "ceilings"
    CASES = "cases"
    PINS = "pins"


READS: dict[type[Rule], frozenset[Figures]] = {}
"""Which of these figures a rule reads; a rule that is not in it may read any."""

_C = TypeVar("_C", bound=Compiler)


def compiles(rule: type[Rule], *, reads: Iterable[Figures] | None = None) -> Callable[[_C], _C]:
    """Register the function that writes a rule's rows.

    Args:
        rule: the rule.
        reads: which :class:`Figures` the function reads, whether its rows follow them or not; None
            where that has not been looked into, so that any change of one writes all rows again.
    """

    def register(function: _C) -> _C:
        COMPILERS[rule] = function
        if reads is not None:
            READS[rule] = frozenset(reads)
        return function

    return register


def figure_itself(path: str, times: int = 1) -> Sources:
    """Say that every bound of some rows is the figure at one path, so many times over."""
    return lambda _at: figure_at_path(path, times)


def figure_at_path(path: str, times: int = 1) -> Source:
    """Say that a bound is the figure at a path, so many times over."""
    return Source((path,), lambda figures: times * figures[0])
