"""A question: one instance, one model, and every parameter settled.

:mod:`staffopt.settle` makes questions; nothing here decides which value wins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from staffopt.errors import Fault, InputError, Place, UnknownName
from staffopt.instance.counting import children_in
from staffopt.instance.demand import CasesOverTime, open_cases
from staffopt.instance.funds import FundKind, PaysFor
from staffopt.instance.options import Override
from staffopt.instance.schema import Instance
from staffopt.instance.staff import Role, RoleKind
from staffopt.model.schema import Goal
from staffopt.quantity import Absent
from staffopt.record import faults_of
from staffopt.rulebook import CarryStaffForward, Rule, rule_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from staffopt.instance.calendar import Period

ALL = "all"
NOT_NAMED = "not named"
"""The fund of what no fund is named for."""


@dataclass(frozen=True)
class Question:
    """One instance asked with one model.

    Attributes:
        instance: the council, overrides applied.
        model: id of the model.
        title: the model's title.
        may_change: role kinds whose posts may change.
        rules: rules in force, every parameter settled, in order of label.
        goals: ordered goals, each with its scope settled.
        option: the option asked for, if one was.
        scenario: the scenario asked for, if one was.
        fund: the option's own fund for added posts: an id, ``not named``, or None (permissions).
        overrides: every override applied, in order.
    """

    instance: Instance
    model: str
    title: str
    may_change: tuple[RoleKind, ...]
    rules: tuple[Rule, ...]
    goals: tuple[Goal, ...]
    option: str | None = None
    scenario: str | None = None
    fund: str | None = None
    overrides: tuple[Override, ...] = ()

    def rule(self, kind: type[Rule]) -> Rule | None:
        """Return the first rule of a class, or None where the model has none."""
        return next((rule for rule in self.rules if isinstance(rule, kind)), None)

    def roles_of(self, kind: RoleKind) -> tuple[str, ...]:
        """Name the roles of a kind, in order of id."""
        return tuple(sorted(r for r, role in self.instance.roles.items() if role.kind is kind))

    def roles_releasing(self, kind: RoleKind) -> tuple[str, ...]:
        """Name the roles of a kind that release time, in order of id.

        A support officer either releases time or holds cases, never both.
        """
        roles = self.instance.roles
        return tuple(r for r in self.roles_of(kind) if not roles[r].holds)

    def teams_in(self, scope: str | Sequence[str]) -> tuple[str, ...]:
        """Name the teams of a scope (all, groups, areas, teams), in order of id.

        Raises:
            UnknownName: if a name is none of them.
        """
        names = (scope,) if isinstance(scope, str) else tuple(scope)
        if names not in self._scopes:
            teams = {team for name in names for team in self._teams_named(name)}
            self._scopes[names] = tuple(sorted(teams))
        return self._scopes[names]

    @cached_property
    def _scopes(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The scopes asked for so far: rules and figures ask for the same over and over."""
        return {}

    def _teams_named(self, name: str) -> Iterable[str]:
        council = self.instance
        if name == ALL:
            return council.teams
        if name in council.groups:
            return council.groups[name]
        if name in council.teams:
            return (name,)
        if name in council.areas:
            return (team for team, record in council.teams.items() if record.area == name)
        raise UnknownName("scope", name, [ALL, *council.groups, *council.areas, *council.teams])

    def cases(self, team: str) -> Decimal | Absent:
        """Return a team's weighted cases of today, or the reason why there is no figure.

        Raises:
            InputError: if cases are counted in two units and no figure turns one into the other.
        """
        cases = self.instance.teams[team].cases
        if not isinstance(cases, Mapping):
            return cases
        weighted = list(self.cases_by_type(team).values())
        return sum(weighted[1:], start=weighted[0]) if weighted else Absent.NOT_APPLICABLE

    def cases_by_type(self, team: str) -> dict[str, Decimal]:
        """Return a team's weighted cases of each type today; nothing where no types are given.

        Families are turned into children where the instance counts children.

        Raises:
            InputError: if that takes a figure that is not given.
        """
        cases, types = self.instance.teams[team].cases, self.instance.case_types
        if not isinstance(cases, Mapping):
            return {}
        return {
            kind: figure * types[kind].weight * children_in(self.instance, kind)
            for kind, figure in cases.items()
        }

    @cached_property
    def cases_vary(self) -> bool:
        """Whether open cases may differ from period to period, as data have it."""
        return any(self.course(team) is not None for team in self.instance.teams)

    def cases_in(self, team: str, period: str) -> Fraction:
        """Return a team's weighted cases in a period; 0 where there is no figure.

        Raises:
            InputError: as :meth:`cases` does.
        """
        return sum(self._weighted(team, period).values(), Fraction(0))

    def cases_by_type_in(self, team: str, period: str) -> dict[str, Fraction]:
        """Return a team's weighted cases of each type in a period; nothing where none are given."""
        return {kind: cases for kind, cases in self._weighted(team, period).items() if kind}

    def _weighted(self, team: str, period: str) -> dict[str, Fraction]:
        """Return case type (no name where there are none) → weighted cases in a period."""
        if (team, period) not in self._cases_in:
            self._cases_in[team, period] = {
                kind: self.weight(kind) * self._open(team, kind, figure, self._periods[period])
                for kind, figure in self.cases_today(team).items()
            }
        return self._cases_in[team, period]

    @cached_property
    def _cases_in(self) -> dict[tuple[str, str], dict[str, Fraction]]:
        """What was worked out so far of (team, period): rules and figures ask over and over."""
        return {}

    @cached_property
    def _periods(self) -> dict[str, Period]:
        return {period.label: period for period in self.instance.calendar.cut()}

    def cases_today(self, team: str) -> Mapping[str, Decimal]:
        """Return open cases of today by type, unweighted; under no name where there are none."""
        cases = self.instance.teams[team].cases
        if isinstance(cases, Mapping):
            return cases
        return {} if isinstance(cases, Absent) else {"": cases}

    def weight(self, kind: str) -> Fraction:
        """Return what one case of a type weighs, a family as so many children."""
        if not kind:
            return Fraction(1)
        own = self.instance.case_types[kind].weight
        return Fraction(own) * Fraction(children_in(self.instance, kind))

    def _open(self, team: str, kind: str, today: Decimal, period: Period) -> Fraction:
        course, first = self.course(team), self.instance.calendar.start
        if course is None:
            return Fraction(today)
        return open_cases(course, kind, today, first, period)

    def course(self, team: str) -> CasesOverTime | None:
        """Return how a team's cases run over time; None where they stay as today."""
        own = self.instance.teams[team].cases_over_time
        course = self.instance.cases_over_time if own is None else own
        return None if course is None or course.flat else course

    def holds_cases(self, team: str) -> bool:
        """Say whether a team's cases are known, by type or together."""
        return not isinstance(self.instance.teams[team].cases, Absent)

    def holds(self, role: str) -> tuple[str, ...]:
        """Name the case types that a role may hold; ``all`` for every one, nothing for none."""
        record = self.instance.roles[role]
        if record.holds is not None:
            return record.holds
        return (ALL,) if record.kind is RoleKind.CASE_HOLDER else ()

    def leave_at_once(self, role: str) -> bool:
        """Say whether some of a role's people of today leave in the first month already."""
        kind = self.instance.roles[role].kind
        carried = (r for r in self.rules if isinstance(r, CarryStaffForward) and r.staff is kind)
        return all(rule.leave_at_once for rule in carried)

    def can_be_placed(self, role: str, team: str) -> bool:
        """Say whether a role may have posts in a team."""
        teams = self.instance.roles[role].teams
        return teams is None or team in teams

    def changes(self, role: str) -> bool:
        """Say whether the model may change posts of a role; one that covers others' has none."""
        record = self.instance.roles[role]
        return record.kind in self.may_change and record.covers is None

    def last_period_of(self, role: str) -> str:
        """Return the label of the last period in which posts of a role are there.

        That is the last of all, unless they are fixed-term; the first, if they end before it.
        """
        periods, ends = self.instance.calendar.cut(), self.instance.roles[role].ends
        there = [period.label for period in periods if ends is None or period.end <= ends]
        return there[-1] if there else periods[0].label

    def fund_of_added(self, role: str, kind: FundKind = FundKind.RECURRENT) -> str | None:
        """Name the fund that pays for added posts of a role, or for their set-up (one-off).

        An option's own fund goes first, if it may pay that. None where no fund is named. Posts that
        end are paid for as what runs for a term.
        """
        kind = self._while_they_last(role) if kind is FundKind.RECURRENT else kind
        if self.fund == NOT_NAMED:
            return None
        if self.fund is not None and self._may(self.fund, kind, role, "added_posts"):
            return self.fund
        return self._payer(role, "added_posts", kind)

    def fund_of_today(self, role: str) -> str | None:
        """Name the fund that pays for today's posts of a role, or None where none is named."""
        return self._payer(role, "posts_today", self._while_they_last(role))

    def _while_they_last(self, role: str) -> FundKind:
        """Return what a role's posts are paid for as, while they are there."""
        ends = self.instance.roles[role].ends
        return FundKind.RECURRENT if ends is None else FundKind.FIXED_TERM

    def fund_of_package(self, package: str, kind: FundKind = FundKind.FIXED_TERM) -> str | None:
        """Name the fund that pays what a package costs while it runs, or once (one-off)."""
        own = self.instance.packages[package].fund
        if own is not None and self._may(own, kind, package, "packages"):
            return own
        return self._payer(package, "packages", kind)

    def fund_of_managed_team(self, managed: str) -> str | None:
        """Name the fund that pays for a managed team, or None where none is named."""
        own, kind = self.instance.managed_teams[managed].fund, FundKind.FIXED_TERM
        if own is not None and self._may(own, kind, managed, "managed_teams"):
            return own
        return self._payer(managed, "managed_teams", kind)

    def fund_of_extension(self, managed: str) -> str | None:
        """Name the fund that pays for a managed team's extension, or None where none is named."""
        extension = self.instance.managed_teams[managed].extension
        own = None if extension is None else extension.fund
        if own is not None and self._may(own, FundKind.FIXED_TERM, managed, "managed_teams"):
            return own
        return self.fund_of_managed_team(managed)

    def _may(self, fund: str, kind: FundKind, name: str, what: str) -> bool:
        """Say whether a fund that is named for something may pay it."""
        record = self.instance.funds[fund]
        listed = getattr(record.pays_for, what)
        return record.may_pay(kind) and (not record.ring_fenced or name in listed)

    def _payer(self, name: str, what: str, kind: FundKind) -> str | None:
        """Find the fund that lists a name; one that lists it by name goes before ``all``."""
        payers = self._payers[what, kind]
        return payers.get(name, payers.get(ALL))

    @cached_property
    def _payers(self) -> dict[tuple[str, FundKind], dict[str, str]]:
        """What funds pay for, and of which kind → each name → the first fund, by id, to list it.

        A fund that is ring-fenced lists no ``all``.
        """
        funds = sorted(self.instance.funds.items(), reverse=True)
        return {
            (what, kind): {
                name: fund
                for fund, record in funds
                if record.may_pay(kind)
                for name in getattr(record.pays_for, what)
                if name != ALL or not record.ring_fenced
            }
            for what in PaysFor.model_fields
            for kind in FundKind
        }

    def is_assumed(self, path: str) -> bool:
        """Say whether the instance marks a path, or one it lies under, as an assumption."""
        return any(top in self.instance.assumptions for top in paths_above(path))

    @property
    def by_hand(self) -> tuple[Override, ...]:
        """What the caller changed, and neither the option nor the scenario."""
        return tuple(step for step in self.overrides if step.origin in ("--set", "where"))

    def role_name(self, role: str) -> str:
        """Return a role's name in reports."""
        return role_name(role, self.instance.roles[role])

    def to_json(self) -> dict[str, Any]:
        """Write the question whole, so that a plan can be verified from itself alone."""
        return {
            "instance": self.instance.model_dump(mode="json", exclude_defaults=True),
            "model": self.model,
            "title": self.title,
            "may_change": [str(kind) for kind in self.may_change],
            "rules": [rule.to_json() for rule in self.rules],
            "goals": [goal.model_dump(mode="json", exclude_defaults=True) for goal in self.goals],
            "option": self.option,
            "scenario": self.scenario,
            "fund": self.fund,
            "overrides": [override.model_dump(mode="json") for override in self.overrides],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        """Read back what :meth:`to_json` wrote.

        Raises:
            InputError: if it is not a question, with every fault.
        """
        try:
            return cls(
                instance=Instance.model_validate(data["instance"]),
                model=data["model"],
                title=data["title"],
                may_change=tuple(RoleKind(kind) for kind in data["may_change"]),
                rules=tuple(rule_from_json(rule) for rule in data["rules"]),
                goals=tuple(Goal.model_validate(goal) for goal in data["goals"]),
                option=data.get("option"),
                scenario=data.get("scenario"),
                fund=data.get("fund"),
                overrides=tuple(Override.model_validate(item) for item in data["overrides"]),
            )
        except ValidationError as error:
            raise InputError(faults_of(error, "inputs")) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            fault = Fault(
                "plan-inputs",
                f"the plan's inputs cannot be read: {error!r}",
                "Solve again to write the plan anew.",
                Place(path="inputs"),
            )
            raise InputError([fault]) from error

    @cached_property
    def hash(self) -> str:
        """A hash of everything that decides the answer."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def paths_above(path: str) -> Iterator[str]:
    """Yield a path, and every path that it lies under, the longest first."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def role_name(role: str, record: Role) -> str:
    """Return a role's name in reports, made from its id where none is given."""
    return record.name or role.replace("_", " ").capitalize()
