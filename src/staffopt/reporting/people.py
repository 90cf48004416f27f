"""People in post: who is hired, and the vacancies and agency staff that are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.instance.staff import RoleKind
from staffopt.plan import TODAY, Figures, Plan, VacancyFigure
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import (
    capital,
    fte,
    kind_words,
    listed,
    percent,
    plural,
    posts_words,
)
from staffopt.rulebook import FLOWS
from staffopt.verifier.registry import by_area

ZERO = Fraction(0)
_MOST_TEAMS = 20
"""More teams than these are shown area by area."""


def hires(plan: Plan) -> str:
    """Say who is hired and who is let go by the last period; nothing where nobody is."""
    said = []
    for word, above in (("HIRE", True), ("LET GO", False)):
        parts = [posts_words(plan.question, r, abs(n)) for r, n in _moved(plan, above=above)]
        said += [f"{word} {listed(parts)}."] if parts else []
    return " ".join([*said, *_flowing(plan)])


def _flowing(plan: Plan) -> Iterator[str]:
    """Say who joins, is let go or moves in all the months planned, kind by kind."""
    for name, kind in FLOWS.items():
        own = [flow for flow in plan.decisions.flows if flow.kind == name]
        totals = {
            role: sum((flow.fte for flow in own if flow.role == role), ZERO)
            for role in plan.question.instance.roles
        }
        parts = [posts_words(plan.question, role, n) for role, n in totals.items() if n]
        if parts:
            verb, calendar = kind.order, plan.question.instance.calendar
            until = f"from {calendar.start.words} to {calendar.end.words}"
            yield f"{verb.upper()} {listed(parts)} {until}."


def _moved(plan: Plan, *, above: bool) -> list[tuple[str, Fraction]]:
    """Return (role, FTE) of people who are decided apart from posts, over all teams."""
    totals: dict[str, Fraction] = dict.fromkeys(plan.question.instance.roles, ZERO)
    carried = {(figure.team, figure.role) for figure in plan.figures.flows}
    for figure in plan.figures.people:
        if (figure.team, figure.role) in carried:
            continue
        last = plan.question.last_period_of(figure.role)
        if figure.apart and figure.period == last and (figure.change > 0) is above:
            totals[figure.role] += figure.change
    return [(role, change) for role, change in totals.items() if change]


def people_table(question: Question, figures: Figures, *periods: str) -> list[str]:
    """Show people, vacancies and agency staff in some periods, team by team."""
    lines: list[str] = []
    for head, rows in people_rows(question, figures, *periods):
        lines += [*([""] if lines else []), *table(head, rows, left=(0, 1))]
    return lines


def people_rows(
    question: Question, figures: Figures, *periods: str
) -> list[tuple[list[str], list[list[str]]]]:
    """Return the heading and the rows of each of those tables, one a kind of role."""
    kinds = dict.fromkeys(f.kind for f in figures.vacancies)
    return [_of_kind(question, figures, kind, periods) for kind in kinds]


def _of_kind(
    question: Question, figures: Figures, kind: RoleKind, periods: Sequence[str]
) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of one kind, a row a team; of many teams a row an area."""
    found = {(f.team, f.period): f for f in figures.vacancies if f.kind is kind}
    teams = [team for team in question.instance.teams if any((team, p) in found for p in periods)]
    groups: dict[str | None, tuple[str | None, ...]] = {team: (team,) for team in teams}
    areas = by_area(question, teams)
    summed = len(teams) > _MOST_TEAMS and len(areas) < len(teams)
    if summed:
        groups = dict(areas.items())
    groups[None] = (None,)
    rows = []
    for group, own in groups.items():
        for period in periods:
            there = [found[team, period] for team in own if (team, period) in found]
            if there:
                rows.append([_called(question, group), _when(period), *_cells(there)])
    name = capital(plural(kind_words(question, kind), Fraction(2)))
    head = [f"{name} in post{' by area' if summed else ''}, FTE", "", "posts", "in post"]
    return [*head, "vacancies", "vacancy rate", "agency", "agency rate"], rows


def _called(question: Question, group: str | None) -> str:
    council = question.instance
    if group is None:
        return "All teams"
    return (council.areas if group in council.areas else council.teams)[group].name


def _when(period: str) -> str:
    return TODAY if period == TODAY else "plan"


def _cells(figures: Sequence[VacancyFigure]) -> list[str]:
    """Add up figures, and work rates out as the Department for Education does."""
    posts, in_post, vacancies, agency = (
        sum((getattr(figure, name) for figure in figures), ZERO)
        for name in ("posts", "in_post", "vacancies", "agency")
    )
    return [
        *(fte(posts), fte(in_post), fte(vacancies), _share(vacancies, in_post)),
        *(fte(agency), _share(agency, in_post)),
    ]


def _share(part: Fraction, rest: Fraction) -> str:
    return percent(part / (part + rest) if part + rest else None)
