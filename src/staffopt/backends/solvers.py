"""Open sessions, kept between solves."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from subprocess import Popen
from typing import TYPE_CHECKING

from staffopt.backends.launch import kill_tree, launch, worker_command
from staffopt.backends.registry import Isolation, describe

if TYPE_CHECKING:
    from staffopt.backends.session import Session


@dataclass(slots=True)
class Solvers:
    """Open sessions, one a backend, taken by one solve at a time."""

    isolation: Isolation
    _sessions: dict[str, Session] = field(default_factory=dict)
    _launched: dict[str, Popen[bytes]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def prepare(self, backends: Iterable[str]) -> None:
        """Start the workers of backends that can be used, and return without waiting for them.

        A worker takes as long to start as the rest of the engine to import, so they do so at the
        same time. What cannot be used is told of when its session is asked for.

        Raises:
            UnknownName: no backend has one of the names.
            BackendError: a worker cannot be started.
        """
        if self.isolation == "inline":
            return
        for name in backends:
            if name not in self._sessions and name not in self._launched and describe(name).ok:
                self._launched[name] = launch(worker_command(name))

    def session(self, backend: str) -> Session:
        """Return the backend's session, opening it the first time.

        Raises:
            UnknownName, BackendMissing, BackendError: if it cannot be used.
        """
        from staffopt.backends.session import Session

        if backend not in self._sessions:
            launched = self._launched.pop(backend, None)
            self._sessions[backend] = Session(backend, self.isolation, launched=launched)
        return self._sessions[backend]

    def close(self) -> None:
        """End every worker."""
        with self.lock:
            for session in self._sessions.values():
                session.dismiss()  # all of them end at the same time
            for session in self._sessions.values():
                session.close()
            for process in self._launched.values():
                _end_unused(process)
            self._sessions.clear()
            self._launched.clear()


def _end_unused(process: Popen[bytes]) -> None:
    """End a worker that was never asked for anything, and so has nothing to lose."""
    kill_tree(process)
    with process:  # closes its pipes and waits
        pass
