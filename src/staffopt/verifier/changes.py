"""Whether staff of a team change seldom, and not by trifles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from staffopt.plan import TODAY, Finding, Verdict
from staffopt.rulebook import Counted, LimitChange
from staffopt.verifier.registry import Where, checks, judge, label_of, of_fte
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import number


@checks(LimitChange)
def limit_change(rule: LimitChange, staffing: Staffing) -> Iterator[Finding]:
    """Check the size of every change, and how often staff of a role in a team change."""
    council = staffing.question.instance
    roles = council.roles if rule.staff is None else staffing.roles[rule.staff]
    of = staffing.posts if rule.counted is Counted.POSTS else staffing.in_post
    for team in staffing.question.teams_in(rule.scope):
        for role in roles:
            if rule.counted is Counted.IN_POST and staffing.carries(team, role):
                changes = _decided(staffing, team, role)
            else:
                changes = {
                    label: size
                    for label, size in _steps(staffing, of, team, role).items()
                    if staffing.stands(role, label)  # what ends is no change of the plan's
                }
            for label, size in changes.items():
                where = Where(staffing.name(team), team, (team,), label)
                found = _of_size(rule, staffing, where, role, size)
                yield found.model_copy(update={"role": role})
            if changes and rule.times is not None:
                yield _often(rule, staffing, team, role, len(changes))


def _steps(
    staffing: Staffing, of: Callable[[str, str, str], Fraction], team: str, role: str
) -> dict[str, Fraction]:
    """Return label → by how much staff differ from the period before, where they do."""
    before, changes = of(team, role, TODAY), {}
    for label in staffing.labels:
        now = of(team, role, label)
        if now != before:
            changes[label] = now - before
        before = now
    return changes


def _decided(staffing: Staffing, team: str, role: str) -> dict[str, Fraction]:
    """Return label → FTE that arrive less those let go or moved: what is the plan's own doing."""
    months = {label: staffing.stocks[team, role, label] for label in staffing.labels}
    net = {label: m.joined + m.moved_in - m.moved_out for label, m in months.items()}
    return {label: change for label, change in net.items() if change}


def _of_size(
    rule: LimitChange, staffing: Staffing, where: Where, role: str, size: Fraction
) -> Finding:
    least = Fraction(rule.least or 0)
    missed = max(least - abs(size), abs(size) - Fraction(rule.most))
    limits = f"{number(least)} to {number(Fraction(rule.most))}" if least else "at most "
    limits += "" if least else number(Fraction(rule.most))
    sign = "+" if size > 0 else ""
    words = f"{staffing.question.role_name(role)} {sign}{number(size)} FTE, {limits} at once"
    return of_fte(rule, judge(missed, stepped=staffing.on_steps(role)), words, where, missed)


def _often(rule: LimitChange, staffing: Staffing, team: str, role: str, count: int) -> Finding:
    over = count - (rule.times or 0)
    name = f"{staffing.name(team)}: {staffing.question.role_name(role)}"
    return Finding(
        rule=label_of(rule),
        verdict=Verdict.BROKEN if over > 0 else Verdict.MET,
        words=f"{name} change {count} times, at most {rule.times} allowed",
        team=team,
        role=role,
        by=Fraction(over) if over > 0 else None,
        unit="changes" if over > 0 else None,
    )
