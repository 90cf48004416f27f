"""What the solver is told of the work that is needed, and of overtime and people to spare."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.instance.work import needed_in
from staffopt.quantity import Absent
from staffopt.rulebook import MeetStaffNeeded
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables
from staffopt.staff_costs import known


@compiles(MeetStaffNeeded, reads=())
def meet_staff_needed(rule: MeetStaffNeeded, v: Variables, d: Data) -> Iterator[Rows]:
    """Those there and their overtime are as many as are needed, and not too many to spare."""
    needed = _needed(rule, d)
    where = d.mask((d.team, d.role, d.period), lambda *at: at in needed)
    if not needed:
        return
    need = d.table((d.team, d.role, d.period), lambda *at: d.number(needed.get(at, Fraction(0))))
    share = d.table((d.role,), lambda r: _overtime_share(r, d))
    yield (v.able + v.in_post * share >= need).where(where).tagged(suffix="enough")
    over = _beyond(need - v.able, where & _with_overtime(d), "overtime", rule, v)
    spare = _beyond(v.able - need, where, "spare", rule, v)
    if not isinstance(rule.spare, Absent):
        yield (spare.sum("team", "role") <= rule.spare).tagged(
            parameter=rule.path("spare"),
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            suffix="to spare",
        )
    anew = where & ~v.work_paid  # two rules may look at the same work, which is paid for once
    v.ledger = v.ledger.with_work(_paid(spare.where(anew), over.where(anew), d), d)
    v.work_paid |= where


def _needed(rule: MeetStaffNeeded, d: Data) -> dict[tuple[str, str, str], Fraction]:
    """(team, role, period) → FTE that the work needs, where any is given."""
    council, found = d.question.instance, {}
    roles = d.question.roles_of(rule.staff)
    for team in d.question.teams_in(rule.scope):
        for role, series in council.teams[team].needed.items():
            work = council.roles[role].work
            for period in council.calendar.cut() if role in roles else ():
                need = needed_in(series, period)
                if need is not None:
                    found[team, role, period.label] = need / Fraction(work.output if work else 1)
    return found


def _overtime_share(role: str, d: Data) -> Decimal | int:
    work = d.question.instance.roles[role].work
    return work.overtime.most if work and work.overtime else 0


def _with_overtime(d: Data) -> Mask:
    return d.mask((d.role,), lambda r: bool(_overtime_share(r, d)))


def _beyond(
    form: Expression, where: Mask, name: str, rule: MeetStaffNeeded, v: Variables
) -> Expression:
    """Declare by how much a form is above 0, over (team, role, period)."""
    beyond = v.derived(name, where, Kind("FTE"), rule.label)
    v.constrain((beyond >= form).where(where).tagged(suffix=name), rule.label)
    return beyond


def _paid(spare: Expression, over: Expression, d: Data) -> Expression:
    """Pounds a month over (fund, period)."""
    roles = d.question.instance.roles

    def spare_cost(role: str) -> Decimal:
        work = roles[role].work
        return known(work.spare) if work else Decimal(0)

    def over_cost(role: str) -> Decimal:
        work = roles[role].work
        return known(work.overtime.cost) if work and work.overtime else Decimal(0)

    by_role = spare.sum("team") * d.table((d.role,), spare_cost)
    by_role += over.sum("team") * d.table((d.role,), over_cost)
    return (by_role * d.costs.charged_once).sum("role")
