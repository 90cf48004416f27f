"""How people of each role come and go, as a council's file states it."""

from __future__ import annotations

from decimal import Decimal

from staffopt.instance.schema import Instance
from staffopt.instance.turnover import Rates, Turnover
from staffopt.quantity import decimal_text
from staffopt.question import role_name
from staffopt.reporting.tables import folded
from staffopt.reporting.words import NOTHING, figure, listed, term


def turnover_lines(council: Instance) -> list[str]:
    """Show each role's turnover, for those that have one; nothing where none has."""
    head = ["Coming and going", "leave", "start after", "recruiting, £", "then", "from"]
    rows = [
        [
            role_name(name, role),
            _leavers(turnover),
            _starts(turnover),
            figure(turnover.recruitment),
            _then(council, turnover),
            turnover.source or role.source or NOTHING,
        ]
        for name, role in council.roles.items()
        if (turnover := role.turnover) is not None
    ]
    return folded(head, rows, left=(0, 1, 2, 4, 5), fold=(0, 1, 2, 4, 5)) if rows else []


def _leavers(turnover: Turnover) -> str:
    every = "month" if turnover.rates is Rates.MONTHLY else "year"
    said = f"{_percent(turnover.leavers)} a {every}"
    first = turnover.leavers_first_year
    return said if first is None else f"{said}, {_percent(first)} in the first year"


def _starts(turnover: Turnover) -> str:
    """Say how long recruiting takes, and in which months somebody can start."""
    lead = term(turnover.lead_time) if turnover.lead_time else "no time"
    months = listed([str(month).capitalize() for month in turnover.intakes])
    return f"{lead}, in {months}" if months else lead


def _then(council: Instance, turnover: Turnover) -> str:
    """Say what becomes of joiners: their ramp, who is away, and into what they progress."""
    parts = []
    if turnover.ramp:
        shares = ", ".join(map(_percent, turnover.ramp))
        parts.append(f"{shares} of a caseload, then a full one")
    if turnover.absence:
        parts.append(f"{_percent(turnover.absence)} away")
    target = turnover.progresses_to
    if target is not None:
        name = role_name(target, council.roles[target])
        parts.append(f"{name} after {term(turnover.progresses_after)}")
    return "; ".join(parts) or NOTHING


def _percent(share: Decimal) -> str:
    return f"{decimal_text(share * 100)}%"
