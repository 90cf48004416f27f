"""What the solver is told of who works where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Source
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.rulebook import (
    HonourPreferences,
    LimitTeamSize,
    Measure,
    Pin,
    PlaceEveryone,
    Rule,
    ShareRefusals,
)
from staffopt.rules.filling import occupied
from staffopt.rules.heads import whole_heads
from staffopt.rules.placing import Placing, refuse_unasked
from staffopt.rules.registry import compiles, figure_itself
from staffopt.rules.variables import Variables


@compiles(PlaceEveryone, reads=())
def place_everyone(rule: PlaceEveryone, v: Variables, d: Data) -> Iterator[Rows]:
    """Everybody has one place, and people and their cover are no more than the posts."""
    placing = _placing(rule, v)
    placed, count = placing.placed.sum("team"), placing.count
    leaving = placing.deployed if rule.temporary_may_leave else Mask.of(placing.person, [])
    yield (
        placed.equals(count).where(~leaving).tagged(unit="people", suffix="one place", defines=True)
    )
    yield (
        (placed <= count)
        .where(leaving)
        .tagged(unit="people", suffix="one place at most", defines=True)
    )
    roles = d.question.instance.roles
    covered = {roles[r].covers for r in d.role.labels if _in(placing.listed, d, r)} - {None}
    filled = [
        r
        for r in d.role.labels
        if roles[r].covers is None and (_in(placing.listed, d, r) or r in covered)
    ]
    yield (
        (occupied(v, d) <= v.post)
        .where(Mask.of(d.role, filled))
        .tagged(unit="FTE", suffix="within posts")
    )


def _in(mask: Mask, d: Data, role: str) -> bool:
    return bool(mask.values[d.role.code(role)])


@compiles(HonourPreferences, reads=())
def honour_preferences(rule: HonourPreferences, v: Variables, d: Data) -> Iterator[Rows]:
    """So many get their first preference; where nobody is placed stands with the places."""
    placing = _placing(rule, v)
    if rule.least is not None:
        asked = placing.count.where(placing.asked).sum("person")
        met = asked - placing.unmet("first").sum("person")
        rows = _lasting(met, d) >= asked * rule.least
        yield rows.tagged(
            unit="people", parameter=rule.path("least"), kind=ParameterKind.COEFFICIENT
        )


@compiles(ShareRefusals, reads=())
def share_refusals(rule: ShareRefusals, v: Variables, d: Data) -> Iterator[Rows]:
    """A class is refused no more than its share of all refusals, rounded up to a person."""
    placing = _placing(rule, v)
    asked = sum(len(a.ids) for a in placing.classes if a.record.first is not None)
    own = placing.of_class(rule.tag)
    there = sum(
        len(a.ids)
        for a, inside in zip(placing.classes, own.values, strict=True)
        if inside and a.record.first is not None
    )
    if not there:
        return
    unmet = placing.unmet("first")
    share = d.number(Fraction(there, asked))
    over = unmet.where(own).sum("person") - unmet.sum("person") * share
    rows = _lasting(over, d) <= d.number(Fraction(asked - 1, asked))
    yield rows.tagged(unit="people")


def _lasting(form: Expression, d: Data) -> Expression:
    """Say of every period what holds for all of them."""
    return form + d.table((d.period,), lambda _: 0)


@compiles(LimitTeamSize, reads=())
def limit_team_size(rule: LimitTeamSize, v: Variables, d: Data) -> Iterator[Rows]:
    """Staff of some kinds are no more than so many in each team."""
    own, unit = d.kinds(rule.staff), "FTE"
    staff = v.counted(rule.counted)
    scope = d.scope(rule.scope)
    if rule.measure is Measure.HEADS:
        staff, rows = whole_heads(v, d, own & scope, rule.counted, rule.label)
        yield from rows
        unit = "heads"
    there = staff.where(own & scope).sum("role")
    yield (
        (there <= rule.most)
        .follow(there, figure_itself(rule.path("most")))
        .where(scope)
        .tagged(
            parameter=rule.path("most"),
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            unit=unit,
        )
    )


def pinned_preferences(rule: Pin, v: Variables, d: Data) -> Rows:
    """So many of a class get their first preference as are pinned to it; each class has its row.

    Raises:
        InputError: if no rule places anybody, or somebody is pinned who has stated no preference.
    """
    placing, pins = _placing(rule, v), rule.pins.first_preferences
    refuse_unasked(d.question, pins)
    members = {alike.ids[0]: alike.ids for alike in placing.classes}

    def pinned(at: Mapping[str, str]) -> Source:
        paths = (f"pins.first_preferences.{person}" for person in members[at["person"]])
        return Source(tuple(paths), lambda figures: sum(figures, Fraction(0)))

    count = d.table((placing.person,), lambda p: sum(pins.get(i, False) for i in members[p]))
    met = placing.met
    rows = (met >= count).follow(met, pinned).where(placing.asked)
    return rows.tagged(
        parameter="pins.first_preferences",
        kind=ParameterKind.RIGHT_HAND_SIDE,
        factor=1.0,
        unit="people",
        suffix="first preferences",
    )


def _placing(rule: Rule, v: Variables) -> Placing:
    """Return who is placed where.

    Raises:
        InputError: if no rule places anybody.
    """
    if v.placing is None:
        what = f"{rule.label} goes by where people are placed, and the model places nobody"
        mend = f"Add the rule {PlaceEveryone.name}, or take {rule.label} out."
        raise InputError([Fault("no-places", what, mend, Place(path=f"standards.{rule.label}"))])
    return v.placing
