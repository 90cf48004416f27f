"""The ledger as the solver is told of it, and the ceilings over it.

Every cost is one registered term: what is bought, the fund and the financial year it falls in.
Goals of cost and budget rows sum these same terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Source
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.instance.staff import SetUpHeads
from staffopt.quantity import Absent
from staffopt.rulebook import StayWithinBudget
from staffopt.rules.filling import beside_posts
from staffopt.rules.managed_terms import HIRE, refuse_free_teams
from staffopt.rules.registry import Figures, compiles, figure_at_path
from staffopt.rules.variables import Variables


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is spent, in pounds.

    Attributes:
        new: new money over (fund, year): added posts, set-up, packages, managed teams, premiums of
            added cover and people above the posts, overtime and people to spare. What cut posts
            save is not in it: a saving relaxes no ceiling.
        net: new money over (year), less what cut posts save.
        today: money for today's posts, for the terms of managed teams that are there already, and
            premiums of today's cover, over (fund, year).
        full_year: annual rate of everything added, packages included, and the whole price of
            managed teams, which are bought for a term; without axes.
        late: money spent after a fund's last month, over (fund): today's posts, added posts,
            set-up, packages and managed teams.
        penalty: what missing softened rules weighs, and the prices of bands, over (year). It is no
            money: goals of cost count it, and no ceiling does.
        penalty_rate: the same as an annual rate, without axes.
    """

    new: Expression
    net: Expression
    today: Expression
    full_year: Expression
    late: Expression
    penalty: Expression
    penalty_rate: Expression

    def with_penalty(self, by_year: Expression, rate: Expression) -> Ledger:
        """Register what missing a softened rule or being in a band weighs."""
        return replace(self, penalty=self.penalty + by_year, penalty_rate=self.penalty_rate + rate)

    def with_work(self, per_month: Expression, d: Data) -> Ledger:
        """Register what overtime and people to spare cost, pounds a month over (fund, period)."""
        by_year = (per_month * d.months).sum("period")
        return replace(
            self,
            new=self.new + by_year,
            net=self.net + by_year.sum("fund"),
            late=self.late + (per_month * d.late_months).sum("period"),
        )


def write_ledger(v: Variables, d: Data) -> Ledger:
    """Sum the ledger's terms.

    Raises:
        InputError: if a role that may change has no printed cost: its posts would seem free.
    """
    _refuse_free_posts(d)
    refuse_free_teams(d.question)
    rate = v.change.sum("team") * d.cost  # over (role, period), pounds a year
    gross = v.added.sum("team") * d.cost
    beside = beside_posts(v, d)
    if beside is not None:
        rate, gross = rate + beside.rate, gross + beside.added
    added = (gross * d.charged_added).sum("role")  # over (period, fund)
    set_up = _set_up(v, d) + v.flows.cost(d)
    bought = (set_up * d.starts).sum("period") + (
        v.taken * d.package_per_year * d.charged_package
    ).sum("package")
    for part in v.terms.charges:
        bought += (v.started * part.charged * part.per_year).sum(*HIRE)
    standing = d.today.sum("team") * d.cost + d.people.sum("team") * d.premium
    base = (standing * d.charged_today).sum("role")  # over (fund)
    return Ledger(
        new=(added * d.months / MONTHS_IN_YEAR).sum("period") + bought,
        net=(rate.sum("role") * d.months / MONTHS_IN_YEAR).sum("period") + bought.sum("fund"),
        today=base * d.calendar_months / MONTHS_IN_YEAR + v.terms.committed,
        full_year=rate.sum("role").at("period", d.period.labels[-1])
        + (v.taken * d.package_rate).sum("package")
        + (v.started * v.terms.whole).sum(*HIRE),
        late=_late(added + base, set_up, v, d),
        penalty=d.table((d.year,), lambda _: 0),
        penalty_rate=d.table((), lambda: 0),
    )


