"""Solvers, each behind one method, run in workers; importing this imports none of them.

:class:`staffopt.backends.session.Session` is what callers solve with.
"""

from staffopt.backends.registry import (
    NAMES,
    BackendInfo,
    Isolation,
    available,
    create,
    describe,
    require,
)

__all__ = ["NAMES", "BackendInfo", "Isolation", "available", "create", "describe", "require"]
