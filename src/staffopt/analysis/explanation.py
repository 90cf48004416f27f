"""Explain a question: why there is no plan, or what the plan depends on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.algebra.solution import Progress as SolverProgress
from staffopt.analysis.binding import Binding, NextStep, Standing
from staffopt.analysis.conflicts import Conflict, Search
from staffopt.analysis.feasibility import Feasibility
from staffopt.analysis.inputs import inputs_under
from staffopt.analysis.instances import RuleInstance, instances_of
from staffopt.analysis.parameters import declared_prices, paths_of
from staffopt.analysis.repairing import RepairSearch
from staffopt.analysis.repairs import ParameterRepair, ranked
from staffopt.analysis.to_the_end import options_of, session_of
from staffopt.answer import MOST_ENTRIES_CERTIFIED, MOST_ENTRIES_CROSS_CHECKED
from staffopt.backends.registry import PROVER, describe, second_opinion
from staffopt.build import build
from staffopt.certificates import WORK, certify
from staffopt.claims import disagreement
from staffopt.desk import Desk, open_desk
from staffopt.errors import Conflict as Disagreement
from staffopt.errors import Fault, Infeasible, InputError, Place
from staffopt.plan import Grade
from staffopt.quantity import parse_exact
from staffopt.request import Progress

if TYPE_CHECKING:
    from staffopt.algebra.program import IntArray, Program
    from staffopt.backends.session import Session
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan
    from staffopt.question import Question
    from staffopt.request import Asking

MOST_REPAIRS = 5
"""So many repairs are looked for unless more are wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why there is no plan, or why this one.

    Attributes:
        question: the question.
        plan: the plan, where there is one; there are no conflicts and no repairs then.
        binding: rule instances without which the first goal would be better, the dearest first.
        next_steps: for each figure, the nearest value on either side that changes the first goal.
        not_told: why there are no binding rules and no next steps, where that is so.
        conflicts: rule instances that no plan meets together; no two share one.
        all_conflicts: whether no other conflict shares nothing with those.
        repairs: changes of figures after which there is a plan, the best first.
        all_repairs: whether every least set of figures is there whose change helps.
        solves: how often a solver was asked for a point.
        seconds: how long it took.
    """

    question: Question
    plan: Plan | None
    conflicts: tuple[Conflict, ...] = ()
    all_conflicts: bool = True
    repairs: tuple[ParameterRepair, ...] = ()
    all_repairs: bool = True
    solves: int = 0
    seconds: float = 0.0
    binding: tuple[Binding, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    not_told: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data; of plans, what each goal came to."""
        plan = self.plan
        return {
            "feasible": plan is not None,
            "goals": [goal.model_dump(mode="json") for goal in plan.goals] if plan else [],
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
            "all_conflicts": self.all_conflicts,
            "repairs": [repair.to_json() for repair in self.repairs],
            "all_repairs": self.all_repairs,
            "binding": [binding.to_json() for binding in self.binding],
            "next_steps": [step.to_json() for step in self.next_steps],
            "not_told": self.not_told,
            "solves": self.solves,
        }


def explain(
    instance: Instance,
    *,
    prices: Mapping[str, Any] | None = None,
    most_repairs: int = MOST_REPAIRS,
    **asking: Unpack[Asking],
) -> Explanation:
    """Explain why a question has no plan, or what its plan depends on.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        prices: path of a figure → what changing it by one of its unit weighs; repairs of which
            every figure has a price are ordered by it, and come first.
        most_repairs: how many sets of figures to repair are looked for.
        asking: as for :func:`staffopt.solve`. ``time_limit`` is of the whole search for conflicts
            and repairs, and again of every plan.

    Returns:
        the conflicts and the repairs; or, where there is a plan, the rules that bind it, what each
        costs, and the next step of every figure.

    Raises:
        InputError: names, paths, figures, parameters or prices are at fault.
        NoPlan, Cancelled, BackendError, VerificationError, OSError: as :func:`staffopt.solve`.
        Conflict: two solvers, or a solver and a proof, disagree.
    """
    weights = _weights(prices or {})
    with open_desk(instance, **asking) as desk:
        return explain_on(desk, weights, most_repairs)


