"""The council as a plan leaves it at the start of a month: today, for whoever plans on from there.

What the plan has decided by then is taken for done: posts and people are those of the last period
before the month, money that they cost in later months is taken off the ceilings, and what can be
decided no more is left out. What is counted from today is counted from the new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from staffopt.analysis.committed import committed_by
from staffopt.errors import Fault, InputError
from staffopt.instance.calendar import Month, Period
from staffopt.instance.case_flow import Arrivals
from staffopt.instance.demand import cases_seen
from staffopt.instance.schema import Instance
from staffopt.plan import Decisions, Plan, PostDecision
from staffopt.quantity import Absent, decimal_text, round_half_up
from staffopt.question import Question
from staffopt.rulebook import (
    BuyManagedTeam,
    CarryStaffForward,
    FillPosts,
    LimitChange,
    LimitRecruitment,
)
from staffopt.verifier.case_flow import course_of_cases, flowing, kinds_of
from staffopt.verifier.heads import heads_figures
from staffopt.verifier.managed import on_offer
from staffopt.verifier.staffing import ZERO, Staffing

ROLLED = "rolled"
"""The option of a council as a plan leaves it: the plan's own model, standards and pins."""

_STAYS = ("name", "composition", "capacity", "closes", "serves", "from")
"""What a managed team keeps for as long as it is there."""

_NEVER = Month(1900, 1)
"""Before any month that is planned: the last start of a team that can start no more."""

_FTE_DECIMALS = 4
"""Decimals to which FTE are written: a plan's decisions have no more."""

_CASES_DECIMALS = 8
"""Decimals to which open cases of a month are written; growth by twelfths has no end of them."""


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
        InputError: no such period starts in the month, people are carried forward, a fund is
            overspent by then, or the actual council has other teams or roles.
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
    _refuse_carried(question)
    first, before = _cut(council, month)
    if actual is not None:
        _refuse_another(council, actual)
        decisions = _as_it_is(council, actual, decisions, before.label)
    left = _Left(question, Staffing.of(question, decisions), before.label)
    committed = committed_by(question, decisions, first)
    tree = council.model_dump(mode="json", exclude_unset=True)
    tree["calendar"] = {**tree["calendar"], "start": str(first.start)}
    tree["teams"] = (
        {t: left.team(t, r, origin, first) for t, r in tree["teams"].items()}
        if actual is None
        else actual.model_dump(mode="json", exclude_unset=True)["teams"]
    )
    _leave_out(tree, "packages", [p for p, r in council.packages.items() if r.start < first.start])
    _managed_teams(tree, council, first.start)
    if there := dict(_there(left.staffing, first)):
        tree["managed_teams"] = {**tree.get("managed_teams", {}), **there}
    tree["funds"] = {f: left.fund(f, r, first, committed) for f, r in tree.get("funds", {}).items()}
    tree["pins"] = left.pins()
    tree["standards"] = {**tree.get("standards", {}), **left.limits()}
    tree.pop("cases_over_time", None)
    return State(
        _asking(tree, question, origin),
        first.start,
        before.label,
        committed,
        tuple(left.notes(first)),
    )


def _refuse_carried(question: Question) -> None:
    """Refuse to plan on where people are carried forward.

    Raises:
        InputError: if they are: a council holds neither who is recruited and has not started, nor
            what fractions of people joined when.
    """
    rule = question.rule(CarryStaffForward)
    if rule is not None:
        what = f"{rule.label} carries people from month to month, with joiners who are underway"
        mend = "Write who is in post, and when they joined, into a council's file, and solve it."
        raise InputError([Fault("carried-forward", what, mend)])


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


