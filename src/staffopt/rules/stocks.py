"""Who is in post from month to month, as linear forms in the flows that are decided.

Shares of leavers are the same in every month, so what one FTE comes to that arrives (or is taken
out) in some month depends on how many months later one looks. That is worked out once for a role,
in fractions; a stock is the sum of these over all flows, and what is left of those in post today.

Where all flows are on steps an unknown stands for each stock, held equal to its form: a stock is in
many rows, and solvers fare far better if it is in each of them once. Where a flow may be any
fraction the form itself is, so that rounding what was decided can be allowed for row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.data import Data
from staffopt.instance.turnover import Turnover
from staffopt.rules.flows import Flows

STOCKS = "stocks"
"""What the unknowns of stocks, and the rows that define them, belong to."""

Cohorts = dict[tuple[str, int], Fraction]
"""(role, months since joining) → FTE; the last month that a role tells apart is that or more."""


@dataclass(frozen=True, slots=True)
class Stocks:
    """People who are carried forward, over (team, role, period), FTE.

    Attributes:
        in_post: who is there once a month's flows have taken place.
        able: the same by the caseloads they can hold: absence and what joiners lack deducted.
        free: who is settled and may be let go or moved in a month, before anybody is.
    """

    in_post: Expression
    able: Expression
    free: Expression


def declare_stocks(builder: Builder, flows: Flows, d: Data) -> Stocks | None:
    """Follow everybody who is carried forward; None where nobody is."""
    if not d.carried.values.any():
        return None
    forms = carry(flows, d)
    if not all(flow.stepped for flow in flows.all):
        return forms
    every_period = d.mask((d.period,), lambda _: True)

    def held(name: str, form: Expression) -> Expression:
        stock = builder.variable(name, d.carried & every_period, Kind("FTE"), rule=STOCKS)
        rows = stock.equals(form).where(d.carried)
        builder.add(rows.tagged(suffix=name, defines=True), STOCKS)
        return stock

    in_post = held("in_post", forms.in_post)
    able = in_post if forms.able is forms.in_post else held("able", forms.able)
    return Stocks(in_post, able, forms.free)


def carry(flows: Flows, d: Data) -> Stocks:
    """Follow today's people and every flow through the months."""
    people = _People(d)
    anew, settled = (flows.arriving(d, as_new=new) for new in (True, False))
    taken = flows.taken(d)
    of_new, of_settled, of_taken = (
        people.courses(one) for one in (people.of_new, people.of_settled, people.of_taken)
    )

    def stock(weigh: Weigh) -> Expression:
        return (
            people.opening(weigh)
            + people.response(anew, of_new, weigh)
            + people.response(settled, of_settled, weigh)
            - people.response(taken, of_taken, weigh)
        )

    in_post = stock(people.all)
    able = stock(people.able) if people.find_their_feet else in_post
    return Stocks(in_post, able, stock(people.free))


@dataclass(frozen=True, slots=True)
class _Moment:
    """One month: who is settled and free to move early in it, and who is there at its end."""

    free: Cohorts
    there: Cohorts


Course = list[_Moment]
"""How somebody fares from some month on."""

Weigh = Callable[[_Moment], Mapping[str, Fraction]]
"""What of a month is counted, by role."""


