"""Keeps a chatty solver from calling its caller thousands of times a second."""

from __future__ import annotations

import time

from staffopt.algebra.solution import Progress, Watch

INTERVAL = 0.1
"""Seconds between two reports that bring nothing but time."""


class Pace:
    """Passes progress on: incumbents and log lines at once, all else every :data:`INTERVAL`.

    Once the caller has asked to stop, or has raised, every later answer is stop. What it raised
    is kept in ``error``, since an exception must not pass through a solver's own code.
    """

    def __init__(self, watch: Watch) -> None:
        self.started = time.monotonic()
        self.stopped = False
        self.error: BaseException | None = None
        self._watch = watch
        self._next = self.started

    @property
    def seconds(self) -> float:
        """Wall seconds since the solve began."""
        return time.monotonic() - self.started

    def report(self, progress: Progress) -> bool:
        """Pass progress on if it is due; True where the solver shall stop."""
        if self.stopped:
            return True
        now = time.monotonic()
        if progress.values is None and progress.line is None and now < self._next:
            return False
        self._next = now + INTERVAL
        try:
            self.stopped = bool(self._watch(progress))
        except BaseException as error:  # noqa: BLE001 - raised again after the solver has returned
            self.error = error
            self.stopped = True
        return self.stopped

    def reraise(self) -> None:
        """Raise what the caller raised, once the solver has returned."""
        if self.error is not None:
            raise self.error
