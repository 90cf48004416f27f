"""The working workbook's sheets beside posts: heads paid for while they are there, flows.

Both follow from what is decided, as :mod:`staffopt.reporting.workbooks.staffing` has it.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from staffopt.instance.staff import SetUpHeads
from staffopt.plan import Plan
from staffopt.quantity import Absent
from staffopt.reporting.workbooks.book import Book, Cell, Input, Live, Page, Style, address
from staffopt.reporting.workbooks.staffing import (
    FIRST_ROW,
    NAMES,
    ZERO,
    Grid,
    finish,
    labels_of,
    less,
    row_of,
    sum_above_zero,
)
from staffopt.verifier.heads import spare_heads

THERE, FLOWS = "Heads there", "Flows"


def write_beside(book: Book, plan: Plan, grid: Grid) -> None:
    """Write the sheets that something stands in, and say where."""
    keys = _paid_while_there(plan)
    if keys:
        _write_there(book.sheet(THERE), plan, grid, keys)
    if plan.decisions.flows:
        _write_flows(book.sheet(FLOWS), plan, grid)


def _paid_while_there(plan: Plan) -> list[tuple[str, str | None]]:
    """Name the roles whose added heads cost something beside pay, by team where they count so."""
    council = plan.question.instance
    return [
        (role, team)
        for role, record in council.roles.items()
        if record.non_staffing is not Absent.NOT_APPLICABLE
        for team in ([None] if record.set_up_heads is SetUpHeads.POOLED else council.teams)
        if any(
            figure.role == role and team in (None, figure.team) and figure.change > 0
            for figure in plan.figures.posts
        )
    ]


def _write_there(page: Page, plan: Plan, grid: Grid, keys: list[tuple[str, str | None]]) -> None:
    """Write the whole heads that are added in each period, rounded up."""
    labels = labels_of(plan)
    page.title(
        "Heads that cost something while they are there", "FTE added, and whole heads of it."
    )
    rows: list[list[Cell]] = []
    for at, (role, team) in enumerate(keys, FIRST_ROW):
        own = [r for pair, r in grid.changes.items() if pair[1] == role and team in (None, pair[0])]
        teams = [team] if team else list(plan.question.instance.teams)
        room = spare_heads(plan.question, role, teams) % 1
        added: list[Cell] = []
        for n in range(len(labels)):
            here = f"MAX(0,{own[0].cells[n]})" if team else sum_above_zero(grid, THERE, at, n)
            fte = sum((r.values[n] for r in own if r.values[n] > 0), ZERO)
            added.append(less(room, here, fte))
        row = row_of(page, at, 4, added)
        heads = [Live(f"ROUNDUP(ROUND({c},4),0)", Fraction(ceil(v))) for c, v in row.each()]
        grid.there[role, team] = row_of(page, at, 4 + len(labels), heads, Style.WHOLE)
        name = plan.question.instance.teams[team].name if team else "all teams"
        rows.append([team or "", name, role, plan.question.role_name(role)])
    head = [*NAMES, *(f"{label} added, FTE" for label in labels)]
    finish(page, [*head, *(f"{label} heads" for label in labels)], rows, 4)


def _write_flows(page: Page, plan: Plan, grid: Grid) -> None:
    """Write who joins, is let go or moves, in the order of the plan."""
    page.title("Flows of people, month by month", _FLOW_WORDS)
    council = plan.question.instance
    rows: list[list[Cell]] = []
    for number, flow in enumerate(plan.decisions.flows):
        at = FIRST_ROW + number
        page.write(at, 6, Input(flow.fte), Style.FTE)
        grid.flows[number] = (address(FLOWS, at, 6), Fraction(flow.fte))
        to = (flow.to_team or "", flow.to_role or "")
        name = council.teams[flow.team].name
        where = " ".join(filter(None, to))
        rows.append([flow.kind, flow.period, flow.team, name, flow.role, where])
    finish(page, ("flow", "month", "team", "team name", "role", "to", "FTE"), rows, 6)


_FLOW_WORDS = (
    "Shaded FTE may be changed: what they cost once is worked out anew. Who is in post is not."
)
