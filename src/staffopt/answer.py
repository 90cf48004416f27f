"""The only wiring: question → program → solution → plan, verified before anybody sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from staffopt.algebra.lexicographic import Lexicographic, Outcome, Reached
from staffopt.algebra.program import Program
from staffopt.algebra.solution import Changes, Options, Watch, Why
from staffopt.algebra.solution import Progress as SolverProgress
from staffopt.backends.registry import SECOND_OPINION, describe
from staffopt.build import build
from staffopt.errors import BackendError, Cancelled, Conflict, Infeasible, NoPlan, VerificationError
from staffopt.extract import decisions_of, tightened
from staffopt.infeasible import what_would_give
from staffopt.plan import Decisions, Figures, Finding, GoalValue, Grade, Plan, Provenance, Verdict
from staffopt.quantity import exact_text, parse_decimal
from staffopt.request import Progress
from staffopt.verifier import check_decisions, derive, goal_value

if TYPE_CHECKING:
    from staffopt.backends.session import Session
    from staffopt.backends.solvers import Solvers
    from staffopt.question import Question
    from staffopt.request import Request

MOST_ENTRIES_CROSS_CHECKED = 20_000
"""Up to so many coefficients a cross-check is made unasked: it costs well under a second."""

AGREEMENT = 1e-6
"""How closely the solver's own sum must agree with the exact one, relative to its size."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one backend makes of a question, in exact figures."""

    outcome: Outcome
    decisions: Decisions
    figures: Figures
    findings: tuple[Finding, ...]
    goals: tuple[Fraction, ...]

    @property
    def broken(self) -> list[Finding]:
        """What does not hold."""
        return [finding for finding in self.findings if finding.verdict is Verdict.BROKEN]


def answer(question: Question, request: Request, solvers: Solvers, started: float) -> Plan:
    """Answer a question with a verified plan.

    Raises:
        InputError: the question cannot be stated on its figures.
        Infeasible: proven; with what would have to give.
        NoPlan, Cancelled: stopped before a plan was found.
        BackendError: the solver is missing, known to be bad, crashed or hung.
        Conflict: two solvers disagree.
        VerificationError: the plan found does not hold, even after a second attempt.
    """
    program = build(question)
    clock: Callable[[], float] = lambda: time.monotonic() - started  # noqa: E731 (a one-line clock)
    run = partial(_run, question, program, request, solvers, clock)
    outcome = run(request.backend)
    second = _second(request, program)
    if outcome.values is None:
        raise _why_not(question, program, request, solvers, clock, outcome, second)
    first = _checked(question, program, outcome, solvers.session(request.backend))
    other = None
    if second and outcome.why is Why.OPTIMAL:
        other = _other(question, program, run(second))
    _refuse_conflict(question, first, other)
    return _plan(question, program, request, first, other)


def _options(request: Request) -> Options:
    limit, gap = request.time_limit, float(request.gap)
    return Options(limit, gap, request.threads, request.seed)


def _run(
    question: Question,
    program: Program,
    request: Request,
    solvers: Solvers,
    clock: Callable[[], float],
    backend: str,
) -> Outcome:
    """Minimise the goals in order on one backend."""
    slack = [float(goal.tolerance or 0) for goal in question.goals]
    session = solvers.session(backend)
    steps = Lexicographic(program, session.solve, _options(request), slack, clock)
    return steps.run(lambda goal, number: _watch(request, program, clock, goal, number, backend))


def _watch(
    request: Request,
    program: Program,
    clock: Callable[[], float],
    goal: str,
    number: int,
    backend: str,
) -> Watch:
    """Pass a solver's progress on in the goal's own unit, and pass a cancel back."""
    vectors = program.goals
    offset = float(vectors[number].offset) if number < len(vectors) else 0.0
    ratio = number < len(vectors) and vectors[number].ratio is not None

    def shown(figure: float | None) -> float | None:
        if figure is None or (ratio and figure >= 0):
            return None
        return -1 / figure if ratio else figure + offset

    def watch(progress: SolverProgress) -> bool:
        if request.progress is not None:
            request.progress(
                Progress(
                    goal=goal,
                    number=number + 1,
                    goals=len(vectors) + 1,
                    seconds=clock(),
                    value=shown(progress.objective),
                    bound=shown(progress.bound),
                    backend=backend,
                )
            )
        return request.cancel is not None and request.cancel.is_set()

    return watch


