"""The only wiring: question → program → solution → plan, verified before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.lexicographic import Outcome
from staffopt.algebra.lint import float_hazards
from staffopt.algebra.solution import Why
from staffopt.attempt import Attempt
from staffopt.backends.guard import refuse_out_of_reach
from staffopt.backends.registry import AUTO, PROVER, describe, quickest, second_opinion
from staffopt.certificates import WORK, WORK_ASKED, Certified, certify
from staffopt.claims import (
    Answer,
    command,
    disagreement,
    exact_answer,
    goal_values,
    is_worse,
    refuse_better,
    refuse_conflict,
)
from staffopt.contradictions import plain_words
from staffopt.errors import (
    BackendError,
    Cancelled,
    Conflict,
    Fault,
    Infeasible,
    InputError,
    NoPlan,
    Place,
    StaffoptError,
)
from staffopt.infeasible import what_would_give
from staffopt.keeper import Keeper, Making
from staffopt.model.schema import GoalName
from staffopt.plan import Decisions, Figures, Grade, Plan, Provenance
from staffopt.quantity import parse_decimal
from staffopt.uniqueness import uniqueness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staffopt.algebra.program import FloatArray, Program
    from staffopt.backends.solvers import Solvers
    from staffopt.question import Question
    from staffopt.request import Request

MOST_ENTRIES_CERTIFIED = 5_000
"""Up to so many coefficients a certificate is sought unasked: it costs about a second at most."""

MOST_ENTRIES_CROSS_CHECKED = 10_000
"""Up to so many coefficients a cross-check is made unasked: it costs well under a second.

