"""The council as a plan leaves it at the start of a month: today, for whoever plans on from there.

What the plan has decided by then is taken for done: posts and people are those of the last period
before the month, money that they cost in later months is taken off the ceilings, and what can be
decided no more is left out. What is counted from today is counted from the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from staffopt.analysis.actual import as_it_is, refuse_another, teams_as_they_are
from staffopt.analysis.asked_on import AskedOn, asked_until, tried_out
from staffopt.analysis.at_work import managed_left
from staffopt.analysis.committed import Committed, as_it_stands, committed_by, fund_left
from staffopt.analysis.left import Left
from staffopt.errors import Fault, InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.checks import FIGURE_CHECKS, check_instance
from staffopt.instance.checks.sources import leads_somewhere, stands_at
from staffopt.instance.schema import Instance
from staffopt.plan import Decisions, Plan
from staffopt.quantity import parse_decimal
from staffopt.question import ALL, Question
from staffopt.rulebook import CarryStaffForward
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import pounds

ROLLED = "rolled"
"""The option of a council as a plan leaves it: the plan's own model, standards and pins."""

_LINES = "package_lines"


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
        actual: the council as it really stands by then; its teams, and its people where they are
            listed one by one, take the place of the plan's.

    Raises:
        InputError: no such period starts in the month, a fund is overspent by then, the actual
            council has other teams or roles, or its figures are at odds.
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
    first, before = _cut(question.instance, month)
    if actual is not None:
        refuse_another(question.instance, actual)
        decisions = as_it_is(question, actual, decisions, before.label)
    left = Left(question, Staffing.of(question, decisions), before.label, first, origin)
    tree, notes = _from_then_on(left, actual)
    after = _asking(tree, question, origin)
    bound = committed_by(left.staffing, as_it_stands(_asked_of(question, after)))
    notes += _write_funds(tree, question, bound, after, planned=actual is None)
    made = _asking(tree, question, origin)
    tree["assumptions"] = {**tree["assumptions"], **tried_out(question, made)}
    made = Instance.model_validate(tree)
    if actual is not None:
        _refuse_odds(made, question.instance)
    return State(made, first.start, before.label, bound.pounds, tuple(dict.fromkeys(notes)))


