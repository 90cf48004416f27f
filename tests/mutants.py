"""Mistakes that a modeller could make, each made in what the solver is told and nowhere else.

A mutant is killed if some question is then refused by verification, or comes to other goal values
than hand arithmetic or trying every plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import staffopt as so
from staffopt.algebra.expression import Expression
from staffopt.answer import answer
from staffopt.backends.solvers import Solvers
from staffopt.data import Data
from staffopt.rulebook import (
    BuyManagedTeam,
    ChooseBand,
    Denominator,
    FillPosts,
    FlowCases,
    HoldEveryCase,
    KeepAverageCaseload,
    KeepExistingPosts,
    KeepMinimumStaffing,
    KeepSupportRatio,
    LimitChange,
    LimitRecruitment,
    LimitShare,
    LimitSpanOfControl,
    Pin,
    ReleaseTime,
    RespectCaseloadCap,
    Rule,
    StayWithinBudget,
    TakeBundleWhole,
)
from staffopt.rules import COMPILERS, bands, case_flow, heads, stocks
from staffopt.rules import money as ledgers
from staffopt.rules.flows import DECLARERS, Flows
from staffopt.rules.goals import GOALS
from staffopt.rules.managed_terms import Charge, Terms
from staffopt.rules.packages import PackageCosts
from staffopt.rules.variables import Variables
from staffopt.staff_costs import StaffCosts

if TYPE_CHECKING:
    import pytest

    from staffopt.algebra.expression import Rows
    from staffopt.instance.calendar import Month
    from staffopt.question import Question

Apply = Callable[["pytest.MonkeyPatch"], None]


@dataclass(frozen=True)
class Case:
    """A question with the goal values that its best plan has; None where it has no plan."""

    question: Question
    expected: tuple[Fraction, ...] | None

    def survives(self) -> bool:
        """Say whether the engine gives the expected answer."""
        request = so.Request(isolation="inline", cross_check=False)
        try:
            plan = answer(self.question, request, SOLVERS, time.monotonic())
        except so.Infeasible:
            return self.expected is None
        except so.StaffoptError:
            return False
        return self.expected == tuple(goal.value for goal in plan.goals)


SOLVERS = Solvers("inline")


def dropped(rule: type[Rule]) -> Apply:
    """Leave out a rule's rows."""
    return lambda patch: patch.setitem(COMPILERS, rule, lambda *_: iter(()))


def rows_changed(rule: type[Rule], change: Callable[[Rows], Rows]) -> Apply:
    """Change every row of a rule."""
    original = COMPILERS[rule]

    def compiler(asked: Any, v: Variables, d: Data) -> Iterator[Rows]:
        return (change(rows) for rows in original(asked, v, d))

    return lambda patch: patch.setitem(COMPILERS, rule, compiler)


def parameters_changed(rule: type[Rule], change: Callable[[Any], dict[str, Any]]) -> Apply:
    """Compile a rule with other parameters than those that are verified."""
    original = COMPILERS[rule]

    def compiler(asked: Any, v: Variables, d: Data) -> Any:
        return original(asked.model_copy(update=change(asked)), v, d)

    return lambda patch: patch.setitem(COMPILERS, rule, compiler)


def data_changed(name: str, change: Callable[[Expression], Expression]) -> Apply:
    """Change one table of figures, as the compiled side sees it."""
    owner = Data if name in vars(Data) else StaffCosts
    original = vars(owner)[name].func
    return lambda patch: patch.setattr(owner, name, property(lambda d: change(original(d))))


def ledger_changed(**parts: Callable[[Expression], Expression]) -> Apply:
    """Change parts of the ledger."""
    original = ledgers.write_ledger

    def write(v: Variables, d: Data) -> ledgers.Ledger:
        ledger = original(v, d)
        changed = {name: change(getattr(ledger, name)) for name, change in parts.items()}
        return replace(ledger, **changed)

    return lambda patch: patch.setattr("staffopt.build.write_ledger", write)


def flipped(rows: Rows) -> Rows:
    """Make ≥ of ≤ and the other way round."""
    lower = np.where(np.isinf(rows.upper.astype(float)), -np.inf, rows.upper)
    upper = np.where(np.isinf(rows.lower.astype(float)), np.inf, rows.lower)
    return replace(rows, lower=lower, upper=upper)


