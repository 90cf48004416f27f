"""Checks of names: everything that is named is declared, once, and where it can be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from staffopt.errors import Fault, unknown
from staffopt.instance.careers import Career
from staffopt.instance.checks.view import Check, View, entries, reading
from staffopt.instance.options import Pins
from staffopt.yaml_text import Loc

ALL = "all"
NOT_NAMED = "not named"

_SECTIONS = {
    "area": "areas",
    "case type": "case_types",
    "fund": "funds",
    "option": "options",
    "managed team": "managed_teams",
    "package": "packages",
    "person": "people",
    "role": "roles",
    "team": "teams",
}

Reference = tuple[str, str, Loc, bool]
"""Kind of thing named, the name, where it is named, and whether the name is a key there."""


def _unknown_names(view: View) -> Iterator[Fault]:
    """Everything that is named must be declared."""
    for kind, name, loc, is_key in _references(view):
        known = _known(view, kind)
        if known is not None and name not in known:
            yield unknown(kind, name, known, view.place(*loc, key=is_key))


def _known(view: View, kind: str) -> list[str] | None:
    """Name what may be named; None if that is not known here."""
    if kind == "model":
        return None if view.models is None else sorted(view.models)
    if kind == "band":
        return list(view.instance.bands.edges) if view.instance.bands else []
    if kind == "scope":
        parts = [view.declared(section) for section in ("groups", "areas", "teams")]
        return None if None in parts else [ALL, *(n for part in parts for n in part or ())]
    return view.declared(_SECTIONS[kind])


def _references(view: View) -> Iterator[Reference]:
    council = view.instance
    if council.default_option is not None:
        yield "option", council.default_option, ("default_option",), False
    yield from _of_roles_and_groups(view)
    yield from _of_teams(view)
    yield from _of_case_moves(view)
    yield from _of_people(view)
    yield from _of_money(view)
    yield from _of_managed_teams(view)
    yield from _of_pins(council.pins, ("pins",))
    yield from _of_scopes(council.standards, ("standards",))
    yield from _of_options(view)
    bands = council.bands
    if bands is not None and bands.manageable is not None and "bands" not in view.broken_sections:
        yield "band", bands.manageable, ("bands", "manageable"), False


def _of_roles_and_groups(view: View) -> Iterator[Reference]:
    for role, record in view.instance.roles.items():
        if record.covers is not None:
            yield "role", record.covers, ("roles", role, "covers"), False
        if record.turnover is not None and record.turnover.progresses_to is not None:
            at = ("roles", role, "turnover", "progresses_to")
            yield "role", record.turnover.progresses_to, at, False
        if record.career is not None:
            yield from _of_career(record.career, ("roles", role, "career"))
        for i, team in enumerate(record.teams or ()):
            yield "team", team, ("roles", role, "teams", i), False
        for i, kind in enumerate(record.holds or ()):
            if kind != ALL:
                yield "case type", kind, ("roles", role, "holds", i), False
    for group, teams in view.instance.groups.items():
        for i, team in enumerate(teams):
            yield "team", team, ("groups", group, i), False


def _of_career(career: Career, at: Loc) -> Iterator[Reference]:
    for role, way in career.into.items():
        yield "role", role, (*at, "into", role), True
        if way.most_share is not None and way.most_share.of is not None:
            yield "role", way.most_share.of, (*at, "into", role, "most_share", "of"), False
    if career.trained_by is not None:
        yield "role", career.trained_by.role, (*at, "trained_by", "role"), False


def _of_teams(view: View) -> Iterator[Reference]:
    for team, record in view.instance.teams.items():
        at = ("teams", team)
        if record.area is not None:
            yield "area", record.area, (*at, "area"), False
        if isinstance(record.cases, Mapping):
            for kind in record.cases:
                yield "case type", kind, (*at, "cases", kind), True
        for kind in record.cases_over_time.types if record.cases_over_time else ():
            yield "case type", kind, (*at, "cases_over_time", "types", kind), True
        for kind in record.flow.types if record.flow else ():
            yield "case type", kind, (*at, "flow", "types", kind), True
        by_role = {
            "posts": record.posts,
            "people": entries(record.people),
            "joined": record.joined,
            "needed": record.needed,
            "starting": record.starting,
            "spare_heads": record.spare_heads,
            "shown_as": record.shown_as,
        }
        for table, roles in by_role.items():
            for role in roles:
                yield "role", role, (*at, table, role), True


def _of_case_moves(view: View) -> Iterator[Reference]:
    for i, move in enumerate(view.instance.case_moves):
        for kind, field in (
            ("team", "team"),
            ("team", "to_team"),
            ("case type", "case_type"),
            ("case type", "to_type"),
        ):
            name = getattr(move, field)
            if name is not None:
                yield kind, name, ("case_moves", i, field), False


def _of_people(view: View) -> Iterator[Reference]:
    for person, record in view.instance.people.items():
        at = ("people", person)
        yield "role", record.role, (*at, "role"), False
        yield "team", record.team, (*at, "team"), False
        for field, wish in (("first", record.first), ("second", record.second)):
            if wish is not None:
                yield "scope", wish, (*at, field), False


def _of_money(view: View) -> Iterator[Reference]:
    for package, record in view.instance.packages.items():
        if record.fund is not None:
            yield "fund", record.fund, ("packages", package, "fund"), False
    for i, line in enumerate(view.instance.package_lines):
        yield "package", line.package, ("package_lines", i, "package"), False
    yield from _of_benefits(view)
    for name, fund in view.instance.funds.items():
        lists = (
            ("role", "posts_today", fund.pays_for.posts_today),
            ("role", "added_posts", fund.pays_for.added_posts),
            ("package", "packages", fund.pays_for.packages),
            ("managed team", "managed_teams", fund.pays_for.managed_teams),
        )
        for kind, field, names in lists:
            for i, listed in enumerate(names):
                if listed != ALL:
                    yield kind, listed, ("funds", name, "pays_for", field, i), False


def _of_benefits(view: View) -> Iterator[Reference]:
    for name, record in view.instance.benefits.items():
        named = (
            ("option", "option", record.option),
            ("package", "package", record.package),
            ("fund", "relaxes", record.relaxes),
        )
        for kind, field, named_there in named:
            if named_there is not None:
                yield kind, named_there, ("benefits", name, field), False


def _of_managed_teams(view: View) -> Iterator[Reference]:
    for name, record in view.instance.managed_teams.items():
        at = ("managed_teams", name)
        if record.fund is not None:
            yield "fund", record.fund, (*at, "fund"), False
        if record.extension is not None and record.extension.fund is not None:
            yield "fund", record.extension.fund, (*at, "extension", "fund"), False
        for team in record.serves:
            yield "team", team, (*at, "serves", team), True


def _of_pins(pins: Pins, at: Loc) -> Iterator[Reference]:
    for table, pinned in (("posts", pins.posts), ("people", pins.people)):
        for team, roles in pinned.items():
            yield "team", team, (*at, table, team), True
            for role in roles:
                yield "role", role, (*at, table, team, role), True
    for role in pins.change:
        yield "role", role, (*at, "change", role), True
    for package in pins.packages:
        yield "package", package, (*at, "packages", package), True
    for person in pins.first_preferences:
        yield "person", person, (*at, "first_preferences", person), True


def _of_scopes(standards: Mapping[str, object], at: Loc) -> Iterator[Reference]:
    for label, content in standards.items():
        scope = content.get("scope") if isinstance(content, Mapping) else None
        if isinstance(scope, str):
            yield "scope", scope, (*at, label, "scope"), False
        elif isinstance(scope, list | tuple):
            for i, name in enumerate(scope):
                if isinstance(name, str):
                    yield "scope", name, (*at, label, "scope", i), False


def _of_options(view: View) -> Iterator[Reference]:
    for name, option in view.instance.options.items():
        at = ("options", name)
        yield "model", option.model, (*at, "model"), False
        if option.fund is not None and option.fund != NOT_NAMED:
            yield "fund", option.fund, (*at, "fund"), False
        yield from _of_pins(option.pins, (*at, "pins"))
        yield from _of_scopes(option.standards, (*at, "standards"))
        if option.published is not None:
            for role in option.published.change:
                yield "role", role, (*at, "published", "change", role), True
            for i, package in enumerate(option.published.packages):
                yield "package", package, (*at, "published", "packages", i), False


def _names_used_twice(view: View) -> Iterator[Fault]:
    """A scope is a group, an area or a team, so that none may share a name."""
    seen: dict[str, str] = {}
    for section in ("areas", "groups", "teams"):
        for name in view.declared(section) or ():
            if name in seen:
                what = f"{name!r} is in {seen[name]} and in {section}"
                places = (view.place(at, name, key=True) for at in (seen[name], section))
                place = max(places, key=lambda place: place.line or 0)
                yield Fault("name-twice", what, "Rename one: both are names of a scope.", place)
            seen.setdefault(name, section)


def _reserved_names(view: View) -> Iterator[Fault]:
    """``all`` stands for every team, role or package."""
    for section in ("areas", "groups", "teams", "roles", "packages"):
        if ALL in (view.declared(section) or ()):
            what = f"{ALL!r} is reserved; it stands for every one"
            place = view.place(section, ALL, key=True)
            yield Fault("reserved-name", what, "Choose another name.", place)


@reading("groups")
def _groups(view: View) -> Iterator[Fault]:
    """A group has teams, each of them once."""
    for group, teams in view.instance.groups.items():
        if not teams:
            what = f"group {group!r} is empty"
            yield Fault("empty-group", what, "Name its teams.", view.place("groups", group))
        for team, count in Counter(teams).items():
            if count > 1:
                again = len(teams) - 1 - teams[::-1].index(team)
                what = f"group {group!r} names {team!r} twice"
                place = view.place("groups", group, again)
                yield Fault("team-twice", what, "Name it once.", place)


CHECKS = (Check(_unknown_names), Check(_names_used_twice), Check(_reserved_names), _groups)
