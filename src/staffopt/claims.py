"""What may be claimed of an answer: that it holds, that it is optimal, that two solvers agree."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from staffopt.algebra.holding import room
from staffopt.algebra.lexicographic import Outcome, Reached
from staffopt.algebra.program import Program
from staffopt.errors import Conflict, VerificationError
from staffopt.extract import QUANTUM, decisions_of
from staffopt.instance.override import plain
from staffopt.library import instances
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, Figures, Finding, GoalValue, Grade, Verdict
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.verifier import examine, goal_value

AGREEMENT = 1e-6
"""How closely the solver's own sum must agree with the exact one, relative to its size."""

ROW_TOLERANCE = Fraction(1, 10**6)
"""How closely solvers keep a row, in its own unit."""

A_POUND = Fraction(1)
"""What optimal means for a cost on no lattice: within a pound."""

A_THOUSANDTH = Fraction(1, 1000)
"""What optimal means for another goal on no lattice, in its own unit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one backend makes of a question, in exact figures.

    Attributes:
        outcome: what the solver says.
        decisions: its decisions, on their steps.
        figures: what follows from them.
        findings: what the verifier says of them.
        goals: what each goal comes to.
    """

    outcome: Outcome
    decisions: Decisions
    figures: Figures
    findings: tuple[Finding, ...]
    goals: tuple[Fraction, ...]

    @property
    def broken(self) -> list[Finding]:
        """What does not hold."""
        return [finding for finding in self.findings if finding.verdict is Verdict.BROKEN]


def exact_answer(question: Question, program: Program, outcome: Outcome) -> Answer:
    """Snap a solver's point to decisions, and work out all that follows from them."""
    assert outcome.values is not None
    decisions = decisions_of(question, program, outcome.values)
    figures, findings = examine(question, decisions)
    broken = any(finding.verdict is Verdict.BROKEN for finding in findings)
    # Goals of decisions that do not hold mean nothing, and some cannot be worked out.
    goals = () if broken else tuple(goal_value(question, figures, goal) for goal in question.goals)
    return Answer(outcome, decisions, figures, findings, goals)


def has_continuous(program: Program) -> bool:
    """Say whether a decision is on no step, so that snapping moves it."""
    return bool((program.column_tags.decision & ~program.matrix.integer).any())


def refuse_other_sums(question: Question, program: Program, found: Answer) -> None:
    """Hold the sums that the solver minimised against the exact ones.

    A goal that later goals may worsen, or that is on no lattice and so is held to a pound, leaves
    room to overstate what only it drives down (whole heads, the size of a change, a shortfall).
    So does a point of which it is not proven that none is better: time was up, or a gap allowed.
    A ratio is compared as it was reached: it may since have been worsened by as much, and bettered
    as far as what was proven of it.

    Raises:
        VerificationError: if they differ by more than rounding: program and verifier state
            different things.
    """
    outcome = found.outcome
    assert outcome.values is not None
    for number, (reached, exact) in enumerate(zip(outcome.reached, found.goals, strict=False)):
        goal = program.goals[number]
        value = reached.value
        if goal.ratio is None:
            # Of the final point: a later goal may have moved it within what holds this one.
            value = float(goal.floats @ outcome.values) + float(goal.offset)
        allowed = AGREEMENT * max(1.0, abs(value)) + float(_snapping(program, number))
        over = float(exact) - value if goal.ratio else value - float(exact)
        slack = float(question.goals[number].tolerance or 0)
        # Off a lattice, or with a tolerance, later goals may use the room that they leave it.
        worse = room(goal, slack) if goal.quantum is None or slack else 0.0
        # A point that is not the best one may overstate by as much as it may be worse.
        worse += 0.0 if goal.ratio else _left(reached)
        better = _left(reached) if goal.ratio else 0.0
        agree = -allowed - better <= over <= allowed + worse
        if not agree and not (goal.ratio and has_continuous(program)):
            raise VerificationError(
                f"{reached.name} is {value!r} in the program and {exact_text(exact)} in the plan"
            )


def _left(reached: Reached) -> float:
    """Return how far what was reached of a goal lies above what is proven of it."""
    return inf if reached.bound is None else max(0.0, reached.value - reached.bound)


def refuse_conflict(
    question: Question, program: Program, first: Answer, other: Answer, gap: Decimal
) -> None:
    """Withhold the answer where two solvers disagree.

    Each may stop within the gap of the first goal; what they come to in later goals then differs
    by right, since each holds its own value of the first.

    Raises:
        Conflict: with what each of them says.
    """
    backends = first.outcome.backend, other.outcome.backend
    if other.outcome.values is None:
        raise Conflict(disagreement(question, backends[0], "a plan", backends[1], "none"))
    for number, goal in enumerate(question.goals):
        one, two = first.goals[number], other.goals[number]
        room = tolerance(program, number) + 2 * Fraction(goal.tolerance or 0)
        if abs(one - two) >= room + Fraction(gap) * max(abs(one), abs(two)):
            mine, theirs = (f"{goal.minimise} {exact_text(value)}" for value in (one, two))
            raise Conflict(disagreement(question, backends[0], mine, backends[1], theirs))
        if gap:
            return


def is_worse(first: Answer, other: Answer) -> bool:
    """Say whether another answer, which holds, is worse in the first goal in which they differ.

    One without a plan is worse than any.
    """
    return other.outcome.values is None or other.goals > first.goals


def disagreement(question: Question, one: str, says: str, two: str, other: str) -> str:
    """Say how two solvers disagree, and how to see it again."""
    return (
        f"{one} says {says}, {two} says {other}; no answer is given. To reproduce: "
        f"{command(question)} (inputs {question.hash[:12]})"
    )


