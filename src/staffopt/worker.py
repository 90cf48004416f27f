"""The worker: one solver in a process of its own (``python -m staffopt.worker highs``).

It reads frames on standard input and writes them where standard output was; whatever a solver
prints goes to standard error instead. It ends when its parent's pipe closes, solving or not.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import BinaryIO

from staffopt.algebra.solution import Backend, Progress
from staffopt.backends.registry import make
from staffopt.backends.wire import (
    Frame,
    progress_frame,
    read,
    read_solve,
    solution_frame,
    write,
)
from staffopt.errors import BackendError, StaffoptError

LAST_WORDS = 0.5
"""Seconds that a running solver gets to end its own programs once the parent is gone."""


class _Inbox:
    """Reads frames in a thread of its own, so that a running solve can be cancelled."""

    def __init__(self, stream: BinaryIO) -> None:
        self.cancelled = -1
        self.closed = False
        self._stream = stream
        self._solves: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Frame | None:
        """Give the next solve that is asked for, or None once the parent is gone."""
        return self._solves.get()

    def stops(self, number: int) -> bool:
        """Whether a solve shall stop."""
        return self.closed or self.cancelled >= number

    def _read(self) -> None:
        try:
            while (frame := read(self._stream)) is not None:
                if frame.kind == "cancel":
                    self.cancelled = frame.number
                else:
                    self._solves.put(frame)
        finally:
            self.closed = True
            self._solves.put(None)
            ending = threading.Timer(LAST_WORDS, os._exit, [0])
            ending.daemon = True
            ending.start()


def serve(make: Callable[[], Backend]) -> int:
    """Answer solves with a backend until the parent is gone; the process's exit code."""
    out = _take_stdout()
    inbox = _Inbox(sys.stdin.buffer)
    try:
        backend = make()
    except StaffoptError as error:
        write(out, Frame("refused", 0, {"message": str(error)}))
        return int(error.exit_code)
    try:
        while (frame := inbox.next()) is not None:
            _answer(backend, frame, inbox, out)
    except BrokenPipeError:
        pass  # the parent is gone, and there is nobody to tell
    return 0


def _answer(backend: Backend, frame: Frame, inbox: _Inbox, out: BinaryIO) -> None:
    def watch(progress: Progress) -> bool:
        if not inbox.stops(frame.number):
            write(out, progress_frame(frame.number, progress))
        return inbox.stops(frame.number)

    write(out, Frame("started", frame.number))
    try:
        if frame.kind == "prove":
            from staffopt.certify.prove import prove

            found = prove(frame.head, lambda: inbox.stops(frame.number))
            reply = Frame("proof", frame.number, found)
        else:
            matrix, changes, options = read_solve(frame)
            reply = solution_frame(frame.number, backend.solve(matrix, changes, options, watch))
    except BackendError as error:
        reply = Frame("refused", frame.number, {"message": str(error)})
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the process's edge: the parent gets the words
        traceback.print_exc()
        reply = Frame("failed", frame.number, {"message": f"{type(error).__name__}: {error}"})
    write(out, reply)


def _take_stdout() -> BinaryIO:
    """Keep standard output for frames and point its number at standard error."""
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def main() -> int:
    """Serve the backend that the command line names."""
    return serve(lambda: make(sys.argv[1]))


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Nothing is left to tidy up, and Python takes longer to unload numpy than to solve.
    os._exit(code)
