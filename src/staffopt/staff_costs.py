"""What staff cost, and which funds pay for them, as labelled arrays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression
from staffopt.costs import paid_by_people, person_cost, post_cost
from staffopt.instance.funds import FundKind
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED

if TYPE_CHECKING:
    from staffopt.data import Data


@dataclass(frozen=True)
class StaffCosts:
    """Pounds over axes role and fund.

    Attributes:
        d: the question's other figures.
    """

    d: Data

    @cached_property
    def premium(self) -> Expression:
        """What a covering role costs above the role that it covers, over (role); 0 of others.

        Where the covered role's cost is of people in post, nothing is paid for the vacant post and
        whoever covers it costs in full.
        """

        def above(role: str) -> Fraction | float:
            covers = self.d.question.instance.roles[role].covers
            if covers is None:
                return 0
            costs = [person_cost(self.d.question, role), person_cost(self.d.question, covers)]
            if Absent.NOT_PRINTED in costs:
                return 0
            own, other = (Fraction(0) if isinstance(c, Absent) else c for c in costs)
            return self.d.number(own if paid_by_people(self.d.question, covers) else own - other)

        return self.d.table((self.d.role,), above)

    @cached_property
    def by_people(self) -> Mask:
        """The roles whose cost is of people in post, not of posts."""
        roles = [r for r in self.d.role.labels if paid_by_people(self.d.question, r)]
        return Mask.of(self.d.role, roles)

    @cached_property
    def post(self) -> Expression:
        """Full-year cost of one post, its vacancy factor taken off, over (role); 0 if unknown."""
        return self.d.table((self.d.role,), lambda r: self._known(post_cost(self.d.question, r)))

    def costed(self, field: str) -> list[str]:
        """Name the roles with a figure in a field, 0 left out."""
        figures = {r: getattr(self.d.question.instance.roles[r], field) for r in self.d.role.labels}
        return [r for r, figure in figures.items() if isinstance(figure, Decimal) and figure]

    @cached_property
    def person(self) -> Expression:
        """Full-year cost of one FTE in post over (role); 0 where there is no figure."""
        return self.d.table((self.d.role,), lambda r: self._known(person_cost(self.d.question, r)))

    @cached_property
    def non_staffing(self) -> Expression:
        """Yearly cost of an added head beside pay, over (role); 0 where there is no figure."""
        roles = self.d.question.instance.roles
        return self.d.table((self.d.role,), lambda r: known(roles[r].non_staffing))

    def _known(self, figure: Fraction | Absent) -> Fraction | float:
        return 0 if isinstance(figure, Absent) else self.d.number(figure)

    @cached_property
    def set_up(self) -> Expression:
        """One-off cost of an added head over (role); 0 where there is no figure."""
        roles = self.d.question.instance.roles
        return self.d.table((self.d.role,), lambda r: known(roles[r].set_up))

    @cached_property
    def charged_added(self) -> Expression:
        """1 where a fund pays for added posts of a role, over (fund, role)."""
        return self._payer(FundKind.RECURRENT)

    @cached_property
    def charged_once(self) -> Expression:
        """1 where a fund pays what added posts of a role cost once, over (fund, role)."""
        return self._payer(FundKind.ONE_OFF)

    @cached_property
    def charged_today(self) -> Expression:
        """1 where a named fund pays for today's posts of a role, over (fund, role)."""
        return self.d.table(
            (self.d.fund, self.d.role), lambda f, r: int(self.d.question.fund_of_today(r) == f)
        )

    def _payer(self, kind: FundKind) -> Expression:
        payer = {r: self.d.question.fund_of_added(r, kind) or NOT_NAMED for r in self.d.role.labels}
        return self.d.table((self.d.fund, self.d.role), lambda f, r: int(payer[r] == f))


def known(figure: Decimal | Absent) -> Decimal:
    """Return a figure, or 0 where there is none: what is not known bears on no sum."""
    return Decimal(0) if isinstance(figure, Absent) else figure
