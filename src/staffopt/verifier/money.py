"""The ledger: every line of money that follows from a plan, unrounded.

Recurrent money goes by months (full-year cost x months / 12); a one-off is paid in full in the
financial year in which it starts, and is never apportioned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from staffopt.instance.calendar import MONTHS_IN_YEAR, Calendar, Month
from staffopt.instance.funds import Package, PackageLine
from staffopt.instance.staff import Role
from staffopt.plan import FULL_YEAR, TODAY, Amount, MoneyFigure, MoneyKind
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED
from staffopt.verifier.bands import Price, prices
from staffopt.verifier.flows import flow_lines
from staffopt.verifier.heads import heads_figures
from staffopt.verifier.managed import managed_lines
from staffopt.verifier.staffing import ZERO, Staffing, once
from staffopt.verifier.work import work_lines


@dataclass(frozen=True)
class Window:
    """The months that money is counted over.

    Attributes:
        year: what the lines carry as their year.
        months: the months; none for the full year after, in which the last period's posts are
            paid for twelve months, and neither packages (which end) nor one-offs count.
    """

    year: str
    months: frozenset[Month]

    @property
    def lasting(self) -> bool:
        """Whether this is the full year after all is in place."""
        return self.year == FULL_YEAR

    def share(self, start: Month, end: Month) -> Fraction:
        """Return the years (months ÷ 12) that a run of months has in the window."""
        run = (start + month for month in range(end - start + 1))
        return Fraction(sum(month in self.months for month in run), MONTHS_IN_YEAR)


def windows(calendar: Calendar) -> tuple[Window, ...]:
    """Return the calendar's financial years, then the full year after."""
    years = {
        year: frozenset(m for m in calendar.months if m.financial_year == year)
        for year in calendar.years
    }
    return (*(Window(y, months) for y, months in years.items()), Window(FULL_YEAR, frozenset()))


@once
def ledger(staffing: Staffing) -> tuple[MoneyFigure, ...]:
    """Work out every line for each financial year of the calendar and for the full year after."""
    calendar = staffing.question.instance.calendar
    return tuple(line for window in windows(calendar) for line in lines_in(staffing, window))


