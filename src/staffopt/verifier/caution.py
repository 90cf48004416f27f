"""What a plan does not say of itself: one-off money, untested ceilings, teams still overloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from staffopt.instance.bands import Bands
from staffopt.instance.funds import Fund
from staffopt.plan import FULL_YEAR, CaseloadFigure, Figures, MoneyFigure, MoneyKind
from staffopt.quantity import Absent, Exact
from staffopt.question import NOT_NAMED, Question
from staffopt.record import Record
from staffopt.rulebook import Denominator, Each, KeepAverageCaseload
from staffopt.verifier.caseloads import scope_text
from staffopt.verifier.fixed_terms import fixed_term_roles, rate_of_fixed_term
from staffopt.verifier.funds import fund_years
from staffopt.verifier.managed import overspend
from staffopt.verifier.totals import add_up
from staffopt.verifier.words import cost_of, number, pounds


class Caution(Record):
    """Something a reader should look at; a plan that holds it is not broken.

    Attributes:
        code: a stable kebab-case name.
        words: what to look at, with its figures.
        teams: the teams it is about, in file order.
        fund: the fund it is about.
        amount: pounds, unrounded.
        year: financial year in which it starts.
        until: financial year in which the money for it ends, or after which none is given.
    """

    code: str
    words: str
    teams: tuple[str, ...] = ()
    fund: str | None = None
    amount: Exact | None = None
    year: str | None = None
    until: str | None = None


def cautions(question: Question, figures: Figures) -> tuple[Caution, ...]:
    """List what a reader should look at before a plan is put to a committee."""
    return (
        *_still_above(question, figures),
        *_capped_counted_whole(question, figures),
        *_unallocated(question, figures),
        *_derived_teams(question),
        *_derived_people(question),
        *_cuts(question, figures),
        *_recurrent_on_one_off(question, figures),
        *_posts_end(question, figures),
        *_no_fund(figures),
        *_untested(question, figures),
        *_unknown_costs(question, figures),
        *_running_on(question, figures),
        *_overspent(question),
    )


def _still_above(question: Question, figures: Figures) -> Iterator[Caution]:
    """Name the teams that stay above the manageable band once all is in place, on each basis."""
    bands = question.instance.bands
    last = question.instance.calendar.cut()[-1].label
    top = bands.needs_no_action if bands else ""
    if bands is None or top not in bands.edges:
        return
    for basis, how in (
        ("reported", "cases per post"),
        ("effective", "even with released time counted"),
        ("others", "those without a protected caseload"),
    ):
        above = [
            figure
            for figure in figures.caseloads
            if figure.of in question.instance.teams
            and (figure.period, figure.basis) == (last, basis)
            and (basis == "others" or figure.denominator is Denominator.POSTS)
            and _is_above(bands, top, figure)
        ]
        if above:
            listed = ", ".join(_overloaded(question, figure) for figure in above)
            yield Caution(
                code=f"above-band-{basis}",
                words=f"Above the {top} band in the plan ({how}): {listed}.",
                teams=tuple(figure.of for figure in above),
            )


def _is_above(bands: Bands, top: str, figure: CaseloadFigure) -> bool:
    """Say whether an average is in a higher band than the top one, or in no band and above it."""
    if figure.average is None:
        return figure.cases > 0
    order = bands.by_caseload
    if figure.band is not None:
        return order.index(figure.band) > order.index(top)
    upper = bands.edges[top].upper
    return upper is not None and bands.printed(figure.average) > upper


def _overloaded(question: Question, figure: CaseloadFigure) -> str:
    name = question.instance.teams[figure.of].name
    if figure.average is None or figure.printed is None:
        return f"{name} (cases and no case holders)"
    return f"{name} {number(figure.printed)} ({figure.band or 'in no band'})"


def _capped_counted_whole(question: Question, figures: Figures) -> Iterator[Caution]:
    """Say where a target is met only because capped posts count as whole ones."""
    last = question.instance.calendar.cut()[-1].label
    for rule in question.rules:
        if not isinstance(rule, KeepAverageCaseload):
            continue
        subjects = question.teams_in(rule.scope) if rule.each is Each.TEAM else ()
        names = {scope_text(rule.scope)} if rule.each is Each.SCOPE else set(subjects)
        for figure in figures.caseloads:
            above = figure.average is None or figure.average > rule.target
            if figure.of in names and (figure.period, figure.basis) == (last, "others") and above:
                rest = "nobody" if figure.average is None else number(figure.average)
                yield Caution(
                    code="capped-counted-whole",
                    words=f"The target of {number(Fraction(rule.target))} counts capped posts in "
                    f"full ({_subject(question, figure.of)}): if they hold their cap, the others "
                    f"hold {rest} each.",
                    teams=(figure.of,) if figure.of in question.instance.teams else (),
                )


def _unallocated(question: Question, figures: Figures) -> Iterator[Caution]:
    """Name the teams with cases that nobody holds once all is in place."""
    last = question.instance.calendar.cut()[-1].label
    nobodys = [f for f in figures.cases if f.held_by == "nobody" and f.period == last]
    if nobodys:
        names = (f"{question.instance.teams[f.team].name} {number(f.cases)}" for f in nobodys)
        yield Caution(
            code="unallocated-cases",
            words=f"Cases that nobody holds in the plan: {', '.join(names)}.",
            teams=tuple(f.team for f in nobodys),
        )


def _subject(question: Question, of: str) -> str:
    teams = question.instance.teams
    return teams[of].name if of in teams else of.replace("_", " ")


def _derived_teams(question: Question) -> Iterator[Caution]:
    """Name the teams whose cases or posts no paper prints."""
    council = question.instance
    derived = [
        team
        for team in council.teams
        if any(question.is_assumed(f"teams.{team}.{figure}") for figure in ("cases", "posts"))
    ]
    if council.paper and derived:
        names = ", ".join(council.teams[team].name for team in derived)
        every = len(derived) == len(council.teams) > 1
        yield Caution(
            code="derived-teams",
            words=f"Cases and posts of {'every team' if every else names} are assumed, not "
            "printed: how a plan's posts are split over these teams is not the paper's.",
            teams=tuple(derived),
        )


def _derived_people(question: Question) -> Iterator[Caution]:
    """Say where the people that are listed stand in no paper."""
    council = question.instance
    if council.paper and council.people and question.is_assumed("people"):
        yield Caution(
            code="derived-people",
            words=f"The {len(council.people)} people listed are assumed, not printed: who works "
            "where, and how many move, is not the paper's.",
        )


def _cuts(question: Question, figures: Figures) -> Iterator[Caution]:
    """Say that a cut's saving is counted, and what of it is not."""
    roles = question.instance.roles
    saved = [
        n
        for n in figures.money
        if n.kind is MoneyKind.SAVING and n.year == FULL_YEAR
        if n.role is None or roles[n.role].covers is None
    ]
    if saved:
        amount = add_up(saved)
        yield Caution(
            code="posts-cut",
            words=f"Cut posts save £{-amount.printed:,} a year. No redundancy cost is counted, and "
            "the saving relaxes no fund's ceiling.",
            amount=-amount.raw,
            teams=tuple(dict.fromkeys(line.team for line in saved if line.team)),
        )


