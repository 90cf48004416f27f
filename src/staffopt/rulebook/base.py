"""What a rule is: a name a manager would say, a sentence, a formula, parameters with units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from staffopt.errors import InputError, unknown
from staffopt.quantity import Flag, Number, Unit, decimal_text
from staffopt.record import Record

RULES: dict[str, type[Rule]] = {}
"""Every rule there is, by its name in files; filled as the rule classes are defined."""


class Each(StrEnum):
    """Whether every team meets a rule, every area (its teams pooled), or the scope as a whole."""

    TEAM = "team"
    AREA = "area"
    SCOPE = "scope"


class Basis(StrEnum):
    """Reported: cases over posts. Effective: with support officers' released time counted."""

    REPORTED = "reported"
    EFFECTIVE = "effective"


class Denominator(StrEnum):
    """What cases are divided by. The councils' papers and the DfE census use different ones.

    Posts: funded posts of case holders, filled or not. In post: those who are there. Case holders:
    those in post, each role by the share of its FTE that holds cases (the census's). Adjusted: the
    case holders, each role by the part of a full caseload that one of them counts as.
    """

    POSTS = "posts"
    IN_POST = "in_post"
    CASE_HOLDERS = "case_holders"
    ADJUSTED = "adjusted"


class Counted(StrEnum):
    """What is counted of the staff: funded posts, or people in post."""

    POSTS = "posts"
    IN_POST = "in_post"


class Measure(StrEnum):
    """How staff are counted: in FTE, or in heads (FTE rounded up, role by role in each team)."""

    FTE = "fte"
    HEADS = "heads"


Scope = str | tuple[str, ...]
"""``all``, or the name of a group, an area or a team, or several of them."""


class Soften(Record):
    """A rule may be missed, at a price on what it is short by.

    The price is no money: nobody is paid it, and no fund's ceiling counts it. Goals of cost weigh
    it against what keeping the rule would cost. A shortfall that lasts is priced by months, as
    posts are; a ceiling of a financial year that is overspent, whole.
    """

    price: Annotated[Number, Field(gt=0), Unit("pounds a year per unit of the shortfall")] = Field(
        description="What a year of one unit of the rule's own shortfall weighs."
    )


class Rule(Record):
    """One rule. A subclass's fields are its parameters; its docstring is the rule book's entry.

    A docstring gives the sentence first, then the formula under ``.. math::``, then ``Symbols:``
    and ``Source:``; the rule book page is generated from it.
    """

    name: ClassVar[str]
    """The rule's name in files: the class's in snake case."""
    sentence: ClassVar[str]
    """What the rule asks, with its parameters in braces; for findings and reports."""
    has_scope: ClassVar[bool] = True
    """Whether the rule can be kept in some teams only."""
    firm: ClassVar[str] = ""
    """Why the rule cannot be softened, in words that follow its label; empty where it can."""

    label: str = Field("", description="The key in the model's rules; labels may repeat a rule.")
    scope: Scope = Field("all", description="all, or a group, area or team, or several of them.")
    statutory: Flag = Field(
        False, description="Set by law: never softened, nor offered as what might give."
    )
    soften: Soften | None = Field(
        None, description="`{price: 1000}`: the rule may be missed at a price; never, if left out."
    )
    source: str | None = Field(None, alias="from", description="Paragraph that prints the figures.")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        RULES[cls.name] = cls

    @model_validator(mode="after")
    def _scope_has_a_meaning(self) -> Self:
        if not self.has_scope and self.scope != "all":
            raise ValueError("this rule takes no scope: it goes by funds, packages, pins or people")
        return self

    @model_validator(mode="after")
    def _can_be_softened(self) -> Self:
        if self.soften is not None and self.firm:
            raise ValueError(f"{self.name} cannot be softened: it {self.firm}")
        if self.soften is not None and self.statutory:
            raise ValueError(f"{self.name} cannot be softened: it is set by law (statutory)")
        return self

    @property
    def words(self) -> str:
        """The sentence with this rule's own figures in it."""
        shown = {name: _show(getattr(self, name)) for name in type(self).model_fields}
        return self.sentence.format(**shown)

    @property
    def by_year(self) -> bool:
        """Whether it holds for each financial year, and not for each period: so it is missed."""
        return False

    @property
    def tags_named(self) -> dict[str, str]:
        """The tags that the rule names, by parameter; roles must carry them."""
        named = {name: getattr(self, name, None) for name in ("tag", "supervised")}
        return {name: tag for name, tag in named.items() if tag is not None}

    def path(self, parameter: str) -> str:
        """Return the path under which a parameter of this rule can be changed."""
        return f"standards.{self.label}.{parameter}"

    def to_json(self) -> dict[str, Any]:
        """Write the rule with its name, for a plan's file."""
        unused = {"soften"} if self.soften is None else set()
        return {"rule": self.name, **self.model_dump(mode="json", exclude=unused)}


def rule_from_json(data: Mapping[str, Any]) -> Rule:
    """Read back what :meth:`Rule.to_json` wrote.

    Raises:
        InputError: if no rule has that name.
        pydantic.ValidationError: if the parameters are not the rule's.
    """
    return find_rule(str(data.get("rule"))).model_validate(
        {key: value for key, value in data.items() if key != "rule"}
    )


def find_rule(name: str) -> type[Rule]:
    """Return the rule class of that name.

    Raises:
        InputError: with near matches, if there is none.
    """
    if name not in RULES:
        raise InputError([unknown("rule", name, list(RULES))])
    return RULES[name]


def _show(value: object) -> str:
    """Write a parameter in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, tuple):
        return ", ".join(map(_show, value))
    return str(value).replace("_", " ")
