"""Whether rules of the workforce's shape hold: no cuts, supply, the user's own decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.plan import TODAY, Finding, Got, Verdict
from staffopt.rulebook import Each, KeepExistingPosts, LimitRecruitment, Per, Pin, Require, Sense
from staffopt.verifier.caseloads import scope_text
from staffopt.verifier.places import place_figures
from staffopt.verifier.registry import Where, checks, judge, label_of, of_fte, places
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number, plain


@checks(KeepExistingPosts)
def keep_existing_posts(rule: KeepExistingPosts, staffing: Staffing) -> Iterator[Finding]:
    """Check that posts never fall from one period to the next, today being the first."""
    teams = staffing.question.teams_in(rule.scope)
    for team, role in (pair for pair in staffing.pairs if pair[0] in teams):
        before = TODAY
        for label in staffing.labels:
            if not staffing.stands(role, label):  # what ends is not cut
                break
            was, now = staffing.posts(team, role, before), staffing.posts(team, role, label)
            words = f"{staffing.question.role_name(role)} {number(now)} FTE, {number(was)} before"
            where = Where(staffing.name(team), team, (team,), label, role)
            verdict = judge(was - now, stepped=staffing.has_step(role))
            yield of_fte(rule, verdict, words, where, was - now)
            before = label


@checks(LimitRecruitment)
def limit_recruitment(rule: LimitRecruitment, staffing: Staffing) -> Iterator[Finding]:
    """Check that no more are added, or hired where posts are filled apart, than can be recruited.

    Cover comes from an agency: it counts where the rule names a tag that it carries.
    """
    teams, roles = staffing.question.teams_in(rule.scope), _recruited_roles(rule, staffing)
    stepped = all(staffing.on_steps(role) for role in roles)
    apart = any(staffing.fills(team, role) for team in teams for role in roles)
    for where, labels in _spans(rule, staffing, teams):
        added = recruited(rule, staffing, labels)
        words = (
            f"{number(added)} FTE {rule.tag or plain(rule.staff)} {'hired' if apart else 'added'}"
        )
        if isinstance(rule.limit, Decimal):
            excess = added - Fraction(rule.limit)
            words += f", at most {number(Fraction(rule.limit))} can be recruited"
        else:
            excess = ZERO
            words += f"; the limit is {rule.limit}: recruitment was not tested"
        yield of_fte(rule, judge(excess, stepped=stepped), words, where, excess)


def _spans(
    rule: LimitRecruitment, staffing: Staffing, teams: tuple[str, ...]
) -> Iterator[tuple[Where, list[str]]]:
    """Yield where a limit is checked, and the labels of the periods that count there."""
    whole = list(places(staffing, rule.scope, Each.SCOPE, teams))
    if rule.per is Per.PLAN:
        for number_of, where in enumerate(whole):
            yield where, list(staffing.labels[: number_of + 1])
        return
    season = {month.number for month in rule.months}
    counted = [p for p in staffing.periods if not season or p.start.month in season]
    if rule.per is Per.PERIOD:
        by_label = {where.period: where for where in whole}
        for period in counted:
            yield by_label[period.label], [period.label]
        return
    for year in staffing.question.instance.calendar.years:
        labels = [p.label for p in counted if p.start.financial_year == year]
        yield replace(whole[0], period=year), labels


def recruited(rule: LimitRecruitment, staffing: Staffing, labels: Sequence[str]) -> Fraction:
    """Return the FTE recruited in some periods, of all whom a rule looks at.

    Args:
        rule: the rule; where it is for the whole plan, the periods are the first so many.
        staffing: the plan.
        labels: the periods.
    """
    teams = staffing.question.teams_in(rule.scope)
    roles = _recruited_roles(rule, staffing)
    pairs = [(team, role) for team in teams for role in roles if staffing.may_be_in(team, role)]
    return sum((_recruited(rule, staffing, *pair, labels) for pair in pairs), ZERO)


def _recruited_roles(rule: LimitRecruitment, staffing: Staffing) -> list[str]:
    """Name the roles that a rule looks at; cover comes from an agency, and counts by its tag."""
    records = staffing.question.instance.roles
    return [
        role
        for role in staffing.roles[rule.staff]
        if (records[role].covers is None if rule.tag is None else rule.tag in records[role].tags)
    ]


def _recruited(
    rule: LimitRecruitment, staffing: Staffing, team: str, role: str, labels: Sequence[str]
) -> Fraction:
    """Return the FTE recruited in some periods: who joins, or by how much there are more."""
    if staffing.carries(team, role):
        return sum((staffing.stocks[team, role, label].joined for label in labels), ZERO)
    if rule.per is Per.PLAN:
        return staffing.people_added(team, role, labels[-1])
    return sum(
        (
            staffing.people_added(team, role, label)
            - staffing.people_added(team, role, staffing.before(label))
            for label in labels
            if staffing.stands(role, label)
        ),
        ZERO,
    )


@checks(Require)
def require(rule: Require, staffing: Staffing) -> Iterator[Finding]:
    """Check that posts of a role, those added, or people in post lie on the asked side of a figure.

    Raises:
        InputError: if it names what nothing declares.
    """
    known = {"role": staffing.question.instance.roles, "period": staffing.labels}
    named = {"role": rule.role, "period": rule.period}
    place = Place(path=f"standards.{rule.label}")
    faults = [
        unknown(kind, name, list(known[kind]), place)
        for kind, name in named.items()
        if name is not None and name not in known[kind]
    ]
    if faults:
        raise InputError(faults)
    teams, role = staffing.question.teams_in(rule.scope), rule.role
    asked = Fraction(rule.fte)
    counted = {
        "posts": staffing.posts,
        "posts added": staffing.change,
        "in post": staffing.in_post,
    }
    of_people = rule.what == "in post"
    stepped = staffing.on_steps(role) if of_people else staffing.has_step(role)
    for where in places(staffing, rule.scope, Each.SCOPE, teams):
        lasts = staffing.stands(role, where.period)
        if rule.period != where.period and not (rule.period is None and lasts):
            continue
        there = sum((counted[rule.what](team, role, where.period) for team in teams), ZERO)
        short = missed_by(there, rule.sense, asked)
        name = staffing.question.role_name(role)
        words = f"{name} {number(there)} FTE {rule.what}, {rule.sense} {number(asked)} asked for"
        verdict = judge(short, stepped=stepped)
        yield of_fte(rule, verdict, words, where, short).model_copy(update={"role": role})


def missed_by(there: Fraction, sense: Sense, asked: Fraction) -> Fraction:
    """Return by how much what is there is on the wrong side of what is asked; 0 or less: not."""
    return {
        Sense.AT_LEAST: asked - there,
        Sense.AT_MOST: there - asked,
        Sense.EXACTLY: abs(there - asked),
    }[sense]


@checks(Pin)
def pin(rule: Pin, staffing: Staffing) -> Iterator[Finding]:
    """Check that the user's own decisions are kept in every period.

    Raises:
        InputError: if a pin names what nothing declares.
    """
    _refuse_unknown(rule, staffing)
    for label in staffing.labels:
        for team, roles in rule.pins.posts.items():
            for role, wanted in _lasting(staffing, label, roles):
                where = Where(staffing.name(team), team, (team,), label)
                actual = staffing.posts(team, role, label)
                yield _pinned(rule, staffing, where, role, (actual, Fraction(wanted), "posts"))
        for team, roles in rule.pins.people.items():
            for role, wanted in _lasting(staffing, label, roles):
                where = Where(staffing.name(team), team, (team,), label)
                actual = staffing.in_post(team, role, label)
                yield _pinned(rule, staffing, where, role, (actual, Fraction(wanted), "in post"))
        for role, wanted in _lasting(staffing, label, rule.pins.change):
            teams = tuple(staffing.question.instance.teams)
            actual = sum((staffing.change(team, role, label) for team in teams), ZERO)
            where = Where(scope_text(rule.scope), None, teams, label)
            yield _pinned(rule, staffing, where, role, (actual, Fraction(wanted), "added"))
    for package, wanted_taken in rule.pins.packages.items():
        yield _pinned_package(rule, staffing, package, wanted=wanted_taken)
    for person, pinned in rule.pins.first_preferences.items():
        if pinned:
            yield _pinned_preference(rule, staffing, person)


def _lasting(
    staffing: Staffing, label: str, pinned: Mapping[str, Decimal]
) -> list[tuple[str, Decimal]]:
    """Return what is pinned of the roles whose posts are there in a period."""
    return [(role, wanted) for role, wanted in pinned.items() if staffing.stands(role, label)]


def _pinned(
    rule: Pin, staffing: Staffing, where: Where, role: str, compared: tuple[Fraction, Fraction, str]
) -> Finding:
    actual, wanted, what = compared
    gap = abs(actual - wanted)
    name = staffing.question.role_name(role)
    words = f"{name} {number(actual)} FTE {what}, {number(wanted)} pinned"
    verdict = judge(gap, stepped=staffing.has_step(role))
    return of_fte(rule, verdict, words, where, gap).model_copy(update={"role": role})


def _pinned_package(rule: Pin, staffing: Staffing, package: str, *, wanted: bool) -> Finding:
    taken = package in staffing.taken
    name = staffing.question.instance.packages[package].name
    is_so, asked = ("taken" if flag else "left" for flag in (taken, wanted))
    verdict = Verdict.MET if taken == wanted else Verdict.BROKEN
    words = f"{name} is {is_so}, pinned as {asked}"
    return Finding(rule=label_of(rule), verdict=verdict, words=words)


def _pinned_preference(rule: Pin, staffing: Staffing, person: str) -> Finding:
    got = next((figure.got for figure in place_figures(staffing) if figure.person == person), None)
    verdict = Verdict.MET if got is Got.FIRST else Verdict.BROKEN
    words = f"{person} gets {got or 'no place'}; the first preference is pinned"
    return Finding(rule=label_of(rule), verdict=verdict, words=words)


def _refuse_unknown(rule: Pin, staffing: Staffing) -> None:
    council, pins = staffing.question.instance, rule.pins
    tables = [*pins.posts.values(), *pins.people.values()]
    roles = [*pins.change, *(role for table in tables for role in table)]
    faults = [
        *_unknown("team", [*pins.posts, *pins.people], council.teams),
        *_unknown("role", roles, council.roles),
        *_unknown("package", pins.packages, council.packages),
        *_unknown("person", pins.first_preferences, council.people),
    ]
    if faults:
        raise InputError(faults)


def _unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> list[Fault]:
    declared, place = list(known), Place(path="pins")
    return [unknown(kind, name, declared, place) for name in names if name not in declared]
