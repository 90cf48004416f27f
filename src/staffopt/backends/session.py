"""The parent's side of a solve: limits held from outside, crashes told, answers audited."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Backend, Changes, Options, Progress, Solution, Watch, Why
from staffopt.backends.guard import audit, check_options, point_fault
from staffopt.backends.held import Held, difference, hold
from staffopt.backends.launch import launch, worker_command
from staffopt.backends.process import WorkerGone, WorkerProcess
from staffopt.backends.registry import Isolation, create, require
from staffopt.backends.wire import Frame, WireError, read_progress, read_solution, solve_frame
from staffopt.errors import BackendError

POLL = 0.1
"""Seconds between two looks at the clock and two calls of ``watch``."""

START_LIMIT = 60.0
"""Seconds that a worker may take to start; they do not count as solving."""

CANCEL_GRACE = 2.0
"""Seconds from a cancel to the worker's end by force."""

LIMIT_GRACE = (2.0, 0.1)
"""What a solver may overrun its time limit by: seconds, or this share if that is longer."""


class _Refused(BackendError):
    """The worker's solver does not take this program or this option."""


def ignore(_progress: Progress) -> bool:
    """Watch nothing and never stop."""
    return False


class Session:
    """One solver for one caller at a time, in a worker that outlives a solve.

    Every answer is audited: one that cannot be true becomes :attr:`Why.FAILED`. A worker that
    crashes, hangs past its limit or lies in its frames is ended; the next solve starts another
    and gives it what this session holds. Methods may be called from any thread; solves take turns.

    Args:
        name: a backend of :data:`staffopt.backends.NAMES`.
        isolation: ``worker``, or ``inline`` to solve in this process, where no limit can be held
            from outside and a crash is the caller's.
        command: the program to run as worker in the place of staffopt's own; it calls
            :func:`staffopt.worker.serve`.
        launched: a worker that :func:`staffopt.backends.launch.launch` has already started.

    Raises:
        UnknownName, BackendMissing, BackendError: as :func:`staffopt.backends.require`.
    """

    def __init__(
        self,
        name: str,
        isolation: Isolation = "worker",
        *,
        command: Sequence[str] | None = None,
        launched: subprocess.Popen[bytes] | None = None,
    ) -> None:
        if command is None:
            require(name, isolation)
            command = worker_command(name) if isolation == "worker" else ()
        self.name = name
        self._command = tuple(command)
        self._inline: Backend | None = create(name) if isolation == "inline" else None
        self._worker = None if launched is None else WorkerProcess(launched)
        self._held: Held | None = None
        self._sent: Held | None = None
        self._number = 0
        self._lock = threading.Lock()

    def solve(
        self,
        matrix: Matrix | None,
        changes: Changes | None = None,
        options: Options | None = None,
        watch: Watch = ignore,
    ) -> Solution:
        """Solve; ``matrix`` None re-solves what is held with ``changes`` applied to it.

        ``watch`` is called about every :data:`POLL` seconds and at every incumbent, whether or
        not the solver says anything.

        Raises:
            BackendError: a number or option is refused, or the worker cannot be started.
        """
        options = options or Options()
        with self._lock:
            check_options(options)
            held = self._held = hold(self._held, matrix, changes or Changes())
            started = time.monotonic()
            solution = self._solve(held, options, watch)
            fault = audit(solution, held, options.gap)
            if fault:
                told = solution.backend or self.name
                solution = Solution(Why.FAILED, backend=told, message=f"{told} lied: {fault}")
            return solution if solution.seconds else replace(solution, seconds=_since(started))

    def prove(
        self, task: Mapping[str, Any], watch: Watch = ignore, limit: float | None = None
    ) -> Mapping[str, Any]:
        """Prove claims where the solver is; see :func:`staffopt.certify.prove.prove`.

        What comes of it is for the checker to believe, not for the caller. What the session holds
        stays as it is.

        Args:
            task: the program and its claims.
            watch: as for :meth:`solve`.
            limit: wall seconds, after which what is proved so far is the answer.

        Returns:
            the results; none where the worker crashed, hung or was stopped too late to tell.

        Raises:
            BackendError: the worker cannot be started.
        """
        ending = _Ending(watch, limit)
        with self._lock:
            if self._inline is not None:
                from staffopt.certify.prove import prove

                return prove(task, ending.due)
            if self._worker is None:
                self._worker = WorkerProcess(launch(self._command))
            self._number += 1
            try:
                self._worker.send(Frame("prove", self._number, task))
                return _follow(self._worker, self._number, ending)
            except BackendError:
                self._drop(force=True)
                return {"results": []}
            except BaseException:  # Ctrl-C, or the caller's own error in ``watch``
                self._drop(force=True)
                raise

    def dismiss(self) -> None:
        """Ask the worker to end, without waiting for it; :meth:`close` does."""
        with self._lock:
            if self._worker is not None:
                self._worker.dismiss()

    def close(self) -> None:
        """End the worker; a later solve starts another."""
        with self._lock:
            self._drop(force=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _solve(self, held: Held, options: Options, watch: Watch) -> Solution:
        given = difference(self._sent, held)
        matrix = held.matrix if given is None else None
        changes = Changes(cost=held.cost, start=held.start) if given is None else given
        # Should the call not come to its end, nothing is known of what the other side holds.
        self._sent = None
        if self._inline is not None:
            solution = self._inline.solve(matrix, changes, options, watch)
        else:
            solution = self._ask(held, matrix, changes, options, watch)
        if self._inline is not None or self._worker is not None:
            self._sent = replace(held, start=None)
        return solution

    def _ask(
        self,
        held: Held,
        matrix: Matrix | None,
        changes: Changes,
        options: Options,
        watch: Watch,
    ) -> Solution:
        if self._worker is None:
            self._worker = WorkerProcess(launch(self._command))
        self._number += 1
        call = _Call(self._number, held, options, watch, time.monotonic() + START_LIMIT)
        try:
            self._worker.send(solve_frame(self._number, matrix, changes, options))
            solution = _wait(self._worker, call)
        except (WorkerGone, WireError) as error:
            self._drop(force=True)
            return Solution(Why.FAILED, backend=self.name, message=str(error))
        except _Refused:  # the worker is well, and ready for another program
            raise
        except BaseException:  # Ctrl-C, or the caller's own error in ``watch``
            self._drop(force=True)
            raise
        if call.overdue:
            self._drop(force=True)
        return solution

    def _drop(self, *, force: bool) -> None:
        worker, self._worker, self._sent = self._worker, None, None
        if worker is not None and force:
            worker.kill()
        elif worker is not None:
            worker.close()


@dataclass(slots=True)
class _Call:
    """One solve under way."""

    number: int
    held: Held
    options: Options
    watch: Watch
    deadline: float | None
    started: float = 0.0
    cancelled: bool = False
    overdue: bool = False
    best: FloatArray | None = None
    objective: float | None = None
    bound: float | None = None

    def begin(self) -> None:
        """Start the clock: the worker is up and solving."""
        self.started = time.monotonic()
        limit = self.options.time_limit
        if not self.cancelled:
            least, share = LIMIT_GRACE
            late = None if limit is None else limit + max(least, share * limit)
            self.deadline = None if late is None else self.started + late

    def note(self, progress: Progress) -> Progress:
        """Keep what is news, and strip a point that the program does not allow."""
        if progress.values is not None and point_fault(progress.values, self.held):
            progress = Progress(progress.seconds, bound=progress.bound, line=progress.line)
        if progress.values is not None:
            self.best = progress.values
            self.objective = float(self.held.cost @ progress.values)
        self.bound = self.bound if progress.bound is None else progress.bound
        return progress

    def tell(self, worker: WorkerProcess, progress: Progress) -> None:
        """Tell the caller, and pass on its wish to stop."""
        if self.watch(progress) and not self.cancelled:
            self.cancelled = True
            worker.send(Frame("cancel", self.number))
            self.deadline = min(self.deadline or float("inf"), time.monotonic() + CANCEL_GRACE)

    def heartbeat(self) -> Progress:
        """Say how far it has come when the solver says nothing."""
        seconds = _since(self.started) if self.started else 0.0
        return Progress(seconds, self.objective, self.bound)

    def give_up(self) -> Solution:
        """Answer for a worker that does not, with the best point that it has streamed."""
        if not self.started:
            return Solution(Why.FAILED, message=f"the worker did not start in {START_LIMIT:g} s")
        why = Why.CANCELLED if self.cancelled else Why.TIME_LIMIT
        words = "the solver did not stop by itself and was ended"
        point = self.best, None if self.best is None else self.objective, self.bound
        return Solution(why, *point, seconds=_since(self.started), message=words)


@dataclass(slots=True)
class _Ending:
    """When a proof has to end: at its limit, or when the caller says so."""

    watch: Watch
    limit: float | None
    started: float = field(default_factory=time.monotonic)
    looked: float = 0.0
    over: bool = False

    def due(self) -> bool:
        """Say whether it has to end now; the caller is asked about every :data:`POLL` seconds."""
        seconds = _since(self.started)
        if not self.over and seconds >= self.looked + POLL:
            self.looked = seconds
            self.over = self.watch(Progress(seconds))
        self.over = self.over or (self.limit is not None and seconds >= self.limit)
        return self.over


def _follow(worker: WorkerProcess, number: int, ending: _Ending) -> Mapping[str, Any]:
    """Follow a proof to its end.

    Raises:
        BackendError: the worker is gone, or does not stop when it is told to.
    """
    deadline: float | None = None
    while deadline is None or time.monotonic() < deadline:
        frame = worker.receive(POLL)
        if frame is not None and frame.kind == "proof" and frame.number == number:
            return frame.head
        if frame is not None and frame.kind in ("failed", "refused"):
            raise BackendError(str(frame.head.get("message")))
        if deadline is None and ending.due():
            worker.send(Frame("cancel", number))
            deadline = time.monotonic() + CANCEL_GRACE
    raise BackendError("the proof did not stop by itself")


def _wait(worker: WorkerProcess, call: _Call) -> Solution:
    """Follow a solve to its end, or to its deadline."""
    while True:
        frame = worker.receive(POLL)
        if frame is not None and frame.number == call.number:
            solution = _hear(worker, call, frame)
            if solution is not None:
                return solution
        elif frame is not None and frame.kind == "refused":
            raise BackendError(str(frame.head.get("message")))
        elif frame is None:
            call.tell(worker, call.heartbeat())
        if call.deadline is not None and time.monotonic() > call.deadline:
            call.overdue = True
            return call.give_up()


def _hear(worker: WorkerProcess, call: _Call, frame: Frame) -> Solution | None:
    """Take in one frame; the solution, if it is one."""
    match frame.kind:
        case "started":
            call.begin()
        case "progress":
            call.tell(worker, call.note(read_progress(frame)))
        case "solution":
            return read_solution(frame)
        case "failed":
            return Solution(Why.FAILED, message=str(frame.head.get("message")))
        case "refused":
            raise _Refused(str(frame.head.get("message")))
        case _:
            raise WireError(f"a frame of kind {frame.kind!r}")
    return None


def _since(started: float) -> float:
    return time.monotonic() - started