class _People:
    """How one FTE of each role fares, in exact shares."""

    def __init__(self, data: Data) -> None:
        self._d = data
        council = data.question.instance
        self._turnover: dict[str, Turnover] = {
            role: record.turnover
            for role in data.role.labels
            if (record := council.roles[role]).turnover is not None
            and any(data.is_carried(team, role) for team in data.team.labels)
        }
        self._last = {role: turnover.told_apart for role, turnover in self._turnover.items()}
        self._from = Axis("from", data.period.labels)

    @property
    def find_their_feet(self) -> bool:
        """Whether anybody counts for less than a full caseload, at any time."""
        return any(own.ramp or own.absence for own in self._turnover.values())

    def of_new(self, role: str) -> Course:
        """Follow one FTE that arrives anew at the end of a month's flows."""
        return self._follow(_Moment({}, {(role, 0): Fraction(1)}))

    def of_settled(self, role: str) -> Course:
        """Follow one settled FTE that arrives at the end of a month's flows."""
        return self._follow(_Moment({}, {(role, self._last[role]): Fraction(1)}))

    def of_taken(self, role: str) -> Course:
        """Follow one settled FTE that would have stayed: taken out before anybody progresses."""
        there = self._progressed({(role, self._last[role]): Fraction(1)})
        return self._follow(_Moment({}, there))

    def courses(self, follow: Callable[[str], Course]) -> dict[str, Course]:
        """Follow one FTE of every role."""
        return {role: follow(role) for role in self._turnover}

    def _follow(self, moment: _Moment) -> Course:
        moments = [moment]
        for _ in self._d.period.labels[1:]:
            moments.append(self._next(moments[-1].there))
        return moments

    def _next(self, there: Cohorts) -> _Moment:
        """Let a month pass: leave, grow a month older, progress."""
        older: Cohorts = {}
        for (role, since), fte in there.items():
            stay = fte * (1 - self._turnover[role].leaving(since))
            place = role, min(since + 1, self._last[role])
            older[place] = older.get(place, Fraction(0)) + stay
        return _Moment(self._settled(older), self._progressed(older))

    def _progressed(self, there: Cohorts) -> Cohorts:
        done: Cohorts = {}
        for (role, since), fte in there.items():
            own, place = self._turnover[role], (role, since)
            if own.progresses_to is not None and since >= own.progresses_after:
                place = own.progresses_to, min(since, self._last[own.progresses_to])
            done[place] = done.get(place, Fraction(0)) + fte
        return done

    def all(self, moment: _Moment) -> Mapping[str, Fraction]:
        """Count everybody, by role."""
        return _by_role(moment.there, lambda _role, _since: Fraction(1))

    def able(self, moment: _Moment) -> Mapping[str, Fraction]:
        """Count everybody by the caseload they can hold."""
        return _by_role(moment.there, lambda role, since: self._turnover[role].load(since))

    def free(self, moment: _Moment) -> Mapping[str, Fraction]:
        """Count who is free to move."""
        return _by_role(moment.free, lambda _role, _since: Fraction(1))

    def opening(self, weigh: Weigh) -> Expression:
        """What becomes of those in post today, over (team, role, period)."""
        d, labels = self._d, self._d.period.labels
        found: dict[tuple[str, ...], Fraction] = {}
        for team, courses in self._of_today.items():
            for months in courses:
                for label, moment in zip(labels, months, strict=True):
                    for role, fte in weigh(moment).items():
                        before = found.get((team, role, label), Fraction(0))
                        found[team, role, label] = before + fte
        return d.sparse((d.team, d.role, d.period), found).where(d.carried)

    @cached_property
    def _of_today(self) -> dict[str, tuple[Course, ...]]:
        """How those in post today fare, by team."""
        return {team: tuple(self._leaving(self._today(team))) for team in self._d.team.labels}

    def _leaving(self, today: Cohorts) -> Iterator[Course]:
        """Follow those of today: some leave in the first month already, others from the second."""
        at_once = {at: fte for at, fte in today.items() if self._d.question.leave_at_once(at[0])}
        months = self._follow(_Moment({}, at_once))
        # Today is no month of the plan: the first one follows it.
        yield [*months[1:], self._next(months[-1].there)]
        later = {at: fte for at, fte in today.items() if at not in at_once}
        yield self._follow(_Moment(self._settled(later), self._progressed(later)))

    def _settled(self, there: Cohorts) -> Cohorts:
        return {place: fte for place, fte in there.items() if place[1] == self._last[place[0]]}

    def _today(self, team: str) -> Cohorts:
        """Today's people of a team by months since joining."""
        today: Cohorts = {}
        record = self._d.question.instance.teams[team]
        for role, turnover in self._turnover.items():
            if not self._d.is_carried(team, role):
                continue
            last, rest = self._last[role], Fraction(self._d.people_today(team, role))
            for ago, fte in record.joined.get(role, {}).items():
                place = role, min(ago, last)
                today[place] = today.get(place, Fraction(0)) + Fraction(fte)
                rest -= Fraction(fte)
            months = range(turnover.progresses_after if turnover.progresses_to else 0)
            for since in months or (last,):
                share = rest / (len(months) or 1)
                today[role, since] = today.get((role, since), Fraction(0)) + share
        return today

    def response(
        self,
        form: Expression,
        courses: Mapping[str, Course],
        weigh: Weigh,
    ) -> Expression:
        """What all that flows in each month comes to in each month, over (team, role, period)."""
        d = self._d
        total = d.table((d.team, d.role, d.period), lambda *_: 0)
        flowing = form.renamed("period", self._from)
        for role, course in courses.items():
            own = flowing.at("role", role)
            if own.is_nothing:
                continue
            months = [weigh(moment) for moment in course]
            for other in dict.fromkeys(r for month in months for r in month):
                later = self._lagged([month.get(other, Fraction(0)) for month in months])
                total += (own * later).sum("from").where(Mask.of(d.role, [other]))
        return total

    def _lagged(self, weights: list[Fraction]) -> Expression:
        """Weights by the months from one to another, over (from, period); 0 before."""
        d, number = self._d, {label: n for n, label in enumerate(self._d.period.labels)}

        def weight(start: str, period: str) -> Fraction | float:
            lag = number[period] - number[start]
            return d.number(weights[lag] if lag >= 0 else Fraction(0))

        return d.table((self._from, d.period), weight)


def _by_role(cohorts: Cohorts, weight: Callable[[str, int], Fraction]) -> Mapping[str, Fraction]:
    found: dict[str, Fraction] = {}
    for (role, since), fte in cohorts.items():
        found[role] = found.get(role, Fraction(0)) + fte * weight(role, since)
    return found
