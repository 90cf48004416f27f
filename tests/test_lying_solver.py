"""A solver that lies to the engine: no lie ends in a plan that two solvers are said to support.

The lies are told twice: behind the session's audit, as a real solver would tell them, and past it,
so that what stands behind the audit is tried too; with a second solver to contradict it, or with
a proof in exact arithmetic.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import staffopt as so
from staffopt.algebra.solution import Solution, Why
from staffopt.backends import registry
from staffopt.backends import session as sessions
from staffopt.backends.registry import NAMES, create
from staffopt.plan import Grade

HONEST = {name: create(name) for name in NAMES}


class Liar:
    """One backend that answers in another's place, and may lie about any of its solves."""

    def __init__(self, name, lie=None):
        self.name = name
        self._honest = HONEST[name]
        self._lie = lie
        self._matrix = None
        self.told = 0
        self.before = None

    def solve(self, matrix, changes, options, watch):
        self._matrix = matrix if matrix is not None else self._now(changes)
        truth = self._honest.solve(matrix, changes, options, watch)
        if self._lie is None:
            return truth
        self.told += 1
        lie = self._lie(self, truth, changes, options)
        self.before = truth
        return lie

    def _now(self, changes):
        held = self._matrix
        rows = {
            name: getattr(changes, name)
            for name in ("row_lower", "row_upper", "col_lower", "col_upper")
            if getattr(changes, name) is not None
        }
        return replace(held, **rows)

    def elsewhere(self, matrix, cost, options):
        """Solve another program honestly."""
        other = create(self.name)
        return other.solve(matrix, sessions.Changes(cost=cost), options, sessions.ignore)

    @property
    def matrix(self):
        return self._matrix


def claimed(solution, values, cost):
    """Claim a point to be proven best."""
    objective = float(cost @ values)
    return replace(solution, why=Why.OPTIMAL, values=values, objective=objective, bound=objective)


def costs_of(liar, changes):
    return changes.cost if changes.cost is not None else np.zeros(liar.matrix.columns)


def worse_point(liar, truth, changes, options):
    """Claim a feasible point that is worse: one dearer than the best by a step."""
    cost = costs_of(liar, changes)
    if truth.values is None or not cost.any():
        return truth
    dearer = liar.elsewhere(_with_floor(liar.matrix, cost, truth.objective), cost, options)
    return truth if dearer.values is None else claimed(dearer, dearer.values, cost)


def _with_floor(matrix, cost, objective):
    """Ask for an objective that is worse by a thousandth and one unit of the first column."""
    used = np.flatnonzero(cost)
    step = float(np.abs(cost[used]).min())
    floor = objective + step / 2
    counts = np.diff(matrix.indptr)
    new_row = matrix.rows
    indptr = np.concatenate([[0], np.cumsum(counts + (cost != 0))])
    indices, data = [], []
    for column in range(matrix.columns):
        place = slice(matrix.indptr[column], matrix.indptr[column + 1])
        indices += [*matrix.indices[place], *([new_row] if cost[column] else [])]
        data += [*matrix.data[place], *([cost[column]] if cost[column] else [])]
    return replace(
        matrix,
        indptr=indptr.astype(np.int64),
        indices=np.array(indices, dtype=np.int32),
        data=np.array(data),
        row_lower=np.append(matrix.row_lower, floor),
        row_upper=np.append(matrix.row_upper, np.inf),
    )


def infeasible_point(liar, truth, changes, options):
    """Claim that nothing need change."""
    if truth.values is None:
        return truth
    return claimed(truth, np.zeros(liar.matrix.columns), costs_of(liar, changes))


def fractional_point(liar, truth, changes, options):
    """Claim the optimum of the program with nothing whole."""
    relaxed = replace(liar.matrix, integer=np.zeros(liar.matrix.columns, dtype=bool))
    cost = costs_of(liar, changes)
    found = liar.elsewhere(relaxed, cost, options)
    return truth if found.values is None else claimed(found, found.values, cost)


def infeasible_claim(liar, truth, changes, options):
    return Solution(Why.INFEASIBLE, backend=truth.backend)


def infeasible_and_a_point(liar, truth, changes, options):
    return replace(truth, why=Why.INFEASIBLE)


