"""The unknowns that rules speak of.

A rule that needs an unknown of its own declares it with :meth:`Variables.derived`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Builder
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.staff import RoleKind
from staffopt.rulebook import (
    Basis,
    Counted,
    Denominator,
    KeepExistingPosts,
    ReleaseTime,
    TakeBundleWhole,
)
from staffopt.rules.filling import declare_filling
from staffopt.rules.flows import declare_flows
from staffopt.rules.managed_terms import Terms
from staffopt.rules.placing import declare_placing
from staffopt.rules.stocks import declare_stocks
from staffopt.rules.time_taken import time_taken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from staffopt.algebra.expression import Expression, Rows
    from staffopt.data import Data
    from staffopt.question import Question
    from staffopt.rules.case_flow import FlowingCases
    from staffopt.rules.cases import Held
    from staffopt.rules.money import Ledger
    from staffopt.rules.release import Release


def nothing_is_cut(question: Question) -> bool:
    """Say whether rules keep today's posts in every team, so that no change is below zero."""
    kept = {
        team
        for rule in question.rules
        if isinstance(rule, KeepExistingPosts) and rule.soften is None
        for team in question.teams_in(rule.scope)
    }
    return kept >= set(question.instance.teams)


class Variables:
    """Decisions, and what is derived from them, as expressions.

    Attributes:
        only_adds: whether no change is below zero, so that every one is an addition.
        change: FTE added (below zero: cut) over (team, role, period).
        post: funded FTE over (team, role, period).
        every_period: every period there is.
        flows: who joins, is let go or moves; none where nobody is carried forward.
        stocks: who follows from them; None where nobody is carried forward.
        filling: people who are decided apart from posts; None where no rule fills posts.
        hired: people added (below zero: let go) over (team, role, period), FTE: with the posts,
            or where a rule fills posts apart from them.
        placing: who is placed where; None where no rule places anybody.
        in_post: people in post over (team, role, period), FTE.
        able: the same by the caseloads they can hold: absence, what joiners lack, and the time that
            training others and short time take, deducted.
        taken: 1 where a package is taken, over (package).
        terms: figures of the managed teams.
        started: teams bought, over (managed_team, start, extension); none where no rule offers any.
        capacity: cases that managed teams hold, over (team, period); None where there are none.
        closing: cases that managed teams close, over (team, period); None where there are none.
        case_flow: how cases come and go; None where no rule says so.
        ledger: what is spent; set by the build before any rule is written.
        work_paid: whose overtime and time to spare the ledger has, over (team, role, period).
        released: FTE that newly released time is worth, over (team, period); None where no rule
            says how much time is released.
        releases: what each rule of released time declares.
        held: who holds how many cases; None where no rule splits them.
    """

    def __init__(self, builder: Builder, data: Data) -> None:
        self.only_adds = not data.may_cut and nothing_is_cut(data.question)
        self._builder = builder
        self._data = data
        self.every_period = data.mask((data.period,), lambda _: True)
        self.change = builder.variable(
            "change",
            data.can_change & data.in_term,
            Kind("FTE", decision=True),
            quantum=data.step,
            lower=data.least_posts - data.today,
        )
        self.post = data.while_there(data.today) + self.change
        self.flows = declare_flows(builder, data)
        self.stocks = declare_stocks(builder, self.flows, data)
        self.filling = declare_filling(builder, data, self.stocks)
        self.hired = self.change
        if self.filling is not None:
            self.hired = self.change.where(~data.filled) + self.filling.change
        self.placing = declare_placing(builder, data)
        people = data.while_there(data.people)
        self.in_post = people + self.hired
        if self.placing is not None:
            self.hired = self.hired.where(~self.placing.listed)
            others = (people + self.hired).where(~self.placing.listed)
            self.in_post = others + self.placing.in_post
        self.able = self.in_post
        if self.stocks is not None:
            self.able = self.in_post.where(~data.carried) + self.stocks.able.where(data.carried)
        idle = time_taken(self.flows, self.in_post, data)
        if idle is not None:
            self.able -= idle
        self.taken = builder.variable(
            "taken",
            data.mask((data.package,), lambda _: True),
            Kind("packages", decision=True),
            quantum=1,
            upper=int(data.question.rule(TakeBundleWhole) is not None),
        )
        self.terms = Terms(data)
        self.started = builder.variable(
            "started",
            self.terms.lawful,
            Kind("teams", decision=True),
            quantum=1,
            lower=self.terms.held,
            upper=self.terms.most,
        )
        self.capacity = self._of_managed(self.terms.holds)
        self.closing = self._of_managed(self.terms.closes)
        self.case_flow: FlowingCases | None = None
        self.ledger: Ledger
        self.work_paid = data.mask((data.team, data.role), lambda *_: False)
        self.released: Expression | None = None
        self.releases: list[Release] = []
        self.held: Held | None = None
        self._added: Expression | None = None

    def _of_managed(self, each: Expression) -> Expression | None:
        if not self.terms.lawful.values.any():
            return None
        there = (self.started * self.terms.throughout).sum("start", "extension")
        return (there * each).sum("managed_team")

    @property
    def cases(self) -> Expression:
        """Weighted open cases over (team), and (period) where they vary: of data, or flowing."""
        if self.case_flow is None:
            return self._data.cases
        return (
            self._data.cases.where(~Mask.of(self._data.team, self.case_flow.teams))
            + self.case_flow.cases
        )

    def cases_flow(self, teams: Iterable[str]) -> bool:
        """Say whether the cases of any of some teams flow."""
        return self.case_flow is not None and not {*self.case_flow.teams}.isdisjoint(teams)

    def derived(self, name: str, mask: Mask, kind: Kind, rule: str, **bounds: Any) -> Expression:
        """Declare an unknown that follows from the decisions; see :meth:`Builder.variable`."""
        return self._builder.variable(name, mask, kind, rule=rule, **bounds)

    def missed(self, rows: Rows, rule: str) -> tuple[Rows, Expression]:
        """Let rows be missed; see :meth:`Builder.missed`."""
        return self._builder.missed(rows, rule)

    def decision(self, name: str, mask: Mask, kind: Kind, rule: str, **bounds: Any) -> Expression:
        """Declare a decision that a rule adds; see :meth:`Builder.variable`."""
        return self._builder.variable(name, mask, kind, rule=rule, **bounds)

    def constrain(self, rows: Rows, rule: str) -> None:
        """Add rows that define a derived unknown."""
        self._builder.add(rows, rule)

    @property
    def added(self) -> Expression:
        """FTE added and not cut, over (team, role, period): what set-up goes by."""
        if self._added is None:
            self._added = self._positive_part()
        return self._added

    def _positive_part(self) -> Expression:
        if self.only_adds:
            return self.change
        mask = self._data.can_change & self._data.in_term
        added = self.derived("added", mask, Kind("FTE"), "added")
        self._builder.add((added >= self.change).where(mask), "added")
        return added

    def counted(self, counted: Counted) -> Expression:
        """Funded posts or people in post, over (team, role, period), FTE."""
        return self.post if counted is Counted.POSTS else self.in_post

    def carrying(self, tag: str, counted: Counted) -> Expression:
        """Posts or people of roles that carry a tag, and people who do, over (team, role, period).

        A post carries what its role does.
        """
        marked = self._data.tagged(tag)
        of_roles = self.counted(counted).where(marked)
        if counted is Counted.POSTS:
            return of_roles
        if self.placing is None:
            return of_roles + self._data.carrying(tag).where(~marked)
        return of_roles + self.placing.carrying(tag, heads=False).where(~marked)

    def people_carrying(self, tag: str) -> Expression:
        """People who carry a tag themselves, over (team, role)."""
        if self.placing is None:
            return self._data.carrying(tag, heads=True)
        return self.placing.carrying(tag, heads=True)

    def holders(self, denominator: Denominator) -> Expression:
        """What a denominator counts of every case-holding role, over (team, role, period)."""
        there = self.post if denominator is Denominator.POSTS else self.in_post
        there = self.able if denominator is Denominator.ADJUSTED else there
        if denominator in (Denominator.CASE_HOLDERS, Denominator.ADJUSTED):
            there *= self._data.counted(denominator)
        return there.where(self._data.kind(RoleKind.CASE_HOLDER))

    def fte(
        self, basis: Basis, rule: str, denominator: Denominator = Denominator.POSTS
    ) -> Expression:
        """Case holders' FTE over (team, period), reported or effective.

        Raises:
            InputError: if effective FTE is asked for and nothing says how much time is released.
        """
        holders = self.holders(denominator).sum("role")
        if basis is Basis.REPORTED:
            return holders
        if self.released is None:
            raise InputError(
                [
                    Fault(
                        "no-release-time",
                        f"{rule} counts released time, and the model has no {ReleaseTime.name}",
                        "Give standards.release_time, or use `basis: reported`.",
                        Place(path=f"standards.{rule}.basis"),
                    )
                ]
            )
        return holders + self.released
