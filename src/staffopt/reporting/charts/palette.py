"""What every chart looks like: colours, patterns, markers and fonts, in one place.

Colours are the palette of the UK government's Analysis Function, in its order; neighbours differ
in lightness, so that they can be told apart in grey. No series is told by its colour alone: each
has a pattern, a marker and a dash of its own, and figures stand beside what they are of.
"""

from __future__ import annotations

from dataclasses import dataclass

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""Dark blue, turquoise, dark pink, orange, dark grey and light purple."""

TEXT = "#0B0C0C"
QUIET = "#505A5F"
"""Words of axes: 7 to 1 on white."""

RULE = "#D0D4D8"
SHADES = ("#F3F4F6", "#E3E6EA")
"""Bands, by turns; their names stand above them."""

FONT = "DejaVu Sans"
"""What is measured with: matplotlib brings it, and it is wider than the fonts below."""

FONT_STACK = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""What an SVG asks a reader's own machine for: no font is fetched."""

SIZE = 11.0
"""Size of words, in pixels of the picture as it is laid out."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a series is drawn, whatever the kind of chart."""

    colour: str
    hatch: str
    marker: str
    dash: str
    hollow: bool = False


LOOKS = (
    Look(PALETTE[0], "", "o", "-"),
    Look(PALETTE[1], "////", "s", "--"),
    Look(PALETTE[2], "....", "^", "-."),
    Look(PALETTE[3], "\\\\\\\\", "D", ":"),
)
"""One a series: as many as a chart may have."""

BEFORE = Look(PALETTE[4], "", "o", "-", hollow=True)
"""How the state before stands beside what is planned: hollow."""
