"""Rules of change over time: who is in post from month to month."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from staffopt.instance.staff import RoleKind
from staffopt.quantity import Flag
from staffopt.rulebook.base import Rule


class CarryStaffForward(Rule):
    r"""People in post follow from month to month: they leave, move, progress and join.

    .. math::
        X_{tr,p} = (1 - leaving_r) \cdot X_{tr,p-1} - D_{trp} + progressing_{trp} + J_{trp}
        \quad \forall t, r, p, \qquad X_{tr0} = today_{tr}

    In a month, in this order: people leave at their role's monthly share; those who are let go or
    move do so; those who have been in a role for as long as it lasts progress into the next; and
    joiners start. Where a role has a rate of its own for the first year, a caseload ramp or a
    progression, all this goes by months since joining. Decisions are those who join, in steps of
    the role and not before its lead time has passed, and those who are let go, as far as
    ``fill_posts`` lets anybody leave. Stocks are expectations, and need not be whole.

    Symbols: X is FTE in post, J those who join, D those who are let go or move; leaving is the
    share of the role's ``turnover``, as a month's, rounded once to its ``digits``.

    Source: the stock-flow equation of manpower planning, as in Bartholomew, Forbes and McClean,
    Statistical Techniques for Manpower Planning, 2nd edition, 1991.
    """

    sentence: ClassVar[str] = "{staff} staff leave, progress and join from month to month"
    firm: ClassVar[str] = "says who is in post"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is carried forward.")
    leave_at_once: Flag = Field(
        True,
        description="Whether some of today's people leave in the first month already; false where "
        "those of today are the first month's own.",
    )
