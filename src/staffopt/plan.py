"""The plan: the answer in the council's words, as plain data.

A plan stores decisions, and beside them the figures that follow from them. It embeds the question
it answers, so that it can be verified from itself alone: ``verify`` recomputes every figure from
the decisions, and any difference is a finding.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self
from uuid import uuid4

from pydantic import Field, ValidationError, model_validator

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import MonthField
from staffopt.instance.schema import RoleKind
from staffopt.quantity import Exact, Number, parse_exact, round_half_up
from staffopt.question import NOT_NAMED, Question
from staffopt.record import Record, faults_of
from staffopt.rulebook import Denominator

FULL_YEAR = "full year"
"""Stands where a financial year stands, for what is paid every year once all is in place."""

TODAY = "today"
"""Stands where a period stands, for the state before the plan."""


class Verdict(StrEnum):
    """What verification says of one rule instance."""

    MET = "met"
    MET_BY_TOLERANCE = "met by tolerance"
    SOFTENED = "softened"
    MISSED_BY_POLICY = "missed by policy"
    BROKEN = "broken"


class Grade(StrEnum):
    """How well an optimality claim is founded, the best first."""

    CERTIFIED = "CERTIFIED"
    CROSS_CHECKED = "CROSS-CHECKED"
    SOLVER_CLAIMED = "SOLVER-CLAIMED"
    FEASIBLE = "FEASIBLE"


class MoneyKind(StrEnum):
    """What kind of money a line is."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    SAVING = "saving"
    PREMIUM = "premium"
    TODAY = "today"
    TERM = "term"
    PENALTY = "penalty"
    PRICE = "price"


class PostDecision(Record):
    """FTE added to (or, below zero, cut from) a team's posts of a role in a period."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    change: Exact = Field(description="FTE added; below zero where cut.")


class PeopleDecision(Record):
    """FTE in post added to (or, below zero, let go from) a role in a team, apart from its posts."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    change: Exact = Field(description="FTE in post added to today's; below zero where let go.")


class PackageDecision(Record):
    """Whether a package is taken."""

    package: str = Field(description="Id of the package.")
    taken: bool = Field(description="Whether it is taken.")


class ManagedTeamDecision(Record):
    """Managed teams that start in one month and are extended alike."""

    managed_team: str = Field(description="Id of the managed team.")
    start: MonthField = Field(description="First month.")
    extension: int = Field(0, ge=0, description="Months by which the term is extended.")
    teams: int = Field(1, ge=1, description="How many teams.")


class CasesDecision(Record):
    """Weighted cases that a role holds in a team in a period, where the split is a choice."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    cases: Exact = Field(description="Weighted cases held.")


class Decisions(Record):
    """All that was decided; everything else follows from it."""

    posts: tuple[PostDecision, ...] = Field((), description="Posts by team, role and period.")
    people: tuple[PeopleDecision, ...] = Field(
        (), description="People by team, role and period; empty where no rule fills posts."
    )
    packages: tuple[PackageDecision, ...] = Field((), description="Packages, taken or not.")
    managed_teams: tuple[ManagedTeamDecision, ...] = Field(
        (), description="Managed teams that are bought."
    )
    cases: tuple[CasesDecision, ...] = Field(
        (), description="Cases held by team, role and period; empty where no rule splits them."
    )


class PostFigure(Record):
    """Posts of a role in a team in a period, FTE."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    today: Exact = Field(description="FTE today.")
    change: Exact = Field(description="FTE added; below zero where cut.")
    posts: Exact = Field(description="FTE in the period.")


