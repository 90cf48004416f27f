"""``staffopt assumptions``: the log of assumptions, with the effect of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import CsvOption, end, looped, one_format, show
from staffopt.cli.solving import (
    Backend,
    Model,
    Option,
    Quiet,
    Scenario,
    Seed,
    Settings,
    TimeLimit,
    target_of,
)

if TYPE_CHECKING:
    from staffopt.request import Asking

Within = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="SHARE",
        help="Move figures without a range by so much as well, such as 10%.",
    ),
]
Among = Annotated[
    bool,
    typer.Option("--rank/--no-rank", help="Rank the council's options again at each end."),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="Write a file: html, docx, md or xlsx.",
        autocompletion=completion.log_formats,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="The file to write; assumptions and its suffix."),
]


def assumptions(
    instance: InstanceArgument,
    *,
    within: Within = None,
    among: Among = True,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    to: To = None,
    out: Out = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """List what is assumed, how well it is founded, and what it would change."""
    import staffopt
    from staffopt.cli.streams import tell
    from staffopt.reporting.assumption_files import format_of, write_log, writer
    from staffopt.reporting.assumptions import assumption_csv, render_assumption_log

    one_format(as_json=as_json, as_csv=as_csv)
    to = to or (None if out is None else format_of(out))
    if to is not None:
        writer(to)
        target_of(None if out is None else str(out), "--out")
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
    log = looped(
        lambda **kept: staffopt.assumptions(council, within=within, among=among, **asking, **kept),
        quiet=quiet,
    )
    show(log, as_json, as_csv, render_assumption_log, assumption_csv)
    for path in [] if to is None else write_log(log, to, out):
        tell(f"Wrote {path}")
    end(stopped=log.stopped)
