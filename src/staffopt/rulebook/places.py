"""Rules of who works where, where people are listed one by one."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from staffopt.instance.fields import Id
from staffopt.instance.staff import RoleKind
from staffopt.quantity import Flag, Number, Unit, decimal_text
from staffopt.rulebook.base import Counted, Measure, Rule
from staffopt.rulebook.people import Share


class PlaceEveryone(Rule):
    r"""Everybody listed is placed in one team, and no more of them than there are posts to fill.

    .. math::
        \sum_t y_{it} = 1 \quad \forall i, \qquad
        X_{trp} = \sum_{i \in r} fte_i \cdot y_{it}, \qquad
        X_{trp} + \sum_{a \in cover_r} X_{tap} \le P_{trp} \quad \forall t, r, p

    Staff of one role, FTE and tags, of one team, with the same preferences, are alike to every
    rule: they are counted together, which makes a network of flows from such classes to teams, and
    the count is dealt out in order of id. So are those who asked for nothing and may go anywhere,
    whatever their team; as many of them stay in it as can. A place is for all the months planned.
    Whoever covers others' posts may make way if ``temporary_may_leave``: then their premium is
    saved.

    Symbols: y is 1 where person i is placed in team t; X is FTE in post, P funded FTE; cover are
    the agency roles that fill posts of r.

    Source: West Sussex 2015, 12.2 and 12.3.
    """

    sentence: ClassVar[str] = "everybody listed has one place, within the posts"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "says who is in post"

    temporary_may_leave: Flag = Field(
        False, description="Whether staff who cover others' posts may be placed nowhere: let go."
    )


class HonourPreferences(Rule):
    r"""Nobody is placed where they neither asked to be nor work today.

    .. math::
        \sum_{t \in wished_i} y_{it} = 1 \quad \forall i, \qquad
        \sum_{i \in asked} \sum_{t \in first_i} y_{it} \ge least \cdot asked

    Staff who cover others' posts and have stated no preference may be placed anywhere: they are
    deployed. The goals ``preferences_unmet`` say how many get what they asked for.

    Symbols: y is 1 where person i is placed in team t; wished are the teams of the first preference
    (a team, or any of an area's or group's), of the second, and the team of today; asked is who has
    stated a preference, and how many have.

    Source: West Sussex 2015, 12.2 (two preferences each, about 10% move).
    """

    sentence: ClassVar[str] = "nobody is placed where they neither asked to be nor work today"
    has_scope: ClassVar[bool] = False

    least: Share | None = Field(
        None, description="Least share of those who asked that gets its first preference, if any."
    )

    @property
    def words(self) -> str:
        """The sentence, with the share that gets its first preference where one is asked for."""
        if self.least is None:
            return self.sentence
        return f"{self.sentence}; {decimal_text(self.least * 100)}% get their first preference"


class ShareRefusals(Rule):
    r"""A class of staff bears no more of the refusals than its share of those who asked.

    .. math::
        asked \cdot refused_g \le asked_g \cdot refused + asked - 1

    A refusal is a first preference that is not met. The class's share is rounded up to a whole
    person, since a class of three cannot bear a tenth of one.

    Symbols: asked is how many have stated a preference, refused how many of them are placed
    elsewhere than their first; g are those who carry the tag, or whose role does.

    Source: West Sussex 2015, 10.4 (fairness and equal opportunity); the measure is this project's.
    """

    sentence: ClassVar[str] = "{tag} staff bear no more than their share of refused preferences"
    has_scope: ClassVar[bool] = False

    tag: Id = Field(description="The class: people who carry this tag, or whose role does.")


class LimitTeamSize(Rule):
    r"""Teams are small: no more staff of some kinds than so many in each.

    .. math:: \sum_{r \in staff} X_{trp} \le most \quad \forall t, p

    Symbols: X is FTE in post, or funded FTE with ``counted: posts``; with ``measure: heads`` whole
    people.

    Source: West Sussex 2015, 4.3 (smaller teams work best; no size is printed).
    """

    sentence: ClassVar[str] = "at most {most} {measure} of {staff} in a team ({counted})"

    staff: tuple[RoleKind, ...] = Field(
        (RoleKind.CASE_HOLDER,), min_length=1, description="Who is counted: roles of these kinds."
    )
    most: Annotated[Number, Field(gt=0), Unit("FTE or heads")] = Field(
        description="How many there are in a team at the most."
    )
    counted: Counted = Field(Counted.IN_POST, description="Funded posts, or people in post.")
    measure: Measure = Field(Measure.FTE, description="FTE, or heads: people, whole.")
