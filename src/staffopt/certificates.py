"""From a question and its answer to a certificate, and back: what is claimed, proved and checked.

What proves is not believed: every claim is proved again by the checker before it counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from staffopt.algebra.program import FloatArray, Program
from staffopt.algebra.solution import Watch
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.certify.checker import VERSION, Proved, Refused, check, read, seal
from staffopt.certify.statement import state
from staffopt.claims import Answer, is_certified, tolerance
from staffopt.plan import Finding, Grade, Plan, Verdict, write_whole
from staffopt.quantity import exact_text
from staffopt.question import Question

WORK = 1_500_000
"""How many coefficients may be gone through unasked: about a second."""

WORK_ASKED = 20 * WORK
"""How many where a certificate is asked for."""

LABEL = "certificate"
"""Stands in a finding where a rule's label stands."""

UPWARDS = 1 + Fraction(1, 10**9)
"""Turns a floating ratio into one that is not below what it stands for."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What was proved of an answer.

    Attributes:
        certificate: what its file holds; None where nothing is proved.
        bounds: goal's number → what no plan has less of.
        no_plan: whether it is proved that there is no plan.
        contradicted: the claim's goal and a point that is said to be better, to be looked at.
    """

    certificate: Mapping[str, Any] | None = None
    bounds: Mapping[int, Fraction] = field(default_factory=dict)
    no_plan: bool = False
    contradicted: tuple[Mapping[str, Any], FloatArray] | None = None

    def write(self, path: Path | str) -> None:
        """Write the certificate's file, whole or not at all; nothing where nothing is proved.

        Raises:
            OSError: if the place cannot be written; nothing is then left behind.
        """
        if self.certificate is not None:
            text = json.dumps(self.certificate, ensure_ascii=False, indent=1)
            write_whole(Path(path), f"{text}\n")


def certify(
    question: Question,
    program: Program,
    first: Answer | None,
    session: Session,
    *,
    work: int,
    watch: Watch,
    limit: float | None,
) -> Certified:
    """Prove that no plan is better than an answer, or (first None) that there is no plan.

    Args:
        question: the question.
        program: what it was compiled to.
        first: the answer, every goal of it proven by its solver.
        session: whose worker proves.
        work: how much of it may be spent; see :func:`staffopt.certify.prove.prove`.
        watch: told that it goes on; returning True stops it.
        limit: wall seconds.

    Raises:
        BackendError: the worker cannot be started.
    """
    exact = program if program.exact else build(question, exact=True)
    stated = state(exact)
    claims = [_no_plan()] if first is None else _claims(question, exact, first)
    task = {"program": stated, "claims": claims, "work": work}
    results = session.prove(task, watch, limit)["results"]
    proved = [result["claim"] for result in results if result["claim"]]
    certificate = {
        "certificate": VERSION,
        "engine": f"staffopt {version('staffopt')}",
        "inputs": question.hash,
        **stated,
        "claims": proved,
    }
    certificate["seal"] = seal(certificate)
    last = results[-1] if results else {"point": None}
    better = None
    if last["point"] is not None:
        better = claims[len(results) - 1], np.array(last["point"], dtype=np.float64)
    believed = _believed(certificate, better)
    return replace(believed, bounds={**_by_definition(exact, first), **believed.bounds})


def _believed(
    certificate: Mapping[str, Any], better: tuple[Mapping[str, Any], FloatArray] | None
) -> Certified:
    """Take from a certificate what the checker proves of it."""
    try:
        proved = check(certificate)
    except Refused:
        proved = []
    if not proved:
        return Certified(contradicted=better)
    bounds = {one.goal: one.below for one in proved if one.goal is not None}
    return Certified(certificate, bounds, any(one.goal is None for one in proved), better)


def _by_definition(program: Program, first: Answer | None) -> dict[int, Fraction]:
    """Give the goals that need no proof: no greatest ratio is below 0."""
    values = () if first is None else first.goals
    goals = enumerate(zip(program.goals, values, strict=False))
    return {number: value for number, (goal, value) in goals if goal.ratio and value == 0}


def _no_plan() -> dict[str, Any]:
    return {"goal": None, "below": None, "held": []}


