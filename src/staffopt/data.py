"""The one vectorising step: a question's figures as labelled arrays for the rules.

Everything here is data; nothing is decided. Labels are in order of id, so that the order of a
file has no bearing on the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.axes import Axis, Mask, shape
from staffopt.algebra.expression import Expression
from staffopt.costs import paid_by_people
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED, Question
from staffopt.rulebook import CarryStaffForward, Denominator, FillPosts, PlaceEveryone
from staffopt.staff_costs import StaffCosts, known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from staffopt.instance.calendar import Month, Period
    from staffopt.instance.staff import RoleKind
    from staffopt.rulebook import Rule

ZERO = Decimal(0)


@dataclass(frozen=True)
class Data:
    """A question's figures over axes team, role, period, year, fund and package.

    Attributes:
        question: the question.
        exact: whether figures are Fractions.
        may_cut: whether rows that keep today's posts may be taken out of the program.
    """

    question: Question
    exact: bool
    may_cut: bool = False

    @cached_property
    def team(self) -> Axis:
        """Teams, in order of id."""
        return Axis("team", tuple(sorted(self.question.instance.teams)))

    @cached_property
    def role(self) -> Axis:
        """Roles, in order of id."""
        return Axis("role", tuple(sorted(self.question.instance.roles)))

    @cached_property
    def period(self) -> Axis:
        """Periods, in time."""
        return Axis("period", tuple(period.label for period in self._periods))

    @cached_property
    def year(self) -> Axis:
        """Financial years, in time."""
        return Axis("year", self.question.instance.calendar.years)

    @cached_property
    def to_team(self) -> Axis:
        """Teams, as those in which people arrive."""
        return Axis("to_team", self.team.labels)

    @cached_property
    def to_role(self) -> Axis:
        """Roles, as those that people take up."""
        return Axis("to_role", self.role.labels)

    @cached_property
    def fund(self) -> Axis:
        """Funds in order of id, and last the one that is not named."""
        return Axis("fund", (*sorted(self.question.instance.funds), NOT_NAMED))

    @cached_property
    def package(self) -> Axis:
        """Packages, in order of id."""
        return Axis("package", tuple(sorted(self.question.instance.packages)))

    @cached_property
    def area(self) -> Axis:
        """Areas in order of id, and teams of no area: each stands for itself."""
        council = self.question.instance
        alone = (team for team, record in council.teams.items() if record.area is None)
        return Axis("area", (*sorted(council.areas), *sorted(alone)))

    @cached_property
    def in_area(self) -> Expression:
        """1 where a team lies in an area, over (team, area)."""
        teams = self.question.instance.teams
        return self.table((self.team, self.area), lambda t, a: int((teams[t].area or t) == a))

    @cached_property
    def band(self) -> Axis:
        """Caseload bands, in the file's order."""
        bands = self.question.instance.bands
        return Axis("band", tuple(bands.edges) if bands else ())

    @cached_property
    def _periods(self) -> tuple[Period, ...]:
        return self.question.instance.calendar.cut()

    def table(self, axes: Sequence[Axis], figure: Callable[..., object]) -> Expression:
        """Make figures over axes from a function of their labels."""
        figures = [figure(*labels) for labels in product(*(axis.labels for axis in axes))]
        return Expression.data(tuple(axes), figures, exact=self.exact)

    def sparse(
        self, axes: Sequence[Axis], figures: Mapping[tuple[str, ...], Fraction]
    ) -> Expression:
        """Make figures over axes of those that are not 0, by their labels."""
        numbers = [{label: i for i, label in enumerate(axis.labels)} for axis in axes]
        found = np.zeros(shape(tuple(axes)), dtype=object if self.exact else np.float64)
        for labels, figure in figures.items():
            at = tuple(number[label] for number, label in zip(numbers, labels, strict=True))
            found[at] = self.number(figure)
        return Expression.data(tuple(axes), found.ravel(), exact=self.exact)

    def mask(self, axes: Sequence[Axis], holds: Callable[..., bool]) -> Mask:
        """Make a mask over axes from a function of their labels."""
        cells = [holds(*labels) for labels in product(*(axis.labels for axis in axes))]
        return Mask(tuple(axes), np.array(cells, dtype=bool).reshape(shape(tuple(axes))))

    def number(self, figure: Fraction) -> Fraction | float:
        """Return a figure in the arithmetic in use."""
        return figure if self.exact else float(figure)

    def kinds(self, kinds: Iterable[RoleKind]) -> Mask:
        """The roles of some kinds."""
        return Mask.of(self.role, [r for kind in kinds for r in self.question.roles_of(kind)])

    def kind(self, kind: RoleKind) -> Mask:
        """The roles of a kind."""
        return Mask.of(self.role, self.question.roles_of(kind))

    def releasing(self, kind: RoleKind) -> Mask:
        """The roles of a kind that release time: those that hold no cases themselves."""
        return Mask.of(self.role, self.question.roles_releasing(kind))

    def counted(self, denominator: Denominator) -> Expression:
        """The part of one FTE of a role that a denominator counts, over (role)."""
        return self.table((self.role,), lambda r: self.number(self.part_of(r, denominator)))

    def part_of(self, role: str, denominator: Denominator) -> Fraction:
        """Return the part of one FTE of a role that a denominator counts."""
        record = self.question.instance.roles[role]
        match denominator:
            case Denominator.POSTS | Denominator.IN_POST:
                return Fraction(1)
            case Denominator.CASE_HOLDERS:
                return Fraction(record.case_holding)
            case Denominator.ADJUSTED:
                return Fraction(record.case_holding) * Fraction(record.counts_as)

    def scope(self, scope: str | Sequence[str]) -> Mask:
        """The teams of a scope."""
        return Mask.of(self.team, self.question.teams_in(scope))

    def teams_with_cases(self, rule: Rule) -> tuple[str, ...]:
        """Name the teams of a rule's scope that hold cases, in order of id.

        Raises:
            InputError: if a team's cases are not known: a rule cannot be kept on unknown figures.
        """
        teams = self.question.teams_in(rule.scope)
        unknown = [t for t in teams if self.question.cases(t) is Absent.NOT_PRINTED]
        if unknown:
            raise InputError(
                [
                    Fault(
                        "unknown-cases",
                        f"{rule.label} covers {', '.join(unknown)}, whose cases are unknown",
                        "Give the cases, or leave the team out of the rule's scope.",
                        Place(path=f"standards.{rule.label}.scope"),
                    )
                ]
            )
        return tuple(t for t in teams if not isinstance(self.question.cases(t), Absent))

    @cached_property
    def today(self) -> Expression:
        """Posts today over (team, role), FTE."""
        teams = self.question.instance.teams
        return self.table((self.team, self.role), lambda t, r: teams[t].posts.get(r, ZERO))

    @cached_property
    def people(self) -> Expression:
        """People in post today over (team, role), FTE; as many as posts where none are given."""
        return self.table((self.team, self.role), self.people_today)

    def people_today(self, team: str, role: str) -> Decimal:
        """Return the people in post today, FTE: those listed, where anybody of the role is."""
        if role in self._listed:
            return self._listed[role].get(team, ZERO)
        people = self.question.instance.teams[team].people or {}
        return people.get(role, self.posts_today(team, role))

    @cached_property
    def _listed(self) -> dict[str, dict[str, Decimal]]:
        """Role → team → FTE of those who are listed one by one."""
        found: dict[str, dict[str, Decimal]] = {}
        for record in self.question.instance.people.values():
            teams = found.setdefault(record.role, {})
            teams[record.team] = teams.get(record.team, ZERO) + record.fte
        return found

    @cached_property
    def in_term(self) -> Mask:
        """Where posts of a role are there: (role, period); fixed-term ones until their end."""
        ends, last = self.role_ends, {period.label: period.end for period in self._periods}
        return self.mask((self.role, self.period), lambda r, p: r not in ends or last[p] <= ends[r])

    @cached_property
    def role_ends(self) -> dict[str, Month]:
        """The last month of a role's posts, of the roles whose posts are fixed-term."""
        roles = self.question.instance.roles.items()
        return {role: record.ends for role, record in roles if record.ends is not None}

    def is_there(self, role: str, period: str) -> bool:
        """Say whether posts of a role are there in a period."""
        return bool(self.in_term.values[self.role.code(role), self.period.code(period)])

    @cached_property
    def _some_pass(self) -> bool:
        """Whether posts that there are today end before the last period."""
        last = self.period.labels[-1]
        posts = (r for team in self.question.instance.teams.values() for r in team.posts)
        return any(not self.is_there(role, last) for role in {*posts} & {*self.role_ends})

    def while_there(self, today: Expression) -> Expression:
        """What of today's posts or people is there in each period: all where no posts end."""
        return today.where(self.in_term) if self.role_ends else today

    @cached_property
    def final(self) -> Mask:
        """The last period in which posts of a role are there: (role, period)."""
        there = self.in_term.spread((self.role, self.period))
        later = np.pad(there[:, 1:], ((0, 0), (0, 1)))
        return Mask((self.role, self.period), there & ~later)

    def fte_listed(self, role: str) -> set[Fraction]:
        """The FTE that people of a role have, each once."""
        people = self.question.instance.people.values()
        return {Fraction(record.fte) for record in people if record.role == role}

    def is_placed(self, role: str) -> bool:
        """Say whether a rule decides person by person who of a role works where."""
        return role in self._listed and self.question.rule(PlaceEveryone) is not None

    def posts_today(self, team: str, role: str) -> Decimal:
        """Return the posts today, FTE."""
        return self.question.instance.teams[team].posts.get(role, ZERO)

    @cached_property
    def paid_today(self) -> Expression:
        """What a role's cost is paid for today over (team, role), FTE: posts, or people."""

        def paid(team: str, role: str) -> Decimal:
            by_people = paid_by_people(self.question, role)
            return (self.people_today if by_people else self.posts_today)(team, role)

        return self.table((self.team, self.role), paid)

    @cached_property
    def starting(self) -> Expression:
        """People recruited already who start in a period, over (team, role, period), FTE."""
        months = {period.label: period.start for period in self._periods}
        teams = self.question.instance.teams

        def start(team: str, role: str, period: str) -> Decimal:
            return teams[team].starting.get(role, {}).get(months[period], ZERO)

        return self.table((self.team, self.role, self.period), start).where(self.carried)

    @cached_property
    def least_posts(self) -> Expression:
        """Posts that cannot be cut, over (team, role), FTE: vacancies stay while nobody fills them.

        Where posts are filled by a rule of their own there are none.
        """

        def vacant(team: str, role: str) -> Decimal:
            if self.people_decided(team, role) or self.is_placed(role):
                return ZERO
            return max(ZERO, self.posts_today(team, role) - self.people_today(team, role))

        return self.table((self.team, self.role), vacant)

    @cached_property
    def moments(self) -> tuple[Axis, ...]:
        """The axis that cases and posts of today have beside that of teams.

        Periods, if data let open cases vary or posts of today end; else none.
        """
        return (self.period,) if self.question.cases_vary or self._some_pass else ()

    @cached_property
    def cases(self) -> Expression:
        """Weighted cases over (team), and (period) where they vary; 0 where there is no figure."""
        axes = (self.team, *self.moments)
        return self.table(axes, lambda *cell: self.number(self.cases_at(*cell)))

    def cases_at(self, team: str, period: str | None = None) -> Fraction:
        """Return a team's weighted cases in a period, or of today; 0 where there is no figure."""
        if period is None:
            return Fraction(known(self.question.cases(team)))
        return self.question.cases_in(team, period)

    def most_cases(self, team: str) -> Fraction:
        """Return the most weighted cases that a team has in any period."""
        return max(self.cases_at(team, *when) for when in self.times)

    @cached_property
    def times(self) -> tuple[tuple[str, ...], ...]:
        """The labels of :attr:`moments`: one of each period, or one of none."""
        return tuple(product(*(axis.labels for axis in self.moments)))

    def with_cases(self, teams: Sequence[str]) -> Mask:
        """Where some teams have cases at all, over (team), and (period) where they vary."""
        return self.mask(
            (self.team, *self.moments), lambda t, *when: t in teams and self.cases_at(t, *when) > 0
        )

    @cached_property
    def step(self) -> Expression:
        """The step of each role, FTE; 0 is continuous."""
        return self.table((self.role,), lambda r: self.question.instance.roles[r].step)

    @cached_property
    def can_change(self) -> Mask:
        """Where posts may change: (team, role)."""
        return self.mask((self.team, self.role), self.posts_move)

    def carrying(self, tag: str, *, heads: bool = False) -> Expression:
        """FTE or heads of those listed who carry a tag, where they work today: (team, role)."""
        found: dict[tuple[str, str], Decimal] = {}
        for record in self.question.instance.people.values():
            if tag in record.tags:
                at = record.team, record.role
                found[at] = found.get(at, ZERO) + (1 if heads else record.fte)
        return self.table((self.team, self.role), lambda *at: found.get(at, ZERO))

    def tagged(self, tag: str) -> Mask:
        """The roles that carry a tag."""
        roles = self.question.instance.roles
        return Mask.of(self.role, [r for r in self.role.labels if tag in roles[r].tags])

    @cached_property
    def covering(self) -> Mask:
        """The roles that fill other roles' posts."""
        roles = self.question.instance.roles
        return Mask.of(self.role, [r for r in self.role.labels if roles[r].covers is not None])

    @cached_property
    def covered(self) -> dict[str, list[str]]:
        """Role → the roles that fill its posts, of those that any does."""
        found: dict[str, list[str]] = {}
        for role in self.role.labels:
            covers = self.question.instance.roles[role].covers
            if covers is not None:
                found.setdefault(covers, []).append(role)
        return found

    @cached_property
    def filled(self) -> Mask:
        """Where people are decided apart from posts: (team, role)."""
        return self._places_of(FillPosts)

    @cached_property
    def carried(self) -> Mask:
        """Where people follow from month to month: (team, role)."""
        return self._places_of(CarryStaffForward)

    def _places_of(self, kind: type[FillPosts | CarryStaffForward]) -> Mask:
        """Where a rule of people holds: (team, role)."""
        rules = [rule for rule in self.question.rules if isinstance(rule, kind)]
        scopes = [(rule.staff, frozenset(self.question.teams_in(rule.scope))) for rule in rules]
        roles = self.question.instance.roles

        def inside(team: str, role: str) -> bool:
            kind = roles[role].kind
            named = any(kind is staff and team in teams for staff, teams in scopes)
            return named and self.question.can_be_placed(role, team)

        return self.mask((self.team, self.role), inside)

    def is_carried(self, team: str, role: str) -> bool:
        """Say whether people of a role in a team follow from month to month."""
        place = self.team.labels.index(team), self.role.labels.index(role)
        return bool(self.carried.values[place])

    def step_of(self, team: str, role: str, *, of_posts: bool) -> Fraction:
        """Return the step of posts or people in a team; 0 where they may be any fraction."""
        if not of_posts and self.is_carried(team, role):
            return Fraction(0)
        return Fraction(self.question.instance.roles[role].step)

    @cached_property
    def fill_places(self) -> Mask:
        """Where a role's posts are filled by people decided apart, or covered: (team, role)."""
        return ~self.covering & self.mask(
            (self.team, self.role),
            lambda t, r: any(self.people_decided(t, o) for o in (r, *self.covered.get(r, ()))),
        )

    def posts_move(self, team: str, role: str) -> bool:
        """Say whether posts of a role in a team may change."""
        return self.question.changes(role) and self.question.can_be_placed(role, team)

    def people_move(self, team: str, role: str) -> bool:
        """Say whether people of a role in a team may be more or fewer than today."""
        if self.is_placed(role):
            return False
        return self.people_decided(team, role) or self.posts_move(team, role)

    def anybody_moves(self, team: str, role: str) -> bool:
        """Say whether people of a role in a team may be more or fewer, by being placed too."""
        if self.is_placed(role):
            own = self.question.can_be_placed(role, team)
            return own or bool(self.people_today(team, role))
        return self.people_move(team, role)

    def people_decided(self, team: str, role: str) -> bool:
        """Say whether people of a role in a team are decided apart from its posts."""
        place = self.team.labels.index(team), self.role.labels.index(role)
        return bool(self.filled.values[place])

    @cached_property
    def costs(self) -> StaffCosts:
        """What staff cost, and which funds pay for them."""
        return StaffCosts(self)

    @cached_property
    def months(self) -> Expression:
        """Months of each period that lie in each financial year, over (period, year)."""
        return self._per_year(lambda period: [month.financial_year for month in period.months])

    @cached_property
    def starts(self) -> Expression:
        """1 where a period starts in a financial year, over (period, year)."""
        return self._per_year(lambda period: [period.start.financial_year])

    def _per_year(self, years: Callable[[Period], list[str]]) -> Expression:
        counts = [
            [years(period).count(year) for year in self.year.labels] for period in self._periods
        ]
        return Expression.data((self.period, self.year), counts, exact=self.exact)

    @cached_property
    def calendar_months(self) -> Expression:
        """Months of the calendar that lie in each financial year, over (year)."""
        return self.months.sum("period")

    @cached_property
    def fund_ends(self) -> dict[str, Month]:
        """The last month in which a fund may be spent, of the funds that have one."""
        funds = self.question.instance.funds
        return {fund: record.ends for fund, record in funds.items() if record.ends is not None}
