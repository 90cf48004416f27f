"""Where questions are answered: a council on a desk, with solvers at hand.

A desk keeps its solvers' workers running between questions, so that the second answer is quicker
than the first. :func:`staffopt.solve` puts a council on a desk for one question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, Unpack

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.schema import Instance, Override
from staffopt.library import models
from staffopt.model.schema import Model
from staffopt.plan import Plan
from staffopt.quantity import parse_decimal
from staffopt.question import Question, ask

if TYPE_CHECKING:
    from staffopt.backends.session import Session

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


@dataclass(slots=True)
class Solvers:
    """Open sessions, one a backend, taken by one solve at a time."""

    isolation: Isolation
    _sessions: dict[str, Session] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def session(self, backend: str) -> Session:
        """Return the backend's session, opening it the first time.

        Raises:
            UnknownName, BackendMissing, BackendError: if it cannot be used.
        """
        from staffopt.backends.session import Session

        if backend not in self._sessions:
            self._sessions[backend] = Session(backend, isolation=self.isolation)
        return self._sessions[backend]

    def close(self) -> None:
        """End every worker."""
        with self.lock:
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()


class Desk:
    """A council with solvers at hand.

    Use it as a context manager; its workers end with it. Threads may share a desk: solves take
    turns. For solves at the same time, open a desk each.

    Args:
        instance: the council.
        models: models by id.
        request: what is asked, and how it is answered.
        solvers: those of another desk, to be shared with it.

    Example:
        >>> with staffopt.open(council) as desk:  # doctest: +SKIP
        ...     plans = [desk.where({"funds.contingency.ceiling.2019/20": c}).solve() for c in cs]
    """

    def __init__(
        self,
        instance: Instance,
        models: Mapping[str, Model],
        request: Request,
        solvers: Solvers | None = None,
    ) -> None:
        self.instance = instance
        self._models = models
        self._request = request
        self._solvers = solvers or Solvers(request.isolation)

    def where(self, changes: Mapping[str, Any]) -> Desk:
        """Return a desk with other figures, and the same solvers at hand.

        Raises:
            InputError: if a path leads nowhere or a value is not what stands there.
        """
        changed = self.instance.where(changes)
        return Desk(changed, self._models, self._request, self._solvers)

    @property
    def question(self) -> Question:
        """The question as it stands, every parameter settled.

        Raises:
            InputError: with every fault of names, paths and parameters.
        """
        return self._request.question(self.instance, self._models)

    def solve(self) -> Plan:
        """Answer the question; see :func:`staffopt.solve` for what is raised."""
        from staffopt.answer import answer

        question, started = self.question, time.monotonic()
        with self._solvers.lock:
            return answer(question, self._request, self._solvers, started)

    def close(self) -> None:
        """End the desk's workers."""
        self._solvers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_desk(instance: Instance, **asking: Unpack[Asking]) -> Desk:
    """Put a council on a desk, for several questions.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        asking: the fields of :class:`Request`.

    Raises:
        InputError: if a setting is no such setting.
    """
    return Desk(instance, models(), Request(**asking))


def solve(instance: Instance, **asking: Unpack[Asking]) -> Plan:
    """Answer one question with a verified plan.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        asking: the fields of :class:`Request`: option, model, scenario, overrides, backend,
            cross_check, time_limit, gap, seed, threads, isolation, progress, cancel.

    Returns:
        the plan; where a limit was reached or the solve cancelled, the best one found, whose
        ``provenance.stopped`` says so and whose grade is FEASIBLE.

    Raises:
        InputError: names, paths, figures or parameters are at fault; all faults at once.
        Infeasible: proven: no plan meets the rules; carries what would have to give.
        NoPlan: the time limit was reached before a plan was found.
        Cancelled: stopped before a plan was found.
        BackendError: the solver is missing, known to be bad, crashed or hung.
        Conflict: two solvers disagree.
    """
    with open_desk(instance, **asking) as desk:
        return desk.solve()
