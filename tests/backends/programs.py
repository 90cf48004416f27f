"""Small programs with the answer that hand arithmetic gives, for every backend."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Why


def matrix(rows, row_bounds, col_bounds, whole=()):
    """Make a matrix from dense rows; bounds are pairs, ``whole`` the integer columns."""
    dense = np.array(rows, dtype=float).reshape(len(row_bounds), len(col_bounds))
    columns = [np.flatnonzero(column) for column in dense.T]
    counts = [len(found) for found in columns]
    indices = np.concatenate([np.zeros(0, int), *columns]).astype(np.int32)
    owners = np.repeat(np.arange(len(counts)), counts)
    integer = np.zeros(len(col_bounds), bool)
    integer[list(whole)] = True
    row_lower, row_upper = np.array(row_bounds, dtype=float).reshape(-1, 2).T
    col_lower, col_upper = np.array(col_bounds, dtype=float).reshape(-1, 2).T
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=indices,
        data=dense[indices, owners],
        row_lower=row_lower,
        row_upper=row_upper,
        col_lower=col_lower,
        col_upper=col_upper,
        integer=integer,
    )


def knapsacks(*, exactly):
    """Make five hard knapsacks over thirty yes-or-no columns, after Cornuéjols and Dawande (1998).

    Each weighs between 1 and 1,000 and half of the total must not be exceeded, or be met exactly;
    no solver proves either in a few seconds. Its cost is minus the summed weights.
    """
    weights = np.random.default_rng(1).integers(1, 1000, size=(5, 30))
    half = [float(row.sum() // 2) for row in weights]
    bounds = [(side if exactly else -inf, side) for side in half]
    return matrix(weights, bounds, [(0, 1)] * 30, range(30)), -weights.sum(axis=0).astype(float)


@dataclass(frozen=True)
class Case:
    """One program and what must be said of it; ``values`` only where the point is unique."""

    name: str
    cost: list[float]
    rows: list[list[float]]
    row_bounds: list[tuple[float, float]]
    col_bounds: list[tuple[float, float]]
    whole: tuple[int, ...] = ()
    why: Why = Why.OPTIMAL
    objective: float | None = None
    values: list[float] | None = None

    @property
    def matrix(self):
        return matrix(self.rows, self.row_bounds, self.col_bounds, self.whole)


FREE = (-inf, inf)
UP = (0, inf)

CASES = [
    # -x - y, x + 2y ≤ 4, 3x + y ≤ 6: the corner is x = 8/5, y = 6/5, so -14/5.
    Case(
        "lp corner",
        [-1, -1],
        [[1, 2], [3, 1]],
        [(-inf, 4), (-inf, 6)],
        [UP, UP],
        objective=-2.8,
        values=[1.6, 1.2],
    ),
    # The same in whole numbers: (1,1) and (2,0) give -2; (0,2) gives -2; none gives -3.
    Case(
        "mip corner",
        [-1, -1],
        [[1, 2], [3, 1]],
        [(-inf, 4), (-inf, 6)],
        [UP, UP],
        (0, 1),
        objective=-2,
    ),
    # Social workers at 41,839 for 5.4 posts of need: 6 posts, 251,034.
    Case("whole posts", [41839], [[1]], [(5.4, inf)], [UP], (0,), objective=251034, values=[6]),
    # 1.5 of x forced by the row; y takes the rest of 4 - 1.5.
    Case(
        "equality",
        [2, 1],
        [[1, 1], [1, -1]],
        [(4, 4), (-1, -1)],
        [UP, UP],
        objective=5.5,
        values=[1.5, 2.5],
    ),
    # 1 ≤ x + y ≤ 3, maximise x + y: 3.
    Case("two-sided row, upper", [-1, -1], [[1, 1]], [(1, 3)], [UP, UP], objective=-3),
    # and minimise it: 1.
    Case("two-sided row, lower", [1, 1], [[1, 1]], [(1, 3)], [UP, UP], objective=1),
    # x ≥ 2 by a row and x ≤ 1 by a row.
    Case("infeasible rows", [1], [[1], [1]], [(2, inf), (-inf, 1)], [FREE], why=Why.INFEASIBLE),
    # x + y ≥ 3 with both at most 1.
    Case(
        "infeasible by bounds", [0, 0], [[1, 1]], [(3, inf)], [(0, 1), (0, 1)], why=Why.INFEASIBLE
    ),
    # 0.2 ≤ x ≤ 0.8 holds no whole number.
    Case("no whole number", [-1], [[1]], [(0.2, 0.8)], [(0, 5)], (0,), why=Why.INFEASIBLE),
    # The same without an upper bound: cost alone does not make it unbounded.
    Case("no whole number, open", [-1], [[1]], [(0.2, 0.8)], [UP], (0,), why=Why.INFEASIBLE),
    # 2x + 2y = 3 in whole numbers: the left side is even.
    Case("parity", [1, 1], [[2, 2]], [(3, 3)], [(0, 9), (0, 9)], (0, 1), why=Why.INFEASIBLE),
    # 2x - 2y = 1 in whole numbers: the relaxation improves all the way, yet the left is even.
    Case(
        "parity, open",
        [-1, 0],
        [[2, -2]],
        [(1, 1)],
        [(0, 1000), (0, 1000)],
        (0, 1),
        why=Why.INFEASIBLE,
    ),
    # x - y ≤ 1 lets both grow.
    Case("unbounded lp", [-1, -1], [[1, -1]], [(-inf, 1)], [UP, UP], why=Why.UNBOUNDED),
    Case("unbounded mip", [-1, -1], [[1, -1]], [(-inf, 1)], [UP, UP], (0, 1), why=Why.UNBOUNDED),
    Case("unbounded below", [1], [[1]], [(-inf, 0.8)], [FREE], (0,), why=Why.UNBOUNDED),
    # The cost pulls without end but the rows contradict each other.
    Case(
        "infeasible and open",
        [-1, 0],
        [[0, 1], [0, 1]],
        [(2, inf), (-inf, 1)],
        [UP, UP],
        why=Why.INFEASIBLE,
    ),
    Case("no rows, no columns", [], [], [], [], objective=0, values=[]),
    # Each column goes to the bound that its cost names; the free column without cost to 0.
    Case("no rows", [1, -1, 0], [], [], [(-2, 5), (0, 5), FREE], objective=-7, values=[-2, 5, 0]),
    Case(
        "no rows, whole", [1, -1], [], [], [(0.5, 5), (0, 2.5)], (0, 1), objective=-1, values=[1, 2]
    ),
    Case("no rows, unbounded", [0, -1], [], [], [UP, UP], why=Why.UNBOUNDED),
    Case(
        "empty row that holds", [1], [[0], [1]], [(-1, 1), (2, inf)], [UP], objective=2, values=[2]
    ),
    Case("empty row that fails", [1], [[0], [1]], [(1, 2), (2, inf)], [UP], why=Why.INFEASIBLE),
    Case("row without bounds", [1], [[1], [1]], [FREE, (2, inf)], [UP], objective=2, values=[2]),
    # x free, x ≥ -7.25 by a row.
    Case("free column", [1], [[1]], [(-7.25, inf)], [FREE], objective=-7.25, values=[-7.25]),
    # A negative upper bound, and a lower one that is below it.
    Case(
        "negative bounds",
        [1, -1],
        [[1, 1]],
        [(-100, 100)],
        [(-9, -4), (-9, -4)],
        objective=-5,
        values=[-9, -4],
    ),
    Case(
        "upper bound only",
        [-1],
        [[1]],
        [(-100, inf)],
        [(-inf, -3.5)],
        (0,),
        objective=4,
        values=[-4],
    ),
    # x is held at 3 by its bounds, so y ≥ 2.
    Case("equal bounds", [1, 1], [[1, 1]], [(5, inf)], [(3, 3), UP], objective=5, values=[3, 2]),
    Case(
        "fixed whole column",
        [1, 1],
        [[1, 2]],
        [(6, inf)],
        [(3, 3), UP],
        (0, 1),
        objective=5,
        values=[3, 2],
    ),
    Case("crossed column bounds", [1], [[1]], [(0, 9)], [(3, 2)], why=Why.INFEASIBLE),
    Case("crossed row bounds", [1], [[1]], [(3, 2)], [UP], why=Why.INFEASIBLE),
    Case(
        "column without entries",
        [1, 0, -1],
        [[1, 0, 0]],
        [(2, inf)],
        [UP, (4, 4), (0, 6)],
        objective=-4,
        values=[2, 4, 6],
    ),
    # £50,000,000 against a weight of a thousandth: 1000x ≥ 1 in pounds, 0.001y ≥ 1 in thousands.
    Case(
        "big and small",
        [5e7, 0.001],
        [[1000, 0], [0, 0.001]],
        [(1, inf), (1, inf)],
        [UP, UP],
        objective=50001,
        values=[0.001, 1000],
    ),
    # A third of a post: 3x ≥ 1 at £26,776.
    Case("thirds", [26776], [[3]], [(1, inf)], [UP], objective=26776 / 3, values=[1 / 3]),
    # 123456.789012345 is kept to the last digit of a double.
    Case(
        "long decimals",
        [1],
        [[1]],
        [(123456.789012345, inf)],
        [UP],
        objective=123456.789012345,
        values=[123456.789012345],
    ),
    # Beale's cycling program (1955): optimum -1/20 at x = (1/25, 0, 1, 0).
    Case(
        "degenerate",
        [-0.75, 150, -0.02, 6],
        [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]],
        [(-inf, 0), (-inf, 0), (-inf, 1)],
        [UP] * 4,
        objective=-0.05,
    ),
    # A yes-or-no big M: 30 posts need the team (cost 100 + 30), since x ≤ 1e6·b.
    Case(
        "big M",
        [1, 100],
        [[1, -1e6], [1, 0]],
        [(-inf, 0), (30, inf)],
        [UP, (0, 1)],
        (1,),
        objective=130,
        values=[30, 1],
    ),
    # Knapsack: weights 5, 4, 3 and values 10, 8, 7 in 8: {5, 3} is worth 17.
    Case(
        "knapsack",
        [-10, -8, -7],
        [[5, 4, 3]],
        [(-inf, 8)],
        [(0, 1)] * 3,
        (0, 1, 2),
        objective=-17,
        values=[1, 0, 1],
    ),
    # Assignment of 2 to 2, costs [[4, 1], [2, 9]]: 1 + 2.
    Case(
        "assignment",
        [4, 1, 2, 9],
        [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]],
        [(1, 1)] * 4,
        [(0, 1)] * 4,
        (0, 1, 2, 3),
        objective=3,
        values=[0, 1, 1, 0],
    ),
    # CBC 2.10.3 by itself says "optimal" here: y is free, costs 1 and is in no row.
    Case(
        "free column without entries",
        [1, 1],
        [[-4 / 3, 0], [-4 / 3, 0]],
        [(-10, -4), (-9, -3)],
        [(1.5, inf), FREE],
        why=Why.UNBOUNDED,
    ),
    # CBC 2.10.3 by itself corrupts its memory here: no row has a bound.
    Case(
        "rows without bounds only",
        [-1, 2],
        [[-1, -3]],
        [FREE],
        [(-5, 7), (1, inf)],
        objective=-5,
        values=[7, 1],
    ),
    Case(
        "rows without bounds only, open",
        [-1, 2],
        [[-1, -3]],
        [FREE],
        [FREE, (1, inf)],
        (0, 1),
        why=Why.UNBOUNDED,
    ),
    Case("nothing costs", [0, 0], [[1, 1]], [(1, 1)], [UP, UP], objective=0),
    # 0.00000001 x ≥ 1.
    Case("tiny coefficient", [1], [[1e-8]], [(1, inf)], [UP], objective=1e8, values=[1e8]),
    # 1,000,000,000 x ≥ 5,000,000,000, at 2 each.
    Case("huge coefficient", [2], [[1e9]], [(5e9, inf)], [UP], objective=10, values=[5]),
    Case(
        "huge coefficient, whole",
        [2],
        [[1e9]],
        [(4.1e9, inf)],
        [UP],
        (0,),
        objective=10,
        values=[5],
    ),
    # 3 at a thousand million.
    Case("huge cost", [1e9, 1], [[1, 0]], [(3, inf)], [UP, (0, 9)], (0, 1), objective=3e9),
    # 2 of either, asked for twice over, and a third row that asks for less.
    Case(
        "the same row twice and a slack one",
        [1, 3],
        [[1, 1], [1, 1], [1, 1]],
        [(2, inf), (2, inf), (1, inf)],
        [UP, UP],
        (0, 1),
        objective=2,
        values=[2, 0],
    ),
    Case("the same column twice", [1, 1], [[1, 1]], [(2, inf)], [UP, UP], (0, 1), objective=2),
    # Posts in halves: half of x must reach 1.3 FTE: 3 halves at 13,400.
    Case(
        "steps of a half", [13400], [[0.5]], [(1.3, inf)], [UP], (0,), objective=40200, values=[3]
    ),
    # A third of x must reach 2.
    Case("steps of a third", [1], [[1 / 3]], [(2, inf)], [UP], (0,), objective=6, values=[6]),
    # 5.4 posts of need at 41,839.57: 6 of them, 251,037.42.
    Case("pence", [41839.57], [[1]], [(5.4, inf)], [UP], (0,), objective=251037.42, values=[6]),
    # 1,300 posts at 41,839.57 are 54,391,441.00.
    Case(
        "pence beyond 2^31",
        [41839.57, 26776],
        [[1, 0]],
        [(1300, inf)],
        [(0, 1300), (0, 10)],
        (0, 1),
        objective=54391441,
        values=[1300, 0],
    ),
    # 3x + 5y = 19: y = 2 leaves 9, a multiple of 3; no other y from 0 to 3 does (19, 14, 4).
    Case(
        "whole equality",
        [1, 1],
        [[3, 5]],
        [(19, 19)],
        [UP, UP],
        (0, 1),
        objective=5,
        values=[3, 2],
    ),
    # 2x ≤ 7 stops what no bound does.
    Case("stopped by a row", [-1], [[2]], [(-inf, 7)], [UP], (0,), objective=-3, values=[3]),
    # x ≤ 4 by a row, y ≤ 2x - 1 by another: 4 and 7.
    Case(
        "stopped by rows in turn",
        [-1, -1],
        [[1, 0], [-2, 1]],
        [(-inf, 4), (-inf, -1)],
        [UP, UP],
        (0, 1),
        objective=-11,
        values=[4, 7],
    ),
    Case("whole and free", [1], [[1]], [(-7.25, inf)], [FREE], (0,), objective=-7, values=[-7]),
    Case("fixed at nothing", [-5, 1], [[1, 1]], [(2, inf)], [(0, 0), UP], (0, 1), objective=2),
    # 4 asked of 3 at most.
    Case("whole and too few", [1], [[1]], [(4, inf)], [(0, 3)], (0,), why=Why.INFEASIBLE),
    # 41,839x + 26,776y within 251,034.50, x + 2y as much as can be: 9 of y cost 240,984, worth 18,
    # and leave 10,050.50; one x for two y costs 41,839 - 53,552 and is worth 3 less.
    Case(
        "a goal held at its value and half a pound",
        [-1, -2],
        [[41839, 26776]],
        [(-inf, 251034.5)],
        [UP, UP],
        (0, 1),
        objective=-18,
        values=[0, 9],
    ),
    # In doubles 41.1 - 0.3 is 40.800000000000004: 408 tenths are meant, not 409.
    Case(
        "a bound moved by rounding",
        [1],
        [[0.1]],
        [(41.1 - 0.3, inf)],
        [UP],
        (0,),
        objective=408,
        values=[408],
    ),
]

NOT_WHOLE = "whole columns only"
NO_END = "has no upper bound"

CPSAT_REFUSES = {
    **dict.fromkeys(
        (
            "lp corner",
            "equality",
            "two-sided row, upper",
            "two-sided row, lower",
            "infeasible rows",
            "infeasible by bounds",
            "unbounded lp",
            "infeasible and open",
            "empty row that holds",
            "empty row that fails",
            "row without bounds",
            "free column",
            "negative bounds",
            "equal bounds",
            "column without entries",
            "big and small",
            "thirds",
            "long decimals",
            "degenerate",
            "big M",
            "free column without entries",
            "nothing costs",
            "tiny coefficient",
            "huge coefficient",
        ),
        NOT_WHOLE,
    ),
    "unbounded mip": NO_END,
    "unbounded below": "has no lower bound",
    "huge cost": "the objective may come to 3,000,000,009",
    # In pence: 4,183,957 · 1,300 + 2,677,600 · 10.
    "pence beyond 2^31": "the objective may come to 5,465,920,100",
}
"""The programs that CP-SAT is not given, and what it says of each: by program, words of ours."""
