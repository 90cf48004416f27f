"""``staffopt report``: saved plans in a form that people or other programs read."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli import completion
from staffopt.reporting.formats import FORMATS

_FORMS = "; ".join(f"{name}: {form.meaning}" for name, form in FORMATS.items())


def report(
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN...", help="Plans that solve saved.", autocompletion=completion.plan_files
        ),
    ],
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORMAT", help=f"{_FORMS}.", autocompletion=completion.format_names
        ),
    ] = "csv",
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="PLACE",
            help="The file or folder to write; report and the format's suffix if left out.",
        ),
    ] = None,
) -> None:
    """Write plans in a form that people or other programs read."""
    from pathlib import Path

    from staffopt.cli.streams import out as show
    from staffopt.plan import Plan
    from staffopt.reporting.formats import find_format

    form = find_format(to)
    place = Path(out or f"report{form.suffix}")
    for path in form.write([Plan.load(plan) for plan in plans], place):
        show(str(path))