@dataclass(frozen=True, slots=True)
class _Left:
    """What a plan leaves in its last period before a month.

    Attributes:
        question: what the plan was asked.
        staffing: its decisions.
        before: the period's label.
    """

    question: Question
    staffing: Staffing
    before: str

    def team(
        self, team: str, record: Mapping[str, Any], origin: str, first: Period
    ) -> dict[str, Any]:
        """Return a team's record with its posts, people and cases of that period."""
        roles = list(self.question.instance.roles)
        posts = {r: self.staffing.posts(team, r, self.before) for r in roles}
        people = {r: self.staffing.in_post(team, r, self.before) for r in roles}
        mine = record.get("posts", {})
        made = {**record, "posts": {r: _fte(n) for r, n in posts.items() if n or r in mine}}
        if people != posts:
            made["people"] = {r: _fte(n) for r, n in people.items() if n or posts[r]}
        if made["posts"] != {r: _fte(Fraction(str(n))) for r, n in mine.items()}:
            made.pop("shown_as", None)
        made.update(self._cases(team, first))
        made["from"] = f"{origin}, {self.before}; before it {record.get('from', 'as assumed')}"
        return made

    def _cases(self, team: str, first: Period) -> dict[str, Any]:
        """Return a team's cases of the month before, and from then on as a series."""
        council, course = self.question.instance, self.question.course(team)
        if team in flowing(self.question):
            return self._flow(team, first)
        if course is None:
            return {}
        began, months = (
            council.calendar.start,
            [m for m in council.calendar.months if m >= first.start],
        )

        def seen(kind: str, today: Decimal, month: Month) -> str:
            return _cases_text(cases_seen(course, kind, today, began, month))

        cases = council.teams[team].cases
        by_type = cases if isinstance(cases, Mapping) else {"": cases}
        known = {k: n for k, n in by_type.items() if isinstance(n, Decimal)}
        now = {k: seen(k, n, first.start + -1) for k, n in known.items()}
        series = {k: {str(m): seen(k, n, m) for m in months} for k, n in known.items()}
        how = {"in_period": course.in_period, "multiple": str(course.multiple)}
        if isinstance(cases, Mapping):
            return {"cases": now, "cases_over_time": {**how, "types": series}}
        return {"cases": now[""], "cases_over_time": {**how, "series": series[""]}} if known else {}

    def _flow(self, team: str, first: Period) -> dict[str, Any]:
        """Return a team's cases that are open by then, and arrivals month by month from then on."""
        council, course = self.question.instance, course_of_cases(self.staffing)
        months = [m for m in council.calendar.months if m >= first.start]

        def from_then_on(arrivals: Arrivals) -> dict[str, Any]:
            came = {m: _cases_text(arrivals.in_month(council.calendar.start, m)) for m in months}
            return {"figure": came[first.start], "series": {str(m): n for m, n in came.items()}}

        left = {
            kind: _cases_text(course[team, kind, self.before].open)
            for kind in kinds_of(self.question, team)
        }
        made: dict[str, Any] = {"cases": left if set(left) != {""} else left[""]}
        flow = council.teams[team].flow
        if flow is not None:
            made["flow"] = flow.model_dump(mode="json", exclude_unset=True)
            if flow.arrivals is not None:
                made["flow"]["arrivals"] = from_then_on(flow.arrivals)
            if flow.types:
                made["flow"]["types"] = {k: from_then_on(a) for k, a in flow.types.items()}
        return made

    def added(self, role: str) -> Fraction:
        """Return the FTE of a role added by then, over all teams."""
        teams = self.question.instance.teams
        return sum((self.staffing.change(team, role, self.before) for team in teams), ZERO)

    def fund(
        self,
        fund: str,
        record: Mapping[str, Any],
        first: Period,
        committed: Mapping[tuple[str, str], Fraction],
    ) -> dict[str, Any]:
        """Return a fund's record with what is left of its ceilings, to the penny below.

        Raises:
            InputError: if more is bound already than a ceiling allows.
        """
        council = self.question.instance
        years = [year for year in council.calendar.years if year >= first.start.financial_year]
        ceilings = {year: council.funds[fund].ceiling_in(year) for year in years}
        left = {
            year: Fraction(ceiling) - committed.get((fund, year), ZERO)
            for year, ceiling in ceilings.items()
            if isinstance(ceiling, Decimal)
        }
        over = [year for year, pounds in left.items() if pounds < 0]
        if over:
            what = (
                f"{council.funds[fund].name} is overspent in {', '.join(over)} before {first.start}"
            )
            mend = "Raise its ceiling, or start from an earlier month."
            raise InputError([Fault("overspent", what, mend)])
        pays_for = {k: v for k, v in record.get("pays_for", {}).items() if k != "posts_today"}
        made = {**record, "pays_for": pays_for}
        if not any(pays_for.values()) and not self._pays_by_name(fund, first):
            made.pop("ceiling", None)
        elif left:
            spoken = {y: str(c) for y, c in ceilings.items() if isinstance(c, Absent)}
            made["ceiling"] = {y: _pennies(pounds) for y, pounds in left.items()} | spoken
        return made

    def _pays_by_name(self, fund: str, first: Period) -> bool:
        """Say whether an option, or what can still be bought, names a fund as its own."""
        council = self.question.instance
        packages = [r.fund for r in council.packages.values() if r.start >= first.start]
        bought = [
            n
            for n, r in council.managed_teams.items()
            if max(r.starts, default=_NEVER) >= first.start
        ]
        payers = (self.question.fund_of_managed_team, self.question.fund_of_extension)
        teams = [payer(name) for name in bought for payer in payers]
        return fund in (self.question.fund, *packages, *teams)

    def pins(self) -> dict[str, Any]:
        """Return the pins, those of FTE added less what has been added."""
        pins = self.question.instance.pins
        tree = pins.model_dump(mode="json", exclude_unset=True)
        if pins.change:
            rest = {r: Fraction(fte) - self.added(r) for r, fte in pins.change.items()}
            tree["change"] = {r: _fte(fte) for r, fte in rest.items()}
        if pins.packages:
            kept = [p for p, r in self.question.instance.packages.items() if r.start > self._end]
            tree["packages"] = {p: pins.packages[p] for p in kept if p in pins.packages}
        return tree

    @property
    def _end(self) -> Month:
        return next(p.end for p in self.staffing.periods if p.label == self.before)

    def limits(self) -> dict[str, Any]:
        """Return what is left of each limit on recruitment and of teams that must be bought."""
        changed: dict[str, dict[str, Any]] = {}
        for rule in self.question.rules:
            if isinstance(rule, LimitRecruitment) and isinstance(rule.limit, Decimal):
                changed[rule.label] = {
                    "limit": _fte(Fraction(rule.limit) - self._recruited(rule)),
                    "from": rule.source or "what is left of the plan's limit",
                }
            if isinstance(rule, BuyManagedTeam) and self._bought(rule):
                changed[rule.label] = {"required": False, "extended_by": 0}
        standards = self.question.instance.standards
        return {
            label: {**(own if isinstance(own := standards.get(label), Mapping) else {}), **what}
            for label, what in changed.items()
        }

    def _bought(self, rule: BuyManagedTeam) -> bool:
        """Say whether every team that a rule asks for was bought before, as long as it asks."""
        return all(
            any(
                (hire.managed_team, hire.start < self.staffing.by_label[self.before].end + 1)
                == (name, True)
                and hire.extension >= rule.extended_by
                for hire in self.staffing.hired
            )
            for name in on_offer(rule, self.question)
        )

    def _recruited(self, rule: LimitRecruitment) -> Fraction:
        question, filled = self.question, self.question.rule(FillPosts) is not None
        counted = self.staffing.people_added if filled else self.staffing.change
        roles = question.instance.roles
        own = [
            role
            for role in question.roles_of(rule.staff)
            if (rule.tag in roles[role].tags if rule.tag else roles[role].covers is None)
        ]
        places = ((team, role) for team in question.teams_in(rule.scope) for role in own)
        return sum((counted(team, role, self.before) for team, role in places), ZERO)

    def notes(self, first: Period) -> Iterator[str]:
        """Say what starts anew in the month."""
        for rule in self.question.rules:
            if isinstance(rule, LimitChange) and rule.times is not None:
                yield f"{rule.label} counts its changes anew from {first.start.words}"
        heads = (figure for figure in heads_figures(self.staffing) if figure.period == self.before)
        if any(figure.fte.denominator > 1 for figure in heads):
            yield f"set-up is paid for whole heads of what is added from {first.start.words} on"