def tolerance(program: Program, number: int) -> Fraction:
    """Return by how much two optima of a goal may differ, in its unit: less than this.

    That is its quantum on a lattice; elsewhere a pound or a thousandth of another unit, and what
    snapping continuous decisions does to it.
    """
    goal = program.goals[number]
    if goal.quantum:
        return goal.quantum
    return (A_POUND if "pounds" in goal.unit else A_THOUSANDTH) + 2 * _snapping(program, number)


def _snapping(program: Program, number: int) -> Fraction:
    """Return how far snapping continuous decisions can move a goal.

    What is derived from them, such as the size of a change, moves with them. With every decision on
    a step, what is derived (a shortfall) is off by no more than solvers keep a row.
    """
    unit = QUANTUM / 2 if has_continuous(program) else ROW_TOLERANCE
    loose = ~program.matrix.integer
    weights = np.abs(program.goals[number].floats[loose]).sum()
    return Fraction(float(weights)) * unit


def goal_values(
    question: Question,
    program: Program,
    first: Answer,
    proved: Mapping[int, Fraction],
    *,
    checked: bool,
) -> Sequence[GoalValue]:
    """Say what each goal came to, with its grade.

    Args:
        question: the question.
        program: what it was compiled to.
        first: the answer.
        proved: goal's number → what is certified that no plan has less of.
        checked: whether another code base came to the same.
    """
    values = []
    for number, (goal, exact) in enumerate(zip(question.goals, first.goals, strict=True)):
        reached = first.outcome.reached
        at = reached[number] if number < len(reached) else None
        vector = program.goals[number]
        # What later goals may have worsened it by is no doubt of what was proven.
        best = max(exact - Fraction(goal.tolerance or 0), _bound(at, exact))
        grade = _grade(best, at, tolerance(program, number), checked=checked)
        below, told = proved.get(number), at.bound if at else None
        if below is not None and is_certified(program, number, exact, goal, below):
            grade = Grade.CERTIFIED
        values.append(
            GoalValue(
                minimise=goal.minimise,
                year=goal.year,
                fund=goal.fund,
                rank=goal.rank,
                value=exact,
                bound=told if below is None or grade is not Grade.CERTIFIED else float(below),
                certified=below,
                quantum=vector.quantum,
                unit=vector.unit,
                grade=grade,
            )
        )
    return values


def is_certified(
    program: Program, number: int, value: Fraction, goal: Goal, below: Fraction
) -> bool:
    """Say whether a value is certified as best, given what no plan has less of.

    On a lattice nothing is forgiven; elsewhere it is best within the goal's tolerance. What later
    goals may have worsened it by is no doubt of what was proved.
    """
    room = value - Fraction(goal.tolerance or 0) - below
    return room <= 0 or (not program.goals[number].quantum and room < tolerance(program, number))


def refuse_better(
    question: Question, first: Answer, better: Answer, claim: Mapping[str, Any]
) -> None:
    """Withhold an answer that a better one contradicts, which holds by exact verification.

    Args:
        question: the question.
        first: the answer.
        better: what is said to be better.
        claim: the claim that it contradicts: its goal, limit and held values.

    Raises:
        Conflict: if it is better indeed.
    """
    number = claim["goal"]
    held = [Fraction(value) for value in claim["held"]]
    # A claim may lie above the answer's own value: what the solver summed up was more than it is.
    if better.broken or better.goals[number] >= min(Fraction(claim["below"]), first.goals[number]):
        return
    if any(value > most for value, most in zip(better.goals, held, strict=False)):
        return
    name, values = question.goals[number].minimise, (first.goals[number], better.goals[number])
    mine, theirs = (f"{name} {exact_text(value)}" for value in values)
    told = disagreement(question, first.outcome.backend, mine, "the exact search", theirs)
    raise Conflict(told)


def _bound(at: Reached | None, exact: Fraction) -> Fraction:
    """Return what is proven of a goal, or its value where nothing is or the value is better."""
    return exact if at is None or at.bound is None else min(exact, Fraction(at.bound))


def _grade(exact: Fraction, at: Reached | None, within: Fraction, *, checked: bool) -> Grade:
    """Grade a goal: proven where the bound leaves no room for a better value.

    The bound is a float, so its own last digits are its due; on a lattice a value that is not
    better by a whole quantum is not better at all. A bound that lies so far above the value is
    contradicted by it, and proves nothing.
    """
    if at is None or not at.proven or at.bound is None:
        return Grade.FEASIBLE
    room = Fraction(exact) - Fraction(at.bound)
    digits = Fraction(abs(at.bound)) / 10**9
    if abs(room) >= within - min(within / 1000, Fraction(1, 1000)) + digits:
        return Grade.FEASIBLE
    return Grade.CROSS_CHECKED if checked else Grade.SOLVER_CLAIMED


def command(
    question: Question, name: str | None = None, changes: Mapping[str, Any] | None = None
) -> str:
    """Write a command that answers the question again.

    Args:
        question: the question.
        name: what the council is called on the command line. If None, one that is not shipped is
            looked for in a file of its own name, as ``new`` names it.
        changes: path → figure: what is set besides, in place of what was set there.
    """
    council = question.instance.instance
    given = shlex.quote(name) if name else council if council in instances() else f"{council}.yaml"
    words = ["staffopt solve", given]
    options = question.instance.options
    if question.option:
        words += ["--option", question.option]
    if question.option is None or options[question.option].model != question.model:
        words += ["--model", question.model]
    if question.scenario:
        words += ["--scenario", question.scenario]
    figures = {**{step.path: step.value for step in question.by_hand}, **(changes or {})}
    for path, figure in figures.items():
        value = figure if isinstance(figure, str) else json.dumps(plain(figure))
        words += ["--set", shlex.quote(f"{path}={value}")]
    return " ".join(words)
