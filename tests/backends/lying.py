"""A backend that lies, served as a worker: ``python lying.py LIE``.

Without a lie named, one worker tells that of :data:`LIES` which the solve's seed counts.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

from staffopt.algebra.solution import Progress, Solution, Why
from staffopt.worker import serve

NAN = float("nan")

LIES = (
    "infeasible_point",
    "broken_bound",
    "not_whole",
    "wrong_objective",
    "nan_objective",
    "nan_values",
    "wrong_length",
    "no_values",
    "stale_values",
    "bound_below",
    "bound_above",
    "unknown_word",
    "python_error",
)


def optimal(*values, objective=0.0, bound=None):
    return Solution(Why.OPTIMAL, np.array(values, dtype=float), objective, bound)


class LyingBackend:
    """Tells one lie about: minimise x + y, x + y ≥ 2, both from 0 to 5, x whole (optimum 2)."""

    name = "lying"

    def __init__(self, lie):
        self._lie = lie

    def solve(self, _matrix, _changes, options, watch):
        self._watch = watch
        return getattr(self, self._lie or LIES[options.seed])()

    def truth(self):
        return optimal(2, 0, objective=2.0, bound=2.0)

    def infeasible_point(self):
        return optimal(1, 0.5, objective=1.5, bound=1.5)

    def broken_bound(self):
        return optimal(-1, 3, objective=2.0, bound=2.0)

    def not_whole(self):
        return optimal(0.5, 1.5, objective=2.0, bound=2.0)

    def wrong_objective(self):
        return optimal(2, 0, objective=1.0, bound=1.0)

    def nan_objective(self):
        return optimal(2, 0, objective=NAN)

    def nan_values(self):
        return optimal(NAN, 2, objective=2.0)

    def wrong_length(self):
        return optimal(2, 0, 0, objective=2.0)

    def no_values(self):
        return Solution(Why.OPTIMAL, objective=2.0)

    def stale_values(self):
        return Solution(Why.INFEASIBLE, np.array([2.0, 0.0]), 2.0)

    def bound_below(self):
        return optimal(5, 0, objective=5.0, bound=2.0)

    def bound_above(self):
        return optimal(2, 0, objective=2.0, bound=3.0)

    def unknown_word(self):
        return Solution("splendid")

    def chatter(self):
        sys.stdout.write("Set parameter Username\n")
        sys.stdout.flush()
        os.write(1, b"SOF1 said the solver\n" * 2000)
        return self.truth()

    def garbage(self):
        # The frames' own pipe is the highest number that the worker opened.
        pipes = [int(fd.name) for fd in Path("/proc/self/fd").iterdir() if _pipe(fd)]
        os.write(max(pipes), b"hello\n")
        return self.truth()

    def python_error(self):
        raise ZeroDivisionError("a solver's own mistake")

    def crash(self):
        sys.stderr.write("assertion failed: basis\n")
        sys.stderr.flush()
        os.abort()

    def exits(self):
        sys.stderr.write("license expired\n")
        sys.stderr.flush()
        os._exit(7)

    def hang(self):
        self._watch(Progress(0.1, 3.0, 1.0, np.array([3.0, 0.0])))
        self._watch(Progress(0.2, 1.0, 1.5, np.array([1.0, 0.0])))  # breaks the row: not to be kept
        while True:
            time.sleep(1)

    def hang_silently(self):
        while True:
            time.sleep(1)


def _pipe(fd):
    try:
        return "pipe" in str(fd.readlink())
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(serve(lambda: LyingBackend("".join(sys.argv[1:]))))