def moved(by: int) -> Callable[[Rows], Rows]:
    """Move both bounds."""
    return lambda rows: replace(rows, lower=rows.lower + by, upper=rows.upper + by)


def rows_dropped(rule: type[Rule], suffix: str) -> Apply:
    """Leave out the rows of a rule whose suffix begins so."""
    original = COMPILERS[rule]

    def compiler(asked: Any, v: Variables, d: Data) -> Iterator[Rows]:
        return (rows for rows in original(asked, v, d) if not rows.suffix.startswith(suffix))

    return lambda patch: patch.setitem(COMPILERS, rule, compiler)


def posts_for_people(patch: pytest.MonkeyPatch) -> None:
    """Take every post for filled."""
    patch.setattr(Data, "people_today", Data.posts_today)


def edge_moved(by: Fraction) -> Apply:
    """Hold cases against another edge of their band."""
    original = bands.upper_edge
    return lambda patch: patch.setattr(
        "staffopt.rules.goals.upper_edge", lambda d, band: original(d, band) + by
    )


def negated(rows: Rows) -> Rows:
    """Flip the sign of every term."""
    return replace(rows, terms=-rows.terms)


def nothing(figures: Expression) -> Expression:
    """Turn figures into none."""
    return figures * 0


def rolled(figures: Expression) -> Expression:
    """Move figures on by a year."""
    later = np.roll(figures.constant, 1, axis=-1)
    return Expression.data(figures.axes, later, exact=figures.exact)


def without_today(patch: pytest.MonkeyPatch) -> None:
    """Forget in released time those who are served already."""
    original = COMPILERS[ReleaseTime]

    def compiler(asked: Any, v: Variables, d: Data) -> Any:
        forgetful = replace(d)
        vars(forgetful)["today"] = nothing(d.today)
        return original(asked, v, forgetful)

    patch.setitem(COMPILERS, ReleaseTime, compiler)


def fte_for_heads(patch: pytest.MonkeyPatch) -> None:
    """Buy equipment for FTE and not for whole heads."""
    original = Variables.derived

    def derived(v: Variables, name: str, mask: Any, kind: Any, rule: str, **bounds: Any) -> Any:
        if name.startswith("heads"):
            bounds["quantum"] = 0
        return original(v, name, mask, kind, rule, **bounds)

    patch.setattr(Variables, "derived", derived)


def goal_skipped(name: str) -> Apply:
    """Minimise nothing in the place of a goal."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        def write(goal: Any, v: Variables, d: Data, builder: Any) -> None:
            builder.goal(goal.minimise, d.table((), lambda: 0), "nothing", within=0.5)

        patch.setitem(GOALS, name, write)

    return apply


def last_line_lost(patch: pytest.MonkeyPatch) -> None:
    """Lose a package's last line."""
    original = PackageCosts._lines
    patch.setattr(PackageCosts, "_lines", lambda costs, package: original(costs, package)[:-1])


def first_team(rule: Any) -> dict[str, Any]:
    """Count the first team of the council alone."""
    return {"scope": "a"}


def terms_changed(name: str, change: Callable[[Expression], Expression]) -> Apply:
    """Change one table of managed teams' figures."""
    original = vars(Terms)[name].func
    return lambda patch: patch.setattr(Terms, name, property(lambda t: change(original(t))))


def charges_changed(name: str, change: Callable[[Expression], Expression]) -> Apply:
    """Change one table of what is charged for terms and extensions."""
    original = Terms._charge

    def charge(terms: Terms, payer: Any, *, extended: bool) -> Charge:
        given = original(terms, payer, extended=extended)
        return replace(given, **{name: change(getattr(given, name))})

    return lambda patch: patch.setattr(Terms, "_charge", charge)


def a_month_longer(patch: pytest.MonkeyPatch) -> None:
    """Keep managed teams for a month after their term."""
    original = Terms._months

    def months(terms: Terms, managed: str, start: str, extension: str) -> list[Month]:
        given = original(terms, managed, start, extension)
        return [*given, given[-1] + 1]

    patch.setattr(Terms, "_months", months)


