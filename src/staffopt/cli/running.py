"""Running a solve so that Ctrl-C is heard and progress is seen, on every platform."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, TypeVar

from staffopt.cli.streams import tell

if TYPE_CHECKING:
    from staffopt import Progress

T = TypeVar("T")

_TICK = 0.1
_QUIET_SECONDS = 1.0
_PLAIN_SECONDS = 5.0
_LINE = 99


class ProgressLine:
    """Shows how a solve goes on stderr: one line rewritten on a terminal, else a line every 5 s.

    Nothing is shown in the first second, or when quiet.
    """

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._clock = clock
        self._start = clock()
        self._next = self._start + (_QUIET_SECONDS if self._rewrites else _PLAIN_SECONDS)
        self._seen: Progress | None = None
        self._step = "solving"
        self._shown = False

    @property
    def _rewrites(self) -> bool:
        return sys.stderr.isatty()

    def see(self, progress: Progress) -> None:
        """Keep the latest news; called from the solver's thread."""
        self._seen = progress

    def step(self, words: str) -> None:
        """Say which of several solves has begun; called from the solver's thread."""
        self._step, self._seen = words, None

    def tick(self) -> None:
        """Show the latest news if it is time to; called by the waiting thread."""
        now = self._clock()
        if self._quiet or now < self._next:
            return
        words = self._words(now - self._start)
        if self._rewrites:
            sys.stderr.write(f"\r{words[:_LINE]:<{_LINE}}")
            sys.stderr.flush()
            self._shown = True
        else:
            tell(words)
        self._next = now + (_TICK if self._rewrites else _PLAIN_SECONDS)

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write(f"\r{'':<{_LINE}}\r")
            sys.stderr.flush()

    def _words(self, seconds: float) -> str:
        parts = [f"{self._step}, {seconds:.0f} s"]
        seen = self._seen
        if seen is None:
            return parts[0]
        if not seen.goals:
            # What is asked about plans mostly has the step's own name.
            return parts[0] if seen.goal in self._step else f"{parts[0]}, {seen.goal}"
        parts.append(f"goal {seen.number} of {seen.goals}, {seen.goal.replace('_', ' ')}")
        if seen.value is not None:
            parts.append(f"best so far {seen.value:,.2f}")
        elif seen.number == 1:  # later goals start from the plan of the first
            parts.append("no plan yet")
        if seen.bound is not None:
            parts.append(f"none below {seen.bound:,.2f}")
        return ", ".join(parts)


_heard = threading.Event()
"""Whether Ctrl-C was pressed in the command that runs."""


def begin() -> None:
    """Begin a command: Ctrl-C was not pressed in it yet."""
    _heard.clear()


def interrupted() -> bool:
    """Say whether Ctrl-C was pressed in the command that runs, whatever was kept after it."""
    return _heard.is_set()


def run(work: Callable[[threading.Event], T], progress: ProgressLine) -> T:
    """Run ``work`` in a thread and wait for it.

    The first Ctrl-C sets the event that ``work`` was given, so that it can end with the best plan
    found; the second is raised. Waiting in short steps lets Ctrl-C through on Windows as well,
    where a blocking read cannot be interrupted.

    Raises:
        KeyboardInterrupt: at the second Ctrl-C.
    """
    cancel = threading.Event()
    outcome: Future[T] = Future()
    thread = threading.Thread(target=_settle, args=(outcome, work, cancel), daemon=True)
    thread.start()
    try:
        while not outcome.done():
            try:
                wait([outcome], timeout=_TICK)
                progress.tick()
            except KeyboardInterrupt:
                if cancel.is_set():
                    raise
                cancel.set()
                _heard.set()
                tell("Stopping; the best plan found so far is kept. Ctrl-C again to abort.")
    finally:
        progress.end()
    return outcome.result()


def _settle(
    outcome: Future[T], work: Callable[[threading.Event], T], cancel: threading.Event
) -> None:
    """Put what ``work`` returns or raises into ``outcome``."""
    try:
        outcome.set_result(work(cancel))
    except BaseException as error:  # noqa: BLE001 (raised again in the waiting thread)
        outcome.set_exception(error)