def explain_on(desk: Desk, prices: Mapping[str, Fraction], most_repairs: int) -> Explanation:
    """Explain the question of a desk; see :func:`explain`."""
    started = time.monotonic()
    with desk.solvers.lock:
        question = desk.question
        program = build(question, may_cut=True)
        prices = _spread(prices, question, program)
        instances = instances_of(question, program)
        explaining = _Explaining(desk, question, program, instances, started)
        search = explaining.search()
        if not search.plain_at_all():
            try:
                plan = desk.solve()
            except Infeasible:
                pass
            else:
                return explaining.of_a_plan(plan)
        return explaining.without_a_plan(search, prices, most_repairs)


def what_binds(desk: Desk, plan: Plan) -> Explanation:
    """Say which rules bind a plan of a desk's question, and what each costs, and no more.

    Which figures would change the plan is left out: to search for them takes many times as long.

    Raises:
        As :func:`staffopt.solve`.
    """
    started = time.monotonic()
    with desk.solvers.lock:
        question = desk.question
        program = build(question, may_cut=True)
        instances = instances_of(question, program)
        return _Explaining(desk, question, program, instances, started).bound(plan)


@dataclass(slots=True)
class _Explaining:
    """One question without a plan on its way to an explanation."""

    desk: Desk
    question: Question
    program: Program
    instances: list[RuleInstance]
    started: float

    def of_a_plan(self, plan: Plan) -> Explanation:
        """Say which rules bind a plan, and what the next step of each figure changes."""
        feasibility = self._feasibility()
        standing = Standing(self.desk, self.program, self.instances, feasibility, plan)
        binding = standing.with_margins(standing.binding())
        steps = standing.next_steps()
        return Explanation(
            question=self.question,
            plan=plan,
            binding=tuple(binding),
            next_steps=tuple(steps),
            not_told=standing.not_told,
            solves=feasibility.asked,
            seconds=self._seconds(),
        )

    def bound(self, plan: Plan) -> Explanation:
        """Say which rules bind a plan."""
        feasibility = self._feasibility()
        standing = Standing(self.desk, self.program, self.instances, feasibility, plan)
        binding = tuple(standing.binding())
        return Explanation(
            question=self.question,
            plan=plan,
            binding=binding,
            not_told=standing.not_told,
            solves=feasibility.asked,
            seconds=self._seconds(),
        )

    def _feasibility(self) -> Feasibility:
        request = self.desk.request
        return Feasibility(
            self._session,
            options_of(request),
            self._seconds,
            self._watch,
            self._other,
        )

    @property
    def _session(self) -> Session:
        return session_of(self.desk, whole=bool(self.program.matrix.integer.any()))

    def _other(self) -> Session | None:
        """Return another solver, for what the first one fails on."""
        name = second_opinion(self._session.name)
        there = name is not None and describe(name).ok
        return self.desk.solvers.session(name) if name is not None and there else None

    def search(self) -> Search:
        """Return what looks for conflicts."""
        feasibility = self._feasibility()
        grader = self._grader(feasibility)
        return Search(self.question, self.program, self.instances, feasibility, grader)

    def without_a_plan(
        self, search: Search, prices: Mapping[str, Fraction], most: int
    ) -> Explanation:
        """Find the conflicts, and the repairs."""
        feasibility = search.feasibility
        conflicts, every = search.family()
        looking = RepairSearch(self.desk, self.program, search, self.instances, feasibility)
        prices = {**declared_prices(self.question, self.program), **prices}
        repairs = [
            repair
            for figures in looking.sets([conflict.members for conflict in conflicts], most)
            for repair in looking.repairs(figures, prices)
        ]
        repairs += looking.least_of_all(prices, repairs)
        return Explanation(
            question=self.question,
            plan=None,
            conflicts=tuple(conflicts),
            all_conflicts=every,
            repairs=tuple(ranked(repairs)),
            all_repairs=looking.complete,
            solves=feasibility.asked,
            seconds=self._seconds(),
        )

    def _seconds(self) -> float:
        return time.monotonic() - self.started

    def _watch(self, _progress: SolverProgress) -> bool:
        """Tell the caller that it goes on, and pass a cancel back."""
        request = self.desk.request
        if request.progress is not None:
            backend = self._session.name
            news = Progress("why there is no plan", 1, 1, self._seconds(), backend=backend)
            request.progress(news)
        return request.cancel is not None and request.cancel.is_set()

    def _grader(self, feasibility: Feasibility) -> Callable[[IntArray], str]:
        """Return what grades that there is no point with some rows lifted."""

        def grade(lifted: IntArray) -> str:
            reduced = _without(self.program, lifted)
            if self._is_certified(reduced):
                return Grade.CERTIFIED
            agreed = self._is_cross_checked(reduced)
            feasibility.forget()
            return Grade.CROSS_CHECKED if agreed else Grade.SOLVER_CLAIMED

        return grade

    def _is_certified(self, program: Program) -> bool:
        """Prove in exact arithmetic that there is no point, where that is quick.

        Raises:
            Disagreement: if the proof finds one.
        """
        request, small = self.desk.request, program.matrix.entries <= MOST_ENTRIES_CERTIFIED
        if request.certify is False or not (program.exact and small and describe(PROVER).ok):
            return False
        session = self.desk.solvers.session(PROVER)
        limit = request.time_limit
        left = None if limit is None else max(0.0, limit - self._seconds())
        proof = certify(
            self.question, program, None, session, work=WORK, watch=self._watch, limit=left
        )
        if proof.contradicted is not None:
            self._disagree("the exact search")
        return proof.no_plan

    def _is_cross_checked(self, program: Program) -> bool:
        """Ask another solver, where that is quick.

        Raises:
            Disagreement: if it finds a point.
        """
        request, name = self.desk.request, second_opinion(self._session.name)
        small = program.matrix.entries <= MOST_ENTRIES_CROSS_CHECKED
        if name is None or request.cross_check is False or not (small and describe(name).ok):
            return False
        matrix = program.matrix.floating()
        limit = request.time_limit
        left = None if limit is None else limit - self._seconds()
        if left is not None and left <= 0:
            return False
        options = Options(left, 0.0, request.threads, request.seed)
        cost = Changes(np.zeros(matrix.columns))
        solution = self.desk.solvers.session(name).solve(matrix, cost, options, self._watch)
        if solution.values is not None:
            self._disagree(name)
        return solution.why is Why.INFEASIBLE

    def _disagree(self, other: str) -> None:
        backend = self._session.name
        raise Disagreement(disagreement(self.question, backend, "none", other, "a plan"))


