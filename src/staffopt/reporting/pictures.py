"""Charts made from the figures of plans, and of what was asked about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from staffopt.analysis.figures import basis_of, caseloads, new_money
from staffopt.analysis.frontier import Frontier
from staffopt.instance.bands import Bands
from staffopt.plan import FULL_YEAR, TODAY, Amount, Plan, fund_name
from staffopt.reporting.buying import posts_of
from staffopt.reporting.caseloads import PER, average_words, caseload_rows, heading
from staffopt.reporting.charts import (
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
from staffopt.reporting.course import course_rows, period_words
from staffopt.reporting.money import money_rows
from staffopt.reporting.segments import drawn_points, segment_cells, segment_head
from staffopt.reporting.words import (
    NOTHING,
    amount_words,
    listed,
    pounds,
    short_pounds,
    thousands,
    year_words,
)
from staffopt.rulebook import Denominator, KeepAverageCaseload
from staffopt.verifier.bands import upper_edge

_MOST_ROWS = 20
"""Of more teams than these a picture cannot be read: those with the highest figures are drawn."""


def caseload_chart(plans: Mapping[str, Plan], name: str = "caseloads") -> Chart | None:
    """Draw every team's average caseload, today and in each plan, over the council's bands.

    Args:
        plans: name → plan, of one council, whose bands are the first plan's; a single plan is
            drawn as it is reported, too, and with released time counted beside it.
        name: what the picture's file is called.

    Returns:
        the chart; None where no team has an average.
    """
    first = next(iter(plans.values()))
    shown = [Series("today", _points(first, TODAY, "reported"), before=True)]
    for called, plan in plans.items():
        both = ("reported", "effective") if basis_of(plan) == "effective" else ("reported",)
        shown += [
            Series(_as(called, basis), _points(plan, plan.last_period, basis))
            for basis in (both if len(plans) == 1 else (basis_of(plan),))
        ]
    shown = [series for series in shown if series.points][:MOST_SERIES]
    if not shown:
        return None
    return Chart(
        name=name,
        kind=Kind.DOTS,
        title="Average caseload by team, today and in the plan",
        alt=_caseloads_told(first, shown),
        series=_drawable(shown),
        along=Axis("Team"),
        value=Axis(_drawn(first)),
        table=_whole_table(first) if len(plans) == 1 else _by_category("Team", shown),
        bands=_bands(first.question.instance.bands),
    )


def _as(name: str, basis: str) -> str:
    return f"{name}, with time released (estimate)" if basis == "effective" else name


def _points(plan: Plan, period: str, basis: str) -> tuple[Point, ...]:
    """Return a point a team that has an average; per post, or as the council's rule divides."""
    council = plan.question.instance
    found = [
        figure
        for figure in plan.figures.caseloads
        if (figure.period, figure.basis) == (period, basis) and figure.of in council.teams
    ]
    per = _divided_by(plan)
    if not any(figure.denominator is per for figure in found):
        per = next((figure.denominator for figure in found), per)
    return tuple(
        Point(
            council.teams[figure.of].name,
            figure.average,
            average_words(figure, council.bands),
        )
        for figure in found
        if figure.denominator is per and figure.average is not None
    )


def _divided_by(plan: Plan) -> Denominator:
    """Return what the council's own target divides cases by; posts where it has none."""
    rules = (rule for rule in plan.question.rules if isinstance(rule, KeepAverageCaseload))
    return next((rule.denominator for rule in rules), Denominator.POSTS)


def _drawn(plan: Plan) -> str:
    """Say what is drawn: the averages, and what they are per where it is not posts."""
    per = _divided_by(plan)
    return heading(plan.question) + ("" if per is Denominator.POSTS else f", {PER[per]}")


def _caseloads_told(plan: Plan, shown: Sequence[Series]) -> str:
    """Say between which averages the teams lie, in each state."""
    parts = []
    for series in shown:
        points = [point for point in series.points if point.value is not None]
        low, high = (pick(points, key=_value) for pick in (min, max))
        parts.append(f"{series.name}: from {low.label} ({low.at}) to {high.label} ({high.at})")
    return f"{_drawn(plan)}, team by team. {'; '.join(parts)}."


def _value(point: Point) -> Fraction:
    return point.value or Fraction(0)


