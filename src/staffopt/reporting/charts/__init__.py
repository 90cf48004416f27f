"""Charts as data, in one palette, and the one module that draws them."""

from staffopt.reporting.charts.chart import (
    MOST_SERIES,
    Axis,
    Band,
    Chart,
    Kind,
    Point,
    Series,
    Table,
    at_most_four,
)
from staffopt.reporting.charts.drawing import png, svg, write_charts
from staffopt.reporting.charts.marks import Width
from staffopt.reporting.charts.palette import PALETTE

__all__ = [
    "MOST_SERIES",
    "PALETTE",
    "Axis",
    "Band",
    "Chart",
    "Kind",
    "Point",
    "Series",
    "Table",
    "Width",
    "at_most_four",
    "png",
    "svg",
    "write_charts",
]
