"""What a question still asks from a month on: its standards, pins and benefits, and its goals.

A rule that counts from today, or over all months planned, is asked for what is left of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from staffopt.analysis.at_work import is_open
from staffopt.analysis.left import fte_text
from staffopt.analysis.spare import counted_anew
from staffopt.instance.calendar import Month, Period
from staffopt.instance.checks.sources import unsourced
from staffopt.instance.schema import Instance
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import GoalName, Model
from staffopt.quantity import decimal_text
from staffopt.question import ALL, Question
from staffopt.rulebook import (
    BuyManagedTeam,
    CarryStaffForward,
    FillPosts,
    KeepAverageCaseload,
    LimitChange,
    LimitRecruitment,
    Per,
    Pin,
    ReleaseTime,
    Require,
    RequireManagedTeam,
    RoundingKind,
    Rule,
    TakeBundleWhole,
)
from staffopt.verifier.managed import on_offer
from staffopt.verifier.release import served, served_today
from staffopt.verifier.shape import recruited
from staffopt.verifier.staffing import ZERO, Staffing

_OF_NO_SUM = (
    GoalName.WORST_CASELOAD,
    GoalName.WORST_UNCOVERED,
    GoalName.PREFERENCES_UNMET,
)
"""Goals that add nothing up over the months: their limits are what they were."""

_SERVED_DECIMALS = 8
"""Decimals to which the workers served are written, whose number may have no end."""


@dataclass(frozen=True, slots=True)
class AskedOn:
    """What is still asked once some of it is done.

    Attributes:
        given: the council as a file has it.
        staffing: what was decided.
        before: label of the last period before the month.
        first: the period after it.
        managed_teams: those that can still be bought or extended.
        packages: those that can still be taken.
        people: those listed one by one who are still there.
    """

    given: Mapping[str, Any]
    staffing: Staffing
    before: str
    first: Period
    managed_teams: Collection[str]
    packages: Collection[str]
    people: Collection[str]

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.staffing.question

    def standards(self) -> dict[str, Any]:
        """Return standards by label: the council's own, and what is left of what was asked."""
        found: dict[str, Any] = dict(self.given.get("standards", {}))
        for rule in self.question.rules:
            left = self._left_of(rule)
            if left is None:
                found[rule.label] = "off"
            elif left:
                own = found.get(rule.label)
                own = own if isinstance(own, Mapping) else {}
                told = rule.source or f"what is left of the plan's {rule.label}"
                found[rule.label] = {**own, **left, "from": own.get("from", told)}
        return found

    def _left_of(self, rule: Rule) -> dict[str, Any] | None:
        """Return parameters in which a rule is asked for what is left; None where nothing is."""
        left = _LEFT.get(type(rule))
        return {} if left is None else left(self, rule)

    def _to_take(self, rule: TakeBundleWhole) -> dict[str, Any] | None:
        """Offer the packages that can still be taken."""
        if ALL in rule.packages:
            return {}
        names = [name for name in rule.packages if name in self.packages]
        return {"packages": names} if names else None

    def _to_buy(self, rule: BuyManagedTeam) -> dict[str, Any] | None:
        """Ask for no team that was bought before, for as long as it was asked for."""
        offered = on_offer(rule, self.question)
        left = [name for name in offered if name in self.managed_teams]
        due = [name for name in left if not self._bought(rule, name)]
        names = {} if ALL in rule.teams else {"teams": left}
        if not (rule.required or rule.extended_by):
            return names if left or ALL in rule.teams else None
        if not due:
            asks_nothing = {"required": False, "extended_by": 0}
            return {**names, **asks_nothing} if left or ALL in rule.teams else None
        return names if len(due) == len(offered) else {"teams": due}

    def _bought(self, rule: BuyManagedTeam, name: str) -> bool:
        """Say whether a team was bought before and is bound, for as long as a rule asks."""
        first = self.first.start
        return any(
            hire.managed_team == name and hire.extension >= rule.extended_by
            for hire in self.staffing.hired
            if hire.start < first and not is_open(self.staffing, hire, first)
        )

    def _to_recruit(self, rule: LimitRecruitment) -> dict[str, Any]:
        """Limit recruitment by what is left: of the plan, or of the one year that is left."""
        labels = self._counted(rule)
        if not labels or not isinstance(rule.limit, Decimal):
            return {}
        left = Fraction(rule.limit) - recruited(rule, self.staffing, labels)
        return {"limit": fte_text(left if rule.soften else max(left, ZERO))}

    def _counted(self, rule: LimitRecruitment) -> list[str]:
        """Name the periods before the month that count against the limit of those after it."""
        labels = self.staffing.labels
        earlier = labels[: labels.index(self.before) + 1]
        if rule.per is Per.PLAN:
            return list(earlier)
        year = self.first.start.financial_year
        if rule.per is Per.PERIOD or self.question.instance.calendar.end.financial_year != year:
            return []
        season = {month.number for month in rule.months}
        starts = ((label, self.staffing.by_label[label].start) for label in earlier)
        return [
            label
            for label, start in starts
            if start.financial_year == year and (not season or start.month in season)
        ]

    def _is_split(self, rule: LimitRecruitment) -> bool:
        """Say whether one year of several has some of its limit left, which one figure cannot."""
        return rule.per is Per.YEAR and not self._counted(rule)

    def _keeps(self, rule: KeepAverageCaseload) -> bool:
        """Say whether posts that were added for a while could have been cut, and now cannot."""
        rounded = rule.rounding.kind in (RoundingKind.POSTS_NEAREST, RoundingKind.POSTS_UP)
        teams = self.question.teams_in(rule.scope)
        added = self.staffing.added(teams, RoleKind.CASE_HOLDER, self.before)
        return rounded and self.question.cases_vary and added > 0

    def _required(self, rule: Require) -> dict[str, Any] | None:
        """Ask nothing of a period that is over, and for posts added less those that are."""
        labels = self.staffing.labels
        if rule.period in labels[: labels.index(self.first.label)]:
            return None
        if rule.what != "posts added":
            return {}
        teams = self.question.teams_in(rule.scope)
        added = sum((self.staffing.change(t, rule.role, self.before) for t in teams), ZERO)
        return {"fte": fte_text(Fraction(rule.fte) - added)}

    def _required_team(self, rule: RequireManagedTeam) -> dict[str, Any] | None:
        """Ask for what is not bound yet; an extension that is still open is counted then."""
        name, first = rule.managed_team, self.first.start
        if name not in self.managed_teams:
            return None
        since = self.question.instance.managed_teams[name].there_since
        bound = 0
        for hire, teams in self.staffing.hired.items():
            if hire.managed_team != name or hire.start >= first:
                continue
            still = is_open(self.staffing, hire, first)
            if rule.what == "months of extension":
                bound += 0 if still else hire.extension * teams
            elif hire.extension or hire.start != since:
                bound += 0 if still and hire.extension else teams
        return {"number": max(rule.number - bound, 0)} if bound else {}

    def _served(self, rule: ReleaseTime) -> dict[str, Any]:
        """Keep who was served when planning began: those served since are newly served still."""
        teams = self.question.teams_in(rule.scope)
        began = {team: served_today(rule, self.staffing, team) for team in teams}
        now = {team: served(rule, self.staffing, team, self.before) for team in teams}
        if now == began:
            return {}
        return {"served_today": {t: _served(fte) for t, fte in began.items() if fte or now[t]}}

    def pins(self) -> dict[str, Any]:
        """Return the pins, those of FTE added less what has been added."""
        pins, teams = self.question.instance.pins, self.question.instance.teams
        tree = pins.model_dump(mode="json", exclude_unset=True)
        for role, fte in pins.change.items():
            added = sum((self.staffing.change(team, role, self.before) for team in teams), ZERO)
            tree["change"][role] = fte_text(Fraction(fte) - added)
        still = {"packages": self.packages, "first_preferences": self.people}
        for section in still.keys() & tree.keys():
            tree[section] = {name: v for name, v in tree[section].items() if name in still[section]}
        return tree

    def benefits(self, option: str) -> dict[str, Any]:
        """Return benefits of the option that was asked, now another's, and of what is on offer."""
        listed = self.question.instance.benefits
        kept: dict[str, Any] = {}
        for name, record in listed.items():
            over = record.end is not None and record.end < self.first.start
            asked = record.option is not None and record.option == self.question.option
            if asked and not over:
                kept[name] = {**self.given["benefits"][name], "option": option}
            elif record.package in self.packages and not over:
                kept[name] = self.given["benefits"][name]
        return kept

    def notes(self) -> Iterator[str]:
        """Say what starts anew in the month, and what is asked no more."""
        year = self.first.start.financial_year
        begun = self.staffing.by_label[self.before].end.financial_year == year
        for rule in self.question.rules:
            if isinstance(rule, LimitChange) and rule.times is not None:
                yield f"{rule.label} counts its changes anew from {self.first.start.words}"
            if isinstance(rule, KeepAverageCaseload) and self._keeps(rule):
                yield f"{rule.label} asks for no fewer posts than in {self.first.start.words}"
            if isinstance(rule, LimitRecruitment) and begun and self._is_split(rule):
                yield f"{rule.label} counts anew what is recruited in {year}"
        for role in counted_anew(self.staffing, self.before):
            name, words = self.question.role_name(role), self.first.start.words
            yield f"heads of {name} are counted anew from {words}: what is cut makes room for none"
        years = self.question.instance.calendar.years
        for goal in self.question.goals:
            if goal.year is not None and years.index(goal.year) < years.index(year):
                yield f"the goal {goal.label} is over"
            elif goal.at_most is not None and goal.minimise not in _OF_NO_SUM:
                yield f"the limit of {goal.label} is on what comes from {self.first.start.words} on"


