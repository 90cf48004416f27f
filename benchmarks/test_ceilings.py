"""The sweeps of `ceilings.py`, small enough to run wherever benchmarks do."""

import ceilings


def test_a_sweep_of_linear_programs_reaches_the_goals_of_solves_alone(tmp_path):
    case = ceilings.linear(tmp_path, teams=3, months=12, questions=3)
    assert ceilings.compare(case, rounds=1).solves == 3


def test_a_sweep_of_whole_posts_reaches_the_goals_of_solves_alone():
    assert 0 < ceilings.compare(ceilings.mix(8), rounds=1).solves <= 8
