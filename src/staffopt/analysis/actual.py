"""The council as it really stands by a month, in place of what a plan leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from staffopt.errors import Fault, InputError
from staffopt.instance.schema import Instance
from staffopt.plan import TODAY, Decisions, PeopleDecision, PostDecision
from staffopt.quantity import decimal_text, parse_decimal, round_half_up
from staffopt.question import Question
from staffopt.verifier.staffing import Staffing

_CASE_DECIMALS = 8
"""Decimals to which open cases are written that run on from others than were planned."""


_GOES_ON = ("flow", "spare_heads")
"""What a team has as planned where the actual council says nothing of it."""


def refuse_another(council: Instance, actual: Instance) -> None:
    """Refuse a council whose teams or roles are not the plan's.

    Raises:
        InputError: with every name that one of them lacks.
    """
    faults = [
        Fault(
            "another-council",
            f"the actual council has {kind} {name!r}" if extra else f"it lacks {kind} {name!r}",
            "Give the same teams and roles as the plan's council has.",
        )
        for kind, mine, its in (
            ("team", set(council.teams), set(actual.teams)),
            ("role", set(council.roles), set(actual.roles)),
        )
        for extra, names in ((True, its - mine), (False, mine - its))
        for name in sorted(names)
    ]
    if faults:
        raise InputError(faults)


def as_it_is(question: Question, actual: Instance, decisions: Decisions, before: str) -> Decisions:
    """Return decisions with the posts and people that there really are in the last period before.

    People who are carried from month to month follow from what was decided until then.
    """
    then = Staffing.of(question, Decisions())
    return decisions.model_copy(
        update={
            "posts": (
                *(d for d in decisions.posts if d.period != before),
                *_posts(then, actual, before),
            ),
            "people": (
                *(d for d in decisions.people if d.period != before),
                *_people(then, actual, before),
            ),
        }
    )


def _posts(then: Staffing, actual: Instance, before: str) -> Iterator[PostDecision]:
    for team, record in actual.teams.items():
        for role in actual.roles:
            there = then.standing(team, role, before)
            change = Fraction(record.posts.get(role, 0)) - there
            if change:
                yield PostDecision(team=team, role=role, period=before, change=change)


def _people(then: Staffing, actual: Instance, before: str) -> Iterator[PeopleDecision]:
    for team, record in actual.teams.items():
        for role in actual.roles:
            apart = then.fills(team, role) and not then.carries(team, role)
            if apart and then.stands(role, before):
                given = (record.people or {}).get(role, record.posts.get(role, Decimal(0)))
                change = Fraction(given) - then.in_post(team, role, TODAY)
                yield PeopleDecision(team=team, role=role, period=before, change=change)


def teams_as_they_are(
    planned: Mapping[str, Mapping[str, Any]], actual: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the actual council's teams as a file has them; cases run on from those it has.

    Where it says nothing of its own of how they run, they do as planned, in proportion.

    Args:
        planned: the teams as the plan leaves them, as a file has them.
        actual: the council as it stands, as a file has it.
    """
    course = actual.get("cases_over_time")
    return {
        team: {
            **{name: planned[team][name] for name in _GOES_ON if name in planned[team]},
            **record,
            **_running(planned[team], record, course),
        }
        for team, record in actual["teams"].items()
    }


def _running(planned: Mapping[str, Any], record: Mapping[str, Any], course: Any) -> dict[str, Any]:
    """Return how a team's cases run on: as it says itself, as its council does, or as planned.

    Where it has no figure that those planned are in proportion to, they stay as they are.
    """
    own, was = record.get("cases_over_time"), planned.get("cases_over_time")
    if own is not None and own != was:
        return {}
    if own is None and course is not None:
        return {"cases_over_time": course}
    if was is None:
        return {}
    then: Any = planned.get("cases")
    now: Any = record.get("cases")
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        types = was.get("types", {}).items()
        by_type = {
            kind: _in_proportion(own, then[kind], now[kind])
            for kind, own in types
            if kind in then and kind in now
        }
        return {"cases_over_time": {**was, "types": by_type}}
    if not (_is_figure(then) and _is_figure(now)):
        return {"cases_over_time": {}}
    series = _in_proportion(was.get("series", {}), then, now)
    return {"cases_over_time": {**was, "series": series}}


def _is_figure(cases: Any) -> bool:
    """Say whether a team's cases are one figure: not by type, none, or unknown."""
    try:
        parse_decimal(cases)
    except ValueError:
        return False
    return True


def _in_proportion(series: Mapping[str, str], then: str, now: str) -> dict[str, str]:
    """Let a series run on from other cases than it was planned from; the same if from the same."""
    if Fraction(now) == Fraction(then):
        return dict(series)
    if not Fraction(then):
        return {}
    ratio = Fraction(now) / Fraction(then)
    return {
        month: decimal_text(round_half_up(Fraction(cases) * ratio, _CASE_DECIMALS))
        for month, cases in series.items()
    }
