"""Who holds which cases: the figures, and whether rules of them hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from staffopt.errors import Fault, InputError, Place
from staffopt.plan import CasesFigure, Finding, Verdict
from staffopt.question import ALL
from staffopt.rulebook import Each, HoldEveryCase, RespectCaseloadCap, Rule
from staffopt.verifier.case_flow import flowing, in_parts, open_by_type
from staffopt.verifier.caseloads import cases_of, teams_with_cases
from staffopt.verifier.registry import TOLERANCE, Where, checks, label_of, of_cases, places
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number


def split_teams(staffing: Staffing) -> tuple[str, ...]:
    """Name the teams whose cases a rule splits, in order of id."""
    question, rule = staffing.question, staffing.question.rule(HoldEveryCase)
    return () if rule is None else teams_with_cases(question, rule.scope, label_of(rule))


def may_hold(staffing: Staffing, team: str, role: str) -> bool:
    """Say whether a role may hold cases in a team."""
    question = staffing.question
    return bool(question.holds(role)) and (
        question.can_be_placed(role, team) or staffing.today(team, role) > 0
    )


def holders(staffing: Staffing, team: str, role: str, period: str) -> Fraction:
    """Return the FTE in post that hold cases, by the caseloads they can hold."""
    share = staffing.question.instance.roles[role].case_holding
    return staffing.able(team, role, period) * Fraction(share)


def held_by_roles(staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the weighted cases that a team's roles hold."""
    roles = staffing.question.instance.roles
    return sum((staffing.cases_held(team, role, period) for role in roles), ZERO)


def unallocated(staffing: Staffing, team: str, period: str) -> Fraction:
    """Return the weighted cases that neither a role nor a managed team holds."""
    left = cases_of(staffing, [team], period) - held_by_roles(staffing, team, period)
    return max(ZERO, left - staffing.capacity(team, period))


def cases_figures(staffing: Staffing) -> tuple[CasesFigure, ...]:
    """Say who holds how many cases in every team and period whose cases are split."""
    return tuple(
        figure
        for team in split_teams(staffing)
        for period in staffing.labels
        for figure in _in_team(staffing, team, period)
    )


def _in_team(staffing: Staffing, team: str, period: str) -> Iterator[CasesFigure]:
    for role in staffing.question.instance.roles:
        fte, cases = holders(staffing, team, role, period), staffing.cases_held(team, role, period)
        if cases or (fte and may_hold(staffing, team, role)):
            yield CasesFigure(
                team=team,
                period=period,
                held_by="role",
                role=role,
                cases=cases,
                fte=fte,
                average=cases / fte if fte else None,
            )
    nobody = unallocated(staffing, team, period)
    all_cases = cases_of(staffing, [team], period)
    managed = all_cases - held_by_roles(staffing, team, period) - nobody
    if managed > 0:
        yield CasesFigure(team=team, period=period, held_by="managed team", cases=managed)
    if nobody:
        yield CasesFigure(team=team, period=period, held_by="nobody", cases=nobody)


@checks(HoldEveryCase)
def hold_every_case(rule: HoldEveryCase, staffing: Staffing) -> Iterator[Finding]:
    """Check that every case is held once, by somebody who is there and may hold it.

    Raises:
        InputError: if cases in the scope are not known, or are not given by type where roles hold
            some types only.
    """
    teams = teams_with_cases(staffing.question, rule.scope, label_of(rule))
    for where in places(staffing, rule.scope, Each.TEAM, teams):
        team, period = where.teams[0], where.period
        cases, held = cases_of(staffing, [team], period), held_by_roles(staffing, team, period)
        nobody = unallocated(staffing, team, period)
        limit = rule.unallocated
        over = nobody - Fraction(limit) if isinstance(limit, Decimal) else ZERO
        words = f"{number(cases)} cases, {number(held)} held by roles, {number(nobody)} by nobody"
        parts = in_parts(staffing, where.teams)
        yield of_cases(rule, where, words, over, stepped=not parts)
        if held - cases > (TOLERANCE if parts else ZERO):
            yield _never(rule, where, f"{number(held)} cases held of {number(cases)}")
        yield from _by_whom(rule, staffing, where)
        yield from _of_types(rule, staffing, where)


