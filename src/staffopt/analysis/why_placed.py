"""Why people are placed where they are: their first preference is forced, and the price told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Unpack

from staffopt.analysis.asking import Step, Told, ignore, proven
from staffopt.analysis.explanation import explain_on
from staffopt.analysis.nearest import Neighbours
from staffopt.analysis.placed import Answer, GoalChange, PersonPlaced, WhyPlaced
from staffopt.analysis.to_the_end import options_of, session_of, watching
from staffopt.desk import Desk, open_desk
from staffopt.errors import (
    Cancelled,
    Fault,
    InputError,
    VerificationError,
    unknown,
)
from staffopt.infeasible import what_would_give
from staffopt.plan import Got, Grade
from staffopt.rulebook import Pin, PlaceEveryone

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan
    from staffopt.question import Question
    from staffopt.request import Asking
    from staffopt.rules.placing import Alike

WAYS = 4
"""So many sets of figures are looked for that would let a first preference be met."""

_NOT_MET = (Got.SECOND, Got.STAYS, Got.ELSEWHERE, Got.NOWHERE)


def why_placed(
    instance: Instance, *people: str, tell: Told = ignore, **asking: Unpack[Asking]
) -> WhyPlaced:
    """Say why people are placed where they are, and what would give for their first preference.

    Args:
        instance: the council.
        people: anonymous ids; everybody whose first preference is not met if none is named.
        tell: is told of each step before its solve.
        asking: as for :func:`staffopt.solve`; ``time_limit`` is of each solve.

    Returns:
        one answer a person. Where a time limit or the caller ends the search early, those found so
        far (``stopped``).

    Raises:
        InputError: the model places nobody, or somebody named is not listed.
        Infeasible: there is no plan at all; :func:`staffopt.explain` says why.
        Others as :func:`staffopt.solve`.
    """
    with open_desk(instance, **asking) as desk:
        _refuse_unknown(desk.question, people)
        tell(Step(1, None, "the plan"))
        plan = proven(desk)
        return _Search(desk, plan, tell, named=bool(people)).of(sorted(set(people)))


def _refuse_unknown(question: Question, people: Iterable[str]) -> None:
    """Refuse ids of nobody, and a model that places nobody.

    Raises:
        InputError: if so, with every fault.
    """
    known = question.instance.people
    faults = [unknown("person", person, list(known)) for person in people if person not in known]
    if question.rule(PlaceEveryone) is None:
        what = f"the model {question.model} places nobody"
        faults.append(Fault("no-places", what, f"Ask a model with {PlaceEveryone.name}."))
    if faults:
        raise InputError(faults)


@dataclass(slots=True)
class _Search:
    """A plan on its way to an answer for each of some people."""

    desk: Desk
    plan: Plan
    tell: Told
    named: bool
    neighbours: Neighbours = field(init=False)
    found: dict[str, PersonPlaced] = field(default_factory=dict)
    steps: int = 1

    def __post_init__(self) -> None:
        self.neighbours = Neighbours(self.plan)

    def of(self, people: Sequence[str]) -> WhyPlaced:
        """Answer for some people, or for all whose first preference is not met.

        First it is asked of all whether a plan does as well in which they have it: one solve each,
        from the basis of the one before. What it costs those for whom none does is asked then.
        """
        every = (p for p, place in self.neighbours.places.items() if place.got in _NOT_MET)
        wanted, stopped = people or [p for p in every if self._asked(p)], False
        try:
            groups = [group for group in self._groups(wanted) if not self._ties(*group)]
            for group in groups:
                self._price(*group)
        except Cancelled:
            stopped = True
        found = tuple(self.found[person] for person in wanted if person in self.found)
        return WhyPlaced(self.plan, found, named=self.named, stopped=stopped)

    def _asked(self, person: str) -> bool:
        return self.plan.question.instance.people[person].first is not None

    def _groups(self, wanted: Iterable[str]) -> list[tuple[Alike, list[str]]]:
        """Answer for those who lack nothing, and sort the others by whom they are alike to."""
        asked, groups = set(wanted), []
        places = self.neighbours.places
        for alike in self.neighbours.classes:
            having = tuple(p for p in alike.ids if places[p].got is Got.FIRST)
            own = [person for person in alike.ids if person in asked]
            lacking = [person for person in own if person not in having]
            self._answer(alike, (p for p in own if p in having), Answer.GIVEN)
            if alike.record.first is None:
                self._answer(alike, lacking, Answer.NOT_ASKED)
            elif having:
                self._answer(alike, lacking, Answer.ALIKE, alike=having)
            elif lacking:
                groups.append((alike, lacking))
        return groups

    def _answer(self, group: Alike, people: Iterable[str], answer: Answer, **found: Any) -> None:
        for person in people:
            place = self.neighbours.places[person]
            self.found[person] = PersonPlaced(place, group.record, answer, **found)

    def _forced(self, person: str) -> Desk:
        return self.desk.overriding({f"pins.first_preferences.{person}": True})

    def _told(self, words: str) -> None:
        self.steps += 1
        self.tell(Step(self.steps, None, words))
        cancel = self.desk.request.cancel
        if cancel is not None and cancel.is_set():
            raise Cancelled("stopped before everybody was looked at")

    def _ties(self, group: Alike, people: Sequence[str]) -> bool:
        """Say whether a plan does as well in which one of those alike has the first preference."""
        self._told(f"whether a plan is as good for {people[0]}")
        goals = [goal.value for goal in self.plan.goals]
        near = self.neighbours.near(self._forced(people[0]), people[0], goals)
        if near is None:
            return False
        for person in people:
            others = self.neighbours.others(near, people[0], person)
            told = {"others": others, "grade": str(self.plan.grade)}
            self._answer(group, [person], Answer.TIE, **told)
        return True

    def _price(self, group: Alike, people: Sequence[str]) -> None:
        """Find the best plan in which one of those alike has the first preference, if any is."""
        person = people[0]
        self._told(f"the first preference of {person}")
        forced = self._forced(person)
        if not self.neighbours.exists(forced):
            self._answer(group, people, Answer.IMPOSSIBLE, **self._against(forced))
            return
        best = proven(forced.asking(unique=False))
        self.neighbours.forget()
        near = self.neighbours.near(forced, person, [goal.value for goal in best.goals])
        if near is None:
            raise VerificationError(f"the plan with the first preference of {person} was lost")
        found = {"goals": self._changes(best), "missed": near.missed, "grade": str(best.grade)}
        for own in people:
            others = self.neighbours.others(near, person, own)
            self._answer(group, [own], Answer.WORSE, others=others, **found)

    def _against(self, forced: Desk) -> dict[str, Any]:
        """Say what stands against a first preference, and what would have to give for it."""
        question, request = forced.question, forced.request
        session = session_of(forced, whole=True)
        pins = {rule.label for rule in question.rules if isinstance(rule, Pin)}
        ways = what_would_give(question, session, options_of(request), watching(request), pins)
        why = explain_on(forced, {}, WAYS) if self.named else None
        self.neighbours.forget()
        grade = why.conflicts[0].grade if why and why.conflicts else Grade.SOLVER_CLAIMED
        gives = tuple(clash.words for clash in ways[0])
        stands = {clash.rule for clash in ways[0]}
        rules = tuple(rule.words for rule in question.rules if rule.label in stands)
        return {"rules": rules, "gives": gives, "explanation": why, "grade": str(grade)}

    def _changes(self, best: Plan) -> tuple[GoalChange, ...]:
        """Name the goals that come to something else, in their order."""
        of = len(best.goals)
        goals = zip(self.plan.question.goals, self.plan.goals, best.goals, strict=True)
        return tuple(
            GoalChange(goal.label, was.unit, number, of, was.value, now.value)
            for number, (goal, was, now) in enumerate(goals, 1)
            if was.value != now.value
        )
