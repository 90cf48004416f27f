"""Pots of money, what they may pay for, and packages bought together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from staffopt.instance.calendar import MonthField
from staffopt.instance.fields import (
    CostCentre,
    FundId,
    PackageId,
    Source,
    Text,
)
from staffopt.quantity import Absent, Figure, Flag, Number, Unit, Whole, parse_flag
from staffopt.record import Names, Record


class Package(Record):
    """Project posts and items bought together for a fixed term."""

    name: Text = Field(description="Name in reports.")
    start: MonthField = Field(description="First month.")
    months: Annotated[Whole, Field(ge=1, le=600), Unit("months")] = Field(description="The term.")
    all_or_none: Annotated[Literal[True], BeforeValidator(parse_flag)] = Field(
        True, description="Taken whole or not at all."
    )
    fund: FundId | None = Field(
        None, description="The fund that pays; by the funds' own permissions if left out."
    )
    source: str | None = Source


class PackageLine(Record):
    """One line of a package: a post with its FTE, or an item with its count."""

    package: PackageId = Field(description="The package the line belongs to.")
    post: Text | None = Field(None, description="Title of the post; a line has a post or an item.")
    item: Text | None = Field(None, description="What is bought; a line has a post or an item.")
    fte: Annotated[Number, Field(gt=0), Unit("FTE")] | None = Field(
        None, description="FTE added, of a post."
    )
    count: Annotated[Number, Field(gt=0), Unit("items")] | None = Field(
        None, description="How many, of an item."
    )
    each: Annotated[Number, Field(ge=0), Unit("pounds each")] | None = Field(
        None, description="Price of one item; recurrent or one_off must equal count × each."
    )
    recurrent: Annotated[Figure, Unit("pounds per year for the line")] = Field(
        Absent.NOT_APPLICABLE, description="Full-year cost of the whole line."
    )
    one_off: Annotated[Figure, Unit("pounds, once, for the line")] = Field(
        Absent.NOT_APPLICABLE, description="Cost paid once, in the year the package starts."
    )
    cost_centre: CostCentre | None = Field(None, description="Code its money is booked to.")
    source: str | None = Source

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (self.post is None) == (self.item is None):
            raise ValueError("a line names either a post (with fte) or an item (with count)")
        if self.post is not None and self.fte is None:
            raise ValueError("a post needs its fte")
        if self.each is not None and self.count is not None:
            total = self.each * self.count
            if total not in (self.recurrent, self.one_off):
                raise ValueError(f"count × each is {total}, which is neither recurrent nor one_off")
        for name in ("recurrent", "one_off"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        return self

    @property
    def title(self) -> str:
        """The post's title or the item's name."""
        return self.post or self.item or ""


class PaysFor(Record):
    """What a fund may be spent on."""

    posts_today: tuple[Annotated[str, Names("role", "roles")], ...] = Field(
        (), description="Roles whose posts of today it pays for; [all] for every costed role."
    )
    added_posts: tuple[Annotated[str, Names("role", "roles")], ...] = Field(
        (), description="Roles whose added posts it pays for; [all] for every role."
    )
    packages: tuple[Annotated[str, Names("package", "packages")], ...] = Field(
        (), description="Packages it pays for; [all] for every one."
    )
    managed_teams: tuple[Annotated[str, Names("managed_team", "managed_teams")], ...] = Field(
        (), description="Managed teams it pays for; [all] for every one."
    )


class FundKind(StrEnum):
    """Kinds of money that a fund may pay."""

    RECURRENT = "recurrent"
    FIXED_TERM = "fixed_term"
    ONE_OFF = "one_off"


class CarryForward(Record):
    """What of a year's unspent money the next year has besides its own."""

    share: Annotated[Number, Field(gt=0, le=100), Unit("% of what is unspent")] = Field(
        Decimal(100), description="Part of what is unspent that is carried on."
    )
    limit: Annotated[Figure, Unit("pounds per financial year")] = Field(
        Absent.UNLIMITED, description="Most that is carried from one year into the next."
    )


class Reserve(Record):
    """A stock of money that spending draws on, and the least that must be left of it."""

    opening: Annotated[Number, Unit("pounds")] = Field(
        description="Balance as the first month planned begins."
    )
    contributions: Mapping[Annotated[str, Names("year")], Annotated[Number, Unit("pounds")]] = (
        Field(
            default_factory=dict,
            description="Year → what is paid in; below zero what is taken out for other ends.",
        )
    )
    least: Annotated[Number, Unit("pounds")] = Field(
        Decimal(0), description="Least balance at the end of any financial year."
    )


class Fund(Record):
    """A named pot with a ceiling per financial year and what it may pay for."""

    name: Text = Field(description="Name in reports.")
    recurrent: Flag | Literal["not stated"] = Field(
        "not stated", description="Whether the money comes again every year."
    )
    pays_for: PaysFor = Field(default_factory=PaysFor, description="What it may be spent on.")
    ceiling: Annotated[
        Figure | Mapping[Annotated[str, Names("year")], Figure], Unit("pounds per financial year")
    ] = Field(
        Absent.NOT_PRINTED,
        description="Most that may be spent in a financial year: one figure for every year, or "
        "year → figure; none printed, or unlimited.",
    )
    kinds: Annotated[tuple[FundKind, ...], Field(min_length=1)] = Field(
        tuple(FundKind),
        description="What kinds of money it may pay: posts that stay (recurrent), packages, "
        "managed teams and posts that end, while they run (fixed_term), set-up and items bought "
        "once (one_off). What it may not pay falls to the next fund that lists it.",
    )
    ring_fenced: Flag = Field(
        False,
        description="Whether it may be spent on nothing but what it lists by name, whatever a "
        "package, a managed team or an option says.",
    )
    carry_forward: CarryForward | None = Field(
        None, description="What the next year has of an unspent ceiling; nothing if left out."
    )
    reserve: Reserve | None = Field(
        None, description="The balance it draws on, beside any ceiling; none is kept if left out."
    )
    ends: MonthField | None = Field(None, description="Last month in which it may be spent.")
    cost_centre: CostCentre | None = Field(
        None, description="Code its money is booked to where nothing nearer has one."
    )
    source: str | None = Source

    def ceiling_in(self, year: str) -> Decimal | Absent:
        """Return the ceiling of a financial year, or the reason why there is none."""
        if isinstance(self.ceiling, Mapping):
            return self.ceiling.get(year, Absent.NOT_PRINTED)
        return self.ceiling

    def may_pay(self, kind: FundKind) -> bool:
        """Say whether it may pay a kind of money."""
        return kind in self.kinds
