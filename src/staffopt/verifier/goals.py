"""What each goal comes to, in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from staffopt.errors import Fault, InputError, UnknownName
from staffopt.instance.staff import AGENCY, RoleKind
from staffopt.model.schema import Goal, GoalName
from staffopt.plan import (
    FULL_YEAR,
    TODAY,
    CaseloadFigure,
    Decisions,
    Figures,
    Finding,
    Got,
    MoneyKind,
    Verdict,
)
from staffopt.question import ALL, NOT_NAMED, Question
from staffopt.rulebook import (
    Basis,
    Each,
    FlowCases,
    HoldEveryCase,
    PlaceEveryone,
    ReleaseTime,
)
from staffopt.verifier.bands import upper_edge
from staffopt.verifier.caseloads import split_teams
from staffopt.verifier.figures import derive
from staffopt.verifier.fixed_terms import rate_of_fixed_terms
from staffopt.verifier.managed import whole_price
from staffopt.verifier.money import annual_rate
from staffopt.verifier.registry import by_area
from staffopt.verifier.staffing import ZERO
from staffopt.verifier.words import number

_NOBODY = "nobody-in-post"
"""The fault of posts with nobody in them, of which there is no number per FTE."""

_NO_AVERAGE = "cases-without-posts"
"""The fault of a team with cases that nobody holds."""

_RECURS = (
    MoneyKind.RECURRENT,
    MoneyKind.SAVING,
    MoneyKind.PREMIUM,
    MoneyKind.CASHABLE,
    MoneyKind.PENALTY,
    MoneyKind.PRICE,
)
"""What a full-year cost counts of the ledger."""

_NO_MONEY = (MoneyKind.PENALTY, MoneyKind.PRICE)
"""What only goals weigh, and nobody pays."""


def goal_value(question: Question, plan: Decisions | Figures, goal: Goal) -> Fraction:
    """Return what a goal comes to: pounds (a year), cases per FTE, or FTE and packages.

    A cost counts what is known of it; a cost that is not known is a caution of its own.

    Raises:
        InputError: if the goal cannot be worked out: a year outside the calendar, released time
            that no rule gives, or a team with cases and no case holders.
    """
    figures = derive(question, plan) if isinstance(plan, Decisions) else plan
    match goal.minimise:
        case GoalName.FULL_YEAR_COST:
            return _full_year_cost(question, figures)
        case GoalName.COST:
            return _cost(question, figures, goal.year)
        case GoalName.SPEND:
            return _spend(question, figures, goal)
        case GoalName.PENALTY:
            return _penalty(figures)
        case _:
            return _OF_STAFF_AND_CASES[goal.minimise](question, figures, goal)


def _change_from_today(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add what is added or cut: posts, people who are decided apart, packages and managed teams.

    A managed team that is there already counts where it is extended.
    Of people who are carried forward, those who join, are let go or move count.
    """
    changes = sum((abs(figure.change) for figure in figures.posts), ZERO)
    carried = {(figure.team, figure.role) for figure in figures.flows}
    apart = (f for f in figures.people if f.apart and (f.team, f.role) not in carried)
    changes += sum((abs(figure.change) for figure in apart), ZERO)
    changes += sum((figure.joined + figure.moved_out for figure in figures.flows), ZERO)
    bought = sum(f.teams for f in figures.managed_teams if f.extension or not f.there)
    return changes + bought + sum(figure.taken for figure in figures.packages)


def _full_year_cost(question: Question, figures: Figures) -> Fraction:
    """Add the annual rate of added posts, of those and of packages taken that have their own end.

    The whole price of managed teams, what missing softened rules weighs, and the prices of bands
    are added to it.
    """
    posts = (
        line.amount.raw
        for line in figures.money
        if line.kind in _RECURS and line.year == FULL_YEAR and line.amount is not None
    )
    packages = (annual_rate(question, f.package) for f in figures.packages if f.taken)
    managed = (whole_price(question, figure) for figure in figures.managed_teams)
    fixed = rate_of_fixed_terms(question, figures)
    return sum(posts, ZERO) + fixed + sum(packages, ZERO) + sum(managed, ZERO)