def softening_changed(**parts: Callable[[Expression], Expression]) -> Apply:
    """Change what missing a softened rule is registered to weigh."""
    original = ledgers.Ledger.with_penalty

    def register(ledger: ledgers.Ledger, by_year: Expression, rate: Expression) -> ledgers.Ledger:
        given = {"by_year": by_year, "rate": rate}
        return original(ledger, **{k: parts.get(k, same)(form) for k, form in given.items()})

    return lambda patch: patch.setattr(ledgers.Ledger, "with_penalty", register)


def same(form: Expression) -> Expression:
    """Leave an expression as it is."""
    return form


def charged_to_funds(patch: pytest.MonkeyPatch) -> None:
    """Charge what missing a rule weighs to every fund, as if it were money."""
    original = ledgers.Ledger.with_penalty

    def register(ledger: ledgers.Ledger, by_year: Expression, rate: Expression) -> ledgers.Ledger:
        charged = original(ledger, by_year, rate)
        return replace(charged, new=charged.new + by_year)

    patch.setattr(ledgers.Ledger, "with_penalty", register)


def never_softened(patch: pytest.MonkeyPatch) -> None:
    """Keep softened rules as if they were not."""
    patch.setattr("staffopt.build.softened", lambda rule, rows, v, d: rows)


def need_on_the_step(patch: pytest.MonkeyPatch) -> None:
    """Measure a softened target from the need rounded up to a step."""
    original = COMPILERS[KeepAverageCaseload]

    def compiler(asked: Any, v: Variables, d: Data) -> Any:
        return original(asked.model_copy(update={"soften": None}), v, d)

    patch.setitem(COMPILERS, KeepAverageCaseload, compiler)


