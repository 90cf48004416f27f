"""The ledger as the solver is told of it.

Every cost is one registered term: what is bought, the fund and the financial year it falls in.
Goals of cost and budget rows sum these same terms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from staffopt.algebra.assembly import Kind
from staffopt.algebra.expression import Expression
from staffopt.costs import person_cost
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.instance.prices import CostClass
from staffopt.quantity import Absent
from staffopt.rules.added_heads import heads_beside_pay, heads_to_set_up
from staffopt.rules.benefits import credited, credited_rate
from staffopt.rules.filling import PEOPLE, beside_posts
from staffopt.rules.managed_terms import HIRE, refuse_free_teams
from staffopt.rules.packages import PackageCosts
from staffopt.rules.prices import last_rise, late_months, late_starts, rise
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
            managed teams, which are bought for a term; at the last planned year's prices, without
            axes.
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
        by_year = (per_month * (d.months * rise(d, CostClass.OVERTIME))).sum("period")
        return replace(
            self,
            new=self.new + by_year,
            net=self.net + by_year.sum("fund"),
            late=self.late + (per_month * late_months(d, CostClass.OVERTIME)).sum("period"),
        )


def write_ledger(v: Variables, d: Data) -> Ledger:
    """Sum the ledger's terms.

    Raises:
        InputError: if a role that may change has no printed cost: its posts would seem free.
    """
    _refuse_free_posts(d)
    refuse_free_teams(d.question)
    posts, beside, set_up = _paid_posts(v, d), _non_staffing(v, d), _set_up(v, d)
    rate, desks = posts.rate.sum("role"), beside.spent
    of_posts, of_desks = (_by_year(d, c) for c in (CostClass.POSTS, CostClass.NON_STAFFING))
    flows = v.flows.cost(d)
    bought = (set_up * (d.starts * rise(d, CostClass.SET_UP))).sum("period")
    bought += (flows * (d.starts * rise(d, CostClass.FLOWS))).sum("period")
    packages = PackageCosts(d)
    bought += (v.taken * packages.per_year).sum("package")
    for part in v.terms.charges:
        bought += (v.started * part.charged * part.per_year).sum(*HIRE)
    if d.question.instance.benefits:
        bought -= credited(v, d)
    standing = d.paid_today.sum("team") * d.costs.post + d.people.sum("team") * d.costs.premium
    # over (fund), or by period
    base = (d.while_there(standing) * d.costs.charged_today).sum("role")
    return Ledger(
        new=(posts.added * of_posts + desks * of_desks).sum("period") + bought,
        net=(rate * of_posts + desks.sum("fund") * of_desks).sum("period") + bought.sum("fund"),
        today=_of_today(base, d) * rise(d, CostClass.POSTS) + v.terms.committed,
        full_year=posts.rate.where(d.final).sum("role", "period") * last_rise(d, CostClass.POSTS)
        + beside.final * last_rise(d, CostClass.NON_STAFFING)
        + (v.taken * packages.rate).sum("package")
        + (v.started * v.terms.whole).sum(*HIRE)
        - credited_rate(v, d),
        late=_late(posts.added + base, desks, set_up, flows, v, d),
        penalty=d.table((d.year,), lambda _: 0),
        penalty_rate=d.table((), lambda: 0),
    )


def _of_today(base: Expression, d: Data) -> Expression:
    """What today's posts cost over (fund, year), before prices rise; a rate over (fund, period)."""
    if d.role_ends:
        return (base * d.months).sum("period") / MONTHS_IN_YEAR
    return base * d.calendar_months / MONTHS_IN_YEAR


@dataclass(frozen=True, slots=True)
class _Posts:
    """What posts, and people beside them, cost at the prices of the base, pounds a year.

    Attributes:
        rate: less what is saved, over (role, period).
        added: of what is added, over (period, fund).
    """

    rate: Expression
    added: Expression


def _paid_posts(v: Variables, d: Data) -> _Posts:
    change, added = v.change, v.added
    apart = d.costs.by_people & (d.filled | d.carried)
    if apart.values.any():
        people = (v.in_post - d.while_there(d.people)).where(apart)
        more = v.derived("people_paid", apart & d.in_term, Kind("FTE"), PEOPLE)
        v.constrain(
            (more >= people).where(apart & d.in_term).tagged(suffix="who are paid for"), PEOPLE
        )
        change, added = change.where(~apart) + people, added.where(~apart) + more
    rate, gross = change.sum("team") * d.costs.post, added.sum("team") * d.costs.post
    beside = beside_posts(v, d)
    if beside is not None:
        rate, gross = rate + beside.rate, gross + beside.added
    return _Posts(rate, (gross * d.costs.charged_added).sum("role"))


def _by_year(d: Data, cost: CostClass) -> Expression:
    """What a pound a year comes to over the months of a period in a year: (period, year)."""
    return d.months / MONTHS_IN_YEAR * rise(d, cost)


def _late(
    posts: Expression,
    desks: Expression,
    set_up: Expression,
    flows: Expression,
    v: Variables,
    d: Data,
) -> Expression:
    """Money spent after a fund's last month, over (fund); posts are a rate over (period, fund)."""
    if not d.fund_ends:
        return d.table((d.fund,), lambda _: 0)
    late = posts * late_months(d, CostClass.POSTS) / MONTHS_IN_YEAR
    late += desks * late_months(d, CostClass.NON_STAFFING) / MONTHS_IN_YEAR
    late += set_up * late_starts(d, CostClass.SET_UP)
    late += flows * late_starts(d, CostClass.FLOWS)
    terms = (v.taken * PackageCosts(d).late).sum("package")
    for part in v.terms.charges:
        terms += (v.started * part.charged * part.late).sum(*HIRE)
    return late.sum("period") + terms + v.terms.committed_late


def _set_up(v: Variables, d: Data) -> Expression:
    """One-off money over (fund, period): each added head once, as its period starts."""
    spent = d.table((d.fund, d.period), lambda *_: 0)
    nothing = d.table((), lambda: 0)
    for heads in heads_to_set_up(v, d):
        new = heads - heads.previous("period", first=nothing)
        each = (new * d.costs.set_up * d.costs.charged_once).sum("role")
        spent += each.sum("team") if "team" in {axis.name for axis in heads.axes} else each
    return spent


@dataclass(frozen=True, slots=True)
class _Beside:
    """Yearly money beside pay, of each head that is added in a period.

    Attributes:
        spent: over (fund, period).
        final: in the last period of each role's posts, without axes.
    """

    spent: Expression
    final: Expression


def _non_staffing(v: Variables, d: Data) -> _Beside:
    spent, final = d.table((d.fund, d.period), lambda *_: 0), d.table((), lambda: 0)
    for heads in heads_beside_pay(v, d):
        all_teams = heads.sum("team") if "team" in {axis.name for axis in heads.axes} else heads
        spent += (all_teams * d.costs.non_staffing * d.costs.charged_added).sum("role")
        final += (all_teams * d.costs.non_staffing).where(d.final).sum("role", "period")
    return _Beside(spent, final)


def _refuse_free_posts(d: Data) -> None:
    unpriced = [
        r
        for r in d.role.labels
        if d.question.changes(r) and person_cost(d.question, r) is Absent.NOT_PRINTED
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
