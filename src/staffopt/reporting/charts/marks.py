"""What every kind of chart is put together from: marks that answer, figures beside them, names."""

from __future__ import annotations

import re
import textwrap
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from staffopt.reporting.charts.chart import Chart, Point, Series
from staffopt.reporting.charts.palette import BEFORE, LOOKS, QUIET, SIZE, TEXT, Look
from staffopt.reporting.plain import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BESIDE = 5
"""Pixels between a mark and its figure."""

ON_WHITE = {"boxstyle": "round,pad=0.18", "facecolor": "white", "edgecolor": "none"}
"""Ground for words that stand upon a pattern or a line."""

_BREAK = "\x1f"
_MOST_LINES = 3
_LONGEST_SERIES = 40


class Width(IntEnum):
    """How wide a picture is laid out, pixels."""

    WIDE = 640
    NARROW = 330


class Told(dict[str, str]):
    """Mark → what it says when it is pointed at."""

    def say(self, mark: Any, series: Series, point: Point) -> None:
        """Give a mark its words: what it is of, where, and the figure."""
        name = f"mark-{len(self)}"
        mark.set_gid(name)
        at = point.at if isinstance(point.at, str) else ""
        self[name] = ", ".join(filter(None, (at, series.name))) + f": {point.label}"


def looks(chart: Chart) -> list[Look]:
    """Give each series its look; what stands before the plan takes none of the palette's turns."""
    turns = iter(LOOKS)
    return [BEFORE if series.before else next(turns) for series in chart.series]


def name_lines(text: str, width: Width) -> str:
    """Break the name of a row into a few lines; the table beside the chart has it whole."""
    return _lines(text, 26 if width is Width.WIDE else 15)


def _lines(text: str, across: int) -> str:
    # A path is broken after its points first; a mark that no text can hold says where.
    loose = re.sub(r"(?<=[./_])(?=\w)", f"{_BREAK} ", plain(text))
    lines = [
        line.replace(f"{_BREAK} ", "").removesuffix(_BREAK)
        for line in textwrap.wrap(loose, across) or [""]
    ]
    if len(lines) > _MOST_LINES and " " not in text.strip():  # a path is told apart by its end
        lines = [f"…{lines[-_MOST_LINES][-across + 1 :]}", *lines[-_MOST_LINES + 1 :]]
    elif len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: across - 1]}…"]
    return "\n".join(lines)


def short(text: str) -> str:
    """Write what a series is called in a line."""
    words = plain(text)
    return words if len(words) <= _LONGEST_SERIES else f"{words[: _LONGEST_SERIES - 1]}…"


def beside(
    axes: Axes,
    at: tuple[float, float],
    words: str,
    *,
    left: bool = False,
    by: int = BESIDE,
    ground: bool = False,
) -> None:
    """Write words to the right (or left) of a place, so many pixels from it.

    Args:
        axes: where.
        at: the place.
        words: the words.
        left: whether they stand to its left.
        by: how many pixels from it.
        ground: whether they stand on white, since a line may run there.
    """
    axes.annotate(
        plain(words),
        at,
        xytext=(-by if left else by, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center_baseline",
        fontsize=SIZE - 1,
        color=TEXT,
        bbox=ON_WHITE if ground and words else None,
        zorder=4,
    )


def above(axes: Axes, at: tuple[float, float], words: str, *, bold: bool = False) -> None:
    """Write words over a place, on white: lines may run there."""
    axes.annotate(
        plain(words),
        at,
        xytext=(0, BESIDE + 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SIZE - 1,
        fontweight="bold" if bold else "normal",
        color=TEXT,
        bbox=ON_WHITE,
    )


def rows(axes: Axes, chart: Chart, width: Width) -> dict[str, float]:
    """Name the rows of a chart that lies across, the first on top; return category → place."""
    places = {category: float(number) for number, category in enumerate(chart.categories)}
    axes.set_yticks(
        list(places.values()),
        labels=[name_lines(category, width) for category in places],
        color=TEXT,
    )
    axes.set_ylim(len(places) - 0.5, -0.5)
    return places


def columns(axes: Axes, chart: Chart, width: Width) -> dict[str, float]:
    """Name the columns of an upright chart; every second or third where all find no room."""
    names = chart.categories
    most = width // 56
    every = -(-len(names) // most)
    places = {category: float(number) for number, category in enumerate(names)}
    shown = {category: place for category, place in places.items() if place % every == 0}
    across = max(6, int(width / min(len(names), most) / 10))
    words = [_lines(category, across) for category in shown]
    axes.set_xticks(list(shown.values()), labels=words, color=TEXT)
    axes.set_xlim(-0.6, len(names) - 0.4)
    return places


def patches(axes: Axes, chart: Chart, width: Width) -> None:
    """Tell series apart above the figures, each by colour and pattern; one needs no telling."""
    from matplotlib.patches import Patch

    if len(chart.series) > 1:
        shown = [
            Patch(label=short(series.name), **filled(look))
            for series, look in zip(chart.series, looks(chart), strict=True)
        ]
        legend(axes, shown, width)


def legend(axes: Axes, shown: list[Any], width: Width) -> None:
    """Write what tells series apart above the figures, in a line where there is room."""
    figure = axes.figure
    assert figure is not None
    room = sum(len(one.get_label()) + 6 for one in shown) * 7
    figure.legend(
        handles=shown,
        loc="outside upper left",
        ncols=len(shown) if room <= width else 1,
        frameon=False,
        fontsize=SIZE,
        handlelength=2.2,
        borderaxespad=0.2,
    )


def filled(look: Look) -> dict[str, Any]:
    """Fill an area in its colour, its pattern in white; what stands before is white, with a rim."""
    if look.hollow:
        return {"facecolor": "white", "edgecolor": look.colour, "linewidth": 1.2}
    return {"facecolor": look.colour, "edgecolor": "white", "hatch": look.hatch, "linewidth": 0.8}


def dotted(look: Look) -> dict[str, Any]:
    """Draw a mark in its shape; what stands before is hollow."""
    return {
        "marker": look.marker,
        "markersize": 8,
        "markerfacecolor": "white" if look.hollow else look.colour,
        "markeredgecolor": look.colour,
        "markeredgewidth": 1.6,
    }


def few_ticks(axes: Axes, width: Width) -> None:
    """Write as many figures along the axes as find room."""
    from matplotlib.ticker import MaxNLocator

    if not axes.xaxis.get_major_locator().__class__.__name__.startswith("Fixed"):
        axes.xaxis.set_major_locator(MaxNLocator(7 if width is Width.WIDE else 4))


def quiet_line(axes: Axes, place: float, *, upright: bool) -> None:
    """Draw a thin line at a value, such as nought or a base."""
    draw = axes.axvline if upright else axes.axhline
    draw(place, color=QUIET, linewidth=1.0, zorder=1.5)