class PeopleFigure(Record):
    """People in post of a role in a team in a period, FTE."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    today: Exact = Field(description="FTE in post today.")
    change: Exact = Field(description="FTE added; below zero where let go.")
    in_post: Exact = Field(description="FTE in post in the period.")
    apart: bool = Field(False, description="Whether it is decided apart from posts.")


class VacancyFigure(Record):
    """Vacancies and agency staff of a kind, counted as the Department for Education counts them.

    A vacancy may be covered by agency staff, and is vacant still.
    """

    team: str | None = Field(None, description="Id of the team; null for all teams together.")
    kind: RoleKind = Field(description="The kind of role.")
    period: str = Field(description="Label of the period, or `today`.")
    posts: Exact = Field(description="Funded FTE, agency roles left out.")
    in_post: Exact = Field(description="FTE in post, agency staff left out.")
    agency: Exact = Field(description="FTE of agency staff in post.")
    vacancies: Exact = Field(description="FTE of posts that nobody permanent is in.")
    vacancy_rate: Exact | None = Field(
        None, description="Vacancies ÷ (vacancies + in post); null where there is neither."
    )
    agency_rate: Exact | None = Field(
        None, description="Agency ÷ (agency + in post); null where there is neither."
    )


class CaseloadFigure(Record):
    """An average caseload."""

    of: str = Field(description="A team, or the name of a pooled scope.")
    period: str = Field(description="Label of the period, or `today`.")
    basis: Literal["reported", "effective", "others"] = Field(
        description="All cases (reported), with released time counted (effective), or of those "
        "without a cap: what they hold where cases are split, else what is left if capped workers "
        "hold their full cap (others)."
    )
    denominator: Denominator = Field(
        Denominator.POSTS,
        description="What cases are divided by: posts, in_post, case_holders or adjusted.",
    )
    cases: Exact = Field(description="Weighted cases.")
    fte: Exact = Field(description="FTE that the cases are divided by.")
    average: Exact | None = Field(None, description="Cases per FTE; null where there is no FTE.")
    printed: Exact | None = Field(None, description="The average as the council prints it.")
    band: str | None = Field(None, description="The council's band of the printed average.")


class CasesFigure(Record):
    """Weighted cases in a team and a period by who holds them, where a rule splits them."""

    team: str = Field(description="Id of the team.")
    period: str = Field(description="Label of the period.")
    held_by: Literal["role", "managed team", "nobody"] = Field(
        description="A role of the team's own, a managed team, or nobody (unallocated)."
    )
    role: str | None = Field(None, description="Id of the role; null where no role holds them.")
    cases: Exact = Field(description="Weighted cases.")
    fte: Exact | None = Field(None, description="FTE in post that hold them; null if of no role.")
    average: Exact | None = Field(None, description="Cases per FTE; null where there is no FTE.")


class Amount(Record):
    """Pounds, as they are and as printed; ``at_least`` where a part of them is not known.

    ``printed`` is whole pounds, rounded half up; it follows from ``raw`` and may be left out.
    """

    raw: Exact = Field(description="Pounds, not rounded.")
    printed: int = Field(description="Whole pounds, rounded half up.")
    at_least: bool = Field(False, description="Whether a part of the sum is not known.")

    @model_validator(mode="before")
    @classmethod
    def _print(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "raw" in data and "printed" not in data:
            return {**data, "printed": int(round_half_up(parse_exact(data["raw"])))}
        return data

    @classmethod
    def of(cls, raw: Fraction, *, at_least: bool = False) -> Self:
        """Make the amount of some pounds."""
        return cls(raw=raw, printed=int(round_half_up(raw)), at_least=at_least)


class MoneyFigure(Record):
    """One line of the ledger in one financial year (or in a full year).

    ``amount`` is None where the cost is not known; the line stays visible all the same.
    """

    line: str = Field(description="What is paid for.")
    kind: MoneyKind = Field(
        description="Recurrent, one-off, what a cut saves (it relaxes no ceiling), a premium (what "
        "agency staff cost above the posts they cover), for posts of today, the price of a managed "
        "team, a penalty (what missing a softened rule weighs) or a price (what a team's band "
        "weighs); neither penalty nor price is money."
    )
    fund: str = Field(description="Id of the fund, or `not named`.")
    year: str = Field(description="Financial year, or `full year`.")
    role: str | None = Field(None, description="Id of the role; null where it does not apply.")
    team: str | None = Field(None, description="Id of the team; null where teams are pooled.")
    package: str | None = Field(
        None, description="Id of the package; null where it does not apply."
    )
    managed_team: str | None = Field(
        None, description="Id of the managed team; null where it does not apply."
    )
    rule: str | None = Field(None, description="Label of the rule that a penalty or price is of.")
    amount: Amount | None = Field(None, description="Pounds; null where the cost is not known.")

    @property
    def is_new(self) -> bool:
        """Whether it is new money: neither for posts of today nor a penalty nor a price."""
        return self.kind not in (MoneyKind.TODAY, MoneyKind.PENALTY, MoneyKind.PRICE)


class MoneyTotal(Record):
    """A sum of the ledger's lines: of a fund, a role, a package or a group of teams."""

    of: Literal[
        "fund",
        "role",
        "package",
        "managed team",
        "scope",
        "new money",
        "today",
        "penalty",
        "price",
    ] = Field(
        description="What is summed: a fund, a role, a package, a managed team, a group of teams "
        "(scope; of its teams' own lines, so without pooled set-up), all new money, today's "
        "posts, or the penalties or prices of a rule, which are in no other sum."
    )
    name: str = Field(description="Which one is summed.")
    year: str = Field(description="Financial year, or `full year`.")
    amount: Amount = Field(description="Pounds.")


class PackageFigure(Record):
    """A package with its term."""

    package: str = Field(description="Id of the package.")
    taken: bool = Field(description="Whether it is taken.")
    fte: Exact = Field(description="FTE of its posts.")
    start: MonthField = Field(description="First month of the term.")
    end: MonthField = Field(description="Last month of the term.")


