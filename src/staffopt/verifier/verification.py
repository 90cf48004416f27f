"""Verification: a plan is worked out again from its own inputs and held against what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from staffopt.errors import InputError
from staffopt.plan import Decisions, Figures, Finding, Plan, Verdict
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.verifier.decisions import decision_findings, misnamed_finding
from staffopt.verifier.difference import differs, figure_differences, finding_differences
from staffopt.verifier.figures import figures_of
from staffopt.verifier.goals import goal_value, limits
from staffopt.verifier.naming import misnamed
from staffopt.verifier.registry import run
from staffopt.verifier.staffing import Staffing


@dataclass(frozen=True, slots=True)
class Verification:
    """What is true of a plan.

    Attributes:
        findings: one for each rule in each place, and one for each stored figure, goal, verdict or
            hash that does not follow from the plan's inputs and decisions.
    """

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is broken; a target missed by policy is not."""
        return not self.broken

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What is broken, differences included."""
        return tuple(f for f in self.findings if f.verdict is Verdict.BROKEN)


def verify(plan: Plan) -> Verification:
    """Verify a plan from itself alone: no solver, no other file.

    Never raises for what a plan says: inputs that cannot be read, or decisions that name what
    nothing declares, are findings, and what depends on them is then left out.
    """
    found: list[Finding] = []
    try:
        for finding in _all_findings(plan):
            found.append(finding)  # noqa: PERF402 (what was found before an error is kept)
    except InputError as error:
        found += [_unreadable(str(fault)) for fault in error.faults]
    except KeyError as error:
        # Inputs that were edited by hand can name, deep inside, what nothing declares.
        found.append(_unreadable(f"the inputs name {error}, which nothing declares"))
    return Verification(tuple(found))


def _unreadable(words: str) -> Finding:
    return Finding(rule="inputs", verdict=Verdict.BROKEN, words=words)


def check_decisions(
    question: Question, decisions: Decisions, figures: Figures | None = None
) -> tuple[Finding, ...]:
    """Check decisions, and figures (if given) said to follow from them, before a plan is made.

    Decisions that name what nothing declares, or are made twice, get the findings of that alone.

    Raises:
        InputError: if a rule cannot be tested on this council, such as one whose scope covers a
            team whose cases are not known.
    """
    faults = misnamed(question, decisions)
    if faults:
        return tuple(misnamed_finding(fault) for fault in faults)
    staffing = Staffing.indexed(question, decisions)
    said = () if figures is None else figure_differences(figures, figures_of(staffing))
    return (*said, *_rule_findings(staffing))


def examine(question: Question, decisions: Decisions) -> tuple[Figures, tuple[Finding, ...]]:
    """Work out what follows from decisions, and check every rule on them.

    Raises:
        InputError: as :func:`derive` and :func:`check_decisions` do.
    """
    staffing = Staffing.of(question, decisions)
    figures = figures_of(staffing)
    return figures, _rule_findings(staffing, figures)


def _rule_findings(staffing: Staffing, figures: Figures | None = None) -> tuple[Finding, ...]:
    """Check every rule, and every goal that has a limit."""
    question = staffing.question
    rules = (finding for rule in question.rules for finding in run(rule, staffing))
    found = (*decision_findings(staffing), *rules)
    if all(goal.at_most is None for goal in question.goals):
        return found
    return (*found, *limits(question, figures or figures_of(staffing)))


def _all_findings(plan: Plan) -> Iterator[Finding]:
    # Read anew: a plan that somebody wrote into is judged by what it says now.
    question = Question.from_json(plan.inputs)
    if question.hash != plan.provenance.input_hash:
        yield differs("provenance.input_hash", plan.provenance.input_hash, question.hash)
    faults = misnamed(question, plan.decisions)
    if faults:
        yield from (misnamed_finding(fault) for fault in faults)
        return
    staffing = Staffing.indexed(question, plan.decisions)
    figures, rules = figures_of(staffing), _rule_findings(staffing)
    yield from figure_differences(plan.figures, figures)
    yield from _goal_differences(plan, question, figures)
    yield from finding_differences(plan.findings, rules)
    yield from rules


def _goal_differences(plan: Plan, question: Question, figures: Figures) -> Iterator[Finding]:
    """Compare the goals one by one, in their order, with what they come to."""
    asked = [(str(goal.minimise), goal.rank, goal.fund, goal.year) for goal in question.goals]
    stored = [(value.minimise, value.rank, value.fund, value.year) for value in plan.goals]
    if asked != stored:
        yield differs("goals", _names(stored), _names(asked))
        return
    for goal, value in zip(question.goals, plan.goals, strict=True):
        derived = goal_value(question, figures, goal)
        if derived != value.value:
            name = f"goals[{value.minimise}].value"
            yield differs(name, exact_text(value.value), exact_text(derived))


def _names(goals: Sequence[tuple[str | None, ...]]) -> str:
    return ", ".join(" ".join(part for part in goal if part) for goal in goals) or "none"
