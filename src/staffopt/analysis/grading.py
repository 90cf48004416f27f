"""How well it is founded that a program has no point with some rows lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.extension import without_rows
from staffopt.algebra.solution import Changes, Why
from staffopt.answer import MOST_ENTRIES_CERTIFIED, MOST_ENTRIES_CROSS_CHECKED
from staffopt.backends.registry import PROVER, describe, second_opinion
from staffopt.certificates import WORK, certify
from staffopt.claims import disagreement
from staffopt.errors import Conflict
from staffopt.plan import Grade

if TYPE_CHECKING:
    from staffopt.algebra.program import IntArray, Program
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.desk import Desk
    from staffopt.question import Question


@dataclass(frozen=True, slots=True)
class Grading:
    """Grades claims that there is no point, as plans are graded.

    Attributes:
        desk: what proofs and second opinions are asked of, and how.
        question: its question.
        program: the question's program.
        feasibility: the solver that made the claim.
    """

    desk: Desk
    question: Question
    program: Program
    feasibility: Feasibility

    def grade(self, lifted: IntArray) -> str:
        """Grade the claim that there is no point with some rows lifted.

        Raises:
            Conflict: a proof, or another solver, finds one.
        """
        reduced = replace(self.program, matrix=without_rows(self.program.matrix, lifted))
        if self._is_certified(reduced):
            return Grade.CERTIFIED
        agreed = self._is_cross_checked(reduced)
        self.feasibility.forget()
        return Grade.CROSS_CHECKED if agreed else Grade.SOLVER_CLAIMED

    def _is_certified(self, program: Program) -> bool:
        """Prove in exact arithmetic that there is no point, where that is quick."""
        request, small = self.desk.request, program.matrix.entries <= MOST_ENTRIES_CERTIFIED
        if request.certify is False or not (program.exact and small and describe(PROVER).ok):
            return False
        session, watch = self.desk.solvers.session(PROVER), self.feasibility.watch
        left = self.feasibility.left
        limit = None if left is None else max(0.0, left)
        proof = certify(self.question, program, None, session, work=WORK, watch=watch, limit=limit)
        if proof.contradicted is not None:
            self._disagree("the exact search")
        return proof.no_plan

    def _is_cross_checked(self, program: Program) -> bool:
        """Ask another solver, where that is quick."""
        request, name = self.desk.request, second_opinion(self.feasibility.session.name)
        small = program.matrix.entries <= MOST_ENTRIES_CROSS_CHECKED
        if name is None or request.cross_check is False or not (small and describe(name).ok):
            return False
        left = self.feasibility.left
        if left is not None and left <= 0:
            return False
        matrix, options = (
            program.matrix.floating(),
            replace(self.feasibility.options, time_limit=left),
        )
        cost, session = Changes(np.zeros(matrix.columns)), self.desk.solvers.session(name)
        solution = session.solve(matrix, cost, options, self.feasibility.watch)
        if solution.values is not None:
            self._disagree(name)
        return solution.why is Why.INFEASIBLE

    def _disagree(self, other: str) -> None:
        backend = self.feasibility.session.name
        raise Conflict(disagreement(self.question, backend, "none", other, "a plan"))
