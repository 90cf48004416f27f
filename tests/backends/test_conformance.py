"""What every backend owes, program by program; expected values stand beside each program."""

from __future__ import annotations

import re
from math import inf

import numpy as np
import pytest
from programs import CASES, CPSAT_REFUSES, FREE, NOT_WHOLE, UP, knapsacks, matrix

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.errors import BackendError

PRECISION = {"pulp:cbc": 1e-7}
"""PuLP reads CBC's text solution, which keeps eight digits; 1e-9 is what the others owe."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_small_program_gets_the_answer_worked_out_by_hand(session, case):
    changes = Changes(cost=np.array(case.cost, float))
    if session.name == "cpsat" and case.name in CPSAT_REFUSES:
        with pytest.raises(BackendError, match=re.escape(CPSAT_REFUSES[case.name])):
            session.solve(case.matrix, changes)
        return
    solution = session.solve(case.matrix, changes)
    assert (solution.why, solution.message) == (case.why, "")
    rel = PRECISION.get(session.name, 1e-9)
    if case.objective is None:
        assert (solution.values, solution.objective, solution.bound) == (None, None, None)
    else:
        assert solution.objective == pytest.approx(case.objective, rel=rel, abs=1e-9)
        assert solution.bound == pytest.approx(case.objective, rel=rel, abs=1e-9)
    if case.values is not None:
        assert solution.values == pytest.approx(np.array(case.values, float), rel=rel, abs=1e-9)


def test_there_are_at_least_fifty_programs_with_names_of_their_own():
    assert len({case.name for case in CASES}) == len(CASES) >= 50
    assert {case.name for case in CASES} >= set(CPSAT_REFUSES)


def test_only_programs_with_a_continuous_column_are_refused_as_such():
    continuous = {case.name for case in CASES if len(case.whole) < len(case.col_bounds)}
    refused = {name for name, words in CPSAT_REFUSES.items() if words == NOT_WHOLE}
    answered_without_a_solver = {
        "no rows",
        "no rows, unbounded",
        "crossed column bounds",
        "crossed row bounds",
        "rows without bounds only",
    }
    assert continuous - answered_without_a_solver == refused


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e15, 1e-10])
def test_a_coefficient_that_no_solver_keeps_is_refused_before_any_sees_it(session, number):
    program = matrix([[number]], [(1, inf)], [(0, 5)], (0,))
    with pytest.raises(BackendError, match="the coefficient of column 0 in row 0"):
        session.solve(program, Changes(cost=np.array([1.0])))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e20])
def test_a_cost_that_no_solver_reads_as_it_is_is_refused(session, number):
    program = matrix([[1]], [(1, inf)], [(0, 5)], (0,))
    with pytest.raises(BackendError, match=r"cost\[0\]"):
        session.solve(program, Changes(cost=np.array([number])))


def test_a_refused_program_is_followed_by_a_lawful_one_in_the_same_worker(sessions):
    session = sessions["cpsat"]
    lawful = matrix([[1]], [(2, inf)], [(0, 9)], (0,))
    session.solve(lawful, Changes(cost=np.array([1.0])))
    worker = session._worker.pid
    with pytest.raises(BackendError, match=NOT_WHOLE):
        session.solve(matrix([[1]], [(2, inf)], [(0, 9)]))
    assert session.solve(lawful, Changes(cost=np.array([3.0]))).objective == 6
    assert session._worker.pid == worker


def test_a_time_limit_with_a_plan_holds_the_plan_and_a_bound_below_it(session):
    program, cost = knapsacks(exactly=False)
    solution = session.solve(program, Changes(cost=cost), Options(time_limit=0.25))
    assert solution.why is Why.TIME_LIMIT
    assert solution.seconds < 2
    assert solution.objective == pytest.approx(float(cost @ solution.values))
    assert solution.bound is None or solution.bound < solution.objective
    used = np.round(solution.values)
    assert np.all(np.abs(solution.values - used) < 1e-6)


def test_a_time_limit_without_a_plan_holds_no_number_but_a_bound(session):
    program, cost = knapsacks(exactly=True)
    solution = session.solve(program, Changes(cost=cost), Options(time_limit=0.2))
    assert solution.why is Why.TIME_LIMIT
    assert (solution.values, solution.objective) == (None, None)


def test_a_cancel_stops_before_the_time_limit_does(session):
    program, cost = knapsacks(exactly=True)
    solution = session.solve(
        program, Changes(cost=cost), Options(time_limit=30), lambda seen: seen.seconds > 0.15
    )
    assert solution.why is Why.CANCELLED


def test_an_lp_after_longer_solves_has_its_whole_time_limit(session_for_lps):
    session = session_for_lps
    hard, cost = knapsacks(exactly=True)
    session.solve(hard, Changes(cost=cost), Options(time_limit=0.3))
    easy = matrix([[1, 2], [3, 1]], [(-inf, 4), (-inf, 6)], [UP, UP])
    solution = session.solve(easy, Changes(cost=np.array([-1.0, -1.0])), Options(time_limit=0.2))
    assert (solution.why, solution.objective) == (Why.OPTIMAL, pytest.approx(-2.8))


def test_a_solve_after_a_cancel_is_not_cancelled(session):
    program, cost = knapsacks(exactly=True)
    session.solve(program, Changes(cost=cost), Options(time_limit=30), lambda _: True)
    solution = session.solve(program, Changes(cost=cost), Options(time_limit=0.2))
    assert solution.why is Why.TIME_LIMIT


def test_progress_brings_objective_and_bound_and_does_not_flood_its_caller(talkative):
    session = talkative
    program, cost = knapsacks(exactly=False)
    seen = []
    options = Options(time_limit=0.6)
    session.solve(program, Changes(cost=cost), options, lambda p: bool(seen.append(p)))
    assert any(progress.objective is not None for progress in seen)
    idle = [progress for progress in seen if progress.values is None]
    # 0.6 s at ten a second, twice over for the heartbeat, and slack. How few a busy machine sends
    # is not asked; test_pace.py holds the pace itself, by a clock of its own.
    assert 1 <= len(idle) <= 25


def test_log_lines_reach_the_watcher_only_where_asked_for(talkative):
    session = talkative
    program = matrix([[1, 2], [3, 1]], [(-inf, 4), (-inf, 6)], [UP, UP], (0, 1))
    for log in (True, False):
        seen = []
        changes = Changes(cost=np.array([-1.0, -1.0]))
        session.solve(program, changes, Options(log=log), lambda p, s=seen: bool(s.append(p)))
        assert any(progress.line for progress in seen) is log


def test_the_same_question_has_the_same_answer(session):
    program = matrix([[1, 1, 1]], [(2, inf)], [(0, 4)] * 3, (0, 1, 2))
    cost = np.array([1.0, 1.0, 1.0])  # six optimal points: repeats must agree on one
    answers = [session.solve(program, Changes(cost=cost)).values.tolist() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert sum(answers[0]) == pytest.approx(2)


def test_changes_stay_applied_and_what_is_not_named_stays(session):
    program = matrix([[1, 1]], [(2, inf)], [UP, UP], (0, 1))
    first = session.solve(program, Changes(cost=np.array([1.0, 3.0])))
    assert first.values == pytest.approx([2, 0])
    # The cost falls on the other column: 2 of y at 1.
    second = session.solve(None, Changes(cost=np.array([5.0, 1.0])))
    assert second.values == pytest.approx([0, 2])
    # y at most 1, so one x at 5: 1 + 5.
    third = session.solve(None, Changes(col_upper=np.array([inf, 1])))
    assert third.objective == pytest.approx(6)
    # The row asks for 3: two of x and one of y: 10 + 1.
    fourth = session.solve(None, Changes(row_lower=np.array([3.0])))
    assert fourth.objective == pytest.approx(11)
    fifth = session.solve(None, Changes(row_upper=np.array([2.0])))
    assert fifth.why is Why.INFEASIBLE
    sixth = session.solve(None, Changes(row_upper=np.array([inf]), col_lower=np.array([2.0, 0])))
    assert sixth.objective == pytest.approx(2 * 5 + 1)


def test_an_lp_is_solved_again_from_where_it_stood(session_for_lps):
    session = session_for_lps
    program = matrix([[1, 1]], [(2, inf)], [UP, UP])
    assert session.solve(program, Changes(cost=np.array([5.0, 1.0]))).objective == pytest.approx(2)
    # y at most 1.5, so 0.5 of x at 5: 1.5 + 2.5; then 3 are asked for: 1.5 + 7.5.
    capped = session.solve(None, Changes(col_upper=np.array([inf, 1.5])))
    assert capped.objective == pytest.approx(4.0)
    assert session.solve(None, Changes(row_lower=np.array([3.0]))).objective == pytest.approx(9.0)


def test_a_changed_array_is_seen_even_where_the_caller_writes_in_place(session):
    program = matrix([[1, 1]], [(2, inf)], [UP, UP], (0, 1))
    cost = np.array([1.0, 3.0])
    session.solve(program, Changes(cost=cost))
    cost[:] = [3.0, 1.0]
    assert session.solve(None, Changes(cost=cost)).values == pytest.approx([0, 2])


def test_a_new_matrix_starts_with_no_cost(session):
    program = matrix([[1]], [(2, inf)], [UP], (0,))
    session.solve(program, Changes(cost=np.array([1.0])))
    assert session.solve(program).objective == 0


def test_a_start_is_a_hint_only(session):
    program = matrix([[5, 4, 3]], [(-inf, 8)], [(0, 1)] * 3, (0, 1, 2))
    cost = np.array([-10.0, -8.0, -7.0])
    for start in ([1, 0, 1], [1, 1, 1], [0, 0, 0]):
        changes = Changes(cost=cost, start=np.array(start, float))
        assert session.solve(program, changes).objective == pytest.approx(-17)


def test_a_gap_of_zero_proves_the_last_pound_of_fifty_million(session):
    # Two ways to staff 1,000 posts: at £50,000, or one at £49,999. A gap of 1e-4 is £5,000.
    program = matrix([[1, 1]], [(1000, inf)], [(0, 1000), (0, 1)], (0, 1))
    solution = session.solve(program, Changes(cost=np.array([50000.0, 49999.0])))
    assert solution.objective == pytest.approx(49_999_999, abs=1e-3)


def test_seeds_and_threads_do_not_change_the_objective(session):
    program = matrix([[5, 4, 3, 7]], [(-inf, 11)], [(0, 3)] * 4, range(4))
    cost = Changes(cost=np.array([-10.0, -8.0, -7.0, -13.0]))
    # Per unit of weight: 3 units of the third (9, worth 21) leave 2, where nothing fits: 21.
    # 2 of the third and one of the first weigh 11 and are worth 24.
    for options in (Options(seed=7), Options(threads=2), Options(seed=1, threads=2)):
        assert session.solve(program, cost, options).objective == pytest.approx(-24)


def test_a_column_may_be_free_and_whole(session):
    program = matrix([[1]], [(-7.25, inf)], [FREE], (0,))
    assert session.solve(program, Changes(cost=np.array([1.0]))).values == pytest.approx([-7])


def test_all_backends_agree_with_enumeration_on_random_staffing_programs(sessions):
    rng = np.random.default_rng(20)
    for _ in range(8):
        weights = rng.integers(1, 9, size=(2, 3)).astype(float)
        need = rng.integers(5, 20, size=2).astype(float)
        cost = rng.integers(1, 30, size=3).astype(float)
        points = np.stack(np.meshgrid(*[np.arange(7)] * 3), axis=-1).reshape(-1, 3)
        lawful = np.all(points @ weights.T >= need, axis=1)
        best = (points[lawful] @ cost).min() if lawful.any() else None
        program = matrix(weights, [(n, inf) for n in need], [(0, 6)] * 3, range(3))
        for session in sessions.values():
            assert session.solve(program, Changes(cost=cost)).objective == pytest.approx(best)


def test_duals_of_a_linear_program_are_offered_right_or_not_at_all(session):
    # Least 2x + 3y over x + y >= 4 and x - y <= 2: x = 3, y = 1. One more of 4 costs 2.5 (half a
    # unit of each), one more of 2 saves 0.5.
    program = matrix([[1, 1], [1, -1]], [(4, inf), (-inf, 2)], [UP, UP])
    if session.name == "cpsat":
        return  # refuses columns that need not be whole
    duals = session.solve(program, Changes(cost=np.array([2.0, 3.0]))).duals
    assert duals is None or duals == pytest.approx([2.5, -0.5], abs=1e-9)
    assert (duals is None) == (session.name != "highs")


def test_an_integer_program_has_no_duals(session):
    program = matrix([[1, 1], [1, -1]], [(4, inf), (-inf, 2)], [(0, 9), (0, 9)], (0, 1))
    assert session.solve(program, Changes(cost=np.array([2.0, 3.0]))).duals is None
