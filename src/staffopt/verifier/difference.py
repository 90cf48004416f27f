"""Where a stored plan differs from what follows from its decisions, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from staffopt.plan import Figures, Finding, Verdict

_VALUES = {
    "posts": ("today", "change", "posts"),
    "people": ("today", "change", "in_post", "apart"),
    "flows": (
        *("opening", "leavers", "moved_out", "progressed_out", "progressed_in"),
        *("moved_in", "joined", "in_post", "able", "made_redundant"),
    ),
    "work": ("needed", "able", "overtime", "spare"),
    "vacancies": (
        "posts",
        "in_post",
        "agency",
        "vacancies",
        "vacancy_rate",
        "agency_rate",
    ),
    "packages": ("taken", "fte", "start", "end"),
    "managed_teams": ("teams", "end", "agree_by", "there"),
    "exits": ("end", "period", "cases", "before", "after"),
    "caseloads": ("cases", "fte", "average", "printed", "band"),
    "cases": ("cases", "fte", "average"),
    "case_flow": ("before", "arriving", "closed", "gone", "come", "open"),
    "places": ("team", "today", "got"),
    "heads": ("fte", "heads"),
    "money": ("amount",),
    "benefits": ("cashable", "fund", "amount"),
    "totals": ("amount",),
}
"""Table → the fields that are figures; its other fields say what the figures are of."""

_Rows = dict[str, list[dict[str, Any]]]


def figure_differences(stored: Figures, derived: Figures) -> tuple[Finding, ...]:
    """Compare every figure; each difference is a broken finding that names it and both values."""
    if stored == derived:
        return ()
    old, new = stored.model_dump(mode="json"), derived.model_dump(mode="json")
    found = tuple(
        difference
        for table, values in _VALUES.items()
        for difference in _in_table(table, values, old[table], new[table])
    )
    return found or (differs("figures", "in another order", "in file order"),)


def differs(name: str, stored: object, derived: object) -> Finding:
    """Make the finding of a stored value that does not follow from the plan's decisions."""
    words = f"{name}: stored {stored}, recomputed {derived}"
    return Finding(rule="stored figures", verdict=Verdict.BROKEN, words=words)


def _in_table(
    table: str, values: tuple[str, ...], stored: list[Any], derived: list[Any]
) -> Iterator[Finding]:
    old, new = _index(stored, values), _index(derived, values)
    for key in dict.fromkeys((*old, *new)):
        name = f"figures.{table}[{key}]"
        mine, theirs = old.get(key, []), new.get(key, [])
        if len(mine) != len(theirs):
            yield differs(name, _count(mine), _count(theirs))
            continue
        for one, other in zip(mine, theirs, strict=True):
            for field in values:
                if one[field] != other[field]:
                    yield differs(f"{name}.{field}", _show(one[field]), _show(other[field]))


def _index(rows: list[Any], values: tuple[str, ...]) -> _Rows:
    index: _Rows = {}
    for row in rows:
        key = ", ".join(str(v) for name, v in row.items() if name not in values and v is not None)
        index.setdefault(key, []).append(row)
    return index


def _count(rows: Sequence[object]) -> str:
    return {0: "no line", 1: "one line"}.get(len(rows), f"{len(rows)} lines")


def _show(value: object) -> object:
    """Write an amount as its exact figure."""
    if isinstance(value, dict):
        return f"{'at least ' if value['at_least'] else ''}{value['raw']}"
    return "none" if value is None else value


def finding_differences(
    stored: Sequence[Finding], derived: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Compare verdicts, place by place; words are for people and are not compared."""
    old, new = Counter(map(_verdict, stored)), Counter(map(_verdict, derived))
    return (
        *(differs("findings", verdict, "no such finding") for verdict in (old - new).elements()),
        *(differs("findings", "no such finding", verdict) for verdict in (new - old).elements()),
    )


def _verdict(finding: Finding) -> str:
    data = finding.model_dump(mode="json", exclude={"words"}, exclude_none=True)
    return ", ".join(f"{name} {value}" for name, value in data.items())
