"""A starter instance for one's own council: commented, valid, and solved at once."""

from __future__ import annotations

import re
from importlib import resources

from staffopt.errors import Fault, InputError

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def starter(name: str) -> str:
    """Return the text of a new instance file.

    Args:
        name: the instance's id, such as ``my-council-2027``.

    Raises:
        InputError: if the name is no id.
    """
    if not _ID.fullmatch(name):
        mend = "Use lower-case letters, digits, _ and -, at most 64."
        raise InputError([Fault("bad-id", f"{name!r} is no id", mend)])
    template = resources.files("staffopt.instance").joinpath("starter.yaml")
    return template.read_text(encoding="utf-8").replace("NAME", name)
