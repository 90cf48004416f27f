"""CBC, the independent second opinion: another code base, run as a program of its own."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Watch, Why
from staffopt.backends.apart import ray_first
from staffopt.backends.binary import find_cbc
from staffopt.backends.guard import check_options, point_fault, settle
from staffopt.backends.held import Held, hold
from staffopt.backends.mps import read_values, write_mps
from staffopt.backends.pace import INTERVAL, Pace
from staffopt.errors import BackendMissing

STATUS: dict[str, Why] = {
    "Optimal": Why.OPTIMAL,
    "Optimal (within gap tolerance)": Why.OPTIMAL,
    "Infeasible": Why.INFEASIBLE,
    "Integer infeasible": Why.INFEASIBLE,
    "Unbounded": Why.UNBOUNDED,
    "Stopped on time": Why.TIME_LIMIT,
    "Stopped on iterations or time": Why.TIME_LIMIT,
    "Stopped on iterations": Why.TIME_LIMIT,  # no limit but the clock is ever set
    "Stopped on ctrl-c": Why.CANCELLED,
    "Stopped on user event": Why.CANCELLED,
    "Stopped on nodes": Why.FAILED,  # no such limit is ever set
    "Stopped on solutions": Why.FAILED,  # no such limit is ever set
    "Stopped on difficulties": Why.FAILED,
    "Stopped": Why.FAILED,
    "Status unknown": Why.FAILED,
    "Unknown": Why.FAILED,
}
"""The first line of a CBC solution file, up to its objective, in our words."""

RELAXED = "(no integer solution - continuous used)"
"""CBC's remark that the values it prints are the relaxation's: no plan is held."""

NO_PREPROCESSING = ("-preprocess", "off")

TOLERANCES = ("-primalTolerance", "1e-9", "-dualTolerance", "1e-9", "-integerTolerance", "1e-9")

_NUMBER = r"([-+0-9.eE]+)"
_VERSION = re.compile(r"^Version:\s*(\S+)")
_INCUMBENT = re.compile(rf"^Cbc0012I Integer solution of {_NUMBER} found")
_NODES = re.compile(rf"^Cbc0010I .* {_NUMBER} best solution, best possible {_NUMBER}")
_PARTIAL = re.compile(rf"^Cbc0005I .*\(best possible {_NUMBER}\)")
_NOT_YET = 1e49
"""CBC writes 1e50 for a best solution that it does not have."""


@dataclass(slots=True)
class _Log:
    """What CBC's lines have told so far."""

    version: str = ""
    objective: float | None = None
    bound: float | None = None
    last: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        self.last = [*self.last[-4:], line]
        if found := _VERSION.match(line):
            self.version = found[1]
        elif found := _INCUMBENT.match(line):
            self.objective = float(found[1])
        elif found := _NODES.match(line):
            best = float(found[1])
            self.objective = best if abs(best) < _NOT_YET else None
            self.bound = float(found[2])
        elif found := _PARTIAL.match(line):
            self.bound = float(found[1])


