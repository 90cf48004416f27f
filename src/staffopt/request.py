"""What is asked of a council, how it is to be answered, and how far the answer has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypedDict

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.options import Override
from staffopt.instance.schema import Instance
from staffopt.model.reading import read_model
from staffopt.model.schema import Model
from staffopt.quantity import parse_decimal
from staffopt.question import Question
from staffopt.settle import ask

Isolation = Literal["worker", "inline"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come.

    Attributes:
        goal: the goal being minimised; or what is asked about plans, where none is.
        number: its place, from 1; 0 where none is minimised.
        goals: how many goals there are; 0 where none is minimised.
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
    unique: bool | None
    certify: bool | None
    certificate: Path | str | None
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
        model: a model in place of the option's: its name, or the path of a ``.yaml`` file.
        scenario: one of the council's scenarios; the world as it stands if None.
        overrides: path → value, winning over everything else (``--set``).
        backend: the solver; ``auto`` for the one that was quickest for the class of program.
        unique: whether it is tried to find another plan that does as well; by size if None.
        cross_check: whether a second solver answers too; if None by size, and where the answer is
            not certified.
        certify: whether it is proved in exact arithmetic that no plan is better; by size if None.
            Needs a gap of 0.
        certificate: the file to write the proof to; asks for one.
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
    unique: bool | None = None
    certify: bool | None = None
    certificate: Path | str | None = None
    time_limit: float | None = None
    gap: Decimal | int | str = 0
    seed: int = 0
    threads: int = 1
    isolation: Isolation = "worker"
    progress: Callable[[Progress], None] | None = None
    cancel: threading.Event | None = None

    def __post_init__(self) -> None:
        faults = [
            _bad(name, getattr(self, name), mend)
            for name, (lawful, mend) in _SETTINGS.items()
            if not lawful(getattr(self, name))
        ]
        if not faults and self.asks_proof and parse_decimal(self.gap):
            mend = "Leave the gap out, or do not ask for a certificate."
            faults.append(_bad("gap", self.gap, mend))
        if self.certificate is not None and self.certify is False:
            faults.append(_bad("certify", self.certify, "A certificate needs a proof."))
        if faults:
            raise InputError(faults)

    @property
    def asks_proof(self) -> bool:
        """Whether a proof is asked for, whatever it costs."""
        return bool(self.certify) or self.certificate is not None

    def question(self, instance: Instance, models: Mapping[str, Model]) -> Question:
        """Settle every parameter of the question.

        Raises:
            InputError: with every fault of names, paths and parameters.
        """
        steps = [Override(path=str(p), value=v) for p, v in (self.overrides or {}).items()]
        name, known = self.model, models
        if name is not None and name.endswith(".yaml"):
            own = read_model(Path(name))
            name, known = own.model, {**models, own.model: own}
        return ask(
            instance,
            known,
            option=self.option,
            model=name,
            scenario=self.scenario,
            overrides=steps,
        )


def _bad(name: str, value: object, mend: str) -> Fault:
    return Fault("bad-setting", f"{name} is {value!r}", mend, Place(path=name))


def _name_or_none(value: object) -> bool:
    return value is None or (isinstance(value, str) and bool(value))


def _whole_from(least: int) -> Callable[[object], bool]:
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and least <= v < 1 << 31


def _share(value: object) -> bool:
    try:
        return 0 <= parse_decimal(value) < 1
    except ValueError:
        return False


def _seconds(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and 0 < float(str(value)) < float("inf"))


_SETTINGS: dict[str, tuple[Callable[[object], bool], str]] = {
    "option": (_name_or_none, "Name one of the council's options, or leave it out."),
    "model": (_name_or_none, "Name a model or a .yaml file, or leave it out."),
    "scenario": (_name_or_none, "Name one of the council's scenarios, or leave it out."),
    "overrides": (
        lambda v: v is None or isinstance(v, Mapping),
        'Give path → value, such as {"teams.cds.cases": 450}.',
    ),
    "backend": (
        lambda v: isinstance(v, str),
        "Name a solver: highs, cbc, scip, cpsat, pulp:<solver>; or auto.",
    ),
    "cross_check": (lambda v: v is None or isinstance(v, bool), "Give True, False or None."),
    "unique": (lambda v: v is None or isinstance(v, bool), "Give True, False or None."),
    "certify": (lambda v: v is None or isinstance(v, bool), "Give True, False or None."),
    "certificate": (
        lambda v: v is None or isinstance(v, Path) or _name_or_none(v),
        "Name a file, or leave it out.",
    ),
    "time_limit": (_seconds, "Give seconds above 0, or None."),
    "gap": (_share, "Give a share from 0 to below 1, such as Decimal('0.01')."),
    "seed": (_whole_from(0), "Give a whole number, 0 or more."),
    "threads": (_whole_from(1), "Give a whole number, 1 or more."),
    "isolation": (lambda v: v in ("worker", "inline"), "Give worker or inline."),
    "progress": (lambda v: v is None or callable(v), "Give a function of one Progress."),
    "cancel": (lambda v: v is None or hasattr(v, "is_set"), "Give a threading.Event."),
}
"""What each setting may be, and what to give instead."""
