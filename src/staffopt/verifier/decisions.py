"""What every plan owes, whatever its rules: decisions that can be carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from staffopt.errors import Fault
from staffopt.plan import Finding, PeopleDecision, PostDecision, Verdict
from staffopt.rulebook import (
    CarryStaffForward,
    FillPosts,
    FlowCases,
    HoldEveryCase,
    TakeBundleWhole,
)
from staffopt.verifier.bundles import offered
from staffopt.verifier.case_flow import flowing, kinds_of
from staffopt.verifier.cases import split_teams
from staffopt.verifier.flows import flow_findings
from staffopt.verifier.managed import unlawful
from staffopt.verifier.places import place_findings
from staffopt.verifier.staffing import Staffing, once
from staffopt.verifier.words import number

QUANTUM = Fraction(1, 10**4)
"""FTE of a role without a step is decided in multiples of this."""


_OVER = "posts of this role have ended by then"
_MANAGED = ("managed teams on offer start and end as they can", unlawful)


def decision_findings(staffing: Staffing) -> Iterator[Finding]:
    """Check that posts stay at or above 0, changes are whole steps, and only what may change does.

    Tolerance is zero. One finding says that a check is met everywhere, one each where it is not.
    """
    checks: tuple[tuple[str, Callable[[Staffing], Iterator[Finding]]], ...] = (
        ("no posts below zero", _below_zero),
        ("every change is a whole number of its role's steps", _off_step),
        ("only roles that may change do, in teams that can have them", _misplaced),
        ("only packages that are on offer are taken", _not_offered),
        *([_MANAGED] if staffing.question.instance.managed_teams else []),
    )
    council = staffing.question.instance
    told = any(team.people is not None for team in council.teams.values())
    if told or staffing.people or staffing.question.rule(FillPosts):
        checks = (*checks, *_OF_PEOPLE)
    if staffing.places or staffing.roster.is_placed:
        checks = (*checks, ("people are placed only where a rule asks for it", place_findings))
    if staffing.cases or staffing.question.rule(HoldEveryCase):
        words = "cases are held in whole quanta, in teams whose cases are split"
        checks = (*checks, (words, _not_split))
    if staffing.flows or staffing.question.rule(CarryStaffForward):
        yield from flow_findings(staffing)
    if staffing.closed or staffing.question.rule(FlowCases):
        checks = (*checks, ("cases are closed in whole quanta, where they flow", _not_flowing))
    for words, check in checks:
        found = tuple(check(staffing))
        yield from found or (Finding(rule="decisions", verdict=Verdict.MET, words=words),)


def misnamed_finding(fault: Fault) -> Finding:
    """Make the finding of a decision that names what nothing declares, or is made twice."""
    return Finding(rule="decisions", verdict=Verdict.BROKEN, words=str(fault))


@once
def _decided(staffing: Staffing) -> tuple[PostDecision, ...]:
    return tuple(
        PostDecision(team=team, role=role, period=period, change=change)
        for (team, role, period), change in staffing.changes.items()
    )


def _broken(
    staffing: Staffing,
    decision: PostDecision | PeopleDecision,
    words: str,
    by: Fraction | None = None,
) -> Finding:
    role = staffing.question.role_name(decision.role)
    return Finding(
        rule="decisions",
        verdict=Verdict.BROKEN,
        words=f"{staffing.name(decision.team)}, {role}: {words}",
        team=decision.team,
        role=decision.role,
        period=decision.period,
        by=by,
        unit=None if by is None else "FTE",
    )


def _below_zero(staffing: Staffing) -> Iterator[Finding]:
    for decision in _decided(staffing):
        posts = staffing.posts(decision.team, decision.role, decision.period)
        if posts < 0:
            yield _broken(staffing, decision, f"{number(posts)} FTE is below zero", -posts)


def _off_step(staffing: Staffing) -> Iterator[Finding]:
    yield from _off(staffing, _decided(staffing))


def _off(
    staffing: Staffing, decisions: Iterable[PostDecision | PeopleDecision]
) -> Iterator[Finding]:
    for decision in decisions:
        step = Fraction(staffing.question.instance.roles[decision.role].step) or QUANTUM
        over = decision.change % step
        if over:
            words = f"a change of {number(decision.change)} FTE is not in steps of {number(step)}"
            yield _broken(staffing, decision, words, min(over, step - over))


def _misplaced(staffing: Staffing) -> Iterator[Finding]:
    for decision in _decided(staffing):
        if not decision.change:
            continue
        if not staffing.question.changes(decision.role):
            yield _broken(staffing, decision, "the model does not let this role change")
        if not staffing.question.can_be_placed(decision.role, decision.team):
            yield _broken(staffing, decision, "the role cannot be placed in this team")
        if not staffing.stands(decision.role, decision.period):
            yield _broken(staffing, decision, _OVER)


def _people_decided(staffing: Staffing) -> Iterator[PeopleDecision]:
    for (team, role, period), change in staffing.people.items():
        yield PeopleDecision(team=team, role=role, period=period, change=change)


def _people_off_step(staffing: Staffing) -> Iterator[Finding]:
    yield from _off(staffing, _people_decided(staffing))


def _not_filled(staffing: Staffing) -> Iterator[Finding]:
    for decision in _people_decided(staffing):
        if decision.change and staffing.carries(decision.team, decision.role):
            words = "people here follow from who joins and leaves, and are no decision"
            yield _broken(staffing, decision, words)
        elif decision.change and not staffing.fills(decision.team, decision.role):
            words = "no rule lets people be decided apart from posts here"
            yield _broken(staffing, decision, words)
        elif decision.change and not staffing.stands(decision.role, decision.period):
            yield _broken(staffing, decision, _OVER)


def _nobody_below_zero(staffing: Staffing) -> Iterator[Finding]:
    """Find fewer people than none: let go who are not there, or a vacant post cut as if filled."""
    for team, role, period in {**staffing.changes, **staffing.people}:
        people = staffing.in_post(team, role, period)
        if people < 0 <= staffing.posts(team, role, period):
            place = PeopleDecision(team=team, role=role, period=period, change=people)
            words = f"{number(people)} FTE in post is below zero"
            yield _broken(staffing, place, words, -people)


_OF_PEOPLE: tuple[tuple[str, Callable[[Staffing], Iterator[Finding]]], ...] = (
    ("no people below zero", _nobody_below_zero),
    ("everybody is hired in whole steps of the role", _people_off_step),
    ("people are decided apart only where a rule fills posts", _not_filled),
)


def _not_split(staffing: Staffing) -> Iterator[Finding]:
    rule, teams = staffing.question.rule(HoldEveryCase), split_teams(staffing)
    quantum = Fraction(rule.quantum) if isinstance(rule, HoldEveryCase) else None
    for (team, role, period), cases in staffing.cases.items():
        if quantum is None or team not in teams:
            words = "no rule splits the cases of this team"
        elif cases < 0:
            words = f"{number(cases)} cases are below zero"
        elif cases % quantum:
            words = f"{number(cases)} cases are not in multiples of {number(quantum)}"
        else:
            continue
        name = f"{staffing.name(team)}, {staffing.question.role_name(role)}"
        yield Finding(
            rule="decisions",
            verdict=Verdict.BROKEN,
            words=f"{name}: {words}",
            team=team,
            role=role,
            period=period,
        )


def _not_flowing(staffing: Staffing) -> Iterator[Finding]:
    question = staffing.question
    rule, teams = question.rule(FlowCases), flowing(question)
    quantum = Fraction(rule.quantum) if isinstance(rule, FlowCases) else None
    for (team, kind, period), cases in staffing.closed.items():
        if quantum is None or team not in teams or kind not in kinds_of(question, team):
            words = "no such cases flow here"
        elif cases < 0:
            words = f"{number(cases)} cases closed are below zero"
        elif cases % quantum:
            words = f"{number(cases)} cases closed are not in multiples of {number(quantum)}"
        else:
            continue
        yield Finding(
            rule="decisions",
            verdict=Verdict.BROKEN,
            words=f"{staffing.name(team)}{f', {kind}' if kind else ''}: {words}",
            team=team,
            period=period,
        )


def _not_offered(staffing: Staffing) -> Iterator[Finding]:
    question = staffing.question
    rules = [rule for rule in question.rules if isinstance(rule, TakeBundleWhole)]
    allowed = {package for rule in rules for package in offered(rule, question)}
    for package in sorted(staffing.taken - allowed):
        words = f"{question.instance.packages[package].name} is taken, but no rule offers it"
        yield Finding(rule="decisions", verdict=Verdict.BROKEN, words=words)
