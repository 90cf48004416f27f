"""What the commands share that ask many questions: steps, formats and how they end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    import threading

    from staffopt.analysis.asking import Step
    from staffopt.analysis.within import Within
    from staffopt.reporting.charts import Chart

T = TypeVar("T")

Charts = Annotated[
    Path | None,
    typer.Option("--charts", metavar="FOLDER", help="Write pictures there, as SVG and PNG."),
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Write CSV to stdout.")]


def one_format(*, as_json: bool, as_csv: bool) -> None:
    """Refuse two formats on one stdout.

    Raises:
        InputError: if both are asked for.
    """
    from staffopt.errors import Fault, InputError, Place

    if as_json and as_csv:
        fault = Fault("formats", "--json and --csv at once", "Ask for one.", Place(file="--csv"))
        raise InputError([fault])


def looped(work: Callable[..., T], *, quiet: bool, begins: str = "solving") -> T:
    """Run a loop of solves: steps are told on stderr, Ctrl-C keeps what is done.

    Args:
        work: the loop; told with what to tell its steps and its progress.
        quiet: whether nothing is told.
        begins: what is done until the first step is told.
    """
    from staffopt.cli.running import ProgressLine, run

    progress = ProgressLine(quiet=quiet)
    progress.step(begins)

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


def draw(charts: Sequence[Chart], folder: Path | None) -> None:
    """Write pictures into a folder, if one is named, and say on stderr which."""
    from staffopt.cli.streams import tell
    from staffopt.reporting.charts import write_charts

    for path in [] if folder is None else write_charts(charts, folder):
        tell(f"Wrote {path}")


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
