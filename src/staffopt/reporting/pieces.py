"""The parts of a report of one plan, made from its figures: words, tables and charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from staffopt.instance.sources import Assumption
from staffopt.plan import FULL_YEAR, TODAY, Plan, Verdict
from staffopt.reporting.asked import Asked
from staffopt.reporting.bridge import bridge_chart
from staffopt.reporting.caseloads import caseload_rows, cases_rows
from staffopt.reporting.charts import Table
from staffopt.reporting.course import dated, flow_rows
from staffopt.reporting.decision import decision
from staffopt.reporting.document import Block, Figures, Items, Paragraph, Picture
from staffopt.reporting.effects import effect_blocks
from staffopt.reporting.explaining import figure
from staffopt.reporting.leaving import exit_words, others_words
from staffopt.reporting.money import NOTHING_NEW, money_notes, money_rows
from staffopt.reporting.people import people_rows
from staffopt.reporting.pictures import caseload_chart, course_chart, money_chart
from staffopt.reporting.places import classes_rows, uncovered_rows
from staffopt.reporting.posts import posts_rows
from staffopt.reporting.quality import another_words, grade_words, numbers_words
from staffopt.reporting.reasons import bearing_assumptions, caseload_notes, what_decides
from staffopt.reporting.stock_charts import flow_chart, stock_chart
from staffopt.reporting.text import changed_words, to_look_at
from staffopt.reporting.words import NOTHING
from staffopt.reporting.work import work_rows
from staffopt.reporting.workforce import NOBODY, decision_rows, workforce_notes

_MOST_BINDING = 20
"""More rules than these nobody reads at once."""


def decision_blocks(plan: Plan) -> list[Block]:
    """Say what to fund, what it costs, and how well that is founded."""
    return [Paragraph(" ".join(decision(plan))), Paragraph(f"{grade_words(plan)}.")]


def staffing_blocks(plan: Plan) -> list[Block]:
    """Show posts and people, today and in the plan."""
    (title, _, *stages, _), rows = posts_rows(plan)
    blocks: list[Block] = _of_rows(title, (["Team", "Role", *stages, "Note"], rows), words=2)
    for (title, _, *rates), rows in people_rows(
        plan.question, plan.figures, TODAY, plan.last_period
    ):
        blocks += _of_rows(title, (["Team", "When", *rates], rows), words=2)
    (title, _, _, *periods), rows = work_rows(plan, plan.question.instance.calendar.cut())
    work = _of_rows(title, (["Team", "Role", "", *periods], rows), words=3)
    return [*blocks, *_workforce_blocks(plan), *work]


def places_blocks(plan: Plan) -> list[Block]:
    """Show what people got of what they asked for, class by class, and what stays uncovered."""
    if not plan.figures.places:
        return []
    (title, *got), rows = classes_rows(plan.question, plan.figures)
    classes = _of_rows(title, (["Staff", *got], rows))
    (title, _, *told), rows = uncovered_rows(plan)
    return [*classes, *_of_rows(title, (["Area", "When", *told], rows), words=2)]


def _workforce_blocks(plan: Plan) -> list[Block]:
    """Show who is recruited when, and who is in post month by month, where people are carried."""
    if not plan.figures.flows:
        return []
    decided = _of_rows("Decisions about people", decision_rows(plan), words=4)
    charts = [chart for chart in (stock_chart(plan), flow_chart(plan)) if chart]
    return [
        *(decided or [Paragraph(NOBODY)]),
        *map(Picture, charts),
        Items(tuple(workforce_notes(plan))),
    ]


def caseload_blocks(plan: Plan) -> list[Block]:
    """Show every team's caseload today and in the plan, over the council's bands."""
    chart, note = caseload_chart({"plan": plan}), " ".join(caseload_notes(plan))
    blocks: list[Block] = [Picture(chart, note)] if chart else []
    if not chart:
        blocks = _of_rows("Average caseloads", caseload_rows(plan), note=note)
    course = course_chart(plan)
    blocks += [Picture(course)] if course else []
    (title, *told), rows = flow_rows(plan.question, plan.figures)
    blocks += _of_rows(title, (["Team", *told], rows), words=2 if "type" in told else 1)
    (title, *held), rows = cases_rows(plan)
    blocks += _of_rows(title, (["Team", *held], rows), words=2)
    said = (*others_words(plan.question, plan.figures), *exit_words(plan))
    return [*blocks, *([Items(said)] if said else [])]


def money_blocks(plan: Plan) -> list[Block]:
    """Show new money by financial year and fund, and say what the table cannot."""
    chart, notes = money_chart(plan), money_notes(plan)
    years = (*plan.question.instance.calendar.years, FULL_YEAR)
    if chart is not None:
        bridge = bridge_chart(plan)
        told: list[Block] = [Items(tuple(notes))] if notes else []
        return [Picture(chart), *told, *([Picture(bridge)] if bridge else [])]
    head, rows = money_rows(plan, years)
    shown = _of_rows("Money, £", (head, rows)) if len(rows) > 1 else []
    return [*shown, Items((NOTHING_NEW, *notes))]


def binding_blocks(plan: Plan, asked: Asked) -> list[Block]:
    """Say what decides the plan, and what each rule that binds it costs."""
    decides = what_decides(plan.question)
    blocks: list[Block] = [Paragraph(decides)] if decides else []
    told = asked.explanation
    if told is None or told.plan is None or not told.plan.goals:
        return blocks
    goal = told.plan.goals[told.number]
    rows = [
        [one.instance.words, "it has no end" if one.costs is None else figure(one.costs, goal.unit)]
        for one in told.binding[:_MOST_BINDING]
    ]
    held = f" in {goal.words}, with what comes before it held" if told.number else ""
    title = f"Rules that bind, and what the plan would save without each{held}"
    blocks += _of_rows(title, (["Rule", "Costs"], rows))
    untold = f"What binds it is not told: {told.not_told}." if told.not_told else ""
    return [*blocks, *([Paragraph(untold)] if untold else [])]


def risk_blocks(plan: Plan) -> list[Block]:
    """Say what a reader must not overlook."""
    found = to_look_at(plan)
    if not found:
        return [Paragraph("Nothing was found that a reader is likely to overlook.")]
    return [Paragraph(text, warning=True) for text in found]


def assumption_blocks(plan: Plan, asked: Asked) -> list[Block]:
    """List the figures that bear on the plan and are printed nowhere: reasons, and their effect."""
    council, bearing = plan.question.instance, bearing_assumptions(plan)
    rows = [[path, *_reasoned(council.assumptions[path])] for path in bearing]
    head = ["Figure", "Why it is taken", "Rests on", "Owner", "Quality", "Reviewed"]
    kept = [at for at in range(len(head)) if any(row[at] != NOTHING for row in rows)]
    shown = [head[number] for number in kept], [[row[number] for number in kept] for row in rows]
    blocks = _of_rows("Assumptions that bear on the plan", shown, words=len(head))
    effects = effect_blocks(asked.effects) if asked.effects else []
    return [*blocks, *map(Paragraph, changed_words(plan)), *effects]


def _reasoned(assumption: str | Assumption) -> list[str]:
    told = Assumption(reason=assumption) if isinstance(assumption, str) else assumption
    more = (told.source, told.owner, told.quality, told.reviewed)
    return [told.reason, *(NOTHING if one is None else str(one) for one in more)]


def provenance_blocks(plan: Plan) -> list[Block]:
    """Say where the plan comes from, what is proven of each goal, and what was verified."""
    made = plan.provenance
    solvers = " and ".join(filter(None, (made.backend, made.cross_check)))
    texts = [
        f"{grade_words(plan)}.",
        f"Made by {made.engine} with {solvers}; inputs {made.input_hash[:16]}; plan {plan.id}.",
        *filter(None, [f"Again: {made.command}" if made.command else "", another_words(plan)]),
        *filter(None, [numbers_words(plan)]),
    ]
    goals = [
        [
            goal.words,
            figure(goal.value, goal.unit),
            NOTHING if goal.certified is None else figure(goal.certified, goal.unit),
            str(goal.grade),
        ]
        for goal in plan.goals
    ]
    return [
        Items(tuple(texts)),
        *_of_rows("Goals, in order", (["Goal", "Reached", "Proved bound", "Grade"], goals)),
        *_verified(plan),
    ]


def _verified(plan: Plan) -> list[Block]:
    """Count what each rule was met in, and tell in words what was not simply met."""
    rules = dict.fromkeys(finding.rule for finding in plan.findings)
    rows = [
        [rule, str(sum(f.rule == rule and f.verdict is Verdict.MET for f in plan.findings))]
        for rule in rules
    ]
    others = tuple(
        f"{finding.rule}, {finding.verdict}: {words}"
        for finding, words in dated(plan.findings)
        if finding.verdict is not Verdict.MET
    )
    head = ["Rule or check", "Met in so many places"]
    return [
        *_of_rows("What was verified", (head, rows)),
        *([Items(others)] if others else []),
    ]


def left_out_blocks(asked: Asked) -> list[Block]:
    """Name what is not told in this report, and why."""
    return [Items(asked.left_out)] if asked.left_out else []


def _of_rows(
    title: str,
    shown: tuple[Sequence[str], Iterable[Sequence[str]]],
    *,
    words: int = 1,
    note: str = "",
) -> list[Block]:
    """Make a table; nothing where it has no row."""
    head, rows = shown
    kept = tuple(tuple(row) for row in rows)
    return [Figures(title, Table(tuple(head), kept, words), note)] if kept else []
