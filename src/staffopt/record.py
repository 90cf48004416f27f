"""The base of everything that is read from a file or written to one."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Frozen, and refusing what it does not know.

    Fields are written by their alias where they have one (``from`` is a Python keyword).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        arbitrary_types_allowed=False,
    )
