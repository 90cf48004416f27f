"""Ordered goals on programs small enough to solve by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.lexicographic import Lexicographic
from staffopt.algebra.program import Ratio
from staffopt.algebra.solution import Options, Solution, Why
from staffopt.backends.session import Session, ignore

TEAM = Axis("team", ("north", "south"))
NOWHERE = Mask((), np.array(True))
BOTH = Mask((TEAM,), np.ones(2, dtype=bool))


@pytest.fixture(scope="module")
def highs():
    return Session("highs", isolation="inline").solve


class Spy:
    """Passes solves on, keeps what was asked, and may answer some of them itself."""

    def __init__(self, solve, lies=()):
        self.asked = []
        self._solve = solve
        self._lies = dict(lies)

    def __call__(self, matrix, changes, options, watch):
        self.asked.append((matrix, changes, options))
        lie = self._lies.get(len(self.asked))
        return lie or self._solve(matrix, changes, options, watch)


def posts(*, cost=(3, 2), least=4, exact=True, labels=TEAM.labels):
    """Minimise cost, then the posts of the north, with at least some posts in all."""
    team = Axis("team", labels)
    builder = Builder(exact=exact, block_axis="team")
    x = builder.variable(
        "post", Mask((team,), np.ones(2, dtype=bool)), Kind("FTE", decision=True), quantum=1
    )
    builder.add(x.sum("team") >= least, "floor")
    builder.goal("cost", (x * builder.data((team,), list(cost))).sum("team"), "£", within=0.5)
    builder.goal("north", x.at("team", "north"), "FTE", within=1e-6)
    return builder.finish()


def run(program, solver, *, slack=(0, 0), limit=None, clock=lambda: 0.0):
    steps = Lexicographic(program, solver, Options(time_limit=limit), slack, clock)
    return steps.run(lambda *_: ignore)


def test_the_first_goal_decides_before_the_second(highs):
    # 4 posts; the south's are cheaper: cost 8 with none in the north
    out = run(posts(), highs)
    assert out.values.tolist() == [0, 4]
    assert [(r.name, r.value, r.bound, r.proven) for r in out.reached] == [
        ("cost", 8, 8, True),
        ("north", 0, 0, True),
    ]
    # the north's posts are cheaper: the second goal may not touch the first
    assert run(posts(cost=(2, 3)), highs).values.tolist() == [4, 0]
    # equally dear: the second goal decides
    assert run(posts(cost=(2, 2)), highs).values.tolist() == [0, 4]


def test_a_goal_is_held_at_its_value_and_half_its_quantum(highs):
    spy = Spy(highs)
    program = posts(cost=(4, 6))  # quantum 2; least cost 16
    run(program, spy)
    uppers = [changes.row_upper[program.goals[0].row] for _, changes, _ in spy.asked]
    assert uppers == [np.inf, 17, 17]


def test_without_a_quantum_a_goal_is_held_within_what_it_declares(highs):
    spy = Spy(highs)
    program = posts(cost=(4, 6), exact=False)
    run(program, spy)
    assert spy.asked[1][1].row_upper[program.goals[0].row] == 16.5


def test_a_tolerance_lets_later_goals_give_so_much_of_an_earlier_one(highs):
    # Cost 2 a post in the north and 3 in the south: 8 at least. With 2 pounds to give, two
    # posts move south: 2·2 + 2·3 = 10. Half the quantum of 1 on top admits nothing more.
    out = run(posts(cost=(2, 3)), highs, slack=(2, 0))
    assert out.values.tolist() == [2, 2]


def test_the_matrix_is_given_once_and_the_last_point_is_the_start(highs):
    spy = Spy(highs)
    run(posts(), spy)
    assert [matrix is None for matrix, _, _ in spy.asked] == [False, True, True]
    assert [changes.start is None for _, changes, _ in spy.asked] == [True, False, False]


def test_an_offset_is_in_the_value_and_not_in_the_cut(highs):
    builder = Builder(exact=True, block_axis="team")
    x = builder.variable("x", NOWHERE, Kind("FTE", decision=True), quantum=1)
    builder.add(x >= 2, "floor")
    builder.goal("cost", 5 * x + 100, "£", within=0.5)
    spy = Spy(highs)
    program = builder.finish()
    out = run(program, spy, slack=(0,))
    assert (out.reached[0].value, out.reached[0].bound) == (110, 110)
    assert spy.asked[1][1].row_upper[program.goals[0].row] == 12.5  # 5 · 2 + 5 ÷ 2


def caseload(weights, base, most, *, step=Fraction(1)):
    """Push the worst of weights ÷ (base + x) down with at most so many posts added in all."""
    builder = Builder(exact=True, block_axis="team")
    quantum = builder.data((), step) if step else 0
    x = builder.variable("add", BOTH, Kind("FTE", decision=True), quantum=quantum)
    fte = x + builder.data((TEAM,), base)
    least = builder.variable("least", NOWHERE, Kind("FTE per case"))
    builder.add(x.sum("team") <= most, "supply")
    builder.add(fte >= least * builder.data((TEAM,), weights), "worst")
    lattices = tuple((Fraction(b), step or None) for b in base)
    ratio = Ratio(tuple(map(Fraction, weights)), lattices, "cases per FTE")
    builder.ratio_goal("worst", least, fte, BOTH, ratio)
    builder.goal("change", x.sum("team"), "FTE", within=1e-6)
    return builder.finish()


def test_the_worst_ratio_is_exact_and_proven_by_one_more_solve(highs):
    # 100 ÷ 4 = 25, 60 ÷ 4 = 15. Three posts: 100 ÷ 7 = 14.28…, and the south stays at 15.
    # Two in the north and one in the south: 100 ÷ 6 = 16.7, 12. So 3 and 0: worst 15.
    # Another of 15 or less: none with fewer, 100 ÷ 6 > 15.
    spy = Spy(highs)
    out = run(caseload([100, 60], [4, 4], 3), spy)
    assert out.values[:2].tolist() == [3, 0]
    assert (out.reached[0].value, out.reached[0].bound) == (15, 15)
    assert out.reached[0].proven
    # The proof asks for less than 15: more than 60 ÷ 15 − 4 = 0 posts added in the south, and
    # more than 100 ÷ 15 − 4 = 2.67 in the north.
    start = caseload([100, 60], [4, 4], 3).goals[0].ratio.start
    assert spy.asked[1][1].row_lower[start : start + 2].tolist() == [3, 1]
    # The goals after it are held to 15: the same in the north, nothing in the south.
    assert spy.asked[2][1].row_lower[start : start + 2].tolist() == [3, 0]


def test_a_worse_first_answer_is_bettered_by_the_proof(highs):
    # The solver calls 0 and 3 added optimal (worst 25); the proof's solve finds better.
    worse = Solution(Why.OPTIMAL, np.array([0.0, 3.0, 0.04]), -0.04, -0.04)
    spy = Spy(highs, {1: worse})
    out = run(caseload([100, 60], [4, 4], 3), spy)
    assert out.reached[0].value == 15
    assert out.values[:2].tolist() == [3, 0]


def test_a_bound_that_is_wrong_is_no_proof(highs):
    # The solver says that nothing is below 25 when 15 can be reached: it is asked all the same.
    wrong = Solution(Why.OPTIMAL, np.array([0.0, 3.0, 0.04]), -0.04, -0.04)
    out = run(caseload([100, 60], [4, 4], 3), Spy(highs, {1: wrong}))
    assert (out.reached[0].value, out.reached[0].proven) == (15, True)


def test_a_point_that_breaks_its_floors_ends_the_search_unproven(highs):
    # First 3 and 0 (worst 15); then, asked for less, the solver gives 0 and 3 (worst 25).
    broken = Solution(Why.OPTIMAL, np.array([0.0, 3.0, 0.04]), 0.0, 0.0)
    out = run(caseload([100, 60], [4, 4], 3), Spy(highs, {2: broken}))
    assert out.why is Why.FAILED
    assert not out.reached[0].proven


def test_a_limit_within_the_search_keeps_the_best_point_and_what_is_proven(highs):
    stopped = Solution(Why.TIME_LIMIT)
    out = run(caseload([100, 60], [4, 4], 3), Spy(highs, {2: stopped}))
    assert (out.why, out.reached[0].value, out.reached[0].proven) == (Why.TIME_LIMIT, 15, False)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_least_worst_ratio_of_all_there_are(highs, seed):
    rng = np.random.default_rng(seed)
    weights, base = rng.integers(40, 120, 2).tolist(), rng.integers(2, 6, 2).tolist()
    most = int(rng.integers(1, 6))
    out = run(caseload(weights, base, most), highs)
    every = (
        max(Fraction(weights[0], base[0] + a), Fraction(weights[1], base[1] + b))
        for a in range(most + 1)
        for b in range(most + 1 - a)
    )
    assert out.reached[0].value == float(min(every))
    assert out.reached[0].proven


def test_a_ratio_off_a_lattice_is_claimed_by_the_solver_alone(highs):
    # Continuous: 160 cases on 8 + 2 FTE are 16 each: 100 ÷ 16 = 6.25, 60 ÷ 16 = 3.75 < 4. So the
    # south stays at 15 and the north gets both: 100 ÷ 6.
    spy = Spy(highs)
    out = run(caseload([100, 60], [4, 4], 2, step=None), spy)
    assert out.reached[0].value == pytest.approx(100 / 6)
    assert len(spy.asked) == 2  # no proof, and no lattice to break ties on


def test_the_time_limit_is_of_all_goals_together(highs):
    clock = iter([0.0, 3.0, 11.0, 11.0])
    spy = Spy(highs)
    out = run(posts(), spy, limit=10, clock=lambda: next(clock))
    assert [options.time_limit for _, _, options in spy.asked] == [10, 7]
    assert out.why is Why.OPTIMAL  # both goals were proven; only the tie-break was not begun


def test_a_limit_between_goals_keeps_the_point_and_says_why(highs):
    clock = iter([0.0, 11.0])
    out = run(posts(cost=(2, 3)), highs, limit=10, clock=lambda: next(clock))
    assert out.why is Why.TIME_LIMIT
    assert out.values.tolist() == [4, 0]
    assert [r.proven for r in out.reached] == [True, False]
    assert out.reached[1].bound is None


@pytest.mark.parametrize("why", [Why.TIME_LIMIT, Why.CANCELLED])
def test_a_solver_that_is_stopped_without_a_point_leaves_the_one_before(highs, why):
    out = run(posts(cost=(2, 3)), Spy(highs, {2: Solution(why)}))
    assert out.why is why
    assert out.values.tolist() == [4, 0]
    assert len(out.reached) == 1


def test_a_program_that_held_a_point_cannot_become_infeasible(highs):
    out = run(posts(), Spy(highs, {2: Solution(Why.INFEASIBLE)}))
    assert out.why is Why.FAILED


def test_a_point_without_proof_ends_the_run(highs):
    held = Solution(Why.TIME_LIMIT, np.array([4.0, 0.0]), 12.0, 8.0)
    out = run(posts(), Spy(highs, {1: held}))
    assert out.why is Why.TIME_LIMIT
    assert [(r.value, r.bound, r.proven) for r in out.reached] == [(12, 8, False)]


@pytest.mark.parametrize("why", [Why.INFEASIBLE, Why.UNBOUNDED, Why.FAILED])
def test_what_has_no_point_is_passed_on_as_it_is(highs, why):
    out = run(posts(), Spy(highs, {1: Solution(why, message="said so")}))
    assert (out.why, out.values, out.reached, out.message) == (why, None, [], "said so")


def test_an_infeasible_program_is_found_out(highs):
    program = posts()
    row = replace(program.matrix, col_upper=np.array([Fraction(1), Fraction(1)], dtype=object))
    assert run(replace(program, matrix=row), highs).why is Why.INFEASIBLE


def test_values_are_put_back_on_whole_numbers(highs):
    near = Solution(Why.OPTIMAL, np.array([1e-7, 3.9999999]), 8.0, 8.0)
    out = run(posts(), Spy(highs, {1: near, 2: near, 3: near}))
    assert out.values.tolist() == [0, 4]


def test_ties_break_by_name_and_not_by_order(highs):
    # Three posts at £1 each over two teams, nothing else asked: four plans of equal cost.
    def chosen(labels):
        builder = Builder(exact=True, block_axis="team")
        team = Axis("team", labels)
        mask = Mask((team,), np.ones(2, dtype=bool))
        x = builder.variable("post", mask, Kind("FTE", decision=True), quantum=1)
        builder.add(x.sum("team") >= 3, "floor")
        builder.goal("cost", x.sum("team"), "£", within=0.5)
        return dict(zip(labels, run(builder.finish(), highs, slack=(0,)).values, strict=True))

    assert chosen(("north", "south")) == chosen(("south", "north"))


def test_the_activity_of_rows_is_the_product_with_the_matrix():
    matrix = posts().matrix.floating()
    # rows: north + south, 3 north + 2 south, north
    assert matrix.activity(np.array([5.0, 7.0])).tolist() == [12, 29, 5]


def alone(program, solver, *, limit=None, clock=lambda: 0.0):
    """Minimise the goals, then ask for other decisions that do as well."""
    steps = Lexicographic(program, solver, Options(time_limit=limit), (0, 0), clock)
    out = steps.run(lambda *_: ignore)
    steps.look_for_another(ignore)
    return out


def test_the_only_best_point_is_said_to_be_alone(highs):
    # 4 posts: the south's are cheaper, then the north's own number decides
    for cost in ((3, 2), (2, 2), (2, 3)):
        assert (alone(posts(cost=cost), highs).alone) is True


def one_goal(program):
    return replace(program, goals=program.goals[:1])


def test_another_point_that_does_as_well_is_found_whatever_the_tie_break_chose(highs):
    # four posts at 2 each, in either team: five plans, of which the tie-break takes one
    out = alone(one_goal(posts(cost=(2, 2))), highs)
    assert out.alone is False
    assert out.other.sum() == out.values.sum() == 4
    assert out.other.tolist() != out.values.tolist()
    assert out.tie_broken


def test_two_points_of_one_weight_leave_the_tie_unbroken(highs, monkeypatch):
    monkeypatch.setattr("staffopt.algebra.lexicographic.MOST_WEIGHT", 1)  # every weight is 1
    out = alone(one_goal(posts(cost=(2, 2))), highs)
    assert (out.alone, out.tie_broken) == (False, False)


def test_nothing_is_said_where_a_goal_is_not_proven_or_time_is_up(highs):
    stopped = Solution(Why.TIME_LIMIT, values=np.array([0.0, 4.0]), objective=8.0)
    assert alone(posts(), Spy(highs, {1: stopped})).alone is None
    seconds = iter([0, 0, 0, 11])  # three solves in time, the fourth not
    assert alone(posts(), highs, limit=10, clock=lambda: next(seconds)).alone is None
    gone = Solution(Why.TIME_LIMIT)
    assert alone(posts(), Spy(highs, {4: gone})).alone is None


def test_nothing_is_said_of_decisions_on_no_step(highs):
    program = posts()
    loose = replace(program.matrix, integer=np.array([True, False]))
    out = alone(replace(program, matrix=loose), highs)
    assert (out.why, out.alone) == (Why.OPTIMAL, None)


def test_the_same_point_given_again_is_no_other(highs):
    again = Solution(Why.OPTIMAL, values=np.array([0.0, 4.0, 0.0]), objective=0.0)
    out = alone(posts(), Spy(highs, {4: again}))
    assert (out.alone, out.other) == (None, None)
