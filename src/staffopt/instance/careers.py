"""What else people of a role may do: take up other roles, move, leave at a cost, train others.

Nothing here is read unless a model has a rule that allows it: ``change_roles``, ``make_redundant``,
``redeploy_staff``, ``work_short_time``, ``train_by_experienced``, ``recruit_within_supply``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from staffopt.instance.fields import Id, RoleId, Source
from staffopt.quantity import Absent, Figure, Number, Unit, Whole
from staffopt.record import Names, Record

_MOST_MONTHS = 60


class RoleChange(StrEnum):
    """How people come by another role.

    Whoever retrains, is downgraded or becomes permanent knows the work at once; an apprentice
    begins anew when the apprenticeship is over, with the new role's first month and ramp.
    """

    RETRAIN = "retrain"
    APPRENTICE = "apprentice"
    DOWNGRADE = "downgrade"
    CONVERT = "convert"


class StockShare(Record):
    """A share of the people in post of a role."""

    share: Annotated[Number, Field(ge=0), Unit("share of FTE in post")] = Field(
        description="At most this share of those in post."
    )
    of: RoleId | None = Field(None, description="Of which role; of the one they leave if left out.")
    counted: Literal["before", "after"] = Field(
        "before",
        description="Those in post at the end of the month before, or once the month's flows have "
        "taken place.",
    )


class WayInto(Record):
    """A way into another role."""

    by: RoleChange = Field(
        description="retrain, apprentice, downgrade, or convert (agency staff become permanent)."
    )
    months: Annotated[Whole, Field(ge=0, le=_MOST_MONTHS), Unit("months")] = Field(
        0, description="Months from leaving the one role to taking up the other."
    )
    loss: Annotated[Number, Field(ge=0, le=1), Unit("share of those who leave the role")] = Field(
        Decimal(0), description="Share who never take up the other role."
    )
    cost: Annotated[Figure, Unit("pounds per FTE, once")] = Field(
        Absent.NOT_APPLICABLE,
        description="Cost of one FTE, in the month of leaving the one role; pay on the way is in "
        "it.",
    )
    most: Annotated[Figure, Unit("FTE per month")] = Field(
        Absent.UNLIMITED, description="Most FTE that set out on it in one month, over all teams."
    )
    most_share: StockShare | None = Field(
        None, description="The same, as a share of a stock; no such limit if left out."
    )

    @model_validator(mode="after")
    def _nothing_below_zero(self) -> Self:
        for name in ("cost", "most"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        return self


class ShortTime(Record):
    """Working a part of the time, for a month at a time."""

    idle: Annotated[Number, Field(gt=0, le=1), Unit("share of the time")] = Field(
        description="Share of their time that they do not work."
    )
    cost: Annotated[Figure, Unit("pounds per FTE per month")] = Field(
        Absent.NOT_APPLICABLE, description="Cost of one FTE on short time, above nothing saved."
    )
    most: Annotated[Figure, Unit("FTE per month")] = Field(
        Absent.UNLIMITED, description="Most FTE on short time at once, over all teams."
    )


class Training(Record):
    """Who trains people of a role, and what of their time that takes."""

    role: RoleId = Field(description="The experienced role that trains them, in the same team.")
    takes: Annotated[Number, Field(ge=0), Unit("FTE of trainers per FTE of trainees")] = Field(
        Decimal(0), description="Trainers' time that one FTE of trainees takes while they train."
    )
    each: Annotated[Number, Field(gt=0), Unit("FTE of trainees per FTE of trainers")] | None = (
        Field(None, description="Most trainees that one FTE of trainers trains at once.")
    )


class Career(Record):
    """What people of a role may do beside staying, leaving by themselves and progressing."""

    into: Mapping[Annotated[Id, Names("to_role", "roles")], WayInto] = Field(
        default_factory=dict, description="Other role → the way into it."
    )
    redundancy: Annotated[Figure, Unit("pounds per FTE, once")] | None = Field(
        None, description="Cost of making one FTE redundant; if left out, nobody can be."
    )
    redeployment: Annotated[Figure, Unit("pounds per FTE, once")] | None = Field(
        None, description="Cost of moving one FTE to another team; if left out, nobody can be."
    )
    short_time: ShortTime | None = Field(
        None, description="Working a part of the time; if left out, nobody does."
    )
    trained_by: Training | None = Field(
        None, description="Who trains those who are in this role; nobody if left out."
    )
    supply: Annotated[Figure, Unit("FTE per month")] = Field(
        Absent.UNLIMITED, description="Most FTE who can join in one month, over all teams."
    )
    drop_out: Annotated[Number, Field(ge=0, lt=1), Unit("share of those who join")] = Field(
        Decimal(0),
        description="Share of those who join who leave again within the month; counted as leavers.",
    )
    source: str | None = Source

    @model_validator(mode="after")
    def _no_negative_money(self) -> Self:
        for name in ("redundancy", "redeployment", "supply"):
            figure = getattr(self, name)
            if isinstance(figure, Decimal) and figure < 0:
                raise ValueError(f"{name} is below zero")
        return self
