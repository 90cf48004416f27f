"""The edge of the Python API: what is no council, plan, table or text is refused there."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffopt.errors import Fault

_ANNOTATED = re.compile(
    r"(Instance|Plan|Mapping\[.*\]|str)( \| Sequence\[Plan\])?( \| None)?", re.DOTALL
)
"""What is looked at, by how a function annotates it; of what may be several things a union."""


def guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a public function that first looks whether it was given what it asks for.

    Args:
        name: its name in the package, by which it is found there again (by pickle, for one).
        function: the function; its annotations say which arguments are what.
    """
    signature = inspect.signature(function)
    wanted = {
        parameter: str(told.annotation)
        for parameter, told in signature.parameters.items()
        if told.kind is not told.VAR_POSITIONAL and _ANNOTATED.fullmatch(str(told.annotation))
    }
    if not wanted:
        return function

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            return function(*args, **kwargs)  # Python says itself what is missing
        refuse_strangers([(given[p], what) for p, what in wanted.items() if p in given])
        return function(*args, **kwargs)

    call.__module__, call.__qualname__ = __package__, name
    return call


def refuse_strangers(given: Sequence[tuple[object, str]]) -> None:
    """Refuse what is something else than is asked for: callers may have no type checker.

    Args:
        given: what was given, and what it should be, as an annotation says it: ``Instance``,
            ``Plan``, ``Mapping[…]`` or ``str``, ``| None`` where it may be left out,
            ``| Sequence[Plan]`` where it may be several, of which each is looked at.

    Raises:
        InputError: with each that is not.
    """
    from staffopt.errors import InputError

    if faults := [fault for value, wanted in given for fault in _strangers(value, wanted)]:
        raise InputError(faults)


def _strangers(value: object, wanted: str) -> Iterator[Fault]:
    from staffopt.errors import Fault
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan

    kinds = {"Instance": Instance, "Plan": Plan, "Mapping": Mapping, "str": str}
    kind = next(kind for kind in kinds if wanted.startswith(kind))
    if value is None and wanted.endswith(" | None"):
        return
    if f"Sequence[{kind}]" in wanted and isinstance(value, list | tuple):
        for item in value:
            yield from _strangers(item, kind)
    elif not isinstance(value, kinds[kind]):
        code, noun, mend = _TOLD[kind]
        yield Fault(code, f"{_shown(value)} is no {noun}", mend)


_TOLD = {
    "Instance": ("no-council", "council", "Pass what staffopt.load returns."),
    "Plan": (
        "no-plan-given",
        "plan",
        "Pass what staffopt.solve returns, or staffopt.Plan.load reads.",
    ),
    "Mapping": ("no-table", "table", 'Pass path → value, such as {"teams.cds.cases": 450}.'),
    "str": ("no-text", "text", "Pass it as a string."),
}
"""The code of each fault, what is missed, and how to mend it."""

_MOST_SHOWN = 60
"""What is longer is named by its type."""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"what is given, of type {type(value).__name__},"
