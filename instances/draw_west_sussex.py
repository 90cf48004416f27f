"""Draw West Sussex's teams and people: an invented service with the shares that its paper prints.

The paper of 15 April 2015 prints no count of its staff, only shares:

    vacancies of qualified staff      14.8% on average, 18.3% in the hardest area    12.4
    who opted to move                 about 10% of the workforce                     12.2
    areas                             five                                           6

This script draws a service with these shares from a seed, in whole posts and half FTE, and says
what it has drawn. Everything else about it (how many staff there are, how the areas compare in
size, which is the hardest to recruit to, who is experienced, newly qualified or works part time,
how many temporary staff there are, which teams people ask for) is a choice stated below, and an
assumption in the instance. Nobody in it is anybody: an id is a letter and a number.

``draw`` is a function of the seed, the number of people and the areas, so that larger services can
be drawn in the same way.

    python instances/draw_west_sussex.py            # writes what west-sussex-2015.yaml holds of it
    python instances/draw_west_sussex.py --check    # ends with 1 if that file holds anything else

It needs Python alone and takes a moment.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

SEED = 2015
PEOPLE = 300
"""Everybody listed: social workers, and the temporary staff who cover vacant posts of theirs."""

HALF = Fraction(1, 2)
AVERAGE = Fraction("14.8")
HARDEST = Fraction("18.3")
"""Vacancies in % of posts, as printed: all areas, and the hardest (12.4)."""

MOVING = Fraction(10, 100)
"""Who opted to move (12.2)."""

PART_TIME = Fraction(20, 100)
EXPERIENCED = Fraction(55, 100)
NEWLY_QUALIFIED = Fraction(12, 100)
"""Shares of the social workers, aimed at; none is printed."""

COVERED = HALF
"""Share of the vacancies that temporary staff cover; not printed."""

TEAM = 8
"""Most posts in a team; smaller teams work best, and no size is printed (4.3)."""

LEAST = 5
"""No team is drawn with fewer FTE than this today."""

MOST_PART_TIME = 4
"""No team is drawn with more part-time staff than this."""

GROUP = 4
"""Teams to a Group Manager; not printed."""

ADVANCED = 2
"""Advanced Practitioners of an area, "a small group" (6.1)."""

BEGIN, END = "# drawn: begin", "# drawn: end"
"""Between these lines the instance's file holds what is drawn."""

FILE = Path(__file__).parent / "west-sussex-2015.yaml"

Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class Area:
    """A service area: its id and name, its teams' names, and its weight among the areas.

    The last name is numbered if more teams are needed than there are names. One area is the
    hardest to recruit to.
    """

    id: str
    name: str
    teams: tuple[str, ...]
    weight: int
    hardest: bool = False


AREAS = (
    Area(
        "contact_assessment",
        "Contact, Assessment and Intervention",
        ("Emergency Duty Team", "CAP", "Assessment and Intervention"),
        weight=30,
        hardest=True,
    ),
    Area(
        "family_support",
        "Family Support and Protection",
        ("Disabled Children", "Family Support and Protection"),
        weight=30,
    ),
    Area(
        "resilience_permanence",
        "Resilience and Permanence",
        ("Adolescent and Family Resource", "Children Looked After"),
        weight=20,
    ),
    Area(
        "fostering_adoption",
        "Fostering, Adoption and Intervention",
        ("Fostering", "Adoption", "Children and Family Intervention"),
        weight=15,
    ),
    Area(
        "improving_practice",
        "Improving Practice",
        ("Strategic Frameworks", "Workforce Planning"),
        weight=5,
    ),
)
"""The five of section 6, with what they contain; the weights are not printed."""


@dataclass(frozen=True)
class Counts:
    """How large a service is: posts of social workers, those vacant, and who works there.

    Attributes:
        posts: whole posts.
        vacant: FTE, in halves.
        temporary: temporary staff, each full time.
        part_time: of the permanent staff, how many work half time.
        permanent: permanent staff.
    """

    posts: int
    vacant: Fraction
    temporary: int
    part_time: int
    permanent: int


