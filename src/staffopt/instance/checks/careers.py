"""Checks of what people of a role may do beside staying, and of the work that is needed."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading


@reading("roles")
def _ways_lead_elsewhere(view: View) -> Iterator[Fault]:
    """A way into another role leads into another one, with posts of its own."""
    roles = view.instance.roles
    for role, record in roles.items():
        for target in record.career.into if record.career else ():
            other = roles.get(target)
            what = ""
            if target == role:
                what = f"{role!r} lead into themselves"
            elif other is not None and other.covers is not None:
                what = f"{role!r} lead into {target!r}, who cover others' posts"
            if what:
                place = view.place("roles", role, "career", "into", target, key=True)
                yield Fault("way-to-nowhere", what, "Name another role.", place)


@reading("roles")
def _nobody_trains_themselves(view: View) -> Iterator[Fault]:
    """Trainees are trained by another role."""
    for role, record in view.instance.roles.items():
        training = record.career.trained_by if record.career else None
        if training is not None and training.role == role:
            place = view.place("roles", role, "career", "trained_by", "role")
            what = f"{role!r} are trained by themselves"
            yield Fault("trained-by-themselves", what, "Name the role that trains them.", place)


@reading("calendar", "teams")
def _needed_within_the_calendar(view: View) -> Iterator[Fault]:
    """Work is needed in a month that is planned."""
    calendar = view.instance.calendar
    for team, record in view.instance.teams.items():
        for role, needed in record.needed.items():
            for month in needed:
                if month > calendar.end:
                    place = view.place("teams", team, "needed", role)
                    what = f"work is needed in {month}, after the last month planned"
                    mend = f"Give months up to {calendar.end}."
                    yield Fault("needed-too-late", what, mend, place)


CHECKS = (_ways_lead_elsewhere, _nobody_trains_themselves, _needed_within_the_calendar)
