"""Starting worker processes; light, so that one starts while its parent imports the rest."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from staffopt.errors import BackendError


def worker_command(name: str) -> list[str]:
    """Give the command of a backend's worker; ``-P`` keeps the user's folder off its path.

    Raises:
        BackendError: this program has no Python to start.
    """
    if not sys.executable:
        raise BackendError("no Python executable is known here: use isolation='inline'")
    return [sys.executable, "-P", "-m", "staffopt.worker", name]


def launch(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a worker in a group of its own, so that Ctrl-C reaches its parent only.

    Raises:
        BackendError: the program cannot be started.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    try:
        return subprocess.Popen(  # noqa: S603 - our own command, no shell
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
            creationflags=flags,
        )
    except OSError as error:
        raise BackendError(f"the worker {command[0]!r} cannot be started: {error}") from error


def _environment() -> dict[str, str]:
    """Let the worker find this very package where it runs from a checkout."""
    environment = dict(os.environ)
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):
        rest = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(root), rest] if rest else [str(root)])
    return environment


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """End a worker by force, with every program that it has started."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - no user's text
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
