"""Rules of the shape of the workforce: what may change, and by how much."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from staffopt.instance.schema import Pins, RoleKind
from staffopt.quantity import Absent, Figure, Unit
from staffopt.rulebook.base import Rule


class KeepExistingPosts(Rule):
    r"""No post is cut: neither one of today nor one that the plan has added.

    .. math:: P_{trp} \ge P_{tr,p-1} \quad \forall t, r, p, \qquad P_{tr0} = today_{tr}

    Symbols: P is funded FTE.

    Source: the four papers; none cuts a post.
    """

    sentence: ClassVar[str] = "no existing post is cut"


class LimitRecruitment(Rule):
    r"""No more posts are added than people can be recruited.

    .. math::
        \sum_{t, r \in staff} \left(P_{trp} - today_{tr}\right) \le limit \quad \forall p

    Symbols: P is funded FTE; the sum runs over the scope's teams.

    Source: Nottinghamshire 2018, paragraphs 6, 7 and 17 (experienced workers cannot be recruited).
    """

    sentence: ClassVar[str] = "at most {limit} FTE of {staff} recruited"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is recruited.")
    limit: Annotated[Figure, Unit("FTE added")] = Field(
        Absent.UNLIMITED, description="Most FTE that can be recruited; unlimited by default."
    )


class Pin(Rule):
    r"""What the user has decided is kept.

    .. math:: P_{trp} = pinned_{tr}, \qquad \sum_t (P_{trp} - today_{tr}) = pinned_{r}

    Symbols: P is funded FTE; pins are the instance's and the option's ``pins``.

    Source: the user.
    """

    sentence: ClassVar[str] = "the user's own decisions are kept"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "is the user's own decision; take the pin out instead"

    pins: Pins = Field(default_factory=Pins, description="Filled from the instance and option.")
