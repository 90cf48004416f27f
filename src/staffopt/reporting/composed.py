"""What stands in a report, and in which order: a page for everybody, a paper for a committee."""

from __future__ import annotations

import re

from staffopt.analysis.options import AS_IT_IS
from staffopt.plan import Plan
from staffopt.reporting.asked import Asked
from staffopt.reporting.buying import frontier_notes
from staffopt.reporting.comparing import names_of, options_blocks
from staffopt.reporting.decision import ORDERS, decision
from staffopt.reporting.document import (
    Block,
    Document,
    Figures,
    Items,
    Paragraph,
    Picture,
    Section,
    document,
)
from staffopt.reporting.formats import Material
from staffopt.reporting.money import base_budget_words
from staffopt.reporting.pictures import frontier_chart, frontier_figures
from staffopt.reporting.pieces import (
    assumption_blocks,
    binding_blocks,
    caseload_blocks,
    decision_blocks,
    left_out_blocks,
    money_blocks,
    places_blocks,
    provenance_blocks,
    risk_blocks,
    staffing_blocks,
)
from staffopt.reporting.quality import grade_words
from staffopt.reporting.text import asked_words, paper_words, title
from staffopt.reporting.words import capital, counted, instance_words


def page_of(material: Material) -> Document:
    """Put a report together in the order in which a reader asks: what, for whom, at what price."""
    plan, plans, asked = material.plans[0], names_of(material.plans), material.asked
    return document(
        instance_words(plan.question.instance.instance),
        capital(asked_words(plan)),
        _section("decision", "The decision", decision_blocks(plan)),
        _section("risks", "What to look at", risk_blocks(plan)),
        _section("caseloads", "Caseloads, team by team", caseload_blocks(plan)),
        _section("places", "Who works where", places_blocks(plan)),
        _section("staffing", "Posts and people", staffing_blocks(plan)),
        _section("money", "Money by year and fund", money_blocks(plan)),
        _section("options", "Options side by side", options_blocks(plans, asked)),
        _section("frontier", "What each pound can buy", _frontier(asked)),
        _section("binding", "What decides, and what binds", binding_blocks(plan, asked)),
        _section("assumptions", "Assumptions", assumption_blocks(plan, asked)),
        _section(
            "provenance",
            "How good the plan is, and where it comes from",
            [*provenance_blocks(plan), *left_out_blocks(asked)],
        ),
    )


def committee_paper(material: Material) -> Document:
    """Put a report together as a committee is used to it."""
    plan, asked = material.plans[0], material.asked
    return document(
        instance_words(plan.question.instance.instance),
        capital(asked_words(plan)),
        _section("purpose", "Purpose", _purpose(plan)),
        _section("recommendations", "Recommendations", _recommendations(plan)),
        _section("background", "Background", _background(plan)),
        _section("options", "Options considered", _considered(material)),
        _section("reasons", "Reasons for the recommendations", _reasons(plan, asked)),
        _section("financial", "Financial implications", money_blocks(plan)),
        _section("risks", "Risks", risk_blocks(plan)),
        _section("assumptions", "Assumptions", assumption_blocks(plan, asked)),
        _section(
            "provenance",
            "How the figures were made and checked",
            [*provenance_blocks(plan), *left_out_blocks(asked)],
        ),
    )


def tags_of(material: Material) -> dict[str, str]:
    """Return what a template may name within a sentence: tag → text."""
    plan = material.plans[0]
    council = plan.question.instance
    what, *cost = decision(plan)
    return {
        "title": instance_words(council.instance),
        "question": title(plan),
        "council": council.paper.council if council.paper else instance_words(council.instance),
        "start": council.calendar.start.words,
        "end": council.calendar.end.words,
        "decision": what,
        "cost": " ".join(cost),
        "grade": grade_words(plan),
        "plan": plan.id,
        "command": plan.provenance.command,
    }


def _section(name: str, heading: str, blocks: list[Block]) -> Section:
    return Section(name, heading, tuple(blocks))


def _frontier(asked: Asked) -> list[Block]:
    found = asked.frontier
    if found is None:
        return []
    if found.none is not None:
        return [Paragraph(str(found.none), warning=True)]
    chart = frontier_chart(found)
    shown = Picture(chart) if chart else Figures("The only point", frontier_figures(found))
    notes = tuple(frontier_notes(found))
    return [shown, *([Items(notes)] if notes else [])]


def _purpose(plan: Plan) -> list[Block]:
    council = plan.question.instance
    calendar = council.calendar
    where = council.paper.council if council.paper else instance_words(council.instance)
    return [
        Paragraph(
            f"To decide which posts {where} funds in its children's social care from "
            f"{calendar.start.words} to {calendar.end.words}, and from which funds they are paid."
        )
    ]


def _recommendations(plan: Plan) -> list[Block]:
    what, *cost = decision(plan)
    told = [f"That the committee agrees to {text}" for text in _agreed(what)]
    told += [f"That the committee notes what this costs: {text}" for text in cost]
    told += [f"That the committee notes how well it is founded: {grade_words(plan)}."]
    return [Paragraph(text) for text in told]


def _agreed(what: str) -> list[str]:
    """Make each thing that is decided a sentence of its own, its verb in small letters."""
    verbs = "|".join(map(re.escape, sorted(ORDERS, key=len, reverse=True)))
    parts = re.split(rf"(?<=\.) (?=(?:{verbs}) )", what)
    return [re.sub(rf"^({verbs})\b", lambda verb: verb[0].lower(), part) for part in parts]


def _background(plan: Plan) -> list[Block]:
    question = plan.question
    calendar = question.instance.calendar
    blocks: list[Block] = [
        Paragraph(
            f"{question.instance.title}. The figures are of "
            f"{counted(len(question.instance.teams), 'team')}, from {calendar.start.words}."
        ),
        *caseload_blocks(plan),
        *places_blocks(plan),
        *staffing_blocks(plan),
    ]
    paid = base_budget_words(question, plan.figures)
    return [*blocks, *map(Paragraph, paid)]


def _considered(material: Material) -> list[Block]:
    """Describe the options in words, doing nothing first, and set them side by side."""
    council = material.plans[0].question.instance
    told = ["Do nothing: every post stays as it is today."]
    told += [
        f"{name}: {record.title or name}."
        for name, record in council.options.items()
        if record.model != AS_IT_IS
    ]
    return [*map(Paragraph, told), *options_blocks(names_of(material.plans), material.asked)]


def _reasons(plan: Plan, asked: Asked) -> list[Block]:
    return [*binding_blocks(plan, asked), *map(Paragraph, paper_words(plan))]
