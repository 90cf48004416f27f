"""What money buys: frontiers, the next pound and sweeps, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from staffopt.analysis.figures import added
from staffopt.analysis.frontier import Frontier
from staffopt.analysis.next_pound import Bought, NextPound
from staffopt.analysis.sweep import Sweep
from staffopt.plan import GoalValue, Plan, fund_name
from staffopt.question import Question
from staffopt.reporting.decision import managed_teams
from staffopt.reporting.marginals import (
    CSV_HEAD,
    ceiling_of,
    csv_cells,
    marginal_notes,
    marginals_table,
)
from staffopt.reporting.segments import (
    segment_cells,
    segment_csv,
    segment_head,
    segment_notes,
)
from staffopt.reporting.sheet import Cell, csv_text
from staffopt.reporting.tables import folded, page, wrapped
from staffopt.reporting.words import (
    NOTHING,
    change,
    listed,
    posts_words,
    pounds,
    thousands,
    title_words,
)


def render_frontier(found: Frontier) -> str:
    """Write a frontier for people."""
    first, second, *_ = (goal.minimise for goal in found.question.goals)
    if found.none is not None:
        return page([[title_words(found.question, "frontier")], wrapped(str(found.none), " ! ")])
    head = [f"{_words(first)}, £", f"{_words(second)}, {found.units[1]}", "posts added", ""]
    cells = [
        [thousands(p.first), thousands(p.second, 2), posts_of(p.plan), str(p.plan.grade)]
        for p in found.points
    ]
    table = folded(head, cells, (2, 3), (2,)) if cells else []
    if found.segments:
        cells = [segment_cells(segment) for segment in found.segments]
        table = folded(segment_head(found), cells, (4, 5), (5,))
    return page(
        [
            [title_words(found.question, f"{_words(first)} and {_words(second)}")],
            table,
            [line for text in frontier_notes(found) for line in wrapped(text)],
        ]
    )


def frontier_notes(found: Frontier) -> Iterator[str]:
    """Say whether every point there is was found, and where more may lie."""
    upto = "" if found.up_to is None else f" up to {pounds(found.up_to)}"
    if found.segments:
        if found.complete:
            yield f"All of the frontier{upto}: no plan is better in both than what these hold."
        yield from segment_notes(found)
    elif found.complete:
        yield f"Every point there is{upto}: no plan is better in both than one of these."
    elif not found.unexplored:
        yield (
            f"Points were looked for {pounds(found.step)} apart{upto}; between two of them a plan "
            "may lie that is no better than the dearer and no cheaper than the other."
        )
    for box in found.unexplored:
        yield (
            f"Ended by a limit: not looked at were {pounds(box.first[0])} to "
            f"{pounds(box.first[1])}, where the second goal is {thousands(box.second[0], 2)} to "
            f"{thousands(box.second[1], 2)}."
        )


def frontier_csv(found: Frontier) -> str:
    """Write one row a point, or one a segment."""
    if found.segments:
        return csv_text(*segment_csv(found))
    first, second, *_ = (goal.minimise for goal in found.question.goals)
    roles = list(found.question.instance.roles)
    rows: list[list[Cell]] = []
    for point in found.points:
        moved = added(point.plan)
        posts = [moved.get(role, Fraction(0)) for role in roles]
        rows.append([point.first, point.second, *posts, str(point.plan.grade)])
    return csv_text([first, second, *(f"added {role}" for role in roles), "grade"], rows)


def render_next_pound(found: NextPound) -> str:
    """Write what the next pound buys, for people."""
    question, goal = found.question, found.goal
    now = f"At the ceilings today the {_words(goal.minimise)} is {_value(goal)} ({goal.grade})."
    head = ["One ceiling raised, £", "today", "next step", "extra", "buys", "then until"]
    cells = [_bought(question, item) for item in found.bought]
    return page(
        [
            [title_words(question, "what the next pound buys"), *wrapped(now)],
            folded(head, cells, (0, 4), (4,)) if cells else [],
            [line for text in _next_notes(found) for line in wrapped(text)],
            marginals_table(found),
            [line for text in marginal_notes(found) for line in wrapped(text)],
        ]
    )


def _bought(question: Question, item: Bought) -> list[str]:
    name = f"{fund_name(question, item.fund)}, {item.year}"
    if item.pounds is None or item.extra is None or item.value is None:
        return [name, thousands(item.ceiling), NOTHING, NOTHING, "nothing by itself", NOTHING]
    moves = _moves(question, item.moved or {}, item.packages or {}, item.plan)
    until = NOTHING if item.until is None else thousands(Fraction(item.until))
    return [
        name,
        thousands(item.ceiling),
        thousands(Fraction(item.pounds)),
        thousands(item.extra),
        f"{moves}: {thousands(item.value, 2)}",
        until,
    ]


def _next_notes(found: NextPound) -> Iterator[str]:
    if found.stopped:
        yield "Stopped early: funds and years are missing from this table."
    question, wherever = found.question, found.wherever
    if wherever is not None:
        raised = [
            f"{fund_name(question, fund)} {year} to {pounds(Fraction(ceiling))}"
            for (fund, year), ceiling in wherever.ceilings.items()
        ]
        moves = _moves(question, wherever.moved, wherever.packages, wherever.plan)
        yield (
            f"The least extra in all is {pounds(wherever.exact)} ({wherever.grade}): "
            f"{listed(raised)} buys {moves}: {thousands(wherever.value, 2)} {found.goal.unit}."
        )
    if not found.bought and not found.stopped:
        yield "Posts are on no step, so no pound is the first that buys anything: there is no step."
        return
    by = "any less" if found.by is None else f"{thousands(found.by, 2)} {found.goal.unit} less"
    proven = {item.less for item in found.bought if item.less}
    yield f"An improvement is {by}. Every step is a re-solved plan, and no shadow price."
    if proven:
        yield f"A pound less improves nothing: {listed(sorted(proven))}."


def _moves(
    question: Question,
    moved: Mapping[tuple[str, str], Fraction],
    packages: Mapping[str, bool],
    plan: Plan | None,
) -> str:
    """Say what is bought: posts and packages, or else how long managed teams are there."""
    teams = question.instance.teams
    parts = [
        f"{change(fte)} {question.role_name(role)} ({teams[team].name})"
        for (team, role), fte in moved.items()
    ]
    parts += [
        f"{question.instance.packages[name].name} {'taken' if now else 'left'}"
        for name, now in packages.items()
    ]
    return listed(parts or _managed(plan)) or "the same posts"


def _managed(plan: Plan | None) -> list[str]:
    """Name the managed teams that a plan buys or extends, each with its last month."""
    if plan is None:
        return []
    records = plan.question.instance.managed_teams
    return [f"{records[f.managed_team].name} to {f.end.words}" for f in managed_teams(plan)]


def next_pound_csv(found: NextPound) -> str:
    """Write one row a fund and year, one for the least extra in all, one for any other figure."""
    head = ["fund", "year", "ceiling", "next step", "exact", "extra", found.goal.minimise, "until"]
    marginals = () if found.posts_fixed is None else found.posts_fixed.marginals
    fixed = {ceiling_of(item) or (item.path, None): item for item in marginals}
    rows: list[list[Cell]] = []
    for x in found.bought:
        row: list[Cell] = [x.fund, x.year, x.ceiling, x.pounds, x.exact, x.extra, x.value, x.until]
        rows.append([*row, *csv_cells(fixed.pop((x.fund, x.year), None))])
    if found.wherever is not None:
        extra, value = found.wherever.exact, found.wherever.value
        rows.append(["all", "all", None, None, None, extra, value, None, *csv_cells(None)])
    for (name, year), item in fixed.items():
        nothing: list[Cell] = [None] * 5
        rows.append([name, year, item.figure, *nothing, *csv_cells(item)])
    return csv_text([*head, *CSV_HEAD], rows)


def render_sweep(found: Sweep) -> str:
    """Write a sweep of ceilings, for people."""
    goals = _goal_names(found)
    head = [f"{fund_name(found.question, found.fund)}, £", *map(_words, goals), "posts added", ""]
    cells = [
        [
            thousands(Fraction(item.ceiling)),
            *_goal_cells(item.plan, len(goals)),
            "solved" if item.solved else NOTHING,
        ]
        for item in found.swept
    ]
    years = f"Each ceiling is of {listed(found.years)}."
    solved = f"{found.solves} of {len(found.swept)} were solved"
    notes = [f"{years} {solved}: a plan best within one is best within any lower one it fits into."]
    if found.stopped:
        notes.insert(0, "Stopped early: the lower ceilings are missing.")
    return page(
        [
            [title_words(found.question, "a sweep of ceilings")],
            folded(head, cells, (len(goals) + 1, len(goals) + 2), (len(goals) + 1,)),
            [line for text in notes for line in wrapped(text)],
        ]
    )


def _goal_names(found: Sweep) -> list[str]:
    plans = [item.plan for item in found.swept if item.plan is not None]
    return [goal.minimise for goal in plans[0].goals] if plans else []


def _goal_cells(plan: Plan | None, goals: int) -> list[str]:
    if plan is None:
        return [*[NOTHING] * goals, "no plan"]
    return [*(_figure(goal) for goal in plan.goals), posts_of(plan)]


def sweep_csv(found: Sweep) -> str:
    """Write one row a ceiling."""
    goals, roles = _goal_names(found), list(found.question.instance.roles)
    rows: list[list[Cell]] = []
    for item in found.swept:
        moved = {} if item.plan is None else added(item.plan)
        values: Sequence[Cell] = [None] * len(goals)
        if item.plan is not None:
            values = [goal.value for goal in item.plan.goals]
        posts = [None if item.plan is None else moved.get(role, Fraction(0)) for role in roles]
        rows.append([Fraction(item.ceiling), "yes" if item.solved else "no", *values, *posts])
    return csv_text(["ceiling", "solved", *goals, *(f"added {role}" for role in roles)], rows)


def posts_of(plan: Plan) -> str:
    """Say in words what a plan adds: posts, packages, and managed teams with their last month."""
    posts = [posts_words(plan.question, role, fte) for role, fte in added(plan).items()]
    packages = plan.question.instance.packages
    posts += [packages[f.package].name for f in plan.figures.packages if f.taken]
    return listed([*posts, *_managed(plan)]) or "none"


def _words(goal: str) -> str:
    return goal.replace("_", " ")


def _figure(goal: GoalValue) -> str:
    return thousands(goal.value, 0 if "pounds" in goal.unit else 2)


def _value(goal: GoalValue) -> str:
    return f"{_figure(goal)} {goal.unit}"
