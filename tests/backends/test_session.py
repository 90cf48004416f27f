"""What the session catches: lies, crashes, hangs, limits that a solver does not hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from lying import LIES
from programs import UP, knapsacks, matrix

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends import NAMES
from staffopt.backends.session import Session
from staffopt.errors import BackendError

HERE = str(Path(__file__).parent)

posix = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PROGRAM = matrix([[1, 1]], [(2, np.inf)], [(0, 5), (0, 5)], (0, 1))
COST = Changes(cost=np.array([1.0, 1.0]))


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ("infeasible_point", "breaks the row 0 by 0.5"),
        ("broken_bound", "breaks the bound of column 0 by 1"),
        ("not_whole", "breaks the wholeness of column 0"),
        ("wrong_objective", "the objective is said to be 1"),
        ("nan_objective", "the objective is said to be nan"),
        ("nan_values", "the value of column 0 is not a number"),
        ("wrong_length", "3 values for 2 columns"),
        ("no_values", "holds no point"),
        ("stale_values", "infeasible, yet it holds a point"),
        ("bound_below", "the bound 2 is below the objective 5"),
        ("bound_above", "the bound 3 is above the objective 2"),
        ("unknown_word", "not a solution"),
        ("python_error", "ZeroDivisionError: a solver's own mistake"),
    ],
)
def test_a_lie_is_told_and_leaves_no_number(liar, lie, words):
    solution = liar.solve(PROGRAM, COST, Options(seed=LIES.index(lie)))
    assert solution.why is Why.FAILED
    assert words in solution.message
    assert (solution.values, solution.objective, solution.bound) == (None, None, None)


def test_what_a_solver_prints_does_not_reach_the_frames(lying):
    assert lying("chatter").solve(PROGRAM, COST).objective == 2


@linux
def test_garbage_in_the_frames_ends_the_worker(lying):
    solution = lying("garbage").solve(PROGRAM, COST)
    assert solution.why is Why.FAILED
    assert "broke the protocol" in solution.message


def test_an_exit_is_told_with_its_code_and_last_words(lying):
    solution = lying("exits").solve(PROGRAM, COST)
    assert solution.why is Why.FAILED
    assert "exit code 7" in solution.message
    assert "license expired" in solution.message


@posix
def test_a_crash_is_told_with_its_signal_and_last_words(lying):
    session = lying("crash")
    for _ in range(2):  # the second solve starts a worker of its own
        solution = session.solve(PROGRAM, COST)
        assert solution.why is Why.FAILED
        assert "SIGABRT" in solution.message
        assert "assertion failed: basis" in solution.message


def test_a_time_limit_holds_from_outside_and_keeps_the_last_lawful_incumbent(lying):
    solution = lying("hang").solve(PROGRAM, COST, Options(time_limit=0.2))  # which it never ends
    assert solution.why is Why.TIME_LIMIT
    assert solution.values.tolist() == [3, 0]
    assert (solution.objective, solution.bound) == (3, 1.5)


def test_a_cancel_holds_from_outside_though_the_solver_says_nothing(lying):
    solution = lying("hang_silently").solve(PROGRAM, COST, Options(), lambda _: True)
    assert solution.why is Why.CANCELLED
    assert solution.values is None


@posix
@pytest.mark.parametrize("name", NAMES)
def test_a_killed_worker_takes_nothing_with_it_and_the_next_solve_starts_another(name):
    program, cost = knapsacks(exactly=True)
    with Session(name) as session:
        session.solve(PROGRAM, COST)
        victim = session._worker.pid
        threading.Timer(0.4, os.kill, [victim, signal.SIGKILL]).start()
        solution = session.solve(program, Changes(cost=cost), Options(time_limit=20))
        assert solution.why is Why.FAILED
        assert "SIGKILL" in solution.message
        # The session sends what it holds, with the change applied to it.
        relaxed = np.full(5, -np.inf)
        again = session.solve(None, Changes(row_lower=relaxed), Options(time_limit=0.4))
        assert again.why is Why.TIME_LIMIT
        assert again.objective < 0
        assert session._worker.pid != victim


def test_an_error_of_the_watcher_passes_through_and_the_session_goes_on():
    program, cost = knapsacks(exactly=True)

    def interrupt(_):
        raise KeyboardInterrupt

    with Session("highs") as session:
        with pytest.raises(KeyboardInterrupt):
            session.solve(program, Changes(cost=cost), Options(time_limit=20), interrupt)
        assert session.solve(PROGRAM, COST).objective == pytest.approx(2)


@posix
def test_ctrl_c_reaches_the_parent_and_not_the_worker():
    script = (
        "import os, signal, sys, threading\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from programs import knapsacks\n"
        "from staffopt.algebra.solution import Changes, Options\n"
        "from staffopt.backends.session import Session\n"
        "program, cost = knapsacks(exactly=True)\n"
        "stop = threading.Event()\n"
        "signal.signal(signal.SIGINT, lambda *_: stop.set())\n"
        "session = Session('highs')\n"
        "session.solve(program, Changes(cost=cost), Options(time_limit=0.1))\n"
        "before = session._worker.pid\n"
        "threading.Timer(0.3, os.killpg, [0, signal.SIGINT]).start()\n"
        "found = session.solve(None, None, Options(time_limit=20), lambda _: stop.is_set())\n"
        "print(found.why, stop.is_set(), session._worker.pid == before)\n"
        "session.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, HERE],
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=True,
        start_new_session=True,
    )
    assert done.stdout.split("\n")[0] == "cancelled True True"


@linux
def test_a_worker_ends_with_its_parent_even_while_solving():
    script = (
        "import os, signal, sys, threading\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from programs import knapsacks\n"
        "from staffopt.algebra.solution import Changes, Options\n"
        "from staffopt.backends.session import Session\n"
        "program, cost = knapsacks(exactly=True)\n"
        "session = Session('cbc')\n"
        "def die(progress):\n"
        "    if progress.seconds > 0.3:\n"
        "        print(session._worker.pid, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "session.solve(program, Changes(cost=cost), Options(time_limit=30), die)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, HERE],
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    group = int(done.stdout)
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while _members(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _members(group) == []


def _members(group):
    """List the living processes of a group: the worker, and the CBC that it started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        state, _, members = stat.rpartition(")")[2].split()[:3]
        if int(members) == group and state != "Z":
            found.append(folder.name)
    return found


