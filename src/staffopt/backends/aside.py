"""Runs a solver that blocks, and follows it from outside: progress out, a wish to stop in."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from staffopt.algebra.solution import Progress
from staffopt.backends.pace import INTERVAL, Pace

T = TypeVar("T")


class Aside(Generic[T]):
    """One call in a thread of its own.

    What the solver's own threads tell goes through :meth:`tell` into a queue, so that the watcher
    is called from the solving thread only and none of its errors passes through a solver's code.
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._told: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        self._answer: list[T] = []
        self._error: BaseException | None = None

    def tell(self, progress: Progress) -> None:
        """Take in progress, from any thread."""
        self._told.put(progress)

    def run(self, pace: Pace, stop: Callable[[], object]) -> T:
        """Give what the call returns; ``stop`` is called where the watcher asks for it.

        Raises:
            Exception: what the call raised.
        """
        thread = threading.Thread(target=self._work, daemon=True)
        thread.start()
        latest = Progress(0.0)
        while (told := self._next(latest)) is not None:
            latest = Progress(told.seconds, told.objective, told.bound)
            if pace.report(told):
                stop()
        thread.join()
        if self._error is not None:
            raise self._error
        return self._answer[0]

    def _work(self) -> None:
        try:
            self._answer.append(self._call())
        except BaseException as error:  # noqa: BLE001 - raised again by ``run``
            self._error = error
        self._told.put(None)

    def _next(self, latest: Progress) -> Progress | None:
        """Give what is told next, what is known already after a silence, or None at the end."""
        try:
            return self._told.get(timeout=INTERVAL)
        except queue.Empty:
            return latest
