"""Whether rules of people hold: who is in the posts, in which mix, and how many at the least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from staffopt.plan import TODAY, Finding
from staffopt.rulebook import (
    Counted,
    Each,
    FillPosts,
    KeepMinimumStaffing,
    LimitShare,
    MayLeave,
    Measure,
)
from staffopt.verifier.registry import Where, checks, judge, of_amount, of_fte, places
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number, plain


@checks(FillPosts)
def fill_posts(rule: FillPosts, staffing: Staffing) -> Iterator[Finding]:
    """Check that posts are filled once and enough of them, and that who may not leave is there."""
    teams = staffing.question.teams_in(rule.scope)
    for where in places(staffing, rule.scope, Each.TEAM, teams):
        yield from _within_posts(rule, staffing, where)
        if rule.filled:
            yield from _enough(rule, staffing, where)
    yield from _stay(rule, staffing, teams)


def _with_posts(rule: FillPosts, staffing: Staffing, team: str) -> list[str]:
    """Name the roles of the rule's kind that may have posts of their own in a team."""
    roles = staffing.question.instance.roles
    return [role for role in staffing.roles_in(team, rule.staff) if roles[role].covers is None]


def _within_posts(rule: FillPosts, staffing: Staffing, where: Where) -> Iterator[Finding]:
    team, period = where.teams[0], where.period
    for role in _with_posts(rule, staffing, team):
        there = staffing.in_posts_of(team, role, period)
        posts = staffing.posts(team, role, period)
        if there or posts:
            over = there - posts - Fraction(rule.surplus)
            allowed = f" and {number(Fraction(rule.surplus))} above them" if rule.surplus else ""
            name = staffing.question.role_name(role)
            words = f"{name}: {number(there)} FTE in {number(posts)} FTE of posts{allowed}"
            verdict = judge(over, stepped=_stepped(staffing, [role, *staffing.covering(role)]))
            yield of_fte(rule, verdict, words, where, over).model_copy(update={"role": role})


def _enough(rule: FillPosts, staffing: Staffing, where: Where) -> Iterator[Finding]:
    team, period = where.teams[0], where.period
    roles = _with_posts(rule, staffing, team)
    posts = sum((staffing.posts(team, role, period) for role in roles), ZERO)
    there = sum((staffing.in_posts_of(team, role, period) for role in roles), ZERO)
    if posts:
        need = Fraction(rule.filled) * posts
        words = f"{number(there)} FTE in {number(posts)} FTE of posts, {number(need)} at the least"
        verdict = judge(need - there, stepped=_stepped(staffing, staffing.roles[rule.staff]))
        yield of_fte(rule, verdict, words, where, need - there)


def _stay(rule: FillPosts, staffing: Staffing, teams: Sequence[str]) -> Iterator[Finding]:
    roles = staffing.question.instance.roles
    staying = [
        role
        for role in staffing.roles[rule.staff]
        if rule.may_leave is MayLeave.NOBODY
        or (rule.may_leave is MayLeave.COVER and roles[role].covers is None)
    ]
    for team in teams:
        for role in staying:
            before = TODAY
            apart = staffing.fills(team, role) and not staffing.carries(team, role)
            for label in staffing.labels if apart else ():
                if not staffing.stands(role, label):
                    break
                was, now = (staffing.in_post(team, role, p) for p in (before, label))
                before = label
                if was or now:
                    name = staffing.question.role_name(role)
                    words = f"{name} {number(now)} FTE in post, {number(was)} before"
                    where = Where(staffing.name(team), team, (team,), label)
                    verdict = judge(was - now, stepped=_stepped(staffing, [role]))
                    found = of_fte(rule, verdict, words, where, was - now)
                    yield found.model_copy(update={"role": role})


def _stepped(staffing: Staffing, roles: Sequence[str]) -> bool:
    return all(staffing.on_steps(role) for role in roles)


def count_staff(
    staffing: Staffing,
    where: Where,
    roles: Sequence[str],
    counted: Counted,
    measure: Measure = Measure.FTE,
) -> Fraction:
    """Count some roles: posts or people in post, in FTE or as whole heads of each role and team."""
    cells = [(team, role) for team in where.teams for role in roles]
    if counted is Counted.POSTS:
        posts = (staffing.posts(team, role, where.period) for team, role in cells)
        whole = measure is Measure.HEADS
        return sum((Fraction(ceil(fte)) if whole else fte for fte in posts), ZERO)
    of = staffing.heads_in_post if measure is Measure.HEADS else staffing.in_post
    return sum((of(team, role, where.period) for team, role in cells), ZERO)