def _second(request: Request, program: Program) -> str | None:
    """Name the backend that gives a second opinion, or None where none is wanted or there."""
    name = SECOND_OPINION.get(request.backend)
    if request.cross_check is False or name is None:
        return None
    if request.cross_check is None:
        small = program.matrix.entries <= MOST_ENTRIES_CROSS_CHECKED
        return name if small and describe(name).ok else None
    return name


def _why_not(
    question: Question,
    program: Program,
    request: Request,
    solvers: Solvers,
    clock: Callable[[], float],
    outcome: Outcome,
    second: str | None,
) -> Exception:
    """Say why there is no plan."""
    if outcome.why is Why.CANCELLED:
        return Cancelled("stopped before any plan was found")
    if outcome.why is Why.TIME_LIMIT:
        return NoPlan("the time limit was reached before any plan was found; raise --time-limit")
    if outcome.why is not Why.INFEASIBLE:
        return BackendError(
            f"{outcome.backend or request.backend}: {outcome.why} {outcome.message}"
        )
    grade = Grade.SOLVER_CLAIMED
    if second:
        other = _run(question, program, request, solvers, clock, second)
        if other.values is not None:
            return Conflict(
                _disagree(question, outcome.backend, "infeasible", other.backend, "a plan")
            )
        if other.why is Why.INFEASIBLE:
            grade = Grade.CROSS_CHECKED
    session = solvers.session(request.backend)
    watch = _watch(request, program, clock, "what would have to give", 0, request.backend)
    conflict = what_would_give(question, program, session, _options(request), watch)
    return Infeasible(conflict, grade)


def _checked(question: Question, program: Program, outcome: Outcome, session: Session) -> Answer:
    """Turn a point into a plan's substance that holds exactly, in two attempts at most.

    Raises:
        VerificationError: if it does not hold after all.
    """
    found = _exact(question, program, outcome)
    if found.broken and _has_continuous(program):
        found = _exact(question, program, _again(program, outcome, session))
    if found.broken:
        words = "; ".join(finding.words for finding in found.broken)
        raise VerificationError(f"{outcome.backend} gave a plan that does not hold: {words}")
    _refuse_other_sums(program, outcome, found)
    return found


def _exact(question: Question, program: Program, outcome: Outcome) -> Answer:
    assert outcome.values is not None
    decisions = decisions_of(question, program, outcome.values)
    figures = derive(question, decisions)
    findings = check_decisions(question, decisions, figures)
    goals = tuple(goal_value(question, figures, goal) for goal in question.goals)
    return Answer(outcome, decisions, figures, findings, goals)


def _has_continuous(program: Program) -> bool:
    return bool((program.column_tags.decision & ~program.matrix.integer).any())


def _again(program: Program, outcome: Outcome, session: Session) -> Outcome:
    """Solve once more with the whole columns fixed and every row kept clear of rounding."""
    assert outcome.values is not None
    matrix = tightened(program, program.matrix.floating(), outcome.values)
    cost = program.goals[0].vector.astype(float) if program.goals else None
    solution = session.solve(matrix, Changes(cost=cost), Options())
    if solution.values is None:
        return outcome
    return replace(outcome, values=solution.values)


def _refuse_other_sums(program: Program, outcome: Outcome, found: Answer) -> None:
    """Hold the sums that the solver minimised against the exact ones.

    Raises:
        VerificationError: if they differ by more than rounding: the two state different things.
    """
    if _has_continuous(program):
        return  # what is rounded to a ten-thousandth of an FTE moves the sums by itself
    for reached, exact, goal in zip(outcome.reached, found.goals, program.goals, strict=False):
        if goal.ratio is None:
            value = float(goal.vector.astype(float) @ outcome.values) + float(goal.offset)
        else:
            value = reached.value
        if abs(value - float(exact)) > AGREEMENT * max(1.0, abs(value)):
            raise VerificationError(
                f"{reached.name} is {value!r} in the program and {exact_text(exact)} in the plan"
            )


