"""Whether rules of places hold, and what everybody got of what they asked for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.errors import Fault, InputError, Place
from staffopt.plan import Finding, Got, PlaceFigure, Verdict
from staffopt.question import Question
from staffopt.rulebook import (
    Each,
    HonourPreferences,
    LimitTeamSize,
    Measure,
    PlaceEveryone,
    Rule,
    ShareRefusals,
)
from staffopt.verifier.people import count_staff
from staffopt.verifier.registry import Where, checks, judge, label_of, of_amount, of_fte, places
from staffopt.verifier.staffing import Staffing, once
from staffopt.verifier.words import number, plain


@once
def place_figures(staffing: Staffing) -> tuple[PlaceFigure, ...]:
    """Say of everybody listed where they are placed and what they got; of nobody if none is."""
    roster = staffing.roster
    if not roster.is_placed:
        return ()
    council = staffing.question.instance
    return tuple(
        PlaceFigure(
            person=person,
            team=roster.where(person),
            today=record.team,
            got=_got(staffing, person),
        )
        for person, record in council.people.items()
    )


def _got(staffing: Staffing, person: str) -> Got:
    """Hold a place against what was asked for."""
    record, team = staffing.question.instance.people[person], staffing.roster.where(person)
    if team is None:
        return Got.NOWHERE
    for wish, got in ((record.first, Got.FIRST), (record.second, Got.SECOND)):
        if wish is not None and team in staffing.question.teams_in(wish):
            return got
    if record.first is None:
        return Got.NOTHING_ASKED
    return Got.STAYS if team == record.team else Got.ELSEWHERE


@checks(PlaceEveryone)
def place_everyone(rule: PlaceEveryone, staffing: Staffing) -> Iterator[Finding]:
    """Check that everybody has a place that their role can have, and nobody is above the posts."""
    yield from _has_a_place(rule, staffing)
    roles = staffing.question.instance.roles
    for period in staffing.labels:
        for team in staffing.question.instance.teams:
            for role, record in roles.items():
                if record.covers is None and _is_filled(staffing, role):
                    yield from _within_posts(rule, staffing, team, role, period)


def _is_filled(staffing: Staffing, role: str) -> bool:
    """Say whether people who are placed are in a role's posts, their own or as cover."""
    return any(r in staffing.roster.listed for r in (role, *staffing.covering(role)))


def _has_a_place(rule: PlaceEveryone, staffing: Staffing) -> Iterator[Finding]:
    """Find who has no place, or one that their role cannot have; one finding if nobody does."""
    question, found = staffing.question, False
    people = question.instance.people
    for person, record in people.items():
        team = staffing.roster.where(person)
        words = None
        if team is None:
            covers = question.instance.roles[record.role].covers is not None
            if not (rule.temporary_may_leave and covers):
                words = f"{person} is placed nowhere"
        elif not question.can_be_placed(record.role, team):
            words = f"{person} is placed in {staffing.name(team)}, which cannot have the role"
        if words is not None:
            found = True
            yield Finding(
                rule=label_of(rule),
                verdict=Verdict.BROKEN,
                words=words,
                team=team,
                role=record.role,
            )
    if not found:
        words = f"{len(people)} people have one place each that their role can have"
        gone = sum(staffing.roster.where(person) is None for person in people)
        words += f", {gone} of them let go" if gone else ""
        yield Finding(rule=label_of(rule), verdict=Verdict.MET, words=words)


def _within_posts(
    rule: PlaceEveryone, staffing: Staffing, team: str, role: str, period: str
) -> Iterator[Finding]:
    there, posts = staffing.in_posts_of(team, role, period), staffing.posts(team, role, period)
    if there or posts:
        name = staffing.question.role_name(role)
        words = f"{name}: {number(there)} FTE in {number(posts)} FTE of posts"
        where = Where(staffing.name(team), team, (team,), period, role)
        yield of_fte(rule, judge(there - posts, stepped=True), words, where, there - posts)


@checks(HonourPreferences)
def honour_preferences(rule: HonourPreferences, staffing: Staffing) -> Iterator[Finding]:
    """Check that nobody is placed where they neither asked to be nor work today."""
    _refuse_without_places(rule, staffing.question)
    wrong = [figure for figure in place_figures(staffing) if _is_sent(staffing, figure)]
    for figure in wrong:
        words = f"{figure.person} is placed in {staffing.name(figure.team or '')}, unasked"
        yield Finding(rule=label_of(rule), verdict=Verdict.BROKEN, words=words, team=figure.team)
    if not wrong:
        words = "everybody is placed where they asked to be or work today, or is deployed"
        yield Finding(rule=label_of(rule), verdict=Verdict.MET, words=words)
    if rule.least is not None:
        yield from _enough_first(rule, staffing, Fraction(rule.least))


