"""How each kind of chart is drawn: which axis has the names, and where figures stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.reporting.charts.chart import Band, Chart, Kind, Point
from staffopt.reporting.charts.lines import lines, steps
from staffopt.reporting.charts.marks import (
    BESIDE,
    ON_WHITE,
    Told,
    Width,
    above,
    beside,
    columns,
    dotted,
    filled,
    legend,
    looks,
    name_lines,
    patches,
    quiet_line,
    rows,
    short,
)
from staffopt.reporting.charts.palette import BEFORE, LOOKS, QUIET, RULE, SHADES, SIZE, TEXT, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FRAME = 66
"""Pixels above and below the figures: the axis with its words, and what tells series apart."""

_LINE = 17
"""Pixels of a line of figures."""

_UPRIGHT = 320
_ROOM = 0.22
"""How much of the axis is left for the figures that stand beyond the longest bar."""

_LETTER = 6.2
"""Pixels of a letter, on average."""

_MOST_ROOM = 2.0
"""Figures never take more than so many times what the bars take, to either side."""

_LEAST_SPREAD = 0.2
"""An axis of dots spans at least so much of its highest figure."""

_LEAST_SEGMENT = 0.075
"""A segment of less of the highest column has its figure in the table alone."""


def height(chart: Chart, width: Width) -> int:
    """Return how high a chart is laid out, pixels."""
    if chart.kind in (Kind.COLUMNS, Kind.LINES, Kind.STEPS):
        return _UPRIGHT
    lines_each = len(chart.series) if chart.kind in (Kind.BARS, Kind.DOTS) else 1
    tallest = max((name_lines(name, width).count("\n") for name in chart.categories), default=0)
    keys = 2 if len(chart.series) > 1 or chart.bands else 0
    return _FRAME + _LINE * (keys + len(chart.categories) * (max(lines_each, tallest + 1) + 1))


def bars(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw bars across, one a series in each row, each figure at the end of its bar."""
    told, places = Told(), rows(axes, chart, width)
    thick = 0.76 / len(chart.series)
    for number, (series, look) in enumerate(zip(chart.series, looks(chart), strict=True)):
        for point in series.points:
            if point.value is None:
                continue
            at = places[str(point.at)] - 0.38 + thick * (number + 0.5)
            bar = axes.barh(at, float(point.value), height=thick * 0.92, **filled(look))
            told.say(bar[0], series, point)
            beside(axes, (float(point.value), at), point.label, left=point.value < 0)
    _reach(axes, chart)
    quiet_line(axes, 0, upright=True)
    patches(axes, chart, width)
    return told


def _reach(axes: Axes, chart: Chart) -> None:
    """Leave room for the figures beyond the bars."""
    values = [float(point.value) for s in chart.series for point in s.points if point.value]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    spread = (high - low) or 1.0
    axes.set_xlim(low - (_ROOM * spread if low < 0 else 0), high + _ROOM * spread)


