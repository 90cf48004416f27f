"""The rule book: every rule as one frozen class, its fields the parameters.

What a solver is told of a rule stands in :mod:`staffopt.rules`, what is true of a plan in
:mod:`staffopt.verifier`; neither is known here.
"""

from staffopt.rulebook.base import (
    RULES,
    Basis,
    Counted,
    Denominator,
    Each,
    Measure,
    Rule,
    Scope,
    Soften,
    find_rule,
    rule_from_json,
)
from staffopt.rulebook.bundles import BuyManagedTeam, RequireManagedTeam, TakeBundleWhole
from staffopt.rulebook.careers import (
    ChangeRoles,
    MakeRedundant,
    MeetStaffNeeded,
    OfCareers,
    RecruitWithinSupply,
    RedeployStaff,
    TrainByExperienced,
    WorkShortTime,
)
from staffopt.rulebook.case_flow import FlowCases
from staffopt.rulebook.cases import HoldEveryCase, RespectCaseloadCap
from staffopt.rulebook.flows import (
    FLOWS,
    JOIN,
    REDEPLOY,
    REDUNDANCY,
    RELEASE,
    SHORT_TIME,
    FlowKind,
    Passage,
    Way,
)
from staffopt.rulebook.money import StayWithinBudget
from staffopt.rulebook.people import FillPosts, KeepMinimumStaffing, LimitShare, MayLeave
from staffopt.rulebook.places import (
    HonourPreferences,
    LimitTeamSize,
    PlaceEveryone,
    ShareRefusals,
)
from staffopt.rulebook.shape import (
    KeepExistingPosts,
    LimitChange,
    LimitRecruitment,
    Per,
    Pin,
    Require,
    Sense,
)
from staffopt.rulebook.support import KeepSupportRatio, LimitSpanOfControl
from staffopt.rulebook.turnover import CarryStaffForward
from staffopt.rulebook.workload import (
    ChooseBand,
    KeepAverageCaseload,
    ReleaseTime,
    Rounding,
    RoundingKind,
)

__all__ = [
    "FLOWS",
    "JOIN",
    "REDEPLOY",
    "REDUNDANCY",
    "RELEASE",
    "RULES",
    "SHORT_TIME",
    "Basis",
    "BuyManagedTeam",
    "CarryStaffForward",
    "ChangeRoles",
    "ChooseBand",
    "Counted",
    "Denominator",
    "Each",
    "FillPosts",
    "FlowCases",
    "FlowKind",
    "HoldEveryCase",
    "HonourPreferences",
    "KeepAverageCaseload",
    "KeepExistingPosts",
    "KeepMinimumStaffing",
    "KeepSupportRatio",
    "LimitChange",
    "LimitRecruitment",
    "LimitShare",
    "LimitSpanOfControl",
    "LimitTeamSize",
    "MakeRedundant",
    "MayLeave",
    "Measure",
    "MeetStaffNeeded",
    "OfCareers",
    "Passage",
    "Per",
    "Pin",
    "PlaceEveryone",
    "RecruitWithinSupply",
    "RedeployStaff",
    "ReleaseTime",
    "Require",
    "RequireManagedTeam",
    "RespectCaseloadCap",
    "Rounding",
    "RoundingKind",
    "Rule",
    "Scope",
    "Sense",
    "ShareRefusals",
    "Soften",
    "StayWithinBudget",
    "TakeBundleWhole",
    "TrainByExperienced",
    "Way",
    "WorkShortTime",
    "find_rule",
    "rule_from_json",
]
