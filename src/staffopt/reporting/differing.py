"""What differs between plans, and why a plan is not another, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.instance.calendar import Month
from staffopt.plan import TODAY
from staffopt.reporting.explaining import and_more, figure, goal_text, why_lines
from staffopt.reporting.tables import wrapped
from staffopt.reporting.words import NOTHING, fte, pounds

if TYPE_CHECKING:
    from staffopt.analysis.comparison import Comparison, OutputChange
    from staffopt.analysis.effects import Difference, Effect, WhatIf
    from staffopt.analysis.why_not import WhyNot
    from staffopt.question import Question

_MOST_LINES = 24
"""More differences of one kind nobody reads at once."""

_OF_A_QUESTION = ("goal", "caseload")
"""What a question need not ask about: where one of two does not, it is unknown there, not 0."""

_DECIDED = (
    *("posts", "in post", "flow", "place", "package", "managed team"),
    *("cases held", "cases closed"),
)
"""What a plan decides; all else follows from it."""

_NAMES = {
    "goal": "Goals",
    "posts": "Posts",
    "in post": "People in post",
    "flow": "Joiners, leavers and moves",
    "place": "Places",
    "package": "Packages",
    "managed team": "Managed teams",
    "cases held": "Cases held",
    "cases closed": "Cases closed",
    "open cases": "Open cases at the month's end",
    "caseload": "Average caseloads",
    "money": "Money",
    "carried forward": "Carried forward to the next year",
    "reserve": "Reserves at the year's end",
    "benefit": "Benefits",
}


def render_why_not(answer: WhyNot) -> str:
    """Write why a fact does not hold in the plan."""
    asked = f"Why not {answer.fact}?"
    if answer.holds:
        return f"{asked} It is so in the plan already.\n"
    lines = [asked]
    if answer.idle:
        lines.append("No rule of the model lets a plan change that: it stays as it is today.")
    if answer.comparison is not None and answer.forced is not None:
        lines += _dearer(answer, answer.comparison)
    elif answer.explanation is not None:
        near = "It comes nearest, or would be had, with"
        lines += why_lines(answer.explanation, "It is in conflict with the rest", near)
    return "\n".join(lines) + "\n"


def _dearer(answer: WhyNot, comparison: Comparison) -> Iterator[str]:
    """Say what the fact costs, which teams are worse for it, and what else is another."""
    question, by = answer.plan.question, answer.dearer_by
    if by:
        goal = answer.plan.goals[0]
        yield f"It can be had, for {figure(by, goal.unit)} more; the plan has {goal_text(goal)}."
    else:
        yield "It can be had for no more; it is worse by later goals, or as good."
    worse = comparison.worse_teams
    if worse:
        yield "Teams that are worse for it:"
        yield from _lines(question, worse)
    yield from _changes(question, comparison.outputs)


def render_difference(question: Question, difference: Difference) -> str:
    """Write what differs between two plans, and which input moved which output."""
    together = difference.together
    if not (together.inputs or together.outputs):
        return "The plans are the same, and answer the same question.\n"
    lines = ["Inputs:" if together.inputs else "The inputs are the same."]
    for change in together.inputs[:_MOST_LINES]:
        lines += wrapped(f"{change.path}: {change.before} → {change.after}", "  ", "      ")
    lines += and_more(len(together.inputs), _MOST_LINES)
    if not together.outputs:
        lines.append("Nothing else differs.")
    elif not any(change.what in _DECIDED for change in together.outputs):
        lines.append("What is decided stays the same.")
    lines += _changes(question, together.outputs)
    if difference.alone:
        lines.append("Each input alone:")
        lines += [line for effect in difference.alone for line in _effect(question, effect)]
    return "\n".join(lines) + "\n"


def render_what_if(answer: WhatIf) -> str:
    """Write what becomes of the plan if some figures are others."""
    if answer.difference is not None:
        return render_difference(answer.before.question, answer.difference)
    lines = ["With these figures there is no plan."]
    if answer.explanation is not None:
        lines += why_lines(answer.explanation, "Conflict", "What would help")
    return "\n".join(lines) + "\n"


def _effect(question: Question, effect: Effect) -> Iterator[str]:
    """Write what an input changes by itself, in the goals."""
    paths = ", ".join(effect.paths)
    if effect.outputs is None:
        yield from wrapped(f"{paths}: there is no plan", "  ", "      ")
        return
    goals = [figure_changed(question, change) for change in effect.outputs if change.what == "goal"]
    told = "; ".join(goals) or ("no goal changes" if effect.outputs else "changes nothing")
    yield from wrapped(f"{paths}: {told}", "  ", "      ")


def _changes(question: Question, changes: Iterable[OutputChange]) -> Iterator[str]:
    """Write differences kind by kind; of caseloads those of the plan, as reported."""
    listed = [
        change
        for change in changes
        if change.what != "caseload" or (change.of[2] == "reported" and change.of[3] != TODAY)
    ]
    for what, name in _NAMES.items():
        of_kind = [change for change in listed if change.what == what]
        if of_kind:
            yield f"{name}:"
            yield from _moves(question, of_kind) if what == "place" else _lines(question, of_kind)


def _lines(question: Question, changes: Iterable[OutputChange]) -> Iterator[str]:
    every = list(changes)
    for change in every[:_MOST_LINES]:
        yield from wrapped(figure_changed(question, change), "  ", "      ")
    yield from and_more(len(every), _MOST_LINES)


def _moves(question: Question, places: Iterable[OutputChange]) -> Iterator[str]:
    """Write who is placed elsewhere, a line each: ``p1: Ash → Clay``."""
    went, goes = dict[str, str](), dict[str, str]()
    for change in places:
        person, team = change.of
        (goes if change.after else went)[person] = _called(question, team)
    people = sorted({*went, *goes})
    for person in people[:_MOST_LINES]:
        yield f"  {person}: {went.get(person, 'no place')} → {goes.get(person, 'no place')}"
    yield from and_more(len(people), _MOST_LINES)


def figure_changed(question: Question, change: OutputChange) -> str:
    """Write one difference: ``North, Support officer: 1.5 → 3.0 (+1.5)``."""
    if change.what == "place":
        person, team = change.of
        return f"{person} {'' if change.after else 'not '}in {_called(question, team)}"
    before, after = (_amount(value, change.unit) for value in (change.before, change.after))
    shown = f"{_of(question, change)}: {before} → {after}"
    if change.what in _OF_A_QUESTION and None in (change.before, change.after):
        return shown
    sign = "+" if change.by > 0 else ""
    return f"{shown} ({sign}{_amount(change.by, change.unit)})"


def _of(question: Question, change: OutputChange) -> str:
    """Name what a figure is of, as people know it; a calendar's only period is left out."""
    council = question.instance
    if change.what == "managed team":
        name, start, extension = change.of
        longer = "" if extension == "0" else f", extended by {_months(extension)}"
        return f"{_called(question, name)} from {Month.parse(start).words}{longer}"
    periods = [period.label for period in council.calendar.cut()]
    passed_over = ("reported", "posts", "full_year_cost")
    keys = [key for key in change.of if key not in passed_over and periods != [key]]
    if change.what == "cases held":
        keys = ["unallocated" if key == "nobody" else key for key in keys]
    names = [_called(question, key) for key in keys]
    return ", ".join(names) or change.of[0].replace("_", " ")


def _called(question: Question, key: str) -> str:
    """Name what a key is of; what only the other plan's council has goes by its id."""
    council = question.instance
    named = (council.teams, council.funds, council.packages, council.managed_teams)
    tables = (*named, council.benefits)
    found = next((str(table[key].name) for table in tables if key in table), None)
    role = question.role_name(key) if key in council.roles else None
    return found or role or key.replace("_", " ")


def _months(number: str) -> str:
    return "a month" if number == "1" else f"{number} months"


def _amount(value: Fraction | None, unit: str) -> str:
    if value is None:
        return NOTHING
    return pounds(value) if unit.startswith("pounds") else fte(value)
