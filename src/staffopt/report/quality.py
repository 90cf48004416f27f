"""How good a plan is, and how well that is founded, in one line."""

from __future__ import annotations

from fractions import Fraction

from staffopt.plan import GoalValue, Grade, Plan, Verdict
from staffopt.report.words import counted, pounds, thousands

_COSTS = ("full_year_cost", "cost")
_PROVEN = "proven"


def grade_words(plan: Plan) -> str:
    """Say what is claimed, by whom, and whether every rule and pound was verified."""
    parts = [_claim(plan), _verified(plan)]
    if not plan.provenance.tie_broken and plan.grade is not Grade.FEASIBLE:
        parts.append("another plan may do as well")
    return " · ".join(parts)


def _claim(plan: Plan) -> str:
    solvers = ", ".join(filter(None, (plan.provenance.backend, plan.provenance.cross_check)))
    if not plan.goals:
        return f"No goal was set ({solvers})"
    first = plan.goals[0]
    best = "Least cost" if first.minimise in _COSTS else "Best plan"
    if plan.grade is not Grade.FEASIBLE:
        return f"{best} {plan.grade} ({solvers})"
    why = plan.provenance.stopped
    stopped = "" if why == _PROVEN else f"; {'stopped by the ' if 'limit' in why else ''}{why}"
    return f"FEASIBLE, not proven best: {_gap(plan)} ({solvers}{stopped})"


def _gap(plan: Plan) -> str:
    """Say how far the first unproven goal may be from the best there is."""
    open_goal = next(goal for goal in plan.goals if goal.grade is Grade.FEASIBLE)
    name = open_goal.minimise.replace("_", " ")
    if open_goal.bound is None:
        return f"nothing is known of how much less the {name} could be"
    distance = max(open_goal.value - Fraction(open_goal.bound), Fraction(0))
    share = f" ({thousands(100 * distance / open_goal.value, 2)}%)" if open_goal.value else ""
    return f"the {name} is within {_size(open_goal, distance)}{share} of the least"


def _size(goal: GoalValue, distance: Fraction) -> str:
    return pounds(distance) if goal.minimise in _COSTS else f"{thousands(distance, 2)} {goal.unit}"


def _verified(plan: Plan) -> str:
    verdicts = [finding.verdict for finding in plan.findings]
    broken = verdicts.count(Verdict.BROKEN)
    if broken:
        return f"NOT VERIFIED: {counted(broken, 'rule')} broken"
    words = "every rule and pound verified"
    missed = verdicts.count(Verdict.MISSED_BY_POLICY)
    tolerated = verdicts.count(Verdict.MET_BY_TOLERANCE)
    if missed:
        words += f", {counted(missed, 'target')} missed by policy"
    if tolerated:
        words += f", {counted(tolerated, 'rule')} met by tolerance only"
    return words
