"""What follows from a plan's decisions: posts, people, caseloads, heads and money."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import MonthField
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Exact, parse_exact, round_half_up
from staffopt.record import Record
from staffopt.rulebook import Denominator

FULL_YEAR = "full year"
"""Stands where a financial year stands, for what is paid every year once all is in place."""

TODAY = "today"
"""Stands where a period stands, for the state before the plan."""


class MoneyKind(StrEnum):
    """What kind of money a line is."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    SAVING = "saving"
    PREMIUM = "premium"
    TODAY = "today"
    TERM = "term"
    CASHABLE = "cashable"
    PENALTY = "penalty"
    PRICE = "price"


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


class FlowFigure(Record):
    """How people in post of a role in a team became others in a month, FTE.

    ``in_post`` = ``opening`` - ``leavers`` - ``moved_out`` - ``progressed_out`` + ``progressed_in``
    + ``moved_in`` + ``joined``. These are expectations.
    """

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the month.")
    opening: Exact = Field(description="FTE in post at the end of the month before, or today.")
    leavers: Exact = Field(description="FTE that leave at the role's share, or drop out at once.")
    moved_out: Exact = Field(description="FTE that the plan lets go or moves elsewhere.")
    made_redundant: Exact = Field(description="Of these, FTE made redundant.")
    progressed_out: Exact = Field(description="FTE that progress into another role.")
    progressed_in: Exact = Field(description="FTE that progress into this one.")
    moved_in: Exact = Field(description="FTE that arrive from elsewhere in the council.")
    joined: Exact = Field(description="FTE that join.")
    in_post: Exact = Field(description="FTE in post then.")
    able: Exact = Field(
        description="FTE by the caseloads they can hold: absence, what joiners lack, and the time "
        "that training others and short time take, deducted."
    )


class WorkFigure(Record):
    """The work of a role in a team in a period beside those who do it, FTE."""

    team: str = Field(description="Id of the team.")
    role: str = Field(description="Id of the role.")
    period: str = Field(description="Label of the period.")
    needed: Exact = Field(description="FTE that the work needs.")
    able: Exact = Field(description="FTE in post who do it.")
    overtime: Exact = Field(description="FTE of it done in overtime.")
    spare: Exact = Field(description="FTE more than are needed.")


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
        "and managed teams are full (others)."
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


class Got(StrEnum):
    """What somebody who is placed got of what they asked for."""

    FIRST = "first"
    SECOND = "second"
    STAYS = "stays"
    ELSEWHERE = "elsewhere"
    NOTHING_ASKED = "nothing asked"
    NOWHERE = "nowhere"


class PlaceFigure(Record):
    """Where somebody is placed, and what they got of what they asked for."""

    person: str = Field(description="Anonymous id of the person.")
    team: str | None = Field(description="Id of the team; null of whoever is let go.")
    today: str = Field(description="Id of the team of today.")
    got: Got = Field(
        description="The first preference, the second, neither but they stay where they are, a "
        "place elsewhere, a place without having asked for any, or no place."
    )


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


class CaseFlowFigure(Record):
    """What happens to cases of a type in a team in a month, where cases flow; not weighted."""

    team: str = Field(description="Id of the team.")
    case_type: str | None = Field(None, description="The case type; null where there are none.")
    period: str = Field(description="Label of the period.")
    before: Exact = Field(description="Cases open when the month begins.")
    arriving: Exact = Field(description="Cases that arrive from outside.")
    closed: Exact = Field(description="Cases that are closed.")
    gone: Exact = Field(description="Cases that move on without being closed.")
    come: Exact = Field(description="Cases that come from another team or type.")
    open: Exact = Field(description="Cases open when the month ends.")


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
        "team, a cashable benefit that a fund is credited with (below zero), a penalty (what "
        "missing a softened rule weighs) or a price (what a team's band weighs); neither penalty "
        "nor price is money."
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
    cost_centre: str | None = Field(None, description="Code it is booked to; null without one.")
    amount: Amount | None = Field(None, description="Pounds; null where the cost is not known.")

    @property
    def is_new(self) -> bool:
        """Whether it is new money: neither for posts of today nor a penalty nor a price."""
        return self.kind not in (MoneyKind.TODAY, MoneyKind.PENALTY, MoneyKind.PRICE)


class BenefitFigure(Record):
    """What a benefit comes to in one financial year (or in a full year)."""

    benefit: str = Field(description="Id of the benefit.")
    year: str = Field(description="Financial year, or `full year`.")
    cashable: bool = Field(description="Whether spending falls by it.")
    fund: str | None = Field(None, description="The fund it is credited to; null for none.")
    amount: Amount | None = Field(None, description="Pounds; null where they are not known.")


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
    there: bool = Field(
        False, description="Whether it is there already, so that only its extension is decided."
    )


class ExitFigure(Record):
    """What happens when managed teams leave: the cases that they held, and who holds them then.

    ``before`` and ``after`` are what case holders without a protected caseload carry.
    """

    managed_team: str = Field(description="Id of the managed team.")
    start: MonthField = Field(description="First month.")
    extension: int = Field(description="Months by which the term is extended.")
    team: str = Field(description="Id of the team that it serves.")
    end: MonthField = Field(description="Last month, the extension included.")
    period: str | None = Field(
        None, description="Label of the first period without it; null where none is planned."
    )
    cases: Exact = Field(description="Weighted cases that it holds to the end for the team.")
    before: Exact | None = Field(
        None, description="Cases per FTE of the others in its last period; null without FTE."
    )
    after: Exact | None = Field(
        None, description="The same in the first period without it; if all else stays, after that."
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
    flows: tuple[FlowFigure, ...] = Field(
        (),
        description="Who leaves, moves, progresses and joins, month by month; empty where "
        "nobody is carried forward.",
    )
    work: tuple[WorkFigure, ...] = Field(
        (), description="Work needed and who does it; empty where no rule compares them."
    )
    vacancies: tuple[VacancyFigure, ...] = Field(
        (), description="Vacancies and agency staff, today and in each period; as people."
    )
    packages: tuple[PackageFigure, ...] = Field((), description="Packages, taken or not.")
    managed_teams: tuple[ManagedTeamFigure, ...] = Field(
        (), description="Managed teams that are bought, with their terms."
    )
    exits: tuple[ExitFigure, ...] = Field(
        (), description="What happens when managed teams that hold cases leave."
    )
    caseloads: tuple[CaseloadFigure, ...] = Field(
        (), description="Averages today and in each period, by team and pooled scope."
    )
    cases: tuple[CasesFigure, ...] = Field(
        (), description="Cases by who holds them, where a rule splits them between roles."
    )
    case_flow: tuple[CaseFlowFigure, ...] = Field(
        (), description="What happens to cases month by month, where a rule lets them flow."
    )
    places: tuple[PlaceFigure, ...] = Field(
        (), description="Places of people listed one by one; empty where no rule places them."
    )
    heads: tuple[HeadsFigure, ...] = Field((), description="Whole heads of the FTE added so far.")
    money: tuple[MoneyFigure, ...] = Field((), description="The ledger, a line a cost and year.")
    benefits: tuple[BenefitFigure, ...] = Field(
        (), description="What the option and the packages taken bring, whether cashable or not."
    )
    totals: tuple[MoneyTotal, ...] = Field((), description="Its sums.")
