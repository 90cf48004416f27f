"""``convert``: an instance as YAML, as a workbook, or as a folder of CSV files."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import InstanceArgument

Target = Annotated[
    str,
    typer.Argument(metavar="TARGET", help="A .yaml or .xlsx file, or a folder for CSV files."),
]


def convert(instance: InstanceArgument, target: Target) -> None:
    """Write an instance in another form, and make sure that it is read the same."""
    from staffopt.cli.streams import tell
    from staffopt.conversion import convert as write
    from staffopt.reporting.words import quoted

    path = write(instance, target)
    tell(f"Wrote {path}. Next: staffopt check {quoted(str(path))}")
