"""Checks of benefits."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading


@reading("benefits", "calendar")
def _benefits_run_in_the_calendar(view: View) -> Iterator[Fault]:
    """A benefit runs in some month planned, else its money is nowhere."""
    calendar = view.instance.calendar
    for name, benefit in view.instance.benefits.items():
        if not any(map(benefit.runs_in, calendar.months)):
            what = f"benefit {name!r} runs in no month from {calendar.start} to {calendar.end}"
            mend = "Move its months, or widen the calendar."
            place = view.place("benefits", name, "start")
            yield Fault("benefit-outside-calendar", what, mend, place, warning=True)


CHECKS = (_benefits_run_in_the_calendar,)
