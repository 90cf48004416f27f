"""The sweep of `desks.py` on a council small enough to run wherever benchmarks do."""

import desks


def test_a_sweep_reaches_the_same_goals_cold_and_warm():
    times = desks.compare(desks.sweep("three goals", teams=3, months=12, step=0, questions=3))
    assert times.ratio > 0
