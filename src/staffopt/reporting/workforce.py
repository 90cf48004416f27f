"""The workforce from month to month: who is to be recruited when, and what becomes of everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter

from staffopt.instance.calendar import Month
from staffopt.plan import FlowDecision, FlowFigure, Plan
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, fte, thousands
from staffopt.rulebook import FLOWS, JOIN

ZERO = Fraction(0)
NOBODY = "Nobody is recruited, let go or moved in the months planned."
_MOST_DECISIONS = 30
"""Of more decisions than that, those of all teams are added up."""

_DECIMALS = 1
_MOST_STOCKS = 24
"""Of more stocks than that, the report shows those of all teams together."""

_MONTHS_IN_ROW = 6
_MONTHS_ONE_BY_ONE = 12
"""For longer than that, what becomes of people is shown by financial year."""

Span = tuple[str, Sequence[str]]
"""A heading, and the labels of the months that it stands for."""

Of = Callable[[FlowFigure], Fraction]

_START: Of = attrgetter("opening")
_FLOWS: tuple[tuple[str, Of], ...] = (
    ("leave", lambda month: -month.leavers),
    ("let go or move", lambda month: -month.moved_out),
    ("progress", lambda month: month.progressed_in - month.progressed_out),
    ("arrive from elsewhere", attrgetter("moved_in")),
    ("join", attrgetter("joined")),
)
_END: tuple[tuple[str, Of], ...] = (
    ("in post at the end", attrgetter("in_post")),
    ("by caseloads they can hold", attrgetter("able")),
)


def workforce_tables(plan: Plan) -> list[str]:
    """Show decisions, every stock by team and month, and how each role's people change.

    Nothing where nobody is carried forward.
    """
    if not plan.figures.flows:
        return []
    parts = [decisions_table(plan), *_stocks(plan), *_changes(plan)]
    lines = [line for part in parts for line in [*part, ""]]
    return [*lines, *workforce_notes(plan)]


def decisions_table(plan: Plan) -> list[str]:
    """Show who joins, is let go or moves: when, where, and by when it must be decided."""
    head, rows = decision_rows(plan)
    if not rows:
        return [NOBODY]
    return table(head, rows, left=(0, 1, 2, 3))


def decision_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of that table."""
    decided = plan.decisions.flows
    together = len(decided) > _MOST_DECISIONS
    totals: dict[tuple[str, ...], Fraction] = {}
    for decision in sorted(decided, key=lambda d: (d.period, d.kind, d.team, d.role)):
        row = tuple(_words(plan.question, decision, together=together))
        totals[row] = totals.get(row, ZERO) + decision.fte
    rows = [[*row, fte(total)] for row, total in totals.items()]
    return ["Decisions", "who", "where", "decide by", "FTE"], rows


def _words(question: Question, decision: FlowDecision, *, together: bool) -> Iterator[str]:
    """Say of a decision when, who, where, and by when it must be made."""
    council, role = question.instance, question.role_name(decision.role)
    month = Month.parse(decision.period)
    yield f"{month.words}, {FLOWS[decision.kind].words}"
    target = decision.to_role
    yield role if target is None else f"{role} → {question.role_name(target)}"
    team, other = council.teams[decision.team].name, decision.to_team
    here = team if other is None else f"{team} → {council.teams[other].name}"
    yield "all teams" if together else here
    turnover = council.roles[decision.role].turnover
    lead = turnover.lead_time if turnover is not None and decision.kind == JOIN else 0
    yield (month + -lead).words


def _stocks(plan: Plan) -> Iterator[list[str]]:
    """Make tables of who is in post at the end of each month, team by team and role by role."""
    question, figures = plan.question, plan.figures.flows
    pairs = dict.fromkeys((f.team, f.role) for f in figures)
    if len(pairs) > _MOST_STOCKS:
        return
    found = {(f.team, f.role, f.period): f.in_post for f in figures}
    for spans in _rows_of(_months(question)):
        head = ["In post, FTE", "", *(heading for heading, _ in spans)]
        rows = [
            [
                question.instance.teams[team].name,
                question.role_name(role),
                *(_fte(found[team, role, labels[-1]]) for _, labels in spans),
            ]
            for team, role in pairs
        ]
        yield table(head, rows, left=(0, 1))


def _changes(plan: Plan) -> Iterator[list[str]]:
    """Make tables of how the people of each role change over all teams."""
    months, years = _months(plan.question), plan.question.instance.calendar.years
    spans = months
    if len(months) > _MONTHS_ONE_BY_ONE:
        labels = {
            year: [at for _, own in months for at in own if _year(at) == year] for year in years
        }
        spans = list(labels.items())
    for role in dict.fromkeys(f.role for f in plan.figures.flows):
        for part in _rows_of(spans):
            head = [f"{plan.question.role_name(role)}, all teams, FTE", *(name for name, _ in part)]
            yield table(head, list(_of_role(plan, role, part)))


def _of_role(plan: Plan, role: str, spans: Sequence[Span]) -> Iterator[list[str]]:
    own = [figure for figure in plan.figures.flows if figure.role == role]

    def total(count: Of, labels: Sequence[str]) -> str:
        return _fte(sum((count(f) for f in own if f.period in labels), ZERO))

    yield ["at the start", *(total(_START, labels[:1]) for _, labels in spans)]
    for word, count in _FLOWS:
        if any(count(figure) for figure in own):
            yield [word, *(total(count, labels) for _, labels in spans)]
    (word, there), (other, able) = _END
    yield [word, *(total(there, labels[-1:]) for _, labels in spans)]
    if any(there(figure) != able(figure) for figure in own):
        yield [other, *(total(able, labels[-1:]) for _, labels in spans)]


def _months(question: Question) -> list[Span]:
    return [(month.words, [str(month)]) for month in question.instance.calendar.months]


def _year(label: str) -> str:
    return Month.parse(label).financial_year


def _rows_of(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    """Cut spans into as many as a page is wide."""
    for first in range(0, len(spans), _MONTHS_IN_ROW):
        yield spans[first : first + _MONTHS_IN_ROW]


def _fte(value: Fraction) -> str:
    return thousands(value, _DECIMALS) if value else NOTHING


def workforce_notes(plan: Plan) -> list[str]:
    """Say what these figures are, and at which shares people leave."""
    question = plan.question
    roles = dict.fromkeys(f.role for f in plan.figures.flows)
    shares = []
    for role in roles:
        turnover = question.instance.roles[role].turnover
        if turnover is not None and (turnover.monthly or turnover.monthly_first_year):
            words = f"{question.role_name(role)} {_percent(turnover.monthly)}"
            if turnover.monthly_first_year != turnover.monthly:
                words += f" ({_percent(turnover.monthly_first_year)} in the first year)"
            shares.append(words)
    said = ["Stocks are expectations: decisions are on steps, and what is left of people is not."]
    pairs = {(f.team, f.role) for f in plan.figures.flows}
    if len(pairs) > _MOST_STOCKS:
        said.append("Every team and role, month by month: staffopt report --to csv, table `flows`.")
    return [*said, *([f"Leave in a month: {'; '.join(shares)}."] if shares else [])]


def _percent(share: Fraction) -> str:
    return f"{thousands(share * 100, 2)}%"