def cover_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Let whoever covers a post be there besides whoever is in it."""
    patch.setattr("staffopt.rules.people.occupied", lambda v, d: v.in_post.where(~d.covering))


def heads_one_sided(side: str) -> Apply:
    """Hold heads on one side of the FTE rounded up only."""
    original = heads.whole_heads

    def half(*given: Any) -> tuple[Expression, Iterator[Rows]]:
        form, rows = original(*given)
        return form, (part for part in rows if part.suffix == f"heads {side}")

    def apply(patch: pytest.MonkeyPatch) -> None:
        for user in ("heads", "places"):
            patch.setattr(f"staffopt.rules.{user}.whole_heads", half)

    return apply


def nothing_beside_posts(patch: pytest.MonkeyPatch) -> None:
    """Forget what people cost beside the posts."""
    patch.setattr(ledgers, "beside_posts", lambda v, d: None)


def savings_pay(patch: pytest.MonkeyPatch) -> None:
    """Let what is saved on cover relax ceilings."""
    original = ledgers.beside_posts

    def beside(v: Variables, d: Data) -> Any:
        found = original(v, d)
        return found and replace(found, added=found.rate)

    patch.setattr(ledgers, "beside_posts", beside)


def savings_lost(patch: pytest.MonkeyPatch) -> None:
    """Forget what is saved on cover."""
    original = ledgers.beside_posts

    def beside(v: Variables, d: Data) -> Any:
        found = original(v, d)
        return found and replace(found, rate=found.added)

    patch.setattr(ledgers, "beside_posts", beside)


def cover_recruited(patch: pytest.MonkeyPatch) -> None:
    """Count whom an agency sends as recruited."""
    original = COMPILERS[LimitRecruitment]

    def compiler(asked: Any, v: Variables, d: Data) -> Any:
        blind = replace(d)
        vars(blind)["covering"] = ~(d.covering | ~d.covering)
        return original(asked, v, blind)

    patch.setitem(COMPILERS, LimitRecruitment, compiler)


def cases_of(month: Callable[[Data, str], str | None]) -> Apply:
    """Count the open cases of another month, or of today."""
    original = Data.cases_at

    def cases_at(d: Data, team: str, period: str | None = None) -> Fraction:
        return original(d, team, None if period is None else month(d, period))

    return lambda patch: patch.setattr(Data, "cases_at", cases_at)


def the_month_before(d: Data, period: str) -> str | None:
    """Name the period before; today before the first."""
    return (None, *d.period.labels)[d.period.labels.index(period)]


def turnover_changed(name: str, change: Callable[[Any, int], Fraction]) -> Apply:
    """Change what the program takes of who leaves, or of caseloads, by months since joining."""

    class Told:
        def __init__(self, own: Any) -> None:
            self.own = own

        def __getattr__(self, other: str) -> Any:
            found = getattr(self.own, other)
            return (lambda since: change(found, since)) if other == name else found

    init = stocks._People.__init__

    def mutated(people: Any, data: Data) -> None:
        init(people, data)
        people._turnover = {role: Told(own) for role, own in people._turnover.items()}

    return lambda patch: patch.setattr(stocks._People, "__init__", mutated)


def flows_changed(name: str, change: Callable[[Expression, Data], Expression]) -> Apply:
    """Change what flows come to, as the compiled side sees it."""
    original = getattr(Flows, name)

    def changed(flows: Any, d: Data, **how: Any) -> Expression:
        return change(original(flows, d, **how), d)

    return lambda patch: patch.setattr(Flows, name, changed)


def a_month_later(form: Expression, d: Data) -> Expression:
    """Move by one month."""
    return form.previous("period", first=d.table((), lambda: 0))


def progress_late(patch: pytest.MonkeyPatch) -> None:
    """Let people progress a month after they do."""
    original = stocks._People._progressed

    def progressed(people: Any, there: Any) -> Any:
        early = {place: fte for place, fte in there.items() if not _just_due(people, place)}
        due = {place: fte for place, fte in there.items() if place not in early}
        done = original(people, early)
        for place, fte in due.items():
            done[place] = done.get(place, Fraction(0)) + fte
        return done

    def _just_due(people: Any, place: tuple[str, int]) -> bool:
        own = people._turnover[place[0]]
        return bool(own.progresses_to) and place[1] == own.progresses_after

    patch.setattr(stocks._People, "_progressed", progressed)


def start_at_once(patch: pytest.MonkeyPatch) -> None:
    """Let joiners start without any lead time."""
    original = DECLARERS["join"]

    def join(d: Data) -> Any:
        declared = original(d)
        every = d.carried & d.mask((d.role, d.period), lambda *_: True)
        return declared and replace(declared, mask=every)

    patch.setitem(DECLARERS, "join", join)


def moves_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Let cases that move on neither leave nor arrive."""
    patch.setattr(case_flow, "_moved", lambda f, *_: f.nothing)