def _recurrent_on_one_off(question: Question, figures: Figures) -> Iterator[Caution]:
    """Say what is paid for good out of money that does not come again, and when that ends."""
    for fund, record in question.instance.funds.items():
        lasting = [n for n in _new(figures) if n.fund == fund and n.year == FULL_YEAR]
        amount = add_up(lasting)
        costs = amount.raw > 0 or amount.at_least
        drawn = record.reserve is not None and record.recurrent is not True
        if not costs or not (record.recurrent is False or record.ends is not None or drawn):
            continue
        start = next(n.year for n in _new(figures) if n.fund == fund and _recurs(n))
        until = _money_ends(question, figures, fund, amount.raw)
        why = f"which is one-off money{_ending(record, until)}"
        if record.ends is not None:
            why = f"which ends in {record.ends.words}"
        assumed = question.is_assumed(f"funds.{fund}.recurrent") and record.ends is None
        yield Caution(
            code="recurrent-on-one-off",
            words=f"{'At least ' if amount.at_least else ''}£{amount.printed:,} a year for good, "
            f"from {start}, is charged to {record.name}, {why}{' (assumed)' if assumed else ''}.",
            fund=fund,
            amount=amount.raw,
            year=start,
            until=until,
        )


def _ending(fund: Fund, until: str | None) -> str:
    """Say when one-off money ends, or after which year none is given."""
    if until is None:
        return ""
    given = (
        fund.reserve is None and isinstance(fund.ceiling, Mapping) and max(fund.ceiling) == until
    )
    return f" and is given for no year after {until}" if given else f" and ends in {until}"


def _money_ends(question: Question, figures: Figures, fund: str, rate: Fraction) -> str | None:
    """Name the financial year in which a fund's money ends, or None where nothing says so.

    A reserve ends in the year after the calendar that its balance no longer pays for in full.
    """
    record, years = question.instance.funds[fund], question.instance.calendar.years
    if record.ends is not None:
        return record.ends.financial_year
    if record.reserve is not None and rate > 0:
        balance = next(
            y.balance
            for y in fund_years(question, figures.money)
            if (y.fund, y.year) == (fund, years[-1])
        )
        spare = max(Fraction(0), (balance or Fraction(0)) - Fraction(record.reserve.least))
        first = int(years[-1][:4]) + 1 + spare // rate
        return f"{first}/{(first + 1) % 100:02d}"
    if not isinstance(record.ceiling, Mapping):
        return None
    paid = [year for year in years if record.ceiling.get(year)]
    return paid[-1] if paid and paid[-1] != years[-1] else None


