"""What would have to give is told in words: one of a thing is one thing."""

import pytest

import staffopt as so


def test_a_package_that_is_required_and_pinned_out_is_short_by_one_package():
    council = so.load("nottinghamshire-2018")
    pins = {"pins.packages.project_team": "false"}
    with pytest.raises(so.Infeasible) as raised:
        so.solve(council, overrides=pins, cross_check=False)
    (clash,) = raised.value.conflict
    assert clash.words.endswith("by 1 package")
