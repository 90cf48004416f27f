"""The workforce from month to month, as charts: who is in post, who comes and who goes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import attrgetter

from staffopt.instance.calendar import Month
from staffopt.plan import FlowFigure, Plan
from staffopt.reporting.charts import Axis, Chart, Kind, Point, Series, Table, at_most_four
from staffopt.reporting.words import NOTHING, thousands

ZERO = Fraction(0)

_FLOWS: tuple[tuple[str, Callable[[FlowFigure], Fraction]], ...] = (
    ("join", attrgetter("joined")),
    ("arrive from elsewhere", attrgetter("moved_in")),
    ("leave", lambda month: -month.leavers),
    ("let go or move", lambda month: -month.moved_out),
)
"""What raises the stock of a month, and what lowers it; progress from role to role does neither."""


def stock_chart(plan: Plan) -> Chart | None:
    """Draw people in post at the end of each month, by role over all teams.

    None where nobody is carried forward.
    """
    months = _months(plan)
    if not months:
        return None
    shown = [
        Series(
            plan.question.role_name(role),
            tuple(
                _point(month, sum((f.in_post for f in own if f.role == role), ZERO))
                for month, own in months.items()
            ),
        )
        for role in dict.fromkeys(figure.role for own in months.values() for figure in own)
    ]
    ends = "; ".join(f"{s.name} {s.points[0].label} to {s.points[-1].label}" for s in shown)
    return Chart(
        name="in-post",
        kind=Kind.LINES,
        title="People in post at the end of each month, by role",
        alt=f"FTE in post, from {shown[0].points[0].at} to {shown[0].points[-1].at}: {ends}.",
        series=at_most_four(shown, others="other roles", words=_fte),
        along=Axis("Month"),
        value=Axis("In post, FTE"),
        table=_table(shown),
    )


def flow_chart(plan: Plan) -> Chart | None:
    """Draw who comes and who goes in each month, all roles and teams together.

    None where nobody does.
    """
    months = _months(plan)
    shown = [
        Series(
            word,
            tuple(
                _point(month, sum((count(figure) for figure in own), ZERO))
                for month, own in months.items()
            ),
        )
        for word, count in _FLOWS
        if any(count(figure) for own in months.values() for figure in own)
    ]
    if not shown:
        return None
    totals = [(one.name, sum((p.value or ZERO for p in one.points), ZERO)) for one in shown]
    told = "; ".join(f"{name} {_fte(total)}" for name, total in totals)
    return Chart(
        name="come-and-go",
        kind=Kind.COLUMNS,
        title="Who comes and who goes in each month",
        alt=f"FTE over all months, roles and teams: {told}.",
        series=tuple(shown),
        along=Axis("Month"),
        value=Axis("FTE that come, above nought, and go, below"),
        table=_table(shown),
    )


def _months(plan: Plan) -> dict[str, list[FlowFigure]]:
    """Return the figures of each month."""
    found: dict[str, list[FlowFigure]] = {}
    for figure in plan.figures.flows:
        found.setdefault(figure.period, []).append(figure)
    return found


def _point(month: str, fte: Fraction) -> Point:
    return Point(Month.parse(month).words, fte, _fte(fte) if fte else "")


def _fte(value: Fraction) -> str:
    return thousands(value, 1)


def _table(shown: list[Series]) -> Table:
    """Put the series side by side: a row a month."""
    columns = [series.points for series in shown]
    rows = (
        (str(points[0].at), *(point.label or NOTHING for point in points))
        for points in zip(*columns, strict=True)
    )
    return Table(("Month", *(series.name for series in shown)), tuple(rows))
