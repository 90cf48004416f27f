"""Facts that somebody asks about: expressions and a few plain forms, read into overrides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from staffopt.errors import Fault, InputError, UnknownName
from staffopt.instance.staff import RoleKind
from staffopt.quantity import decimal_text
from staffopt.question import ALL
from staffopt.rulebook import BuyManagedTeam, Sense
from staffopt.verifier.managed import on_offer

if TYPE_CHECKING:
    from staffopt.question import Question

LABEL = "why_not"
"""Label of the rule that a fact becomes."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_EXPRESSION = re.compile(
    r"(?P<what>post|change|in_post|managed_team|extension)\s*\[(?P<keys>[^\]]*)\]\s*"
    rf"(?P<sense>>=|<=|==?)\s*(?P<number>{_NUMBER})"
)
_PLAIN = re.compile(
    rf"(?P<count>no|some|any|{_NUMBER})(?P<more>\s+more)?\s+(?P<role>.+?)(?P<people>\s+in\s+post)?"
    r"(?:\s+in\s+(?P<place>.+))?",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"(?:with\s+)?(?:the\s+)?(?P<name>.+?)\s+for\s+(?P<months>\d+)\s+months?\s+more", re.IGNORECASE
)
_WHOLE = re.compile(r"(?P<with>with|without)\s+(?:the\s+)?(?P<name>.+)", re.IGNORECASE)
_SENSES = {">=": Sense.AT_LEAST, "<=": Sense.AT_MOST, "=": Sense.EXACTLY, "==": Sense.EXACTLY}
_NOUNS = {RoleKind.CASE_HOLDER: "social worker", RoleKind.SUPPORT: "support officer"}

_MEASURED = {"post": "posts", "change": "posts added", "in_post": "in post"}
_COUNTED = {"managed_team": "teams bought or extended", "extension": "months of extension"}
_ONE_SUCH = "managed team"
"""What the only managed team may be called."""