@dataclass(frozen=True)
class Team:
    """A team: its posts, and the FTE of permanent staff today."""

    id: str
    name: str
    area: str
    posts: int
    there: Fraction


@dataclass(frozen=True)
class Person:
    """A member of staff: temporary staff state no preference."""

    id: str
    fte: Fraction
    tags: tuple[str, ...]
    team: str
    first: str | None = None
    second: str | None = None

    @property
    def temporary(self) -> bool:
        """Whether they cover a vacant post."""
        return self.first is None


@dataclass(frozen=True)
class Service:
    """What is drawn."""

    areas: tuple[Area, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]


def draw(seed: int = SEED, people: int = PEOPLE, areas: Sequence[Area] = AREAS) -> Service:
    """Draw a service of so many people.

    Args:
        seed: the same seed draws the same service, on any platform.
        people: how many are listed, temporary staff included.
        areas: the areas, one of them the hardest to recruit to.

    Raises:
        ValueError: if so few people cannot have the printed shares.
    """
    rng = random.Random(seed)  # noqa: S311 (an invented service is no secret)
    counts = counted(people)
    teams = tuple(_teams(rng, areas, counts))
    staff = list(_permanent(rng, teams, counts))
    return Service(tuple(areas), teams, (*staff, *_temporary(rng, teams, counts)))


