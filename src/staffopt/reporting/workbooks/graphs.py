"""The working workbook's charts, drawn by the spreadsheet from the table beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from staffopt.plan import TODAY, Plan, fund_name
from staffopt.reporting.charts.palette import PALETTE
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.book import LINE, Cell, Live, Page, Style, lines_in, reach
from staffopt.reporting.workbooks.staffing import Grid
from staffopt.reporting.workbooks.sums import cell_of, years_of

_MOST = 4
"""Series that can be told apart in one chart."""

_HEIGHT = 20
"""Rows that a chart takes."""


_COLUMN = 14
"""Letters that a column of figures is wide."""


def write_graphs(page: Page, plan: Plan, grid: Grid, rows: Mapping[tuple[str, str], int]) -> None:
    """Write new money by fund, posts by role and caseloads by team, a table and a chart each."""
    page.title("Charts")
    first = 2
    for title, head, cells, style, stacked in (
        ("New money by fund, £", *_money(plan, rows), Style.POUNDS, True),
        ("Posts by role, FTE", *_posts(plan, grid), Style.FTE, False),
        ("Cases per FTE, all cases counted", *_caseloads(plan), Style.FTE, False),
    ):
        if cells and len(head) > 1:
            _one(page, first, (title, head, cells, style), stacked=stacked)
            first += max(_HEIGHT, len(cells) + 4)
    page.sheet.fit_to_pages(1, 1)
    page.sheet.set_column(0, 0, 34)
    page.sheet.set_column(1, 6, _COLUMN)


_Part = tuple[str, Sequence[str], Sequence[Sequence[Cell]], Style]


def _one(page: Page, first: int, part: _Part, *, stacked: bool) -> None:
    """Write a table, and beside it the chart that is drawn from it."""
    title, head, rows, style = part
    page.write(first, 0, title, Style.BOLD)
    page.row(first + 1, head, Style.HEAD)
    page.sheet.set_row(first + 1, LINE * max(lines_in(words, _COLUMN) for words in head[1:]) + 2)
    for at, cells in enumerate(rows, first + 2):
        page.row(at, cells, [Style.TEXT, *[style] * (len(cells) - 1)])
    kind = {"type": "column", "subtype": "stacked"} if stacked else {"type": "bar"}
    chart, last = page.book.file.add_chart(kind), first + 1 + len(rows)
    for at in range(1, len(head)):
        chart.add_series(
            {
                "name": [page.name, first + 1, at],
                "categories": f"={reach(page.name, (first + 2, 0), (last, 0))}",
                "values": f"={reach(page.name, (first + 2, at), (last, at))}",
                "fill": {"color": PALETTE[at - 1]},
                "border": {"color": "#FFFFFF"},
                "data_labels": {"value": not stacked, "num_format": "#,##0.0"},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(head) > 2 else {"none": True})  # noqa: PLR2004 (one series names itself)
    if stacked:
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
    else:  # figures stand beside the bars, which begin at nothing
        chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
        chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 720, "height": 19 * _HEIGHT})
    words = f"{title}: the figures stand in the table to the left of the chart."
    page.sheet.insert_chart(first, len(head) + 1, chart, {"description": words})


def _money(plan: Plan, rows: Mapping[tuple[str, str], int]) -> tuple[list[str], list[list[Cell]]]:
    """Take new money of each fund from the totals, a row a year; of many funds the sum alone."""
    years = years_of(plan)
    keys = [key for key in rows if key[0] == "fund"]
    if len(keys) > _MOST:
        keys = [key for key in rows if key[0] == "new money"]
    told = {(str(t.of), t.name, t.year): t.amount.raw for t in plan.figures.totals}
    cells: list[list[Cell]] = [
        [
            year_words(year),
            *(Live(cell_of(rows[key], at, 0, len(years)), told[*key, year]) for key in keys),
        ]
        for at, year in enumerate(years)
    ]
    names = [fund_name(plan.question, name) if of == "fund" else "new money" for of, name in keys]
    return ["year", *names], cells


def _posts(plan: Plan, grid: Grid) -> tuple[list[str], list[list[Cell]]]:
    """Sum posts of each role over teams, today and in the last period."""
    rows: list[list[Cell]] = []
    for role in plan.question.instance.roles:
        pairs = [pair for pair in grid.posts if pair[1] == role]
        if pairs:
            then = [grid.posts[pair] for pair in pairs]
            now = [grid.changes[pair] for pair in pairs]
            today = _sum([(row.standing, row.today) for row in now])
            last = _sum([row.each()[-1] for row in then])
            rows.append([plan.question.role_name(role), today, last])
    return ["role", "today", plan.last_period], rows


def _sum(parts: Sequence[tuple[str, Fraction]]) -> Live:
    return Live("+".join(cell for cell, _ in parts), sum((v for _, v in parts), Fraction(0)))


def _caseloads(plan: Plan) -> tuple[list[str], list[list[Cell]]]:
    """Take each team's reported average, today and in the last period."""
    teams = plan.question.instance.teams
    found = {
        (f.of, f.period): f.average
        for f in plan.figures.caseloads
        if f.of in teams and f.basis == "reported" and f.average is not None
    }
    rows: list[list[Cell]] = [
        [record.name, found[team, TODAY], found[team, plan.last_period]]
        for team, record in teams.items()
        if (team, TODAY) in found and (team, plan.last_period) in found
    ]
    return ["team", "today", plan.last_period], rows
