"""A frontier of segments: for people, as rows of a table, and as points of a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.analysis.continuous import End, Segment
from staffopt.analysis.figures import added
from staffopt.analysis.frontier import Frontier
from staffopt.reporting.charts.chart import Mark, Point
from staffopt.reporting.sheet import Cell
from staffopt.reporting.words import NOTHING, posts_words, thousands

_BETWEEN = 4
"""Into so many parts a stretch is cut whose second goal does not move evenly, to be drawn."""


def segment_head(found: Frontier) -> list[str]:
    """Head the columns of :func:`segment_cells`."""
    first, second, *_ = (goal.minimise.replace("_", " ") for goal in found.question.goals)
    return [
        f"{first}, £",
        "to",
        f"{second}, {found.units[1]}",
        "to",
        "ends",
        "posts added at the dear end",
    ]


def segment_cells(segment: Segment) -> list[str]:
    """Write a segment's ends in words."""
    cheap, dear = segment.cheap, segment.dear
    if segment.is_point:
        figures = [thousands(cheap.first), NOTHING, thousands(cheap.second, 2), NOTHING]
        return [*figures, "a point", _posts(dear)]
    firsts = [thousands(end.first) for end in (cheap, dear)]
    seconds = [thousands(end.second, 2) for end in (cheap, dear)]
    return [*firsts, *seconds, _ends(segment), _posts(dear)]


def _ends(segment: Segment) -> str:
    match segment.cheap.closed, segment.dear.closed:
        case True, True:
            return "closed"
        case True, False:
            return "dear one open"
        case False, True:
            return "cheap one open"
    return "open"


def _posts(end: End) -> str:
    if end.plan is None:
        return NOTHING
    posts = [posts_words(end.plan.question, role, fte) for role, fte in added(end.plan).items()]
    return ", ".join(posts) or "none"


def segment_notes(found: Frontier) -> Iterator[str]:
    """Say what segments are, and how far they are founded."""
    if any(not end.closed for segment in found.segments for end in (segment.cheap, segment.dear)):
        yield (
            "An open end is not on the frontier itself: what is as cheap, or as good, is better in "
            "the other goal there. Points as near to it as one likes are."
        )
    if found.segments[0].reciprocal:
        yield "Along a segment one over the second goal moves evenly, so the goal itself flattens."
    yield (
        "Plans at the ends round posts to 0.0001 FTE, within the next whole pound; costs are told "
        "apart by 10 pence."
    )
    if all(segment.checked for segment in found.segments):
        yield "Each line is checked in fractions: nothing of the same whole posts lies below it."


def segment_csv(found: Frontier) -> tuple[list[str], list[list[Cell]]]:
    """Return heading and rows, one a segment."""
    first, second, *_ = (goal.minimise for goal in found.question.goals)
    roles = list(found.question.instance.roles)
    head = [
        *(f"{first} from", f"{first} to", f"{second} at from", f"{second} at to"),
        *("from closed", "to closed", "checked"),
        *(f"added {role} at to" for role in roles),
    ]
    rows: list[list[Cell]] = []
    for segment in found.segments:
        cheap, dear = segment.cheap, segment.dear
        flags = [_yes(flag) for flag in (cheap.closed, dear.closed, segment.checked)]
        moved = None if dear.plan is None else added(dear.plan)
        posts = [None if moved is None else moved.get(role, Fraction(0)) for role in roles]
        rows.append([cheap.first, dear.first, cheap.second, dear.second, *flags, *posts])
    return head, rows


def _yes(flag: object) -> str:
    return "yes" if flag else "no"


def drawn_points(segments: Sequence[Segment]) -> Iterator[Point]:
    """Yield points of a line that breaks between segments; open ends are hollow."""
    for number, segment in enumerate(segments):
        before = segments[number - 1] if number else None
        if before is not None and not _joined(before, segment):
            yield Point(segment.cheap.first, None)
        if before is None or not _joined(before, segment):
            yield _mark(segment.cheap)
        if not segment.is_point:
            yield from _between(segment)
            yield _mark(segment.dear)


def _joined(one: Segment, two: Segment) -> bool:
    """Say whether a segment goes on from where the one before it ends."""
    end, start = one.dear, two.cheap
    return (end.first, end.second) == (start.first, start.second)


def _mark(end: End) -> Point:
    label = thousands(end.second, 2) if end.closed else ""
    return Point(end.first, end.second, label, mark=Mark.FULL if end.closed else Mark.OPEN)


def _between(segment: Segment) -> Iterator[Point]:
    if segment.reciprocal:
        apart = (segment.dear.first - segment.cheap.first) / _BETWEEN
        for part in range(1, _BETWEEN):
            first = segment.cheap.first + part * apart
            yield Point(first, segment.at(first), mark=Mark.NONE)
