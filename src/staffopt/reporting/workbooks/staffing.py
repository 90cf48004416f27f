"""The working workbook's sheets of what is decided: months, posts, people and heads.

Decided FTE are figures that may be changed; everything else on these sheets follows by formula.
Periods stand beside each other, in the same order on every sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import TypeVar

from staffopt.plan import PeopleFigure, Plan, PostFigure
from staffopt.quantity import decimal_text, round_half_up
from staffopt.reporting.words import year_words
from staffopt.reporting.workbooks.book import Book, Cell, Input, Live, Page, Style, address, reach
from staffopt.verifier.heads import spare_heads
from staffopt.verifier.money import windows

MONTHS, POSTS, PEOPLE, HEADS = "Months", "Posts", "People", "Heads"
_HEAD = 3
"""The row of the headings; a title and a line of words stand above."""

FIRST_ROW = _HEAD + 1
"""The first row of figures."""

ZERO = Fraction(0)
Pair = tuple[str, str]


@dataclass(slots=True)
class Row:
    """A row of figures, one a period: where it stands, and what it holds.

    Attributes:
        where: the range of cells.
        cells: the address of each.
        values: what each comes to.
        standing: the address of the figure of today before it, where there is one.
        today: that figure.
    """

    where: str
    cells: tuple[str, ...]
    values: tuple[Fraction, ...]
    standing: str = ""
    today: Fraction = ZERO

    def each(self) -> list[tuple[str, Fraction]]:
        """Pair each cell with what it comes to."""
        return list(zip(self.cells, self.values, strict=True))


@dataclass(slots=True)
class Grid:
    """Where everything decided stands, by what it is of.

    Attributes:
        months: year → months of each period in it.
        starts: year → 1 for each period that starts in it.
        changes: (team, role) → FTE added to posts.
        posts: (team, role) → FTE of posts.
        people: (team, role) → people added.
        in_post: (team, role) → people in post.
        above: (team, role) → people above posts.
        heads: (role, team or None) → heads new in each period.
        there: (role, team or None) → heads that are added in each period.
        flows: number of a flow in the plan → where its FTE stands, and the FTE.
    """

    months: dict[str, Row] = field(default_factory=dict)
    starts: dict[str, Row] = field(default_factory=dict)
    changes: dict[Pair, Row] = field(default_factory=dict)
    posts: dict[Pair, Row] = field(default_factory=dict)
    people: dict[Pair, Row] = field(default_factory=dict)
    in_post: dict[Pair, Row] = field(default_factory=dict)
    above: dict[Pair, Row] = field(default_factory=dict)
    heads: dict[tuple[str, str | None], Row] = field(default_factory=dict)
    there: dict[tuple[str, str | None], Row] = field(default_factory=dict)
    flows: dict[int, tuple[str, Fraction]] = field(default_factory=dict)


def write_staffing(book: Book, plan: Plan) -> Grid:
    """Write the sheets, and say where everything stands."""
    grid = Grid()
    _write_posts(book.sheet(POSTS), plan, grid)
    if plan.figures.people:
        _write_people(book.sheet(PEOPLE), plan, grid)
    if plan.figures.heads:
        _write_heads(book.sheet(HEADS), plan, grid)
    _write_months(book.sheet(MONTHS), plan, grid)
    return grid


def labels_of(plan: Plan) -> list[str]:
    """Label the periods."""
    return [period.label for period in plan.question.instance.calendar.cut()]


def row_of(
    page: Page, row: int, column: int, cells: Sequence[Cell], style: Style = Style.FTE
) -> Row:
    """Write figures beside each other, and say where they stand."""
    for at, cell in enumerate(cells, column):
        page.write(row, at, cell, style)
    where = reach(page.name, (row, column), (row, column + len(cells) - 1))
    places = [address(page.name, row, at) for at in range(column, column + len(cells))]
    return Row(where, tuple(places), tuple(map(_value, cells)))


def _value(cell: Cell) -> Fraction:
    assert isinstance(cell, Live | Input)
    return cell.value


def finish(page: Page, head: Sequence[str], rows: Sequence[Sequence[Cell]], names: int) -> None:
    """Write headings above rows of figures that stand already, and the names before them."""
    page.row(_HEAD, head, Style.HEAD)
    for at, cells in enumerate(rows, FIRST_ROW):
        page.row(at, cells)
    width = [[*cells, *[None] * (len(head) - len(cells))] for cells in rows]
    page.widths(_HEAD, [head, *width])
    page.sheet.freeze_panes(FIRST_ROW, names)
    page.sheet.autofilter(_HEAD, 0, _HEAD + max(len(rows), 1), len(head) - 1)


def _write_months(page: Page, plan: Plan, grid: Grid) -> None:
    """Write the months of each period in each financial year, and in which year it starts."""
    periods = plan.question.instance.calendar.cut()
    page.title("Months of each period in each financial year", _MONTHS_WORDS)
    rows: list[list[Cell]] = []
    for at, window in enumerate(windows(plan.question.instance.calendar), FIRST_ROW):
        if window.lasting:
            months = [12 if p is periods[-1] else 0 for p in periods]
        else:
            months = [int(12 * window.share(p.start, p.end)) for p in periods]
        starts = [int(p.start in window.months) for p in periods]
        cells = [Input(Fraction(m)) for m in months]
        grid.months[window.year] = row_of(page, at, 1, cells, Style.WHOLE)
        flags = [Input(Fraction(s)) for s in starts]
        grid.starts[window.year] = row_of(page, at, 1 + len(periods), flags, Style.WHOLE)
        rows.append([year_words(window.year)])
    labels = [p.label for p in periods]
    head = ["financial year", *labels, *(f"{label} starts in it" for label in labels)]
    finish(page, head, rows, 1)


_MONTHS_WORDS = (
    "In the full year after, the last period's posts are paid for twelve months. One-off costs are "
    "paid in the year in which a period starts."
)


def _write_posts(page: Page, plan: Plan, grid: Grid) -> None:
    """Write posts: today's and those added as figures, those of each period as sums."""
    labels = labels_of(plan)
    words = "FTE. Shaded figures may be changed: all that follows from them is worked out anew."
    page.title("Posts by team, role and period", words)
    rows: list[list[Cell]] = []
    for at, (pair, figures) in enumerate(_by_pair(plan.figures.posts), FIRST_ROW):
        today = figures[labels[0]].today
        page.write(at, 4, Input(today), Style.FTE)
        changes = row_of(page, at, 5, [Input(figures[label].change) for label in labels])
        standing = address(POSTS, at, 4)
        changes.standing, changes.today = standing, today
        over = {label for label in labels if figures[label].posts != today + figures[label].change}
        posts = [
            Live(f"{cell}", value) if label in over else Live(f"{standing}+{cell}", today + value)
            for label, cell, value in zip(labels, changes.cells, changes.values, strict=True)
        ]
        grid.changes[pair] = changes
        grid.posts[pair] = row_of(page, at, 5 + len(labels), posts)
        rows.append(_names(plan, pair))
    head = [*NAMES, "today, FTE", *(f"{label} added, FTE" for label in labels)]
    finish(page, [*head, *(f"{label}, FTE" for label in labels)], rows, 4)


