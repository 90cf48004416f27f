"""The log of assumptions, for people and as rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.analysis.assumption_log import (
    NO_RANGE,
    AssumptionLog,
    End,
    Entry,
    Impact,
    Outcome,
    Tested,
    new_money_of,
)
from staffopt.plan import Amount
from staffopt.quantity import exact_text, parse_exact
from staffopt.reporting.explaining import figure, goal_text
from staffopt.reporting.sheet import Cell, csv_text
from staffopt.reporting.switching import plain
from staffopt.reporting.tables import page, wrapped
from staffopt.reporting.words import NOTHING, amount_words, capital, counted, listed, title_words

IMPACTS = {
    Impact.RED: "another decision",
    Impact.AMBER: "other figures, the same decision",
    Impact.GREEN: "nothing",
}
"""What moving an assumption's figures changes, in words."""


def render_assumption_log(log: AssumptionLog) -> str:
    """Write the log for people: one assumption under the other."""
    blocks = [[title_words(log.question, "log of assumptions"), *_lines(lead(log))]]
    blocks += [_entry(log, entry) for entry in log.entries]
    return page([*blocks, _lines(log_notes(log))])


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in wrapped(text)]


def lead(log: AssumptionLog) -> list[str]:
    """Say what the plan is, how many assumptions were tested and what came of them."""
    plan = f"The plan: {goal_text(log.plan.goals[0])} ({log.plan.grade})."
    first = f" Of the council's options {log.first} is ranked first." if log.first else ""
    tested = [entry for entry in log.entries if entry.tested]
    rated = [
        f"{sum(entry.impact is impact for entry in tested)} {impact}"
        for impact in Impact
        if any(entry.impact is impact for entry in tested)
    ]
    of = f": {listed(rated)}" if rated else ""
    count = counted(len(log.entries), "assumption")
    some = f"the effect of {len(tested)} was tested{of}" if tested else "no effect was tested"
    told = [f"{capital(count)}; {some}."]
    if not tested and any(entry.untested == NO_RANGE for entry in log.entries):
        told.append(
            "State low and high of an assumption, or ask with --within 10%, to see what it moves."
        )
    if not log.entries:
        told = ["No assumption: every figure has its source."]
    if log.stopped:
        told.append("Stopped early: effects are missing from this log.")
    return [f"{plan}{first}", *told]


def _entry(log: AssumptionLog, entry: Entry) -> list[str]:
    number = f"{entry.number}. "
    pad = " " * len(number)
    lines = wrapped(f"{entry.path}: {value_words(entry)}", number)
    lines += wrapped(f"Why: {entry.told.reason}", pad, f"{pad}  ")
    said = [f"{name} {words}" for name, words in founded(entry).items()]
    lines += wrapped(f"{', '.join(said)}.", pad, f"{pad}  ")
    for text in effects(log, entry):
        lines += wrapped(text, pad, f"{pad}  ")
    return lines


def value_words(entry: Entry) -> str:
    """Write what is assumed: a figure with its unit, a choice, or how many figures it covers."""
    if entry.value is None:
        return counted(entry.figures, "figure") if entry.figures else NOTHING
    if not entry.figures:
        return entry.value
    return f"{exact_words(parse_exact(entry.value))} {entry.unit}".strip()


def exact_words(value: Fraction) -> str:
    """Write a figure with all its decimals where it has an end, and thousands separators."""
    text = exact_text(value)
    if "/" in text:
        return plain(value)
    whole, point, decimals = text.removeprefix("-").partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{point}{decimals}"


def founded(entry: Entry) -> dict[str, str]:
    """Return what an assumption rests on, its owner, its quality and when it was looked at."""
    told = entry.told
    return {
        "Rests on": told.source or NOTHING,
        "owner": told.owner or NOTHING,
        "quality": told.quality or NOTHING,
        "reviewed": told.reviewed.isoformat() if told.reviewed else NOTHING,
    }


def effects(log: AssumptionLog, entry: Entry) -> Iterator[str]:
    """Write what an assumption would change, or why that was not tested."""
    if not entry.tested:
        yield f"Effect not tested: {entry.untested}."
        return
    for one in entry.tested:
        name = "At " if one.figure.path == entry.path else f"{one.figure.path} at "
        for end in one.ends:
            yield f"{name}{exact_words(end.at)}: {end_words(log, end)}."
    impact = "not known" if entry.impact is None else f"{entry.impact} ({IMPACTS[entry.impact]})"
    yield f"Impact: {impact}."


def end_words(log: AssumptionLog, end: End, *, figures: bool = True) -> str:
    """Write what becomes of the plan at one end of a range; with its figures or without."""
    if end.outcome is Outcome.REFUSED:
        why = f" ({_short(end.why)})" if figures else ""
        return f"no such figure may stand there{why}"
    if end.outcome is Outcome.NOT_TOLD:
        return f"not told: {_short(end.why)}"
    first = _first_words(log, end)
    if end.outcome is Outcome.NO_PLAN:
        return "; ".join(filter(None, [_short(end.why), first]))
    reached = _reached(log, end) if figures else ""
    return "; ".join(filter(None, [reached, plan_words(end), first]))