def printed(part: Fraction | int, whole: Fraction | int) -> Fraction:
    """Return a share in %, rounded half up to the one decimal that the paper prints."""
    tenths = Fraction(part) * 1000 / whole + HALF
    return Fraction(tenths.numerator // tenths.denominator, 10)


def counted(people: int) -> Counts:
    """Find how many posts so many people leave vacant as printed, part-time staff nearest to 20%.

    Raises:
        ValueError: if no number of posts does.
    """
    found = [counts for posts in range(1, 2 * people) if (counts := _counts(people, posts))]
    if not found:
        raise ValueError(f"{people} people cannot leave {float(AVERAGE)}% of their posts vacant")
    return min(found, key=lambda c: abs(Fraction(c.part_time, c.permanent) - PART_TIME))


def _counts(people: int, posts: int) -> Counts | None:
    vacant = _vacant(posts, AVERAGE)
    temporary = int(vacant * COVERED)
    permanent = people - temporary
    part_time = 2 * (permanent - (posts - vacant))
    if printed(vacant, posts) != AVERAGE or not 0 <= part_time <= permanent:
        return None
    return Counts(posts, vacant, temporary, int(part_time), permanent)


def _vacant(posts: int, share: Fraction) -> Fraction:
    """Return the half FTE nearest to a share in % of posts."""
    return Fraction(round(share * posts / 50), 2)


def _teams(rng: random.Random, areas: Sequence[Area], counts: Counts) -> Iterator[Team]:
    """Split posts over areas by weight, each area's over teams, and leave its vacancies there."""
    posts, vacant = _by_area(areas, counts)
    for area in areas:
        number = -(-posts[area.id] // TEAM)
        sizes = _split(posts[area.id], [1] * number)
        empty = [Fraction(0)] * number
        for _ in range(int(vacant[area.id] * 2)):
            roomy = [i for i in range(number) if sizes[i] - empty[i] > LEAST]
            empty[_chosen(rng, roomy)] += HALF
        for i in range(number):
            name = _name(area, i, number)
            team = name.lower().replace(" and ", " ").replace(" ", "_")
            yield Team(team, name, area.id, sizes[i], sizes[i] - empty[i])


def _chosen(rng: random.Random, options: Sequence[Chosen]) -> Chosen:
    """Choose one of those that are left.

    Raises:
        ValueError: if there is none.
    """
    if not options:
        raise ValueError("so few people cannot be drawn with the shares asked for: draw more")
    return rng.choice(options)


def _name(area: Area, index: int, number: int) -> str:
    """Name a team of an area; its last name is numbered where it names several teams."""
    last = len(area.teams) - 1
    if index < last or number <= len(area.teams):
        return area.teams[index]
    return f"{area.teams[last]} {index - last + 1}"


def _by_area(areas: Sequence[Area], counts: Counts) -> tuple[dict[str, int], dict[str, Fraction]]:
    """Split posts and vacancies over the areas: as printed in the hardest, alike in the others.

    Raises:
        ValueError: if the hardest area cannot have its printed share.
    """
    (hardest,) = (area for area in areas if area.hardest)
    others = [area for area in areas if not area.hardest]
    aim = _split(counts.posts, [area.weight for area in areas])[list(areas).index(hardest)]
    fitting = [
        posts
        for posts in range(1, counts.posts)
        if printed(_vacant(posts, HARDEST), posts) == HARDEST
    ]
    if not fitting:
        raise ValueError(f"no area of {counts.posts} posts has {float(HARDEST)}% vacant")
    own = min(fitting, key=lambda posts: (abs(posts - aim), posts))
    rest = _split(counts.posts - own, [area.weight for area in others])
    left = counts.vacant - _vacant(own, HARDEST)
    halves = _split(int(left * 2), rest)
    posts = {area.id: size for area, size in zip(others, rest, strict=True)} | {hardest.id: own}
    vacant = {area.id: n * HALF for area, n in zip(others, halves, strict=True)}
    return posts, vacant | {hardest.id: _vacant(own, HARDEST)}


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights, in whole parts: the largest remainders get what is left."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _permanent(rng: random.Random, teams: Sequence[Team], counts: Counts) -> Iterator[Person]:
    """Draw who works in each team, and who asks for what."""
    places = [
        (team, fte)
        for team, part in zip(teams, _part_time(rng, teams, counts), strict=True)
        for fte in _ftes(team, part)
    ]
    experienced = _those(rng, len(places), EXPERIENCED)
    new = _those(rng, len(places), NEWLY_QUALIFIED / (1 - EXPERIENCED), but=experienced)
    moving = _those(rng, len(places), MOVING)
    for number, (team, fte) in enumerate(places):
        marks = {"asye": number in new, "experienced": number in experienced}
        marks["part_time"] = fte < 1
        first, second = team.id, team.area
        if number in moving:
            first, second = rng.choice([t.id for t in teams if t is not team]), team.id
        tags = tuple(tag for tag, holds in marks.items() if holds)
        yield Person(f"p{number + 1:04}", fte, tags, team.id, first, second)


def _ftes(team: Team, part: int) -> Iterator[Fraction]:
    """Yield the FTE of each member of a team, part-time staff last."""
    yield from [Fraction(1)] * int(team.there - part * HALF)
    yield from [HALF] * part


def _part_time(rng: random.Random, teams: Sequence[Team], counts: Counts) -> list[int]:
    """Spread part-time staff: an odd number where a team has a half FTE, then two at a time."""
    found = [int(team.there * 2) % 2 for team in teams]
    while sum(found) < counts.part_time:
        roomy = [i for i, team in enumerate(teams) if found[i] + 2 <= MOST_PART_TIME]
        found[_chosen(rng, roomy)] += 2
    return found


def _those(
    rng: random.Random, number: int, share: Fraction, but: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Draw a share of so many people, rounded half up; of those who are left where some are not."""
    open_to = [i for i in range(number) if i not in but]
    wanted = len(open_to) * share + HALF
    rng.shuffle(open_to)
    return frozenset(open_to[: wanted.numerator // wanted.denominator])


def _temporary(rng: random.Random, teams: Sequence[Team], counts: Counts) -> Iterator[Person]:
    """Draw where temporary staff are today: in any vacant post, one by one."""
    room = {team.id: team.posts - team.there for team in teams}
    for number in range(counts.temporary):
        team = _chosen(rng, [team for team, vacant in room.items() if vacant >= 1])
        room[team] -= 1
        tags = ("experienced",) if rng.random() < EXPERIENCED else ()
        yield Person(f"t{number + 1:03}", Fraction(1), tags, team)


def text(service: Service) -> str:
    """Write areas, groups, teams and people as the instance's file holds them."""
    social_work = ",\n    ".join(team.id for team in service.teams)
    lines = ["areas:"]
    lines += [f'  {area.id}: {{name: "{area.name}"}}' for area in service.areas]
    lines += ["groups:", f"  social_work: [\n    {social_work}]", "teams:"]
    lines += [line for area in service.areas for line in _area_lines(area, service.teams)]
    lines += ["people:", *map(_person_line, service.people)]
    return "\n".join(lines)


def _area_lines(area: Area, teams: Sequence[Team]) -> Iterator[str]:
    """Write an area's office, where its leaders are, and its teams with a Practice Manager each."""
    own = [team for team in teams if team.area == area.id]
    leaders = {
        "service_leader": 1,
        "group_manager": -(-len(own) // GROUP),
        "advanced_practitioner": ADVANCED,
    }
    yield _team_line(f"{area.id}_office", f"{area.name}: office", area.id, leaders)
    for team in own:
        posts = {"practice_manager": 1, "social_worker": team.posts}
        yield _team_line(team.id, team.name, area.id, posts)


def _team_line(team: str, name: str, area: str, posts: dict[str, int]) -> str:
    held = ", ".join(f"{role}: {number}" for role, number in posts.items())
    return f'  {team}: {{name: "{name}", area: {area}, cases: none, posts: {{{held}}}}}'


def _person_line(person: Person) -> str:
    role = "agency_social_worker" if person.temporary else "social_worker"
    parts = [f"role: {role}", f"fte: {float(person.fte):g}"]
    parts += [f"tags: [{', '.join(person.tags)}]"] if person.tags else []
    parts += [f"team: {person.team}"]
    wishes = {"first": person.first, "second": person.second}
    parts += [f"{wish}: {place}" for wish, place in wishes.items() if place is not None]
    return f"  {person.id}: {{{', '.join(parts)}}}"


def drawn_into(page: str, service: Service) -> str:
    """Return an instance's text with a service in place of what is drawn between its markers."""
    before, _, rest = page.partition(f"{BEGIN}\n")
    _, _, after = rest.partition(f"{END}\n")
    return f"{before}{BEGIN}\n{text(service)}\n{END}\n{after}"


def told(service: Service) -> Iterator[str]:
    """Say what is drawn, beside what the paper prints."""
    staff = [person for person in service.people if not person.temporary]
    moving = sum(person.first != person.team for person in staff)
    yield f"{len(service.people)} people in {len(service.teams)} teams, {len(staff)} permanent"
    yield f"opt to move: {moving} of {len(staff)}, {float(printed(moving, len(staff)))}%"
    for area in (None, *service.areas):
        own = [team for team in service.teams if area is None or team.area == area.id]
        posts = sum(team.posts for team in own)
        vacant = posts - sum((team.there for team in own), Fraction(0))
        name = "all areas" if area is None else area.name
        yield f"{name}: {float(vacant)} of {posts} posts vacant, {float(printed(vacant, posts))}%"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what is drawn into the instance, or say whether it is there; return the exit code."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument(
        "--check", action="store_true", help="only say whether the file is as drawn"
    )
    check = reader.parse_args(arguments).check
    service, page = draw(), FILE.read_text(encoding="utf-8")
    stale = drawn_into(page, service) != page
    if stale and not check:
        FILE.write_text(drawn_into(page, service), encoding="utf-8", newline="\n")
    print("\n".join(told(service)))
    if stale:
        print(f"{'Stale' if check else 'Wrote'}: {FILE.name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
