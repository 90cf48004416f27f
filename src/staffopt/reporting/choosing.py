"""Other plans that cost nearly the same, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from staffopt.analysis.directions import DIFFERENT
from staffopt.reporting.differing import figure_changed
from staffopt.reporting.explaining import and_more, figure, goal_text
from staffopt.reporting.tables import wrapped
from staffopt.reporting.words import capital, fte_words

if TYPE_CHECKING:
    from staffopt.analysis.alternatives import Alternative, Alternatives

_MOST_LINES = 12
"""More differences of one plan nobody reads at once."""

_TOLD = ("goal", "posts", "in post", "flow", "place", "package", "managed team")


def render_alternatives(answer: Alternatives) -> str:
    """Write the other plans, each with its price and what differs in it."""
    plan = answer.plan
    first = plan.goals[0]
    reached = "; ".join(goal_text(goal) for goal in plan.goals)
    lines = wrapped(f"The plan: {reached} ({plan.grade}).")
    lines += wrapped(_alone(answer, figure(answer.allowance, first.unit)))
    for number, other in enumerate(answer.found):
        lines += _alternative(answer, other, answer.found[:number])
    for direction, why in answer.left_out.items():
        lines += wrapped(f"{capital(direction)} was not looked at: {why}.", later="    ")
    if answer.stopped:
        lines.append("It was stopped: what was not come to was not looked at.")
    return "\n".join(lines) + "\n"


def _alone(answer: Alternatives, within: str) -> str:
    unique = {
        True: "No other plan does as well by every goal.",
        False: "Another plan does as well by every goal.",
        None: "Whether another plan does as well was not shown.",
    }[answer.unique]
    only = f" No other plan is within {within} of it." if answer.only else ""
    return unique + (only or f" Within {within} of it:")


def _apart(answer: Alternatives, other: Alternative) -> str:
    """Say how far a plan that differs most is from the plan, and from those like it before."""
    if other.apart is None:
        return ""
    first = next(one for one in answer.found if one.direction == DIFFERENT)
    others = "" if other is first else " and from those before that differ most"
    unit = "people" if answer.plan.decisions.places else "FTE"
    return f", {fte_words(other.apart)} {unit} from the plan{others}"


def _alternative(
    answer: Alternatives, other: Alternative, before: Sequence[Alternative]
) -> Iterator[str]:
    """Write one plan: its direction, its price, and what differs, if it was not told before."""
    better = "one that differs more" if other.direction == DIFFERENT else "a better one"
    proven = "" if other.proven else f" ({better} may be left)"
    name = capital(other.direction) + _apart(answer, other)
    changes = [
        change
        for change in other.comparison.outputs
        if change.what in _TOLD and (change.what != "goal" or change.before is not None)
    ]
    if other.plan.decisions == answer.plan.decisions:
        yield f"{name}: the plan itself{proven}."
        return
    same = next((one for one in before if one.plan.decisions == other.plan.decisions), None)
    if same is not None:
        yield from wrapped(f"{name}: the same plan as {same.direction}{proven}.", later="    ")
        return
    dearer = figure(other.dearer_by, other.plan.goals[0].unit)
    price = f"for {dearer} more" if other.dearer_by else "for no more"
    yield from wrapped(f"{name}, {price}{proven}:", later="    ")
    question = answer.plan.question
    for change in changes[:_MOST_LINES]:
        yield from wrapped(figure_changed(question, change), "  ", "      ")
    yield from and_more(len(changes), _MOST_LINES)
