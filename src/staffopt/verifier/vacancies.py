"""People in post, vacancies and agency staff: counted as the DfE's census counts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.instance.staff import AGENCY, RoleKind
from staffopt.plan import TODAY, PeopleFigure, VacancyFigure
from staffopt.question import Question
from staffopt.rulebook import FillPosts
from staffopt.verifier.staffing import ZERO, Staffing


def people_figures(staffing: Staffing) -> tuple[PeopleFigure, ...]:
    """Count people by team, role and period, of kinds whose people are told from their posts."""
    council, kinds = staffing.question.instance, kinds_apart(staffing.question)
    return tuple(
        PeopleFigure(
            team=team,
            role=role,
            period=label,
            today=staffing.in_post(team, role, TODAY),
            change=staffing.in_post(team, role, label) - _still_there(staffing, team, role, label),
            in_post=staffing.in_post(team, role, label),
            apart=staffing.fills(team, role),
        )
        for team in council.teams
        for role, record in council.roles.items()
        if record.kind in kinds and _anybody(staffing, team, role)
        for label in staffing.labels
    )


def _still_there(staffing: Staffing, team: str, role: str, label: str) -> Fraction:
    """Return the people of today whose posts have not ended, FTE."""
    there = staffing.stands(role, label)
    return staffing.in_post(team, role, TODAY) if there else ZERO


def kinds_apart(question: Question) -> frozenset[RoleKind]:
    """Name the kinds whose people are told from their posts: by the council, or by a rule.

    Whoever asks for the use of agency staff looks at them too.
    """
    council = question.instance
    given = {role for team in council.teams.values() for role in team.people or {}}
    listed = {record.role for record in council.people.values()}
    told = {
        record.kind
        for role, record in council.roles.items()
        if role in given or record.covers is not None or _asked(question, record.tags)
    }
    told |= {council.roles[role].kind for role in listed}
    told |= {goal.staff for goal in question.goals if goal.minimise == "worst_uncovered"}
    told |= {rule.staff for rule in question.rules if isinstance(rule, FillPosts)}
    return frozenset(told)


def _asked(question: Question, tags: Sequence[str]) -> bool:
    return AGENCY in tags and any(goal.minimise == "agency_use" for goal in question.goals)


def _anybody(staffing: Staffing, team: str, role: str) -> bool:
    """Say whether a role has posts or people in a team, today or in any period."""
    return any(
        staffing.posts(team, role, label) or staffing.in_post(team, role, label)
        for label in staffing.labels_with_today
    )


def vacancy_figures(staffing: Staffing) -> tuple[VacancyFigure, ...]:
    """Work out vacancies and both rates of every team, and of all teams together."""
    teams = tuple(staffing.question.instance.teams)
    kinds = kinds_apart(staffing.question)
    subjects: list[tuple[str | None, tuple[str, ...]]] = [(team, (team,)) for team in teams]
    return tuple(
        figure
        for kind in RoleKind
        if kind in kinds
        for team, own in [*subjects, (None, teams)]
        for figure in _of(staffing, team, own, kind)
    )


def _of(
    staffing: Staffing, team: str | None, teams: Sequence[str], kind: RoleKind
) -> Iterator[VacancyFigure]:
    roles = staffing.question.instance.roles
    there_can_be = [(t, r) for t in teams for r in staffing.roles_in(t, kind)]
    permanent = [(t, r) for t, r in there_can_be if AGENCY not in roles[r].tags]
    agency = [(t, r) for t, r in there_can_be if AGENCY in roles[r].tags]
    for label in staffing.labels_with_today:
        places = [
            (staffing.posts(t, r, label), staffing.in_post(t, r, label)) for t, r in permanent
        ]
        posts, there = (
            (sum(column, ZERO) for column in zip(*places, strict=True)) if places else (ZERO, ZERO)
        )
        vacant = sum((max(ZERO, post - people) for post, people in places), ZERO)
        others = sum((staffing.in_post(t, r, label) for t, r in agency), ZERO)
        if posts or there or others:
            yield VacancyFigure(
                team=team,
                kind=kind,
                period=label,
                posts=posts,
                in_post=there,
                agency=others,
                vacancies=vacant,
                vacancy_rate=_rate(vacant, there),
                agency_rate=_rate(others, there),
            )


def _rate(some: Fraction, others: Fraction) -> Fraction | None:
    return some / (some + others) if some + others else None
