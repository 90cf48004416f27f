"""The program that a desk keeps, and the next one made from it where that can be done.

Three ways lead to a program. It is *built*; or it is *patched*: the figures that have changed enter
nothing but bounds that follow them, and those alone are worked out again; or it is *rebuilt*, since
a figure has changed of which that is not known. A patched program is, entry for entry, the one that
building would have given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from staffopt.differences import NOTHING, Difference, differences, figure_at

if TYPE_CHECKING:
    from staffopt.algebra.patch import Followers
    from staffopt.algebra.program import Program
    from staffopt.question import Question
    from staffopt.rules.registry import Figures

MOST_NAMED = 3
"""So many figures are named as the reason of a rebuild; of more the number is told."""


@dataclass(frozen=True, slots=True)
class Making:
    """How a program was made.

    Attributes:
        how: built, patched or rebuilt.
        why: what was patched, or why it had to be built again; empty where it is the first.
    """

    how: Literal["built", "patched", "rebuilt"]
    why: str = ""


@dataclass(slots=True)
class _Kept:
    question: Question
    program: Program
    followers: Followers


@dataclass(slots=True)
class Keeper:
    """Keeps the last program; one solve at a time may use it.

    Attributes:
        exact: whether programs are built in fractions; by size if None.
        making: how the last program was made; None before there is one.
    """

    exact: bool | None = None
    making: Making | None = None
    _kept: _Kept | None = field(default=None)

    def program(self, question: Question) -> tuple[Program, Making]:
        """Return a question's program, patched from the last one where that can be done, and how.

        Raises:
            InputError: if a rule cannot be stated on the question's figures.
        """
        kept = self._kept
        if kept is None:
            return self._build(question, Making("built"))
        changed = list(differences(kept.question, question))
        why = _why_rebuild(kept, question, changed)
        if why:
            return self._build(question, Making("rebuilt", why))
        paths = [difference.path for difference in changed]
        program = kept.followers.patch(kept.program, paths, lambda path: figure_at(question, path))
        self._kept = _Kept(question, program, kept.followers)
        self.making = Making("patched", _named(paths) if paths else "nothing has changed")
        return program, self.making

    def _build(self, question: Question, making: Making) -> tuple[Program, Making]:
        # Imported now: a desk is opened without numpy, and solvers start meanwhile.
        from staffopt.algebra.patch import Followers
        from staffopt.build import build

        self._kept = None  # a question that cannot be stated leaves nothing to patch
        program = build(question, exact=self.exact)
        self._kept, self.making = _Kept(question, program, Followers(program)), making
        return program, making


def _why_rebuild(kept: _Kept, new: Question, changed: Iterable[Difference]) -> str:
    """Say in words why the rules have to write their rows again, or nothing."""
    stuck = [d.path for d in changed if not _follows(kept, new, d)]
    if not stuck:
        return ""
    return f"{_named(stuck)} may enter more than bounds that are known to follow"


def _follows(kept: _Kept, new: Question, difference: Difference) -> bool:
    """Say whether all that a figure enters are bounds that follow it, and stay where they are."""
    followers = kept.followers.of(difference.path)
    if not followers and (difference.old is NOTHING or difference.new is NOTHING):
        return False  # rows may come or go with it
    if not all(place.follow.liftable for place in followers):
        figures = figure_at(kept.question, difference.path), figure_at(new, difference.path)
        if None in figures:
            return False
    following = {place.follow.rule for place in followers}
    readers = _readers(new, difference.path)
    return readers is not None and readers <= following


def _readers(question: Question, path: str) -> set[str] | None:
    """Name the rules and goals that may read a figure; None where that is not known of the path."""
    from staffopt.rules.goals import GOALS_READ
    from staffopt.rules.registry import READS

    table, name, *_ = [*path.split("."), ""]
    family = _family(path)
    if family is None and table != "standards":
        return None
    goals = {goal.minimise for goal in question.goals}
    if (
        not goals <= GOALS_READ.keys()
        or not {type(rule) for rule in question.rules} <= READS.keys()
    ):
        return None
    if family is None:
        return {name}  # a rule's own figure, which no other rule reads
    rules = {rule.label for rule in question.rules if family in READS[type(rule)]}
    return rules | {str(goal) for goal in goals if family in GOALS_READ[goal]}


def _family(path: str) -> Figures | None:
    from staffopt.rules.registry import Figures

    match path.split("."):
        case ["funds", _, "ceiling", _]:
            return Figures.CEILINGS
        case ["teams", _, "cases"]:
            return Figures.CASES
        case ["pins", *_]:
            return Figures.PINS
    return None


def _named(paths: list[str]) -> str:
    few = paths[:MOST_NAMED]
    more = len(paths) - len(few)
    return ", ".join(few) + (f" and {more} more" if more else "")
