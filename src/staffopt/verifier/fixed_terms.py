"""Posts that end: what they cost in a year while they are there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil

from staffopt.instance.prices import CostClass
from staffopt.instance.staff import SetUpHeads
from staffopt.plan import Figures
from staffopt.question import Question
from staffopt.verifier.heads import spare_heads
from staffopt.verifier.prices import a_person, a_post, counts_people, price_level

ZERO = Fraction(0)


def fixed_term_roles(question: Question) -> tuple[str, ...]:
    """Name the roles whose posts end, in file order."""
    roles = question.instance.roles.items()
    return tuple(role for role, record in roles if record.ends is not None)


def rate_of_fixed_terms(question: Question, figures: Figures) -> Fraction:
    """Return what all fixed-term posts add in a year; see :func:`rate_of_fixed_term`."""
    roles = fixed_term_roles(question)
    return sum((rate_of_fixed_term(question, figures, role) for role in roles), ZERO)


def rate_of_fixed_term(question: Question, figures: Figures, role: str) -> Fraction:
    """Return what posts of a role that end add in a year, less what is cut of them, in pounds.

    As the last period has it in which they are there, at the last planned year's prices. It is
    what a goal of the full-year cost weighs of them: when they have ended nothing is paid.
    """
    label, last = question.last_period_of(role), question.instance.calendar.years[-1]
    posts = {f.team: f for f in figures.posts if (f.role, f.period) == (role, label)}
    moved = {team: figure.change for team, figure in posts.items()}
    added = {team: fte for team, fte in moved.items() if fte > 0}
    if counts_people(question, role):
        people = (f for f in figures.people if (f.role, f.period) == (role, label))
        moved.update({f.team: f.change for f in people})
        above = ZERO
    else:
        above = _above_posts(question, figures, role, {t: f.posts for t, f in posts.items()})
    pay = _known(a_post(question, role)) * sum(moved.values(), ZERO)
    pay += _known(a_person(question, role)) * above
    desks = _known(question.instance.roles[role].non_staffing) * _heads(question, role, added)
    return sum(
        (
            pounds * price_level(question.instance.prices, cost, last)
            for pounds, cost in ((pay, CostClass.POSTS), (desks, CostClass.NON_STAFFING))
        ),
        ZERO,
    )


def _above_posts(
    question: Question, figures: Figures, role: str, posts: Mapping[str, Fraction]
) -> Fraction:
    """Return the people above a role's posts, FTE, where a rule decides them apart from posts."""
    label, roles = question.last_period_of(role), question.instance.roles.items()
    own = {role, *(other for other, record in roles if record.covers == role)}
    there = [f for f in figures.people if f.period == label and f.role in own]
    apart = {figure.team for figure in there if figure.apart}
    return sum(
        (
            max(ZERO, sum((f.in_post for f in there if f.team == team), ZERO) - posts.get(team, 0))
            for team in apart
        ),
        ZERO,
    )


def _heads(question: Question, role: str, added: Mapping[str, Fraction]) -> int:
    """Return the whole heads of what is added, pooled or team by team, that are not there yet."""
    if question.instance.roles[role].set_up_heads is SetUpHeads.POOLED:
        groups = [tuple(question.instance.teams)]
    else:
        groups = [(team,) for team in added]
    heads = 0
    for teams in groups:
        more = sum((added.get(team, ZERO) for team in teams), ZERO)
        heads += ceil(max(ZERO, more - spare_heads(question, role, teams) % 1))
    return heads


def _known(figure: object) -> Fraction:
    return Fraction(figure) if isinstance(figure, Decimal | Fraction) else ZERO
