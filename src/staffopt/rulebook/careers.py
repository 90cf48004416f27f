"""Rules of careers: who takes up another role, moves, leaves at a cost, trains others."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from staffopt.instance.staff import RoleKind
from staffopt.quantity import Absent, Figure, Number, Unit, decimal_text
from staffopt.rulebook.base import Rule

Most = Annotated[Figure, Unit("FTE per month")]


class ChangeRoles(Rule):
    r"""People retrain, are apprenticed, are downgraded or become permanent, within limits.

    .. math::
        \sum_t R_{trqp} \le most_{rq}, \qquad
        \sum_t R_{trqp} \le share_{rq} \cdot \sum_t X_{t,of,p} \quad \forall r, q, p

    The ways from role to role are the roles' own, ``career.into``: by what, for how many months,
    at which loss and cost. They leave the one role in the month that is decided, and take up the
    other so many months later. Who is there to go is as in ``carry_staff_forward``, without which
    nobody does.

    Symbols: R is FTE that leave role r for role q, X FTE in post, of the month before with
    ``counted: before``; the sums run over the scope's teams.

    Source: Williams, Model Building in Mathematical Programming, 5th edition, 12.5 and 13.5
    (retraining and downgrading, the former within a share of a stock).
    """

    sentence: ClassVar[str] = "other roles for {staff} staff, as their careers allow"
    firm: ClassVar[str] = "says which other roles people may take up; change the limits instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who takes up another role.")


class MakeRedundant(Rule):
    r"""People are made redundant at a cost, and no more of them than the limits allow.

    .. math::
        \sum_{t, r} D_{trp} \le limit \quad \forall p, \qquad
        D_{trp} \le share \cdot X_{tr,p-1} \quad \forall t, r, p

    Symbols: D is FTE made redundant, of the roles whose ``career`` has ``redundancy``, X FTE in
    post at the end of the month before; the sum runs over the scope's teams.

    Source: Williams, Model Building in Mathematical Programming, 5th edition, 12.5 (payments);
    Guéret, Prins and Sevaux, Applications of Optimization with Xpress-MP, 14.6 (a share).
    """

    sentence: ClassVar[str] = "{staff} staff made redundant{limited}"
    firm: ClassVar[str] = "says who may be made redundant; change the limits instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who may be made redundant.")
    limit: Most = Field(Absent.UNLIMITED, description="Most FTE in one month, over the scope.")
    share: Annotated[Number, Field(ge=0, le=1), Unit("share of FTE in post")] | None = Field(
        None, description="Greatest share of a role in a team in one month; none if left out."
    )

    @property
    def words(self) -> str:
        """The sentence, with the limit if there is one."""
        return _with_limit(self.sentence, self.staff, self.limit, "a month")


class RedeployStaff(Rule):
    r"""People move to the same role in another team, at a cost and within a limit.

    .. math:: \sum_{t, u, r} M_{trup} \le limit \quad \forall p

    Symbols: M is FTE of role r that move from team t to team u, both in the scope, of the roles
    whose ``career`` has ``redeployment``.

    Source: West Sussex 2015, 12.2 and 12.3 (staff redeployed between service areas).
    """

    sentence: ClassVar[str] = "{staff} staff move to another team{limited}"
    firm: ClassVar[str] = "says who may move; change the limit instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who may move.")
    limit: Most = Field(Absent.UNLIMITED, description="Most FTE in one month, over the scope.")

    @property
    def words(self) -> str:
        """The sentence, with the limit if there is one."""
        return _with_limit(self.sentence, self.staff, self.limit, "a month")


class WorkShortTime(Rule):
    r"""People stay in post and work a part of the time, at a cost and within a limit.

    .. math::
        S_{trp} \le X_{trp}, \qquad \sum_t S_{trp} \le most_r, \qquad
        able_{trp} \text{ falls by } idle_r \cdot S_{trp}

    Symbols: S is FTE on short time in the month, X FTE in post; most and the idle share are of the
    role's ``career.short_time``.

    Source: Williams, Model Building in Mathematical Programming, 5th edition, 12.5.
    """

    sentence: ClassVar[str] = "short time for {staff} staff, within its limits"
    firm: ClassVar[str] = "says who may work short time; change the limits instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who may work short time.")


class TrainByExperienced(Rule):
    r"""Trainees are trained by experienced staff of their team, who have less time for their work.

    .. math::
        X_{trp} \le each_r \cdot X_{tqp}, \qquad
        able_{tqp} \text{ falls by } takes_r \cdot X_{trp} \text{ and not below } 0

    Symbols: X is FTE in post, r the trainees' role and q that of those who train them, as the
    trainees' ``career.trained_by`` names it.

    Source: Winston, Operations Research: Applications and Algorithms, 4th edition, 3.12 (trainees
    supervised by experienced technicians).
    """

    sentence: ClassVar[str] = "{staff} staff in training are trained by experienced staff"
    firm: ClassVar[str] = "says what training takes; change what it takes instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is trained.")


class RecruitWithinSupply(Rule):
    r"""No more people of a role join in a month than can be found.

    .. math:: \sum_t J_{trp} \le supply_r \quad \forall r, p

    A limit for each role beside those of ``limit_recruitment``, which are of a kind or a tag.

    Symbols: J is FTE of role r who join, over the scope's teams; supply is the role's
    ``career.supply``.

    Source: Williams, Model Building in Mathematical Programming, 5th edition, 12.5 (recruitment);
    Nottinghamshire 2018, paragraphs 6, 7 and 17 (experienced workers cannot be recruited).
    """

    sentence: ClassVar[str] = "no more {staff} staff of a role join in a month than can be found"
    firm: ClassVar[str] = "says whom there is to recruit; change the supply instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who joins.")


class MeetStaffNeeded(Rule):
    r"""The work of each role is done: by those there are, and by overtime within its limit.

    .. math::
        able_{trp} + overtime_r \cdot X_{trp} \ge need_{trp}, \qquad
        \sum_{t, r} \max\left(0, able_{trp} - need_{trp}\right) \le spare \quad \forall p

    Work that those there are cannot do is done in overtime. Whoever is more than are needed is
    spare, and costs what the role's ``work`` says, beside their pay.

    Symbols: able is FTE in post less absence, what joiners lack, and the time that training others
    and short time take; X is FTE in post; need is what the team's ``needed`` takes,
    divided by the role's ``output``; output, overtime and its cost are of the role's ``work``.

    Source: Williams, Model Building in Mathematical Programming, 5th edition, 12.5 (overmanning);
    Guéret, Prins and Sevaux, Applications of Optimization with Xpress-MP, 14.6 (overtime).
    """

    sentence: ClassVar[str] = "as many {staff} staff as are needed{limited}"
    firm: ClassVar[str] = "says what work there is; let overtime or spare staff give instead"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Whose work is looked at.")
    spare: Most = Field(
        Absent.UNLIMITED, description="Most FTE more than are needed, over the scope."
    )

    @property
    def words(self) -> str:
        """The sentence, with the limit if there is one."""
        return _with_limit(self.sentence, self.staff, self.spare, "to spare")


OfCareers = (
    ChangeRoles
    | MakeRedundant
    | RecruitWithinSupply
    | RedeployStaff
    | TrainByExperienced
    | WorkShortTime
)
"""Rules that speak of people who are carried forward."""


def _with_limit(sentence: str, staff: RoleKind, most: Decimal | Absent, tail: str) -> str:
    """Fill a sentence in, with the limit in FTE if there is one."""
    limit = "" if isinstance(most, Absent) else f", at most {decimal_text(most)} FTE {tail}"
    return sentence.format(staff=str(staff).replace("_", " "), limited=limit)