LOOSENING: dict[str, Apply] = {
    "closing takes nobody's time": rows_dropped(FlowCases, "by those there"),
    "every open case ready": rows_dropped(FlowCases, "ready to be closed"),
    "open cases of any number": rows_dropped(FlowCases, "balance"),
    "cases that move forgotten": moves_forgotten,
    "no open cases": goal_skipped("open_cases"),
    "nobody leaves": turnover_changed("leaving", lambda *_: Fraction(0)),
    "the first year's rate forgotten": turnover_changed("leaving", lambda rate, _since: rate(12)),
    "joiners hold full caseloads at once": turnover_changed("load", lambda load, _since: load(99)),
    "a month of the ramp left out": turnover_changed("load", lambda load, since: load(since + 1)),
    "absence forgotten": turnover_changed("load", lambda load, since: load(since) / load(99)),
    "joiners at once": start_at_once,
    "who is let go stays": flows_changed("taken", lambda form, _: form * 0),
    "recruiting is free": lambda patch: patch.setattr(
        Flows, "cost", lambda _, d: d.table((d.fund, d.period), lambda *_: 0)
    ),
    "as many joiners as one likes": flows_changed("joined", lambda form, _: form * 0),
    "open cases of today in every month": cases_of(lambda *_: None),
    "open cases a month late": cases_of(the_month_before),
    "posts filled with as many as one likes": rows_dropped(FillPosts, "within posts"),
    "posts left vacant": rows_dropped(FillPosts, "filled"),
    "anybody let go": rows_dropped(FillPosts, "stay"),
    "cover beside whoever is in post": cover_forgotten,
    "nothing paid beside posts": nothing_beside_posts,
    "premiums free": data_changed("premium", nothing),
    "saved premiums spent": savings_pay,
    "agency of any share": dropped(LimitShare),
    "a larger share of agency": parameters_changed(LimitShare, lambda r: {"most": r.most * 2}),
    "no minimum staffing": dropped(KeepMinimumStaffing),
    "one fewer at the least": rows_changed(KeepMinimumStaffing, moved(-1)),
    "half the supervisors": parameters_changed(
        KeepMinimumStaffing, lambda r: {"per": r.per and r.per / 2}
    ),
    "fewer heads than FTE": heads_one_sided("at most"),
    "more heads than FTE": heads_one_sided("at least"),
    "heads taken for FTE": parameters_changed(LimitSpanOfControl, lambda _: {"measure": "fte"}),
    "changes of any size": rows_dropped(LimitChange, "least"),
    "changes at any time": rows_dropped(LimitChange, "times"),
    "changes as large as one likes": rows_dropped(LimitChange, "most"),
    "no agency use": goal_skipped("agency_use"),
    "posts may be cut": dropped(KeepExistingPosts),
    "no target": dropped(KeepAverageCaseload),
    "no ratio": dropped(KeepSupportRatio),
    "no span": dropped(LimitSpanOfControl),
    "leads without the tag counted": parameters_changed(
        LimitSpanOfControl, lambda _: {"tag": None}
    ),
    "no supply limit": dropped(LimitRecruitment),
    "no required bundle": dropped(TakeBundleWhole),
    "no ceiling": dropped(StayWithinBudget),
    "no bands": dropped(ChooseBand),
    "no pins": dropped(Pin),
    "the ratio one post lower": rows_changed(KeepSupportRatio, moved(-1)),
    "the target one post lower": rows_changed(KeepAverageCaseload, moved(-1)),
    "the ratio's ≥ made ≤": rows_changed(KeepSupportRatio, flipped),
    "the target's ≥ made ≤": rows_changed(KeepAverageCaseload, flipped),
    "the span's sign flipped": rows_changed(LimitSpanOfControl, negated),
    "the ceiling's sign flipped": rows_changed(StayWithinBudget, negated),
    "the target of one team only": parameters_changed(KeepAverageCaseload, first_team),
    "the ratio of one team only": parameters_changed(KeepSupportRatio, first_team),
    "served today forgotten": without_today,
    "FTE for heads": fte_for_heads,
    "posts of today free": ledger_changed(today=nothing),
    "new money free": ledger_changed(new=nothing),
    "months left out": data_changed("months", nothing),
    "a year late": data_changed("months", rolled),
    "set-up a year late": data_changed("starts", rolled),
    "no set-up": data_changed("set_up", nothing),
    "a package's line lost": last_line_lost,
    "no full-year cost": goal_skipped("full_year_cost"),
    "no worst caseload": goal_skipped("worst_caseload"),
    "no change from today": goal_skipped("change_from_today"),
    "no team required": dropped(BuyManagedTeam),
    "managed teams free in every year": charges_changed("per_year", nothing),
    "managed teams free in a full year": terms_changed("whole", nothing),
    "managed teams a year late": charges_changed("per_year", rolled),
    "managed teams pay for others": charges_changed("charged", nothing),
    "terms that are running free": terms_changed("committed", nothing),
    "softened for nothing": softening_changed(by_year=nothing, rate=nothing),
    "softened at half the price": softening_changed(rate=lambda rate: rate * Fraction(1, 2)),
    "no caps": dropped(RespectCaseloadCap),
    "a cap one case higher": parameters_changed(
        RespectCaseloadCap, lambda r: {"cap": (r.cap or 5) + 1}
    ),
    "cases left to nobody": rows_dropped(HoldEveryCase, "unallocated"),
    "cases held by nobody there": rows_dropped(HoldEveryCase, "by people in post"),
    "officers hold cases of every type": rows_dropped(HoldEveryCase, "of "),
    "posts for people": posts_for_people,
    "everybody holds cases all the time": lambda patch: patch.setattr(
        Data, "part_of", lambda *_: Fraction(1)
    ),
    "served time called less": lambda patch: patch.setattr(
        "staffopt.rules.bands.exactly_served", lambda *_: iter(())
    ),
    "no price": parameters_changed(ChooseBand, lambda _: {"price": {}}),
    "no share of teams": parameters_changed(ChooseBand, lambda _: {"at_most_share": {}}),
    "no cases above a band": goal_skipped("cases_above_band"),
    "no unallocated cases": goal_skipped("unallocated_cases"),
    "a band half a case higher": edge_moved(Fraction(1, 2)),
}

