import runpy
from pathlib import Path

import pytest

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_rules.py")))


@pytest.mark.parametrize("first", [0, 25])
def test_more_rules_are_kept_as_the_verifier_has_them_or_refused(first):
    ends = {seed: FUZZ["try_one"](seed) for seed in range(first, first + 25)}

    assert {seed: end for seed, end in ends.items() if end.startswith("DEFECT")} == {}
    assert {"plan", "Infeasible"} <= {*ends.values()}