class Cbc:
    """CBC as PuLP brings it; see :class:`staffopt.algebra.solution.Backend`.

    It has no warm basis and takes no start: every call writes the program anew.
    """

    name = "cbc"

    def __init__(self) -> None:
        program = find_cbc()
        if program is None:
            raise BackendMissing("no CBC for this platform")
        self._program = program
        self._held: Held | None = None

    def solve(
        self, matrix: Matrix | None, changes: Changes, options: Options, watch: Watch
    ) -> Solution:
        """Solve; ``matrix`` None means the one held.

        Raises:
            BackendError: a number or option is refused, or CBC's files are not of their form.
        """
        check_options(options)
        held = self._held = hold(self._held, matrix, changes)
        pace = Pace(watch)
        solution = settle(held) or ray_first(held, lambda asked: self._run(asked, options, pace))
        name = solution.backend or self.name
        return replace(solution, backend=name, seconds=pace.seconds)

    def _run(self, held: Held, options: Options, pace: Pace) -> Solution:
        """Run CBC, and without its preprocessing where the point that it gives is none.

        Of some thousands of tiny councils CBC 2.10.3 calls one optimal that has no plan, at a
        point that breaks a row by half a post; without preprocessing it calls it infeasible.
        """
        solution = self._once(held, options, pace)
        if solution.values is None or not point_fault(solution.values, held):
            return solution
        return self._once(held, options, pace, *NO_PREPROCESSING)

    def _once(self, held: Held, options: Options, pace: Pace, *more: str) -> Solution:
        log = _Log()
        with TemporaryDirectory(prefix="staffopt-") as folder:
            write_mps(held, Path(folder, "program.mps"))
            command = [str(self._program), "program.mps", *more, *_arguments(options, pace.seconds)]
            code = _execute(command, folder, log, pace, log_lines=options.log)
            pace.reraise()
            if pace.stopped:
                solution = Solution(Why.CANCELLED, bound=_bound(log, held))
            else:
                solution = _read(Path(folder), held, log, code)
        return replace(solution, backend=f"{self.name} {log.version}".rstrip())


def _arguments(options: Options, spent: float) -> Iterator[str]:
    yield from TOLERANCES
    yield from ("-ratio", repr(options.gap), "-allow", "0", "-increment", "0")
    yield from ("-randomSeed", str(options.seed + 1), "-randomCbcSeed", str(options.seed + 1))
    if options.threads > 1:
        yield from ("-threads", str(options.threads))
    if options.time_limit is not None:
        # 0 would be no limit at all.
        left = max(0.01, options.time_limit - spent)
        yield from ("-timeMode", "elapsed", "-sec", repr(left))
    yield from ("-solve", "-solution", "solution.txt", "-saveSolution", "solution.bin")


def _execute(command: list[str], folder: str, log: _Log, pace: Pace, *, log_lines: bool) -> int:
    """Run CBC, reporting as its lines come, and kill it where the caller asks to stop."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    with subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        creationflags=flags,
    ) as process:
        lines = _lines(process)
        while (line := _next(lines)) is not None:
            if line:
                log.read(line)
            said = line if line and log_lines else None
            if pace.report(Progress(pace.seconds, log.objective, log.bound, line=said)):
                process.kill()
                break
        return process.wait()


def _lines(process: subprocess.Popen[str]) -> queue.SimpleQueue[str | None]:
    """Read a program's lines in a thread, so that a silent program can still be stopped."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.rstrip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: queue.SimpleQueue[str | None]) -> str | None:
    """Give the next line, an empty one after a silence, or None at the end."""
    try:
        return lines.get(timeout=INTERVAL)
    except queue.Empty:
        return ""


def _read(folder: Path, held: Held, log: _Log, code: int) -> Solution:
    text = folder / "solution.txt"
    if code != 0 or not text.exists():
        return Solution(Why.FAILED, message=f"CBC ended with code {code}: {' / '.join(log.last)}")
    with text.open(encoding="utf-8", errors="replace") as file:
        words = file.readline().partition(" - objective value")[0].strip()
    why = STATUS.get(words.removesuffix(RELAXED).rstrip())
    if why is None or why is Why.FAILED:
        return Solution(Why.FAILED, message=f"CBC says: {words}")
    whole = bool(held.matrix.integer.any())
    if why is Why.OPTIMAL or (why is Why.TIME_LIMIT and whole and RELAXED not in words):
        values = read_values(folder / "solution.bin", held.matrix.columns)
        objective = float(held.cost @ values)
        proved = objective if words == "Optimal" else _bound(log, held)
        return Solution(why, values, objective, proved)
    return Solution(why, bound=_bound(log, held) if why is Why.TIME_LIMIT else None)


def _bound(log: _Log, held: Held) -> float | None:
    return log.bound if held.matrix.integer.any() else None
