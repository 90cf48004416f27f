"""A worker process as its parent sees it: frames in, frames out, and how it ended."""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import threading
from collections import deque

from staffopt.backends.launch import kill_tree
from staffopt.backends.wire import Frame, WireError, read, write
from staffopt.errors import BackendError

LAST_LINES = 8
"""Lines of standard error that are kept for the message of a crash."""

PATIENCE = 2.0
"""Seconds that a worker gets to end by itself when its pipe is closed."""

_END = Frame("end")


class WorkerGone(BackendError):
    """The worker crashed, was killed, or broke the protocol."""


class WorkerProcess:
    """A launched worker. Reading and writing have threads, so that nothing here can hang."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._lines: deque[str] = deque(maxlen=LAST_LINES)
        self._broken = ""
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._read, self._write, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def send(self, frame: Frame) -> None:
        """Send a frame; returns at once."""
        self._outbox.put(frame)

    def receive(self, timeout: float) -> Frame | None:
        """Give the next frame, or None after ``timeout`` seconds.

        Raises:
            WorkerGone: there will be none; the message says how the worker ended.
        """
        try:
            frame = self._frames.get(timeout=timeout)
        except queue.Empty:
            return None
        if frame is _END:
            raise WorkerGone(self._obituary())
        return frame

    def dismiss(self) -> None:
        """Ask the worker to end; returns at once."""
        self._outbox.put(None)

    def close(self) -> None:
        """End the worker: by closing its pipe, else by force."""
        self.dismiss()
        # Its output ends with it: waiting for that is no polling, as waiting for a process is.
        self._threads[0].join(PATIENCE)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget()

    def kill(self) -> None:
        """End the worker by force, with every program that it has started."""
        if self._process.poll() is None:
            kill_tree(self._process)
            self._process.wait()
        self._outbox.put(None)
        self._forget()

    def _forget(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _obituary(self) -> str:
        """Say how the worker ended, with its last words."""
        if self._broken:
            self.kill()
            said = f"the worker broke the protocol ({self._broken}) and was ended"
        else:
            try:
                said = _ending(self._process.wait(PATIENCE))
                kill_tree(self._process)  # what it had started outlives its crash
            except subprocess.TimeoutExpired:
                self.kill()
                said = "the worker closed its output and was ended"
        self._threads[-1].join(PATIENCE)
        return "\n".join([said, *self._lines])

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while (frame := read(self._process.stdout)) is not None:
                self._frames.put(frame)
        except (WireError, OSError, ValueError) as error:
            self._broken = str(error)
        self._frames.put(_END)

    def _write(self) -> None:
        assert self._process.stdin is not None
        # A worker that is gone is told of by the reading thread.
        with contextlib.suppress(OSError):
            while (frame := self._outbox.get()) is not None:
                write(self._process.stdin, frame)
            self._process.stdin.close()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line.decode("utf-8", "replace").rstrip())


def _ending(code: int) -> str:
    if code < 0:
        try:
            return f"the worker was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"the worker was killed by signal {-code}"
    return f"the worker ended with exit code {code}"
