"""Finds the CBC program without importing PuLP, which would import other solvers with it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import util
from pathlib import Path

_SYSTEM = {"win32": "win", "darwin": "osx"}
_NATIVE = {"x86_64": "i64", "amd64": "i64", "arm64": "arm64", "aarch64": "arm64", "i686": "i32"}


def find_cbc() -> Path | None:
    """Find a CBC that this platform runs: PuLP 3's own, PuLP 4's ``cbcbox``, then PATH."""
    for candidate in _candidates():
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    return None


def _candidates() -> Iterator[Path]:
    program = "cbc.exe" if sys.platform == "win32" else "cbc"
    for root in _package_folders("pulp"):
        system = _SYSTEM.get(sys.platform, "linux")
        machine = _NATIVE.get(platform.machine().lower(), "none")
        yield root / "solverdir" / "cbc" / system / machine / program
    for root in _package_folders("cbcbox"):
        yield from sorted(root.glob(f"**/bin/{program}"))
    on_path = shutil.which("cbc")
    if on_path:
        yield Path(on_path)


def _package_folders(package: str) -> list[Path]:
    spec = util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