def _without(program: Program, lifted: IntArray) -> Program:
    """Return a program without the bounds of some rows."""
    lower, upper = program.matrix.row_lower.copy(), program.matrix.row_upper.copy()
    lower[lifted], upper[lifted] = -np.inf, np.inf
    return replace(program, matrix=replace(program.matrix, row_lower=lower, row_upper=upper))


def _weights(prices: Mapping[str, Any]) -> dict[str, Fraction]:
    """Read prices.

    Raises:
        InputError: with every price that is not an exact figure above 0.
    """
    weights, faults = {}, []
    for path, value in prices.items():
        try:
            weights[str(path)] = parse_exact(value)
        except ValueError:
            weights[str(path)] = Fraction(-1)
        if weights[str(path)] <= 0:
            what = f"the price of {path} is {value!r}"
            mend = "Give a figure above 0: what a change by one of its unit weighs."
            faults.append(Fault("bad-price", what, mend, Place(path=str(path))))
    if faults:
        raise InputError(faults)
    return weights


def _spread(
    prices: Mapping[str, Fraction], question: Question, program: Program
) -> dict[str, Fraction]:
    """Give each figure that rows come from its price; one of a whole table is of each figure in it.

    Raises:
        InputError: with every price of a path at which no figure stands.
    """
    paths = set(paths_of(program).values())
    spread: dict[str, Fraction] = {}
    faults = []
    for path, price in prices.items():
        found = {own for own in paths if own == path or own.startswith(f"{path}.")}
        spread |= {own: price for own in found if own == path or own not in prices}
        if not found and not inputs_under(question, path):
            what = f"no figure stands at {path!r}, which is given a price"
            mend = "Write a path as repairs name it, such as funds.growth.ceiling.2026/27."
            faults.append(Fault("no-figure", what, mend, Place(path=path)))
    if faults:
        raise InputError(faults)
    return spread