_LEFT: dict[type[Rule], Callable[[AskedOn, Any], dict[str, Any] | None]] = {
    BuyManagedTeam: AskedOn._to_buy,  # noqa: SLF001 (of this very class)
    CarryStaffForward: lambda _, rule: {} if rule.leave_at_once else {"leave_at_once": True},
    FillPosts: lambda _, rule: {"surplus": decimal_text(rule.surplus)} if rule.surplus else {},
    LimitRecruitment: AskedOn._to_recruit,  # noqa: SLF001
    ReleaseTime: AskedOn._served,  # noqa: SLF001
    Require: AskedOn._required,  # noqa: SLF001
    RequireManagedTeam: AskedOn._required_team,  # noqa: SLF001
    TakeBundleWhole: AskedOn._to_take,  # noqa: SLF001
}
"""Rule → in which parameters it is asked for what is left; any other is asked as it was."""


def asked_until(question: Question, council: Instance, end: Month) -> dict[str, Any]:
    """Return label → parameters in which rules ask nothing that comes after a month, or ``off``.

    Args:
        question: what is asked.
        council: the question's council, or one that it has become.
        end: the last month.
    """
    asked: dict[str, Any] = {}
    teams = council.managed_teams.items()
    late = {m for m, r in teams if r.starts and not r.there_since and min(r.starts) > end}
    over = {period.label for period in question.instance.calendar.cut() if period.start > end}
    for rule in question.rules:
        if isinstance(rule, BuyManagedTeam) and (rule.required or rule.extended_by):
            if late.intersection(on_offer(rule, question)):
                asked[rule.label] = {"required": False, "extended_by": 0}
        elif isinstance(rule, Require) and rule.period in over:
            asked[rule.label] = "off"
    return asked


