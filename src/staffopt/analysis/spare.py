"""What heads that are paid for already have room for, when planning starts anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from staffopt.instance.staff import SetUpHeads
from staffopt.quantity import Absent
from staffopt.rulebook import KeepExistingPosts
from staffopt.verifier.heads import heads_figures, spare_heads
from staffopt.verifier.staffing import ZERO, Staffing, once


@once
def spare_after(staffing: Staffing, before: str) -> dict[str, dict[str, Fraction]]:
    """Return team → role → FTE that can be added after a period without another head.

    Where heads are pooled, they stand with the team that has added most.
    """
    found: dict[str, dict[str, Fraction]] = {}
    for role, teams in _groups(staffing):
        room = _room(staffing, role, teams, before)
        if room > 0 and staffing.stands(role, before):
            team = max(teams, key=lambda team: staffing.change(team, role, before))
            found.setdefault(team, {})[role] = room
    return found


def _groups(staffing: Staffing) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each role whose heads cost something, with the teams that count together."""
    council = staffing.question.instance
    for role, record in council.roles.items():
        if {record.set_up, record.non_staffing} == {Absent.NOT_APPLICABLE}:
            continue
        if record.set_up_heads is SetUpHeads.POOLED:
            yield role, list(council.teams)
        else:
            yield from ((role, [team]) for team in council.teams)


def _room(staffing: Staffing, role: str, teams: Sequence[str], before: str) -> Fraction:
    """Return the heads that are paid for, with those spare at first, less what is in them.

    Posts that one team alone has cut can be added there again without a head.
    """
    room = spare_heads(staffing.question, role, teams)
    changes = [staffing.change(team, role, before) for team in teams]
    added = changes[0] if len(teams) == 1 else sum((c for c in changes if c > 0), ZERO)
    if staffing.question.instance.roles[role].set_up is Absent.NOT_APPLICABLE:
        heads = ceil(max(ZERO, added - room % 1))
        return (room + heads - added) % 1
    figures = (f for f in heads_figures(staffing) if (f.role, f.period) == (role, before))
    bought = sum(f.heads for f in figures if f.team is None or f.team in teams)
    return room + bought - added


def counted_anew(staffing: Staffing, before: str) -> Iterator[str]:
    """Name roles of which a plan may cut what it has added, which heads then do not follow.

    Pooled heads follow what is added wherever it is, and what they cost beside pay ends with them;
    what is bound does neither.
    """
    kept = (r for r in staffing.question.rules if isinstance(r, KeepExistingPosts))
    if any(rule.scope == "all" and rule.soften is None for rule in kept):
        return
    for role, teams in _groups(staffing):
        beside = staffing.question.instance.roles[role].non_staffing is not Absent.NOT_APPLICABLE
        some = any(staffing.change(team, role, before) > 0 for team in teams)
        if some and (beside or len(teams) > 1) and staffing.question.changes(role):
            yield role
