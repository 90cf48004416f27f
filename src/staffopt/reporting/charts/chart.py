"""A chart as data: what is shown, in which words, and the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MOST_SERIES = 4
"""More than that cannot be told apart by everybody."""

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Kind(StrEnum):
    """How figures are drawn."""

    BARS = "bars"
    COLUMNS = "columns"
    DOTS = "dots"
    LINES = "lines"
    STEPS = "steps"
    TORNADO = "tornado"
    BRIDGE = "bridge"


class Mark(StrEnum):
    """How a figure on a line is marked."""

    FULL = "full"
    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Point:
    """One figure.

    Attributes:
        at: the category it is of (a team, a year, a month), or how far along it stands.
        value: the figure; None where there is none to draw.
        label: the figure in words, as it stands beside its mark; empty where nothing stands there.
        whole: in a bridge, a level that is stood on, where others are steps up or down from it.
        mark: on a line, how it is marked: hollow where the line only comes near to it, not at all
            where it is there for the line's shape.
    """

    at: str | Fraction
    value: Fraction | None
    label: str = ""
    whole: bool = False
    mark: Mark = Mark.FULL


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one thing.

    Attributes:
        name: what they are of.
        points: the figures, in order.
        before: whether it is the state before what is planned; it is drawn hollow.
    """

    name: str
    points: tuple[Point, ...]
    before: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured along an axis; ``pounds`` writes its figures as £300k and £1.2m."""

    title: str
    pounds: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of the axis of values; None where it has no end on that side."""

    name: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Table:
    """Words in rows under their headings; the first ``words`` columns are names, others figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def holds_figures(self, column: int) -> bool:
        """Say whether a column has figures, or nothing, in every row."""
        cells = [row[column].lstrip("+-−≤£( ") for row in self.rows if row[column] not in ("", "–")]
        return column >= self.words and all(cell[:1].isdigit() for cell in cells)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures.

    Attributes:
        name: what its file is called, without an ending: small letters, digits and ``-``.
        kind: bars (across, side by side), columns (upright, stacked), dots (across, before and
            after), lines, steps (a staircase), a tornado (low and high from a base) or a bridge.
        title: what it shows, as a heading says it.
        alt: what a reader who cannot see it must know: what it shows and what stands out.
        series: at most four. A tornado has two: what is lower, what is higher.
        along: the axis of categories, months or a first figure.
        value: the axis of the figures.
        table: the same figures in words, every one of them.
        bands: named stretches of the axis of values, of dots only.
        base: where the bars of a tornado start.
        sums: category and the sum of its column in words, of columns only.

    Raises:
        ValueError: if it has no series or too many, no words for readers who cannot see it, or a
            name that is no file name.
    """

    name: str
    kind: Kind
    title: str
    alt: str
    series: tuple[Series, ...]
    along: Axis
    value: Axis
    table: Table
    bands: tuple[Band, ...] = ()
    base: Fraction = Fraction(0)
    sums: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        if not self.alt.strip():
            raise ValueError("a chart says in words what it shows")
        if not self.name or set(self.name) - _NAME:
            raise ValueError(f"{self.name!r} is no name of a chart")

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of all series, in order; none where figures stand along a scale."""
        points = (point for series in self.series for point in series.points)
        return tuple(dict.fromkeys(point.at for point in points if isinstance(point.at, str)))


def at_most_four(
    series: Sequence[Series], *, others: str, words: Callable[[Fraction], str]
) -> tuple[Series, ...]:
    """Sum the smallest series into one where there are more than a chart may have.

    Args:
        series: series over the same categories whose figures may be added.
        others: what the sum is called.
        words: writes the label of a sum.
    """
    if len(series) <= MOST_SERIES:
        return tuple(series)
    order = sorted(range(len(series)), key=lambda number: _size(series[number]), reverse=True)
    largest = set(order[: MOST_SERIES - 1])
    sums: dict[str | Fraction, Fraction] = {}
    for number in sorted(order[MOST_SERIES - 1 :]):
        for point in series[number].points:
            sums[point.at] = sums.get(point.at, Fraction(0)) + (point.value or 0)
    kept = (one for number, one in enumerate(series) if number in largest)
    return (*kept, Series(others, tuple(Point(at, sum_, words(sum_)) for at, sum_ in sums.items())))


def _size(series: Series) -> Fraction:
    return sum((abs(point.value or Fraction(0)) for point in series.points), Fraction(0))
