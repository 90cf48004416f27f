import runpy
from pathlib import Path

import pytest

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_engine.py")))


@pytest.mark.parametrize("first", [0, 10, 20])
def test_random_questions_are_answered_as_the_verifier_would_or_refused(first):
    ends = {seed: FUZZ["try_one"](seed) for seed in range(first, first + 10)}

    assert {seed: end for seed, end in ends.items() if end.startswith("DEFECT")} == {}


@pytest.mark.parametrize(
    "seed",
    [
        9149,  # a goal's tolerance and half its quantum leave room for whole heads too many
    ],
)
def test_a_question_that_was_once_answered_wrongly_is_answered(seed):
    assert not FUZZ["try_one"](seed).startswith("DEFECT")


def test_random_questions_are_neither_all_refused_nor_all_without_a_plan():
    kinds = {FUZZ["try_one"](seed).split()[0] for seed in range(30, 45)}

    assert {"plan", "infeasible"} <= kinds
