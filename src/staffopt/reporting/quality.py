"""How good a plan is, and how well that is founded, in one line."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from staffopt.plan import Decisions, GoalValue, Grade, PeopleDecision, Plan, PostDecision, Verdict
from staffopt.reporting.words import counted, fte_words, pounds, term, thousands

_COSTS = ("full_year_cost", "cost", "spend")
_PROVEN = "proven"
_MOST_SHOWN = 4
"""How many differences of another plan are written out."""


def grade_words(plan: Plan) -> str:
    """Say what is claimed, by whom, and whether every rule and pound was verified."""
    parts = [_claim(plan), _verified(plan)]
    untold = not plan.provenance.tie_broken and plan.provenance.unique is None
    if untold and plan.grade is not Grade.FEASIBLE:
        parts.append("another plan may do as well")
    return " · ".join(parts)


def another_words(plan: Plan) -> str:
    """Say that no other plan does as well, or how one differs that does; nothing if not known."""
    another = plan.provenance.another
    if plan.provenance.unique and plan.goals:
        return "No other plan does as well by every goal."
    if another is None:
        return ""
    mine, its = _decided(plan, plan.decisions), _decided(plan, another)
    differing = [where for where in {**mine, **its} if mine.get(where) != its.get(where)]
    shown = [f"{where} {its.get(where, 'none')}" for where in differing[:_MOST_SHOWN]]
    instead = ", ".join(f"{mine.get(where, 'none')}" for where in differing[:_MOST_SHOWN])
    more = len(differing) - len(shown)
    rest = f" and {counted(more, 'more difference')}" if more else ""
    return f"Another plan does as well by every goal: {', '.join(shown)}{rest} (here {instead})."


def numbers_words(plan: Plan) -> str:
    """Say which numbers solvers are known to go wrong on; nothing where there are none.

    The plan holds all the same: it is that nothing is better which rests on the solver.
    """
    numbers = plan.provenance.numbers
    return f"Solvers may go wrong on these numbers: {'; '.join(numbers)}." if numbers else ""


def _decided(plan: Plan, decisions: Decisions) -> dict[str, str]:
    """Write each decision as where → what, in the council's words."""
    council = plan.question.instance
    several = len(council.calendar.cut()) > 1
    words = {}
    staff: tuple[PostDecision | PeopleDecision, ...] = (*decisions.posts, *decisions.people)
    for one in staff:
        place = f"{council.teams[one.team].name} {plan.question.role_name(one.role)}"
        place += " in post" if isinstance(one, PeopleDecision) else ""
        where = f"{place} ({one.period})" if several else place
        words[where] = f"{'+' if one.change > 0 else ''}{fte_words(one.change)}"
    for package in decisions.packages:
        words[council.packages[package.package].name] = "taken" if package.taken else "not taken"
    for bought in decisions.managed_teams:
        name = council.managed_teams[bought.managed_team].name
        words[f"{name} from {bought.start.words}"] = (
            f"{bought.teams}, extended by {term(bought.extension)}"
            if bought.extension
            else f"{bought.teams}, not extended"
        )
    return words


def _claim(plan: Plan) -> str:
    solvers = ", ".join(filter(None, (plan.provenance.backend, plan.provenance.cross_check)))
    if not plan.goals:
        return f"No goal was set ({solvers})"
    first = plan.goals[0]
    best = "Least cost" if first.minimise in _COSTS else "Best plan"
    if plan.grade is Grade.CERTIFIED:
        return f"{best} CERTIFIED{_within(first)} (exact bound, {solvers})"
    if plan.grade is not Grade.FEASIBLE:
        return f"{best} {plan.grade} ({solvers})"
    why = plan.provenance.stopped
    stopped = "" if why == _PROVEN else f"; {'stopped by the ' if 'limit' in why else ''}{why}"
    return f"FEASIBLE, not proven best: {_gap(plan)} ({solvers}{stopped})"


def _within(goal: GoalValue) -> str:
    """Say within how much, where a goal is on no lattice: `` within £1``."""
    if goal.certified is None or goal.certified >= goal.value or goal.minimise not in _COSTS:
        return ""
    return f" within {pounds(Fraction(ceil(goal.value - goal.certified)))}"


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
