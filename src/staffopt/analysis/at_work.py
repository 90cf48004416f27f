"""Managed teams that are at work when planning starts anew, and those that can still be bought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from staffopt.instance.calendar import Month
from staffopt.instance.managed import ManagedTeam
from staffopt.verifier.staffing import Hire, Staffing

_STAYS = ("name", "composition", "capacity", "closes", "serves", "cost_centre", "from")
"""What a managed team keeps for as long as it is there."""


@dataclass(frozen=True, slots=True)
class ManagedLeft:
    """Managed teams from a month on.

    Attributes:
        records: id → record, as a file has it, of those that are there or on offer.
        open: ids of which something can still be decided: those on offer, or to be extended.
        notes: what could not be carried over, in words.
    """

    records: Mapping[str, dict[str, Any]]
    open: tuple[str, ...]
    notes: tuple[str, ...]


def managed_left(
    staffing: Staffing, listed: Mapping[str, Mapping[str, Any]], first: Month
) -> ManagedLeft:
    """Return which managed teams are there already, and which can still be bought.

    Where the extension of the one that is there can still be decided, it is there under its own id.
    Any other is there for as long as it was bought and extended, with its price bound by then:
    under its own id, or, where more of its kind are there or on offer, under one made of its start.

    Args:
        staffing: what was decided.
        listed: the council's managed teams as a file has them.
        first: the first month from which on is decided anew.
    """
    councils = staffing.question.instance.managed_teams
    records: dict[str, dict[str, Any]] = {}
    still, notes = [], []
    for name, record in councils.items():
        there = [
            hire
            for hire in at_work(staffing, first)
            if hire.managed_team == name
            for _ in range(staffing.hired[hire])
        ]
        starts = [month for month in record.starts if month >= first]
        if len(there) == 1 and is_open(staffing, there[0], first):
            term = {"starts": list(map(str, starts)), "there_since": str(there[0].start)}
            records[name] = {**listed[name], **term}
            still.append(name)
            continue
        offer, note = _offer(listed[name], record, starts, there)
        notes += [note] if note else []
        if offer is not None:
            records[name] = offer
            still.append(name)
        for hire in there:
            alone = offer is None and len(there) == 1
            at = name if alone else _free(f"{name}-{hire.start}", {*councils, *records})
            records[at] = _bound(record, hire)
    return ManagedLeft(records, tuple(still), tuple(notes))


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


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name, numbered if something has it already."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in names if each not in taken)


def _offer(
    listed: Mapping[str, Any], record: ManagedTeam, starts: Sequence[Month], there: Sequence[Hire]
) -> tuple[dict[str, Any] | None, str | None]:
    """Return what is still on offer beside teams that are there, and what is amiss with it.

    Those that are there stand under other ids, so that there are fewer at once on offer while they
    are. One figure says so exactly where as many of them are there at every start.
    """
    busy = {month: sum(hire.end(record) >= month for hire in there) for month in starts}
    free = {month: n for month, n in busy.items() if n < record.at_once}
    if not free:
        return None, None
    made = {k: v for k, v in listed.items() if k not in ("there_since", "approved")}
    made["starts"] = [str(month) for month in free]
    if least := min(free.values()):
        made["at_once"] = record.at_once - least
    if max(free.values()) > least:
        return made, f"not all {record.name} that are there count among the most at once"
    return made, None


def _bound(record: ManagedTeam, hire: Hire) -> dict[str, Any]:
    """Return a team that stays as it was bought."""
    told = record.model_dump(mode="json", exclude_unset=True)
    kept = {key: told[key] for key in _STAYS if key in told}
    term = {"there_since": str(hire.start), "months": record.months + hire.extension}
    return {**kept, **term, "price": "none", "from": kept.get("from", "as bought")}
