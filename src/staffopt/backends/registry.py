"""Which solvers there are and which may be trusted, told without importing any of them."""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import dataclass
from importlib import util
from typing import TYPE_CHECKING, Literal

from staffopt.backends.binary import find_cbc
from staffopt.errors import BackendError, BackendMissing, UnknownName

if TYPE_CHECKING:
    from staffopt.algebra.solution import Backend

Isolation = Literal["worker", "inline"]


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """One solver as it stands on this machine.

    Attributes:
        name: what callers choose it by.
        package: the Python package that brings it.
        version: the installed version, or None.
        ok: whether it may be used in a worker.
        reason: why not, with what to do; empty where it may.
    """

    name: str
    package: str
    version: str | None
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    package: str
    module: str
    factory: str


_ENTRIES = {
    "highs": _Entry("highspy", "staffopt.backends.highs", "Highs"),
    "cbc": _Entry("pulp", "staffopt.backends.cbc", "Cbc"),
    "scip": _Entry("ortools", "staffopt.backends.scip", "Scip"),
    "cpsat": _Entry("ortools", "staffopt.backends.cpsat", "CpSat"),
}

NAMES = tuple(_ENTRIES)
"""The names of the backends, the default first; beside them stands ``pulp:<solver>``."""

WHOLE_ONLY = frozenset({"cpsat"})
"""Backends that take purely integral programs only, and refuse others in words."""

PULP = "pulp:"
"""What the names of PuLP's solvers begin with, such as ``pulp:gurobi``."""

_CHECKED_BY = {
    "highs": ("cbc", "scip"),
    "cbc": ("highs", "scip"),
    "scip": ("highs", "cbc"),
    "cpsat": ("highs", "scip"),
}
"""Independent code bases that check each backend, the first choice first."""

AUTO = "auto"
"""Asks for the backend that was quickest for the class of program; see :func:`quickest`."""

PROVER = "highs"
"""The backend in whose worker certificates are sought."""

TRIED_ORTOOLS = ((9, 15), (9, 16))
"""Versions of ortools from the first up to the second were tried; its inner modules change."""


def available() -> list[BackendInfo]:
    """Describe every backend; imports none of them."""
    return [describe(name) for name in NAMES]


def describe(name: str) -> BackendInfo:
    """Describe one backend.

    Raises:
        UnknownName: no backend has this name.
    """
    entry = _entry(name)
    version = _version(entry.package)
    reason = _missing(name, entry.package, version) or known_bad(name, version)
    return BackendInfo(name, entry.package, version, not reason, reason)


def require(name: str, isolation: Isolation = "worker") -> BackendInfo:
    """Describe a backend that can be used.

    Raises:
        UnknownName: no backend has this name.
        BackendMissing: it is not installed, or has no binary for this platform.
        BackendError: this version is known to be bad, or cannot share this process.
    """
    info = describe(name)
    missing = _missing(name, info.package, info.version)
    if missing:
        raise BackendMissing(missing)
    reason = info.reason or (clash(name, info.version) if isolation == "inline" else "")
    if reason:
        raise BackendError(reason)
    return info


def quickest(*, whole: bool) -> str:
    """Name the backend that was quickest for a class of program (docs/backends.md).

    Args:
        whole: whether the program has whole columns.
    """
    return "scip" if whole and describe("scip").ok else "highs"


def second_opinion(name: str) -> str | None:
    """Name the backend that checks another: the first of other code bases that is there.

    The first choice if none is, so that asking for it says why; None where nothing checks it.
    """
    choices = _CHECKED_BY.get(name, ())
    if name.startswith(PULP):
        choices = ("cbc", "scip") if "highs" in name.lower() else ("highs", "scip")
    there = (choice for choice in choices if describe(choice).ok)
    return next(there, choices[0] if choices else None)


def create(name: str) -> Backend:
    """Make a backend in this process, importing its solver and no other.

    Raises:
        UnknownName, BackendMissing, BackendError: as :func:`require`.
    """
    require(name, "inline")
    return make(name)


def make(name: str) -> Backend:
    """Make a backend that :func:`require` has passed: in a worker, whose parent asked it.

    Raises:
        UnknownName, BackendMissing, BackendError: as :func:`require`, as far as it shows.
    """
    entry = _entry(name)
    factory = getattr(importlib.import_module(entry.module), entry.factory)
    backend: Backend = factory(name) if name.startswith(PULP) else factory()
    return backend


def known_bad(name: str, version: str | None) -> str:
    """Say why a version must not be used, or give an empty text."""
    if version is None:
        return ""
    package = PULP if name.startswith(PULP) else _entry(name).package
    return _BAD[package](version) if package in _BAD else ""


def _bad_highspy(version: str) -> str:
    if (1, 14) <= _numbers(version) < (1, 15):
        return (
            f"highspy {version} returns wrong optima (upstream HiGHS 2957, 3002, 3043). "
            "Install another version: pip install 'highspy>=1.13.1,!=1.14.*'"
        )
    if _numbers(version) < (1, 13, 1):
        return f"highspy {version} was never tried. Install a newer one: pip install -U highspy"
    return ""


def _bad_ortools(version: str) -> str:
    first, after = TRIED_ORTOOLS
    if first <= _numbers(version) < after:
        return ""
    return (
        f"ortools {version} was never tried, and modules of its inside are used. "
        "Install the one that was: pip install 'ortools==9.15.*'"
    )


def _bad_pulp(version: str) -> str:
    if _numbers(version) >= (3, 3, 2):
        return ""
    return f"PuLP {version} was never tried. Install a newer one: pip install -U pulp"


_BAD = {"highspy": _bad_highspy, "ortools": _bad_ortools, PULP: _bad_pulp}


def clash(name: str, version: str | None) -> str:
    """Say why a solver cannot share this process, or give an empty text.

    Both highspy from 1.15 and ortools 9.15 ship ``libhighs.so.1`` (google/or-tools 5246).
    """
    if name.startswith(PULP):
        return f"importing PuLP loads highspy too, so {name} needs isolation='worker'"
    package = _entry(name).package
    other = {"highspy": "ortools", "ortools": "highspy"}.get(package)
    if other is None or other not in sys.modules:
        return ""
    highspy = version if package == "highspy" else _version("highspy")
    if not highspy or _numbers(highspy) < (1, 15):
        return ""
    loaded = f"highspy {highspy}" if other == "highspy" else other
    asked = f"highspy {highspy}" if package == "highspy" else package
    return (
        f"{asked} cannot share a process with {loaded}, which is loaded here "
        "(google/or-tools 5246). Use isolation='worker'."
    )


def _entry(name: str) -> _Entry:
    if name.startswith(PULP) and len(name) > len(PULP):
        return _Entry("pulp", "staffopt.backends.through_pulp", "ThroughPulp")
    if name not in _ENTRIES:
        raise UnknownName("backend", name, NAMES)
    return _ENTRIES[name]


def _version(package: str) -> str | None:
    if util.find_spec(package) is None:
        return None
    from importlib import metadata  # not at the top: a worker has no use for it

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _missing(name: str, package: str, version: str | None) -> str:
    if name == "cbc":
        # PuLP only brings the program; any CBC on the path will do.
        return (
            ""
            if find_cbc()
            else (
                "no CBC for this platform: PuLP's wheel has none that runs here. "
                "Run pip install 'pulp[cbc]', or put a cbc program on PATH."
            )
        )
    return "" if version else f"{package} is not installed. Run pip install {package}"


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