def other_objective(liar, truth, changes, options):
    """Prefer what is dear to what is cheap, and call it the objective asked for."""
    cost = costs_of(liar, changes)
    dear = np.abs(cost).max() / np.where(cost > 0, cost, np.inf) + (cost <= 0)
    found = liar.elsewhere(liar.matrix, dear, options)
    return truth if found.values is None else claimed(found, found.values, cost)


def nan_values(liar, truth, changes, options):
    return truth if truth.values is None else replace(truth, values=truth.values * np.nan)


def nan_objective(liar, truth, changes, options):
    return replace(truth, objective=float("nan"), bound=float("nan"))


def stale_values(liar, truth, changes, options):
    """Give the last program's point in the place of this one's."""
    if truth.values is None:
        return truth
    before = np.zeros(3) if liar.before is None else liar.before.values
    return claimed(truth, before, costs_of(liar, changes)[: len(before)])


def low_bound(liar, truth, changes, options):
    return truth if truth.bound is None else replace(truth, bound=truth.bound - 1e6)


def high_bound(liar, truth, changes, options):
    return truth if truth.bound is None else replace(truth, bound=abs(truth.bound) * 2 + 1e6)


def wrong_length(liar, truth, changes, options):
    return truth if truth.values is None else replace(truth, values=truth.values[:-1])


def no_point(liar, truth, changes, options):
    return replace(truth, values=None, objective=None)


def unbounded(liar, truth, changes, options):
    return Solution(Why.UNBOUNDED, backend=truth.backend)


def limit_without_reason(liar, truth, changes, options):
    return replace(truth, why=Why.TIME_LIMIT)


LIES = [
    worse_point,
    infeasible_point,
    fractional_point,
    infeasible_claim,
    infeasible_and_a_point,
    other_objective,
    nan_values,
    nan_objective,
    stale_values,
    low_bound,
    high_bound,
    wrong_length,
    no_point,
    unbounded,
    limit_without_reason,
]

LIARS = ("highs", "scip")
"""Who lies as the first solver; CBC and SCIP lie as the second, and CP-SAT where all is whole."""


@pytest.fixture(scope="module")
def honest():
    """Solve the options truthfully, once."""
    tiny = so.load("tiny")
    options = ("best-mix", "social-workers")
    asking = {"isolation": "inline", "cross_check": False, "certify": False}
    return {o: so.solve(tiny, option=o, **asking) for o in options}


@pytest.fixture
def told(monkeypatch):
    """Let one backend lie to the engine, with or without the audit between them."""

    def run(lie, *, liar="highs", audited=True, option="best-mix", **asking):
        backends = {name: Liar(name, lie if name == liar else None) for name in HONEST}
        monkeypatch.setattr(sessions, "create", backends.__getitem__)
        run.liar = backends[liar]
        if not audited:
            monkeypatch.setattr(sessions, "audit", lambda *_: "")
        asking = {"cross_check": True, "certify": False, **asking}
        return so.solve(so.load("tiny"), option=option, isolation="inline", **asking)

    return run


def is_false(plan, honest):
    """Say whether a plan claims more than is true: a goal's value, or a bound above it."""
    values = [goal.value for goal in plan.goals]
    above = any(g.bound is not None and g.bound > float(g.value) + 1e-6 for g in plan.goals)
    return above or values != [goal.value for goal in honest.goals]


@pytest.mark.parametrize("backend", LIARS)
def test_without_a_lie_the_plan_is_cross_checked(told, backend):
    assert told(None, backend=backend).grade is Grade.CROSS_CHECKED


@pytest.mark.parametrize("option", ["best-mix", "social-workers"])
@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_no_lie_ends_in_a_false_plan_that_is_cross_checked(told, honest, lie, liar, option):
    try:
        plan = told(lie, liar=liar, backend=liar, option=option)
    except so.StaffoptError:
        return
    # A lie that the proof's own solves put right does no harm.
    assert plan.grade is not Grade.CROSS_CHECKED or not is_false(plan, honest[option])


@pytest.mark.parametrize("option", ["best-mix", "social-workers"])
@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_past_the_audit_no_lie_ends_in_a_false_plan_that_is_cross_checked(
    told, honest, lie, liar, option
):
    try:
        plan = told(lie, liar=liar, backend=liar, audited=False, option=option)
    except Exception:  # noqa: BLE001 (what is not ours is an error all the same)
        return
    assert plan.grade is not Grade.CROSS_CHECKED or not is_false(plan, honest[option])


