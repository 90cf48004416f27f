"""Rules of workload: what caseload a team may carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from staffopt.instance.fields import TeamId
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Number, Unit, Whole
from staffopt.rulebook.base import Basis, Denominator, Each, Rule


class RoundingKind(StrEnum):
    """What is rounded when a target is tested, which decides how many posts meet it."""

    NONE = "none"
    POSTS_NEAREST = "posts_nearest"
    POSTS_UP = "posts_up"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Rounding:
    """``none``, ``posts_nearest``, ``posts_up``, or ``printed(d)`` with d decimals."""

    kind: RoundingKind
    decimals: int = 0

    @classmethod
    def parse(cls, value: object) -> Rounding:
        """Read one of the four.

        Raises:
            ValueError: naming the four.
        """
        if isinstance(value, Rounding):
            return value
        text = str(value).strip()
        if match := re.fullmatch(r"printed\(([0-6])\)", text):
            return cls(RoundingKind.PRINTED, int(match[1]))
        if text in ("none", "posts_nearest", "posts_up"):
            return cls(RoundingKind(text))
        raise ValueError(
            f"{text!r} is no rounding; write none, posts_nearest, posts_up or printed(d)"
        )

    def __str__(self) -> str:
        return f"printed({self.decimals})" if self.kind is RoundingKind.PRINTED else str(self.kind)


RoundingField = Annotated[
    Rounding,
    BeforeValidator(Rounding.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(none|posts_nearest|posts_up|printed\([0-6]\))$"}
    ),
]


_DENOMINATOR = "What cases are divided by: posts, in_post, case_holders or adjusted."


class KeepAverageCaseload(Rule):
    r"""The average caseload is brought down to a target.

    .. math::
        \sum_{t} cases_{tp} \le target \cdot \sum_{t} FTE_{tp} \quad \forall p
        \qquad (rounding = none)

    With ``posts_nearest`` and ``posts_up`` the posts added reach the need,
    :math:`cases / target - FTE_{today}`, rounded half up (or up) to the role's step. With
    ``printed(d)`` the average, rounded half up to d decimals, meets the target, which is a strict
    edge: :math:`cases < (target_d + \tfrac12 10^{-d}) \cdot FTE`. A plan that is rounded down below
    its need says by how much it misses the target; that is the policy, not a failure.

    Posts can be rounded only where posts are what cases are divided by.

    Symbols: cases are weighted cases; FTE is the denominator (case holders' posts, those in post,
    those who hold cases, or those counted by their part of a full caseload), with the time that
    support officers release if the basis is effective.

    Source: Nottinghamshire 2018, paragraph 6; Barnsley 2017, 4.2 to 4.4 and 7.1 (posts); the DfE's
    children's social work workforce census (case holders).
    """

    sentence: ClassVar[str] = "average caseload of {target} or less ({each}, rounding {rounding})"

    target: Annotated[Number, Field(gt=0), Unit("cases per FTE")] = Field(
        description="The average to reach."
    )
    each: Each = Field(Each.SCOPE, description="Every team, or the scope pooled.")
    denominator: Denominator = Field(Denominator.POSTS, description=_DENOMINATOR)
    basis: Basis = Field(Basis.REPORTED, description="Posts alone, or with released time.")
    rounding: RoundingField = Field(
        Rounding(RoundingKind.NONE), description="none, posts_nearest, posts_up or printed(d)."
    )
    margin: Annotated[Number, Field(gt=0), Unit("FTE")] | None = Field(
        None, description="How far a strict edge is kept where FTE is not on a step."
    )

    @model_validator(mode="after")
    def _pools_no_area(self) -> Self:
        if self.each is Each.AREA:
            raise ValueError("write `each: team`, or `each: scope` with an area as the scope")
        return self

    @model_validator(mode="after")
    def _rounds_what_it_counts(self) -> Self:
        posts = self.denominator is Denominator.POSTS
        if self.rounding.kind in (RoundingKind.POSTS_NEAREST, RoundingKind.POSTS_UP) and not posts:
            raise ValueError(
                f"{self.rounding} rounds posts, and cases are divided by {self.denominator}; write "
                "`denominator: posts`, or `rounding: none` or `printed(d)`"
            )
        return self

    @model_validator(mode="after")
    def _has_a_shortfall(self) -> Self:
        if self.soften is not None and self.rounding.kind is RoundingKind.PRINTED:
            raise ValueError(
                "a target of printed averages has a strict edge, below which no shortfall is the "
                "least; soften it with another rounding"
            )
        return self


class ChooseBand(Rule):
    r"""Every team's average caseload falls into an allowed band.

    Bands may be forbidden, limited to a number or a share of teams, or priced.

    .. math::
        \sum_{b} \beta_{tbp} = 1, \qquad
        \sum_{b} lower_{tbp} \beta_{tbp} \le FTE_{tp} \le \sum_{b} upper_{tbp} \beta_{tbp}

    Cases are data, so a band of averages is an interval of FTE; on a single quantity this is the
    convex hull of the union of the intervals. Edges apply after the declared rounding of averages
    and are rounded inwards to the role's step. The upper edges of FTE are left out where no band
    below an allowed one is forbidden, limited or dearer. A team with neither cases nor anybody to
    hold them is in no band. A price is what a year of a team in a band
    counts for in goals of cost, by months; it is no money, and no fund pays it.

    Symbols: :math:`\beta` is 1 for the band a team is in; lower and upper are FTE.

    Source: Nottinghamshire 2018, paragraph 3.
    """

    sentence: ClassVar[str] = "average caseload in an allowed band (not: {forbid})"
    firm: ClassVar[str] = "puts every team into one band, which nobody is in by half"

    @property
    def words(self) -> str:
        """The sentence, with the bands that are limited or priced."""
        parts = [f"not: {', '.join(self.forbid)}"] if self.forbid else []
        parts += [f"at most {most} in {band}" for band, most in self.at_most.items()]
        parts += [
            f"at most {share * 100:f}% in {band}" for band, share in self.at_most_share.items()
        ]
        parts += [
            f"£{price:,f} a year a team in {band}, which is not money"
            for band, price in self.price.items()
        ]
        return f"average caseload in an allowed band ({'; '.join(parts)})"

    forbid: tuple[str, ...] = Field((), description="Bands that no team may be in.")
    at_most: Mapping[str, Annotated[Whole, Field(ge=0), Unit("teams")]] = Field(
        default_factory=dict, description="Band → most teams in it."
    )
    at_most_share: Mapping[str, Annotated[Number, Field(ge=0, le=1), Unit("share of teams")]] = (
        Field(default_factory=dict, description="Band → greatest share of the teams in it.")
    )
    price: Mapping[str, Annotated[Number, Field(ge=0), Unit("pounds per team per year")]] = Field(
        default_factory=dict,
        description="Band → what a team in it counts for in goals of cost; not money.",
    )
    denominator: Denominator = Field(Denominator.POSTS, description=_DENOMINATOR)
    basis: Basis = Field(Basis.REPORTED, description="Posts alone, or with released time.")
    margin: Annotated[Number, Field(gt=0), Unit("FTE")] | None = Field(
        None, description="How far a strict edge is kept where FTE is not on a step."
    )


class ReleaseTime(Rule):
    r"""Support officers give time back to the social workers they newly serve.

    .. math::
        FTE^{effective}_{tp} = FTE_{tp} + \tfrac{hours}{contract}
        \left(V_{tp} - V_{t,today}\right), \qquad
        V = \min\left(FTE^{supported}, ratio \cdot FTE^{support},
        \tfrac{contract}{hours} \cdot FTE^{support}\right)

    Only social workers who are newly served add capacity: those served today are in today's
    caseloads already. An officer cannot give back more hours than a week has.

    Symbols: V is the FTE of social workers served, in a team; of today it follows from today's
    posts, unless ``served_today`` says otherwise.

    Source: Nottinghamshire 2018, paragraph 8 (6.5 hours a week per social worker).
    """

    firm: ClassVar[str] = "says how much time is released, and asks for nothing"
    sentence: ClassVar[str] = (
        "{hours} hours a week released per social worker served, of {contract_hours}, "
        "{ratio} served per officer"
    )

    support: RoleKind = Field(RoleKind.SUPPORT, description="Who releases time.")
    supported: RoleKind = Field(RoleKind.CASE_HOLDER, description="Whose time is released.")
    hours: Annotated[Number, Field(gt=0), Unit("hours per week per worker served")] = Field(
        description="Time released per social worker served."
    )
    contract_hours: Annotated[Number, Field(gt=0), Unit("hours per week")] = Field(
        description="A full-time week."
    )
    ratio: Annotated[Number, Field(gt=0), Unit("social workers per support officer")] = Field(
        description="Most social workers that one officer serves."
    )
    served_today: Mapping[TeamId, Annotated[Number, Field(ge=0), Unit("FTE")]] = Field(
        default_factory=dict,
        description="Team → FTE of social workers whose time is in its caseloads of today already; "
        "as today's posts serve, in teams that are left out.",
    )
