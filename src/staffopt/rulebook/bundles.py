"""Rules of whole teams and bundles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from staffopt.quantity import Flag
from staffopt.rulebook.base import Rule


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
