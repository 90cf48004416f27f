"""What is asked of a council, how it is to be answered, and how far the answer has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypedDict

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.schema import Instance, Override
from staffopt.model.schema import Model
from staffopt.quantity import parse_decimal
from staffopt.question import Question
from staffopt.settle import ask

Isolation = Literal["worker", "inline"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come.

    Attributes:
        goal: the goal being minimised.
        number: its place, from 1.
        goals: how many goals there are.
        seconds: since the solve began.
        value: the best value so far, in the goal's own unit, or None.
        bound: what no plan can beat, as far as is proven, or None.
        backend: the solver at work.
    """

    goal: str
    number: int
    goals: int
    seconds: float
    value: float | None = None
    bound: float | None = None
    backend: str = ""


class Asking(TypedDict, total=False):
    """What :func:`solve` and :func:`open_desk` take by keyword; every one may be left out."""

    option: str | None
    model: str | None
    scenario: str | None
    overrides: Mapping[str, Any] | None
    backend: str
    cross_check: bool | None
    time_limit: float | None
    gap: Decimal | int | str
    seed: int
    threads: int
    isolation: Isolation
    progress: Callable[[Progress], None] | None
    cancel: threading.Event | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a council, and how it is answered.

    Attributes:
        option: one of the council's options; its default option if None.
        model: a model in place of the option's.
        scenario: one of the council's scenarios; the world as it stands if None.
        overrides: path → value, winning over everything else (``--set``).
        backend: the solver.
        cross_check: whether a second solver answers too; by size if None.
        time_limit: wall seconds for the whole; None for none.
        gap: relative gap at which a goal counts as reached; 0 proves it.
        seed: the solver's seed.
        threads: the solver's threads.
        isolation: ``worker``; or ``inline`` for those who want the last millisecond and take it
            upon themselves that a crash of the solver is a crash of theirs.
        progress: told how far the solve has come, from the solving thread.
        cancel: set it to stop; the best plan so far is the answer.
    """

    option: str | None = None
    model: str | None = None
    scenario: str | None = None
    overrides: Mapping[str, Any] | None = None
    backend: str = "highs"
    cross_check: bool | None = None
    time_limit: float | None = None
    gap: Decimal | int | str = 0
    seed: int = 0
    threads: int = 1
    isolation: Isolation = "worker"
    progress: Callable[[Progress], None] | None = None
    cancel: threading.Event | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.time_limit is not None and not 0 < self.time_limit < float("inf"):
            faults.append(_bad("time_limit", self.time_limit, "Give seconds above 0."))
        try:
            gap = parse_decimal(self.gap)
        except ValueError:
            gap = Decimal(-1)
        if not 0 <= gap < 1:
            faults.append(_bad("gap", self.gap, "Give a share from 0 to below 1, such as 0.01."))
        if self.threads < 1:
            faults.append(_bad("threads", self.threads, "Give 1 or more."))
        if faults:
            raise InputError(faults)

    def question(self, instance: Instance, models: Mapping[str, Model]) -> Question:
        """Settle every parameter of the question.

        Raises:
            InputError: with every fault of names, paths and parameters.
        """
        steps = [Override(path=p, value=v) for p, v in (self.overrides or {}).items()]
        return ask(
            instance,
            models,
            option=self.option,
            model=self.model,
            scenario=self.scenario,
            overrides=steps,
        )


def _bad(name: str, value: object, mend: str) -> Fault:
    return Fault("bad-setting", f"{name} is {value!r}", mend, Place(path=name))
