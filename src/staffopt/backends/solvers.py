"""Open sessions, kept between solves."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from staffopt.backends.registry import Isolation
from staffopt.backends.session import Session


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
        if backend not in self._sessions:
            self._sessions[backend] = Session(backend, isolation=self.isolation)
        return self._sessions[backend]

    def close(self) -> None:
        """End every worker."""
        with self.lock:
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()
