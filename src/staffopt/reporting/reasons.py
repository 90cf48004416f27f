"""What decides a plan: its rules with their sources, and the footnotes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from staffopt.career_faults import is_idle
from staffopt.plan import Plan, Verdict
from staffopt.quantity import Absent, decimal_text
from staffopt.question import Question
from staffopt.reporting.caseloads import PER, others_note
from staffopt.reporting.course import dated
from staffopt.reporting.decision import role_changes, taken
from staffopt.reporting.words import counted, kind_words, listed, plural, scope_words
from staffopt.rulebook import (
    Basis,
    BuyManagedTeam,
    ChooseBand,
    Denominator,
    Each,
    KeepAverageCaseload,
    KeepExistingPosts,
    KeepSupportRatio,
    LimitRecruitment,
    LimitSpanOfControl,
    ReleaseTime,
    Require,
    RequireManagedTeam,
    RoundingKind,
    Rule,
    StayWithinBudget,
    TakeBundleWhole,
)

_BACKGROUND = (KeepExistingPosts, ReleaseTime, StayWithinBudget, TakeBundleWhole, BuyManagedTeam)
"""Rules that hold in every plan or stand elsewhere in the report."""


def what_decides(question: Question) -> str:
    """Name the rules that the posts follow from, each with its source; empty if there is none."""
    parts = [
        f"{rule_words(question, rule)}{soften_words(rule)}{source_words(question, rule)}"
        for rule in question.rules
        if not isinstance(rule, _BACKGROUND) and not _idle(rule) and not is_idle(question, rule)
    ]
    return f"What decides: {'; '.join(parts)}." if parts else ""


def _idle(rule: Rule) -> bool:
    """Say whether a rule is a switch that nobody has given a figure."""
    if isinstance(rule, ChooseBand):
        return not (rule.forbid or rule.at_most or rule.at_most_share or rule.price)
    return isinstance(rule, LimitRecruitment) and isinstance(rule.limit, Absent)


def soften_words(rule: Rule) -> str:
    """Say at what price a rule may be missed; nothing where it may not."""
    if rule.soften is None:
        return ""
    return f", or missed at £{rule.soften.price:,f} a year for each unit short"


def rule_words(question: Question, rule: Rule) -> str:
    """Write a rule with the council's own names for its roles."""
    if isinstance(rule, KeepSupportRatio):
        where = " in each team" if rule.each is Each.TEAM else f" ({_pooled(question, rule)})"
        support, supported = (kind_words(question, k) for k in (rule.support, rule.supported))
        return f"1 {support} : {_many(rule.ratio, supported)}{where}"
    if isinstance(rule, LimitSpanOfControl):
        managers, staff = (kind_words(question, k) for k in (rule.managers, rule.staff))
        lead = managers if rule.tag is None else rule.tag.replace("_", " ")
        return f"1 {lead} : {_many(rule.span, staff)}"
    if isinstance(rule, KeepAverageCaseload):
        where = "in each team" if rule.each is Each.TEAM else _pooled(question, rule)
        target = decimal_text(rule.target)
        counted_in = ", released time counted" if rule.basis is Basis.EFFECTIVE else ""
        divided = "" if rule.denominator is Denominator.POSTS else f" {PER[rule.denominator]}"
        words = f"average caseload of {target} or less{divided} {where}"
        return f"{words}{counted_in}{_rounding(rule)}"
    if isinstance(rule, Require):
        name = question.role_name(rule.role)
        return f"{rule.sense} {decimal_text(rule.fte)} {name} {rule.what}"
    if isinstance(rule, RequireManagedTeam):
        team = question.instance.managed_teams[rule.managed_team].name
        return f"{team}: {rule.sense} {rule.number} {rule.what}"
    return rule.words


def _many(figure: Decimal, name: str) -> str:
    return f"{decimal_text(figure)} {plural(name, Fraction(figure))}"


def _pooled(question: Question, rule: Rule) -> str:
    return f"over {scope_words(question, rule.scope)}, pooled"


