"""Every form of a choice states the same question; what each takes is read, not asserted."""

from __future__ import annotations

import pytest

import formulations

SMALL = {
    "bands": formulations.Size(2, 3),
    "steps": formulations.Size(3, 1),
    "terms": formulations.Size(2, 9),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("choice", formulations.FORMS)
def test_every_form_has_the_same_optimum_and_a_root_bound_below_it(choice, seed):
    found = list(formulations.measure(choice, SMALL[choice], seed, seconds=60))
    values = [one.value for one in found]
    assert values == pytest.approx([values[0]] * len(found))
    assert all(one.root <= one.value + 1e-6 for one in found)
