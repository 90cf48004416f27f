"""Whether decisions name what the council has, each of them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from staffopt.errors import Fault, Place, unknown
from staffopt.plan import CasesDecision, Decisions, PeopleDecision, PostDecision
from staffopt.question import Question
from staffopt.rulebook import FLOWS


def misnamed(question: Question, decisions: Decisions) -> list[Fault]:
    """List decisions that name what nothing declares, or are made twice."""
    return [*_undeclared(question, decisions), *_twice(decisions)]


def _undeclared(question: Question, decisions: Decisions) -> Iterator[Fault]:
    council = question.instance
    labels = [period.label for period in council.calendar.cut()]
    tables: tuple[tuple[str, Sequence[PostDecision | PeopleDecision | CasesDecision]], ...] = (
        ("posts", decisions.posts),
        ("people", decisions.people),
        ("cases", decisions.cases),
    )
    for table, entries in tables:
        for index, entry in enumerate(entries):
            place = Place(path=f"decisions.{table}.{index}")
            for kind, name, known in (
                ("team", entry.team, list(council.teams)),
                ("role", entry.role, list(council.roles)),
                ("period", entry.period, labels),
            ):
                if name not in known:
                    yield unknown(kind, name, known, place)
    yield from _undeclared_flows(question, decisions, labels)
    yield from _undeclared_closed(question, decisions, labels)
    yield from _undeclared_places(question, decisions)
    for index, choice in enumerate(decisions.packages):
        if choice.package not in council.packages:
            place = Place(path=f"decisions.packages.{index}")
            yield unknown("package", choice.package, list(council.packages), place)
    for index, bought in enumerate(decisions.managed_teams):
        if bought.managed_team not in council.managed_teams:
            place = Place(path=f"decisions.managed_teams.{index}")
            known = list(council.managed_teams)
            yield unknown("managed team", bought.managed_team, known, place)


def _undeclared_flows(
    question: Question, decisions: Decisions, labels: Sequence[str]
) -> Iterator[Fault]:
    teams, roles = list(question.instance.teams), list(question.instance.roles)
    for index, flow in enumerate(decisions.flows):
        place = Place(path=f"decisions.flows.{index}")
        for kind, name, known in (
            ("kind of flow", flow.kind, list(FLOWS)),
            ("team", flow.team, teams),
            ("role", flow.role, roles),
            ("team", flow.to_team, teams),
            ("role", flow.to_role, roles),
            ("period", flow.period, labels),
        ):
            if name is not None and name not in known:
                yield unknown(kind, name, known, place)


def _undeclared_closed(
    question: Question, decisions: Decisions, labels: list[str]
) -> Iterator[Fault]:
    council = question.instance
    for index, entry in enumerate(decisions.closed):
        place = Place(path=f"decisions.closed.{index}")
        if entry.team not in council.teams:
            yield unknown("team", entry.team, list(council.teams), place)
        if entry.case_type is not None and entry.case_type not in council.case_types:
            yield unknown("case type", entry.case_type, list(council.case_types), place)
        if entry.period not in labels:
            yield unknown("period", entry.period, labels, place)


def _undeclared_places(question: Question, decisions: Decisions) -> Iterator[Fault]:
    people, teams = question.instance.people, question.instance.teams
    for index, placed in enumerate(decisions.places):
        place = Place(path=f"decisions.places.{index}")
        if placed.person not in people:
            yield unknown("person", placed.person, list(people), place)
        if placed.team not in teams:
            yield unknown("team", placed.team, list(teams), place)


def _twice(decisions: Decisions) -> Iterator[Fault]:
    posts = Counter(f"{d.team}, {d.role}, {d.period}" for d in decisions.posts)
    packages = Counter(d.package for d in decisions.packages)
    managed = Counter(
        f"{d.managed_team}, {d.start}, extended by {d.extension}" for d in decisions.managed_teams
    )
    people = Counter(f"{d.team}, {d.role}, {d.period}" for d in decisions.people)
    places = Counter(f"the place of {d.person}" for d in decisions.places)
    cases = Counter(f"{d.team}, {d.role}, {d.period}" for d in decisions.cases)
    flows = Counter(
        ", ".join(filter(None, (d.kind, d.team, d.role, d.to_team, d.to_role, d.period)))
        for d in decisions.flows
    )
    closed = Counter(f"{d.team}, {d.case_type}, {d.period}" for d in decisions.closed)
    tables = (
        ("posts", posts),
        ("people", people),
        ("places", places),
        ("packages", packages),
        ("managed_teams", managed),
        ("cases", cases),
        ("flows", flows),
        ("closed", closed),
    )
    for table, counts in tables:
        for name, count in counts.items():
            if count > 1:
                yield Fault(
                    "decided-twice",
                    f"{name} is decided {count} times",
                    "Keep one of them.",
                    Place(path=f"decisions.{table}"),
                )