class ManagedTeamFigure(Record):
    """Managed teams that are bought alike, with their term."""

    managed_team: str = Field(description="Id of the managed team.")
    start: MonthField = Field(description="First month.")
    extension: int = Field(description="Months by which the term is extended.")
    teams: int = Field(description="How many teams.")
    end: MonthField = Field(description="Last month, the extension included.")
    agree_by: MonthField | None = Field(
        None, description="Last month in which the extension can be agreed; null without one."
    )


class HeadsFigure(Record):
    """Whole heads that set-up is paid for, and the FTE they stand for."""

    role: str = Field(description="Id of the role.")
    team: str | None = Field(None, description="Id of the team; null where teams are pooled.")
    period: str = Field(description="Label of the period.")
    fte: Exact = Field(description="Most FTE added so far.")
    heads: int = Field(description="Whole heads that set-up is paid for.")


class Figures(Record):
    """Everything that follows from the decisions."""

    posts: tuple[PostFigure, ...] = Field((), description="Posts by team, role and period.")
    people: tuple[PeopleFigure, ...] = Field(
        (), description="People by team, role and period; empty where nobody tells them from posts."
    )
    vacancies: tuple[VacancyFigure, ...] = Field(
        (), description="Vacancies and agency staff, today and in each period; as people."
    )
    packages: tuple[PackageFigure, ...] = Field((), description="Packages, taken or not.")
    managed_teams: tuple[ManagedTeamFigure, ...] = Field(
        (), description="Managed teams that are bought, with their terms."
    )
    caseloads: tuple[CaseloadFigure, ...] = Field(
        (), description="Averages today and in each period, by team and pooled scope."
    )
    cases: tuple[CasesFigure, ...] = Field(
        (), description="Cases by who holds them, where a rule splits them between roles."
    )
    heads: tuple[HeadsFigure, ...] = Field((), description="Whole heads of the FTE added so far.")
    money: tuple[MoneyFigure, ...] = Field((), description="The ledger, a line a cost and year.")
    totals: tuple[MoneyTotal, ...] = Field((), description="Its sums.")


class Finding(Record):
    """What verification says of one rule in one place."""

    rule: str = Field(description="The rule's label, or what was checked.")
    verdict: Verdict = Field(description="What holds.")
    words: str = Field(description="What holds or does not, with its figures.")
    team: str | None = Field(None, description="Id of the team; null where it is of none.")
    role: str | None = Field(None, description="Id of the role; null where it is of none.")
    period: str | None = Field(
        None, description="Label of the period or financial year; null where it is of none."
    )
    by: Exact | None = Field(None, description="By how much it is missed, in its unit.")
    unit: str | None = Field(None, description="Unit of `by`.")
    price: Exact | None = Field(
        None, description="What a year of one unit weighs, pounds; of a softened rule only."
    )


class GoalValue(Record):
    """What a goal came to, and how well that is founded."""

    minimise: str = Field(description="The goal.")
    year: str | None = Field(
        None, description="Financial year of a cost; null for the whole calendar."
    )
    fund: str | None = Field(None, description="Fund of spend; null for all of them.")
    value: Exact = Field(description="What it came to.")
    bound: float | None = Field(
        None,
        description="What no plan can beat, as the solver says, or as is certified where the grade "
        "says so; null where nothing is proven.",
    )
    certified: Exact | None = Field(
        None,
        description="What no plan can beat, as proved in exact arithmetic; null where nothing was.",
    )
    quantum: Exact | None = Field(
        None, description="Least difference that two plans can have in it; null off a lattice."
    )
    unit: str = Field(description="Unit of value, bound, certified and quantum.")
    grade: Grade = Field(description="How well the claim is founded: see docs/optimality.md.")


class Provenance(Record):
    """Where a plan comes from, enough to make it again."""

    engine: str = Field(description="Name and version.")
    input_hash: str = Field(description="Hash of `inputs`.")
    backend: str = Field(description="The solver and its version.")
    cross_check: str | None = Field(
        None, description="The second solver; null where none was asked."
    )
    seed: int = Field(0, description="The solver's seed.")
    time_limit: float | None = Field(None, description="Seconds allowed.")
    gap: Number | None = Field(None, description="Relative gap at which a goal counted as reached.")
    stopped: str = Field(description="Why the solve ended: proven, time limit, cancelled …")
    tie_broken: bool = Field(
        description="Whether ties were broken to the end, so that the same question has the same "
        "plan; where not, another plan may do as well and come another time."
    )
    unique: bool | None = Field(
        None,
        description="Whether no other plan does as well by every goal; null where that was not "
        "tried or not proven, or where decisions are on no step.",
    )
    another: Decisions | None = Field(
        None, description="The decisions of another plan that does as well, where one was found."
    )
    numbers: tuple[str, ...] = Field(
        (),
        description="Coefficients of the program that solvers are known to go wrong on; none, "
        "where a second look at the solver's claims is not called for.",
    )
    program: Literal["built", "patched", "rebuilt"] = Field(
        "built",
        description="How the program was made: built; patched, where only bounds had changed since "
        "the desk's last solve; or rebuilt, where more had.",
    )
    program_why: str | None = Field(
        None,
        description="What was patched, or what had changed that is known to enter more than "
        "bounds; null where it is the first.",
    )
    command: str = Field("", description="A command that makes the plan again.")