def until(question: Question, council: Instance, end: Month) -> Instance:
    """Return a council whose calendar ends sooner, with an option that asks what a question does.

    What comes after the end is left out; a managed team that can start only then is not required,
    nor are posts or people of a later period.

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
    for record in tree["teams"].values():
        for role, months in record.get("starting", {}).items():
            record["starting"][role] = {m: fte for m, fte in months.items() if m <= str(end)}
    standards = tree.setdefault("standards", {})
    for label, figures in asked_until(question, council, end).items():
        own = standards.get(label)
        own = own if isinstance(own, Mapping) else {}
        standards[label] = figures if figures == "off" else {**own, **figures}
    return _asking(tree, question, f"{council.instance} until {end}")


def _from_then_on(left: Left, actual: Instance | None) -> tuple[dict[str, Any], list[str]]:
    """Return all but the money that is left, as a file has it, and what could not be carried over.

    What can be decided no more is left out.
    """
    question, first = left.question, left.first.start
    tree = question.instance.model_dump(mode="json", exclude_unset=True)
    tree["calendar"] = {**tree["calendar"], "start": str(first)}
    tree["teams"] = {team: left.team(team, record) for team, record in tree["teams"].items()}
    if actual is None:
        people = left.people(tree.get("people", {}))
    else:
        is_so = actual.model_dump(mode="json", exclude_unset=True)
        tree["teams"] = teams_as_they_are(tree["teams"], is_so)
        people = is_so.get("people", {})
    managed = managed_left(left.staffing, tree.get("managed_teams", {}), first)
    packages = {
        name: record
        for name, record in tree.get("packages", {}).items()
        if question.instance.packages[name].start >= first
    }
    asked = AskedOn(
        tree, left.staffing, left.before, left.first, managed.open, tuple(packages), tuple(people)
    )
    sections = {
        "people": people,
        "managed_teams": managed.records,
        "packages": packages,
        "standards": asked.standards(),
        "pins": asked.pins(),
        "benefits": asked.benefits(ROLLED),
    }
    for name, section in sections.items():
        if section or name in tree:
            tree[name] = section
    payable = {"packages": tuple(packages), "managed_teams": managed.open}
    for record in tree.get("funds", {}).values():
        record["pays_for"] = _still_paid(record.get("pays_for", {}), payable)
    _keep_lines(tree, packages)
    tree.pop("cases_over_time", None)
    return tree, [*managed.notes, *asked.notes()]


def _still_paid(
    pays_for: Mapping[str, Any], payable: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """Return what a fund can still be charged with; posts of today are bound."""
    return {
        section: [n for n in names if n == ALL or n in payable[section]]
        if section in payable
        else names
        for section, names in pays_for.items()
        if section != "posts_today"
    }


def _write_funds(
    tree: dict[str, Any], question: Question, bound: Committed, after: Instance, *, planned: bool
) -> list[str]:
    """Write what funds have left; return in words what of it is amiss.

    A plan that keeps its ceilings may have bound more than they allow, where it would have cut
    later what it has added: what it needs until then is bound all the same.

    Raises:
        InputError: if more is bound than a ceiling allows in a council that is not the plan's.
    """
    faults, notes = [], []
    for fund, record in tree.get("funds", {}).items():
        tree["funds"][fund], over = fund_left(question, fund, record, bound, after)
        name, first = question.instance.funds[fund].name, after.calendar.start
        if over and not planned:
            what = f"{name} is overspent in {', '.join(over)} before {first}"
            mend = "Raise its ceiling, or start from an earlier month."
            faults.append(Fault("overspent", what, mend))
        for year, more in over.items():
            notes.append(
                f"{name} has nothing left in {year}: what is there costs {pounds(more)} more than "
                "it has unless posts are cut, and what that saves is not in its ceiling"
            )
    if faults:
        raise InputError(faults)
    return notes


def _refuse_odds(made: Instance, council: Instance) -> None:
    """Refuse what is at odds in a council that somebody gave; the plan's own faults are not its.

    Raises:
        InputError: with every fault.
    """
    known = {(f.code, f.what) for f in check_instance(council, checks=FIGURE_CHECKS)}
    found = check_instance(made, checks=FIGURE_CHECKS)
    if faults := [f for f in found if not f.warning and (f.code, f.what) not in known]:
        raise InputError(faults)


def _asked_of(question: Question, after: Instance) -> Question:
    """Return what was asked of a council as it has become; it has a month before its first."""
    rules = (
        rule.model_copy(update={"leave_at_once": True})
        if isinstance(rule, CarryStaffForward)
        else rule
        for rule in question.rules
    )
    return replace(question, instance=after, option=ROLLED, rules=tuple(rules))


def _asking(tree: dict[str, Any], question: Question, origin: str) -> Instance:
    """Make a council whose only option asks what a question does."""
    fund = {} if question.fund is None else {"fund": question.fund}
    option = {"title": f"On from {origin}", "model": question.model, **fund}
    tree["options"] = {ROLLED: option}
    tree["default_option"] = ROLLED
    tree.pop("scenarios", None)
    made = Instance.model_validate(tree)
    tree["assumptions"] = _assumptions(tree.get("assumptions", {}), question.instance, made)
    return Instance.model_validate(tree)


def _cut(council: Instance, month: Month | str) -> tuple[Period, Period]:
    """Return the period that starts in a month, and the one before it.

    Raises:
        InputError: if no period but the first starts in it.
    """
    periods = council.calendar.cut()
    starts = {str(period.start): number for number, period in enumerate(periods) if number}
    if str(month) not in starts:
        one = "It has one period only: solve with calendar.periods: months, or financial_years."
        known = f"It can start in {', '.join(starts)}." if starts else one
        what = f"no later period of the plan starts in {month}"
        raise InputError([Fault("no-such-start", what, known)])
    number = starts[str(month)]
    return periods[number], periods[number - 1]


def _assumptions(stated: Mapping[str, Any], was: Instance, now: Instance) -> dict[str, Any]:
    """Keep the assumptions that speak of what is still there.

    A range is of the figure that was assumed, and not of what has become of it.
    """
    kept: dict[str, Any] = {}
    for path, reason in stated.items():
        # Lines are what they were, wherever they stand now.
        is_line = path.startswith(f"{_LINES}.")
        gone = stands_at(now, path) is None and stands_at(was, path) is not None
        if not leads_somewhere(now, path) or (gone and not is_line):
            continue
        same = is_line or _same_figure(was, now, path)
        of_range = () if same or not isinstance(reason, Mapping) else ("low", "high")
        kept[path] = {k: v for k, v in reason.items() if k not in of_range} if of_range else reason
    return kept


def _same_figure(was: Instance, now: Instance, path: str) -> bool:
    """Say whether one and the same figure stands at a path; standards hold theirs as text."""
    try:
        one, other = (parse_decimal(stands_at(council, path)) for council in (was, now))
    except ValueError:
        return False
    return one == other


def _keep_lines(tree: dict[str, Any], packages: Collection[str]) -> None:
    """Leave out the lines of other packages; what is assumed of a line goes where it stands now."""
    lines = list(enumerate(tree.get(_LINES, [])))
    kept = [(number, line) for number, line in lines if line["package"] in packages]
    if len(kept) == len(lines):
        return
    tree[_LINES] = [line for _, line in kept]
    stands = {str(old): str(new) for new, (old, _) in enumerate(kept)}
    moved: dict[str, Any] = {}
    for path, reason in tree.get("assumptions", {}).items():
        section, _, rest = path.partition(".")
        number, dot, field = rest.partition(".")
        if section != _LINES or not rest:
            moved[path] = reason
        elif number in stands:
            moved[f"{_LINES}.{stands[number]}{dot}{field}"] = reason
    tree["assumptions"] = moved
