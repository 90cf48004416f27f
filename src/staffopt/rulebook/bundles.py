"""Rules of whole teams and bundles."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from staffopt.quantity import Flag, Unit, Whole
from staffopt.rulebook.base import Rule
from staffopt.rulebook.shape import Sense


class TakeBundleWhole(Rule):
    r"""A package of posts and items is taken whole or not at all.

    .. math:: S_m \in \{0, 1\}, \qquad S_m = 1 \text{ where required}

    Symbols: S is 1 where package m is taken; its lines, term and price come with it.

    Source: Nottinghamshire 2018, paragraphs 14 and 15.
    """

    sentence: ClassVar[str] = "packages are taken whole (required: {required})"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "says what is on offer, and nothing is taken in part"

    packages: tuple[str, ...] = Field(
        ("all",), description="Packages that may be taken; [all] for every one declared."
    )
    required: Flag = Field(False, description="Whether they must be taken.")


class BuyManagedTeam(Rule):
    r"""Managed teams are bought whole, each for its term and some months of extension.

    .. math::
        \sum_{s, e} there_{msei} \cdot S_{mse} \le most_m \quad \forall m, i, \qquad
        \sum_{s, e \ge extended} S_{mse} \ge 1 \text{ where required}

    A team starts in a month that is among its ``starts``; of one that is there already only the
    extension is decided. An extension must be agreed ``notice`` months before the term ends, which
    is not before the first month planned. While it is at work a
    team holds cases of the teams that it serves (in ``hold_every_case``): in a period of several
    months, if it is there throughout. It is nobody's post and counts in no average caseload.

    Symbols: S is how many teams m start in month s and are extended by e months; there is 1 where
    such a team is at work in month i; most is how many can be at once.

    Source: Tameside 2022, paragraphs 1.2 and 7.1.
    """

    sentence: ClassVar[str] = "managed teams are bought whole"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "says what is on offer, and no team is bought in part"

    teams: tuple[str, ...] = Field(
        ("all",), description="Managed teams that may be bought; [all] for every one declared."
    )
    required: Flag = Field(False, description="Whether at least one of each must be.")
    extended_by: Annotated[Whole, Field(ge=0), Unit("months")] = Field(
        0, description="By how many months one of each must be extended at least; 0 asks nothing."
    )

    @property
    def words(self) -> str:
        """The sentence, with what is required."""
        if self.extended_by:
            months = "a month" if self.extended_by == 1 else f"{self.extended_by} months"
            return f"a managed team, extended by {months} at least"
        return "a managed team is bought" if self.required else super().words


class RequireManagedTeam(Rule):
    r"""So many managed teams of a kind are bought or extended, or for so many months more.

    .. math::
        \sum_{s, e} bought_{mse} \cdot S_{mse} \gtreqless number \quad \text{or} \quad
        \sum_{s, e} e \cdot S_{mse} \gtreqless number

    The term of a team that is there already was bought before; it counts where it is extended.

    Symbols: S is how many teams m start in month s and are extended by e months; bought is 0 where
    a team that is there already leaves at the end of its term, and 1 else.

    Source: whoever asks why a plan is not another (``why-not``).
    """

    sentence: ClassVar[str] = "{what} of {managed_team} are {sense} {number}"
    has_scope: ClassVar[bool] = False
    firm: ClassVar[str] = "is what somebody asks about"

    managed_team: str = Field(description="Id of the managed team.")
    what: Literal["teams bought or extended", "months of extension"] = Field(
        "teams bought or extended",
        description="Teams that start or are extended, or the months of all their extensions.",
    )
    sense: Sense = Field(Sense.AT_LEAST, description="at least, at most or exactly.")
    number: Annotated[Whole, Field(ge=0)] = Field(
        description="How many teams, or months, over the whole plan."
    )
