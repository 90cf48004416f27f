"""Why people are placed where they are, as text: what may be passed on, and what may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from staffopt.analysis.placed import Answer
from staffopt.infeasible import shown_name
from staffopt.plan import Got
from staffopt.reporting.explaining import conflict_lines, figure, repair_lines
from staffopt.reporting.tables import folded, wrapped
from staffopt.reporting.words import NOTHING, listed, number

if TYPE_CHECKING:
    from staffopt.analysis.conflicts import Conflict
    from staffopt.analysis.placed import GoalChange, PersonPlaced, PlaceChange, WhyPlaced
    from staffopt.question import Question

_MOST_NAMED = 12
"""More people nobody reads at once."""

_GOT = {
    Got.FIRST: "the first preference",
    Got.SECOND: "the second preference",
    Got.STAYS: "neither preference, but the team of today",
    Got.ELSEWHERE: "neither preference, in another team than today's",
    Got.NOTHING_ASKED: "no preference was stated",
    Got.NOWHERE: "cover that is not needed",
}

_IN_SHORT = {
    Answer.GIVEN: "is met",
    Answer.NOT_ASKED: "not stated",
    Answer.ALIKE: "went to somebody alike, by order of id",
    Answer.TIE: "could be met by a plan as good: a tie",
    Answer.WORSE: "would make the plan worse",
    Answer.IMPOSSIBLE: "cannot be met",
}


def render_why_placed(found: WhyPlaced) -> str:
    """Write an answer for each person named; of everybody a table."""
    question = found.plan.question
    blocks = [list(_person(question, one)) for one in found.people] if found.named else []
    if not found.named:
        blocks.append(list(_everybody(question, found)))
    if found.stopped:
        others = "others are not told of" if found.people else "nobody was looked at"
        blocks.append([f"The search was stopped: {others}."])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _person(question: Question, one: PersonPlaced) -> Iterator[str]:
    place, record = one.place, one.record
    at = "nowhere" if place.team is None else f"in {shown_name(question, place.team)}"
    asked = ""
    if record.first is not None:
        asked = f", asked for {shown_name(question, record.first)}"
        asked += "" if record.second is None else f", then {shown_name(question, record.second)},"
    today = shown_name(question, place.today)
    yield from wrapped(
        f"{one.person} works in {today}{asked} and is placed {at}: {_GOT[place.got]}."
    )
    for words in _to_pass_on(question, one):
        yield from wrapped(words, "  ")
    held_back = list(_not_to_pass_on(question, one))
    if held_back:
        yield "  Not to be passed on:"
        yield from held_back


def _to_pass_on(question: Question, one: PersonPlaced) -> Iterator[str]:
    """Say what becomes of the plan, of nobody else by name."""
    match one.answer:
        case Answer.GIVEN:
            return
        case Answer.NOT_ASKED:
            covers = question.instance.roles[one.record.role].covers is not None
            who = "Whoever covers posts and has asked for nothing"
            if covers:
                yield f"{who} is deployed where the goals are served best."
        case Answer.ALIKE:
            yield (
                "Somebody who is alike in all that rules and goals look at has the first "
                "preference. It went by order of id, an order without a meaning."
            )
        case Answer.TIE:
            yield (
                "Nothing would get worse if the first preference were met: another plan does as "
                f"well in every goal ({one.grade}). It was decided between them by weights that "
                "are made from ids, which have no meaning."
            )
        case Answer.WORSE:
            first, *later = one.goals
            yield (
                f"With the first preference the best plan is worse ({one.grade}): "
                f"{_goal(first)}, goal {first.number} of {first.of}."
            )
            if later:
                yield f"Of the goals after it: {'; '.join(map(_goal, later))}."
        case Answer.IMPOSSIBLE:
            yield f"No plan that keeps every rule gives the first preference ({one.grade})."
            for rule in one.rules:
                yield f"It stands against: {rule}."


def _goal(change: GoalChange) -> str:
    before, after = figure(change.before, change.unit), figure(change.after, change.unit)
    return f"{change.goal.replace('_', ' ')} {after} instead of {before}"


def _not_to_pass_on(question: Question, one: PersonPlaced) -> Iterator[str]:
    """Name others, and say what somebody could learn of others from."""
    if one.alike:
        yield from wrapped(f"Alike, with the first preference: {_named(one.alike)}", "  - ")
    if one.others:
        lost = [change for change in one.others if change.refused]
        rest = [change for change in one.others if not change.refused]
        yield "  - In the nearest such plan"
        for change in (*lost, *rest)[:_MOST_NAMED]:
            yield from wrapped(_change(question, change), "      ", "        ")
        if len(one.others) > _MOST_NAMED:
            yield f"      and {len(one.others) - _MOST_NAMED} others are placed elsewhere"
    for words in (*one.missed, *one.gives):
        yield from wrapped(words, "  - ")
    if one.explanation is not None:
        for conflict in one.explanation.conflicts:
            told = _of_a_preference(conflict, one.person)
            yield from (f"  {line}" for line in conflict_lines(told, "In conflict"))
        repairs = repair_lines(one.explanation.repairs, "There would be a plan with")
        yield from (f"  {line}" for line in repairs)


def _of_a_preference(conflict: Conflict, person: str) -> Conflict:
    """Call the pin by what it asks for."""
    members = tuple(
        replace(member, words=f"{person} has the first preference")
        if "person" in member.where
        else member
        for member in conflict.members
    )
    return replace(conflict, members=members)


def _change(question: Question, change: PlaceChange) -> str:
    before, after = (
        "nowhere" if team is None else shown_name(question, team)
        for team in (change.before, change.after)
    )
    got = f"{_GOT[change.gets]}" + (", not the first" if change.refused else "")
    return f"{change.person} is placed in {after} instead of {before}: {got}"


def _named(people: tuple[str, ...]) -> str:
    more = len(people) - _MOST_NAMED
    return ", ".join(people[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _everybody(question: Question, found: WhyPlaced) -> Iterator[str]:
    if not found.people and found.stopped:
        return
    if not found.people:
        yield "Everybody who asked for a place has their first preference."
        return
    count = Counter(one.answer for one in found.people)
    told = listed([f"{number(n)} {_IN_SHORT[answer]}" for answer, n in count.items()])
    so_far = ", as far as was looked" if found.stopped else ""
    yield from wrapped(
        f"First preferences that are not met{so_far}: {len(found.people)}. Of them {told}."
    )
    yield ""
    head = ["", "asked for", "placed in", "got", "the first preference", "refused instead"]
    rows = [_row(question, one) for one in found.people]
    yield from folded(head, rows, range(len(head)), (4, 5))


def _row(question: Question, one: PersonPlaced) -> list[str]:
    place, wish = one.place, one.record.first
    why = _IN_SHORT[one.answer]
    if one.goals:
        why += f": {_goal(one.goals[0])}"
    if one.gives:
        why += f": {'; '.join(one.gives)}"
    return [
        one.person,
        NOTHING if wish is None else shown_name(question, wish),
        NOTHING if place.team is None else shown_name(question, place.team),
        str(place.got),
        why,
        _named(one.refused) or NOTHING,
    ]
