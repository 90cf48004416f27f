"""Where questions are answered: a council on a desk, with solvers at hand.

A desk keeps its solvers' workers running between questions, so that the second answer is quicker
than the first. :func:`staffopt.solve` puts a council on a desk for one question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from staffopt.instance.schema import Instance, Override
from staffopt.model.schema import Model
from staffopt.plan import Plan
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


@dataclass(frozen=True, slots=True)
class Settings:
    """How a question is answered.

    Attributes:
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

    backend: str = "highs"
    cross_check: bool | None = None
    time_limit: float | None = None
    gap: Decimal = Decimal(0)
    seed: int = 0
    threads: int = 1
    isolation: Isolation = "worker"
    progress: Callable[[Progress], None] | None = None
    cancel: threading.Event | None = None


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
        settings: how questions are answered.
        option, model, scenario, overrides: as of :func:`staffopt.solve`.

    Example:
        >>> with staffopt.open(council) as desk:  # doctest: +SKIP
        ...     plans = [desk.where({"funds.contingency.ceiling.2019/20": c}).solve() for c in cs]
    """

    def __init__(
        self,
        instance: Instance,
        models: Mapping[str, Model],
        settings: Settings,
        *,
        solvers: Solvers | None = None,
        **asked: Any,
    ) -> None:
        self.instance = instance
        self._models = models
        self._settings = settings
        self._asked = asked
        self._solvers = solvers or Solvers(settings.isolation)

    def where(self, changes: Mapping[str, Any]) -> Desk:
        """Return a desk with other figures, and the same solvers at hand.

        Raises:
            InputError: if a path leads nowhere or a value is not what stands there.
        """
        return Desk(
            self.instance.where(changes),
            self._models,
            self._settings,
            solvers=self._solvers,
            **self._asked,
        )

    @property
    def question(self) -> Question:
        """The question as it stands, every parameter settled.

        Raises:
            InputError: with every fault of names, paths and parameters.
        """
        overrides = self._asked.get("overrides") or {}
        steps = [Override(path=path, value=value) for path, value in overrides.items()]
        return ask(self.instance, self._models, **{**self._asked, "overrides": steps})

    def solve(self, *, cancel: threading.Event | None = None) -> Plan:
        """Answer the question; see :func:`staffopt.solve` for what is raised.

        Args:
            cancel: set it to stop; the best plan so far is the answer.
        """
        from staffopt.answer import answer

        settings = replace(self._settings, cancel=cancel or self._settings.cancel)
        with self._solvers.lock:
            return answer(self.question, settings, self._solvers, time.monotonic())

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


def open_desk(
    instance: Instance,
    *,
    option: str | None = None,
    model: str | None = None,
    scenario: str | None = None,
    overrides: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Desk:
    """Put a council on a desk: as :func:`solve`, for several questions.

    Args:
        instance, option, model, scenario, overrides: as of :func:`solve`.
        settings: the fields of :class:`Settings`.
    """
    from staffopt.library import models

    asked = {"option": option, "model": model, "scenario": scenario, "overrides": overrides}
    return Desk(instance, models(), Settings(**settings), **asked)


def solve(
    instance: Instance,
    *,
    option: str | None = None,
    model: str | None = None,
    scenario: str | None = None,
    overrides: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Plan:
    """Answer one question with a verified plan.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        option: one of the council's options; its default option if None.
        model: a model in place of the option's.
        scenario: one of the council's scenarios; the world as it stands if None.
        overrides: path → value, winning over everything else (``--set``).
        settings: the fields of :class:`Settings`: backend, cross_check, time_limit, gap, seed,
            threads, isolation, progress, cancel.

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
    asked = {"option": option, "model": model, "scenario": scenario, "overrides": overrides}
    with open_desk(instance, **asked, **settings) as desk:
        return desk.solve()
