"""Checks of price bases, rises and on-costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from staffopt.errors import Fault
from staffopt.instance.checks.view import View, reading
from staffopt.instance.staff import OnCosts

ODD_RISE = Decimal(15)
"""A rise in one year of more than this, in %, is lawful, and probably a slip."""


@reading("prices", "calendar")
def _costs_are_stated_by_then(view: View) -> Iterator[Fault]:
    """Costs are at the prices of the first year planned, or of one before it."""
    prices, first = view.instance.prices, view.instance.calendar.years[0]
    if prices is not None and prices.base > first:
        what = f"costs are at the prices of {prices.base}, after {first}, the first year planned"
        mend = "State costs at prices of that year or of one before it."
        yield Fault("base-after-calendar", what, mend, view.place("prices", "base"))


@reading("prices", "calendar")
def _every_year_has_its_rise(view: View) -> Iterator[Fault]:
    """A series says for each year from the base to the last one planned what it rises by."""
    prices, last = view.instance.prices, view.instance.calendar.years[-1]
    if prices is None:
        return
    needed = _years(prices.base, last)
    for name, rises in prices.series.items():
        missing = [year for year in needed if year not in rises]
        if rises and missing:
            what = f"{name} has no rise for {', '.join(missing)}"
            mend = "Give one, 0 if nothing rises."
            yield Fault("year-without-rise", what, mend, view.place("prices", name))
        for year, percent in rises.items():
            place = view.place("prices", name, year)
            if year not in needed:
                what = f"{name} has {year!r}, no year after {prices.base} that is planned"
                mend = f"Give years up to {last}, written such as {last}."
                yield Fault("not-a-year", what, mend, view.place("prices", name, year, key=True))
            elif abs(percent) > ODD_RISE:
                what = f"{name} is {percent}% in {year}"
                mend = "Check that it is in % on the year before."
                yield Fault("odd-rise", what, mend, place, warning=True)


def _years(base: str, last: str) -> list[str]:
    """Name the financial years after one, up to another."""
    first, end = int(base[:4]), int(last[:4])
    return [f"{year}/{(year + 1) % 100:02d}" for year in range(first + 1, end + 1)]


@reading("prices", "roles")
def _on_costs_are_stated(view: View) -> Iterator[Fault]:
    """Where on-costs are added, each cost says whether it holds them: none is added twice."""
    if view.instance.prices is None or not view.instance.prices.on_costs:
        return
    for name, role in view.instance.roles.items():
        if isinstance(role.cost, Decimal) and role.cost and role.on_costs is OnCosts.NOT_STATED:
            what = f"{name!r} does not say whether on-costs are in its cost"
            mend = "Write on_costs: included or excluded; excluded ones are added."
            yield Fault("on-costs-not-stated", what, mend, view.place("roles", name))


CHECKS = (_costs_are_stated_by_then, _every_year_has_its_rise, _on_costs_are_stated)