TIGHTENING: dict[str, Apply] = {
    "leavers of two months in one": turnover_changed(
        "leaving", lambda rate, since: 2 * rate(since)
    ),
    "leavers by the next month's rate": turnover_changed(
        "leaving", lambda rate, since: rate(since + 1)
    ),
    "joiners a month late": flows_changed("arriving", a_month_later),
    "people progress a month late": progress_late,
    "the limit of a month for all months": parameters_changed(
        LimitRecruitment, lambda _: {"per": "plan"}
    ),
    "one FTE closes a case less": parameters_changed(
        FlowCases, lambda r: {"closures_per_fte": (r.closures_per_fte or 2) - 1}
    ),
    "saved premiums lost": savings_lost,
    "agency recruited": cover_recruited,
    "premiums twice": data_changed("premium", lambda premium: premium * 2),
    "a smaller share of agency": parameters_changed(LimitShare, lambda r: {"most": r.most / 2}),
    "one more at the least": rows_changed(KeepMinimumStaffing, moved(1)),
    "one change fewer": parameters_changed(
        LimitChange, lambda r: {"times": r.times and r.times - 1}
    ),
    "larger changes": parameters_changed(LimitChange, lambda r: {"least": r.least and r.least * 2}),
    "nobody above the posts": parameters_changed(FillPosts, lambda _: {"surplus": 0}),
    "every post filled": parameters_changed(FillPosts, lambda _: {"filled": 1}),
    "the ratio one post higher": rows_changed(KeepSupportRatio, moved(1)),
    "the target one post higher": rows_changed(KeepAverageCaseload, moved(1)),
    "one recruit fewer": rows_changed(LimitRecruitment, moved(-1)),
    "a ceiling a thousand pounds lower": rows_changed(StayWithinBudget, moved(-1000)),
    "ratio inverted": parameters_changed(KeepSupportRatio, lambda r: {"ratio": 1 / r.ratio}),
    "half the span": parameters_changed(LimitSpanOfControl, lambda r: {"span": r.span / 2}),
    "twice the step": data_changed("step", lambda step: step * 2),
    "an hour less released": parameters_changed(ReleaseTime, lambda r: {"hours": r.hours - 1}),
    "one band more forbidden": parameters_changed(
        ChooseBand, lambda r: {"forbid": (*r.forbid, "fine")}
    ),
    "every team where the scope is meant": parameters_changed(
        KeepAverageCaseload, lambda _: {"each": "team"}
    ),
    "twelve months in every year": data_changed("months", lambda m: m * 0 + 12),
    "the ratio's sign flipped": rows_changed(KeepSupportRatio, negated),
    "managed teams stay a month longer": a_month_longer,
    "twice as many teams at work": terms_changed("at_work", lambda form: form * 2),
    "softened at twice the price": softening_changed(rate=lambda rate: rate * 2),
    "never softened": never_softened,
    "penalties charged to funds": charged_to_funds,
    "a shortfall from the rounded need": need_on_the_step,
    "a cap one case lower": parameters_changed(
        RespectCaseloadCap, lambda r: {"cap": (r.cap or 5) - 1}
    ),
    "every case held where a few may not be": parameters_changed(
        HoldEveryCase, lambda _: {"unallocated": Decimal(0)}
    ),
    "twice the price": parameters_changed(
        ChooseBand, lambda r: {"price": {band: 2 * price for band, price in r.price.items()}}
    ),
    "a band half a case lower": edge_moved(Fraction(-1, 2)),
    "only those in post where posts are meant": parameters_changed(
        KeepAverageCaseload, lambda _: {"denominator": Denominator.IN_POST}
    ),
}