def _claims(question: Question, program: Program, first: Answer) -> list[dict[str, Any]]:
    """State of each goal that no plan which holds those before has less of it.

    A ratio cannot be below 0, so nothing is claimed of one that is 0.
    """
    held: list[str] = []
    claims = []
    for number, goal in enumerate(program.goals):
        least = _least(question, program, first, number)
        below = least - _room(question, program, number)
        if goal.ratio is None or below > 0:
            claims.append({"goal": number, "below": str(below), "held": held.copy()})
        held.append(str(_held(question, program, first, number)))
    return claims


def _least(question: Question, program: Program, first: Answer, number: int) -> Fraction:
    """Return what a goal came to when it was minimised, exactly where it is on a lattice.

    That is its value in the plan, unless later goals were allowed to worsen it.
    """
    goal, reached = program.goals[number], first.outcome.reached[number]
    if not question.goals[number].tolerance:
        return first.goals[number]
    value = Fraction(reached.value)
    if goal.ratio is not None or not goal.quantum:
        return value
    offset = Fraction(goal.offset)
    return offset + round((value - offset) / goal.quantum) * goal.quantum


def _room(question: Question, program: Program, number: int) -> Fraction:
    """Return how far below its value a goal's limit lies: nothing on a lattice."""
    goal, within = program.goals[number], tolerance(program, number)
    worsened = bool(question.goals[number].tolerance)
    if goal.ratio is None and goal.quantum is not None:
        return Fraction(0)
    if goal.ratio and not worsened and all(step is not None for _, step in goal.ratio.lattices):
        return Fraction(0)
    return within - min(within, Fraction(1)) / 1000


def _held(question: Question, program: Program, first: Answer, number: int) -> Fraction:
    """Return what later goals hold a goal at."""
    goal, exact = program.goals[number], first.goals[number]
    slack = Fraction(question.goals[number].tolerance or 0)
    least = _least(question, program, first, number)
    if goal.ratio is not None:
        return least * UPWARDS + slack if slack else exact
    within = Fraction(goal.within) if goal.quantum is None else Fraction(0)
    return max(exact, least + slack + within)


def check_certificate(plan: Plan, file: Path | str) -> tuple[Finding, ...]:
    """Check a certificate's proofs again, and that they are of this plan.

    Args:
        plan: the plan.
        file: the certificate's file.

    Returns:
        a finding a claim; broken ones say what does not hold.

    Raises:
        OSError: if the file cannot be read.
    """
    try:
        certificate = read(Path(file))
        proved = check(certificate)
    except Refused as error:
        return (_finding(Verdict.BROKEN, str(error)),)
    question = plan.question
    if certificate.get("inputs") != question.hash:
        return (_finding(Verdict.BROKEN, "it is of another question than the plan"),)
    stated = state(build(question, exact=True))
    if any(certificate[part] != stated[part] for part in stated):
        told = f"its program is not the plan's (written by {certificate.get('engine')})"
        return (_finding(Verdict.BROKEN, told),)
    return tuple(_finding(Verdict.MET, str(one)) for one in proved) + _uncovered(plan, proved)


def _uncovered(plan: Plan, proved: list[Proved]) -> tuple[Finding, ...]:
    """Tell every goal that the plan calls certified though no claim proves it."""
    program = build(plan.question, exact=True)
    faults = []
    for number, (goal, asked) in enumerate(zip(plan.goals, plan.question.goals, strict=True)):
        if goal.grade is not Grade.CERTIFIED:
            continue
        values = [earlier.value for earlier in plan.goals[:number]]
        fits = any(
            one.goal == number
            and all(value <= held for value, held in zip(values, one.held, strict=True))
            and is_certified(program, number, goal.value, asked, one.below)
            for one in proved
        )
        if not fits and not (goal.value == 0 and program.goals[number].ratio):
            words = f"nothing in it proves that no plan has less {goal.minimise}"
            faults.append(_finding(Verdict.BROKEN, f"{words} than {exact_text(goal.value)}"))
    return tuple(faults)


def _finding(verdict: Verdict, words: str) -> Finding:
    return Finding(rule=LABEL, verdict=verdict, words=words)