def _posts_end(question: Question, figures: Figures) -> Iterator[Caution]:
    """Say which posts of the plan end, what they cost until then, and whose money ends sooner."""
    for role in fixed_term_roles(question):
        ends, label = question.instance.roles[role].ends, question.last_period_of(role)
        own = [f for f in figures.posts if (f.role, f.period) == (role, label) and f.posts]
        if ends is None or not own:
            continue
        rate, fund = rate_of_fixed_term(question, figures, role), question.fund_of_added(role)
        fte = number(sum((figure.posts for figure in own), Fraction(0)))
        words = f"{fte} FTE {question.role_name(role)} end in {ends.words}"
        words += f", of {pounds(rate)} of new money a year" if rate else ""
        money = None if fund is None else question.instance.funds[fund]
        if money is not None and rate and money.ends is not None and money.ends < ends:
            words += f"; {money.name} ends in {money.ends.words} already"
        yield Caution(
            code="posts-end",
            words=f"{words}.",
            teams=tuple(figure.team for figure in own),
            fund=fund if rate else None,
            amount=rate,
            until=ends.financial_year,
        )


def _no_fund(figures: Figures) -> Iterator[Caution]:
    lines = [line for line in _new(figures) if line.fund == NOT_NAMED]
    if lines:
        amount = add_up(line for line in lines if line.year == FULL_YEAR)
        least = "at least " if amount.at_least else ""
        yield Caution(
            code="no-fund",
            words=f"No fund is named for new money of {least}£{amount.printed:,} a year.",
            amount=amount.raw,
            year=lines[0].year,
        )


def _untested(question: Question, figures: Figures) -> Iterator[Caution]:
    """Name the funds charged with new money in a year without a ceiling."""
    funds = question.instance.funds
    charged = {(line.fund, line.year) for line in _new(figures) if line.year != FULL_YEAR}
    printed = any(
        record.ceiling_in(year) is not Absent.NOT_PRINTED
        for record in funds.values()
        for year in question.instance.calendar.years
    )
    without = {
        fund: None
        for fund, record in funds.items()
        for year in question.instance.calendar.years
        if (fund, year) in charged and record.ceiling_in(year) is Absent.NOT_PRINTED
    }
    if charged and not printed:
        yield Caution(
            code="no-ceiling", words="No fund has a printed ceiling: affordability was not tested."
        )
    elif without:
        names = ", ".join(funds[fund].name for fund in without)
        words = f"No ceiling is printed for every year of {names}: affordability was not tested."
        yield Caution(code="no-ceiling", words=words)


def _unknown_costs(question: Question, figures: Figures) -> Iterator[Caution]:
    costs = dict.fromkeys(cost_of(question, f) for f in figures.money if f.amount is None)
    for cost in costs:
        words = f"{cost[:1].upper()}{cost[1:]} is not known; totals that hold it say at least."
        yield Caution(code="cost-unknown", words=words)


def _running_on(question: Question, figures: Figures) -> Iterator[Caution]:
    """Name what runs past the calendar, where its money is not counted."""
    end = question.instance.calendar.end
    for role in fixed_term_roles(question):
        ends = question.instance.roles[role].ends
        if (
            ends is not None
            and ends > end
            and any(f.role == role and f.posts for f in figures.posts)
        ):
            name = question.role_name(role)
            words = f"Posts of {name} run to {ends.words}; money after {end.words} is not counted."
            yield Caution(code="runs-past-calendar", words=words)
    for figure in figures.packages:
        if figure.taken and figure.end > end:
            name = question.instance.packages[figure.package].name
            words = f"{name} runs to {figure.end.words}; money after {end.words} is not counted."
            yield Caution(code="runs-past-calendar", words=words)
    for bought in figures.managed_teams:
        if bought.end > end:
            name = question.instance.managed_teams[bought.managed_team].name
            words = f"{name} runs to {bought.end.words}; money after {end.words} is not counted."
            yield Caution(code="runs-past-calendar", words=words)


def _overspent(question: Question) -> Iterator[Caution]:
    """Say by how much the term of a managed team that is there already costs more than approved."""
    for record in question.instance.managed_teams.values():
        over = overspend(record) if record.there_since is not None else None
        if over is None or isinstance(record.approved, Absent):
            continue
        amount, (price, travel) = sum(over, Fraction(0)), over
        yield Caution(
            code="term-overspent",
            words=f"The term of {record.name} costs {pounds(amount + Fraction(record.approved))}, "
            f"{pounds(amount)} more than the {pounds(Fraction(record.approved))} approved: "
            f"{pounds(price)} for the team and {pounds(travel)} of travel.",
            amount=amount,
        )


def _new(figures: Figures) -> list[MoneyFigure]:
    return [line for line in figures.money if line.is_new]


def _recurs(line: MoneyFigure) -> bool:
    return line.kind is MoneyKind.RECURRENT
