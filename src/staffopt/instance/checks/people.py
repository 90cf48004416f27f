"""Checks of people in post, and of the roles that cover others' posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading
from staffopt.instance.options import Pins
from staffopt.instance.schema import Instance
from staffopt.instance.staff import AGENCY, Role, Team
from staffopt.quantity import Absent, decimal_text, parse_decimal


@reading("roles", "teams", "standards", "options")
def _more_people_than_posts(view: View) -> Iterator[Fault]:
    """Nobody is in post without a post: their own, the one that they cover, or a surplus's."""
    roles, surplus = view.instance.roles, _surplus(view.instance)
    for team, record in view.instance.teams.items():
        for role in record.people or {}:
            there, posts = _in_posts_of(role, record, roles)
            if there > posts + surplus:
                what = f"{decimal_text(there)} FTE in {decimal_text(posts)} posts"
                place = view.place("teams", team, "people", role)
                mend = "Correct one of them; agency staff cover posts that nobody else is in."
                yield Fault("more-people-than-posts", what, mend, place)


def _surplus(council: Instance) -> Decimal:
    """Return how far a standard allows people to be above the posts of a role, FTE."""
    tables = [council.standards, *(option.standards for option in council.options.values())]
    given = [
        figures["surplus"]
        for table in tables
        for figures in table.values()
        if isinstance(figures, Mapping) and "surplus" in figures
    ]
    return max(map(_read, given), default=Decimal(0))


def _read(figure: object) -> Decimal:
    """Read a standard's figure; one that is none is refused where its rule is settled."""
    try:
        return parse_decimal(figure)
    except ValueError:
        return Decimal(0)


def _in_posts_of(role: str, team: Team, roles: Mapping[str, Role]) -> tuple[Decimal, Decimal]:
    """Return the people in a role's posts (or those that it covers), and these posts, FTE."""
    people, covers = team.people or {}, roles[role].covers if role in roles else None
    filled = role if covers is None else covers
    posts = team.posts.get(filled, Decimal(0))
    cover = (fte for r, fte in people.items() if r in roles and roles[r].covers == filled)
    return people.get(filled, posts) + sum(cover, Decimal(0)), posts


@reading("roles")
def _cover(view: View) -> Iterator[Fault]:
    """Who covers another role's posts is agency staff of its kind, and dearer."""
    roles = view.instance.roles
    for role, record in roles.items():
        covered = roles.get(record.covers or "")
        for field, what, mend in () if covered is None else _odd_cover(record, covered):
            place = view.place("roles", role, field)
            yield Fault("not-a-cover", f"{role!r} {what}", mend, place)


def _odd_cover(record: Role, covered: Role) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong: the field, what it says, and how to mend it."""
    if covered.covers is not None:
        yield "covers", f"covers {record.covers!r}, which covers another", "Name a role with posts."
    if covered.kind is not record.kind:
        what = f"is a {record.kind} and covers {record.covers!r}, a {covered.kind}"
        yield "covers", what, "Name a role of its own kind."
    if AGENCY not in record.tags:
        yield "covers", f"covers posts and is not tagged {AGENCY}", f"Write tags: [{AGENCY}]."
    if record.set_up is not Absent.NOT_APPLICABLE:
        yield "set_up", "has no posts to set up", "Take it out: set-up is paid with the posts."
    costs = record.cost, covered.cost
    if isinstance(costs[0], Decimal) and isinstance(costs[1], Decimal) and costs[0] < costs[1]:
        what = f"costs less than {record.covers!r}, whose posts it covers"
        yield "cost", what, "Correct one of them: cover costs a premium over the post."


@reading("roles", "teams")
def _posts_of_cover(view: View) -> Iterator[Fault]:
    """Who covers others' posts has none of their own."""
    for team, record in view.instance.teams.items():
        for role, posts in record.posts.items():
            known = view.instance.roles.get(role)
            if posts and known is not None and known.covers is not None:
                what = f"{role!r} covers others' posts and has {decimal_text(posts)} of its own"
                place = view.place("teams", team, "posts", role)
                yield Fault("not-a-cover", what, f"Give them under teams.{team}.people.", place)


@reading("teams", "people")
def _people_given_twice(view: View) -> Iterator[Fault]:
    """People of a role are listed one by one, or given as FTE of each team, and not both."""
    listed = {record.role for record in view.instance.people.values()}
    for team, record in view.instance.teams.items():
        for role in record.people or {}:
            if role in listed:
                what = f"people of {role!r} are listed one by one, and given as FTE here"
                mend = "Take one of them out: those listed add up to the FTE in post."
                yield Fault(
                    "people-given-twice", what, mend, view.place("teams", team, "people", role)
                )


@reading("roles", "teams", "people")
def _people_where_they_cannot_be(view: View) -> Iterator[Fault]:
    """Nobody works in a team that their role cannot be placed in."""
    for person, record in view.instance.people.items():
        role = view.instance.roles.get(record.role)
        if role is not None and role.teams is not None and record.team not in role.teams:
            what = f"{person} works in {record.team!r}, where {record.role!r} cannot be placed"
            mend = f"Correct the team, or add it to roles.{record.role}.teams."
            yield Fault("misplaced-person", what, mend, view.place("people", person, "team"))


@reading("people", "options", "pins")
def _preferences_pinned(view: View) -> Iterator[Fault]:
    """A first preference that is pinned has been stated."""
    council = view.instance
    tables: list[tuple[tuple[str, ...], Pins]] = [(("pins",), council.pins)]
    tables += [(("options", name, "pins"), option.pins) for name, option in council.options.items()]
    for at, pins in tables:
        for person in pins.first_preferences:
            known = council.people.get(person)
            if known is not None and known.first is None:
                what = f"the first preference of {person} is pinned, and there is none"
                place = view.place(*at, "first_preferences", person)
                yield Fault("no-preference", what, "State it under people, or unpin it.", place)


@reading("roles", "teams", "areas", "groups", "people")
def _preferences_out_of_reach(view: View) -> Iterator[Fault]:
    """Nobody asks for a place that their role cannot have: it could never be met."""
    for person, record in view.instance.people.items():
        role = view.instance.roles.get(record.role)
        for field in ("first", "second"):
            asked = _teams_asked(view.instance, getattr(record, field))
            if role is None or role.teams is None or not asked or asked & {*role.teams}:
                continue
            what = f"{person} asks for {getattr(record, field)!r}, where {record.role!r} cannot be"
            mend = f"Correct the preference, or add a team of it to roles.{record.role}.teams."
            yield Fault("misplaced-preference", what, mend, view.place("people", person, field))


def _teams_asked(council: Instance, wish: str | None) -> set[str]:
    """Name the teams of a preference; none of what is not declared."""
    if wish is None:
        return set()
    if wish in council.groups:
        return set(council.groups[wish])
    return {team for team, record in council.teams.items() if wish in (team, record.area)}


CHECKS = (
    _more_people_than_posts,
    _cover,
    _posts_of_cover,
    _people_given_twice,
    _people_where_they_cannot_be,
    _preferences_out_of_reach,
    _preferences_pinned,
)
