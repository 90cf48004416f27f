"""Managed teams that are at work when planning starts anew, and what they cost from then on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from staffopt.instance.calendar import Month
from staffopt.plan import MoneyFigure
from staffopt.verifier.managed import managed_lines
from staffopt.verifier.staffing import Hire, Staffing

_STAYS = ("name", "composition", "capacity", "closes", "serves", "from")
"""What a managed team keeps for as long as it is there."""


def managed_teams_left(tree: dict[str, Any], staffing: Staffing, first: Month) -> list[str]:
    """Write which managed teams are there already, and name those that are neither there nor sold.

    Where the extension of the one that is there can still be decided, it is there under its own id;
    any other under an id made of its start, for as long as it was bought and extended, with its
    price bound by then.

    Args:
        tree: the council as a file has it; its managed teams are changed.
        staffing: what was decided.
        first: the first month from which on is decided anew.
    """
    over, listed = [], tree.get("managed_teams", {})
    for name, record in staffing.question.instance.managed_teams.items():
        made = listed[name]
        made["starts"] = [str(month) for month in record.starts if month >= first]
        made.pop("there_since", None)
        there = [hire for hire in at_work(staffing, first) if hire.managed_team == name]
        if any(is_open(staffing, hire, first) for hire in there):
            made["there_since"] = str(there[0].start)
        else:
            made.pop("approved", None)
            if not made["starts"]:
                over.append(name)
            listed.update(pair for hire in there for pair in _bound(staffing, hire))
    return over


def at_work(staffing: Staffing, first: Month) -> Iterator[Hire]:
    """Yield the managed teams that started before a month and are at work in it."""
    records = staffing.question.instance.managed_teams
    for hire in staffing.hired:
        if hire.start < first <= hire.end(records[hire.managed_team]):
            yield hire


def is_open(staffing: Staffing, hire: Hire, first: Month) -> bool:
    """Say whether the extension of a managed team can still be decided: it is one, and in time."""
    record = staffing.question.instance.managed_teams[hire.managed_team]
    alone = [other for other in at_work(staffing, first) if other.managed_team == hire.managed_team]
    if alone != [hire] or staffing.hired[hire] > 1 or record.extension is None:
        return False
    return hire.start + (record.months - 1 - record.extension.notice) >= first


def _bound(staffing: Staffing, hire: Hire) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield teams that stay as they were bought, each under an id of its own."""
    record, count = (
        staffing.question.instance.managed_teams[hire.managed_team],
        staffing.hired[hire],
    )
    told = record.model_dump(mode="json", exclude_unset=True)
    kept = {key: told[key] for key in _STAYS if key in told}
    term = {"there_since": str(hire.start), "months": record.months + hire.extension}
    for number in range(1, count + 1):
        name = f"{hire.managed_team}-{hire.start}" + (f"-{number}" if count > 1 else "")
        yield name, {**kept, **term, "price": "none", "from": kept.get("from", "as bought")}


def not_yet_bound(staffing: Staffing, first: Month) -> Iterator[MoneyFigure]:
    """Yield what a team costs from a month on whose extension is open: that is counted anew."""
    hires = {
        hire: staffing.hired[hire]
        for hire in at_work(staffing, first)
        if is_open(staffing, hire, first)
    }
    calendar = staffing.question.instance.calendar
    there = replace(staffing, hired=hires)
    for year in calendar.years:
        yield from managed_lines(there, year, _months(calendar.months, year, first))


def _months(months: Iterable[Month], year: str, first: Month) -> frozenset[Month]:
    return frozenset(m for m in months if m.financial_year == year and m >= first)
