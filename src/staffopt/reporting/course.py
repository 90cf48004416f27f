"""How open cases and caseloads run over the months planned, where they do not stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from staffopt.instance.calendar import Month
from staffopt.plan import TODAY, CaseloadFigure, Figures, Finding
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, caseload_words, thousands
from staffopt.rulebook import Denominator

_DECIMALS = 2


def period_words(label: str) -> str:
    """Write a period for people: ``Oct 2026`` for a month, any other by its label."""
    try:
        return Month.parse(label).words
    except ValueError:
        return label


def dated(findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """Say of each finding what it found, and when, where a rule is told of one place repeatedly."""
    every = list(findings)
    times: dict[tuple[str | None, ...], set[str]] = {}
    for found in every:
        if found.period is not None:
            times.setdefault(_place(found), set()).add(found.period)
    return [(found, _when(found, len(times.get(_place(found), ())) > 1)) for found in every]


def _place(finding: Finding) -> tuple[str | None, ...]:
    return finding.rule, finding.team, finding.area, finding.role


def _when(finding: Finding, repeated: bool) -> str:
    """Put the period first, unless what was found names it already."""
    if not repeated or finding.period is None or finding.period in finding.words:
        return finding.words
    return f"{period_words(finding.period)}: {finding.words}"


Rows = tuple[list[str], list[list[str]]]
"""The heading of a table, and its rows."""


def course_table(question: Question, figures: Figures) -> list[str]:
    """Show how each team's open cases run; nothing where they are the same in every period."""
    head, rows = course_rows(question, figures)
    return table(head, rows, left=(0, 3, 7)) if rows else []


def course_rows(question: Question, figures: Figures) -> Rows:
    """Return each team's open cases and average: today, at the highest, and at the end."""
    head = ["Over time", "cases today", "at most", "in", "at the end"]
    head += ["per post", "at most", "in", "at the end"]
    rows = []
    for team, record in question.instance.teams.items():
        course = [f for f in _reported(figures) if f.of == team]
        if course:
            rows.append([record.name, *_of_cases(course), *_of_averages(course)])
    return head, rows if _moves(figures) else []


def flow_table(question: Question, figures: Figures) -> list[str]:
    """Show what happens to cases over the months planned, where they come and go."""
    head, rows = flow_rows(question, figures)
    return table(head, rows, left=(0, 1) if "type" in head else (0,)) if rows else []


def flow_rows(question: Question, figures: Figures) -> Rows:
    """Return what happens to cases of each team, and of each type where they have types."""
    head = ["Cases come and go", "type", "open today", "arriving", "closed", "moved on", "moved in"]
    head.append("open at the end")
    typed = any(figure.case_type for figure in figures.case_flow)
    rows = []
    for team, kind in dict.fromkeys((f.team, f.case_type) for f in figures.case_flow):
        months = [f for f in figures.case_flow if (f.team, f.case_type) == (team, kind)]
        sums = [sum((getattr(m, part) for m in months), Fraction(0)) for part in _PARTS]
        told = map(_cases, (months[0].before, *sums, months[-1].open))
        rows.append([question.instance.teams[team].name, kind or NOTHING, *told])
    shown = [column for column in range(len(head)) if typed or column != 1]
    first, *kept = [[row[column] for column in shown] for row in (head, *rows)]
    return first, kept


_PARTS = ("arriving", "closed", "gone", "come")


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
        return [caseload_words(today.average), NOTHING, NOTHING, NOTHING]
    most = max(known, key=lambda figure: figure.average or Fraction(0))
    shown = [caseload_words(today.average), caseload_words(most.average), period_words(most.period)]
    return [*shown, caseload_words(planned[-1].average)]


def _cases(cases: Fraction) -> str:
    return thousands(cases, 0 if cases.denominator == 1 else 1)
