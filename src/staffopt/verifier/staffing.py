"""Posts of today and of a plan, as exact fractions: what every check and every figure reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, wraps
from math import ceil
from typing import Any, Concatenate, ParamSpec, TypeVar

from staffopt.carrying import carrying_faults
from staffopt.errors import InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.managed import ManagedTeam
from staffopt.instance.staff import RoleKind
from staffopt.plan import (
    TODAY,
    Decisions,
    FlowDecision,
)
from staffopt.question import Question
from staffopt.rulebook import CarryStaffForward, FillPosts
from staffopt.verifier.naming import misnamed
from staffopt.verifier.roster import Roster
from staffopt.verifier.stocks import MonthOfStock, forward
from staffopt.verifier.time_taken import time_taken

ZERO = Fraction(0)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hire:
    """Managed teams that start in one month and are extended alike."""

    managed_team: str
    start: Month
    extension: int

    def end(self, record: ManagedTeam) -> Month:
        """Return the last month in which a team is at work, its extension included."""
        return self.start + (record.months - 1 + self.extension)


@dataclass(frozen=True)
class Staffing:
    """A question with decisions; FTE are funded posts.

    Attributes:
        question: what was asked.
        changes: (team, role, period label) → FTE added; what is not listed is 0.
        taken: packages that are taken.
        hired: managed teams that are bought, and how many of each.
        closed: (team, case type, period label) → cases that are closed, where they flow; no name
            where they have no types, and what is not listed is 0.
        people: (team, role, period label) → FTE in post added, where people are decided apart from
            posts; what is not listed is 0.
        places: person → team, of people listed one by one.
        cases: (team, role, period label) → weighted cases held; what is not listed is 0.
        flows: who joins, is let go or moves, where people are carried forward.
    """

    question: Question
    changes: Mapping[tuple[str, str, str], Fraction]
    taken: frozenset[str]
    hired: Mapping[Hire, int]
    cases: Mapping[tuple[str, str, str], Fraction] = field(default_factory=dict)
    people: Mapping[tuple[str, str, str], Fraction] = field(default_factory=dict)
    flows: tuple[FlowDecision, ...] = ()
    closed: Mapping[tuple[str, str, str], Fraction] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, question: Question, decisions: Decisions) -> Staffing:
        """Index decisions.

        Raises:
            InputError: if they name what nothing declares, or name anything twice.
        """
        faults = misnamed(question, decisions)
        if faults:
            raise InputError(faults)
        return cls.indexed(question, decisions)

    @classmethod
    def indexed(cls, question: Question, decisions: Decisions) -> Staffing:
        """Index decisions of which it is known that :func:`misnamed` finds no fault with them."""
        changes = {(d.team, d.role, d.period): d.change for d in decisions.posts}
        taken = frozenset(d.package for d in decisions.packages if d.taken)
        hired = {
            Hire(d.managed_team, d.start, d.extension): d.teams for d in decisions.managed_teams
        }
        hired = {**_there_already(question, hired), **hired}
        cases = {(d.team, d.role, d.period): d.cases for d in decisions.cases}
        people = {(d.team, d.role, d.period): d.change for d in decisions.people}
        closed = {(d.team, d.case_type or "", d.period): d.cases for d in decisions.closed}
        flows, places = decisions.flows, {d.person: d.team for d in decisions.places}
        return cls(question, changes, taken, hired, cases, people, flows, closed, places)

    @cached_property
    def roster(self) -> Roster:
        """Who of those listed one by one works where."""
        return Roster(self.question, self.places)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The calendar's periods, in order."""
        return self.question.instance.calendar.cut()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The periods' labels, in order."""
        return tuple(period.label for period in self.periods)

    @cached_property
    def by_label(self) -> Mapping[str, Period]:
        """Label → period."""
        return {period.label: period for period in self.periods}

    @cached_property
    def roles(self) -> Mapping[RoleKind, tuple[str, ...]]:
        """Kind → its roles, in file order."""
        declared = self.question.instance.roles.items()
        return {
            kind: tuple(r for r, record in declared if record.kind is kind) for kind in RoleKind
        }

    def may_be_in(self, team: str, role: str) -> bool:
        """Say whether a role can be in a team, or anything puts it there; else nobody is."""
        return (team, role) in self._named or self.question.can_be_placed(role, team)

    def roles_in(self, team: str, kind: RoleKind) -> tuple[str, ...]:
        """Name the roles of a kind that may be in a team, in file order."""
        return self._roles_in[team, kind]

    @cached_property
    def _roles_in(self) -> Mapping[tuple[str, RoleKind], tuple[str, ...]]:
        return {
            (team, kind): tuple(role for role in own if self.may_be_in(team, role))
            for team in self.question.instance.teams
            for kind, own in self.roles.items()
        }

    @cached_property
    def _named(self) -> frozenset[tuple[str, str]]:
        """Every (team, role) that the council or a decision names."""
        council = self.question.instance
        named = {
            (team, role)
            for team, record in council.teams.items()
            for role in (*record.posts, *(record.people or {}))
        }
        named |= {(team, role) for team, role, _ in (*self.changes, *self.people, *self.cases)}
        named |= {(flow.team, flow.role) for flow in self.flows}
        named |= {(flow.to_team or flow.team, flow.to_role or flow.role) for flow in self.flows}
        named |= {(record.team, record.role) for record in council.people.values()}
        named |= {(team, council.people[person].role) for person, team in self.places.items()}
        return frozenset(named)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every (team, role) with posts today or a change in any period, in file order."""
        council = self.question.instance
        moved = {(team, role) for (team, role, _), change in self.changes.items() if change}
        return tuple(
            (team, role)
            for team in council.teams
            for role in council.roles
            if (team, role) in moved or self.today(team, role)
        )

    @cached_property
    def _today(self) -> Mapping[tuple[str, str], Fraction]:
        teams = self.question.instance.teams.items()
        return {(t, r): Fraction(fte) for t, record in teams for r, fte in record.posts.items()}

    @cached_property
    def worked_out(self) -> dict[tuple[Any, ...], Any]:
        """What was worked out so far: rules and figures ask for the same over and over."""
        return {}

    def today(self, team: str, role: str) -> Fraction:
        """Return today's posts, FTE."""
        return self._today.get((team, role), ZERO)

    def change(self, team: str, role: str, period: str) -> Fraction:
        """Return the FTE added by a period, ``today`` being one in which nothing is."""
        return self.changes.get((team, role, period), ZERO)

    def stands(self, role: str, period: str) -> bool:
        """Say whether posts of a role are there in a period: fixed-term ones until their end."""
        ends = self._ends.get(role)
        return ends is None or period == TODAY or self.by_label[period].end <= ends

    @cached_property
    def _ends(self) -> Mapping[str, Month]:
        roles = self.question.instance.roles.items()
        return {role: record.ends for role, record in roles if record.ends is not None}

    def standing(self, team: str, role: str, period: str) -> Fraction:
        """Return today's posts that are still there in a period, FTE."""
        return self.today(team, role) if self.stands(role, period) else ZERO

    def posts(self, team: str, role: str, period: str) -> Fraction:
        """Return the posts of a period or of ``today``, FTE."""
        change = self.changes.get((team, role, period))
        today = self.standing(team, role, period)
        return today + change if change else today

    def fte(self, teams: Iterable[str], kind: RoleKind, period: str) -> Fraction:
        """Return the posts of a kind of role in some teams, FTE."""
        return total(self._fte_of(team, kind, period) for team in teams)

    def _fte_of(self, team: str, kind: RoleKind, period: str) -> Fraction:
        key = (team, kind, period)
        known = self.worked_out
        if key not in known:
            known[key] = total(self.posts(team, r, period) for r in self.roles_in(team, kind))
        fte: Fraction = known[key]
        return fte

    def in_post(self, team: str, role: str, period: str) -> Fraction:
        """Return the people in post, FTE: those of today and everybody added, or those placed."""
        key, known = ("in post", team, role, period), self.worked_out
        if key not in known:
            known[key] = self._in_post(team, role, period)
        there: Fraction = known[key]
        return there

    def _in_post(self, team: str, role: str, period: str) -> Fraction:
        if period != TODAY and self.carries(team, role):
            return self.stocks[team, role, period].in_post
        if role in self.roster.listed and period != TODAY and self.roster.is_placed:
            there = self.roster.fte(team, role, today=False)
            return there + self.people_added(team, role, period)
        there = self._people_today(team, role) if self.stands(role, period) else ZERO
        return there + self.people_added(team, role, period)

    def _people_today(self, team: str, role: str) -> Fraction:
        if role in self.roster.listed:
            return self.roster.fte(team, role, today=True)
        people = self.question.instance.teams[team].people or {}
        return Fraction(people[role]) if role in people else self.today(team, role)

    def able(self, team: str, role: str, period: str) -> Fraction:
        """Return the people in post by the caseloads they can hold, FTE.

        Where nobody is carried forward, and today, everybody counts in full.
        """
        if period != TODAY and self.carries(team, role):
            there = self.stocks[team, role, period].able
            return there - time_taken(self, team, role, period)
        return self.in_post(team, role, period)

    def carries(self, team: str, role: str) -> bool:
        """Say whether a rule carries people of a role in a team forward from month to month."""
        return (team, role) in self._carried

    @cached_property
    def _carried(self) -> frozenset[tuple[str, str]]:
        return self._places_of(CarryStaffForward)

    @cached_property
    def stocks(self) -> Mapping[tuple[str, str, str], MonthOfStock]:
        """What becomes of those who are carried forward, by team, role and month.

        Raises:
            InputError: if the question does not give what that takes.
        """
        faults = carrying_faults(self.question)
        if faults:
            raise InputError(faults)
        today = {(t, r): self._people_today(t, r) for t, r in sorted(self._carried)}
        own = [flow for flow in self.flows if self._is_carried(flow)]
        return forward(self.question, today, own)

    def _is_carried(self, flow: FlowDecision) -> bool:
        """Say whether a flow is of people who are carried forward; any other is broken."""
        arrival = flow.to_team or flow.team, flow.to_role or flow.role
        return self.carries(flow.team, flow.role) and self.carries(*arrival)

    def people_added(self, team: str, role: str, period: str) -> Fraction:
        """Return the FTE in post added: as decided, or as many as posts where nothing decides."""
        if period != TODAY and self.carries(team, role):
            return self.in_post(team, role, period) - self._people_today(team, role)
        if self.fills(team, role):
            return self.people.get((team, role, period), ZERO)
        if self.roster.decides(role):
            return ZERO
        return self.change(team, role, period)

    def fills(self, team: str, role: str) -> bool:
        """Say whether a rule lets people of a role in a team be decided apart from its posts."""
        return (team, role) in self._filled

    @cached_property
    def _filled(self) -> frozenset[tuple[str, str]]:
        return self._places_of(FillPosts)

    def _places_of(self, kind: type[FillPosts | CarryStaffForward]) -> frozenset[tuple[str, str]]:
        question = self.question
        return frozenset(
            (team, role)
            for rule in question.rules
            if isinstance(rule, kind)
            for role in self.roles[rule.staff]
            for team in question.teams_in(rule.scope)
            if question.can_be_placed(role, team)
        )

    def covering(self, role: str) -> tuple[str, ...]:
        """Name the roles that cover a role's posts, in file order."""
        roles = self.question.instance.roles
        return tuple(other for other, record in roles.items() if record.covers == role)

    def in_posts_of(self, team: str, role: str, period: str) -> Fraction:
        """Return the people in a role's posts, FTE: its own, and those who cover them."""
        return sum((self.in_post(team, r, period) for r in (role, *self.covering(role))), ZERO)

    def cases_held(self, team: str, role: str, period: str) -> Fraction:
        """Return the weighted cases that a role holds, where a rule splits them."""
        return self.cases.get((team, role, period), ZERO)

    def carrying(self, team: str, role: str, tag: str, period: str) -> tuple[Fraction, int]:
        """Return FTE and number of those in post of a role who carry a tag themselves."""
        if role not in self.roster.listed:
            return ZERO, 0
        today = period == TODAY or not self.roster.is_placed
        return self.roster.carrying(team, role, tag, today=today)

    def heads_in_post(self, team: str, role: str, period: str) -> Fraction:
        """Return the heads in post: people where they are placed, else FTE rounded up."""
        if self.roster.decides(role) and period != TODAY:
            return Fraction(len(self.roster.there(team, role, today=False)))
        return Fraction(ceil(self.in_post(team, role, period)))

    def has_step(self, role: str) -> bool:
        """Say whether posts of a role can change in whole steps only."""
        return self.question.instance.roles[role].step > 0

    def on_steps(self, role: str) -> bool:
        """Say whether a role's posts and people change in whole steps, if they change at all."""
        if any(role == other for _, other in self._carried):
            return False
        filled = any(role == other for _, other in self._filled)
        moves = filled or self.question.changes(role)
        return self.has_step(role) or not moves

    def releasing(self, team: str, kind: RoleKind, period: str) -> Fraction:
        """Return the posts of a kind that release time, FTE: of roles that hold no cases."""
        roles = self.question.instance.roles
        free = (role for role in self.roles[kind] if not roles[role].holds)
        return total(self.posts(team, role, period) for role in free)

    def added(self, teams: Iterable[str], kind: RoleKind, period: str) -> Fraction:
        """Return the FTE added, cuts deducted, of a kind of role in some teams."""
        roles = self.roles[kind]
        return sum((self.change(t, r, period) for t in teams for r in roles), ZERO)

    def capacity(self, team: str, period: str) -> Fraction:
        """Return the cases that managed teams hold for a team all through a period, or today.

        A capacity that is not known holds none.
        """
        there = (hire for hire in self.hired if self.at_work(hire, period))
        return sum((self.hired[hire] * self.holds(hire, team) for hire in there), ZERO)

    def closes(self, team: str, period: str) -> Fraction:
        """Return the weighted cases that managed teams close for a team in a month at most."""
        total = ZERO
        for hire, teams in self.hired.items():
            record = self.question.instance.managed_teams[hire.managed_team]
            if isinstance(record.closes, Decimal) and self.at_work(hire, period):
                total += teams * Fraction(record.closes) * Fraction(record.serves.get(team, 0))
        return total

    def at_work(self, hire: Hire, period: str) -> bool:
        """Say whether managed teams are at work all through a period, or today."""
        record, first = self.question.instance.managed_teams[hire.managed_team], self.periods[0]
        if period == TODAY:
            return hire.start == record.there_since and hire.start < first.start
        asked = self.by_label[period]
        return hire.start <= asked.start and asked.end <= hire.end(record)

    def holds(self, hire: Hire, team: str) -> Fraction:
        """Return the cases that one managed team can hold for a team."""
        record = self.question.instance.managed_teams[hire.managed_team]
        if not isinstance(record.capacity, Decimal) or team not in record.serves:
            return ZERO
        return Fraction(record.capacity) * Fraction(record.serves[team])

    def heads(self, teams: Iterable[str], kind: RoleKind, period: str) -> Fraction:
        """Return the heads of a kind in some teams: posts rounded up, role by role in each team."""
        places = ((team, role) for team in teams for role in self.roles[kind])
        return Fraction(sum(ceil(self.posts(team, role, period)) for team, role in places))

    def name(self, team: str) -> str:
        """Return a team's name in reports."""
        return self.question.instance.teams[team].name

    def stepped(self, *kinds: RoleKind) -> bool:
        """Say whether every role of some kinds that may change does so in whole steps."""
        return all(self.on_steps(role) for kind in kinds for role in self.roles[kind])

    @property
    def labels_with_today(self) -> tuple[str, ...]:
        """``today``, then the periods' labels."""
        return (TODAY, *self.labels)

    def before(self, period: str) -> str:
        """Return the label of the period before one, or ``today``."""
        return self._before[period]

    @cached_property
    def _before(self) -> Mapping[str, str]:
        return dict(zip(self.labels, self.labels_with_today, strict=False))


def _there_already(question: Question, decided: Iterable[Hire]) -> dict[Hire, int]:
    """Let teams that are there already leave when their term ends, where nothing is decided."""
    named = {(hire.managed_team, hire.start) for hire in decided}
    records = question.instance.managed_teams.items()
    return {
        Hire(name, record.there_since, 0): 1
        for name, record in records
        if record.there_since is not None and (name, record.there_since) not in named
    }


def total(parts: Iterable[Fraction]) -> Fraction:
    """Add up: most figures of a team are 0, and adding a fraction to 0 costs as much as any sum."""
    found = ZERO
    for part in parts:
        if part:
            found = found + part if found else part
    return found


def once(work: Callable[Concatenate[Staffing, P], T]) -> Callable[Concatenate[Staffing, P], T]:
    """Let what follows from decisions be worked out once, however often it is asked for."""

    @wraps(work)
    def remembered(staffing: Staffing, /, *args: P.args, **named: P.kwargs) -> T:
        key = (work, *args, *named.items())
        if key not in staffing.worked_out:
            staffing.worked_out[key] = work(staffing, *args, **named)
        found: T = staffing.worked_out[key]
        return found

    return remembered