def _there(staffing: Staffing, first: Period) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield managed teams at work in a month, each under an id of its own, as there already.

    What they cost is bound by then and off the ceilings, and so is what they were extended by.
    """
    teams = staffing.question.instance.managed_teams
    for hire, count in staffing.hired.items():
        record = teams[hire.managed_team]
        if not hire.start < first.start <= hire.end(record):
            continue
        told = record.model_dump(mode="json", exclude_unset=True)
        kept = {key: told[key] for key in _STAYS if key in told}
        term = {"there_since": str(hire.start), "months": record.months + hire.extension}
        for number in range(1, count + 1):
            name = f"{hire.managed_team}-{hire.start}" + (f"-{number}" if count > 1 else "")
            yield name, {**kept, **term, "price": "none", "from": kept.get("from", "as bought")}


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


def _managed_teams(tree: dict[str, Any], council: Instance, first: Month) -> None:
    """Leave out starts that have passed, and managed teams that have none left."""
    over = []
    for name, record in council.managed_teams.items():
        starts = [str(month) for month in record.starts if month >= first]
        if starts:
            tree["managed_teams"][name]["starts"] = starts
            for gone in ("there_since", "approved"):
                tree["managed_teams"][name].pop(gone, None)
        else:
            over.append(name)
    _leave_out(tree, "managed_teams", over)


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


def _fte(fte: Fraction) -> str:
    return decimal_text(round_half_up(fte, _FTE_DECIMALS))


def _cases_text(cases: Fraction) -> str:
    """Write a figure of a series: exact, or to as many decimals as can be read back."""
    return decimal_text(round_half_up(cases, _CASES_DECIMALS))


def _pennies(pounds: Fraction) -> str:
    """Write pounds, what is less than a penny left out: so no ceiling is passed by rounding."""
    return decimal_text(Decimal(floor(pounds * 100)).scaleb(-2))