def _is_sent(staffing: Staffing, figure: PlaceFigure) -> bool:
    """Say whether somebody is placed where they neither asked to be nor work, nor are deployed."""
    council = staffing.question.instance
    if figure.got is Got.ELSEWHERE:
        return True
    deployed = council.roles[council.people[figure.person].role].covers is not None
    return figure.got is Got.NOTHING_ASKED and figure.team != figure.today and not deployed


def _enough_first(
    rule: HonourPreferences, staffing: Staffing, least: Fraction
) -> Iterator[Finding]:
    asked, refused = refusals(staffing)
    need, met = least * asked, asked - refused
    words = f"{met} of {asked} get their first preference, {number(need)} at the least"
    for period in staffing.labels:
        where = Where("Everybody", None, (), period)
        verdict = judge(need - met, stepped=True)
        yield of_amount(rule, verdict, words, where, need - met, unit="people")


def refusals(staffing: Staffing, tag: str | None = None) -> tuple[int, int]:
    """Count who asked, of everybody or of a class, and whose first preference is not met.

    Whoever is let go is refused nothing: they have no place at all.
    """
    council = staffing.question.instance
    asked = refused = 0
    for figure in place_figures(staffing):
        record = council.people[figure.person]
        inside = tag is None or tag in (*record.tags, *council.roles[record.role].tags)
        if inside and record.first is not None:
            asked += 1
            refused += figure.got in (Got.SECOND, Got.STAYS, Got.ELSEWHERE)
    return asked, refused


@checks(ShareRefusals)
def share_refusals(rule: ShareRefusals, staffing: Staffing) -> Iterator[Finding]:
    """Check that a class bears no more of the refusals than its share, rounded up to a person."""
    _refuse_without_places(rule, staffing.question)
    asked, refused = refusals(staffing)
    own_asked, own_refused = refusals(staffing, rule.tag)
    if not own_asked:
        return
    share = Fraction(own_asked, asked) * refused
    # Rounded up: what is below the next whole person is still its share.
    over = own_refused - share - Fraction(asked - 1, asked)
    words = (
        f"{own_refused} of {own_asked} {plain(rule.tag)} staff are refused, {refused} of {asked} "
        f"of all; their share is {number(share)}"
    )
    for period in staffing.labels:
        where = Where("Everybody", None, (), period)
        yield of_amount(rule, judge(over, stepped=True), words, where, over, unit="people")


@checks(LimitTeamSize)
def limit_team_size(rule: LimitTeamSize, staffing: Staffing) -> Iterator[Finding]:
    """Check that no team has more staff of some kinds than it may."""
    records = staffing.question.instance.roles
    own = [role for role, record in records.items() if record.kind in rule.staff]
    heads = rule.measure is Measure.HEADS
    unit = "heads" if heads else "FTE"
    stepped = heads or all(staffing.on_steps(role) for role in own)
    for where in places(staffing, rule.scope, Each.TEAM, staffing.question.teams_in(rule.scope)):
        there = count_staff(staffing, where, own, rule.counted, rule.measure)
        over = there - Fraction(rule.most)
        words = f"{number(there)} {unit} of {' and '.join(map(plain, rule.staff))}, at most "
        words += number(Fraction(rule.most))
        verdict = judge(over, stepped=stepped)
        yield of_amount(rule, verdict, words, where, over, unit=unit)


def _refuse_without_places(rule: Rule, question: Question) -> None:
    """Refuse a rule that goes by places where none are given.

    Raises:
        InputError: if no rule places anybody.
    """
    if question.rule(PlaceEveryone) is None:
        what = f"{rule.label} goes by where people are placed, and no rule places anybody"
        mend = f"Add the rule {PlaceEveryone.name}."
        place = Place(path=f"standards.{rule.label}")
        raise InputError([Fault("no-places", what, mend, place)])


def place_findings(staffing: Staffing) -> Iterator[Finding]:
    """Find places that no rule of the model asks for."""
    if staffing.roster.places and not staffing.roster.is_placed:
        words = "people are placed, and no rule of the model places anybody"
        yield Finding(rule="decisions", verdict=Verdict.BROKEN, words=words)
