"""What the solver is told of rules that may be missed at a price."""

from __future__ import annotations

from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.expression import Expression, Rows
from staffopt.data import Data
from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.rulebook import Rule
from staffopt.rules.variables import Variables


def softened(rule: Rule, rows: Rows, v: Variables, d: Data) -> Rows:
    """Let a softened rule's rows be missed, and register with the ledger what that weighs.

    Rows of no period and no year say what may be done at all, and stay as they are.
    """
    axes = {axis.name for axis in rows.terms.axes}
    if rule.soften is None or rows.defines or not axes & {"period", "year"}:
        return rows
    missed, short = v.missed(rows, rule.label)
    price = d.number(Fraction(rule.soften.price))
    if "year" in axes:
        each_year = price * short.sum_but("year")
        v.ledger = v.ledger.with_penalty(each_year, each_year.sum("year"))
    else:
        by_month = price * short.sum_but("period") * d.months / MONTHS_IN_YEAR
        lasting = price * _worst(rule, short, rows, v, d).sum_but()
        v.ledger = v.ledger.with_penalty(by_month.sum("period"), lasting)
    return missed


def _worst(rule: Rule, short: Expression, rows: Rows, v: Variables, d: Data) -> Expression:
    """The greatest shortfall of any period, place by place.

    The full-year cost counts this, and not the last period's: what is made good by then would
    otherwise be free before.
    """
    if len(d.period) == 1:
        return short.sum("period")
    name = f"worst {rule.label} {rows.suffix}".strip()
    worst = v.derived(name, rows.places("period"), Kind(rows.unit), rule.label)
    v.constrain(
        (worst >= short).where(rows.places()).tagged(unit=rows.unit, suffix=name), rule.label
    )
    return worst