def _drawable(shown: Sequence[Series]) -> tuple[Series, ...]:
    """Leave out of the picture what finds no room: the teams with the lowest figures."""
    highest: dict[str, Fraction] = {}
    for series in shown:
        for point in series.points:
            highest[str(point.at)] = max(highest.get(str(point.at), Fraction(0)), _value(point))
    if len(highest) <= _MOST_ROWS:
        return tuple(shown)
    kept = set(sorted(highest, key=highest.__getitem__, reverse=True)[:_MOST_ROWS])
    return tuple(
        Series(one.name, tuple(p for p in one.points if p.at in kept), before=one.before)
        for one in shown
    )


def _bands(bands: Bands | None) -> tuple[Band, ...]:
    """Return the bands with the edges at which an unrounded average changes its band."""
    if bands is None:
        return ()
    shown, low = [], None
    for name in bands.by_caseload:
        high = None if bands.edges[name].upper is None else upper_edge(bands, name)
        shown.append(Band(name, low, high))
        low = high
    return tuple(shown)


def _whole_table(plan: Plan) -> Table:
    head, rows = caseload_rows(plan)
    return Table(tuple(head), tuple(map(tuple, rows)))


def _by_category(head: str, shown: Sequence[Series]) -> Table:
    """Put series side by side: a row a category."""
    names = dict.fromkeys(str(point.at) for series in shown for point in series.points)
    labels = [{str(point.at): point.label for point in series.points} for series in shown]
    rows = ((name, *(own.get(name, NOTHING) for own in labels)) for name in names)
    return Table((head, *(series.name for series in shown)), tuple(rows))


def course_chart(plan: Plan) -> Chart | None:
    """Draw how the average caseloads of the busiest teams run over the months planned.

    None where open cases stay as they are.
    """
    head, rows = course_rows(plan.question, plan.figures)
    if not rows:
        return None
    council = plan.question.instance
    periods = [period.label for period in council.calendar.cut()]
    shown = [
        Series(council.teams[team].name, tuple(points))
        for team, points in _courses(plan, periods).items()
    ]
    ends = [f"{one.name}: {one.points[0].label} to {one.points[-1].label}" for one in shown]
    return Chart(
        name="course",
        kind=Kind.LINES,
        title="Average caseloads over the months planned: the busiest teams",
        alt=f"{heading(plan.question)} from {period_words(periods[0])} to "
        f"{period_words(periods[-1])}. {'; '.join(ends)}.",
        series=tuple(shown),
        along=Axis("Month"),
        value=Axis(heading(plan.question)),
        table=Table(tuple(head), tuple(map(tuple, rows))),
    )


def _courses(plan: Plan, periods: Sequence[str]) -> dict[str, list[Point]]:
    """Return team → a point a period, of the teams with the highest averages."""
    found = {period: caseloads(plan, "reported", period) for period in periods}
    highest: dict[str, Fraction] = {}
    for own in found.values():
        for team, figure in own.items():
            if figure.average is not None:
                highest[team] = max(highest.get(team, Fraction(0)), figure.average)
    busiest = sorted(highest, key=highest.__getitem__, reverse=True)[:MOST_SERIES]
    return {
        team: [
            Point(period_words(period), held.average, average_words(held, None))
            for period, own in found.items()
            if (held := own.get(team)) is not None
        ]
        for team in busiest
    }


def money_chart(plan: Plan) -> Chart | None:
    """Draw new money by financial year and fund; None where nothing is spent.

    What cuts save stands below nought.
    """
    years = (*plan.question.instance.calendar.years, FULL_YEAR)
    shown = [
        Series(
            fund_name(plan.question, fund),
            tuple(_pounds_of(year, plan.money.get((fund, year))) for year in years),
        )
        for fund in dict.fromkeys(fund for fund, _ in plan.money)
        if any(plan.money[fund, year].raw for year in years if (fund, year) in plan.money)
    ]
    if not shown:
        return None
    sums = {year: new_money(plan, year) for year in years}
    head, rows = money_rows(plan, years)
    return Chart(
        name="money",
        kind=Kind.COLUMNS,
        title="New money by financial year and fund",
        alt=_money_told([series.name for series in shown], sums),
        series=at_most_four(shown, others="other funds", words=short_pounds),
        along=Axis("Financial year"),
        value=Axis("New money, pounds", pounds=True),
        table=Table(tuple(head), tuple(map(tuple, rows))),
        sums=tuple((year_words(year), short_pounds(sum_.raw)) for year, sum_ in sums.items()),
    )


def _pounds_of(year: str, amount: Amount | None) -> Point:
    if amount is None or not amount.raw:
        return Point(year_words(year), None)
    return Point(year_words(year), amount.raw, short_pounds(amount.raw))


