"""The value of looking ahead: the plan of all months beside one that is made window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Unpack

from staffopt.analysis.asked_on import model_of
from staffopt.analysis.asking import Step, Told, attempt, ignore, proven
from staffopt.analysis.state import ROLLED, left_by, until
from staffopt.desk import Desk, open_desk
from staffopt.errors import Fault, Infeasible, InputError
from staffopt.instance.calendar import Period
from staffopt.instance.schema import Instance
from staffopt.plan import (
    TODAY,
    Decisions,
    Finding,
    GoalValue,
    ManagedTeamDecision,
    PeopleDecision,
    Plan,
    PostDecision,
    Verdict,
)
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.request import Asking
from staffopt.verifier.goals import goal_value
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.verification import examine

_SHORT_SIGHTED = "the plan made window by window"


@dataclass(frozen=True, slots=True)
class Worth:
    """What looking ahead is worth in one goal.

    Attributes:
        goal: the goal's value with foresight.
        short_sighted: what the plan made window by window comes to; None where there is none.
    """

    goal: GoalValue
    short_sighted: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        value = self.short_sighted
        return {
            "goal": self.goal.minimise,
            "unit": self.goal.unit,
            "with_foresight": exact_text(self.goal.value),
            "window_by_window": None if value is None else exact_text(value),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """A plan of all months beside one made window by window.

    Attributes:
        plan: the plan of all months.
        windows: first and last month of each window.
        goals: what each goal comes to, both ways.
        broken: rules that the plan made window by window breaks.
        none: why a window has no plan, where one has none; what was decided before leads there.
        stuck: the window that has none.
    """

    plan: Plan
    windows: tuple[tuple[str, str], ...]
    goals: tuple[Worth, ...]
    broken: tuple[Finding, ...] = ()
    none: Infeasible | None = None
    stuck: tuple[str, str] | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "plan": self.plan.id,
            "windows": [list(window) for window in self.windows],
            "goals": [worth.to_json() for worth in self.goals],
            "broken": [finding.words for finding in self.broken],
            "stuck": None if self.stuck is None else list(self.stuck),
            "none": None if self.none is None else str(self.none),
        }


def foresight(
    council: Instance, months: int, *, tell: Told = ignore, **asking: Unpack[Asking]
) -> Foresight:
    """Say what it is worth to plan all months at once, and not a window of months after another.

    Each window is planned as if the calendar ended with it, from where the one before leaves off.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        months: the least months of a window, which is made of whole periods.
        tell: told of each solve before it is.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: the calendar makes one window only, or as :func:`staffopt.solve`.
        Infeasible: there is no plan of all months.
        Others as :func:`staffopt.solve`; that a window has no plan is an answer.
    """
    with open_desk(council, **asking) as desk:
        question = desk.question
        windows = _windows(question.instance.calendar.cut(), months)
        if len(windows) == 1:
            what = f"windows of {months} months make one of the whole calendar"
            mend = "Give fewer months, or shorter periods, such as calendar.periods: months."
            raise InputError([Fault("one-window", what, mend)])
        tell(Step(1, len(windows) + 1, "all months"))
        plan = proven(desk)
        spans = tuple((str(window[0].start), str(window[-1].end)) for window in windows)
        decided = Decisions()
        before = Staffing.of(question, decided)
        for number, window in enumerate(windows):
            tell(Step(number + 2, len(windows) + 1, f"{spans[number][0]} to {spans[number][1]}"))
            found = attempt(_at(desk, question, decided, window))
            if isinstance(found, Infeasible):
                goals = tuple(Worth(goal, None) for goal in plan.goals)
                return Foresight(plan, spans, goals, none=found, stuck=spans[number])
            decided = _joined(before, decided, found, window)
    figures, findings = examine(question, decided)
    broken = tuple(finding for finding in findings if finding.verdict is Verdict.BROKEN)
    values = (goal_value(question, figures, goal) for goal in question.goals)
    return Foresight(plan, spans, tuple(map(Worth, plan.goals, values)), broken)


def _windows(periods: Sequence[Period], months: int) -> list[list[Period]]:
    """Cut periods into windows of at least so many months; the last may be shorter."""
    windows: list[list[Period]] = [[]]
    for period in periods:
        if windows[-1] and period.start - windows[-1][0].start >= months:
            windows.append([])
        windows[-1].append(period)
    return windows


def _at(desk: Desk, question: Question, decided: Decisions, window: Sequence[Period]) -> Desk:
    """Return a desk that asks for one window, from what is decided before it."""
    council, first = question.instance, window[0].start
    if first != council.calendar.start:
        council = left_by(question, decided, _SHORT_SIGHTED, first).instance
    ended = until(question, council, window[-1].end)
    # As it was settled: what was set in the model by hand would win over what is left to ask.
    own = model_of(question, ended.calendar.years)
    asked = desk.of(ended, {own.model: own})
    return asked.asking(option=ROLLED, model=None, scenario=None, overrides={})


def _joined(
    before: Staffing, decided: Decisions, plan: Plan, window: Sequence[Period]
) -> Decisions:
    """Add a window's decisions to those before it, counted from the first day of all.

    Where a place is decided anew, people work where the last window places them.
    """
    council, labels = before.question.instance, [period.label for period in window]
    staffing = Staffing.of(plan.question, plan.decisions)
    made, end = plan.decisions, window[-1].end
    return Decisions(
        posts=(*decided.posts, *_posts(before, staffing, labels)),
        people=(*decided.people, *_people(before, staffing, labels)),
        flows=(*decided.flows, *made.flows),
        packages=(
            *(d for d in decided.packages if d.package not in plan.question.instance.packages),
            *(d for d in made.packages if council.packages[d.package].start <= end),
        ),
        managed_teams=tuple(_managed_teams(decided, staffing, window)),
        places=tuple(d for d in made.places if d.person in council.people),
        cases=(*decided.cases, *made.cases),
        closed=(*decided.closed, *made.closed),
    )


def _managed_teams(
    decided: Decisions, staffing: Staffing, window: Sequence[Period]
) -> Iterator[ManagedTeamDecision]:
    """Yield what is bought by the end of a window, as it is extended by then.

    A team whose extension was open is extended as the window has it; what is bound is so already.
    """
    records = staffing.question.instance.managed_teams
    still = {n: r.there_since for n, r in records.items() if r.there_since and r.extension}
    for before in decided.managed_teams:
        if still.get(before.managed_team) != before.start:
            yield before
    for hire, teams in staffing.hired.items():
        there = hire.start == records[hire.managed_team].there_since
        if hire.start <= window[-1].end and (not there or hire.managed_team in still):
            yield ManagedTeamDecision(
                managed_team=hire.managed_team,
                start=hire.start,
                extension=hire.extension,
                teams=teams,
            )


def _posts(before: Staffing, staffing: Staffing, labels: Sequence[str]) -> Iterator[PostDecision]:
    council = before.question.instance
    for team, role, label in product(council.teams, council.roles, labels):
        change = staffing.posts(team, role, label) - before.standing(team, role, label)
        if change:
            yield PostDecision(team=team, role=role, period=label, change=change)


def _people(
    before: Staffing, staffing: Staffing, labels: Sequence[str]
) -> Iterator[PeopleDecision]:
    council = before.question.instance
    for team, role, label in product(council.teams, council.roles, labels):
        apart = before.fills(team, role) and not before.carries(team, role)
        if apart and before.stands(role, label):
            change = staffing.in_post(team, role, label) - before.in_post(team, role, TODAY)
            yield PeopleDecision(team=team, role=role, period=label, change=change)
