"""Whether rules of workload hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.staff import RoleKind
from staffopt.plan import Finding, Verdict
from staffopt.quantity import ceil_to_step, nearest_step, round_half_up
from staffopt.rulebook import (
    Basis,
    Denominator,
    Each,
    KeepAverageCaseload,
    ReleaseTime,
    RoundingKind,
)
from staffopt.verifier.case_flow import flowing, in_parts
from staffopt.verifier.caseloads import cases_of, denominator, teams_with_cases
from staffopt.verifier.registry import Where, checks, judge, label_of, of_fte, places
from staffopt.verifier.release import released_by, served, served_today
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import average_words, number


@checks(KeepAverageCaseload)
def keep_average_caseload(rule: KeepAverageCaseload, staffing: Staffing) -> Iterator[Finding]:
    """Check the average of every team, or of the scope, under the rule's own rounding.

    Raises:
        InputError: if cases in the scope are not known, or the rounding cannot be applied.
    """
    teams = teams_with_cases(staffing.question, rule.scope, label_of(rule))
    if rule.rounding.kind is not RoundingKind.NONE and not {*teams}.isdisjoint(
        flowing(staffing.question)
    ):
        _refuse(rule, "a rounding needs cases that are data, and in its scope they flow")
    for where in places(staffing, rule.scope, rule.each, teams):
        cases = cases_of(staffing, where.teams, where.period)
        if rule.rounding.kind in (RoundingKind.POSTS_NEAREST, RoundingKind.POSTS_UP):
            yield _by_posts(rule, staffing, where, cases)
        else:
            yield _by_average(rule, staffing, where, cases)


def _by_average(
    rule: KeepAverageCaseload, staffing: Staffing, where: Where, cases: Fraction
) -> Finding:
    """Test the average itself, unrounded or as printed; the latter is a strict edge."""
    fte = denominator(staffing, where.teams, where.period, rule.basis, rule.denominator)
    shortfall = cases / Fraction(rule.target) - fte
    if rule.rounding.kind is RoundingKind.PRINTED and fte > 0:
        reached = round_half_up(cases / fte, rule.rounding.decimals)
        verdict = Verdict.MET if reached <= rule.target else Verdict.BROKEN
    else:
        on_steps = _stepped(staffing, rule.basis) and not in_parts(staffing, where.teams)
        verdict = judge(shortfall, stepped=on_steps)
    reached_words = average_words(cases, fte, rule.denominator)
    words = f"{reached_words}, target {number(Fraction(rule.target))} ({rule.basis})"
    return of_fte(rule, verdict, words, where, shortfall)


def _by_posts(
    rule: KeepAverageCaseload, staffing: Staffing, where: Where, cases: Fraction
) -> Finding:
    """Test the posts added against the rounded need; the average may then miss the target."""
    if rule.basis is Basis.EFFECTIVE:
        _refuse(rule, "a need rounded in posts is not defined for effective caseloads")
    holders = RoleKind.CASE_HOLDER
    target = Fraction(rule.target)
    roles = staffing.roles[holders]
    places = [(team, role, where.period) for team in where.teams for role in roles]
    need = cases / target - sum((staffing.standing(*place) for place in places), ZERO)
    step = _common_step(rule, staffing, where.teams)
    up = rule.rounding.kind is RoundingKind.POSTS_UP
    rounded = max(ZERO, ceil_to_step(need, step) if up else nearest_step(need, step))
    added = staffing.added(where.teams, holders, where.period)
    verdict, shortfall = judge(rounded - added, stepped=step > 0), rounded - added
    average = average_words(
        cases, staffing.fte(where.teams, holders, where.period), Denominator.POSTS
    )
    words = (
        f"{number(added)} FTE added, {number(need)} needed ({number(rounded)} as rounded); "
        f"{average}, target {number(target)}"
    )
    if verdict is Verdict.MET and added < need:
        verdict, shortfall = Verdict.MISSED_BY_POLICY, need - added
        words += f"; {number(shortfall)} FTE short of the target, as the rounding allows"
    return of_fte(rule, verdict, words, where, shortfall)


def _common_step(rule: KeepAverageCaseload, staffing: Staffing, teams: Sequence[str]) -> Fraction:
    """Return the one step of the case-holding roles that may change in some teams."""
    question = staffing.question
    steps = {
        question.instance.roles[role].step
        for role in staffing.roles[RoleKind.CASE_HOLDER]
        if question.changes(role) and any(question.can_be_placed(role, team) for team in teams)
    }
    if len(steps) > 1:
        listed = ", ".join(number(Fraction(step)) for step in sorted(steps))
        _refuse(rule, f"the case-holding roles that may change have different steps ({listed})")
    return Fraction(steps.pop()) if steps else ZERO


def _refuse(rule: KeepAverageCaseload, what: str) -> None:
    place = Place(path=f"standards.{label_of(rule)}.rounding")
    mend = "Write `rounding: none` or `rounding: printed(d)`."
    raise InputError([Fault("rounding-undefined", f"{label_of(rule)}: {what}", mend, place)])


def _stepped(staffing: Staffing, basis: Basis) -> bool:
    """Say whether what cases are divided by can change in whole steps only."""
    kinds = {RoleKind.CASE_HOLDER}
    if basis is Basis.EFFECTIVE:
        for rule in staffing.question.rules:
            if isinstance(rule, ReleaseTime):
                kinds |= {rule.support, rule.supported}
    return staffing.stepped(*kinds)


@checks(ReleaseTime)
def release_time(rule: ReleaseTime, staffing: Staffing) -> Iterator[Finding]:
    """Say how much time is released: the rule defines effective FTE and asks for nothing."""
    teams = staffing.question.teams_in(rule.scope)
    for where in places(staffing, rule.scope, Each.TEAM, teams):
        team, period = where.teams[0], where.period
        now, before = served(rule, staffing, team, period), served_today(rule, staffing, team)
        if now or before:
            words = (
                f"{number(now)} FTE served, {number(before)} today; "
                f"{number(released_by(rule, staffing, team, period))} FTE of time released"
            )
            yield of_fte(rule, Verdict.MET, words, where, ZERO)