def stacked(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw columns, series upon series, with each figure in its part and the sum on top."""
    told, places = Told(), columns(axes, chart, width)
    tops, lows = dict.fromkeys(places, 0.0), dict.fromkeys(places, 0.0)
    parts = []
    for series, look in zip(chart.series, looks(chart), strict=True):
        for point in series.points:
            if not point.value:
                continue
            place, value = str(point.at), float(point.value)
            under = tops if value > 0 else lows
            bar = axes.bar(places[place], value, bottom=under[place], width=0.72, **filled(look))
            told.say(bar[0], series, point)
            parts.append((places[place], under[place] + value / 2, value, point.label))
            under[place] += value
    tallest = max(*tops.values(), *(-low for low in lows.values()), 1e-9)
    axes.set_ylim(min(lows.values()) * 1.15, max(tops.values()) * 1.12 or 1)
    for x, y, value, words in parts:
        if abs(value) >= _LEAST_SEGMENT * tallest:
            _inside(axes, (x, y), words)
    _sums(axes, chart, places, tops)
    quiet_line(axes, 0, upright=False)
    patches(axes, chart, width)
    return told


def _inside(axes: Axes, at: tuple[float, float], words: str) -> None:
    """Write a figure upon its part, on white: a pattern would run through it."""
    axes.text(*at, words, ha="center", va="center", fontsize=SIZE - 1, color=TEXT, bbox=ON_WHITE)


def _sums(axes: Axes, chart: Chart, places: Mapping[str, float], tops: Mapping[str, float]) -> None:
    """Write the sum of each column above it, where the chart gives one in words."""
    if len(chart.series) > 1:
        for category, words in chart.sums:
            if words:
                above(axes, (places[category], tops[category]), words, bold=True)


def dots(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw a mark a series in each row, joined, with bands behind; figures beside the marks."""
    told, places = Told(), rows(axes, chart, width)
    apart = 0.72 / len(chart.series)
    ends = _ends(chart)
    _bands(axes, chart.bands, ends, width)
    for category, place in places.items():
        shown: list[tuple[float, float]] = []
        for number, (series, look) in enumerate(zip(chart.series, looks(chart), strict=True)):
            for point in series.points:
                if point.at == category and point.value is not None:
                    at = (float(point.value), place - 0.36 + apart * (number + 0.5))
                    (mark,) = axes.plot(*at, linestyle="none", zorder=3, **dotted(look))
                    told.say(mark, series, point)
                    beside(axes, at, point.label, by=2 * BESIDE, ground=True)
                    shown.append(at)
        if len(shown) > 1:
            axes.plot(*zip(*shown, strict=True), color=RULE, linewidth=2, zorder=2)
    axes.set_xlim(*ends)
    _marks(axes, chart, width)
    return told


def _ends(chart: Chart) -> tuple[float, float]:
    """Show the figures, and the edges of bands that lie near them."""
    values = [float(p.value) for s in chart.series for p in s.points if p.value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    near = max(high - low, 0.1 * abs(high), 1e-9)
    edges = [float(e) for band in chart.bands for e in (band.low, band.high) if e is not None]
    close = [edge for edge in edges if low - near <= edge <= high + near]
    low, high = min([low, *close]), max([high, *close])
    # What hardly differs is shown to hardly differ.
    least = _LEAST_SPREAD * max(abs(low), abs(high))
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    spread = high - low or 1.0
    return low - 0.12 * spread, high + _ROOM * spread


def _bands(axes: Axes, bands: tuple[Band, ...], ends: tuple[float, float], width: Width) -> None:
    """Shade the bands by turns, their names above; on a phone in two lines by turns."""
    for number, band in enumerate(bands):
        low = ends[0] if band.low is None else max(float(band.low), ends[0])
        high = ends[1] if band.high is None else min(float(band.high), ends[1])
        if low < high:
            axes.axvspan(low, high, color=SHADES[number % 2], linewidth=0, zorder=0)
            raised = _LINE if width is Width.NARROW and number % 2 else 0
            axes.annotate(
                short(band.name),
                ((low + high) / 2, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, BESIDE + raised),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=SIZE - 1,
                color=QUIET,
            )


def _marks(axes: Axes, chart: Chart, width: Width) -> None:
    """Tell series apart above the figures, by the shape of their marks."""
    from matplotlib.lines import Line2D

    shown = [
        Line2D([], [], linestyle="none", label=short(series.name), **dotted(look))
        for series, look in zip(chart.series, looks(chart), strict=True)
    ]
    legend(axes, shown, width)


def tornado(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw what each row moves the result by, to either side of a base."""
    told, places = Told(), rows(axes, chart, width)
    base = float(chart.base)
    # Both ends may lie on the same side of the base: one bar stands above the other.
    for series, look, shift in zip(chart.series, looks(chart), (-0.19, 0.19), strict=True):
        for point in series.points:
            if point.value is None:
                continue
            value, at = float(point.value), places[str(point.at)] + shift
            bar = axes.barh(at, value - base, left=base, height=0.36, **filled(look))
            told.say(bar[0], series, point)
            beside(axes, (value, at), point.label, left=value < base)
    values = [float(p.value) for s in chart.series for p in s.points if p.value is not None]
    low, high = min([base, *values]), max([base, *values])
    room = _room_beside(chart, width) * (high - low or 1.0)
    axes.set_xlim(low - room, high + room)
    quiet_line(axes, base, upright=True)
    patches(axes, chart, width)
    return told


def _room_beside(chart: Chart, width: Width) -> float:
    """Return how much of the bars' own reach their figures ask for, on either side of them."""
    across = max(len(name) for c in chart.categories for name in name_lines(c, width).split("\n"))
    letters = max(len(point.label) for series in chart.series for point in series.points)
    axis, label = width - _LETTER * (across + 2), _LETTER * (letters + 1)
    return min(label / max(axis - 2 * label, label / 2), _MOST_ROOM)


_WHOLE, _UP, _DOWN = BEFORE, LOOKS[3], LOOKS[1]


def bridge(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw levels, and the steps up and down between them, row under row."""
    told, places = Told(), rows(axes, chart, width)
    (series,) = chart.series
    level, reached = 0.0, [0.0]
    for point in series.points:
        at = places[str(point.at)]
        value = float(point.value or 0)
        start = 0.0 if point.whole else level
        bar = axes.barh(at, value, left=start, height=0.62, **filled(_stepping(point)))
        told.say(bar[0], series, point)
        level = start + value
        reached.append(level)
        beside(axes, (max(start, level), at), point.label)
        axes.plot([level, level], [at, at + 1], color=QUIET, linewidth=0.8, zorder=1)
    low, high = min(reached), max(reached)
    axes.set_xlim(low * 1.1 if low < 0 else 0.0, high + _ROOM * ((high - low) or 1.0))
    quiet_line(axes, 0, upright=True)
    return told


def _stepping(point: Point) -> Look:
    """Fill a level plainly, a step up and a step down each in its pattern; signs say it too."""
    if point.whole:
        return LOOKS[0]
    return _UP if (point.value or Fraction(0)) > 0 else _DOWN


DRAWN: Mapping[Kind, Callable[[Axes, Chart, Width], Told]] = {
    Kind.BARS: bars,
    Kind.COLUMNS: stacked,
    Kind.DOTS: dots,
    Kind.LINES: lines,
    Kind.STEPS: steps,
    Kind.TORNADO: tornado,
    Kind.BRIDGE: bridge,
}
"""Kind → what draws it."""
