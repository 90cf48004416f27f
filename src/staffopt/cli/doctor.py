"""``staffopt doctor``: what this installation has, and whether its solvers work."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import typer

from staffopt.cli.arguments import JsonOption

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SIGNS = "£ × ≤ → –"
"""What reports are written with beside plain letters."""

_COMPLETIONS = {
    "bash": ".bash_completions/staffopt.sh",
    "zsh": ".zfunc/_staffopt",
    "fish": ".config/fish/completions/staffopt.fish",
}
"""Where ``--install-completion`` writes, under the home folder; PowerShell has its profile."""


def doctor(*, as_json: JsonOption = False) -> None:
    """Tell what is installed, and try every solver."""
    from staffopt.cli.streams import out, out_json

    health = examine()
    if as_json:
        out_json(health)
    else:
        out(render_health(health))
    if not health["ok"]:
        raise typer.Exit(_code(health))


def _code(health: Mapping[str, Any]) -> int:
    """Return how the command ends where something is wrong: by solvers, or by anything else."""
    from staffopt.errors import ExitCode

    return ExitCode.FINDINGS if health["solvers_ok"] else ExitCode.SOLVER


def examine() -> dict[str, Any]:
    """Look at Python, the platform, packages, files, solvers, folders, terminal and completion.

    What is ``ok`` is what a solve needs: packages, shipped files, and solvers that solve.
    """
    import platform
    import tempfile
    from pathlib import Path

    backends, packages = _backends(), _packages()
    files = {kind: _shipped(kind) for kind in ("models", "instances")}
    tried = [backend["trial"] for backend in backends if backend["ok"]]
    solvers = bool(tried) and all(trial == "solved" for trial in tried)
    places = {"current folder": Path.cwd(), "temporary folder": Path(tempfile.gettempdir())}
    sound = all(not package["fault"] for package in packages)
    return {
        "ok": solvers and sound and all(found for found, _ in files.values()),
        "solvers_ok": solvers,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": packages,
        "files": {kind: where for kind, (_, where) in files.items()},
        "backends": backends,
        "folders": {name: _writing(place) for name, place in places.items()},
        "terminal": _terminal(),
        "completion": _completion(),
    }


def _packages() -> list[dict[str, Any]]:
    """Name what is required, what of it is installed, and what does not fit."""
    from importlib.metadata import requires

    found = [{"name": "staffopt", "required": "", "version": _version("staffopt"), "fault": ""}]
    for line in requires("staffopt") or ():
        words, _, extra = line.partition(";")
        if "extra" in extra:
            continue
        name, required = re.match(r"\s*([\w.-]+)\s*(.*?)\s*$", words).groups()  # type: ignore[union-attr] # its own metadata
        version = _version(name)
        fault = "not installed" if version is None else misfit(version, required)
        found.append({"name": name, "required": required, "version": version, "fault": fault})
    return found


def misfit(version: str, required: str) -> str:
    """Say which part of a requirement such as ``>=1.13.1,!=1.14.*`` a version does not meet."""
    mine = _numbers(version)
    for part in filter(None, required.replace(" ", "").split(",")):
        sign, wanted = re.match(r"([<>=!~]+)(.*)", part).groups()  # type: ignore[union-attr] # as pip read it
        its = _numbers(wanted)
        width = max(len(mine), len(its))
        full, least = (n + (0,) * (width - len(n)) for n in (mine, its))
        same = full[: len(its)] == its if wanted.endswith("*") else full == least
        kept = {">=": full >= least, "<": full < least, "!=": not same, "==": same}.get(sign, True)
        if not kept:
            return f"{version} is installed, {part} is required"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    """Read the numbers that a version begins with: 1.14 of ``1.14.*``, 2.0 of ``2.0rc1``."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z*+]", version)[0]))


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _shipped(kind: str) -> tuple[bool, str]:
    from staffopt import shipped

    try:
        return True, str(shipped.path(kind))
    except FileNotFoundError as error:
        return False, str(error)


def _writing(folder: Path) -> str:
    """Say whether a folder can be written: plans are saved in the current one."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".staffopt-"):
            return f"{folder}: can be written"
    except OSError as error:
        return f"{folder}: cannot be written ({error.strerror})"


def _terminal() -> dict[str, Any]:
    """Say what the terminal can show; what it lacks is written in plain letters."""
    from staffopt.cli.streams import showable

    encoding = sys.stdout.encoding or "utf-8"
    return {"encoding": encoding, "signs": showable(_SIGNS, encoding) == _SIGNS}


def _completion() -> dict[str, bool]:
    """Say for which shells completion is installed."""
    from pathlib import Path

    return {shell: (Path.home() / file).is_file() for shell, file in _COMPLETIONS.items()}


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
    for package in health["packages"]:
        required = f" ({package['required']})" if package["required"] else ""
        fault = f": {package['fault']}" if package["fault"] else ""
        lines.append(f"  {package['name']} {package['version'] or '–'}{required}{fault}")
    lines += [f"{kind}: {where}" for kind, where in health["files"].items()]
    for backend in health["backends"]:
        known = f"{backend['package']} {backend['version'] or ''}".rstrip()
        state = "ok" if backend["ok"] else f"not usable: {backend['reason']}"
        trial = f", self-test: {backend['trial']}" if backend["trial"] else ""
        lines.append(f"solver {backend['name']} ({known}): {state}{trial}")
    lines += [f"{name} {state}" for name, state in health["folders"].items()]
    terminal = health["terminal"]
    signs = "every sign" if terminal["signs"] else "plain letters for signs that it lacks"
    lines.append(f"terminal: {terminal['encoding']}, {signs}")
    shells = [shell for shell, there in health["completion"].items() if there]
    lines.append(
        f"completion: {', '.join(shells) or 'not installed; staffopt --install-completion'}"
    )
    lines.append("All is well." if health["ok"] else "Something is wrong; see above.")
    return "\n".join(lines)
