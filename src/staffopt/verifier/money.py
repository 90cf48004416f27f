"""The ledger: every line of money that follows from a plan, unrounded.

Recurrent money goes by months (full-year cost x months / 12); a one-off is paid in full in the
financial year in which it starts, and is never apportioned. Each is at the prices of its year, and
what is paid for good at those of the last year planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

from staffopt.instance.calendar import MONTHS_IN_YEAR, Calendar, Month, months_from
from staffopt.instance.funds import FundKind, Package, PackageLine
from staffopt.instance.prices import CostClass
from staffopt.instance.schema import Instance
from staffopt.plan import FULL_YEAR, TODAY, Amount, MoneyFigure, MoneyKind
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED, Question
from staffopt.verifier.bands import Price, prices
from staffopt.verifier.benefits import credit_lines
from staffopt.verifier.flows import flow_lines
from staffopt.verifier.heads import heads_figures, heads_there
from staffopt.verifier.managed import managed_lines
from staffopt.verifier.prices import (
    a_person,
    a_post,
    a_premium,
    counts_people,
    level_in,
    price_level,
    weighed,
)
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
    """Yield a window's lines: of posts, heads, packages, managed teams, and people beside."""
    for line in _lines(staffing, window):
        centre = cost_centre(staffing.question.instance, line)
        yield line if centre is None else line.model_copy(update={"cost_centre": centre})


