"""Tries a solver on a program whose answer is known, in a worker, as every solve runs."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.registry import PULP
from staffopt.backends.session import Session

SECONDS = 20.0
"""How long a trial may take, and how long PuLP may look for its solvers."""

NEED, SALARY, ANSWER = 5.4, 41_839.0, 251_034.0
"""Social workers at £41,839 for 5.4 posts of need: 6 whole posts, £251,034."""

SOLVED = "solved"

_FIND = "import json, pulp; print(json.dumps(pulp.listSolvers(onlyAvailable=True)))"


def try_backend(name: str) -> str:
    """Solve with a backend; :data:`SOLVED`, or what went wrong in a line.

    Raises:
        UnknownName, BackendMissing, BackendError: it cannot be used, or refuses the trial.
    """
    program = Matrix(
        indptr=np.array([0, 1], dtype=np.int64),
        indices=np.array([0], dtype=np.int32),
        data=np.array([1.0]),
        row_lower=np.array([NEED]),
        row_upper=np.array([np.inf]),
        col_lower=np.array([0.0]),
        col_upper=np.array([100.0]),
        integer=np.array([True]),
    )
    with Session(name) as session:
        changes, options = Changes(cost=np.array([SALARY])), Options(time_limit=SECONDS)
        found = session.solve(program, changes, options)
    if found.why is Why.OPTIMAL and found.objective == ANSWER:
        return SOLVED
    said = found.why if found.objective is None else f"{found.why} at {found.objective:,}"
    return f"{said} where {ANSWER:,} is right {found.message}".strip()


def pulp_backends() -> list[str]:
    """Name the backends that the installed PuLP finds; empty where it is missing or finds none.

    PuLP is asked in a process of its own, since importing it loads highspy.
    """
    command = [sys.executable, "-P", "-W", "ignore", "-c", _FIND]
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
        )
        return [PULP + str(name) for name in json.loads(done.stdout.splitlines()[-1])]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return []
