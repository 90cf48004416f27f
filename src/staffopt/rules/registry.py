"""Which function tells the solver which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from staffopt.algebra.expression import Rows
from staffopt.data import Data
from staffopt.rulebook import Rule
from staffopt.rules.variables import Variables

Compiler = Callable[[Any, Variables, Data], Iterable[Rows]]
COMPILERS: dict[type[Rule], Compiler] = {}
_C = TypeVar("_C", bound=Compiler)


def compiles(rule: type[Rule]) -> Callable[[_C], _C]:
    """Register the function that writes a rule's rows."""

    def register(function: _C) -> _C:
        COMPILERS[rule] = function
        return function

    return register
