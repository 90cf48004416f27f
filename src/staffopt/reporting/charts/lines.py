"""Lines over months and staircases along a scale: a series is named at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from staffopt.reporting.charts.chart import Chart, Mark, Series
from staffopt.reporting.charts.marks import Told, Width, above, columns, dotted, looks, short
from staffopt.reporting.charts.palette import SIZE, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_MARKS = 12
"""Of more points on a line, some marks are seen; the others answer all the same."""

_LABELLED = 8
"""Up to so many points have their figures beside them."""

_APART = 0.075
"""How far names at the ends of lines stand apart, as a share of the height."""


def lines(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw a line a series from figure to figure; where there is none, the line breaks."""
    return _drawn(axes, chart, width, "default")


def steps(axes: Axes, chart: Chart, width: Width) -> Told:
    """Draw a staircase a series: until the next point a figure stays what it is."""
    return _drawn(axes, chart, width, "steps-post")


def _drawn(axes: Axes, chart: Chart, width: Width, style: Literal["default", "steps-post"]) -> Told:
    told = Told()
    places = columns(axes, chart, width) if chart.categories else {}
    ends = []
    for series, look in zip(chart.series, looks(chart), strict=True):
        across = [places[p.at] if isinstance(p.at, str) else float(p.at) for p in series.points]
        up = [float("nan") if p.value is None else float(p.value) for p in series.points]
        axes.plot(
            across, up, color=look.colour, linestyle=look.dash, linewidth=1.8, drawstyle=style
        )
        _marks(axes, series, (across, up), dotted(look), told)
        last = [(x, y) for x, y in zip(across, up, strict=True) if y == y]  # noqa: PLR0124 (no nan)
        if last:
            ends.append((*last[-1], series.name))
    _room(axes, chart, places)
    if len(chart.series) > 1:
        _names(axes, ends)
    return told


def _marks(
    axes: Axes,
    series: Series,
    places: tuple[list[float], list[float]],
    look: dict[str, Any],
    told: Told,
) -> None:
    placed = zip(series.points, *places, strict=True)
    seen = [(p, x, y) for p, x, y in placed if p.value is not None and p.mark is not Mark.NONE]
    every = -(-len(seen) // _MOST_MARKS)
    for number, (point, x, y) in enumerate(seen):
        (mark,) = axes.plot(x, y, linestyle="none", zorder=3, **{**look, "markersize": 6})
        if point.mark is Mark.OPEN:
            mark.set_markerfacecolor("white")
        mark.set_alpha(1 if number % every == 0 else 0)
        told.say(mark, series, point)
        if point.label and len(seen) <= _LABELLED:
            above(axes, (x, y), point.label)


def _room(axes: Axes, chart: Chart, places: dict[str, float]) -> None:
    """Leave room for figures; begin at nought unless all that is told lies far above it."""
    values = [float(p.value) for s in chart.series for p in s.points if p.value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low > high / 2:
        axes.set_ylim(low - 0.2 * (high - low or high), high + 0.25 * (high - low or high))
    else:
        axes.set_ylim(min(low, 0.0) * 1.1, high * 1.18 or 1.0)
    if not places:
        axes.margins(x=0.08)


def _names(axes: Axes, ends: list[tuple[float, float, str]]) -> None:
    """Name each line at its end, in order of height and not upon one another."""
    low, high = axes.get_ylim()
    apart, free = _APART * (high - low), low
    for x, y, name in sorted(ends, key=lambda end: end[1]):
        free = max(free, y)
        axes.annotate(
            short(name),
            (x, y),
            xytext=(1.02, free),
            textcoords=("axes fraction", "data"),
            va="center",
            fontsize=SIZE - 1,
            color=TEXT,
            annotation_clip=False,
        )
        free += apart
