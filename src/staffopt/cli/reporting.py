"""``staffopt report``: saved plans in a form that other programs read."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from staffopt.cli import completion


class To(str, Enum):  # noqa: UP042 (typer shows a str Enum's values in every version)
    """What a report is written as."""

    CSV = "csv"


def report(
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN...", help="Plans that solve saved.", autocompletion=completion.plan_files
        ),
    ],
    *,
    to: Annotated[To, typer.Option("--to", help="csv: a folder of tables.")] = To.CSV,  # noqa: ARG001 (one form)
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where to write.")] = "report",
) -> None:
    """Write plans as tables with stable names and keys (a star schema), for Power BI."""
    from pathlib import Path

    from staffopt.cli.streams import out as show
    from staffopt.plan import Plan
    from staffopt.reporting.star import write_star

    for path in write_star([Plan.load(plan) for plan in plans], Path(out)):
        show(str(path))