def lines_in(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Yield a window's lines: of posts, set-up, packages, managed teams, and people beside."""
    yield from _changed_posts(staffing, window)
    yield from _set_up(staffing, window)
    yield from flow_lines(staffing, window.year, window.months)
    yield from work_lines(staffing, window.year, window.months)
    for package in staffing.question.instance.packages:
        if package in staffing.taken:
            yield from _package(staffing, package, window)
    yield from managed_lines(staffing, window.year, window.months)
    yield from _posts_today(staffing, window)
    yield from _beside_posts(staffing, window)
    yield from _prices(staffing, window)


def _changed_posts(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Charge added posts to the fund that pays for them, and show what cut posts save.

    A saving stands with the fund that pays for the posts of today; it relaxes no ceiling.
    """
    question, shares = staffing.question, _shares(staffing, window)
    for team, role in staffing.pairs:
        cost = question.instance.roles[role].cost
        if cost is Absent.NOT_APPLICABLE:
            continue
        years = [(share, staffing.change(team, role, label)) for label, share in shares]
        for line, kind, fund, quantity in (
            ("added", MoneyKind.RECURRENT, question.fund_of_added(role), _sum(years, above=True)),
            ("cut", MoneyKind.SAVING, question.fund_of_today(role), _sum(years, above=False)),
        ):
            if quantity:
                yield MoneyFigure(
                    line=f"{line} {role}",
                    kind=kind,
                    fund=fund or NOT_NAMED,
                    year=window.year,
                    role=role,
                    team=team,
                    amount=_times(cost, quantity),
                )


def _sum(years: list[tuple[Fraction, Fraction]], *, above: bool) -> Fraction:
    """Add up the FTE-years of what is added, or (below zero) of what is cut."""
    counted = (share * fte for share, fte in years if share and fte and (fte > 0) is above)
    return sum(counted, ZERO)


@once
def _shares(staffing: Staffing, window: Window) -> list[tuple[str, Fraction]]:
    """Return each period's label with the years it has in the window."""
    if window.lasting:
        return [(staffing.labels[-1], Fraction(1))]
    return [(p.label, window.share(p.start, p.end)) for p in staffing.periods]


def _set_up(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Pay for heads that are new in a period, in the year in which the period starts."""
    starting = {p.label for p in staffing.periods if p.start in window.months}
    before: dict[tuple[str, str | None], int] = {}
    bought: dict[tuple[str, str | None], int] = {}
    for figure in heads_figures(staffing):
        key = (figure.role, figure.team)
        if figure.period in starting:
            bought[key] = bought.get(key, 0) + figure.heads - before.get(key, 0)
        before[key] = figure.heads
    for (role, team), heads in bought.items():
        if heads:
            yield MoneyFigure(
                line=f"set-up {role}",
                kind=MoneyKind.ONE_OFF,
                fund=staffing.question.fund_of_added(role) or NOT_NAMED,
                year=window.year,
                role=role,
                team=team,
                amount=_times(staffing.question.instance.roles[role].set_up, Fraction(heads)),
            )


def _package(staffing: Staffing, package: str, window: Window) -> Iterator[MoneyFigure]:
    council = staffing.question.instance
    record = council.packages[package]
    share = window.share(record.start, package_end(record))
    make = partial(
        MoneyFigure,
        fund=staffing.question.fund_of_package(package) or NOT_NAMED,
        year=window.year,
        package=package,
    )
    for line in council.package_lines:
        if line.package != package:
            continue
        if share and line.recurrent is not Absent.NOT_APPLICABLE:
            amount = _times(line.recurrent, share)
            yield make(line=line.title, kind=MoneyKind.RECURRENT, amount=amount)
        if record.start in window.months and line.one_off is not Absent.NOT_APPLICABLE:
            amount = _times(line.one_off, Fraction(1))
            yield make(line=line.title, kind=MoneyKind.ONE_OFF, amount=amount)


def package_end(package: Package) -> Month:
    """Return the last month of a package's term."""
    return package.start + (package.months - 1)


def annual_rate(lines: tuple[PackageLine, ...], package: str) -> Fraction:
    """Return the known recurrent pounds a year of a package while its term runs."""
    costs = (line.recurrent for line in lines if line.package == package)
    return sum((Fraction(cost) for cost in costs if isinstance(cost, Decimal)), ZERO)


def _posts_today(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    share = Fraction(1) if window.lasting else Fraction(len(window.months), MONTHS_IN_YEAR)
    for team, role in staffing.pairs:
        fund = staffing.question.fund_of_today(role)
        record = staffing.question.instance.roles[role]
        fte = staffing.today(team, role)
        if fund is None or not fte * share or not _in_base(staffing, fund, role, record):
            continue
        yield MoneyFigure(
            line=f"posts today {role}",
            kind=MoneyKind.TODAY,
            fund=fund,
            year=window.year,
            role=role,
            team=team,
            amount=_times(record.cost, share * fte),
        )


def _beside_posts(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Charge what people cost beside the posts, which are budgeted whether filled or not.

    Who covers a post costs a premium over it; people above the posts of a role cost in full.
    """
    roles = staffing.question.instance.roles
    for team in staffing.question.instance.teams:
        for role, record in roles.items():
            if record.covers is None:
                yield from _above_posts(staffing, window, team, role)
            else:
                yield from _premiums(staffing, window, team, role)


def _premiums(staffing: Staffing, window: Window, team: str, role: str) -> Iterator[MoneyFigure]:
    question, shares = staffing.question, _shares(staffing, window)
    years = [(share, staffing.people_added(team, role, label)) for label, share in shares]
    whole = Fraction(1) if window.lasting else Fraction(len(window.months), MONTHS_IN_YEAR)
    standing = whole * staffing.in_post(team, role, TODAY)
    payer = question.fund_of_today(role)
    for line, kind, fund, quantity in (
        ("premium", MoneyKind.PREMIUM, question.fund_of_added(role), _sum(years, above=True)),
        ("premium saved", MoneyKind.SAVING, payer, _sum(years, above=False)),
        ("premium today", MoneyKind.TODAY, payer, standing if payer else ZERO),
    ):
        if quantity:
            yield MoneyFigure(
                line=f"{line} {role}",
                kind=kind,
                fund=fund or NOT_NAMED,
                year=window.year,
                role=role,
                team=team,
                amount=_times(_premium(staffing, role), quantity),
            )


def _premium(staffing: Staffing, role: str) -> Decimal | Absent:
    """Return what a covering role costs above the role that it covers."""
    roles = staffing.question.instance.roles
    cost, covered = roles[role].cost, roles[roles[role].covers or role].cost
    for figure in (cost, covered):
        if figure in (Absent.NOT_PRINTED, Absent.UNLIMITED):
            return Absent.NOT_PRINTED
    own, other = (Decimal(0) if isinstance(c, Absent) else c for c in (cost, covered))
    return own - other


def _above_posts(staffing: Staffing, window: Window, team: str, role: str) -> Iterator[MoneyFigure]:
    if not any(staffing.fills(team, r) for r in (role, *staffing.covering(role))):
        return
    over = [
        (share, staffing.in_posts_of(team, role, label) - staffing.posts(team, role, label))
        for label, share in _shares(staffing, window)
    ]
    quantity, cost = _sum(over, above=True), staffing.question.instance.roles[role].cost
    if quantity and cost is not Absent.NOT_APPLICABLE:
        yield MoneyFigure(
            line=f"above posts {role}",
            kind=MoneyKind.RECURRENT,
            fund=staffing.question.fund_of_added(role) or NOT_NAMED,
            year=window.year,
            role=role,
            team=team,
            amount=_times(cost, quantity),
        )


def _prices(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Count what the bands of teams weigh; it is no money, and no fund pays it."""
    counted: dict[Price, Fraction] = {}
    for label, share in _shares(staffing, window):
        for place, price in prices(staffing, label):
            counted[place] = counted.get(place, ZERO) + share * price
    for (rule, team, band), weight in counted.items():
        if weight:
            yield MoneyFigure(
                line=f"in {band}",
                kind=MoneyKind.PRICE,
                fund=NOT_NAMED,
                year=window.year,
                team=team,
                rule=rule,
                amount=Amount.of(weight),
            )


def _in_base(staffing: Staffing, fund: str, role: str, record: Role) -> bool:
    """Say whether posts of today stand in the ledger.

    A fund that pays for `all` pays for every *costed* role; a role that it names stays visible
    even where its cost is not known.
    """
    if isinstance(record.cost, Decimal):
        return True
    named = role in staffing.question.instance.funds[fund].pays_for.posts_today
    return named and record.cost is not Absent.NOT_APPLICABLE


def _times(cost: Decimal | Absent, quantity: Fraction) -> Amount | None:
    """Return cost times quantity, or None where the cost is not known."""
    return None if isinstance(cost, Absent) else Amount.of(Fraction(cost) * quantity)
