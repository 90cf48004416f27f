"""Why there is no plan, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.analysis.facts import LABEL
from staffopt.claims import command
from staffopt.infeasible import amount_words
from staffopt.reporting.tables import wrapped
from staffopt.reporting.words import counted, fte_words, pounds

if TYPE_CHECKING:
    from staffopt.analysis.binding import Binding, Margin
    from staffopt.analysis.conflicts import Conflict
    from staffopt.analysis.explanation import Explanation
    from staffopt.analysis.instances import RuleInstance
    from staffopt.analysis.next_steps import NextStep
    from staffopt.analysis.repairs import ParameterChange, ParameterRepair
    from staffopt.plan import GoalValue, Plan

_MOST_MEMBERS = 12
"""More than these nobody reads at once."""

_MOST_BINDING = 40
"""So many rules that bind are written at most: about a page."""


def render_explanation(explanation: Explanation, name: str | None = None) -> str:
    """Write why there is no plan, and what would help; or that there is one.

    Args:
        explanation: the explanation.
        name: what the council is called on the command line, for the command that is told.
    """
    plan = explanation.plan
    if plan is not None:
        return "\n".join(_of_a_plan(explanation, plan)) + "\n"
    lines: list[str] = []
    for number, conflict in enumerate(explanation.conflicts, 1):
        of = len(explanation.conflicts)
        lead = f"Conflict {number} of {of}" if of > 1 else "No plan meets every rule"
        lines += conflict_lines(conflict, lead)
    if not explanation.conflicts:
        lines.append("No plan meets every rule, and no set of rules was found to be to blame.")
    if not explanation.all_conflicts:
        lines.append("There may be other conflicts: the search was stopped before it was over.")
    return "\n".join([*lines, *_repairs(explanation, name)]) + "\n"


def _of_a_plan(explanation: Explanation, plan: Plan) -> Iterator[str]:
    """Write which rules bind a plan, and the next step of every figure."""
    reached = "; ".join(goal_text(goal) for goal in plan.goals)
    yield from wrapped(f"There is a plan{f': {reached} ({plan.grade})' if reached else ''}.")
    if explanation.not_told:
        yield from wrapped(f"What binds it is not told: {explanation.not_told}.")
        return
    goal = plan.goals[explanation.number]
    if explanation.binding:
        within = f" in {goal.words}, with what comes before it held" if explanation.number else ""
        yield from wrapped(
            f"Rules that bind it, and what each costs{within} (solved again without it):"
        )
    elif explanation.all_binding:
        yield "No rule binds it: no goal would be better without any one of them."
    for one in explanation.binding[:_MOST_BINDING]:
        yield from wrapped(_bound(one, goal.unit), "  - ")
    yield from and_more(len(explanation.binding), _MOST_BINDING, " (--json has them all)")
    if explanation.next_steps:
        yield "The nearest figures that change it, each alone (solved again with it):"
    for step in explanation.next_steps:
        yield from wrapped(_next_step(step, plan.goals), "  - ")
    if not explanation.all_binding:
        yield "The search was stopped before it was over: other rules may bind, other figures too."


def _bound(one: Binding, unit: str) -> str:
    costs = "it has no end without" if one.costs is None else figure(one.costs, unit)
    margin = "" if one.margin is None else f"; {_margin(one.margin, unit)}"
    return f"{one.instance.words}: {costs}{margin}"


def _next_step(step: NextStep, goals: Sequence[GoalValue]) -> str:
    """Write where a figure changes a goal, which one if it is not the first, and to what."""
    goal, at = goals[step.number], figure(step.at, step.unit)
    value = "there is no plan" if step.goal is None else figure(step.goal, goal.unit)
    named = f"{goal.words} " if step.number and step.goal is not None else ""
    return f"{step.path}: at {at} ({fte_words(step.value)} now), {named}{value}{_until(step)}"


def _margin(margin: Margin, unit: str) -> str:
    """Write what one step less, or more, of what a rule asks for changes."""
    step = amount_words(float(margin.step), margin.unit)
    saves = f"saves {figure(margin.saves, unit)}" if margin.saves else "saves nothing"
    more = f"{figure(margin.costs, unit)} more" if margin.costs else "nothing more"
    more = "there is no plan" if margin.costs is None else more
    less = f"{step} less {saves}{_so_far(margin.holds, margin)}"
    return f"{less}; with {step} more {more}{_so_far(margin.holds_more, margin)}"


def _so_far(holds: Fraction, margin: Margin) -> str:
    """Write up to where every step changes as much, where that is more than one."""
    far = amount_words(float(holds), margin.unit)
    return f" (so each up to {far})" if holds > margin.step else ""


def _until(step: NextStep) -> str:
    """Write how far every step changes as much as the first, where that is more than one."""
    if abs(step.at - step.value) > step.step or abs(step.until - step.value) <= step.step:
        return ""
    return f", and as much for each step up to {figure(step.until, step.unit)}"


def goal_text(goal: GoalValue) -> str:
    """Write what a goal came to: ``full year cost £48,000 a year``."""
    return f"{goal.words} {figure(goal.value, goal.unit)}"


def conflict_lines(conflict: Conflict, lead: str) -> Iterator[str]:
    """Write one conflict: its rule instances, and what is proven of it."""
    if len(conflict.members) == 1:
        yield f"{lead}. This alone cannot be kept ({conflict.grade}):"
    else:
        yield f"{lead}. These cannot be kept together ({conflict.grade}):"
    groups = list(_over_periods(conflict))
    for members in groups[:_MOST_MEMBERS]:
        law = " [set by law]" if members[0].statutory else ""
        more = f"; and so in {len(members) - 1} other periods" if len(members) > 1 else ""
        yield from wrapped(f"{members[0].words}{law}{more}", "  - ")
    yield from and_more(len(groups), _MOST_MEMBERS)
    if conflict.plainly is not None:
        yield from wrapped(f"By adding up: {conflict.plainly.words}.", "  ")
    if conflict.whole:
        yield "  In parts of posts or teams they could: they come in whole steps."
    if not conflict.irreducible:
        yield "  Not proven irreducible: perhaps some of these could be kept together."


def and_more(count: int, most: int, where: str = "") -> list[str]:
    """Say how many are left out where there are more than are told, and where they are."""
    return [f"  and {count - most} more{where}"] if count > most else []


def why_lines(explanation: Explanation, lead: str, helps: str) -> Iterator[str]:
    """Write every conflict under one lead, and then the repairs under another."""
    of = len(explanation.conflicts)
    for number, conflict in enumerate(explanation.conflicts, 1):
        yield from conflict_lines(conflict, f"{lead} ({number} of {of})" if of > 1 else lead)
    yield from repair_lines(explanation.repairs, helps)


def _over_periods(conflict: Conflict) -> Iterable[list[RuleInstance]]:
    """Put together the instances that differ in their period alone."""
    groups: dict[tuple[object, ...], list[RuleInstance]] = {}
    for member in conflict.members:
        place = (item for item in member.where.items() if item[0] not in ("period", "year"))
        groups.setdefault((member.rule, *place), []).append(member)
    return groups.values()


def _repairs(explanation: Explanation, name: str | None) -> Iterator[str]:
    repairs = explanation.repairs
    if not repairs:
        yield "No change of figures was found that helps" + (
            "." if explanation.all_repairs else " in the time there was."
        )
        return
    yield from repair_lines(repairs, "What would help")
    if not explanation.all_repairs:
        yield "  There are, or may be, other ways."
    if not explanation.least_proven:
        yield "  Perhaps another change weighs less: that none does was not proven."
    yield f"Next: {command(explanation.question, name, repairs[0].overrides)}"


def repair_lines(repairs: Sequence[ParameterRepair], lead: str) -> Iterator[str]:
    """Write repairs one after the other; nothing where there is none."""
    if repairs:
        each = "each " if len(repairs) > 1 else ""
        yield f"{lead} ({counted(len(repairs), 'way')}, {each}solved again and verified):"
    for number, repair in enumerate(repairs, 1):
        yield from _repair(repair, number)


def _repair(repair: ParameterRepair, number: int) -> Iterator[str]:
    for place, change in enumerate(repair.changes):
        lead = f"  {number}. " if place == 0 else "     and "
        yield from wrapped(_change(change), lead, " " * 9)
    after = [goal_text(goal) for goal in repair.plan.goals[:1]]
    if repair.price is not None:
        after.append(f"by the prices given it weighs {fte_words(repair.price)}")
    if after:
        yield from wrapped("; ".join(after), "     then ", " " * 9)


def _change(change: ParameterChange) -> str:
    least = "" if change.least else " (perhaps less would do)"
    after, before = figure(change.after, change.unit), figure(change.before, change.unit)
    asked = change.path.startswith(f"standards.{LABEL}.")
    named = "what is asked for" if asked else change.path
    return f"{named}: {after} instead of {before}{least}"


def figure(value: Fraction, unit: str) -> str:
    """Write a figure with its unit: pounds with their sign, whole where they are."""
    if unit.startswith("pounds"):
        return f"{pounds(value)}{unit.removeprefix('pounds')}"
    first, _, rest = unit.partition(" ")
    noun = _ONE.get(first, first) if value == 1 else first
    return " ".join(filter(None, [fte_words(value), noun, rest]))


_ONE = {"people": "person", "cases": "case", "posts": "post", "months": "month", "teams": "team"}
"""What one of a unit is called."""
