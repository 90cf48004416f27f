"""A plan beside what is really so, the plan on from there, and what foresight is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from staffopt.analysis.foresight import Foresight
from staffopt.analysis.rolling import Forecast, Rolled, Standing
from staffopt.instance.calendar import Month
from staffopt.plan import TODAY, Plan, fund_name
from staffopt.question import Question
from staffopt.reporting.course import period_words
from staffopt.reporting.sheet import Cell, csv_text
from staffopt.reporting.tables import page, table, wrapped
from staffopt.reporting.words import NOTHING, change, fte, fte_words, listed, pounds, thousands

_SHOWN: dict[str, Callable[[Fraction], str]] = {
    "caseload": lambda average: thousands(average, 1),
    "cases": fte_words,
}
_TITLES = {"posts": "Posts, FTE", "in post": "People in post, FTE", "cases": "Weighted cases"}


def render_rolled(found: Rolled) -> str:
    """Write how a plan stands at a month, and what is planned on from there."""
    title = f"Plan {found.old.id}, on from {found.state.month.words}"
    return page(
        [
            [title],
            *_standing_tables(found),
            _new_posts(found),
            _money_table(found.old.question, found.money),
            [line for text in _notes(found) for line in wrapped(text)],
        ]
    )


def _standing_tables(found: Rolled) -> Iterator[list[str]]:
    question = found.old.question
    for what, title in _TITLES.items():
        lines = [line for line in found.standing if line.what == what and line.known]
        if what == "in post" and _same(lines, [x for x in found.standing if x.what == "posts"]):
            continue
        if lines:
            rows = [[_name(question, line.of), *_figures(line)] for line in lines]
            yield table([title, "planned", "actual", "by"], rows)
    averages = [
        line for line in found.standing if line.what == "caseload" and line.of[2] == "reported"
    ]
    if averages:
        rows = [[_name(question, line.of[:1]), *_figures(line)] for line in averages]
        yield table(["Average caseload", "planned", "actual", "by"], rows)


def _same(lines: Sequence[Standing], others: Sequence[Standing]) -> bool:
    """Say whether people are posts: then they need no table of their own."""
    return [(x.of, x.planned, x.actual) for x in lines] == [
        (x.of, x.planned, x.actual) for x in others
    ]


def _name(question: Question, of: Sequence[str]) -> str:
    council = question.instance
    names = [
        council.teams[key].name
        if key in council.teams
        else question.role_name(key)
        if key in council.roles
        else key.replace("_", " ")
        for key in of
    ]
    return ", ".join(names)


def _figures(line: Standing) -> list[str]:
    show = _SHOWN.get(line.what, fte)
    by = NOTHING if not line.by else f"{'+' if line.by > 0 else ''}{show(line.by)}"
    known = [NOTHING if x is None else show(x) for x in (line.planned, line.actual)]
    return [*known, by]


def _new_posts(found: Rolled) -> list[str]:
    """Say what the new plan has at its end, beside what the old one had."""
    if found.plan is None:
        return wrapped(f"There is no plan from {found.state.month.words} on: {found.none}", " ! ")
    question, last = found.old.question, found.old.last_period
    then, now = _posts(found.old, last), _posts(found.plan, found.plan.last_period)
    today = _posts(found.plan, TODAY)
    rows = [
        [
            _name(question, key),
            fte(today.get(key, Fraction(0))),
            fte(now.get(key, Fraction(0))),
            fte(then.get(key, Fraction(0))),
            change(now.get(key, Fraction(0)) - then.get(key, Fraction(0))),
        ]
        for key in dict.fromkeys([*then, *now])
    ]
    start = found.state.month.words
    return table([f"Posts in {period_words(last)}, FTE", start, "new plan", "old plan", "by"], rows)


def _posts(plan: Plan, period: str) -> dict[tuple[str, str], Fraction]:
    last = plan.last_period if period == TODAY else period
    figures = (figure for figure in plan.figures.posts if figure.period == last)
    return {(f.team, f.role): f.today if period == TODAY else f.posts for f in figures}


def _money_table(question: Question, money: Sequence[Forecast]) -> list[str]:
    rows = []
    for line in money:
        now = None if line.decided is None else line.bound + line.decided
        by = None if now is None else now - line.planned
        rows.append(
            [
                f"{fund_name(question, line.fund)}, {line.year}",
                thousands(line.planned),
                thousands(line.bound),
                NOTHING if line.decided is None else thousands(line.decided),
                NOTHING if now is None else thousands(now),
                NOTHING if not by else f"{'+' if by > 0 else ''}{thousands(by)}",
            ]
        )
    head = ["Money, £", "planned", "bound by then", "new", "forecast", "by"]
    return table(head, rows) if rows else []


def _notes(found: Rolled) -> Iterator[str]:
    if found.plan is not None and not any(found.plan.change.values()):
        yield "The new plan changes no posts: those that there are will do."
    for note in found.state.notes:
        yield f"{note[:1].upper()}{note[1:]}."


def rolled_csv(found: Rolled) -> str:
    """Write one row a figure of the plan and what is really so."""
    rows: list[list[Cell]] = [
        [line.what, ", ".join(line.of), line.planned, line.actual, line.unit]
        for line in found.standing
    ]
    rows += [
        [what, f"{line.fund}, {line.year}", line.planned, value, "pounds"]
        for line in found.money
        for what, value in (("bound", line.bound), ("decided", line.decided))
    ]
    return csv_text(["what", "of", "planned", "actual", "unit"], rows)


def render_foresight(found: Foresight) -> str:
    """Write what it is worth to plan all months at once."""
    spans = [f"{Month.parse(a).words} to {Month.parse(b).words}" for a, b in found.windows]
    rows = []
    for worth in found.goals:
        value = worth.short_sighted
        rows.append(
            [
                worth.goal.minimise.replace("_", " "),
                _of(worth.goal.value, worth.goal.unit),
                NOTHING if value is None else _of(value, worth.goal.unit),
                NOTHING if value is None else _of(value - worth.goal.value, worth.goal.unit),
            ]
        )
    head = ["Goal", "all at once", "window by window", "worth of foresight"]
    return page(
        [
            ["The value of looking ahead", *wrapped(f"Windows: {listed(spans)}.")],
            table(head, rows),
            [line for text in _of_foresight(found) for line in wrapped(text)],
        ]
    )


def _of_foresight(found: Foresight) -> Iterator[str]:
    if found.stuck is not None:
        first, last = (Month.parse(month).words for month in found.stuck)
        yield (
            f"Planned window by window there is no plan for {first} to {last}: what was decided "
            f"before leads there. {found.none}"
        )
        return
    for finding in found.broken:
        yield f"Planned window by window this is missed: {finding.words}."
    if not found.broken and all(w.short_sighted == w.goal.value for w in found.goals):
        yield "Looking ahead is worth nothing here: window by window the same goals are reached."


def _of(value: Fraction, unit: str) -> str:
    return pounds(value) if unit.startswith("pounds") else f"{thousands(value, 2)} {unit}"
