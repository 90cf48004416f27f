"""The price base, rises and on-costs of a council, and what its roles cost besides, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from staffopt.instance.funds import Fund, FundKind
from staffopt.instance.schema import Instance
from staffopt.instance.staff import CostBasis, OnCosts, Role
from staffopt.quantity import Absent, decimal_text
from staffopt.question import role_name
from staffopt.reporting.tables import wrapped
from staffopt.reporting.words import NOTHING, figure


def price_lines(council: Instance) -> list[str]:
    """Say at which prices costs stand, how they rise, and what roles cost beside their pay."""
    lines: list[str] = []
    prices = council.prices
    if prices is not None:
        words = [f"at {prices.base}'s", *_series(prices.series)]
        if prices.on_costs:
            words.append(f"on-costs {_percents(prices.on_costs)} where a cost excludes them")
        lines += wrapped(f"Prices: {'; '.join(words)} ({prices.source or NOTHING})", later="  ")
    for name, role in council.roles.items():
        parts = list(_besides(role))
        if parts:
            lines += wrapped(f"{role_name(name, role)}: {', '.join(parts)}", later="  ")
    return lines


def _series(series: Mapping[str, Mapping[str, Decimal]]) -> Iterator[str]:
    for name, rises in series.items():
        if rises:
            yield f"{name.replace('_', ' ')} {_percents(rises)}"


def _percents(figures: Mapping[str, Decimal]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {decimal_text(percent)}%" for name, percent in figures.items()
    )


def _besides(role: Role) -> Iterator[str]:
    if role.on_costs is OnCosts.EXCLUDED:
        yield "on-costs not in the cost"
    if role.market_supplement is not Absent.NOT_APPLICABLE:
        yield f"market supplement £{figure(role.market_supplement)}"
    if role.non_staffing is not Absent.NOT_APPLICABLE:
        yield f"£{figure(role.non_staffing)} a head a year beside pay"
    if role.vacancy_factor:
        yield f"vacancy factor {decimal_text(role.vacancy_factor)}%"
    if role.cost_basis is CostBasis.ACTUAL:
        yield "people in post are paid for, not posts"


def fund_words(fund: Fund) -> Iterator[str]:
    """Say what else there is to a fund: kinds, fence, what is carried on, and its reserve."""
    if len(fund.kinds) < len(FundKind):
        yield f"only {' and '.join(kind.replace('_', ' ') for kind in fund.kinds)} money"
    if fund.ring_fenced:
        yield "ring-fenced"
    if fund.carry_forward is not None:
        limit = fund.carry_forward.limit
        most = f", £{figure(limit)} at most" if isinstance(limit, Decimal) else ""
        yield f"{decimal_text(fund.carry_forward.share)}% of what is unspent goes on{most}"
    if fund.reserve is not None:
        opening, least = figure(fund.reserve.opening), figure(fund.reserve.least)
        yield f"a reserve of £{opening}, £{least} at least"
