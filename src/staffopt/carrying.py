"""What a question must give where people are carried forward from month to month."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.career_faults import career_faults
from staffopt.errors import Fault, Place
from staffopt.instance.calendar import Periods
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.rulebook import CarryStaffForward, FillPosts

MOST_DECIMALS = 1800
"""Months times digits of a month's share: as many decimals as a stock can come to have."""


def carrying_faults(question: Question) -> list[Fault]:
    """List why people cannot be carried forward or do what careers allow; nothing unless asked."""
    rules = [rule for rule in question.rules if isinstance(rule, CarryStaffForward)]
    faults = [fault for rule in rules for fault in _of_rule(question, rule)]
    return list(dict.fromkeys([*faults, *career_faults(question)]))


def _of_rule(question: Question, rule: CarryStaffForward) -> Iterator[Fault]:
    calendar = question.instance.calendar
    if calendar.periods is not Periods.MONTHS:
        yield Fault(
            "not-by-months",
            f"{rule.label} goes from month to month, and the calendar is cut into "
            f"{str(calendar.periods).replace('_', ' ')}",
            "Write `periods: months`.",
            Place(path="calendar.periods"),
        )
    places = carried_places(question, rule)
    filled = {
        place
        for filling in question.rules
        if isinstance(filling, FillPosts)
        for place in carried_places(question, filling)
    }
    if not filled >= set(places):
        what = (
            f"{rule.label} says who is in post, and no rule says how people and posts hang together"
        )
        mend = f"Add {FillPosts.name} for the same staff and scope."
        yield Fault("posts-not-filled", what, mend, Place(path=f"standards.{rule.label}"))
    for role in dict.fromkeys(role for _, role in places):
        yield from _of_role(question, rule, role, places)
    for team, role in places:
        if role in question.instance.pins.people.get(team, {}):
            what = f"{role} in {team} follow from month to month, and are pinned to one figure"
            mend = "Take the pin out, or leave the team out of the rule's scope."
            yield Fault("pinned-and-carried", what, mend, Place(path=f"pins.people.{team}.{role}"))


def _of_role(
    question: Question, rule: CarryStaffForward, role: str, places: list[tuple[str, str]]
) -> Iterator[Fault]:
    turnover, ends = (getattr(question.instance.roles[role], n) for n in ("turnover", "ends"))
    at = f"roles.{role}.turnover"
    if ends is not None:
        what = (
            f"{rule.label} carries {role} forward, whose posts end in {ends}: nothing says where "
            "their people go then"
        )
        mend = "Take `ends` off the role, or let the rule cover another kind of staff."
        yield Fault("carried-and-ends", what, mend, Place(path=f"roles.{role}.ends"))
    if turnover is None:
        what = f"{rule.label} carries {role} forward, and nothing says how many leave"
        mend = f"Give {at}.leavers; 0 if nobody does."
        yield Fault("no-turnover", what, mend, Place(path=at))
        return
    if len(question.instance.calendar.months) * turnover.digits > MOST_DECIMALS:
        what = f"{turnover.digits} digits over so many months make figures without end"
        yield Fault("too-many-digits", what, "Give fewer digits.", Place(path=f"{at}.digits"))
    if turnover.recruitment in (Absent.NOT_PRINTED, Absent.UNLIMITED):
        what = f"the model recruits {role}, and what that costs is not known"
        mend = "Give it, marked as an assumption if it is not printed; none if it costs nothing."
        yield Fault("unknown-cost", what, mend, Place(path=f"{at}.recruitment"))
    target = turnover.progresses_to
    lost = [t for t, r in places if r == role and target and (t, target) not in places]
    if lost:
        what = f"{role} progress into {target}, who are not carried forward in {', '.join(lost)}"
        mend = "Let the rule cover both roles, in the same teams."
        yield Fault("progress-to-nowhere", what, mend, Place(path=f"{at}.progresses_to"))


def carried_places(
    question: Question, rule: CarryStaffForward | FillPosts
) -> list[tuple[str, str]]:
    """Return the (team, role) that a rule of people holds for, in order of id."""
    return [
        (team, role)
        for team in question.teams_in(rule.scope)
        for role in question.roles_of(rule.staff)
        if question.can_be_placed(role, team)
    ]