def _other(question: Question, program: Program, outcome: Outcome) -> Answer | None:
    """Return the second backend's answer; None where it has none that holds."""
    if outcome.why is Why.INFEASIBLE or (outcome.why is Why.OPTIMAL and outcome.values is not None):
        if outcome.values is None:
            return Answer(outcome, Decisions(), Figures(), (), ())
        found = _exact(question, program, outcome)
        return None if found.broken else found
    return None


def _refuse_conflict(question: Question, first: Answer, other: Answer | None) -> None:
    """Withhold the answer where two solvers disagree.

    Raises:
        Conflict: with what each of them says.
    """
    if other is None:
        return
    if other.outcome.values is None:
        told = _disagree(question, first.outcome.backend, "a plan", other.outcome.backend, "none")
        raise Conflict(told)
    for goal, one, two in zip(question.goals, first.goals, other.goals, strict=True):
        if abs(one - two) > _tolerance(goal.minimise) + 2 * Fraction(goal.tolerance or 0):
            mine, theirs = (f"{goal.minimise} {exact_text(value)}" for value in (one, two))
            backends = first.outcome.backend, other.outcome.backend
            raise Conflict(_disagree(question, backends[0], mine, backends[1], theirs))


def _disagree(question: Question, one: str, says: str, two: str, other: str) -> str:
    return (
        f"{one} says {says}, {two} says {other}; no answer is given. To reproduce: "
        f"{command(question)} (inputs {question.hash[:12]})"
    )


def _tolerance(goal: str) -> Fraction:
    """What optimal means off a lattice: within a pound, or a millionth of another unit."""
    return Fraction(1) if "cost" in goal else Fraction(1, 1_000_000)


def _plan(
    question: Question, program: Program, request: Request, first: Answer, other: Answer | None
) -> Plan:
    outcome = first.outcome
    return Plan(
        inputs=question.to_json(),
        decisions=first.decisions,
        figures=first.figures,
        goals=tuple(_goal_values(question, program, first, checked=other is not None)),
        findings=first.findings,
        provenance=Provenance(
            engine=f"staffopt {version('staffopt')}",
            input_hash=question.hash,
            backend=outcome.backend,
            cross_check=other.outcome.backend if other else None,
            seed=request.seed,
            time_limit=request.time_limit,
            gap=parse_decimal(request.gap),
            stopped="proven" if outcome.why is Why.OPTIMAL else str(outcome.why),
            command=command(question),
        ),
    )


def _goal_values(
    question: Question, program: Program, first: Answer, *, checked: bool
) -> Sequence[GoalValue]:
    values = []
    for number, (goal, exact) in enumerate(zip(question.goals, first.goals, strict=True)):
        reached = first.outcome.reached
        at = reached[number] if number < len(reached) else None
        vector = program.goals[number]
        quantum = vector.quantum or _tolerance(goal.minimise)
        values.append(
            GoalValue(
                minimise=goal.minimise,
                year=goal.year,
                value=exact,
                bound=at.bound if at else None,
                quantum=vector.quantum,
                unit=vector.unit,
                grade=_grade(exact, at, quantum, checked=checked),
            )
        )
    return values


def _grade(exact: Fraction, at: Reached | None, quantum: Fraction, *, checked: bool) -> Grade:
    """Grade a goal: proven where the bound leaves no room for a better value.

    The bound is a float; a thousandth of the quantum, and its own last digits, are its due.
    """
    if at is None or not at.proven or at.bound is None:
        return Grade.FEASIBLE
    room = float(exact) - at.bound
    if room >= float(quantum) * (1 + 1e-3) + abs(at.bound) * 1e-9:
        return Grade.FEASIBLE
    return Grade.CROSS_CHECKED if checked else Grade.SOLVER_CLAIMED


def command(question: Question) -> str:
    """Write a command that answers the question again."""
    words = ["staffopt solve", question.instance.instance]
    if question.option:
        words += ["--option", question.option]
    if (
        question.option is None
        or question.instance.options[question.option].model != question.model
    ):
        words += ["--model", question.model]
    if question.scenario:
        words += ["--scenario", question.scenario]
    for step in question.overrides:
        if step.origin in ("--set", "where"):
            words += ["--set", f'"{step.path}={step.value}"']
    return " ".join(words)
