"""Whether posts that end do so where a plan can tell what is there and what is not."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading


@reading("roles", "calendar")
def _ends_with_a_period(view: View) -> Iterator[Fault]:
    """What is decided holds all through a period, so posts end with one."""
    calendar = view.instance.calendar
    last_months = {period.end for period in calendar.cut()}
    for name, role in view.instance.roles.items():
        ends = role.ends
        if ends is None or ends >= calendar.end or ends in last_months:
            continue
        place = view.place("roles", name, "ends")
        if ends < calendar.start:
            what = f"posts of {name!r} ended in {ends}, before {calendar.start}: there are none"
            mend = "Correct the month, or take the role out."
            yield Fault("ended-before", what, mend, place, warning=True)
        else:
            cut = str(calendar.periods).replace("_", " ")
            what = f"posts of {name!r} end in {ends}, within a period of a calendar cut into {cut}"
            mend = "Write `periods: months` under calendar, or a period's last month."
            yield Fault("ends-within-a-period", what, mend, place)


@reading("roles", "people")
def _listed_people_stay(view: View) -> Iterator[Fault]:
    """Whoever is listed one by one has one place for all months planned."""
    roles = view.instance.roles
    ending = dict.fromkeys(
        record.role
        for record in view.instance.people.values()
        if record.role in roles and roles[record.role].ends is not None
    )
    for name in ending:
        what = f"posts of {name!r} end, and its people are listed one by one with a place each"
        mend = "Take `ends` off, or give the people as FTE of each team."
        yield Fault("listed-and-ends", what, mend, view.place("roles", name, "ends"))


CHECKS = (_ends_with_a_period, _listed_people_stay)