NAMES = ("team", "team name", "role", "role name")


def _names(plan: Plan, pair: Pair) -> list[Cell]:
    team, role = pair
    return [team, plan.question.instance.teams[team].name, role, plan.question.role_name(role)]


_F = TypeVar("_F", PostFigure, PeopleFigure)


def _by_pair(figures: Sequence[_F]) -> list[tuple[Pair, dict[str, _F]]]:
    """Gather figures by team and role, then by period."""
    found: dict[Pair, dict[str, _F]] = {}
    for figure in figures:
        found.setdefault((figure.team, figure.role), {})[figure.period] = figure
    return list(found.items())


def _write_people(page: Page, plan: Plan, grid: Grid) -> None:
    """Write people in post, and how many there are above a role's posts."""
    labels, question = labels_of(plan), plan.question
    words = "FTE. People of roles that nobody decides apart follow their posts."
    page.title("People in post by team, role and period", words)
    found, rows = _by_pair(plan.figures.people), list[list[Cell]]()
    for at, (pair, figures) in enumerate(found, FIRST_ROW):
        today = figures[labels[0]].today
        page.write(at, 4, Input(today), Style.FTE)
        standing = address(PEOPLE, at, 4)
        added = row_of(page, at, 5, list(_added(grid, pair, figures)))
        there = [
            Live(f"{standing}+{cell}", figures[label].in_post)
            if today + value == figures[label].in_post
            else Input(figures[label].in_post)
            for label, cell, value in zip(labels, added.cells, added.values, strict=True)
        ]
        added.standing, added.today = standing, today
        grid.people[pair] = added
        grid.in_post[pair] = row_of(page, at, 5 + len(labels), there)
        rows.append(_names(plan, pair))
    for at, (pair, _) in enumerate(found, FIRST_ROW):
        if question.instance.roles[pair[1]].covers is None:
            cells = list(_above(plan, grid, pair))
            grid.above[pair] = row_of(page, at, 5 + 2 * len(labels), cells)
    head = [*NAMES, "today, FTE", *(f"{label} added, FTE" for label in labels)]
    head += [f"{label}, FTE" for label in labels]
    head += [f"{label} above posts, FTE" for label in labels]
    finish(page, head, rows, 4)