FORMS = (
    "Write post[team,role] >= 3, post[role] = 18, change[team,role] <= 0, "
    "in_post[team,role,period] >= 9, managed_team[name] >= 1, extension[name] = 4, "
    "`18 more social workers`, `no support officers in cds`, `some swso in cds`, "
    "`9 social workers in post in North in 2026-12`, `with` or `without` and a package or a "
    "managed team, `the relief team for 4 months more`."
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is to hold.

    Attributes:
        words: how it is told.
        overrides: path → value: what makes a question of it.
        role: id of the role whose posts it is about; None where it is about anything else.
        managed_team: id of the managed team that it is about, or None.
    """

    words: str
    overrides: Mapping[str, Any]
    role: str | None = None
    managed_team: str | None = None

    def is_idle(self, question: Question) -> bool:
        """Say whether no rule of the model lets a plan change what it is about."""
        if self.managed_team is not None:
            rules = (rule for rule in question.rules if isinstance(rule, BuyManagedTeam))
            return not any(self.managed_team in on_offer(rule, question) for rule in rules)
        return self.role is not None and not question.changes(self.role)


def read_fact(question: Question, text: str) -> Fact:
    """Read a fact.

    Raises:
        InputError: if it is in none of the forms, or names what there is not.
    """
    asked = text.strip().rstrip("?")
    if found := _EXPRESSION.fullmatch(asked):
        return _of_expression(question, text, found)
    if found := _LONGER.fullmatch(asked):
        managed = _managed(question, found["name"])
        return _of_managed(question, managed, "extension", Sense.EXACTLY, found["months"])
    if found := _WHOLE.fullmatch(asked):
        return _of_whole(question, found["name"], taken=found["with"].lower() == "with")
    if found := _PLAIN.fullmatch(asked):
        if found["more"] and found["people"]:
            raise _unread(text)
        return _of_plain(question, found)
    raise _unread(text)


def _of_expression(question: Question, text: str, found: re.Match[str]) -> Fact:
    keys = [key.strip() for key in found["keys"].split(",")]
    sense, what = _SENSES[found["sense"]], found["what"]
    if what in _COUNTED:
        if len(keys) > 1 or not keys[0] or not found["number"].isdecimal():
            raise _unread(text)
        return _of_managed(question, _managed(question, keys[0]), what, sense, found["number"])
    if not 1 <= len(keys) <= 3 or not all(keys):  # noqa: PLR2004 (team, role, period)
        raise _unread(text)
    return _of_staff(question, what, _keys(keys), sense, found["number"])


def _of_plain(question: Question, found: re.Match[str]) -> Fact:
    role = _named(question, found["role"])
    place, period = _place_and_period(question, found["place"])
    count = found["count"].lower()
    what = "in_post" if found["people"] else "change" if found["more"] else "post"
    sense, fte = Sense.AT_LEAST, count
    if count == "no":
        sense, fte = Sense.AT_MOST, "0"
    elif count in ("some", "any"):
        fte = decimal_text(question.instance.roles[role].step or Decimal(1))
    return _of_staff(question, what, (place, role, period), sense, fte)


def _place_and_period(question: Question, words: str | None) -> tuple[str, str | None]:
    """Tell a place from a period: `North`, `2026-12`, `North in 2026-12`."""
    periods = {period.label.casefold(): period.label for period in question.instance.calendar.cut()}
    place, _, last = f" in {words}".rpartition(" in ")
    if words is None or last.casefold() not in periods:
        return words or ALL, None
    return place.removeprefix(" in ") or ALL, periods[last.casefold()]


def _keys(keys: list[str]) -> tuple[str, str, str | None]:
    if len(keys) == 1:
        return ALL, keys[0], None
    return keys[0], keys[1], keys[2] if len(keys) > 2 else None  # noqa: PLR2004 (the period)


def _of_staff(
    question: Question, what: str, keys: tuple[str, str, str | None], sense: Sense, fte: str
) -> Fact:
    """Ask for posts, posts added or people in post of a role."""
    place, role, period = keys
    role, scope = _named(question, role), _placed(question, place)
    measured = _MEASURED[what]
    rule = {
        "rule": "require",
        "role": role,
        "scope": scope,
        "what": measured,
        "sense": str(sense),
        "fte": fte,
        **({} if period is None else {"period": period}),
    }
    teams = question.instance.teams
    where = "" if scope == ALL else f" in {teams[scope].name if scope in teams else scope}"
    when = "" if period is None else f" in {period}"
    so_many = "no" if (sense, fte) == (Sense.AT_MOST, "0") else f"{sense} {fte}"
    words = f"{so_many} {question.role_name(role)} {measured}{where}{when}"
    of_posts = None if what == "in_post" else role
    return Fact(words, {f"model.rules.{LABEL}": rule}, of_posts)


def _of_managed(question: Question, name: str, what: str, sense: Sense, number: str) -> Fact:
    """Ask for managed teams that are bought or extended, or for months of extension."""
    rule = {
        "rule": "require_managed_team",
        "managed_team": name,
        "what": _COUNTED[what],
        "sense": str(sense),
        "number": number,
    }
    called = question.instance.managed_teams[name].name
    words = f"{sense} {number} {called} bought or extended"
    if what == "extension":
        months = "month" if number == "1" else "months"
        words = f"{called} extended by {sense} {number} {months}"
    return Fact(words, {f"model.rules.{LABEL}": rule}, managed_team=name)


def _of_whole(question: Question, name: str, *, taken: bool) -> Fact:
    """Ask for a package, or a managed team, or for doing without it."""
    packages, managed = question.instance.packages, question.instance.managed_teams
    found = _match(name, {key: [key, package.name] for key, package in packages.items()})
    with_it = "with" if taken else "without"
    if found is not None:
        pinned = {f"pins.packages.{found}": str(taken).lower()}
        return Fact(f"{with_it} {packages[found].name}", pinned)
    team = _match(name, _names_of_managed(question))
    if team is None:
        raise UnknownName("package or managed team", name, [*packages, *managed])
    sense, number = (Sense.AT_LEAST, "1") if taken else (Sense.AT_MOST, "0")
    fact = _of_managed(question, team, "managed_team", sense, number)
    return replace(fact, words=f"{with_it} {managed[team].name}")


def _managed(question: Question, name: str) -> str:
    """Find a managed team by its id, its name, or as the only one."""
    found = _match(name, _names_of_managed(question))
    if found is None:
        raise UnknownName("managed team", name, list(question.instance.managed_teams))
    return found


def _names_of_managed(question: Question) -> dict[str, list[str]]:
    teams = question.instance.managed_teams
    only = [_ONE_SUCH] if len(teams) == 1 else []
    return {key: [key, team.name, *only] for key, team in teams.items()}


def _named(question: Question, name: str) -> str:
    """Find a role by its id, its name, or what such posts are called where only one role is so."""
    roles = question.instance.roles
    names = {role: [role, question.role_name(role)] for role in roles}
    for kind, noun in _NOUNS.items():
        alike = question.roles_of(kind)
        if len(alike) == 1:
            names[alike[0]].append(noun)
    found = _match(name, names)
    if found is None:
        raise UnknownName("role", name, list(roles))
    return found


def _placed(question: Question, name: str) -> str:
    """Find a scope by its id or its name."""
    council = question.instance
    names = {team: [team, record.name] for team, record in council.teams.items()}
    names |= {area: [area, record.name] for area, record in council.areas.items()}
    names |= {key: [key] for key in (ALL, *council.groups)}
    found = _match(name, names)
    if found is None:
        raise UnknownName("scope", name, list(names))
    return found


def _match(name: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Find what a name means, whatever its case, its blanks and its plural."""
    if name in known:
        return name
    wanted = {_bare(name), _bare(name).removesuffix("s")}
    return next((key for key, names in known.items() if wanted & set(map(_bare, names))), None)


def _bare(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _unread(text: str) -> InputError:
    return InputError([Fault("unread-fact", f"{text!r} is in no form that is understood", FORMS)])