def _lines(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    yield from _changed_posts(staffing, window)
    yield from _non_staffing(staffing, window)
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
    yield from credit_lines(staffing, window.year, window.months)


def _changed_posts(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Charge added posts to the fund that pays for them, and show what cut posts save.

    A saving stands with the fund that pays for the posts of today; it relaxes no ceiling.
    """
    question, weights = staffing.question, _weights(staffing, window, CostClass.POSTS)
    for team, role in _paid(staffing):
        cost = a_post(question, role)
        if cost is Absent.NOT_APPLICABLE or _is_over(staffing, role, window):
            continue
        moved = staffing.people_added if counts_people(question, role) else staffing.change
        years = [(weight, moved(team, role, label)) for label, weight in weights]
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


def _is_over(staffing: Staffing, role: str, window: Window) -> bool:
    """Say whether a role's posts end, so that nothing is paid for them every year for good."""
    return window.lasting and staffing.question.instance.roles[role].ends is not None


@once
def _paid(staffing: Staffing) -> list[tuple[str, str]]:
    """Every (team, role) with posts, or whose people are paid for, in file order."""
    council = staffing.question.instance
    moved = set(staffing.pairs)
    return [
        (team, role)
        for team in council.teams
        for role in council.roles
        if (team, role) in moved or counts_people(staffing.question, role)
    ]


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


@once
def _weights(staffing: Staffing, window: Window, cost: CostClass) -> list[tuple[str, Fraction]]:
    """Return each period's label with the years it has in the window, at each year's prices."""
    if window.lasting:
        last = staffing.question.instance.calendar.years[-1]
        return [(staffing.labels[-1], level_in(staffing, cost, last))]
    return [
        (p.label, weighed(staffing, cost, tuple(m for m in p.months if m in window.months)))
        for p in staffing.periods
    ]


def _non_staffing(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Pay what each head that is there costs beside pay, while it is there."""
    weights = dict(_weights(staffing, window, CostClass.NON_STAFFING))
    paid: dict[tuple[str, str | None], Fraction] = {}
    for figure in heads_there(staffing):
        key = (figure.role, figure.team)
        if not _is_over(staffing, figure.role, window):
            paid[key] = paid.get(key, ZERO) + figure.heads * weights.get(figure.period, ZERO)
    for (role, team), heads in paid.items():
        if heads:
            yield MoneyFigure(
                line=f"non-staffing {role}",
                kind=MoneyKind.RECURRENT,
                fund=staffing.question.fund_of_added(role) or NOT_NAMED,
                year=window.year,
                role=role,
                team=team,
                amount=_times(staffing.question.instance.roles[role].non_staffing, heads),
            )


def _set_up(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Pay for heads that are new in a period, in the year in which the period starts."""
    starting = {
        p.label: level_in(staffing, CostClass.SET_UP, p.start.financial_year)
        for p in staffing.periods
        if p.start in window.months
    }
    before: dict[tuple[str, str | None], int] = {}
    bought: dict[tuple[str, str | None], Fraction] = {}
    for figure in heads_figures(staffing):
        key = (figure.role, figure.team)
        if figure.period in starting:
            new = (figure.heads - before.get(key, 0)) * starting[figure.period]
            bought[key] = bought.get(key, ZERO) + new
        before[key] = figure.heads
    for (role, team), heads in bought.items():
        if heads:
            yield MoneyFigure(
                line=f"set-up {role}",
                kind=MoneyKind.ONE_OFF,
                fund=staffing.question.fund_of_added(role, FundKind.ONE_OFF) or NOT_NAMED,
                year=window.year,
                role=role,
                team=team,
                amount=_times(staffing.question.instance.roles[role].set_up, heads),
            )


def _package(staffing: Staffing, package: str, window: Window) -> Iterator[MoneyFigure]:
    council = staffing.question.instance
    record = council.packages[package]
    term = months_from(record.start, package_end(record))
    paid = tuple(month for month in term if month in window.months)
    make = partial(
        MoneyFigure,
        year=window.year,
        package=package,
    )
    payer = staffing.question.fund_of_package
    lasting, once_only = (payer(package, k) or NOT_NAMED for k in _PAID_FOR)
    for line in council.package_lines:
        if line.package != package:
            continue
        cost = cost_of_line(line)
        if paid and line.recurrent is not Absent.NOT_APPLICABLE:
            amount = _times(line.recurrent, weighed(staffing, cost, paid))
            yield make(
                line=line.title,
                kind=MoneyKind.RECURRENT,
                fund=lasting,
                amount=amount,
                cost_centre=line.cost_centre,
            )
        if record.start in window.months and line.one_off is not Absent.NOT_APPLICABLE:
            level = level_in(staffing, cost, record.start.financial_year)
            amount = _times(line.one_off, level)
            yield make(
                line=line.title,
                kind=MoneyKind.ONE_OFF,
                fund=once_only,
                amount=amount,
                cost_centre=line.cost_centre,
            )


_PAID_FOR = (FundKind.FIXED_TERM, FundKind.ONE_OFF)
"""What a package is paid for as: while it runs, and once."""


def package_end(package: Package) -> Month:
    """Return the last month of a package's term."""
    return package.start + (package.months - 1)


def annual_rate(question: Question, package: str) -> Fraction:
    """Return the known recurrent pounds a year of a package, at the last planned year's prices."""
    last, prices = question.instance.calendar.years[-1], question.instance.prices
    costs = (
        Fraction(line.recurrent) * price_level(prices, cost_of_line(line), last)
        for line in question.instance.package_lines
        if line.package == package and isinstance(line.recurrent, Decimal)
    )
    return sum(costs, ZERO)


def cost_of_line(line: PackageLine) -> CostClass:
    """Return the class that a package's line rises with."""
    return CostClass.PACKAGE_ITEMS if line.item is not None else CostClass.PACKAGE_POSTS


def cost_centre(council: Instance, line: MoneyFigure) -> str | None:
    """Return the code nearest to a line: its own, its team's, its role's, then its fund's."""
    managed = council.managed_teams.get(line.managed_team or "")
    near = (
        line.cost_centre,
        managed and managed.cost_centre,
        line.team and council.teams[line.team].cost_centre,
        line.role and council.roles[line.role].cost_centre,
        line.fund != NOT_NAMED and council.funds[line.fund].cost_centre,
    )
    return next((code for code in near if code), None)


def _posts_today(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    for team, role in _paid(staffing):
        fund, share = staffing.question.fund_of_today(role), _standing(staffing, window, role)
        people = counts_people(staffing.question, role)
        fte = staffing.in_post(team, role, TODAY) if people else staffing.today(team, role)
        if fund is None or not fte * share or not _in_base(staffing, fund, role):
            continue
        yield MoneyFigure(
            line=f"posts today {role}",
            kind=MoneyKind.TODAY,
            fund=fund,
            year=window.year,
            role=role,
            team=team,
            amount=_times(a_post(staffing.question, role), share * fte),
        )


@once
def _standing(staffing: Staffing, window: Window, role: str) -> Fraction:
    """Return the years that a role's posts of today are paid for in a window, at their prices."""
    council = staffing.question.instance
    if _is_over(staffing, role, window):
        return ZERO
    if window.lasting:
        return level_in(staffing, CostClass.POSTS, council.calendar.years[-1])
    ends = council.roles[role].ends
    months = (month for month in sorted(window.months) if ends is None or month <= ends)
    return weighed(staffing, CostClass.POSTS, tuple(months))


def _beside_posts(staffing: Staffing, window: Window) -> Iterator[MoneyFigure]:
    """Charge what people cost beside the posts, which are budgeted whether filled or not.

    Who covers a post costs a premium over it; people above the posts of a role cost in full.
    """
    roles = staffing.question.instance.roles
    for role, record in roles.items():
        if record.covers is not None and staffing.roster.decides(role):
            yield from _let_go(staffing, window, role)
    for team in staffing.question.instance.teams:
        for role, record in roles.items():
            if not staffing.may_be_in(team, role):
                continue
            if record.covers is None:
                yield from _above_posts(staffing, window, team, role)
            else:
                yield from _premiums(staffing, window, team, role)


def _premiums(staffing: Staffing, window: Window, team: str, role: str) -> Iterator[MoneyFigure]:
    question, weights = staffing.question, _weights(staffing, window, CostClass.POSTS)
    years = [(weight, staffing.people_added(team, role, label)) for label, weight in weights]
    standing = _standing(staffing, window, role) * staffing.in_post(team, role, TODAY)
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
                amount=_times(a_premium(question, role), quantity),
            )


def _let_go(staffing: Staffing, window: Window, role: str) -> Iterator[MoneyFigure]:
    """Save the premium of whoever covers posts and is placed nowhere; a move saves none."""
    people = staffing.question.instance.people.items()
    gone = sum(
        (Fraction(r.fte) for p, r in people if r.role == role and staffing.roster.where(p) is None),
        ZERO,
    )
    years = sum((weight for _, weight in _weights(staffing, window, CostClass.POSTS)), ZERO)
    if gone:
        yield MoneyFigure(
            line=f"premium saved {role}",
            kind=MoneyKind.SAVING,
            fund=staffing.question.fund_of_today(role) or NOT_NAMED,
            year=window.year,
            role=role,
            amount=_times(a_premium(staffing.question, role), -gone * years),
        )


def _above_posts(staffing: Staffing, window: Window, team: str, role: str) -> Iterator[MoneyFigure]:
    filled = any(staffing.fills(team, r) for r in (role, *staffing.covering(role)))
    if not filled or counts_people(staffing.question, role) or _is_over(staffing, role, window):
        return
    over = [
        (weight, staffing.in_posts_of(team, role, label) - staffing.posts(team, role, label))
        for label, weight in _weights(staffing, window, CostClass.POSTS)
    ]
    quantity, cost = _sum(over, above=True), a_person(staffing.question, role)
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


def _in_base(staffing: Staffing, fund: str, role: str) -> bool:
    """Say whether posts of today stand in the ledger.

    A fund that pays for `all` pays for every *costed* role; a role that it names stays visible
    even where its cost is not known.
    """
    cost = a_post(staffing.question, role)
    if isinstance(cost, Fraction):
        return True
    named = role in staffing.question.instance.funds[fund].pays_for.posts_today
    return named and cost is not Absent.NOT_APPLICABLE


def _times(cost: Decimal | Fraction | Absent, quantity: Fraction) -> Amount | None:
    """Return cost times quantity, or None where the cost is not known."""
    return None if isinstance(cost, Absent) else Amount.of(Fraction(cost) * quantity)
