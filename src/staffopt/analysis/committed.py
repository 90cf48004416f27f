"""Money that is spent or bound by a month, whatever is decided from then on."""

from __future__ import annotations

from fractions import Fraction

from staffopt.instance.calendar import Period
from staffopt.plan import Decisions
from staffopt.question import Question
from staffopt.verifier.money import ledger
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.totals import charged


def committed_by(
    question: Question, decisions: Decisions, first: Period
) -> dict[tuple[str, str], Fraction]:
    """Add up what each fund pays in each later year if nothing more is decided."""
    staffing = Staffing.of(question, _frozen(question, decisions, first))
    years = [y for y in question.instance.calendar.years if y >= first.start.financial_year]
    return charged(ledger(staffing), years)


def _frozen(question: Question, decisions: Decisions, first: Period) -> Decisions:
    """Return decisions as they stand before a period, and stay."""
    periods = question.instance.calendar.cut()
    number = periods.index(first)
    before, later = periods[number - 1].label, [period.label for period in periods[number:]]
    posts = [d for d in decisions.posts if d.period not in later]
    people = [d for d in decisions.people if d.period not in later]
    stay_posts = [d for d in posts if d.period == before]
    stay_people = [d for d in people if d.period == before]
    packages = question.instance.packages
    return Decisions(
        posts=(*posts, *(d.model_copy(update={"period": p}) for p in later for d in stay_posts)),
        people=(*people, *(d.model_copy(update={"period": p}) for p in later for d in stay_people)),
        packages=tuple(d for d in decisions.packages if packages[d.package].start < first.start),
        managed_teams=tuple(d for d in decisions.managed_teams if d.start < first.start),
    )