def model_of(question: Question, years: Collection[str]) -> Model:
    """Return the model that a question asks with, as it was settled.

    Args:
        question: what is asked.
        years: the financial years that are planned; goals of any other are over.
    """
    return Model(
        schema_version=1,
        model=question.model,
        title=question.title,
        may_change=question.may_change,
        rules={
            rule.label: {key: v for key, v in rule.to_json().items() if v is not None}
            for rule in question.rules
            if not isinstance(rule, Pin)
        },
        goals=tuple(goal for goal in question.goals if goal.year is None or goal.year in years),
    )


def tried_out(question: Question, made: Instance) -> dict[str, str]:
    """Return path → reason, of figures that were asked with and have no source in a file."""
    asked = {step.path: step for step in question.overrides}
    option = question.instance.options.get(question.option or "")
    found: dict[str, str] = {}
    for loc in unsourced(made):
        parts = [str(part) for part in loc]
        paths = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        step = next((asked[path] for path in paths if path in asked), None)
        if step is not None:
            source = option.source if option and step.origin.startswith("option") else None
            found[".".join(parts)] = f"{step.origin}: {source}" if source else step.origin
    return found


def _served(fte: Fraction) -> str:
    """Write workers served, rounded down: what is released by the plan is not lost by rounding."""
    whole = fte.numerator * 10**_SERVED_DECIMALS // fte.denominator
    return decimal_text(Decimal(whole).scaleb(-_SERVED_DECIMALS))
