"""What a plan leaves in its last period before a month, as an instance file has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from staffopt.analysis.committed import flows_decided
from staffopt.analysis.spare import spare_after
from staffopt.errors import Fault, InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.case_flow import Arrivals
from staffopt.instance.demand import CasesOverTime, cases_seen
from staffopt.quantity import decimal_text, round_half_up
from staffopt.question import Question
from staffopt.rulebook import FLOWS, Way
from staffopt.verifier.case_flow import course_of_cases, flowing, kinds_of
from staffopt.verifier.staffing import ZERO, Staffing

_FTE_DECIMALS = 4
"""Decimals to which FTE are written: a plan's decisions have no more."""

_STOCK_DECIMALS = 8
"""Decimals to which open cases of a month and stocks of people are written; they have no end."""


_OTHERWISE = ("people", "joined", "starting", "spare_heads")
"""What a team's record says that is otherwise by then, or said no more."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan leaves in its last period before a month.

    Attributes:
        question: what the plan was asked.
        staffing: its decisions.
        before: the period's label.
        first: the period after it.
        origin: where the decisions come from, for the source of the figures.
    """

    question: Question
    staffing: Staffing
    before: str
    first: Period
    origin: str

    def team(self, team: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a team's record with its posts, people and cases of that period."""
        roles = list(self.question.instance.roles)
        posts = {r: self.staffing.posts(team, r, self.before) for r in roles}
        people = {
            r: self.staffing.in_post(team, r, self.before)
            for r in roles
            if r not in self.staffing.roster.listed
        }
        mine = record.get("posts", {})
        made = {"cases": "none", **{k: v for k, v in record.items() if k not in _OTHERWISE}}
        made["posts"] = {r: fte_text(n) for r, n in posts.items() if n or r in mine}
        told = {r: fte_text(n) for r, n in people.items() if n or posts[r]}
        differ = any(fte != posts[r] for r, fte in people.items())
        made.update(self._carried(team, told if differ else {}))
        if spare := spare_after(self.staffing, self.before).get(team):
            made["spare_heads"] = {role: fte_text(room) for role, room in spare.items()}
        if made["posts"] != {r: fte_text(Fraction(str(n))) for r, n in mine.items()}:
            made.pop("shown_as", None)
        made.update(self._cases(team))
        made["from"] = self._source(record)
        return made

    def _source(self, record: Mapping[str, Any]) -> str:
        return f"{self.origin}, {self.before}; before it {record.get('from', 'as assumed')}"

    def people(self, listed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return who is listed one by one, where they work by then; who is let go has left.

        Raises:
            InputError: if a plan lets people go without saying whom.
        """
        roster, found = self.staffing.roster, {}
        for person, record in listed.items():
            team = roster.where(person)
            if team == record["team"]:
                found[person] = dict(record)
            elif team is not None:
                found[person] = {**record, "team": team, "from": self._source(record)}
        numbers = (f"new{number:03d}" for number in count(1))
        ids = (person for person in numbers if person not in listed)
        found.update(zip(ids, self._unlisted(), strict=False))
        return found

    def _unlisted(self) -> Iterator[dict[str, Any]]:
        """Yield who is added to roles that are listed one by one, one head at a time."""
        council, faults = self.question.instance, []
        for team, role in ((t, r) for t in council.teams for r in council.roles):
            if role not in self.staffing.roster.listed:
                continue
            there = self.staffing.roster.fte(team, role, today=not self.staffing.roster.is_placed)
            more = self.staffing.in_post(team, role, self.before) - there
            if more < 0:
                what = f"{self.question.role_name(role)} in {team!r} are listed one by one, and "
                what += f"the plan lets {fte_text(-more)} FTE go without saying whom"
                faults.append(Fault("who-leaves", what, "Say who is there: give the council."))
            while more > 0:
                fte = min(more, Fraction(1))
                source = f"{self.origin}, {self.before}"
                yield {"role": role, "team": team, "fte": fte_text(fte), "from": source}
                more -= fte
        if faults:
            raise InputError(faults)

    def _carried(self, team: str, people: Mapping[str, str]) -> dict[str, Any]:
        """Return people who are carried forward, by months since joining, and who starts later.

        Of those who are not carried nobody knows any more when they joined.
        """
        roles = [r for r in self.question.instance.roles if self.staffing.carries(team, r)]
        stocks = {r: self.staffing.stocks[team, r, self.before].cohorts for r in roles}
        cohorts = {r: [_exact(fte) for fte in own] for r, own in stocks.items()}
        there = {r: _exact(sum(map(Fraction, own), ZERO)) for r, own in cohorts.items()}
        # Of the oldest cohort nobody knows when they joined, except of those who will progress.
        progress = [r for r in roles if self._progresses(r)]
        joined = {
            r: {str(since): fte for since, fte in enumerate(own) if Fraction(fte)}
            for r, own in ((r, own if r in progress else own[:-1]) for r, own in cohorts.items())
        }
        starting = {r: self._starting(team, r) for r in self.question.instance.roles}
        told = {
            "people": {**people, **there},
            "joined": {r: own for r, own in joined.items() if own},
            "starting": {r: own for r, own in starting.items() if own},
        }
        return {name: table for name, table in told.items() if table}

    def _progresses(self, role: str) -> bool:
        turnover = self.question.instance.roles[role].turnover
        return turnover is not None and turnover.progresses_to is not None

    def _starting(self, team: str, role: str) -> dict[str, str]:
        """Return who is recruited, or moves from another role, before a month and starts later."""
        council = self.question.instance
        known = council.teams[team].starting.get(role, {})
        first, end = self.first.start, council.calendar.end
        found = {m: Fraction(fte) for m, fte in known.items() if first <= m <= end}
        for flow in flows_decided(self.question, self.staffing.flows, first):
            kind, way = FLOWS[flow.kind], Way(flow.team, flow.role, flow.to_team, flow.to_role)
            passage = kind.passage(council, way)
            arrival = Month.parse(flow.period) + passage.months
            if kind.arrives and way.arrival == (team, role) and first <= arrival <= end:
                fte = flow.fte * (1 - passage.loss)
                found[arrival] = found.get(arrival, ZERO) + fte
        return {str(month): _exact(fte) for month, fte in sorted(found.items())}

    def _cases(self, team: str) -> dict[str, Any]:
        """Return a team's cases of the month before, and from then on as a series."""
        course = self.question.course(team)
        if team in flowing(self.question):
            return self._flow(team)
        if course is None:
            return {}
        cases = self.question.instance.teams[team].cases
        if isinstance(cases, Mapping):
            seen = {kind: self._seen(course, kind, today) for kind, today in cases.items()}
            return {
                "cases": {kind: now for kind, (now, _) in seen.items()},
                "cases_over_time": {
                    **_how(course),
                    "types": {kind: later for kind, (_, later) in seen.items()},
                },
            }
        if not isinstance(cases, Decimal):
            return {}
        now, later = self._seen(course, "", cases)
        return {"cases": now, "cases_over_time": {**_how(course), "series": later}}

    def _seen(self, course: CasesOverTime, kind: str, today: Decimal) -> tuple[str, dict[str, str]]:
        """Return the cases of the month before, and month → cases from then on."""
        calendar, first = self.question.instance.calendar, self.first.start
        seen = {
            month: _exact(cases_seen(course, kind, today, calendar.start, month))
            for month in (first + -1, *(m for m in calendar.months if m >= first))
        }
        now = seen.pop(first + -1)
        return now, {str(month): cases for month, cases in seen.items()}

    def _flow(self, team: str) -> dict[str, Any]:
        """Return a team's cases that are open by then, and arrivals month by month from then on."""
        council, course = self.question.instance, course_of_cases(self.staffing)
        months = [m for m in council.calendar.months if m >= self.first.start]

        def from_then_on(arrivals: Arrivals) -> dict[str, Any]:
            came = {m: _exact(arrivals.in_month(council.calendar.start, m)) for m in months}
            series = {str(m): n for m, n in came.items()}
            return {"figure": came[self.first.start], "series": series}

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


def _how(course: CasesOverTime) -> dict[str, str]:
    """Return how a period counts what its months see."""
    return {"in_period": course.in_period, "multiple": str(course.multiple)}


def fte_text(fte: Fraction) -> str:
    """Write FTE as a file has them."""
    return decimal_text(round_half_up(fte, _FTE_DECIMALS))


def _exact(figure: Fraction) -> str:
    """Write open cases of a month, or a stock: exact where so many decimals will do."""
    return decimal_text(round_half_up(figure, _STOCK_DECIMALS))
