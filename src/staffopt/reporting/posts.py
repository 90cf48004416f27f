"""The table of posts: today, in the plan, and the change."""

from __future__ import annotations

from fractions import Fraction

from staffopt.instance.staff import RoleKind
from staffopt.plan import PackageFigure, Plan, PostFigure
from staffopt.quantity import decimal_text
from staffopt.reporting.decision import taken
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, change, fte, fte_words
from staffopt.rulebook import KeepAverageCaseload, KeepSupportRatio

_MOST_STAGES = 5
Stage = tuple[str, dict[tuple[str, str], PostFigure]]
"""A heading, and the posts by team and role from then on."""


def posts_table(plan: Plan) -> list[str]:
    """Show the posts of every role that changes or may change, team by team."""
    head, rows = posts_rows(plan)
    if not rows:
        return ["Posts: none are declared."]
    return table(head, rows, left=(0, 1, len(head) - 1))


def posts_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of the table of posts: team, role, figures and a note."""
    stages = _stages(plan)
    keys = _shown(plan, stages)
    head = ["Posts, FTE", "", "today", *(name for name, _ in stages), "change", ""]
    rows = [_row(plan, key, stages) for key in keys]
    rows += [_total(plan, role, keys, stages) for role in _repeated(keys)]
    packages = [f for f in plan.figures.packages if f.package in taken(plan) and f.fte]
    rows += [_package_row(plan, figure, len(stages)) for figure in packages]
    return head, rows


def _stages(plan: Plan) -> list[Stage]:
    """Return the periods from which the posts differ from those of the period before."""
    stages: list[Stage] = []
    for period in plan.question.instance.calendar.cut():
        figures = {(f.team, f.role): f for f in plan.figures.posts if f.period == period.label}
        posts = {key: figure.posts for key, figure in figures.items()}
        if not stages or posts != {key: f.posts for key, f in stages[-1][1].items()}:
            stages.append((f"from {period.start.words}", figures))
    if len(stages) == 1:
        return [("plan", stages[0][1])]
    # Of many stages the first few and the end state are shown; the plan's file has them all.
    return stages if len(stages) <= _MOST_STAGES else [*stages[: _MOST_STAGES - 1], stages[-1]]


def _shown(plan: Plan, stages: list[Stage]) -> list[tuple[str, str]]:
    """Choose the rows: roles that change, else roles that may change, else all."""
    keys = list(stages[0][1])
    moved = {key[1] for _, figures in stages for key, f in figures.items() if f.change != 0}
    free = {role for role in plan.question.instance.roles if plan.question.changes(role)}
    roles = moved or free or {role for _, role in keys}
    return [key for key in keys if key[1] in roles]


def _repeated(keys: list[tuple[str, str]]) -> list[str]:
    """Name the roles that stand in more than one row, in order."""
    roles = [role for _, role in keys]
    return [role for role in dict.fromkeys(roles) if roles.count(role) > 1]


def _row(plan: Plan, key: tuple[str, str], stages: list[Stage]) -> list[str]:
    team, role = key
    last = stages[-1][1][key]
    return [
        plan.question.instance.teams[team].name,
        plan.question.role_name(role),
        fte(last.today),
        *(fte(figures[key].posts) for _, figures in stages),
        change(Fraction(plan.change[key])),
        _note(plan, team, role),
    ]


def _total(plan: Plan, role: str, keys: list[tuple[str, str]], stages: list[Stage]) -> list[str]:
    own = [key for key in keys if key[1] == role]
    last = [stages[-1][1][key] for key in own]
    return [
        "All teams",
        plan.question.role_name(role),
        fte(sum((f.today for f in last), start=Fraction(0))),
        *(fte(sum((now[key].posts for key in own), start=Fraction(0))) for _, now in stages),
        change(sum((Fraction(plan.change[key]) for key in own), start=Fraction(0))),
        "",
    ]


def _note(plan: Plan, team: str, role: str) -> str:
    """Say when the posts end; or where a team is outside the rule that they follow from."""
    asked, kind = plan.question, plan.question.instance.roles[role].kind
    if (ends := asked.instance.roles[role].ends) is not None:
        return f"to {ends.words}"
    ratio, target = asked.rule(KeepSupportRatio), asked.rule(KeepAverageCaseload)
    if isinstance(ratio, KeepSupportRatio) and kind is ratio.support:
        inside = team in asked.teams_in(ratio.scope)
        return "" if inside else f"outside the 1:{decimal_text(ratio.ratio)} standard"
    if isinstance(target, KeepAverageCaseload) and kind is RoleKind.CASE_HOLDER:
        inside = team in asked.teams_in(target.scope)
        return "" if inside else "outside the caseload target"
    return ""


def _package_row(plan: Plan, figure: PackageFigure, stages: int) -> list[str]:
    blank = [""] * (stages - 1)
    return [
        plan.question.instance.packages[figure.package].name,
        f"{fte_words(figure.fte)} post{'' if figure.fte == 1 else 's'}",
        NOTHING,
        *blank,
        fte(figure.fte),
        change(figure.fte),
        f"{figure.start.words} – {figure.end.words}, all or none",
    ]
