"""Average caseloads: reported, effective, and of those without a protected caseload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.staff import RoleKind
from staffopt.plan import TODAY, CaseloadFigure
from staffopt.quantity import Absent, round_half_up
from staffopt.question import Question
from staffopt.rulebook import (
    Basis,
    ChooseBand,
    Denominator,
    Each,
    HoldEveryCase,
    KeepAverageCaseload,
    ReleaseTime,
    Scope,
)
from staffopt.verifier.case_flow import flowing, open_by_type
from staffopt.verifier.release import released
from staffopt.verifier.staffing import ZERO, Staffing, once, total

_DECIMALS_UNLESS_DECLARED = 2


def scope_text(scope: Scope) -> str:
    """Write a scope as its names, joined by commas."""
    return scope if isinstance(scope, str) else ", ".join(scope)


def teams_with_cases(question: Question, scope: Scope, label: str) -> tuple[str, ...]:
    """Name a scope's teams that hold cases, in order of id; teams that hold none are left out.

    Raises:
        InputError: if the cases of any are not known, since a rule on them cannot be tested.
    """
    teams = question.teams_in(scope)
    faults = [
        Fault(
            "cases-unknown",
            f"{label} covers {team}, whose cases are {question.cases(team)}",
            f"Give the cases of {team}, or a scope without it.",
            Place(path=f"standards.{label}.scope"),
        )
        for team in teams
        if question.cases(team) in (Absent.NOT_PRINTED, Absent.UNLIMITED)
    ]
    if faults:
        raise InputError(faults)
    return tuple(team for team in teams if isinstance(question.cases(team), Decimal))


def cases_of(staffing: Staffing, teams: Sequence[str], period: str) -> Fraction:
    """Return the weighted cases of teams whose cases are known, in a period or today.

    Where cases flow they are those open at the end of the period.
    """
    return total(_cases(staffing, team, period) for team in teams)


def _cases(staffing: Staffing, team: str, period: str) -> Fraction:
    question = staffing.question
    if period != TODAY and team in flowing(question):
        return sum(open_by_type(staffing, team, period).values(), ZERO)
    if period != TODAY and question.cases_vary:
        return question.cases_in(team, period)
    cases = question.cases(team)
    return Fraction(cases) if isinstance(cases, Decimal) else ZERO


def denominator(
    staffing: Staffing,
    teams: Sequence[str],
    period: str,
    basis: Basis,
    counted: Denominator = Denominator.POSTS,
) -> Fraction:
    """Return the FTE that cases are divided by.

    Raises:
        InputError: if released time is asked for and no rule says how much there is.
    """
    if counted is Denominator.POSTS:
        fte = staffing.fte(teams, RoleKind.CASE_HOLDER, period)
    else:
        fte = total(
            holding(staffing, team, role, period, counted)
            for team in teams
            for role in staffing.roles_in(team, RoleKind.CASE_HOLDER)
        )
    if basis is Basis.REPORTED:
        return fte
    if staffing.question.rule(ReleaseTime) is None:
        raise InputError(
            [
                Fault(
                    "no-release-time",
                    "an effective caseload is asked for, but no rule releases time",
                    "Add the rule release_time, or ask for `basis: reported`.",
                )
            ]
        )
    return total((fte, *(released(staffing, team, period) for team in teams)))


def holding(
    staffing: Staffing, team: str, role: str, period: str, counted: Denominator
) -> Fraction:
    """Return what a denominator counts of a role in a team, FTE."""
    if counted is Denominator.POSTS:
        return staffing.posts(team, role, period)
    record, there = staffing.question.instance.roles[role], staffing.in_post(team, role, period)
    if counted is Denominator.IN_POST:
        return there
    if counted is Denominator.CASE_HOLDERS:
        return there * Fraction(record.case_holding)
    able = staffing.able(team, role, period)
    return able * Fraction(record.case_holding) * Fraction(record.counts_as)


def caseload_figures(staffing: Staffing) -> tuple[CaseloadFigure, ...]:
    """Work out every team's and pooled scope's averages, for today and for each period.

    Raises:
        InputError: if a pooled scope holds a team whose cases are not known.
    """
    return tuple(
        figure
        for name, teams in _subjects(staffing.question).items()
        for period in staffing.labels_with_today
        for figure in _averages(staffing, name, teams, period)
    )


def _subjects(question: Question) -> dict[str, tuple[str, ...]]:
    """Name what has an average: teams in file order, then pooled scopes in order of label."""
    known = [t for t in question.instance.teams if isinstance(question.cases(t), Decimal)]
    subjects: dict[str, tuple[str, ...]] = {team: (team,) for team in known}
    for rule in question.rules:
        if isinstance(rule, KeepAverageCaseload) and rule.each is Each.SCOPE:
            teams = teams_with_cases(question, rule.scope, rule.label)
            subjects.setdefault(scope_text(rule.scope), teams)
    return subjects


def _averages(
    staffing: Staffing, name: str, teams: tuple[str, ...], period: str
) -> Iterator[CaseloadFigure]:
    cases = cases_of(staffing, teams, period)
    for counted, basis in _ways(staffing):
        fte = denominator(staffing, teams, period, basis, counted)
        yield _figure(staffing, name, period, basis.value, cases, fte, counted)
    yield from _others(staffing, name, teams, period)


@once
def _ways(staffing: Staffing) -> tuple[tuple[Denominator, Basis], ...]:
    """Name the ways in which an average is counted in a question."""
    question = staffing.question
    bases = (Basis.REPORTED, Basis.EFFECTIVE) if question.rule(ReleaseTime) else (Basis.REPORTED,)
    return tuple((counted, basis) for counted in denominators(question) for basis in bases)


def denominators(question: Question) -> tuple[Denominator, ...]:
    """Name what cases are divided by in a question: posts, and whatever a rule or goal names."""
    named = {Denominator.POSTS, *(goal.denominator for goal in question.goals)}
    for rule in question.rules:
        if isinstance(rule, KeepAverageCaseload | ChooseBand):
            named.add(rule.denominator)
    return tuple(counted for counted in Denominator if counted in named)


def _others(
    staffing: Staffing, name: str, teams: tuple[str, ...], period: str
) -> Iterator[CaseloadFigure]:
    """Work out the average of those without a cap, where anybody has one."""
    question = staffing.question
    if any(_caps(question, role) is not None for role in staffing.roles[RoleKind.CASE_HOLDER]):
        carried = carried_by_others(staffing, teams, period)
        yield _figure(
            staffing, name, period, "others", carried.cases, carried.fte, carried.denominator
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """What case holders without a cap carry, and how many they are."""

    cases: Fraction
    fte: Fraction
    denominator: Denominator


def carried_by_others(staffing: Staffing, teams: Sequence[str], period: str) -> Carried:
    """Return what case holders without a cap carry; all case holders, where nobody has one.

    Where a rule splits the cases it is what they hold; elsewhere, and today, what is left if
    managed teams are full and capped workers hold their full cap.
    """
    question, holders = staffing.question, staffing.roles[RoleKind.CASE_HOLDER]
    caps = {role: cap for role in holders if (cap := _caps(question, role)) is not None}
    others = [role for role in holders if role not in caps]
    places = [(team, role) for team in teams for role in others]
    if period != TODAY and set(teams) <= set(split_teams(question)):
        held = sum((staffing.cases_held(t, r, period) for t, r in places), ZERO)
        counted = Denominator.CASE_HOLDERS
        fte = sum((holding(staffing, t, r, period, counted) for t, r in places), ZERO)
        return Carried(held, fte, counted)
    left = cases_of(staffing, teams, period)
    left -= sum((staffing.capacity(team, period) for team in teams), ZERO)
    capped = ((cap, t, role) for role, cap in caps.items() for t in teams)
    left -= sum((cap * staffing.posts(t, role, period) for cap, t, role in capped), ZERO)
    fte = sum((staffing.posts(t, r, period) for t, r in places), ZERO)
    return Carried(max(ZERO, left), fte, Denominator.POSTS)


def _caps(question: Question, role: str) -> Fraction | None:
    cap = question.instance.roles[role].cap
    return Fraction(cap) if isinstance(cap, Decimal) else None


def split_teams(question: Question) -> tuple[str, ...]:
    """Name the teams whose cases a rule splits between roles."""
    rule = question.rule(HoldEveryCase)
    return () if rule is None else question.teams_in(rule.scope)


def _figure(
    staffing: Staffing,
    name: str,
    period: str,
    basis: Literal["reported", "effective", "others"],
    cases: Fraction,
    fte: Fraction,
    counted: Denominator = Denominator.POSTS,
) -> CaseloadFigure:
    average, shown, band = _average(staffing, *cases.as_integer_ratio(), *fte.as_integer_ratio())
    return CaseloadFigure(
        of=name,
        period=period,
        basis=basis,
        denominator=counted,
        cases=cases,
        fte=fte,
        average=average,
        printed=shown,
        band=band,
    )


@once
def _average(
    staffing: Staffing, cases: int, of_cases: int, fte: int, of_fte: int
) -> tuple[Fraction | None, Fraction | None, str | None]:
    """Return cases per FTE, as it is printed, and its band; most months are like the one before.

    Both come as numerator and denominator: a hash of Fractions takes as long as a division.
    """
    if fte <= 0:
        return None, None, None
    average, bands = Fraction(cases * of_fte, of_cases * fte), staffing.question.instance.bands
    band = None if bands is None else bands.band(average)
    return average, printed(staffing.question, average), band


def printed(question: Question, average: Fraction) -> Fraction:
    """Round an average as the council prints it; to two decimals where it does not say how."""
    bands = question.instance.bands
    if bands is None or bands.round_average is None:
        return Fraction(round_half_up(average, _DECIMALS_UNLESS_DECLARED))
    return Fraction(bands.printed(average))