def _cost(question: Question, figures: Figures, year: str | None) -> Fraction:
    """Add the new money and penalties that fall in a financial year, or in the whole calendar."""
    years = question.instance.calendar.years
    if year is not None and year not in years:
        raise UnknownName("financial year", year, list(years))
    amounts = (
        line.amount.raw
        for line in figures.money
        if line.kind is not MoneyKind.TODAY
        and line.amount is not None
        and line.year in (years if year is None else (year,))
    )
    return sum(amounts, ZERO)


def _spend(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add what is charged to a fund in a year, posts of today too; what cuts save is left out."""
    funds, years = [*question.instance.funds, NOT_NAMED], question.instance.calendar.years
    if goal.fund is not None and goal.fund not in funds:
        raise UnknownName("fund", goal.fund, funds)
    if goal.year is not None and goal.year not in years:
        raise UnknownName("financial year", goal.year, list(years))
    amounts = (
        line.amount.raw
        for line in figures.money
        if line.kind not in (MoneyKind.SAVING, *_NO_MONEY)
        and line.amount is not None
        and line.fund in (funds if goal.fund is None else (goal.fund,))
        and line.year in (years if goal.year is None else (goal.year,))
    )
    return sum(amounts, ZERO)


def _penalty(figures: Figures) -> Fraction:
    """Add what missing softened rules, and bands at a price, weigh in a full year."""
    amounts = (
        line.amount.raw
        for line in figures.money
        if line.kind in _NO_MONEY and line.year == FULL_YEAR and line.amount is not None
    )
    return sum(amounts, ZERO)


def limits(question: Question, figures: Figures) -> Iterator[Finding]:
    """Hold every goal that has a limit against it, with no tolerance."""
    for goal in question.goals:
        if goal.at_most is not None:
            yield _limit(question, figures, goal, Fraction(goal.at_most))


def _limit(question: Question, figures: Figures, goal: Goal, most: Fraction) -> Finding:
    name = str(goal.minimise)
    try:
        value = goal_value(question, figures, goal)
    except InputError as error:
        if any(fault.code != _NO_AVERAGE for fault in error.faults):
            raise
        # Cases that nobody holds are an average above any limit.
        return Finding(rule=name, verdict=Verdict.BROKEN, words=error.faults[0].what)
    words = f"{name} is {number(value)}, at most {number(most)}"
    if value <= most:
        return Finding(rule=name, verdict=Verdict.MET, words=words)
    return Finding(rule=name, verdict=Verdict.BROKEN, words=words, by=value - most)


def _worst_caseload(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Find the highest average of any team in the goal's scope, in any period of the plan."""
    if goal.basis is Basis.EFFECTIVE and question.rule(ReleaseTime) is None:
        mend = "Add the rule release_time, or ask for `basis: reported`."
        raise InputError([Fault("no-release-time", "no rule releases time", mend)])
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    looked_at = [
        figure
        for figure in figures.caseloads
        if figure.of in teams and figure.period != TODAY and figure.basis == goal.basis
        if figure.denominator is goal.denominator
    ]
    return max((_average(figure) for figure in looked_at), default=ZERO)


def _average(figure: CaseloadFigure) -> Fraction:
    if figure.average is not None:
        return figure.average
    if not figure.cases:
        return ZERO
    raise InputError(
        [
            Fault(
                _NO_AVERAGE,
                f"{figure.of} has cases and no case holders in {figure.period}, so it has no "
                "average caseload",
                "Give the team case-holding posts, or take it out of the goal's scope.",
            )
        ]
    )


def _agency_use(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add the FTE of agency staff in post, times the months that each period has."""
    months = {p.label: len(p.months) for p in question.instance.calendar.cut()}
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    roles = {r for r, record in question.instance.roles.items() if AGENCY in record.tags}
    used = (
        months[figure.period] * figure.in_post
        for figure in figures.people
        if figure.team in teams and figure.role in roles
    )
    return sum(used, ZERO)


def _cases_above_band(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add the cases above a band's upper edge times FTE, over teams (or roles) and periods."""
    bands = question.instance.bands
    if bands is None or goal.band is None:
        raise InputError([Fault("no-bands", "cases above a band need bands", "Declare `bands`.")])
    edge = upper_edge(bands, goal.band)
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    split = set(split_teams(question)) if goal.basis is Basis.REPORTED else set()
    by_team = [
        (figure.cases, figure.fte)
        for figure in figures.caseloads
        if figure.of in teams and figure.of not in split and figure.period != TODAY
        if (figure.basis, figure.denominator) == (goal.basis, goal.denominator)
    ]
    roles = question.roles_of(RoleKind.CASE_HOLDER)
    by_role = [
        (figure.cases, figure.fte or ZERO)
        for figure in figures.cases
        if figure.team in teams and figure.team in split and figure.role in roles
    ]
    return sum((max(ZERO, cases - edge * fte) for cases, fte in (*by_team, *by_role)), ZERO)


def _unallocated_cases(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add the cases that nobody holds, over teams and periods.

    Raises:
        InputError: if no rule splits the cases.
    """
    if question.rule(HoldEveryCase) is None:
        mend = f"Add the rule {HoldEveryCase.name}."
        raise InputError([Fault("no-split", "no rule says who holds cases", mend)])
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    nobodys = (f.cases for f in figures.cases if f.held_by == "nobody" and f.team in teams)
    return sum(nobodys, ZERO)


def _redundancies(_question: Question, figures: Figures, _goal: Goal) -> Fraction:
    """Add the FTE made redundant, over teams, roles and months."""
    return sum((figure.made_redundant for figure in figures.flows), ZERO)


def _open_cases(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Add the weighted cases open at the end of each month, over teams whose cases flow.

    Raises:
        InputError: if no rule lets cases flow.
    """
    if question.rule(FlowCases) is None:
        mend = f"Add the rule {FlowCases.name}."
        raise InputError([Fault("no-flow", "no rule says how cases come and go", mend)])
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    left = (
        question.weight(f.case_type or "") * f.open for f in figures.case_flow if f.team in teams
    )
    return sum(left, ZERO)


def _worst_uncovered(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Find the most posts per FTE in post of any area or team, in any period.

    Raises:
        InputError: if somewhere there are posts and nobody at all is in them.
    """
    roles = set(question.roles_of(goal.staff))
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    groups = by_area(question, teams)
    if goal.each is Each.TEAM:
        groups = {team: (team,) for team in teams}
    worst = ZERO
    for group, own in groups.items():
        for label in (period.label for period in question.instance.calendar.cut()):
            posts, there = (
                sum((fte for t, r, p, fte in cells if t in own and r in roles and p == label), ZERO)
                for cells in (
                    [(f.team, f.role, f.period, f.posts) for f in figures.posts],
                    [(f.team, f.role, f.period, f.in_post) for f in figures.people],
                )
            )
            if posts and not there:
                what = f"{group} has posts of {goal.staff} and nobody in them in {label}"
                mend = "Place somebody there, or take it out of the goal's scope."
                raise InputError([Fault(_NOBODY, what, mend)])
            worst = max(worst, posts / there if posts else ZERO)
    return worst


def _preferences_unmet(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Count the people placed who asked and got no wish down to the goal's rank."""
    _refuse_without_places(question, goal)
    unmet = {
        "second": {Got.STAYS, Got.ELSEWHERE},
        "stay": {Got.ELSEWHERE},
    }.get(goal.rank or "first", {Got.SECOND, Got.STAYS, Got.ELSEWHERE})
    return Fraction(sum(figure.got in unmet for figure in figures.places))


def _moves(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Count the people placed in another team than today's."""
    _refuse_without_places(question, goal)
    return Fraction(sum(f.team not in (None, f.today) for f in figures.places))


def _refuse_without_places(question: Question, goal: Goal) -> None:
    if question.rule(PlaceEveryone) is None:
        what = f"{goal.minimise} goes by where people are placed, and no rule places anybody"
        mend = f"Add the rule {PlaceEveryone.name}."
        raise InputError([Fault("no-places", what, mend)])


_OF_STAFF_AND_CASES: dict[GoalName, Callable[[Question, Figures, Goal], Fraction]] = {
    GoalName.WORST_CASELOAD: _worst_caseload,
    GoalName.CASES_ABOVE_BAND: _cases_above_band,
    GoalName.UNALLOCATED_CASES: _unallocated_cases,
    GoalName.CHANGE_FROM_TODAY: _change_from_today,
    GoalName.AGENCY_USE: _agency_use,
    GoalName.REDUNDANCIES: _redundancies,
    GoalName.OPEN_CASES: _open_cases,
    GoalName.WORST_UNCOVERED: _worst_uncovered,
    GoalName.PREFERENCES_UNMET: _preferences_unmet,
    GoalName.MOVES: _moves,
}
