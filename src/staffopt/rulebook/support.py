"""Rules of support: officers beside social workers, leads above officers."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from staffopt.instance.fields import Id
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Number, Unit, decimal_text
from staffopt.rulebook.base import Counted, Each, Measure, Rule
from staffopt.rulebook.people import COUNTED, EACH


class KeepSupportRatio(Rule):
    r"""There is a support officer for so many social workers.

    .. math::
        \sum_{r \in support} P_{trp} \ge \tfrac{1}{ratio} \sum_{r \in supported} P_{trp}
        \quad \forall t, p

    Symbols: P is funded FTE, or FTE in post with ``counted: in_post``; with ``each: area`` or
    ``each: scope`` both sides are summed over an area's or the scope's teams.

    Source: Nottinghamshire 2018, paragraph 9 (1 to 4).
    """

    sentence: ClassVar[str] = "1 {support} : {ratio} {supported} in each {each}"

    support: RoleKind = Field(RoleKind.SUPPORT, description="Who supports.")
    supported: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is supported.")
    ratio: Annotated[Number, Field(gt=0), Unit("social workers per support officer")] = Field(
        description="Social workers to one support officer."
    )
    counted: Counted = Field(Counted.POSTS, description=COUNTED)
    each: Each = Field(Each.TEAM, description=EACH)


class LimitSpanOfControl(Rule):
    r"""Nobody leads more staff than the span of control.

    .. math::
        \sum_{t, r \in staff} P_{trp} \le span \cdot \sum_{t, r \in managers} P_{trp}
        \quad \forall p

    Symbols: P is funded FTE, or FTE in post with ``counted: in_post``, or with ``measure: heads``
    that FTE rounded up to whole people role by role in each team; with ``each: team`` or ``each:
    area`` both sides stay within a team or an area. The scope is of staff: with ``each: scope``
    managers are counted wherever they are placed, with ``each: area`` in all teams of the area.
    With ``tag`` only managers with that tag count: front-line managers of a service that has others
    above them.

    Source: Nottinghamshire 2018, paragraph 9 (3 Seniors for 36.5 officers; no ratio is printed);
    West Sussex 2015, 4.3 and 6.1 (Practice Managers).
    """

    sentence: ClassVar[str] = "1 {managers} : {span} {staff}"

    managers: RoleKind = Field(RoleKind.MANAGER, description="Who leads.")
    tag: Id | None = Field(None, description="Of those, only who carries this tag.")
    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is led.")
    span: Annotated[Number, Field(gt=0), Unit("FTE led per lead")] = Field(
        description="Most FTE (or heads) led by one."
    )
    measure: Measure = Field(Measure.FTE, description="FTE, or heads: people, whole.")
    counted: Counted = Field(Counted.POSTS, description=COUNTED)
    each: Each = Field(Each.SCOPE, description=EACH)

    @property
    def words(self) -> str:
        """The sentence, led by the tag where one is named."""
        if self.tag is None:
            return super().words
        lead, led = (word.replace("_", " ") for word in (self.tag, self.staff))
        return f"1 {lead} : {decimal_text(self.span)} {led}"
