"""How people of a role come and go: rates of leaving, recruitment, progression and caseload ramps.

Nothing here is read unless a model has the rule ``carry_staff_forward``.
"""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.instance.fields import RoleId, Source
from staffopt.quantity import Absent, Figure, Number, Unit, Whole, round_half_up
from staffopt.record import Record

Share = Annotated[Number, Field(ge=0, lt=1), Unit("share of those in post")]
_MOST_MONTHS = 60
_POWERS = Context(prec=60)
"""Enough digits that no rounding to twelve of them can come out wrong."""


class Rates(StrEnum):
    """What a share of leavers is of, and how that of a month is made from it."""

    COMPOUNDED = "compounded"
    DIVIDED = "divided"
    MONTHLY = "monthly"


class CalendarMonth(StrEnum):
    """A month of every year."""

    JANUARY = "january"
    FEBRUARY = "february"
    MARCH = "march"
    APRIL = "april"
    MAY = "may"
    JUNE = "june"
    JULY = "july"
    AUGUST = "august"
    SEPTEMBER = "september"
    OCTOBER = "october"
    NOVEMBER = "november"
    DECEMBER = "december"

    @property
    def number(self) -> int:
        """The month's number in the year, 1 to 12."""
        return list(CalendarMonth).index(self) + 1


class Turnover(Record):
    """How people of a role leave, are recruited, find their feet and progress."""

    leavers: Share = Field(description="Share of those in post who leave, in a year (or a month).")
    leavers_first_year: Share | None = Field(
        None,
        description="The same share of those who joined less than twelve months ago; as `leavers` "
        "if left out.",
    )
    rates: Rates = Field(
        Rates.COMPOUNDED,
        description="How a month's share is made: compounded, 1 - (1 - a year's)^(1/12); divided, "
        "a year's ÷ 12; or monthly, the shares are of a month already.",
    )
    digits: Annotated[Whole, Field(ge=1, le=12), Unit("decimals")] = Field(
        6, description="Decimals that a month's share is rounded to, half up, once and for all."
    )
    lead_time: Annotated[Whole, Field(ge=0, le=_MOST_MONTHS), Unit("months")] = Field(
        0, description="Months from the decision to recruit until somebody can start."
    )
    intakes: tuple[CalendarMonth, ...] = Field(
        (), description="Months of the year in which somebody can start; every month if left out."
    )
    recruitment: Annotated[Figure, Unit("pounds per FTE who joins, once")] = Field(
        Absent.NOT_APPLICABLE,
        description="Cost of recruiting one FTE, paid in the month they start.",
    )
    ramp: tuple[Annotated[Number, Field(ge=0, le=1), Unit("share of a full caseload")], ...] = (
        Field(
            (),
            max_length=_MOST_MONTHS,
            description="Share of a full caseload that a joiner can hold in each month from the "
            "first; a full one after those.",
        )
    )
    absence: Annotated[Number, Field(ge=0, lt=1), Unit("share of FTE in post")] = Field(
        Decimal(0), description="Share of those in post who are away and hold no cases."
    )
    progresses_to: RoleId | None = Field(
        None, description="The role that everybody takes up after some time in this one."
    )
    progresses_after: Annotated[Whole, Field(ge=1, le=_MOST_MONTHS), Unit("months")] = Field(
        MONTHS_IN_YEAR, description="Months after which they do."
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if isinstance(self.recruitment, Decimal) and self.recruitment < 0:
            raise ValueError("recruitment is below zero")
        if len(set(self.intakes)) < len(self.intakes):
            raise ValueError("a month stands twice among the intakes")
        return self

    @cached_property
    def monthly(self) -> Fraction:
        """The share who leave in a month of those who have been there for a year or more."""
        return _monthly(self.leavers, self.rates, self.digits)

    @cached_property
    def monthly_first_year(self) -> Fraction:
        """The share who leave in a month of those who joined less than twelve months ago."""
        share = self.leavers if self.leavers_first_year is None else self.leavers_first_year
        return _monthly(share, self.rates, self.digits)

    def leaving(self, since: int) -> Fraction:
        """Return the share who leave in a month, of those who joined so many months ago."""
        return self.monthly_first_year if since < MONTHS_IN_YEAR else self.monthly

    def load(self, since: int) -> Fraction:
        """Return the share of a full caseload that FTE in post can hold, absence deducted."""
        share = Fraction(self.ramp[since]) if since < len(self.ramp) else Fraction(1)
        return share * (1 - Fraction(self.absence))

    @property
    def told_apart(self) -> int:
        """Months for which joiners are told apart; whoever joined before that is settled."""
        first_year = self.monthly_first_year != self.monthly
        progress = self.progresses_after if self.progresses_to else 0
        return max(MONTHS_IN_YEAR if first_year else 0, len(self.ramp), progress)

    def starts_in(self, month: int) -> bool:
        """Say whether somebody can start in a month of the year, 1 to 12."""
        return not self.intakes or month in {intake.number for intake in self.intakes}


def _monthly(share: Decimal, rates: Rates, digits: int) -> Fraction:
    """Return a month's share as a rational of so many decimals."""
    if rates is Rates.MONTHLY:
        exact = Fraction(share)
    elif rates is Rates.DIVIDED:
        exact = Fraction(share) / MONTHS_IN_YEAR
    else:
        twelfth = _POWERS.divide(Decimal(1), Decimal(MONTHS_IN_YEAR))
        exact = 1 - Fraction(_POWERS.power(1 - share, twelfth))
    return Fraction(round_half_up(exact, digits))
