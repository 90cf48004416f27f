"""The edge of the Python API: what is no council or no plan is refused where it is handed in."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffopt.errors import Fault


def guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a public function that first looks whether it was given councils and plans.

    Args:
        name: its name in the package, by which it is found there again (by pickle, for one).
        function: the function; its annotations say which arguments are councils and plans.
    """
    signature = inspect.signature(function)
    wanted = {
        parameter: str(told.annotation)
        for parameter, told in signature.parameters.items()
        for kind in ("Instance", "Plan")
        if re.match(rf"{kind}\b", str(told.annotation))
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
    """Refuse what is no council or no plan: callers without a type checker pass names.

    Args:
        given: what was given, and what it should be, as an annotation says it: ``Instance`` or
            ``Plan``, ``| None`` where it may be left out, ``| Sequence[Plan]`` where it may be
            several, of which each is looked at.

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

    kind, *others = wanted.split(" | ")
    if value is None and "None" in others:
        return
    if f"Sequence[{kind}]" in others and isinstance(value, list | tuple):
        for item in value:
            yield from _strangers(item, kind)
    elif kind == "Instance" and not isinstance(value, Instance):
        yield Fault(
            "no-council", f"{_shown(value)} is no council", "Pass what staffopt.load returns."
        )
    elif kind == "Plan" and not isinstance(value, Plan):
        mend = "Pass what staffopt.solve returns, or staffopt.Plan.load reads."
        yield Fault("no-plan-given", f"{_shown(value)} is no plan", mend)


_MOST_SHOWN = 60
"""What is longer is named by its type."""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"a {type(value).__name__}"
