"""Text of users made harmless to print: it stays data wherever it is written."""

from __future__ import annotations

import unicodedata

_MARK = "\N{REPLACEMENT CHARACTER}"

_LAST_TWO = 0xFFFE
"""The last two code points of every plane are no characters; nor are U+FDD0 to U+FDEF."""

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows, beyond the text that holds them."""


def plain(text: str) -> str:
    """Return a text as one that every form of report can hold.

    Line ends and tabs become blanks. Control characters, halves of surrogate pairs and code points
    that are no characters, which XML and HTML cannot hold, are shown as the replacement character;
    so are marks that turn the direction of the words after them.
    """
    return "".join(map(_held, text))


def _held(letter: str) -> str:
    if letter in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    if letter in _TURNING or unicodedata.category(letter) in ("Cc", "Cs"):
        return _MARK
    lost = ord(letter) & _LAST_TWO == _LAST_TWO or "\ufdd0" <= letter <= "\ufdef"
    return _MARK if lost else letter