def _rounding(rule: KeepAverageCaseload) -> str:
    words = {
        RoundingKind.NONE: "",
        RoundingKind.POSTS_NEAREST: ", posts rounded to the nearest step",
        RoundingKind.POSTS_UP: ", posts rounded up to a step",
        RoundingKind.PRINTED: f", as printed to {rule.rounding.decimals} decimals",
    }
    return words[rule.rounding.kind]


def source_words(question: Question, rule: Rule) -> str:
    """Write where a rule's figures come from: (9), (assumed), (6; target assumed)."""
    paths = {field: rule.path(field) for field in type(rule).model_fields if field != "label"}
    marked = question.instance.assumptions
    assumed = [
        field
        for field, path in paths.items()
        if path in marked
        or (isinstance(getattr(rule, field), Decimal) and question.is_assumed(path))
    ]
    if rule.source is None:
        return " (assumed)" if assumed else ""
    words = f"; {listed(assumed)} assumed" if assumed else ""
    return f" ({rule.source}{words})"


def footnotes(plan: Plan, instance: str) -> list[str]:
    """Explain the marks of the caseload table, and count the assumptions."""
    notes = caseload_notes(plan)
    count = len(bearing_assumptions(plan))
    if count:
        bears = "bears" if count == 1 else "bear"
        words = counted(count, "assumption")
        sentence = f"{words[0].upper()}{words[1:]} {bears} on this: staffopt show {instance}"
        notes.append(f"{sentence} --assumptions")
    return notes


def caseload_notes(plan: Plan) -> list[str]:
    """Explain the marks of the caseload table."""
    notes = []
    release = plan.question.rule(ReleaseTime)
    if isinstance(release, ReleaseTime):
        notes.append(f"(a) {_release(plan.question, release)}")
    if any(figure.basis == "others" for figure in plan.figures.caseloads):
        notes.append(others_note(plan.figures))
    return notes


def _release(question: Question, rule: ReleaseTime) -> str:
    """Write the footnote of released time, each figure marked where it is assumed."""

    def mark(field: str) -> str:
        return " (assumed)" if question.is_assumed(f"standards.{rule.label}.{field}") else ""

    supported = kind_words(question, rule.supported)
    source = f" ({rule.source})" if rule.source and not mark("hours") else mark("hours")
    return (
        f"{decimal_text(rule.hours)} hours a week per {supported} newly served{source}, "
        f"{decimal_text(rule.contract_hours)}-hour week{mark('contract_hours')}, at most "
        f"{_many(rule.ratio, supported)} per {kind_words(question, rule.support)}{mark('ratio')}."
    )


def bearing_assumptions(plan: Plan) -> list[str]:
    """Return the assumed paths that this plan's posts, money or caseloads depend on."""
    question = plan.question
    used = {f"standards.{rule.label}" for rule in question.rules}
    used |= {f"roles.{role}" for role in role_changes(plan)}
    used |= {f"roles.{one.role}" for one in plan.decisions.people}
    used |= {f"roles.{role}" for role in _listed(plan)} | ({"people"} if _listed(plan) else set())
    used |= {f"packages.{package}" for package in taken(plan)}
    used |= {f"managed_teams.{figure.managed_team}" for figure in plan.figures.managed_teams}
    used |= {f"funds.{line.fund}" for line in plan.figures.money}
    used |= {"teams", "calendar", "bands", "case_types", "cases_over_time", "package_lines"}
    return [
        path
        for path in question.instance.assumptions
        if any(_under(path, top) or _under(top, path) for top in used)
    ]


def _listed(plan: Plan) -> set[str]:
    """Name the roles of those who are placed one by one."""
    people = plan.question.instance.people
    return {people[figure.person].role for figure in plan.figures.places}


def _under(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}.")


def missed_targets(plan: Plan) -> list[str]:
    """Return in words every target that the plan misses by the council's own rounding."""
    return [
        f"Missed by policy: {words}"
        for finding, words in dated(plan.findings)
        if finding.verdict is Verdict.MISSED_BY_POLICY
    ]
