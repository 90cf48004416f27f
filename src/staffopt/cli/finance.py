"""The finance officer's commands: options side by side, ceilings, the next pound, the frontier."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
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
    import threading

    from staffopt.analysis.asking import Step
    from staffopt.analysis.within import Within
    from staffopt.request import Asking

T = TypeVar("T")

CsvOption = Annotated[bool, typer.Option("--csv", help="Write CSV to stdout.")]


def options(
    instance: InstanceArgument,
    *,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Put the instance's options side by side, as published and as best, beside doing nothing."""
    import staffopt
    from staffopt.report.options import options_csv, render_options

    one_format(as_json=as_json, as_csv=as_csv)
    asking: Asking = {
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    found = looped(lambda **kept: staffopt.options(council, **asking, **kept), quiet=quiet)
    show(found, as_json, as_csv, render_options, options_csv)
    end(stopped=found.stopped)


Ceilings = Annotated[
    list[str] | None,
    typer.Option(
        "--ceiling",
        metavar="FUND=POUNDS",
        help="Find the best within this ceiling; FUND@YEAR=POUNDS for one year; may be repeated.",
    ),
]
Order = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="YEAR", help="Keep this year lowest first; may be repeated."),
]


def ceiling(
    instance: InstanceArgument,
    *,
    ceilings: Ceilings = None,
    order: Order = None,
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
    """Find the least ceilings at which there is a plan, or the best within given ones."""
    import staffopt
    from staffopt.report.least import ceilings_csv, render_ceilings, render_within, within_csv

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
    if ceilings:
        typed = split_settings(ceilings, "--ceiling", "growth@2026/27=90000")
        given = {name: str(pounds) for name, pounds in typed.items()}
        best = looped(lambda **kept: staffopt.within(council, given, **asking, **kept), quiet=quiet)
        show(best, as_json, as_csv, render_within, within_csv)
        end_within(best)
        return
    least = looped(
        lambda **kept: staffopt.ceiling(council, order=order or (), **asking, **kept), quiet=quiet
    )
    show(least, as_json, as_csv, render_ceilings, ceilings_csv)
    end(stopped=least.stopped)


def one_format(*, as_json: bool, as_csv: bool) -> None:
    """Refuse two formats on one stdout.

    Raises:
        InputError: if both are asked for.
    """
    from staffopt.errors import Fault, InputError, Place

    if as_json and as_csv:
        fault = Fault("formats", "--json and --csv at once", "Ask for one.", Place(file="--csv"))
        raise InputError([fault])


def looped(work: Callable[..., T], *, quiet: bool) -> T:
    """Run a loop of solves: steps are told on stderr, Ctrl-C keeps what is done."""
    from staffopt.cli.running import ProgressLine, run

    progress = ProgressLine(quiet=quiet)

    def told(step: Step) -> None:
        progress.step(f"solve {step.number}{f' of {step.of}' if step.of else ''}: {step.words}")

    def ask(cancel: threading.Event) -> T:
        return work(tell=told, progress=progress.see, cancel=cancel)

    return run(ask, progress)


def show(
    found: Any,
    as_json: bool,
    as_csv: bool,
    words: Callable[[Any], str],
    sheet: Callable[[Any], str],
) -> None:
    """Write what was found, in the format asked for."""
    from staffopt.cli.streams import out, out_json

    if as_json:
        out_json(found.to_json())
    else:
        out(sheet(found) if as_csv else words(found))


def end(*, stopped: bool) -> None:
    """End with the exit code of a loop that was stopped early, if it was."""
    from staffopt.errors import ExitCode

    if stopped:
        raise typer.Exit(ExitCode.LIMIT_WITH_PLAN)


def end_within(found: Within) -> None:
    """End with 1 where a rule is missed, and with 3 where there is no plan even so."""
    from staffopt.errors import ExitCode

    if found.plan is None:
        raise typer.Exit(ExitCode.INFEASIBLE)
    if not found.met:
        raise typer.Exit(ExitCode.FINDINGS)
