"""Rules of people: who fills the posts, in which mix, and how many there are at the least."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from staffopt.instance.fields import Id
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Number, Unit, decimal_text
from staffopt.rulebook.base import Counted, Each, Measure, Rule

Share = Annotated[Number, Field(ge=0, le=1), Unit("share, from 0 to 1")]
COUNTED = "Funded posts, or people in post."
"""What the parameter ``counted`` means, of every rule that has it."""

EACH = "Every team, every area (its teams pooled), or the scope pooled."
"""What the parameter ``each`` means, of every rule that takes areas."""


class MayLeave(StrEnum):
    """Who in post may be let go: nobody, those who cover others' posts, or anybody."""

    NOBODY = "nobody"
    COVER = "cover"
    ANYBODY = "anybody"


_LET_GO = {
    MayLeave.NOBODY: "",
    MayLeave.COVER: ", and agency staff may be let go",
    MayLeave.ANYBODY: ", and anybody may be let go",
}


class FillPosts(Rule):
    r"""People are hired apart from posts, and there are no more of them than posts to fill.

    .. math::
        X_{trp} + \sum_{a \in cover_r} X_{tap} \le P_{trp} + surplus \quad \forall t, r, p, \qquad
        \sum_{r \in staff} X_{trp} \ge filled \cdot \sum_{r \in staff} P_{trp} \quad \forall t, p

    Without this rule whoever is funded is in post, and today's vacancies stay. With it a plan
    decides who is hired, in steps of the role: permanent staff, and agency staff of a role that
    ``covers`` another. Posts are budgeted whether they are filled or not; whoever covers one costs
    a premium over it, and people above the posts cost in full.

    Symbols: X is FTE in post, P funded FTE; cover are the agency roles that fill posts of r.

    Source: West Sussex 2015, 12.3 and 12.4; Tameside 2022, 4.1.
    """

    sentence: ClassVar[str] = (
        "{staff} posts are filled apart from being funded, {filled} of them at the least "
        "(may leave: {may_leave})"
    )
    firm: ClassVar[str] = "says how people and posts hang together"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Whose posts are filled.")
    filled: Share = Field(
        Decimal(0), description="Least share of each team's posts that is filled, cover included."
    )
    surplus: Annotated[Number, Field(ge=0), Unit("FTE")] = Field(
        Decimal(0), description="FTE by which people may exceed the posts of a role in a team."
    )
    may_leave: MayLeave = Field(
        MayLeave.NOBODY, description="Who may be let go: nobody, cover (agency staff) or anybody."
    )

    @property
    def words(self) -> str:
        """The sentence; what is left to its default is not said."""
        staff = str(self.staff).replace("_", " ")
        words = f"people are hired for {staff} posts apart from the posts being funded"
        if self.filled:
            share = decimal_text((self.filled * 100).normalize())
            words += f", so that at least {share}% of each team's are filled"
        return words + _LET_GO[self.may_leave]


