"""Work that is needed, and who does it: those there, overtime, and people to spare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter

from staffopt.instance.calendar import Period
from staffopt.plan import Plan, WorkFigure
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, thousands

ZERO = Fraction(0)
_DECIMALS = 1
_MOST_PAIRS = 12
"""Of more teams and roles than that, each role's are added up over the teams."""

_PERIODS_IN_ROW = 6
_ROWS: tuple[tuple[str, Callable[[WorkFigure], Fraction]], ...] = (
    ("needed", attrgetter("needed")),
    ("there", attrgetter("able")),
    ("overtime", attrgetter("overtime")),
    ("to spare", attrgetter("spare")),
)


def work_table(plan: Plan) -> list[str]:
    """Show the FTE that the work needs beside those who do it; nothing where no rule compares."""
    periods = plan.question.instance.calendar.cut()
    lines: list[str] = []
    for first in range(0, len(periods), _PERIODS_IN_ROW):
        head, rows = work_rows(plan, periods[first : first + _PERIODS_IN_ROW])
        lines += [*([""] if lines else []), *table(head, rows, left=(0, 1, 2))] if rows else []
    return lines


def work_rows(plan: Plan, periods: Sequence[Period]) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of that table, of some periods."""
    figures = plan.figures.work
    together = len({(f.team, f.role) for f in figures}) > _MOST_PAIRS
    groups: dict[tuple[str, str], list[WorkFigure]] = {}
    for figure in figures:
        team = plan.question.instance.teams[figure.team].name
        place = "All teams" if together else team, plan.question.role_name(figure.role)
        groups.setdefault(place, []).append(figure)
    labels = [period.label for period in periods]
    rows = [row for place, own in groups.items() for row in _of_place(place, own, labels)]
    months = [p.start.words if p.start == p.end else p.label for p in periods]
    return ["Work, FTE", "", "", *months], rows


def _of_place(
    place: tuple[str, str], figures: list[WorkFigure], labels: list[str]
) -> Iterator[list[str]]:
    """Yield what is needed, there and so on, leaving out what is nothing in every period."""
    for word, count in _ROWS:
        sums = [sum((count(f) for f in figures if f.period == label), ZERO) for label in labels]
        if any(sums) or word == "there":
            yield [*place, word, *(thousands(n, _DECIMALS) if n else NOTHING for n in sums)]
