"""What is said of a place: what becomes of the plan if somebody is to have the first preference.

Of others it speaks by their ids alone; what may be passed on is said in docs/why-placed.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from staffopt.plan import Got
from staffopt.quantity import exact_text

if TYPE_CHECKING:
    from staffopt.analysis.explanation import Explanation
    from staffopt.instance.people import Person
    from staffopt.plan import PlaceFigure, Plan


class Answer(StrEnum):
    """What becomes of the plan if somebody is to have the first preference."""

    GIVEN = "given"
    NOT_ASKED = "not asked"
    ALIKE = "alike"
    TIE = "tie"
    WORSE = "worse"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class GoalChange:
    """A goal that comes to something else.

    Attributes:
        goal: its label.
        unit: of its values.
        number: its place among the goals, from 1.
        of: how many goals there are.
        before: what it comes to in the plan.
        after: what it comes to at best if the first preference is met.
    """

    goal: str
    unit: str
    number: int
    of: int
    before: Fraction
    after: Fraction

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        values = {"before": exact_text(self.before), "after": exact_text(self.after)}
        place = {"number": self.number, "of": self.of}
        return {"goal": self.goal, "unit": self.unit, **place, **values}


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """Somebody who would be placed elsewhere.

    Attributes:
        person: the anonymous id.
        before, after: the teams; None where they are placed nowhere.
        got, gets: what they got of what they asked for, and what they would get.
    """

    person: str
    before: str | None
    after: str | None
    got: Got
    gets: Got

    @property
    def refused(self) -> bool:
        """Whether they would lose their first preference."""
        return self.got is Got.FIRST and self.gets is not Got.FIRST

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        teams = {"before": self.before, "after": self.after}
        return {"person": self.person, **teams, "got": str(self.got), "gets": str(self.gets)}


@dataclass(frozen=True, slots=True, eq=False)
class PersonPlaced:
    """Why somebody is placed where they are.

    Attributes:
        place: where they are placed, and what they got.
        record: what they asked for.
        answer: what becomes of the plan if they are to have their first preference.
        alike: those who are alike to every rule and goal, and have it.
        goals: the goals that would come to something else, in their order: the first is worse.
        others: who else would be placed elsewhere, in the plan nearest to this one.
        missed: what softened rules would be missed by.
        rules: the rules that stand against it where there is no plan, in words.
        gives: where these would have to give, and by how much.
        explanation: the conflict and what would help, where there is no plan and it was asked for.
        grade: how well it is founded that no plan is better in which they have it.
    """

    place: PlaceFigure
    record: Person
    answer: Answer
    alike: tuple[str, ...] = ()
    goals: tuple[GoalChange, ...] = ()
    others: tuple[PlaceChange, ...] = ()
    missed: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    explanation: Explanation | None = None
    grade: str = ""

    @property
    def person(self) -> str:
        """The anonymous id."""
        return self.place.person

    @property
    def refused(self) -> tuple[str, ...]:
        """Who would lose the first preference instead."""
        return tuple(change.person for change in self.others if change.refused)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data: what may be passed on to the person, and what may not."""
        place, why = self.place, self.explanation
        return {
            "person": self.person,
            "to_pass_on": {
                "today": place.today,
                "first": self.record.first,
                "second": self.record.second,
                "team": place.team,
                "got": str(place.got),
                "answer": str(self.answer),
                "goals": [goal.to_json() for goal in self.goals],
                "rules": list(self.rules),
                "grade": self.grade,
            },
            "not_to_pass_on": {
                "alike": list(self.alike),
                "refused": list(self.refused),
                "others": [change.to_json() for change in self.others],
                "missed": list(self.missed),
                "gives": list(self.gives),
                "explanation": None if why is None else why.to_json(),
            },
        }


@dataclass(frozen=True, slots=True, eq=False)
class WhyPlaced:
    """Why people are placed where they are.

    Attributes:
        plan: the plan.
        people: those asked about, or all who did not get their first preference; in order of id.
        named: whether they were asked about by their ids.
        stopped: whether the search was stopped before everybody was looked at.
    """

    plan: Plan
    people: tuple[PersonPlaced, ...]
    named: bool
    stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "goals": [goal.model_dump(mode="json") for goal in self.plan.goals],
            "people": [person.to_json() for person in self.people],
            "stopped": self.stopped,
        }
