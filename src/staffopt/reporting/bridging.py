"""The bridge from today's money to the plan's, as text and as CSV."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.plan import FULL_YEAR, Amount, fund_name
from staffopt.quantity import decimal_text, round_half_up
from staffopt.reporting.tables import page, table, wrapped
from staffopt.reporting.words import NOTHING, amount_words, instance_words, noun

if TYPE_CHECKING:
    from staffopt.analysis.bridge import Bridge, Payback, Step

HEAD = ("what", "fund", "year", "at_least", "pounds")
"""The columns of the CSV; pounds are printed to the penny."""


def render_bridge(bridge: Bridge) -> str:
    """Write the bridge as a table in pounds and pence, with what rounding leaves, and payback."""
    council = bridge.question.instance
    head = ["£", *("full year after" if year == FULL_YEAR else year for year in bridge.years)]
    rows = [[_name(bridge, step), *_cells(bridge, step)] for step in bridge.steps]
    rounding = [_pence(bridge.rounding(year)) for year in bridge.years]
    if any(bridge.rounding(year) for year in bridge.years):
        rows.insert(-1, ["rounding to pence", *rounding])
    title = f"{instance_words(council.instance)} · from today to the plan"
    lines = [title, *table(head, rows)]
    if any(a.at_least for step in bridge.steps for a in step.amounts.values()):
        lines.append("+ means at least: a cost is not known.")
    if bridge.payback is not None:
        lines += _payback(bridge.payback)
    return page([lines])


def bridge_rows(bridge: Bridge) -> list[tuple[str, ...]]:
    """Return the bridge as rows of a CSV table, rounding included, headed by :data:`HEAD`."""
    rows = [
        (s.what, s.fund or "", year, "yes" if amount.at_least else "no", _plain(amount.raw))
        for s in bridge.steps
        for year, amount in s.amounts.items()
    ]
    rows += [("rounding", "", y, "no", _plain(bridge.rounding(y))) for y in bridge.years]
    return [HEAD, *rows]


def _name(bridge: Bridge, step: Step) -> str:
    """Name a step for people: its role by name, with the fund that pays; data keep the ids."""
    if step.fund is None:
        return step.what
    *before, last = step.what.split(" ")
    if last in bridge.question.instance.roles:
        last = noun(bridge.question.role_name(last))
    return f"{' '.join([*before, last])} ({fund_name(bridge.question, step.fund)})"


def _cells(bridge: Bridge, step: Step) -> list[str]:
    return [_cell(step.amounts[year]) for year in bridge.years]


def _cell(amount: Amount) -> str:
    if not amount.raw and not amount.at_least:
        return NOTHING
    return f"{_pence(amount.raw)}{'+' if amount.at_least else ''}"


def _pence(value: Fraction) -> str:
    return f"{round_half_up(value, 2):,f}" if value else NOTHING


def _plain(value: Fraction) -> str:
    return f"{round_half_up(value, 2):f}"


def _payback(found: Payback) -> list[str]:
    """Say when what is spent has come back, and what it is worth today."""
    if found.year is None:
        lines = wrapped("Cashable benefits do not pay back what is spent within the years planned.")
    else:
        lines = wrapped(
            f"Cashable benefits have paid back what is spent by the end of {found.year}."
        )
    if found.value is None or found.rate is None:
        return [*lines, "No discount rate is declared, so no net present value is given."]
    rate = decimal_text(round_half_up(found.rate, 4).normalize())
    return [
        *lines,
        *wrapped(f"Net present value over them at {rate}% a year: {amount_words(found.value)}."),
    ]
