"""Checks of how people come and go."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading
from staffopt.quantity import decimal_text


@reading("roles", "teams")
def _more_joined_than_there_are(view: View) -> Iterator[Fault]:
    """Whose joining is known is in post."""
    for team, record in view.instance.teams.items():
        for role, joined in record.joined.items():
            people = record.people or {}
            there = people.get(role, record.posts.get(role, Decimal(0)))
            known = sum(joined.values(), Decimal(0))
            if known > there:
                what = f"{decimal_text(known)} FTE have joined {team!r}, and "
                what += f"{decimal_text(there)} are in post"
                place = view.place("teams", team, "joined", role)
                yield Fault("more-joined-than-people", what, "Correct one of them.", place)


@reading("calendar", "teams")
def _start_in_a_month_planned(view: View) -> Iterator[Fault]:
    """Who is recruited already starts in a month that is planned."""
    calendar = view.instance.calendar
    for team, record in view.instance.teams.items():
        for role, months in record.starting.items():
            for month in months:
                if not calendar.start <= month <= calendar.end:
                    place = view.place("teams", team, "starting", role, str(month))
                    what = f"{month} is no month of the calendar"
                    mend = f"Write one from {calendar.start} to {calendar.end}."
                    yield Fault("not-a-month", what, mend, place)


@reading("roles")
def _progress(view: View) -> Iterator[Fault]:
    """Who progresses takes up another role of the same kind, with posts of its own."""
    roles = view.instance.roles
    for role, record in roles.items():
        target = record.turnover.progresses_to if record.turnover else None
        other = roles.get(target or "")
        if other is None:
            continue
        what = ""
        if target == role:
            what = f"{role!r} progresses into itself"
        elif other.kind is not record.kind:
            what = f"{role!r}, a {record.kind}, progresses into {target!r}, a {other.kind}"
        elif other.covers is not None:
            what = f"{role!r} progresses into {target!r}, who cover others' posts"
        if what:
            place = view.place("roles", role, "turnover", "progresses_to")
            yield Fault("progress-to-nowhere", what, "Name another role of its kind.", place)


CHECKS = (_more_joined_than_there_are, _start_in_a_month_planned, _progress)
