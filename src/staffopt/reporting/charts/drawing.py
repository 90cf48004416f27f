"""Charts drawn as SVG and PNG, by matplotlib, which is loaded here and nowhere else.

A picture is drawn once for a wide page and once for a phone: scaled down, words could not be read.
Floats are met here alone: a picture is as exact as a pixel.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffopt.extras import needed
from staffopt.plan import write_whole
from staffopt.reporting.charts.chart import Chart, Kind
from staffopt.reporting.charts.kinds import DRAWN, height
from staffopt.reporting.charts.marks import Width, few_ticks
from staffopt.reporting.charts.palette import FONT, QUIET, RULE, SIZE, TEXT
from staffopt.reporting.charts.vector import finished
from staffopt.reporting.plain import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOTS_PER_INCH = 72
"""Of the layout: a point of type is then a pixel."""

_SHARPNESS = 3
"""A PNG has so many pixels for each of the layout: it is printed."""


def svg(chart: Chart, width: Width = Width.WIDE) -> str:
    """Draw a chart as an SVG element that asks for nothing from anywhere and runs nothing.

    Each mark says its figure when it is pointed at.

    Raises:
        InputError: if matplotlib is not installed, with the command that installs it.
    """
    with _drawn(chart, width) as (figure, told):
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return finished(file.getvalue(), chart, told, name=f"{chart.name}-{width.name.lower()}")


def png(chart: Chart, width: Width = Width.WIDE) -> bytes:
    """Draw a chart as a PNG, 216 dots per inch, with its words for those who cannot see it.

    Raises:
        InputError: as :func:`svg` does.
    """
    with _drawn(chart, width) as (figure, _):
        file = io.BytesIO()
        told = {"Title": plain(chart.title), "Description": plain(chart.alt), "Software": None}
        figure.savefig(file, format="png", dpi=_DOTS_PER_INCH * _SHARPNESS, metadata=told)
    return file.getvalue()


def write_charts(charts: Sequence[Chart], folder: Path) -> list[Path]:
    """Write every chart as SVG and as PNG into a folder, which is made if it is not there.

    Raises:
        InputError: as :func:`svg` does.
        OSError: if the place cannot be written.
    """
    pictures = [(chart.name, svg(chart), png(chart)) for chart in charts]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, vector, dots in pictures:
        written.append(write_whole(folder / f"{name}.svg", vector + "\n"))
        written.append(write_whole(folder / f"{name}.png", dots))
    return written


@contextmanager
def _drawn(chart: Chart, width: Width) -> Iterator[tuple[Figure, dict[str, str]]]:
    """Lay a chart out; give the figure, and what each of its marks says."""
    library = needed(
        "matplotlib", package="matplotlib", extra="report", doing=f"Drawing the chart {chart.name}"
    )
    from matplotlib.figure import Figure

    with warnings.catch_warnings(), library.rc_context(_settings(library.rcParamsDefault)):
        # In a PNG a letter that the font has not is a box; an SVG asks the reader's fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        size = (width / _DOTS_PER_INCH, height(chart, width) / _DOTS_PER_INCH)
        figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, layout="constrained")
        axes = figure.add_subplot()
        _dress(axes, chart, width)
        told = DRAWN[chart.kind](axes, chart, width)
        few_ticks(axes, width)
        yield figure, told


def _settings(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return what matplotlib takes from its settings alone; a user's own count for nothing."""
    kept = ("backend", "backend_fallback", "interactive", "toolbar")
    return {
        **{key: value for key, value in defaults.items() if key not in kept},
        "font.family": [FONT],
        "font.size": SIZE,
        "text.color": TEXT,
        # Names are users' text: a dollar in one begins no formula.
        "text.parse_math": False,
        "text.usetex": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "staffopt",
        "hatch.linewidth": 1.0,
        "axes.unicode_minus": True,
    }


def _dress(axes: Axes, chart: Chart, width: Width) -> None:
    """Leave of the frame what helps to read: a light grid and the words of the axes."""
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=QUIET, labelcolor=QUIET)
    upright = chart.kind in (Kind.COLUMNS, Kind.LINES, Kind.STEPS)
    axes.grid(axis="y" if upright else "x", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    values, along = (axes.yaxis, axes.xaxis) if upright else (axes.xaxis, axes.yaxis)
    if upright:
        # Beside the axis words would stand on end; above it they are read as a line is.
        across = max(20, width // 8)
        words = textwrap.fill(plain(chart.value.title), across)
        axes.set_title(words, loc="left", fontsize=SIZE, color=QUIET)
        along.set_label_text(plain(chart.along.title), color=QUIET)
    else:
        values.set_label_text(textwrap.fill(plain(chart.value.title), width // 8), color=QUIET)
    if chart.value.pounds:
        values.set_major_formatter(lambda value, _: pounds_tick(value))
    if chart.along.pounds:
        along.set_major_formatter(lambda value, _: pounds_tick(value))


def pounds_tick(value: float) -> str:
    """Write pounds on an axis: ``£300k``, ``£1.2m``, ``-£50k``."""
    size = abs(value)
    for unit, letter in ((1_000_000, "m"), (1_000, "k")):
        if size >= unit:
            return f"{'-' if value < 0 else ''}£{size / unit:.4g}{letter}"
    return f"{'-' if value < 0 else ''}£{size:.4g}"
