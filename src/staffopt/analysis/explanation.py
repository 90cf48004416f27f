"""Explain a question: why there is no plan, or what the plan depends on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

from staffopt.analysis.asking import PROVEN
from staffopt.analysis.binding import Binding, binding, with_margin
from staffopt.analysis.conflicts import Conflict, Search
from staffopt.analysis.feasibility import Feasibility
from staffopt.analysis.grading import Grading
from staffopt.analysis.inputs import inputs_under
from staffopt.analysis.instances import RuleInstance, instances_of
from staffopt.analysis.next_steps import NextStep, Stepping, figures_of
from staffopt.analysis.parameters import declared_prices, paths_of
from staffopt.analysis.repairing import RepairSearch
from staffopt.analysis.repairs import ParameterRepair, ranked
from staffopt.analysis.standing import Standing
from staffopt.analysis.to_the_end import options_of, session_of
from staffopt.backends.registry import describe, second_opinion
from staffopt.build import build
from staffopt.desk import Desk, open_desk
from staffopt.errors import Fault, Infeasible, InputError, Place
from staffopt.quantity import parse_exact
from staffopt.request import Progress

if TYPE_CHECKING:
    from staffopt.algebra.program import Program
    from staffopt.algebra.solution import Progress as SolverProgress
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
        number: the goal that what binds is told in: the first, from 0, in which any rule binds.
            Goals before it are held at their best.
        binding: rule instances without which that goal would be better, the dearest first.
        next_steps: for each figure, the nearest value on either side that changes a goal up to it.
        all_binding: whether every rule instance and every figure was looked at.
        not_told: why there are no binding rules and no next steps, where that is so.
        conflicts: rule instances that no plan meets together; no two share one.
        all_conflicts: whether no other conflict shares nothing with those.
        repairs: changes of figures after which there is a plan, the best first.
        all_repairs: whether every least set of figures is there whose change helps.
        least_proven: whether it is proven that no other change weighs less: by the prices, among
            all figures that have one; and relative to the figures, for every number of them.
        solves: how often a solver was asked for a point.
        seconds: how long it took.
    """

    question: Question
    plan: Plan | None
    conflicts: tuple[Conflict, ...] = ()
    all_conflicts: bool = True
    repairs: tuple[ParameterRepair, ...] = ()
    all_repairs: bool = True
    least_proven: bool = True
    solves: int = 0
    seconds: float = 0.0
    number: int = 0
    binding: tuple[Binding, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    all_binding: bool = True
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
            "least_proven": self.least_proven,
            "number": self.number,
            "binding": [binding.to_json() for binding in self.binding],
            "next_steps": [step.to_json() for step in self.next_steps],
            "all_binding": self.all_binding,
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
    """One question on its way to an explanation; what it asks is told to whoever waits."""

    desk: Desk
    question: Question
    program: Program
    instances: list[RuleInstance]
    started: float
    asks: str = "why there is no plan"

    def of_a_plan(self, plan: Plan) -> Explanation:
        """Say which rules bind a plan, and what the next step of each figure changes."""
        told, standing = self._bound(plan)
        if told.not_told:
            return told
        bound = [with_margin(standing, one) for one in told.binding]
        figures = figures_of(self.desk, self.program, self.instances)
        steps = list(self._stepping(plan, standing).steps(figures))
        return self._ended(replace(told, binding=tuple(bound), next_steps=tuple(steps)), standing)

    def bound(self, plan: Plan) -> Explanation:
        """Say which rules bind a plan."""
        return self._bound(plan)[0]

    def _bound(self, plan: Plan) -> tuple[Explanation, Standing]:
        self.asks = "what binds the plan"
        standing, bound = self._standing(plan, self.program, self._feasibility()), []
        not_told = _not_told(plan)
        if not not_told:
            bound = binding(standing, self.instances)
            not_told = "" if standing.bests else "it was stopped, or out of time, too soon"
        told = Explanation(
            question=self.question,
            plan=plan,
            number=standing.told if bound else 0,
            binding=tuple(bound),
            not_told=not_told,
        )
        return self._ended(told, standing), standing

    def _standing(self, plan: Plan, program: Program, feasibility: Feasibility) -> Standing:
        slack = [float(goal.tolerance or 0) for goal in self.question.goals]
        return Standing(program, [goal.value for goal in plan.goals], slack, feasibility)

    def _stepping(self, plan: Plan, standing: Standing) -> Stepping:
        """Take the program that other figures are patched into, with the same goals looked at."""
        patched = self._standing(plan, self.desk.program(), standing.feasibility)
        while len(patched.bests) < len(standing.bests) and patched.look_at_next():
            pass
        return Stepping(self.desk, patched)

    def _ended(self, told: Explanation, standing: Standing) -> Explanation:
        """Say how it ended: whether all was looked at, and what it took."""
        asked = standing.feasibility
        all_binding = not (asked.stopped or told.not_told)
        seconds = self._seconds()
        return replace(told, all_binding=all_binding, solves=asked.asked, seconds=seconds)

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
        grading = Grading(self.desk, self.question, self.program, feasibility)
        return Search(self.question, self.program, self.instances, feasibility, grading.grade)

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
            least_proven=looking.least_proven,
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
            news = Progress(self.asks, 0, 0, self._seconds(), backend=backend)
            request.progress(news)
        return request.cancel is not None and request.cancel.is_set()


def _not_told(plan: Plan) -> str:
    """Say why it is not told what binds a plan, or nothing."""
    if not plan.goals:
        return "the model has no goal, so no plan is better than another"
    if plan.provenance.stopped != PROVEN:
        return "the plan is not proven to be the best"
    return ""


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
