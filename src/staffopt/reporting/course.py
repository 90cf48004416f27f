"""How open cases and caseloads run over the months planned, where they do not stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from staffopt.instance.calendar import Month
from staffopt.plan import TODAY, CaseloadFigure, Figures
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, thousands
from staffopt.rulebook import Denominator

_DECIMALS = 2


def period_words(label: str) -> str:
    """Write a period for people: ``Oct 2026`` for a month, any other by its label."""
    try:
        return Month.parse(label).words
    except ValueError:
        return label


def course_table(question: Question, figures: Figures) -> list[str]:
    """Show each team's open cases and average: today, at the highest, and at the end.

    Nothing where they are the same in every period.
    """
    head, rows = course_rows(question, figures)
    return table(head, rows, left=(0, 3, 7)) if rows else []


def course_rows(question: Question, figures: Figures) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of that table."""
    head = ["Over time", "cases today", "at most", "in", "at the end"]
    head += ["per post", "at most", "in", "at the end"]
    rows = []
    for team, record in question.instance.teams.items():
        course = [f for f in _reported(figures) if f.of == team]
        if course:
            rows.append([record.name, *_of_cases(course), *_of_averages(course)])
    return head, rows if _moves(figures) else []


def _reported(figures: Figures) -> list[CaseloadFigure]:
    return [
        figure
        for figure in figures.caseloads
        if (figure.basis, figure.denominator) == ("reported", Denominator.POSTS)
    ]


def _moves(figures: Figures) -> bool:
    """Say whether any team's open cases differ from those of today."""
    today = {f.of: f.cases for f in _reported(figures) if f.period == TODAY}
    return any(f.cases != today[f.of] for f in _reported(figures))


def _of_cases(course: Sequence[CaseloadFigure]) -> list[str]:
    today, *planned = course
    most = max(planned, key=lambda figure: figure.cases)
    shown = [_cases(today.cases), _cases(most.cases), period_words(most.period)]
    return [*shown, _cases(planned[-1].cases)]


def _of_averages(course: Sequence[CaseloadFigure]) -> list[str]:
    today, *planned = course
    known = [figure for figure in planned if figure.average is not None]
    if not known:
        return [_average(today.average), NOTHING, NOTHING, NOTHING]
    most = max(known, key=lambda figure: figure.average or Fraction(0))
    shown = [_average(today.average), _average(most.average), period_words(most.period)]
    return [*shown, _average(planned[-1].average)]


def _cases(cases: Fraction) -> str:
    return thousands(cases, 0 if cases.denominator == 1 else 1)


def _average(average: Fraction | None) -> str:
    return NOTHING if average is None else thousands(average, _DECIMALS)
