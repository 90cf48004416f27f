"""Rules of how cases come and go."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from staffopt.quantity import Number, Unit
from staffopt.rulebook.base import Basis, Denominator, Rule


class FlowCases(Rule):
    r"""Open cases follow from what arrives, what is closed and what goes on to others.

    .. math::
        open_{tkp} = open_{tk,p-1} + arriving_{tkp} - closed_{tkp} - out_{tkp} + in_{tkp} \ge 0,
        \qquad closed_{tkp} \le rate_{t} \cdot open_{tk,p-1}

    .. math::
        \sum_{k} w_k \, closed_{tkp} \le closures_{t} \cdot FTE_{tp} + managed_{tp}

    How many cases are closed is a decision, in multiples of the quantum: no more than those there
    can close, with managed teams at work all month, and no more than are ready. Open cases are
    those at the end of a month, from those of today on; what else a model says of a team's cases in
    a month is said of these. What goes on to another team or becomes another type (``case_moves``)
    is so many a month, a share of those open at its start, or a share of those that are closed.
    Without ``closures_per_fte`` closing takes nobody's time; without ``closure_rate`` every open
    case is ready.

    Months are the calendar's periods. Targets that round posts or averages and the goal
    ``worst_caseload`` need cases that are data: they are refused where cases flow. Bands are chosen
    by the hull of what each allows of cases and FTE; a strict edge is kept by the rule's margin.

    Symbols: open, arriving and closed are cases of type k; out and in are those that move; w is the
    weight of a type; FTE is the denominator, in post unless said otherwise, with released time if
    the basis is effective; managed is what managed teams close.

    Source: Tameside 2022, 3.2 (received, stepped down or closed, transferred on).
    """

    sentence: ClassVar[str] = "cases come and go month by month"
    firm: ClassVar[str] = "says how cases come and go, and asks for nothing"

    closures_per_fte: (
        Annotated[Number, Field(ge=0), Unit("weighted cases a month per FTE")] | None
    ) = Field(
        None, description="Most that one FTE closes in a month, in teams that say nothing else."
    )
    closure_rate: (
        Annotated[Number, Field(ge=0, le=1), Unit("share of open cases a month")] | None
    ) = Field(
        None,
        description="Share of open cases that is ready to be closed in a month, in teams that say "
        "nothing else.",
    )
    quantum: Annotated[Number, Field(gt=0), Unit("cases")] = Field(
        Decimal(1), description="Cases are closed in multiples of this."
    )
    denominator: Denominator = Field(
        Denominator.CASE_HOLDERS,
        description="Who closes cases: posts, in_post, case_holders or adjusted.",
    )
    basis: Basis = Field(Basis.REPORTED, description="Those alone, or with released time.")
