"""Checks of costs, packages and funds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from staffopt.errors import Fault
from staffopt.instance.calendar import Month
from staffopt.instance.checks.names import ALL
from staffopt.instance.checks.view import View, reading
from staffopt.instance.funds import Fund, FundKind
from staffopt.instance.managed import ManagedTeam
from staffopt.instance.schema import Instance
from staffopt.quantity import decimal_text

ODD_COST = (Decimal(15_000), Decimal(150_000))
"""Full-year costs of one FTE outside these are lawful, and probably a slip."""

_LISTS = ("posts_today", "added_posts", "packages", "managed_teams")


@reading("packages", "calendar")
def _packages_start_in_time(view: View) -> Iterator[Fault]:
    """A package starts within the months planned."""
    calendar = view.instance.calendar
    for name, package in view.instance.packages.items():
        if not calendar.start <= package.start <= calendar.end:
            what = f"package {name!r} starts in {package.start}, outside {calendar.start} to "
            mend = "Move its start, or widen the calendar."
            place = view.place("packages", name, "start")
            yield Fault("package-outside-calendar", f"{what}{calendar.end}", mend, place)


@reading("managed_teams", "calendar")
def _managed_teams_start_in_time(view: View) -> Iterator[Fault]:
    """A managed team can be at work in some month planned, whenever it starts."""
    calendar = view.instance.calendar
    for name, team in view.instance.managed_teams.items():
        for i, start in enumerate(team.starts):
            end = start + (team.months - 1)
            if start > calendar.end or end < calendar.start:
                what = f"managed team {name!r} would be there from {start} to {end}, outside "
                mend = "Take this start out, or widen the calendar."
                place = view.place("managed_teams", name, "starts", i)
                whole = f"{what}{calendar.start} to {calendar.end}"
                yield Fault("managed-team-outside-calendar", whole, mend, place)


@reading("managed_teams", "calendar")
def _managed_teams_there_already(view: View) -> Iterator[Fault]:
    """What is there already started before the first month planned, and its term goes on."""
    calendar = view.instance.calendar
    for name, team in view.instance.managed_teams.items():
        if team.there_since is None:
            continue
        end = team.there_since + (team.months - 1)
        if not team.there_since < calendar.start <= end:
            what = f"managed team {name!r} is there from {team.there_since} to {end}"
            mend = "Let the calendar start in a month of its term, after the first one."
            place = view.place("managed_teams", name, "there_since")
            whole = f"{what}, and the calendar starts in {calendar.start}"
            yield Fault("managed-team-not-there", whole, mend, place)


@reading("packages", "package_lines")
def _packages_have_lines(view: View) -> Iterator[Fault]:
    """A package buys something."""
    filled = {line.package for line in view.instance.package_lines}
    for name in view.instance.packages:
        if name not in filled:
            what = f"package {name!r} has no lines"
            mend = "Write its posts and items under package_lines."
            place = view.place("packages", name, key=True)
            yield Fault("package-without-lines", what, mend, place)


@reading("funds", "calendar")
def _ceilings(view: View) -> Iterator[Fault]:
    """A ceiling is no less than nothing, and for a year that is planned."""
    years = view.instance.calendar.years
    for name, fund in view.instance.funds.items():
        ceiling = fund.ceiling
        figures = ceiling if isinstance(ceiling, Mapping) else {"": ceiling}
        for year, figure in figures.items():
            at = ("funds", name, "ceiling", *([year] if year else []))
            if year and year not in years:
                written = re.fullmatch(r"\d{4}/\d{2}", year)
                what = f"{year!r} is no financial year" + (" of the calendar" if written else "")
                mend = "Write one of " + ", ".join(years) + "."
                yield Fault("not-a-year", what, mend, view.place(*at, key=True))
            if isinstance(figure, Decimal) and figure < 0:
                what = f"a ceiling of {decimal_text(figure)} is below zero"
                mend = "Write 0 or more, none printed, or unlimited."
                yield Fault("negative-ceiling", what, mend, view.place(*at))


@reading("funds", "packages", "managed_teams", "options")
def _idle_funds(view: View) -> Iterator[Fault]:
    """A budget is for somebody."""
    for name, fund in view.instance.funds.items():
        ceiling = fund.ceiling
        figures = list(ceiling.values()) if isinstance(ceiling, Mapping) else [ceiling]
        if any(isinstance(f, Decimal) for f in figures) and not is_used(view.instance, name):
            what = f"{name!r} is a budget for a fund nobody may use"
            mend = "Say under pays_for what it may be spent on, or take the fund out."
            place = view.place("funds", name, "ceiling")
            yield Fault("fund-nobody-may-use", what, mend, place)


def is_used(council: Instance, name: str) -> bool:
    """Say whether a fund may pay for anything, or is named to."""
    pays_for = council.funds[name].pays_for
    return (
        any(getattr(pays_for, field) for field in _LISTS)
        or any(package.fund == name for package in council.packages.values())
        or any(name in _payers(team) for team in council.managed_teams.values())
        or any(option.fund == name for option in council.options.values())
    )


def _payers(team: ManagedTeam) -> set[str | None]:
    """Name the funds that a managed team and its extension name."""
    return {team.fund, team.extension.fund if team.extension else None}


@reading("funds")
def _two_payers(view: View) -> Iterator[Fault]:
    """What one fund pays for by name, no other does: there is no cross-subsidy."""
    funds = view.instance.funds
    for field in _LISTS:
        payers: dict[str, str] = {}
        for name, fund in funds.items():
            for i, listed in enumerate(getattr(fund.pays_for, field)):
                other = payers.setdefault(listed, name)
                if other != name and {*funds[other].kinds} & {*fund.kinds}:
                    what = f"{other!r} and {name!r} both pay for {listed!r} ({field})"
                    place = view.place("funds", name, "pays_for", field, i)
                    yield Fault("two-funds", what, "Take it out of one of them.", place)


@reading("funds", "packages", "managed_teams", "calendar")
def _funds_that_end(view: View) -> Iterator[Fault]:
    """A fund lasts as long as what it pays for."""
    for name, fund in view.instance.funds.items():
        if fund.ends is None:
            continue
        due = _last_month_due(view.instance, name, fund)
        if due is not None and fund.ends < due:
            what = f"{name!r} ends in {fund.ends}; what it pays for falls due until {due}"
            mend = "Name another fund for the rest, or lengthen this one."
            place = view.place("funds", name, "ends")
            yield Fault("fund-ends-early", what, mend, place, warning=True)


def _last_month_due(council: Instance, name: str, fund: Fund) -> Month | None:
    """Return the last month planned in which the fund may have to pay."""
    end = council.calendar.end
    posts = {*fund.pays_for.posts_today, *fund.pays_for.added_posts}
    ends = [council.roles[r].ends if r in council.roles else None for r in posts]
    if None in ends:
        return end
    listed = fund.pays_for.packages
    paid = [
        package
        for key, package in council.packages.items()
        if package.fund == name or (package.fund is None and (key in listed or ALL in listed))
    ]
    due = [p.start + (p.months - 1) for p in paid]
    due += [month for month in ends if month is not None]
    bought = fund.pays_for.managed_teams
    for key, team in council.managed_teams.items():
        if team.fund == name or (team.fund is None and (key in bought or ALL in bought)):
            last = max(month for month in (*team.starts, team.there_since) if month is not None)
            due.append(last + (team.months - 1))
    return max((min(end, month) for month in due), default=None)


@reading("roles")
def _odd_costs(view: View) -> Iterator[Fault]:
    """A cost far from any post's is worth a second look."""
    low, high = ODD_COST
    for name, role in view.instance.roles.items():
        if isinstance(role.cost, Decimal) and not low <= role.cost <= high:
            what = f"{name!r} costs £{decimal_text(role.cost)} per FTE per year"
            mend = "Check that it is a full year's cost of one FTE."
            place = view.place("roles", name, "cost")
            yield Fault("odd-cost", what, mend, place, warning=True)


@reading("funds")
def _one_off_for_good(view: View) -> Iterator[Fault]:
    """One-off money cannot pay for posts that stay."""
    roles = view.instance.roles
    for name, fund in view.instance.funds.items():
        added = fund.pays_for.added_posts
        stays = fund.may_pay(FundKind.RECURRENT) and not all(
            r in roles and roles[r].ends for r in added
        )
        if fund.recurrent is False and stays:
            what = f"{name!r} does not come again, and pays for posts that stay"
            mend = "Name the recurrent budget that takes them over, if there is one."
            place = view.place("funds", name, "recurrent")
            yield Fault("one-off-for-permanent", what, mend, place, warning=True)


CHECKS = (
    _packages_start_in_time,
    _packages_have_lines,
    _managed_teams_start_in_time,
    _managed_teams_there_already,
    _ceilings,
    _idle_funds,
    _two_payers,
    _funds_that_end,
    _odd_costs,
    _one_off_for_good,
)