def _late(posts: Expression, set_up: Expression, v: Variables, d: Data) -> Expression:
    """Money spent after a fund's last month, over (fund); posts are a rate over (period, fund)."""
    if not d.fund_ends:
        return d.table((d.fund,), lambda _: 0)
    late = posts * d.late_months / MONTHS_IN_YEAR + set_up * d.late_starts
    terms = (v.taken * d.late_package * d.charged_package).sum("package")
    for part in v.terms.charges:
        terms += (v.started * part.charged * part.late).sum(*HIRE)
    return late.sum("period") + terms + v.terms.committed_late


def _set_up(v: Variables, d: Data) -> Expression:
    """One-off money over (fund, period): each added head once, as its period starts."""
    roles = d.question.instance.roles
    costed = [r for r in d.role.labels if isinstance(roles[r].set_up, Decimal) and roles[r].set_up]
    changing = [r for r in costed if d.question.changes(r)]
    by_team = [r for r in changing if roles[r].set_up_heads is SetUpHeads.BY_TEAM]
    pooled = [r for r in changing if r not in by_team]
    spent = d.table((d.fund, d.period), lambda *_: 0)
    if pooled:
        spent += _heads(v, d, v.added.sum("team"), Mask.of(d.role, pooled), "heads")
    if by_team:
        mask = Mask.of(d.role, by_team) & d.mask((d.team,), lambda _: True)
        heads = _heads(v, d, v.added, mask, "heads_by_team")
        spent += heads.sum("team")
    return spent


def _heads(v: Variables, d: Data, added: Expression, mask: Mask, name: str) -> Expression:
    """Declare whole heads at least the FTE added so far, and charge each new one."""
    wide = mask & d.mask((d.period,), lambda _: True)
    heads = v.derived(name, wide, Kind("heads"), "set_up", quantum=1)
    nothing = d.table((), lambda: 0)
    before = heads.previous("period", first=nothing)
    v.constrain((heads >= added).where(mask).tagged(unit="heads", suffix=name), "set_up")
    v.constrain((heads >= before).where(mask).tagged(unit="heads", suffix=f"{name} kept"), "set_up")
    return ((heads - before) * d.set_up * d.charged_added).sum("role")


def _refuse_free_posts(d: Data) -> None:
    roles = d.question.instance.roles
    unpriced = [
        r
        for r in d.role.labels
        if d.question.changes(r) and roles[r].cost in (Absent.NOT_PRINTED, Absent.UNLIMITED)
    ]
    if unpriced:
        raise InputError(
            [
                Fault(
                    "unknown-cost",
                    f"the model may change posts of {role}, whose cost is not known",
                    "Give its cost, marked as an assumption if it is not printed.",
                    Place(path=f"roles.{role}.cost"),
                )
                for role in unpriced
            ]
        )


@compiles(StayWithinBudget, reads=(Figures.CEILINGS,))
def stay_within_budget(rule: StayWithinBudget, v: Variables, d: Data) -> Iterator[Rows]:
    """All that the ledger charges to a fund in a year stays within its ceiling."""
    funds = d.question.instance.funds
    spend = d.table((d.fund, d.year), lambda *_: 0) + v.ledger.new + v.ledger.today
    named = Mask.of(d.fund, funds)
    ceilings = {(f, y): funds[f].ceiling_in(y) for f in funds for y in d.year.labels}
    given = {key: c for key, c in ceilings.items() if not isinstance(c, Absent)}
    roof = d.table((d.fund, d.year), lambda f, y: given.get((f, y), 0))
    rows = (spend <= roof).where(named).follow(spend, _ceiling)
    unlimited = ~d.mask((d.fund, d.year), lambda f, y: (f, y) in given)
    yield rows.lifted(unlimited).tagged(
        unit="pounds",
        parameter={key: f"funds.{key[0]}.ceiling.{key[1]}" for key in ceilings},
        kind=ParameterKind.RIGHT_HAND_SIDE,
        factor=1.0,
    )
    yield from _after_the_end(v, d)


def _ceiling(at: Mapping[str, str]) -> Source:
    return figure_at_path(f"funds.{at['fund']}.ceiling.{at['year']}")


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
        unpriced = d.mask((d.package,), d.has_unknown_late_cost)
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