def _short(why: str) -> str:
    """Take the full stop off a reason, which stands within a sentence."""
    return why.strip().rstrip(".")


def _reached(log: AssumptionLog, end: End) -> str:
    """Write the first goal, and the cost where it says something else."""
    goal = log.plan.goals[0]
    told = figure(end.goal, goal.unit) if end.goal is not None else NOTHING
    words = f"{goal.minimise.replace('_', ' ')} {told}"
    if end.cost is None or end.cost.raw == end.goal:
        return words
    return f"{words}, new money {new_money_words(log, end.cost)}"


def new_money_words(log: AssumptionLog, cost: Amount) -> str:
    """Write new money, a year's or in all."""
    return f"{amount_words(cost)} {'in all' if log.plan.figures.flows else 'a year'}"


def plan_words(end: End) -> str:
    """Say whether the plan stays the best one."""
    if end.best:
        return "the plan stays the best"
    return "another plan is better" if end.holds else "the plan misses a rule, another is the best"


def _first_words(log: AssumptionLog, end: End) -> str:
    if not log.ranked or (end.ranked and end.first == log.first):
        return ""
    if not end.ranked:
        return "the options could not be ranked"
    if end.first is None:
        return "no option has a plan"
    return f"{end.first} is ranked first" + (f", not {log.first}" if log.first else "")


def log_notes(log: AssumptionLog) -> list[str]:
    """Say how the log is to be read."""
    notes = ["Quality is what the council says of the evidence."] if log.entries else []
    if not any(entry.tested for entry in log.entries):
        return notes
    ranked = ", or another option is ranked first" if log.ranked else ""
    notes.append(
        "Each figure is moved alone, and the question solved again. Impact: red, another plan is "
        f"the best at an end, or none meets every rule{ranked}; amber, the first goal or the "
        "new money moves and the decision stays; green, neither moves."
    )
    if any(not one.stated for entry in log.entries for one in entry.tested):
        notes.append("Where no range is stated, a figure was moved by the share asked for.")
    return notes


STATED = (
    *("number", "assumption", "value", "unit", "reason", "rests on", "owner", "quality"),
    *("reviewed", "least", "most"),
)
"""Headings of what is stated of an assumption."""

EFFECTS = (
    *("figure", "range", "low", "high", "goal", "goal now", "goal at low", "goal at high"),
    *("new money now", "new money at low", "new money at high", "plan at low", "plan at high"),
    *("ranked first now", "ranked first at low", "ranked first at high"),
)
"""Headings of what became of moving one figure of it."""

SUMMED = ("effect", "impact")
"""Headings of what it comes to."""


def stated_cells(entry: Entry) -> list[Cell]:
    """Return what is stated of an assumption, below :data:`STATED`."""
    told = entry.told
    return [
        *(entry.number, entry.path, _value(entry), entry.unit, told.reason, told.source),
        *(told.owner, None if told.quality is None else str(told.quality)),
        None if told.reviewed is None else told.reviewed.isoformat(),
        *(None if end is None else Fraction(end) for end in (told.low, told.high)),
    ]


def effect_cells(log: AssumptionLog, one: Tested) -> list[Cell]:
    """Return what became of moving a figure, below :data:`EFFECTS`."""
    goal, ends = log.plan.goals[0], (one.low, one.high)
    return [
        *(one.figure.path, "stated" if one.stated else "share"),
        *(None if end is None else end.at for end in ends),
        *(goal.minimise, goal.value, *(None if end is None else end.goal for end in ends)),
        new_money_of(log.plan).raw,
        *(None if end is None or end.cost is None else end.cost.raw for end in ends),
        *(None if end is None else _outcome(end) for end in ends),
        *(log.first, *(None if end is None else end.first for end in ends)),
    ]


def summed_cells(entry: Entry) -> list[Cell]:
    """Return what an assumption's effect comes to, below :data:`SUMMED`."""
    effect = "tested" if entry.tested else f"not tested: {entry.untested}"
    return [effect, None if entry.impact is None else str(entry.impact)]


def _value(entry: Entry) -> Cell:
    if entry.value is None or not entry.figures:
        return entry.value
    return parse_exact(entry.value)


def _outcome(end: End) -> str:
    if end.outcome is not Outcome.PLAN:
        return str(end.outcome)
    return "stays best" if end.best else "another is better" if end.holds else "misses a rule"


def assumption_csv(log: AssumptionLog) -> str:
    """Write one row a figure that was moved, and one for each assumption without such a figure."""
    nothing: list[Cell] = [None] * len(EFFECTS)
    rows = [
        [*stated_cells(entry), *effect, *summed_cells(entry)]
        for entry in log.entries
        for effect in ([effect_cells(log, one) for one in entry.tested] or [nothing])
    ]
    return csv_text((*STATED, *EFFECTS, *SUMMED), rows)
