import runpy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_reader.py")))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**32))
def test_a_mutated_file_is_read_or_refused_with_faults_and_nothing_else(seed):
    assert FUZZ["read_mutant"](seed) in ("read", "faults")


def test_mutants_are_neither_all_read_nor_all_refused():
    ended = {FUZZ["read_mutant"](seed) for seed in range(40)}

    assert ended == {"read", "faults"}


def test_a_mutant_can_be_made_again():
    assert FUZZ["mutate"]("a: b\nc: d\n", 7) == FUZZ["mutate"]("a: b\nc: d\n", 7)
