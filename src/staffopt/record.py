"""The base of everything that is read from a file or written to one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from staffopt.errors import Fault, Place

if TYPE_CHECKING:
    from collections.abc import Mapping


_BRANCH = re.compile(r"\[|^(str|decimal|bool|int)$")
"""What pydantic calls the branch of a union that it tried."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a text names, as an annotation: ``Annotated[str, Names("team", "teams")]``.

    Attributes:
        one: what is named, in one word; the heading of its column in a table.
        section: where such names are declared; empty if they are not declared.
    """

    one: str
    section: str = ""


class Record(BaseModel):
    """Frozen, and refusing what it does not know.

    Fields are written by their alias where they have one (``from`` is a Python keyword).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,
    )


def faults_of(
    error: ValidationError, root: str, origins: Mapping[str, str] | None = None
) -> list[Fault]:
    """Turn a validation error into faults, one a path, each with what to write instead.

    Args:
        error: what pydantic says.
        root: the path under which the record stands; may be empty.
        origins: path → who asked for the value that stands there.
    """
    from staffopt.schema_faults import Item, item_at, told

    texts: dict[tuple[str | int, ...], str | None] = {}
    groups: dict[tuple[str | int, ...], list[Item]] = {}
    for raw in error.errors(include_url=False):
        # Pydantic puts the branch of a union into the path.
        loc = tuple(part for part in raw["loc"] if not _BRANCH.search(str(part)))
        groups.setdefault(loc, []).append(item_at(loc, raw))
        texts.setdefault(loc, raw["input"] if isinstance(raw["input"], str) else None)
    model = _called(error.title)
    faults = []
    for loc, group in groups.items():
        path = ".".join([*([root] if root else []), *map(str, loc)])
        origin = next((who for at, who in (origins or {}).items() if path.startswith(at)), None)
        code, what, mend = told(group, texts[loc], model, root)
        faults.append(Fault(code, what, mend, Place(file=origin, path=path)))
    return faults


def _called(name: str, above: type[Record] = Record) -> type[Record]:
    """Find the record that an error names; any of that name, since only near names hang on it."""
    for kind in above.__subclasses__():
        found = kind if kind.__name__ == name else _called(name, kind)
        if found is not Record:
            return found
    return Record