def _added(grid: Grid, pair: Pair, figures: Mapping[str, PeopleFigure]) -> Iterator[Cell]:
    """Write people added: as decided, or as many as posts where nobody decides them apart."""
    posts = grid.changes.get(pair)
    for at, figure in enumerate(figures.values()):
        if figure.apart or posts is None or posts.values[at] != figure.change:
            yield Input(figure.change)
        else:
            yield Live(posts.cells[at], figure.change)


def _above(plan: Plan, grid: Grid, pair: Pair) -> Iterator[Cell]:
    """Work out who is there above a role's posts, those who cover them counted."""
    team, role = pair
    roles = plan.question.instance.roles
    covering = [(team, other) for other, record in roles.items() if record.covers == role]
    there = [grid.in_post[p] for p in (pair, *covering) if p in grid.in_post]
    posts = grid.posts.get(pair)
    for at in range(len(labels_of(plan))):
        cells = "+".join(row.cells[at] for row in there)
        less = posts.values[at] if posts else ZERO
        over = sum((row.values[at] for row in there), ZERO) - less
        minus = f"-{posts.cells[at]}" if posts else ""
        yield Live(f"MAX(0,{cells}{minus})", max(ZERO, over))


def _write_heads(page: Page, plan: Plan, grid: Grid) -> None:
    """Write the whole heads that set-up is paid for: of the most FTE added so far, rounded up."""
    labels = labels_of(plan)
    words = "Most FTE added so far; whole heads of it; heads that are new and are paid for."
    page.title("Heads that set-up is paid for", words)
    keys = list(dict.fromkeys((f.role, f.team) for f in plan.figures.heads))
    rows: list[list[Cell]] = []
    for at, key in enumerate(keys, FIRST_ROW):
        most = row_of(page, at, 4, list(_most(plan, grid, key, at)))
        heads = [Live(f"ROUNDUP(ROUND({c},4),0)", Fraction(ceil(v))) for c, v in most.each()]
        whole = row_of(page, at, 4 + len(labels), heads, Style.WHOLE)
        first = [Live(whole.cells[0], whole.values[0])]
        rest = [Live(f"{c}-{b}", v - a) for (b, a), (c, v) in pairwise(whole.each())]
        new = row_of(page, at, 4 + 2 * len(labels), [*first, *rest], Style.WHOLE)
        grid.heads[key] = new
        role, team = key
        name = plan.question.instance.teams[team].name if team else "all teams"
        rows.append([team or "", name, role, plan.question.role_name(role)])
    head = [*NAMES, *(f"{label} most FTE so far" for label in labels)]
    head += [f"{label} heads" for label in labels] + [f"{label} new heads" for label in labels]
    finish(page, head, rows, 4)


def _most(plan: Plan, grid: Grid, key: tuple[str, str | None], row: int) -> Iterator[Cell]:
    """Work out the most FTE added so far, in a team or in all; as in the plan where that differs.

    It is a sum of what is added anywhere: what one team cuts pays for no other's.
    """
    role, team = key
    told = {f.period: f.fte for f in plan.figures.heads if (f.role, f.team) == key}
    rows = [r for pair, r in grid.changes.items() if pair[1] == role and team in (None, pair[0])]
    teams = [team] if team else list(plan.question.instance.teams)
    most, room = ZERO, spare_heads(plan.question, role, teams)
    for at, label in enumerate(labels_of(plan)):
        now = sum((r.values[at] for r in rows if r.values[at] > 0), ZERO)
        most = max(most, now - room)
        before = [address(HEADS, row, 3 + at)] if at else []
        cell = rows[0].cells[at] if team and rows else sum_above_zero(grid, HEADS, row, at)
        same = most == told.get(label, ZERO)
        formula = f"MAX(0,{','.join([*before, less(room, cell, now).formula])})"
        yield Live(formula, most) if same else Input(told.get(label, ZERO))


def less(room: Fraction, formula: str, fte: Fraction) -> Live:
    """Write FTE added less what heads of before have room for; as it is where they have none."""
    if not room:
        return Live(formula, fte)
    return Live(f"MAX(0,{formula}-{decimal_text(round_half_up(room, 4))})", max(ZERO, fte - room))


def sum_above_zero(grid: Grid, sheet: str, row: int, period: int) -> str:
    """Write the sum of what is added in all teams to the role that a row of a sheet is of."""
    columns = [changes.cells[period] for changes in grid.changes.values()]
    if not columns:
        return "0"
    added = f"{columns[0]}:{columns[-1]}"
    roles = reach(POSTS, (FIRST_ROW, 2), (_HEAD + len(columns), 2))
    return f"SUMPRODUCT(({roles}={address(sheet, row, 2)})*({added}>0)*{added})"
