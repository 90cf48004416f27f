"""Who is in post from month to month: plain forward recursion from what was decided.

Team by team and cohort by cohort, in the order leave, move, progress, join. It shares nothing with
the linear forms that a solver is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from staffopt.instance.turnover import Turnover
from staffopt.plan import FlowDecision
from staffopt.question import Question
from staffopt.rulebook import FLOWS, Way

ZERO = Fraction(0)

Place = tuple[str, str]
"""Team and role."""


@dataclass(frozen=True, slots=True)
class MonthOfStock:
    """What became of the people of a role in a team in one month, FTE.

    Attributes:
        opening: in post at the end of the month before.
        leavers: who leave at the role's share, and who have joined and drop out at once.
        free: who are settled once those have left, and may be let go or moved.
        moved_out, moved_in: who are let go or move, and who arrive from elsewhere in the council.
        progressed_out, progressed_in: who progress into another role, and into this one.
        joined: who come from outside.
        in_post: who is there then.
        able: the same by the caseloads they can hold.
        cohorts: the same by months since they joined, 0 first; the last joined then or before.
    """

    opening: Fraction
    leavers: Fraction
    free: Fraction
    moved_out: Fraction
    progressed_out: Fraction
    progressed_in: Fraction
    moved_in: Fraction
    joined: Fraction
    in_post: Fraction
    able: Fraction
    cohorts: tuple[Fraction, ...]


@dataclass(slots=True)
class _Stock:
    """People of one role in one team.

    Entry n of ``cohorts`` are those who joined n months ago; the last one, then or before.
    """

    turnover: Turnover
    cohorts: list[Fraction]
    opening: Fraction = ZERO
    leavers: Fraction = ZERO
    free: Fraction = ZERO
    moved_out: Fraction = ZERO
    progressed_out: Fraction = ZERO
    progressed_in: Fraction = ZERO
    moved_in: Fraction = ZERO
    joined: Fraction = ZERO

    def begin(self, *, leave: bool) -> None:
        """Begin a month: people leave, and the others grow a month older, or nobody does."""
        self.opening = sum(self.cohorts, ZERO)
        self.leavers = ZERO
        self.moved_out = self.progressed_out = self.progressed_in = ZERO
        self.moved_in = self.joined = ZERO
        if leave:
            self._leave()
        self.free = self.cohorts[-1]

    def _leave(self) -> None:
        stay = [fte * (1 - self.turnover.leaving(since)) for since, fte in enumerate(self.cohorts)]
        self.leavers = self.opening - sum(stay, ZERO)
        *younger, oldest = stay
        older = [ZERO, *younger]
        older[-1] += oldest
        self.cohorts = older

    def take(self, fte: Fraction) -> None:
        """Let settled people go."""
        self.cohorts[-1] -= fte
        self.moved_out += fte

    def progress(self) -> list[tuple[int, Fraction]]:
        """Take out who have been there for as long as the role lasts: (months, FTE)."""
        if self.turnover.progresses_to is None:
            return []
        gone = []
        for since in range(self.turnover.progresses_after, len(self.cohorts)):
            gone.append((since, self.cohorts[since]))
            self.progressed_out += self.cohorts[since]
            self.cohorts[since] = ZERO
        return gone

    def add(self, since: int, fte: Fraction) -> None:
        """Add people who joined the council so many months ago."""
        self.cohorts[min(since, len(self.cohorts) - 1)] += fte

    def closed(self) -> MonthOfStock:
        """Sum the month up."""
        able = (fte * self.turnover.load(since) for since, fte in enumerate(self.cohorts))
        return MonthOfStock(
            opening=self.opening,
            leavers=self.leavers,
            free=self.free,
            moved_out=self.moved_out,
            progressed_out=self.progressed_out,
            progressed_in=self.progressed_in,
            moved_in=self.moved_in,
            joined=self.joined,
            in_post=sum(self.cohorts, ZERO),
            able=sum(able, ZERO),
            cohorts=tuple(self.cohorts),
        )


@dataclass(frozen=True, slots=True)
class _Arrival:
    place: Place
    fte: Fraction
    lost: Fraction
    as_new: bool
    from_outside: bool


@dataclass(slots=True)
class _Diary:
    """What was decided, by the number of the month in which it happens."""

    taken: dict[int, list[tuple[Place, Fraction]]] = field(default_factory=dict)
    arriving: dict[int, list[_Arrival]] = field(default_factory=dict)


def forward(
    question: Question, today: Mapping[Place, Fraction], flows: Iterable[FlowDecision]
) -> Mapping[tuple[str, str, str], MonthOfStock]:
    """Carry people forward.

    Args:
        question: the question.
        today: (team, role) → people in post today, FTE, of all who are carried forward.
        flows: what was decided, of these alone.

    Returns:
        (team, role, label of the month) → what became of them.
    """
    labels = [period.label for period in question.instance.calendar.cut()]
    stocks = {place: _opening(question, place, fte) for place, fte in today.items()}
    diary = _diary(question, labels, flows)
    _expect(question, labels, stocks, diary)
    months: dict[tuple[str, str, str], MonthOfStock] = {}
    for number, label in enumerate(labels):
        for (_, role), stock in stocks.items():
            stock.begin(leave=number > 0 or question.leave_at_once(role))
        for place, fte in diary.taken.get(number, ()):
            stocks[place].take(fte)
        _progress(stocks)
        for arrival in diary.arriving.get(number, ()):
            _arrive(stocks[arrival.place], arrival)
        for (team, role), stock in stocks.items():
            months[team, role, label] = stock.closed()
    return months


def _opening(question: Question, place: Place, today: Fraction) -> _Stock:
    """Place today's people by the months since they joined, as far as that is given.

    Of the others it is assumed that they joined long ago; in a role that lasts for some months
    only, that as many joined in each of these.
    """
    team, role = place
    turnover = question.instance.roles[role].turnover
    assert turnover is not None
    stock = _Stock(turnover, [ZERO] * (turnover.told_apart + 1))
    given = question.instance.teams[team].joined.get(role, {})
    for ago, fte in given.items():
        stock.add(ago, Fraction(fte))
    rest = today - sum(stock.cohorts, ZERO)
    if turnover.progresses_to is None:
        stock.cohorts[-1] += rest
    else:
        for since in range(turnover.progresses_after):
            stock.cohorts[since] += rest / turnover.progresses_after
    return stock


def _diary(question: Question, labels: list[str], flows: Iterable[FlowDecision]) -> _Diary:
    diary = _Diary()
    for decision in flows:
        kind, number = FLOWS[decision.kind], labels.index(decision.period)
        way = Way(decision.team, decision.role, decision.to_team, decision.to_role)
        passage = kind.passage(question.instance, way)
        if kind.leaves:
            gone = (decision.team, decision.role), decision.fte
            diary.taken.setdefault(number, []).append(gone)
        if kind.arrives:
            lost = decision.fte * passage.loss
            fte, outside = decision.fte - lost, not kind.leaves
            arrival = _Arrival(way.arrival, fte, lost, kind.as_new, from_outside=outside)
            diary.arriving.setdefault(number + passage.months, []).append(arrival)
    return diary


def _expect(question: Question, labels: list[str], places: Iterable[Place], diary: _Diary) -> None:
    """Note who is recruited already, by the month in which they start."""
    for team, role in places:
        for month, fte in question.instance.teams[team].starting.get(role, {}).items():
            arrival = _Arrival(
                (team, role), Fraction(fte), lost=ZERO, as_new=True, from_outside=True
            )
            diary.arriving.setdefault(labels.index(str(month)), []).append(arrival)


def _progress(stocks: Mapping[Place, _Stock]) -> None:
    """Let all roles progress at once, so that nobody progresses twice in a month."""
    gone = {place: stock.progress() for place, stock in stocks.items()}
    for (team, role), cohorts in gone.items():
        target = stocks[team, role].turnover.progresses_to
        for since, fte in cohorts:
            if target is not None:
                stocks[team, target].add(since, fte)
                stocks[team, target].progressed_in += fte


def _arrive(stock: _Stock, arrival: _Arrival) -> None:
    stock.add(0 if arrival.as_new else len(stock.cohorts) - 1, arrival.fte)
    if arrival.from_outside:
        # Whoever drops out at once has joined, and left again.
        stock.joined += arrival.fte + arrival.lost
        stock.leavers += arrival.lost
    else:
        stock.moved_in += arrival.fte
