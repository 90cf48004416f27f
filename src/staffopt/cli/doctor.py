"""``staffopt doctor``: what this installation has, and whether its solvers work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from staffopt.cli.arguments import JsonOption

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGES = ("staffopt", "highspy", "numpy", "pulp", "pydantic", "pyyaml", "typer", "ortools")


def doctor(*, as_json: JsonOption = False) -> None:
    """Tell what is installed, and try every solver."""
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode

    health = examine()
    if as_json:
        out_json(health)
    else:
        out(render_health(health))
    if not health["ok"]:
        raise typer.Exit(ExitCode.FINDINGS)


def examine() -> dict[str, Any]:
    """Look at Python, the platform, the packages, the shipped files and the solvers."""
    import platform

    backends = _backends()
    files = {kind: _shipped(kind) for kind in ("models", "instances")}
    usable = any(backend["ok"] for backend in backends)
    sound = all(backend["trial"] in (None, "solved") for backend in backends)
    return {
        "ok": usable and sound and all(found for found, _ in files.values()),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "files": {kind: where for kind, (_, where) in files.items()},
        "backends": backends,
    }


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _shipped(kind: str) -> tuple[bool, str]:
    from staffopt import library

    try:
        return True, str(library.path(kind))
    except FileNotFoundError as error:
        return False, str(error)


def _backends() -> list[dict[str, Any]]:
    """Describe every solver, PuLP's too, and try those that may be used, all at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    from staffopt.backends import available, describe
    from staffopt.backends.trial import pulp_backends

    found = [*available(), *map(describe, pulp_backends())]
    with ThreadPoolExecutor(len(found)) as pool:
        trials = list(pool.map(lambda backend: _trial(backend.name) if backend.ok else None, found))
    return [
        {
            "name": backend.name,
            "package": backend.package,
            "version": backend.version,
            "ok": backend.ok,
            "reason": backend.reason,
            "trial": trial,
        }
        for backend, trial in zip(found, trials, strict=True)
    ]


def _trial(backend: str) -> str:
    """Solve what has a known answer; say ``solved`` or what went wrong."""
    from staffopt.backends.trial import try_backend

    try:
        return try_backend(backend)
    except Exception as error:  # noqa: BLE001 (a doctor tells every illness)
        return f"{type(error).__name__}: {error}"


def render_health(health: Mapping[str, Any]) -> str:
    """Write the examination as text."""
    lines = [f"Python {health['python']} on {health['platform']}"]
    for name, version in health["packages"].items():
        lines.append(f"  {name} {version or '(not installed)'}")
    for kind, where in health["files"].items():
        lines.append(f"{kind}: {where}")
    for backend in health["backends"]:
        known = f"{backend['package']} {backend['version'] or ''}".rstrip()
        state = "ok" if backend["ok"] else f"not usable: {backend['reason']}"
        trial = f", self-test: {backend['trial']}" if backend["trial"] else ""
        lines.append(f"solver {backend['name']} ({known}): {state}{trial}")
    lines.append("All is well." if health["ok"] else "Something is wrong; see above.")
    return "\n".join(lines)
