"""Checks of what funds may pay for, and of what they have over the years."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.errors import Fault
from staffopt.instance.checks.names import ALL
from staffopt.instance.checks.view import View, reading
from staffopt.instance.funds import FundKind
from staffopt.instance.schema import Instance
from staffopt.quantity import Absent

_FIELDS = ("posts_today", "added_posts", "packages", "managed_teams")


@reading("funds")
def _fences_are_closed(view: View) -> Iterator[Fault]:
    """A ring-fenced fund names what it pays for, one by one."""
    for name, fund in view.instance.funds.items():
        for field in _FIELDS:
            if fund.ring_fenced and ALL in getattr(fund.pays_for, field):
                what = f"{name!r} is ring-fenced, and pays for all {field.replace('_', ' ')}"
                mend = "Name what it may be spent on."
                place = view.place("funds", name, "pays_for", field)
                yield Fault("open-ring-fence", what, mend, place)


@reading("funds", "packages", "managed_teams", "package_lines")
def _named_funds_may_pay(view: View) -> Iterator[Fault]:
    """A fund that is named for something may pay it, as its kinds and its ring-fence say."""
    council = view.instance
    named = [
        *(
            ("packages", p, r.fund, _kinds(council, p), ("fund",))
            for p, r in council.packages.items()
        ),
        *(
            ("managed_teams", m, payer, {FundKind.FIXED_TERM}, at)
            for m, r in council.managed_teams.items()
            for payer, at in (
                (r.fund, ("fund",)),
                (r.extension.fund if r.extension else None, ("extension", "fund")),
            )
        ),
    ]
    for section, name, payer, kinds, at in named:
        fund = council.funds.get(payer or "")
        if fund is None:
            continue
        place = view.place(section, name, *at)
        if fund.ring_fenced and name not in getattr(fund.pays_for, section):
            what = f"{payer!r} is ring-fenced, and does not list {name!r} under {section}"
            mend = "List it there, or name another fund."
            yield Fault("outside-ring-fence", what, mend, place)
        for kind in sorted(kinds):
            if not fund.may_pay(kind):
                what = (
                    f"{payer!r} may not pay {kind.replace('_', ' ')} money, and {name!r} costs some"
                )
                mend = "Add the kind to the fund's `kinds`, or name another fund."
                yield Fault("fund-may-not-pay", what, mend, place)


def _kinds(council: Instance, package: str) -> set[FundKind]:
    """Name the kinds of money that a package costs."""
    lines = [line for line in council.package_lines if line.package == package]
    kinds = (
        {FundKind.FIXED_TERM} if any(n.recurrent != Absent.NOT_APPLICABLE for n in lines) else set()
    )
    return kinds | (
        {FundKind.ONE_OFF} if any(n.one_off != Absent.NOT_APPLICABLE for n in lines) else set()
    )


@reading("funds", "options")
def _options_keep_fences(view: View) -> Iterator[Fault]:
    """An option's own fund pays for its posts, so a ring-fenced one must list some."""
    for name, option in view.instance.options.items():
        fund = view.instance.funds.get(option.fund or "")
        if fund is not None and fund.ring_fenced and not fund.pays_for.added_posts:
            what = f"{option.fund!r} is ring-fenced, and lists no added posts"
            mend = "List the roles there, or name another fund."
            yield Fault("outside-ring-fence", what, mend, view.place("options", name, "fund"))


@reading("funds", "calendar")
def _carried_and_reserved(view: View) -> Iterator[Fault]:
    """Money can be carried where there is a ceiling; contributions are for years planned."""
    years = view.instance.calendar.years
    for name, fund in view.instance.funds.items():
        ceilings = [fund.ceiling_in(year) for year in years]
        if fund.carry_forward is not None and all(isinstance(c, Absent) for c in ceilings):
            what = f"{name!r} carries forward what is unspent of no ceiling"
            mend = "Give it a ceiling, or take carry_forward out."
            place = view.place("funds", name, "carry_forward")
            yield Fault("nothing-to-carry", what, mend, place, warning=True)
        for year in fund.reserve.contributions if fund.reserve is not None else ():
            if year not in years:
                what = f"{year!r} is no financial year of the calendar"
                mend = "Write one of " + ", ".join(years) + "."
                at = ("funds", name, "reserve", "contributions", year)
                yield Fault("not-a-year", what, mend, view.place(*at, key=True))


CHECKS = (
    _fences_are_closed,
    _named_funds_may_pay,
    _options_keep_fences,
    _carried_and_reserved,
)
