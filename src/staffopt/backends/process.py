"""A worker process as its parent sees it: frames in, frames out, and how it ended."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

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
    """A running worker. Reading and writing have threads, so that nothing here can hang."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = _start(command)
        except OSError as error:
            raise BackendError(f"the worker {command[0]!r} cannot be started: {error}") from error
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

    def close(self) -> None:
        """End the worker: by closing its pipe, else by force."""
        self._outbox.put(None)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._forget()

    def kill(self) -> None:
        """End the worker by force, with every program that it has started."""
        if self._process.poll() is None:
            _kill_tree(self._process)
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
                _kill_tree(self._process)  # what it had started outlives its crash
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


def worker_command(name: str) -> list[str]:
    """Give the command of a backend's worker; ``-P`` keeps the user's folder off its path.

    Raises:
        BackendError: this program has no Python to start.
    """
    if not sys.executable:
        raise BackendError("no Python executable is known here: use isolation='inline'")
    return [sys.executable, "-P", "-m", "staffopt.worker", name]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a worker in a group of its own, so that Ctrl-C reaches its parent only."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(  # noqa: S603 - our own command, no shell
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
        creationflags=flags,
    )


def _environment() -> dict[str, str]:
    """Let the worker find this very package where it runs from a checkout."""
    environment = dict(os.environ)
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):
        rest = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(root), rest] if rest else [str(root)])
    return environment


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - no user's text
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _ending(code: int) -> str:
    if code < 0:
        try:
            return f"the worker was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"the worker was killed by signal {-code}"
    return f"the worker ended with exit code {code}"