class LimitShare(Rule):
    r"""A part of the staff is no more, or no less, than a share of the whole.

    .. math::
        least \cdot \sum_{t, r \in whole} X_{trp} \le \sum_{t, r \in part} X_{trp}
        \le most \cdot \sum_{t, r \in whole} X_{trp} \quad \forall p

    The part are those of the whole who carry a tag (such as asye, agency or experienced), or who
    are of one kind among several.

    Symbols: X is FTE in post, or funded FTE with ``counted: posts``; with ``each: area`` or
    ``each: scope`` both sides are summed over an area's or the scope's teams.

    Source: Tameside 2022, 4.1 and 5.2 (over 33% in their first year, 30% agency).
    """

    sentence: ClassVar[str] = "{tag}{kind} at least {least} and at most {most} of {of} {counted}"

    tag: Id | None = Field(None, description="The part: roles that carry this tag.")
    kind: RoleKind | None = Field(None, description="Or the part: roles of this kind.")
    of: tuple[RoleKind, ...] = Field(
        (RoleKind.CASE_HOLDER,), min_length=1, description="The whole: roles of these kinds."
    )
    least: Share | None = Field(None, description="Least share; none if left out.")
    most: Share | None = Field(None, description="Greatest share; none if left out.")
    counted: Counted = Field(Counted.IN_POST, description=COUNTED)
    each: Each = Field(Each.TEAM, description=EACH)

    @model_validator(mode="after")
    def _limits_one_part(self) -> Self:
        if self.tag is not None and self.kind is not None:
            raise ValueError("name the part by `tag` or by `kind`, and not by both")
        if self.tag is None and self.kind is None:
            raise _left_out("name the part by `tag` or by `kind`")
        if self.kind is not None and self.kind not in self.of:
            raise ValueError(f"the part, {self.kind}, is not in the whole (`of`)")
        if self.least is None and self.most is None:
            raise _left_out("give `most`, `least` or both")
        if self.least is not None and self.most is not None:
            if self.least > self.most:
                raise ValueError("`least` is above `most`")
            if self.soften is not None:
                raise ValueError("a softened share has `most` or `least`: give each its own rule")
        return self

    @property
    def words(self) -> str:
        """The sentence, with the limits there are."""
        limits = (("at least", self.least), ("at most", self.most))
        share = " and ".join(f"{w} {_percent(s)}" for w, s in limits if s is not None)
        part = self.tag or _plain(self.kind)
        whole = " and ".join(map(_plain, self.of))
        return f"{part} {share} of {whole} ({_plain(self.counted)}, each {self.each})"


class KeepMinimumStaffing(Rule):
    r"""There are so many staff of a kind or with a skill, and enough of them to supervise others.

    .. math::
        \sum_{r \in staff} X_{trp} \ge least, \qquad
        \sum_{r \in staff} X_{trp} \ge per \cdot \sum_{r \in supervised} X_{trp} \quad \forall t, p

    Symbols: X is FTE in post, or funded FTE with ``counted: posts``, or with ``measure: heads``
    that FTE rounded up to whole people role by role in each team (where people are placed one by
    one, those people); with ``each: area`` both sides are summed over an area's teams, with
    ``each: scope`` over the scope's. A skill is a tag of a role, or of people who are listed.

    Source: West Sussex 2015, 12.3 (minimum staffing and skill levels).
    """

    sentence: ClassVar[str] = "at least {least} {measure} of {staff} {tag}, {per} to 1 {supervised}"

    staff: RoleKind = Field(RoleKind.CASE_HOLDER, description="Who is counted.")
    tag: Id | None = Field(None, description="Of those, only who carries this tag.")
    least: Annotated[Number, Field(ge=0), Unit("FTE or heads")] | None = Field(
        None, description="How many there are at the least."
    )
    supervised: Id | None = Field(None, description="Tag of those whom they supervise.")
    per: Annotated[Number, Field(gt=0), Unit("staff per supervised")] | None = Field(
        None, description="How many there are at the least for each of those."
    )
    counted: Counted = Field(Counted.IN_POST, description=COUNTED)
    measure: Measure = Field(Measure.FTE, description="FTE, or heads: people, whole.")
    each: Each = Field(Each.TEAM, description=EACH)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if (self.supervised is None) != (self.per is None):
            raise _left_out("`supervised` and `per` go together")
        if self.least is None and self.per is None:
            raise _left_out("give `least`, or `supervised` and `per`")
        if self.least is not None and self.per is not None and self.soften is not None:
            raise ValueError("softened, give `least` or `per`: each its own rule")
        return self

    @property
    def words(self) -> str:
        """The sentence, with what it asks for."""
        unit = "FTE" if self.measure is Measure.FTE else "heads"
        whom = _plain(self.staff) + (f" ({_plain(self.tag)})" if self.tag else "")
        parts = [] if self.least is None else [f"{decimal_text(self.least)} {unit} of {whom}"]
        if self.per is not None:
            parts.append(f"{decimal_text(self.per)} {unit} of {whom} for each {self.supervised}")
        return f"at least {' and '.join(parts)} ({_plain(self.counted)}, each {self.each})"


def _left_out(words: str) -> PydanticCustomError:
    """Make the error of what a model may leave to the council's standards to give."""
    return PydanticCustomError("missing", words)


def _plain(word: str | None) -> str:
    return str(word).replace("_", " ")


def _percent(share: Decimal) -> str:
    return f"{decimal_text(share * 100)}%"