def count_carrying(
    staffing: Staffing,
    where: Where,
    roles: Sequence[str],
    tag: str,
    asked: tuple[Counted, Measure],
) -> Fraction:
    """Count those of some roles who carry a tag: of roles that do everybody, of others who do.

    Args:
        staffing: who is where.
        where: the teams and the period.
        roles: the roles looked at.
        tag: the tag.
        asked: posts or people in post, as FTE or as heads.
    """
    records, (counted, measure) = staffing.question.instance.roles, asked
    marked = [role for role in roles if tag in records[role].tags]
    total = count_staff(staffing, where, marked, counted, measure)
    if counted is Counted.POSTS:
        return total
    for team in where.teams:
        for role in (role for role in roles if role not in marked):
            fte, heads = staffing.carrying(team, role, tag, where.period)
            total += heads if measure is Measure.HEADS else fte
    return total


@checks(LimitShare)
def limit_share(rule: LimitShare, staffing: Staffing) -> Iterator[Finding]:
    """Check the share of a part in the whole, from above and from below."""
    records = staffing.question.instance.roles
    whole = [role for role, record in records.items() if record.kind in rule.of]
    of_kind = [role for role in whole if records[role].kind is rule.kind]
    asked = rule.counted, Measure.FTE
    name = rule.tag or plain(rule.kind or "")
    stepped = _stepped(staffing, whole)
    for where in places(staffing, rule.scope, rule.each, staffing.question.teams_in(rule.scope)):
        some = (
            count_staff(staffing, where, of_kind, rule.counted)
            if rule.tag is None
            else count_carrying(staffing, where, whole, rule.tag, asked)
        )
        everybody = count_staff(staffing, where, whole, rule.counted)
        if not everybody:
            continue
        said = f"{number(some)} FTE {name} of {number(everybody)}, {_percent(some / everybody)}"
        for word, limit, sign in (("at most", rule.most, 1), ("at least", rule.least, -1)):
            if limit is not None:
                over = sign * (some - Fraction(limit) * everybody)
                words = f"{said}, {word} {_percent(Fraction(limit))}"
                yield of_fte(rule, judge(over, stepped=stepped), words, where, over)


def _percent(share: Fraction) -> str:
    return f"{number(share * 100)}%"


@checks(KeepMinimumStaffing)
def keep_minimum_staffing(rule: KeepMinimumStaffing, staffing: Staffing) -> Iterator[Finding]:
    """Check that there are enough of a kind or with a skill, by number and for the supervised."""
    records = staffing.question.instance.roles
    everywhere, own = tuple(records), staffing.roles[rule.staff]
    looked_at = [
        *(r for r in own if rule.tag is None or rule.tag in records[r].tags),
        *(r for r in everywhere if rule.supervised in records[r].tags),
    ]
    heads = rule.measure is Measure.HEADS
    unit, stepped = "heads" if heads else "FTE", heads or _stepped(staffing, looked_at)
    name = rule.tag or plain(rule.staff)
    for where in places(staffing, rule.scope, rule.each, staffing.question.teams_in(rule.scope)):
        asked = rule.counted, rule.measure
        there = (
            count_staff(staffing, where, own, *asked)
            if rule.tag is None
            else count_carrying(staffing, where, own, rule.tag, asked)
        )
        said = f"{number(there)} {unit} {name}"
        if rule.least is not None:
            short = Fraction(rule.least) - there
            words = f"{said}, at least {number(Fraction(rule.least))}"
            verdict = judge(short, stepped=stepped)
            yield of_amount(rule, verdict, words, where, short, unit=unit)
        if rule.per is None or rule.supervised is None:
            continue
        supervised = count_carrying(staffing, where, everywhere, rule.supervised, asked)
        if supervised:
            short = Fraction(rule.per) * supervised - there
            words = f"{said} for {number(supervised)} {rule.supervised}"
            words += f", {number(Fraction(rule.per))} for each needed"
            verdict = judge(short, stepped=stepped)
            yield of_amount(rule, verdict, words, where, short, unit=unit)
