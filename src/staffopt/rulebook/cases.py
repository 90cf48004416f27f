"""Rules of who holds which cases, where the split between roles is a choice."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from staffopt.instance.fields import Id
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Absent, Figure, Number, Unit
from staffopt.rulebook.base import Rule


class HoldEveryCase(Rule):
    r"""Every case of a team is held by a role, by a managed team, or counted as unallocated.

    .. math::
        \sum_{r} C_{trp} + U_{tp} + managed_{tp} = cases_{tp}, \qquad
        0 \le U_{tp} \le unallocated, \qquad C_{trp} \le most \cdot X_{trp}

    The split between roles is a decision, in multiples of the quantum; what the roles do not hold,
    a managed team holds as far as its capacity goes, and the rest is unallocated. A role that
    holds some case types only holds no more than there are of those, and roles together no more
    than there are of all their types.

    Symbols: C is weighted cases held by a role, X the FTE in post that hold cases, U cases that
    nobody holds.

    Source: Tameside 2022, 4.1 and 5.2 (a protected caseload for newly qualified workers).
    """

    sentence: ClassVar[str] = "every case is held, but for {unallocated} of a team"

    unallocated: Annotated[Figure, Unit("weighted cases")] = Field(
        Decimal(0),
        description="Most cases of a team that nobody may hold; unlimited lets a goal decide.",
    )
    quantum: Annotated[Number, Field(gt=0), Unit("weighted cases")] = Field(
        Decimal(1), description="Cases are split in multiples of this."
    )
    most: Annotated[Number, Field(gt=0), Unit("weighted cases per FTE")] = Field(
        Decimal(100),
        description="What one FTE could hold at most, so that nobody absent holds any.",
    )

    @property
    def words(self) -> str:
        """The sentence, without a figure where it has none."""
        if isinstance(self.unallocated, Absent):
            return "cases are split between roles, and what nobody holds is counted"
        return super().words if self.unallocated else "every case is held"


class RespectCaseloadCap(Rule):
    r"""Nobody holds more cases than a protected caseload allows.

    .. math:: C_{trp} \le cap_{r} \cdot X_{trp} \quad \forall t, p

    The cap is the rule's, or a share of a full load, or each role's own ``cap``; a role without
    one is not capped. It asks that ``hold_every_case`` splits the cases. What is taken off capped
    workers the others hold, and the plan shows how many.

    Symbols: C is weighted cases held by a role, X the FTE in post that hold cases.

    Source: Tameside 2022, 4.1 and 5.2 (at most 15 children for a newly qualified worker).
    """

    sentence: ClassVar[str] = "a protected caseload of {cap} cases per FTE"

    kind: RoleKind = Field(RoleKind.CASE_HOLDER, description="Whose cases are capped.")
    tag: Id | None = Field(None, description="Only roles with this tag, such as asye.")
    cap: Annotated[Number, Field(ge=0), Unit("weighted cases per FTE")] | None = Field(
        None, description="Most cases; each role's own cap if left out."
    )
    full_load: Annotated[Number, Field(gt=0), Unit("weighted cases per FTE")] | None = Field(
        None, description="A full caseload, of which the cap is a share; instead of `cap`."
    )
    share: Annotated[Number, Field(ge=0), Unit("share of a full caseload")] | None = Field(
        None, description="Share of the full load; what each role counts as if left out."
    )

    @model_validator(mode="after")
    def _one_cap(self) -> Self:
        if self.cap is not None and self.full_load is not None:
            raise ValueError("give `cap`, or `full_load` with its share, not both")
        if self.share is not None and self.full_load is None:
            raise ValueError("`share` is of a `full_load`, which is not given")
        return self

    @property
    def words(self) -> str:
        """The sentence with the cap as it is given."""
        who = f" of {self.tag}" if self.tag else ""
        if self.full_load is not None:
            share = "their part" if self.share is None else f"{self.share:f}"
            return f"a protected caseload{who} of {share} of a full load of {self.full_load:f}"
        own = "each role's own" if self.cap is None else f"{self.cap:f} cases per FTE"
        return f"a protected caseload{who}: {own}"
