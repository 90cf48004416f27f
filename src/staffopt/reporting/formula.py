"""The rule book's LaTeX as a line that a terminal shows."""

from __future__ import annotations

import re

_STEPS: tuple[tuple[str, str], ...] = (
    (r"\\([{}])", r"\\\1 "),  # a brace that is shown: kept apart from those that group
    (r"\\text\{([^{}]*)\}", r"\1"),
    (r"\\(?:left|right)(?=\W)", ""),
    (r"\\sum_(?:\{([^{}]*)\}|(\w+))\s*", r"Σ over \1\2 of "),
    (r"\\tfrac(\d)(\d)", r"\\tfrac{\1}{\2}"),
    (r"([_^])\{(\w+)\}", r"\1\2"),
    (r"([_^])\{([^{}]*)\}", r"\1(\2)"),
    (r"\\tfrac\{([^{}]+)\}\{([^{}]+)\}(?=\s*[Σ\w(])", r"\1/\2 · "),
    (r"\\tfrac\{([^{}]+)\}\{([^{}]+)\}", r"\1/\2"),
    (r"(?<=\w)\s+(?=\\beta)(?<!of )", " · "),
    (r"\\forall\s*", "for every "),
    (r",?\s*\\q?quad\s*for every", ", for every"),
    (r",?\s*\\q?quad\s*\(", " ("),
    (r",?\s*\\q?quad\s*", "; "),
)
"""Pattern and what takes its place, in order."""
_SIGNS = {
    r"\le": "≤",
    r"\ge": "≥",
    r"\cdot": "·",
    r"\in": "in",
    r"\min": "min",
    r"\max": "max",
    r"\beta": "β",
}
_SIGN = re.compile(r"\\[a-z]+")
_ROLE = re.compile(r":math:`([^`]*)`")


def plain_formula(latex: str) -> str:
    """Write a formula on one line: sums as ``Σ over``, fractions as ``a/b``, words for quantors."""
    text = latex
    for pattern, plain in _STEPS:
        text = re.sub(pattern, plain, text)
    text = _SIGN.sub(lambda found: _SIGNS.get(found[0], found[0][1:]), text)
    text = re.sub(r"\\([{}]) ", r"\1", text)
    return " ".join(text.split())


def plain_text(text: str) -> str:
    """Take the marks of a docstring out of a text, and write the formulas in it plainly."""
    return _ROLE.sub(lambda found: plain_formula(found[1]), text).replace("``", "")
