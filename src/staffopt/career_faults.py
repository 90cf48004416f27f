"""What a question must give where people take up other roles, move, leave at a cost or train."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from staffopt.errors import Fault, Place
from staffopt.instance.careers import Career
from staffopt.instance.staff import Role
from staffopt.instance.work import Work
from staffopt.quantity import Absent, Figure
from staffopt.question import Question
from staffopt.rulebook import (
    CarryStaffForward,
    ChangeRoles,
    MakeRedundant,
    MeetStaffNeeded,
    OfCareers,
    RecruitWithinSupply,
    RedeployStaff,
    Rule,
    TrainByExperienced,
    WorkShortTime,
)

Costs = Mapping[str, Figure]
"""Path below a role → what something costs; nothing where the role offers nothing of the kind."""


def career_faults(question: Question) -> Iterator[Fault]:
    """Yield why a rule of careers, or of work that is needed, cannot be stated."""
    for rule in question.rules:
        if isinstance(rule, OfCareers | MeetStaffNeeded):
            for role in question.roles_of(rule.staff):
                yield from _of_role(question, rule, role)


def is_idle(question: Question, rule: Rule) -> bool:
    """Say whether a rule of careers, or of work, asks nothing of this council."""
    if isinstance(rule, MeetStaffNeeded):
        return not any(team.needed for team in question.instance.teams.values())
    if not isinstance(rule, OfCareers):
        return False
    roles = question.instance.roles
    return not any(
        _costs(rule, roles[role]) or _speaks_of(rule, question, role)
        for role in question.roles_of(rule.staff)
    )


def _of_role(question: Question, rule: OfCareers | MeetStaffNeeded, role: str) -> Iterator[Fault]:
    costs = _costs(rule, question.instance.roles[role])
    for path, cost in costs.items():
        if cost in (Absent.NOT_PRINTED, Absent.UNLIMITED):
            what = f"{rule.label} decides on {role}, and what that costs is not known"
            mend = (
                "Give it, marked as an assumption if it is not printed; none if it costs nothing."
            )
            yield Fault("unknown-cost", what, mend, Place(path=f"roles.{role}.{path}"))
    if isinstance(rule, MeetStaffNeeded) or not (costs or _speaks_of(rule, question, role)):
        return
    teams = [t for t in question.teams_in(rule.scope) if question.can_be_placed(role, t)]
    lost = [team for team in teams if not _carried(question, team, role)]
    if lost:
        what = f"{rule.label} speaks of {role}, who are not carried forward in {', '.join(lost)}"
        mend = f"Add {CarryStaffForward.name} for the same staff and scope."
        yield Fault("not-carried", what, mend, Place(path=f"standards.{rule.label}"))
    for other in _others(rule, question, role):
        gone = [t for t in teams if t not in lost and not _carried(question, t, other)]
        if gone:
            what = f"{rule.label} links {role} with {other}, who are not carried forward in "
            mend = "Let the rules cover both roles, in the same teams."
            place = Place(path=f"roles.{role}.career")
            yield Fault("not-carried", what + ", ".join(gone), mend, place)


def _costs(rule: Rule, record: Role) -> Costs:
    """Say what a rule has to know the cost of."""
    career, work = record.career or Career(), record.work or Work()
    costs: dict[str, Figure | None] = {}
    if isinstance(rule, MeetStaffNeeded):
        costs["work.spare"] = work.spare
        costs["work.overtime.cost"] = work.overtime.cost if work.overtime else None
    elif isinstance(rule, ChangeRoles):
        costs.update({f"career.into.{to}.cost": way.cost for to, way in career.into.items()})
    elif isinstance(rule, MakeRedundant):
        costs["career.redundancy"] = career.redundancy
    elif isinstance(rule, RedeployStaff):
        costs["career.redeployment"] = career.redeployment
    elif isinstance(rule, WorkShortTime):
        costs["career.short_time.cost"] = career.short_time.cost if career.short_time else None
    return {path: cost for path, cost in costs.items() if cost is not None}


def _speaks_of(rule: Rule, question: Question, role: str) -> bool:
    """Say whether a rule that costs nothing asks anything of a role."""
    career = question.instance.roles[role].career
    if career is None:
        return False
    if isinstance(rule, TrainByExperienced):
        return career.trained_by is not None
    return isinstance(rule, RecruitWithinSupply) and career.supply is not Absent.UNLIMITED


def _others(rule: Rule, question: Question, role: str) -> tuple[str, ...]:
    """Name the roles that a rule links a role with."""
    career = question.instance.roles[role].career
    if career is None:
        return ()
    if isinstance(rule, ChangeRoles):
        return tuple(career.into)
    training = career.trained_by if isinstance(rule, TrainByExperienced) else None
    return () if training is None else (training.role,)


def _carried(question: Question, team: str, role: str) -> bool:
    return any(
        team in question.teams_in(rule.scope)
        and question.instance.roles[role].kind is rule.staff
        and question.can_be_placed(role, team)
        for rule in question.rules
        if isinstance(rule, CarryStaffForward)
    )
