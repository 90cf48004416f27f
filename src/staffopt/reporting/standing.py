"""Where an authority stands among others, for people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.census.instance import Imported
from staffopt.census.reading import MEASURES
from staffopt.census.standing import Standing
from staffopt.quantity import Absent, decimal_text
from staffopt.reporting.tables import page, table, wrapped
from staffopt.reporting.words import NOTHING, listed, thousands


def render_standing(imported: Imported, council: str) -> str:
    """Write what an authority reports beside England and its region."""
    authority = imported.census.find(council)
    found = imported.standing(council)
    groups = list(dict.fromkeys(standing.among for standing in found))
    blocks = [
        wrapped(f"{authority.name} · Children's social work workforce {imported.census.year}")
    ]
    blocks += [_among(group, [s for s in found if s.among == group]) for group in groups]
    return page([*blocks, wrapped(_NOTE)])


_NOTE = (
    "Percentile: the share of authorities that report less, and half of those that report the "
    "same. Quarter, half and three quarters are figures that authorities report."
)


def _among(group: str, found: Sequence[Standing]) -> list[str]:
    head = [f"Among {group}", "reports", "percentile", "of", "lowest", "quarter", "half"]
    rows = [
        [
            f"{MEASURES[s.measure][0]}, {MEASURES[s.measure][1]}",
            NOTHING if isinstance(s.value, Absent) else decimal_text(s.value),
            _percentile(s.percentile),
            str(s.count),
            *(map(_mark, s.quantiles) if s.quantiles else [NOTHING] * 5),
        ]
        for s in found
    ]
    return table([*head, "three quarters", "highest"], rows)


def _mark(value: Decimal) -> str:
    return decimal_text(value)


def _percentile(value: Fraction | None) -> str:
    return NOTHING if value is None else thousands(value)


def render_imported(imported: Imported) -> str:
    """Say what was read, and what no unit was made of, with the reason."""
    made = len(imported.chosen) - len(imported.left_out)
    text = f"Reporting year {imported.census.year}: units made: {made}."
    reasons = [f"{name} ({why})" for name, why in imported.left_out.items()]
    if reasons:
        text += f" Left out: {listed(reasons)}."
    return page([wrapped(text)])