def _money_told(funds: Sequence[str], sums: Mapping[str, Amount]) -> str:
    years = "; ".join(f"{year_words(year)} {amount_words(sum_)}" for year, sum_ in sums.items())
    return f"New money from {listed(funds)}, in all: {years}."


def cost_chart(choices: Mapping[str, Amount], table: Table, per: str) -> Chart:
    """Draw what each choice costs.

    Args:
        choices: name → pounds; what is not known of it stands in the table.
        table: the choices side by side.
        per: what the pounds are: a year, or in all.
    """
    return _across(
        "options-cost",
        f"What each option costs {per}",
        Axis(f"Pounds {per}", pounds=True),
        {name: (amount.raw, amount_words(amount)) for name, amount in choices.items()},
        table,
    )


def above_chart(choices: Mapping[str, Fraction], table: Table, *, weighted: bool) -> Chart:
    """Draw how many cases each choice leaves above the manageable band."""
    cases = "Weighted cases" if weighted else "Cases"
    return _across(
        "options-cases",
        "Cases above the manageable band in each option",
        Axis(f"{cases} above the manageable band"),
        {name: (left, thousands(left, 1)) for name, left in choices.items()},
        table,
    )


def _across(
    name: str, title: str, axis: Axis, figures: Mapping[str, tuple[Fraction, str]], table: Table
) -> Chart:
    points = tuple(Point(of, value, words) for of, (value, words) in figures.items())
    told = "; ".join(f"{point.at} {point.label}" for point in points)
    series = (Series(axis.title, points),)
    return Chart(name, Kind.BARS, title, f"{title}: {told}.", series, Axis("Option"), axis, table)


def frontier_chart(found: Frontier) -> Chart | None:
    """Draw the frontier of cost and a second goal; None of less than two points.

    Points make a staircase, segments lines that break between them.
    """
    if found.segments:
        return _segments_chart(found)
    if len(found.points) < 2:  # noqa: PLR2004 (one point is no staircase)
        return None
    first, second, *_ = (goal.minimise.replace("_", " ") for goal in found.question.goals)
    points = tuple(
        Point(point.first, point.second, thousands(point.second, 2)) for point in found.points
    )
    low, high = found.points[0], found.points[-1]
    alt = (
        f"{second.capitalize()} falls from {thousands(low.second, 2)} at {pounds(low.first)} "
        f"to {thousands(high.second, 2)} at {pounds(high.first)}, in {len(points)} points."
    )
    return Chart(
        name="frontier",
        kind=Kind.STEPS,
        title=f"{second.capitalize()} by {first}",
        alt=alt,
        series=(Series(second, points),),
        along=Axis(f"{first.capitalize()}, pounds", pounds=True),
        value=Axis(f"{second.capitalize()}, {found.units[1]}"),
        table=frontier_figures(found),
    )


def _segments_chart(found: Frontier) -> Chart | None:
    if len(found.segments) == 1 and found.segments[0].is_point:
        return None
    first, second, *_ = (goal.minimise.replace("_", " ") for goal in found.question.goals)
    low, high = found.segments[0].cheap, found.segments[-1].dear
    count = len(found.segments)
    alt = (
        f"{second.capitalize()} falls from {thousands(low.second, 2)} at {pounds(low.first)} to "
        f"{thousands(high.second, 2)} at {pounds(high.first)}, in {count} "
        f"{'segment' if count == 1 else 'segments'}; hollow ends are open."
    )
    return Chart(
        name="frontier",
        kind=Kind.LINES,
        title=f"{second.capitalize()} by {first}",
        alt=alt,
        series=(Series(second, tuple(drawn_points(found.segments))),),
        along=Axis(f"{first.capitalize()}, pounds", pounds=True),
        value=Axis(f"{second.capitalize()}, {found.units[1]}"),
        table=frontier_figures(found),
    )


def frontier_figures(found: Frontier) -> Table:
    """Return a frontier's points with the posts of each, or the ends of its segments."""
    if found.segments:
        *figures, posts = segment_head(found)
        cells = [segment_cells(segment) for segment in found.segments]
        return Table((posts, *figures), tuple((words, *rest) for *rest, words in cells))
    first, second, *_ = (goal.minimise.replace("_", " ") for goal in found.question.goals)
    rows = ((posts_of(p.plan), thousands(p.first), thousands(p.second, 2)) for p in found.points)
    return Table(("posts added", f"{first}, £", f"{second}, {found.units[1]}"), tuple(rows))
