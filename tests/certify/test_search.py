"""What is proved is true, what is true is proved, and nothing else can be."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from small_programs import NO_POINT, below, certificate, least, program, proved, seek
from staffopt.certify.checker import check
from staffopt.certify.relaxation import Hint, Relaxation

CENT = Fraction(1, 100)


def drawn(seed, *, loose):
    """Draw a program of three whole columns, and one that need not be whole if asked.

    Coefficients are fractions, rows one-sided, two-sided or equations; the continuous column may
    be free, and a whole one without an upper bound is held back by a row.
    """
    rng = Random(f"program {seed} {loose}")
    columns = [(rng.randint(-2, 0), rng.randint(1, 4), True) for _ in range(3)]
    if rng.random() < 0.5:
        columns[0] = (columns[0][0], None, True)
    rows = [([1, 1, 1], None, rng.randint(3, 6))]
    if loose:
        columns.append(
            rng.choice([(None, None, False), (0, None, False), (-1, Fraction(7, 3), False)])
        )
        rows = [([*rows[0][0], 0], *rows[0][1:]), ([0, 0, 0, 1], Fraction(-5, 2), Fraction(9, 2))]
    for _ in range(rng.randint(1, 4)):
        a = [Fraction(rng.randint(-6, 6), rng.randint(1, 4)) for _ in columns]
        at = Fraction(rng.randint(-8, 8), rng.randint(1, 3))
        width = rng.choice([None, None, 0, 2])
        sides = (at, None) if width is None else (at, at + width)
        rows.append((a, *rng.choice([sides, sides[::-1] if width is None else sides])))
    if rng.random() < 0.3:
        rows.append(rows[-1])  # degenerate
    goal = [rng.randint(-9, 9) for _ in range(3)] + [rng.randint(-3, 3)] * loose
    return program(columns, rows, goal)


@pytest.mark.parametrize("loose", [0, 1], ids=["all whole", "one continuous"])
@pytest.mark.parametrize("first", range(0, 240, 40))
def test_what_enumeration_finds_best_is_certified_and_nothing_better_is(first, loose):
    kinds = set()
    for seed in range(first, first + 40):
        stated = drawn(seed, loose=loose)
        best = least(stated)
        kinds.add(best is None)
        if best is None:
            assert proved(stated, NO_POINT) == [None]
            continue
        on_lattice = "3" not in stated["goals"][0]["terms"]
        assert proved(stated, below(best if on_lattice else best - CENT)) == [0]
        # the next value of a goal in whole pounds is a pound or more away
        wrong = seek(stated, below(best + (1 if on_lattice else CENT)))
        assert wrong[0]["claim"] is None
        assert proved(stated, NO_POINT) == []
    assert kinds == {True, False}


@pytest.mark.parametrize(
    "stated",
    [
        # 2x + 2y is even, whatever x and y
        program([(None, None, True)] * 2, [([2, 2], 3, 3)], [1, 1]),
        # 3x + 6y + 9z = 4 likewise, in thirds of halves
        program(
            [(0, None, True)] * 3, [([Fraction(1, 2), 1, Fraction(3, 2)], *[Fraction(2, 3)] * 2)]
        ),
        # x + y ≥ 1 and x + y ≤ 1/2 in continuous columns without bounds
        program([(None, None, False)] * 2, [([1, 1], 1, None), ([1, 1], None, Fraction(1, 2))]),
        # no whole number between 1/3 and 2/3
        program([(Fraction(1, 3), Fraction(2, 3), True)], []),
        # nothing at all is at least 1
        program([(0, 1, True)], [([0], 1, None)]),
        # 0.1 x = 0.3 has x = 3 only, and x is at most 2
        program([(0, 2, False)], [([Fraction(1, 10)], *[Fraction(3, 10)] * 2)]),
    ],
    ids=["parity", "thirds", "free and continuous", "between", "empty row", "tenths"],
)
def test_what_has_no_point_is_certified_to_have_none(stated):
    assert proved(stated, NO_POINT) == [None]


def test_parity_that_only_splitting_shows_is_certified():
    # 2x + 2y - z = 0 and z + 2w = 7: z is even by the first and odd by the second
    stated = program(
        [(0, 5, True)] * 4, [([2, 2, -1, 0], 0, 0), ([0, 0, 1, 2], 7, 7)], [1, 1, 1, 1]
    )
    assert least(stated) is None
    assert proved(stated, NO_POINT) == [None]


def test_a_later_goal_is_certified_with_the_earlier_ones_held():
    # 3 = x + y at 2x + 2y = 6; of (0,3) to (3,0), x alone is least at 0; with y ≤ 1 it is 2
    stated = program([(0, 5, True), (0, 1, True)], [([1, 1], 3, None)], [2, 2], [1, 0])
    assert proved(stated, below(6), below(2, 1, [6])) == [0, 1]
    assert seek(stated, below(3, 1, [6]))[0]["found"] == "better"


def test_a_goal_without_terms_is_never_below_what_it_is():
    stated = program([(0, 1, True)], [], [0])
    assert proved(stated, below(0)) == [0]
    assert seek(stated, below(1))[0]["claim"] is None


def ratio_program(step):
    """60 and 40 cases on 3 + step·x and 2 + step·y FTE, of which x + y ≤ 3 in all."""
    stated = program([(0, 9, True)] * 2, [([1, 1], None, 3)])
    activities = [("60", {"0": str(step)}, "3"), ("40", {"1": str(step)}, "2")]
    ratios = [{"weight": w, "terms": t, "offset": o} for w, t, o in activities]
    stated["goals"] = [{"name": "worst", "unit": "cases per FTE", "ratios": ratios}]
    return stated


def worst(step):
    """The least greatest average over all (x, y)."""
    splits = [(x, y) for x in range(4) for y in range(4 - x)]
    return min(max(60 / (3 + step * x), 40 / (2 + step * y)) for x, y in splits)


@pytest.mark.parametrize("step", [Fraction(1), Fraction(1, 2), Fraction(1, 3)], ids=str)
def test_the_greatest_of_several_ratios_is_certified_exactly(step):
    stated, best = ratio_program(step), worst(step)
    assert proved(stated, below(best)) == [0]
    assert seek(stated, below(best + Fraction(1, 10**9)))[0]["claim"] is None


def test_a_team_without_cases_has_no_part_in_the_greatest_ratio():
    stated = ratio_program(Fraction(1))
    nobody = {"weight": "0", "terms": {}, "offset": "0"}
    stated["goals"][0]["ratios"].append(nobody)
    assert proved(stated, below(worst(Fraction(1)))) == [0]


def knapsack(columns=12):
    """Weights near each other, so that the relaxation says little of the best whole point."""
    weights = [Fraction(1000 + 37 * j % 101, 7) for j in range(columns)]
    values = [-(1000 + 53 * j % 97) for j in range(columns)]
    return program([(0, 1, True)] * columns, [(weights, None, sum(weights) / 2)], values)


def test_where_the_work_runs_out_what_is_proved_so_far_is_certified():
    stated = knapsack()
    best = least(stated, reach=1)
    (result,) = seek(stated, below(best), work=112 * 8)
    assert result["found"] == "limit"
    (bound,) = check(certificate(stated, [result]))
    assert best - 1000 < bound.below < best


def test_where_no_work_is_allowed_nothing_is_claimed():
    assert seek(knapsack(), below(-1), work=0)[0]["claim"] is None


def test_the_same_work_proves_the_same():
    stated = knapsack()
    assert seek(stated, below(-6000), work=112 * 40) == seek(stated, below(-6000), work=112 * 40)


LIES = {
    "noise": lambda hint, rng: Hint(rng.normal(size=hint.multipliers.shape), hint.values),
    "nothing": lambda *_: Hint(None),
    "not a number": lambda hint, _: Hint(hint.multipliers * np.nan, hint.values),
    "infeasible": lambda hint, rng: Hint(rng.normal(size=hint.multipliers.shape)),
    "a bound too high": lambda hint, _: Hint(hint.multipliers * 3, hint.values, 1e9),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.parametrize("seed", range(12))
def test_no_lie_of_the_relaxation_makes_a_proof_of_what_is_false(monkeypatch, lie, seed):
    rng, honest = np.random.default_rng(seed), Relaxation.solve

    def lying(self, box):
        hint = honest(self, box)
        return hint if hint.multipliers is None else lie(hint, rng)

    stated = drawn(seed, loose=seed % 2)
    best = least(stated)
    monkeypatch.setattr(Relaxation, "solve", lying)
    results = seek(stated, NO_POINT if best is None else below(best + 1), work=20_000)
    if best is not None:
        limits = [one.below for one in check(certificate(stated, results))]
        assert all(limit <= best for limit in limits)
