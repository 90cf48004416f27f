"""Facts that somebody asks about: expressions and a few plain forms, read into overrides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from staffopt.errors import Fault, InputError, UnknownName
from staffopt.instance.staff import RoleKind
from staffopt.quantity import decimal_text
from staffopt.question import ALL
from staffopt.rulebook import Sense

if TYPE_CHECKING:
    from staffopt.question import Question

LABEL = "why_not"
"""Label of the rule that a fact becomes."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_EXPRESSION = re.compile(
    rf"(?P<what>post|change)\s*\[(?P<keys>[^\]]*)\]\s*(?P<sense>>=|<=|==?)\s*(?P<fte>{_NUMBER})"
)
_PLAIN = re.compile(
    rf"(?P<count>no|some|any|{_NUMBER})(?P<more>\s+more)?\s+(?P<role>.+?)(?:\s+in\s+(?P<place>.+))?",
    re.IGNORECASE,
)
_PACKAGE = re.compile(r"(?P<with>with|without)\s+(?:the\s+)?(?P<package>.+)", re.IGNORECASE)
_SENSES = {">=": Sense.AT_LEAST, "<=": Sense.AT_MOST, "=": Sense.EXACTLY, "==": Sense.EXACTLY}
_NOUNS = {RoleKind.CASE_HOLDER: "social worker", RoleKind.SUPPORT: "support officer"}

FORMS = (
    "Write post[team,role] >= 3, post[role] = 18, change[team,role] <= 0, "
    "`18 more social workers`, `no support officers in cds`, `some swso in cds`, "
    "`with` or `without` and a package."
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is to hold.

    Attributes:
        words: how it is told.
        overrides: path → value: what makes a question of it.
        role: id of the role it is about; None where it is about a package.
    """

    words: str
    overrides: Mapping[str, Any]
    role: str | None


def read_fact(question: Question, text: str) -> Fact:
    """Read a fact.

    Raises:
        InputError: if it is in none of the forms, or names what there is not.
    """
    asked = text.strip().rstrip("?")
    if found := _EXPRESSION.fullmatch(asked):
        keys = [key.strip() for key in found["keys"].split(",")]
        if not 1 <= len(keys) <= 3 or not all(keys):  # noqa: PLR2004 (team, role, period)
            raise _unread(text)
        place, role, period = _keys(keys)
        sense = _SENSES[found["sense"]]
        return _of_posts(question, found["what"], (place, role, period), sense, found["fte"])
    if found := _PACKAGE.fullmatch(asked):
        return _of_package(question, found["package"], taken=found["with"].lower() == "with")
    if found := _PLAIN.fullmatch(asked):
        role = _named(question, found["role"])
        count, what = found["count"].lower(), "change" if found["more"] else "post"
        sense, fte = Sense.AT_LEAST, count
        if count == "no":
            sense, fte = Sense.AT_MOST, "0"
        elif count in ("some", "any"):
            fte = decimal_text(question.instance.roles[role].step or Decimal(1))
        return _of_posts(question, what, (found["place"] or ALL, role, None), sense, fte)
    raise _unread(text)


def _keys(keys: list[str]) -> tuple[str, str, str | None]:
    if len(keys) == 1:
        return ALL, keys[0], None
    return keys[0], keys[1], keys[2] if len(keys) > 2 else None  # noqa: PLR2004 (the period)


def _of_posts(
    question: Question, what: str, keys: tuple[str, str, str | None], sense: Sense, fte: str
) -> Fact:
    place, role, period = keys
    role, scope = _named(question, role), _placed(question, place)
    measured = "posts" if what == "post" else "posts added"
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
    words = f"{sense} {fte} {question.role_name(role)} {measured}{where}{when}"
    return Fact(words, {f"model.rules.{LABEL}": rule}, role)


def _of_package(question: Question, name: str, *, taken: bool) -> Fact:
    packages = question.instance.packages
    found = _match(name, {key: [key, package.name] for key, package in packages.items()})
    if found is None:
        raise UnknownName("package", name, list(packages))
    words = f"{'with' if taken else 'without'} {packages[found].name}"
    return Fact(words, {f"pins.packages.{found}": str(taken).lower()}, None)


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
