"""People placed one by one: classes of those who are alike, and how many go to which team.

Staff of one role, FTE, tags, team and preferences are alike to every rule and every goal. Counted
together they make a transportation problem, however many there are; whom the count means is dealt
out afterwards, in order of id (:func:`dealt`). Of those who have asked for nothing and may go
anywhere the team of today matters to nothing but who moves, so that they are one class whatever it
is, and as many stay in it as can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.expression import Expression
from staffopt.errors import Fault, InputError, Place
from staffopt.rulebook import FillPosts, HonourPreferences, PlaceEveryone

if TYPE_CHECKING:
    from staffopt.algebra.builder import Builder
    from staffopt.data import Data
    from staffopt.instance.people import Person
    from staffopt.question import Question

PLACED = "placed"
"""The block of decisions on places."""


@dataclass(frozen=True, slots=True)
class Alike:
    """People who are alike: a class.

    Attributes:
        ids: theirs, in order.
        record: what each of them is.
    """

    ids: tuple[str, ...]
    record: Person


def classes_of(question: Question) -> tuple[Alike, ...]:
    """Sort everybody listed into classes, in order of their first ids; none where nobody is placed.

    Tags in another order are the same tags.
    """
    if question.rule(PlaceEveryone) is None:
        return ()
    ids: dict[tuple[object, ...], list[str]] = {}
    people = question.instance.people
    for person in sorted(people):
        record = people[person]
        team = None if _anywhere(question, record) else record.team
        tags = frozenset(record.tags)
        key = (record.role, record.fte, tags, team, record.first, record.second)
        ids.setdefault(key, []).append(person)
    return tuple(Alike(tuple(group), people[group[0]]) for group in ids.values())


def _anywhere(question: Question, record: Person) -> bool:
    """Say whether somebody has asked for nothing and may be placed in any team of their role."""
    covers = question.instance.roles[record.role].covers is not None
    return record.first is None and (covers or question.rule(HonourPreferences) is None)


def staying(question: Question, classes: Iterable[Alike]) -> dict[str, tuple[str]]:
    """Map those who may go anywhere to their team of today: those who can stay there do."""
    people = question.instance.people
    return {
        person: (people[person].team,)
        for alike in classes
        if _anywhere(question, alike.record)
        for person in alike.ids
    }


def dealt(
    classes: Iterable[Alike],
    counts: Mapping[tuple[str, str], int],
    kept: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, str]]:
    """Yield each person with their team: of a class, the first ids go to the first team.

    Args:
        classes: the classes.
        counts: (first id of a class, team) → how many of it go there.
        kept: person → the teams of which they have one before others have, while there is room.
    """
    teams: dict[str, list[str]] = {}
    for (first, team), count in sorted(counts.items()):
        teams.setdefault(first, []).extend([team] * count)
    for alike in classes:
        places, others = teams.get(alike.ids[0], []), []
        for person in alike.ids:
            own = next((team for team in kept.get(person, ()) if team in places), None)
            if own is None:
                others.append(person)
            else:
                places.remove(own)
                yield person, own
        yield from zip(others, places, strict=False)


class Placing:
    """How many of each class go to which team.

    Attributes:
        classes: the classes, in order.
        person: their axis; a class is called by its first id.
        count: people in each, over (person).
        placed: people over (person, team).
        listed: the roles that are placed.
    """

    def __init__(self, builder: Builder, d: Data, classes: tuple[Alike, ...]) -> None:
        self._builder = builder
        self._d = d
        self._question = d.question
        self.classes = classes
        self.person = Axis("person", tuple(alike.ids[0] for alike in classes))
        self._records = {alike.ids[0]: alike.record for alike in classes}
        self._codes: dict[tuple[str, ...], list[int]] = {}
        sizes = {alike.ids[0]: len(alike.ids) for alike in classes}
        self.count = d.table((self.person,), sizes.__getitem__)
        self.listed = Mask.of(d.role, {alike.record.role for alike in classes})
        self.may = self._cells(self._may)
        self.placed = builder.variable(
            PLACED, self.may, Kind("people", decision=True), quantum=1, upper=self.count
        )

    def _cells(self, teams: Callable[[Person], Iterable[tuple[str, ...]]]) -> Mask:
        """Mark the teams that a function names of each class, some at once."""
        axes = (self.person, self._d.team)
        marked = np.zeros((len(self.classes), len(self._d.team.labels)), dtype=bool)
        for row, alike in enumerate(self.classes):
            for named in teams(alike.record):
                marked[row, self._columns(named)] = True
        return Mask(axes, marked)

    def _columns(self, teams: tuple[str, ...]) -> list[int]:
        if teams not in self._codes:
            self._codes[teams] = [self._d.team.code(team) for team in teams]
        return self._codes[teams]

    def _may(self, record: Person) -> Iterator[tuple[str, ...]]:
        """Name the teams that somebody may go to."""
        asked = self._question
        known = asked.instance.roles[record.role].teams
        own = self._d.team.labels if known is None else tuple(known)
        if _anywhere(asked, record) or asked.rule(HonourPreferences) is None:
            yield own
            return
        for teams in ((record.team,), self._wished(record.first), self._wished(record.second)):
            yield teams if known is None else tuple(team for team in teams if team in own)

    def _wished(self, wish: str | None) -> tuple[str, ...]:
        return () if wish is None else self._question.teams_in(wish)

    @cached_property
    def in_post(self) -> Expression:
        """FTE placed, over (team, role)."""
        return self._by_role(self.fte)

    @cached_property
    def heads(self) -> Expression:
        """People placed, over (team, role)."""
        return self._by_role(self.placed)

    @cached_property
    def fte(self) -> Expression:
        """FTE placed, over (person, team)."""
        return self.placed * self._d.table((self.person,), lambda p: self._records[p].fte)

    def _by_role(self, form: Expression) -> Expression:
        total = self._d.table((self._d.team, self._d.role), lambda *_: 0)
        for role in sorted({record.role for record in self._records.values()}):
            own = [p for p in self.person.labels if self._records[p].role == role]
            there = form.where(Mask.of(self.person, own)).sum("person")
            total += there.where(Mask.of(self._d.role, [role]))
        return total

    def _those(self, holds: Callable[[str], bool]) -> Mask:
        return Mask.of(self.person, [p for p in self.person.labels if holds(p)])

    def carrying(self, tag: str, *, heads: bool) -> Expression:
        """FTE (or people) placed who carry a tag themselves, over (team, role)."""
        own = self._those(lambda p: tag in self._records[p].tags)
        return self._by_role((self.placed if heads else self.fte).where(own))

    @cached_property
    def asked(self) -> Mask:
        """The classes that have stated a preference."""
        return self._those(lambda p: self._records[p].first is not None)

    def of_class(self, tag: str) -> Mask:
        """The classes that carry a tag, or whose role does."""
        roles = self._question.instance.roles
        return self._those(
            lambda p: tag in (*self._records[p].tags, *roles[self._records[p].role].tags)
        )

    @cached_property
    def met(self) -> Expression:
        """People who get their first preference, over (person)."""
        cells = self._cells(lambda record: [self._wished(record.first)])
        return self.placed.where(cells).sum("team")

    def unmet(self, rank: str) -> Expression:
        """People who asked and got none of their wishes down to a rank, over (person)."""

        def got(record: Person) -> Iterator[tuple[str, ...]]:
            yield self._wished(record.first)
            if rank != "first":
                yield self._wished(record.second)
            if rank == "stay":
                yield (record.team,)

        return self.placed.where(self.asked & ~self._cells(got)).sum("team")

    @property
    def moves(self) -> Expression:
        """People placed elsewhere than in their team of today, without axes."""
        pooled = self._those(lambda p: _anywhere(self._question, self._records[p]))
        moved = self.placed.where(~self._cells(lambda record: [(record.team,)]) & ~pooled)
        total = moved.sum("person", "team")
        if pooled.values.any():
            total += (self.placed.where(pooled) - self._stays).sum("person", "team")
        return total

    @cached_property
    def _stays(self) -> Expression:
        """People of classes of several teams who stay in theirs, over (person, team).

        No more than there are today, and than are placed there: the goal pushes it up to these.
        """
        today = np.zeros(self.may.values.shape, dtype=int)
        people, axes = self._question.instance.people, self.may.axes
        for row, alike in enumerate(self.classes):
            for person in alike.ids if _anywhere(self._question, alike.record) else ():
                today[row, self._columns((people[person].team,))] += 1
        there = Expression.data(axes, today.ravel().tolist(), exact=self._d.exact)
        mask, rule = self.may & Mask(axes, today > 0), PlaceEveryone.name
        stays = self._builder.variable(
            "stays", mask, Kind("people"), rule=rule, quantum=1, upper=there
        )
        rows = (stays <= self.placed).where(mask).tagged(unit="people", suffix="who stays")
        self._builder.add(rows, rule)
        return stays

    @property
    def deployed(self) -> Mask:
        """The classes of those who cover others' posts."""
        roles = self._question.instance.roles
        return self._those(lambda p: roles[self._records[p].role].covers is not None)