@pytest.mark.parametrize("second", ["cbc", "scip"])
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lying_second_opinion_confirms_nothing_that_is_wrong(
    told, honest, lie, second, monkeypatch
):
    if second == "scip":  # as where no CBC runs
        monkeypatch.setattr(registry, "find_cbc", lambda: None)
    try:
        plan = told(lie, liar=second, option="social-workers")
    except so.StaffoptError:
        assert told.liar.told
        return
    assert told.liar.told
    assert not is_false(plan, honest["social-workers"])


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        (worse_point, so.Conflict),
        (infeasible_claim, so.Conflict),
        (fractional_point, so.BackendError),
        (infeasible_point, so.BackendError),
        (infeasible_and_a_point, so.BackendError),
        (stale_values, so.BackendError),
        (low_bound, so.BackendError),
        (high_bound, so.BackendError),
        (nan_values, so.BackendError),
        (nan_objective, so.BackendError),
        (wrong_length, so.BackendError),
        (no_point, so.BackendError),
        (unbounded, so.BackendError),
    ],
)
def test_a_lie_is_called_by_its_name(told, lie, expected, liar):
    with pytest.raises(expected):
        told(lie, liar=liar, backend=liar, option="support-officers")


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        (infeasible_claim, so.Conflict),
        (nan_values, so.BackendError),
        (wrong_length, so.BackendError),
        (no_point, so.BackendError),
        (unbounded, so.BackendError),
        (infeasible_and_a_point, so.BackendError),
    ],
)
def test_a_lie_of_cpsat_is_called_by_its_name_where_all_is_whole(told, lie, expected):
    asking = {"liar": "cpsat", "backend": "cpsat", "option": "do-nothing"}
    assert told(None, **asking).grade is Grade.CROSS_CHECKED
    with pytest.raises(expected):
        told(lie, **asking)


def test_a_point_that_is_best_for_something_else_is_a_conflict(told):
    with pytest.raises(so.Conflict):
        told(other_objective, option="best-mix")


def test_past_the_audit_a_point_that_breaks_a_rule_is_refused_by_verification(told):
    with pytest.raises(so.VerificationError, match="does not hold"):
        told(infeasible_point, audited=False, option="support-officers", cross_check=False)


def test_past_the_audit_a_bound_far_below_lowers_the_grade(told):
    assert told(low_bound, audited=False, option="support-officers").grade is Grade.FEASIBLE


@pytest.mark.parametrize("audited", [True, False], ids=["audited", "past the audit"])
@pytest.mark.parametrize("option", ["best-mix", "social-workers"])
@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_no_lie_ends_in_a_false_plan_that_is_certified(told, honest, lie, option, audited):
    try:
        plan = told(lie, option=option, audited=audited, cross_check=False, certify=True)
    except Exception:  # noqa: BLE001 (past the audit, what is not ours is an error all the same)
        return
    assert plan.grade is not Grade.CERTIFIED or not is_false(plan, honest[option])


def test_without_a_lie_the_plan_is_certified_and_cross_checked(told):
    plan = told(None, certify=True)
    assert (plan.grade, plan.provenance.cross_check[:3]) == (Grade.CERTIFIED, "cbc")


@pytest.mark.parametrize("option", ["best-mix", "support-officers"])
def test_a_proof_refutes_a_worse_point_and_the_answer_is_withheld(told, option):
    with pytest.raises(so.Conflict, match="the exact search says full_year_cost"):
        told(worse_point, option=option, cross_check=False, certify=True)


def test_a_proof_refutes_a_claim_of_no_plan(told):
    with pytest.raises(so.Conflict, match="says none, the exact search says a plan"):
        told(infeasible_claim, cross_check=False, certify=True)


def test_without_a_second_opinion_a_worse_point_is_at_most_the_solver_s_claim(told):
    plan = told(worse_point, option="support-officers", cross_check=False)
    assert plan.grade in (Grade.SOLVER_CLAIMED, Grade.FEASIBLE)
    assert plan.goals[0].value > 48_000


def test_a_claim_of_no_plan_without_a_second_opinion_is_the_solver_s_alone(told):
    with pytest.raises(so.Infeasible) as raised:
        told(infeasible_claim, cross_check=False)
    assert raised.value.grade is Grade.SOLVER_CLAIMED