Of 17,000, where 300 people are placed, CBC takes minutes for what HiGHS does in seconds.
"""


def answer(
    question: Question,
    request: Request,
    solvers: Solvers,
    started: float,
    keeper: Keeper | None = None,
) -> Plan:
    """Answer a question with a verified plan.

    Args:
        question: the question, every parameter settled.
        request: how it is to be answered.
        solvers: sessions to solve with; nobody else may use them meanwhile.
        started: when the answer was asked for, on the monotonic clock.
        keeper: makes the program, from the last one where it can; None for nothing to start from.

    Raises:
        InputError: the question cannot be stated on its figures.
        Infeasible: proven; with what would have to give.
        NoPlan, Cancelled: stopped before a plan was found.
        BackendError: the solver is missing, known to be bad, crashed or hung.
        Conflict: two solvers disagree.
        VerificationError: the plan found does not hold, even after a second attempt.
    """
    program, making = (keeper or Keeper()).program(question)
    refuse_out_of_reach(program)
    if request.backend == AUTO:
        request = replace(request, backend=quickest(whole=bool(program.matrix.integer.any())))
    attempt = Attempt(question, program, request, solvers, started)
    return _Answering(question, program, request, attempt, making).plan()


@dataclass(frozen=True, slots=True)
class _Answering:
    """One question on its way to a plan."""

    question: Question
    program: Program
    request: Request
    attempt: Attempt
    making: Making

    def plan(self) -> Plan:
        """Solve, check, have it checked, and write the plan."""
        outcome = self.attempt.minimise(self.request.backend)
        if outcome.values is None:
            raise self._why_not(outcome)
        first = self.attempt.checked(outcome)
        proof, other = Certified(), None
        if outcome.why is Why.OPTIMAL:
            proof = self._certified(first)
            goals = goal_values(self.question, self.program, first, proof.bounds, checked=False)
            certain = bool(goals) and all(goal.grade is Grade.CERTIFIED for goal in goals)
            if second := self._second_opinion(certain=certain):
                other = self._agreeing(first, self._second(second), certain=certain)
        return self._written(first, other, proof)

    def _agreeing(self, first: Answer, other: Answer | None, *, certain: bool) -> Answer | None:
        """Return the second answer; None where there is none, or a proof shows that it is wrong.

        Raises:
            Conflict: if the two disagree and nothing settles it.
        """
        if other is None:
            return None
        try:
            gap = parse_decimal(self.request.gap)
            refuse_conflict(self.question, self.program, first, other, gap)
        except Conflict:
            if not (certain and is_worse(first, other)):
                raise
            return None
        return other

    def _certified(self, first: Answer | None) -> Certified:
        """Prove that no plan is better (or none at all is there), if that is wanted or quick.

        Raises:
            Conflict: if a better one is found instead.
        """
        asked, small = self.request, self.program.matrix.entries <= MOST_ENTRIES_CERTIFIED
        unasked = asked.certify is None and small and not parse_decimal(asked.gap)
        if not (asked.asks_proof or (unasked and describe(PROVER).ok)):
            return Certified()
        limit = asked.time_limit
        proof = certify(
            self.question,
            self.program,
            first,
            self.attempt.solvers.session(PROVER),
            work=WORK_ASKED if asked.asks_proof else WORK,
            watch=self.attempt.watch("certificate", len(self.program.goals), PROVER),
            limit=None if limit is None else max(0.0, limit - self.attempt.seconds()),
        )
        if proof.contradicted is not None:
            self._refuse_contradicted(first, *proof.contradicted)
        if asked.certificate is not None:
            proof.write(asked.certificate)
        return proof

    def _refuse_contradicted(
        self, first: Answer | None, claim: Mapping[str, Any], point: FloatArray
    ) -> None:
        """Withhold the answer where the point found is a better plan, and holds.

        Raises:
            Conflict: if so.
        """
        whole = np.where(self.program.matrix.integer, np.round(point), point)
        outcome = Outcome(Why.OPTIMAL, whole, backend="the exact search")
        better = exact_answer(self.question, self.program, outcome)
        if first is not None:
            refuse_better(self.question, first, better, claim)
        elif not better.broken:
            solver = self.request.backend
            told = disagreement(self.question, solver, "none", "the exact search", "a plan")
            raise Conflict(told)

    def _second_opinion(self, *, certain: bool) -> str | None:
        """Name the backend that gives one, or None where it is not wanted or not there.

        An answer that is certain needs none: whatever a second solver says of the same program, no
        plan is better.
        """
        wanted, name = self.request.cross_check, second_opinion(self.request.backend)
        if wanted is False or name is None or (certain and not wanted):
            return None
        small = self.program.matrix.entries <= MOST_ENTRIES_CROSS_CHECKED
        return name if wanted or (small and describe(name).ok) else None

    def _why_not(self, outcome: Outcome) -> StaffoptError:
        """Say why there is no plan."""
        if outcome.why is Why.CANCELLED:
            return Cancelled("stopped before any plan was found")
        if outcome.why is Why.TIME_LIMIT:
            return NoPlan("the time limit was reached before any plan was found; give it longer")
        endless = _endless(self.question, len(outcome.reached))
        if outcome.why is Why.UNBOUNDED and endless:
            return InputError([endless])
        if outcome.why is not Why.INFEASIBLE:
            solver = outcome.backend or self.request.backend
            return BackendError(f"{solver}: {outcome.why} {outcome.message}".strip())
        grade = Grade.SOLVER_CLAIMED
        plainly = plain_words(self.question, self.program)
        certain = self._is_certain(plainly)
        if second := self._second_opinion(certain=certain):
            other = self.attempt.minimise(second)
            if other.values is not None:
                backends = outcome.backend, other.backend
                told = disagreement(self.question, backends[0], "none", backends[1], "a plan")
                return Conflict(told)
            if other.why is Why.INFEASIBLE:
                grade = Grade.CROSS_CHECKED
        grade = Grade.CERTIFIED if certain else grade
        session = self.attempt.solvers.session(self.request.backend)
        watch = self.attempt.watch("what would have to give", len(self.program.goals), session.name)
        ways = what_would_give(self.question, session, self.attempt.options, watch)
        return Infeasible(ways[0], grade, ways[1:], plainly)

    def _is_certain(self, plainly: str) -> bool:
        """Say whether it is shown in exact figures that there is no plan, by adding up or a proof.

        Raises:
            Conflict: if a proof finds a plan instead.
        """
        added_up = bool(plainly) and self.program.exact and self.request.certify is not False
        return (added_up and not self.request.asks_proof) or self._certified(None).no_plan

    def _second(self, backend: str) -> Answer | None:
        """Return the second backend's answer; None where it has none that holds and is proven."""
        outcome = self.attempt.minimise(backend)
        if outcome.why is Why.INFEASIBLE and outcome.values is None:
            return Answer(outcome, Decisions(), Figures(), (), ())
        if outcome.why is not Why.OPTIMAL or outcome.values is None:
            return None
        found = self.attempt.held(outcome, backend)
        return None if found.broken else found

    def _written(self, first: Answer, other: Answer | None, proof: Certified) -> Plan:
        outcome, checked = first.outcome, other is not None
        unique, another = uniqueness(self.question, self.program, first, other)
        goals = goal_values(self.question, self.program, first, proof.bounds, checked=checked)
        return Plan(
            inputs=self.question.to_json(),
            decisions=first.decisions,
            figures=first.figures,
            goals=tuple(goals),
            findings=first.findings,
            provenance=Provenance(
                engine=f"staffopt {version('staffopt')}",
                input_hash=self.question.hash,
                backend=outcome.backend,
                cross_check=other.outcome.backend if other else None,
                seed=self.request.seed,
                time_limit=self.request.time_limit,
                gap=parse_decimal(self.request.gap),
                stopped="proven" if outcome.why is Why.OPTIMAL else str(outcome.why),
                tie_broken=outcome.tie_broken,
                unique=unique,
                another=another,
                numbers=tuple(hazard.words for hazard in float_hazards(self.program)),
                program=self.making.how,
                program_why=self.making.why or None,
                command=command(self.question),
            ),
        )


def _endless(question: Question, number: int) -> Fault | None:
    """Return the fault of a caseload that nothing stops; no other goal can be without an end."""
    goals = question.goals
    if number >= len(goals) or goals[number].minimise is not GoalName.WORST_CASELOAD:
        return None
    return Fault(
        "no-end",
        f"nothing stops {goals[number].minimise} from improving without end",
        "Put a goal of cost before it, price every role, or limit recruitment or a fund.",
        Place(path="model.goals"),
    )
