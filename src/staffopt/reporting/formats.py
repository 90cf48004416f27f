"""What a report can be written as: one function a format, by the name that ``--to`` takes.

A writer imports what it needs when it is called, so that naming the formats costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffopt.plan import Plan

Writer = Callable[["Sequence[Plan]", Path], "list[Path]"]
"""Writes plans to a file, or into a folder, and returns the files written."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form that plans can be reported in.

    Attributes:
        meaning: what is written, in a few words.
        suffix: of the file that is written where none is named; empty for a folder.
        write: writes it. Raises InputError if the plans cannot be reported so, and OSError if the
            place cannot be written.
    """

    meaning: str
    suffix: str
    write: Writer


def find_format(name: str) -> Format:
    """Return a format by its name.

    Raises:
        UnknownName: if there is none, with near matches.
    """
    from staffopt.errors import UnknownName

    if name not in FORMATS:
        raise UnknownName("format", name, list(FORMATS))
    return FORMATS[name]


def _csv(plans: Sequence[Plan], folder: Path) -> list[Path]:
    from staffopt.reporting.star import write_star

    return write_star(plans, folder)


FORMATS: Mapping[str, Format] = {
    "csv": Format("a folder of tables with stable names and keys", "", _csv),
}
"""Every format by its name."""