def test_threads_take_turns_at_one_session(sessions):
    program = matrix([[1]], [(0, np.inf)], [UP])
    found = {}

    def ask(need):
        bounds = matrix([[1]], [(need, np.inf)], [UP])
        found[need] = sessions["highs"].solve(bounds, Changes(cost=np.array([1.0]))).objective

    threads = [threading.Thread(target=ask, args=[float(need)]) for need in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == pytest.approx({float(need): float(need) for need in range(8)})
    assert sessions["highs"].solve(program).objective == 0


@pytest.mark.parametrize("name", NAMES)
def test_inline_gives_the_same_answer_and_holds_what_it_was_given(name):
    with Session(name, "inline") as session:
        assert session.solve(PROGRAM, COST).objective == pytest.approx(2)
        higher = session.solve(None, Changes(row_lower=np.array([3.0])))
        assert higher.objective == pytest.approx(3)


@pytest.mark.parametrize("name", NAMES)
def test_inline_passes_on_an_error_of_the_watcher_once_the_solver_has_returned(name):
    program, cost = knapsacks(exactly=True)

    def complain(_):
        raise LookupError("the watcher's own")

    session = Session(name, "inline")
    with pytest.raises(LookupError, match="the watcher's own"):
        session.solve(program, Changes(cost=cost), Options(time_limit=20), complain)
    assert session.solve(PROGRAM, COST).objective == pytest.approx(2)


def test_a_closed_session_opens_again_at_the_next_solve():
    session = Session("highs")
    session.solve(PROGRAM, COST)
    session.close()
    session.close()
    assert session.solve(None).objective == pytest.approx(2)
    session.close()


def test_a_first_solve_without_a_matrix_is_refused():
    with Session("highs") as session, pytest.raises(BackendError, match="none is held"):
        session.solve(None)


def test_a_command_that_is_not_there_is_named():
    session = Session("lying", command=["no-such-program-here"])
    with pytest.raises(BackendError, match="no-such-program-here"):
        session.solve(PROGRAM, COST)
