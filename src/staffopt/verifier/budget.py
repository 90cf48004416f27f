"""Whether spending stays within each fund's ceiling, in money that is not rounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.calendar import Month
from staffopt.instance.funds import Fund, Reserve
from staffopt.plan import Amount, Finding, MoneyFigure, MoneyKind, Verdict
from staffopt.quantity import Absent
from staffopt.rulebook import Rule, StayWithinBudget
from staffopt.verifier.funds import FundYear, fund_years
from staffopt.verifier.money import Window, ledger, lines_in
from staffopt.verifier.registry import POUNDS, checks, label_of
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.totals import add_up
from staffopt.verifier.words import pounds

_NO_CEILING = {
    Absent.NOT_PRINTED: "no ceiling is printed: affordability was not tested",
    Absent.NOT_APPLICABLE: "no ceiling applies",
    Absent.UNLIMITED: "the fund is unlimited",
}


@checks(StayWithinBudget)
def stay_within_budget(rule: StayWithinBudget, staffing: Staffing) -> Iterator[Finding]:
    """Check each fund and year, and that nothing is spent after a fund has ended.

    A ceiling, with what the year before has left, stands against everything that the ledger charges
    to the fund: posts of today, added posts, set-up and packages. So does a reserve.
    What cut posts save relaxes no ceiling: whose the saving is, and
    what a cut costs, is not for the ledger to decide.
    """
    council = staffing.question.instance
    lines = [line for line in ledger(staffing) if line.kind is not MoneyKind.SAVING]
    years = {(year.fund, year.year): year for year in fund_years(staffing.question, lines)}
    for fund, record in council.funds.items():
        for year in council.calendar.years:
            charged = [line for line in lines if line.fund == fund and line.year == year]
            ceiling = record.ceiling_in(year)
            if charged or isinstance(ceiling, Decimal):
                yield _in_year(rule, record, years[fund, year], charged, ceiling)
            if record.reserve is not None:
                yield _balance(rule, record, years[fund, year], record.reserve)
        if record.ends is not None:
            yield _after_end(rule, staffing, fund, record.ends)


def _in_year(
    rule: Rule,
    fund: Fund,
    year: FundYear,
    charged: Sequence[MoneyFigure],
    ceiling: Decimal | Absent,
) -> Finding:
    spent = add_up(charged)
    words = f"{fund.name}: {_spent(spent)} in {year.year}"
    if isinstance(ceiling, Absent):
        return _finding(rule, f"{words}; {_NO_CEILING[ceiling]}", Fraction(0), year.year)
    over = spent.raw - Fraction(ceiling) - year.carried_in
    words += f", ceiling {pounds(Fraction(ceiling))}"
    if fund.carry_forward is not None:
        words += f" and {pounds(year.carried_in)} carried forward"
    if spent.at_least and over <= 0:
        words += "; a cost is not known, so affordability was not fully tested"
    return _finding(rule, words, over, year.year)


def _balance(rule: Rule, fund: Fund, year: FundYear, reserve: Reserve) -> Finding:
    """Check that spending leaves the least balance at the end of a year."""
    left = year.balance or Fraction(0)
    words = f"{fund.name}: a balance of {pounds(left)} at the end of {year.year}, "
    words += f"{pounds(Fraction(reserve.least))} at least"
    # Money that is not there has no price: what is of no year is not missed at one.
    when = year.year if rule.soften is None else None
    return _finding(rule, words, Fraction(reserve.least) - left, when)


def _after_end(rule: Rule, staffing: Staffing, fund: str, ends: Month) -> Finding:
    """Check the months after a fund's last one; a cost that is not known counts as spending."""
    months = frozenset(m for m in staffing.question.instance.calendar.months if m > ends)
    late = [
        line
        for line in lines_in(staffing, Window("after its end", months))
        if line.fund == fund and line.kind not in (MoneyKind.SAVING, MoneyKind.CASHABLE)
    ]
    spent = add_up(line for line in late)
    words = f"{staffing.question.instance.funds[fund].name}: {_spent(spent)} after {ends.words}"
    finding = _finding(rule, f"{words}, its last month", spent.raw, None)
    return finding.model_copy(update={"verdict": Verdict.BROKEN}) if spent.at_least else finding


def _finding(rule: Rule, words: str, over: Fraction, year: str | None) -> Finding:
    broken = over > 0
    return Finding(
        rule=label_of(rule),
        verdict=Verdict.BROKEN if broken else Verdict.MET,
        words=words,
        period=year,
        by=over if broken else None,
        unit=POUNDS if broken else None,
    )


def _spent(amount: Amount) -> str:
    return f"{'at least ' if amount.at_least else ''}{pounds(amount.raw)}"
