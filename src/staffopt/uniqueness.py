"""Whether a plan is the only one that does as well: claimed of decisions on steps, and verified."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from staffopt.algebra.program import Program
from staffopt.claims import Answer, disagreement, exact_answer, tolerance
from staffopt.errors import Conflict
from staffopt.plan import Decisions
from staffopt.question import Question


def uniqueness(
    question: Question, program: Program, first: Answer, second: Answer | None
) -> tuple[bool | None, Decisions | None]:
    """Say whether no other plan does as well, and name one that does where one was found.

    Every solver asked must say that there is none; one other plan that holds is enough to deny it,
    whoever found it.

    Returns:
        True, False or None (not tried, not proven, or decisions off steps); the other plan.

    Raises:
        Conflict: if the other plan is better, so that the first was not the best.
    """
    outcomes = [answer.outcome for answer in (first, second) if answer is not None]
    for outcome in outcomes:
        if outcome.other is not None:
            other = exact_answer(question, program, replace(outcome, values=outcome.other))
            if not other.broken and _does_as_well(question, program, first, other):
                return False, other.decisions
    return all(outcome.alone for outcome in outcomes) or None, None


def _does_as_well(question: Question, program: Program, first: Answer, other: Answer) -> bool:
    """Compare goal by goal, as closely as each is held.

    Raises:
        Conflict: if the other is better.
    """
    for number, goal in enumerate(question.goals):
        mine, its = first.goals[number], other.goals[number]
        held, slack = tolerance(program, number), Fraction(goal.tolerance or 0)
        if its <= mine - held - slack:
            backend = first.outcome.backend
            told = (f"nothing below {goal.minimise} {mine}", f"a plan at {its}")
            raise Conflict(disagreement(question, backend, told[0], backend, told[1]))
        if its >= mine + held + slack:
            return False
    return True
