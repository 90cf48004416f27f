"""What goes where: data to stdout, messages to stderr, in whatever the terminal can show."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from staffopt.reporting.plain import plain

_PLAIN = {
    "→": "->",
    "–": "-",
    "£": "GBP ",
    "·": "|",
    "≤": "<=",
    "≥": ">=",
    "×": "x",
    "…": "...",
    "’": "'",
    "Σ": "sum",
    "β": "beta",
}
"""What stands for a character that the terminal's encoding does not have."""


def out(text: str) -> None:
    """Write data to stdout, with one newline at its end."""
    _write(sys.stdout, text)


def out_json(data: Any) -> None:
    """Write data to stdout as JSON; escaped, so that no encoding can damage it."""
    _write(sys.stdout, json.dumps(data, indent=1))


def tell(text: str) -> None:
    """Write a message to stderr."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    shown = showable(text.rstrip("\n") + "\n", stream.encoding or "utf-8")
    stream.write(harmless(shown) if stream.isatty() else shown)
    stream.flush()


def harmless(text: str) -> str:
    """Take out of every line what a terminal would obey: names are users' text."""
    return "\n".join(map(plain, text.split("\n")))


def showable(text: str, encoding: str) -> str:
    """Replace what an encoding does not have, such as an arrow in Windows' cp1252."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        missing: dict[str, str | int | None] = {
            char: stand_in for char, stand_in in _PLAIN.items() if not _has(char, encoding)
        }
        text = text.translate(str.maketrans(missing))
        return text.encode(encoding, errors="replace").decode(encoding)
    return text


def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
