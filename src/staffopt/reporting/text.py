"""The report of a plan as plain text."""

from __future__ import annotations

import shlex
from fractions import Fraction
from pathlib import Path

from staffopt.instance.options import Option
from staffopt.instance.schema import Instance
from staffopt.plan import TODAY, Plan, Verdict
from staffopt.reporting.caseloads import cases_table, plan_caseloads
from staffopt.reporting.course import course_table, dated, flow_table
from staffopt.reporting.decision import decision, role_changes
from staffopt.reporting.leaving import exits, others_over_time
from staffopt.reporting.money import money_tables
from staffopt.reporting.people import people_table
from staffopt.reporting.places import places_tables
from staffopt.reporting.posts import posts_table
from staffopt.reporting.quality import another_words, grade_words, numbers_words
from staffopt.reporting.reasons import footnotes, missed_targets, what_decides
from staffopt.reporting.tables import WIDTH, page, wrapped
from staffopt.reporting.words import fte_words, instance_words, pounds, quoted
from staffopt.reporting.work import work_table
from staffopt.reporting.workforce import workforce_tables

_AS_IT_IS = "today"
"""The shipped model that changes nothing."""


def render(plan: Plan, *, saved: Path | str | None = None, name: str | None = None) -> str:
    """Write a plan for people, at most 100 columns wide where names allow it.

    Args:
        plan: a plan of the engine, or one that was loaded.
        saved: where the plan was saved, if it was.
        name: what the instance is called on the command line; the plan's own word if left out.
    """
    instance = name or called(plan)
    return page(
        [
            wrapped(title(plan), later="  "),
            [line for text in decision(plan) for line in wrapped(text)],
            posts_table(plan),
            places_tables(plan),
            people_table(plan.question, plan.figures, TODAY, plan.last_period),
            workforce_tables(plan),
            work_table(plan),
            plan_caseloads(plan),
            course_table(plan.question, plan.figures),
            flow_table(plan.question, plan.figures),
            cases_table(plan),
            [*others_over_time(plan.question, plan.figures), *exits(plan)],
            money_tables(plan),
            [*look_at(plan), *_closing(plan, instance, saved)],
        ]
    )


def title(plan: Plan) -> str:
    """Name the council, the option with its model, the scenario and the months planned."""
    return f"{instance_words(plan.question.instance.instance)} · {asked_words(plan)}"


def asked_words(plan: Plan) -> str:
    """Name the option with its model, the scenario and the months planned."""
    question = plan.question
    calendar = question.instance.calendar
    asked = (
        f"option {question.option} ({question.model})"
        if question.option
        else f"model {question.model}"
    )
    parts = [
        asked,
        *([f"scenario {question.scenario}"] if question.scenario else []),
        f"{calendar.start.words} – {calendar.end.words}",
    ]
    return " · ".join(parts)


def called(plan: Plan) -> str:
    """Return what the instance was called when the plan was made; its id if that is not known."""
    words = shlex.split(plan.provenance.command)
    given = words[2:3] if words[:2] == ["staffopt", "solve"] else []
    return given[0] if given else plan.question.instance.instance


def look_at(plan: Plan) -> list[str]:
    """List what a reader must not overlook, each under a ``!``."""
    lines = [line for text in to_look_at(plan) for line in wrapped(text, " ! ")]
    return ["Look at", *lines] if lines else []


def to_look_at(plan: Plan) -> list[str]:
    """Say what a reader must not overlook, a sentence or two each."""
    from staffopt.verifier import cautions

    found = [str(item.words) for item in cautions(plan.question, plan.figures)]
    every = dated(plan.findings)
    broken = [
        f"BROKEN, do not use this plan: {words}"
        for finding, words in every
        if finding.verdict is Verdict.BROKEN
    ]
    softened = [
        f"Softened: {words}" for finding, words in every if finding.verdict is Verdict.SOFTENED
    ]
    return [*broken, *missed_targets(plan), *softened, *found]


def _closing(plan: Plan, instance: str, saved: Path | str | None) -> list[str]:
    texts = [
        what_decides(plan.question),
        *footnotes(plan, quoted(instance)),
        *changed_words(plan),
        *paper_words(plan),
        *_grade(plan, saved),
        another_words(plan),
        numbers_words(plan),
        following(plan, instance),
    ]
    return [line for text in texts if text for line in wrapped(text, later="    ")]


def _grade(plan: Plan, saved: Path | str | None) -> list[str]:
    """Say how good the plan is and where it is saved, in one line where that fits."""
    grade = grade_words(plan)
    if saved is None:
        return [grade]
    line = f"{grade} · saved {saved}"
    return [line] if len(line) <= WIDTH else [grade, f"Saved {saved}"]


def changed_words(plan: Plan) -> list[str]:
    """List the figures that somebody changed by hand: the paper does not print them."""
    steps = _changes(plan)
    return [f"Changed from the file: {'; '.join(steps)}"] if steps else []


def _changes(plan: Plan) -> list[str]:
    """List what the option did not ask for itself."""
    return [
        f"{step.path} = {step.value}"
        for step in plan.question.overrides
        if not step.origin.startswith("option ")
    ]


def paper_words(plan: Plan) -> list[str]:
    """Hold the plan against what the paper prints of the option."""
    question = plan.question
    option = question.instance.options.get(question.option or "")
    if option is None or option.published is None or not option.published.change:
        return []
    added = role_changes(plan)
    differing = [
        f"{fte_words(Fraction(printed))} {question.role_name(role)}"
        for role, printed in option.published.change.items()
        if added.get(role, Fraction(0)) != printed
    ]
    return [f"The paper prints another addition: {', '.join(differing)}."] if differing else []


def following(plan: Plan, instance: str) -> str:
    """Name another option to look at next, with what the paper prints of it."""
    question = plan.question
    others = {name: o for name, o in question.instance.options.items() if name != question.option}
    if not others:
        return f"Next: staffopt show {quoted(instance)}"
    # An option that the paper prices says most; one that leaves all as it is says least.
    name = min(others, key=lambda n: (others[n].published is None, others[n].model == _AS_IT_IS))
    command = f"Next: staffopt solve {quoted(instance)} --option {name}"
    # What the paper prints is of its own figures: beside others it would mislead.
    own = not (question.scenario or _changes(plan))
    printed = _printed(question.instance, others[name]) if own else ""
    return f"{command}   (paper: {printed})" if printed else command


def _printed(council: Instance, option: Option) -> str:
    if option.published is None:
        return ""
    posts = sum(option.published.change.values())
    parts = [f"{posts:f} posts"] if posts else []
    parts += [council.packages[package].name for package in option.published.packages]
    if option.published.full_year_cost is not None:
        parts.append(pounds(option.published.full_year_cost))
    return ", ".join(parts)
