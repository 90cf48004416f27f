"""Who of those listed one by one works where, today and in a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from staffopt.instance.people import Person
from staffopt.question import Question
from staffopt.rulebook import PlaceEveryone

_At = tuple[str, str]


@dataclass(frozen=True)
class Roster:
    """The people of a council, and where a plan places them.

    Attributes:
        question: what was asked.
        places: person → team; who is not in it is placed nowhere.
    """

    question: Question
    places: Mapping[str, str]

    @cached_property
    def listed(self) -> frozenset[str]:
        """The roles of which anybody is listed: the people in post of these are those listed."""
        return frozenset(record.role for record in self.question.instance.people.values())

    @cached_property
    def is_placed(self) -> bool:
        """Whether a rule places people; where none does, all stay in their teams."""
        return self.question.rule(PlaceEveryone) is not None

    def decides(self, role: str) -> bool:
        """Say whether a role's people in post are those who are placed."""
        return self.is_placed and role in self.listed

    def where(self, person: str) -> str | None:
        """Return the team that somebody is placed in, or None."""
        if not self.is_placed:
            return self.question.instance.people[person].team
        return self.places.get(person)

    def there(self, team: str, role: str, *, today: bool) -> tuple[tuple[str, Person], ...]:
        """Name those of a role who work in a team, today or in the plan."""
        return tuple((self._today if today else self._plan).get((team, role), ()))

    def fte(self, team: str, role: str, *, today: bool) -> Fraction:
        """Add up their FTE."""
        return _fte(self.there(team, role, today=today))

    def carrying(self, team: str, role: str, tag: str, *, today: bool) -> tuple[Fraction, int]:
        """Return FTE and number of those who carry a tag themselves."""
        own = [each for each in self.there(team, role, today=today) if tag in each[1].tags]
        return _fte(own), len(own)

    @cached_property
    def _today(self) -> dict[_At, list[tuple[str, Person]]]:
        people = self.question.instance.people
        return _sorted_by_place((name, record, record.team) for name, record in people.items())

    @cached_property
    def _plan(self) -> dict[_At, list[tuple[str, Person]]]:
        people = self.question.instance.people
        return _sorted_by_place((name, record, self.where(name)) for name, record in people.items())


def _fte(people: tuple[tuple[str, Person], ...] | list[tuple[str, Person]]) -> Fraction:
    return sum((Fraction(record.fte) for _, record in people), Fraction(0))


def _sorted_by_place(
    people: Iterator[tuple[str, Person, str | None]],
) -> dict[_At, list[tuple[str, Person]]]:
    found: dict[_At, list[tuple[str, Person]]] = {}
    for name, record, team in people:
        if team is not None:
            found.setdefault((team, record.role), []).append((name, record))
    return found