class Plan(Record):
    """The answer to one question.

    Example:
        >>> plan = staffopt.solve(staffopt.load("nottinghamshire-2018"))  # doctest: +SKIP
        >>> plan.change["assessment", "swso"]  # doctest: +SKIP
        Decimal("9")
    """

    plan_version: Literal[1] = Field(1, description="Version of this format.")
    inputs: Mapping[str, Any] = Field(
        description="The question, whole: the instance, rules, goals and overrides as settled."
    )
    decisions: Decisions = Field(description="What was decided.")
    figures: Figures = Field(description="What follows from the decisions.")
    goals: tuple[GoalValue, ...] = Field((), description="What each goal came to, in order.")
    findings: tuple[Finding, ...] = Field(
        (), description="What verification said, a line a rule and place."
    )
    provenance: Provenance = Field(description="Where the plan comes from.")

    def __repr__(self) -> str:
        """Name the plan; its figures would fill pages."""
        council = self.inputs.get("instance", {}).get("instance", "of no instance")
        option = self.inputs.get("option")
        asked = f"option {option}" if option else f"model {self.inputs.get('model')}"
        return f"<Plan {self.id}: {council}, {asked}, {self.grade}>"

    __str__ = __repr__

    @cached_property
    def question(self) -> Question:
        """The question that the plan answers, rebuilt from its own inputs."""
        return Question.from_json(self.inputs)

    @property
    def grade(self) -> Grade:
        """The worst grade of any goal."""
        order = list(Grade)
        return max((goal.grade for goal in self.goals), key=order.index, default=Grade.FEASIBLE)

    @property
    def id(self) -> str:
        """Six characters that differ for different inputs or decisions."""
        import hashlib

        text = json.dumps(
            self.model_dump(mode="json", include={"inputs", "decisions"}), sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:6]

    @cached_property
    def last_period(self) -> str:
        """The label of the last period, in which everything decided is in place."""
        return self.question.instance.calendar.cut()[-1].label

    @cached_property
    def change(self) -> dict[tuple[str, str], Number]:
        """FTE added by (team, role), in the last period."""
        return {(f.team, f.role): _decimal(f.change) for f in self._last_posts()}

    @cached_property
    def posts(self) -> dict[tuple[str, str], Number]:
        """Funded FTE by (team, role), in the last period."""
        return {(f.team, f.role): _decimal(f.posts) for f in self._last_posts()}

    @cached_property
    def people(self) -> dict[tuple[str, str], Number]:
        """FTE in post by (team, role), in the last period; empty where posts are all there is."""
        found = (f for f in self.figures.people if f.period == self.last_period)
        return {(f.team, f.role): _decimal(f.in_post) for f in found}

    @cached_property
    def money(self) -> dict[tuple[str, str], Amount]:
        """New money by (fund, financial year); the year may be ``full year``."""
        return {(t.name, t.year): t.amount for t in self.figures.totals if t.of == "fund"}

    def _last_posts(self) -> list[PostFigure]:
        return [f for f in self.figures.posts if f.period == self.last_period]

    def save(self, path: Path | str) -> Path:
        """Write the plan as JSON, whole or not at all.

        Raises:
            OSError: if the place cannot be written; nothing is then left behind.
        """
        return write_whole(Path(path), self.model_dump_json(indent=1) + "\n")

    @classmethod
    def load(cls, path: Path | str) -> Plan:
        """Read a plan that :meth:`save` wrote.

        Raises:
            InputError: if the file is no plan, with every fault.
        """
        place = Place(file=str(path))
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            fault = Fault("unreadable", str(error), "Name a plan that solve saved.", place)
            raise InputError([fault]) from error
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InputError(faults_of(error, str(path))) from error


def fund_name(question: Question, fund: str) -> str:
    """Return a fund's name in reports."""
    return "Fund not named" if fund == NOT_NAMED else question.instance.funds[fund].name


def write_whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all.

    Raises:
        OSError: if the place cannot be written; nothing is then left behind.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return path


def _decimal(value: Exact) -> Number:
    """Write an exact FTE, which decisions keep to four decimals, as a decimal."""
    return round_half_up(value, 4).normalize() + 0