def refuse_unasked(question: Question, pinned: Iterable[str]) -> None:
    """Refuse to pin a first preference of somebody who has stated none, or is not there.

    Raises:
        InputError: if so, with every such person.
    """
    people = question.instance.people
    faults = [
        Fault(
            "no-preference",
            f"the first preference of {person} is pinned, and there is none",
            "Name somebody who is listed and has stated one.",
            Place(path=f"pins.first_preferences.{person}"),
        )
        for person in pinned
        if person not in people or people[person].first is None
    ]
    if faults:
        raise InputError(faults)


def declare_placing(builder: Builder, d: Data) -> Placing | None:
    """Declare who is placed where; None where no rule places anybody.

    Raises:
        InputError: if nobody is listed, or another rule decides who is in the posts of a role that
            is listed.
    """
    if d.question.rule(PlaceEveryone) is None:
        return None
    classes = classes_of(d.question)
    if not classes:
        what = "the model places people, and the council lists none"
        mend = "List them under `people`, by anonymous ids, or take place_everyone out."
        raise InputError([Fault("no-people", what, mend, Place(path="people"))])
    refuse_decided_twice(d.question)
    return Placing(builder, d, classes)


def refuse_decided_twice(question: Question) -> None:
    """Refuse a model in which two rules decide who is in the posts of one role.

    Raises:
        InputError: if so.
    """
    roles = question.instance.roles
    listed = {record.role for record in question.instance.people.values()}
    faults = [
        Fault(
            "people-decided-twice",
            f"{rule.label} and place_everyone both decide who is in the posts of {role}",
            "Take one of the rules out, or list nobody of this role.",
            Place(path=f"standards.{rule.label}"),
        )
        for rule in question.rules
        if isinstance(rule, FillPosts)
        for role in sorted(listed)
        if roles[role].kind is rule.staff
    ]
    if faults:
        raise InputError(faults)
