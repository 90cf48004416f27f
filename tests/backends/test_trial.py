"""The doctor's own trial of a solver."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest

from staffopt.algebra.solution import Solution, Why
from staffopt.backends import NAMES, trial
from staffopt.errors import BackendError


@pytest.mark.parametrize("name", NAMES)
def test_a_solver_that_works_passes(name):
    assert trial.try_backend(name) == "solved"


@pytest.mark.parametrize(
    ("solution", "words"),
    [
        # 5.4 posts at 41,839: the relaxation, not 6 whole ones.
        (Solution(Why.OPTIMAL, np.array([5.4]), 225930.6), "optimal at 225,930.6 where 251,034"),
        (Solution(Why.FAILED, message="the worker ended"), "failed where .* the worker ended"),
    ],
)
def test_a_solver_that_is_wrong_does_not(monkeypatch, solution, words):
    monkeypatch.setattr(trial.Session, "solve", lambda *_: solution)
    assert re.search(words, trial.try_backend("highs"))


def test_pulp_s_solvers_are_found_without_importing_pulp_here():
    assert {"pulp:PULP_CBC_CMD", "pulp:HiGHS"} <= set(trial.pulp_backends())


def test_a_pulp_that_does_not_answer_has_no_solvers(monkeypatch):
    def silent(*_args, **_options):
        raise subprocess.TimeoutExpired("python", 20)

    monkeypatch.setattr(trial.subprocess, "run", silent)
    assert trial.pulp_backends() == []


def test_a_solver_that_is_not_there_says_so():
    with pytest.raises(BackendError, match="finds no solver called nonesuch"):
        trial.try_backend("pulp:nonesuch")
