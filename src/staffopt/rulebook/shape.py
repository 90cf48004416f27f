"""Rules of the shape of the workforce: what may change, and by how much."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from staffopt.instance.fields import Id
from staffopt.instance.options import Pins
from staffopt.instance.staff import RoleKind
from staffopt.instance.turnover import CalendarMonth
from staffopt.quantity import Absent, Figure, Number, Unit, Whole, decimal_text
from staffopt.rulebook.base import Counted, Rule


class KeepExistingPosts(Rule):
    r"""No post is cut: neither one of today nor one that the plan has added.

    .. math:: P_{trp} \ge P_{tr,p-1} \quad \forall t, r, p, \qquad P_{tr0} = today_{tr}

    Symbols: P is funded FTE.

    Source: the four papers; none cuts a post.
    """

    sentence: ClassVar[str] = "no existing post is cut"


class Per(StrEnum):
    """What a limit on recruitment is for: all the plan, each period or each financial year."""

    PLAN = "plan"
    PERIOD = "period"
    YEAR = "year"


class LimitRecruitment(Rule):
    r"""No more posts are added, or people hired, than can be recruited.

    .. math::
        \sum_{t, r \in staff} \left(P_{trp} - today_{tr}\right) \le limit \quad \forall p

    Where the model has ``fill_posts``, people hired are limited and not posts funded: X takes the
    place of P, and today's people that of today's posts. Staff who cover others' posts are
    recruited by their agency: they count only where the rule names a tag that they carry.
    Where the model has ``carry_staff_forward``, those who join are limited, and not what is left
    of them.

    With ``per: period`` or ``year`` what is added or joins in each period, or in all the periods
    that start in each financial year, is limited; with ``months`` only what starts in these.

    Symbols: P is funded FTE, X FTE in post; the sum runs over the scope's teams.

    Source: Nottinghamshire 2018, paragraphs 6, 7 and 17 (experienced workers cannot be recruited).
    """

    sentence: ClassVar[str] = "at most {limit} FTE of {staff} recruited"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is recruited.")
    tag: Id | None = Field(None, description="Of those, only who carries this tag.")
    limit: Annotated[Figure, Unit("FTE added")] = Field(
        Absent.UNLIMITED, description="Most FTE that can be recruited; unlimited by default."
    )
    per: Per = Field(Per.PLAN, description="What the limit is for: plan, period or year.")
    months: tuple[CalendarMonth, ...] = Field(
        (), description="Months of the year; only who starts in one counts. All if left out."
    )

    @property
    def by_year(self) -> bool:
        """A limit may be of financial years."""
        return self.per is Per.YEAR

    @model_validator(mode="after")
    def _seasons_of_what_is_counted(self) -> Self:
        if self.months and self.per is Per.PLAN:
            raise ValueError("`months` go with `per: period` or `per: year`")
        return self

    @property
    def words(self) -> str:
        """The sentence, with what the limit is for."""
        often = "" if self.per is Per.PLAN else f" in each {self.per}"
        season = f", starting in {' or '.join(map(str, self.months))}" if self.months else ""
        limit = self.limit if isinstance(self.limit, Absent) else decimal_text(self.limit)
        staff = str(self.staff).replace("_", " ")
        return f"at most {limit} FTE of {staff} recruited{often}{season}"


class Pin(Rule):
    r"""What the user has decided is kept.

    .. math::
        P_{trp} = pinned_{tr}, \qquad X_{trp} = pinned_{tr}, \qquad
        \sum_t (P_{trp} - today_{tr}) = pinned_{r}, \qquad
        \sum_{t \in first_i} y_{it} = 1

    Symbols: P is funded FTE, X FTE in post; y is 1 where person i is placed in team t, i one whose
    first preference is pinned; pins are the instance's and the option's ``pins``.

    Source: the user.
    """

    sentence: ClassVar[str] = "the user's own decisions are kept"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "is the user's own decision; take the pin out instead"

    pins: Pins = Field(default_factory=Pins, description="Filled from the instance and option.")

    def to_json(self) -> dict[str, Any]:
        """Write the rule; without the table of preferences where it is empty, as plans were."""
        tree = super().to_json()
        if not self.pins.first_preferences:
            del tree["pins"]["first_preferences"]
        return tree


class LimitChange(Rule):
    r"""Posts of a team and role change seldom, and not by trifles: plans must not jitter.

    .. math::
        least \cdot z_{trp} \le \left|P_{trp} - P_{tr,p-1}\right| \le most \cdot z_{trp}, \qquad
        \sum_p z_{trp} \le times, \qquad P_{tr0} = today_{tr}

    Symbols: z is 1 where posts of role r in team t change at the start of period p; P is funded
    FTE, or FTE in post with ``counted: in_post``.

    Source: none printed; a council acts on a plan that stays as it is for a while.
    """

    sentence: ClassVar[str] = "{staff} change by {least} to {most} at once, at most {times} times"
    firm: ClassVar[str] = "says what counts as a change; loosen its figures instead"

    staff: RoleKind | None = Field(None, description="Whose posts; every kind's if left out.")
    least: Annotated[Number, Field(gt=0), Unit("FTE")] | None = Field(
        None, description="Least size of a change; any if left out."
    )
    most: Annotated[Number, Field(gt=0), Unit("FTE")] = Field(
        Decimal(100), description="Greatest size of a change at once."
    )
    times: Annotated[Whole, Field(ge=0), Unit("changes")] | None = Field(
        None, description="How often posts of a role may change in a team; any if left out."
    )
    counted: Counted = Field(Counted.POSTS, description="Funded posts, or people in post.")

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Self:
        if self.least is not None and self.least > self.most:
            raise ValueError("`least` is above `most`")
        return self

    @property
    def words(self) -> str:
        """The sentence, with the limits there are."""
        who = "staff" if self.staff is None else str(self.staff).replace("_", " ")
        low = "" if self.least is None else f"{decimal_text(self.least)} to "
        often = "" if self.times is None else f", at most {self.times} times"
        return f"{who} in a team change by {low}{decimal_text(self.most)} FTE at once{often}"


class Sense(StrEnum):
    """On which side of a figure something is to be."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"


class Require(Rule):
    r"""There are so many posts of a role, or so many more than today, or so many people in post.

    .. math::
        \sum_{t} P_{trp} \gtreqless fte \quad \text{or} \quad
        \sum_{t} \left(P_{trp} - today_{tr}\right) \gtreqless fte \quad \text{or} \quad
        \sum_{t} X_{trp} \gtreqless fte \quad \forall p

    Symbols: P is funded FTE of the role, X FTE in post; the sum runs over the scope's teams.

    Source: whoever asks why a plan is not another (``why-not``).
    """

    sentence: ClassVar[str] = "{what} of {role} are {sense} {fte} FTE"
    firm: ClassVar[str] = "is what somebody asks about"

    role: str = Field(description="Id of the role.")
    what: Literal["posts", "posts added", "in post"] = Field(
        "posts",
        description="All posts, those added since today (cuts deducted), or people in post.",
    )
    sense: Sense = Field(Sense.AT_LEAST, description="at least, at most or exactly.")
    fte: Annotated[Number, Unit("FTE")] = Field(description="How many, together over the scope.")
    period: str | None = Field(
        None, description="Label of the period; every period if it is left out."
    )
