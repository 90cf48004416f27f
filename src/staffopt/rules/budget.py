"""Ceilings, what is carried from year to year, and reserves: what a fund lets be spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Source
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.funds import Fund
from staffopt.model.schema import GoalName
from staffopt.quantity import Absent
from staffopt.rulebook import StayWithinBudget
from staffopt.rules.packages import PackageCosts
from staffopt.rules.registry import Figures, compiles, figure_at_path
from staffopt.rules.variables import Variables


@compiles(StayWithinBudget, reads=(Figures.CEILINGS,))
def stay_within_budget(rule: StayWithinBudget, v: Variables, d: Data) -> Iterator[Rows]:
    """All that the ledger charges to a fund in a year stays within its ceiling.

    A fund that carries money forward has rows of its own, which follow no single ceiling. At a
    price its ceilings are raised, so that what is over in one year is not so again in the next.

    Raises:
        InputError: if the rule may be missed, a fund carries money forward, and a goal counts the
            cost of one year: in which one a ceiling is raised would then be open.
    """
    funds = d.question.instance.funds
    carrying = [f for f, record in funds.items() if record.carry_forward is not None]
    of_a_year = any(g.year for g in d.question.goals if g.minimise is GoalName.COST)
    if rule.soften is not None and carrying and of_a_year:
        raise InputError([_no_price(f) for f in carrying])
    spend = d.table((d.fund, d.year), lambda *_: 0) + v.ledger.new + v.ledger.today
    named = Mask.of(d.fund, [f for f in funds if f not in carrying])
    ceilings = {(f, y): funds[f].ceiling_in(y) for f in funds for y in d.year.labels}
    given = {key: c for key, c in ceilings.items() if not isinstance(c, Absent)}
    roof = d.table((d.fund, d.year), lambda f, y: given.get((f, y), 0))
    rows = (spend <= roof).where(named).follow(spend, _ceiling)
    unlimited = ~d.mask((d.fund, d.year), lambda f, y: (f, y) in given)
    yield _of_ceilings(rows.lifted(unlimited), d)
    if carrying:
        inside = Mask.of(d.fund, carrying)
        raised = _raised(rule, given, inside, v, d)
        for part in _carried(spend if raised is None else spend - raised, given, inside, d):
            yield part if raised is None else part.tagged(defines=True)
    for part in _reserves(spend, d):
        # Ceilings have a price; money that is not there has none.
        yield part if rule.soften is None else part.tagged(defines=True)
    yield from _after_the_end(v, d)


def _of_ceilings(rows: Rows, d: Data, suffix: str = "") -> Rows:
    funds = d.question.instance.funds
    paths = {(f, y): f"funds.{f}.ceiling.{y}" for f in funds for y in d.year.labels}
    kind = ParameterKind.RIGHT_HAND_SIDE
    return rows.tagged(unit="pounds", parameter=paths, kind=kind, factor=1.0, suffix=suffix)


def _no_price(fund: str) -> Fault:
    return Fault(
        "carried-at-a-price",
        f"the budget may be missed at a price, {fund} carries money forward and a goal counts the "
        "cost of one year: which year's ceiling is raised would be open",
        "Take the price off the rule, the year off the goal, or carry_forward off the fund.",
        Place(path=f"funds.{fund}.carry_forward"),
    )


def _ceiling(at: Mapping[str, str]) -> Source:
    return figure_at_path(f"funds.{at['fund']}.ceiling.{at['year']}")


def _raised(
    rule: StayWithinBudget,
    given: Mapping[tuple[str, str], Decimal],
    carrying: Mask,
    v: Variables,
    d: Data,
) -> Expression | None:
    """By how much ceilings are raised at a price, over (fund, year); None where they are not."""
    if rule.soften is None:
        return None
    inside = carrying & d.mask((d.fund, d.year), lambda f, y: (f, y) in given)
    name = f"over {rule.label} with what is carried"
    raised = v.derived(name, inside, Kind("pounds", shortfall=True), rule.label)
    each_year = d.number(Fraction(rule.soften.price)) * raised.sum("fund")
    v.ledger = v.ledger.with_penalty(each_year, each_year.sum("year"))
    return raised


def _carried(
    spend: Expression, given: Mapping[tuple[str, str], Decimal], carrying: Mask, d: Data
) -> Iterator[Rows]:
    """Spending of a year and, by the part that is carried, of those before it, within ceilings.

    What is carried is the least of two: the limit, and the share of what is unspent. So a year
    has as many rows as there are years that it may have money from, the earliest of them having
    nothing before it, or the limit.
    """
    nothing = d.table((), lambda: 0)
    part = d.table((d.fund,), lambda f: d.number(_part(d.question.instance.funds.get(f))))
    total, shifted, weight = spend, spend, d.table((d.fund,), lambda _: 1)
    for back in range(len(d.year)):
        if back:
            shifted, weight = shifted.previous("year", first=nothing), weight * part
            total += shifted * weight
        roof, stated = _roofs(given, back, d)
        inside = carrying & stated
        if inside.values.any():
            words = f"with what {back} years before leave" if back else "of its own year"
            yield _of_ceilings((total <= roof).where(inside), d, words)


def _roofs(given: Mapping[tuple[str, str], Decimal], back: int, d: Data) -> tuple[Expression, Mask]:
    """Return what may be spent in a year and so many before it, and where a row stands for it."""
    roofs = {key: _roof(given, key, back, d) for key in given}
    stated = {key: roof for key, roof in roofs.items() if roof is not None}
    axes = (d.fund, d.year)
    roof = d.table(axes, lambda f, y: d.number(stated.get((f, y), Fraction(0))))
    return roof, d.mask(axes, lambda f, y: (f, y) in stated)


def _part(fund: Fund | None) -> Fraction:
    """Return the part of what is unspent that a fund carries into the next year."""
    if fund is None or fund.carry_forward is None:
        return Fraction(0)
    return Fraction(fund.carry_forward.share) / 100


def _roof(
    given: Mapping[tuple[str, str], Decimal], key: tuple[str, str], back: int, d: Data
) -> Fraction | None:
    """Return what may be spent in a year and so many before it; None where no row stands for it."""
    (fund, year), years = key, d.year.labels
    record, place = d.question.instance.funds[fund], d.year.labels.index(year)
    chain = [(fund, years[place - i]) for i in range(back + 1) if place >= i]
    if record.carry_forward is None or len(chain) <= back or any(c not in given for c in chain):
        return None
    before = Fraction(0)
    if place > back and (fund, years[place - back - 1]) in given:
        limit = record.carry_forward.limit
        if isinstance(limit, Absent):
            return None
        before = Fraction(limit)
    part = _part(record)
    own = sum((part**i * Fraction(given[at]) for i, at in enumerate(chain)), Fraction(0))
    return own + part**back * before


def _reserves(spend: Expression, d: Data) -> Iterator[Rows]:
    """All that is spent by the end of a year leaves the least balance of what was there."""
    kept = {f: r.reserve for f, r in d.question.instance.funds.items() if r.reserve is not None}
    if not kept:
        return
    total, shifted, nothing = spend, spend, d.table((), lambda: 0)
    for _ in range(len(d.year) - 1):
        shifted = shifted.previous("year", first=nothing)
        total += shifted

    def free(fund: str, year: str) -> Fraction | float:
        if fund not in kept:
            return 0
        reserve = kept[fund]
        paid_in = (pounds for y, pounds in reserve.contributions.items() if y <= year)
        return d.number(Fraction(reserve.opening - reserve.least + sum(paid_in)))

    paths = {(f, y): f"funds.{f}.reserve.opening" for f in kept for y in d.year.labels}
    yield (
        (total <= d.table((d.fund, d.year), free))
        .where(Mask.of(d.fund, kept))
        .tagged(
            unit="pounds",
            parameter=paths,
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            suffix="the least reserve",
        )
    )


def _after_the_end(v: Variables, d: Data) -> Iterator[Rows]:
    """Nothing is spent after a fund's last month."""
    if d.fund_ends:
        ending = Mask.of(d.fund, d.fund_ends)
        paths = {(f,): f"funds.{f}.ends" for f in d.fund_ends}
        yield (
            (v.ledger.late <= 0)
            .where(ending)
            .tagged(unit="pounds", parameter=paths, suffix="after the fund ends")
        )
        unpriced = PackageCosts(d).unpriced_late
        yield (
            (v.taken <= 0)
            .where(unpriced)
            .tagged(unit="packages", suffix="a cost not known after the fund ends")
        )
        yield (
            (v.started <= 0)
            .where(v.terms.unpriced_late & v.terms.lawful)
            .tagged(unit="teams", suffix="a price not known after the fund ends")
        )
