"""The council as a plan leaves it at the start of a month: today, for whoever plans on from there.

What the plan has decided by then is taken for done: posts and people are those of the last period
before the month, money that they cost in later months is taken off the ceilings, and what can be
decided no more is left out. What is counted from today is counted from the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from staffopt.analysis.at_work import managed_teams_left
from staffopt.analysis.committed import committed_by, fund_left
from staffopt.analysis.left import Left
from staffopt.errors import Fault, InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.schema import Instance
from staffopt.plan import Decisions, Plan, PostDecision
from staffopt.question import Question
from staffopt.verifier.staffing import Staffing

ROLLED = "rolled"
"""The option of a council as a plan leaves it: the plan's own model, standards and pins."""


@dataclass(frozen=True, slots=True)
class State:
    """A council as a plan leaves it.

    Attributes:
        instance: the council from the month on; its only option asks what the plan was asked.
        month: its first month.
        before: label of the plan's last period before the month.
        committed: (fund, financial year) → pounds spent or bound by then, of the years to come.
        notes: what starts anew, or could not be carried over, in words.
    """

    instance: Instance
    month: Month
    before: str
    committed: Mapping[tuple[str, str], Fraction]
    notes: tuple[str, ...]


def state(plan: Plan, month: Month | str, actual: Instance | None = None) -> State:
    """Return the council as a plan leaves it at the start of a month.

    Args:
        plan: the plan.
        month: the first month of any period of its calendar but the first, such as ``2019-04``.
        actual: the council as it really stands by then; its teams take the place of the plan's.

    Raises:
        InputError: no such period starts in the month, a fund is overspent by then, or the actual
            council has other teams or roles.
    """
    return left_by(plan.question, plan.decisions, f"plan {plan.id}", month, actual)


def left_by(
    question: Question,
    decisions: Decisions,
    origin: str,
    month: Month | str,
    actual: Instance | None = None,
) -> State:
    """Return the council as decisions leave it; see :func:`state`.

    Args:
        question: what they answer.
        decisions: those of periods from the month on are not looked at.
        origin: where they come from, for the source of the figures.
        month: the first month from which on is decided anew.
        actual: the council as it really stands by then.
    """
    council = question.instance
    first, before = _cut(council, month)
    if actual is not None:
        _refuse_another(council, actual)
        decisions = _as_it_is(council, actual, decisions, before.label)
    left = Left(question, Staffing.of(question, decisions), before.label)
    committed = committed_by(question, decisions, first)
    tree = council.model_dump(mode="json", exclude_unset=True)
    tree["calendar"] = {**tree["calendar"], "start": str(first.start)}
    tree["teams"] = (
        {t: left.team(t, r, origin, first) for t, r in tree["teams"].items()}
        if actual is None
        else actual.model_dump(mode="json", exclude_unset=True)["teams"]
    )
    _leave_out(tree, "packages", [p for p, r in council.packages.items() if r.start < first.start])
    _leave_out(tree, "managed_teams", managed_teams_left(tree, left.staffing, first.start))
    tree["funds"] = {
        fund: fund_left(question, fund, record, first, committed)
        for fund, record in tree.get("funds", {}).items()
    }
    tree["pins"] = left.pins()
    tree["standards"] = {**tree.get("standards", {}), **left.limits(first)}
    tree.pop("cases_over_time", None)
    return State(
        _asking(tree, question, origin),
        first.start,
        before.label,
        committed.pounds,
        tuple(left.notes(first)),
    )


def until(question: Question, council: Instance, end: Month) -> Instance:
    """Return a council whose calendar ends sooner, with an option that asks what a question does.

    Args:
        question: what is asked; its figures are settled in its own council already.
        council: that council, or one that it has become.
        end: the last month of a period.
    """
    tree = council.model_dump(mode="json", exclude_unset=True)
    tree["calendar"] = {**tree["calendar"], "end": str(end)}
    for record in tree.get("funds", {}).values():
        if isinstance(record.get("ceiling"), Mapping):
            ceilings = record["ceiling"].items()
            record["ceiling"] = {y: c for y, c in ceilings if y <= end.financial_year}
        if reserve := record.get("reserve"):
            paid_in = reserve.get("contributions", {}).items()
            reserve["contributions"] = {y: c for y, c in paid_in if y <= end.financial_year}
    return _asking(tree, question, f"{council.instance} until {end}")


def _asking(tree: dict[str, Any], question: Question, origin: str) -> Instance:
    """Make a council whose only option asks what a question does."""
    tree["options"] = {ROLLED: _option(question, origin)}
    tree["default_option"] = ROLLED
    tree.pop("scenarios", None)
    tree["assumptions"] = _assumptions(tree)
    return Instance.model_validate(tree)


def _cut(council: Instance, month: Month | str) -> tuple[Period, Period]:
    """Return the period that starts in a month, and the one before it.

    Raises:
        InputError: if no period but the first starts in it.
    """
    periods = council.calendar.cut()
    starts = {str(period.start): number for number, period in enumerate(periods) if number}
    if str(month) not in starts:
        known = f"It can start in {', '.join(starts)}." if starts else "It has one period only."
        what = f"no later period of the plan starts in {month}"
        raise InputError([Fault("no-such-start", what, known)])
    number = starts[str(month)]
    return periods[number], periods[number - 1]


def _refuse_another(council: Instance, actual: Instance) -> None:
    """Refuse a council whose teams or roles are not the plan's."""
    faults = [
        Fault(
            "another-council",
            f"the actual council has {kind} {name!r}" if extra else f"it lacks {kind} {name!r}",
            "Give the same teams and roles as the plan's council has.",
        )
        for kind, mine, its in (
            ("team", set(council.teams), set(actual.teams)),
            ("role", set(council.roles), set(actual.roles)),
        )
        for extra, names in ((True, its - mine), (False, mine - its))
        for name in sorted(names)
    ]
    if faults:
        raise InputError(faults)


def _as_it_is(council: Instance, actual: Instance, decisions: Decisions, before: str) -> Decisions:
    """Return decisions with the posts that there really are in the last period before."""
    earlier = [d for d in decisions.posts if d.period != before]
    really = [
        PostDecision(team=team, role=role, period=before, change=Fraction(now) - Fraction(then))
        for team, record in actual.teams.items()
        for role in council.roles
        if (now := record.posts.get(role, Decimal(0)))
        != (then := council.teams[team].posts.get(role, Decimal(0)))
    ]
    return decisions.model_copy(update={"posts": (*earlier, *really)})


def _leave_out(tree: dict[str, Any], section: str, names: Collection[str]) -> None:
    """Leave out what can be decided no more, and what speaks of it."""
    if not names:
        return
    tree[section] = {name: r for name, r in tree[section].items() if name not in names}
    if section == "packages":
        lines = tree.get("package_lines", [])
        tree["package_lines"] = [line for line in lines if line["package"] not in names]
    for record in tree.get("funds", {}).values():
        listed = record.get("pays_for", {}).get(section)
        if listed is not None:
            record["pays_for"][section] = [name for name in listed if name not in names]


def _option(question: Question, origin: str) -> dict[str, Any]:
    fund = {} if question.fund is None else {"fund": question.fund}
    return {"title": f"On from {origin}", "model": question.model, **fund}


def _assumptions(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the assumptions that speak of what is still there."""
    return {
        path: reason
        for path, reason in tree.get("assumptions", {}).items()
        if _is_there(tree, path.split("."))
    }


def _is_there(tree: Any, keys: list[str]) -> bool:
    for key in keys:
        if not isinstance(tree, Mapping) or key not in tree:
            return False
        tree = tree[key]
    return True
