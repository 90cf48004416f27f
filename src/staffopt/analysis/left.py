"""What a plan leaves in its last period before a month, as an instance file has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from staffopt.analysis.at_work import is_open
from staffopt.analysis.committed import flows_decided
from staffopt.instance.calendar import Month, Period
from staffopt.instance.case_flow import Arrivals
from staffopt.instance.demand import cases_seen
from staffopt.quantity import Absent, decimal_text, round_half_up
from staffopt.question import Question
from staffopt.rulebook import FLOWS, BuyManagedTeam, LimitChange, LimitRecruitment, Per, Way
from staffopt.verifier.case_flow import course_of_cases, flowing, kinds_of
from staffopt.verifier.heads import heads_figures
from staffopt.verifier.managed import on_offer
from staffopt.verifier.staffing import ZERO, Staffing

_FTE_DECIMALS = 4
"""Decimals to which FTE are written: a plan's decisions have no more."""

_STOCK_DECIMALS = 8
"""Decimals to which open cases of a month and stocks of people are written; they have no end."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan leaves in its last period before a month.

    Attributes:
        question: what the plan was asked.
        staffing: its decisions.
        before: the period's label.
    """

    question: Question
    staffing: Staffing
    before: str

    def team(
        self, team: str, record: Mapping[str, Any], origin: str, first: Period
    ) -> dict[str, Any]:
        """Return a team's record with its posts, people and cases of that period."""
        roles = list(self.question.instance.roles)
        posts = {r: self.staffing.posts(team, r, self.before) for r in roles}
        people = {r: self.staffing.in_post(team, r, self.before) for r in roles}
        mine = record.get("posts", {})
        made = {**record, "posts": {r: _fte(n) for r, n in posts.items() if n or r in mine}}
        if people != posts:
            made["people"] = {r: _fte(n) for r, n in people.items() if n or posts[r]}
        made.update(self._carried(team, made.get("people", {}), first))
        if made["posts"] != {r: _fte(Fraction(str(n))) for r, n in mine.items()}:
            made.pop("shown_as", None)
        made.update(self._cases(team, first))
        made["from"] = f"{origin}, {self.before}; before it {record.get('from', 'as assumed')}"
        return made

    def _carried(self, team: str, people: Mapping[str, str], first: Period) -> dict[str, Any]:
        """Return people who are carried forward, by months since joining, and who starts later."""
        roles = [r for r in self.question.instance.roles if self.staffing.carries(team, r)]
        if not roles:
            return {}
        stocks = {r: self.staffing.stocks[team, r, self.before].cohorts for r in roles}
        cohorts = {r: [_exact(fte) for fte in own] for r, own in stocks.items()}
        there = {r: _exact(sum(map(Fraction, own), ZERO)) for r, own in cohorts.items()}
        # Of the oldest cohort nobody knows when they joined, except of those who will progress.
        progress = [r for r in roles if self._progresses(r)]
        joined = {
            r: {str(since): fte for since, fte in enumerate(own) if Fraction(fte)}
            for r, own in ((r, own if r in progress else own[:-1]) for r, own in cohorts.items())
        }
        starting = {r: self._starting(team, r, first) for r in roles}
        return {
            "people": {**people, **there},
            "joined": {r: own for r, own in joined.items() if own},
            "starting": {r: own for r, own in starting.items() if own},
        }

    def _progresses(self, role: str) -> bool:
        turnover = self.question.instance.roles[role].turnover
        return turnover is not None and turnover.progresses_to is not None

    def _starting(self, team: str, role: str, first: Period) -> dict[str, str]:
        """Return who is recruited, or moves from another role, before a month and starts later."""
        council = self.question.instance
        known = council.teams[team].starting.get(role, {})
        found = {m: Fraction(fte) for m, fte in known.items() if m >= first.start}
        for flow in flows_decided(self.question, self.staffing.flows, first.start):
            kind, way = FLOWS[flow.kind], Way(flow.team, flow.role, flow.to_team, flow.to_role)
            passage = kind.passage(council, way)
            arrival = Month.parse(flow.period) + passage.months
            if kind.arrives and way.arrival == (team, role) and arrival >= first.start:
                fte = flow.fte * (1 - passage.loss)
                found[arrival] = found.get(arrival, ZERO) + fte
        return {str(month): _exact(fte) for month, fte in sorted(found.items())}

    def _cases(self, team: str, first: Period) -> dict[str, Any]:
        """Return a team's cases of the month before, and from then on as a series."""
        council, course = self.question.instance, self.question.course(team)
        if team in flowing(self.question):
            return self._flow(team, first)
        if course is None:
            return {}
        began, months = (
            council.calendar.start,
            [m for m in council.calendar.months if m >= first.start],
        )

        def seen(kind: str, today: Decimal, month: Month) -> str:
            return _exact(cases_seen(course, kind, today, began, month))

        cases = council.teams[team].cases
        by_type = cases if isinstance(cases, Mapping) else {"": cases}
        known = {k: n for k, n in by_type.items() if isinstance(n, Decimal)}
        now = {k: seen(k, n, first.start + -1) for k, n in known.items()}
        series = {k: {str(m): seen(k, n, m) for m in months} for k, n in known.items()}
        how = {"in_period": course.in_period, "multiple": str(course.multiple)}
        if isinstance(cases, Mapping):
            return {"cases": now, "cases_over_time": {**how, "types": series}}
        return {"cases": now[""], "cases_over_time": {**how, "series": series[""]}} if known else {}

    def _flow(self, team: str, first: Period) -> dict[str, Any]:
        """Return a team's cases that are open by then, and arrivals month by month from then on."""
        council, course = self.question.instance, course_of_cases(self.staffing)
        months = [m for m in council.calendar.months if m >= first.start]

        def from_then_on(arrivals: Arrivals) -> dict[str, Any]:
            came = {m: _exact(arrivals.in_month(council.calendar.start, m)) for m in months}
            return {"figure": came[first.start], "series": {str(m): n for m, n in came.items()}}

        left = {
            kind: _exact(course[team, kind, self.before].open)
            for kind in kinds_of(self.question, team)
        }
        made: dict[str, Any] = {"cases": left if set(left) != {""} else left[""]}
        flow = council.teams[team].flow
        if flow is not None:
            made["flow"] = flow.model_dump(mode="json", exclude_unset=True)
            if flow.arrivals is not None:
                made["flow"]["arrivals"] = from_then_on(flow.arrivals)
            if flow.types:
                made["flow"]["types"] = {k: from_then_on(a) for k, a in flow.types.items()}
        return made

    def added(self, role: str) -> Fraction:
        """Return the FTE of a role added by then, over all teams."""
        teams = self.question.instance.teams
        return sum((self.staffing.change(team, role, self.before) for team in teams), ZERO)

    def pins(self) -> dict[str, Any]:
        """Return the pins, those of FTE added less what has been added."""
        pins = self.question.instance.pins
        tree = pins.model_dump(mode="json", exclude_unset=True)
        if pins.change:
            rest = {r: Fraction(fte) - self.added(r) for r, fte in pins.change.items()}
            tree["change"] = {r: _fte(fte) for r, fte in rest.items()}
        if pins.packages:
            kept = [p for p, r in self.question.instance.packages.items() if r.start > self._end]
            tree["packages"] = {p: pins.packages[p] for p in kept if p in pins.packages}
        return tree

    @property
    def _end(self) -> Month:
        return next(p.end for p in self.staffing.periods if p.label == self.before)

    def limits(self, first: Period) -> dict[str, Any]:
        """Return, as standards, what is left of limits on recruitment and of what is asked for."""
        left: dict[str, dict[str, Any]] = {}
        for rule in self.question.rules:
            if isinstance(rule, BuyManagedTeam) and self._bought(rule, first.start):
                left[rule.label] = {"required": False, "extended_by": 0}
            if isinstance(rule, LimitRecruitment) and rule.per is Per.PLAN:
                if isinstance(rule.limit, Absent):
                    continue
                rest = _fte(Fraction(rule.limit) - self._recruited(rule))
                source = rule.source or "what is left of the plan's limit"
                left[rule.label] = {"limit": rest, "from": source}
        given = self.question.instance.standards
        own = {k: v if isinstance(v := given.get(k), Mapping) else {} for k in left}
        return {label: {**own[label], **figures} for label, figures in left.items()}

    def _bought(self, rule: BuyManagedTeam, first: Month) -> bool:
        """Say whether every team that a rule asks for was bought before, for as long as it asks."""
        bought = [
            hire
            for hire in self.staffing.hired
            if hire.start < first and not is_open(self.staffing, hire, first)
        ]
        return all(
            any(h.managed_team == name and h.extension >= rule.extended_by for h in bought)
            for name in on_offer(rule, self.question)
        )

    def _recruited(self, rule: LimitRecruitment) -> Fraction:
        roles = self.question.instance.roles
        own = [
            role
            for role in self.question.roles_of(rule.staff)
            if (rule.tag in roles[role].tags if rule.tag else roles[role].covers is None)
        ]
        teams = self.question.teams_in(rule.scope)
        return sum((self._so_far(team, role) for team in teams for role in own), ZERO)

    def _so_far(self, team: str, role: str) -> Fraction:
        """Return who has joined a role in a team by then, or by how much there are more."""
        staffing, labels = self.staffing, self.staffing.labels
        if not staffing.carries(team, role):
            return staffing.people_added(team, role, self.before)
        by_then = labels[: labels.index(self.before) + 1]
        return sum((staffing.stocks[team, role, label].joined for label in by_then), ZERO)

    def notes(self, first: Period) -> Iterator[str]:
        """Say what starts anew in the month."""
        for rule in self.question.rules:
            if isinstance(rule, LimitChange) and rule.times is not None:
                yield f"{rule.label} counts its changes anew from {first.start.words}"
            if isinstance(rule, LimitRecruitment) and rule.per is Per.YEAR:
                year = first.start.financial_year
                if self._end.financial_year == year:
                    yield f"{rule.label} counts anew what is recruited in {year}"
        heads = (figure for figure in heads_figures(self.staffing) if figure.period == self.before)
        if any(figure.fte.denominator > 1 for figure in heads):
            yield f"set-up is paid for whole heads of what is added from {first.start.words} on"


def _fte(fte: Fraction) -> str:
    return decimal_text(round_half_up(fte, _FTE_DECIMALS))


def _exact(figure: Fraction) -> str:
    """Write open cases of a month, or a stock: exact where so many decimals will do."""
    return decimal_text(round_half_up(figure, _STOCK_DECIMALS))
