"""People in post: who is hired, and the vacancies and agency staff that are left."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import TODAY, Figures, Plan, VacancyFigure
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import capital, fte, listed, percent, posts_words
from staffopt.rulebook import FLOWS

ZERO = Fraction(0)


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
    found = {(f.kind, f.team, f.period): f for f in figures.vacancies}
    kinds = dict.fromkeys(f.kind for f in figures.vacancies)
    tables = []
    for kind in kinds:
        head = [f"{capital(str(kind).replace('_', ' '))}s in post, FTE"]
        head += ["", "posts", "in post", "vacancies", "vacancy rate", "agency", "agency rate"]
        rows = [
            _row(question, figure)
            for team in [*question.instance.teams, None]
            for period in periods
            if (figure := found.get((kind, team, period))) is not None
        ]
        tables.append((head, rows))
    return tables


def _row(question: Question, figure: VacancyFigure) -> list[str]:
    teams = question.instance.teams
    return [
        "All teams" if figure.team is None else teams[figure.team].name,
        TODAY if figure.period == TODAY else "plan",
        fte(figure.posts),
        fte(figure.in_post),
        fte(figure.vacancies),
        percent(figure.vacancy_rate),
        fte(figure.agency),
        percent(figure.agency_rate),
    ]
