"""``staffopt frontier``, ``next-pound`` and ``sweep``: what money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import Charts, CsvOption, draw, end, looped, one_format, show
from staffopt.cli.solving import (
    Backend,
    Model,
    Option,
    Quiet,
    Scenario,
    Seed,
    Settings,
    TimeLimit,
)

if TYPE_CHECKING:
    from staffopt.analysis.asking import Wish
    from staffopt.request import Asking

Basis = Annotated[
    str | None,
    typer.Option("--basis", help="Of a caseload goal: reported, or effective (released time)."),
]
First = Annotated[
    str, typer.Option("--first", metavar="GOAL", help="The goal in pounds: full_year_cost …")
]
Second = Annotated[
    str, typer.Option("--second", metavar="GOAL", help="The other: worst_caseload …")
]
UpTo = Annotated[
    str | None,
    typer.Option("--up-to", metavar="POUNDS", help="The most of the first goal to look at."),
]
Apart = Annotated[
    str | None,
    typer.Option("--step", metavar="POUNDS", help="Points so far apart; all, or segments."),
]
Points = Annotated[int, typer.Option("--points", min=1, help="End after so many points.")]
Goal = Annotated[
    str | None,
    typer.Option("--goal", metavar="GOAL", help="The goal to improve; the model's first one."),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="FIGURE", help="The least that counts; a quantum.")
]
Fund = Annotated[str, typer.Option("--fund", help="The fund whose ceiling is swept.")]
Years = Annotated[
    list[str] | None,
    typer.Option("--year", help="A financial year that is swept; may be repeated; every one."),
]
Low = Annotated[int, typer.Option("--from", min=0, metavar="POUNDS", help="The lowest ceiling.")]
High = Annotated[int, typer.Option("--to", min=0, metavar="POUNDS", help="The highest ceiling.")]
Count = Annotated[int, typer.Option("--ceilings", min=2, help="How many ceilings, evenly apart.")]


def frontier(
    instance: InstanceArgument,
    *,
    first: First = "full_year_cost",
    second: Second = "worst_caseload",
    basis: Basis = None,
    up_to: UpTo = None,
    step: Apart = None,
    points: Points = 200,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    charts: Charts = None,
    quiet: Quiet = False,
) -> None:
    """List every plan of which no other is better in both cost and a second goal."""
    import staffopt
    from staffopt.reporting.buying import frontier_csv, render_frontier
    from staffopt.reporting.pictures import frontier_chart

    one_format(as_json=as_json, as_csv=as_csv)
    asking: Asking = {
        "option": option,
        "model": model,
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    found = looped(
        lambda **kept: staffopt.frontier(
            council,
            first,
            _wish(second, basis),
            up_to=up_to,
            step=step,
            most_points=points,
            **asking,
            **kept,
        ),
        quiet=quiet,
    )
    show(found, as_json, as_csv, render_frontier, frontier_csv)
    picture = frontier_chart(found)
    draw([] if picture is None else [picture], charts)
    if found.none is not None:
        raise found.none
    end(stopped=bool(found.unexplored))


def next_pound(
    instance: InstanceArgument,
    *,
    goal: Goal = None,
    basis: Basis = None,
    by: By = None,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Find the least extra ceiling, per fund and year, that improves a goal."""
    import staffopt
    from staffopt.reporting.buying import next_pound_csv, render_next_pound

    one_format(as_json=as_json, as_csv=as_csv)
    asking: Asking = {
        "option": option,
        "model": model,
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    wanted = None if goal is None else _wish(goal, basis)
    found = looped(
        lambda **kept: staffopt.next_pound(council, wanted, by=by, **asking, **kept), quiet=quiet
    )
    show(found, as_json, as_csv, render_next_pound, next_pound_csv)
    end(stopped=found.stopped)


def sweep(
    instance: InstanceArgument,
    *,
    fund: Fund,
    low: Low,
    high: High,
    ceilings: Count = 21,
    years: Years = None,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Find the best plan within each of many ceilings of a fund."""
    import staffopt
    from staffopt.reporting.buying import render_sweep, sweep_csv

    one_format(as_json=as_json, as_csv=as_csv)
    asking: Asking = {
        "option": option,
        "model": model,
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    amounts = _evenly(low, high, ceilings)
    found = looped(
        lambda **kept: staffopt.sweep(council, fund, amounts, years=years or (), **asking, **kept),
        quiet=quiet,
    )
    show(found, as_json, as_csv, render_sweep, sweep_csv)
    end(stopped=found.stopped)


def _wish(goal: str, basis: str | None) -> Wish:
    return goal if basis is None else {"minimise": goal, "basis": basis}


def _evenly(low: int, high: int, count: int) -> list[int]:
    """Return whole pounds from the lowest to the highest, as evenly apart as those go."""
    return [low + (high - low) * number // (count - 1) for number in range(count)]
