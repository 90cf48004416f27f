"""One question on one backend: minimised, snapped to decisions, and held to be true."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from staffopt.algebra.lexicographic import Lexicographic, Outcome
from staffopt.algebra.solution import Changes, Options, Watch
from staffopt.algebra.solution import Progress as SolverProgress
from staffopt.claims import Answer, exact_answer, has_continuous, refuse_other_sums
from staffopt.errors import VerificationError
from staffopt.extract import QUANTUM, breaks_rows, tightened
from staffopt.quantity import exact_text, parse_decimal
from staffopt.request import Progress

if TYPE_CHECKING:
    from staffopt.algebra.program import FloatArray, Matrix, Program
    from staffopt.backends.solvers import Solvers
    from staffopt.question import Question
    from staffopt.request import Request

MOST_ENTRIES_TRIED_AGAIN = 5_000
"""Up to so many coefficients it is tried unasked whether another plan does as well."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question and its program, to be answered by any backend.

    Attributes:
        question: the question.
        program: what it was compiled to.
        request: how it is to be answered.
        solvers: sessions to solve with.
        started: when the answer was asked for, on the monotonic clock.
    """

    question: Question
    program: Program
    request: Request
    solvers: Solvers
    started: float

    @property
    def options(self) -> Options:
        """What a backend is asked to keep to."""
        asked = self.request
        return Options(asked.time_limit, float(asked.gap), asked.threads, asked.seed)

    def seconds(self) -> float:
        """Return the seconds since the answer was asked for."""
        return time.monotonic() - self.started

    def minimise(self, backend: str) -> Outcome:
        """Minimise the goals in order on one backend."""
        steps = self._in_order(self.program, backend)
        outcome = steps.run(lambda goal, number: self.watch(goal, number, backend))
        if self._asks_whether_alone:
            steps.look_for_another(self.watch("another plan", len(self.program.goals), backend))
        return outcome

    def _in_order(self, program: Program, backend: str) -> Lexicographic:
        slack = [float(goal.tolerance or 0) for goal in self.question.goals]
        solver = self.solvers.session(backend).solve
        return Lexicographic(program, solver, self.options, slack, self.seconds)

    @property
    def _asks_whether_alone(self) -> bool:
        """Whether it is tried to find another plan that does as well: one more solve."""
        asked, small = self.request.unique, self.program.matrix.entries <= MOST_ENTRIES_TRIED_AGAIN
        return parse_decimal(self.request.gap) == 0 and (small if asked is None else asked)

    def watch(self, goal: str, number: int, backend: str) -> Watch:
        """Pass a solver's progress on in the goal's own unit, and pass a cancel back."""
        request, vectors = self.request, self.program.goals
        vector = vectors[number] if number < len(vectors) else None

        def shown(figure: float | None) -> float | None:
            if figure is None or vector is None:
                return figure
            if vector.ratio is None:
                return figure + float(vector.offset)
            return -1 / figure if figure < 0 else None

        def watch(progress: SolverProgress) -> bool:
            if request.progress is not None:
                news = Progress(
                    goal=str(goal),
                    number=number + 1,
                    goals=len(vectors) + 1,
                    seconds=self.seconds(),
                    value=shown(progress.objective),
                    bound=shown(progress.bound),
                    backend=backend,
                )
                request.progress(news)
            return request.cancel is not None and request.cancel.is_set()

        return watch

    def checked(self, outcome: Outcome) -> Answer:
        """Turn a point into a plan's substance that holds exactly.

        Raises:
            VerificationError: if it does not hold after all.
        """
        found = self.held(outcome, self.request.backend)
        if found.broken:
            words = "; ".join(finding.words for finding in found.broken)
            told = f"{outcome.backend} gave a plan that does not hold: {words}"
            if has_continuous(self.program):
                told += (
                    f". Perhaps no posts in whole {exact_text(QUANTUM)} FTE do: give roles a step"
                )
            raise VerificationError(told)
        refuse_other_sums(self.question, self.program, found)
        return found

    def held(self, outcome: Outcome, backend: str) -> Answer:
        """Snap a point to decisions, and once more with room: rounding may break a rule."""
        assert outcome.values is not None
        loose = has_continuous(self.program)
        matrix = self.program.matrix.floating()
        if not (loose and breaks_rows(self.program, matrix, outcome.values)):
            found = exact_answer(self.question, self.program, outcome)
            if not (loose and found.broken):
                return found
        return exact_answer(self.question, self.program, self._again(outcome, backend))

    def _again(self, outcome: Outcome, backend: str) -> Outcome:
        """Solve once more, with room left to round the decisions that are on no step.

        All goals are minimised in their order; where a gap is allowed, the first one alone.
        """
        assert outcome.values is not None
        matrix = self.program.matrix.floating()
        for keep in (True, False):
            tight = tightened(self.program, matrix, outcome.values, keep_written=keep)
            values = self._anew(tight, backend)
            if values is not None:
                return replace(outcome, values=values)
        return outcome

    def _anew(self, tight: Matrix, backend: str) -> FloatArray | None:
        """Return the best point of a tightened matrix, if there is one."""
        goals = self.program.goals
        if len(goals) > 1 and not self.options.gap:
            steps = self._in_order(replace(self.program, matrix=tight), backend)
            return steps.run(lambda goal, number: self.watch(goal, number, backend)).values
        cost = goals[0].floats if goals else None
        return self.solvers.session(backend).solve(tight, Changes(cost=cost), self.options).values