def _by_whom(rule: HoldEveryCase, staffing: Staffing, where: Where) -> Iterator[Finding]:
    """Find cases held by who may not hold them, or by more cases than people could hold."""
    team, period = where.teams[0], where.period
    for role in staffing.question.instance.roles:
        held = staffing.cases_held(team, role, period)
        name = staffing.question.role_name(role)
        if not may_hold(staffing, team, role):
            if held:
                yield _never(rule, where, f"{name} may hold no cases, and holds {number(held)}")
            continue
        fte = holders(staffing, team, role, period)
        over = held - Fraction(rule.most) * fte
        if over > (ZERO if staffing.on_steps(role) else TOLERANCE):
            yield _never(rule, where, f"{name}: {number(fte)} FTE hold {number(held)} cases")


def _of_types(rule: HoldEveryCase, staffing: Staffing, where: Where) -> Iterator[Finding]:
    """Find roles that hold more than there is of the types they may hold, alone or together."""
    question, team = staffing.question, where.teams[0]
    types = {r: {*question.holds(r)} for r in question.instance.roles}
    limited = [r for r, own in types.items() if own and ALL not in own]
    by_type = question.cases_by_type_in(team, where.period)
    if team in flowing(question):
        by_type = {k: n for k, n in open_by_type(staffing, team, where.period).items() if k}
    if limited and not by_type and cases_of(staffing, [team], where.period):
        what = f"a role holds some case types only, and the cases of {team} have no types"
        mend = f"Give the cases of {team} by type, or write `holds: [all]`."
        place = Place(path=f"teams.{team}.cases")
        raise InputError([Fault("cases-without-types", what, mend, place)])
    for size in range(1, len(limited) + 1):
        for roles in combinations(limited, size):
            own = {kind for r in roles for kind in types[r]}
            there = sum((n for kind, n in by_type.items() if kind in own), ZERO)
            held = sum((staffing.cases_held(team, r, where.period) for r in roles), ZERO)
            if held - there > (TOLERANCE if in_parts(staffing, where.teams) else ZERO):
                names = ", ".join(question.role_name(r) for r in roles)
                words = f"{names}: {number(held)} cases of {number(there)} that they may hold"
                yield _never(rule, where, words)


@checks(RespectCaseloadCap)
def respect_caseload_cap(rule: RespectCaseloadCap, staffing: Staffing) -> Iterator[Finding]:
    """Check that no capped role holds more than its cap for each FTE in post.

    Raises:
        InputError: if no rule splits the cases.
    """
    question = staffing.question
    if question.rule(HoldEveryCase) is None:
        what = f"{label_of(rule)} asks who holds cases, and no rule of the model splits them"
        raise InputError([Fault("no-split", what, f"Add the rule {HoldEveryCase.name}.")])
    split = set(split_teams(staffing))
    teams = tuple(team for team in question.teams_in(rule.scope) if team in split)
    found = ((role, _cap(rule, staffing, role)) for role in staffing.roles[rule.kind])
    caps = {role: given for role, given in found if given is not None}
    for where in places(staffing, rule.scope, Each.TEAM, teams):
        for role, (cap, how) in caps.items():
            fte = holders(staffing, where.teams[0], role, where.period)
            held = staffing.cases_held(where.teams[0], role, where.period)
            if not fte and not held:
                continue
            name = question.role_name(role)
            words = f"{name}: {number(held)} cases, {number(fte)} FTE, cap {number(cap)}{how}"
            over = held - cap * fte
            finding = of_cases(rule, where, words, over, stepped=staffing.on_steps(role))
            yield finding.model_copy(update={"role": role})


def _cap(rule: RespectCaseloadCap, staffing: Staffing, role: str) -> tuple[Fraction, str] | None:
    """Return a role's cap with a word on where it comes from, or None where it has none."""
    record = staffing.question.instance.roles[role]
    if rule.tag is not None and rule.tag not in record.tags:
        return None
    if rule.cap is not None:
        return Fraction(rule.cap), ""
    if rule.full_load is not None:
        share = record.counts_as if rule.share is None else rule.share
        how = f" ({number(Fraction(share))} of {number(Fraction(rule.full_load))})"
        return Fraction(share) * Fraction(rule.full_load), how
    return (Fraction(record.cap), "") if isinstance(record.cap, Decimal) else None


def _never(rule: Rule, where: Where, words: str) -> Finding:
    """Make the finding of what no price makes lawful: cases held twice, or by nobody there."""
    return Finding(
        rule=label_of(rule),
        verdict=Verdict.BROKEN,
        words=f"{where.name}: {words}",
        team=where.team,
        period=where.period,
    )
